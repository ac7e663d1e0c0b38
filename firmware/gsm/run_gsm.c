#include "gsm/run_gsm.h"

#include "auth/algorithm.h"
#include "card.h"
#include "crypto/wipe.h"
#include "fs/file.h"
#include "keys/slot.h"

enum {
	FID_GSM = 0x7F20
};

/* SPEC: TS 51.011 8.16 */
static sw_t check(const struct card *card, const struct command *command)
{
	uint16_t gsm = file_child(&card->store, FILE_MF, FID_GSM);
	uint16_t here = channel_of(card)->selection.directory;
	struct file row;
	int e;

	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (command->data.length != AKA_RAND)
		return SW_GSM_WRONG_LENGTH(AKA_RAND);
	while (here != gsm && here != FILE_NONE)
		here = file_parent(&card->store, here);
	if (here == FILE_NONE)
		return SW_GSM_INCONSISTENT;
	if ((e = file_get(&card->store, &row, gsm)) < 0)
		return sw_from_error(e);
	if (row.state != FILE_ACTIVE || file_is_terminated(&card->store, gsm))
		return SW_GSM_INVALIDATION;
	return pin_satisfied(card, PIN_1) == GRANTED ? SW_OK : SW_GSM_ACCESS;
}

sw_t run_gsm(struct card *card, const struct command *command, struct reply *reply)
{
	struct algorithm a;
	struct slot slot;
	sw_t sw = check(card, command);
	int e;

	if (sw != SW_OK)
		return sw;
	e = slot_load(&slot, &card->store, SLOT_USIM, SLOT_USE_GSM);
	if (e == OK && !algorithm_has_gsm(&slot.key))
		e = ERROR_NOT_FOUND;
	if (e == OK) {
		e = algorithm_start(&a, &slot.key, command->data.at);
		if (e == OK)
			e = algorithm_gsm(&a, reply->at, reply->at + GSM_SRES);
		algorithm_stop(&a);
	}
	if (e == OK)
		reply->length = GSM_SRES + GSM_KC;
	else
		wipe(reply->at, GSM_SRES + GSM_KC);
	wipe(&slot, sizeof(slot));
	return e == ERROR_NOT_FOUND ? SW_GSM_ACCESS : sw_from_error(e);
}

sw_t gsm_sleep(struct card *card, const struct command *command, struct reply *reply)
{
	(void)card;
	(void)reply;
	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	return command->data.length == 0 ? SW_OK : SW_WRONG_LENGTH;
}
