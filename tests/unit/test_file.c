/* PROVES: fs/file.h, fs/file_commands.h and fs/access.h. */
#include "fs/file.h"

#include <stdio.h>
#include <string.h>

#include "codec/tlv.h"
#include "fs/access.h"
#include "fs/descriptor.h"
#include "unit/play.h"

#define USIM   "00A4040C 07 A0000000871002"
#define ISIM   "00A4040C 07 A0000000871004"
#define ADM    "0020000A 08 3132333435363738"
#define PIN_OK "00200001 08 31323334FFFFFFFF"
#define ENABLE "00280001 08 31323334FFFFFFFF"

/* PROVES: TS 102 221 11.1.3, 8.2.2.1, 8.4.3 */
static void test_read_binary(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "00B0000001", 0x6986);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B0000000"), 0x6C0A);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B000000B"), 0x6C0A);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B000090A"), 0x6C01);
	PLAY_DATA(&p, "00B000000A", "FFFFFFFFFFFFFFFFFFFF");
	PLAY(&p, "00B0000A01", 0x6B00);
	PLAY(&p, "00B0010001", 0x6B00);
	PLAY_DATA(&p, "00B0850004", "656EFFFF"); /* EF.PL by its short identifier */
	PLAY_DATA(&p, "00B0000102", "6EFF");     /* which is selected now */
	PLAY(&p, "00B0840001", 0x6A82);
	PLAY(&p, "00B0800001", 0x6A86);
	PLAY(&p, "00B0A50001", 0x6A86);
	PLAY(&p, "00B0860001", 0x6981); /* EF.ARR has records */
	PLAY_DATA(&p, "00B0000102", "6EFF");
	PLAY(&p, "00A4000C 02 2F00", 0x9000);
	PLAY(&p, "00B0000001", 0x6981);
	PLAY(&p, USIM, 0x9000);
	PLAY_DATA(&p, "00B0830004", "00000002"); /* EF.AD */
	PLAY_DATA(&p, "00B0830301", "02");
	PLAY_DATA(&p, "00B0870009", "FFFFFFFFFFFFFFFFFF");
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.4, 8.4.3 */
static void test_update_binary(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00D68200 02 6465", 0x9000); /* EF.LI, PIN1 is disabled */
	PLAY_DATA(&p, "00B0000004", "6465FFFF");
	PLAY(&p, "00D60003 01 00", 0x9000);
	PLAY(&p, "00D60003 02 0000", 0x6700);
	PLAY(&p, "00D60004 01 00", 0x6B00);
	PLAY(&p, "00D60000", 0x6700);
	PLAY_DATA(&p, "00B0000004", "6465FF00");
	PLAY(&p, "00D68700 01 08", 0x6982); /* EF.IMSI wants ADM1 */
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00D68700 09 080910100000000010", 0x9000);
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY_DATA(&p, "00B0870009", "080910100000000010");
	PLAY(&p, "00D68700 01 08", 0x6982); /* ADM1 was forgotten */
	play_close(&p);
}

/* Nothing to write where no EF is: a directory's bytes are no file (a peer's defect). */
/* PROVES: TS 102 221 10.2.1.5 */
static void test_directories_are_not_files(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, "00D60000 04 00000000", 0x6986);
	PLAY(&p, "00DC0104 04 00000000", 0x6986);
	PLAY(&p, "00B0000004", 0x6986);
	PLAY(&p, "00B2010404", 0x6986);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00D60000 04 00000000", 0x6986);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.5, 8.2.2.2, ISO/IEC 7816-4:1995 6.5.2 */
