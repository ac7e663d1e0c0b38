/* PROVES: host/ceremony/audit.h, batches with load tickets: what they were
 * issued for is the plan's, every one of them comes back once, in the plan's
 * order, and what keys were agreed with is gone at the end. */
#include "ceremony/audit.h"

#include <string.h>

#include "keys/ticket.h"
#include "lib/base64.h"
#include "lib/signature.h"
#include "unit/told.h"
#include "unit/unit.h"

enum {
	BEGIN,
	BEFORE,
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
	BATCH_INJECTED,
	BATCH_PLAIN,
	BATCH_AGREED,
	BATCH_AGREED_2,
	LOADED_INJECTED,
	LOADED_AGREED,
	LOADED_AGREED_2,
	RETIRED,
	RETIRED_2,
	AFTER,
	CLOSE
};

#define EXPIRES "'expires': '2027-01-31T12:00:00Z'"
/* x = y = 1 */
#define OFF_CURVE                                                                                            \
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQ=="
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define BATCH(id, count, check)                                                                              \
	"'id': 'rehearsal-" id "', 'label': 'simrite batch rehearsal-" id "', 'count': " count               \
	", 'check': '" B16(check) "'"

static const char *const honest[] = {
	"{'type': 'begin', 'data': {'plan_digest': '', 'software': {'name': 'simrite', 'sha256': '" B32(
		"11") "'},"
		      " 'hsm': {'label': 'simrite rehearsal', 'manufacturer': 'SoftHSM project', 'model': 'SoftHSM v2', 'serial': '0123',"
		      "  'library': 'SoftHSM 2.6', 'assurance': 'software token: no quorum, no attestation, keys on the disk of "
		      "this machine'},"
		      " 'plan': {'schema': 1, 'id': 'rehearsal-a', 'mode': 'rehearsal', 'title': 'T', 'operator': 'O',"
		      "  'threshold': 2, 'factories': [{'name': 'F', 'key': '@0'}],"
		      "  'custodians': [{'name': 'Alice', 'role': 'r', 'jurisdiction': 'NL'},"
		      "                 {'name': 'Bob', 'role': 'r', 'jurisdiction': 'FR'}],"
		      "  'batches': [{'id': 'rehearsal-i', 'count': 3, 'method': 'injected',"
		      "    'first_iccid': '8988211000000001019', " EXPIRES "},"
		      "   {'id': 'rehearsal-p', 'count': 9},"
		      "   {'id': 'rehearsal-g', 'count': 2, 'method': 'agreed', 'slot': 2,"
		      "    'first_iccid': '8988211000000002017', " EXPIRES "},"
		      "   {'id': 'rehearsal-h', 'count': 1, 'method': 'agreed',"
		      "    'first_iccid': '8988211000000006018', " EXPIRES "}]}}}",
	"{'type': 'inventory', 'data': {'when': 'before', 'objects': [" PAIR "]}}",
	"{'type': 'attempt', 'data': {'number': 1, " SET("a1") "}}",
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
	"{'type': 'batch', 'data': {" BATCH("i", "3",
					    "51") ", 'method': 'injected', 'slot': 1, " EXPIRES
						  ", 'tickets': {'count': 3, 'root': '" B32("61") "'}}}",
	"{'type': 'batch', 'data': {" BATCH("p", "9", "52") "}}",
	"{'type': 'batch', 'data': {" BATCH("g", "2", "53") ", 'method': 'agreed', 'slot': 2, " EXPIRES
							    ", 'tickets': {'count': 2, 'root': '" B32(
								    "62") "'}, 'agree_key': '@1'}}",
	"{'type': 'batch', 'data': {" BATCH("h", "1", "54") ", 'method': 'agreed', 'slot': 1, " EXPIRES
							    ", 'tickets': {'count': 1, 'root': '" B32(
								    "63") "'}, 'agree_key': '@2'}}",
	"{'type': 'loaded', 'data': {'id': 'rehearsal-i', 'count': 1, 'missing': [1, 3], 'root': '" B32(
		"71") "'}}",
	"{'type': 'loaded', 'data': {'id': 'rehearsal-g', 'count': 2, 'missing': [], 'root': '" B32(
		"72") "'}}",
	"{'type': 'loaded', 'data': {'id': 'rehearsal-h', 'count': 0, 'missing': [6], 'root': '" NOTHING
	"'}}",
	"{'type': 'retired', 'data': {'id': 'rehearsal-g', 'label': 'simrite agree rehearsal-g'}}",
	"{'type': 'retired', 'data': {'id': 'rehearsal-h', 'label': 'simrite agree rehearsal-h'}}",
	"{'type': 'inventory', 'data': {'when': 'after', 'objects': [" PAIR
	", " OBJECT("secret", "simrite master rehearsal-a", KEPT) ", " OBJECT(
		"secret", "simrite batch rehearsal-i",
		KEPT) ", " OBJECT("secret", "simrite batch rehearsal-p",
				  KEPT) ", " OBJECT("secret", "simrite batch rehearsal-g",
						    KEPT) ", " OBJECT("secret", "simrite batch rehearsal-h",
								      KEPT) "]}}",
	"{'type': 'close', 'data': {}}",
};

