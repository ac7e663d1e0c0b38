#include "bureau/packed.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hex.h"
#include "lib/lines.h"
#include "lib/secret.h"

enum {
	FIELDS_MAX = 32
};

struct work {
	FILE *out;
	struct lines lines;
	const struct packing *packing;
	bool pack;
	int fields, ki, opc;
	char *field[FIELDS_MAX];
};

static int column(const struct work *work, const char *name)
{
	for (int i = 0; i < work->fields; i++)
		if (strcmp(work->field[i], name) == 0)
			return i;
	return -1;
}

/* The fields of the line at hand, and two more when packing or two fewer. */
static int put(struct work *work, const char *last, const char *second, struct fault *fault)
{
	int n = work->pack ? work->fields : work->fields - 2, e = 0;

	for (int i = 0; i < n && e >= 0; i++)
		e = fprintf(work->out, "%s%s", i ? ";" : "", work->field[i]);
	if (e >= 0 && work->pack)
		e = fprintf(work->out, ";%s;%s", last, second);
	if (e < 0 || fputc('\n', work->out) == EOF)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write: %s", strerror(errno));
	return 0;
}

static int take_header(struct work *work, struct fault *fault)
{
	int got = lines_next(&work->lines, fault);

	if (got == 0)
		return lines_fault(&work->lines, fault, "the file is empty");
	if (got < 0)
		return -1;
	work->fields = lines_split(work->lines.text, work->field, FIELDS_MAX);
	work->ki = column(work, "Ki");
	work->opc = column(work, "OPc");
	if (work->ki < 0 || work->opc < 0)
		return lines_fault(&work->lines, fault, "not an output file with keys");
	if ((column(work, "Transport_key") >= 0) == work->pack ||
	    (!work->pack && (column(work, "Transport_key") != work->fields - 2 ||
			     column(work, "Cipher") != work->fields - 1)))
		return lines_fault(&work->lines, fault,
				   work->pack ? "it is packed already" : "it is not packed");
	return put(work, "Transport_key", "Cipher", fault);
}

/* One field, in place: 32 hex digits become 32 others. */
static int crypt_field(struct work *work, int at, enum transport_cipher cipher)
{
	const struct packing *packing = work->packing;
	uint8_t block[16];
	int e;

	if (strlen(work->field[at]) != 32 || hex_read(block, sizeof(block), work->field[at], 32) < 0)
		return -1;
	e = (work->pack ? transport_encrypt : transport_decrypt)(block, cipher, packing->key, block);
	hex_write(work->field[at], block, sizeof(block));
	secret_wipe(block, sizeof(block));
	return e;
}

static int do_line(struct work *work, struct fault *fault)
{
	const struct packing *packing = work->packing;
	enum transport_cipher cipher = packing->cipher;
	char index[16];

	if (lines_split(work->lines.text, work->field, FIELDS_MAX) != work->fields)
		return lines_fault(&work->lines, fault, "not as many fields as the first line");
	if (!work->pack && transport_named(&cipher, work->field[work->fields - 1]) < 0)
		return lines_fault(&work->lines, fault, "a cipher there is not");
	if (transport_key_length(cipher) != packing->key_length)
		return lines_fault(&work->lines, fault, "the transport key is not of this cipher's length");
	if (!work->pack && strtoul(work->field[work->fields - 2], NULL, 10) != packing->index)
		return lines_fault(&work->lines, fault, "encrypted under a transport key of another number");
	if (crypt_field(work, work->ki, cipher) < 0 || crypt_field(work, work->opc, cipher) < 0)
		return lines_fault(&work->lines, fault, "Ki or OPc is not 32 hex digits");
	(void)snprintf(index, sizeof(index), "%u", packing->index);
	return put(work, index, transport_name(cipher), fault);
}

static long through(struct work *work, const char *path, struct fault *fault)
{
	long count = -1;
	int got;

	if (lines_open(&work->lines, path, NULL, fault) == 0 && take_header(work, fault) == 0) {
		count = 0;
		while (count >= 0 && (got = lines_next(&work->lines, fault)) != 0)
			count = got < 0 || do_line(work, fault) < 0 ? -1 : count + 1;
	}
	lines_close(&work->lines);
	return count;
}

long packed_write(FILE *out, const char *path, const struct packing *packing, struct fault *fault)
{
	struct work work = {.out = out, .packing = packing, .pack = true};

	return through(&work, path, fault);
}

long packed_read(FILE *out, const char *path, const struct packing *packing, struct fault *fault)
{
	struct work work = {.out = out, .packing = packing};

	return through(&work, path, fault);
}
