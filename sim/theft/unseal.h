/* unseal.h - a sealed output file (lib/envelope.h), read by somebody who has its recipient's private key.
 *
 * The form is public, simrite-batch(5). What is not authentic is read all the same: a thief only wants keys.
 */
#ifndef SIMRITE_UNSEAL_H
#define SIMRITE_UNSEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unseal_keys {
	uint8_t recipient[32];        /* stolen */
	uint8_t recipient_public[65]; /* of it */
	uint8_t sender_public[65];    /* anybody knows it */
};

/* Is it one? */
bool unseal_is(const char *text, size_t length);

/* Call `take` for every card whose Ki and OPc open. Returns how many, or -1: not sealed to this key. */
long unseal(const char *text, size_t length, const struct unseal_keys *keys,
	    void (*take)(void *context, const char *imsi, const uint8_t k[static 16],
			 const uint8_t opc[static 16]),
	    void *context);

#endif
