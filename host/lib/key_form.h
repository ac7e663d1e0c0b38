/* key_form.h - a subscriber key's algorithm, as text.
 *
 *     milenage | tuak | xor | comp128v1 | comp128v2 | comp128v3 | xor-gsm
 *
 * and where its sizes are not the usual ones, them behind a colon, in bytes,
 * in any order, those left out being the usual ones:
 *
 *     tuak:k=32,mac=16,res=8,ck=16,ik=16,iterations=1      xor:res=8
 *
 * What the algorithms are and which sizes they have: firmware/keys/subscriber_key.h,
 * firmware/auth/algorithm.h. */
#ifndef SIMRITE_KEY_FORM_H
#define SIMRITE_KEY_FORM_H

#include <stdbool.h>

#include "keys/subscriber_key.h"
#include "lib/fault.h"

enum {
	KEY_FORM_MAX = 64 /* the longest text, with its final 0 */
};

/* Everything of `key` but K and OPc, which are zeroed. */
int key_form_read(struct subscriber_key *key, const char *text, struct fault *fault);
void key_form_write(char text[static KEY_FORM_MAX], const struct subscriber_key *key);

/* "Milenage", "TUAK": how people write it. */
const char *key_form_name(uint8_t algorithm);

/* The same algorithm, sizes, K and OPc? In constant time. */
bool key_form_equal(const struct subscriber_key *a, const struct subscriber_key *b);

/* Check values of K and OPc; zero where there is no OPc. */
int key_form_checks(uint8_t k[static 3], uint8_t opc[static 3], const struct subscriber_key *key,
		    struct fault *fault);

#endif
