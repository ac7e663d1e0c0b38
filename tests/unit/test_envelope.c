/* PROVES: lib/envelope.h: what was sealed comes out, to one recipient, from one sender; no field, line or
 * number can be moved, changed, left out or added. */
#include "lib/envelope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/p256.h"
#include "lib/output.h"
#include "unit/unit.h"

enum {
	CARDS = 3,
	TEXT = 8192
};

static char plain[] = "/tmp/simrite-envelope.XXXXXX", sealed[] = "/tmp/simrite-sealed.XXXXXX";
static uint8_t private_key[3][32];
static struct hpke_private key[3]; /* bureau, operator, somebody else */

/* Numbers that are not random: the same test every time. */
static int fill(void *context, void *out, size_t length)
{
	memset(out, *(uint8_t *)context += 17, length);
	return 0;
}

static struct output_record record(unsigned i)
{
	struct output_record r = {.batch = "demo-1", .number = i + 1, .pin1 = "1234", .adm1 = "87654321"};

	(void)snprintf(r.imsi, sizeof(r.imsi), "00101000000000%u", i % 10);
	(void)snprintf(r.iccid, sizeof(r.iccid), "%s",
		       (const char *const[]){"8988211000000000011", "8988211000000000029",
					     "8988211000000000037"}[i]);
	(void)snprintf(r.puk1, sizeof(r.puk1), "1234567%u", i % 10);
	memset(r.key.k, 0x40 + (int)i, 16);
	memset(r.key.opc, 0x0C, 16);
	return r;
}

static void begin(void)
{
	char line[OUTPUT_LINE];
	uint8_t state = 1;
	FILE *file;

	for (int i = 0; i < 3; i++) {
		const struct p256_random source = {fill, &state};

		CU_ASSERT_EQUAL(p256_generate(private_key[i], key[i].point, &source), OK);
		key[i].agree = hpke_agree_in_memory;
		key[i].context = private_key[i];
	}
	(void)snprintf(plain, sizeof(plain), "/tmp/simrite-envelope.XXXXXX");
	(void)snprintf(sealed, sizeof(sealed), "/tmp/simrite-sealed.XXXXXX");
	close(mkstemp(sealed));
	file = fdopen(mkstemp(plain), "w");
	(void)output_header(line, DESIGN_PLAIN);
	fputs(line, file);
	for (unsigned i = 0; i < CARDS; i++) {
		struct output_record r = record(i);

		(void)output_line(line, DESIGN_PLAIN, &r);
		fputs(line, file);
	}
	fclose(file);
}

static void end(void)
{
	unlink(plain);
	unlink(sealed);
}

static struct envelope_keys keys(int own, int other)
{
	struct envelope_keys k = {.own = key[own]};

	memcpy(k.other, key[other].point, HPKE_POINT);
	return k;
}

static long seal(void)
{
	struct envelope_keys k = keys(0, 1);
	struct fault fault = {0};
	FILE *out = fopen(sealed, "w");
	long count = envelope_seal(out, plain, &k, &fault);

	fclose(out);
	(void)chmod(sealed, 0644); /* anybody may read it */
	return count;
}

static size_t slurp(char text[static TEXT])
{
	FILE *in = fopen(sealed, "r");
	size_t n = fread(text, 1, TEXT - 1, in);

	fclose(in);
	text[n] = 0;
	return n;
}

static void spill(const char *text)
{
	FILE *out = fopen(sealed, "w");

	fputs(text, out);
	fclose(out);
}

/* How many records come out; -1 when the file is refused in the end. */
static int opened(int own, int other, struct fault *fault)
{
	struct envelope_keys k = keys(own, other);
	struct output_reader *reader;
	struct output_record got;
	int count = 0, more;

	memset(fault, 0, sizeof(*fault));
	if (output_open_sealed(&reader, sealed, &k, fault) < 0)
		return -1;
	while ((more = output_next(reader, &got, fault)) == 1) {
		struct output_record want = record((unsigned)count);

		ASSERT_BYTES(got.key.k, want.key.k, 16);
		CU_ASSERT_STRING_EQUAL(got.puk1, want.puk1);
		CU_ASSERT_STRING_EQUAL(got.imsi, want.imsi);
		count++;
	}
	output_close(reader);
	return more < 0 ? -1 : count;
}

