/* Objects STORE_CARD, 13: key(33) accepted(4) time(4); 14: the last receipt. */
#include "keys/authority.h"

#include <string.h>

#include "keys/build.h"
#include "keys/identity.h"
#include "keys/slot.h"

enum {
	AUTHORITY_ID = STORE_CARD << 8 | 0x13,
	RECEIPT_ID = STORE_CARD << 8 | 0x14
};

int authority_read(struct authority *authority, const struct store *store)
{
	int n = store_read(store, AUTHORITY_ID, authority, 0, sizeof(*authority));

	return n == sizeof(*authority) ? OK : n < 0 ? n : ERROR_MEMORY;
}

static int save(struct store *store, const struct authority *authority)
{
	return store_write(store, AUTHORITY_ID, authority, sizeof(*authority));
}

int authority_install(struct store *store, struct span public_key)
{
	struct authority authority = {.accepted = {0}};
	int e = store_length(store, AUTHORITY_ID);

	if (e != ERROR_NOT_FOUND)
		return e < 0 ? e : ERROR_STATE;
	e = p256_compress(authority.key, public_key);
	return e == OK ? save(store, &authority) : e;
}

/* Did the authority sign this? */
static int signed_by(const struct authority *authority, struct span statement)
{
	return ticket_verify(statement, (struct span){authority->key, P256_COMPRESSED});
}

/* Numbers and times are compared as the bytes they are. */
static int above(const uint8_t a[static 4], const uint8_t b[static 4])
{
	return memcmp(a, b, 4) > 0;
}

/* 1 when it is news. */
static int hear(struct authority *authority, const uint8_t time[static 4])
{
	if (!above(time, authority->time))
		return 0;
	memcpy(authority->time, time, sizeof(authority->time));
	return 1;
}

int authority_hear(struct store *store, struct span statement)
{
	struct authority authority;
	struct ticket_time heard;
	int e = authority_read(&authority, store);

	if (e == OK)
		e = ticket_time_parse(&heard, statement);
	if (e == OK)
		e = signed_by(&authority, statement);
	return e == OK && hear(&authority, heard.time) ? save(store, &authority) : e;
}

int authority_take(struct permit *permit, const struct store *store, struct span ticket)
{
	struct authority authority;
	int e = authority_read(&authority, store);

	if (e == OK && permit->state != PERMIT_NONE)
		e = ERROR_STATE;
	if (e == OK)
		e = ticket_parse(&permit->ticket, ticket);
	if (e == OK)
		e = signed_by(&authority, ticket);
	if (e == OK)
		e = sha256(permit->digest, ticket);
	if (e == OK)
		permit->state = PERMIT_GIVEN;
	return e;
}

int authority_permits(struct permit *permit, const struct store *store,
		      const uint8_t iccid[static TICKET_ICCID], uint8_t slot, uint8_t method,
		      struct span operator_key)
{
	const struct ticket *ticket = &permit->ticket;
	struct authority authority;
	int e = authority_read(&authority, store);

	if (e == ERROR_NOT_FOUND)
		return OK;
	if (e < 0)
		return e;
	if (permit->state != PERMIT_GIVEN)
		return ERROR_DENIED;
	if (memcmp(ticket->iccid, iccid, TICKET_ICCID) != 0 || ticket->slot != slot ||
	    ticket->method != method)
		return ERROR_NOT_FOUND;
	if (method == SLOT_AGREED && (operator_key.length != P256_COMPRESSED ||
				      memcmp(ticket->operator_key, operator_key.at, P256_COMPRESSED) != 0))
		return ERROR_NOT_FOUND;
	if (!above(ticket->number, authority.accepted))
		return ERROR_STATE;
	if (above(authority.time, ticket->expires))
		return ERROR_RANGE;
	permit->state = PERMIT_USED;
	return OK;
}

/* All of a receipt but the signature. */
static int describe(struct receipt *r, const struct store *store, const struct permit *permit,
		    const uint8_t *ephemeral)
{
	struct slot_description d;
	int e = slot_describe(&d, store, permit->ticket.slot);

	if (e == OK)
		e = identity_compressed(r->identity, store);
	memcpy(r->ticket, permit->digest, SHA256_LENGTH);
	memcpy(r->iccid, permit->ticket.iccid, TICKET_ICCID);
	r->slot = permit->ticket.slot;
	r->method = d.method;
	r->loads[0] = (uint8_t)(d.loads >> 8);
	r->loads[1] = (uint8_t)d.loads;
	memcpy(r->accepted, permit->ticket.number, sizeof(r->accepted));
	memcpy(r->kcv_k, d.kcv_k, sizeof(d.kcv_k));
	memcpy(r->kcv_opc, d.kcv_opc, sizeof(d.kcv_opc));
	memcpy(r->firmware, build_digest, SHA256_LENGTH);
	if (d.method == SLOT_AGREED)
		memcpy(r->ephemeral, ephemeral, P256_COMPRESSED);
	return e;
}

int authority_receipt(uint8_t receipt[static TICKET_RECEIPT_AGREED], struct store *store, struct drbg *drbg,
		      const struct permit *permit, const uint8_t *ephemeral)
{
	struct authority authority;
	struct receipt r;
	size_t n = 0;
	int e = authority_read(&authority, store);

	if (e == OK)
		e = describe(&r, store, permit, ephemeral);
	if (e == OK) {
		n = ticket_receipt_write(receipt, &r);
		e = identity_sign(receipt + n, store, drbg, (struct span){receipt, n});
		n += P256_SIGNATURE;
	}
	if (e == OK)
		e = store_write(store, RECEIPT_ID, receipt, n);
	if (e < 0)
		return e;
	memcpy(authority.accepted, permit->ticket.number, sizeof(authority.accepted));
	(void)hear(&authority, permit->ticket.issued);
	e = save(store, &authority);
	return e < 0 ? e : (int)n;
}

int authority_last_receipt(uint8_t receipt[static TICKET_RECEIPT_AGREED], const struct store *store)
{
	return store_read(store, RECEIPT_ID, receipt, 0, TICKET_RECEIPT_AGREED);
}
