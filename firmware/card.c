#include "card.h"

#include <string.h>

#include "gp/isd.h"
#include "transport/atr.h"
#include "transport/t0.h"

enum {
	OBJECT_FORMATTED = STORE_CARD << 8 | 0xFF, /* a blank card's contents are all there */
	FORMAT_VERSION = 1
};

/* Give an empty memory the contents of a blank card, all or nothing. */
static int format(struct store *store)
{
	static const uint8_t version = FORMAT_VERSION;
	int e;

	if ((e = store_begin(store)) < 0)
		return e;
	if ((e = pin_format(store)) < 0 || (e = isd_format(store)) < 0 ||
	    (e = store_write(store, OBJECT_FORMATTED, &version, sizeof(version))) < 0) {
		store_abort(store);
		return e;
	}
	return store_commit(store);
}

int card_start(struct card *card, const struct hal *hal)
{
	uint8_t version = 0;
	int e;

	memset(card, 0, sizeof(*card));
	card->hal = hal;
	if (store_mount(&card->store, hal) < 0)
		return ERROR_MEMORY;
	e = store_read(&card->store, OBJECT_FORMATTED, &version, 0, sizeof(version));
	if (e == ERROR_NOT_FOUND)
		e = format(&card->store);
	else if (version != FORMAT_VERSION)
		e = ERROR_MEMORY;
	if (e < 0)
		return ERROR_MEMORY;
	if (drbg_start(&card->drbg, hal) < 0)
		return ERROR_RANDOM;
	selection_reset(&card->selection);
	pin_session_reset(&card->pins);
	return OK;
}

size_t card_reset(struct card *card, uint8_t atr[static ATR_MAX])
{
	selection_reset(&card->selection);
	pin_session_reset(&card->pins);
	scp03_close(&card->scp03);
	dispatch_reset(&card->dispatch);
	return atr_fill(atr);
}

size_t card_transmit(struct card *card, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		     size_t length)
{
	return dispatch_transmit(card, response, command, length);
}

int card_takes_data(const struct card *card, const uint8_t header[static 5])
{
	(void)card;
	return dispatch_takes_data(header);
}

int card_run(struct card *card)
{
	if (!card->hal->receive || !card->hal->send)
		return ERROR_STATE;
	return t0_run(card);
}