/* "@0" to "@2" are public keys. */
static void put_keys(json_t *entry)
{
	static char keys[3][PUBLIC_TEXT];
	json_t *data = json_object_get(entry, "data"), *plan = json_object_get(data, "plan");
	json_t *where[2] = {json_array_get(json_object_get(plan, "factories"), 0), data};
	static const char *const names[2] = {"key", "agree_key"};

	for (int i = 0; i < 3 && !keys[i][0]; i++) {
		uint8_t private_key[32], point[65];

		CU_ASSERT_EQUAL_FATAL(p256_generate(private_key, point, &told_random), OK);
		public_write(keys[i], point);
	}
	for (int i = 0; i < 2; i++) {
		const char *text = json_string_value(json_object_get(where[i], names[i]));

		if (text && text[0] == '@')
			json_object_set_new(where[i], names[i], json_string(keys[text[1] - '0']));
	}
}

static json_t *ceremony(void)
{
	json_t *entries = told_entries(honest, sizeof(honest) / sizeof(honest[0]));

	told_completes = put_keys;
	CU_ASSERT_EQUAL_FATAL(json_array_size(entries), CLOSE + 1);
	return entries;
}

static void test_honest(void)
{
	json_t *entries = ceremony();

	for (size_t i = 1; i <= CLOSE + 1; i++)
		told_accept(entries, i);
	CU_ASSERT_EQUAL(told_check_signed(entries, true), 0);
	json_decref(entries);
}

static void test_issued(void)
{
	static const struct told_row rows[] = {
		{BATCH_INJECTED, "data.more", "1", "data has 9 members"},
		{BATCH_INJECTED, "data.tickets", NULL, "data has 7 members"},
		{BATCH_INJECTED, "data.tickets", "7", "tickets: data has 0 members"},
		{BATCH_INJECTED, "data.tickets.more", "7", "tickets: data has 3 members"},
		{BATCH_INJECTED, "data.tickets.count", "2", "tickets: count is not 3"},
		{BATCH_INJECTED, "data.tickets.root", "'" B32("00") "'", "tickets: root is zero"},
		{BATCH_INJECTED, "data.tickets.root", "'" B16("61") "'", "tickets: root is not 32 bytes"},
		{BATCH_INJECTED, "data.method", "'derived'", "method is not \"injected\""},
		{BATCH_INJECTED, "data.expires", "'2027-01-31T12:00:01Z'", "expires is not"},
		{BATCH_INJECTED, "data.slot", "2", "slot is not 1"},
		{BATCH_INJECTED, "data.agree_key", "'@1'", "data has 9 members"},
		{BATCH_PLAIN, "data.method", "'injected'", "data has 5 members"},
		{BATCH_PLAIN, "data.tickets", "{'count': 9, 'root': '" B32("61") "'}", "data has 5 members"},
		{BATCH_AGREED, "data.agree_key", NULL, "data has 8 members"},
		{BATCH_AGREED, "data.agree_key", "'AAAA'", "agree_key is no P-256 key"},
		{BATCH_AGREED, "data.agree_key", "'" OFF_CURVE "'", "agree_key is no P-256 key"},
		{BATCH_AGREED, "data.slot", "1", "slot is not 2"},
		{BATCH_AGREED_2, "data.agree_key", "'@1'", "agree_key is that of batch \"rehearsal-g\""},
	};

	TOLD_ROWS(rows);
}

/* The ceremony's own key: whoever can use it to sign could compute subscribers' keys. */
static json_t *signer_of;

static void put_signer(json_t *entry)
{
	json_t *data = json_object_get(entry, "data");

	if (json_object_get(data, "plan"))
		signer_of = json_incref(data);
	put_keys(entry);
	if (json_object_get(data, "agree_key") && json_integer_value(json_object_get(data, "slot")) == 2)
		json_object_set(data, "agree_key", json_object_get(signer_of, "key"));
}

