/* PROVES: host/ceremony/audit.h, what people add: everybody with a key signs
 * at the beginning and at the end, a custodian's card what it committed to and
 * holds; exceptions and destructions are what the plan allows. Signed by
 * anybody else, over anything else, or left out, it is refused. */
#include "ceremony/audit.h"

#include <stdio.h>
#include <string.h>

#include "ceremony/hierarchy.h"
#include "lib/canonical.h"
#include "lib/signature.h"
#include "unit/told.h"
#include "unit/unit.h"

enum {
	BEGIN,
	BEFORE,
	PRESENT_ADA,
	LATE,
	PRESENT_ALICE,
	PRESENT_WIM,
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
	BATCH,
	DESTROYED_1,
	DESTROYED_2,
	AFTER,
	SIGNOFF_ADA,
	SIGNOFF_ALICE,
	SIGNOFF_WIM,
	CLOSE
};

#define PARTY(type, name, role)                                                                              \
	"{'type': '" type "', 'data': {'key': '@" name "', 'name': '" name "', 'role': '" role               \
	"', 'signature': '!" type " " name "'}}"

static const char *const honest[] = {
	"{'type': 'begin', 'data': {'plan_digest': '', 'software': {'name': 'simrite', 'sha256': '" B32(
		"11") "'},"
		      " 'hsm': {'label': 'simrite rehearsal', 'manufacturer': 'SoftHSM project', 'model': 'SoftHSM v2', 'serial': '0123',"
		      "  'library': 'SoftHSM 2.6', 'assurance': 'software token: no quorum, no attestation, keys on the disk of "
		      "this machine'},"
		      " 'plan': {'schema': 1, 'id': 'rehearsal-a', 'mode': 'rehearsal', 'title': 'T', 'operator': 'O',"
		      "  'threshold': 2, 'administrator': {'name': 'Ada', 'key': '@Ada'},"
		      "  'custodians': [{'name': 'Alice', 'role': 'r', 'jurisdiction': 'NL', 'key': '@Alice', 'share': 'card'},"
		      "                 {'name': 'Bob', 'role': 'r', 'jurisdiction': 'FR', 'share': 'file'}],"
		      "  'witnesses': [{'name': 'Wim', 'role': 'notary', 'key': '@Wim'}],"
		      "  'destruction': ['the disk', 'the printer'],"
		      "  'batches': [{'id': 'rehearsal-1', 'count': 8}]}}}",
	"{'type': 'inventory', 'data': {'when': 'before', 'objects': [" PAIR "]}}",
	PARTY("present", "Ada", "administrator"),
	"{'type': 'exception', 'data': {'by': 'Bob', 'text': 'Alice was late'}}",
	PARTY("present", "Alice", "custodian"),
	PARTY("present", "Wim", "witness"),
	"{'type': 'attempt', 'data': {'number': 1, " SET("a1") "}}",
	"{'type': 'commit', 'data': {" WHO("1", "Alice") "'commitment': '" B32(
		"21") "', 'signature': '!commit Alice', " SET("a1") "}}",
	"{'type': 'commit', 'data': {" WHO("2", "Bob") "'commitment': '" B32("22") "', " SET("a1") "}}",
	"{'type': 'base', 'data': {'nonce': '" B16("31") "', 'check': '" B16("32") "', " SET("a1") "}}",
	"{'type': 'reveal', 'data': {" WHO("1", "Alice") SET("a1") "}}",
	"{'type': 'reveal', 'data': {" WHO("2", "Bob") SET("a1") "}}",
	"{'type': 'master', 'data': {'nonce': '" B16("33") "', 'check': '" B16("34") "', " SET("a1") "}}",
	"{'type': 'share', 'data': {" WHO("1", "Alice") "'kind': 'card', 'commitment': '" B32(
		"41") "', 'signature': '!share Alice', " SET("a1") "}}",
	"{'type': 'share', 'data': {" WHO("2", "Bob") "'kind': 'file', 'commitment': '" B32("42") "', " SET(
		"a1") "}}",
	"{'type': 'restore', 'data': {'quorums': 1, 'threshold': 2, 'total': 2, " SET("a1") "}}",
	"{'type': 'keep', 'data': {'check': '" B16("34") "', 'label': 'simrite master rehearsal-a', " SET(
		"a1") "}}",
	"{'type': 'batch', 'data': {'check': '" B16("51") "', 'count': 8, 'id': 'rehearsal-1',"
							  " 'label': 'simrite batch rehearsal-1'}}",
	"{'type': 'destroyed', 'data': {'index': 1, 'text': 'the disk'}}",
	"{'type': 'destroyed', 'data': {'index': 2, 'text': 'the printer'}}",
	"{'type': 'inventory', 'data': {'when': 'after', 'objects': [" PAIR
	", " OBJECT("secret", "simrite master rehearsal-a",
		    KEPT) ", " OBJECT("secret", "simrite batch rehearsal-1", KEPT) "]}}",
	PARTY("signoff", "Ada", "administrator"),
	PARTY("signoff", "Alice", "custodian"),
	PARTY("signoff", "Wim", "witness"),
	"{'type': 'close', 'data': {}}",
};

