/* PROVES: host/ceremony/proof.h: no proof is made of a transcript, note or
 * receipts that are not sound, nor of a card that has no receipt; and when
 * memory runs out there is none, or the right one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ceremony/proof.h"
#include "unit/proven.h"
#include "unit/unit.h"

static struct proven one, other;
static struct fault fault;

static void not_made(unsigned number, enum fault_code code, const char *why)
{
	char *text = NULL;
	int result = proven_prove(&text, &one, number, &fault);

	if (result == 0 || fault.code != code || !strstr(fault.text, why))
		printf("%d, code %d, \"%s\", not \"%s\"\n", result, fault.code, fault.text, why);
	CU_ASSERT(result < 0 && fault.code == code && strstr(fault.text, why) && !text);
	free(text);
}

/* With one file a byte or a line otherwise. */
static void not_made_with(const char *path, const char *from, const char *to, const char *why)
{
	size_t length;
	char *text = proven_read(path, &length), *bent = malloc(length + strlen(to) + 1), *at;
	int made;

	at = strstr(text, from);
	CU_ASSERT_FATAL(bent && at);
	made = sprintf(bent, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	proven_write(path, bent, (size_t)made);
	not_made(1, FAULT_NO, why);
	proven_write(path, text, length);
	free(bent);
	free(text);
}

static void test_no_ground(void)
{
	char *text, path[sizeof(one.note)];
	size_t length;

	proven_hold(&one, "T");
	proven_hold(&other, "U");
	not_made(PROVEN_MISSING, FAULT_NO, "no receipt of a card with ICCID 8988211000000001027");
	strcpy(one.cards[PROVEN_MISSING - 1].iccid, "8988211000000009012");
	not_made(PROVEN_MISSING, FAULT_NO, "no receipt of a card with ICCID 8988211000000009012");
	not_made_with(one.transcript, "\"count\":3", "\"count\":2", "line 1: ");
	not_made_with(one.transcript, "\"type\":\"close\"", "\"type\":\"clos\"", "");
	not_made_with(one.note, "mode rehearsal", "mode production", "note");
	not_made_with(one.note, "\xE2\x80\x94 simrite", "\xE2\x80\x94 simrita",
		      "the ceremony's key has not signed it");
	not_made_with(one.receipts[PROVEN_INJECTED], "\"number\":3", "\"number\":1", "line 2");
	text = proven_read(one.receipts[PROVEN_INJECTED], &length);
	proven_write(one.receipts[PROVEN_INJECTED], text, (size_t)(strchr(text, '\n') + 1 - text));
	not_made(1, FAULT_NO, "a missing card: batch \"rehearsal-i\" has no receipt for ticket 3");
	proven_write(one.receipts[PROVEN_INJECTED], text, length);
	free(text);
	text = proven_read(one.transcript, &length);
	proven_write(one.transcript, text, (size_t)((char *)memrchr(text, '\n', length - 1) + 1 - text));
	not_made(1, FAULT_NO, "the ceremony was not finished");
	proven_write(one.transcript, text, length);
	free(text);
	strcpy(path, one.note);
	strcat(one.note, "?");
	not_made(1, FAULT_INPUT, "cannot open");
	strcpy(one.note, other.note);
	not_made(1, FAULT_NO, "note");
	strcpy(one.note, path);
	CU_ASSERT_EQUAL(proven_prove(&text, &one, 1, &fault), 0);
	free(text);
}

/* ---- no memory ---- */

static long allocations, fails_at;

static void *scarce(size_t size)
{
	return ++allocations == fails_at ? NULL : malloc(size);
}

static int check(struct proof *proof, const char *text, size_t length)
{
	memset(proof, 0, sizeof(*proof));
	memset(&fault, 0, sizeof(fault));
	return proof_check(proof, text, length, NULL, &fault);
}

/* Whichever allocation of the JSON library fails: no proof, or the right one. */
static void test_no_memory(void)
{
	static struct proof proof;
	char *text, *again;
	size_t length;
	long total;

	CU_ASSERT_EQUAL_FATAL(proven_prove(&text, &one, 7, &fault), 0);
	length = strlen(text);
	json_set_alloc_funcs(scarce, free);
	allocations = fails_at = 0;
	CU_ASSERT_EQUAL(proven_prove(&again, &one, 7, &fault), 0);
	free(again);
	total = allocations;
	for (long n = 1; n <= total; n += n + 120 < total ? total / 20 : 3) {
		allocations = 0;
		fails_at = n;
		if (proven_prove(&again, &one, 7, &fault) == 0)
			CU_ASSERT_STRING_EQUAL(again, text);
		free(again);
	}
	allocations = fails_at = 0;
	CU_ASSERT_EQUAL(check(&proof, text, length), 0);
	proof_free(&proof);
	total = allocations;
	for (long n = 1; n <= total; n += 1 + total / 80) {
		allocations = 0;
		fails_at = n;
		CU_ASSERT(check(&proof, text, length) == 0 || fault.text[0]);
		proof_free(&proof);
	}
	json_set_alloc_funcs(malloc, free);
	free(text);
	proven_end(&one);
	proven_end(&other);
}

UNIT_SUITE("proof_make", UNIT(test_no_ground), UNIT(test_no_memory))
