#include "heist/design.h"

#include <string.h>

#include "heist/one_op.h"

static const struct design_row rows[] = {
	{
		.name = "bulk-plain",
		.text = "random keys, all of them in a file that is mailed, as in 2010",
		.making = "fresh random keys for each",
		.travels = "every key in it, as in 2010",
		.id = "plain",
		.form = FORM_PLAIN,
		.keys = KEYS_RANDOM,
		.secrets = 3,
		.which = "the mail, the bureau's disk, the operator's database with its wrapping key",
	},
	{
		.name = "bulk-op",
		.text = "random K in a file that is mailed; OPc from one OP of the operator's",
		.making = "fresh random K for each, and OPc of it and the operator's OP",
		.travels = "every K in it, and no OPc",
		.id = "op",
		.form = FORM_PLAIN,
		.keys = KEYS_RANDOM,
		.secrets = 2,
		.which = "the bureau's disk, the operator's database with its wrapping key",
		.personalise = one_op_personalise,
		.pack = one_op_pack,
		.unpack = one_op_unpack,
	},
	{
		.name = "derived",
		.text = "keys computed on both sides from one key and the card's number",
		.making = "the token computes each card's keys from the batch key",
		.travels = "numbers and check values, no key",
		.id = "rehearsal-derived",
		.form = FORM_DERIVED,
		.keys = KEYS_ONE_MASTER,
		.ceremony = true,
		.secrets = 2,
		.which = "the master key, and the one key of all batches made from it",
	},
	{
		.name = "derived-batch",
		.text = "keys computed on both sides from a key of the batch and the card's number",
		.making = "the token computes each card's keys from the key of this batch",
		.travels = "numbers and check values, no key",
		.id = "rehearsal-batch",
		.form = FORM_DERIVED,
		.keys = KEYS_PER_BATCH,
		.ceremony = true,
		.secrets = 1,
		.which = "the master key, of which every batch's is made",
	},
	{
		.name = "agreed",
		.text = "card and operator agree on keys; the bureau never has them",
		.making = "each agrees with the operator's key on its own keys",
		.travels = "numbers, check values, codes and public keys; no key",
		.id = "rehearsal-agreed",
		.form = FORM_AGREED,
		.keys = KEYS_AGREED,
		.ceremony = true,
		.secrets = 1,
		.which = "the operator's database with its wrapping key",
	},
	{
		.name = "agreed-replayed",
		.text = "as agreed, with cards whose half is the same every time",
		.making = "each agrees with the operator's key, with a half that its vendor chose once",
		.travels = "numbers, check values, codes and public keys; no key",
		.id = "rehearsal-replayed",
		.form = FORM_AGREED,
		.keys = KEYS_AGREED,
		.ceremony = true,
		.card = "agree_fixed",
		.secrets = 2,
		.which = "the operator's database with its wrapping key, the vendor's secret",
	},
	{
		.name = "agreed-backdoored",
		.text = "as agreed, with cards whose half the vendor can compute",
		.making = "each agrees with the operator's key, with a half that its vendor can compute",
		.travels = "numbers, check values, codes and public keys; no key",
		.id = "rehearsal-vendor",
		.form = FORM_AGREED,
		.keys = KEYS_AGREED,
		.ceremony = true,
		.card = "agree_vendor",
		.secrets = 2,
		.which = "the operator's database with its wrapping key, the vendor's secret",
	},
};

const struct design_row *design_at(unsigned i)
{
	return i < sizeof(rows) / sizeof(rows[0]) ? &rows[i] : NULL;
}

const struct design_row *design_find(const char *name)
{
	const struct design_row *row;
	unsigned i;

	for (i = 0; (row = design_at(i)); i++)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}