static void test_agree_key_that_signs(void)
{
	json_t *entries = ceremony();

	told_completes = put_signer;
	told_refuse(entries, BATCH_AGREED + 1, "agree_key", "agree_key is the key that signs");
	told_completes = put_keys;
	json_decref(signer_of);
	json_decref(entries);
}

static void test_back(void)
{
	static const struct told_row rows[] = {
		{LOADED_INJECTED, "data.more", "1", "data has 5 members"},
		{LOADED_INJECTED, "data.id", "'rehearsal-g'", "id is not \"rehearsal-i\""},
		{LOADED_INJECTED, "data.count", "2", "count is not 1"},
		{LOADED_INJECTED, "data.missing", "[1]", "count is not 2"},
		{LOADED_INJECTED, "data.missing", "7", "missing is not an array"},
		{LOADED_INJECTED, "data.missing", "[3, 1]", "missing[1] is no number"},
		{LOADED_INJECTED, "data.missing", "[1, 1]", "missing[1] is no number"},
		{LOADED_INJECTED, "data.missing", "[0, 1]", "missing[0] is no number"},
		{LOADED_INJECTED, "data.missing", "[1, 4]", "missing[1] is no number"},
		{LOADED_INJECTED, "data.missing", "[1, '3']", "missing[1] is no number"},
		{LOADED_INJECTED, "data.missing", "[1, 4294967299]", "missing[1] is no number"},
		{LOADED_INJECTED, "data.root", "'" NOTHING "'", "root and count do not go together"},
		{LOADED_INJECTED, "data.root", "'" B32("00") "'", "root is zero"},
		{LOADED_AGREED, "data.missing", "[3]", "missing[0] is no number"}, /* of the batch before */
		{LOADED_AGREED, "data.missing", "[4]", "count is not 1"},
		{LOADED_AGREED_2, "data.root", "'" B32("73") "'", "root and count do not go together"},
		{LOADED_AGREED_2, "data.missing", "[]", "count is not 1"},
		{RETIRED, "data.more", "1", "data has 3 members"},
		{RETIRED, "data.id", "'rehearsal-h'", "id is not \"rehearsal-g\""},
		{RETIRED, "data.label", "'simrite agree rehearsal-h'", "label is not"},
		{AFTER, "data.objects.+", OBJECT("private", "simrite agree rehearsal-g", KEPT),
		 "cannot be there as a private object"},
		{AFTER, "data.objects.+", OBJECT("public", "simrite agree rehearsal-h", KEPT),
		 "cannot be there as a public object"},
		{AFTER, "data.objects.+", OBJECT("private", "simrite agree rehearsal-i", KEPT),
		 "which makes no such object"},
		{BEFORE, "data.objects.+", OBJECT("private", "simrite agree rehearsal-g", KEPT),
		 "cannot be there as a private object"},
		{BEGIN, "data.plan.known_objects", "['simrite agree rehearsal-g']", "cannot be there before"},
	};

	TOLD_ROWS(rows);
}

/* Ten thousand are the most, so that no line gets too long. */
static void test_many_missing(void)
{
	json_t *entries = ceremony(), *missing = json_array(), *batch;

	for (int i = 1; i <= AUDIT_MISSING; i++)
		json_array_append_new(missing, json_integer(i));
	for (int i = 0; i < 2; i++) {
		json_t *begin = json_array_get(entries, BEGIN);
		json_t *plan = json_object_get(json_object_get(begin, "data"), "plan");
		json_t *loaded = json_object_get(json_array_get(entries, LOADED_INJECTED), "data");
		int count = AUDIT_MISSING + i;

		batch = json_array_get(json_object_get(plan, "batches"), 0);
		json_object_set_new(batch, "count", json_integer(count));
		json_object_set_new(batch, "first_iccid", json_string("8988211100000001017"));
		told_bend(json_array_get(entries, BATCH_INJECTED), "data.count", i ? "10001" : "10000");
		told_bend(json_array_get(entries, BATCH_INJECTED), "data.tickets.count",
			  i ? "10001" : "10000");
		told_bend(json_array_get(entries, LOADED_INJECTED), "data.count", "0");
		told_bend(json_array_get(entries, LOADED_INJECTED), "data.root", "'" NOTHING "'");
		json_object_set(loaded, "missing", missing);
		if (i == 0)
			told_accept(entries, LOADED_INJECTED + 1);
		else
			told_refuse(entries, LOADED_INJECTED + 1, "missing", "at most 10000");
		json_array_append_new(missing, json_integer(AUDIT_MISSING + 1));
	}
	json_decref(missing);
	json_decref(entries);
}

