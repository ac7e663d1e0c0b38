/* The answer to one command is kept aside, because handlers need more room than a message has. */
#include "apdu/remote.h"

#include <string.h>

#include "card.h"
#include "codec/tlv.h"
#include "crypto/wipe.h"
#include "fs/admin_commands.h"
#include "fs/file.h"
#include "fs/file_commands.h"
#include "fs/object_commands.h"
#include "gp/isd.h"
#include "pin/pin_commands.h"

enum {
	HEADER = 5,
	SELECT = 0xA4,
	BY_AID = 0x04,
	FIRST_BLOCK = 0x80, /* P2 of RETRIEVE DATA, which names an object */
	GET_RESPONSE = 0xC0,
	TAG_SCRIPT = 0xAA, /* of the expanded format */
	TAG_COMMAND = 0x22,
	TAG_ANSWERS = 0xAB,
	TAG_COUNT = 0x80,
	TAG_ANSWER = 0x23,
	TAG_BAD = 0x90,
	BAD_TAG = 0x01,
	ANSWER_MIN = 4,   /* bytes of an answer without data */
	COMPACT_HEAD = 3, /* how many, status word */
	WRITES = 1, /* what a command does: to the selected EF, to files that cannot be named, to a PIN */
	MAKES = 2,
	GUESSES = 3
};

/* A command and what it does. Handlers are named here a second time, so that no ENVELOPE can be in a packet.
 */
struct remote_row {
	uint8_t cla, ins, form, does; /* form as in apdu/dispatch.h */
	command_handler *handler;
};

/* SPEC: TS 102 226 7: the commands of remote file management */
static const struct remote_row rows[] = {
	{0x00, SELECT, 4, 0, select_file},       {0x00, 0xB0, 2, 0, read_binary},
	{0x00, 0xB2, 2, 0, read_record},         {0x00, 0xA2, 4, 0, search_record},
	{0x80, 0xCB, 5, 0, retrieve_data},       {0x00, 0x20, 3, GUESSES, verify_pin},
	{0x00, 0x24, 3, GUESSES, change_pin},    {0x00, 0x26, 3, GUESSES, disable_pin},
	{0x00, 0x28, 3, GUESSES, enable_pin},    {0x00, 0x2C, 3, GUESSES, unblock_pin},
	{0x00, 0xD6, 3, WRITES, update_binary},  {0x00, 0xDC, 3, WRITES, update_record},
	{0x80, 0x32, 4, WRITES, increase},       {0x80, 0xDB, 3, WRITES, set_data},
	{0x00, 0x04, 3, MAKES, deactivate_file}, {0x00, 0x44, 3, MAKES, activate_file},
	{0x00, 0xE0, 3, MAKES, create_file},     {0x00, 0xE4, 3, MAKES, delete_file},
	{0x80, 0xD4, 3, MAKES, resize_file},
};

struct run {
	struct card *card;
	uint8_t answer[RESPONSE_MAX];
	size_t length;  /* of what the last command answered, ... */
	size_t waiting; /* ... or of what GET RESPONSE will */
	uint8_t count, authentic;
	sw_t sw;
};

/* The row of a command, or NULL and why not. */
static const struct remote_row *find(uint8_t cla, uint8_t ins, sw_t *sw)
{
	*sw = SW_INS_NOT_SUPPORTED;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].ins != ins)
			continue;
		if (rows[i].cla == cla)
			return &rows[i];
		*sw = SW_CLA_NOT_SUPPORTED;
	}
	return NULL;
}

/* Has a command of this row data? */
static int takes_data(const struct remote_row *row, uint8_t p2)
{
	return row && (row->form == 5 ? (p2 & FIRST_BLOCK) != 0 : row->form >= 3);
}

static sw_t get_response(struct run *run, const struct command *command)
{
	size_t want = command->expected == 256 ? run->waiting : command->expected;

	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (run->waiting == 0)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (want > run->waiting)
		return SW_WRONG_LE(run->waiting);
	run->length = want;
	run->waiting = 0;
	return SW_OK;
}

/* Call the handler; once more with the right length when 00 asked for "all". */
static sw_t handle(struct run *run, const struct remote_row *row, struct command *command)
{
	struct reply reply = {.at = run->answer, .size = RESPONSE_MAX - 2};
	sw_t sw = isd_allows(run->card, command);

	if (sw != SW_OK)
		return sw;
	sw = row->handler(run->card, command, &reply);
	if (command->expected == 256 && (sw & 0xFF00) == 0x6C00) {
		command->expected = sw & 0xFF;
		reply.length = 0;
		sw = row->handler(run->card, command, &reply);
	}
	run->length = sw == SW_OK || (sw & 0xFE00) == 0x6200 ? reply.length : 0;
	return sw;
}

static void tell_change(struct run *run, int does)
{
	const struct selection *selection = &channel_now(run->card)->selection;

	if (does == WRITES)
		cat_file_changed(run->card,
				 selection->ef != FILE_NONE ? selection->ef : selection->directory);
	if (does == MAKES)
		cat_file_changed(run->card, FILE_NONE);
}

/* One command; its status word. With `le` its answer is wanted at once. */
static sw_t one(struct run *run, struct command *command, int le)
{
	sw_t sw;
	const struct remote_row *row = find(command->cla, command->ins, &sw);

	run->length = 0;
	run->count++;
	if (command->ins == GET_RESPONSE)
		return get_response(run, command);
	run->waiting = 0;
	if (!row)
		return sw;
	if (command->ins == SELECT && command->p1 == BY_AID)
		return SW_WRONG_P1_P2;
	if (row->does == GUESSES && !run->authentic)
		return SW_SECURITY_NOT_SATISFIED; /* who is far away burns no tries */
	sw = handle(run, row, command);
	if (sw == SW_OK)
		tell_change(run, row->does);
	if (command->expected == 0 && !le && run->length > 0) {
		run->waiting = run->length;
		run->length = 0;
		sw = sw == SW_OK ? SW_RESPONSE_READY(run->waiting) : sw;
	}
	return sw;
}

