/* PROVES: host/ceremony/proof.h: a proof of each card that came back is sound
 * and says what the card's receipt says, whoever reads it; every member
 * dropped, doubled, of another type, altered, or taken from another card,
 * batch or ceremony makes it no proof, and so does every other form of it.
 * The fingerprint's line is in it. The answer is then no, and nothing else. */
#include "ceremony/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base64.h"
#include "lib/canonical.h"
#include "lib/merkle.h"
#include "unit/proven.h"
#include "unit/told.h"
#include "unit/unit.h"

static struct proven one, other;
static struct fault fault;

/* ---- making and checking ---- */

/* Of the card with ticket `number`, as JSON. */
static json_t *proof_of(const struct proven *held, unsigned number)
{
	char *text;
	json_t *proof;

	CU_ASSERT_EQUAL_FATAL(proven_prove(&text, held, number, &fault), 0);
	proof = json_loads(text, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(proof);
	free(text);
	return proof;
}

/* The bytes in memory of their own, so that a read beyond them is found. */
static int check_text(struct proof *proof, const char *text, size_t length)
{
	char *bytes = malloc(length ? length : 1);
	int result;

	CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
	memcpy(bytes, text, length);
	memset(proof, 0, sizeof(*proof));
	memset(&fault, 0, sizeof(fault));
	result = proof_check(proof, bytes, length, NULL, &fault);
	free(bytes);
	return result;
}

static unsigned refusals;

/* `note`: what no longer tells as the witness's signature counts for nothing, and is no wrong one. */
static void judge(const char *what, const char *text, size_t length, const char *why, bool note)
{
	static struct proof proof;
	int result = check_text(&proof, text, length);
	bool right = result < 0 && fault.code == FAULT_NO && strstr(fault.text, why);

	if (result == 0 && note)
		right = proof.keys[0].found && !proof.keys[1].found;
	proof_free(&proof);
	if (!right)
		printf("%s: %d, code %d, \"%s\", not \"%s\"\n", what, result, fault.code, fault.text, why);
	CU_ASSERT_TRUE(right);
	refusals += result < 0;
}

static void refused_text(const char *what, const char *text, size_t length, const char *why)
{
	judge(what, text, length, why, false);
}

/* In the form it would have, did it hold this. */
static void refused(const char *what, const json_t *proof, const char *why)
{
	char *text = json_dumps(proof, JSON_COMPACT | JSON_SORT_KEYS), *line;
	size_t length = strlen(text);

	line = malloc(length + 2);
	CU_ASSERT_PTR_NOT_NULL_FATAL(line);
	memcpy(line, text, length);
	memcpy(line + length, "\n", 2);
	judge(what, line, length + 1, why, strcmp(what, "note") == 0);
	free(line);
	free(text);
}

static void hold(void)
{
	if (one.folder[0])
		return;
	proven_hold(&one, "T");
	proven_hold(&other, "U");
}

static void test_honest(void)
{
	static const unsigned batch_of[PROVEN_TICKETS] = {0, 0, 0, 2, 3, 3, 3, 3};
	static struct proof proof;
	size_t length;
	char *transcript, *last, hex[65];
	uint8_t digest[32];

	hold();
	transcript = proven_read(one.transcript, &length);
	last = (char *)memrchr(transcript, '\n', length - 1) + 1;
	CU_ASSERT_EQUAL(sha256(digest, (struct span){(uint8_t *)last, strlen(last)}), OK);
	hex_write(hex, digest, 32);
	for (unsigned i = 0; i < PROVEN_TICKETS; i++) {
		const struct receipt_line *card = &one.cards[i];
		char *text;

		if (card->number == PROVEN_MISSING)
			continue;
		CU_ASSERT_EQUAL_FATAL(proven_prove(&text, &one, i + 1, &fault), 0);
		CU_ASSERT_EQUAL(check_text(&proof, text, strlen(text)), 0);
		CU_ASSERT_EQUAL(proof.batch, batch_of[i]);
		CU_ASSERT_STRING_EQUAL(proof.line.iccid, card->iccid);
		CU_ASSERT_EQUAL(proof.line.number, i + 1);
		CU_ASSERT_EQUAL(proof.card.receipt.kcv_k[0], i + 1);
		ASSERT_BYTES(proof.summary.fingerprint, digest, 32);
		CU_ASSERT_STRING_EQUAL(proof.note.fingerprint, hex);
		ASSERT_BYTES(proof.summary.point, told_point(), 65);
		CU_ASSERT(proof.summary.closed && proof.summary.count == proof.note.count);
		CU_ASSERT(proof.key_count == 2 && proof.keys[0].found && proof.keys[1].found);
		proof_free(&proof);
		free(text);
	}
	free(transcript);
}

/* ---- one member ---- */

enum {
	PLACES = 96,
	PLACE = 48
};

/* "begin", "begin.path", "begin.path.0" ...: every value of a proof. */
static unsigned places(char out[][PLACE], unsigned count, const char *under, const json_t *value)
{
	json_t *at = (json_t *)(uintptr_t)value, *child;
	const char *name, *dot = under[0] ? "." : "";
	size_t i;

	json_object_foreach(at, name, child)
	{
		CU_ASSERT_FATAL(count < PLACES);
		snprintf(out[count++], PLACE, "%s%s%.16s", under, dot, name);
		count = places(out, count, out[count - 1], child);
	}
	json_array_foreach(at, i, child)
	{
		CU_ASSERT_FATAL(count < PLACES);
		snprintf(out[count++], PLACE, "%.16s.%zu", under, i);
	}
	return count;
}

static json_t *value_at(json_t *proof, const char *place)
{
	char copy[PLACE], *rest = copy, *name;
	json_t *at = proof;

	strcpy(copy, place);
	while ((name = strsep(&rest, ".")))
		at = json_is_array(at) ? json_array_get(at, (size_t)atoi(name)) : json_object_get(at, name);
	return at;
}

/* Each value of the proofs of a card without a path, and of one with. */
static void each_place(void (*alter)(const json_t *proof, const char *place))
{
	static char all[PLACES][PLACE];
	static const unsigned numbers[] = {4, 7};

	hold();
	for (size_t n = 0; n < sizeof(numbers) / sizeof(numbers[0]); n++) {
		json_t *proof = proof_of(&one, numbers[n]);
		unsigned count = places(all, 0, "", proof);

		CU_ASSERT(count > 40);
		for (unsigned i = 0; i < count; i++)
			alter(proof, all[i]);
		json_decref(proof);
	}
}

/* A copy of it in which this is that; NULL: taken out. */
static void refused_with(const json_t *proof, const char *place, const char *value, const char *why)
{
	json_t *bent = json_deep_copy(proof);

	told_bend(bent, place, value);
	if (!json_equal(bent, proof))
		refused(place, bent, why);
	json_decref(bent);
}

static void drop_and_retype(const json_t *proof, const char *place)
{
	static const char *const values[] = {"7",     "'x'", "''",   "[]",      "{}",
					     "['x']", "[7]", "[[]]", "{'x': 7}"};
	static const char *const never[] = {"true", "false", "null", "-1", "0.5", "9007199254740992", "1e3"};

	refused_with(proof, place, NULL, "");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		refused_with(proof, place, values[i], "");
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		refused_with(proof, place, never[i], "");
	if (json_is_object(value_at((json_t *)(uintptr_t)proof, place))) {
		char more[PLACE + 5];

		snprintf(more, sizeof(more), "%s.more", place);
		refused_with(proof, more, "7", "members, not");
	}
	if (json_is_array(value_at((json_t *)(uintptr_t)proof, place))) {
		char more[PLACE + 2];

		snprintf(more, sizeof(more), "%s.+", place);
		refused_with(proof, more, "'" B32("ab") "'", "the path does not lead to the root");
	}
}

static void test_members(void)
{
	each_place(drop_and_retype);
}

static void refused_string(const json_t *proof, const char *place, const char *text, size_t length)
{
	json_t *bent = json_deep_copy(proof), *at = value_at(bent, place);

	CU_ASSERT_EQUAL(json_string_setn(at, text, length), 0);
	refused(place, bent, "");
	json_decref(bent);
}

static void alter(const json_t *proof, const char *place)
{
	const json_t *at = value_at((json_t *)(uintptr_t)proof, place);
	size_t length = json_string_length(at);
	char *text = length ? malloc(length + 1) : NULL;

	for (int i = -1; json_is_integer(at) && i <= 2; i++) {
		static const json_int_t by[] = {-1, 1, 1LL << 32, (1LL << 53) - 1};
		json_t *bent = json_deep_copy(proof);
		json_int_t value = json_integer_value(at), now = i == 2 ? by[3] : value + by[i + 1];

		json_integer_set(value_at(bent, place), now);
		refused(place, bent, "");
		json_decref(bent);
	}
	if (!text)
		return;
	memcpy(text, json_string_value(at), length);
	for (size_t i = 0; i < length; i += 1 + length / 12) {
		char was = text[i];

		text[i] = was == '0' ? '1' : '0';
		refused_string(proof, place, text, length);
		text[i] = was;
	}
	refused_string(proof, place, text, length - 1);
	refused_string(proof, place, text + 1, length - 1);
	text[length] = text[length - 1];
	refused_string(proof, place, text, length + 1);
	free(text);
}

static void test_values(void)
{
	each_place(alter);
}

/* The text holds a member twice: which one it means depends on who reads. */
static void test_doubled(void)
{
	static const char *const members[] = {"\"schema\":1",   "\"type\":\"proof\"", "\"index\":0",
					      "\"path\":[",     "\"line\":\"",        "\"card\":{",
					      "\"receipt\":\"", "\"ticket\":\"",      "\"note\":\""};
	char *text, *twice;

	hold();
	CU_ASSERT_EQUAL_FATAL(proven_prove(&text, &one, 1, &fault), 0);
	twice = malloc(strlen(text) + 64);
	CU_ASSERT_PTR_NOT_NULL_FATAL(twice);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		const char *at = strstr(text, members[i]), *end = strchr(members[i], ':') + 1;

		CU_ASSERT_PTR_NOT_NULL_FATAL(at);
		sprintf(twice, "%.*s%.*s7,%s", (int)(at - text), text, (int)(end - members[i]), members[i],
			at);
		refused_text(members[i], twice, strlen(twice), "duplicate object key");
	}
	free(twice);
	free(text);
}

