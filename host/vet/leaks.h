/* leaks.h - does a card answer with what it must keep?
 *
 * The vetter put the secrets there, so it can look for them in everything the
 * card says: as they are, backwards, complemented, with nibbles exchanged, as
 * hex digits, with any one byte or the card's numbers added, hashed, and as
 * what AES makes of a block of zeros. Eight bytes in a row are a leak. What is
 * enciphered with a key the vetter has not is not seen. */
#ifndef SIMRITE_LEAKS_H
#define SIMRITE_LEAKS_H

#include <stddef.h>
#include <stdint.h>

enum {
	LEAKS_WINDOW = 8,
	LEAKS_TABLE = 16384, /* places, a power of two, of which less than a quarter are used */
	LEAKS_TEXT = 160
};

struct leaks {
	struct {
		uint64_t window;
		const char *secret, *form; /* NULL: free */
	} table[LEAKS_TABLE];
	unsigned used, found;
	char first[LEAKS_TEXT]; /* the first leak: which, how, in the answer to what */
};

/* Look for `secret` from now on; `name` is kept. `numbers`, `numbers_length`: what a vendor may have added
 * to it byte by byte (the ICCID), or none. Secrets are of 8 to 32 bytes. */
void leaks_add(struct leaks *leaks, const char *name, const uint8_t *secret, size_t length,
	       const uint8_t *number, size_t number_length);

/* One answer, data without its status word, to a command. */
void leaks_look(struct leaks *leaks, const uint8_t *command, size_t command_length, const uint8_t *answer,
		size_t length);

#endif
