/* PROVES: host/lib/transcript.h: what was written is sound, and any change to it is found. */
#include "lib/transcript.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "crypto/p256.h"
#include "lib/canonical.h"
#include "lib/signature.h"
#include "unit/unit.h"

static char folder[] = "/tmp/simrite-test-transcript.XXXXXX";
static char path[128];
static struct fault fault;
static char *whole; /* a closed transcript of five lines */
static size_t whole_length;
static char *brief; /* another, of two */
static size_t brief_length;

static int fill(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static const struct p256_random source = {.fill = fill};

/* A signer whose private key is its context. */
static int sign(void *context, uint8_t signature[static 64], const uint8_t digest[static 32],
		struct fault *ignored)
{
	(void)ignored;
	if (p256_sign(signature, context, digest, &source) != OK)
		return -1;
	signature_make_low(signature);
	return 0;
}

static uint8_t private_key[32], other_key[32];
static struct transcript_signer signer = {.sign = sign, .context = private_key};
static struct transcript_signer other = {.sign = sign, .context = other_key};

static void reload(void)
{
	free(whole);
	CU_ASSERT_EQUAL_FATAL(transcript_load(&whole, &whole_length, path, &fault), 0);
}

static int check(const char *text, size_t length)
{
	struct transcript_summary summary;

	memset(&fault, 0, sizeof(fault));
	return transcript_check(&summary, text, length, 0, NULL, NULL, &fault);
}

static void write_five(void)
{
	struct transcript *t;

	unlink(path);
	CU_ASSERT_EQUAL_FATAL(
		transcript_create(&t, path, &signer, NULL, json_pack("{s:s}", "id", "x"), &fault), 0);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(transcript_append(t, "step", json_pack("{s:i}", "number", i), &fault), 0);
	CU_ASSERT_EQUAL(transcript_finish(t, json_object(), &fault), 0);
	CU_ASSERT_EQUAL(transcript_append(t, "step", json_object(), &fault), -1);
	transcript_free(t);
	reload();
}

static void write_brief(void)
{
	struct transcript *t;

	CU_ASSERT_EQUAL_FATAL(transcript_create(&t, path, &signer, NULL, json_object(), &fault), 0);
	CU_ASSERT_EQUAL(transcript_finish(t, json_object(), &fault), 0);
	transcript_free(t);
	CU_ASSERT_EQUAL_FATAL(transcript_load(&brief, &brief_length, path, &fault), 0);
	CU_ASSERT_EQUAL(check(brief, brief_length), 0);
}

static void test_honest(void)
{
	struct transcript_summary summary;

	CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/transcript.jsonl", folder);
	CU_ASSERT_EQUAL_FATAL(p256_generate(private_key, signer.point, &source), OK);
	CU_ASSERT_EQUAL_FATAL(p256_generate(other_key, other.point, &source), OK);
	write_brief();
	write_five();
	CU_ASSERT_EQUAL(transcript_check(&summary, whole, whole_length, 0, NULL, NULL, &fault), 0);
	CU_ASSERT_EQUAL(summary.count, 5);
	CU_ASSERT_EQUAL(summary.closed, 1);
	ASSERT_BYTES(summary.point, signer.point, 65);
}

/* Every byte of a short one, in turn by its lowest bit, its case, or a middle bit. */
static void test_every_byte(void)
{
	char *bent = malloc(brief_length);
	unsigned accepted = 0;

	for (size_t i = 0; i < brief_length; i++) {
		static const char flips[] = {0x01, 0x20, 0x04};

		memcpy(bent, brief, brief_length);
		bent[i] = (char)(bent[i] ^ flips[i % 3]);
		if (check(bent, brief_length) == 0 || fault.code != FAULT_NO ||
		    strncmp(fault.text, "line ", 5) != 0)
			accepted++;
	}
	CU_ASSERT_EQUAL(accepted, 0);
	free(bent);
}

/* Bytes taken out, put in, or cut off the end. */
static void test_every_length(void)
{
	char *bent = malloc(brief_length + 1);
	unsigned accepted = 0;

	for (size_t i = 0; i < brief_length; i++) {
		accepted += i % 16 == 0 && check(brief, i) == 0;
		memcpy(bent, brief, i);
		memcpy(bent + i, brief + i + 1, brief_length - i - 1);
		accepted += check(bent, brief_length - 1) == 0;
		bent[i] = i % 2 ? ' ' : brief[i];
		memcpy(bent + i + 1, brief + i, brief_length - i);
		accepted += check(bent, brief_length + 1) == 0;
	}
	CU_ASSERT_EQUAL(accepted, 0);
	CU_ASSERT_EQUAL(check("", 0), -1);
	CU_ASSERT_EQUAL(check("\n", 1), -1);
	free(bent);
}

/* Lines put together in another way: order[] holds 0-based line numbers, ended by -1. */
static void assemble(char *out, const int *order)
{
	for (*out = 0; *order >= 0; order++) {
		const char *line = whole;

		for (int i = 0; i < *order; i++)
			line = strchr(line, '\n') + 1;
		strncat(out, line, (size_t)(strchr(line, '\n') - line) + 1);
	}
}

static void test_every_order(void)
{
	char *bent = malloc(2 * whole_length);
	int order[7];

	for (int a = 0; a < 5; a++)
		for (int b = 0; b < 5; b++) {
			int n = 0;

			for (int i = 0; i < 5; i++) /* swapped */
				order[n++] = i == a ? b : i == b ? a : i;
			order[n] = -1;
			assemble(bent, order);
			CU_ASSERT_EQUAL(check(bent, strlen(bent)), a == b ? 0 : -1);
			n = 0;
			for (int i = 0; i < 5; i++) { /* line a once more after b */
				order[n++] = i;
				if (i == b)
					order[n++] = a;
			}
			order[n] = -1;
			assemble(bent, order);
			CU_ASSERT_EQUAL(check(bent, strlen(bent)), -1);
		}
	for (int a = 0; a < 5; a++) { /* dropped */
		int n = 0;

		for (int i = 0; i < 5; i++)
			if (i != a)
				order[n++] = i;
		order[n] = -1;
		assemble(bent, order);
		CU_ASSERT_EQUAL(check(bent, strlen(bent)), -1);
	}
	free(bent);
}

/* One line changed by somebody who can sign, but not with this key. */
static void test_another_signer(void)
{
	char *bent = malloc(whole_length + 64), *line = strchr(whole, '\n') + 1, *end = strchr(line, '\n'),
	     *text;
	char signature[SIGNATURE_TEXT];
	uint8_t digest[32], raw[64];
	json_t *entry = json_loadb(line, (size_t)(end - line), 0, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
	json_object_del(entry, "signature");
	CU_ASSERT_EQUAL(canonical_digest(digest, entry, &fault), 0);
	CU_ASSERT_EQUAL(sign(other_key, raw, digest, &fault), 0);
	signature_write(signature, raw);
	json_object_set_new(entry, "signature", json_string(signature));
	text = canonical_text(entry, &fault);
	sprintf(bent, "%.*s%s%s", (int)(line - whole), whole, text, end);
	CU_ASSERT_EQUAL(check(bent, strlen(bent)), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "line 2: the signature does not fit"));
	free(text);
	json_decref(entry);
	free(bent);
}

/* A line 1 of this time, signed. */
static int check_time(const char *at)
{
	char key[PUBLIC_TEXT], signature[SIGNATURE_TEXT], previous[65], *text;
	struct transcript_summary summary;
	uint8_t digest[32], raw[64];
	json_t *entry;
	int result;

	memset(previous, '0', 64);
	previous[64] = 0;
	public_write(key, signer.point);
	entry = json_pack("{s:s, s:{s:s}, s:s, s:i, s:i, s:s}", "at", at, "data", "key", key, "previous",
			  previous, "schema", 1, "seq", 1, "type", "begin");
	CU_ASSERT_EQUAL(canonical_digest(digest, entry, &fault), 0);
	CU_ASSERT_EQUAL(sign(private_key, raw, digest, &fault), 0);
	signature_write(signature, raw);
	json_object_set_new(entry, "signature", json_string(signature));
	text = canonical_text(entry, &fault);
	text = realloc(text, strlen(text) + 2);
	strcat(text, "\n");
	result = transcript_check(&summary, text, strlen(text), 1, NULL, NULL, &fault);
	free(text);
	json_decref(entry);
	return result;
}

/* Signed, but no time that there is. */
static void test_times(void)
{
	static const struct {
		const char *at;
		bool good;
	} rows[] = {
		{"2026-11-23T12:00:01Z", true},  {"2028-02-29T23:59:59Z", true},
		{"2026-12-31T23:59:59Z", true},  {"9999-99-99T99:99:99Z", false},
		{"2026-13-01T00:00:00Z", false}, {"2027-00-01T00:00:00Z", false},
		{"2027-02-29T00:00:00Z", false}, {"2100-02-29T00:00:00Z", false},
		{"2027-04-31T00:00:00Z", false}, {"2027-04-00T00:00:00Z", false},
		{"2027-04-01T24:00:00Z", false}, {"2027-04-01T23:60:00Z", false},
		{"2027-04-01T23:59:61Z", false}, {"2027-04-01T23:59:60Z", false},
		{"2027-04-01 22:59:00Z", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_EQUAL(check_time(rows[i].at), rows[i].good ? 0 : -1);
		CU_ASSERT_TRUE(rows[i].good || strstr(fault.text, "line 1: at is not a UTC time"));
	}
}

/* A signature has a second form (s and order - s): it is refused on the last line, where no hash guards it.
 */
static void test_second_form_of_a_signature(void)
{
	static const uint8_t order[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF,
					  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17,
					  0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};
	char *bent = malloc(whole_length + 64), text[SIGNATURE_TEXT], old[SIGNATURE_TEXT], *at, *end;
	uint8_t raw[64];
	int borrow = 0;

	memcpy(bent, whole, whole_length + 1);
	at = strstr(memrchr(bent, '\n', whole_length - 1), "\"signature\":\"") + 13;
	end = strchr(at, '"');
	snprintf(old, sizeof(old), "%.*s", (int)(end - at), at);
	CU_ASSERT_EQUAL_FATAL(signature_read(raw, old), 0);
	for (int i = 31; i >= 0; i--) {
		int d = order[i] - raw[32 + i] - borrow;

		borrow = d < 0;
		raw[32 + i] = (uint8_t)(d & 0xFF);
	}
	CU_ASSERT_EQUAL(signature_is_low(raw), 0);
	signature_write(text, raw);
	sprintf(at, "%s%s", text, whole + (end - bent));
	CU_ASSERT_EQUAL(check(bent, strlen(bent)), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "accepted form"));
	free(bent);
}

/* A crash leaves the start of a line: it is cut, and the ceremony goes on. */
static void test_resume(void)
{
	struct transcript_summary summary;
	struct transcript *t;
	size_t cut;
	char *text;
	size_t length;
	FILE *file;

	unlink(path);
	CU_ASSERT_EQUAL_FATAL(transcript_create(&t, path, &signer, NULL, json_object(), &fault), 0);
	CU_ASSERT_EQUAL(transcript_append(t, "step", json_object(), &fault), 0);
	transcript_free(t);
	file = fopen(path, "a");
	fputs("{\"at\":\"2026", file);
	fclose(file);
	CU_ASSERT_EQUAL(transcript_resume(&t, path, &other, NULL, NULL, &cut, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	CU_ASSERT_EQUAL_FATAL(transcript_resume(&t, path, &signer, NULL, NULL, &cut, &fault), 0);
	CU_ASSERT_EQUAL(cut, 11);
	CU_ASSERT_EQUAL(transcript_append(t, "step", json_object(), &fault), 0);
	CU_ASSERT_EQUAL(transcript_finish(t, json_object(), &fault), 0);
	transcript_free(t);
	CU_ASSERT_EQUAL(transcript_load(&text, &length, path, &fault), 0);
	CU_ASSERT_EQUAL(transcript_check(&summary, text, length, 0, NULL, NULL, &fault), 0);
	CU_ASSERT_EQUAL(summary.count, 4);
	free(text);
	CU_ASSERT_EQUAL(transcript_resume(&t, path, &signer, NULL, NULL, &cut, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	CU_ASSERT_EQUAL(transcript_create(&t, path, &signer, NULL, json_object(), &fault), -1);
}

/* No room: the entry is refused whole, and what was there stays sound. */
static void test_full_disk(void)
{
	struct rlimit limit, small;
	struct transcript_summary summary;
	struct transcript *t;

	unlink(path);
	CU_ASSERT_EQUAL_FATAL(transcript_create(&t, path, &signer, NULL, json_object(), &fault), 0);
	reload();
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	small = limit;
	small.rlim_cur = whole_length + 100;
	setrlimit(RLIMIT_FSIZE, &small);
	CU_ASSERT_EQUAL(transcript_append(t, "step", json_object(), &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_SYSTEM);
	setrlimit(RLIMIT_FSIZE, &limit);
	CU_ASSERT_EQUAL(transcript_append(t, "step", json_object(), &fault), 0);
	transcript_free(t);
	reload();
	CU_ASSERT_EQUAL(transcript_check(&summary, whole, whole_length, 1, NULL, NULL, &fault), 0);
	CU_ASSERT_EQUAL(summary.count, 2);
}

static void test_what_cannot_be_written(void)
{
	static const char *const unseen[] = {
		"\x7F",         "\xC2\x80",     "\xC2\x9B",         "\xC2\xAD",      "\xE2\x80\x8B",
		"\xE2\x80\xAE", "\xE2\x81\xA0", "\xE2\x81\xA6",     "\xEF\xBB\xBF",  "\xEF\xBF\xBE",
		"\xE2\x80\xA8", "\xEF\xB8\x8F", "\xF3\xA0\x81\x81", "a\xE2\x80\x8D",
	};
	struct transcript *t;
	size_t cut;

	CU_ASSERT_EQUAL_FATAL(transcript_resume(&t, path, &signer, NULL, NULL, &cut, &fault), 0);
	CU_ASSERT_EQUAL(transcript_append(t, "step", json_pack("{s:s}", "Name", "x"), &fault), -1);
	CU_ASSERT_EQUAL(transcript_append(t, "step", json_pack("{s:s}", "name", "a\nb"), &fault), -1);
	CU_ASSERT_EQUAL(transcript_append(t, "step", json_pack("{s:f}", "name", 1.5), &fault), -1);
	CU_ASSERT_EQUAL(transcript_append(t, "step", json_pack("{s:i}", "name", -1), &fault), -1);
	CU_ASSERT_EQUAL(transcript_append(t, "step", json_pack("{s:b}", "name", 1), &fault), -1);
	CU_ASSERT_EQUAL(transcript_append(t, "step", json_pack("{s:[{s:n}]}", "name", "x"), &fault), -1);
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		CU_ASSERT_EQUAL(transcript_append(t, "step", json_pack("{s:s}", "name", unseen[i]), &fault),
				-1);
	CU_ASSERT_EQUAL(
		transcript_append(t, "step", json_pack("{s:s}", "name", "Zo\xC3\xAB \xE2\x82\xAC"), &fault),
		0);
	CU_ASSERT_EQUAL(transcript_summary(t)->count, 3);
	transcript_free(t);
	unlink(path);
	CU_ASSERT_EQUAL(rmdir(folder), 0);
	free(whole);
	free(brief);
}

UNIT_SUITE("transcript", UNIT(test_honest), UNIT(test_every_byte), UNIT(test_every_length),
	   UNIT(test_every_order), UNIT(test_another_signer), UNIT(test_times),
	   UNIT(test_second_form_of_a_signature), UNIT(test_resume), UNIT(test_full_disk),
	   UNIT(test_what_cannot_be_written))
