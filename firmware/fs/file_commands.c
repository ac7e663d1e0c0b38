/* Order of checks: P1 P2, the file (target.c), the record or offset, the length. */
#include "fs/file_commands.h"

#include <string.h>

#include "card.h"
#include "fs/target.h"

enum {
	MODE_BITS = 0x07,
	MODE_NEXT = 0x02,
	MODE_PREVIOUS = 0x03,
	MODE_ABSOLUTE = 0x04, /* record P1; P1 = 0: the current one. Of a search: forward from there */
	MODE_BACKWARD = 0x05,
	MODE_ENHANCED = 0x06,
	/* The first byte of an enhanced search. */
	AFTER_VALUE = 0x08, /* where to look: behind this value, not at an offset */
	SEARCH_FORWARD = 0x04,
	SEARCH_BACKWARD = 0x05,
	SEARCH_NEXT = 0x06,
	SEARCH_PREVIOUS = 0x07,
	RECORD_MAX = 255,
	WITH_RECORDS = 1 << FILE_LINEAR | 1 << FILE_CYCLIC
};

/* P1 P2 of READ and UPDATE BINARY: TS 102 221 11.1.3.2. */
static sw_t binary_where(const struct card *card, const struct command *command, enum access_mode mode,
			 struct target *target, uint16_t *offset)
{
	uint8_t sfi = 0;
	sw_t sw;

	*offset = (uint16_t)(command->p1 << 8 | command->p2);
	if (command->p1 & TARGET_SFI_IN_P1) {
		sfi = command->p1 & TARGET_SFI_BITS;
		*offset = command->p2;
		if ((command->p1 & ~(TARGET_SFI_IN_P1 | TARGET_SFI_BITS)) != 0 || sfi == 0)
			return SW_WRONG_P1_P2;
	}
	if ((sw = target_find(card, target, sfi, 1 << FILE_TRANSPARENT, mode)) != SW_OK)
		return sw;
	return *offset < target->row.size ? SW_OK : SW_WRONG_OFFSET;
}

/* SPEC: TS 102 221 11.1.3 */
sw_t read_binary(struct card *card, const struct command *command, struct reply *reply)
{
	struct target target;
	uint16_t offset, left;
	sw_t sw;
	int e;

	if ((sw = binary_where(card, command, ACCESS_READ, &target, &offset)) != SW_OK)
		return sw;
	left = (uint16_t)(target.row.size - offset);
	/* Le = 00 asks for 256, and a longer file has them. */
	if (command->expected > left)
		return SW_WRONG_LE(left);
	e = file_read(&card->store, target.file, 0, offset, reply->at, command->expected);
	if (e < 0)
		return sw_from_error(e);
	reply->length = command->expected;
	target_settle(card, target.file, 0);
	return SW_OK;
}

/* SPEC: TS 102 221 11.1.4 */
sw_t update_binary(struct card *card, const struct command *command, struct reply *reply)
{
	struct target target;
	uint16_t offset;
	sw_t sw;
	int e;

	(void)reply;
	if ((sw = binary_where(card, command, ACCESS_UPDATE, &target, &offset)) != SW_OK)
		return sw;
	if (command->data.length == 0 || command->data.length > (size_t)(target.row.size - offset))
		return SW_WRONG_LENGTH;
	if ((e = file_write(&card->store, target.file, 0, offset, command->data)) < 0)
		return sw_from_error(e);
	target_settle(card, target.file, 0);
	return SW_OK;
}

/* The record P1 and the mode mean: TS 102 221 11.1.5. `current` is the
 * record pointer before. Round the ring of a cyclic EF is as if it had not been set. */
static sw_t record_number(const struct command *command, uint8_t current, struct target *target)
{
	uint8_t records = target->row.records, mode = command->p2 & MODE_BITS;

	if (target->row.kind == FILE_CYCLIC &&
	    ((mode == MODE_NEXT && current == records) || (mode == MODE_PREVIOUS && current == 1)))
		current = 0;

	target->pointer = current;
	switch (mode) {
	case MODE_ABSOLUTE:
		target->record = command->p1 ? command->p1 : current;
		break;
	case MODE_NEXT:
		target->pointer = target->record = (uint8_t)(current + 1);
		break;
	case MODE_PREVIOUS:
		target->pointer = target->record = current ? (uint8_t)(current - 1) : records;
		break;
	default:
		return SW_WRONG_P1_P2;
	}
	if (mode != MODE_ABSOLUTE && command->p1 != 0)
		return SW_WRONG_P1_P2;
	return target->record >= 1 && target->record <= records ? SW_OK : SW_RECORD_NOT_FOUND;
}

