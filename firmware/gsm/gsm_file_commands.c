/* What class 00 does as well is done by its handlers, once P1 and P2 are none
 * that mean more there than here: a short identifier is nothing to a 2G terminal. */
#include "gsm/gsm_file_commands.h"

#include <string.h>

#include "card.h"
#include "fs/file_commands.h"
#include "fs/target.h"
#include "gsm/header.h"

enum {
	FID = 2,              /* length */
	OFFSET_HIGH = 0x7F,   /* bits of P1: no file is longer */
	MODE_NEXT = 0x02,     /* of a record */
	MODE_ABSOLUTE = 0x04, /* or the current one */
	SEEK_LAST = 0x01,     /* P2 of SEEK, low half: from the end backward */
	SEEK_NEXT = 0x02,     /* from the next record forward */
	SEEK_PREVIOUS = 0x03,
	SEEK_TYPE_2 = 0x10, /* answer the record's number */
	SEEK_PATTERN_MAX = 16,
	INCREASE_VALUE = 3,
};

/* SPEC: TS 51.011 6.5, 9.2.1 */
sw_t gsm_select(struct card *card, const struct command *command, struct reply *reply)
{
	const uint8_t *fid = command->data.at;
	uint16_t file;
	int e;

	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (command->data.length != FID)
		return SW_GSM_WRONG_LENGTH(FID);
	if (fid[0] == FID_ADF >> 8 && fid[1] == (FID_ADF & 0xFF))
		return SW_GSM_NOT_FOUND;
	file = selection_find(card, (uint16_t)(fid[0] << 8 | fid[1]));
	if (file == FILE_NONE)
		return SW_GSM_NOT_FOUND;
	if (selection_is_taken(card, file))
		return SW_CONDITIONS_NOT_SATISFIED;
	if ((e = header_fill(card, file, reply)) < 0)
		return sw_from_error(e);
	selection_enter(card, file, 0);
	/* SPEC: TS 51.011 6.4.3: the record updated or increased last is current. */
	if (file_kind(&card->store, file) == FILE_CYCLIC)
		channel_now(card)->selection.record = 1;
	return SW_OK;
}

/* SPEC: TS 51.011 9.2.2 */
sw_t gsm_status(struct card *card, const struct command *command, struct reply *reply)
{
	int e;

	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (command->expected > HEADER_DIRECTORY)
		return SW_GSM_WRONG_LENGTH(HEADER_DIRECTORY);
	e = header_fill(card, channel_now(card)->selection.directory, reply);
	if (e == OK)
		reply->length = command->expected;
	return sw_from_error(e);
}

/* An offset behind the end is no wrong P1 P2 here. */
static sw_t binary(struct card *card, const struct command *command, struct reply *reply,
		   command_handler *handler)
{
	sw_t sw = command->p1 > OFFSET_HIGH ? SW_WRONG_OFFSET : handler(card, command, reply);

	return sw == SW_WRONG_OFFSET ? SW_GSM_OUT_OF_RANGE : sw;
}

/* SPEC: TS 51.011 7, 9.2.3: under the rules of class 00 */
sw_t gsm_read_binary(struct card *card, const struct command *command, struct reply *reply)
{
	return binary(card, command, reply, read_binary);
}

/* SPEC: TS 51.011 9.2.4 */
sw_t gsm_update_binary(struct card *card, const struct command *command, struct reply *reply)
{
	return binary(card, command, reply, update_binary);
}

static int is_record_mode(uint8_t p2)
{
	return p2 >= MODE_NEXT && p2 <= MODE_ABSOLUTE;
}

/* SPEC: TS 51.011 8.5, 9.2.5 */
sw_t gsm_read_record(struct card *card, const struct command *command, struct reply *reply)
{
	return is_record_mode(command->p2) ? read_record(card, command, reply) : SW_WRONG_P1_P2;
}

