/* PROVES: host/lib/note_policy.h: a policy's quorum is met by exactly the
 * sets of witnesses that its groups say, whatever else the note holds. */
#include "lib/note_policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "lib/base64.h"
#include "lib/hex.h"
#include "lib/signature.h"
#include "unit/unit.h"

enum {
	PEOPLE = 5
};

static struct fault fault;
static struct note_policy policy;
static const char text[] = "simrite/ceremony/rehearsal-a\n1\nAAAA\nmode rehearsal\nfingerprint 00\n";
static uint8_t points[PEOPLE + 1][65]; /* the last is the ceremony's */
static char lines[PEOPLE][NOTE_LINE], vkeys[PEOPLE + 1][512], note[8192], file[128 << 10];

static int fill(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static const struct p256_random source = {.fill = fill};

static void make_vkey(char vkey[static 512], const char *name, const uint8_t point[static 65])
{
	uint8_t packed[1 + SPKI_LENGTH] = {2}, digest[32];
	char id[9], base64[BASE64_TEXT(sizeof(packed))];

	public_der(packed + 1, point);
	CU_ASSERT_EQUAL(sha256(digest, (struct span){packed + 1, SPKI_LENGTH}), OK);
	hex_write(id, digest, 4);
	base64_write(base64, packed, sizeof(packed));
	(void)snprintf(vkey, 512, "%s+%s+%s", name, id, base64);
}

static void make_people(void)
{
	uint8_t secret[32], digest[32], raw[64];

	CU_ASSERT_EQUAL(sha256(digest, (struct span){(const uint8_t *)text, strlen(text)}), OK);
	for (unsigned i = 0; i <= PEOPLE; i++) {
		char name[8] = {'P', (char)('0' + i), 0};

		CU_ASSERT_EQUAL(p256_generate(secret, points[i], &source), OK);
		make_vkey(vkeys[i], i == PEOPLE ? "simrite/ceremony/rehearsal-a" : name, points[i]);
		if (i == PEOPLE)
			break;
		CU_ASSERT_EQUAL(p256_sign(raw, secret, digest, &source), OK);
		signature_make_low(raw);
		CU_ASSERT_EQUAL(note_line(lines[i], name, points[i], raw, &fault), 0);
	}
}

static void make_file(const char *rules)
{
	int length = snprintf(file, sizeof(file), "log %s\n", vkeys[PEOPLE]);

	for (unsigned i = 0; i < PEOPLE; i++)
		length += snprintf(file + length, sizeof(file) - (size_t)length, "witness w%u %s\n", i,
				   vkeys[i]);
	(void)snprintf(file + length, sizeof(file) - (size_t)length, "%s", rules);
}

static int check_signed_by(unsigned set)
{
	int length = snprintf(note, sizeof(note), "%s\n\xE2\x80\x94 somebody.else AAAAAAAA\n", text);

	for (unsigned i = 0; i < PEOPLE; i++)
		if (set >> i & 1)
			length += snprintf(note + length, sizeof(note) - (size_t)length, "%s", lines[i]);
	memset(&fault, 0, sizeof(fault));
	return note_policy_check(&policy, note, strlen(note), text, "simrite/ceremony/rehearsal-a",
				 points[PEOPLE], &fault);
}

/* Two of w0, w1, w2; one of w3, w4; and `want` of these two groups. */
static bool expected(unsigned set, unsigned want)
{
	bool first = __builtin_popcount(set & 7) >= 2, second = (set & 24) != 0;

	return (unsigned)first + second >= want;
}

/* Every set of signers, under every threshold. */
static void test_every_set(void)
{
	make_people();
	for (unsigned want = 1; want <= 2; want++) {
		char rules[256];

		(void)snprintf(rules, sizeof(rules),
			       "group x 2 w0 w1 w2\ngroup y any w3 w4\ngroup z %u x y\nquorum z\n", want);
		make_file(rules);
		CU_ASSERT_EQUAL_FATAL(note_policy_read(&policy, file, strlen(file), &fault), 0);
		CU_ASSERT_TRUE(note_policy_pins(&policy));
		for (unsigned set = 0; set < 1U << PEOPLE; set++) {
			bool met = check_signed_by(set) == 0;

			CU_ASSERT_EQUAL(met, expected(set, want));
			CU_ASSERT_TRUE(met || (fault.code == FAULT_NO && strstr(fault.text, "quorum")));
		}
	}
}

static void test_names_what_is_wanting(void)
{
	make_file("group x all w0 w1\nquorum x\n");
	CU_ASSERT_EQUAL(note_policy_read(&policy, file, strlen(file), &fault), 0);
	CU_ASSERT_EQUAL(check_signed_by(1), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "group x wants 2 of 2 and has 1"));
	make_file("quorum w4\n");
	CU_ASSERT_EQUAL(note_policy_read(&policy, file, strlen(file), &fault), 0);
	CU_ASSERT_EQUAL(check_signed_by(15), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "w4 has not signed"));
	CU_ASSERT_EQUAL(check_signed_by(16), 0);
}

