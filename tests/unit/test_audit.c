/* PROVES: host/ceremony/audit.h: a transcript whose chain, signatures and root
 * are in order is refused all the same when what it tells is no ceremony. One
 * entry at a time is bent, as by somebody who signs everything anew, so only
 * the rule about that entry can refuse it. */
#include "ceremony/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "lib/canonical.h"
#include "lib/merkle.h"
#include "lib/signature.h"
#include "unit/unit.h"

enum {
	LENGTH_MAX = 64 << 10
};

/* ---- an honest ceremony: two custodians, two batches, one lost attempt ---- */

#define B8(d)  d d d d d d d d
#define B16(d) B8(d) B8(d)
#define B32(d) B16(d) B16(d)
#define ID                                                                                                   \
	"4d26456fdf6068c6229b176a96560e4f" /* printf 'simrite objects v1\nrehearsal\nrehearsal-a' |          \
					      sha256sum */

#define SET(d)                 "'set': '" B8(d) "'"
#define WHO(index, name)       "'index': " index ", 'custodian': '" name "', "
#define OBJECT(kind, label, x) "{'kind': '" kind "', 'label': '" label "', 'id': " x "}"
#define KEPT                   "'" ID "', 'sensitive': 1, 'extractable': 0"
#define OTHER                  "'07', 'sensitive': 0, 'extractable': 1"
#define PAIR_PRIVATE           OBJECT("private", "simrite ceremony rehearsal-a", KEPT)
#define PAIR                                                                                                 \
	PAIR_PRIVATE                                                                                         \
	", " OBJECT("public", "simrite ceremony rehearsal-a", "'" ID "', 'sensitive': 0, 'extractable': 0")

/* Where each one stands, for the tables below. */
enum {
	BEGIN,
	BEFORE,
	LOST,
	LOST_COMMIT,
	RESUME,
	ATTEMPT,
	COMMIT_1,
	COMMIT_2,
	BASE,
	REVEAL_1,
	REVEAL_2,
	MASTER,
	SHARE_1,
	SHARE_2,
	RESTORE,
	KEEP,
	BATCH_1,
	RESUME_2,
	BATCH_2,
	AFTER,
	CLOSE
};

