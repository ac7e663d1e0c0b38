#include "unit/proven.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ceremony/hierarchy.h"
#include "ceremony/proof.h"
#include "lib/base64.h"
#include "lib/hex.h"
#include "lib/merkle.h"
#include "lib/note.h"
#include "lib/signature.h"
#include "unit/told.h"
#include "unit/unit.h"

#define EXPIRES "'expires': '2027-01-31T12:00:00Z'"
#define BATCH(id, count, check)                                                                              \
	"'id': 'rehearsal-" id "', 'label': 'simrite batch rehearsal-" id "', 'count': " count               \
	", 'check': '" B16(check) "'"
#define TICKETS(count, slot) "'slot': " slot ", " EXPIRES ", 'tickets': {'count': " count "}"
#define PARTY(type)          "{'type': '" type "', 'data': {'name': 'Wim', 'role': 'witness'}}"

static const char *const honest[] = {
	"{'type': 'begin', 'data': {'plan_digest': '', 'software': {'name': 'simrite', 'sha256': '" B32(
		"11") "'},"
		      " 'hsm': {'label': 'simrite rehearsal', 'manufacturer': 'SoftHSM project', 'model': 'SoftHSM v2', 'serial': '0123',"
		      "  'library': 'SoftHSM 2.6', 'assurance': 'software token: no quorum, no attestation, keys on the disk of "
		      "this machine'},"
		      " 'plan': {'schema': 1, 'id': 'rehearsal-a', 'mode': 'rehearsal', 'title': 'T', 'operator': 'O',"
		      "  'threshold': 2, 'factories': [{'name': 'F'}], 'witnesses': [{'name': 'Wim', 'role': 'notary'}],"
		      "  'custodians': [{'name': 'Alice', 'role': 'r', 'jurisdiction': 'NL'},"
		      "                 {'name': 'Bob', 'role': 'r', 'jurisdiction': 'FR'}],"
		      "  'batches': [{'id': 'rehearsal-i', 'count': 3, 'method': 'injected',"
		      "    'first_iccid': '8988211000000001019', " EXPIRES "},"
		      "   {'id': 'rehearsal-p', 'count': 9},"
		      "   {'id': 'rehearsal-d', 'count': 1, 'method': 'derived', 'slot': 2,"
		      "    'first_iccid': '8988211000000002017', " EXPIRES "},"
		      "   {'id': 'rehearsal-g', 'count': 4, 'method': 'agreed',"
		      "    'first_iccid': '8988211000000006018', " EXPIRES "}]}}}",
	"{'type': 'inventory', 'data': {'when': 'before', 'objects': [" PAIR "]}}",
	PARTY("present"),
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
	"{'type': 'batch', 'data': {" BATCH("i", "3", "51") ", 'method': 'injected', " TICKETS("3", "1") "}}",
	"{'type': 'batch', 'data': {" BATCH("p", "9", "52") "}}",
	"{'type': 'batch', 'data': {" BATCH("d", "1", "53") ", 'method': 'derived', " TICKETS("1", "2") "}}",
	"{'type': 'batch', 'data': {" BATCH("g", "4", "54") ", 'method': 'agreed', " TICKETS("4", "1") "}}",
	"{'type': 'loaded', 'data': {'id': 'rehearsal-i', 'count': 2, 'missing': [2]}}",
	"{'type': 'loaded', 'data': {'id': 'rehearsal-d', 'count': 1, 'missing': []}}",
	"{'type': 'loaded', 'data': {'id': 'rehearsal-g', 'count': 4, 'missing': []}}",
	"{'type': 'retired', 'data': {'id': 'rehearsal-g', 'label': 'simrite agree rehearsal-g'}}",
	"{'type': 'inventory', 'data': {'when': 'after', 'objects': [" PAIR
	", " OBJECT("secret", "simrite master rehearsal-a", KEPT) ", " OBJECT(
		"secret", "simrite batch rehearsal-i",
		KEPT) ", " OBJECT("secret", "simrite batch rehearsal-p",
				  KEPT) ", " OBJECT("secret", "simrite batch rehearsal-d",
						    KEPT) ", " OBJECT("secret",
								      "simrite batch "
								      "rehearsal-g",
								      KEPT) "]}}",
	PARTY("signoff"),
	"{'type': 'close', 'data': {}}",
};