static void test_log(void)
{
	make_file("quorum none\n");
	CU_ASSERT_EQUAL(note_policy_read(&policy, file, strlen(file), &fault), 0);
	CU_ASSERT_EQUAL(check_signed_by(0), 0);
	CU_ASSERT_TRUE(note_policy_pins(&policy));
	CU_ASSERT_EQUAL(note_policy_check(&policy, note, strlen(note), text, "simrite/ceremony/rehearsal-b",
					  points[PEOPLE], &fault),
			-1);
	CU_ASSERT_EQUAL(note_policy_check(&policy, note, strlen(note), text, "simrite/ceremony/rehearsal-a",
					  points[0], &fault),
			-1);
	CU_ASSERT_EQUAL(note_policy_read(&policy, "quorum none\n", 12, &fault), 0);
	CU_ASSERT_FALSE(note_policy_pins(&policy));
}

/* Each byte of a good file: read or refused, and never beyond its end. */
static void test_cut(void)
{
	make_file("group x 2 w0 w1 w2\nquorum x\n");
	for (size_t length = 0; length < strlen(file); length++) {
		char *bytes = malloc(length ? length : 1);

		CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
		memcpy(bytes, file, length);
		CU_ASSERT_EQUAL(note_policy_read(&policy, bytes, length, &fault), -1);
		CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
		free(bytes);
	}
}

/* As many as there may be, and one more. */
static void test_limits(void)
{
	uint8_t secret[32], point[65];
	char vkey[512], *at = file;

	for (unsigned i = 0; i <= NOTE_POLICY_WITNESSES; i++) {
		CU_ASSERT_EQUAL(p256_generate(secret, point, &source), OK);
		make_vkey(vkey, "W", point);
		at += sprintf(at, "witness w%u %s\n", i, vkey);
		(void)sprintf(at, "quorum w%u\n", i);
		CU_ASSERT_EQUAL(note_policy_read(&policy, file, strlen(file), &fault),
				i < NOTE_POLICY_WITNESSES ? 0 : -1);
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "too many"));
	at = file + sprintf(file, "witness g0 %s\n", vkey);
	for (unsigned i = 1; i <= NOTE_POLICY_RULES; i++) {
		at += sprintf(at, "group g%u any g%u\n", i, i - 1);
		(void)sprintf(at, "quorum g%u\n", i);
		CU_ASSERT_EQUAL(note_policy_read(&policy, file, strlen(file), &fault),
				i < NOTE_POLICY_RULES ? 0 : -1);
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "too many"));
	*file = 0;
	for (unsigned i = 0; i < 200; i++)
		strcat(file, "group ");
	strcat(file, "\n");
	CU_ASSERT_EQUAL(note_policy_read(&policy, file, strlen(file), &fault), -1);
}

UNIT_SUITE("note_policy", UNIT(test_every_set), UNIT(test_names_what_is_wanting), UNIT(test_log),
	   UNIT(test_cut), UNIT(test_limits))
