#include "heist/thief.h"

#include <string.h>

static const struct thief rows[] = {
	{.name = "recorder",
	 .program = "recorder",
	 .text = "listens to the radio and has no key",
	 .places = {PLACE_RADIO}},
	{.name = "courier",
	 .program = "courier",
	 .text = "reads the mail between bureau and operator",
	 .places = {PLACE_RADIO, PLACE_MAIL}},
	{.name = "insider",
	 .program = "insider",
	 .text = "reads the bureau's disk",
	 .places = {PLACE_RADIO, PLACE_BUREAU}},
	{.name = "both-couriers",
	 .program = "insider",
	 .text = "has the mail, and what goes to the desk for OPc",
	 .places = {PLACE_RADIO, PLACE_MAIL, PLACE_DESK}},
	{.name = "operator",
	 .program = "operator",
	 .text = "has the operator's database and the key that wraps it",
	 .places = {PLACE_RADIO, PLACE_OPERATOR}},
	{.name = "transport",
	 .program = "transport",
	 .text = "reads the mail and has the key under which files are sent",
	 .places = {PLACE_RADIO, PLACE_MAIL, PLACE_TRANSPORT}},
	{.name = "support",
	 .program = "transport",
	 .text = "reads the mail and searches for that key, with what support mails compare",
	 .places = {PLACE_RADIO, PLACE_MAIL, PLACE_SPACE}},
	{.name = "generator",
	 .program = "generator",
	 .text = "has one or two cards' keys and looks for how they were made",
	 .places = {PLACE_RADIO, PLACE_SHOP, PLACE_SAMPLES, PLACE_SPACE}},
	{.name = "master",
	 .program = "master",
	 .text = "has the master key, and so every key made from it",
	 .places = {PLACE_RADIO, PLACE_QUORUM, PLACE_SHOP}},
	{.name = "batch-key",
	 .program = "master",
	 .text = "has the key of one batch",
	 .places = {PLACE_RADIO, PLACE_BATCH_KEY, PLACE_SHOP}},
	{.name = "authority-a",
	 .program = "master",
	 .text = "can compel every custodian in one jurisdiction",
	 .places = {PLACE_RADIO, PLACE_AUTHORITY_A, PLACE_SHOP}},
	{.name = "authorities-a-b",
	 .program = "master",
	 .text = "two authorities that can compel custodians act together",
	 .places = {PLACE_RADIO, PLACE_AUTHORITIES_AB, PLACE_SHOP}},
	{.name = "one-card",
	 .program = "insider",
	 .text = "takes one card apart in a laboratory",
	 .places = {PLACE_RADIO, PLACE_CARD}},
	{.name = "station-exchange",
	 .program = "station",
	 .text = "has the courier's keys and stands between phones and network, an exchange with each",
	 .places = {PLACE_RADIO, PLACE_MAIL},
	 .plan = "exchange",
	 .partner = "courier"},
	{.name = "station-strip",
	 .program = "station",
	 .text = "the same, and hides from phones that the network offers forward secrecy",
	 .places = {PLACE_RADIO, PLACE_MAIL},
	 .plan = "strip",
	 .partner = "courier"},
	{.name = "station-alone",
	 .program = "station",
	 .text = "has the courier's keys and is the network for phones that pass by",
	 .places = {PLACE_RADIO, PLACE_MAIL},
	 .plan = "alone",
	 .partner = "courier"},
	{.name = "vendor",
	 .program = "vendor",
	 .text = "made the cards, and knows a secret that is in every one of them",
	 .places = {PLACE_RADIO, PLACE_VENDOR}},
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