static void test_round(void)
{
	char once[TEXT], again[TEXT];
	struct output_reader *reader;
	struct fault fault;

	begin();
	CU_ASSERT_EQUAL(seal(), CARDS);
	CU_ASSERT_EQUAL(opened(1, 0, &fault), CARDS);
	slurp(once);
	CU_ASSERT_PTR_NULL(strstr(once, "40404040"));
	CU_ASSERT_PTR_NULL(strstr(once, "12345670"));
	CU_ASSERT_PTR_NULL(strstr(once, "87654321"));
	CU_ASSERT_PTR_NOT_NULL(strstr(once, "001010000000000"));
	CU_ASSERT_EQUAL(seal(), CARDS); /* nothing of it is the same the second time */
	slurp(again);
	CU_ASSERT_NOT_EQUAL(strncmp(strrchr(once, '\n') - 20, strrchr(again, '\n') - 20, 20), 0);
	CU_ASSERT_EQUAL(opened(2, 0, &fault), -1); /* for another */
	CU_ASSERT_EQUAL(fault.code, FAULT_NO);
	CU_ASSERT_EQUAL(opened(1, 2, &fault), -1); /* from another */
	CU_ASSERT_EQUAL(fault.code, FAULT_NO);
	CU_ASSERT_EQUAL(output_open(&reader, sealed, &fault), -1); /* without keys */
	CU_ASSERT_EQUAL(fault.code, FAULT_USAGE);
	end();
}

/* The batch that somebody made and nobody sealed. */
static void test_not_sealed(void)
{
	struct envelope_keys k;
	struct output_reader *reader;
	struct fault fault = {0};

	begin();
	k = keys(1, 0);
	CU_ASSERT_EQUAL(output_open_sealed(&reader, plain, &k, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	end();
}

static char *line(char *text, int number)
{
	while (number-- > 0)
		text = strchr(text, '\n') + 1;
	return text;
}

/* The Ki of a line of the envelope: field 9. */
static char *ki(char *text, int number)
{
	text = line(text, number);
	for (int i = 0; i < 9; i++)
		text = strchr(text, ';') + 1;
	return text;
}

static void refused(const char *text)
{
	struct fault fault;

	spill(text);
	CU_ASSERT_EQUAL(opened(1, 0, &fault), -1);
	CU_ASSERT(fault.code == FAULT_NO || fault.code == FAULT_INPUT || fault.code == FAULT_POLICY);
}

/* S3: the key of one subscriber put beside another. */
static void test_moved(void)
{
	char text[TEXT], altered[TEXT], *a, *b;
	size_t n, i;

	begin();
	CU_ASSERT_EQUAL(seal(), CARDS);
	n = slurp(text);
	memcpy(altered, text, n + 1); /* two Ki change places */
	a = ki(altered, 2);
	b = ki(altered, 3);
	for (i = 0; a[i] != ';'; i++) {
		char c = a[i];

		a[i] = b[i];
		b[i] = c;
	}
	refused(altered);
	memcpy(altered, text, n + 1); /* the IMSI of one card */
	*(strstr(altered, "001010000000001") + 14) = '7';
	refused(altered);
	memcpy(altered, text, n + 1); /* two whole lines */
	a = line(text, 2);
	b = line(text, 3);
	memcpy(altered + (a - text), b, (size_t)(line(text, 4) - b));
	memcpy(altered + (a - text) + (line(text, 4) - b), a, (size_t)(b - a));
	refused(altered);
	memcpy(altered, text, n + 1); /* K for OPc */
	a = ki(altered, 2);
	b = a;
	for (i = 0; i < 6; i++)
		b = strchr(b, ';') + 1;
	memmove(a, b + 0, 64);
	refused(altered);
	end();
}

/* A line less, a line more, a cut, a bit; everywhere. */
static void test_changed(void)
{
	char text[TEXT], altered[TEXT];
	size_t n;

	begin();
	CU_ASSERT_EQUAL(seal(), CARDS);
	n = slurp(text);
	for (int gone = 0; gone < CARDS + 3; gone++) {
		char *a = line(text, gone), *b = strchr(a, '\n') + 1;

		memcpy(altered, text, (size_t)(a - text));
		memcpy(altered + (a - text), b, strlen(b) + 1);
		refused(altered);
	}
	(void)snprintf(altered, sizeof(altered), "%s%s", text, line(text, CARDS + 2));
	refused(altered);
	for (size_t i = 0; i < n; i++) {
		memcpy(altered, text, n + 1);
		altered[i] = altered[i] == '0' ? '1' : '0';
		refused(altered);
		memcpy(altered, text, i);
		altered[i] = 0;
		refused(altered);
	}
	end();
}

UNIT_SUITE("envelope", UNIT(test_round), UNIT(test_not_sealed), UNIT(test_moved), UNIT(test_changed))
