/* Every data object is noted first, then it is asked what kind of file they make. */
#include "fs/template.h"

#include "codec/tlv.h"
#include "fs/access.h"
#include "fs/object.h"
#include "pin/pin.h"

enum {
	TEMPLATE = 0x62,
	TAG_SIZE = 0x80,
	TAG_TOTAL_SIZE = 0x81,
	TAG_DESCRIPTOR = 0x82,
	TAG_FID = 0x83,
	TAG_AID = 0x84,
	TAG_SFI = 0x88,
	TAG_LIFE_CYCLE = 0x8A,
	TAG_REFERENCE = 0x8B,
	TAG_COMPACT = 0x8C,
	TAG_PROPRIETARY = 0xA5,
	TAG_EXPANDED = 0xAB,
	TAG_PIN_STATUS = 0xC6,
	/* Inside A5. */
	TAG_CHARACTERISTICS = 0x80,
	TAG_RESERVED_SIZE = 0x85,
	TAG_MAXIMUM_SIZE = 0x86,
	TAG_SPECIAL = 0xC0,
	TAG_FILL = 0xC1,
	TAG_REPEAT = 0xC2,
	SPECIAL_OPEN = 0x40, /* readable and updatable when deactivated */
	SPECIAL_BUSY = 0x80, /* often updated: every file of this card may be */
	/* The file descriptor byte. */
	SHAREABLE = 0x40,
	IS_TRANSPARENT = 0x01,
	IS_LINEAR = 0x02,
	IS_CYCLIC = 0x06,
	IS_DIRECTORY = 0x38,
	IS_BER_TLV = 0x39,
	SFI_MAX = 30,
	EITHER_WAY = 0x02, /* bit of a life cycle status that has no meaning in the operational states */
	/* Inside C6. */
	TAG_KEY_REFERENCE = 0x83,
	AID_MIN = 5 /* ISO/IEC 7816-4 12.2.3: the registered part */
};

/* Which data objects there were; the bits of `seen`. */
enum seen {
	SEEN_SIZE = 1 << 0,
	SEEN_DESCRIPTOR = 1 << 1,
	SEEN_FID = 1 << 2,
	SEEN_SFI = 1 << 3,
	SEEN_LIFE = 1 << 4,
	SEEN_RULE = 1 << 5,
	SEEN_PROPRIETARY = 1 << 6,
	SEEN_PINS = 1 << 7,
	SEEN_AID = 1 << 8,
	SEEN_FILL = 1 << 9,
	SEEN_SPECIAL = 1 << 10,
	SEEN_MAXIMUM = 1 << 11,
	SEEN_RESERVED = 1 << 12,
	SEEN_CHARACTERISTICS = 1 << 13,
	SEEN_TOTAL = 1 << 14,
	NEEDED = SEEN_DESCRIPTOR | SEEN_FID | SEEN_LIFE | SEEN_RULE,
};

struct reading {
	struct template *out;
	unsigned seen;
	uint32_t size;           /* of tag 80 */
	uint8_t record, records; /* of tag 82 */
};

/* Note an object; ERROR_VALUE when there was one already. */
static int see(struct reading *r, unsigned what)
{
	if (r->seen & what)
		return ERROR_VALUE;
	r->seen |= what;
	return OK;
}

static int number(uint32_t *out, struct span value)
{
	*out = 0;
	if (value.length == 0 || value.length > 3)
		return ERROR_FORMAT;
	for (size_t i = 0; i < value.length; i++)
		*out = *out << 8 | value.at[i];
	return OK;
}

/* SPEC: TS 102 221 11.1.1.4.3, TS 102 222 6.3.2.2.2 */
static int read_descriptor(struct reading *r, struct span value)
{
	static const uint8_t kinds[][2] = {{IS_TRANSPARENT, FILE_TRANSPARENT},
					   {IS_LINEAR, FILE_LINEAR},
					   {IS_CYCLIC, FILE_CYCLIC},
					   {IS_DIRECTORY, FILE_DIRECTORY},
					   {IS_BER_TLV, FILE_BER_TLV}};
	struct file *row = &r->out->row;

	if (value.length < 2 || value.at[1] != 0x21)
		return ERROR_VALUE;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((value.at[0] & ~SHAREABLE) == kinds[i][0])
			row->kind = kinds[i][1];
	if (!(value.at[0] & SHAREABLE))
		row->flags |= FILE_EXCLUSIVE;
	if (!file_has_records(row))
		return row->kind && value.length == 2 ? OK : ERROR_VALUE;
	if ((value.length != 4 && value.length != 5) || value.at[2] != 0 || value.at[3] == 0)
		return ERROR_VALUE;
	r->record = value.at[3];
	r->records = value.length == 5 ? value.at[4] : 0;
	return OK;
}

