/* PROVES: host/lib/note.h: a note of a transcript is read back by those it
 * names, and refused when its text, a signature or its shape was changed. */
#include "lib/note.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "lib/signature.h"
#include "unit/unit.h"

static const char transcript[] = "one\ntwo\nthree\n";

static struct fault fault;

static int fill(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static const struct p256_random source = {.fill = fill};

static struct note_key keys[2];
static uint8_t private_keys[2][32];
static char text[NOTE_TEXT + 1], note[4096];

/* RFC 6962 2.1 of the three leaves, and SHA-256 of "three\n", by other programs (openssl, basenc):
 * node(node(leaf one, leaf two), leaf three). */
static const char root64[] = "Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=";
static const char fingerprint[] = "f6936912184481f5edd4c304ce27c5a1a827804fc7f329f43d273b8621870776";

static void sign(size_t i)
{
	uint8_t digest[32], raw[64];
	char line[NOTE_LINE];

	CU_ASSERT_EQUAL(sha256(digest, (struct span){(uint8_t *)text, strlen(text)}), OK);
	CU_ASSERT_EQUAL(p256_sign(raw, private_keys[i], digest, &source), OK);
	signature_make_low(raw);
	CU_ASSERT_EQUAL(note_line(line, keys[i].name, keys[i].point, raw, &fault), 0);
	strcat(note, line);
}

static void make(void)
{
	note_origin(keys[0].name, "rehearsal-a");
	note_name(keys[1].name, "Wim +% Wit");
	for (size_t i = 0; i < 2; i++)
		CU_ASSERT_EQUAL(p256_generate(private_keys[i], keys[i].point, &source), OK);
	CU_ASSERT_EQUAL(note_text(text, transcript, strlen(transcript), "rehearsal-a", "rehearsal", &fault),
			0);
	snprintf(note, sizeof(note), "%s\n", text);
	sign(0);
	sign(1);
}

static int check(void)
{
	return note_check(note, strlen(note), text, keys, 2, &fault);
}

static void test_text(void)
{
	char want[NOTE_TEXT + 1];

	make();
	snprintf(want, sizeof(want), "simrite/ceremony/rehearsal-a\n3\n%s\nmode rehearsal\nfingerprint %s\n",
		 root64, fingerprint);
	CU_ASSERT_STRING_EQUAL(text, want);
	CU_ASSERT_STRING_EQUAL(keys[1].name, "Wim%20%2B%25%20Wit");
	CU_ASSERT_EQUAL(note_text(want, "cut", 3, "rehearsal-a", "rehearsal", &fault), -1);
}

static void test_signed(void)
{
	make();
	CU_ASSERT_EQUAL(check(), 0);
	CU_ASSERT_TRUE(keys[0].found && keys[1].found);
	strcat(note, "\xE2\x80\x94 witness.example AAAA\n"); /* nobody we know */
	CU_ASSERT_EQUAL(check(), 0);
	snprintf(note, sizeof(note), "%s\n", text);
	sign(1);
	CU_ASSERT_EQUAL(check(), 0);
	CU_ASSERT_TRUE(!keys[0].found && keys[1].found);
	sign(1);
	CU_ASSERT_EQUAL(check(), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "signs twice"));
}

/* Every character of it, one bit on: refused, or a signature is not found any more. */
static void test_bent(void)
{
	make();
	for (size_t i = 0; i < strlen(note); i++) {
		note[i] ^= 0x01;
		CU_ASSERT_TRUE(check() < 0 || !keys[0].found || !keys[1].found);
		note[i] ^= 0x01;
	}
	note[strlen(note) - 1] = 0;
	CU_ASSERT_EQUAL(check(), -1);
}

UNIT_SUITE("note", UNIT(test_text), UNIT(test_signed), UNIT(test_bent))
