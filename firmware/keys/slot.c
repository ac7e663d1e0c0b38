/* Object of slot s: id STORE_SLOT, s. The public part comes first, so that
 * slot_describe() reads that and no more. */
#include "keys/slot.h"

#include <string.h>

#include "crypto/wipe.h"

enum {
	PUBLIC = 11, /* state algorithm method loads(2) KCV(3) KCV(3) */
	WHOLE = PUBLIC + 32
};

static uint16_t slot_id(uint8_t number)
{
	return (uint16_t)(STORE_SLOT << 8 | number);
}

static int read(uint8_t *bytes, size_t length, const struct store *store, uint8_t number)
{
	int n;

	if (number < 1 || number > KEY_SLOTS)
		return ERROR_RANGE;
	n = store_read(store, slot_id(number), bytes, 0, length);
	if (n < 0)
		return n;
	return (size_t)n == length ? OK : ERROR_MEMORY;
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

int slot_load(struct slot *slot, const struct store *store, uint8_t number)
{
	uint8_t bytes[WHOLE];
	int e = read(bytes, sizeof(bytes), store, number);

	if (e == OK) {
		parse(&slot->description, bytes);
		memcpy(slot->k, bytes + PUBLIC, 16);
		memcpy(slot->opc, bytes + PUBLIC + 16, 16);
	}
	wipe(bytes, sizeof(bytes));
	return e;
}

int slot_describe(struct slot_description *description, const struct store *store, uint8_t number)
{
	uint8_t bytes[PUBLIC] = {SLOT_EMPTY};
	int e = read(bytes, sizeof(bytes), store, number);

	if (e == ERROR_NOT_FOUND)
		e = OK;
	parse(description, bytes);
	return e;
}

int slot_save(struct store *store, uint8_t number, struct slot *slot)
{
	struct slot_description *d = &slot->description, old;
	uint8_t bytes[WHOLE];
	int e = slot_describe(&old, store, number);

	if (e == OK && old.loads == 0xFFFF)
		e = ERROR_STATE;
	if (e == OK)
		e = kcv(d->kcv_k, (struct span){slot->k, sizeof(slot->k)});
	if (e == OK)
		e = kcv(d->kcv_opc, (struct span){slot->opc, sizeof(slot->opc)});
	if (e < 0)
		return e;
	d->state = SLOT_LOADED;
	d->loads = (uint16_t)(old.loads + 1);
	bytes[0] = d->state;
	bytes[1] = d->algorithm;
	bytes[2] = d->method;
	bytes[3] = (uint8_t)(d->loads >> 8);
	bytes[4] = (uint8_t)d->loads;
	memcpy(bytes + 5, d->kcv_k, KCV_LENGTH);
	memcpy(bytes + 8, d->kcv_opc, KCV_LENGTH);
	memcpy(bytes + PUBLIC, slot->k, 16);
	memcpy(bytes + PUBLIC + 16, slot->opc, 16);
	e = store_write(store, slot_id(number), bytes, sizeof(bytes));
	wipe(bytes, sizeof(bytes));
	return e;
}