/* ---- from elsewhere ---- */

/* Every member, and every member of a member, of another proof. */
static void swap(const json_t *proof, const json_t *from)
{
	static char all[PLACES][PLACE];
	unsigned count = places(all, 0, "", from), swapped = 0;

	for (unsigned i = 0; i < count; i++) {
		json_t *bent = json_deep_copy(proof), *at = value_at(bent, all[i]);
		json_t *theirs = value_at((json_t *)(uintptr_t)from, all[i]);

		if (at && !json_equal(at, theirs)) {
			char name[PLACE], *dot;
			json_t *container = bent;

			strcpy(name, all[i]);
			dot = strrchr(name, '.');
			if (dot) {
				*dot = 0;
				container = value_at(bent, name);
			}
			if (json_is_array(container))
				json_array_set(container, (size_t)atoi(dot + 1), theirs);
			else
				json_object_set(container, dot ? dot + 1 : name, theirs);
			refused(all[i], bent, "");
			swapped++;
		}
		json_decref(bent);
	}
	CU_ASSERT_NOT_EQUAL(swapped, 0);
}

static void test_swapped(void)
{
	json_t *proof, *next, *batch, *foreign, *card;

	hold();
	proof = proof_of(&one, 5);
	next = proof_of(&one, 6);
	batch = proof_of(&one, 1);
	foreign = proof_of(&other, 5);
	for (int i = 0; i < 2; i++) {
		static const char *const names[] = {"certificate", "index", "path", "receipt", "ticket"};
		const json_t *from = json_object_get(i ? batch : next, "card");

		for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
			json_t *bent = json_deep_copy(proof), *theirs = json_object_get(from, names[n]);

			json_object_set(json_object_get(bent, "card"), names[n], theirs);
			if (!json_equal(bent, proof))
				refused(names[n], bent, "card: ");
			json_decref(bent);
		}
	}
	swap(proof, foreign);
	card = json_incref(json_object_get(next, "card")); /* the next one's, whole, is its own proof */
	json_object_set(next, "card", json_object_get(proof, "card"));
	CU_ASSERT(json_equal(proof, next));
	json_object_set(next, "card", card);
	json_decref(card);
	json_object_set(next, "card", json_object_get(batch, "card"));
	refused("card of another batch", next, "another batch or ceremony");
	json_object_set(batch, "batch", json_object_get(proof, "batch"));
	refused("batch of another batch", batch, "loaded: it is of another batch");
	json_object_set(batch, "loaded", json_object_get(proof, "loaded"));
	refused("both of another batch", batch, "another batch or ceremony");
	json_decref(foreign);
	json_decref(batch);
	json_decref(next);
	json_decref(proof);
}

