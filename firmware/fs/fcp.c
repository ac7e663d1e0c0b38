#include "fs/fcp.h"

#include "card.h"
#include "codec/tlv.h"
#include "fs/descriptor.h"
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
	SYSTEM_COMMANDS = 0x87, /* in A5 of the MF: which of them there are */
	TERMINAL_CAPABILITY = 0x01,
	RESERVED_SIZE = 0x85,   /* in A5 of a BER-TLV file */
	MAXIMUM_SIZE = 0x86,    /* likewise */
	PS_DO = 0x90,           /* in C6 */
	KEY_REFERENCE = 0x83,   /* in C6 */
	USAGE_QUALIFIER = 0x95, /* in C6, before the reference of the universal PIN */
	NOT_USED = 0x00,
	USER_VERIFICATION = 0x08,
	CLOCK_STOP_ALL_CLASSES = 0x71,
	DATA_CODING = 0x21,
	SHAREABLE = 0x40,
	KIND_DIRECTORY = 0x38,
	KIND_TRANSPARENT = 0x01,
	KIND_LINEAR = 0x02,
	KIND_CYCLIC = 0x06,
	KIND_BER_TLV = 0x39,
	FID_ARR_MF = 0x2F06,
	FID_ARR_ADF = 0x6F06,
	MAX_COMMAND = 0x9F65, /* in the A5 of an FCI: longest command data */
};

static void put16(struct tlv *tlv, uint8_t tag, uint16_t value)
{
	uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};

	tlv_put(tlv, tag, bytes, sizeof(bytes));
}

/* SPEC: TS 102 221 9.5.2, 11.1.1.4.10: tag C6, a bit for each PIN that is enabled, the first in bit 8,
 * then their references; that of the universal PIN with its usage qualifier. */
static int put_pins(struct tlv *tlv, const struct card *card, uint16_t directory)
{
	uint8_t references[PIN_REFERENCES], count = 0, on = 0, i, usage = NOT_USED;
	size_t mark = tlv_open(tlv, TAG_PIN_STATUS);
	struct pin_state state;
	int e;

	for (i = 0; pin_reference(i); i++) {
		e = pin_is_of(card, pin_reference(i), directory) ? pin_look(card, pin_reference(i), &state)
								 : ERROR_NOT_FOUND;
		if (e == ERROR_NOT_FOUND)
			continue;
		if (e < 0)
			return e;
		if (state.enabled == PIN_ON)
			on = (uint8_t)(on | 0x80 >> count);
		if (state.enabled == PIN_REPLACED)
			usage = USER_VERIFICATION;
		references[count++] = pin_reference(i);
	}
	tlv_put_byte(tlv, PS_DO, on);
	for (i = 0; i < count; i++) {
		if (references[i] == PIN_UNIVERSAL)
			tlv_put_byte(tlv, USAGE_QUALIFIER, usage);
		tlv_put_byte(tlv, KEY_REFERENCE, references[i]);
	}
	tlv_close(tlv, mark);
	return OK;
}

/* SPEC: TS 102 221 11.1.1.4.3: file descriptor */
static void put_descriptor(struct tlv *tlv, const struct file *row)
{
	static const uint8_t kinds[] = {
		[FILE_DIRECTORY] = KIND_DIRECTORY,     [FILE_APPLICATION] = KIND_DIRECTORY,
		[FILE_TRANSPARENT] = KIND_TRANSPARENT, [FILE_LINEAR] = KIND_LINEAR,
		[FILE_CYCLIC] = KIND_CYCLIC,           [FILE_BER_TLV] = KIND_BER_TLV,
	};
	uint8_t bytes[5] = {kinds[row->kind], DATA_CODING, 0, (uint8_t)row->size, row->records};

	if (!(row->flags & FILE_EXCLUSIVE))
		bytes[0] |= SHAREABLE;
	tlv_put(tlv, TAG_DESCRIPTOR, bytes, file_has_records(row) ? 5 : 2);
}

/* SPEC: TS 102 221 11.1.1.4.7, 9.2.7: tag 8B, which record of which EF.ARR: the one of the application the
 * file is in, else the MF's. A file made at run time has what it was made with. */
