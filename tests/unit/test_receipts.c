/* PROVES: lib/receipts.h, lib/tickets.h: a file is read as it was written, whatever was cut off or bent is
 * refused, and a receipt counts only when ticket, certificate and card belong together. */
#include "lib/receipts.h"
#include "lib/tickets.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base64.h"
#include "lib/digits.h"
#include "lib/signature.h"
#include "unit/tickets.h"
#include "unit/unit.h"

static const uint8_t card_key[32] = {0x44, 4}, other_card[32] = {0x55, 5};
static struct fault fault;
static char folder[] = "/tmp/simrite-test-receipts.XXXXXX", path[128], text[1 << 16];

static const char *const iccids[] = {"8988211000000001019", "8988211000000001027", "8988211000000001035"};

/* What the card of `key` would answer. */
static struct receipt_line make(unsigned index, uint8_t method, const uint8_t key[32], unsigned loads)
{
	struct receipt_line line = {.number = index + 1};
	struct certificate c = {.firmware = {1}};
	struct receipt r = {.method = method, .slot = 1, .loads = {0, (uint8_t)loads}, .firmware = {1}};
	struct ticket t;

	snprintf(line.iccid, sizeof(line.iccid), "%s", iccids[index]);
	digits_to_iccid(r.iccid, line.iccid);
	t = tickets_for(r.iccid, method, index + 1);
	line.ticket_length = tickets_make(line.ticket, &t);
	tickets_key(c.identity, key);
	(void)tickets_sign(line.certificate, ticket_certificate_write(line.certificate, &c), tickets_factory);
	memcpy(r.identity, c.identity, sizeof(r.identity));
	CU_ASSERT_EQUAL(sha256(r.ticket, (struct span){line.ticket, line.ticket_length}), OK);
	memcpy(r.accepted, t.number, 4);
	line.receipt_length = tickets_sign(line.receipt, ticket_receipt_write(line.receipt, &r), key);
	return line;
}

static int good(const struct receipt_line *line)
{
	struct receipt_facts facts;

	return receipts_check(&facts, line, &fault) == 0;
}

static void test_check(void)
{
	for (uint8_t method = SLOT_INJECTED; method <= SLOT_AGREED; method++) {
		struct receipt_line line = make(0, method, card_key, 1), other = make(1, method, card_key, 1),
				    bent = line;

		CU_ASSERT(good(&line));
		for (size_t i = 0; i < line.receipt_length; i++) {
			bent.receipt[i] ^= 1;
			CU_ASSERT_FALSE(good(&bent));
			bent = line;
		}
		for (size_t i = 0; i < line.ticket_length; i++) {
			bent.ticket[i] ^= 1;
			CU_ASSERT_FALSE(good(&bent));
			bent = line;
		}
		for (size_t i = 0; i < TICKET_CERTIFICATE - 64; i++) { /* who signed it is the caller's */
			bent.certificate[i] ^= 1;
			CU_ASSERT_FALSE(good(&bent));
			bent = line;
		}
		memcpy(bent.receipt, other.receipt, sizeof(bent.receipt));
		CU_ASSERT_FALSE(good(&bent));
		bent = line;
		memcpy(bent.iccid, other.iccid, sizeof(bent.iccid));
		CU_ASSERT_FALSE(good(&bent));
		bent = line;
		bent.number++;
		CU_ASSERT_FALSE(good(&bent));
		other = make(0, method, other_card, 1);
		bent = line;
		memcpy(bent.certificate, other.certificate, sizeof(bent.certificate));
		CU_ASSERT_FALSE(good(&bent));
		line = make(0, method, card_key, 2);
		CU_ASSERT_FALSE(good(&line));
		CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "loaded before"));
	}
}

static bool all(void *context, const struct receipt_line *line)
{
	(void)context;
	return line->number != 2;
}

static void put_file(size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CU_ASSERT_FATAL(fd >= 0 && write(fd, text, length) == (ssize_t)length);
	close(fd);
}

static size_t get_file(void)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	CU_ASSERT_FATAL(fd >= 0 && n > 0);
	close(fd);
	text[n] = 0;
	return (size_t)n;
}

