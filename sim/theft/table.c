#include "theft/table.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* One line off the front; its length without the end, or -1 at the end of all. */
static long take_line(struct table *table, const char **line)
{
	const char *newline;
	size_t length;

	if (table->at >= table->end)
		return -1;
	*line = table->at;
	newline = memchr(table->at, '\n', (size_t)(table->end - table->at));
	length = (size_t)((newline ? newline : table->end) - table->at);
	table->at += length + (newline ? 1 : 0);
	if (length && (*line)[length - 1] == '\r')
		length--;
	return (long)length;
}

static void keep(char *out, size_t size, const char *at, size_t length)
{
	while (length && isspace((unsigned char)*at)) {
		at++;
		length--;
	}
	while (length && isspace((unsigned char)at[length - 1]))
		length--;
	if (length >= size)
		length = size - 1;
	memcpy(out, at, length);
	out[length] = 0;
}

/* How many fields; each to `out`, `size` bytes apart. */
static int split(const struct table *table, const char *line, size_t length, char *out, size_t size)
{
	const char *end = line + length, *next;
	int count = 0;

	for (; count < TABLE_COLUMNS; line = next + 1) {
		while (table->separator == ' ' && line < end && *line == ' ')
			line++; /* as many as there are */
		next = memchr(line, table->separator, (size_t)(end - line));
		keep(out + (size_t)count++ * size, size, line, (size_t)((next ? next : end) - line));
		if (!next)
			return count;
	}
	return count;
}

static char separator_of(const char *line, size_t length)
{
	static const char marks[] = ";,|\t";
	size_t most = 0, n, i;
	char best = memchr(line, ' ', length) ? ' ' : 0;

	for (const char *mark = marks; *mark; mark++) {
		for (n = i = 0; i < length; i++)
			n += line[i] == *mark;
		if (n > most) {
			most = n;
			best = *mark;
		}
	}
	return best;
}

static int column(const struct table *table, const char *name)
{
	for (int i = 0; i < table->columns; i++)
		if (!strcasecmp(table->name[i], name))
			return i;
	return -1;
}

bool table_find(struct table *table, const char *text, size_t length, const char *const *needed)
{
	const char *line, *const *name;
	long n;

	table->at = text;
	table->end = text + length;
	while ((n = take_line(table, &line)) >= 0) {
		table->separator = separator_of(line, (size_t)n);
		if (!table->separator)
			continue;
		table->columns = split(table, line, (size_t)n, table->name[0], sizeof(table->name[0]));
		for (name = needed; *name && column(table, *name) >= 0; name++)
			;
		if (!*name)
			return true;
	}
	return false;
}

bool table_next(struct table *table)
{
	const char *line;
	long n = take_line(table, &line);

	return n > 0 &&
	       split(table, line, (size_t)n, table->field[0], sizeof(table->field[0])) == table->columns;
}

const char *table_field(const struct table *table, const char *name)
{
	int i = column(table, name);

	return i < 0 ? "" : table->field[i];
}

bool table_hex(uint8_t *out, size_t length, const char *text)
{
	if (strlen(text) != 2 * length || strspn(text, "0123456789abcdefABCDEF") != 2 * length)
		return false;
	for (size_t i = 0; i < 2 * length; i++) {
		int c = tolower((unsigned char)text[i]);

		out[i / 2] = (uint8_t)(out[i / 2] << 4 | (isdigit(c) ? c - '0' : c - 'a' + 10));
	}
	return true;
}

bool table_bytes(const struct table *table, const char *name, uint8_t *out, size_t length)
{
	return table_hex(out, length, table_field(table, name));
}