static int put_rule(struct tlv *tlv, const struct card *card, uint16_t file, const struct file *row)
{
	uint8_t bytes[3] = {FID_ARR_MF >> 8, FID_ARR_MF & 0xFF, row->rule}, own[FILE_SECURITY_MAX];
	uint16_t above;
	int n;

	if (file >= FILE_MADE) {
		n = descriptor_security(&card->store, own, file);
		if (n < 2 || own[1] != n - 2)
			return ERROR_MEMORY;
		tlv_put(tlv, own[0], own + 2, own[1]);
		return OK;
	}
	for (above = row->parent; above != FILE_NONE; above = file_parent(&card->store, above))
		if (file_kind(&card->store, above) == FILE_APPLICATION)
			bytes[0] = FID_ARR_ADF >> 8;
	tlv_put(tlv, TAG_ARR, bytes, sizeof(bytes));
	return OK;
}

/* SPEC: TS 102 221 11.1.1.4.1, 11.1.1.4.8: file size and short identifier */
static void put_size_and_sfi(struct tlv *tlv, const struct file *row)
{
	uint8_t sfi = (uint8_t)(row->sfi << 3);

	put16(tlv, TAG_SIZE, (uint16_t)(file_has_records(row) ? row->size * row->records : row->size));
	tlv_put(tlv, TAG_SFI, &sfi, row->sfi ? 1 : 0);
}

/* SPEC: TS 102 221 11.1.1.4.6: what is kept for a BER-TLV file, and what it may have at most. */
static void put_limits(struct tlv *tlv, const struct file *row)
{
	size_t inner = tlv_open(tlv, TAG_PROPRIETARY);

	put16(tlv, RESERVED_SIZE, row->size);
	put16(tlv, MAXIMUM_SIZE, row->size);
	tlv_close(tlv, inner);
}

static int finish(struct reply *reply, const struct tlv *tlv)
{
	int n = tlv_length(tlv);

	if (n < 0)
		return n;
	reply->length += (size_t)n;
	return OK;
}

/* SPEC: TS 102 221 11.1.1.4, 11.1.1.4.4 to 11.1.1.4.6, 11.1.1.4.9 */
int fcp_fill(const struct card *card, uint16_t file, struct reply *reply)
{
	size_t left = reply->size - reply->length, mark, inner;
	struct file found, *row = &found;
	uint8_t aid[FILE_AID_MAX];
	struct tlv tlv;
	int directory, e;

	if ((e = file_get(&card->store, row, file)) < 0)
		return e;
	directory = row->kind == FILE_DIRECTORY || row->kind == FILE_APPLICATION;
	tlv_start(&tlv, reply->at + reply->length, left < FCP_MAX ? left : FCP_MAX);
	mark = tlv_open(&tlv, TEMPLATE_FCP);
	put_descriptor(&tlv, row);
	if (row->fid != 0)
		put16(&tlv, TAG_FID, row->fid);
	if (row->kind == FILE_APPLICATION)
		tlv_put(&tlv, TAG_AID, aid, file_aid(&card->store, aid, file));
	if (directory) {
		inner = tlv_open(&tlv, TAG_PROPRIETARY);
		tlv_put_byte(&tlv, CHARACTERISTICS, CLOCK_STOP_ALL_CLASSES);
		if (file == FILE_MF)
			tlv_put_byte(&tlv, SYSTEM_COMMANDS, TERMINAL_CAPABILITY);
		tlv_close(&tlv, inner);
	}
	if (row->kind == FILE_BER_TLV)
		put_limits(&tlv, row);
	tlv_put_byte(&tlv, TAG_LIFE_CYCLE, row->state);
	if ((e = put_rule(&tlv, card, file, row)) < 0)
		return e;
	if (!directory)
		put_size_and_sfi(&tlv, row);
	else if ((e = put_pins(&tlv, card, file)) < 0)
		return e;
	tlv_close(&tlv, mark);
	return finish(reply, &tlv);
}

/* SPEC: GPC 11.9.3.1 */
int fcp_fill_fci(const struct card *card, uint16_t file, struct reply *reply)
{
	static const uint8_t longest[] = {MAX_COMMAND >> 8, MAX_COMMAND & 0xFF, 0x01, 0xFF};
	uint8_t aid[FILE_AID_MAX];
	size_t length = file_aid(&card->store, aid, file), mark;
	struct tlv tlv;

	if (length == 0)
		return ERROR_NOT_FOUND;
	tlv_start(&tlv, reply->at + reply->length, reply->size - reply->length);
	mark = tlv_open(&tlv, TEMPLATE_FCI);
	tlv_put(&tlv, TAG_AID, aid, length);
	tlv_put(&tlv, TAG_PROPRIETARY, longest, sizeof(longest));
	tlv_close(&tlv, mark);
	return finish(reply, &tlv);
}
