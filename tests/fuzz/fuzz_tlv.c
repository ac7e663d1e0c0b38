/* BER-TLV: what is read lies within what was given, and reading goes on; what
 * was read and written again reads the same. Beside it COMPREHENSION-TLV, the
 * list of schemes of EF.SUCI_Calc_Info, and decimal digits. */
#include <string.h>

#include "auth/suci.h"
#include "cat/cat.h"
#include "codec/bcd.h"
#include "codec/tlv.h"
#include "fuzz/target.h"

enum {
	DEEP = 6,
	LONGEST = 127
};

static int inside(struct span value, const uint8_t *at, size_t length)
{
	return value.length <= length && value.at >= at && value.at + value.length <= at + length;
}

static void read_all(const uint8_t *at, size_t length, int depth)
{
	struct span in = {at, length}, value, found;
	size_t left = length;
	uint16_t tag, first_tag = 0;
	int e, objects = 0;

	while ((e = tlv_next(&tag, &value, &in)) == 1) {
		if (!inside(value, at, length) || in.length >= left || !inside(in, at, length))
			target_fail("an object outside what was given");
		left = in.length;
		if (objects++ == 0)
			first_tag = tag;
		if (depth > 0)
			read_all(value.at, value.length, depth - 1);
	}
	if (e == 0 && objects > 0 && tlv_find(&found, first_tag, (struct span){at, length}) != OK)
		target_fail("what was read is not found");
}

static void write_again(const uint8_t *at, size_t length)
{
	struct span in = {at, length}, value, whole, again;
	uint8_t out[LONGEST + 8];
	uint16_t tag, tag_again;
	struct tlv tlv;
	size_t mark;
	int n;

	while (tlv_next(&tag, &value, &in) == 1) {
		if (tag > 0xFF || (tag & 0x1F) == 0x1F || tag == 0 || tag == 0xFF ||
		    value.length > LONGEST - 2)
			continue;
		tlv_start(&tlv, out, sizeof(out));
		mark = tlv_open(&tlv, 0x62);
		tlv_put(&tlv, (uint8_t)tag, value.at, value.length);
		tlv_close(&tlv, mark);
		n = tlv_length(&tlv);
		if (n < 0)
			target_fail("an object does not fit where it must");
		whole = (struct span){out, (size_t)n};
		if (tlv_find(&whole, 0x62, whole) != OK || tlv_next(&tag_again, &again, &whole) != 1 ||
		    tag_again != tag || again.length != value.length ||
		    (value.length && memcmp(again.at, value.at, value.length) != 0))
			target_fail("what was written reads otherwise");
	}
}

static void comprehension(const uint8_t *bytes, size_t length)
{
	struct span in = {bytes, length}, value;
	size_t left = length;
	uint8_t tag;

	while (cat_next(&tag, &value, &in) == 1) {
		if (!inside(value, bytes, length) || in.length >= left || !inside(in, bytes, length))
			target_fail("a COMPREHENSION-TLV object outside what was given");
		left = in.length;
	}
}

static void schemes(const uint8_t *bytes, size_t length)
{
	struct suci_key key;

	if (suci_choose(&key, (struct span){bytes, length}) == OK && key.scheme != SUCI_NULL &&
	    !inside(key.public_key, bytes, length))
		target_fail("a home network's key outside what was given");
}

static void digits(const uint8_t *bytes, size_t length)
{
	char text[2 * BCD_ICCID + 1];
	uint8_t again[BCD_ICCID];
	int n = bcd_unpack(text, bytes, length);

	if (n > (int)(2 * length) || (n >= 0 && strlen(text) != (size_t)n))
		target_fail("more digits than there is room for");
	if (n >= 0 && (bcd_pack(again, length, text) != OK || memcmp(again, bytes, length) != 0))
		target_fail("digits that read otherwise");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	read_all(bytes, length, DEEP);
	write_again(bytes, length);
	comprehension(bytes, length);
	schemes(bytes, length);
	digits(bytes, length < BCD_ICCID ? length : BCD_ICCID);
	return 0;
}
