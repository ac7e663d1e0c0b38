/* Sealing and opening walk through a file in step: the same struct, the same lines hashed, the same
 * associated data made of the columns that both find by name. */
#include "lib/envelope.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "lib/base64.h"
#include "lib/hex.h"
#include "lib/secret.h"

enum {
	FIELDS_MAX = 32,
	COLUMN_NAME = 20,
	FINGERPRINT = 8,
	FIRST = 256, /* the first line */
	ABOUT = COLUMN_NAME + 3 * 64,
};

static const char mark[] = "Envelope;1;", end_mark[] = "End;", purpose[] = "simrite envelope 1";
static const char *const sealed_columns[] = {"Ki", "OPc", "PIN", "PIN2", "PUK", "PUK2", "ADM1"};
static const char *const who_columns[] = {"IMSI", "ICCID"}, *const batch_columns[] = {"OrderId", "Batch"};

struct envelope {
	struct hpke hpke;
	struct sha256 all; /* of every line so far */
	int fields;
	char name[FIELDS_MAX][COLUMN_NAME]; /* of a column that is sealed; "" of the others */
	int who[3];                         /* columns of IMSI, ICCID, batch */
	long count;
	bool ended;
};

static void hash_line(struct envelope *e, const char *line)
{
	sha256_add(&e->all, line, strlen(line));
	sha256_add(&e->all, "\n", 1);
}

static int is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return (int)i;
	return -1;
}

/* Learn the columns from the file's own first line. */
static int learn_columns(struct envelope *e, const struct lines *lines, struct fault *fault)
{
	char text[LINES_MAX], *field[FIELDS_MAX];
	int which;

	memcpy(text, lines->text, sizeof(text));
	e->fields = lines_split(text, field, FIELDS_MAX);
	e->who[0] = e->who[1] = e->who[2] = -1;
	for (int i = 0; i < e->fields; i++) {
		if (is_one_of(field[i], sealed_columns, 7) >= 0)
			(void)snprintf(e->name[i], COLUMN_NAME, "%s", field[i]);
		if ((which = is_one_of(field[i], who_columns, 2)) >= 0)
			e->who[which] = i;
		if (is_one_of(field[i], batch_columns, 2) >= 0)
			e->who[2] = i;
	}
	if (e->fields < 0 || e->who[0] < 0 || e->who[1] < 0 || e->who[2] < 0)
		return lines_fault(lines, fault, "not the header of an output file");
	return 0;
}

static void fingerprint(char text[static 2 * FINGERPRINT + 1], const uint8_t point[static HPKE_POINT])
{
	uint8_t digest[SHA256_LENGTH];

	if (sha256(digest, (struct span){point, HPKE_POINT}) < 0)
		memset(digest, 0, sizeof(digest));
	hex_write(text, digest, FINGERPRINT);
}

/* Info: the purpose with its final 0, and the header without. */
static size_t info(char out[static sizeof(purpose) + LINES_MAX], const char *header)
{
	memcpy(out, purpose, sizeof(purpose));
	return sizeof(purpose) + (size_t)snprintf(out + sizeof(purpose), LINES_MAX, "%s", header);
}

static struct span bytes(const void *at, size_t length)
{
	return (struct span){at, length};
}

/* What a field is bound to. 0 when there is no room for it. */
static size_t about(uint8_t out[static ABOUT], const struct envelope *e, int column, char *const *field)
{
	const char *const part[4] = {e->name[column], field[e->who[0]], field[e->who[1]], field[e->who[2]]};
	size_t length = 0;

	for (int i = 0; i < 4; i++) {
		size_t n = strlen(part[i]) + 1;

		if (n > 64 || length + n > ABOUT)
			return 0;
		memcpy(out + length, part[i], n);
		length += n;
	}
	return length;
}

/* The last message: the digest of all lines, and how many cards. */
static size_t about_end(uint8_t out[static SHA256_LENGTH + 24], struct envelope *e)
{
	struct sha256 all = e->all;

	if (sha256_finish(&all, out) < 0)
		return 0;
	return SHA256_LENGTH + (size_t)snprintf((char *)out + SHA256_LENGTH, 24, "%ld", e->count);
}

/* ---- sealing ---- */

