#include "gsm/header.h"

#include <string.h>

#include "card.h"
#include "fs/access.h"
#include "fs/file.h"

/* SPEC: TS 51.011 9.2.1, 9.3: places in the header, the first byte is 0. */
enum {
	AT_SIZE = 2, /* of an EF; of a directory, what is not used */
	AT_FID = 4,
	AT_TYPE = 6,
	AT_LENGTH = 12, /* of what follows */
	/* Of a directory. */
	AT_CHARACTERISTICS = 13,
	AT_DIRECTORIES = 14,
	AT_FILES = 15,
	AT_CODES = 16, /* how many CHVs, unblock CHVs and administrative codes */
	AT_CHV1 = 18,
	AT_CHV2 = 20,
	/* Of an EF. */
	AT_INCREASABLE = 7,
	AT_READ_UPDATE = 8,
	AT_INCREASE = 9,
	AT_REHABILITATE_INVALIDATE = 10,
	AT_STATUS = 11,
	AT_STRUCTURE = 13,
	AT_RECORD = 14,
	TYPE_MF = 0x01,
	TYPE_DF = 0x02,
	TYPE_EF = 0x04,
	ALL_VOLTAGES_CLOCK_STOP = 0x31, /* down to 1.8 V; stop at either level; 13/8 MHz are enough */
	CHV1_DISABLED = 0x80,
	INITIALISED = 0x80, /* a secret code */
	INCREASABLE = 0x40,
	NOT_INVALIDATED = 0x01,
	STRUCTURE_TRANSPARENT = 0x00,
	STRUCTURE_LINEAR = 0x01,
	STRUCTURE_CYCLIC = 0x03,
	LEVEL_NEVER = 0x0F
};

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* The level of TS 51.011 7.3 that a rule comes to. */
static unsigned level(const struct card *card, uint16_t file, enum access_mode mode)
{
	static const struct {
		uint8_t pin, level;
	} levels[] = {{0, 0}, {PIN_1, 1}, {PIN_2, 2}, {PIN_ADM1, 4}};
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (access_would(card, file, mode, levels[i].pin) == GRANTED)
			return levels[i].level;
	return LEVEL_NEVER;
}

static uint8_t levels_of(const struct card *card, uint16_t file, enum access_mode high, enum access_mode low)
{
	return (uint8_t)(level(card, file, high) << 4 | level(card, file, low));
}

/* Tries left of a CHV and of its unblock CHV; zero for one there is not. */
static int put_chv(uint8_t *header, const struct card *card, uint8_t reference, size_t at)
{
	struct pin_state state;
	int e = pin_look(card, reference, &state);

	if (e == ERROR_NOT_FOUND)
		return OK;
	if (e < 0)
		return e;
	header[AT_CODES]++;
	if (at)
		header[at] = INITIALISED | state.tries;
	if (state.unblock_max == 0)
		return OK;
	header[AT_CODES]++;
	if (at)
		header[at + 1] = INITIALISED | state.unblock;
	return OK;
}

static int put_directory(uint8_t *header, const struct card *card, uint16_t file)
{
	uint32_t room = store_room(&card->store);
	struct pin_state chv1;
	int e;

	put16(header + AT_SIZE, room < UINT16_MAX ? room : UINT16_MAX);
	header[AT_TYPE] = file == FILE_MF ? TYPE_MF : TYPE_DF;
	header[AT_LENGTH] = HEADER_DIRECTORY - AT_LENGTH - 1;
	file_count(&card->store, file, &header[AT_DIRECTORIES], &header[AT_FILES]);
	if ((e = pin_look(card, PIN_1, &chv1)) < 0 || (e = put_chv(header, card, PIN_1, AT_CHV1)) < 0 ||
	    (e = put_chv(header, card, PIN_2, AT_CHV2)) < 0 || (e = put_chv(header, card, PIN_ADM1, 0)) < 0)
		return e;
	header[AT_CHARACTERISTICS] = ALL_VOLTAGES_CLOCK_STOP | (chv1.enabled ? 0 : CHV1_DISABLED);
	return HEADER_DIRECTORY;
}

static int put_ef(uint8_t *header, const struct card *card, uint16_t file, const struct file *row)
{
	int has_records = row->kind == FILE_LINEAR || row->kind == FILE_CYCLIC;

	put16(header + AT_SIZE, has_records ? (uint32_t)row->size * row->records : row->size);
	header[AT_TYPE] = TYPE_EF;
	header[AT_LENGTH] = HEADER_EF - AT_LENGTH - 1;
	header[AT_READ_UPDATE] = levels_of(card, file, ACCESS_READ, ACCESS_UPDATE);
	header[AT_INCREASE] = (uint8_t)(LEVEL_NEVER << 4 | LEVEL_NEVER);
	header[AT_REHABILITATE_INVALIDATE] = levels_of(card, file, ACCESS_ACTIVATE, ACCESS_DEACTIVATE);
	header[AT_STATUS] = row->state == FILE_ACTIVE ? NOT_INVALIDATED : 0;
	header[AT_STRUCTURE] = has_records ? STRUCTURE_LINEAR : STRUCTURE_TRANSPARENT;
	header[AT_RECORD] = has_records ? (uint8_t)row->size : 0;
	if (row->kind == FILE_CYCLIC) {
		unsigned increase = level(card, file, ACCESS_INCREASE);

		header[AT_STRUCTURE] = STRUCTURE_CYCLIC;
		header[AT_INCREASABLE] = increase == LEVEL_NEVER ? 0 : INCREASABLE;
		header[AT_INCREASE] = (uint8_t)(increase << 4 | LEVEL_NEVER);
	}
	return HEADER_EF;
}

int header_fill(const struct card *card, uint16_t file, struct reply *reply)
{
	uint8_t *header = reply->at + reply->length;
	struct file row;
	int n;

	if (reply->size - reply->length < HEADER_DIRECTORY)
		return ERROR_RANGE;
	if ((n = file_get(&card->store, &row, file)) < 0)
		return n;
	memset(header, 0, HEADER_DIRECTORY);
	put16(header + AT_FID, row.kind == FILE_APPLICATION ? FID_ADF : row.fid);
	if (row.kind == FILE_DIRECTORY || row.kind == FILE_APPLICATION)
		n = put_directory(header, card, file);
	else
		n = put_ef(header, card, file, &row);
	if (n < 0)
		return n;
	reply->length += (size_t)n;
	return OK;
}