/* Left out, told twice, or told before the one before it. */
static void test_order(void)
{
	for (unsigned i = BATCH_INJECTED; i < AFTER; i++) {
		json_t *entries = ceremony(), *entry = json_incref(json_array_get(entries, i));

		json_array_remove(entries, i);
		CU_ASSERT_NOT_EQUAL(told_audit(entries, CLOSE + 2), CLOSE + 2);
		json_array_insert(entries, i + 1, entry);
		CU_ASSERT_NOT_EQUAL(told_audit(entries, CLOSE + 2), CLOSE + 2);
		json_array_insert(entries, i, entry);
		CU_ASSERT_NOT_EQUAL(told_audit(entries, CLOSE + 2), CLOSE + 2);
		json_decref(entry);
		json_decref(entries);
	}
}

/* ---- the time ---- */

enum {
	NOON = 1795435200 /* date -d 2026-11-23T12:00:00Z +%s: `at` of told entries */
};

/* An entry with a statement of this time, or of `label`, `bit` of it turned. */
static json_t *time_entry(uint32_t time, const char *label, unsigned bit)
{
	uint8_t bytes[TICKET_TIME], digest[32];
	char text[BASE64_TEXT(TICKET_TIME)];
	struct ticket_time said;
	size_t length;

	ticket_set_number(said.time, time);
	length = ticket_time_write(bytes, &said);
	memcpy(bytes, label, TICKET_LABEL);
	CU_ASSERT_EQUAL(sha256(digest, (struct span){bytes, length}), OK);
	told_sign(bytes + length, digest);
	if (bit)
		bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
	base64_write(text, bytes, sizeof(bytes));
	return json_pack("{s:s, s:{s:s, s:I}}", "type", "time", "data", "statement", text, "time",
			 (json_int_t)time);
}

static void test_time(void)
{
	static const char label[] = "simrite time 001";
	static const struct {
		unsigned at;
		uint32_t time;
		const char *label;
		unsigned bit;
		const char *path, *value, *why;
	} rows[] = {
		{LOADED_INJECTED, NOON - 1, label, 0, "", NULL, "is not that of the line before"},
		{LOADED_INJECTED, NOON + 1, label, 0, "", NULL, "is not that of the line before"},
		{LOADED_INJECTED, NOON, label, 0, "data.time", "1795435201", "time is not"},
		{LOADED_INJECTED, NOON, label, 0, "data.more", "1", "data has 3 members"},
		{LOADED_INJECTED, NOON, label, 0, "data.statement", "'AAAA'", "is not 84 bytes"},
		{LOADED_INJECTED, NOON, label, 0, "data.statement", "7", "is not 84 bytes"},
		{LOADED_INJECTED, NOON, "simrite time 002", 0, "", NULL, "the time statement is none"},
		{LOADED_INJECTED, NOON, label, 8 * 19, "", NULL, "not signed by the ceremony"},
		{LOADED_INJECTED, NOON, label, 8 * 60, "", NULL, "not signed by the ceremony"},
		{LOADED_INJECTED, NOON, label, 8 * 52 + 7, "", NULL, "not signed by the ceremony"}, /* s */
		{BATCH_AGREED_2, NOON, label, 0, "", NULL, "no batch is out"},
		{RETIRED, NOON, label, 0, "", NULL, "no batch is out"},
		{BASE, NOON, label, 0, "", NULL, "no batch is out"},
	};
	json_t *entries = ceremony();

	for (unsigned i = LOADED_INJECTED; i <= LOADED_AGREED_2 + 2; i += 2)
		json_array_insert_new(entries, i, time_entry(NOON, label, 0));
	told_accept(entries, CLOSE + 4);
	CU_ASSERT_EQUAL(told_check_signed(entries, true), 0);
	json_decref(entries);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *entry = time_entry(rows[i].time, rows[i].label, rows[i].bit);

		entries = ceremony();
		if (rows[i].path[0])
			told_bend(entry, rows[i].path, rows[i].value);
		json_array_insert_new(entries, rows[i].at, entry);
		told_refuse(entries, rows[i].at + 1, rows[i].path, rows[i].why);
		json_decref(entries);
	}
}

UNIT_SUITE("audit_batch", UNIT(test_honest), UNIT(test_issued), UNIT(test_agree_key_that_signs),
	   UNIT(test_back), UNIT(test_many_missing), UNIT(test_order), UNIT(test_time))
