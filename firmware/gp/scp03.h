/* scp03.h - the card's end of a secure channel: SCP03, GlobalPlatform Amendment D.
 *
 * AES-128, S8 mode, pseudo-random card challenge, i = 10 (C-MAC and C-DEC; no
 * R-MAC and no R-ENC). INITIALIZE UPDATE (80 50) and EXTERNAL AUTHENTICATE
 * (84 82) open it at level 01 (C-MAC) or 03 (C-MAC and C-DEC); every later
 * command with secure messaging in its class goes through scp03_unwrap().
 *
 * The session ends on any wrong MAC, cryptogram or padding, on reset, on
 * SELECT of an application and on a new INITIALIZE UPDATE. Each INITIALIZE
 * UPDATE first spends a number of the key set's 24-bit sequence counter in
 * non-volatile memory: challenges never repeat, and nobody gets more than
 * 2^24 guesses at a 64-bit cryptogram. A wrong cryptogram and a wrong MAC are
 * answered alike. */
#ifndef SIMRITE_SCP03_H
#define SIMRITE_SCP03_H

#include "apdu/command.h"
#include "gp/scp03_keys.h"

enum scp03_state {
	SCP03_CLOSED = 0,
	SCP03_CHALLENGED = 1, /* INITIALIZE UPDATE done, waiting for EXTERNAL AUTHENTICATE */
	SCP03_OPEN = 2,
};

enum {
	SCP03_I = 0x10,        /* "i" parameter: pseudo-random challenge */
	SCP03_SECURE = 0x04,   /* the bit of CLA that says secure messaging */
	SCP03_INIT_ANSWER = 32 /* bytes that INITIALIZE UPDATE answers */
};

struct scp03 {
	uint8_t state;                     /* enum scp03_state */
	uint8_t level;                     /* SCP03_C_MAC, with or without SCP03_C_DEC */
	uint8_t version;                   /* of the key set in use */
	uint32_t counter;                  /* commands since EXTERNAL AUTHENTICATE */
	uint8_t enc[16], mac[16], dek[16]; /* S-ENC, S-MAC, static Key-DEK */
	uint8_t chaining[AES_BLOCK];
	uint8_t host_cryptogram[SCP03_CRYPTOGRAM]; /* the one to come */
};

/* The AID of the issuer security domain, that the card challenge depends on. */
extern const uint8_t scp03_aid[8];

/* Forget everything: wipes. Allowed at any time. */
void scp03_close(struct scp03 *scp03);

/* Check and take off the secure messaging of `in`. `out` gets the command
 * without it: class bit 0x04 cleared, plain data in `buffer` (`size` bytes,
 * 255 always do; may be where in->data is), and the session's level in
 * `security`. EXTERNAL AUTHENTICATE, which checks itself, and commands
 * without secure messaging pass unchanged with security 0.
 * Returns SW_OK; 6982 when no session is open; 6988, and the session is
 * closed, when the MAC, length or padding is wrong. */
sw_t scp03_unwrap(struct scp03 *scp03, const struct command *in, uint8_t *buffer, size_t size,
		  struct command *out);

/* Did this command come through an open session with C-MAC and C-DEC? */
MUST_CHECK enum verdict scp03_secured(const struct scp03 *scp03, const struct command *command);

/* Both need the issuer security domain selected (6985). INITIALIZE UPDATE:
 * P1 = key version or 00, P2 = 00 (6A86); 6A88 for an unknown version, 6700,
 * 6985 when the sequence counter has run out. EXTERNAL AUTHENTICATE: P1 =
 * level (6A86 for one that is not supported), P2 = 00; 6985 without
 * INITIALIZE UPDATE before; 6300 for a wrong cryptogram or MAC. */
command_handler initialize_update;
command_handler external_authenticate;

#endif
