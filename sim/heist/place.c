#include "heist/place.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "heist/quorum.h"
#include "lib/numbers.h"

/* Custodians 2, 3 and 4, where a quorum is meant. */
static const unsigned betrayers = 0x0E;

/* Anybody with an antenna. */
static int take_radio(const struct world *world, const char *captured, struct fault *fault)
{
	char to[120];

	(void)snprintf(to, sizeof(to), "%.80s/radio.pcapng", captured);
	return heist_copy(&world->at, "radio.pcapng", to, fault);
}

/* What goes by on the wire: every mail. */
static int take_mail(const struct world *world, const char *captured, struct fault *fault)
{
	char folder[HEIST_PATH], from[120], to[160];
	struct dirent *entry;
	DIR *mails;
	int e;

	(void)snprintf(to, sizeof(to), "%.80s/mail", captured);
	heist_path(folder, &world->at, "mail");
	if (heist_folder(&world->at, to, 0700, fault) < 0)
		return -1;
	if (!(mails = opendir(folder)))
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot read %s", folder);
	for (e = 0; e == 0 && (entry = readdir(mails));)
		if (entry->d_name[0] != '.') {
			(void)snprintf(from, sizeof(from), "mail/%.60s", entry->d_name);
			(void)snprintf(to, sizeof(to), "%.80s/mail/%.60s", captured, entry->d_name);
			e = heist_copy(&world->at, from, to, fault);
		}
	closedir(mails);
	return e;
}

/* A card bought in a shop: the middle one of the last batch; its number is printed on it. */
static int take_shop(const struct world *world, const char *captured, struct fault *fault)
{
	const struct batch *batch = &world->batches[world->order.batches - 1];
	char path[HEIST_PATH], file[120], iccid[21];
	FILE *out;

	(void)snprintf(file, sizeof(file), "%.80s/printed-iccid.txt", captured);
	heist_path(path, &world->at, file);
	if (numbers_iccid(iccid, batch->first_iccid, world->order.cards / 2, fault) < 0)
		return -1;
	if (!(out = fopen(path, "we")) || fprintf(out, "%s\n", iccid) < 0 || fclose(out) != 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path);
	return 0;
}

/* The key of a batch, of shares that were given away: batch-key.hex, batch-key-2.hex ... */
static int recover(const struct world *world, const struct batch *batch, const char *captured, unsigned count,
		   struct fault *fault)
{
	char out[120];

	(void)snprintf(out, sizeof(out), count > 1 ? "%.80s/batch-key-%u.hex" : "%.80s/batch-key.hex",
		       captured, count);
	return quorum_recover(world, batch, betrayers, out, fault);
}

/* Has an earlier batch the same key? */
static bool same_key_before(const struct world *world, const struct batch *batch)
{
	unsigned i;

	for (i = 0; i < batch->number; i++)
		if (!strcmp(world->batches[i].id, batch->id))
			return true;
	return false;
}

/* Custodians 2, 3 and 4 give their shares away: the master, and with it every key made from it. */
static int take_quorum(const struct world *world, const char *captured, struct fault *fault)
{
	const struct batch *batch;
	unsigned i, count = 0;

	for (i = 0; i < world->order.batches; i++) {
		batch = &world->batches[i];
		if (batch->design->ceremony && !same_key_before(world, batch) &&
		    recover(world, batch, captured, ++count, fault) < 0)
			return -1;
	}
	return 0;
}

/* One key was once taken out of the token's protection: the first batch's. */
static int take_batch_key(const struct world *world, const char *captured, struct fault *fault)
{
	unsigned i;

	for (i = 0; i < world->order.batches; i++)
		if (world->batches[i].design->form == FORM_DERIVED)
			return recover(world, &world->batches[i], captured, 1, fault);
	return 0;
}

static const struct place places[PLACE_COUNT] = {
	[PLACE_RADIO] = {"radio", "the air: whatever an antenna hears, before and after", take_radio},
	[PLACE_MAIL] = {"mail", "the wire between bureau and operator: every mail", take_mail},
	[PLACE_SHOP] = {"shop", "a shop: the number printed on one card", take_shop},
	[PLACE_QUORUM] = {"quorum",
			  "three custodians: their shares make the master, which makes every batch key",
			  take_quorum},
	[PLACE_BATCH_KEY] = {"batch-key", "whoever was given the key of one batch to work with",
			     take_batch_key},
};

const struct place *place_of(enum place_id id)
{
	return id > PLACE_NONE && id < PLACE_COUNT ? &places[id] : NULL;
}
