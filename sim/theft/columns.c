#include "theft/columns.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "theft/table.h"

struct finder {
	void (*found)(void *context, const char *imsi, const uint8_t k[static 16]);
	void *context;
	unsigned count;
};

static bool digits(const char *text, size_t least, size_t most)
{
	size_t length = strlen(text);

	return length >= least && length <= most && strspn(text, "0123456789") == length;
}

/* A key of 16 random bytes has most of the digits, and letters: counters, dates and padding have not. */
static bool random_looking(const char *hex)
{
	unsigned seen = 0, different = 0, letters = 0;

	for (const char *at = hex; *at; at++) {
		int c = tolower((unsigned char)*at);

		seen |= 1U << (isdigit(c) ? c - '0' : c - 'a' + 10);
		letters += !isdigit(c);
	}
	for (; seen; seen &= seen - 1)
		different++;
	return different >= 8 && letters > 0;
}

static bool report(struct finder *finder, const char *imsi, const char *hex)
{
	uint8_t k[16];

	if (!digits(imsi, 15, 15) || !table_hex(k, 16, hex) || !random_looking(hex))
		return false;
	finder->found(finder->context, imsi, k);
	finder->count++;
	return true;
}

/* ---- named columns ---- */

static void by_columns(struct finder *finder, const char *text, size_t length)
{
	static const char *const names[][3] = {{"IMSI", "Ki", NULL}, {"IMSI", "K", NULL}};
	struct table table;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (table_find(&table, text, length, names[i]))
			while (table_next(&table))
				(void)report(finder, table_field(&table, "IMSI"),
					     table_field(&table, names[i][1]));
}

/* ---- words ---- */

struct word {
	char text[48]; /* "" when longer */
	const char *end;
};

static bool next_word(const char **at, const char *end, struct word *word)
{
	const char *begin;

	while (*at < end && !isalnum((unsigned char)**at))
		(*at)++;
	begin = *at;
	while (*at < end && isalnum((unsigned char)**at))
		(*at)++;
	word->end = *at;
	word->text[0] = 0;
	if ((size_t)(*at - begin) < sizeof(word->text)) {
		memcpy(word->text, begin, (size_t)(*at - begin));
		word->text[*at - begin] = 0;
	}
	return *at > begin;
}

/* Is between two words what stands between a name and its value? */
static bool names_it(const char *from, const char *to)
{
	return to > from && to - from <= 3 && strspn(from, "=:>\"' \t") >= (size_t)(to - from) &&
	       memchr(from, '\n', (size_t)(to - from)) == NULL;
}

/* name=value, name: value, <name>value</name>; also "Ki clear: value". */
static void by_names(struct finder *finder, const char *text, size_t length)
{
	const char *at = text, *end = text + length, *begin;
	char imsi[16] = "", k[33] = "";
	struct word name, value;

	while (next_word(&at, end, &name)) {
		const char *behind = at;
		bool is_k = !strcasecmp(name.text, "Ki") || !strcasecmp(name.text, "K");

		if (!is_k && strcasecmp(name.text, "IMSI") != 0)
			continue;
		if (!next_word(&behind, end, &value))
			break;
		if (is_k && !strcasecmp(value.text, "clear") && !next_word(&behind, end, &value))
			break;
		begin = value.end - strlen(value.text);
		if (!names_it(name.end, begin) && strncasecmp(name.end, " clear: ", 8) != 0)
			continue;
		if (is_k && strlen(value.text) == 32)
			memcpy(k, value.text, 33);
		else if (!is_k && digits(value.text, 15, 15))
			memcpy(imsi, value.text, 16);
		if (imsi[0] && k[0] && report(finder, imsi, k))
			imsi[0] = k[0] = 0;
	}
}

/* ---- without names ---- */

static bool luhn(const char *number)
{
	size_t n = strlen(number);
	unsigned sum = 0, d;

	for (size_t i = 0; i < n; i++) {
		d = (unsigned)(number[n - 1 - i] - '0');
		if (i % 2 == 1)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return sum % 10 == 0;
}

/* A card number, an IMSI (in either order), and then hex, with nothing but small numbers between. */
static void by_shape(struct finder *finder, const char *text, size_t length)
{
	const char *at = text, *end = text + length;
	char imsi[16] = "";
	unsigned since_card = 99, since_imsi = 99;
	struct word word;

	while (next_word(&at, end, &word)) {
		since_card++;
		since_imsi++;
		if (digits(word.text, 19, 20) && word.text[0] == '8' && word.text[1] == '9' &&
		    luhn(word.text)) {
			since_card = 0;
		} else if (digits(word.text, 15, 15)) {
			memcpy(imsi, word.text, 16);
			since_imsi = 0;
		} else if (strlen(word.text) == 32 && since_card <= 4 && since_imsi <= 4 &&
			   report(finder, imsi, word.text)) {
			since_card = since_imsi = 99; /* the next hex is OPc */
		}
	}
}

/* A list of checksums says so. */
static bool of_checksums(const char *text, size_t length)
{
	static const char *const words[] = {"md5",    "checksum", "sha",    "sha1",
					    "sha256", "hash",     "digest", "fingerprint"};
	const char *at = text, *end = text + length;
	struct word word;

	while (next_word(&at, end, &word))
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (!strcasecmp(word.text, words[i]))
				return true;
	return false;
}

unsigned columns_keys(const char *text, size_t length,
		      void (*found)(void *context, const char *imsi, const uint8_t k[static 16]),
		      void *context)
{
	struct finder finder = {.found = found, .context = context};

	by_columns(&finder, text, length);
	if (finder.count == 0)
		by_names(&finder, text, length);
	if (finder.count == 0 && !of_checksums(text, length))
		by_shape(&finder, text, length);
	return finder.count;
}
