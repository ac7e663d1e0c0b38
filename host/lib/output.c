/* Read with read(2) into a buffer of ours, not stdio: every copy of a line
 * that may hold keys is one we can wipe. */
#include "lib/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/hex.h"
#include "lib/key_form.h"
#include "lib/numbers.h"
#include "lib/secret.h"

enum {
	FIELDS_MAX = 32,
	BUFFER = 4096,
};

enum column {
	COLUMN_IMSI,
	COLUMN_ICCID,
	COLUMN_KI,
	COLUMN_OPC,
	COLUMN_BATCH,
	COLUMN_KCV_K,
	COLUMN_KCV_OPC,
	COLUMN_PIN,
	COLUMN_PUK,
	COLUMN_ADM,
	COLUMN_ORDER,
	COLUMN_OBJECT,
	COLUMN_ALGORITHM,
	COLUMN_IDENTITY,
	COLUMNS,
};

static const char *const column_name[COLUMNS] = {
	[COLUMN_IMSI] = "IMSI",
	[COLUMN_ICCID] = "ICCID",
	[COLUMN_KI] = "Ki",
	[COLUMN_OPC] = "OPc",
	[COLUMN_BATCH] = "Batch",
	[COLUMN_KCV_K] = "KCV_K",
	[COLUMN_KCV_OPC] = "KCV_OPc",
	[COLUMN_PIN] = "PIN",
	[COLUMN_PUK] = "PUK",
	[COLUMN_ADM] = "ADM1",
	[COLUMN_ORDER] = "OrderId",
	[COLUMN_OBJECT] = "ObjectId",
	[COLUMN_ALGORITHM] = "Algorithm",
	[COLUMN_IDENTITY] = "Identity",
};

struct output_reader {
	char path[512];
	int fd;
	unsigned line; /* number of the line last read */
	enum design design;
	int at[COLUMNS]; /* field number, -1: no such column */
	int fields;      /* how many a line has */
	char buffer[BUFFER];
	size_t start, end; /* unread part of buffer */
	char text[OUTPUT_LINE];
};

static const char *const design_names[] = {
	[DESIGN_PLAIN] = "bulk-plain", [DESIGN_DERIVED] = "derived", [DESIGN_AGREED] = "agreed"};

const char *design_name(enum design design)
{
	return design_names[design];
}

int design_named(enum design *design, const char *name)
{
	for (unsigned i = DESIGN_PLAIN; i <= DESIGN_AGREED; i++)
		if (strcmp(name, design_names[i]) == 0) {
			*design = (enum design)i;
			return 0;
		}
	return -1;
}

int batch_id_check(const char *id, struct fault *fault)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t length = strlen(id);

	if (length == 0 || length >= BATCH_ID || id[strspn(id, allowed)] != 0 || id[0] == '.' || id[0] == '-')
		return fault_set(fault, FAULT_INPUT, "use 1 to 40 letters, digits, '.', '_' or '-'",
				 "\"%.48s\" is no batch id", id);
	return 0;
}

/* ---- writing ---- */

size_t output_header(char line[static OUTPUT_LINE], enum design design)
{
	static const char *const headers[] = {
		[DESIGN_PLAIN] = ("Action;OrderId;ServiceId;ObjectId;Priority;IMSI;MSISDN;Opcode(Short);"
				  "ICCID;Ki;PIN;PIN2;PUK;PUK2;reserved(Boolean);OPc;ADM1"),
		[DESIGN_DERIVED] = "IMSI;MSISDN;ICCID;Batch;KCV_K;KCV_OPc",
		[DESIGN_AGREED] = "IMSI;MSISDN;ICCID;Batch;KCV_K;KCV_OPc;Identity;PIN;PUK;ADM1"};

	return (size_t)snprintf(line, OUTPUT_LINE, "%s\n", headers[design]);
}

/* The line of a card whose keys are not in the file. */
static size_t without_keys(char line[static OUTPUT_LINE], enum design design,
			   const struct output_record *record)
{
	char k[7], opc[7], identity[67];
	int length;

	hex_write(k, record->kcv_k, 3);
	hex_write(opc, record->kcv_opc, 3);
	length = snprintf(line, OUTPUT_LINE, "%s;;%s;%s;%s;%s", record->imsi, record->iccid, record->batch, k,
			  opc);
	if (design == DESIGN_AGREED) {
		hex_write(identity, record->identity, sizeof(record->identity));
		length += snprintf(line + length, (size_t)(OUTPUT_LINE - length), ";%s;%s;%s;%s", identity,
				   record->pin1, record->puk1, record->adm1);
	}
	line[length++] = '\n';
	line[length] = 0;
	return (size_t)length;
}

