/* PROVES: codec/crc32, codec/tlv and codec/bcd do what their headers say. */
#include <string.h>

#include "codec/bcd.h"
#include "codec/crc32.h"
#include "codec/tlv.h"
#include "unit/unit.h"

static void test_crc32(void)
{
	CU_ASSERT_EQUAL(crc32(0, "123456789", 9), 0xCBF43926); /* the check value of the catalogue */
	CU_ASSERT_EQUAL(crc32(crc32(0, "1234", 4), "56789", 5), 0xCBF43926);
	CU_ASSERT_EQUAL(crc32(0, "", 0), 0);
	CU_ASSERT_EQUAL(crc32(0, "a", 1), 0xE8B7BE43);
}

static void test_tlv_read(void)
{
	static const uint8_t bytes[] = {0x00, 0xFF, 0x62, 0x02, 0xAA, 0xBB, 0x9F, 0x65, 0x81,
					0x01, 0xCC, 0x80, 0x82, 0x00, 0x01, 0xDD, 0xFF, 0xFF};
	struct span in = {bytes, sizeof(bytes)}, value;
	uint16_t tag;

	CU_ASSERT_EQUAL(tlv_find(&value, 0x9F65, in), OK);
	CU_ASSERT_EQUAL(value.at[0], 0xCC);
	CU_ASSERT_EQUAL(tlv_find(&value, 0x81, in), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(tlv_next(&tag, &value, &in), 1);
	CU_ASSERT_EQUAL(tag, 0x62);
	CU_ASSERT_EQUAL(value.length, 2);
	CU_ASSERT_EQUAL(tlv_next(&tag, &value, &in), 1);
	CU_ASSERT_EQUAL(tag, 0x9F65);
	CU_ASSERT_EQUAL(tlv_next(&tag, &value, &in), 1);
	CU_ASSERT_EQUAL(tag, 0x80);
	CU_ASSERT_EQUAL(value.at[0], 0xDD);
	CU_ASSERT_EQUAL(tlv_next(&tag, &value, &in), 0);
}

static void test_tlv_bad(void)
{
	static const struct {
		uint8_t bytes[6];
		size_t length;
	} bad[] = {
		{{0x62}, 1},                         /* no length */
		{{0x62, 0x02, 0x00}, 3},             /* cut short */
		{{0x9F}, 1},                         /* half a tag */
		{{0x9F, 0x81, 0x01, 0x00}, 4},       /* three-byte tag */
		{{0x62, 0x81}, 2},                   /* half a length */
		{{0x62, 0x82, 0x00}, 3},             /* the same */
		{{0x62, 0x80, 0x00, 0x00}, 4},       /* indefinite */
		{{0x62, 0x83, 0x00, 0x00, 0x00}, 5}, /* longer than a card holds */
		{{0x62, 0x82, 0xFF, 0xFF, 0x00}, 5},
	};
	struct span value;
	uint16_t tag;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct span in = {bad[i].bytes, bad[i].length};

		CU_ASSERT_EQUAL(tlv_find(&value, 0x62, in), ERROR_FORMAT);
		CU_ASSERT_EQUAL(tlv_next(&tag, &value, &in), ERROR_FORMAT);
	}
}

static void test_tlv_write(void)
{
	static const uint8_t want[] = {0x62, 0x07, 0x80, 0x02, 1, 2, 0x8A, 0x01, 0x05};
	uint8_t bytes[200] = {0}, value[128] = {1, 2};
	struct tlv tlv;
	size_t mark, size;

	tlv_start(&tlv, bytes, sizeof(want));
	mark = tlv_open(&tlv, 0x62);
	tlv_put(&tlv, 0x80, value, 2);
	tlv_put_byte(&tlv, 0x8A, 0x05);
	tlv_close(&tlv, mark);
	CU_ASSERT_EQUAL(tlv_length(&tlv), (int)sizeof(want));
	ASSERT_BYTES(bytes, want, sizeof(want));
	for (size = 0; size < sizeof(want); size++) { /* the error sticks */
		memset(bytes, 0xEE, sizeof(bytes));
		tlv_start(&tlv, bytes, size);
		mark = tlv_open(&tlv, 0x62);
		tlv_put(&tlv, 0x80, value, 2);
		tlv_put_byte(&tlv, 0x8A, 0x05);
		tlv_close(&tlv, mark);
		CU_ASSERT_EQUAL(tlv_length(&tlv), ERROR_RANGE);
		CU_ASSERT_EQUAL(bytes[size], 0xEE);
	}
	tlv_start(&tlv, bytes, sizeof(bytes));
	tlv_put(&tlv, 0x80, value, 128);
	CU_ASSERT_EQUAL(tlv_length(&tlv), ERROR_RANGE);
	tlv_start(&tlv, bytes, sizeof(bytes));
	mark = tlv_open(&tlv, 0x62);
	tlv_put(&tlv, 0x80, value, 100);
	tlv_put(&tlv, 0x81, value, 30);
	tlv_close(&tlv, mark);
	CU_ASSERT_EQUAL(tlv_length(&tlv), ERROR_RANGE);
}

