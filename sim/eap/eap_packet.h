/* eap_packet.h - EAP packets (RFC 3748 clause 4) and those of EAP-AKA' (RFC 4187 clauses 8 to 10, RFC 9048,
 * RFC 9678).
 *
 * eap_packet_read() takes one apart: every field that is there is a span into
 * the packet, checked to lie inside it. Attributes of 128 and above that are
 * not known are skipped, as RFC 4187 8.1 wants; one below that is told in
 * `unknown`, and whoever reads the packet must refuse it. Lists (AT_KDF,
 * AT_KDF_FS) keep their order; any other attribute may come once.
 *
 *     eap_write_start(&w, EAP_REQUEST, identifier, EAP_AKA_CHALLENGE);
 *     eap_write(&w, AT_RAND, rand, 16);  ...  eap_write_mac(&w);
 *     length = eap_write_finish(&w, k_aut);      the packet is in w.bytes
 */
#ifndef SIMRITE_EAP_PACKET_H
#define SIMRITE_EAP_PACKET_H

#include <stdbool.h>

#include "status.h"

enum {
	EAP_MAX = 508,      /* longest packet here; with the EAPOL header it fits an air frame */
	EAP_LIST_MAX = 8,   /* entries of AT_KDF and of AT_KDF_FS that are kept; more is a fault */
	EAP_K_AUT = 32,     /* RFC 9048 3.3 */
	EAP_MAC = 16,       /* AT_MAC: HMAC-SHA-256-128 (RFC 9048 3.4.1) */
	EAP_PUB_ECDHE = 34, /* AT_PUB_ECDHE: 32 or 33 bytes, and zeros to fill nine words */
};

enum eap_code {
	EAP_REQUEST = 1,
	EAP_RESPONSE = 2,
	EAP_SUCCESS = 3,
	EAP_FAILURE = 4,
};

enum eap_type {
	EAP_IDENTITY = 1,
	EAP_NOTIFICATION = 2,
	EAP_NAK = 3,
	EAP_AKA_PRIME = 50, /* RFC 5448 */
};

enum eap_subtype { /* RFC 4187 11 */
	EAP_AKA_CHALLENGE = 1,
	EAP_AKA_REJECT = 2,
	EAP_AKA_SYNCHRONIZATION = 4,
	EAP_AKA_IDENTITY = 5,
	EAP_AKA_NOTIFICATION = 12,
	EAP_AKA_REAUTHENTICATION = 13,
	EAP_AKA_CLIENT_ERROR = 14,
};

enum eap_attribute { /* RFC 4187 11, RFC 9048 3.1, 3.2, 4, RFC 9678 6.1, 6.2 */
	AT_RAND = 1,
	AT_AUTN = 2,
	AT_RES = 3,
	AT_AUTS = 4,
	AT_PADDING = 6,
	AT_PERMANENT_ID_REQ = 10,
	AT_MAC = 11,
	AT_NOTIFICATION = 12,
	AT_ANY_ID_REQ = 13,
	AT_IDENTITY = 14,
	AT_FULLAUTH_ID_REQ = 17,
	AT_CLIENT_ERROR_CODE = 22,
	AT_KDF_INPUT = 23,
	AT_KDF = 24,
	AT_IV = 129, /* from here on skippable */
	AT_ENCR_DATA = 130,
	AT_CHECKCODE = 134,
	AT_RESULT_IND = 135,
	AT_BIDDING = 136, /* of EAP-AKA, "I know EAP-AKA' too"; here it is read and means nothing */
	AT_PUB_ECDHE = 152,
	AT_KDF_FS = 153,
};

/* The numbers of a list, as they came. */
struct eap_list {
	uint16_t values[EAP_LIST_MAX];
	size_t count;
};

struct eap_packet {
	enum eap_code code;
	uint8_t identifier;
	enum eap_type type;       /* of requests and responses */
	enum eap_subtype subtype; /* of EAP-AKA' */
	struct span data;         /* of other types: what follows the type */
	/* Absent: at is NULL. RES and identities without their length fields. */
	struct span rand, autn, res, auts, mac, identity, kdf_input, checkcode, pub_ecdhe;
	struct eap_list kdf, kdf_fs;
	bool has_mac, id_request;         /* id_request: any of the three AT_..._ID_REQ */
	uint16_t notification, error;     /* AT_NOTIFICATION, AT_CLIENT_ERROR_CODE */
	bool has_notification, has_error; /* 0 is a value */
	bool result_ind, bidding;         /* bidding: AT_BIDDING with its D bit */
	uint8_t unknown;  /* the first attribute nobody may skip and we do not know; 0: none */
	unsigned skipped; /* those that could be skipped, and were */
};

/* OK, or ERROR_FORMAT: cut short, lengths that do not fit, an attribute twice, padding that is not zero. */
MUST_CHECK int eap_packet_read(struct eap_packet *packet, const uint8_t *bytes, size_t length);

/* Is AT_MAC right? `bytes` is the packet that `packet` was read from. DENIED when there is none. */
MUST_CHECK enum verdict eap_packet_check(const struct eap_packet *packet, const uint8_t *bytes, size_t length,
					 const uint8_t k_aut[static EAP_K_AUT]);

struct eap_writer {
	uint8_t bytes[EAP_MAX];
	size_t length;
	size_t mac; /* where AT_MAC's value is; 0: none */
	int error;  /* sticks: told by eap_write_finish() */
};

/* EAP-AKA' of this subtype. */
void eap_write_start(struct eap_writer *w, enum eap_code code, uint8_t identifier, enum eap_subtype subtype);
/* Another type: EAP_IDENTITY, EAP_NAK with its data, or (type 0) Success and Failure. */
void eap_write_other(struct eap_writer *w, enum eap_code code, uint8_t identifier, unsigned type,
		     struct span data);
/* An attribute in the form its kind has: two reserved bytes before RAND, AUTN;
 * the length in bits before RES, in bytes before IDENTITY and KDF_INPUT; AUTS
 * and PUB_ECDHE at once; zeros at the end. */
void eap_write(struct eap_writer *w, enum eap_attribute type, const void *value, size_t length);
/* One whose value is a 16-bit number: AT_KDF, AT_KDF_FS, AT_NOTIFICATION, AT_CLIENT_ERROR_CODE, the ID
 * requests. */
void eap_write_number(struct eap_writer *w, enum eap_attribute type, unsigned value);
/* AT_MAC: its place; eap_write_finish() fills it in. */
void eap_write_mac(struct eap_writer *w);
/* The packet's length; `k_aut` NULL when it has no AT_MAC. ERROR_RANGE, ERROR_CRYPTO. */
MUST_CHECK int eap_write_finish(struct eap_writer *w, const uint8_t *k_aut);

#endif
