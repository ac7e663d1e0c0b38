#include "unit/told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/sha256.h"
#include "lib/canonical.h"
#include "lib/merkle.h"
#include "lib/signature.h"
#include "unit/unit.h"

/* JSON with ' for ". */
json_t *told_json(const char *text)
{
	char copy[2048];
	json_t *value;

	CU_ASSERT_FATAL(strlen(text) < sizeof(copy));
	strcpy(copy, text);
	for (char *c = copy; *c; c++)
		if (*c == '\'')
			*c = '"';
	value = json_loads(copy, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(value);
	return value;
}

/* ---- signing ---- */

static uint8_t private_key[32], point[65];
struct fault told_fault;
void (*told_completes)(json_t *entry);

static int fill(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

const struct p256_random told_random = {.fill = fill};

static void zeros(char hex[static 65])
{
	memset(hex, '0', 64);
	hex[64] = 0;
}

/* What the entry says itself (previous, plan_digest) stays as it is. */
static void complete(json_t *entry, unsigned seq, const char *previous, const struct merkle *tree)
{
	json_t *data = json_object_get(entry, "data");
	const char *said = json_string_value(json_object_get(data, "plan_digest"));
	char key[PUBLIC_TEXT], hex[65];
	uint8_t digest[32];

	if (!json_object_get(entry, "at"))
		json_object_set_new(entry, "at", json_string("2026-11-23T12:00:00Z"));
	if (!json_object_get(entry, "previous"))
		json_object_set_new(entry, "previous", json_string(previous));
	json_object_set_new(entry, "schema", json_integer(1));
	json_object_set_new(entry, "seq", json_integer(seq));
	if (told_completes)
		told_completes(entry);
	if (seq == 1) {
		public_write(key, point);
		json_object_set_new(data, "key", json_string(key));
		if (said && !said[0] &&
		    canonical_digest(digest, json_object_get(data, "plan"), &told_fault) == 0) {
			hex_write(hex, digest, 32);
			json_object_set_new(data, "plan_digest", json_string(hex));
		}
	}
	if (strcmp(json_string_value(json_object_get(entry, "type")), "close") == 0) {
		CU_ASSERT_EQUAL(merkle_root(tree, digest), OK);
		hex_write(hex, digest, 32);
		json_object_set_new(data, "count", json_integer(seq - 1));
		json_object_set_new(data, "root", json_string(hex));
	}
}

const uint8_t *told_point(void)
{
	if (point[0] == 0)
		CU_ASSERT_EQUAL_FATAL(p256_generate(private_key, point, &told_random), OK);
	return point;
}

void told_sign(uint8_t raw[static 64], const uint8_t digest[static 32])
{
	(void)told_point();
	CU_ASSERT_EQUAL(p256_sign(raw, private_key, digest, &told_random), OK);
	signature_make_low(raw);
}

static void sign(json_t *entry)
{
	char text[SIGNATURE_TEXT];
	uint8_t digest[32], raw[64];

	CU_ASSERT_EQUAL(canonical_digest(digest, entry, &told_fault), 0);
	told_sign(raw, digest);
	signature_write(text, raw);
	json_object_set_new(entry, "signature", json_string(text));
}

size_t told_transcript(char out[static TOLD_LENGTH], const json_t *entries)
{
	char previous[65];
	struct merkle tree;
	size_t length = 0, i;
	json_t *bare;

	(void)told_point();
	zeros(previous);
	merkle_start(&tree);
	json_array_foreach((json_t *)(uintptr_t)entries, i, bare)
	{
		json_t *entry = json_deep_copy(bare);
		char *text, *line = out + length;
		uint8_t digest[32];

		complete(entry, (unsigned)i + 1, previous, &tree);
		sign(entry);
		text = canonical_text(entry, &told_fault);
		if (!text)
			abort();
		CU_ASSERT_FATAL(length + strlen(text) + 2 < TOLD_LENGTH);
		length += (size_t)sprintf(line, "%s\n", text);
		CU_ASSERT_EQUAL(merkle_add(&tree, (struct span){(uint8_t *)text, strlen(text)}), OK);
		CU_ASSERT_EQUAL(sha256(digest, (struct span){(uint8_t *)line, strlen(line)}), OK);
		hex_write(previous, digest, 32);
		free(text);
		json_decref(entry);
	}
	return length;
}

/* Through chain and signatures, too. */
int told_check_signed(const json_t *entries, bool with_audit)
{
	static char text[TOLD_LENGTH];
	static struct audit state;
	struct transcript_summary summary;
	size_t length = told_transcript(text, entries);
	int result;

	memset(&told_fault, 0, sizeof(told_fault));
	memset(&state, 0, sizeof(state));
	result = transcript_check(&summary, text, length, 1, with_audit ? audit_visit : NULL, &state,
				  &told_fault);
	audit_free(&state);
	return result;
}

/* What transcript_check() hands to the audit once it has found form, chain
 * and signature in order; the audit looks at none of them. Returns the number
 * of the line that is refused, from 0, or `count`. */
size_t told_audit(const json_t *entries, size_t count)
{
	static struct audit state;
	struct merkle tree;
	char previous[65];
	size_t i;
	int result = 0;

	zeros(previous);
	merkle_start(&tree);
	memset(&told_fault, 0, sizeof(told_fault));
	memset(&state, 0, sizeof(state));
	for (i = 0; i < count && i < json_array_size(entries); i++) {
		json_t *entry = json_deep_copy(json_array_get(entries, i));

		complete(entry, (unsigned)i + 1, previous, &tree);
		result = audit_visit(&state, (unsigned)i + 1, entry, &told_fault);
		json_decref(entry);
		if (result < 0)
			break;
	}
	audit_free(&state);
	return result < 0 ? i : count;
}

void told_accept(const json_t *entries, size_t count)
{
	CU_ASSERT_EQUAL(told_audit(entries, count), count);
	if (told_fault.text[0])
		printf("%s\n", told_fault.text);
}

/* ---- bending ---- */

/* The container of the last name of "data.objects.2.kind", and that name. */
static json_t *walk(json_t *at, const char *path, char name[static 32])
{
	while (true) {
		size_t length = strcspn(path, ".");

		snprintf(name, 32, "%.*s", (int)length, path);
		if (!path[length])
			return at;
		at = json_is_array(at) ? json_array_get(at, (size_t)atoi(name)) : json_object_get(at, name);
		CU_ASSERT_PTR_NOT_NULL_FATAL(at);
		path += length + 1;
	}
}

void told_bend(json_t *entry, const char *path, const char *value)
{
	char name[32];
	json_t *at = walk(entry, path, name);

	if (json_is_array(at) && strcmp(name, "+") == 0)
		json_array_append_new(at, told_json(value));
	else if (json_is_array(at) && !value)
		json_array_remove(at, (size_t)atoi(name));
	else if (json_is_array(at))
		json_array_set_new(at, (size_t)atoi(name), told_json(value));
	else if (value)
		json_object_set_new(at, name, told_json(value));
	else
		CU_ASSERT_EQUAL(json_object_del(at, name), 0);
}

/* The last of `count` entries is refused, for this reason. */
void told_refuse(const json_t *entries, size_t count, const char *path, const char *why)
{
	bool right = told_audit(entries, count) == count - 1 && told_fault.code == FAULT_NO &&
		     strstr(told_fault.text, why);

	if (!right)
		printf("line %zu, %s: \"%s\", not \"%s\"\n", count, path, told_fault.text, why);
	CU_ASSERT_TRUE(right);
}

void told_refuse_rows(json_t *(*ceremony)(void), const struct told_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		json_t *entries = ceremony();

		told_bend(json_array_get(entries, rows[i].entry), rows[i].path, rows[i].value);
		told_refuse(entries, rows[i].entry + 1, rows[i].path, rows[i].why);
		json_decref(entries);
	}
}

json_t *told_entries(const char *const *texts, size_t count)
{
	json_t *entries = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(entries, told_json(texts[i]));
	return entries;
}
