#include "card.h"

#include <string.h>

#include "cat/suspend.h"
#include "crypto/wipe.h"
#include "fs/made.h"
#include "fs/object.h"
#include "gp/isd.h"
#include "keys/vault.h"
#include "transport/atr.h"
#include "transport/t0.h"

enum {
	OBJECT_FORMATTED = STORE_CARD << 8 | 0xFF, /* a blank card's contents are all there */
	FORMAT_VERSION = 5
};

/* Give an empty memory the contents of a blank card, all or nothing. */
static int format(struct card *card)
{
	static const uint8_t version = FORMAT_VERSION;
	struct store *store = &card->store;
	int e;

	if ((e = store_begin(store)) < 0)
		return e;
	if ((e = vault_format(store, &card->drbg)) < 0 || (e = pin_format(card)) < 0 ||
	    (e = isd_format(store)) < 0 ||
	    (e = store_write(store, OBJECT_FORMATTED, &version, sizeof(version))) < 0) {
		store_abort(store);
		return e;
	}
	return store_commit(store);
}

/* Find a card in the memory, or make a blank one there. */
static int find_card(struct card *card)
{
	uint8_t version = 0;
	int e = store_read(&card->store, OBJECT_FORMATTED, &version, 0, sizeof(version));

	if (e == ERROR_NOT_FOUND && store_is_empty(&card->store))
		return format(card);
	return e == 1 && version == FORMAT_VERSION ? vault_purge(&card->store) : ERROR_MEMORY;
}

int card_start(struct card *card, const struct hal *hal)
{
	memset(card, 0, sizeof(*card));
	card->hal = hal;
	card->halted = 1;
	if (store_mount(&card->store, hal) < 0)
		return ERROR_MEMORY;
	if (drbg_start(&card->drbg, hal) < 0)
		return ERROR_RANDOM;
	if (find_card(card) < 0)
		return drbg_failed(&card->drbg) ? ERROR_RANDOM : ERROR_MEMORY;
	if (made_sweep(&card->store) < 0 || object_sweep_all(&card->store) < 0)
		return ERROR_MEMORY;
	channels_reset(card);
	card->halted = 0;
	return OK;
}

static void forget_session(struct card *card)
{
	channels_reset(card);
	object_transfer_drop(&card->transfer);
	scp03_close(&card->scp03);
	custody_close(&card->custody);
	card->cat = (struct cat){0};
	wipe(&card->sms, sizeof(card->sms));
	suspend_wake(card);
	isd_wake(card);
	dispatch_reset(&card->dispatch);
	card->dispatch.fresh = 1;
}

size_t card_reset(struct card *card, uint8_t atr[static ATR_MAX])
{
	forget_session(card);
	return atr_fill(atr);
}

size_t card_transmit(struct card *card, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		     size_t length)
{
	if (card->halted) {
		response[0] = SW_TECHNICAL_PROBLEM >> 8;
		response[1] = SW_TECHNICAL_PROBLEM & 0xFF;
		return 2;
	}
	length = dispatch_transmit(card, response, command, length);
	if (store_failed(&card->store) || drbg_failed(&card->drbg)) {
		forget_session(card);
		card->halted = 1;
	}
	return length;
}

int card_takes_data(const struct card *card, const uint8_t header[static 5])
{
	return dispatch_takes_data(card, header);
}

int card_run(struct card *card)
{
	if (!card->hal->receive || !card->hal->send)
		return ERROR_STATE;
	return t0_run(card);
}