static void test_file(void)
{
	struct receipt_line line, got;
	struct receipts *receipts;
	struct receipts_reader *reader;
	size_t length;
	int n;

	CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
	CU_ASSERT_EQUAL_FATAL(receipts_begin(&receipts, folder, "b", all, NULL, &fault), 0);
	for (unsigned i = 0; i < 3; i++) {
		line = make(i, i == 1 ? SLOT_AGREED : SLOT_DERIVED, card_key, 1);
		CU_ASSERT_EQUAL(receipts_add(receipts, &line, &fault), 0);
	}
	receipts_end(receipts);
	/* Another run keeps the first and the third, and of half a line nothing. */
	snprintf(path, sizeof(path), "%s/b.receipts.jsonl.part", folder);
	length = get_file();
	put_file(length - 10);
	CU_ASSERT_EQUAL_FATAL(receipts_begin(&receipts, folder, "b", all, NULL, &fault), 1);
	CU_ASSERT_EQUAL(receipts_add(receipts, &line, &fault), 0);
	CU_ASSERT_FALSE(receipts_finished(folder, "b"));
	CU_ASSERT_EQUAL(receipts_finish(receipts, &fault), 0);
	receipts_end(receipts);
	CU_ASSERT(receipts_finished(folder, "b"));
	snprintf(path, sizeof(path), "%s/b.receipts.jsonl", folder);
	CU_ASSERT_EQUAL_FATAL(receipts_open(&reader, path, &fault), 0);
	CU_ASSERT_EQUAL(receipts_next(reader, &got, &fault), 1);
	CU_ASSERT_EQUAL(got.number, 1);
	CU_ASSERT_EQUAL(receipts_next(reader, &got, &fault), 1);
	CU_ASSERT_EQUAL(memcmp(&got, &line, sizeof(got)), 0);
	CU_ASSERT_EQUAL(receipts_next(reader, &got, &fault), 0);
	receipts_close(reader);
	/* Cut anywhere: the lines before, and then a fault or a clean end. */
	length = get_file();
	for (size_t cut = 1; cut < length; cut += 7) {
		put_file(cut);
		CU_ASSERT_EQUAL_FATAL(receipts_open(&reader, path, &fault), 0);
		while ((n = receipts_next(reader, &got, &fault)) == 1)
			;
		CU_ASSERT_EQUAL(n == 0, text[cut - 1] == '\n');
		receipts_close(reader);
	}
	/* A line that begins with a byte of zero is no line. */
	memcpy(text, "\0\n", 2);
	put_file(2);
	CU_ASSERT_EQUAL_FATAL(receipts_open(&reader, path, &fault), 0);
	CU_ASSERT_EQUAL(receipts_next(reader, &got, &fault), -1);
	receipts_close(reader);
	unlink(path);
}

/* A file of two tickets; `bend` changes it. */
static int load_tickets(struct tickets **tickets, const char *from, const char *to)
{
	uint8_t iccid[10], point[65], key[33], bytes[TICKET_AGREED];
	char spki[PUBLIC_TEXT], ticket[BASE64_TEXT(TICKET_AGREED)], scope[65] = "", *at;
	size_t n;

	tickets_key(key, tickets_ceremony);
	CU_ASSERT_EQUAL(p256_uncompress(point, (struct span){key, 33}), OK);
	public_write(spki, point);
	for (int i = 0; i < 32; i++)
		memcpy(scope + 2 * (size_t)i, "b0", 2);
	n = (size_t)sprintf(text,
			    "{\"authority\":\"%s\",\"batch\":\"b\",\"ceremony\":\"c\",\"count\":2,\"method\":"
			    "\"derived\",\"schema\":1,\"scope\":\"%s\",\"type\":\"tickets\"}\n",
			    spki, scope);
	for (unsigned i = 0; i < 2; i++) {
		struct ticket t;

		digits_to_iccid(iccid, iccids[i]);
		t = tickets_for(iccid, SLOT_DERIVED, i + 1);
		base64_write(ticket, bytes, tickets_make(bytes, &t));
		n += (size_t)sprintf(text + n, "{\"iccid\":\"%s\",\"number\":%u,\"ticket\":\"%s\"}\n",
				     iccids[i], i + 1, ticket);
	}
	if (from) {
		at = strstr(text, from);
		CU_ASSERT_PTR_NOT_NULL_FATAL(at);
		memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
		memcpy(at, to, strlen(to));
	}
	snprintf(path, sizeof(path), "%s/tickets", folder);
	put_file(strlen(text));
	return tickets_load(tickets, path, &fault);
}

static void test_tickets(void)
{
	static const char *const bends[][2] = {{"\"count\":2", "\"count\":3"},
					       {"\"count\":2", "\"count\":1"},
					       {"\"count\":2", "\"count\":0"},
					       {"\"count\":2", "\"count\": 2"},
					       {"derived", "agreed"},
					       {"derived", "dropped"},
					       {"\"schema\":1", "\"schema\":2"},
					       {"\"type\":\"tickets\"", "\"type\":\"ticket\""},
					       {"b0b0", "b1b0"},
					       {"\"number\":2", "\"number\":1"},
					       {"8988211000000001019", "8988211000000001027"},
					       {"\"batch\":\"b\"", "\"batch\":\"-b\""},
					       {"\"number\":1", "\"number\":2"}};
	struct tickets *tickets;
	struct ticket t;

	CU_ASSERT_EQUAL_FATAL(load_tickets(&tickets, NULL, NULL), 0);
	CU_ASSERT_EQUAL(tickets->count, 2);
	CU_ASSERT_STRING_EQUAL(tickets->rows[1].iccid, iccids[1]);
	CU_ASSERT_EQUAL(tickets_verify(&t, tickets, 1, &fault), 0);
	CU_ASSERT_EQUAL(ticket_number(t.number), 2);
	tickets->rows[1].bytes[100] ^= 1;
	CU_ASSERT_EQUAL(tickets_verify(&t, tickets, 1, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_NO);
	tickets_free(tickets);
	for (size_t i = 0; i < sizeof(bends) / sizeof(bends[0]); i++) {
		CU_ASSERT_EQUAL(load_tickets(&tickets, bends[i][0], bends[i][1]), -1);
		CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
		CU_ASSERT_PTR_NULL(tickets);
	}
	unlink(path);
	rmdir(folder);
}

UNIT_SUITE("receipts", UNIT(test_check), UNIT(test_file), UNIT(test_tickets))
