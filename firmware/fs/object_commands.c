/* Nothing of an object that is on its way can be seen: the commit is the last block's. */
#include "fs/object_commands.h"

#include <string.h>

#include "card.h"
#include "fs/target.h"

enum {
	BLOCK = 0xE0, /* bits of P2 */
	BLOCK_FIRST = 0x80,
	BLOCK_NEXT = 0x00,
	BLOCK_AGAIN = 0x40,
	TAG_LIST = 0x5C,
	TAG_MORE = 0x1F, /* the tag has another byte */
	LENGTH_1 = 0x81,
	LENGTH_2 = 0x82,
	SHORT_MAX = 0x7F,
	BLOCK_MAX =
		255 /* not 256: GET RESPONSE with 00 is to be answered 6Cxx, for terminals that count on it */
};

/* P1 P2, and the file: its access rule and all that target.h says. */
static sw_t find(const struct card *card, const struct command *command, enum access_mode mode,
		 struct target *target)
{
	uint8_t sfi = command->p2 & TARGET_SFI_BITS, block = command->p2 & BLOCK;

	if (command->p1 != 0 || (block != BLOCK_FIRST && block != BLOCK_NEXT && block != BLOCK_AGAIN) ||
	    sfi == TARGET_SFI_BITS || (sfi != 0 && block != BLOCK_FIRST))
		return SW_WRONG_P1_P2;
	return target_find(card, target, sfi, 1 << FILE_BER_TLV, mode);
}

/* The tag that `bytes` begin with: its length, or 0. */
static size_t read_tag(uint16_t *tag, struct span bytes)
{
	if (bytes.length == 0 || bytes.at[0] == 0x00 || bytes.at[0] == 0xFF)
		return 0;
	*tag = bytes.at[0];
	if ((bytes.at[0] & TAG_MORE) != TAG_MORE)
		return 1;
	if (bytes.length < 2 || bytes.at[1] > 0x7F)
		return 0;
	*tag = (uint16_t)(bytes.at[0] << 8 | bytes.at[1]);
	return 2;
}

/* ---- RETRIEVE DATA ---- */

/* All tags, in an object: its length. */
static int tag_list(const struct card *card, uint16_t file, uint8_t *out)
{
	int n = object_tags(&card->store, file, out + 2);

	out[0] = TAG_LIST;
	out[1] = (uint8_t)n;
	return n < 0 ? n : n + 2;
}

/* Bytes of what is asked for. */
static int whole_length(const struct card *card, const struct target *target, uint16_t tag)
{
	uint8_t list[2 + 2 * OBJECT_COUNT_MAX];

	return tag == TAG_LIST ? tag_list(card, target->row.owner, list)
			       : object_length(&card->store, target->row.owner, tag);
}

static int copy(const struct card *card, const struct target *target, const struct object_place *place,
		uint8_t *out, size_t length)
{
	uint8_t list[2 + 2 * OBJECT_COUNT_MAX];
	int e;

	if (place->tag != TAG_LIST)
		return object_read(&card->store, target->row.owner, place->tag, place->offset, out, length);
	if ((e = tag_list(card, target->row.owner, list)) < 0)
		return e;
	if (place->offset + length > (size_t)e)
		return ERROR_MEMORY;
	memcpy(out, list + place->offset, length);
	return OK;
}

/* Where the answer begins. */
static sw_t place_of(const struct card *card, const struct command *command, struct object_place *place)
{
	*place = channel_of(card)->selection.object;
	switch (command->p2 & BLOCK) {
	case BLOCK_FIRST:
		*place = (struct object_place){.tag = 0};
		if (read_tag(&place->tag, command->data) != command->data.length || place->tag == 0)
			return SW_WRONG_DATA;
		return SW_OK;
	case BLOCK_AGAIN:
		place->offset = place->before;
		break;
	default:
		break;
	}
	return place->tag ? SW_OK : SW_CONDITIONS_NOT_SATISFIED;
}

/* SPEC: TS 102 221 11.3.1 */
sw_t retrieve_data(struct card *card, const struct command *command, struct reply *reply)
{
	struct object_place place;
	struct target target;
	int whole, left, e;
	sw_t sw;

	if ((sw = find(card, command, ACCESS_READ, &target)) != SW_OK ||
	    (sw = place_of(card, command, &place)) != SW_OK)
		return sw;
	whole = whole_length(card, &target, place.tag);
	if (whole < 0)
		return whole == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(whole);
	left = whole - place.offset;
	if (left <= 0)
		return SW_CONDITIONS_NOT_SATISFIED; /* there is no next block */
	if (command->expected > left)
		return SW_WRONG_LE(left);
	reply->length = command->expected ? command->expected : left < BLOCK_MAX ? (size_t)left : BLOCK_MAX;
	if (reply->length > reply->size)
		reply->length = reply->size;
	if ((e = copy(card, &target, &place, reply->at, reply->length)) < 0)
		return sw_from_error(e);
	if (command->p2 & TARGET_SFI_BITS)
		target_settle(card, target.file, 0);
	place.before = place.offset;
	place.offset = (uint16_t)(place.offset + reply->length);
	channel_now(card)->selection.object = place;
	return place.offset < whole ? SW_MORE_DATA : SW_OK;
}

