/* radius.h - EAP in RADIUS (RFC 2865, RFC 3579), and the keys in it (RFC 2548, RFC 3580 3.16).
 *
 * As much as it takes to talk with EAP servers and peers of others over a
 * loopback address: Access-Request, -Challenge, -Accept and -Reject with
 * EAP-Message, State, Message-Authenticator and MS-MPPE keys. What EAP calls
 * MSK goes as MS-MPPE-Recv-Key (its first 32 bytes) and -Send-Key (the next). */
#ifndef SIMRITE_RADIUS_H
#define SIMRITE_RADIUS_H

#include "eap/eap_packet.h"

enum {
	RADIUS_MAX = 4096,
	RADIUS_AUTHENTICATOR = 16,
	RADIUS_KEY = 32,
	RADIUS_STATE_MAX = 253,
};

enum radius_code {
	RADIUS_ACCESS_REQUEST = 1,
	RADIUS_ACCESS_ACCEPT = 2,
	RADIUS_ACCESS_REJECT = 3,
	RADIUS_ACCESS_CHALLENGE = 11,
};

enum radius_attribute {
	RADIUS_USER_NAME = 1,
	RADIUS_NAS_ADDRESS = 4,
	RADIUS_FRAMED_MTU = 12,
	RADIUS_STATE = 24,
	RADIUS_VENDOR = 26,
	RADIUS_PROXY_STATE = 33,
	RADIUS_PORT_TYPE = 61,
	RADIUS_EAP = 79,
	RADIUS_MAC = 80,
};

enum radius_key { /* vendor type of Microsoft's (311) */
	RADIUS_SEND_KEY = 16,
	RADIUS_RECV_KEY = 17,
};

struct radius_packet {
	enum radius_code code;
	uint8_t identifier;
	const uint8_t *authenticator;
	const uint8_t *mac; /* Message-Authenticator; NULL: none */
	struct span state;
	struct span send_key, recv_key; /* as they came: salt and ciphertext */
	uint8_t eap[EAP_MAX];           /* all EAP-Message, one behind the other */
	size_t eap_length;
};

/* Spans point into `bytes`. ERROR_FORMAT. */
MUST_CHECK int radius_read(struct radius_packet *packet, const uint8_t *bytes, size_t length);

/* GRANTED when Message-Authenticator is there and right and, of an answer, the
 * Response Authenticator, too. `request` is the authenticator of the request
 * it answers; NULL when this is a request. */
MUST_CHECK enum verdict radius_check(const struct radius_packet *packet, const uint8_t *bytes, size_t length,
				     const uint8_t *request, struct span secret);

/* The key in send_key or recv_key. ERROR_FORMAT: none, or not 32 bytes (a wrong secret shows here). */
MUST_CHECK int radius_take_key(uint8_t key[static RADIUS_KEY], struct span field,
			       const uint8_t request[static RADIUS_AUTHENTICATOR], struct span secret);

struct radius_writer {
	uint8_t bytes[RADIUS_MAX];
	size_t length, mac;
	int error;
};

/* `authenticator`: of a request its own, random; of an answer that of the request. */
void radius_write_start(struct radius_writer *w, enum radius_code code, uint8_t identifier,
			const uint8_t authenticator[static RADIUS_AUTHENTICATOR]);
/* An attribute; EAP-Message of any length is cut into as many as it takes. */
void radius_write(struct radius_writer *w, enum radius_attribute type, const void *value, size_t length);
/* Call before the writer is finished; `salt` must differ from key to key in a packet, its first bit is set
 * here. */
void radius_write_key(struct radius_writer *w, enum radius_key which, const uint8_t key[static RADIUS_KEY],
		      unsigned salt, struct span secret);
/* Message-Authenticator and, for an answer, the Response Authenticator. The length, or ERROR_RANGE. */
MUST_CHECK int radius_write_finish(struct radius_writer *w, struct span secret);

#endif