static int fill(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static int put(struct envelope *e, FILE *out, const char *line, struct fault *fault)
{
	hash_line(e, line);
	if (fprintf(out, "%s\n", line) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write: %s", strerror(errno));
	return 0;
}

static int start_sealing(struct envelope *e, FILE *out, const struct envelope_keys *keys, const char *header,
			 struct fault *fault)
{
	static const struct p256_random source = {.fill = fill};
	uint8_t private_key[P256_PRIVATE], compressed[P256_COMPRESSED];
	char about_file[sizeof(purpose) + LINES_MAX];
	struct hpke_private ephemeral = {hpke_agree_in_memory, private_key, {0}};
	char line[FIRST], key[67], sender[17], recipient[17];
	int result = -1;

	if (p256_generate(private_key, ephemeral.point, &source) == OK &&
	    p256_compress(compressed, (struct span){ephemeral.point, HPKE_POINT}) == OK &&
	    hpke_sender(&e->hpke, HPKE_AES_256_GCM, &ephemeral, &keys->own, keys->other,
			bytes(about_file, info(about_file, header))) == 0)
		result = 0;
	secret_wipe(private_key, sizeof(private_key)); /* nobody reads the file from here but the recipient */
	if (result < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "these keys do not agree");
	hex_write(key, compressed, sizeof(compressed));
	fingerprint(sender, keys->own.point);
	fingerprint(recipient, keys->other);
	(void)snprintf(line, sizeof(line), "%s%s;%s;%s", mark, key, sender, recipient);
	return put(e, out, line, fault) < 0 ? -1 : put(e, out, header, fault);
}

/* One field behind the others in `line`, sealed if its column is. */
static int add_field(struct envelope *e, char line[static LINES_MAX], int column, char *const *field)
{
	uint8_t bound[ABOUT], sealed[LINES_MAX];
	size_t length = strlen(field[column]), used = strlen(line), n;

	if (column > 0)
		line[used++] = ';';
	if (!e->name[column][0] || !length) {
		if (used + length >= LINES_MAX - 1)
			return -1;
		memcpy(line + used, field[column], length + 1);
		return 0;
	}
	n = about(bound, e, column, field);
	if (!n || length + HPKE_TAG > sizeof(sealed) ||
	    used + BASE64_TEXT(length + HPKE_TAG) >= LINES_MAX - 1 ||
	    hpke_seal(&e->hpke, sealed, (struct span){bound, n},
		      (struct span){(const uint8_t *)field[column], length}) < 0)
		return -1;
	base64_write(line + used, sealed, length + HPKE_TAG);
	return 0;
}

static int seal_line(struct envelope *e, FILE *out, struct lines *lines, struct fault *fault)
{
	char line[LINES_MAX] = "", *field[FIELDS_MAX];

	if (lines_split(lines->text, field, FIELDS_MAX) != e->fields)
		return lines_fault(lines, fault, "not as many fields as the first line");
	for (int i = 0; i < e->fields; i++)
		if (add_field(e, line, i, field) < 0)
			return lines_fault(lines, fault, "too long to be sealed");
	e->count++;
	return put(e, out, line, fault);
}

static int seal_end(struct envelope *e, FILE *out, struct fault *fault)
{
	uint8_t bound[SHA256_LENGTH + 24], tag[HPKE_TAG];
	char text[BASE64_TEXT(HPKE_TAG)];
	size_t length = about_end(bound, e);

	if (!length || hpke_seal(&e->hpke, tag, (struct span){bound, length}, (struct span){tag, 0}) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused to seal");
	base64_write(text, tag, sizeof(tag));
	if (fprintf(out, "%s%ld;%s\n", end_mark, e->count, text) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write: %s", strerror(errno));
	return 0;
}

long envelope_seal(FILE *out, const char *path, const struct envelope_keys *keys, struct fault *fault)
{
	struct envelope *e = calloc(1, sizeof(*e));
	struct lines lines;
	long result = -1;
	int got = -1;

	if (!e)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	sha256_start(&e->all);
	if (lines_open(&lines, path, NULL, fault) == 0 && (got = lines_next(&lines, fault)) == 0)
		got = lines_fault(&lines, fault, "the file is empty");
	if (got == 1 && envelope_is(lines.text))
		got = lines_fault(&lines, fault, "it is sealed already");
	if (got == 1 &&
	    (learn_columns(e, &lines, fault) < 0 || start_sealing(e, out, keys, lines.text, fault) < 0))
		got = -1;
	while (got == 1 && (got = lines_next(&lines, fault)) == 1)
		if (seal_line(e, out, &lines, fault) < 0)
			got = -1;
	if (got == 0 && seal_end(e, out, fault) == 0)
		result = e->count;
	lines_close(&lines);
	envelope_end(e);
	return result;
}

/* ---- opening ---- */

int envelope_is(const char *first_line)
{
	return strncmp(first_line, mark, sizeof(mark) - 1) == 0;
}

void envelope_end(struct envelope *envelope)
{
	if (!envelope)
		return;
	secret_wipe(envelope, sizeof(*envelope));
	free(envelope);
}

static int refuse(const struct lines *lines, struct fault *fault, const char *why)
{
	return fault_set(fault, FAULT_NO, "nothing was imported; ask the sender for it again, another way",
			 "%s: line %u: %s", lines->path, lines->number, why);
}

/* The first line: for us, from them? */
static int take_first(uint8_t ephemeral[static HPKE_POINT], const struct lines *lines,
		      const struct envelope_keys *keys, struct fault *fault)
{
	char text[LINES_MAX], *field[6], sender[17], recipient[17];
	uint8_t compressed[P256_COMPRESSED];

	memcpy(text, lines->text, sizeof(text));
	fingerprint(sender, keys->other);
	fingerprint(recipient, keys->own.point);
	if (lines_split(text, field, 6) != 5 ||
	    hex_read(compressed, sizeof(compressed), field[2], strlen(field[2])) < 0 ||
	    p256_uncompress(ephemeral, (struct span){compressed, sizeof(compressed)}) < 0)
		return lines_fault(lines, fault, "not the first line of an envelope");
	if (strcmp(field[4], recipient) != 0)
		return refuse(lines, fault, "it is sealed to another key than the one given");
	if (strcmp(field[3], sender) != 0)
		return refuse(lines, fault, "it is from another sender than the one given");
	return 0;
}

int envelope_begin(struct envelope **envelope, struct lines *lines, const struct envelope_keys *keys,
		   struct fault *fault)
{
	char about_file[sizeof(purpose) + LINES_MAX];
	uint8_t ephemeral[HPKE_POINT];
	struct envelope *e = calloc(1, sizeof(*e));
	int got;

	*envelope = NULL;
	if (!e)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	sha256_start(&e->all);
	if (take_first(ephemeral, lines, keys, fault) < 0)
		goto out;
	hash_line(e, lines->text);
	got = lines_next(lines, fault);
	if (got == 0)
		(void)lines_fault(lines, fault, "the envelope is empty");
	if (got != 1 || learn_columns(e, lines, fault) < 0)
		goto out;
	hash_line(e, lines->text);
	if (hpke_recipient(&e->hpke, HPKE_AES_256_GCM, ephemeral, &keys->own, keys->other,
			   bytes(about_file, info(about_file, lines->text))) < 0) {
		fault_set(fault, FAULT_INPUT, NULL, "%s: the key does not agree", lines->path);
		goto out;
	}
	*envelope = e;
	return 0;
out:
	envelope_end(e);
	return -1;
}

/* The line that ends it, and nothing behind. */
static int take_end(struct envelope *e, struct lines *lines, struct fault *fault)
{
	uint8_t bound[SHA256_LENGTH + 24], tag[HPKE_TAG], nothing[1];
	size_t length = about_end(bound, e);
	char *field[4];
	int got;

	if (lines_split(lines->text, field, 4) != 3 || strtol(field[1], NULL, 10) != e->count ||
	    base64_read(tag, sizeof(tag), field[2]) != HPKE_TAG || !length ||
	    hpke_open(&e->hpke, nothing, (struct span){bound, length}, (struct span){tag, sizeof(tag)}) < 0)
		return refuse(lines, fault, "the file was changed: its end does not belong to its lines");
	if ((got = lines_next(lines, fault)) == 1)
		return refuse(lines, fault, "there is something behind the envelope's end");
	e->ended = true;
	return got;
}

/* One field behind the others, opened if its column is sealed. */
static int open_field(struct envelope *e, char line[static LINES_MAX], int column, char *const *field)
{
	uint8_t bound[ABOUT], sealed[LINES_MAX];
	size_t used = strlen(line), n;
	int length;

	if (column > 0)
		line[used++] = ';';
	if (!e->name[column][0] || !field[column][0]) {
		(void)snprintf(line + used, LINES_MAX - used, "%s", field[column]);
		return 0;
	}
	n = about(bound, e, column, field);
	length = base64_read(sealed, sizeof(sealed), field[column]);
	if (!n || length < HPKE_TAG ||
	    hpke_open(&e->hpke, (uint8_t *)line + used, (struct span){bound, n},
		      (struct span){sealed, (size_t)length}) < 0)
		return -1;
	line[used + (size_t)length - HPKE_TAG] = 0;
	return 0;
}

int envelope_next(struct envelope *e, struct lines *lines, struct fault *fault)
{
	char line[LINES_MAX] = "", *field[FIELDS_MAX];
	int got = e->ended ? 0 : lines_next(lines, fault);

	if (e->ended || got < 0)
		return got;
	if (got == 0)
		return refuse(lines, fault, "the envelope was cut off");
	if (strncmp(lines->text, end_mark, sizeof(end_mark) - 1) == 0)
		return take_end(e, lines, fault);
	hash_line(e, lines->text);
	if (lines_split(lines->text, field, FIELDS_MAX) != e->fields)
		return lines_fault(lines, fault, "not as many fields as the first line");
	for (int i = 0; i < e->fields; i++)
		if (open_field(e, line, i, field) < 0) {
			secret_wipe(line, sizeof(line));
			return refuse(lines, fault, "sealed for another place or by another, or changed");
		}
	e->count++;
	memcpy(lines->text, line, sizeof(line));
	secret_wipe(line, sizeof(line));
	return 1;
}
