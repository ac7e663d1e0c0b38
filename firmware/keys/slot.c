/* Object of slot s: id STORE_SLOT, s. The open part comes first, so that
 * slot_describe() reads that and no more; a key of which the sizes are not
 * those of Milenage has them at its end. Then K and OPc, sealed; a destroyed
 * slot ends before. */
#include "keys/slot.h"

#include <string.h>

#include "crypto/wipe.h"
#include "keys/vault.h"

enum {
	PUBLIC = 12, /* state algorithm method usage loads(2) KCV(3) KCV(3) */
	SIZES = 7,   /* struct key_sizes, in its order */
	SECRET = SUBSCRIBER_K_MAX + SUBSCRIBER_OPC_MAX,
	WHOLE = PUBLIC + SIZES + SECRET + VAULT_TAG
};

_Static_assert(PUBLIC + SIZES <= VAULT_OPEN_MAX, "the vault takes the open part of a slot");

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
	description->usage = bytes[3];
	description->loads = (uint16_t)(bytes[4] << 8 | bytes[5]);
	memcpy(description->kcv_k, bytes + 6, KCV_LENGTH);
	memcpy(description->kcv_opc, bytes + 9, KCV_LENGTH);
}

/* Sizes, K and OPc of an object of `length` bytes. */
static int open_key(struct subscriber_key *key, const struct store *store, uint8_t number,
		    const uint8_t *bytes, size_t length)
{
	struct key_sizes *s = &key->sizes;
	uint8_t secret[SECRET];
	size_t head = PUBLIC;
	int e;

	key->algorithm = bytes[1];
	*s = milenage;
	if (key->algorithm != SLOT_MILENAGE) {
		const uint8_t *at = bytes + PUBLIC;

		head += SIZES;
		if (length < head)
			return ERROR_MEMORY;
		*s = (struct key_sizes){at[0], at[1], at[2], at[3], at[4], at[5], at[6]};
	}
	if (s->k > SUBSCRIBER_K_MAX || s->opc > SUBSCRIBER_OPC_MAX ||
	    length != head + s->k + s->opc + VAULT_TAG)
		return ERROR_MEMORY;
	e = vault_open(secret, store, slot_id(number), (struct span){bytes, head},
		       (struct span){bytes + head, length - head});
	if (e == OK) {
		memcpy(key->k, secret, s->k);
		memcpy(key->opc, secret + s->k, s->opc);
	}
	wipe(secret, sizeof(secret));
	return e;
}

/* All of a slot, whatever its state. */
static int load(struct slot *slot, const struct store *store, uint8_t number)
{
	uint8_t bytes[WHOLE];
	int n = read(bytes, PUBLIC, sizeof(bytes), store, number);

	if (n < 0)
		return n;
	parse(&slot->description, bytes);
	if (slot->description.state == SLOT_DESTROYED)
		return ERROR_NOT_FOUND;
	return open_key(&slot->key, store, number, bytes, (size_t)n);
}

int slot_load(struct slot *slot, const struct store *store, uint8_t number, enum slot_use use)
{
	const struct slot_description *d = &slot->description;
	int e = load(slot, store, number);

	if (e == OK && ((d->state != SLOT_LOADED && d->state != SLOT_CONFIRMED) || !(d->usage & use)))
		e = ERROR_STATE;
	return e;
}

int slot_describe(struct slot_description *description, const struct store *store, uint8_t number)
{
	uint8_t bytes[PUBLIC] = {SLOT_EMPTY};
	int n = read(bytes, PUBLIC, PUBLIC, store, number);

	parse(description, bytes);
	return n >= 0 || n == ERROR_NOT_FOUND ? OK : n;
}

/* Write a slot as its description says: with the key, or destroyed. */
static int write(struct store *store, uint8_t number, const struct slot *slot)
{
	const struct slot_description *d = &slot->description;
	const struct key_sizes *s = &slot->key.sizes;
	const uint8_t sizes[SIZES] = {s->k, s->opc, s->mac, s->res, s->ck, s->ik, s->iterations};
	uint8_t bytes[WHOLE], secret[SECRET];
	size_t n = PUBLIC, length = (size_t)s->k + s->opc;
	int e = OK;

	bytes[0] = d->state;
	bytes[1] = d->algorithm;
	bytes[2] = d->method;
	bytes[3] = d->usage;
	bytes[4] = (uint8_t)(d->loads >> 8);
	bytes[5] = (uint8_t)d->loads;
	memcpy(bytes + 6, d->kcv_k, KCV_LENGTH);
	memcpy(bytes + 9, d->kcv_opc, KCV_LENGTH);
	if (d->algorithm != SLOT_MILENAGE) {
		memcpy(bytes + n, sizes, SIZES);
		n += SIZES;
	}
	if (d->state != SLOT_DESTROYED) {
		memcpy(secret, slot->key.k, s->k);
		memcpy(secret + s->k, slot->key.opc, s->opc);
		e = vault_seal(bytes + n, store, slot_id(number), (struct span){bytes, n},
			       (struct span){secret, length});
		n += length + VAULT_TAG;
		wipe(secret, sizeof(secret));
	}
	return e == OK ? store_write(store, slot_id(number), bytes, n) : e;
}

int slot_save(struct store *store, uint8_t number, struct slot *slot)
{
	struct slot_description *d = &slot->description, old;
	const struct subscriber_key *key = &slot->key;
	int e = slot_describe(&old, store, number);

	if (e == OK && (old.state == SLOT_CONFIRMED || old.state == SLOT_LOCKED || old.loads == 0xFFFF))
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
	d->usage = SLOT_USE_ALL;
	d->loads = (uint16_t)(old.loads + 1);
	return write(store, number, slot);
}

int slot_change(struct store *store, uint8_t number, enum slot_state state, uint8_t usage)
{
	struct slot slot;
	struct slot_description *d = &slot.description;
	int e = load(&slot, store, number);

	if (e == OK && (state < SLOT_LOADED || state > SLOT_DESTROYED || (usage & ~d->usage)))
		e = ERROR_VALUE;
	if (e == OK && state == SLOT_LOADED && d->state != SLOT_LOADED)
		e = ERROR_STATE;
	d->state = (uint8_t)state;
	d->usage = usage;
	if (e == OK && state == SLOT_DESTROYED) {
		memset(d->kcv_k, 0, KCV_LENGTH);
		memset(d->kcv_opc, 0, KCV_LENGTH);
		e = vault_shred(store);
	}
	if (e == OK)
		e = write(store, number, &slot);
	wipe(&slot, sizeof(slot));
	return e;
}