/* Where it is said, and how many cards there are. */
static const struct {
	unsigned batch, batch_line, loaded_line, first, count;
} batches[PROVEN_BATCHES] = {{0, 14, 18, 1, 3}, {2, 16, 19, 4, 1}, {3, 17, 20, 5, 4}};

static const uint8_t factory[32] = {0x22, 2}, witness[32] = {0x33, 3}, operator_private[32] = {0x44, 4};
static struct fault fault;

static const uint8_t *point_of(const uint8_t key[32])
{
	static uint8_t point[65];

	CU_ASSERT_EQUAL_FATAL(p256_public(point, key, &told_random), OK);
	return point;
}

static json_t *public_text(const uint8_t key[32])
{
	char text[PUBLIC_TEXT];

	public_write(text, point_of(key));
	return json_string(text);
}

static void sign(uint8_t raw[static 64], const uint8_t key[32], const uint8_t digest[static 32])
{
	CU_ASSERT_EQUAL_FATAL(p256_sign(raw, key, digest, &told_random), OK);
	signature_make_low(raw);
}

/* Keys and the witness's signatures. */
static void complete(json_t *entry)
{
	const char *type = json_string_value(json_object_get(entry, "type"));
	json_t *data = json_object_get(entry, "data"), *plan = json_object_get(data, "plan");
	char statement[32], text[SIGNATURE_TEXT];
	uint8_t digest[32], raw[64];

	if (plan) {
		json_object_set_new(json_array_get(json_object_get(plan, "factories"), 0), "key",
				    public_text(factory));
		json_object_set_new(json_array_get(json_object_get(plan, "witnesses"), 0), "key",
				    public_text(witness));
	}
	if (strcmp(type, "batch") == 0 &&
	    strcmp(json_string_value(json_object_get(data, "id")), "rehearsal-g") == 0)
		json_object_set_new(data, "agree_key", public_text(operator_private));
	if (!json_object_get(data, "role"))
		return;
	json_object_set_new(data, "key", public_text(witness));
	snprintf(statement, sizeof(statement), "simrite %s v1", type);
	CU_ASSERT_EQUAL_FATAL(hierarchy_text(digest, &fault, statement, "rehearsal-a", "Wim",
					     json_string_value(json_object_get(entry, "previous")), NULL),
			      0);
	sign(raw, witness, digest);
	signature_write(text, raw);
	json_object_set_new(data, "signature", json_string(text));
}

/* ---- the cards ---- */

static size_t add_signature(uint8_t *statement, size_t length, const uint8_t *key)
{
	uint8_t digest[32];

	CU_ASSERT_EQUAL(sha256(digest, (struct span){statement, length}), OK);
	if (key)
		sign(statement + length, key, digest);
	else
		told_sign(statement + length, digest);
	return length + 64;
}

static void answer(struct receipt_line *line, const struct ticketing *ticketing, unsigned index,
		   uint32_t issued)
{
	struct certificate c = {.firmware = {1}};
	struct receipt r = {.firmware = {1}, .loads = {0, 1}};
	uint8_t card[32] = {0x60, (uint8_t)(ticketing->batch->first_ticket + index)};
	struct ticket t;

	CU_ASSERT_EQUAL_FATAL(ticketing_ticket(&t, line->iccid, ticketing, index, &fault), 0);
	ticket_set_number(t.issued, issued);
	line->number = ticket_number(t.number);
	line->ticket_length = add_signature(line->ticket, ticket_write(line->ticket, &t), NULL);
	CU_ASSERT_EQUAL(p256_compress(c.identity, (struct span){point_of(card), 65}), OK);
	(void)add_signature(line->certificate, ticket_certificate_write(line->certificate, &c), factory);
	memcpy(r.identity, c.identity, sizeof(r.identity));
	CU_ASSERT_EQUAL(sha256(r.ticket, (struct span){line->ticket, line->ticket_length}), OK);
	memcpy(r.iccid, t.iccid, sizeof(r.iccid));
	memcpy(r.accepted, t.number, 4);
	r.slot = t.slot;
	r.method = t.method;
	r.kcv_k[0] = card[1];
	if (t.method == SLOT_AGREED)
		memcpy(r.ephemeral, c.identity, sizeof(r.ephemeral)); /* a point is a point */
	line->receipt_length = add_signature(line->receipt, ticket_receipt_write(line->receipt, &r), card);
}

