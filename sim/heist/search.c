#include "heist/search.h"

#include <ctype.h>
#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crypto/wipe.h"
#include "lib/hex.h"

enum {
	SECRET_MIN = 8,
	SECRET_MAX = 64,
	SECRET_NAME = 64,
	FORMS = 5, /* raw, hex, base64 at three alignments */
};

struct pattern {
	char bytes[2 * SECRET_MAX + 1];
	size_t length;
	bool folded; /* compared with the lower-case copy */
};

struct secret {
	char name[SECRET_NAME];
	struct pattern forms[FORMS];
};

struct search {
	struct secret *secrets;
	unsigned count;
};

struct search *search_new(void)
{
	return calloc(1, sizeof(struct search));
}

void search_free(struct search *search)
{
	if (!search)
		return;
	if (search->secrets)
		wipe(search->secrets, search->count * sizeof(*search->secrets));
	free(search->secrets);
	free(search);
}

unsigned search_secrets(const struct search *search)
{
	return search->count;
}

/* The base64 characters that these bytes decide when `offset` (0..2) unknown
 * bytes stand before them. */
static void base64_core(struct pattern *pattern, const uint8_t *bytes, size_t length, size_t offset)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t first = (offset * 8 + 5) / 6, last = (offset + length) * 8 / 6, i;

	for (i = first; i < last; i++) {
		size_t bit = i * 6 - offset * 8, byte = bit / 8, shift = bit % 8;
		unsigned window = (unsigned)bytes[byte] << 8 | (byte + 1 < length ? bytes[byte + 1] : 0U);

		pattern->bytes[pattern->length++] = set[window >> (10 - shift) & 63];
	}
}

int search_add(struct search *search, const char *name, const void *bytes, size_t length, struct fault *fault)
{
	struct secret *grown, *secret;
	unsigned i;

	if (length < SECRET_MIN || length > SECRET_MAX)
		return fault_set(fault, FAULT_BUG, NULL, "%s: %zu bytes cannot be searched for", name,
				 length);
	for (i = 0; i < search->count; i++)
		if (search->secrets[i].forms[0].length == length &&
		    !memcmp(search->secrets[i].forms[0].bytes, bytes, length))
			return 0;
	grown = realloc(search->secrets, (search->count + 1) * sizeof(*grown));
	if (!grown)
		return fault_set(fault, FAULT_SYSTEM, NULL, "out of memory");
	search->secrets = grown;
	secret = &grown[search->count++];
	memset(secret, 0, sizeof(*secret));
	(void)snprintf(secret->name, sizeof(secret->name), "%s", name);
	memcpy(secret->forms[0].bytes, bytes, length);
	secret->forms[0].length = length;
	hex_write(secret->forms[1].bytes, bytes, length);
	secret->forms[1].length = 2 * length;
	secret->forms[1].folded = true;
	for (i = 0; i < 3; i++)
		base64_core(&secret->forms[2 + i], bytes, length, i);
	return 0;
}

int search_add_hex(struct search *search, const char *name, const char *hex, struct fault *fault)
{
	uint8_t bytes[SECRET_MAX];
	size_t length = strlen(hex) / 2;
	int e;

	if (length > SECRET_MAX || hex_read(bytes, length, hex, strlen(hex)) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "%s is not hex", name);
	e = search_add(search, name, bytes, length, fault);
	wipe(bytes, sizeof(bytes));
	return e;
}

/* Three views of the same bytes: as they are, without blanks, colons and
 * line ends, and that in lower case. */
struct views {
	const char *raw;
	char *squeezed, *folded;
	size_t length, squeezed_length;
};

static bool in_view(const struct views *views, const struct pattern *pattern)
{
	if (pattern->folded)
		return memmem(views->folded, views->squeezed_length, pattern->bytes, pattern->length) != NULL;
	return memmem(views->raw, views->length, pattern->bytes, pattern->length) != NULL ||
	       memmem(views->squeezed, views->squeezed_length, pattern->bytes, pattern->length) != NULL;
}