/* SPEC: TS 51.011 9.2.6 */
sw_t gsm_update_record(struct card *card, const struct command *command, struct reply *reply)
{
	return is_record_mode(command->p2) ? update_record(card, command, reply) : SW_WRONG_P1_P2;
}

/* The first record to look at and the step to the next: TS 51.011 8.7. 0: there is none. */
static uint8_t seek_from(uint8_t mode, uint8_t current, uint8_t records, int *step)
{
	*step = mode == SEEK_LAST || mode == SEEK_PREVIOUS ? -1 : 1;
	switch (mode) {
	case SEEK_LAST:
		return records;
	case SEEK_NEXT:
		return current < records ? (uint8_t)(current + 1) : 0;
	case SEEK_PREVIOUS:
		return current ? (uint8_t)(current - 1) : records;
	default:
		return 1;
	}
}

/* SPEC: TS 51.011 8.7, 9.2.7. The record pointer stays where it is when nothing is found. */
sw_t gsm_seek(struct card *card, const struct command *command, struct reply *reply)
{
	struct span pattern = command->data;
	uint8_t mode = command->p2 & 0x0F, bytes[SEEK_PATTERN_MAX], record;
	struct target target;
	int e, step;
	sw_t sw;

	if (command->p1 != 0 || mode > SEEK_PREVIOUS || (command->p2 & ~SEEK_TYPE_2) > SEEK_PREVIOUS)
		return SW_WRONG_P1_P2;
	if ((sw = target_find(card, &target, 0, 1 << FILE_LINEAR, ACCESS_READ)) != SW_OK)
		return sw;
	if (pattern.length == 0 || pattern.length > SEEK_PATTERN_MAX || pattern.length > target.row.size)
		return SW_WRONG_LENGTH;
	record = seek_from(mode, channel_now(card)->selection.record, target.row.records, &step);
	for (; record >= 1 && record <= target.row.records; record = (uint8_t)(record + step)) {
		if ((e = file_read(&card->store, target.file, record, 0, bytes, pattern.length)) < 0)
			return sw_from_error(e);
		if (memcmp(bytes, pattern.at, pattern.length) != 0)
			continue;
		target_settle(card, target.file, record);
		if (command->p2 & SEEK_TYPE_2)
			reply->at[reply->length++] = record;
		return SW_OK;
	}
	return SW_GSM_NOT_FOUND;
}

/* SPEC: TS 51.011 8.8, 9.2.8 */
sw_t gsm_increase(struct card *card, const struct command *command, struct reply *reply)
{
	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (command->data.length != INCREASE_VALUE)
		return SW_GSM_WRONG_LENGTH(INCREASE_VALUE);
	return increase(card, command, reply);
}

/* The selected EF becomes `state`, when `mode` is allowed and it is not that already. */
static sw_t set_state(struct card *card, const struct command *command, enum access_mode mode,
		      enum file_state state)
{
	uint16_t file = channel_now(card)->selection.ef;
	struct file row;
	int e;

	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (command->data.length != 0)
		return SW_WRONG_LENGTH;
	if (file == FILE_NONE)
		return SW_GSM_NO_EF_SELECTED;
	if (access_granted(card, file, mode) != GRANTED)
		return SW_GSM_ACCESS;
	if ((e = file_get(&card->store, &row, file)) < 0)
		return sw_from_error(e);
	if (row.state == state || file_is_terminated(&card->store, file))
		return SW_GSM_INVALIDATION;
	return sw_from_error(file_set_state(&card->store, file, state));
}

/* SPEC: TS 51.011 8.14, 9.2.14 */
sw_t gsm_invalidate(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	return set_state(card, command, ACCESS_DEACTIVATE, FILE_INACTIVE);
}

/* SPEC: TS 51.011 8.15, 9.2.15 */
sw_t gsm_rehabilitate(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	return set_state(card, command, ACCESS_ACTIVATE, FILE_ACTIVE);
}