size_t output_line(char line[static OUTPUT_LINE], enum design design, const struct output_record *record)
{
	char k[33], opc[33];
	int length;

	if (design != DESIGN_PLAIN)
		return without_keys(line, design, record);
	hex_write(k, record->key.k, 16);
	hex_write(opc, record->key.opc, 16);
	length = snprintf(line, OUTPUT_LINE, "ADD;%s;SIM;%u;5;%s;;CRE;%s;%s;%s;;%s;;0;%s;%s\n", record->batch,
			  record->number, record->imsi, record->iccid, k, record->pin1, record->puk1, opc,
			  record->adm1);
	secret_wipe(k, sizeof(k));
	secret_wipe(opc, sizeof(opc));
	return (size_t)length;
}

/* ---- reading ---- */

static int broken(const struct output_reader *reader, struct fault *fault, const char *why)
{
	return fault_set(fault, FAULT_INPUT, "see simrite-batch(5); nothing was imported", "%s: line %u: %s",
			 reader->path, reader->line, why);
}

/* The next line into reader->text without its end: 1, 0 at the end, or -1. */
static int read_text(struct output_reader *reader, struct fault *fault)
{
	size_t length = 0;

	reader->line++;
	for (;;) {
		char c;

		if (reader->start == reader->end) {
			ssize_t n = read(reader->fd, reader->buffer, sizeof(reader->buffer));

			if (n < 0)
				return fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", reader->path,
						 strerror(errno));
			if (n == 0 && length == 0)
				return 0;
			if (n == 0)
				return broken(reader, fault, "cut off: it does not end with a newline");
			reader->start = 0;
			reader->end = (size_t)n;
		}
		c = reader->buffer[reader->start++];
		if (c == '\n')
			break;
		if (c == 0 || length + 1 >= sizeof(reader->text))
			return broken(reader, fault, "too long, or not text");
		reader->text[length++] = c;
	}
	if (length > 0 && reader->text[length - 1] == '\r')
		length--;
	reader->text[length] = 0;
	return 1;
}

/* Cut reader->text at its ';'. Returns how many fields, or -1: too many. */
static int split(struct output_reader *reader, char *field[static FIELDS_MAX])
{
	char *at = reader->text;
	int count = 0;

	for (;;) {
		if (count == FIELDS_MAX)
			return -1;
		field[count++] = at;
		at = strchr(at, ';');
		if (!at)
			return count;
		*at++ = 0;
	}
}

static int has(const struct output_reader *reader, enum column column)
{
	return reader->at[column] >= 0;
}

static int read_header(struct output_reader *reader, struct fault *fault)
{
	char *field[FIELDS_MAX];
	int i, c, got = read_text(reader, fault);

	if (got < 0)
		return -1;
	if (got == 0)
		return broken(reader, fault, "the file is empty");
	for (c = 0; c < COLUMNS; c++)
		reader->at[c] = -1;
	reader->fields = split(reader, field);
	for (i = 0; i < reader->fields; i++)
		for (c = 0; c < COLUMNS; c++) {
			if (strcmp(field[i], column_name[c]) != 0)
				continue;
			if (reader->at[c] >= 0)
				return broken(reader, fault, "two columns have the same name");
			reader->at[c] = i;
		}
	if (has(reader, COLUMN_IMSI) && has(reader, COLUMN_ICCID) && has(reader, COLUMN_KI) &&
	    has(reader, COLUMN_OPC))
		reader->design = DESIGN_PLAIN;
	else if (has(reader, COLUMN_IMSI) && has(reader, COLUMN_ICCID) && has(reader, COLUMN_BATCH) &&
		 has(reader, COLUMN_KCV_K) && has(reader, COLUMN_KCV_OPC) && !has(reader, COLUMN_KI))
		reader->design = has(reader, COLUMN_IDENTITY) ? DESIGN_AGREED : DESIGN_DERIVED;
	else
		return broken(reader, fault, "not the header of an output file");
	return 0;
}

int output_open(struct output_reader **reader, const char *path, struct fault *fault)
{
	struct output_reader *made = calloc(1, sizeof(*made));
	struct stat status;

	*reader = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	(void)snprintf(made->path, sizeof(made->path), "%s", path);
	made->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (made->fd < 0 || fstat(made->fd, &status) < 0) {
		fault_set(fault, FAULT_INPUT, NULL, "%s: %s", path, strerror(errno));
		goto out;
	}
	if (read_header(made, fault) < 0)
		goto out;
	if (made->design != DESIGN_DERIVED && (status.st_mode & 077) != 0) {
		fault_set(fault, FAULT_POLICY, "chmod 600 it, and ask who could read it until now",
			  "%s: holds %s in the clear and is open to others", path,
			  made->design == DESIGN_PLAIN ? "keys" : "PINs");
		goto out;
	}
	*reader = made;
	return 0;
out:
	output_close(made);
	return -1;
}

