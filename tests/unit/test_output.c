#include "lib/output.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[64];

static void file_make(const char *text, size_t length, mode_t mode)
{
	int fd;

	(void)snprintf(path, sizeof(path), "/tmp/simrite-output.XXXXXX");
	fd = mkstemp(path);
	if (fd < 0 || write(fd, text, length) != (ssize_t)length || fchmod(fd, mode) != 0)
		abort();
	close(fd);
}

static struct output_record sample(void)
{
	struct output_record r = {.imsi = "001010000000001",
				  .iccid = "8988211000000000011",
				  .batch = "demo-1",
				  .number = 1,
				  .kcv_k = {0xAA, 0xBB, 0xCC},
				  .kcv_opc = {1, 2, 3},
				  .pin1 = "1234",
				  .puk1 = "12345678",
				  .adm1 = "87654321"};

	memset(r.key.k, 0x4B, 16);
	memset(r.key.opc, 0x0C, 16);
	return r;
}

static void round_trip(enum design design)
{
	char text[2 * OUTPUT_LINE];
	struct output_record r = sample(), got;
	struct output_reader *reader;
	struct fault fault = {0};
	size_t length = output_header(text, design);

	length += output_line(text + length, design, &r);
	file_make(text, length, 0600);
	CU_ASSERT_EQUAL_FATAL(output_open(&reader, path, &fault), 0);
	CU_ASSERT_EQUAL(output_design(reader), design);
	CU_ASSERT_EQUAL(output_next(reader, &got, &fault), 1);
	CU_ASSERT_STRING_EQUAL(got.imsi, r.imsi);
	CU_ASSERT_STRING_EQUAL(got.iccid, r.iccid);
	CU_ASSERT_STRING_EQUAL(got.batch, r.batch);
	if (design == DESIGN_PLAIN) {
		ASSERT_BYTES(got.key.k, r.key.k, 16);
		ASSERT_BYTES(got.key.opc, r.key.opc, 16);
		CU_ASSERT_STRING_EQUAL(got.puk1, r.puk1);
		CU_ASSERT_STRING_EQUAL(got.adm1, r.adm1);
	} else {
		ASSERT_BYTES(got.kcv_k, r.kcv_k, 3);
		ASSERT_BYTES(got.kcv_opc, r.kcv_opc, 3);
		CU_ASSERT_PTR_NULL(strstr(text, "4b4b4b")); /* no key in it */
		CU_ASSERT_EQUAL(strstr(text, r.puk1) != NULL, design == DESIGN_AGREED);
	}
	CU_ASSERT_EQUAL(output_next(reader, &got, &fault), 0);
	output_close(reader);
	unlink(path);
}

