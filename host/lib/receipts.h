/* receipts.h - what the cards of a batch answered: FOLDER/BATCH.receipts.jsonl.
 *
 * One canonical JSON line for each card, in any order:
 * {"certificate","iccid","number","receipt","ticket"}, statements of
 * firmware/keys/ticket.h in base64. The bureau writes it as a growing file
 * (lib/growing.h); operator and auditor read it. It holds no secret. */
#ifndef SIMRITE_RECEIPTS_H
#define SIMRITE_RECEIPTS_H

#include <stdbool.h>

#include "keys/ticket.h"
#include "lib/fault.h"
#include "lib/output.h"

enum {
	RECEIPTS_LINE = 1024 /* characters of a line, with its newline and a final 0 */
};

/* A card's line. */
struct receipt_line {
	char iccid[21];
	uint32_t number;
	size_t ticket_length, receipt_length;
	uint8_t ticket[TICKET_AGREED], certificate[TICKET_CERTIFICATE], receipt[TICKET_RECEIPT_AGREED];
};

/* What a line says, once it is known to be true. */
struct receipt_facts {
	struct ticket ticket;
	struct certificate certificate;
	struct receipt receipt;
};

/* Do the three belong together, and did this card sign the receipt? That the
 * receipt is for this ticket, ICCID, slot and method, of the identity and
 * firmware that the certificate names, of the slot's first load, and signed by
 * that identity. Who signed ticket and certificate is the caller's to verify
 * (ticket_verify()). FAULT_NO says what is wrong. */
int receipts_check(struct receipt_facts *facts, const struct receipt_line *line, struct fault *fault);

/* ---- reading ---- */

struct receipts_reader;

int receipts_open(struct receipts_reader **reader, const char *path, struct fault *fault);
void receipts_close(struct receipts_reader *reader); /* NULL is allowed */

/* The next card's: 1 and the line, whose statements parse, 0 at the end, -1 and a fault with its number. */
int receipts_next(struct receipts_reader *reader, struct receipt_line *line, struct fault *fault);

/* ---- writing ---- */

struct receipts;

/* Open or make a bureau's file; of an earlier run the lines stay for which
 * `keep` says true. Returns how many, or -1. */
int receipts_begin(struct receipts **receipts, const char *folder, const char *batch,
		   bool (*keep)(void *context, const struct receipt_line *line), void *context,
		   struct fault *fault);
int receipts_add(struct receipts *receipts, const struct receipt_line *line, struct fault *fault);
int receipts_finish(struct receipts *receipts, struct fault *fault);
bool receipts_finished(const char *folder, const char *batch);
void receipts_end(struct receipts *receipts); /* NULL is allowed */

#endif
