#include "apdu/envelope.h"

#include "card.h"
#include "codec/tlv.h"

enum {
	TAG_SMS_PP_DOWNLOAD = 0xD1,
	TAG_LAST = 0xDA
};

/* SPEC: TS 102 221 11.2.2 */
sw_t envelope(struct card *card, const struct command *command, struct reply *reply)
{
	struct span in = command->data, value;
	uint16_t tag;

	(void)reply;
	if (card->channel != 0)
		return SW_CLA_NOT_SUPPORTED;
	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (in.length == 0)
		return SW_WRONG_LENGTH;
	if (tlv_next(&tag, &value, &in) != 1 || in.length != 0 || tag < TAG_SMS_PP_DOWNLOAD || tag > TAG_LAST)
		return SW_WRONG_DATA;
	return SW_OK;
}
