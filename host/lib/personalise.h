/* personalise.h - put a profile into a simrite card through SCP03.
 *
 * The host side of firmware/gp/personalise.h, in six APDUs and without a
 * single clear key on the wire. */
#ifndef SIMRITE_HOST_PERSONALISE_H
#define SIMRITE_HOST_PERSONALISE_H

#include "keys/ticket.h"
#include "lib/fault.h"
#include "lib/profile.h"
#include "lib/reader.h"
#include "lib/scp03_host.h"

/* Write every field the profile has, read the public ones back, and prove K
 * and OPc by one AUTHENTICATE with a vector computed here. All or nothing per
 * STORE DATA; running it again with the same profile is harmless. */
int personalise(struct reader *reader, const struct scp03_key_set *keys, const struct profile *profile,
		struct fault *fault);

/* Its two halves: when the first fails, nothing of the profile is on the card
 * (or all of it, when the reader failed: the fault says so); when the second
 * fails, the card took it all and does not show it. */
int personalise_store(struct reader *reader, const struct scp03_key_set *keys, const struct profile *profile,
		      struct fault *fault);
int personalise_check(struct reader *reader, const struct profile *profile, struct fault *fault);

/* Load the profile's key under a ticket (firmware/keys/ticket.h): into the ticket's slot, by
 * its method; with SLOT_AGREED the profile has no key, and card and operator
 * agree on one. Its ICCID must be on the card. The card's receipt, as it came:
 * who checks it is lib/receipts.h. On failure nothing was loaded, or, when the
 * reader failed, the card tells it (lib/card_trust.h). */
int personalise_load(struct reader *reader, const struct scp03_key_set *keys, const struct profile *profile,
		     struct span ticket, uint8_t receipt[static TICKET_RECEIPT_AGREED],
		     size_t *receipt_length, struct fault *fault);

/* Store one grouping, an enum dgi of firmware/gp/personalise.h, with this value. */
int personalise_grouping(struct reader *reader, const struct scp03_key_set *keys, unsigned dgi,
			 struct span value, struct fault *fault);

/* Whose tickets the card obeys, once in its life (33 bytes), and a time signed by them
 * (firmware/keys/ticket.h): together, each if it is not empty. */
int personalise_trust(struct reader *reader, const struct scp03_key_set *keys, struct span authority,
		      struct span time, struct fault *fault);

/* EF.SPN with this name of at most 16 characters (TS 31.102 4.2.12). */
void personalise_spn(uint8_t file[static 17], const char *spn);

/* The card's ICCID as digits, to know it before anything is written. */
int card_iccid(struct reader *reader, char iccid[static 21], struct fault *fault);

/* One AUTHENTICATE against the key: 0 when RES, CK and IK (of a GSM-only key
 * SRES and Kc) are those computed here. Resynchronises from AUTS first when
 * the card asks. */
int card_prove_key(struct reader *reader, const struct subscriber_key *key, struct fault *fault);

#endif
