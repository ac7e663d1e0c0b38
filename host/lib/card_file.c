#include "lib/card_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/secret.h"
#include "status.h"

enum {
	INS_SELECT = 0xA4,
	INS_READ_BINARY = 0xB0,
	INS_READ_RECORD = 0xB2,
	INS_UPDATE_BINARY = 0xD6,
	INS_VERIFY = 0x20,
	WANT_FCP = 0x04,
	WANT_NOTHING = 0x0C,
	CHUNK = 255,
};

static const struct {
	int sw, mask;
	const char *text;
} meanings[] = {
	{0x9000, 0xFFFF, "done"},
	{0x9100, 0xFF00, "done, and the card wants to say something"},
	{0x6283, 0xFFFF, "the selected file or card is out of use"},
	{0x63C0, 0xFFF0, "wrong, tries are counted"},
	{0x6581, 0xFFFF, "memory problem"},
	{0x6700, 0xFFFF, "wrong length"},
	{0x6881, 0xFFFF, "channel not supported"},
	{0x6882, 0xFFFF, "secure messaging not supported"},
	{0x6981, 0xFFFF, "wrong kind of file"},
	{0x6982, 0xFFFF, "not allowed: a PIN, ADM or secure channel is needed"},
	{0x6983, 0xFFFF, "blocked, no tries left"},
	{0x6984, 0xFFFF, "not usable: disabled or not set"},
	{0x6985, 0xFFFF, "not now: conditions are not met"},
	{0x6986, 0xFFFF, "no file is selected"},
	{0x6988, 0xFFFF, "secure messaging: wrong MAC"},
	{0x6A80, 0xFFFF, "wrong data"},
	{0x6A81, 0xFFFF, "function not supported"},
	{0x6A82, 0xFFFF, "not found on the card"},
	{0x6A83, 0xFFFF, "no such record"},
	{0x6A84, 0xFFFF, "no room left"},
	{0x6A86, 0xFFFF, "wrong P1 or P2"},
	{0x6A88, 0xFFFF, "no such reference"},
	{0x6A89, 0xFFFF, "there is such a file already"},
	{0x6B00, 0xFFFF, "offset outside the file"},
	{0x6D00, 0xFF00, "instruction not supported"},
	{0x6E00, 0xFF00, "class not supported"},
	{0x6F00, 0xFF00, "technical problem"},
	{0x9484, 0xFFFF, "algorithm not supported"},
	{0x9485, 0xFFFF, "wrong check value of a key"},
	{0x9862, 0xFFFF, "wrong MAC in AUTN"},
	{0x9864, 0xFFFF, "context not supported"},
};

