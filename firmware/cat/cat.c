/* The text of a proactive command is made when it is asked for, from a list of
 * file numbers: so nothing is kept but the list. */
#include "cat/cat.h"

#include <string.h>

#include "card.h"
#include "codec/tlv.h"
#include "fs/file.h"

enum {
	TAG_PROACTIVE = 0xD0,
	TAG_CAPABILITY = 0xA9,
	TAG_COMMAND_DETAILS = 0x01,
	TAG_DEVICES = 0x02,
	TAG_RESULT = 0x03,
	TAG_FILES = 0x12,
	TAG_AID = 0x2F,
	COMPREHENSION = 0x80, /* bit of a tag: who does not know it must not go on */
	DEVICE_CARD = 0x81,
	DEVICE_TERMINAL = 0x82,
	REFRESH = 0x01,
	REFRESH_ALL = 0x00,   /* NAA Initialization and Full File Change Notification */
	REFRESH_FILES = 0x01, /* File Change Notification */
	PROFILE_REFRESH_BYTE = 2,
	PROFILE_REFRESH_BIT = 0x80,
	RESULT_TEMPORARY = 0x20, /* results 20 to 2F */
	RESULT_PERMANENT = 0x30, /* and from here on */
	TRIES = 3,
	FIDS_MAX = 4,    /* of a path: MF, an application or DF, a DF, an EF */
	COMMAND = 128,   /* bytes of a proactive command */
	ALL = 0x01,      /* of cat->all: to be told, ... */
	ALL_TOLD = 0x02, /* ... and told by the command that was fetched */
};

/* The toolkit speaks on the basic channel only: TS 102 221 10.1.2. */
static sw_t check(const struct card *card, const struct command *command)
{
	if (card->channel != 0)
		return SW_CLA_NOT_SUPPORTED;
	return command->p1 == 0 && command->p2 == 0 ? SW_OK : SW_WRONG_P1_P2;
}

int cat_next(uint8_t *tag, struct span *value, struct span *in)
{
	size_t length, head = 2;

	if (in->length == 0)
		return 0;
	if (in->length < 2 || in->at[0] == 0x00 || in->at[0] == 0x7F || in->at[0] >= 0xFE)
		return ERROR_FORMAT;
	length = in->at[1];
	if (length == 0x81 && in->length > 2) {
		length = in->at[2];
		head = 3;
	} else if (length > 0x7F) {
		return ERROR_FORMAT;
	}
	if (length > in->length - head)
		return ERROR_FORMAT;
	*tag = in->at[0] & (uint8_t)~COMPREHENSION;
	*value = (struct span){in->at + head, length};
	in->at += head + length;
	in->length -= head + length;
	return 1;
}

/* Has its path, from the MF on, at most FIDS_MAX FIDs? */
static int has_path(const struct card *card, uint16_t file)
{
	size_t n = 0;

	for (; file != FILE_NONE; n++)
		file = file_parent(&card->store, file);
	return n <= FIDS_MAX;
}

void cat_file_changed(struct card *card, uint16_t file)
{
	struct cat *cat = &card->cat;
	uint8_t i;

	if (!(cat->allowed & CAT_REFRESH))
		return;
	for (i = cat->told; i < cat->changed; i++)
		if (cat->files[i] == file)
			return;
	if (file == FILE_NONE || cat->changed == CAT_FILES_MAX || !has_path(card, file))
		cat->all |= ALL;
	else
		cat->files[cat->changed++] = file;
	if (cat->state == CAT_IDLE) {
		cat->state = CAT_WAITING;
		cat->tries = 0;
	}
}

/* SPEC: TS 102 223 8.18: full paths; 7FFF is the application that TAG_AID names. */
static size_t put_path(uint8_t *out, uint16_t *adf, const struct store *store, uint16_t file)
{
	uint16_t fids[FIDS_MAX];
	size_t n = 0, length = 0;
	struct file row;

	for (; file != FILE_NONE && n < FIDS_MAX; file = row.parent) {
		if (file_get(store, &row, file) < 0)
			return 0;
		fids[n++] = row.kind == FILE_APPLICATION ? FID_ADF : row.fid;
		if (row.kind == FILE_APPLICATION)
			*adf = file;
	}
	for (; n > 0; n--) {
		out[length++] = (uint8_t)(fids[n - 1] >> 8);
		out[length++] = (uint8_t)fids[n - 1];
	}
	return length;
}

static void put_files(struct tlv *tlv, const struct card *card)
{
	const struct cat *cat = &card->cat;
	uint8_t aid[FILE_AID_MAX];
	uint16_t adf = FILE_NONE;
	uint8_t list[1 + CAT_FILES_MAX * FIDS_MAX * 2] = {0};
	size_t length = 1, path;

	for (uint8_t i = 0; i < cat->changed; i++) {
		path = put_path(list + length, &adf, &card->store, cat->files[i]);
		list[0] = (uint8_t)(list[0] + (path > 0));
		length += path;
	}
	tlv_put(tlv, TAG_FILES | COMPREHENSION, list, length);
	if (adf != FILE_NONE)
		tlv_put(tlv, TAG_AID | COMPREHENSION, aid, file_aid(&card->store, aid, adf));
}

