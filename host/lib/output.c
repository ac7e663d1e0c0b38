#include "lib/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hex.h"
#include "lib/key_form.h"
#include "lib/numbers.h"
#include "lib/secret.h"

enum {
	FIELDS_MAX = 32,
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
	COLUMN_TRANSPORT,
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
	[COLUMN_TRANSPORT] = "Transport_key",
};

struct output_reader {
	struct lines lines;
	struct envelope *envelope; /* NULL: it came as it is */
	enum design design;
	int at[COLUMNS]; /* field number, -1: no such column */
	int fields;      /* how many a line has */
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
	return lines_fault(&reader->lines, fault, why);
}

static int has(const struct output_reader *reader, enum column column)
{
	return reader->at[column] >= 0;
}

static int read_header(struct output_reader *reader, struct fault *fault)
{
	char *field[FIELDS_MAX];
	int i, c;

	for (c = 0; c < COLUMNS; c++)
		reader->at[c] = -1;
	reader->fields = lines_split(reader->lines.text, field, FIELDS_MAX);
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

/* The first line, and of a sealed file the second. */
static int read_first(struct output_reader *reader, const struct envelope_keys *keys, struct fault *fault)
{
	int got = lines_next(&reader->lines, fault);

	if (got == 0)
		return broken(reader, fault, "the file is empty");
	if (got < 0)
		return -1;
	if (envelope_is(reader->lines.text)) {
		if (!keys)
			return fault_set(fault, FAULT_USAGE, "give --envelope-key and --bureau-key",
					 "%s: it is sealed", reader->lines.path);
		if (envelope_begin(&reader->envelope, &reader->lines, keys, fault) < 0)
			return -1;
	} else if (keys) {
		return fault_set(fault, FAULT_POLICY, "ask the bureau for a sealed one",
				 "%s: it is not sealed, and nobody knows who wrote it", reader->lines.path);
	}
	return read_header(reader, fault);
}

int output_open_sealed(struct output_reader **reader, const char *path, const struct envelope_keys *keys,
		       struct fault *fault)
{
	struct output_reader *made = calloc(1, sizeof(*made));
	int open_to_others = 0;

	*reader = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	if (lines_open(&made->lines, path, &open_to_others, fault) < 0 || read_first(made, keys, fault) < 0)
		goto out;
	if (made->design != DESIGN_DERIVED && !made->envelope && open_to_others) {
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

int output_open(struct output_reader **reader, const char *path, struct fault *fault)
{
	return output_open_sealed(reader, path, NULL, fault);
}

void output_close(struct output_reader *reader)
{
	if (!reader)
		return;
	lines_close(&reader->lines);
	envelope_end(reader->envelope);
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
	const char *transport = has(reader, COLUMN_TRANSPORT) ? field[reader->at[COLUMN_TRANSPORT]] : "";
	const char *algorithm = has(reader, COLUMN_ALGORITHM) ? field[reader->at[COLUMN_ALGORITHM]] : "";

	if (*transport && strcmp(transport, "0") != 0) /* taken for clear keys, they would only fail later */
		return broken(reader, fault,
			      "its keys are encrypted under a transport key: decrypt them first");
	if (key_form_read(key, *algorithm ? algorithm : "milenage", fault) < 0)
		return fault_prefix(fault, "%s: line %u", reader->lines.path, reader->lines.number);
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
		return fault_prefix(fault, "%s: line %u", reader->lines.path, reader->lines.number);
	if (has(reader, batch)) {
		if (batch_id_check(field[reader->at[batch]], fault) < 0)
			return fault_prefix(fault, "%s: line %u", reader->lines.path, reader->lines.number);
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
	int got = reader->envelope ? envelope_next(reader->envelope, &reader->lines, fault)
				   : lines_next(&reader->lines, fault);

	memset(record, 0, sizeof(*record));
	if (got <= 0)
		return got;
	if (lines_split(reader->lines.text, field, FIELDS_MAX) != reader->fields)
		return broken(reader, fault, "not as many fields as the first line");
	if (read_record(reader, record, field, fault) < 0) {
		secret_wipe(record, sizeof(*record));
		return -1;
	}
	return 1;
}
