/* PROVES: host/ceremony/ticketing.h, receipt_set.h: of what comes back of a
 * batch only right receipts are accepted. A second load, a card that is
 * missing, one too many, a forged certificate and one card under two ICCIDs
 * are each found, and named; by whoever signed all the rest. */
#include "ceremony/receipt_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ceremony/hierarchy.h"
#include "lib/base64.h"
#include "lib/signature.h"
#include "unit/told.h"
#include "unit/unit.h"

enum {
	INJECTED,
	PLAIN,
	AGREED,
	CARDS = 3,
	BEGUN = 1700000000,
	ISSUED = 1700000100,
	MADE = 1700000200
};

/* Who signs, by a private key of the test's own. */
static const uint8_t ceremony[32] = {0x11, 1}, factory[32] = {0x22, 2}, stranger[32] = {0x33, 3},
		     operator_private[32] = {0x44, 4};
static struct fault fault;
static struct audit audit;
static struct receipt_set set;
static char path[] = "/tmp/simrite-test-receipt-set.XXXXXX";

static void point_of(uint8_t point[static 65], const uint8_t key[32])
{
	CU_ASSERT_EQUAL_FATAL(p256_public(point, key, &told_random), OK);
}

/* A ceremony whose three batches are made. */
static void begin(void)
{
	char key[PUBLIC_TEXT], factories[PUBLIC_TEXT + 64];
	uint8_t point[65];
	json_t *plan;
	int fd;

	if (strstr(path, "XXXXXX")) {
		fd = mkstemp(path);
		CU_ASSERT_FATAL(fd >= 0);
		(void)close(fd);
	}
	point_of(point, factory);
	public_write(key, point);
	snprintf(factories, sizeof(factories), "[{'name': 'F', 'key': '%s'}]", key);
	plan = told_json(
		"{'schema': 1, 'id': 'rehearsal-a', 'mode': 'rehearsal', 'title': 'T', 'operator': 'O',"
		" 'threshold': 2, 'hsm': 'softhsm', 'custodians': [{'name': 'Alice', 'role': 'r', 'jurisdiction': 'NL'},"
		"  {'name': 'Bob', 'role': 'r', 'jurisdiction': 'FR'}],"
		" 'batches': [{'id': 'rehearsal-i', 'count': 3, 'method': 'injected',"
		"   'first_iccid': '8988211000000001019', 'expires': '2027-01-31T12:00:00Z'},"
		"  {'id': 'rehearsal-p', 'count': 9},"
		"  {'id': 'rehearsal-g', 'count': 3, 'method': 'agreed', 'slot': 2,"
		"   'first_iccid': '8988211000000002017', 'expires': '2027-01-31T12:00:00Z'}]}");
	json_object_set_new(plan, "factories", told_json(factories));
	memset(&audit, 0, sizeof(audit));
	CU_ASSERT_EQUAL_FATAL(plan_take(&audit.plan, plan, &fault), 0);
	json_decref(plan);
	point_of(audit.point, ceremony);
	audit.begun = BEGUN;
	memset(audit.first_line, 0x5A, 32);
	for (int i = INJECTED; i <= AGREED; i++)
		audit.batches[i].at = MADE;
	point_of(audit.batches[AGREED].agree, operator_private);
	CU_ASSERT_EQUAL_FATAL(receipt_set_start(&set, &audit, &fault), 0);
}

static void end(void)
{
	receipt_set_free(&set);
	audit_free(&audit);
}

static size_t sign(uint8_t *statement, size_t length, const uint8_t key[32])
{
	uint8_t digest[32];

	CU_ASSERT_EQUAL(sha256(digest, (struct span){statement, length}), OK);
	CU_ASSERT_EQUAL(p256_sign(statement + length, key, digest, &told_random), OK);
	signature_make_low(statement + length);
	return length + 64;
}

/* What a line may be made with instead of what is right. */
struct change {
	const uint8_t *ceremony, *factory, *card; /* private keys; NULL: the right ones */
	unsigned loads, issued, slot, number, expires, iccid;
	bool scope, agree, ephemeral;
};

static void card_key(uint8_t key[static 32], unsigned batch, unsigned index)
{
	memset(key, 0, 32);
	key[0] = 0x60;
	key[1] = (uint8_t)batch;
	key[2] = (uint8_t)index;
}

