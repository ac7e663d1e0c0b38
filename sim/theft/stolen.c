#include "theft/stolen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/wipe.h"

enum {
	STOLEN_LINE = 512
};

/* The string value of `name` in a line of JSON: where it begins, and its length. */
static const char *value_of(const char *line, const char *name, size_t *length)
{
	char quoted[16];
	const char *at;

	(void)snprintf(quoted, sizeof(quoted), "\"%s\":\"", name);
	at = strstr(line, quoted);
	if (!at)
		return NULL;
	at += strlen(quoted);
	*length = strcspn(at, "\"");
	return at[*length] ? at : NULL;
}

static bool take_key(uint8_t out[static 16], const char *line, const char *name)
{
	char pair[3] = {0};
	size_t length, i;
	const char *at = value_of(line, name, &length);

	if (!at || length != 32 || strspn(at, "0123456789abcdefABCDEF") != 32)
		return false;
	for (i = 0; i < 16; i++) {
		memcpy(pair, at + 2 * i, 2);
		out[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return true;
}

static bool take_line(struct stolen_key *key, const char *line)
{
	size_t length;
	const char *imsi = value_of(line, "imsi", &length);

	if (!imsi || length < 6 || length > 15 || strspn(imsi, "0123456789") != length)
		return false;
	memset(key, 0, sizeof(*key));
	memcpy(key->imsi, imsi, length);
	return take_key(key->k, line, "k") && take_key(key->opc, line, "opc");
}

int stolen_read(struct stolen *stolen, const char *folder, struct fault *fault)
{
	char path[512], line[STOLEN_LINE];
	struct stolen_key key, *grown;
	FILE *file;
	int e = 0;

	memset(stolen, 0, sizeof(*stolen));
	(void)snprintf(path, sizeof(path), "%s/keys.jsonl", folder);
	if (!(file = fopen(path, "re")))
		return 0;
	while (e == 0 && fgets(line, sizeof(line), file)) {
		if (!take_line(&key, line))
			continue;
		grown = realloc(stolen->keys, (stolen->count + 1) * sizeof(*grown));
		if (!grown) {
			e = fault_set(fault, FAULT_SYSTEM, NULL, "out of memory");
			continue;
		}
		stolen->keys = grown;
		stolen->keys[stolen->count++] = key;
	}
	fclose(file);
	wipe(line, sizeof(line));
	if (e < 0)
		stolen_free(stolen);
	return e;
}

void stolen_free(struct stolen *stolen)
{
	if (stolen->keys)
		wipe(stolen->keys, stolen->count * sizeof(*stolen->keys));
	free(stolen->keys);
	memset(stolen, 0, sizeof(*stolen));
}

const struct stolen_key *stolen_of(const struct stolen *stolen, const char *imsi)
{
	size_t i;

	for (i = 0; i < stolen->count; i++)
		if (!strcmp(stolen->keys[i].imsi, imsi))
			return &stolen->keys[i];
	return NULL;
}
