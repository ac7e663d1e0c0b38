/* PROVES: host/lib/time_statement.h: what was written is read again; anything else is named. */
#include "lib/time_statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/signature.h"
#include "unit/unit.h"

static char path[] = "/tmp/simrite-time-statement.XXXXXX", text[1024];

static int fill(void *context, void *at, size_t length)
{
	static uint8_t next;
	uint8_t *out = at;

	(void)context;
	for (size_t i = 0; i < length; i++)
		out[i] = next++;
	return 0;
}

static const struct p256_random numbers = {.fill = fill};

static void make(struct time_statement *made)
{
	uint8_t private_key[32], digest[32];
	struct ticket_time said;
	size_t length;

	made->time = 1795435200;
	ticket_set_number(said.time, made->time);
	length = ticket_time_write(made->bytes, &said);
	CU_ASSERT_EQUAL(p256_generate(private_key, made->authority, &numbers), OK);
	CU_ASSERT_EQUAL(sha256(digest, (struct span){made->bytes, length}), OK);
	CU_ASSERT_EQUAL(p256_sign(made->bytes + length, private_key, digest, &numbers), OK);
	signature_make_low(made->bytes + length);
}

static size_t read_text(void)
{
	FILE *file = fopen(path, "re");
	size_t length = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	text[length] = 0;
	if (file)
		(void)fclose(file);
	return length;
}

/* `from` of the file becomes `to`; what is then said of it. */
static int altered(const char *from, const char *to, struct fault *fault)
{
	struct time_statement got;
	FILE *file;
	char *at;

	CU_ASSERT(read_text() > 0);
	at = strstr(text, from);
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	file = fopen(path, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	(void)fprintf(file, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	(void)fclose(file);
	memset(fault, 0, sizeof(*fault));
	return time_statement_load(&got, path, fault);
}

static void test_written_and_read(void)
{
	static const struct {
		const char *from, *to;
		enum fault_code code;
		const char *why;
	} rows[] = {
		{"1795435200", "1795435201", FAULT_NO, "is not what was signed"},
		{"\"schema\":1", "\"schema\":2", FAULT_INPUT, "no time of a ceremony"},
		{"\"type\":\"time\"", "\"type\":\"tickets\"", FAULT_INPUT, "no time of a ceremony"},
		{"\"ceremony\":", "\"ceremonies\":", FAULT_INPUT, "ceremon"},
		{"MFkw", "MFkx", FAULT_INPUT, "no P-256 key"},
		{"\"statement\":\"c2lt", "\"statement\":\"c2l", FAULT_INPUT, "\"statement\" is none"},
		{"\"statement\":\"c2lt", "\"statement\":\"c2ls", FAULT_NO, "is none"},
		{"}\n", "}", FAULT_INPUT, "not one line"},
		{"}\n", "}\n\n", FAULT_INPUT, "canonical"},
		{"{", "{ ", FAULT_INPUT, "canonical"},
	};
	struct time_statement made, got;
	struct fault fault = {0};

	CU_ASSERT_FATAL(close(mkstemp(path)) == 0);
	make(&made);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_EQUAL_FATAL(time_statement_write(path, &made, "rehearsal-a", &fault), 0);
		CU_ASSERT_EQUAL(time_statement_load(&got, path, &fault), 0);
		ASSERT_BYTES(got.authority, made.authority, sizeof(got.authority));
		ASSERT_BYTES(got.bytes, made.bytes, sizeof(got.bytes));
		CU_ASSERT_EQUAL(got.time, made.time);
		CU_ASSERT_EQUAL(altered(rows[i].from, rows[i].to, &fault), -1);
		CU_ASSERT_EQUAL(fault.code, rows[i].code);
		if (!strstr(fault.text, rows[i].why))
			printf("%s: %s\n", rows[i].to, fault.text);
		CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, rows[i].why));
	}
}

/* Every byte of it is under the signature, which has one form. */
static void test_every_bit(void)
{
	struct time_statement made, bent;
	struct fault fault = {0};

	make(&made);
	CU_ASSERT_EQUAL(time_statement_check(&made, &fault), 0);
	for (size_t i = 0; i < TICKET_TIME; i++) {
		bent = made;
		bent.bytes[i] ^= (uint8_t)(1U << i % 8);
		CU_ASSERT_EQUAL(time_statement_check(&bent, &fault), -1);
		CU_ASSERT_EQUAL(fault.code, FAULT_NO);
	}
	bent = made;
	bent.authority[40] ^= 1;
	CU_ASSERT_EQUAL(time_statement_check(&bent, &fault), -1);
}

static void test_no_file(void)
{
	struct time_statement got;
	struct fault fault = {0};

	(void)remove(path);
	CU_ASSERT_EQUAL(time_statement_load(&got, path, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
}

UNIT_SUITE("time_statement", UNIT(test_written_and_read), UNIT(test_every_bit), UNIT(test_no_file))
