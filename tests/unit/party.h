/* party.h - the other end of a custodian's card, for tests that play one.
 *
 *     party_enrol(&p, &party)             PIN 246810, code 13579135
 *     party_session(&p, &party, "c1")     OPEN SESSION, checked
 *     n = party_about(data, "c1", 3)      set(8) index ceremony: attempt 01..08
 *     sw = party_send(&p, 0x3A, 0, data, n)
 *
 * Texts are put together here as docs/ceremony/protocol.md has them, and not by
 * custodian/statement.h. The host's ephemeral key is always the same. */
#ifndef PARTY_H
#define PARTY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/sha256.h"
#include "custodian/tunnel.h"
#include "unit/play.h"

#define CUSTODIAN   "00A4040C 09 F073696D72697465 01"
#define PARTY_PIN   "00200082 08 323436383130FFFF"
#define PARTY_WRONG "00200082 08 313131313131FFFF"
#define PARTY_CODES "323436383130FFFF 3133353739313335"
#define PARTY_ENROL "80360000 10 " PARTY_CODES

struct party {
	uint8_t key[P256_COMPRESSED]; /* the card's identity */
	struct tunnel tunnel;
};

static inline int party_random(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 0x5A, length);
	return 0;
}

static inline uint16_t party_send(struct play *p, uint8_t ins, uint8_t p1, const void *data, size_t length)
{
	uint8_t command[5 + 255] = {0x80, ins, p1, 0x00, (uint8_t)length};

	memcpy(command + 5, data, length);
	return play_apdu(p, command, 5 + length);
}

static inline size_t party_about(uint8_t *out, const char *ceremony, uint8_t index)
{
	memcpy(out, "\1\2\3\4\5\6\7\x8f", 8);
	out[8] = index;
	memcpy(out + 9, ceremony, strlen(ceremony));
	return 9 + strlen(ceremony);
}

static inline void party_hex(char *out, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		(void)sprintf(out + 2 * i, "%02x", bytes[i]);
}

/* The SHA-256 of a text. */
static inline void party_digest(uint8_t digest[static 32], const char *text)
{
	if (sha256(digest, (struct span){(const uint8_t *)text, strlen(text)}) < 0)
		abort();
}

/* Did this card sign this text? 1 or 0. */
static inline int party_signed(const struct party *party, const char *text,
			       const uint8_t signature[static 64])
{
	uint8_t digest[32];

	party_digest(digest, text);
	return p256_verify((struct span){party->key, sizeof(party->key)}, digest, signature) == OK;
}

static inline uint16_t party_enrol(struct play *p, struct party *party)
{
	uint16_t sw = play(p, CUSTODIAN);

	if (sw == SW_OK)
		sw = play(p, PARTY_ENROL);
	if (sw == SW_OK && p->length == P256_COMPRESSED)
		memcpy(party->key, p->response, P256_COMPRESSED);
	return sw;
}

/* The host's key pair. */
static inline void party_host_key(uint8_t private_key[static 32], uint8_t key[static P256_COMPRESSED])
{
	const struct p256_random random = {party_random, NULL};
	uint8_t whole[P256_UNCOMPRESSED];

	memset(private_key, 0x42, 32);
	if (p256_public(whole, private_key, &random) < 0 ||
	    p256_compress(key, (struct span){whole, sizeof(whole)}) < 0)
		abort();
}

/* OPEN SESSION; the tunnel, after the card's signature was checked. */
static inline uint16_t party_session(struct play *p, struct party *party, const char *context)
{
	const struct p256_random random = {party_random, NULL};
	uint8_t private_key[32], data[33 + 128], x[32];
	char text[400] = "simrite session v1\n", *at = text;
	uint16_t sw;

	party_host_key(private_key, data);
	memcpy(data + 33, context, strlen(context));
	sw = party_send(p, 0x38, 0, data, 33 + strlen(context));
	if (sw != SW_OK)
		return sw;
	if (p->length != 33 + 64)
		return SW_WRONG_LENGTH;
	at += sprintf(text, "simrite session v1\n%s\n", context);
	party_hex(at, p->response, 33);
	at[66] = '\n';
	party_hex(at + 67, data, 33);
	if (!party_signed(party, text, p->response + 33))
		return SW_SECURE_DATA_INCORRECT;
	if (p256_shared(x, private_key, (struct span){p->response, 33}, &random) < 0 ||
	    tunnel_derive(&party->tunnel, x, p->response, data) < 0)
		abort();
	return SW_OK;
}

/* The data of STORE SHARE: share `index` of `threshold` of `total`; salt and value are 64 bytes. */
static inline size_t party_share(uint8_t *out, struct party *party, const char *ceremony, uint8_t index,
				 uint8_t threshold, uint8_t total, const uint8_t secret[static 64])
{
	out[0] = threshold;
	out[1] = total;
	if (tunnel_seal(out + 2, &party->tunnel, TUNNEL_TO_CARD, (struct span){secret, 64}) < 0)
		abort();
	return 82 + party_about(out + 82, ceremony, index);
}

#endif
