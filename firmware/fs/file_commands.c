/* Order of checks: P1 P2, the file, its kind, the access rule, the record or
 * offset, the length. The rule comes before anything that would tell more of
 * the file than its FCP does. */
#include "fs/file_commands.h"

#include "card.h"
#include "fs/access.h"
#include "fs/file.h"

enum {
	SFI_IN_P1 = 0x80,
	SFI_BITS = 0x1F,
	MODE_BITS = 0x07,
	MODE_NEXT = 0x02,
	MODE_PREVIOUS = 0x03,
	MODE_ABSOLUTE = 0x04, /* record P1; P1 = 0: the current one */
};

/* The EF a command means: the selected one, or with `sfi` one of the current
 * directory, which then is selected when the command gets through. */
static sw_t find_ef(const struct card *card, uint8_t sfi, uint8_t kind, enum access_mode mode, uint8_t *file)
{
	const struct selection *selection = &card->selection;

	*file = sfi ? file_by_sfi(selection->directory, sfi) : selection->ef;
	if (*file == FILE_NONE)
		return sfi ? SW_FILE_NOT_FOUND : SW_NO_EF_SELECTED;
	if (file_row(*file)->kind != kind)
		return SW_INCOMPATIBLE_FILE;
	if (access_granted(card, file_row(*file)->rule, mode) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	return SW_OK;
}

static void settle(struct card *card, uint8_t file, uint8_t record)
{
	card->selection.ef = file;
	card->selection.record = record;
}

/* P1 P2 of READ and UPDATE BINARY: TS 102 221 11.1.3.2. */
static sw_t binary_where(const struct card *card, const struct command *command, enum access_mode mode,
			 uint8_t *file, uint16_t *offset)
{
	uint8_t sfi = 0;
	sw_t sw;

	*offset = (uint16_t)(command->p1 << 8 | command->p2);
	if (command->p1 & SFI_IN_P1) {
		sfi = command->p1 & SFI_BITS;
		*offset = command->p2;
		if ((command->p1 & ~(SFI_IN_P1 | SFI_BITS)) != 0 || sfi == 0)
			return SW_WRONG_P1_P2;
	}
	if ((sw = find_ef(card, sfi, FILE_TRANSPARENT, mode, file)) != SW_OK)
		return sw;
	return *offset < file_row(*file)->size ? SW_OK : SW_WRONG_OFFSET;
}

sw_t read_binary(struct card *card, const struct command *command, struct reply *reply)
{
	uint16_t offset, left;
	uint8_t file;
	sw_t sw;
	int e;

	if ((sw = binary_where(card, command, ACCESS_READ, &file, &offset)) != SW_OK)
		return sw;
	left = (uint16_t)(file_row(file)->size - offset);
	if (command->expected > left)
		return SW_WRONG_LE(left);
	e = file_read(&card->store, file, 0, (uint8_t)offset, reply->at, command->expected);
	if (e < 0)
		return sw_from_error(e);
	reply->length = command->expected;
	settle(card, file, 0);
	return SW_OK;
}

sw_t update_binary(struct card *card, const struct command *command, struct reply *reply)
{
	uint16_t offset;
	uint8_t file;
	sw_t sw;
	int e;

	(void)reply;
	if ((sw = binary_where(card, command, ACCESS_UPDATE, &file, &offset)) != SW_OK)
		return sw;
	if (command->data.length == 0 || command->data.length > (size_t)(file_row(file)->size - offset))
		return SW_WRONG_LENGTH;
	if ((e = file_write(&card->store, file, 0, (uint8_t)offset, command->data)) < 0)
		return sw_from_error(e);
	settle(card, file, 0);
	return SW_OK;
}

/* The record P1 and the mode mean: TS 102 221 11.1.5.2. `*current` is the
 * record pointer afterwards. */
static sw_t record_number(const struct command *command, uint8_t current, uint8_t records, uint8_t *record,
			  uint8_t *pointer)
{
	*pointer = current;
	switch (command->p2 & MODE_BITS) {
	case MODE_ABSOLUTE:
		*record = command->p1 ? command->p1 : current;
		break;
	case MODE_NEXT:
		*pointer = *record = (uint8_t)(current + 1);
		break;
	case MODE_PREVIOUS:
		*pointer = *record = current ? (uint8_t)(current - 1) : records;
		break;
	default:
		return SW_WRONG_P1_P2;
	}
	if ((command->p2 & MODE_BITS) != MODE_ABSOLUTE && command->p1 != 0)
		return SW_WRONG_P1_P2;
	return *record >= 1 && *record <= records ? SW_OK : SW_RECORD_NOT_FOUND;
}

static sw_t record_where(const struct card *card, const struct command *command, enum access_mode mode,
			 uint8_t *file, uint8_t *record, uint8_t *pointer)
{
	uint8_t sfi = command->p2 >> 3, current;
	sw_t sw;

	if (sfi == SFI_BITS)
		return SW_WRONG_P1_P2;
	if ((sw = find_ef(card, sfi, FILE_LINEAR, mode, file)) != SW_OK)
		return sw;
	/* SPEC: ISO/IEC 7816-4:1995 6.5.2; TS 102 221 11.1.5 adds nothing: a short
	 * identifier makes the EF current and resets the record pointer, also
	 * when it was the current one. */
	current = sfi ? 0 : card->selection.record;
	return record_number(command, current, file_row(*file)->records, record, pointer);
}

sw_t read_record(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t file, record, pointer, size;
	sw_t sw;
	int e;

	if ((sw = record_where(card, command, ACCESS_READ, &file, &record, &pointer)) != SW_OK)
		return sw;
	size = file_row(file)->size;
	if (command->expected != size)
		return SW_WRONG_LE(size);
	if ((e = file_read(&card->store, file, record, 0, reply->at, size)) < 0)
		return sw_from_error(e);
	reply->length = size;
	settle(card, file, pointer);
	return SW_OK;
}

sw_t update_record(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t file, record, pointer;
	sw_t sw;
	int e;

	(void)reply;
	if ((sw = record_where(card, command, ACCESS_UPDATE, &file, &record, &pointer)) != SW_OK)
		return sw;
	if (command->data.length != file_row(file)->size)
		return SW_WRONG_LENGTH;
	if ((e = file_write(&card->store, file, record, 0, command->data)) < 0)
		return sw_from_error(e);
	settle(card, file, pointer);
	return SW_OK;
}