static void test_bcd(void)
{
	uint8_t bytes[4];
	char digits[9];

	CU_ASSERT_EQUAL(bcd_pack(bytes, 4, "12345"), OK);
	ASSERT_BYTES(bytes, "\x21\x43\xF5\xFF", 4);
	CU_ASSERT_EQUAL(bcd_unpack(digits, bytes, 4), 5);
	CU_ASSERT_STRING_EQUAL(digits, "12345");
	CU_ASSERT_EQUAL(bcd_pack(bytes, 4, "123456789"), ERROR_RANGE);
	CU_ASSERT_EQUAL(bcd_pack(bytes, 4, "12a"), ERROR_VALUE);
	CU_ASSERT_EQUAL(bcd_pack(bytes, 4, ""), OK);
	CU_ASSERT_EQUAL(bcd_unpack(digits, bytes, 4), 0);
	CU_ASSERT_EQUAL(bcd_unpack(digits, (const uint8_t *)"\x2F\x43\xF5\xFF", 4), ERROR_FORMAT);
	CU_ASSERT_EQUAL(bcd_unpack(digits, (const uint8_t *)"\xA1\x43\xF5\xFF", 4), ERROR_FORMAT);
}

/* PROVES: TS 102 221 13.2 */
static void test_iccid(void)
{
	uint8_t bytes[BCD_ICCID];
	char digits[BCD_ICCID_DIGITS + 1];

	CU_ASSERT_EQUAL(bcd_iccid_pack(bytes, "8988211000000000011"), OK);
	ASSERT_BYTES(bytes, "\x98\x88\x12\x01\x00\x00\x00\x00\x10\xF1", 10);
	CU_ASSERT_EQUAL(bcd_iccid_unpack(digits, bytes), 19);
	CU_ASSERT_STRING_EQUAL(digits, "8988211000000000011");
	CU_ASSERT_EQUAL(bcd_iccid_pack(bytes, "89882110000000000119"), OK);
	CU_ASSERT_EQUAL(bcd_iccid_unpack(digits, bytes), 20);
	CU_ASSERT_EQUAL(bcd_iccid_pack(bytes, "898821100000000001190"), ERROR_RANGE);
	CU_ASSERT_EQUAL(bcd_iccid_pack(bytes, "89882110000000000"), ERROR_RANGE);
	CU_ASSERT_EQUAL(bcd_iccid_pack(bytes, "8988211000000000x11"), ERROR_VALUE);
	memset(bytes, 0xFF, sizeof(bytes));
	CU_ASSERT_EQUAL(bcd_iccid_unpack(digits, bytes), ERROR_RANGE);
	CU_ASSERT_EQUAL(bcd_luhn("898821100000000001"), '1');
	CU_ASSERT_EQUAL(bcd_luhn("7992739871"), '3');
	CU_ASSERT_EQUAL(bcd_luhn("79x"), ERROR_VALUE);
}

/* PROVES: TS 31.102 4.2.2 */
static void test_imsi(void)
{
	uint8_t bytes[BCD_IMSI];
	char digits[BCD_IMSI_DIGITS + 1];
	char some[] = "001010000000001";
	size_t n;

	CU_ASSERT_EQUAL(bcd_imsi_pack(bytes, some), OK);
	ASSERT_BYTES(bytes, "\x08\x09\x10\x10\x00\x00\x00\x00\x10", 9);
	for (n = 15; n >= 6; n--) {
		some[n] = 0;
		CU_ASSERT_EQUAL(bcd_imsi_pack(bytes, some), OK);
		CU_ASSERT_EQUAL(bytes[1] & 0x08, n % 2 ? 8 : 0);
		CU_ASSERT_EQUAL(bcd_imsi_unpack(digits, bytes), (int)n);
		CU_ASSERT_STRING_EQUAL(digits, some);
	}
	CU_ASSERT_EQUAL(bcd_imsi_pack(bytes, "00101"), ERROR_RANGE);
	CU_ASSERT_EQUAL(bcd_imsi_pack(bytes, "0010100000000011"), ERROR_RANGE);
	CU_ASSERT_EQUAL(bcd_imsi_pack(bytes, "00101000000000z"), ERROR_VALUE);
	memset(bytes, 0xFF, sizeof(bytes));
	CU_ASSERT_EQUAL(bcd_imsi_unpack(digits, bytes), ERROR_FORMAT);
	memcpy(bytes, "\x08\x01\x10\x10\x00\x00\x00\x00\x10", 9); /* parity says even */
	CU_ASSERT_EQUAL(bcd_imsi_unpack(digits, bytes), ERROR_FORMAT);
	bytes[0] = 9;
	CU_ASSERT_EQUAL(bcd_imsi_unpack(digits, bytes), ERROR_FORMAT);
}

UNIT_SUITE("codec", UNIT(test_crc32), UNIT(test_tlv_read), UNIT(test_tlv_bad), UNIT(test_tlv_write),
	   UNIT(test_bcd), UNIT(test_iccid), UNIT(test_imsi))
