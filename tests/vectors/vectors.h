/* vectors.h - read the published test vectors beside this file.
 *
 * Their format: "[section]" starts a case, "name = hex", "#" a comment.
 *
 *     struct vectors v;
 *     vectors_open(&v, "milenage_ts35207.txt");
 *     while (vectors_next(&v))              one [section] at a time
 *         vectors_bytes(&v, "K", k, 16);    exactly 16 bytes, or the test stops
 */
#ifndef VECTORS_H
#define VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct vectors {
	FILE *file;
	char section[160];
	char next[160];
	size_t count;
	struct {
		char name[48];
		char value[1100];
	} field[64];
};

/* Opens tests/vectors/NAME; ends the process with a message when it cannot. */
void vectors_open(struct vectors *v, const char *name);
/* Reads the next section that has fields; false (and closed) at the end. */
bool vectors_next(struct vectors *v);
bool vectors_has(const struct vectors *v, const char *name);
const char *vectors_text(const struct vectors *v, const char *name); /* "" when absent */
/* Exactly `length` bytes; ends the process when absent or of another length. */
void vectors_bytes(const struct vectors *v, const char *name, uint8_t *out, size_t length);
/* Any number of bytes up to `size`; returns how many. */
size_t vectors_any(const struct vectors *v, const char *name, uint8_t *out, size_t size);

#endif