/* ---- sizes ---- */

static void test_limits(void)
{
	static const char *const trees[] = {"begin", "batch", "loaded", "close", "card"};
	json_t *proof, *bent;
	char *big;

	hold();
	proof = proof_of(&one, 8);
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		json_t *path;

		bent = json_deep_copy(proof);
		path = json_object_get(json_object_get(bent, trees[i]), "path");
		while (json_array_size(path) < MERKLE_PATH)
			json_array_append_new(path, json_string(B32("ab")));
		refused(trees[i], bent, "the path does not lead to the root");
		json_array_append_new(path, json_string(B32("ab")));
		refused(trees[i], bent, "at most 64 hashes");
		for (int n = 0; n < 100000; n++)
			json_array_append_new(path, json_integer(7));
		refused(trees[i], bent, "at most 64 hashes");
		json_decref(bent);
	}
	big = calloc(1, 2 << 20);
	CU_ASSERT_PTR_NOT_NULL_FATAL(big);
	memset(big, 'A', (2 << 20) - 1);
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		bent = json_deep_copy(proof);
		json_object_set_new(json_object_get(bent, trees[i]), i == 4 ? "receipt" : "line",
				    json_string(big));
		refused(trees[i], bent, i == 4 ? "receipt is no statement" : "not JSON");
		json_decref(bent);
	}
	for (size_t length = BASE64_TEXT(NOTE_SIZE) - 5; length < BASE64_TEXT(NOTE_SIZE) + 8; length += 4) {
		bent = json_deep_copy(proof);
		json_object_set_new(bent, "note", json_stringn(big, length));
		refused("note", bent, "note is no closing note");
		json_decref(bent);
	}
	free(big);
	json_decref(proof);
}

