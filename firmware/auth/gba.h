/* gba.h - the keys of GBA_U: 3GPP TS 33.220 clause 5, annexes B and G.
 *
 * A bootstrapping is an AKA whose keys stay on the card: Ks = CK || IK is kept
 * with its RAND and replaces the one before. From Ks the card derives two keys
 * for every network application function (NAF): Ks_ext_NAF, which it tells the
 * terminal, and Ks_int_NAF, which it keeps. ADF.USIM and ADF.ISIM bootstrap each for
 * itself.
 *
 * What the terminal may know is in files: EF.GBABP has the RAND, and the B-TID
 * and lifetime that the terminal writes there afterwards; a record of EF.GBANL
 * has NAF_Id and B-TID of a Ks_int_NAF. When there are more NAFs than records,
 * the one longest not derived gives way (annex G.2).
 *
 * Keys are store objects that no command reads, sealed (keys/vault.h). A Ks
 * belongs to one load of the subscriber key (keys/slot.h) and is void after
 * the next; all are erased with a key that is destroyed. */
#ifndef SIMRITE_GBA_H
#define SIMRITE_GBA_H

#include "auth/algorithm.h"
#include "fs/select.h"
#include "fs/store.h"

enum {
	GBA_MASK = 8, /* bytes of the MAC that differ */
	GBA_KEY = 32  /* Ks_ext_NAF, Ks_int_NAF */
};

/* Whose bootstrapping: APPLICATION_USIM or APPLICATION_ISIM, and the load of the subscriber key. */
struct gba_owner {
	enum application application;
	uint16_t load;
};

/* Are EF.GBABP and EF.GBANL of the application there, with the room they were born with? 1 or 0. */
int gba_available(const struct store *store, struct gba_owner owner);

/* Trunc(SHA-1(IK)), by which the MAC of an AUTN for GBA_U differs (5.3.2): a
 * vector for one cannot be used for the other. */
void gba_mask(uint8_t mask[static GBA_MASK], const uint8_t *ik, size_t length);

/* A bootstrapping succeeded: keep Ks and RAND, in EF.GBABP the RAND alone.
 * Inside the caller's transaction. Store errors. */
MUST_CHECK int gba_keep(struct store *store, struct gba_owner owner, const uint8_t rand[static AKA_RAND],
			const struct algorithm_keys *keys, const struct key_sizes *sizes);

/* Derive both keys for a NAF and keep the inner one: all or nothing.
 * ERROR_NOT_FOUND when there is no Ks, ERROR_FULL when NAF_Id and B-TID do not
 * fit a record of EF.GBANL, ERROR_CRYPTO, store errors; `ks_ext` is zero then. */
MUST_CHECK int gba_derive(struct store *store, struct gba_owner owner, uint8_t ks_ext[static GBA_KEY],
			  struct span naf_id, struct span impi);

/* Delete every Ks and inner key, as the subscriber key is destroyed that they
 * came from. Inside the caller's transaction. Store errors. */
MUST_CHECK int gba_forget(struct store *store);

#endif
