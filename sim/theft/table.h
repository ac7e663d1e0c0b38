/* table.h - a table in some text: a line that names columns, and lines of as many fields below it.
 *
 * What separates fields is found out from the naming line: the one of ; , | and tab that it has most of, or,
 * when it has none of them, any number of spaces: columns of fixed width, where no field is empty. Names are
 * compared without case. */
#ifndef SIMRITE_TABLE_H
#define SIMRITE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TABLE_COLUMNS = 40,
	TABLE_FIELD = 128,
};

struct table {
	const char *at, *end; /* what is left of the text */
	char separator;
	int columns;
	char name[TABLE_COLUMNS][24];
	char field[TABLE_COLUMNS][TABLE_FIELD]; /* of the row at hand */
};

/* Find the first line that names at least `needed` (names, ended by NULL). */
bool table_find(struct table *table, const char *text, size_t length, const char *const *needed);
/* The next row; false when a line is none any more. */
bool table_next(struct table *table);
/* A field of the row by its column's name; "" when there is no such column. */
const char *table_field(const struct table *table, const char *name);
/* The same as `length` bytes of hex; false when it is not. */
bool table_bytes(const struct table *table, const char *name, uint8_t *out, size_t length);

/* `length` bytes of hex, either case, and nothing behind. */
bool table_hex(uint8_t *out, size_t length, const char *text);

#endif
