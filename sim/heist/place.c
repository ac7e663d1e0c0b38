#include "heist/place.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backdoors/vendor.h"
#include "heist/keys_of.h"
#include "heist/old_ways.h"
#include "heist/quorum.h"
#include "heist/travel.h"
#include "lib/hex.h"
#include "lib/numbers.h"
#include "lib/secret.h"

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
static int recover(const struct world *world, const struct batch *batch, const char *captured, unsigned set,
		   unsigned count, struct fault *fault)
{
	char out[120];

	(void)snprintf(out, sizeof(out), count > 1 ? "%.80s/batch-key-%u.hex" : "%.80s/batch-key.hex",
		       captured, count);
	return quorum_recover(world, batch, set, out, fault);
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

/* What these custodians can make together: every key that the ceremony made. */
static int take_keys(const struct world *world, const char *captured, unsigned set, struct fault *fault)
{
	const struct batch *batch;
	unsigned i, count = 0;

	for (i = 0; i < world->order.batches; i++) {
		batch = &world->batches[i];
		if (batch->design->ceremony && !same_key_before(world, batch) &&
		    recover(world, batch, captured, set, ++count, fault) < 0)
			return -1;
	}
	return 0;
}

/* Custodians 2, 3 and 4 give their shares away. */
static int take_quorum(const struct world *world, const char *captured, struct fault *fault)
{
	return take_keys(world, captured, betrayers, fault);
}

/* All custodians of one place are made to give their shares up. */
static int take_authority_a(const struct world *world, const char *captured, struct fault *fault)
{
	return take_keys(world, captured, quorum_of_place("A"), fault);
}

static int take_authorities_ab(const struct world *world, const char *captured, struct fault *fault)
{
	return take_keys(world, captured, quorum_of_place("A") | quorum_of_place("B"), fault);
}

/* One key was once taken out of the token's protection: the first batch's. */
static int take_batch_key(const struct world *world, const char *captured, struct fault *fault)
{
	unsigned i;

	for (i = 0; i < world->order.batches; i++)
		if (world->batches[i].design->form == FORM_DERIVED)
			return recover(world, &world->batches[i], captured, betrayers, 1, fault);
	return 0;
}

/* Files of a folder below the world, but not those of its folders. */
static int take_folder(const struct world *world, const char *folder, const char *captured,
		       struct fault *fault)
{
	char path[HEIST_PATH], from[160], to[160];
	struct dirent *entry;
	DIR *files;
	int e = 0;

	heist_path(path, &world->at, folder);
	if (heist_folder(&world->at, captured, 0700, fault) < 0)
		return -1;
	if (!(files = opendir(path)))
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot read %s", path);
	while (e == 0 && (entry = readdir(files)))
		if (entry->d_name[0] != '.') {
			(void)snprintf(from, sizeof(from), "%.80s/%.70s", folder, entry->d_name);
			(void)snprintf(to, sizeof(to), "%.80s/%.70s", captured, entry->d_name);
			e = heist_copy(&world->at, from, to, fault);
		}
	closedir(files);
	return e;
}

/* The bureau's disk: output files, journals, receipts, and the orders. Its
 * token is no disk: who reads the one has no key of the other. */
static int take_bureau(const struct world *world, const char *captured, struct fault *fault)
{
	char folder[120], to[120];
	unsigned i;

	for (i = 0; i < world->order.batches; i++) {
		(void)snprintf(folder, sizeof(folder), "sealed/bureau-%.39s", world->batches[i].name);
		(void)snprintf(to, sizeof(to), "%.70s/bureau-%u", captured, i + 1);
		if (take_folder(world, folder, to, fault) < 0)
			return -1;
	}
	return 0;
}

/* The operator's server, as it was at that moment: the subscriber database, and
 * the key that wraps the keys in it, which lies beside it so that the centre
 * can start unattended. Not the token. */
static int take_operator(const struct world *world, const char *captured, struct fault *fault)
{
	return take_folder(world, "sealed/moment", captured, fault);
}

/* The desk that gets OPc, where it goes another way than K; or OP, where all OPc are made from it. */
static int take_desk(const struct world *world, const char *captured, struct fault *fault)
{
	char from[120], to[160], op[HEIST_PATH];
	unsigned i;

	heist_path(op, &world->at, "sealed/op.txt");
	(void)snprintf(to, sizeof(to), "%.80s/op.txt", captured);
	if (access(op, F_OK) == 0 && heist_copy(&world->at, "sealed/op.txt", to, fault) < 0)
		return -1;
	for (i = 0; i < world->order.batches; i++) {
		if (!travel_apart(world, &world->batches[i]))
			continue;
		(void)snprintf(from, sizeof(from), "sealed/opc-%.39s.csv", world->batches[i].name);
		(void)snprintf(to, sizeof(to), "%.80s/opc-%u.csv", captured, i + 1);
		if (heist_copy(&world->at, from, to, fault) < 0)
			return -1;
	}
	return 0;
}

/* The first card, taken to a laboratory: K and OPc are read out of its memory. That
 * this can be done is assumed; what it is worth is measured. */
static int take_card(const struct world *world, const char *captured, struct fault *fault)
{
	const struct batch *batch = &world->batches[0];
	struct subscriber_key key;
	char file[120], path[HEIST_PATH], k[33], opc[33];
	FILE *out;
	int e;

	if (keys_of(&key, world, batch, batch->first_imsi, fault) < 0)
		return -1;
	(void)snprintf(file, sizeof(file), "%.80s/card.txt", captured);
	heist_path(path, &world->at, file);
	hex_write(k, key.k, 16);
	hex_write(opc, key.opc, 16);
	out = fopen(path, "we");
	e = !out || fprintf(out, "IMSI %s\nK %s\nOPc %s\n", batch->first_imsi, k, opc) < 0 ? -1 : 0;
	if (out && fclose(out) != 0)
		e = -1;
	secret_wipe(&key, sizeof(key));
	secret_wipe(k, sizeof(k));
	secret_wipe(opc, sizeof(opc));
	return e < 0 ? fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path) : 0;
}

