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
	CODE_MIN = 4,
	CODE_MAX = 8,
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

struct code {
	char name[SECRET_NAME];
	char digits[CODE_MAX + 1];
	char near[24];
};

struct search {
	struct secret *secrets;
	struct code *codes;
	unsigned count, code_count;
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
	if (search->codes)
		wipe(search->codes, search->code_count * sizeof(*search->codes));
	free(search->secrets);
	free(search->codes);
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

int search_add_code(struct search *search, const char *name, const char *digits, const char *near,
		    struct fault *fault)
{
	struct code *grown;
	size_t length = strlen(digits);

	if (length < CODE_MIN || length > CODE_MAX || !*near || strlen(near) >= sizeof(grown->near))
		return fault_set(fault, FAULT_BUG, NULL, "%s: %zu digits cannot be searched for", name,
				 length);
	grown = realloc(search->codes, (search->code_count + 1) * sizeof(*grown));
	if (!grown)
		return fault_set(fault, FAULT_SYSTEM, NULL, "out of memory");
	search->codes = grown;
	grown += search->code_count++;
	(void)snprintf(grown->name, sizeof(grown->name), "%s", name);
	(void)snprintf(grown->digits, sizeof(grown->digits), "%s", digits);
	(void)snprintf(grown->near, sizeof(grown->near), "%s", near);
	return 0;
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

/* Part of a longer number, of hex digits or of a date. */
static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '-';
}

static bool word_in(const char *digits, const char *line, size_t length)
{
	const char *end = line + length, *at = line;
	size_t n = strlen(digits);

	for (; (at = memmem(at, (size_t)(end - at), digits, n)); at++)
		if ((at == line || !in_word(at[-1])) && (at + n == end || !in_word(at[n])))
			return true;
	return false;
}

/* On every line with the number of its card, is the code there, too? */
static bool code_in(const struct code *code, const char *bytes, size_t length)
{
	const char *end = bytes + length, *at = bytes, *line, *stop;
	size_t n = strlen(code->near);

	for (; (at = memmem(at, (size_t)(end - at), code->near, n)); at = stop) {
		line = memrchr(bytes, '\n', (size_t)(at - bytes));
		line = line ? line + 1 : bytes;
		stop = memchr(at, '\n', (size_t)(end - at));
		stop = stop ? stop : end;
		if (word_in(code->digits, line, (size_t)(stop - line)))
			return true;
	}
	return false;
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
	for (i = 0; i < search->code_count; i++)
		if (code_in(&search->codes[i], views->raw, views->length))
			return fault_set(fault, FAULT_NO, "this is a defect, please report it",
					 "%s stands in %s, beside the number of its card",
					 search->codes[i].name, name);
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
	}
	if (!bytes || ferror(file)) {
		free(bytes);
		bytes = NULL;
		fault_set(fault, FAULT_SYSTEM, NULL, "cannot search %s: %s", path, strerror(errno));
	}
	if (file)
		fclose(file);
	return bytes;
}

static bool skipped(const char *below, const char *const *skip)
{
	for (; *skip; skip++) {
		size_t n = strlen(*skip);

		if (!strncmp(below, *skip, n) && (!below[n] || below[n] == '/'))
			return true;
	}
	return false;
}

/* One file, by its name below the folder. */
static int search_file(struct search *search, const char *path, const char *below, unsigned *files,
		       struct fault *fault)
{
	size_t length;
	char *bytes = whole_file(path, &length, fault);
	int e;

	if (!bytes)
		return -1;
	++*files;
	e = search_bytes(search, below, bytes, length, fault);
	free(bytes);
	return e;
}

int search_folder(struct search *search, const char *folder, const char *const *skip, unsigned *files,
		  struct fault *fault)
{
	char *const roots[] = {(char *)(uintptr_t)folder, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int e = 0;

	if (!walk)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot search %s: %s", folder, strerror(errno));
	while (e == 0 && (entry = fts_read(walk))) {
		const char *below = entry->fts_path + strlen(folder);

		while (*below == '/')
			below++;
		if (skipped(below, skip))
			(void)fts_set(walk, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_SL) /* comes again as what it leads to */
			(void)fts_set(walk, entry, FTS_FOLLOW);
		else if (entry->fts_info == FTS_F)
			e = search_file(search, entry->fts_path, below, files, fault);
		else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
			 entry->fts_info == FTS_NS)
			e = fault_set(fault, FAULT_SYSTEM, NULL, "cannot search %s", entry->fts_path);
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
