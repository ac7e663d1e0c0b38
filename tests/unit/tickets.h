/* tickets.h - a ceremony and a factory for tests: they sign what is asked of them. */
#ifndef TICKETS_H
#define TICKETS_H

#include <stdlib.h>
#include <string.h>

#include "keys/ticket.h"

/* Private keys. Public ones come from tickets_key(). */
static const uint8_t tickets_ceremony[32] = {0x11, 1}, tickets_factory[32] = {0x22, 2},
		     tickets_operator[32] = {0x33, 3};

static inline int tickets_fill(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 0x5A, length); /* it only blinds */
	return 0;
}

static const struct p256_random tickets_random = {tickets_fill, NULL};

static inline void tickets_key(uint8_t out[static P256_COMPRESSED], const uint8_t private_key[static 32])
{
	uint8_t whole[P256_UNCOMPRESSED];

	if (p256_public(whole, private_key, &tickets_random) < 0 ||
	    p256_compress(out, (struct span){whole, sizeof(whole)}) < 0)
		abort();
}

/* Put the signature behind `length` bytes; the length with it. */
static inline size_t tickets_sign(uint8_t *statement, size_t length, const uint8_t private_key[static 32])
{
	uint8_t digest[SHA256_LENGTH];

	if (sha256(digest, (struct span){statement, length}) < 0 ||
	    p256_sign(statement + length, private_key, digest, &tickets_random) < 0)
		abort();
	return length + P256_SIGNATURE;
}

/* For slot 1 of the card with this ICCID. */
static inline struct ticket tickets_for(const uint8_t iccid[static TICKET_ICCID], uint8_t method,
					uint32_t number)
{
	struct ticket t = {.slot = 1, .method = method};

	memset(t.scope, 0xB0, sizeof(t.scope));
	memcpy(t.iccid, iccid, TICKET_ICCID);
	ticket_set_number(t.number, number);
	ticket_set_number(t.issued, 1000);
	ticket_set_number(t.expires, 2000);
	if (method == SLOT_AGREED)
		tickets_key(t.operator_key, tickets_operator);
	return t;
}

static inline size_t tickets_make(uint8_t out[static TICKET_AGREED], const struct ticket *ticket)
{
	return tickets_sign(out, ticket_write(out, ticket), tickets_ceremony);
}

static inline size_t tickets_time(uint8_t out[static TICKET_TIME], uint32_t time)
{
	struct ticket_time t;

	ticket_set_number(t.time, time);
	return tickets_sign(out, ticket_time_write(out, &t), tickets_ceremony);
}

/* Put a grouping at the end of STORE DATA's; their length. */
static inline size_t tickets_group(uint8_t *groupings, size_t length, unsigned dgi, const uint8_t *value,
				   size_t n)
{
	groupings[length] = (uint8_t)(dgi >> 8);
	groupings[length + 1] = (uint8_t)dgi;
	groupings[length + 2] = (uint8_t)n;
	if (n > 0)
		memcpy(groupings + length + 3, value, n);
	return length + 3 + n;
}

#endif