static int read_sfi(struct reading *r, struct span value)
{
	uint8_t sfi;

	if (value.length == 0)
		return OK; /* none */
	sfi = value.at[0] >> 3;
	if (value.length != 1 || (value.at[0] & 7) != 0 || sfi == 0 || sfi > SFI_MAX)
		return ERROR_VALUE;
	r->out->row.sfi = sfi;
	return OK;
}

static int read_fill(struct reading *r, uint16_t tag, struct span value)
{
	r->out->fill = (struct fill){value, tag == TAG_REPEAT};
	return value.length ? OK : ERROR_VALUE;
}

static int read_special(struct reading *r, struct span value)
{
	if (value.length != 1 || (value.at[0] & ~(SPECIAL_OPEN | SPECIAL_BUSY)) != 0)
		return ERROR_VALUE;
	if (value.at[0] & SPECIAL_OPEN)
		r->out->row.flags |= FILE_OPEN;
	return OK;
}

/* SPEC: TS 102 222 6.3.2.2.2: what may be inside A5. */
static int read_proprietary(struct reading *r, struct span inner)
{
	struct span value;
	uint16_t tag;
	int e;

	while ((e = tlv_next(&tag, &value, &inner)) == 1) {
		if (tag == TAG_FILL || tag == TAG_REPEAT)
			e = see(r, SEEN_FILL) < 0 ? ERROR_VALUE : read_fill(r, tag, value);
		else if (tag == TAG_SPECIAL)
			e = see(r, SEEN_SPECIAL) < 0 ? ERROR_VALUE : read_special(r, value);
		else if (tag == TAG_MAXIMUM_SIZE)
			e = see(r, SEEN_MAXIMUM) < 0 ? ERROR_VALUE : number(&r->size, value);
		else if (tag == TAG_RESERVED_SIZE)
			e = see(r, SEEN_RESERVED);
		else
			e = tag == TAG_CHARACTERISTICS ? see(r, SEEN_CHARACTERISTICS) : ERROR_VALUE;
		if (e < 0)
			return e;
	}
	return e;
}

/* SPEC: TS 102 221 11.1.1.4.9 */
static int read_life(struct reading *r, struct span value)
{
	uint8_t state = value.length == 1 ? (uint8_t)(value.at[0] & ~EITHER_WAY) : 0;

	if (state != FILE_ACTIVE && state != FILE_INACTIVE)
		return ERROR_VALUE;
	r->out->row.state = state;
	return OK;
}

/* The value of an object that is kept with its tag and its length, which has one byte. */
static struct span whole(struct span value)
{
	return (struct span){value.at - 2, value.length + 2};
}

static int read_rule(struct reading *r, struct span value)
{
	r->out->rule = whole(value);
	return see(r, SEEN_RULE) < 0 || !access_is_rule(r->out->rule) ? ERROR_VALUE : OK;
}

/* SPEC: TS 102 222 6.3.2.2, TS 102 221 9.5.2: the PINs of a directory are PINs of the card. */
static int read_pins(struct reading *r, struct span inner)
{
	struct span value;
	uint16_t tag;
	unsigned i;
	int e;

	while ((e = tlv_next(&tag, &value, &inner)) == 1) {
		if (tag != TAG_KEY_REFERENCE)
			continue;
		for (i = 0; pin_reference(i) && (value.length != 1 || pin_reference(i) != value.at[0]); i++)
			;
		if (!pin_reference(i) || pin_reference(i) == PIN_CUSTODIAN)
			return ERROR_VALUE; /* none, or of another application */
		if (pin_reference(i) == PIN_2)
			r->out->row.flags |= FILE_LOCAL_PIN;
	}
	return e;
}

static int read_aid(struct reading *r, struct span value)
{
	r->out->aid = whole(value);
	return value.length < AID_MIN || value.length > FILE_AID_MAX || r->out->aid.at[0] != TAG_AID
		       ? ERROR_VALUE
		       : see(r, SEEN_AID);
}

