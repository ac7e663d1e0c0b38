/* Order of checks: P1 P2 and length, the file, its access rule, its life cycle, the data. */
#include "fs/admin_commands.h"

#include <string.h>

#include "card.h"
#include "fs/access.h"
#include "fs/made.h"
#include "fs/template.h"
#include "gp/isd.h"

enum {
	FID_RESERVED = 0x3FFF, /* the current directory, to ISO/IEC 7816-4 */
	FID_NONE = 0xFFFF,
	APPLICATIONS_MAX = 9, /* with the issuer security domain: as many as a GET STATUS can tell of */
	FID_SFI = 0x1F        /* bits that are the short identifier when nothing else is said */
};

/* ---- CREATE FILE ---- */

/* SPEC: TS 102 221 8.6: a FID is given once in a directory, and is not that of
 * a directory above. */
static sw_t check_fid(const struct card *card, const struct file *row)
{
	uint16_t above = row->parent, depth = 1;
	struct file directory;

	if (row->kind == FILE_APPLICATION && row->fid == 0)
		return SW_OK;
	if (row->fid == 0 || row->fid == FID_MF || row->fid == FID_RESERVED || row->fid == FID_ADF ||
	    row->fid == FID_NONE)
		return SW_WRONG_DATA;
	if (file_child(&card->store, above, row->fid) != FILE_NONE)
		return SW_FILE_EXISTS;
	for (; file_get(&card->store, &directory, above) == OK; above = directory.parent, depth++) {
		if (directory.fid == row->fid)
			return SW_FILE_EXISTS;
		if (above == FILE_MF)
			break;
	}
	return row->kind == FILE_DIRECTORY && depth >= FILE_DEPTH_MAX ? SW_NOT_ENOUGH_SPACE : SW_OK;
}

/* SPEC: TS 102 222 6.3.2.2, TS 102 221 8.3: an ADF is in the MF, and no other has its AID. */
static sw_t check_aid(const struct card *card, const struct template *template)
{
	uint8_t other[FILE_AID_MAX];
	struct span aid = template->aid;
	uint16_t file = FILE_NONE;
	unsigned count = 0;
	size_t length;

	if (template->row.kind != FILE_APPLICATION)
		return SW_OK;
	if (template->row.parent != FILE_MF)
		return SW_CONDITIONS_NOT_SATISFIED;
	while ((file = file_by_aid(&card->store, (struct span){NULL, 0}, file)) != FILE_NONE) {
		length = file_aid(&card->store, other, file);
		if (length == aid.length - 2 && memcmp(other, aid.at + 2, length) == 0)
			return SW_AID_EXISTS;
		count++;
	}
	return count < APPLICATIONS_MAX ? SW_OK : SW_NOT_ENOUGH_SPACE;
}

/* The short identifier: the one asked for must be free; the one implied is given if it is. */
static sw_t check_sfi(const struct card *card, struct template *template)
{
	struct file *row = &template->row;
	uint8_t implied = row->fid & FID_SFI;

	if (row->sfi && file_by_sfi(&card->store, row->parent, row->sfi) != FILE_NONE)
		return SW_WRONG_DATA;
	if (row->kind >= FILE_TRANSPARENT && template->implied_sfi && implied != 0 && implied != FID_SFI &&
	    file_by_sfi(&card->store, row->parent, implied) == FILE_NONE)
		row->sfi = implied;
	return SW_OK;
}