static json_t *ceremony(void)
{
	json_t *entries = told_entries(honest, sizeof(honest) / sizeof(honest[0]));

	CU_ASSERT_EQUAL_FATAL(json_array_size(entries), CLOSE + 1);
	return entries;
}

/* ---- whose keys: "@Ada" is a public key, "!present Ada" a signature of hers ---- */

static struct person {
	const char *name;
	uint8_t private_key[32], point[65];
} people[] = {{.name = "Ada"}, {.name = "Alice"}, {.name = "Wim"}, {.name = "Eve"}};

static struct person *person(const char *name)
{
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
		if (strcmp(people[i].name, name) == 0) {
			if (people[i].point[0] == 0)
				CU_ASSERT_EQUAL_FATAL(
					p256_generate(people[i].private_key, people[i].point, &told_random),
					OK);
			return &people[i];
		}
	CU_FAIL_FATAL("nobody");
	return NULL;
}

/* What the entry is about, said with `label`; "present" and "signoff" in other entries, too. */
static void statement(uint8_t digest[static 32], const json_t *entry, const char *label)
{
	const json_t *data = json_object_get(entry, "data");
	const char *hex = json_string_value(json_object_get(data, "commitment"));
	char text[40];
	uint8_t commitment[32];
	int made;

	snprintf(text, sizeof(text), "simrite %s v1", strcmp(label, "share") == 0 ? "share held" : label);
	if (hex && canonical_hex_read(commitment, 32, hex) == 0)
		made = hierarchy_statement(digest, text, "rehearsal-a",
					   json_string_value(json_object_get(data, "set")),
					   (unsigned)json_integer_value(json_object_get(data, "index")),
					   commitment, &told_fault);
	else
		made = hierarchy_text(digest, &told_fault, text, "rehearsal-a",
				      json_string_value(json_object_get(data, "name")),
				      json_string_value(json_object_get(entry, "previous")), NULL);
	CU_ASSERT_EQUAL_FATAL(made, 0);
}

/* The other form of a signature: n - s. */
static void make_high(uint8_t raw[static 64])
{
	static const uint8_t order[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF,
					  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17,
					  0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};
	int borrow = 0;

	for (int i = 31; i >= 0; i--) {
		int d = order[i] - raw[32 + i] - borrow;

		borrow = d < 0;
		raw[32 + i] = (uint8_t)(d & 0xFF);
	}
}

static json_t *signature(const json_t *entry, const char *words, bool low)
{
	char label[16], name[16], text[SIGNATURE_TEXT];
	uint8_t digest[32], raw[64];

	CU_ASSERT_EQUAL_FATAL(sscanf(words, "%15s %15s", label, name), 2);
	statement(digest, entry, label);
	CU_ASSERT_EQUAL_FATAL(p256_sign(raw, person(name)->private_key, digest, &told_random), OK);
	signature_make_low(raw);
	if (!low)
		make_high(raw);
	signature_write(text, raw);
	return json_string(text);
}

static void fill_in(json_t *entry, json_t *at)
{
	const char *name;
	json_t *value;
	void *next;
	size_t i;

	json_object_foreach_safe(at, next, name, value)
	{
		const char *text = json_string_value(value);
		char key[PUBLIC_TEXT];

		if (text && text[0] == '@') {
			public_write(key, person(text + 1)->point);
			json_object_set_new(at, name, json_string(key));
		} else if (text && (text[0] == '!' || text[0] == '^')) {
			json_object_set_new(at, name, signature(entry, text + 1, text[0] == '!'));
		} else {
			fill_in(entry, value);
		}
	}
	json_array_foreach(at, i, value) fill_in(entry, value);
}

static void completes(json_t *entry)
{
	fill_in(entry, json_object_get(entry, "data"));
}

static void test_honest(void)
{
	json_t *entries = ceremony();

	told_completes = completes;
	for (size_t i = 1; i <= CLOSE + 1; i++)
		told_accept(entries, i);
	CU_ASSERT_EQUAL(told_check_signed(entries, true), 0);
	json_decref(entries);
}