static int read_one(struct reading *r, uint16_t tag, struct span value)
{
	int e;

	switch (tag) {
	case TAG_SIZE:
		e = see(r, SEEN_SIZE);
		return e < 0 || (r->seen & SEEN_MAXIMUM) ? e : number(&r->size, value);
	case TAG_DESCRIPTOR:
		return (e = see(r, SEEN_DESCRIPTOR)) < 0 ? e : read_descriptor(r, value);
	case TAG_FID:
		if (see(r, SEEN_FID) < 0 || value.length != 2)
			return ERROR_VALUE;
		r->out->row.fid = (uint16_t)(value.at[0] << 8 | value.at[1]);
		return OK;
	case TAG_SFI:
		return (e = see(r, SEEN_SFI)) < 0 ? e : read_sfi(r, value);
	case TAG_LIFE_CYCLE:
		return (e = see(r, SEEN_LIFE)) < 0 ? e : read_life(r, value);
	case TAG_REFERENCE:
	case TAG_COMPACT:
	case TAG_EXPANDED:
		return read_rule(r, value);
	case TAG_PROPRIETARY:
		return (e = see(r, SEEN_PROPRIETARY)) < 0 ? e : read_proprietary(r, value);
	case TAG_PIN_STATUS:
		return (e = see(r, SEEN_PINS)) < 0 ? e : read_pins(r, value);
	case TAG_AID:
		return read_aid(r, value);
	case TAG_TOTAL_SIZE:
		return (e = see(r, SEEN_TOTAL)) < 0 ? e : number(&r->out->total, value);
	default:
		return ERROR_VALUE;
	}
}

static int read_all(struct reading *r, struct template *out, struct span data)
{
	struct span inner, value;
	uint16_t tag;
	int e;

	*r = (struct reading){.out = out};
	*out = (struct template){.row = {.sfi = 0}};
	if (tlv_next(&tag, &inner, &data) != 1 || tag != TEMPLATE || data.length != 0)
		return ERROR_FORMAT;
	while ((e = tlv_next(&tag, &value, &inner)) == 1)
		if ((e = read_one(r, tag, value)) < 0)
			return e;
	return e;
}

/* The size in the units of the file. */
static int settle_size(struct reading *r)
{
	struct file *row = &r->out->row;

	if (!file_has_records(row)) {
		row->size = (uint16_t)r->size;
		return r->size >= 1 && r->size <=
					       (row->kind == FILE_BER_TLV ? OBJECT_FILE_MAX : FILE_SIZE_MAX)
			       ? OK
			       : ERROR_VALUE;
	}
	/* SPEC: TS 102 222 6.3.1: as many records as the size has room for. */
	row->size = r->record;
	if (r->size / r->record < 1 || r->size / r->record > FILE_RECORDS_MAX)
		return ERROR_VALUE;
	row->records = (uint8_t)(r->size / r->record);
	return r->records == 0 || r->records == row->records ? OK : ERROR_VALUE;
}

/* A DF, or with an AID an ADF, whose FID may be none but that of every current ADF. */
static int settle_directory(struct reading *r)
{
	struct file *row = &r->out->row;

	if (r->seen & (SEEN_SIZE | SEEN_SFI | SEEN_FILL | SEEN_MAXIMUM | SEEN_RESERVED))
		return ERROR_VALUE;
	if (!(r->seen & SEEN_AID))
		return OK;
	row->kind = FILE_APPLICATION;
	if (row->fid == FID_ADF)
		row->fid = 0;
	return r->out->rule.length + r->out->aid.length > FILE_SECURITY_MAX ? ERROR_VALUE : OK;
}

int template_create(struct template *template, struct span data)
{
	struct reading r;
	struct file *row = &template->row;
	int e = read_all(&r, template, data);

	if (e < 0)
		return e;
	if ((r.seen & NEEDED) != NEEDED)
		return ERROR_VALUE;
	template->implied_sfi = !(r.seen & SEEN_SFI);
	if (row->kind == FILE_DIRECTORY)
		return settle_directory(&r);
	if (r.seen & (SEEN_AID | SEEN_TOTAL | SEEN_PINS | SEEN_CHARACTERISTICS) ||
	    !(r.seen & (SEEN_SIZE | SEEN_MAXIMUM)))
		return ERROR_VALUE;
	if (row->kind == FILE_BER_TLV ? r.seen & SEEN_FILL : r.seen & (SEEN_MAXIMUM | SEEN_RESERVED))
		return ERROR_VALUE;
	return settle_size(&r);
}

int template_resize(struct template *template, struct span data)
{
	struct reading r;
	int e = read_all(&r, template, data);

	if (e < 0)
		return e;
	if (r.seen & SEEN_TOTAL)
		return ERROR_STATE;
	if (!(r.seen & SEEN_FID) || !(r.seen & (SEEN_SIZE | SEEN_MAXIMUM)) ||
	    (r.seen & ~(unsigned)(SEEN_FID | SEEN_SIZE | SEEN_PROPRIETARY | SEEN_FILL | SEEN_MAXIMUM)) != 0 ||
	    r.size == 0 || r.size > FILE_SIZE_MAX)
		return ERROR_VALUE;
	template->row.size = (uint16_t)r.size;
	return OK;
}