static int is_good(sw_t sw)
{
	return sw == SW_OK || (sw & 0xFF00) == 0x6100 || (sw & 0xFF00) == 0x6200 || sw == SW_MORE_EXPECTED;
}

/* Take one command of a script; ERROR_FORMAT when it is cut off. */
static int take(struct command *command, int *le, struct span *in)
{
	const uint8_t *p = in->at;
	size_t p3 = in->length >= HEADER ? p[4] : 0, length = HEADER;
	sw_t sw;

	if (in->length < HEADER)
		return ERROR_FORMAT;
	*command = (struct command){.cla = p[0], .ins = p[1], .p1 = p[2], .p2 = p[3]};
	if (takes_data(find(p[0], p[1], &sw), p[3])) {
		length += p3;
		if (in->length < length)
			return ERROR_FORMAT;
		command->data = (struct span){p + HEADER, p3};
	} else {
		command->expected = (uint16_t)(p3 ? p3 : 256);
	}
	*le = 0;
	in->at += length;
	in->length -= length;
	return OK;
}

/* It counts, and fails. */
static void cut_off(struct run *run)
{
	run->count++;
	run->length = 0;
	run->sw = SW_WRONG_LENGTH;
}

/* SPEC: TS 102 226 5.1.1, 5.1.2 */
static size_t compact(uint8_t *out, struct run *run, struct span script)
{
	struct command command;
	size_t n = 0;
	int le;

	while (script.length > 0 && is_good(run->sw)) {
		if (take(&command, &le, &script) < 0) {
			cut_off(run);
			break;
		}
		run->sw = one(run, &command, le);
	}
	n = run->length;
	if (n > REMOTE_ANSWER_MAX - COMPACT_HEAD) {
		n = REMOTE_ANSWER_MAX - COMPACT_HEAD;
		run->sw = SW_MORE_DATA;
	}
	out[0] = run->count;
	out[1] = (uint8_t)(run->sw >> 8);
	out[2] = (uint8_t)run->sw;
	memcpy(out + COMPACT_HEAD, run->answer, n);
	return COMPACT_HEAD + n;
}

/* A command of the expanded format: cases 1 to 4 with their own lengths. */
static int take_whole(struct command *command, int *le, struct span in)
{
	int e;

	if (in.length == HEADER - 1) {
		*command = (struct command){.cla = in.at[0], .ins = in.at[1], .p1 = in.at[2], .p2 = in.at[3]};
		command->expected = 256;
		*le = 0;
		return OK;
	}
	if ((e = take(command, le, &in)) < 0)
		return e;
	*le = in.length == 1;
	return in.length > 1 ? ERROR_FORMAT : OK;
}

/* SPEC: TS 102 226 5.2.1, 5.2.2: with definite lengths */
static size_t expanded(uint8_t *out, struct run *run, struct span script)
{
	struct span object;
	struct command command;
	uint8_t *count;
	uint16_t tag = 0;
	size_t n = 5, data;
	int e, le;

	memcpy(out, (const uint8_t[]){TAG_ANSWERS, 0, TAG_COUNT, 1, 0}, 5);
	count = out + 4;
	while (is_good(run->sw) && n + ANSWER_MIN <= REMOTE_ANSWER_MAX - 3 &&
	       (e = tlv_next(&tag, &object, &script)) != 0) {
		if (e < 0 || tag != TAG_COMMAND) {
			memcpy(out + n, (const uint8_t[]){TAG_BAD, 1, BAD_TAG}, 3);
			n += 3;
			break;
		}
		if (take_whole(&command, &le, object) < 0)
			cut_off(run);
		else
			run->sw = one(run, &command, le);
		data = run->length;
		if (data > REMOTE_ANSWER_MAX - 3 - n - ANSWER_MIN) {
			data = REMOTE_ANSWER_MAX - 3 - n - ANSWER_MIN;
			run->sw = SW_MORE_DATA;
		}
		out[n] = TAG_ANSWER;
		out[n + 1] = (uint8_t)(data + 2);
		memcpy(out + n + 2, run->answer, data);
		out[n + 2 + data] = (uint8_t)(run->sw >> 8);
		out[n + 3 + data] = (uint8_t)run->sw;
		n += ANSWER_MIN + data;
	}
	*count = run->count;
	out[1] = (uint8_t)(n - 2);
	return n;
}

size_t remote_run(uint8_t out[static REMOTE_ANSWER_MAX], struct card *card, enum application application,
		  int authentic, struct span script)
{
	uint8_t before = card->channel;
	struct run run = {.card = card, .authentic = authentic != 0, .sw = SW_OK};
	struct span inner;
	size_t n;

	card->channel = CHANNEL_REMOTE;
	channel_open(channel_now(card));
	selection_start(&channel_now(card)->selection, application);
	if (authentic)
		pin_session_grant(&channel_now(card)->pins, PIN_ADM1);
	if (script.length > 0 && script.at[0] == TAG_SCRIPT)
		n = tlv_find(&inner, TAG_SCRIPT, script) == OK
			    ? expanded(out, &run, inner)
			    : expanded(out, &run,
				       (struct span){script.at, 1}); /* no object: told as a bad one */
	else
		n = compact(out, &run, script);
	if (card->transfer.active && card->transfer.channel == CHANNEL_REMOTE)
		object_transfer_drop(&card->transfer);
	memset(channel_now(card), 0, sizeof(struct channel));
	wipe(run.answer, sizeof(run.answer));
	card->channel = before;
	return n;
}