static int look(const struct search *search, const char *name, const struct views *views, struct fault *fault)
{
	static const char *const form[FORMS] = {"as bytes", "as hex", "as base64", "as base64", "as base64"};
	unsigned i;
	int f;

	for (i = 0; i < search->count; i++)
		for (f = 0; f < FORMS; f++)
			if (in_view(views, &search->secrets[i].forms[f]))
				return fault_set(fault, FAULT_NO, "this is a defect, please report it",
						 "%s stands in %s, %s", search->secrets[i].name, name,
						 form[f]);
	return 0;
}

int search_bytes(struct search *search, const char *name, const void *bytes, size_t length,
		 struct fault *fault)
{
	struct views views = {.raw = bytes, .length = length};
	size_t i;
	int e;

	views.squeezed = malloc(length + 1);
	views.folded = malloc(length + 1);
	if (!views.squeezed || !views.folded) {
		e = fault_set(fault, FAULT_SYSTEM, NULL, "out of memory");
	} else {
		for (i = 0; i < length; i++) {
			char c = views.raw[i];

			if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ':')
				continue;
			views.squeezed[views.squeezed_length] = c;
			views.folded[views.squeezed_length++] = (char)tolower((unsigned char)c);
		}
		e = look(search, name, &views, fault);
	}
	free(views.squeezed);
	free(views.folded);
	return e;
}

static char *whole_file(const char *path, size_t *length, struct fault *fault)
{
	FILE *file = fopen(path, "rbe");
	struct stat status;
	char *bytes = NULL;

	if (file && fstat(fileno(file), &status) == 0 &&
	    (bytes = malloc((size_t)status.st_size + 1)) != NULL) {
		*length = fread(bytes, 1, (size_t)status.st_size, file);
		bytes[*length] = 0;
	} else {
		fault_set(fault, FAULT_SYSTEM, NULL, "cannot search %s: %s", path, strerror(errno));
	}
	if (file)
		fclose(file);
	return bytes;
}

static bool skipped(const char *below, const char *const *skip)
{
	for (; *skip; skip++)
		if (!strncmp(below, *skip, strlen(*skip)))
			return true;
	return false;
}

int search_folder(struct search *search, const char *folder, const char *const *skip, unsigned *files,
		  struct fault *fault)
{
	char *const roots[] = {(char *)(uintptr_t)folder, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	size_t length;
	char *bytes;
	int e = 0;

	if (!walk)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot search %s: %s", folder, strerror(errno));
	while (e == 0 && (entry = fts_read(walk))) {
		const char *below = entry->fts_path + strlen(folder);

		while (*below == '/')
			below++;
		if (skipped(below, skip)) {
			(void)fts_set(walk, entry, FTS_SKIP);
		} else if (entry->fts_info == FTS_F) {
			if (!(bytes = whole_file(entry->fts_path, &length, fault))) {
				e = -1;
				break;
			}
			++*files;
			e = search_bytes(search, below, bytes, length, fault);
			free(bytes);
		} else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR) {
			e = fault_set(fault, FAULT_SYSTEM, NULL, "cannot search %s", entry->fts_path);
		}
	}
	fts_close(walk);
	return e;
}

int search_answers(struct search *search, const char *path, unsigned *answers, struct fault *fault)
{
	size_t length = 0, joined = 0, n;
	char *text = whole_file(path, &length, fault), *line, *rest = text;
	uint8_t *bytes = text ? malloc(length / 2 + 1) : NULL;
	int e = bytes ? 0 : -1;

	while (e == 0 && (line = strsep(&rest, "\n"))) {
		n = strlen(line);
		if (n < 4)
			continue;
		++*answers;
		if (hex_read(bytes + joined, n / 2 - 2, line, n - 4) == 0) /* without the status word */
			joined += n / 2 - 2;
	}
	if (e == 0)
		e = search_bytes(search, "the cards' answers", bytes, joined, fault);
	free(bytes);
	free(text);
	return e;
}
