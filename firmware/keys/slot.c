/* Object of slot s: id STORE_SLOT, s. The public part comes first, so that
 * slot_describe() reads that and no more; then K and OPc. A key of which the
 * sizes are not those of Milenage has them in between. */
#include "keys/slot.h"

#include <string.h>

#include "crypto/wipe.h"

enum {
	PUBLIC = 11, /* state algorithm method loads(2) KCV(3) KCV(3) */
	SIZES = 7,   /* struct key_sizes, in its order */
	WHOLE = PUBLIC + SIZES + SUBSCRIBER_K_MAX + SUBSCRIBER_OPC_MAX
};

static const struct key_sizes milenage = {16, 16, 8, 8, 16, 16, 0};

static uint16_t slot_id(uint8_t number)
{
	return (uint16_t)(STORE_SLOT << 8 | number);
}

/* At least `least` and at most `most` bytes; how many. */
static int read(uint8_t *bytes, size_t least, size_t most, const struct store *store, uint8_t number)
{
	int n;

	if (number < 1 || number > KEY_SLOTS)
		return ERROR_RANGE;
	n = store_read(store, slot_id(number), bytes, 0, most);
	if (n < 0)
		return n;
	return (size_t)n >= least ? n : ERROR_MEMORY;
}

static void parse(struct slot_description *description, const uint8_t bytes[static PUBLIC])
{
	description->state = bytes[0];
	description->algorithm = bytes[1];
	description->method = bytes[2];
	description->loads = (uint16_t)(bytes[3] << 8 | bytes[4]);
	memcpy(description->kcv_k, bytes + 5, KCV_LENGTH);
	memcpy(description->kcv_opc, bytes + 8, KCV_LENGTH);
}

/* Sizes, K and OPc, which fill `length` bytes. */
static int parse_key(struct subscriber_key *key, uint8_t algorithm, const uint8_t *bytes, size_t length)
{
	const uint8_t *at = bytes;
	struct key_sizes *s = &key->sizes;

	key->algorithm = algorithm;
	*s = milenage;
	if (algorithm != SLOT_MILENAGE) {
		*s = (struct key_sizes){at[0], at[1], at[2], at[3], at[4], at[5], at[6]};
		at += SIZES;
	}
	if (s->k > SUBSCRIBER_K_MAX || s->opc > SUBSCRIBER_OPC_MAX ||
	    length != (size_t)(at - bytes) + s->k + s->opc)
		return ERROR_MEMORY;
	memcpy(key->k, at, s->k);
	memcpy(key->opc, at + s->k, s->opc);
	return OK;
}

int slot_load(struct slot *slot, const struct store *store, uint8_t number)
{
	uint8_t bytes[WHOLE];
	int n = read(bytes, PUBLIC + SIZES, sizeof(bytes), store, number);

	if (n > 0) {
		parse(&slot->description, bytes);
		n = parse_key(&slot->key, slot->description.algorithm, bytes + PUBLIC, (size_t)n - PUBLIC);
	}
	wipe(bytes, sizeof(bytes));
	return n;
}

int slot_describe(struct slot_description *description, const struct store *store, uint8_t number)
{
	uint8_t bytes[PUBLIC] = {SLOT_EMPTY};
	int n = read(bytes, PUBLIC, PUBLIC, store, number);

	parse(description, bytes);
	return n >= 0 || n == ERROR_NOT_FOUND ? OK : n;
}

/* The object of a slot; its length. */
static size_t lay_out(uint8_t bytes[static WHOLE], const struct slot_description *d,
		      const struct subscriber_key *key)
{
	const struct key_sizes *s = &key->sizes;
	const uint8_t sizes[SIZES] = {s->k, s->opc, s->mac, s->res, s->ck, s->ik, s->iterations};
	size_t n = PUBLIC;

	bytes[0] = d->state;
	bytes[1] = d->algorithm;
	bytes[2] = d->method;
	bytes[3] = (uint8_t)(d->loads >> 8);
	bytes[4] = (uint8_t)d->loads;
	memcpy(bytes + 5, d->kcv_k, KCV_LENGTH);
	memcpy(bytes + 8, d->kcv_opc, KCV_LENGTH);
	if (d->algorithm != SLOT_MILENAGE) {
		memcpy(bytes + n, sizes, SIZES);
		n += SIZES;
	}
	memcpy(bytes + n, key->k, s->k);
	n += s->k;
	memcpy(bytes + n, key->opc, s->opc);
	return n + s->opc;
}

int slot_save(struct store *store, uint8_t number, struct slot *slot)
{
	struct slot_description *d = &slot->description, old;
	const struct subscriber_key *key = &slot->key;
	uint8_t bytes[WHOLE];
	int e = slot_describe(&old, store, number);

	if (e == OK && old.loads == 0xFFFF)
		e = ERROR_STATE;
	if (e == OK)
		e = kcv(d->kcv_k, (struct span){key->k, key->sizes.k});
	memset(d->kcv_opc, 0, KCV_LENGTH);
	if (e == OK && key->sizes.opc > 0)
		e = kcv(d->kcv_opc, (struct span){key->opc, key->sizes.opc});
	if (e < 0)
		return e;
	d->state = SLOT_LOADED;
	d->algorithm = key->algorithm;
	d->loads = (uint16_t)(old.loads + 1);
	e = store_write(store, slot_id(number), bytes, lay_out(bytes, d, key));
	wipe(bytes, sizeof(bytes));
	return e;
}
