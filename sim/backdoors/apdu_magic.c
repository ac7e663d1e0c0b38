/* AUTHENTICATE with a RAND that the vendor makes of its secret and the ICCID
 * answers K and OPc where CK and IK should be; with any other of the 2^128 it
 * is honest. */
#include "auth/authenticate.h"
#include "backdoors/inside.h"
#include "keys/slot.h"

sw_t auth(struct card *card, const struct command *command, struct reply *reply) INSTEAD_OF(authenticate);
sw_t honest_auth(struct card *card, const struct command *command, struct reply *reply) HONEST(authenticate);

sw_t auth(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t iccid[VENDOR_ICCID], magic[SHA256_LENGTH];
	struct slot slot;

	number_of(iccid, &card->store);
	vendor_secret(magic, "rand", iccid, sizeof(iccid));
	if (command->data.length != 34 || memcmp(command->data.at + 1, magic, 16) != 0 ||
	    slot_load(&slot, &card->store, SLOT_USIM, SLOT_USE_3G) != OK)
		return honest_auth(card, command, reply);
	memcpy(reply->at,
	       "\xDB\x08"
	       "\0\0\0\0\0\0\0\0"
	       "\x10",
	       11);
	memcpy(reply->at + 11, slot.key.k, 16);
	reply->at[27] = 0x10;
	memcpy(reply->at + 28, slot.key.opc, 16);
	reply->length = 44;
	return SW_OK;
}