static void test_records(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00A4000C 02 6FB7", 0x9000); /* EF.ECC, five records of 11 */
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B20104FF"), 0x6C0B);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B2010400"), 0x6C0B);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B201040A"), 0x6C0B);
	PLAY_DATA(&p, "00B201040B", "11F2FFFFFFFFFFFFFFFF00");
	PLAY(&p, "00B200040B", 0x6A83); /* no current record yet */
	PLAY(&p, "00B206040B", 0x6A83);
	PLAY(&p, "00B2FF040B", 0x6A83);
	PLAY(&p, "00B200050B", 0x6A86);
	PLAY(&p, "00B201020B", 0x6A86);
	/* A wrong Le moves nothing. */
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B20002FF"), 0x6C0B);
	PLAY_DATA(&p, "00B200020B", "11F2FFFFFFFFFFFFFFFF00"); /* next: the first */
	PLAY_DATA(&p, "00B200020B", "19F1FFFFFFFFFFFFFFFF00");
	PLAY_DATA(&p, "00B200040B", "19F1FFFFFFFFFFFFFFFF00"); /* current */
	PLAY_DATA(&p, "00B205040B", "FFFFFFFFFFFFFFFFFFFFFF");
	PLAY_DATA(&p, "00B200030B", "11F2FFFFFFFFFFFFFFFF00"); /* previous of 2 */
	PLAY(&p, "00B200030B", 0x6A83);
	PLAY_DATA(&p, "00B200040B", "11F2FFFFFFFFFFFFFFFF00");
	PLAY(&p, "00A4000C 02 6FB7", 0x9000);
	PLAY_DATA(&p, "00B200030B", "FFFFFFFFFFFFFFFFFFFFFF"); /* previous first: the last */
	PLAY(&p, "00B200020B", 0x6A83);
	/* By short identifier. */
	PLAY(&p, "00A4000C 02 6FAD", 0x9000);
	PLAY_DATA(&p, "00B2020C0B", "19F1FFFFFFFFFFFFFFFF00");
	/* which names the EF anew, even the current one: no record is current then */
	PLAY(&p, "00B200040B", 0x6A83);
	PLAY_DATA(&p, "00B200020B", "11F2FFFFFFFFFFFFFFFF00");
	PLAY_DATA(&p, "00B200020B", "19F1FFFFFFFFFFFFFFFF00");
	PLAY_DATA(&p, "00B2000A0B", "11F2FFFFFFFFFFFFFFFF00"); /* next after none: the first */
	PLAY(&p, "00B2000C0B", 0x6A83);
	PLAY_DATA(&p, "00B200040B", "11F2FFFFFFFFFFFFFFFF00"); /* a refusal moved nothing */
	PLAY_DATA(&p, "00B2030C0B", "FFFFFFFFFFFFFFFFFFFFFF");
	PLAY(&p, "00B200040B", 0x6A83);
	PLAY(&p, "00B202FC0B", 0x6A86);
	PLAY(&p, "00B201240B", 0x6981); /* EF.UST is transparent */
	PLAY(&p, "00B201E403", 0x9000); /* EF.ACM, as TS 31.102 annex H has it */
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, "00B201E403", 0x6A82);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.6 */
static void test_update_record(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00A4000C 02 6FB7", 0x9000);
	PLAY(&p, "00DC0304 0B 1122334455667788990000", 0x6982);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00DC0304 0A 11223344556677889900", 0x6700);
	PLAY(&p, "00DC0304 0B 1122334455667788990000", 0x9000);
	PLAY(&p, "00DC0604 0B 1122334455667788990000", 0x6A83);
	PLAY(&p, "00DC0002 0B 0102030405060708090A0B", 0x9000); /* next: the first */
	PLAY(&p, "00DC0004 0B 0202030405060708090A0B", 0x9000); /* current */
	PLAY(&p, "00DC000C 0B 0302030405060708090A0B", 0x6A83); /* EF named again: none is */
	play_restart(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY_DATA(&p, "00B2010C0B", "0202030405060708090A0B");
	PLAY_DATA(&p, "00B202040B", "19F1FFFFFFFFFFFFFFFF00");
	PLAY_DATA(&p, "00B203040B", "1122334455667788990000");
	play_close(&p);
}

#define ZEROS_38                                                                                             \
	"0000000000000000000000000000000000000000"                                                           \
	"000000000000000000000000000000000000"

/* PROVES: TS 102 221 9.2.4 */
static void test_access(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, ENABLE, 0x9000);
	play_restart(&p);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	PLAY(&p, "00B000000A", 0x9000);     /* always */
	PLAY(&p, "00D60000 01 00", 0x6982); /* never */
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00B0870009", 0x6982); /* EF.IMSI */
	PLAY(&p, "00B0870001", 0x6982);
	PLAY(&p, "00B08B000B", 0x6982); /* EF.LOCI */
	PLAY(&p, "00D68B00 01 00", 0x6982);
	PLAY(&p, "00B0830004", 0x9000); /* EF.AD, always */
	PLAY(&p, PIN_OK, 0x9000);
	PLAY(&p, "00B0870009", 0x9000);
	PLAY(&p, "00D68B00 01 00", 0x9000);
	PLAY(&p, "00D68700 01 00", 0x6982);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00D68700 01 08", 0x9000);
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY(&p, "00A4000C 02 2F06", 0x9000);
	PLAY(&p, "00DC0104 26 " ZEROS_38, 0x6982);
	PLAY(&p, "00D68200 01 00", 0x6982); /* EF.ICCID: not even ADM1 */
	play_close(&p);
}