static void test_plain(void)
{
	static const char head[] =
		"Action;OrderId;ServiceId;ObjectId;Priority;IMSI;MSISDN;Opcode(Short);ICCID;Ki;PIN;PIN2;PUK;PUK2;"
		"reserved(Boolean)";
	char text[OUTPUT_LINE];
	struct output_reader *reader;
	struct fault fault = {0};

	round_trip(DESIGN_PLAIN);
	output_header(text, DESIGN_PLAIN);
	CU_ASSERT_EQUAL(strncmp(text, head, sizeof(head) - 1), 0);
	file_make(text, strlen(text), 0640);
	CU_ASSERT_EQUAL(output_open(&reader, path, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	unlink(path);
}

static void test_derived(void)
{
	round_trip(DESIGN_DERIVED);
}

static void test_agreed(void)
{
	char text[2 * OUTPUT_LINE];
	struct output_record r = sample(), got;
	struct output_reader *reader;
	struct fault fault = {0};
	size_t length;

	round_trip(DESIGN_AGREED);
	memset(r.identity, 0x5C, sizeof(r.identity));
	length = output_header(text, DESIGN_AGREED);
	length += output_line(text + length, DESIGN_AGREED, &r);
	file_make(text, length, 0640); /* it has the codes */
	CU_ASSERT_EQUAL(output_open(&reader, path, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	unlink(path);
	file_make(text, length, 0600);
	CU_ASSERT_EQUAL_FATAL(output_open(&reader, path, &fault), 0);
	CU_ASSERT_EQUAL(output_next(reader, &got, &fault), 1);
	ASSERT_BYTES(got.identity, r.identity, 33);
	CU_ASSERT_STRING_EQUAL(got.pin1, r.pin1);
	CU_ASSERT_STRING_EQUAL(got.adm1, r.adm1);
	output_close(reader);
	unlink(path);
}

/* Cut at any byte: refused or complete, never a record that was not written. */
static void test_cut(void)
{
	char text[3 * OUTPUT_LINE];
	struct output_record r = sample(), got;
	struct output_reader *reader;
	size_t length = output_header(text, DESIGN_PLAIN), cut;
	int rows, result;

	length += output_line(text + length, DESIGN_PLAIN, &r);
	length += output_line(text + length, DESIGN_PLAIN, &r);
	for (cut = 0; cut < length; cut++) {
		file_make(text, cut, 0600);
		rows = 0;
		result = output_open(&reader, path, NULL);
		while (result == 0 || result == 1) {
			result = output_next(reader, &got, NULL);
			if (result != 1)
				break;
			rows++;
			CU_ASSERT_STRING_EQUAL(got.imsi, r.imsi);
			ASSERT_BYTES(got.key.k, r.key.k, 16);
		}
		/* clean ends: after the first line and after each record's */
		CU_ASSERT_EQUAL(result == 0, cut > 0 && text[cut - 1] == '\n');
		CU_ASSERT(rows <= 1);
		output_close(reader);
		unlink(path);
	}
}

static void refused(const char *text)
{
	struct output_record got;
	struct output_reader *reader;
	struct fault fault = {0};
	int result;

	file_make(text, strlen(text), 0600);
	result = output_open(&reader, path, &fault);
	if (result == 0)
		result = output_next(reader, &got, &fault);
	CU_ASSERT_EQUAL(result, -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "line "));
	output_close(reader);
	unlink(path);
}

static void test_refused(void)
{
#define HEAD "IMSI;MSISDN;ICCID;Batch;KCV_K;KCV_OPc\n"
	refused("");
	refused("\n");
	refused("a;b;c\n");
	refused("IMSI;IMSI;ICCID;Batch;KCV_K;KCV_OPc\n");
	refused(HEAD "\n");
	refused(HEAD "001010000000001;;8988211000000000011;b;aabbcc\n");
	refused(HEAD "001010000000001;;8988211000000000011;b;aabbcc;01020\n");
	refused(HEAD "001010000000001;;8988211000000000012;b;aabbcc;010203\n");
	refused(HEAD "00101;;8988211000000000011;b;aabbcc;010203\n");
	refused(HEAD "001010000000001;;8988211000000000011;../b;aabbcc;010203\n");
	refused(HEAD "001010000000001;;8988211000000000011;b;aabbcc;010203");
	refused("IMSI;ICCID;Ki;OPc\n001010000000001;8988211000000000011;00;00\n");
	refused(";;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;\n");
}

/* Somebody else's file, with a column that says what the keys are for. */
static void test_algorithms(void)
{
#define K16 "00112233445566778899aabbccddeeff"
#define ROW "001010000000001;8988211000000000011;"
#define ANY "IMSI;ICCID;Ki;OPc;Algorithm\n"
	static const char text[] =
		ANY ROW K16 ";" K16 ";\n" ROW K16 K16 ";" K16 K16 ";tuak:k=32\n" ROW K16 ";;comp128v1\n";
	struct output_reader *reader;
	struct output_record got;
	struct fault fault = {0};

	file_make(text, strlen(text), 0600);
	CU_ASSERT_EQUAL_FATAL(output_open(&reader, path, &fault), 0);
	CU_ASSERT_EQUAL(output_next(reader, &got, &fault), 1);
	CU_ASSERT_EQUAL(got.key.algorithm, SLOT_MILENAGE);
	CU_ASSERT_EQUAL(output_next(reader, &got, &fault), 1);
	CU_ASSERT_EQUAL(got.key.algorithm, SLOT_TUAK);
	CU_ASSERT_EQUAL(got.key.k[31], 0xFF);
	CU_ASSERT_EQUAL(got.key.opc[31], 0xFF);
	ASSERT_BYTES(got.kcv_k, got.kcv_opc, 3);
	CU_ASSERT_EQUAL(output_next(reader, &got, &fault), 1);
	CU_ASSERT_EQUAL(got.key.algorithm, SLOT_COMP128_1);
	ASSERT_BYTES(got.kcv_opc, "\0\0\0", 3);
	CU_ASSERT_EQUAL(output_next(reader, &got, &fault), 0);
	output_close(reader);
	unlink(path);
	refused(ANY ROW K16 ";" K16 ";tuak\n");
	refused(ANY ROW K16 ";" K16 ";comp128v1\n");
	refused(ANY ROW K16 ";;milenage\n");
	refused(ANY ROW K16 K16 ";" K16 ";\n");
	refused(ANY ROW K16 ";" K16 ";des\n");
}

UNIT_SUITE("output", UNIT(test_plain), UNIT(test_derived), UNIT(test_agreed), UNIT(test_cut),
	   UNIT(test_refused), UNIT(test_algorithms))
