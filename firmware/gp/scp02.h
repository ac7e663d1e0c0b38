/* scp02.h - the card's end of a secure channel: SCP02, GlobalPlatform Card Specification appendix E.
 *
 * For key sets of two-key triple DES (versions 01, 20..2F and 70), i = 15, or
 * 55 when STORE DATA (DGI_SCP) says so; security levels 00, 01 and 03. INITIALIZE
 * UPDATE, EXTERNAL AUTHENTICATE and secured commands come in by gp/scp03,
 * whose struct holds the session; this is what differs. SCP02 is here for
 * tools and back ends that know nothing else: a blank card has no such set.
 *
 * The 16-bit sequence counter, one for the card, goes up in non-volatile
 * memory when a session is opened: session keys are never used twice, and
 * nobody without the keys can wear the counter out. */
#ifndef SIMRITE_SCP02_H
#define SIMRITE_SCP02_H

#include "gp/scp03.h"

enum {
	SCP02_INIT_ANSWER = 28 /* bytes that INITIALIZE UPDATE answers */
};

/* INITIALIZE UPDATE: key data(10) version 02 sequence(2) card challenge(6)
 * cryptogram(8). 6700 for the length, 6985 when the counter has run out. */
sw_t scp02_answer(struct card *card, const struct key_set *set, uint8_t version, struct span host_challenge,
		  struct reply *reply);

/* The session's state after INITIALIZE UPDATE; `card_challenge` is the
 * sequence counter and the challenge, `cryptogram` gets the card's. */
MUST_CHECK int scp02_challenged(struct scp03 *session, uint8_t cryptogram[static 8],
				const struct key_set *set, const uint8_t host_challenge[static 8],
				const uint8_t card_challenge[static 8]);

/* Does the MAC fit this command with plain data? Chains on when it does. */
enum verdict scp02_check_mac(struct scp03 *session, const struct command *in, struct span plain,
			     const uint8_t mac[static 8]);

/* The counter, 0 at first, or a store error. */
MUST_CHECK int scp02_sequence(const struct store *store);

/* Spend the session's sequence number: before the session is open. ERROR_STATE
 * and store errors. */
MUST_CHECK int scp02_spend(struct card *card);

/* scp03_unwrap()'s core: plain data into `buffer`; its length or an error. */
MUST_CHECK int scp02_take_off(struct scp03 *session, const struct command *in, uint8_t *buffer, size_t size);

#endif