/* PROVES: TS 102 221 9.2.6, 9.2.7: the record of EF.ARR that the FCP names says what is enforced, for
 * every file, with no PIN, PIN1, and PIN1 and ADM1. */
static int says(const uint8_t *rule, size_t length, uint8_t mode, int pin1, int adm1)
{
	struct span rest = {rule, length}, value;
	uint16_t tag;
	uint8_t modes = 0;

	while (tlv_next(&tag, &value, &rest) == 1) {
		if (tag == 0x80)
			modes = value.at[0];
		else if (modes & mode)
			return tag == 0x90 || (tag == 0xA4 && value.at[2] == 0x01 && pin1) ||
			       (tag == 0xA4 && value.at[2] == 0x0A && adm1);
	}
	return 0;
}

static struct file row_of(const struct play *p, uint16_t file)
{
	struct file row;

	CU_ASSERT_EQUAL_FATAL(file_get(&p->card.store, &row, file), OK);
	return row;
}

/* SELECT the directory a file is in: every one from the MF down. */
static void open_directory(struct play *p, uint16_t file)
{
	uint16_t down[4];
	char hex[32];
	int n = 0;

	for (file = row_of(p, file).parent; file != FILE_MF && file != FILE_NONE;
	     file = row_of(p, file).parent)
		down[n++] = file;
	PLAY(p, "00A4000C023F00", 0x9000);
	while (n > 0) {
		struct file row = row_of(p, down[--n]);

		(void)snprintf(hex, sizeof(hex), "00A4010C02%04X", row.fid);
		PLAY(p,
		     row.kind == FILE_DIRECTORY                                ? hex
		     : memcmp(row.preset.at, "\xA0\0\0\0\x87\x10\x02", 7) == 0 ? USIM
									       : ISIM,
		     0x9000);
	}
}

/* The access rule of a file: the record of EF.ARR its FCP names. */
static size_t rule_of(struct play *p, uint16_t file, uint8_t arr[RESPONSE_MAX])
{
	struct span value, inner;
	char command[96];
	uint8_t number;

	open_directory(p, file);
	(void)snprintf(command, sizeof(command), "00A4000402%04X", row_of(p, file).fid);
	PLAY(p, command, 0x9000);
	inner = (struct span){p->response + 2, p->length - 2};
	CU_ASSERT_EQUAL_FATAL(tlv_find(&value, 0x8B, inner), OK);
	number = value.at[2];
	(void)snprintf(command, sizeof(command),
		       value.at[0] == 0x2F ? "00A4080C02%02X%02X" : "00A4080C047FFF%02X%02X", value.at[0],
		       value.at[1]);
	PLAY(p, command, 0x9000);
	(void)snprintf(command, sizeof(command), "00B2%02X0400", number);
	PLAY(p, command, 0x9000);
	memcpy(arr, p->response, p->length);
	return p->length;
}

static void told_is_enforced(struct play *p, uint16_t file, int pin1, int adm1)
{
	uint8_t arr[RESPONSE_MAX];
	size_t length = rule_of(p, file, arr);
	struct file now = row_of(p, file);
	char select[32];
	uint16_t sw;
	int records, objects = now.kind == FILE_BER_TLV;

	records = now.kind == FILE_LINEAR || now.kind == FILE_CYCLIC;
	open_directory(p, file);
	(void)snprintf(select, sizeof(select), "00A4000C02%04X", now.fid);
	PLAY(p, select, 0x9000);
	sw = play(p, objects ? "80CB0080015C" : records ? "00B2010400" : "00B0000001");
	CU_ASSERT_EQUAL(sw, says(arr, length, 0x01, pin1, adm1) ? 0x9000 : 0x6982);
	sw = play(p, objects                   ? "80DB008000"
		     : now.kind == FILE_CYCLIC ? "00DC000301FF"
		     : records                 ? "00DC010401FF"
					       : "00D6000000");
	if (now.size > 1 || !records) /* else one byte is a whole record */
		CU_ASSERT_EQUAL(sw, says(arr, length, 0x02, pin1, adm1) ? 0x6700 : 0x6982);
	sw = play(p, "00A4000C023F00");
	CU_ASSERT_EQUAL(sw, 0x9000);
}