/* ---- the text ---- */

static void test_cut(void)
{
	char *text;
	size_t length;

	hold();
	CU_ASSERT_EQUAL_FATAL(proven_prove(&text, &one, 5, &fault), 0);
	length = strlen(text);
	for (size_t cut = 0; cut < length; cut += 1 + cut / 64)
		refused_text("cut", text, cut, "cut off");
	refused_text("cut", text, length - 1, "cut off");
	for (size_t at = 1; at < length; at += 1 + length / 64) {
		char was = text[at];

		text[at] = '\n';
		refused_text("ends in the middle", text, at + 1, "not JSON");
		text[at] = 0;
		refused_text("a byte of zero", text, length, "not JSON");
		text[at] = (char)0xFF;
		refused_text("not UTF-8", text, length, "not JSON");
		text[at] = was;
	}
	free(text);
}

/* `from` once `to`. */
static void refused_form(const char *text, const char *from, const char *to, const char *why)
{
	size_t length = strlen(text) + strlen(to);
	const char *at = strstr(text, from);
	char *other_form = malloc(length + 1);

	CU_ASSERT_FATAL(at && other_form);
	length = (size_t)sprintf(other_form, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	refused_text(to, other_form, length, why);
	free(other_form);
}

static void test_form(void)
{
	static const char *const forms[][3] = {
		{"{", " {", "canonical"},
		{",", ", ", "canonical"},
		{":", ":\t", "canonical"},
		{"\n", "\r\n", "canonical"},
		{"\n", "\n\n", "canonical"},
		{"\n", "x\n", "not JSON"},
		{"\n", ",\n", "not JSON"},
		{"\"batch\"", "\"b\\u0061tch\"", "canonical"},
		{"\"proof\"", "\"\\u0070roof\"", "canonical"},
		{"\"schema\":1", "\"schema\":1.0", "neither text nor a whole number"},
		{"\"schema\":1", "\"schema\":1e0", "neither text nor a whole number"},
		{"\"schema\":1", "\"schema\":01", "not JSON"},
		{"\"schema\":1", "\"schema\":+1", "not JSON"},
		{"\"schema\":1", "\"schema\":-0", "canonical"},
		{"\"schema\":1", "\"schema\":-1", "out of range"},
		{"\"schema\":1", "\"schema\":9007199254740992", "out of range"},
		{"\"schema\":1", "\"schema\":18446744073709551617", "not JSON"},
		{"\"schema\":1", "\"schema\":1e999999", "not JSON"},
		{"\"schema\":1", "\"schema\":[[[[[[[[[[1]]]]]]]]]]", "nested too deep"},
		{"\"schema\":1,\"type\":\"proof\"", "\"type\":\"proof\",\"schema\":1", "canonical"},
		{"\"schema\":1", "\"schema\":1,\"schema_2\":1", "members"},
		{"\"schema\":1", "\"Schema\":1", "not made of a-z"},
		{"\"type\":\"proof\"", "\"type\":\"proof\xE2\x80\x8B\"", "cannot be seen"},
		{"{", "\xEF\xBB\xBF{", "not JSON"},
		{"{", "{/**/", "not JSON"},
	};
	enum {
		DEEP = 200000
	};
	char *text, *deep = malloc(2 * DEEP + 16);

	hold();
	CU_ASSERT_PTR_NOT_NULL_FATAL(deep);
	CU_ASSERT_EQUAL_FATAL(proven_prove(&text, &one, 3, &fault), 0);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		refused_form(text, forms[i][0], forms[i][1], forms[i][2]);
	memset(deep, '[', DEEP);
	memset(deep + DEEP, ']', DEEP);
	deep[(size_t)2 * DEEP] = 0;
	refused_form("{\"path\":@}\n", "@", deep, "not JSON");
	refused_form("@\n", "@", deep, "not JSON");
	refused_text("an array", "[]\n", 3, "not an object");
	refused_text("an empty object", "{}\n", 3, "members");
	refused_text("a newline", "\n", 1, "not JSON");
	free(deep);
	free(text);
	CU_ASSERT(refusals > 2000);
}

static void end(void)
{
	proven_end(&one);
	proven_end(&other);
}

UNIT_SUITE("proof", UNIT(test_honest), UNIT(test_members), UNIT(test_values), UNIT(test_doubled),
	   UNIT(test_swapped), UNIT(test_limits), UNIT(test_cut), UNIT(test_form), UNIT(end))
