#include "heist/thief.h"

#include <string.h>

static const struct thief rows[] = {
	{"recorder", "recorder", "listens to the radio and has no key", {PLACE_RADIO}, NULL, NULL},
	{"courier",
	 "courier",
	 "reads the mail between bureau and operator",
	 {PLACE_RADIO, PLACE_MAIL},
	 NULL,
	 NULL},
	{"master",
	 "master",
	 "has the master key, and so every key made from it",
	 {PLACE_RADIO, PLACE_QUORUM, PLACE_SHOP},
	 NULL,
	 NULL},
	{"batch-key",
	 "master",
	 "has the key of one batch",
	 {PLACE_RADIO, PLACE_BATCH_KEY, PLACE_SHOP},
	 NULL,
	 NULL},
	{"station-exchange",
	 "station",
	 "has the courier's keys and stands between phones and network, an exchange with each",
	 {PLACE_RADIO, PLACE_MAIL},
	 "exchange",
	 "courier"},
	{"station-strip",
	 "station",
	 "the same, and hides from phones that the network offers forward secrecy",
	 {PLACE_RADIO, PLACE_MAIL},
	 "strip",
	 "courier"},
	{"station-alone",
	 "station",
	 "has the courier's keys and is the network for phones that pass by",
	 {PLACE_RADIO, PLACE_MAIL},
	 "alone",
	 "courier"},
};

const struct thief *thief_at(unsigned i)
{
	return i < sizeof(rows) / sizeof(rows[0]) ? &rows[i] : NULL;
}

const struct thief *thief_find(const char *name)
{
	const struct thief *row;
	unsigned i;

	for (i = 0; (row = thief_at(i)); i++)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}
