/* output.h - the bureau's output file: what the operator is sent about a batch.
 *
 * Text, one card a line, fields separated by ';', named by the first line
 * (simrite-batch(5)). Three designs, told apart by that line:
 *
 *  bulk-plain  the header of a file of 2010, and OPc and ADM1 behind it:
 *              every key in the clear. Refused when other users can read it.
 *  derived     IMSI;MSISDN;ICCID;Batch;KCV_K;KCV_OPc: no secret.
 *  agreed      the same and Identity;PIN;PUK;ADM1: which card it is (its
 *              public key), and its codes; no key, for the bureau has none.
 *              Refused when other users can read it.
 *
 * Columns are found by name; ones not known are skipped. A bulk-plain file of
 * somebody else's may have a column Algorithm (lib/key_form.h); an empty field
 * there, or no such column, is Milenage. OPc is then TOPc, or empty, as the
 * algorithm has it. output_line() writes Milenage keys only. A column
 * Transport_key that is neither empty nor 0 says that the keys are encrypted:
 * refused.
 *
 * Any of the three may come sealed (lib/envelope.h), and may then be open to
 * other users. */
#ifndef SIMRITE_OUTPUT_H
#define SIMRITE_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#include "keys/subscriber_key.h"
#include "lib/envelope.h"
#include "lib/fault.h"
#include "lib/lines.h"

enum {
	OUTPUT_LINE = LINES_MAX, /* the longest line, with its newline and a final 0 */
	BATCH_ID = 41,           /* a batch id and its final 0 */
};

enum design {
	DESIGN_PLAIN,
	DESIGN_DERIVED,
	DESIGN_AGREED,
};

const char *design_name(enum design design);             /* "bulk-plain", "derived", "agreed" */
int design_named(enum design *design, const char *name); /* 0, or -1: no such design */

/* Is it a batch id? 1..40 of A-Z a-z 0-9 . _ -, not beginning with '.' or '-'. */
int batch_id_check(const char *id, struct fault *fault);

struct output_record {
	char imsi[16], iccid[21], batch[BATCH_ID];
	unsigned number;                /* of the card in its batch, from 1; bulk-plain */
	struct subscriber_key key;      /* bulk-plain */
	uint8_t kcv_k[3], kcv_opc[3];   /* always set: read from the file, or computed from the keys */
	char pin1[9], puk1[9], adm1[9]; /* bulk-plain and agreed; "" when absent */
	uint8_t identity[33];           /* agreed: compressed public key */
};

/* The first line, and one card's line. Returns the length; the caller wipes. */
size_t output_header(char line[static OUTPUT_LINE], enum design design);
size_t output_line(char line[static OUTPUT_LINE], enum design design, const struct output_record *record);

struct output_reader;

/* Open and read the first line. Caller closes. */
int output_open(struct output_reader **reader, const char *path, struct fault *fault);
/* With keys: a sealed file, and no other. FAULT_NO: not sealed to us by them, or changed. */
int output_open_sealed(struct output_reader **reader, const char *path, const struct envelope_keys *keys,
		       struct fault *fault);
void output_close(struct output_reader *reader); /* NULL is allowed; wipes */
enum design output_design(const struct output_reader *reader);

/* The next card: 1 and the record (the caller wipes it), 0 at the end, -1 and
 * a fault with the line's number. Of a sealed file no record is to be believed
 * before the 0. */
int output_next(struct output_reader *reader, struct output_record *record, struct fault *fault);

#endif
