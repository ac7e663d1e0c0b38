#include "gsm/chv_commands.h"

#include "card.h"
#include "gsm/word.h"
#include "pin/pin.h"

enum {
	CHV_1 = 0x01,
	CHV_2 = 0x02,
	VALUE_AND_FRESH = 2 * PIN_LENGTH
};

/* The PIN that is a CHV, or 0. */
static uint8_t reference_of(uint8_t chv)
{
	switch (chv) {
	case CHV_1:
		return PIN_1;
	case CHV_2:
		return PIN_2;
	default:
		return chv == PIN_ADM1 ? PIN_ADM1 : 0;
	}
}

/* P1, P2 and the length are in order, or why not. */
static sw_t check(const struct command *command, uint8_t reference, uint8_t length)
{
	if (command->p1 != 0 || reference == 0)
		return SW_WRONG_P1_P2;
	return command->data.length == length ? SW_OK : SW_GSM_WRONG_LENGTH(length);
}

static sw_t one_value(struct card *card, const struct command *command, uint8_t reference,
		      enum pin_action action)
{
	sw_t sw = check(command, reference, PIN_LENGTH);

	return sw == SW_OK ? word_chv(pin_try(card, reference, action, command->data.at, NULL)) : sw;
}

/* SPEC: TS 51.011 8.9, 9.2.9 */
sw_t verify_chv(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	return one_value(card, command, reference_of(command->p2), PIN_VERIFY);
}

/* SPEC: TS 51.011 8.10, 9.2.10 */
sw_t change_chv(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t reference = reference_of(command->p2);
	sw_t sw = check(command, reference, VALUE_AND_FRESH);

	(void)reply;
	if (sw != SW_OK)
		return sw;
	return word_chv(
		pin_try(card, reference, PIN_CHANGE, command->data.at, command->data.at + PIN_LENGTH));
}

/* SPEC: TS 51.011 8.11, 9.2.11: of CHV1 only. */
sw_t disable_chv(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	return one_value(card, command, command->p2 == CHV_1 ? PIN_1 : 0, PIN_DISABLE);
}

/* SPEC: TS 51.011 8.12, 9.2.12 */
sw_t enable_chv(struct card *card, const struct command *command, struct reply *reply)
{
	(void)reply;
	return one_value(card, command, command->p2 == CHV_1 ? PIN_1 : 0, PIN_ENABLE);
}

/* SPEC: TS 51.011 8.13, 9.2.13 */
sw_t unblock_chv(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t reference = command->p2 == 0 ? PIN_1 : command->p2 == CHV_2 ? PIN_2 : 0;
	sw_t sw = check(command, reference, VALUE_AND_FRESH);

	(void)reply;
	if (sw != SW_OK)
		return sw;
	return word_chv(pin_unblock(card, reference, command->data.at, command->data.at + PIN_LENGTH));
}
