/* PROVES: host/ceremony/audit.h: a transcript whose chain, signatures and root
 * are in order is refused all the same when what it tells is no ceremony. One
 * entry at a time is bent, as by somebody who signs everything anew, so only
 * the rule about that entry can refuse it. */
#include "ceremony/audit.h"

#include <string.h>

#include "unit/told.h"
#include "unit/unit.h"

/* ---- an honest ceremony: two custodians, two batches, one lost attempt ---- */

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
		      " 'hsm': {'label': 'simrite rehearsal', 'manufacturer': 'SoftHSM project', 'model': 'SoftHSM v2', 'serial': '0123',"
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

static json_t *ceremony(void)
{
	json_t *entries = told_entries(honest, sizeof(honest) / sizeof(honest[0]));

	CU_ASSERT_EQUAL_FATAL(json_array_size(entries), CLOSE + 1);
	return entries;
}

static void test_honest(void)
{
	json_t *entries = ceremony();

	told_accept(entries, CLOSE + 1);
	for (size_t i = 1; i <= CLOSE; i++) /* and as far as it goes */
		told_accept(entries, i);
	json_decref(entries);
}

static void test_begin(void)
{
	static const struct told_row rows[] = {
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
		{BEGIN, "data.hsm.label", "'token'", "hsm: the ceremony's own token is called"},
		{BEGIN, "data.hsm.label", "'simrite production'", "a rehearsal is not held in token"},
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

	TOLD_ROWS(rows);
}

/* "softhsm" means SoftHSM, whatever is said of how well it keeps keys. */
static void test_another_token_than_softhsm(void)
{
	static const char *const uris[] = {"'softhsm'", "'softhsm:/x'", "'pkcs11:token=simrite%20rehearsal'"};

	for (size_t i = 0; i < 3; i++) {
		json_t *entries = ceremony(), *begin = json_array_get(entries, BEGIN);

		told_bend(begin, "data.plan.hsm", uris[i]);
		told_bend(begin, "data.hsm.manufacturer", "'Thales'");
		told_bend(begin, "data.hsm.assurance",
			  "'as its maker states; simrite checked no attestation'");
		told_refuse(entries, 1, uris[i], "means SoftHSM");
		told_bend(begin, "data.plan.hsm",
			  "'pkcs11:token=simrite%20rehearsal;serial=0123?module-path=/x.so'");
		told_accept(entries, 1);
		json_decref(entries);
	}
}

/* Whatever the plan's URI says: a token of production is none for a rehearsal. */
static void test_the_other_modes_token(void)
{
	static const char *const uris[] = {"'softhsm:/x'", "'pkcs11:manufacturer=SoftHSM%20project'"};

	for (size_t i = 0; i < 2; i++) {
		json_t *entries = ceremony(), *begin = json_array_get(entries, BEGIN);

		told_bend(begin, "data.plan.hsm", uris[i]);
		told_bend(begin, "data.hsm.label", "'token'");
		told_accept(entries, 1);
		told_bend(begin, "data.hsm.label", "'simrite production'");
		told_refuse(entries, 1, uris[i], "hsm: a rehearsal is not held in token");
		json_decref(entries);
	}
}

static void test_inventories(void)
{
	static const struct told_row rows[] = {
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
		{AFTER, "data.objects.0", NULL, "\"old\" is not there as it was before the ceremony"},
		{AFTER, "data.objects.0.sensitive", "1",
		 "\"old\" is not there as it was before the ceremony"},
		{AFTER, "data.objects.0.id", "'08'", "\"old\" is not there as it was before the ceremony"},
		{AFTER, "data.objects.+", OBJECT("secret", "old", OTHER), "\"old\" is not there as it was"},
		{AFTER, "data.objects.+", OBJECT("secret", "old", "'08', 'sensitive': 0, 'extractable': 1"),
		 "\"old\" was not there so before the ceremony"},
		{AFTER, "data.objects.3", NULL,
		 "\"simrite master rehearsal-a\" (secret) is not in the token"},
		{AFTER, "data.objects.5", NULL, "\"simrite batch rehearsal-2\" (secret) is not in the token"},
	};

	TOLD_ROWS(rows);
}

static void test_attempt(void)
{
	static const struct told_row rows[] = {
		{LOST, "data.number", "2", "number is not 1"},
		{ATTEMPT, "data.number", "1", "number is not 2"},
		{ATTEMPT, "data.more", "1", "data has 3 members"},
		{ATTEMPT, "data.set", "'" B8("00") "'", "set is zero"},
		{ATTEMPT, "data.set", "'" B8("A1") "'", "set is not 8 bytes"},
		{ATTEMPT, "data.set", "'" B8("a0") "'", "set is that of an attempt before"},
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

	TOLD_ROWS(rows);
}

static void test_gate_and_batches(void)
{
	static const struct told_row rows[] = {
		{RESTORE, "data.more", "1", "data has 5 members"},
		{RESTORE, "data.passphrase", "'no'", "passphrase is not \"yes\""},
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

	TOLD_ROWS(rows);
}

/* A set of an attempt that is not the one before, but one before that. */
static void test_set_used_again(void)
{
	json_t *entries = ceremony();

	json_array_insert_new(entries, ATTEMPT,
			      told_json("{'type': 'attempt', 'data': {'number': 2, " SET("a2") "}}"));
	json_array_insert_new(
		entries, ATTEMPT + 1,
		told_json("{'type': 'resume', 'data': {'abandoned': '" B8("a2") "', 'cut': 0}}"));
	told_bend(json_array_get(entries, ATTEMPT + 2), "data.number", "3");
	told_accept(entries, ATTEMPT + 3);
	told_bend(json_array_get(entries, ATTEMPT + 2), "data.set", "'" B8("a0") "'");
	told_refuse(entries, ATTEMPT + 3, "data.set", "set is that of an attempt before");
	json_decref(entries);
}

/* Until its keep is told, a resume abandons the attempt; after it, nothing. */
static void test_resume_everywhere(void)
{
	for (unsigned i = ATTEMPT + 1; i < CLOSE; i++) {
		bool lost = i <= KEEP;
		json_t *entries = ceremony();

		json_array_insert_new(
			entries, i,
			told_json(lost ? "{'type': 'resume', 'data': {'abandoned': 'none', 'cut': 0}}"
				       : "{'type': 'resume', 'data': {'abandoned': '" B8(
						 "a1") "', 'cut': 0}}"));
		told_refuse(entries, i + 1, "data.abandoned", "abandoned is not");
		told_bend(json_array_get(entries, i), "data.abandoned", lost ? "'" B8("a1") "'" : "'none'");
		told_accept(entries, i + 1);
		CU_ASSERT_EQUAL(told_audit(entries, i + 2) == i + 2, !lost);
		json_decref(entries);
	}
}

/* Any entry that is left out, told twice, or told before the one before it. */
static void test_order(void)
{
	for (unsigned i = 1; i < CLOSE - 1; i++) {
		json_t *entries = ceremony(), *entry = json_incref(json_array_get(entries, i));
		const size_t all = CLOSE + 2;
		bool free_standing = i == RESUME_2; /* it may stand anywhere, any number of times, or not */

		json_array_remove(entries, i);
		CU_ASSERT_EQUAL(told_audit(entries, all) == all,
				free_standing ||
					i == LOST_COMMIT); /* dropped: a lost attempt may end anywhere */
		json_array_insert(entries, i, entry);
		json_array_insert(entries, i, entry);
		CU_ASSERT_EQUAL(told_audit(entries, all) == all, free_standing); /* twice */
		json_array_remove(entries, i);
		json_array_remove(entries, i);
		json_array_insert(entries, i + 1, entry);
		CU_ASSERT_EQUAL(told_audit(entries, all) == all,
				free_standing || i + 1 == RESUME_2); /* swapped */
		json_decref(entry);
		json_decref(entries);
	}
}

/* Closed at any time before it is done; an entry that is no step. */
static void test_close_and_others(void)
{
	for (unsigned i = 1; i < CLOSE; i++) {
		json_t *entries = ceremony();

		json_array_insert_new(entries, i, told_json("{'type': 'close', 'data': {}}"));
		told_refuse(entries, i + 1, "close", "closed before it is done");
		json_array_set_new(entries, i, told_json("{'type': 'note', 'data': {}}"));
		told_refuse(entries, i + 1, "note", "where");
		json_decref(entries);
	}
	{
		json_t *entries = ceremony();

		json_array_insert_new(entries, CLOSE, told_json("{'type': 'note', 'data': {}}"));
		told_refuse(entries, CLOSE + 1, "note", "where \"close\"");
		json_decref(entries);
	}
}

/* The whole way: whoever forges everything and signs it anew. */
static void test_signed_forgeries(void)
{
	static const struct told_row rows[] = {
		{AFTER, "data.objects.3.extractable", "1",
		 "line 20: \"simrite master rehearsal-a\": extractable"},
		{BATCH_2, "data.check", "'" B16("34") "'", "line 19: check is that of the master"},
		{BEGIN, "data.hsm.assurance", "'FIPS 140-3 level 4'", "line 1: hsm: assurance"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *entries = ceremony();

		CU_ASSERT_EQUAL(told_check_signed(entries, true), 0);
		told_bend(json_array_get(entries, rows[i].entry), rows[i].path, rows[i].value);
		CU_ASSERT_EQUAL(told_check_signed(entries, false), 0);
		CU_ASSERT_EQUAL(told_check_signed(entries, true), -1);
		CU_ASSERT_EQUAL(told_fault.code, FAULT_NO);
		CU_ASSERT_PTR_NOT_NULL(strstr(told_fault.text, rows[i].why));
		json_decref(entries);
	}
}

UNIT_SUITE("audit", UNIT(test_honest), UNIT(test_begin), UNIT(test_another_token_than_softhsm),
	   UNIT(test_the_other_modes_token), UNIT(test_inventories), UNIT(test_attempt),
	   UNIT(test_gate_and_batches), UNIT(test_set_used_again), UNIT(test_resume_everywhere),
	   UNIT(test_order), UNIT(test_close_and_others), UNIT(test_signed_forgeries))
