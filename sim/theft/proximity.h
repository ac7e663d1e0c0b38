/* proximity.h - find keys in text the way the harvesters of 2010 did.
 *
 * The published report says how its mails were found: the words "Ki" and
 * "IMSI" within 60 words of each other. proximity_hit() is that search. It
 * does not know any file format; proximity_pairs() then gives every 15-digit
 * number and every pair of 32-digit hex numbers that stand near it, nearest
 * first, as guesses to be tried on the radio record. */
#ifndef SIMRITE_PROXIMITY_H
#define SIMRITE_PROXIMITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PROXIMITY_WORDS = 60
};

/* Do "Ki" (or "K") and "IMSI" stand within PROXIMITY_WORDS of each other? Any case. */
bool proximity_hit(const char *text, size_t length);

/* Call `guess` for each IMSI-like number with two 32-digit hex numbers near
 * it, in both orders; `guess` returns true to go on to the next IMSI. */
void proximity_pairs(const char *text, size_t length,
		     bool (*guess)(void *context, const char imsi[static 16], const uint8_t first[static 16],
				   const uint8_t second[static 16]),
		     void *context);

/* For whoever has more than one text: call `number` with `imsi` NULL for every
 * 32-digit hex number, then for each IMSI-like number with every one near it. */
void proximity_numbers(const char *text, size_t length,
		       void (*number)(void *context, const char *imsi, const uint8_t key[static 16]),
		       void *context);

#endif
