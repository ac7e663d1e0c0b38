#include "fs/fcp.h"

#include "card.h"
#include "codec/tlv.h"
#include "fs/file.h"

enum {
	TEMPLATE_FCP = 0x62,
	TEMPLATE_FCI = 0x6F,
	TAG_SIZE = 0x80,
	TAG_DESCRIPTOR = 0x82,
	TAG_FID = 0x83,
	TAG_AID = 0x84,
	TAG_SFI = 0x88,
	TAG_LIFE_CYCLE = 0x8A,
	TAG_ARR = 0x8B,
	TAG_PROPRIETARY = 0xA5,
	TAG_PIN_STATUS = 0xC6,
	CHARACTERISTICS = 0x80, /* in A5 */
	PS_DO = 0x90,           /* in C6 */
	KEY_REFERENCE = 0x83,   /* in C6 */
	CLOCK_STOP_ALL_CLASSES = 0x71,
	ACTIVATED = 0x05,
	DATA_CODING = 0x21,
	KIND_DIRECTORY = 0x78,
	KIND_TRANSPARENT = 0x41, /* working EF, shareable */
	KIND_LINEAR = 0x42,
	FID_ARR_MF = 0x2F06,
	FID_ARR_ADF = 0x6F06,
	MAX_COMMAND = 0x9F65, /* in the A5 of an FCI: longest command data */
};

static void put16(struct tlv *tlv, uint8_t tag, uint16_t value)
{
	uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};

	tlv_put(tlv, tag, bytes, sizeof(bytes));
}

/* C6: which PINs there are, and a bit for each that is enabled, the first in bit 8. */
static int put_pins(struct tlv *tlv, const struct card *card)
{
	static const uint8_t references[PIN_REFERENCES] = {PIN_1, PIN_ADM1};
	size_t mark = tlv_open(tlv, TAG_PIN_STATUS), i;
	struct pin_state state;
	uint8_t enabled = 0;
	int e;

	for (i = 0; i < PIN_REFERENCES; i++) {
		if ((e = pin_look(card, references[i], &state)) < 0)
			return e;
		if (state.enabled)
			enabled = (uint8_t)(enabled | 0x80 >> i);
	}
	tlv_put_byte(tlv, PS_DO, enabled);
	for (i = 0; i < PIN_REFERENCES; i++)
		tlv_put_byte(tlv, KEY_REFERENCE, references[i]);
	tlv_close(tlv, mark);
	return OK;
}

static void put_descriptor(struct tlv *tlv, const struct file *row)
{
	uint8_t bytes[5] = {KIND_DIRECTORY, DATA_CODING, 0, row->size, row->records};

	if (row->kind == FILE_TRANSPARENT)
		bytes[0] = KIND_TRANSPARENT;
	if (row->kind == FILE_LINEAR)
		bytes[0] = KIND_LINEAR;
	tlv_put(tlv, TAG_DESCRIPTOR, bytes, row->kind == FILE_LINEAR ? 5 : 2);
}

/* 8B: which record of which EF.ARR. An EF's is in its own directory, a
 * directory's in its parent. */
static void put_rule(struct tlv *tlv, const struct file *row)
{
	int in_mf = row->kind == FILE_DIRECTORY || row->kind == FILE_APPLICATION || row->parent == FILE_MF;
	uint16_t arr = in_mf ? FID_ARR_MF : FID_ARR_ADF;
	uint8_t bytes[3] = {(uint8_t)(arr >> 8), (uint8_t)arr, row->rule};

	tlv_put(tlv, TAG_ARR, bytes, sizeof(bytes));
}

static void put_size_and_sfi(struct tlv *tlv, const struct file *row)
{
	uint8_t sfi = (uint8_t)(row->sfi << 3);

	put16(tlv, TAG_SIZE, (uint16_t)(row->kind == FILE_LINEAR ? row->size * row->records : row->size));
	tlv_put(tlv, TAG_SFI, &sfi, row->sfi ? 1 : 0);
}

static int finish(struct reply *reply, const struct tlv *tlv)
{
	int n = tlv_length(tlv);

	if (n < 0)
		return n;
	reply->length += (size_t)n;
	return OK;
}

int fcp_fill(const struct card *card, uint8_t file, struct reply *reply)
{
	const struct file *row = file_row(file);
	size_t left = reply->size - reply->length, mark, inner;
	struct tlv tlv;
	int directory, e;

	if (!row)
		return ERROR_NOT_FOUND;
	directory = row->kind == FILE_DIRECTORY || row->kind == FILE_APPLICATION;
	tlv_start(&tlv, reply->at + reply->length, left < FCP_MAX ? left : FCP_MAX);
	mark = tlv_open(&tlv, TEMPLATE_FCP);
	put_descriptor(&tlv, row);
	if (row->kind == FILE_APPLICATION)
		tlv_put(&tlv, TAG_AID, row->preset.at, row->preset.length);
	else
		put16(&tlv, TAG_FID, row->fid);
	if (directory) {
		inner = tlv_open(&tlv, TAG_PROPRIETARY);
		tlv_put_byte(&tlv, CHARACTERISTICS, CLOCK_STOP_ALL_CLASSES);
		tlv_close(&tlv, inner);
	}
	tlv_put_byte(&tlv, TAG_LIFE_CYCLE, ACTIVATED);
	put_rule(&tlv, row);
	if (!directory)
		put_size_and_sfi(&tlv, row);
	else if ((e = put_pins(&tlv, card)) < 0)
		return e;
	tlv_close(&tlv, mark);
	return finish(reply, &tlv);
}

int fcp_fill_fci(uint8_t file, struct reply *reply)
{
	static const uint8_t longest[] = {MAX_COMMAND >> 8, MAX_COMMAND & 0xFF, 0x01, 0xFF};
	const struct file *row = file_row(file);
	struct tlv tlv;
	size_t mark;

	if (!row || row->kind != FILE_APPLICATION)
		return ERROR_NOT_FOUND;
	tlv_start(&tlv, reply->at + reply->length, reply->size - reply->length);
	mark = tlv_open(&tlv, TEMPLATE_FCI);
	tlv_put(&tlv, TAG_AID, row->preset.at, row->preset.length);
	tlv_put(&tlv, TAG_PROPRIETARY, longest, sizeof(longest));
	tlv_close(&tlv, mark);
	return finish(reply, &tlv);
}