static void identity_of(uint8_t identity[static 33], const uint8_t key[32])
{
	uint8_t point[65];

	point_of(point, key);
	CU_ASSERT_EQUAL(p256_compress(identity, (struct span){point, 65}), OK);
}

/* The right answer of card `index`, but for the change. */
static struct receipt_line make(unsigned batch, unsigned index, const struct change *change)
{
	struct receipt_line line = {.iccid = ""};
	struct certificate c = {.firmware = {1}};
	struct receipt r = {.firmware = {1}, .kcv_k = {7}};
	uint8_t card[32];
	struct ticket t;

	card_key(card, batch, index);
	if (change->card)
		memcpy(card, change->card, 32);
	CU_ASSERT_EQUAL(ticketing_ticket(&t, line.iccid, &set.batches[batch].ticketing, index + change->iccid,
					 &fault),
			0);
	ticket_set_number(t.number, ticket_number(t.number) - change->iccid + change->number);
	ticket_set_number(t.issued, change->issued ? change->issued : ISSUED);
	ticket_set_number(t.expires, ticket_number(t.expires) + change->expires);
	t.slot = (uint8_t)(t.slot + change->slot);
	t.scope[0] ^= change->scope;
	if (change->agree)
		identity_of(t.operator_key, card);
	line.number = ticket_number(t.number);
	line.ticket_length = sign(line.ticket, ticket_write(line.ticket, &t),
				  change->ceremony ? change->ceremony : ceremony);
	identity_of(c.identity, card);
	(void)sign(line.certificate, ticket_certificate_write(line.certificate, &c),
		   change->factory ? change->factory : factory);
	memcpy(r.identity, c.identity, sizeof(r.identity));
	CU_ASSERT_EQUAL(sha256(r.ticket, (struct span){line.ticket, line.ticket_length}), OK);
	memcpy(r.iccid, t.iccid, sizeof(r.iccid));
	memcpy(r.accepted, t.number, 4);
	r.slot = t.slot;
	r.method = t.method;
	r.loads[1] = (uint8_t)(change->loads ? change->loads : 1);
	if (t.method == SLOT_AGREED)
		identity_of(r.ephemeral, card);
	r.ephemeral[32] ^= change->ephemeral;
	line.receipt_length = sign(line.receipt, ticket_receipt_write(line.receipt, &r), card);
	return line;
}

/* A file of these lines, into the set. */
static int read_lines(const struct receipt_line *lines, unsigned count)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	for (unsigned i = 0; i < count; i++) {
		char certificate[BASE64_TEXT(TICKET_CERTIFICATE)], ticket[BASE64_TEXT(TICKET_AGREED)],
			receipt[BASE64_TEXT(TICKET_RECEIPT_AGREED)];

		base64_write(certificate, lines[i].certificate, TICKET_CERTIFICATE);
		base64_write(ticket, lines[i].ticket, lines[i].ticket_length);
		base64_write(receipt, lines[i].receipt, lines[i].receipt_length);
		fprintf(file,
			"{\"certificate\":\"%s\",\"iccid\":\"%s\",\"number\":%u,\"receipt\":\"%s\",\"ticket\":\"%s\"}\n",
			certificate, lines[i].iccid, (unsigned)lines[i].number, receipt, ticket);
	}
	CU_ASSERT_EQUAL(fclose(file), 0);
	memset(&fault, 0, sizeof(fault));
	return receipt_set_read(&set, path, NULL, NULL, &fault);
}

static void accept(const struct receipt_line *lines, unsigned count)
{
	CU_ASSERT_EQUAL(read_lines(lines, count), 0);
	if (fault.text[0])
		printf("%s\n", fault.text);
}

static void refused(int result, const char *why)
{
	if (result == 0 || fault.code != FAULT_NO || !strstr(fault.text, why))
		printf("\"%s\", not \"%s\"\n", fault.text, why);
	CU_ASSERT(result < 0 && fault.code == FAULT_NO && strstr(fault.text, why));
}