static sw_t record_where(const struct card *card, const struct command *command, enum access_mode mode,
			 struct target *target)
{
	uint8_t sfi = command->p2 >> 3, current;
	sw_t sw;

	if (sfi == TARGET_SFI_BITS)
		return SW_WRONG_P1_P2;
	if ((sw = target_find(card, target, sfi, WITH_RECORDS, mode)) != SW_OK)
		return sw;
	/* SPEC: ISO/IEC 7816-4:1995 6.5.2, TS 102 221 11.1.5: a short
	 * identifier makes the EF current and resets the record pointer, also
	 * when it was the current one. */
	current = sfi ? target->row.kind == FILE_CYCLIC : channel_of(card)->selection.record;
	if (mode != ACCESS_UPDATE || target->row.kind == FILE_LINEAR)
		return record_number(command, current, target);
	/* SPEC: TS 102 221 11.1.6: of a cyclic EF only the oldest record can be written. */
	if ((command->p2 & MODE_BITS) != MODE_PREVIOUS)
		return SW_INCOMPATIBLE_FILE;
	target->pointer = 1;
	return command->p1 == 0 ? SW_OK : SW_WRONG_P1_P2;
}

/* SPEC: TS 102 221 11.1.5 */
sw_t read_record(struct card *card, const struct command *command, struct reply *reply)
{
	struct target target;
	uint16_t size;
	sw_t sw;
	int e;

	if ((sw = record_where(card, command, ACCESS_READ, &target)) != SW_OK)
		return sw;
	size = target.row.size;
	if (command->expected != size)
		return SW_WRONG_LE(size);
	if ((e = file_read(&card->store, target.file, target.record, 0, reply->at, size)) < 0)
		return sw_from_error(e);
	reply->length = size;
	target_settle(card, target.file, target.pointer);
	return SW_OK;
}

/* SPEC: TS 102 221 11.1.6 */
sw_t update_record(struct card *card, const struct command *command, struct reply *reply)
{
	struct target target;
	sw_t sw;
	int e;

	(void)reply;
	if ((sw = record_where(card, command, ACCESS_UPDATE, &target)) != SW_OK)
		return sw;
	if (command->data.length != target.row.size)
		return SW_WRONG_LENGTH;
	if (target.row.kind == FILE_CYCLIC)
		e = file_append(&card->store, target.file, command->data);
	else
		e = file_write(&card->store, target.file, target.record, 0, command->data);
	if (e < 0)
		return sw_from_error(e);
	target_settle(card, target.file, target.pointer);
	return SW_OK;
}

/* ---- SEARCH RECORD ---- */

/* What is searched for, where in a record, and in which records. */
struct search {
	struct span pattern;
	uint8_t after_value, at; /* look from offset `at`, or behind the first byte that is `at` */
	uint8_t backward, from;  /* first record */
};

/* Is the pattern in this record? */
static int matches(const struct search *search, const uint8_t *record, size_t size)
{
	size_t from = search->at;

	if (search->after_value) {
		from = 0;
		while (from < size && record[from++] != search->at)
			;
	}
	for (; from + search->pattern.length <= size; from++)
		if (memcmp(record + from, search->pattern.at, search->pattern.length) == 0)
			return 1;
	return 0;
}

/* SPEC: TS 102 221 11.1.7.2: what the search indication of an enhanced search says. */
static sw_t enhanced(struct search *search, uint8_t current, uint8_t records)
{
	uint8_t how;

	if (search->pattern.length < 3)
		return SW_WRONG_LENGTH;
	how = search->pattern.at[0];
	search->at = search->pattern.at[1];
	search->pattern.at += 2;
	search->pattern.length -= 2;
	search->after_value = (how & AFTER_VALUE) != 0;
	search->backward = how & 1;
	switch (how & ~AFTER_VALUE) {
	case SEARCH_FORWARD:
	case SEARCH_BACKWARD:
		return SW_OK;
	case SEARCH_NEXT:
		search->from = (uint8_t)(current + 1);
		return SW_OK;
	case SEARCH_PREVIOUS:
		search->from = current ? (uint8_t)(current - 1) : records;
		return SW_OK;
	default:
		return SW_WRONG_DATA;
	}
}

