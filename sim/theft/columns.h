/* columns.h - find keys by how they are written, not by how near to a word they stand.
 *
 * What the proximity search (proximity.h) misses, and what it takes for keys that are none: a table whose
 * columns are named, whatever separates them; values behind their names (name=value, XML); and numbers
 * without any name that come as cards do: an IMSI beside a card number with a right check digit, then hex. A
 * list that says it holds checksums is left alone. */
#ifndef SIMRITE_COLUMNS_H
#define SIMRITE_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

/* Call `found` for every IMSI and what is its Ki; returns how many. */
unsigned columns_keys(const char *text, size_t length,
		      void (*found)(void *context, const char *imsi, const uint8_t k[static 16]),
		      void *context);

#endif
