#include "pin/pin_commands.h"

#include "card.h"
#include "pin/pin.h"

enum {
	VALUE_AND_FRESH = 2 * PIN_LENGTH,
	WITH_UNIVERSAL = 0x80 | PIN_UNIVERSAL /* P1 of DISABLE PIN: that one replaces it */
};

/* Is there a PIN with this reference where the channel is? */
static int is_here(const struct card *card, uint8_t reference)
{
	return pin_is_of(card, reference, channel_of(card)->selection.directory);
}

/* No data: how many tries are left. */
static sw_t tell_tries(const struct card *card, uint8_t reference, int unblock)
{
	struct pin_state state;
	int e = is_here(card, reference) ? pin_look(card, reference, &state) : ERROR_NOT_FOUND;

	if (e == ERROR_NOT_FOUND || (e == OK && unblock && state.unblock_max == 0))
		return SW_REFERENCE_NOT_FOUND;
	if (e < 0)
		return sw_from_error(e);
	return SW_TRIES_LEFT(unblock ? state.unblock : state.tries);
}

/* The commands that carry one value. */
static sw_t one_value(struct card *card, const struct command *command, enum pin_action action)
{
	if (command->p1 != (action == PIN_REPLACE ? WITH_UNIVERSAL : 0))
		return SW_WRONG_P1_P2;
	if (command->data.length != PIN_LENGTH)
		return SW_WRONG_LENGTH;
	if (!is_here(card, command->p2))
		return SW_REFERENCE_NOT_FOUND;
	return pin_try(card, command->p2, action, command->data.at, NULL);
}

sw_t verify_pin(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	if (command->data.length == 0 && command->p1 == 0)
		return tell_tries(card, command->p2, 0);
	return one_value(card, command, PIN_VERIFY);
}

sw_t disable_pin(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	return one_value(card, command, command->p1 == WITH_UNIVERSAL ? PIN_REPLACE : PIN_DISABLE);
}

sw_t enable_pin(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	return one_value(card, command, PIN_ENABLE);
}

sw_t change_pin(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	if (command->p1 != 0)
		return SW_WRONG_P1_P2;
	if (command->data.length != VALUE_AND_FRESH)
		return SW_WRONG_LENGTH;
	if (!is_here(card, command->p2))
		return SW_REFERENCE_NOT_FOUND;
	return pin_try(card, command->p2, PIN_CHANGE, command->data.at, command->data.at + PIN_LENGTH);
}

sw_t unblock_pin(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	if (command->p1 != 0)
		return SW_WRONG_P1_P2;
	if (command->data.length == 0)
		return tell_tries(card, command->p2, 1);
	if (command->data.length != VALUE_AND_FRESH)
		return SW_WRONG_LENGTH;
	if (!is_here(card, command->p2))
		return SW_REFERENCE_NOT_FOUND;
	return pin_unblock(card, command->p2, command->data.at, command->data.at + PIN_LENGTH);
}