/* SPEC: TS 102 223 6.4.7, 6.6.13: REFRESH. */
static int make_refresh(const struct card *card, uint8_t *out, size_t size, uint8_t number)
{
	const uint8_t details[3] = {number, REFRESH, card->cat.all ? REFRESH_ALL : REFRESH_FILES};
	static const uint8_t devices[2] = {DEVICE_CARD, DEVICE_TERMINAL};
	struct tlv tlv;
	size_t mark;

	tlv_start(&tlv, out, size);
	mark = tlv_open(&tlv, TAG_PROACTIVE);
	tlv_put(&tlv, TAG_COMMAND_DETAILS | COMPREHENSION, details, sizeof(details));
	tlv_put(&tlv, TAG_DEVICES | COMPREHENSION, devices, sizeof(devices));
	if (!card->cat.all)
		put_files(&tlv, card);
	tlv_close(&tlv, mark);
	return tlv_length(&tlv);
}

/* SPEC: TS 102 221 7.4.2.1, TS 102 223 6.1: 91xx tells how long the command is. */
sw_t cat_normal_ending(struct card *card, int status)
{
	uint8_t command[COMMAND];
	int n;

	if (card->cat.state == CAT_HELD && status)
		card->cat.state = CAT_WAITING;
	if (card->cat.state != CAT_WAITING)
		return SW_OK;
	n = make_refresh(card, command, sizeof(command), 1);
	return n < 0 ? SW_OK : SW_PROACTIVE(n);
}

/* SPEC: TS 102 221 11.1.19 */
sw_t terminal_capability(struct card *card, const struct command *command, struct reply *reply)
{
	struct span in = command->data, value;
	uint16_t tag;
	int e;

	(void)card, (void)reply;
	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (in.length == 0)
		return SW_WRONG_LENGTH;
	if (tlv_next(&tag, &value, &in) != 1 || tag != TAG_CAPABILITY || in.length != 0)
		return SW_WRONG_DATA;
	while ((e = tlv_next(&tag, &in, &value)) > 0)
		;
	return e < 0 ? SW_WRONG_DATA : SW_OK;
}

/* SPEC: TS 102 223 5.2, TS 102 221 11.2.1 */
sw_t terminal_profile(struct card *card, const struct command *command, struct reply *reply)
{
	struct span profile = command->data;
	sw_t sw = check(card, command);

	(void)reply;
	if (sw != SW_OK)
		return sw;
	if (profile.length == 0)
		return SW_WRONG_LENGTH;
	card->cat.allowed = CAT_PROFILE;
	if (profile.length > PROFILE_REFRESH_BYTE && profile.at[PROFILE_REFRESH_BYTE] & PROFILE_REFRESH_BIT)
		card->cat.allowed |= CAT_REFRESH;
	else
		card->cat = (struct cat){.allowed = CAT_PROFILE};
	return SW_OK;
}

/* SPEC: TS 102 221 11.2.3 */
sw_t fetch(struct card *card, const struct command *command, struct reply *reply)
{
	struct cat *cat = &card->cat;
	uint8_t number = (uint8_t)(cat->number % 0xFE + 1); /* 01 to FE */
	sw_t sw = check(card, command);
	int n;

	if (sw != SW_OK)
		return sw;
	if (cat->state != CAT_WAITING)
		return SW_CONDITIONS_NOT_SATISFIED;
	n = make_refresh(card, reply->at, reply->size, number);
	if (n < 0)
		return sw_from_error(n);
	reply->length = (size_t)n;
	if (command->expected != reply->length)
		return SW_OK; /* and 6Cxx follows: it was not fetched */
	cat->number = number;
	cat->told = cat->changed;
	cat->all = cat->all ? ALL_TOLD : 0;
	cat->state = CAT_FETCHED;
	cat->tries++;
	return SW_OK;
}

/* The general result of an answer to the command that was fetched last, or ERROR_VALUE. */
static int find_result(const struct cat *cat, struct span in)
{
	struct span value;
	int e, ours = 0, result = -1;
	uint8_t tag;

	while ((e = cat_next(&tag, &value, &in)) > 0) {
		if (tag == TAG_COMMAND_DETAILS)
			ours = value.length == 3 && value.at[0] == cat->number && value.at[1] == REFRESH;
		if (tag == TAG_RESULT && value.length > 0 && result < 0)
			result = value.at[0];
	}
	return e == 0 && ours && result >= 0 ? result : ERROR_VALUE;
}

/* SPEC: TS 102 223 6.7 and 8.12, TS 102 221 11.2.4 */
sw_t terminal_response(struct card *card, const struct command *command, struct reply *reply)
{
	struct cat *cat = &card->cat;
	uint8_t left = (uint8_t)(cat->changed - cat->told);
	sw_t sw = check(card, command);
	int result;

	(void)reply;
	if (sw != SW_OK)
		return sw;
	if (cat->state != CAT_FETCHED)
		return SW_CONDITIONS_NOT_SATISFIED;
	if ((result = find_result(cat, command->data)) < 0)
		return SW_WRONG_DATA;
	if (result >= RESULT_TEMPORARY && result < RESULT_PERMANENT && cat->tries < TRIES) {
		cat->state = CAT_HELD;
		cat->told = 0;
		cat->all = cat->all ? ALL : 0;
		return SW_OK;
	}
	if (result >= RESULT_PERMANENT)
		cat->allowed &= (uint8_t)~CAT_REFRESH;
	memmove(cat->files, cat->files + cat->told, left * sizeof(cat->files[0]));
	cat->changed = cat->allowed & CAT_REFRESH ? left : 0;
	cat->all = cat->allowed & CAT_REFRESH ? cat->all & ALL : 0;
	cat->told = cat->tries = 0;
	cat->state = cat->changed || cat->all ? CAT_WAITING : CAT_IDLE;
	return SW_OK;
}