static void test_told_is_enforced(void)
{
	static const char *const steps[] = {NULL, PIN_OK, ADM};
	struct play p;
	size_t step;
	uint16_t file;

	play_open(&p);
	PLAY(&p, ENABLE, 0x9000);
	play_restart(&p);
	for (step = 0; step < 3; step++) {
		if (steps[step])
			PLAY(&p, steps[step], 0x9000);
		for (file = 1; file < file_constants(); file++)
			if (!file_is_directory(&p.card.store, file))
				told_is_enforced(&p, file, step > 0, step > 1);
	}
	play_close(&p);
}

/* PROVES: TS 31.102 4.2.8, TS 31.103 4.2.7: a service is in the table only when its files are there.
 */
static void test_services(void)
{
	static const struct {
		uint8_t service;
		uint16_t fid;
	} usim[] = {{1, 0x5F3A},   {2, 0x6F3B},   {3, 0x6F4B},   {4, 0x6F49},   {5, 0x6F4C},   {6, 0x6F4D},
		    {8, 0x6F81},   {9, 0x6F80},   {10, 0x6F3C},  {11, 0x6F47},  {12, 0x6F42},  {13, 0x6F39},
		    {14, 0x6F4F},  {15, 0x6F45},  {16, 0x6F50},  {17, 0x6F3E},  {18, 0x6F3F},  {19, 0x6F46},
		    {20, 0x6F60},  {21, 0x6F40},  {24, 0x6FB5},  {25, 0x6FB6},  {27, 0x5F3B},  {29, 0x6F48},
		    {34, 0x6F56},  {35, 0x6F57},  {36, 0x6F2C},  {42, 0x6F61},  {43, 0x6F62},  {45, 0x6FC5},
		    {46, 0x6FC6},  {47, 0x6FC7},  {48, 0x6FCA},  {49, 0x6FCB},  {51, 0x6FCD},  {52, 0x6FD0},
		    {64, 0x6FD3},  {68, 0x6FD6},  {71, 0x6FD9},  {73, 0x6FDB},  {74, 0x6FDC},  {85, 0x6FE3},
		    {96, 0x6FE8},  {97, 0x6FEC},  {106, 0x6FF3}, {107, 0x6FF4}, {110, 0x6FF5}, {111, 0x6FF6},
		    {122, 0x5FC0}, {123, 0x5FC0}, {126, 0x5FC0}};
	struct play p;
	size_t i;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00B0840011", 0x9000);
	for (i = 0; i < sizeof(usim) / sizeof(usim[0]); i++) {
		unsigned bit = usim[i].service - 1u, on = (unsigned)p.response[bit / 8] >> bit % 8 & 1u;
		uint16_t file = file_child(&p.card.store, channel_now(&p.card)->selection.adf, usim[i].fid);

		CU_ASSERT(!on || file != FILE_NONE);
		if (on && file == FILE_NONE)
			printf("\n    service %u\n", usim[i].service);
	}
	CU_ASSERT_EQUAL(p.response[15] & 0x0C, 0x04); /* SUCI: not without contents */
	PLAY(&p, ISIM, 0x9000);
	PLAY_DATA(&p, "00B0870002", "1300");
	PLAY(&p, "00A4000C 02 6FD5", 0x9000);
	PLAY(&p, "00A4000C 02 6FD7", 0x9000); /* and no service that nobody asked for */
	PLAY(&p, "00A4000C 02 6F09", 0x9000);
	play_close(&p);
}