/* P1, P2 and the data of a search; the file and the record to begin with. */
static sw_t search_where(const struct card *card, const struct command *command, struct target *target,
			 struct search *search)
{
	uint8_t sfi = command->p2 >> 3, mode = command->p2 & MODE_BITS, current;
	sw_t sw;

	if (sfi == TARGET_SFI_BITS || mode < MODE_ABSOLUTE || mode > MODE_ENHANCED)
		return SW_WRONG_P1_P2;
	if ((sw = target_find(card, target, sfi, WITH_RECORDS, ACCESS_READ)) != SW_OK)
		return sw;
	current = sfi ? target->row.kind == FILE_CYCLIC : channel_of(card)->selection.record;
	*search = (struct search){.pattern = command->data, .from = command->p1 ? command->p1 : current};
	search->backward = mode == MODE_BACKWARD;
	if (mode == MODE_ENHANCED && (sw = enhanced(search, search->from, target->row.records)) != SW_OK)
		return sw;
	if (search->pattern.length == 0 || search->pattern.length > target->row.size)
		return SW_WRONG_LENGTH;
	return search->from >= 1 && search->from <= target->row.records ? SW_OK : SW_RECORD_NOT_FOUND;
}

/* SPEC: TS 102 221 11.1.7 */
sw_t search_record(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t bytes[RECORD_MAX], record;
	struct target target;
	struct search search;
	sw_t sw;
	int e;

	if ((sw = search_where(card, command, &target, &search)) != SW_OK)
		return sw;
	for (record = search.from; record >= 1 && record <= target.row.records;
	     record = (uint8_t)(search.backward ? record - 1 : record + 1)) {
		if ((e = file_read(&card->store, target.file, record, 0, bytes, target.row.size)) < 0)
			return sw_from_error(e);
		if (matches(&search, bytes, target.row.size))
			reply->at[reply->length++] = record;
	}
	if (reply->length == 0)
		return SW_SEARCH_UNSUCCESSFUL;
	target_settle(card, target.file, reply->at[0]);
	return SW_OK;
}

/* ---- INCREASE ---- */

/* Add big-endian `value` to `sum`; the carry out of it. */
static unsigned add(uint8_t *sum, size_t length, struct span value)
{
	unsigned carry = 0;
	size_t i;

	for (i = 0; i < length; i++) {
		uint8_t *at = sum + length - 1 - i;

		carry += *at + (i < value.length ? value.at[value.length - 1 - i] : 0u);
		*at = (uint8_t)carry;
		carry >>= 8;
	}
	return carry;
}

/* SPEC: TS 102 221 11.1.8 */
sw_t increase(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t sfi = command->p1 & TARGET_SFI_IN_P1 ? command->p1 & TARGET_SFI_BITS : 0;
	struct span value = command->data;
	struct target target;
	sw_t sw;
	int e;

	if (command->p2 != 0 || (command->p1 != 0 && (command->p1 != (TARGET_SFI_IN_P1 | sfi) || sfi == 0)))
		return SW_WRONG_P1_P2;
	if ((sw = target_find(card, &target, sfi, 1 << FILE_CYCLIC, ACCESS_INCREASE)) != SW_OK)
		return sw;
	if (value.length == 0 || value.length > 0x7F || value.length > target.row.size ||
	    target.row.size + value.length > reply->size)
		return SW_WRONG_LENGTH;
	if ((e = file_read(&card->store, target.file, 1, 0, reply->at, target.row.size)) < 0)
		return sw_from_error(e);
	if (add(reply->at, target.row.size, value) != 0)
		return SW_MAXIMUM_REACHED;
	if ((e = file_append(&card->store, target.file, (struct span){reply->at, target.row.size})) < 0)
		return sw_from_error(e);
	memcpy(reply->at + target.row.size, value.at, value.length);
	reply->length = target.row.size + value.length;
	target_settle(card, target.file, 1);
	return SW_OK;
}