void output_close(struct output_reader *reader)
{
	if (!reader)
		return;
	if (reader->fd >= 0)
		close(reader->fd);
	secret_wipe(reader, sizeof(*reader));
	free(reader);
}

enum design output_design(const struct output_reader *reader)
{
	return reader->design;
}

/* Up to eight digits, or nothing. */
static int code(char out[static 9], const struct output_reader *reader, char *const *field,
		enum column column)
{
	const char *text = has(reader, column) ? field[reader->at[column]] : "";
	size_t length = strlen(text);

	if (length > 8 || text[strspn(text, "0123456789")] != 0)
		return -1;
	memcpy(out, text, length + 1);
	return 0;
}

static int bytes(uint8_t *out, size_t length, const struct output_reader *reader, char *const *field,
		 enum column column)
{
	const char *text = field[reader->at[column]];

	return hex_read(out, length, text, strlen(text));
}

static int read_codes(const struct output_reader *reader, struct output_record *record, char *const *field,
		      struct fault *fault)
{
	if (code(record->pin1, reader, field, COLUMN_PIN) < 0 ||
	    code(record->puk1, reader, field, COLUMN_PUK) < 0 ||
	    code(record->adm1, reader, field, COLUMN_ADM) < 0)
		return broken(reader, fault, "PIN, PUK or ADM1 is not up to 8 digits");
	return 0;
}

static int read_secrets(const struct output_reader *reader, struct output_record *record, char *const *field,
			struct fault *fault)
{
	struct subscriber_key *key = &record->key;
	const char *algorithm = has(reader, COLUMN_ALGORITHM) ? field[reader->at[COLUMN_ALGORITHM]] : "";

	if (key_form_read(key, *algorithm ? algorithm : "milenage", fault) < 0)
		return fault_prefix(fault, "%s: line %u", reader->path, reader->line);
	if (bytes(key->k, key->sizes.k, reader, field, COLUMN_KI) < 0)
		return broken(reader, fault,
			      key->sizes.k == 16 ? "Ki is not 32 hex digits" : "Ki is not 64 hex digits");
	if (bytes(key->opc, key->sizes.opc, reader, field, COLUMN_OPC) < 0)
		return broken(reader, fault,
			      key->sizes.opc == 16   ? "OPc is not 32 hex digits"
			      : key->sizes.opc == 32 ? "OPc (TOPc) is not 64 hex digits"
						     : "OPc is given, and the algorithm has none");
	if (read_codes(reader, record, field, fault) < 0)
		return -1;
	if (has(reader, COLUMN_OBJECT))
		record->number = (unsigned)strtoul(field[reader->at[COLUMN_OBJECT]], NULL, 10);
	return key_form_checks(record->kcv_k, record->kcv_opc, key, fault);
}

static int read_record(const struct output_reader *reader, struct output_record *record, char *const *field,
		       struct fault *fault)
{
	enum column batch = reader->design == DESIGN_PLAIN ? COLUMN_ORDER : COLUMN_BATCH;

	if (numbers_imsi(record->imsi, field[reader->at[COLUMN_IMSI]], 0, fault) < 0 ||
	    numbers_iccid(record->iccid, field[reader->at[COLUMN_ICCID]], 0, fault) < 0)
		return fault_prefix(fault, "%s: line %u", reader->path, reader->line);
	if (has(reader, batch)) {
		if (batch_id_check(field[reader->at[batch]], fault) < 0)
			return fault_prefix(fault, "%s: line %u", reader->path, reader->line);
		(void)snprintf(record->batch, sizeof(record->batch), "%s", field[reader->at[batch]]);
	}
	if (reader->design == DESIGN_PLAIN)
		return read_secrets(reader, record, field, fault);
	if (bytes(record->kcv_k, 3, reader, field, COLUMN_KCV_K) < 0 ||
	    bytes(record->kcv_opc, 3, reader, field, COLUMN_KCV_OPC) < 0)
		return broken(reader, fault, "a KCV is not 6 hex digits");
	if (reader->design == DESIGN_DERIVED)
		return 0;
	if (bytes(record->identity, sizeof(record->identity), reader, field, COLUMN_IDENTITY) < 0)
		return broken(reader, fault, "Identity is not 66 hex digits");
	return read_codes(reader, record, field, fault);
}

int output_next(struct output_reader *reader, struct output_record *record, struct fault *fault)
{
	char *field[FIELDS_MAX];
	int got = read_text(reader, fault);

	memset(record, 0, sizeof(*record));
	if (got <= 0)
		return got;
	if (split(reader, field) != reader->fields)
		return broken(reader, fault, "not as many fields as the first line");
	if (read_record(reader, record, field, fault) < 0) {
		secret_wipe(record, sizeof(*record));
		return -1;
	}
	return 1;
}
