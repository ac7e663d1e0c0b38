#include "apdu/envelope.h"

#include "apdu/ota.h"
#include "card.h"
#include "cat/cat.h"
#include "codec/tlv.h"

enum {
	TAG_SMS_PP_DOWNLOAD = 0xD1,
	TAG_LAST = 0xDA,
	TAG_TPDU = 0x0B /* in D1 */
};

/* SPEC: TS 31.111 7.1.1 */
static sw_t download(struct card *card, struct span in, struct reply *reply)
{
	struct span value, tpdu = {NULL, 0};
	uint8_t tag;
	int e;

	while ((e = cat_next(&tag, &value, &in)) > 0)
		if (tag == TAG_TPDU)
			tpdu = value;
	if (e < 0 || tpdu.length == 0)
		return SW_WRONG_DATA;
	return ota_receive(card, tpdu, reply);
}

/* SPEC: TS 102 221 11.2.2 */
sw_t envelope(struct card *card, const struct command *command, struct reply *reply)
{
	struct span in = command->data, value;
	uint16_t tag;

	if (card->channel != 0)
		return SW_CLA_NOT_SUPPORTED;
	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (in.length == 0)
		return SW_WRONG_LENGTH;
	if (tlv_next(&tag, &value, &in) != 1 || in.length != 0 || tag < TAG_SMS_PP_DOWNLOAD || tag > TAG_LAST)
		return SW_WRONG_DATA;
	return tag == TAG_SMS_PP_DOWNLOAD ? download(card, value, reply) : SW_OK;
}