static const char *const honest[] = {
	"{'type': 'begin', 'data': {'plan_digest': '', 'software': {'name': 'simrite', 'sha256': '" B32(
		"11") "'},"
		      " 'hsm': {'label': 'token', 'manufacturer': 'SoftHSM project', 'model': 'SoftHSM v2', 'serial': '0123',"
		      "  'library': 'SoftHSM 2.6', 'assurance': 'software token: no quorum, no attestation, keys on the disk of "
		      "this machine'},"
		      " 'plan': {'schema': 1, 'id': 'rehearsal-a', 'mode': 'rehearsal', 'title': 'T', 'operator': 'O',"
		      "  'threshold': 2, 'hsm': 'softhsm', 'known_objects': ['old'],"
		      "  'custodians': [{'name': 'Alice', 'role': 'r', 'jurisdiction': 'NL'},"
		      "                 {'name': 'Bob', 'role': 'r', 'jurisdiction': 'FR'}],"
		      "  'batches': [{'id': 'rehearsal-1', 'count': 8}, {'id': 'rehearsal-2', 'count': 9}]}}}",
	"{'type': 'inventory', 'data': {'when': 'before', 'objects': [" OBJECT("secret", "old",
									       OTHER) ", " PAIR "]}}",
	"{'type': 'attempt', 'data': {'number': 1, " SET("a0") "}}",
	"{'type': 'commit', 'data': {" WHO("1", "Alice") "'commitment': '" B32("20") "', " SET("a0") "}}",
	"{'type': 'resume', 'data': {'abandoned': '" B8("a0") "', 'cut': 131072}}",
	"{'type': 'attempt', 'data': {'number': 2, " SET("a1") "}}",
	"{'type': 'commit', 'data': {" WHO("1", "Alice") "'commitment': '" B32("21") "', " SET("a1") "}}",
	"{'type': 'commit', 'data': {" WHO("2", "Bob") "'commitment': '" B32("22") "', " SET("a1") "}}",
	"{'type': 'base', 'data': {'nonce': '" B16("31") "', 'check': '" B16("32") "', " SET("a1") "}}",
	"{'type': 'reveal', 'data': {" WHO("1", "Alice") SET("a1") "}}",
	"{'type': 'reveal', 'data': {" WHO("2", "Bob") SET("a1") "}}",
	"{'type': 'master', 'data': {'nonce': '" B16("33") "', 'check': '" B16("34") "', " SET("a1") "}}",
	"{'type': 'share', 'data': {" WHO("1", "Alice") "'commitment': '" B32("41") "', " SET("a1") "}}",
	"{'type': 'share', 'data': {" WHO("2", "Bob") "'commitment': '" B32("42") "', " SET("a1") "}}",
	"{'type': 'restore', 'data': {'quorums': 1, 'threshold': 2, 'total': 2, " SET("a1") "}}",
	"{'type': 'keep', 'data': {'check': '" B16("34") "', 'label': 'simrite master rehearsal-a', " SET(
		"a1") "}}",
	"{'type': 'batch', 'data': {'check': '" B16("51") "', 'count': 8, 'id': 'rehearsal-1',"
							  " 'label': 'simrite batch rehearsal-1'}}",
	"{'type': 'resume', 'data': {'abandoned': 'none', 'cut': 0}}",
	"{'type': 'batch', 'data': {'check': '" B16("52") "', 'count': 9, 'id': 'rehearsal-2',"
							  " 'label': 'simrite batch rehearsal-2'}}",
	"{'type': 'inventory', 'data': {'when': 'after', 'objects': [" OBJECT(
		"secret", "old", OTHER) ", " PAIR
					", " OBJECT("secret", "simrite master rehearsal-a", KEPT) ", " OBJECT(
						"secret", "simrite batch rehearsal-1",
						KEPT) ", " OBJECT("secret", "simrite batch rehearsal-2",
								  KEPT) "]}}",
	"{'type': 'close', 'data': {}}",
};

/* JSON with ' for ". */
static json_t *json(const char *text)
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

static json_t *ceremony(void)
{
	json_t *entries = json_array();

	for (size_t i = 0; i < sizeof(honest) / sizeof(honest[0]); i++)
		json_array_append_new(entries, json(honest[i]));
	CU_ASSERT_EQUAL_FATAL(json_array_size(entries), CLOSE + 1);
	return entries;
}

/* ---- signing ---- */

static uint8_t private_key[32], point[65];
static struct fault fault;