/* SPEC: TS 102 222 6.3. What was made is selected. */
sw_t create_file(struct card *card, const struct command *command, struct reply *reply)
{
	uint16_t here = channel_now(card)->selection.directory;
	struct template template;
	enum access_mode mode;
	sw_t sw;
	int e;

	(void)reply;
	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (command->data.length == 0)
		return SW_WRONG_LENGTH;
	e = template_create(&template, command->data);
	mode = template.row.kind == FILE_DIRECTORY || template.row.kind == FILE_APPLICATION
		       ? ACCESS_CREATE_DF
		       : ACCESS_CREATE_EF;
	if (access_granted(card, here, mode) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	if (file_is_terminated(&card->store, here))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (e < 0)
		return SW_WRONG_DATA;
	template.row.parent = here;
	if ((sw = check_aid(card, &template)) != SW_OK || (sw = check_fid(card, &template.row)) != SW_OK ||
	    (sw = check_sfi(card, &template)) != SW_OK)
		return sw;
	if (template.total > store_room(&card->store))
		return SW_NOT_ENOUGH_SPACE;
	e = made_create(&card->store, &template.row, template.rule, template.aid, &template.fill);
	if (e < 0)
		return sw_from_error(e);
	selection_enter(card, (uint16_t)e, 0);
	return SW_OK;
}

/* ---- Files that are named ---- */

/* The file that the data name (SELECT_FID), or SW and FILE_NONE. */
static uint16_t named(const struct card *card, const struct command *command, sw_t *sw)
{
	uint16_t file;

	*sw = SW_WRONG_P1_P2;
	if (command->p1 != 0 || command->p2 != 0)
		return FILE_NONE;
	*sw = SW_WRONG_LENGTH;
	if (command->data.length != 2)
		return FILE_NONE;
	file = selection_follow(card, SELECT_FID, command->data);
	*sw = file == FILE_NONE ? SW_FILE_NOT_FOUND : SW_OK;
	return file;
}

/* After a file is gone: channels that stood on it, or below it, stand on `parent`. */
static void settle_channels(struct card *card, uint16_t parent)
{
	for (size_t i = 0; i < CHANNELS_ALL; i++) {
		struct selection *selection = &card->channels[i].selection;

		if (selection->adf != FILE_NONE && file_kind(&card->store, selection->adf) == 0) {
			selection->adf = FILE_NONE;
			pin_session_forget(&card->channels[i].pins, PIN_2);
		}
		if (file_kind(&card->store, selection->directory) == 0) {
			selection->directory = parent;
			selection->ef = FILE_NONE;
		}
		if (selection->ef != FILE_NONE && file_kind(&card->store, selection->ef) == 0)
			selection->ef = FILE_NONE;
		if (selection->ef == FILE_NONE)
			selection->record = 0;
	}
}

/* SPEC: TS 102 222 6.4. The right to delete is the file's own, or of the
 * directory to delete what was made in it. */
static enum verdict may_delete(const struct card *card, uint16_t file, uint16_t parent)
{
	if (access_granted(card, file, ACCESS_DELETE) == GRANTED)
		return GRANTED;
	if (file < FILE_MADE)
		return DENIED;
	return access_granted(card, parent, ACCESS_DELETE_CHILD);
}

sw_t delete_file(struct card *card, const struct command *command, struct reply *reply)
{
	struct file row;
	sw_t sw;
	uint16_t file = named(card, command, &sw);
	int e;

	(void)reply;
	if (sw != SW_OK)
		return sw;
	if ((e = file_get(&card->store, &row, file)) < 0)
		return sw_from_error(e);
	if (may_delete(card, file, row.parent) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	if (file_is_terminated(&card->store, row.parent) || selection_is_taken_below(card, file))
		return SW_CONDITIONS_NOT_SATISFIED;
	if ((e = made_delete(&card->store, file)) < 0)
		return sw_from_error(e);
	object_transfer_drop(&card->transfer);
	settle_channels(card, row.parent);
	return SW_OK;
}

/* ---- RESIZE FILE ---- */

/* Size or number of records the file gets; 0 when it cannot have that. */
static uint16_t new_size(const struct card *card, const struct file *row, uint16_t bytes)
{
	unsigned records = bytes;
	int used;

	if (row->kind == FILE_BER_TLV) {
		used = object_used(&card->store, row->owner);
		return used < 0 || used > bytes || bytes > OBJECT_FILE_MAX ? 0 : bytes;
	}
	if (!file_has_records(row))
		return bytes;
	records /= row->size;
	return records <= FILE_RECORDS_MAX ? (uint16_t)records : 0;
}

/* SPEC: TS 102 222 6.10. What was resized is selected. */
sw_t resize_file(struct card *card, const struct command *command, struct reply *reply)
{
	struct template template;
	uint16_t file, size;
	struct file row;
	int e;

	(void)reply;
	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if ((e = template_resize(&template, command->data)) < 0)
		return e == ERROR_STATE ? SW_FUNCTION_NOT_SUPPORTED : SW_WRONG_DATA;
	file = selection_find(card, template.row.fid);
	if (file == FILE_NONE)
		return SW_FILE_NOT_FOUND;
	if ((e = file_get(&card->store, &row, file)) < 0)
		return sw_from_error(e);
	if (file_is_directory(&card->store, file) || row.kind == FILE_CYCLIC)
		return SW_INCOMPATIBLE_FILE;
	if (access_granted(card, file, ACCESS_RESIZE) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	if (file_is_terminated(&card->store, file) || selection_is_taken(card, file))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (row.state != FILE_ACTIVE)
		return SW_DATA_INVALIDATED;
	if ((size = new_size(card, &row, template.row.size)) == 0)
		return SW_WRONG_DATA;
	if ((e = made_resize(&card->store, file, size, &template.fill)) < 0)
		return sw_from_error(e);
	object_transfer_drop(&card->transfer);
	for (size_t i = 0; i < CHANNELS_ALL; i++)
		if (card->channels[i].selection.ef == file)
			card->channels[i].selection.record = 0;
	selection_enter(card, file, 0);
	return SW_OK;
}

/* ---- Life cycle ---- */

/* Change the state of `file`, when its rule allows `mode`. */
static sw_t change(struct card *card, uint16_t file, enum access_mode mode, enum file_state state)
{
	struct file row;
	int e;

	if ((e = file_get(&card->store, &row, file)) < 0)
		return sw_from_error(e);
	if (access_granted(card, file, mode) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	if (file_is_terminated(&card->store, file) || selection_is_taken_below(card, file))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (row.state == state)
		return SW_OK;
	return sw_from_error(file_set_state(&card->store, file, state));
}

/* SPEC: TS 102 221 11.1.14.2, 11.1.15.2: an EF, by FID or path, or the selected
 * one. Selects nothing. */
static sw_t turn(struct card *card, const struct command *command, enum access_mode mode,
		 enum file_state state)
{
	uint16_t file = channel_now(card)->selection.ef;

	if (command->p2 != 0 ||
	    (command->p1 != SELECT_FID && command->p1 != SELECT_PATH_MF && command->p1 != SELECT_PATH_HERE))
		return SW_WRONG_P1_P2;
	if (command->data.length % 2 != 0 || (command->p1 != SELECT_FID && command->data.length == 0) ||
	    (command->p1 == SELECT_FID && command->data.length > 2))
		return SW_WRONG_LENGTH;
	if (command->data.length > 0)
		file = selection_follow(card, command->p1, command->data);
	if (file == FILE_NONE)
		return command->data.length ? SW_FILE_NOT_FOUND : SW_NO_EF_SELECTED;
	if (file_is_directory(&card->store, file))
		return SW_INCOMPATIBLE_FILE;
	return change(card, file, mode, state);
}

/* SPEC: TS 102 221 11.1.14, TS 102 222 6.5 */
sw_t deactivate_file(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	return turn(card, command, ACCESS_DEACTIVATE, FILE_INACTIVE);
}

/* SPEC: TS 102 221 11.1.15, TS 102 222 6.6 */
sw_t activate_file(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	return turn(card, command, ACCESS_ACTIVATE, FILE_ACTIVE);
}

/* SPEC: TS 102 222 6.7. The MF ends with TERMINATE CARD USAGE only. */
sw_t terminate_df(struct card *card, const struct command *command, struct reply *reply)
{
	sw_t sw;
	uint16_t file = named(card, command, &sw);

	(void)reply;
	if (sw != SW_OK)
		return sw;
	if (file == FILE_MF || !file_is_directory(&card->store, file))
		return SW_INCOMPATIBLE_FILE;
	return change(card, file, ACCESS_TERMINATE, FILE_TERMINATED);
}

/* SPEC: TS 102 222 6.8 */
sw_t terminate_ef(struct card *card, const struct command *command, struct reply *reply)
{
	sw_t sw;
	uint16_t file = named(card, command, &sw);

	(void)reply;
	if (sw != SW_OK)
		return sw;
	if (file_is_directory(&card->store, file))
		return SW_INCOMPATIBLE_FILE;
	return change(card, file, ACCESS_TERMINATE, FILE_TERMINATED);
}

/* SPEC: TS 102 222 6.9. For good: the card is in the state TERMINATED of GlobalPlatform. */
sw_t terminate_card_usage(struct card *card, const struct command *command, struct reply *reply)
{
	int e;

	(void)reply;
	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (command->data.length != 0)
		return SW_WRONG_LENGTH;
	if (access_granted(card, FILE_MF, ACCESS_TERMINATE) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	if ((e = isd_set_state(&card->store, LIFE_TERMINATED)) < 0)
		return sw_from_error(e);
	isd_wake(card);
	return SW_OK;
}