static void put_root(json_t *object, const struct merkle *tree)
{
	uint8_t root[32];
	char hex[65];

	CU_ASSERT_EQUAL(merkle_root(tree, root), OK);
	hex_write(hex, root, 32);
	json_object_set_new(object, "root", json_string(hex));
}

static void put_batch(struct proven *held, json_t *entries, const struct audit *audit, unsigned i)
{
	json_t *batch = json_object_get(json_array_get(entries, batches[i].batch_line), "data");
	json_t *loaded = json_object_get(json_array_get(entries, batches[i].loaded_line), "data");
	struct merkle tickets, receipts;
	struct ticketing ticketing;

	merkle_start(&tickets);
	merkle_start(&receipts);
	CU_ASSERT_EQUAL_FATAL(ticketing_make(&ticketing, audit, batches[i].batch,
					     i == PROVEN_AGREED ? point_of(operator_private) : NULL,
					     audit->begun, &fault),
			      0);
	for (unsigned n = 0; n < batches[i].count; n++) {
		struct receipt_line *line = &held->cards[batches[i].first + n - 1];
		uint8_t leaf[RECEIPT_LEAF];

		answer(line, &ticketing, n, (uint32_t)audit->begun);
		CU_ASSERT_EQUAL(merkle_add(&tickets, (struct span){line->ticket, line->ticket_length}), OK);
		if (line->number != PROVEN_MISSING)
			CU_ASSERT_EQUAL(merkle_add(&receipts, (struct span){leaf, receipt_leaf(leaf, line)}),
					OK);
	}
	put_root(json_object_get(batch, "tickets"), &tickets);
	put_root(loaded, &receipts);
}

/* Tickets are for a ceremony with this line 1: it is signed first. */
static void put_cards(struct proven *held, json_t *entries)
{
	static char text[TOLD_LENGTH];
	static struct audit audit;
	json_t *first = json_pack("[O]", json_array_get(entries, 0)), *line;
	size_t length = told_transcript(text, first);

	memset(&audit, 0, sizeof(audit));
	CU_ASSERT_EQUAL(sha256(audit.first_line, (struct span){(uint8_t *)text, length}), OK);
	line = json_loads(text, 0, NULL);
	CU_ASSERT_EQUAL_FATAL(
		plan_take(&audit.plan, json_object_get(json_object_get(line, "data"), "plan"), &fault), 0);
	memcpy(audit.point, told_point(), 65);
	audit.begun = transcript_seconds(json_string_value(json_object_get(line, "at")));
	for (unsigned i = 0; i < PROVEN_BATCHES; i++)
		put_batch(held, entries, &audit, i);
	audit_free(&audit);
	json_decref(line);
	json_decref(first);
}

/* ---- the files ---- */

void proven_write(const char *path, const char *text, size_t length)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwrite(text, 1, length, file), length);
	CU_ASSERT_EQUAL(fclose(file), 0);
}

char *proven_read(const char *path, size_t *length)
{
	char *text;

	CU_ASSERT_EQUAL_FATAL(transcript_load(&text, length, path, &fault), 0);
	return text;
}

