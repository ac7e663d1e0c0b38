/* isd.h - the issuer security domain: the card's life cycle, and what a blank card starts with.
 *
 * GlobalPlatform Card Specification 5.1. SECURED is for good but for
 * CARD_LOCKED, in which only the issuer security domain can be selected and
 * only be asked, and TERMINATED, in which only GET DATA is answered and from
 * which nothing leads back. The card keeps the state that was stored at the
 * last reset in card->life. */
#ifndef SIMRITE_ISD_H
#define SIMRITE_ISD_H

#include "apdu/command.h"
#include "fs/store.h"

/* What the card says of its own life cycle (GET STATUS, GET DATA DF21). */
enum life_cycle {
	LIFE_DELIVERED = 0x01,    /* OP_READY */
	LIFE_INITIALIZED = 0x07,  /* INITIALIZED; nothing differs but the name */
	LIFE_PERSONALISED = 0x0F, /* SECURED */
	LIFE_LOCKED = 0x7F,       /* CARD_LOCKED */
	LIFE_TERMINATED = 0xFF,   /* TERMINATED */
};

/* What the issuer can be told of (GET DATA 42 and 45) once STORE DATA set it. */
enum isd_number {
	ISD_IIN = 0x42, /* issuer identification number */
	ISD_CIN = 0x45, /* card image number */
	ISD_NUMBER_MAX = 16
};

/* Give an empty store the key set of a blank card: version 30, the public
 * GlobalPlatform test keys 404142..4F for ENC, MAC and DEK; and life-cycle
 * state 01. Store errors. May be called inside a transaction. */
MUST_CHECK int isd_format(struct store *store);

/* The life-cycle state, or a store error. */
MUST_CHECK int isd_state(const struct store *store);
MUST_CHECK int isd_set_state(struct store *store, uint8_t state);

/* Read the stored state into card->life; TERMINATED when it cannot be read. */
void isd_wake(struct card *card);

/* May this command run in this state of life? SW_OK or 6985.
 * GlobalPlatform Card Specification 5.1.1, table 11-1. */
sw_t isd_allows(const struct card *card, const struct command *command);

/* IIN or CIN, at most ISD_NUMBER_MAX bytes: its length, ERROR_NOT_FOUND,
 * ERROR_MEMORY. Setting: ERROR_VALUE for a length of 0 or too many. */
MUST_CHECK int isd_number(uint8_t out[static ISD_NUMBER_MAX], const struct store *store,
			  enum isd_number which);
MUST_CHECK int isd_set_number(struct store *store, enum isd_number which, struct span value);

#endif