/* ---- SET DATA ---- */

void object_transfer_drop(struct object_transfer *transfer)
{
	memset(transfer, 0, sizeof(*transfer));
}

/* Total length of the object that `bytes` begin: 0 when they do not hold all of tag and length. */
static uint32_t total_length(struct span bytes, size_t tag)
{
	uint32_t head = (uint32_t)tag + 1;
	const uint8_t *at = bytes.at + tag;

	if (bytes.length > tag && at[0] <= SHORT_MAX)
		return head + at[0];
	if (bytes.length > tag + 1 && at[0] == LENGTH_1)
		return head + 1 + at[1];
	if (bytes.length > tag + 2 && at[0] == LENGTH_2)
		return head + 2 + ((uint32_t)at[1] << 8 | at[2]);
	return 0;
}

/* No channel goes on in an object that is another now. */
static void forget_places(struct card *card, uint16_t file)
{
	for (size_t i = 0; i < CHANNELS_ALL; i++)
		if (card->channels[i].selection.ef == file)
			card->channels[i].selection.object = (struct object_place){.tag = 0};
}

/* A tag alone: the object goes. */
static sw_t remove_object(struct card *card, const struct target *target, uint16_t tag)
{
	int e = object_delete(&card->store, target->row.owner, tag);

	if (e < 0)
		return e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
	object_transfer_drop(&card->transfer);
	forget_places(card, target->file);
	return SW_OK;
}

/* A tag and a length: an object is on its way, unless the tag is all there is. */
static sw_t begin(struct card *card, const struct target *target, struct span data)
{
	struct object_transfer *transfer = &card->transfer;
	uint32_t total;
	uint16_t tag = 0;
	size_t n = read_tag(&tag, data);
	int e;

	if (n == 0 || tag == TAG_LIST)
		return SW_WRONG_DATA;
	if (n == data.length)
		return remove_object(card, target, tag);
	total = total_length(data, n);
	if (total == 0 || data.length > total)
		return SW_WRONG_DATA;
	if (total > target->row.size)
		return SW_NOT_ENOUGH_SPACE;
	e = object_begin(&card->store, &transfer->now, target->row.owner, target->row.size, tag,
			 (uint16_t)total);
	transfer->active = 1;
	transfer->channel = card->channel;
	return sw_from_error(e);
}

/* Is there an object to go on with, of this file and channel? */
static int goes_on(const struct card *card, const struct target *target)
{
	const struct object_transfer *transfer = &card->transfer;

	return transfer->active && transfer->channel == card->channel &&
	       transfer->now.file == target->row.owner;
}

/* One transaction: the block is written, and if it was the last, the object is there. */
static int write_block(struct store *store, struct object_writer *writer, struct span data)
{
	int e = store_begin(store);

	if (e == OK)
		e = object_append(store, writer, data);
	if (e == OK && writer->done == writer->total)
		e = object_commit(store, writer);
	if (e == OK)
		return store_commit(store);
	store_abort(store);
	return e;
}

/* Take a block. What was on its way before, and what was replaced, goes only now. */
static sw_t take(struct card *card, const struct target *target, struct span data)
{
	struct object_transfer *transfer = &card->transfer;
	int e, whole, first = transfer->now.done == 0;

	if (data.length == 0 || data.length > (size_t)(transfer->now.total - transfer->now.done))
		return SW_WRONG_DATA;
	transfer->before = transfer->now;
	if ((e = write_block(&card->store, &transfer->now, data)) < 0)
		return sw_from_error(e);
	whole = transfer->now.done == transfer->now.total;
	if (whole || first)
		e = object_sweep(&card->store, target->row.owner, whole ? NULL : &transfer->now);
	if (whole) {
		forget_places(card, target->file);
		object_transfer_drop(transfer);
	}
	if (e < 0)
		return sw_from_error(e);
	return whole ? SW_OK : SW_MORE_EXPECTED;
}

/* SPEC: TS 102 221 11.3.2. Refused, it changes nothing: an object that is on its way goes on. */
sw_t set_data(struct card *card, const struct command *command, struct reply *reply)
{
	struct object_transfer *transfer = &card->transfer, before = *transfer;
	uint8_t block = command->p2 & BLOCK;
	struct target target;
	sw_t sw;

	(void)reply;
	if ((sw = find(card, command, ACCESS_UPDATE, &target)) != SW_OK)
		return sw;
	if (command->data.length == 0)
		return SW_WRONG_LENGTH;
	if (block != BLOCK_FIRST && !goes_on(card, &target))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (block == BLOCK_AGAIN)
		transfer->now = transfer->before;
	if (block == BLOCK_FIRST || transfer->now.done == 0)
		sw = begin(card, &target, command->data);
	if (sw == SW_OK && transfer->active)
		sw = take(card, &target, command->data);
	if (sw != SW_OK && sw != SW_MORE_EXPECTED)
		*transfer = before;
	else if (command->p2 & TARGET_SFI_BITS)
		target_settle(card, target.file, 0);
	return sw;
}