static void test_one_by_one(void)
{
	static const struct {
		struct change change;
		const char *why;
	} rows[] = {
		{{.loads = 2}, "had been loaded before"},
		{{.factory = stranger}, "certificate is of no factory of the plan"},
		{{.ceremony = stranger}, "not signed by the ceremony's key"},
		{{.issued = BEGUN - 1}, "was issued before"},
		{{.issued = MADE + 1}, "or after the batch was made"},
		{{.slot = 1}, "is for slot"},
		{{.number = 3}, "ticket"},
		{{.number = 1}, "not for the ICCID of its number"},
		{{.iccid = 1}, "not for the ICCID of its number"},
		{{.expires = 1}, "does not expire when the plan says"},
		{{.scope = true}, "an extra card"},
		{{.agree = true}, "another operator's key"},
		{{.ephemeral = true}, "its ephemeral key is none"},
	};
	static const struct change none = {.loads = 0};

	for (unsigned batch = INJECTED; batch <= AGREED; batch += AGREED)
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			struct receipt_line line;

			if (batch == INJECTED && (rows[i].change.agree || rows[i].change.ephemeral))
				continue;
			begin();
			line = make(batch, 1, &none);
			accept(&line, 1);
			line = make(batch, 0, &rows[i].change);
			refused(read_lines(&line, 1), rows[i].why);
			end();
		}
}

/* Everything that came back, as the transcript would have it. */
static void tell(unsigned batch, json_t *missing)
{
	struct audit_batch *told = &audit.batches[batch];

	told->loaded = true;
	told->missing = missing;
	told->count = set.batches[batch].count;
	CU_ASSERT_EQUAL(receipt_set_root(told->root, &set, batch, &fault), 0);
}

static void take_all(unsigned batch, unsigned but)
{
	static const struct change none = {.loads = 0};
	struct receipt_line lines[CARDS];
	unsigned count = 0;

	for (unsigned i = CARDS; i-- > 0;) /* in any order */
		if (i != but)
			lines[count++] = make(batch, i, &none);
	accept(lines, count);
}

static void test_together(void)
{
	static const struct change none = {.loads = 0};
	struct receipt_line line;
	uint8_t key[32];
	json_t *missing;

	begin();
	take_all(AGREED, 1);
	missing = receipt_set_missing(&set, AGREED);
	CU_ASSERT_EQUAL(json_array_size(missing), 1);
	CU_ASSERT_EQUAL(json_integer_value(json_array_get(missing, 0)), 5); /* the batch's first is 4 */
	tell(AGREED, missing);
	CU_ASSERT_EQUAL(receipt_set_identities(&set, &fault), 0);
	CU_ASSERT_EQUAL(receipt_set_matches(&set, AGREED, &fault), 0);
	audit.batches[AGREED].root[31] ^= 1;
	refused(receipt_set_matches(&set, AGREED, &fault), "another root");
	audit.batches[AGREED].root[31] ^= 1;
	line = make(AGREED, 0, &none);
	refused(read_lines(&line, 1), "is there twice");
	line = make(AGREED, 0, &(struct change){.card = stranger});
	refused(read_lines(&line, 1), "a second load: two cards answered for one ticket: ticket 4");
	line = make(AGREED, 1, &none);
	accept(&line, 1);
	refused(receipt_set_matches(&set, AGREED, &fault),
		"an extra card: batch \"rehearsal-g\" lists ticket 5");
	refused(receipt_set_matches(&set, INJECTED, &fault),
		"does not say that batch \"rehearsal-i\" came back");
	card_key(key, AGREED, 1); /* under an ICCID of another batch */
	line = make(INJECTED, 2, &(struct change){.card = key});
	accept(&line, 1);
	refused(receipt_set_identities(&set, &fault), "one card answered for two ICCIDs, ");
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "8988211000000001035"));
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "8988211000000002025"));
	end();
}

static void test_missing_and_tickets(void)
{
	begin();
	take_all(INJECTED, CARDS);
	tell(INJECTED, json_array());
	refused(receipt_set_matches(&set, INJECTED, &fault),
		"the tickets of batch \"rehearsal-i\" are not those");
	memcpy(audit.batches[INJECTED].tickets, audit.batches[INJECTED].root, 32);
	receipt_set_free(&set);
	CU_ASSERT_EQUAL_FATAL(receipt_set_start(&set, &audit, &fault), 0);
	take_all(INJECTED, 2);
	refused(receipt_set_matches(&set, INJECTED, &fault),
		"a missing card: batch \"rehearsal-i\" has no receipt for ticket 3");
	end();
	(void)unlink(path);
}

UNIT_SUITE("receipt_set", UNIT(test_one_by_one), UNIT(test_together), UNIT(test_missing_and_tickets))
