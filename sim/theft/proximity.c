#include "theft/proximity.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct word {
	const char *at;
	size_t length;
};

static bool next_word(const char **at, const char *end, struct word *word)
{
	while (*at < end && !isalnum((unsigned char)**at))
		(*at)++;
	word->at = *at;
	while (*at < end && isalnum((unsigned char)**at))
		(*at)++;
	word->length = (size_t)(*at - word->at);
	return word->length > 0;
}

static bool is(const struct word *word, const char *text)
{
	return word->length == strlen(text) && !strncasecmp(word->at, text, word->length);
}

bool proximity_hit(const char *text, size_t length)
{
	const char *at = text, *end = text + length;
	long n = 0, imsi = -1, ki = -1;
	struct word word;

	for (; next_word(&at, end, &word); n++) {
		if (is(&word, "IMSI"))
			imsi = n;
		if (is(&word, "Ki") || is(&word, "K"))
			ki = n;
		if (imsi >= 0 && ki >= 0 && labs(imsi - ki) <= PROXIMITY_WORDS)
			return true;
	}
	return false;
}

/* A number worth a guess, and at which word of the text it stands. */
struct find {
	long where;
	const char *at;
};

struct finds {
	struct find *at;
	size_t count;
};

static bool all(const struct word *word, size_t length, int (*is_digit)(int))
{
	size_t i;

	if (word->length != length)
		return false;
	for (i = 0; i < length; i++)
		if (!is_digit((unsigned char)word->at[i]))
			return false;
	return true;
}

static void keep(struct finds *finds, long where, const char *at)
{
	struct find *grown = realloc(finds->at, (finds->count + 1) * sizeof(*grown));

	if (!grown)
		return; /* a thief with less memory finds less */
	finds->at = grown;
	finds->at[finds->count++] = (struct find){where, at};
}

static void unhex(uint8_t out[static 16], const char *hex)
{
	int i;

	memset(out, 0, 16);
	for (i = 0; i < 32; i++) {
		int digit = isdigit((unsigned char)hex[i]) ? hex[i] - '0' : (hex[i] | 0x20) - 'a' + 10;

		out[i / 2] = (uint8_t)(out[i / 2] << 4 | digit);
	}
}

enum {
	NEAREST = 24 /* hex numbers tried for one IMSI */
};

/* The hex numbers within reach of word `where`, nearest first. */
static size_t nearest(const struct finds *hexes, long where, const struct find *out[static NEAREST])
{
	size_t i, j, n = 0;

	for (i = 0; i < hexes->count; i++) {
		long distance = labs(hexes->at[i].where - where);

		if (distance > PROXIMITY_WORDS)
			continue;
		for (j = n; j > 0 && labs(out[j - 1]->where - where) > distance; j--)
			if (j < NEAREST)
				out[j] = out[j - 1];
		if (j < NEAREST)
			out[j] = &hexes->at[i];
		n += n < NEAREST;
	}
	return n;
}

/* Every IMSI-like and every key-like number of a text. */
static void scan(struct finds *imsis, struct finds *hexes, const char *text, size_t length)
{
	const char *at = text, *end = text + length;
	struct word word;
	long where;

	for (where = 0; next_word(&at, end, &word); where++) {
		if (all(&word, 15, isdigit))
			keep(imsis, where, word.at);
		if (all(&word, 32, isxdigit))
			keep(hexes, where, word.at);
	}
}

void proximity_pairs(const char *text, size_t length,
		     bool (*guess)(void *context, const char imsi[static 16], const uint8_t first[static 16],
				   const uint8_t second[static 16]),
		     void *context)
{
	const struct find *near[NEAREST];
	struct finds imsis = {NULL, 0}, hexes = {NULL, 0};
	uint8_t first[16], second[16];
	size_t i, a, b, n;
	char imsi[16];
	bool found;

	scan(&imsis, &hexes, text, length);
	for (i = 0; i < imsis.count; i++) {
		memcpy(imsi, imsis.at[i].at, 15);
		imsi[15] = 0;
		n = nearest(&hexes, imsis.at[i].where, near);
		for (a = 0, found = false; a < n && !found; a++)
			for (b = 0; b < n && !found; b++) {
				unhex(first, near[a]->at);
				unhex(second, near[b]->at);
				found = a != b && guess(context, imsi, first, second);
			}
	}
	free(imsis.at);
	free(hexes.at);
}

void proximity_numbers(const char *text, size_t length,
		       void (*number)(void *context, const char *imsi, const uint8_t key[static 16]),
		       void *context)
{
	const struct find *near[NEAREST];
	struct finds imsis = {NULL, 0}, hexes = {NULL, 0};
	uint8_t key[16];
	size_t i, a, n;
	char imsi[16];

	scan(&imsis, &hexes, text, length);
	for (i = 0; i < hexes.count; i++) {
		unhex(key, hexes.at[i].at);
		number(context, NULL, key);
	}
	for (i = 0; i < imsis.count; i++) {
		memcpy(imsi, imsis.at[i].at, 15);
		imsi[15] = 0;
		n = nearest(&hexes, imsis.at[i].where, near);
		for (a = 0; a < n; a++) {
			unhex(key, near[a]->at);
			number(context, imsi, key);
		}
	}
	free(imsis.at);
	free(hexes.at);
}