static void write_receipts(const struct proven *held, unsigned batch)
{
	char text[4 * RECEIPTS_LINE] = "";

	for (unsigned n = batches[batch].first; n < batches[batch].first + batches[batch].count; n++) {
		const struct receipt_line *line = &held->cards[n - 1];
		char certificate[BASE64_TEXT(TICKET_CERTIFICATE)], ticket[BASE64_TEXT(TICKET_AGREED)],
			receipt[BASE64_TEXT(TICKET_RECEIPT_AGREED)];

		base64_write(certificate, line->certificate, TICKET_CERTIFICATE);
		base64_write(ticket, line->ticket, line->ticket_length);
		base64_write(receipt, line->receipt, line->receipt_length);
		if (n != PROVEN_MISSING)
			snprintf(text + strlen(text), RECEIPTS_LINE,
				 "{\"certificate\":\"%s\",\"iccid\":\"%s\",\"number\":%u,\"receipt\":\"%s\","
				 "\"ticket\":\"%s\"}\n",
				 certificate, line->iccid, (unsigned)line->number, receipt, ticket);
	}
	proven_write(held->receipts[batch], text, strlen(text));
}

static void write_note(const struct proven *held, const char *transcript, size_t length)
{
	char text[NOTE_TEXT + 1], name[NOTE_NAME], lines[2][NOTE_LINE], note[NOTE_TEXT + 2 * NOTE_LINE + 2];
	uint8_t digest[32], raw[64];

	CU_ASSERT_EQUAL_FATAL(note_text(text, transcript, length, "rehearsal-a", "rehearsal", &fault), 0);
	CU_ASSERT_EQUAL(sha256(digest, (struct span){(uint8_t *)text, strlen(text)}), OK);
	note_origin(name, "rehearsal-a");
	told_sign(raw, digest);
	CU_ASSERT_EQUAL(note_line(lines[0], name, told_point(), raw, &fault), 0);
	sign(raw, witness, digest);
	CU_ASSERT_EQUAL(note_line(lines[1], "Wim", point_of(witness), raw, &fault), 0);
	snprintf(note, sizeof(note), "%s\n%s%s", text, lines[0], lines[1]);
	proven_write(held->note, note, strlen(note));
}

void proven_hold(struct proven *held, const char *title)
{
	static char text[TOLD_LENGTH];
	json_t *entries = told_entries(honest, sizeof(honest) / sizeof(honest[0]));
	json_t *begin = json_object_get(json_array_get(entries, 0), "data");
	size_t length;

	memset(held, 0, sizeof(*held));
	strcpy(held->folder, "/tmp/simrite-test-proven.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(held->folder));
	snprintf(held->transcript, sizeof(held->transcript), "%s/t", held->folder);
	snprintf(held->note, sizeof(held->note), "%s/n", held->folder);
	json_object_set_new(json_object_get(begin, "plan"), "title", json_string(title));
	told_completes = complete;
	put_cards(held, entries);
	CU_ASSERT_EQUAL(told_check_signed(entries, true), 0);
	length = told_transcript(text, entries);
	proven_write(held->transcript, text, length);
	write_note(held, text, length);
	for (unsigned i = 0; i < PROVEN_BATCHES; i++) {
		snprintf(held->receipts[i], sizeof(held->receipts[i]), "%s/r%u", held->folder, i);
		write_receipts(held, i);
	}
	json_decref(entries);
}

int proven_prove(char **text, const struct proven *held, unsigned number, struct fault *why)
{
	const char *receipts[PROVEN_BATCHES];
	struct proof_source source = {.iccid = held->cards[number - 1].iccid,
				      .transcript = held->transcript,
				      .note = held->note,
				      .receipts = receipts,
				      .receipts_count = PROVEN_BATCHES};

	for (unsigned i = 0; i < PROVEN_BATCHES; i++)
		receipts[i] = held->receipts[i];
	memset(why, 0, sizeof(*why));
	return proof_make(text, &source, why);
}

void proven_end(const struct proven *held)
{
	(void)unlink(held->transcript);
	(void)unlink(held->note);
	for (unsigned i = 0; i < PROVEN_BATCHES; i++)
		(void)unlink(held->receipts[i]);
	(void)rmdir(held->folder);
}