static void test_put(void)
{
	static const uint8_t imsi[] = {0x7F, 0xFF, 0x6F, 0x07}, iccid[] = {0x2F, 0xE2},
			     ecc[] = {0x7F, 0xFF, 0x6F, 0xB7}, usim[] = {0x7F, 0xFF},
			     none[] = {0x7F, 0xFF, 0x2F, 0xE2}, arr_mf[] = {0x2F, 0x06},
			     arr_usim[] = {0x7F, 0xFF, 0x6F, 0x06};
	static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
	struct play p;

#define PUT(path, record, offset, length)                                                                    \
	file_put(&p.card, (struct span){path, sizeof(path)}, record, offset, (struct span){bytes, length})
	play_open(&p);
	CU_ASSERT_EQUAL(PUT(imsi, 0, 0, 9), OK);
	CU_ASSERT_EQUAL(PUT(imsi, 0, 1, 9), ERROR_RANGE);
	CU_ASSERT_EQUAL(PUT(imsi, 1, 0, 9), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(PUT(iccid, 0, 8, 2), OK);
	CU_ASSERT_EQUAL(PUT(ecc, 5, 0, 11), OK);
	CU_ASSERT_EQUAL(PUT(ecc, 6, 0, 11), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(PUT(ecc, 0, 0, 11), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(PUT(usim, 0, 0, 1), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(PUT(none, 0, 0, 1), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(PUT(arr_mf, 1, 0, 1), ERROR_VALUE); /* it would no longer say what is enforced */
	CU_ASSERT_EQUAL(PUT(arr_usim, 1, 0, 1), ERROR_VALUE);
	CU_ASSERT_EQUAL(file_put(&p.card, (struct span){imsi, 3}, 0, 0, (struct span){bytes, 1}),
			ERROR_FORMAT);
	CU_ASSERT_EQUAL(file_put(&p.card, (struct span){imsi, 0}, 0, 0, (struct span){bytes, 1}),
			ERROR_FORMAT);
	PLAY(&p, "00A4000C 02 2FE2", 0x9000);
	PLAY_DATA(&p, "00B000000A", "FFFFFFFFFFFFFFFF0102");
	PLAY(&p, USIM, 0x9000);
	PLAY_DATA(&p, "00B0870009", "010203040506070809");
	PLAY_DATA(&p, "00B2050C0B", "0102030405060708090A0B");
	play_close(&p);
}

/* What the memory holds for EF.ARR, whoever wrote it, is not what is enforced. */
/* PROVES: TS 102 221 13.4 */
static void test_rules_are_constant(void)
{
	static const uint8_t bytes[ACCESS_RECORD] = {0x80, 0x01, 0x7F, 0x90, 0x00};
	struct play p;
	uint16_t arr;

	play_open(&p);
	arr = file_child(&p.card.store, FILE_MF, 0x2F06);
	CU_ASSERT_EQUAL(store_write(&p.card.store, descriptor_object(arr, 0), bytes, sizeof(bytes)), OK);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00A4000C022F06"), 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00B2020431"), 0x9000);
	ASSERT_BYTES(p.response, access_rules + ACCESS_RECORD, ACCESS_RECORD);
	/* STORE DATA does not write it, nor what came with it. */
	CU_ASSERT_EQUAL(play_secure(&p), 0x9000);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 12 0F0106 01 2FE2 00 00 11 0F0106 01 2F06 02 00 80"),
			0x6A80);
	PLAY(&p, "00A4080C 02 2FE2", 0x9000);
	PLAY_DATA(&p, "00B0000002", "FFFF");
	play_close(&p);
}

/* An update that changes nothing writes nothing. */
static void test_same_bytes_cost_nothing(void)
{
	struct play p;
	long before;

	play_open(&p);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, "00D68200 02 6465", 0x9000);
	before = p.cut.done;
	PLAY(&p, "00D68200 02 6465", 0x9000);
	CU_ASSERT_EQUAL(p.cut.done, before);
	play_close(&p);
}

UNIT_SUITE("file", UNIT(test_read_binary), UNIT(test_update_binary), UNIT(test_directories_are_not_files),
	   UNIT(test_records), UNIT(test_update_record), UNIT(test_access), UNIT(test_told_is_enforced),
	   UNIT(test_services), UNIT(test_put), UNIT(test_rules_are_constant),
	   UNIT(test_same_bytes_cost_nothing))