/* Who made the cards, and reads the receipts as auditors do: vendor-secret.hex, receipts.jsonl,
 * receipts-2.jsonl ... */
static int take_vendor(const struct world *world, const char *captured, struct fault *fault)
{
	char hex[2 * sizeof(vendor_key) + 1], file[120], from[160], path[HEIST_PATH];
	unsigned i;
	FILE *out;

	(void)snprintf(file, sizeof(file), "%.80s/vendor-secret.hex", captured);
	heist_path(path, &world->at, file);
	hex_write(hex, vendor_key, sizeof(vendor_key));
	if (!(out = fopen(path, "we")) || fprintf(out, "%s\n", hex) < 0 || fclose(out) != 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path);
	for (i = 0; i < world->order.batches; i++) {
		const struct batch *batch = &world->batches[i];

		if (batch->design->keys != KEYS_AGREED)
			continue; /* no receipts */
		(void)snprintf(from, sizeof(from), "sealed/bureau-%.39s/%.40s.receipts.jsonl", batch->name,
			       batch->id);
		(void)snprintf(file, sizeof(file), i ? "%.80s/receipts-%u.jsonl" : "%.80s/receipts.jsonl",
			       captured, i + 1);
		if (heist_copy(&world->at, from, file, fault) < 0)
			return -1;
	}
	return 0;
}

static const struct place places[PLACE_COUNT] = {
	[PLACE_RADIO] = {"radio", "the air: whatever an antenna hears, before and after", take_radio},
	[PLACE_MAIL] = {"mail", "the wire between bureau and operator: every mail", take_mail},
	[PLACE_SHOP] = {"shop", "a shop: the number printed on one card", take_shop},
	[PLACE_QUORUM] = {"quorum",
			  "three custodians: their shares make the master, which makes every batch key",
			  take_quorum},
	[PLACE_AUTHORITY_A] = {"authority-a", "authority A: the shares of every custodian in its reach",
			       take_authority_a},
	[PLACE_AUTHORITIES_AB] = {"authorities-a-b",
				  "authorities A and B together: the shares in their reach",
				  take_authorities_ab},
	[PLACE_BUREAU] = {"bureau", "the bureau's disk: output files, journals, receipts; not its token",
			  take_bureau},
	[PLACE_OPERATOR] = {"operator",
			    "the operator's server: the database and the key that wraps it; not the token",
			    take_operator},
	[PLACE_DESK] = {"desk", "the other desk: OPc where it goes apart from K, or OP", take_desk},
	[PLACE_CARD] = {"card", "one card in a laboratory: K and OPc, read out of its memory", take_card},
	[PLACE_BATCH_KEY] = {"batch-key", "whoever was given the key of one batch to work with",
			     take_batch_key},
	[PLACE_TRANSPORT] = {"transport", "a desk at either end: the key under which files are sent",
			     old_take_keys},
	[PLACE_SPACE] = {"space",
			 "knowledge of all but a few bits of a key or seed, so that a search is short",
			 old_take_space},
	[PLACE_SAMPLES] = {"samples", "a sample delivery: a few cards of the first batch, with their keys",
			   old_take_samples},
	[PLACE_VENDOR] = {"vendor",
			  "the cards' vendor: the secret in each, and the receipts that auditors get",
			  take_vendor},
};

const struct place *place_of(enum place_id id)
{
	return id > PLACE_NONE && id < PLACE_COUNT ? &places[id] : NULL;
}
