/* ticket.h - what may be loaded, and what was: the signed statements between ceremony, factory and card.
 *
 * Pure: bytes to fields and back, for card, bureau, operator and auditor; who
 * signs does so elsewhere. All numbers are big-endian, times are Unix seconds,
 * public keys compressed, signatures ECDSA P-256 r || s over the SHA-256 of
 * all that stands before them.
 *
 *  ticket       "simrite ticket 1" scope(32) ICCID(10) slot(1) method(1) number(4) issued(4)
 *               expires(4) [operator's key(33), with SLOT_AGREED] signature(64) by the ceremony
 *  time         "simrite time 001" time(4) signature(64) by the ceremony
 *  certificate  "simrite born 001" identity(33) firmware(32) signature(64) by the factory
 *  receipt      "simrite receipt1" SHA-256 of the ticket(32) ICCID(10) identity(33) slot(1)
 *               method(1) loads(2) accepted(4) KCV of K(3) KCV of OPc(3) firmware(32)
 *               [ephemeral key(33), with SLOT_AGREED] signature(64) by the card's identity
 *
 * scope names one batch of one ceremony (docs/ceremony/protocol.md). A ticket
 * is good for one load of one slot of one card. ICCID is EF.ICCID's ten bytes;
 * loads counts how often that slot was loaded in the card's life, accepted is
 * the highest number of a ticket the card has accepted: with this load, its
 * own. firmware is keys/build.h. */
#ifndef SIMRITE_TICKET_H
#define SIMRITE_TICKET_H

#include "crypto/kcv.h"
#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "keys/subscriber_key.h"

enum {
	TICKET_LABEL = 16,
	TICKET_SCOPE = 32,
	TICKET_ICCID = 10,
	TICKET = 136,
	TICKET_AGREED = TICKET + P256_COMPRESSED,
	TICKET_TIME = 84,
	TICKET_CERTIFICATE = 145,
	TICKET_RECEIPT = 201,
	TICKET_RECEIPT_AGREED = TICKET_RECEIPT + P256_COMPRESSED,
};

/* What is signed, byte for byte: the functions below fill in or check the
 * labels, and leave out the last member where it does not belong (it is zero then). */
struct ticket {
	uint8_t label[TICKET_LABEL], scope[TICKET_SCOPE], iccid[TICKET_ICCID];
	uint8_t slot;   /* 1..KEY_SLOTS */
	uint8_t method; /* enum slot_method */
	uint8_t number[4], issued[4], expires[4];
	uint8_t operator_key[P256_COMPRESSED]; /* with SLOT_AGREED */
};

struct ticket_time {
	uint8_t label[TICKET_LABEL], time[4];
};

struct certificate {
	uint8_t label[TICKET_LABEL], identity[P256_COMPRESSED], firmware[SHA256_LENGTH];
};

struct receipt {
	uint8_t label[TICKET_LABEL], ticket[SHA256_LENGTH], iccid[TICKET_ICCID], identity[P256_COMPRESSED];
	uint8_t slot, method, loads[2], accepted[4];
	uint8_t kcv_k[KCV_LENGTH], kcv_opc[KCV_LENGTH], firmware[SHA256_LENGTH];
	uint8_t ephemeral[P256_COMPRESSED]; /* with SLOT_AGREED */
};

/* Write what is to be signed, label included; its length, behind which the signature belongs. */
size_t ticket_write(uint8_t out[static TICKET_AGREED], const struct ticket *ticket);
size_t ticket_time_write(uint8_t out[static TICKET_TIME], const struct ticket_time *time);
size_t ticket_certificate_write(uint8_t out[static TICKET_CERTIFICATE],
				const struct certificate *certificate);
size_t ticket_receipt_write(uint8_t out[static TICKET_RECEIPT_AGREED], const struct receipt *receipt);

/* Read a whole statement; nobody has verified it yet. ERROR_FORMAT for what is
 * none (length, label, or length and method that do not go together),
 * ERROR_VALUE for a slot or method that there is not, and for one that expires
 * before it was issued. */
MUST_CHECK int ticket_parse(struct ticket *ticket, struct span bytes);
MUST_CHECK int ticket_time_parse(struct ticket_time *time, struct span bytes);
MUST_CHECK int ticket_certificate_parse(struct certificate *certificate, struct span bytes);
MUST_CHECK int ticket_receipt_parse(struct receipt *receipt, struct span bytes);

/* Is the signature at the end of such a statement one of this public key (33
 * or 65 bytes)? OK; ERROR_CHECK; ERROR_VALUE for what is no key; ERROR_CRYPTO. */
MUST_CHECK int ticket_verify(struct span bytes, struct span public_key);

/* The number in four of those bytes, and back. */
uint32_t ticket_number(const uint8_t bytes[static 4]);
void ticket_set_number(uint8_t bytes[static 4], uint32_t number);

#endif
