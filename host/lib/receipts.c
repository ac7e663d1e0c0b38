#include "lib/receipts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base64.h"
#include "lib/canonical.h"
#include "lib/digits.h"
#include "lib/growing.h"

enum {
	NAME_SIZE = BATCH_ID + 16
};

/* ---- one line ---- */

static int not_true(const struct receipt_line *line, struct fault *fault, const char *why)
{
	return fault_set(fault, FAULT_NO, "keep the card apart, and do not accept its keys",
			 "the receipt of ICCID %s: %s", line->iccid, why);
}

static int parse_all(struct receipt_facts *facts, const struct receipt_line *line)
{
	return ticket_parse(&facts->ticket, (struct span){line->ticket, line->ticket_length}) < 0 ||
			       ticket_certificate_parse(
				       &facts->certificate,
				       (struct span){line->certificate, TICKET_CERTIFICATE}) < 0 ||
			       ticket_receipt_parse(&facts->receipt,
						    (struct span){line->receipt, line->receipt_length}) < 0
		       ? -1
		       : 0;
}

int receipts_check(struct receipt_facts *facts, const struct receipt_line *line, struct fault *fault)
{
	const struct ticket *t = &facts->ticket;
	const struct receipt *r = &facts->receipt;
	uint8_t digest[SHA256_LENGTH], iccid[TICKET_ICCID];

	if (parse_all(facts, line) < 0)
		return not_true(line, fault, "it does not parse");
	if (sha256(digest, (struct span){line->ticket, line->ticket_length}) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused to hash");
	digits_to_iccid(iccid, line->iccid);
	if (memcmp(t->iccid, iccid, sizeof(iccid)) != 0 || ticket_number(t->number) != line->number)
		return not_true(line, fault, "the ticket is another card's");
	if (memcmp(r->ticket, digest, sizeof(digest)) != 0 || memcmp(r->iccid, iccid, sizeof(iccid)) != 0 ||
	    r->slot != t->slot || r->method != t->method || memcmp(r->accepted, t->number, 4) != 0)
		return not_true(line, fault, "it is for another ticket");
	if (memcmp(r->identity, facts->certificate.identity, sizeof(r->identity)) != 0)
		return not_true(line, fault, "it is of another card than the certificate");
	if (memcmp(r->firmware, facts->certificate.firmware, sizeof(r->firmware)) != 0)
		return not_true(line, fault, "the card has another firmware than it was born with");
	if (ticket_verify((struct span){line->receipt, line->receipt_length},
			  (struct span){r->identity, sizeof(r->identity)}) < 0)
		return not_true(line, fault, "the card has not signed it");
	if (r->loads[0] != 0 || r->loads[1] != 1)
		return not_true(line, fault, "the slot had been loaded before");
	return 0;
}

static int write_line(char text[static RECEIPTS_LINE], const struct receipt_line *line)
{
	char certificate[BASE64_TEXT(TICKET_CERTIFICATE)], ticket[BASE64_TEXT(TICKET_AGREED)],
		receipt[BASE64_TEXT(TICKET_RECEIPT_AGREED)];

	base64_write(certificate, line->certificate, TICKET_CERTIFICATE);
	base64_write(ticket, line->ticket, line->ticket_length);
	base64_write(receipt, line->receipt, line->receipt_length);
	return snprintf(
		text, RECEIPTS_LINE,
		"{\"certificate\":\"%s\",\"iccid\":\"%s\",\"number\":%u,\"receipt\":\"%s\",\"ticket\":"
		"\"%s\"}\n",
		certificate, line->iccid, (unsigned)line->number, receipt, ticket);
}

/* 0, or -1: not such a line. */
static int read_line(struct receipt_line *line, const char *text, size_t length, struct fault *fault)
{
	json_t *root = canonical_parse(text, length, fault);
	const char *certificate, *iccid, *receipt, *ticket;
	struct receipt_facts facts;
	json_int_t number;
	int sizes[3] = {-1, -1, -1};

	memset(line, 0, sizeof(*line));
	if (!root)
		return -1;
	if (json_unpack_ex(root, NULL, JSON_STRICT, "{s:s, s:s, s:I, s:s, s:s}", "certificate", &certificate,
			   "iccid", &iccid, "number", &number, "receipt", &receipt, "ticket", &ticket) == 0 &&
	    strlen(iccid) < sizeof(line->iccid) && number <= UINT32_MAX) {
		memcpy(line->iccid, iccid, strlen(iccid) + 1);
		line->number = (uint32_t)number;
		sizes[0] = base64_read(line->certificate, sizeof(line->certificate), certificate);
		sizes[1] = base64_read(line->receipt, sizeof(line->receipt), receipt);
		sizes[2] = base64_read(line->ticket, sizeof(line->ticket), ticket);
	}
	json_decref(root);
	if (sizes[0] == TICKET_CERTIFICATE && sizes[1] > 0 && sizes[2] > 0) {
		line->receipt_length = (size_t)sizes[1];
		line->ticket_length = (size_t)sizes[2];
		if (parse_all(&facts, line) == 0)
			return 0;
	}
	return fault_set(fault, FAULT_INPUT, "see simrite-batch(5)", "not a card's receipt");
}

/* ---- reading ---- */

struct receipts_reader {
	FILE *file;
	unsigned line;
	char path[512], text[RECEIPTS_LINE];
};

int receipts_open(struct receipts_reader **reader, const char *path, struct fault *fault)
{
	struct receipts_reader *made = calloc(1, sizeof(*made));

	*reader = made;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	(void)snprintf(made->path, sizeof(made->path), "%s", path);
	made->file = fopen(path, "re");
	if (made->file)
		return 0;
	fault_set(fault, FAULT_INPUT, NULL, "%s: %s", path, strerror(errno));
	receipts_close(made);
	*reader = NULL;
	return -1;
}

void receipts_close(struct receipts_reader *reader)
{
	if (reader && reader->file)
		(void)fclose(reader->file);
	free(reader);
}

int receipts_next(struct receipts_reader *reader, struct receipt_line *line, struct fault *fault)
{
	size_t length;
	int result;

	reader->line++;
	if (!fgets(reader->text, sizeof(reader->text), reader->file))
		return ferror(reader->file)
			       ? fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", reader->path, strerror(errno))
			       : 0;
	length = strlen(reader->text);
	if (length == 0 || reader->text[length - 1] != '\n') /* a byte of zero ends the text */
		result = fault_set(fault, FAULT_INPUT, NULL, "cut off, or too long");
	else
		result = read_line(line, reader->text, length - 1, fault);
	return result < 0 ? fault_prefix(fault, "%s: line %u", reader->path, reader->line) : 1;
}

/* ---- writing ---- */

struct receipts {
	struct growing file;
};

static int copy_kept(struct receipts *receipts, bool (*keep)(void *context, const struct receipt_line *line),
		     void *context, struct fault *fault)
{
	struct receipts_reader *old;
	struct receipt_line line;
	int kept = 0;

	if (access(receipts->file.part, F_OK) != 0)
		return 0;
	if (receipts_open(&old, receipts->file.part, fault) < 0)
		return -1;
	while (kept >= 0 && receipts_next(old, &line, NULL) == 1) /* one that was cut off ends it */
		if (keep(context, &line))
			kept = receipts_add(receipts, &line, fault) < 0 ? -1 : kept + 1;
	receipts_close(old);
	return kept;
}

static void file_name(char name[static NAME_SIZE], const char *batch)
{
	(void)snprintf(name, NAME_SIZE, "%.40s.receipts.jsonl", batch);
}

int receipts_begin(struct receipts **receipts, const char *folder, const char *batch,
		   bool (*keep)(void *context, const struct receipt_line *line), void *context,
		   struct fault *fault)
{
	struct receipts *made = calloc(1, sizeof(*made));
	char name[NAME_SIZE];
	int kept;

	*receipts = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	file_name(name, batch);
	kept = growing_begin(&made->file, folder, name, fault);
	if (kept == 0)
		kept = copy_kept(made, keep, context, fault);
	if (kept >= 0 && growing_replace(&made->file, fault) < 0)
		kept = -1;
	if (kept < 0) {
		growing_drop(&made->file);
		receipts_end(made);
		return -1;
	}
	*receipts = made;
	return kept;
}

int receipts_add(struct receipts *receipts, const struct receipt_line *line, struct fault *fault)
{
	char text[RECEIPTS_LINE];

	return growing_add(&receipts->file, text, (size_t)write_line(text, line), fault);
}

int receipts_finish(struct receipts *receipts, struct fault *fault)
{
	return growing_finish(&receipts->file, fault);
}

bool receipts_finished(const char *folder, const char *batch)
{
	char name[NAME_SIZE];

	file_name(name, batch);
	return growing_finished(folder, name);
}

void receipts_end(struct receipts *receipts)
{
	if (!receipts)
		return;
	growing_end(&receipts->file);
	free(receipts);
}
