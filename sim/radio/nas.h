/* nas.h - the few LTE NAS messages of an attach (3GPP TS 24.301 clause 8.2).
 *
 * Builders return the length written (at most NAS_MAX). Everything here is
 * what goes over the air: IMSI, RAND, AUTN and RES in clear, because at that
 * point there is no key yet. */
#ifndef SIMRITE_NAS_H
#define SIMRITE_NAS_H

#include "radio/eea2.h"
#include "radio/lte_keys.h"

enum {
	NAS_MAX = 128,
};

enum nas_type {
	NAS_ATTACH_REQUEST = 0x41,
	NAS_ATTACH_ACCEPT = 0x42,
	NAS_ATTACH_COMPLETE = 0x43,
	NAS_AUTHENTICATION_REQUEST = 0x52,
	NAS_AUTHENTICATION_RESPONSE = 0x53,
	NAS_AUTHENTICATION_REJECT = 0x54,
	NAS_AUTHENTICATION_FAILURE = 0x5C,
	NAS_SECURITY_MODE_COMMAND = 0x5D,
	NAS_SECURITY_MODE_COMPLETE = 0x5E,
};

enum nas_cause {
	NAS_MAC_FAILURE = 0x14,
	NAS_SYNCH_FAILURE = 0x15,
};

/* Security header types (TS 24.301 9.3.1). */
enum nas_security {
	NAS_PLAIN = 0,
	NAS_INTEGRITY = 1,
	NAS_CIPHERED = 2,
	NAS_INTEGRITY_NEW = 3, /* with a new security context */
	NAS_CIPHERED_NEW = 4,
};

/* A message read back: only the fields its type has are set. */
struct nas {
	enum nas_type type;
	enum nas_security security;
	char imsi[16];
	uint8_t rand[16], autn[16];
	uint8_t res[16], res_length;
	enum nas_cause cause;
	uint8_t auts[14];
};

size_t nas_attach_request(uint8_t out[static NAS_MAX], const char *imsi);
size_t nas_authentication_request(uint8_t out[static NAS_MAX], const uint8_t rand[static 16],
				  const uint8_t autn[static 16]);
size_t nas_authentication_response(uint8_t out[static NAS_MAX], const uint8_t *res, size_t length);
/* `auts` NULL: the cause is MAC failure; otherwise synch failure. */
size_t nas_authentication_failure(uint8_t out[static NAS_MAX], const uint8_t *auts);
size_t nas_authentication_reject(uint8_t out[static NAS_MAX]);
size_t nas_security_mode_command(uint8_t out[static NAS_MAX]); /* 128-EEA2 and 128-EIA2 */
size_t nas_security_mode_complete(uint8_t out[static NAS_MAX]);
/* `address` is the phone's IPv4 address in host order. */
size_t nas_attach_accept(uint8_t out[static NAS_MAX], const uint8_t sn[static 3], uint32_t address);
size_t nas_attach_complete(uint8_t out[static NAS_MAX]);

/* Put the security header in front, encipher when `security` says so, and add
 * the MAC. `count` is the sender's NAS COUNT. Returns the new length or an error. */
MUST_CHECK int nas_protect(uint8_t message[static NAS_MAX], size_t length, enum nas_security security,
			   const struct lte_keys *keys, uint32_t count, enum direction direction);

/* Check the MAC, decipher, and take the header off: the plain length,
 * ERROR_CHECK when the MAC is wrong, ERROR_FORMAT. */
MUST_CHECK int nas_unprotect(uint8_t *message, size_t length, const struct lte_keys *keys, uint32_t count,
			     enum direction direction);

/* Read a plain message, or the plain inside of one that is only integrity
 * protected. ERROR_FORMAT when it is none of ours or cut short; 1 with only
 * `security` set when it is ciphered. */
MUST_CHECK int nas_parse(struct nas *nas, const uint8_t *message, size_t length);

#endif