const char *card_status_text(int sw)
{
	size_t i;

	for (i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if ((sw & meanings[i].mask) == meanings[i].sw)
			return meanings[i].text;
	return "unknown status";
}

int card_status_fault(struct fault *fault, int sw, const char *what)
{
	if (sw < 0)
		return fault_prefix(fault, "%s", what);
	return fault_set(fault, FAULT_CARD, NULL, "%s: the card answers %04X (%s)", what, (unsigned)sw,
			 card_status_text(sw));
}

/* ---- SELECT ---- */

/* The record or size fields of one FCP (TS 102 221 11.1.1.3). */
static void parse_fcp(struct card_file *file, const uint8_t *fcp, size_t length)
{
	size_t at = 2;

	memset(file, 0, sizeof(*file));
	file->kind = CARD_FILE_OTHER;
	file->pin1_enabled = -1;
	if (length < 2 || fcp[0] != 0x62)
		return;
	if (fcp[1] == 0x81)
		at = 3;
	while (at + 2 <= length && at + 2 + fcp[at + 1] <= length) {
		const uint8_t *value = fcp + at + 2;
		size_t n = fcp[at + 1];

		if (fcp[at] == 0x80 && n >= 1 && n <= 4)
			for (file->size = 0; n > 0; n--)
				file->size = file->size << 8 | *value++;
		else if (fcp[at] == 0xC6 && n >= 3 && value[0] == 0x90 && value[1] == 0x01)
			file->pin1_enabled = value[2] >> 7; /* TS 102 221 9.5.2 */
		else if (fcp[at] == 0x82 && n >= 1) {
			if ((value[0] & 0xBF) == 0x39) /* TS 102 221 11.1.1.4.3 */
				file->kind = CARD_FILE_OBJECTS;
			else if ((value[0] & 0xB8) == 0x38)
				file->kind = CARD_FILE_FOLDER;
			else if ((value[0] & 0x07) == 1)
				file->kind = CARD_FILE_TRANSPARENT;
			else if ((value[0] & 0x07) == 2)
				file->kind = CARD_FILE_LINEAR;
			else if ((value[0] & 0x07) == 6)
				file->kind = CARD_FILE_CYCLIC;
			if (n >= 5) {
				file->record_length = (size_t)value[2] << 8 | value[3];
				file->records = value[4];
			}
		}
		at += 2 + fcp[at + 1];
	}
}

/* One SELECT with `length` bytes of name; with `file`, its FCP. */
static int select_one(struct reader *reader, struct card_file *file, uint8_t p1, const uint8_t *name,
		      size_t length, struct fault *fault)
{
	uint8_t command[5 + 16 + 1] = {0x00, INS_SELECT, p1, file ? WANT_FCP : WANT_NOTHING, (uint8_t)length};
	uint8_t fcp[256];
	size_t got;
	int sw;

	memcpy(command + 5, name, length);
	sw = reader_apdu(reader, fcp, &got, sizeof(fcp), command, 5 + length + (file ? 1 : 0), fault);
	if (file)
		parse_fcp(file, fcp, sw == SW_OK ? got : 0);
	return sw;
}

static const uint8_t usim_aid[] = {0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x02};

int card_select_usim(struct reader *reader, struct fault *fault)
{
	int sw = select_one(reader, NULL, 0x04, usim_aid, sizeof(usim_aid), fault);

	return sw == SW_OK ? 0 : card_status_fault(fault, sw, "select ADF.USIM");
}

int card_file_select(struct reader *reader, struct card_file *file, const char *path, struct fault *fault)
{
	uint8_t fids[16];
	size_t n = 0;
	int sw = SW_OK, under_adf = strncmp(path, "7FFF", 4) == 0;

	if (under_adf) {
		path += path[4] == '/' ? 5 : 4;
		sw = select_one(reader, *path ? NULL : file, 0x04, usim_aid, sizeof(usim_aid), fault);
		if (sw != SW_OK || !*path)
			return sw;
	}
	if (strcmp(path, "3F00") == 0)
		return select_one(reader, file, 0x00, (const uint8_t[]){0x3F, 0x00}, 2, fault);
	while (*path && n + 2 <= sizeof(fids)) {
		char *end;
		unsigned long fid = strtoul(path, &end, 16);

		if (end != path + 4 || (*end && *end != '/'))
			return fault_set(fault, FAULT_USAGE, "for example 2FE2 or 7FFF/6F07",
					 "\"%.40s\" is no path of file identifiers", path);
		fids[n++] = (uint8_t)(fid >> 8);
		fids[n++] = (uint8_t)fid;
		path = *end ? end + 1 : end;
	}
	return select_one(reader, file, under_adf ? 0x09 : 0x08, fids, n, fault);
}

/* ---- content ---- */

static int short_answer(struct fault *fault, size_t got, size_t wanted)
{
	return fault_set(fault, FAULT_CARD, NULL, "the card gave %zu bytes where %zu were asked for", got,
			 wanted);
}

int card_file_read(struct reader *reader, uint8_t *out, size_t offset, size_t length, struct fault *fault)
{
	int sw = SW_OK;

	while (length > 0) {
		size_t got, n = length < CHUNK ? length : CHUNK;
		uint8_t command[5] = {0x00, INS_READ_BINARY, (uint8_t)(offset >> 8 & 0x7F), (uint8_t)offset,
				      (uint8_t)n};

		sw = reader_apdu(reader, out, &got, n, command, sizeof(command), fault);
		if (sw != SW_OK)
			return sw;
		if (got != n)
			return short_answer(fault, got, n);
		out += n;
		offset += n;
		length -= n;
	}
	return sw;
}

int card_file_read_record(struct reader *reader, uint8_t *out, unsigned record, size_t length,
			  struct fault *fault)
{
	uint8_t command[5] = {0x00, INS_READ_RECORD, (uint8_t)record, 0x04, (uint8_t)length};
	size_t got;
	int sw = reader_apdu(reader, out, &got, length, command, sizeof(command), fault);

	return sw == SW_OK && got != length ? short_answer(fault, got, length) : sw;
}

int card_file_update(struct reader *reader, size_t offset, const uint8_t *in, size_t length,
		     struct fault *fault)
{
	uint8_t command[5 + CHUNK];
	int sw = SW_OK;

	while (length > 0 && sw == SW_OK) {
		size_t got, n = length < CHUNK ? length : CHUNK;

		command[0] = 0x00;
		command[1] = INS_UPDATE_BINARY;
		command[2] = (uint8_t)(offset >> 8 & 0x7F);
		command[3] = (uint8_t)offset;
		command[4] = (uint8_t)n;
		memcpy(command + 5, in, n);
		sw = reader_apdu(reader, NULL, &got, 0, command, 5 + n, fault);
		in += n;
		offset += n;
		length -= n;
	}
	return sw;
}

int card_file_get(struct reader *reader, uint8_t *out, size_t length, const char *path, const char *name,
		  struct fault *fault)
{
	char what[80];
	int sw = card_file_select(reader, NULL, path, fault);

	(void)snprintf(what, sizeof(what), "select %s", name);
	if (sw != SW_OK)
		return card_status_fault(fault, sw, what);
	sw = card_file_read(reader, out, 0, length, fault);
	(void)snprintf(what, sizeof(what), "read %s", name);
	return sw == SW_OK ? 0 : card_status_fault(fault, sw, what);
}

/* ---- PINs ---- */

int card_pin_tries(struct reader *reader, unsigned reference, struct fault *fault)
{
	uint8_t command[5] = {0x00, INS_VERIFY, 0x00, (uint8_t)reference, 0x00};
	size_t got;
	int sw = reader_apdu(reader, NULL, &got, 0, command, 4, fault);

	if (sw == SW_OK || sw == SW_DATA_INVALIDATED)
		return 16;
	if ((sw & 0xFFF0) == 0x63C0)
		return sw & 0x0F;
	if (sw == SW_PIN_BLOCKED)
		return 0;
	return card_status_fault(fault, sw, "ask for the tries left");
}

int card_pin_verify(struct reader *reader, unsigned reference, const char *pin, struct fault *fault)
{
	uint8_t command[5 + 8] = {0x00, INS_VERIFY, 0x00, (uint8_t)reference, 8};
	size_t got, length = strlen(pin);
	int sw;

	memset(command + 5, 0xFF, 8);
	memcpy(command + 5, pin, length < 8 ? length : 8);
	sw = reader_apdu(reader, NULL, &got, 0, command, sizeof(command), fault);
	secret_wipe(command, sizeof(command));
	return sw;
}
