/* words.h - bytes to be read aloud and compared by ear.
 *
 * The PGP word list: two words for each byte, one for even places and one for
 * odd ones, so that a word left out, said twice or swapped is heard. As the
 * root zone's ceremonies do with their hashes. */
#ifndef SIMRITE_WORDS_H
#define SIMRITE_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum {
	WORDS_LONGEST = 12 /* letters of the longest word and a blank */
};

/* `length` words with blanks between; at most WORDS_LONGEST * length bytes, the final 0 included. */
void words_write(char *text, size_t size, const uint8_t *bytes, size_t length);

#endif
