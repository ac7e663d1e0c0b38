/* scp03.h - the card's end of a secure channel: SCP03, GlobalPlatform Amendment D.
 *
 * AES-128, -192 and -256; S8 and S16 mode, pseudo-random and random card
 * challenge as the key set's "i" parameter says (60, 61, 70 or 71; 70 until
 * STORE DATA, DGI_SCP, sets another; the host cannot choose a weaker one in a
 * session); security levels 00, 01, 03, 11, 13 and 33: none, C-MAC,
 * C-DECRYPTION, R-MAC and R-ENCRYPTION. INITIALIZE UPDATE (80 50) and EXTERNAL AUTHENTICATE
 * (84 82) open it; every later command with secure messaging in its class
 * goes through scp03_unwrap(), and its answer through scp03_protect(). While
 * it is open, GlobalPlatform commands without secure messaging are refused
 * (6982, dispatch.c), INITIALIZE UPDATE excepted; the session goes on.
 * At level 00 both ends are authenticated, by an EXTERNAL AUTHENTICATE that
 * has its C-MAC as at every level, and what follows comes in the clear and is
 * served as if there were no session: what asks for C-MAC or more is refused
 * (6982). Secure messaging, which that level has not, ends the session (6988).
 *
 * A version of triple DES keys opens SCP02 instead: gp/scp02.h.
 *
 * The card has one session, which belongs to the logical channel it was
 * opened on: secure messaging on another is refused (6982). It ends on any
 * wrong MAC, cryptogram or padding, on reset, on SELECT of an application on
 * its channel and on a new INITIALIZE UPDATE anywhere. With a
 * pseudo-random challenge each INITIALIZE UPDATE first spends a number of the
 * card's 24-bit sequence counter in non-volatile memory, so that challenges
 * never repeat, whatever becomes of the keys (gp/key_set.h, also for what
 * happens when the numbers are spent). A wrong cryptogram and a wrong MAC are answered alike. */
#ifndef SIMRITE_SCP03_H
#define SIMRITE_SCP03_H

#include "apdu/command.h"
#include "gp/key_set.h"
#include "gp/scp03_keys.h"

enum scp03_state {
	SCP03_CLOSED = 0,
	SCP03_CHALLENGED = 1, /* INITIALIZE UPDATE done, waiting for EXTERNAL AUTHENTICATE */
	SCP03_OPEN = 2,
};

enum {
	SCP03_SECURE = 0x04,       /* the bit of CLA that says secure messaging */
	SCP03_INIT_ANSWER_MAX = 48 /* bytes that INITIALIZE UPDATE answers at most */
};

/* A session; that of SCP02 too, gp/scp02.h, which uses the same fields in its way. */
struct scp03 {
	uint8_t state;                  /* enum scp03_state */
	uint8_t protocol;               /* 3, or 2 */
	uint8_t channel;                /* the logical channel it was opened on, and lives on */
	uint8_t level;                  /* bits of enum scp03_level */
	uint32_t counter;               /* commands since EXTERNAL AUTHENTICATE */
	struct scp03_session_keys keys; /* S-ENC, S-MAC, S-RMAC and the mode */
	uint8_t dek[SCP03_KEY_MAX];     /* the static Key-DEK, of keys.length bytes */
	uint8_t chaining[AES_BLOCK];
	uint8_t host_cryptogram[SCP03_S16]; /* the one to come */
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
 * closed, when the MAC, length or padding is wrong, or the level is 00. */
sw_t scp03_unwrap(struct scp03 *scp03, const struct command *in, uint8_t *buffer, size_t size,
		  struct command *out);

/* How many bytes a handler may answer to a command that came under `security`. */
size_t scp03_room(const struct scp03 *scp03, uint8_t security);

/* Put R-ENC and R-MAC, where `security` has them, on an answer of `length`
 * bytes in `data`, which has room for 256. `sw` is 9000, 62xx or 63xx: other
 * answers are never secured (Amendment D 6.2.5). Returns the new length;
 * `length` when there is nothing to do; a negative error, and the session is
 * closed. */
MUST_CHECK int scp03_protect(struct scp03 *scp03, uint8_t security, uint8_t *data, size_t length, sw_t sw);

/* Did this command come through an open session with C-MAC and C-DEC? */
MUST_CHECK enum verdict scp03_secured(const struct scp03 *scp03, const struct command *command);

/* Did it come through one with C-MAC at least? */
MUST_CHECK enum verdict scp03_authentic(const struct scp03 *scp03, const struct command *command);

/* Decipher what the host enciphered under the session's Key-DEK (AES-CBC, zero
 * IV: Amendment D 7.2; SCP02: triple DES, ECB: E.4.7); `length` is a multiple of 16. `out` may be `in`. */
MUST_CHECK int scp03_open_secret(uint8_t *out, const struct scp03 *scp03, const uint8_t *in, size_t length);

/* Start a session: the state after INITIALIZE UPDATE with these challenges,
 * of as many bytes as the set's mode has; the card cryptogram goes to
 * `cryptogram`. For initialize_update() and for replaying captured sessions. */
MUST_CHECK int scp03_challenged(struct scp03 *scp03, uint8_t *cryptogram, const struct key_set *set,
				const uint8_t *host_challenge, const uint8_t *card_challenge);

/* Both need the issuer security domain selected (6985). INITIALIZE UPDATE:
 * P1 = key version or 00, P2 = 00 (6A86), a host challenge of 8 bytes, or 16
 * for an S16 key set (6700); 6A88 for an unknown version, 6985 when the
 * sequence counter has run out. EXTERNAL AUTHENTICATE: P1 = level (6A86 for
 * one that is not supported), P2 = 00; 6985 without INITIALIZE UPDATE before;
 * 6300 for a wrong cryptogram or MAC. */
command_handler initialize_update;
command_handler external_authenticate;

#endif