static void test_presence(void)
{
	static const struct told_row rows[] = {
		{PRESENT_ADA, "data.more", "1", "data has 5 members"},
		{PRESENT_ADA, "data.name", "'Alice'", "name is not \"Ada\""},
		{PRESENT_ADA, "data.role", "'witness'", "role is not \"administrator\""},
		{PRESENT_ADA, "data.key", "'@Eve'", "key is not"},
		{PRESENT_ADA, "data.signature", "'!present Eve'", "signature is not this party's"},
		{PRESENT_ADA, "data.signature", "'!signoff Ada'", "signature is not this party's"},
		{PRESENT_ADA, "data.signature", "'^present Ada'", "s is in the upper half"},
		{PRESENT_ADA, "data.signature", "'AAAA'", "signature is not an ECDSA signature"},
		{PRESENT_ADA, "data.signature", NULL, "data has 3 members"},
		{PRESENT_ALICE, "data.name", "'Wim'", "name is not \"Alice\""},
		{SIGNOFF_WIM, "data.signature", "'!present Wim'", "signature is not this party's"},
		{SIGNOFF_WIM, "data.signature", "'!signoff Alice'", "signature is not this party's"},
		{SIGNOFF_ADA, "data.role", "'custodian'", "role is not \"administrator\""},
	};

	told_completes = completes;
	TOLD_ROWS(rows);
}

/* A signature made over another head: moved from another place of the transcript, or another transcript. */
static void test_moved_signature(void)
{
	json_t *entries = ceremony(), *entry = json_array_get(entries, PRESENT_ADA);

	told_completes = completes;
	told_bend(entry, "previous", "'" B32("77") "'");
	completes(entry);
	told_accept(entries, PRESENT_ADA + 1); /* the audit alone does not look at the chain */
	told_bend(entry, "previous", "'" B32("78") "'");
	told_refuse(entries, PRESENT_ADA + 1, "previous", "signature is not this party's");
	json_decref(entries);
}

static void test_cards(void)
{
	static const struct told_row rows[] = {
		{COMMIT_1, "data.signature", NULL, "data has 4 members"},
		{COMMIT_1, "data.signature", "'!commit Eve'", "signature is not this party's"},
		{COMMIT_1, "data.signature", "'!share Alice'", "signature is not this party's"},
		{COMMIT_2, "data.signature", "'!commit Alice'", "data has 5 members"},
		{SHARE_1, "data.kind", NULL, "data has 5 members"},
		{SHARE_1, "data.kind", "'file'", "kind is not \"card\""},
		{SHARE_1, "data.signature", "'!commit Alice'", "signature is not this party's"},
		{SHARE_1, "data.signature", "'!share Wim'", "signature is not this party's"},
		{SHARE_2, "data.kind", "'paper'", "kind is not \"file\""},
	};

	told_completes = completes;
	TOLD_ROWS(rows);
}

static void test_exceptions_and_destruction(void)
{
	static const struct told_row rows[] = {
		{LATE, "data.more", "1", "data has 3 members"},
		{LATE, "data.by", "'Eve'", "by is no party"},
		{LATE, "data.by", "7", "by is no party"},
		{LATE, "data.text", "' '", "text is empty"},
		{LATE, "data.text", "7", "text is not a text"},
		{DESTROYED_1, "data.index", "2", "index is not 1"},
		{DESTROYED_1, "data.text", "'the printer'", "text is not \"the disk\""},
		{DESTROYED_2, "data.more", "1", "data has 3 members"},
	};
	json_t *entries = ceremony();
	char text[1100];

	told_completes = completes;
	TOLD_ROWS(rows);
	memset(text, 'x', sizeof(text));
	memcpy(text, "'", 1);
	memcpy(text + 1001, "'", 2);
	told_bend(json_array_get(entries, LATE), "data.text", text);
	told_accept(entries, LATE + 1);
	memcpy(text + 1001, "x'", 3);
	told_bend(json_array_get(entries, LATE), "data.text", text);
	told_refuse(entries, LATE + 1, "data.text", "at most 1000 bytes");
	json_decref(entries);
}

/* Left out, twice, or in another order: only the exception may stand anywhere. */
static void test_order(void)
{
	static const unsigned steps[] = {PRESENT_ADA, PRESENT_ALICE, PRESENT_WIM,   DESTROYED_1,
					 DESTROYED_2, SIGNOFF_ADA,   SIGNOFF_ALICE, SIGNOFF_WIM};
	const size_t all = CLOSE + 2;

	told_completes = completes;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		json_t *entries = ceremony(), *entry = json_incref(json_array_get(entries, steps[i]));

		json_array_remove(entries, steps[i]);
		CU_ASSERT_NOT_EQUAL(told_audit(entries, all), all);
		json_array_insert(entries, steps[i], entry);
		json_array_insert(entries, steps[i], entry);
		CU_ASSERT_NOT_EQUAL(told_audit(entries, all), all);
		json_decref(entry);
		json_decref(entries);
	}
	for (unsigned i = 1; i <= CLOSE + 1; i++) {
		json_t *entries = ceremony();

		json_array_insert(entries, i, json_array_get(entries, LATE));
		CU_ASSERT_EQUAL(told_audit(entries, CLOSE + 2) == CLOSE + 2, i <= CLOSE);
		json_decref(entries);
	}
}

UNIT_SUITE("audit_people", UNIT(test_honest), UNIT(test_presence), UNIT(test_moved_signature),
	   UNIT(test_cards), UNIT(test_exceptions_and_destruction), UNIT(test_order))
