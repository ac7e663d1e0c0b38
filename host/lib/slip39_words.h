/* slip39_words.h - the 1,024 words of SLIP-0039; word i stands for the ten bits i. */
#ifndef SIMRITE_SLIP39_WORDS_H
#define SIMRITE_SLIP39_WORDS_H

enum {
	SLIP39_WORDS = 1024,
	SLIP39_LETTERS = 8 /* of the longest; then there is no final 0 */
};

extern const char slip39_words[SLIP39_WORDS][SLIP39_LETTERS];

#endif
