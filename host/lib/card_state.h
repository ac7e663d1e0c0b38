/* card_state.h - what a simrite card tells of itself: GET DATA DF20 to DF27.
 *
 * See firmware/gp/get_data.h. Selects the issuer security domain. */
#ifndef SIMRITE_CARD_STATE_H
#define SIMRITE_CARD_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keys/ticket.h"
#include "lib/fault.h"
#include "lib/reader.h"

enum {
	CARD_SLOTS_MAX = 16
};

struct card_slot {
	uint8_t number;
	uint8_t state;     /* enum slot_state */
	bool loaded;       /* there is a key in it */
	uint8_t algorithm; /* enum slot_algorithm */
	uint8_t method;    /* enum slot_method */
	uint8_t kcv_k[3], kcv_opc[3];
	uint32_t uses; /* 3G authentications accepted */
	uint8_t usage; /* bits of enum slot_use */
};

struct card_state {
	bool personalised;
	size_t slots;
	struct card_slot slot[CARD_SLOTS_MAX];
};

/* Who it is, whom it obeys, and what it was loaded with last (firmware/keys/ticket.h). */
struct card_trust {
	bool has_identity, has_authority, has_certificate;
	uint8_t identity[P256_COMPRESSED], authority[P256_COMPRESSED];
	uint8_t certificate[TICKET_CERTIFICATE], receipt[TICKET_RECEIPT_AGREED];
	size_t receipt_length;   /* 0: none */
	uint32_t accepted, time; /* highest number of a ticket, highest time it was told */
	uint8_t firmware[SHA256_LENGTH];
	uint16_t loads[CARD_SLOTS_MAX]; /* of slot i + 1 */
};
int card_trust_read(struct reader *reader, struct card_trust *trust, struct fault *fault);

/* 0, or -1: FAULT_CARD, also when the card is no simrite card. */
int card_state_read(struct reader *reader, struct card_state *state, struct fault *fault);

/* Does the ATR name a simrite card in its historical bytes? */
bool card_atr_ours(const uint8_t *atr, size_t length);

const char *card_method_text(uint8_t method);    /* "injected", "derived", "agreed", "unknown" */
const char *card_slot_state_text(uint8_t state); /* "empty", "loaded", "confirmed", ..., "unknown" */

#endif