static int fill(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static const struct p256_random source = {.fill = fill};

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
	if (seq == 1) {
		public_write(key, point);
		json_object_set_new(data, "key", json_string(key));
		if (said && !said[0] &&
		    canonical_digest(digest, json_object_get(data, "plan"), &fault) == 0) {
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

static void sign(json_t *entry)
{
	char text[SIGNATURE_TEXT];
	uint8_t digest[32], raw[64];

	CU_ASSERT_EQUAL(canonical_digest(digest, entry, &fault), 0);
	CU_ASSERT_EQUAL(p256_sign(raw, private_key, digest, &source), OK);
	signature_make_low(raw);
	signature_write(text, raw);
	json_object_set_new(entry, "signature", json_string(text));
}

/* All entries as a transcript, signed. */
static size_t transcript(char out[static LENGTH_MAX], const json_t *entries)
{
	char previous[65];
	struct merkle tree;
	size_t length = 0, i;
	json_t *bare;

	zeros(previous);
	merkle_start(&tree);
	json_array_foreach((json_t *)(uintptr_t)entries, i, bare)
	{
		json_t *entry = json_deep_copy(bare);
		char *text, *line = out + length;
		uint8_t digest[32];

		complete(entry, (unsigned)i + 1, previous, &tree);
		sign(entry);
		text = canonical_text(entry, &fault);
		if (!text)
			abort();
		CU_ASSERT_FATAL(length + strlen(text) + 2 < LENGTH_MAX);
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
static int check_signed(const json_t *entries, bool with_audit)
{
	static char text[LENGTH_MAX];
	static struct audit state;
	struct transcript_summary summary;
	size_t length = transcript(text, entries);
	int result;

	memset(&fault, 0, sizeof(fault));
	memset(&state, 0, sizeof(state));
	result = transcript_check(&summary, text, length, 1, with_audit ? audit_visit : NULL, &state, &fault);
	audit_free(&state);
	return result;
}

/* What transcript_check() hands to the audit once it has found form, chain
 * and signature in order; the audit looks at none of them. Returns the number
 * of the line that is refused, from 0, or `count`. */
static size_t audit(const json_t *entries, size_t count)
{
	static struct audit state;
	struct merkle tree;
	char previous[65];
	size_t i;
	int result = 0;

	zeros(previous);
	merkle_start(&tree);
	memset(&fault, 0, sizeof(fault));
	memset(&state, 0, sizeof(state));
	for (i = 0; i < count && i < json_array_size(entries); i++) {
		json_t *entry = json_deep_copy(json_array_get(entries, i));

		complete(entry, (unsigned)i + 1, previous, &tree);
		result = audit_visit(&state, (unsigned)i + 1, entry, &fault);
		json_decref(entry);
		if (result < 0)
			break;
	}
	audit_free(&state);
	return result < 0 ? i : count;
}

static void accept(const json_t *entries, size_t count)
{
	CU_ASSERT_EQUAL(audit(entries, count), count);
	if (fault.text[0])
		printf("%s\n", fault.text);
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

static void bend(json_t *entry, const char *path, const char *value)
{
	char name[32];
	json_t *at = walk(entry, path, name);

	if (json_is_array(at) && strcmp(name, "+") == 0)
		json_array_append_new(at, json(value));
	else if (json_is_array(at) && !value)
		json_array_remove(at, (size_t)atoi(name));
	else if (json_is_array(at))
		json_array_set_new(at, (size_t)atoi(name), json(value));
	else if (value)
		json_object_set_new(at, name, json(value));
	else
		CU_ASSERT_EQUAL(json_object_del(at, name), 0);
}

/* The last of `count` entries is refused, for this reason. */
static void refuse(const json_t *entries, size_t count, const char *path, const char *why)
{
	bool right = audit(entries, count) == count - 1 && fault.code == FAULT_NO && strstr(fault.text, why);

	if (!right)
		printf("line %zu, %s: \"%s\", not \"%s\"\n", count, path, fault.text, why);
	CU_ASSERT_TRUE(right);
}

struct row {
	unsigned entry;
	const char *path, *value; /* NULL: taken out */
	const char *why;
};

static void refuse_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		json_t *entries = ceremony();

		bend(json_array_get(entries, rows[i].entry), rows[i].path, rows[i].value);
		refuse(entries, rows[i].entry + 1, rows[i].path, rows[i].why);
		json_decref(entries);
	}
}

#define ROWS(rows) refuse_rows((rows), sizeof(rows) / sizeof((rows)[0]))

static void test_honest(void)
{
	json_t *entries = ceremony();

	CU_ASSERT_EQUAL_FATAL(p256_generate(private_key, point, &source), OK);
	accept(entries, CLOSE + 1);
	for (size_t i = 1; i <= CLOSE; i++) /* and as far as it goes */
		accept(entries, i);
	json_decref(entries);
}

static void test_begin(void)
{
	static const struct row rows[] = {
		{BEGIN, "data.more", "1", "data has 6 members"},
		{BEGIN, "data.plan.title", NULL, "title: is missing"},
		{BEGIN, "data.plan.known_objects.+", "'simrite master rehearsal-a'",
		 "cannot be there before"},
		{BEGIN, "data.plan.known_objects.+", "'simrite batch rehearsal-2'", "cannot be there before"},
		{BEGIN, "data.plan.known_objects.+", "'simrite ceremony rehearsal-a'",
		 "cannot be there before"},
		{BEGIN, "data.plan.custodians.1.name", "'alice'", "is custodian 1 already"},
		{BEGIN, "data.plan.custodians.1.name", "'Alice '", "begins or ends with a blank"},
		{BEGIN, "data.plan_digest", "'xy'", "plan_digest is not 32 bytes"},
		{BEGIN, "data.plan_digest", "'" B32("99") "'", "plan_digest is not the SHA-256"},
		{BEGIN, "previous", "'" B32("99") "'", "previous is not the plan's"},
		{BEGIN, "data.plan.previous", "'" B32("99") "'", "previous is not the plan's"},
		{BEGIN, "data.hsm.more", "'x'", "hsm: data has 7 members"},
		{BEGIN, "data.hsm.model", NULL, "hsm: data has 5 members"},
		{BEGIN, "data.hsm.label", "7", "hsm: label is not a text"},
		{BEGIN, "data.hsm.label", "'" B32("xx") "'", "hsm: label is not a text of at most 32"},
		{BEGIN, "data.hsm.manufacturer", "7", "hsm: manufacturer is not a text"},
		{BEGIN, "data.hsm.model", "7", "hsm: model is not a text"},
		{BEGIN, "data.hsm.serial", "7", "hsm: serial is not a text"},
		{BEGIN, "data.hsm.library", "7", "hsm: library is not a text"},
		{BEGIN, "data.hsm.assurance", "'FIPS 140-3 level 4'", "hsm: assurance is not"},
		{BEGIN, "data.hsm.manufacturer", "'Thales'", "hsm: assurance is not"},
		{BEGIN, "data.plan.hsm", "'pkcs11:serial=REAL;manufacturer=Thales'", "is not the one of"},
		{BEGIN, "data.plan.hsm", "'pkcs11:token=another'", "is not the one of"},
		{BEGIN, "data.plan.hsm", "'pkcs11:model=another'", "is not the one of"},
		{BEGIN, "data.plan.software", "[{'name': 'x', 'sha256': '" B32("12") "'}]",
		 "software: sha256 is of no program of the plan"},
		{BEGIN, "data.plan.devices", "[{'name': 'x', 'kind': 'hsm', 'serial': '0124'}]",
		 "hsm: serial 0123 is of no HSM"},
		{BEGIN, "data.plan.jurisdictions", "3", "every quorum must hold people of 3"},
		{BEGIN, "data.software.more", "1", "software: data has 3 members"},
		{BEGIN, "data.software.name", "7", "software: name is not a text"},
		{BEGIN, "data.software.sha256", "'" B32("00") "'", "software: sha256 is zero"},
	};

	ROWS(rows);
}

/* "softhsm" means SoftHSM, whatever is said of how well it keeps keys. */
static void test_another_token_than_softhsm(void)
{
	static const char *const uris[] = {"'softhsm'", "'softhsm:/x'", "'pkcs11:token=token'"};

	for (size_t i = 0; i < 3; i++) {
		json_t *entries = ceremony(), *begin = json_array_get(entries, BEGIN);

		bend(begin, "data.plan.hsm", uris[i]);
		bend(begin, "data.hsm.manufacturer", "'Thales'");
		bend(begin, "data.hsm.assurance", "'as its maker states; simrite checked no attestation'");
		refuse(entries, 1, uris[i], "means SoftHSM");
		bend(begin, "data.plan.hsm", "'pkcs11:token=token;serial=0123?module-path=/x.so'");
		accept(entries, 1);
		json_decref(entries);
	}
}

static void test_inventories(void)
{
	static const struct row rows[] = {
		{BEFORE, "data.more", "1", "data has 3 members"},
		{BEFORE, "data.when", "'after'", "when is not \"before\""},
		{BEFORE, "data.objects", "{}", "objects is not an array"},
		{BEFORE, "data.objects.0.label", "'stranger'", "\"stranger\" is not known to the plan"},
		{BEFORE, "data.objects.0.id", "'" ID "'", "has this ceremony's id"},
		{BEFORE, "data.objects.0.id", "'zz'", "id is not at most 16 bytes"},
		{BEFORE, "data.objects.0.id", "'" B32("01") "'", "id is not at most 16 bytes"},
		{BEFORE, "data.objects.0.kind", NULL, "has not the members"},
		{BEFORE, "data.objects.0.kind", "1", "has not the members"},
		{BEFORE, "data.objects.0.label", "1", "has not the members"},
		{BEFORE, "data.objects.0.id", "1", "has not the members"},
		{BEFORE, "data.objects.0.more", "1", "has not the members"},
		{BEFORE, "data.objects.0.sensitive", "2", "sensitive is neither 0 nor 1"},
		{BEFORE, "data.objects.0.extractable", "'no'", "extractable is neither 0 nor 1"},
		{BEFORE, "data.objects.+", OBJECT("secret", "simrite master rehearsal-a", OTHER),
		 "\"simrite master rehearsal-a\" cannot be there"},
		{BEFORE, "data.objects.+", OBJECT("secret", "simrite batch rehearsal-1", KEPT),
		 "cannot be there"},
		{BEFORE, "data.objects.+", PAIR_PRIVATE, "(private) is there twice"},
		{BEFORE, "data.objects.1", NULL, "(private) is not in the token"},
		{BEFORE, "data.objects.2", NULL, "(public) is not in the token"},
		{BEFORE, "data.objects.1.kind", "'public'", "(public) is there twice"},
		{BEFORE, "data.objects.1.extractable", "1", "extractable is not 0"},
		{AFTER, "data.when", "'before'", "when is not \"after\""},
		{AFTER, "data.objects.3.kind", "'public'", "cannot be there as a public object"},
		{AFTER, "data.objects.4.kind", "'public'", "cannot be there as a public object"},
		{AFTER, "data.objects.3.extractable", "1", "extractable is not 0"},
		{AFTER, "data.objects.3.sensitive", "0", "sensitive is not 1"},
		{AFTER, "data.objects.5.extractable", "1", "extractable is not 0"},
		{AFTER, "data.objects.4.label", "'simrite master rehearsal-a'", "(secret) is there twice"},
		{AFTER, "data.objects.4.label", "'simrite ceremony rehearsal-a'",
		 "cannot be there as a secret"},
		{AFTER, "data.objects.4.label", "'simrite batch rehearsal-3'", "which makes no such object"},
		{AFTER, "data.objects.3.id", "'zz'", "id is not at most 16 bytes"},
		{AFTER, "data.objects.3.id", "'" B16("01") "'", "has not this ceremony's id"},
		{AFTER, "data.objects.3.id", "''", "has not this ceremony's id"},
		{AFTER, "data.objects.2", NULL, "(public) is not in the token"},
		{AFTER, "data.objects.3", NULL,
		 "\"simrite master rehearsal-a\" (secret) is not in the token"},
		{AFTER, "data.objects.5", NULL, "\"simrite batch rehearsal-2\" (secret) is not in the token"},
	};

	ROWS(rows);
}

static void test_attempt(void)
{
	static const struct row rows[] = {
		{LOST, "data.number", "2", "number is not 1"},
		{ATTEMPT, "data.number", "1", "number is not 2"},
		{ATTEMPT, "data.more", "1", "data has 3 members"},
		{ATTEMPT, "data.set", "'" B8("00") "'", "set is zero"},
		{ATTEMPT, "data.set", "'" B8("A1") "'", "set is not 8 bytes"},
		{ATTEMPT, "data.set", "'" B8("a0") "'", "set is that of the attempt before"},
		{COMMIT_1, "data.more", "1", "data has 5 members"},
		{COMMIT_1, "data.index", "2", "index is not 1"},
		{COMMIT_1, "data.custodian", "'Bob'", "custodian is not \"Alice\""},
		{COMMIT_1, "data.set", "'" B8("a0") "'", "set is not"},
		{COMMIT_1, "data.commitment", "'" B32("00") "'", "commitment is zero"},
		{COMMIT_1, "data.commitment", "'" B16("21") "'", "commitment is not 32 bytes"},
		{COMMIT_2, "data.commitment", "'" B32("21") "'", "commitment is that of custodian 1"},
		{BASE, "data.more", "1", "data has 4 members"},
		{BASE, "data.set", "'" B8("a0") "'", "set is not"},
		{BASE, "data.nonce", "'" B16("00") "'", "nonce is zero"},
		{BASE, "data.check", "'" B16("00") "'", "check is zero"},
		{REVEAL_1, "data.more", "1", "data has 4 members"},
		{REVEAL_1, "data.index", "2", "index is not 1"},
		{REVEAL_2, "data.custodian", "'Alice'", "custodian is not \"Bob\""},
		{REVEAL_2, "data.set", "'" B8("a0") "'", "set is not"},
		{MASTER, "data.more", "1", "data has 4 members"},
		{MASTER, "data.set", "'" B8("a0") "'", "set is not"},
		{MASTER, "data.nonce", "'" B16("00") "'", "nonce is zero"},
		{MASTER, "data.nonce", "'" B16("31") "'", "nonce is that of the base key"},
		{MASTER, "data.check", "'" B16("00") "'", "check is zero"},
		{MASTER, "data.check", "'" B16("32") "'", "check is that of the base key"},
		{SHARE_1, "data.more", "1", "data has 5 members"},
		{SHARE_1, "data.set", "'" B8("a0") "'", "set is not"},
		{SHARE_1, "data.index", "2", "index is not 1"},
		{SHARE_1, "data.commitment", "'" B32("22") "'", "commitment is that of contribution 2"},
		{SHARE_2, "data.custodian", "'Alice'", "custodian is not \"Bob\""},
		{SHARE_2, "data.commitment", "'" B32("41") "'", "commitment is that of custodian 1"},
	};

	ROWS(rows);
}

static void test_gate_and_batches(void)
{
	static const struct row rows[] = {
		{RESTORE, "data.more", "1", "data has 5 members"},
		{RESTORE, "data.quorums", "0", "quorums is not 1"},
		{RESTORE, "data.threshold", "1", "threshold is not 2"},
		{RESTORE, "data.total", "3", "total is not 2"},
		{RESTORE, "data.set", "'" B8("a0") "'", "set is not"},
		{KEEP, "data.more", "1", "data has 4 members"},
		{KEEP, "data.label", "'simrite master rehearsal-b'", "label is not"},
		{KEEP, "data.check", "'" B16("00") "'", "check is zero"},
		{KEEP, "data.check", "'" B16("35") "'", "another key was kept"},
		{KEEP, "data.set", "'" B8("a0") "'", "set is not"},
		{BATCH_1, "data.more", "1", "data has 5 members"},
		{BATCH_1, "data.id", "'rehearsal-2'", "id is not \"rehearsal-1\""},
		{BATCH_1, "data.label", "'simrite batch rehearsal-2'", "label is not"},
		{BATCH_1, "data.count", "9", "count is not 8"},
		{BATCH_1, "data.check", "'" B16("00") "'", "check is zero"},
		{BATCH_1, "data.check", "'" B16("34") "'", "check is that of the master or base key"},
		{BATCH_1, "data.check", "'" B16("32") "'", "check is that of the master or base key"},
		{BATCH_2, "data.check", "'" B16("51") "'", "check is that of batch \"rehearsal-1\""},
		{RESUME, "data.more", "1", "a resume that does not fit"},
		{RESUME, "data.cut", "'0'", "a resume that does not fit"},
		{RESUME, "data.cut", "131073", "cut is longer than any line"},
		{RESUME, "data.cut", "9007199254740991", "cut is longer than any line"},
		{RESUME, "data.abandoned", "'none'", "abandoned is not"},
		{RESUME_2, "data.abandoned", "'" B8("a1") "'", "abandoned is not \"none\""},
		{CLOSE, "data.more", "1", "data has 3 members"},
	};

	ROWS(rows);
}

/* Any entry that is left out, told twice, or told before the one before it. */
static void test_order(void)
{
	for (unsigned i = 1; i < CLOSE - 1; i++) {
		json_t *entries = ceremony(), *entry = json_incref(json_array_get(entries, i));
		const size_t all = CLOSE + 2;
		bool free_standing = i == RESUME_2; /* it may stand anywhere, any number of times, or not */

		json_array_remove(entries, i);
		CU_ASSERT_EQUAL(audit(entries, all) == all,
				free_standing ||
					i == LOST_COMMIT); /* dropped: a lost attempt may end anywhere */
		json_array_insert(entries, i, entry);
		json_array_insert(entries, i, entry);
		CU_ASSERT_EQUAL(audit(entries, all) == all, free_standing); /* twice */
		json_array_remove(entries, i);
		json_array_remove(entries, i);
		json_array_insert(entries, i + 1, entry);
		CU_ASSERT_EQUAL(audit(entries, all) == all, free_standing || i + 1 == RESUME_2); /* swapped */
		json_decref(entry);
		json_decref(entries);
	}
}

/* Closed at any time before it is done; an entry that is no step. */
static void test_close_and_others(void)
{
	for (unsigned i = 1; i < CLOSE; i++) {
		json_t *entries = ceremony();

		json_array_insert_new(entries, i, json("{'type': 'close', 'data': {}}"));
		refuse(entries, i + 1, "close", "closed before it is done");
		json_array_set_new(entries, i, json("{'type': 'note', 'data': {}}"));
		refuse(entries, i + 1, "note", "where");
		json_decref(entries);
	}
	{
		json_t *entries = ceremony();

		json_array_insert_new(entries, CLOSE, json("{'type': 'note', 'data': {}}"));
		refuse(entries, CLOSE + 1, "note", "has no place here");
		json_decref(entries);
	}
}

/* The whole way: whoever forges everything and signs it anew. */
static void test_signed_forgeries(void)
{
	static const struct row rows[] = {
		{AFTER, "data.objects.3.extractable", "1",
		 "line 20: \"simrite master rehearsal-a\": extractable"},
		{BATCH_2, "data.check", "'" B16("34") "'", "line 19: check is that of the master"},
		{BEGIN, "data.hsm.assurance", "'FIPS 140-3 level 4'", "line 1: hsm: assurance"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *entries = ceremony();

		CU_ASSERT_EQUAL(check_signed(entries, true), 0);
		bend(json_array_get(entries, rows[i].entry), rows[i].path, rows[i].value);
		CU_ASSERT_EQUAL(check_signed(entries, false), 0);
		CU_ASSERT_EQUAL(check_signed(entries, true), -1);
		CU_ASSERT_EQUAL(fault.code, FAULT_NO);
		CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, rows[i].why));
		json_decref(entries);
	}
}

UNIT_SUITE("audit", UNIT(test_honest), UNIT(test_begin), UNIT(test_another_token_than_softhsm),
	   UNIT(test_inventories), UNIT(test_attempt), UNIT(test_gate_and_batches), UNIT(test_order),
	   UNIT(test_close_and_others), UNIT(test_signed_forgeries))
