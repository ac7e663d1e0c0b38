#include "fleet/thefts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/milenage.h"
#include "crypto/kcv.h"
#include "crypto/x963.h"
#include "fleet/subsets.h"
#include "lib/hex.h"
#include "lib/output.h"
#include "lib/secret.h"

/* ---- writing what was stolen ---- */

static FILE *spoil(const struct prize *prize, const char *name)
{
	char path[FLEET_PATH + 80];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", prize->captured, name);
	if (!(file = fopen(path, "we")))
		(void)fault_set(prize->fault, FAULT_SYSTEM, NULL, "cannot write %s: %s", path,
				strerror(errno));
	return file;
}

static int finish(const struct prize *prize, FILE *file)
{
	bool failed = !file || ferror(file);

	if (file && fclose(file) != 0)
		failed = true;
	if (file && failed)
		(void)fault_set(prize->fault, FAULT_SYSTEM, "make room on the disk",
				"cannot write what was stolen");
	return failed ? -1 : 0;
}

static int refused(const struct prize *prize)
{
	return fault_set(prize->fault, FAULT_BUG, NULL, "the cipher library refused");
}

/* One bit of a secret, in a control: which one comes from the seed. */
static void flip(const struct prize *prize, uint8_t *secret, size_t length, uint32_t which)
{
	uint8_t at[2] = {0};

	if (!prize->flip)
		return;
	(void)draw_bytes(at, sizeof(at), prize->fleet->seed, "flipped bit", prize->fleet->design, which);
	secret[at[0] % length] ^= (uint8_t)(1U << at[1] % 8);
}

static int put_key(const struct prize *prize, const char *name, const uint8_t key[static 32])
{
	FILE *file = spoil(prize, name);
	uint8_t copy[32];
	char text[65];

	memcpy(copy, key, sizeof(copy));
	flip(prize, copy, sizeof(copy), 0);
	hex_write(text, copy, sizeof(copy));
	if (file)
		fprintf(file, "%s\n", text);
	secret_wipe(copy, sizeof(copy));
	secret_wipe(text, sizeof(text));
	return finish(prize, file);
}

/* ---- the bureau's file ---- */

static int put_line(const struct prize *prize, FILE *file, enum design design, uint32_t i)
{
	const struct member *member = &prize->fleet->members[i];
	struct output_record record = {.number = i + 1};
	char line[OUTPUT_LINE];
	uint8_t k[16];

	fleet_imsi(record.imsi, i);
	if (fleet_iccid(record.iccid, i, prize->fault) < 0 ||
	    kcv(record.kcv_k, (struct span){member->k, 16}) < 0 ||
	    kcv(record.kcv_opc, (struct span){member->opc, 16}) < 0)
		return -1;
	fleet_batch_name(record.batch, fleet_batch_of(prize->fleet, i));
	memcpy(k, member->k, 16);
	flip(prize, k, 16, i);
	memcpy(record.key.k, k, 16);
	memcpy(record.key.opc, member->opc, 16);
	(void)output_line(line, design, &record);
	fputs(line, file);
	secret_wipe(&record, sizeof(record));
	secret_wipe(line, sizeof(line));
	return 0;
}

/* Lines of subscribers `first` to before `end`, or of the targets. */
static int put_list(const struct prize *prize, enum design design, uint32_t first, uint32_t end,
		    const uint32_t *targets)
{
	FILE *file = spoil(prize, "output.csv");
	char line[OUTPUT_LINE];
	int e = 0;

	if (!file)
		return -1;
	(void)output_header(line, design);
	fputs(line, file);
	for (uint32_t i = first; i < end && e == 0; i++)
		e = put_line(prize, file, design, targets ? targets[i] : i);
	if (finish(prize, file) < 0)
		return -1;
	return e < 0 ? refused(prize) : 0;
}

static uint32_t batch_end(const struct prize *prize)
{
	return fleet_batch_first(prize->fleet, prize->batch + 1);
}

/* Sealed under one key or, when it is NULL, each under that of its batch. */
static int put_envelopes(const struct prize *prize, uint32_t first, uint32_t end, const uint8_t *key,
			 const char *purpose)
{
	FILE *file = spoil(prize, "envelopes.bin");
	struct envelope envelope;
	int e = 0;

	for (uint32_t i = first; file && i < end && e == 0; i++) {
		e = keys_seal(&envelope, prize->fleet, i,
			      key ? key : prize->fleet->batch_key[fleet_batch_of(prize->fleet, i)], purpose);
		if (fwrite(&envelope, sizeof(envelope), 1, file) != 1)
			break;
	}
	if (finish(prize, file) < 0)
		return -1;
	return e < 0 ? refused(prize) : 0;
}

static int put_agreements(const struct prize *prize)
{
	FILE *file = spoil(prize, "agreements.bin");
	uint32_t first = fleet_batch_first(prize->fleet, prize->batch);

	if (file)
		(void)fwrite(prize->fleet->agreements + first, sizeof(struct agreement),
			     batch_end(prize) - first, file);
	return finish(prize, file);
}

/* What everybody may know: delivery notes, and what is printed on one card of the batch. */
static int put_notes(const struct prize *prize)
{
	const struct fleet *fleet = prize->fleet;
	FILE *file = spoil(prize, "batches.csv");
	uint32_t first = fleet_batch_first(fleet, prize->batch),
		 printed = first + (batch_end(prize) - first) / 2;
	char name[32], imsi[16], iccid[21];

	for (uint32_t b = 0; file && b < fleet->batches; b++) {
		uint32_t begin = fleet_batch_first(fleet, b);

		fleet_batch_name(name, b);
		fleet_imsi(imsi, begin);
		fprintf(file, "%s;%s;%s;%u\n", FLEET_CEREMONY, name, imsi,
			fleet_batch_first(fleet, b + 1) - begin);
	}
	if (finish(prize, file) < 0)
		return -1;
	fleet_batch_name(name, prize->batch);
	if (fleet_iccid(iccid, printed, prize->fault) < 0)
		return -1;
	file = spoil(prize, "printed.csv");
	if (file)
		fprintf(file, "%s;%s\n", iccid, name);
	return finish(prize, file);
}

/* ---- keys wrapped to a reader ---- */

/* A reader's pair, from the seed. */
static int reader_pair(uint8_t private_key[static 32], uint8_t public_key[static P256_COMPRESSED],
		       const struct prize *prize, const char *purpose)
{
	uint8_t point[P256_UNCOMPRESSED];
	struct draw draw;
	const struct p256_random random = {draw_random, &draw};

	if (draw_start(&draw, prize->fleet->seed, purpose, prize->fleet->design, 0) < 0 ||
	    p256_generate(private_key, point, &random) < 0 ||
	    p256_compress(public_key, (struct span){point, sizeof(point)}) < 0)
		return refused(prize);
	return 0;
}

static int wrap(struct wrapped *copy, const struct prize *prize, uint32_t batch,
		const uint8_t reader[static P256_COMPRESSED])
{
	uint8_t private_key[32], point[P256_UNCOMPRESSED], x[32], keys[SPOILS_WRAPPED_KEYS],
		info[2 * P256_COMPRESSED];
	struct draw draw;
	const struct p256_random random = {draw_random, &draw};
	int e = -1;

	heard_set_number(copy->number, batch);
	if (draw_start(&draw, prize->fleet->seed, "wrapping", prize->fleet->design, batch) == 0 &&
	    p256_generate(private_key, point, &random) == OK &&
	    p256_compress(copy->ephemeral, (struct span){point, sizeof(point)}) == OK &&
	    p256_shared(x, private_key, (struct span){reader, P256_COMPRESSED}, &random) == OK) {
		memcpy(info, copy->ephemeral, P256_COMPRESSED);
		memcpy(info + P256_COMPRESSED, reader, P256_COMPRESSED);
		if (x963(keys, sizeof(keys), (struct span){x, 32}, (struct span){info, sizeof(info)}) == OK &&
		    gcm_seal(copy->sealed, copy->tag, (struct span){keys, 32}, keys + 32,
			     (struct span){copy->number, 4},
			     (struct span){prize->fleet->batch_key[batch], 32}) == OK)
			e = 0;
	}
	secret_wipe(private_key, sizeof(private_key));
	secret_wipe(x, sizeof(x));
	secret_wipe(keys, sizeof(keys));
	return e;
}

/* The keys of batches `first` to before `end`. */
static int put_wrapped(const struct prize *prize, const char *name, uint32_t first, uint32_t end,
		       const uint8_t reader[static P256_COMPRESSED])
{
	FILE *file = spoil(prize, name);
	struct wrapped copy;
	int e = 0;

	for (uint32_t b = first; file && b < end && e == 0; b++) {
		e = wrap(&copy, prize, b, reader);
		if (fwrite(&copy, sizeof(copy), 1, file) != 1)
			break;
	}
	if (finish(prize, file) < 0)
		return -1;
	return e < 0 ? refused(prize) : 0;
}

/* Sealed files in transit, each with its transport key wrapped to the operator. */
static int put_sealed(const struct prize *prize, uint32_t first_batch, uint32_t end_batch,
		      uint8_t operator_private[static 32])
{
	const struct fleet *fleet = prize->fleet;
	uint8_t operator_key[P256_COMPRESSED];

	return reader_pair(operator_private, operator_key, prize, "operator's pair") < 0 ||
			       put_wrapped(prize, "wrapped.bin", first_batch, end_batch, operator_key) < 0 ||
			       put_envelopes(prize, fleet_batch_first(fleet, first_batch),
					     fleet_batch_first(fleet, end_batch), NULL,
					     "nonce in transit") < 0
		       ? -1
		       : 0;
}

/* ---- thefts ---- */

static int nothing(const struct prize *prize)
{
	(void)prize;
	return 0;
}

static int mail(const struct prize *prize)
{
	uint8_t operator_private[32];
	int e;
	uint32_t first = fleet_batch_first(prize->fleet, prize->batch), end = batch_end(prize);

	switch (prize->fleet->design) {
	case FLEET_PLAIN:
		return put_list(prize, DESIGN_PLAIN, first, end, NULL);
	case FLEET_AEAD:
		e = put_sealed(prize, prize->batch, prize->batch + 1, operator_private);
		secret_wipe(operator_private, sizeof(operator_private));
		return e;
	case FLEET_AGREED:
		return put_list(prize, DESIGN_AGREED, first, end, NULL) < 0 ? -1 : put_agreements(prize);
	default:
		return put_notes(prize) < 0 ? -1 : put_list(prize, DESIGN_DERIVED, first, end, NULL);
	}
}

static int batch_key(const struct prize *prize)
{
	const uint8_t *key = prize->fleet->batch_key[prize->batch];

	if (mail(prize) < 0)
		return -1;
	return put_key(prize,
		       prize->fleet->design == FLEET_AEAD     ? "envelope-key.hex"
		       : prize->fleet->design == FLEET_AGREED ? "agree-key.hex"
							      : "batch-key.hex",
		       key);
}

/* Every file that was ever sent, and the key that the operator opens files with. */
static int recipient_key(const struct prize *prize)
{
	uint8_t operator_private[32];
	int e = put_sealed(prize, 0, prize->fleet->batches, operator_private);

	if (e == 0)
		e = put_key(prize, "recipient-key.hex", operator_private);
	secret_wipe(operator_private, sizeof(operator_private));
	return e;
}

static int master(const struct prize *prize)
{
	return put_notes(prize) < 0 ? -1 : put_key(prize, "master.hex", prize->fleet->master);
}

static int kek_of(uint8_t kek[static 32], const struct prize *prize)
{
	return draw_bytes(kek, 32, prize->fleet->seed, "KEK", prize->fleet->design, 0) < 0 ? refused(prize)
											   : 0;
}

/* The authentication centre's database: keys wrapped under its KEK, or, where
 * they are derived on demand in a token, none at all. */
static int database(const struct prize *prize)
{
	uint8_t kek[32];

	if (prize->fleet->design == FLEET_DERIVED || prize->fleet->design == FLEET_DERIVED_BATCH)
		return put_notes(prize) < 0 ? -1
					    : put_list(prize, DESIGN_DERIVED, 0, prize->fleet->count, NULL);
	return kek_of(kek, prize) < 0 ? -1
				      : put_envelopes(prize, 0, prize->fleet->count, kek, "nonce at rest");
}

static int database_and_kek(const struct prize *prize)
{
	uint8_t kek[32];

	return kek_of(kek, prize) < 0 || database(prize) < 0 ? -1 : put_key(prize, "envelope-key.hex", kek);
}

static int one_card(const struct prize *prize)
{
	return put_list(prize, DESIGN_PLAIN, prize->card, prize->card + 1, NULL);
}

static int targets(const struct prize *prize)
{
	return put_list(prize, DESIGN_PLAIN, 0, prize->target_count, prize->targets);
}

static int everybody(const struct prize *prize)
{
	return put_list(prize, DESIGN_PLAIN, 0, prize->fleet->count, NULL);
}

/* The shares that custodians of jurisdiction A hold, of a master split 3 of 5. */
static int shares_of(const struct prize *prize, const char *custodians)
{
	struct custody custody;
	struct share shares[SHARE_MAX];
	uint8_t random[3 * 32];
	char text[65];
	FILE *file;
	int e = subsets_parse(&custody, custodians, 3, prize->fault);

	if (e < 0 || put_notes(prize) < 0)
		return -1;
	if (draw_bytes(random, sizeof(random), prize->fleet->seed, custodians, prize->fleet->design, 0) < 0 ||
	    share_split(shares, custody.threshold, custody.total, prize->fleet->master, 32, random) < 0)
		return refused(prize);
	if (!(file = spoil(prize, "shares.csv")))
		return -1;
	for (unsigned i = 0; i < custody.total; i++) {
		if (strcmp(custody.jurisdiction[i], "A") != 0)
			continue;
		flip(prize, shares[i].value, sizeof(shares[i].value), i);
		hex_write(text, shares[i].value, sizeof(shares[i].value));
		fprintf(file, "%u;%u;%s\n", custody.threshold, shares[i].x, text);
	}
	secret_wipe(shares, sizeof(shares));
	secret_wipe(text, sizeof(text));
	return finish(prize, file);
}

static int quorum_apart(const struct prize *prize)
{
	return shares_of(prize, "A,A,B,B,C");
}

static int quorum_at_home(const struct prize *prize)
{
	return shares_of(prize, "A,A,A,B,C");
}

/* ---- hand-over ---- */

/* Each batch's key, wrapped to the agency as it was made. */
static int escrow_copies(const struct prize *prize, uint8_t agency_private[static 32])
{
	uint8_t agency[P256_COMPRESSED];

	return reader_pair(agency_private, agency, prize, "agency's pair") < 0 || put_notes(prize) < 0
		       ? -1
		       : put_wrapped(prize, "escrow.bin", 0, prize->fleet->batches, agency);
}

static int escrow_wrapped(const struct prize *prize)
{
	uint8_t agency_private[32];
	int e = escrow_copies(prize, agency_private);

	secret_wipe(agency_private, sizeof(agency_private));
	return e;
}

static int escrow_wrapped_and_key(const struct prize *prize)
{
	uint8_t agency_private[32];
	int e = escrow_copies(prize, agency_private);

	if (e == 0)
		e = put_key(prize, "agency-key.hex", agency_private);
	secret_wipe(agency_private, sizeof(agency_private));
	return e;
}

/* What the core has of a session while it lasts: KASME, as an HSS gives it to an MME. */
static int core_key(struct session_key *s, const struct prize *prize, uint32_t target)
{
	static const uint8_t sn[3] = {0x99, 0xF9, 0x07};
	const struct member *member = &prize->fleet->members[target];
	const struct heard *heard = &prize->fleet->heard[(size_t)prize->fleet->count + target]; /* after */
	struct lte_keys keys;
	struct milenage m;
	uint8_t ck[16], ik[16];
	int e = milenage_start(&m, member->k, member->opc, heard->rand);

	if (e == OK)
		e = milenage_f3_f4(&m, ck, ik);
	milenage_stop(&m);
	if (e == OK)
		e = lte_keys_derive(&keys, ck, ik, sn, heard->autn, 0);
	memcpy(s->imsi, heard->imsi, sizeof(s->imsi));
	memcpy(s->rand, heard->rand, sizeof(s->rand));
	memcpy(s->kasme, keys.kasme, sizeof(s->kasme));
	flip(prize, s->kasme, sizeof(s->kasme), target);
	secret_wipe(&keys, sizeof(keys));
	return e;
}

static int interception(const struct prize *prize)
{
	FILE *file = spoil(prize, "session-keys.bin");
	struct session_key s;
	int e = 0;

	for (uint32_t i = 0; file && i < prize->target_count && e == 0; i++) {
		e = core_key(&s, prize, prize->targets[i]);
		(void)fwrite(&s, sizeof(s), 1, file);
	}
	if (finish(prize, file) < 0)
		return -1;
	return e < 0 ? refused(prize) : 0;
}

/* ---- the table ---- */

#define NOBODY    RADIUS_NOBODY, RADIUS_NOBODY, RADIUS_NOBODY
#define ONE       RADIUS_ONE, RADIUS_ONE, RADIUS_ONE
#define A_BATCH   RADIUS_BATCH, RADIUS_BATCH, RADIUS_BATCH
#define TARGETS   RADIUS_TARGETS, RADIUS_TARGETS, RADIUS_TARGETS
#define EVERYBODY RADIUS_EVERYBODY, RADIUS_EVERYBODY, RADIUS_EVERYBODY
#define NO_ORDER  NULL, NULL, RADIUS_NOBODY, 0
#define FROM(d)   FLEET_##d

const struct theft thefts[] = {
	{FROM(PLAIN), "mail", "the output file of one batch, in transit", mail, A_BATCH, NO_ORDER},
	{FROM(PLAIN), "database", "the operator's database, without its KEK", database, NOBODY, NO_ORDER},
	{FROM(PLAIN), "database-kek", "the database and its KEK", database_and_kek, EVERYBODY, NO_ORDER},
	{FROM(PLAIN), "card", "one card, opened", one_card, ONE, NO_ORDER},

	{FROM(AEAD), "mail", "the sealed file of one batch, in transit", mail, NOBODY, NO_ORDER},
	{FROM(AEAD), "batch-key", "the same and that batch's transport key", batch_key, A_BATCH, NO_ORDER},
	{FROM(AEAD), "recipient-key", "every sealed file, and the key that the operator opens files with",
	 recipient_key, EVERYBODY, NO_ORDER},
	{FROM(AEAD), "database", "the operator's database, without its KEK", database, NOBODY, NO_ORDER},
	{FROM(AEAD), "database-kek", "the database and its KEK", database_and_kek, EVERYBODY, NO_ORDER},
	{FROM(AEAD), "card", "one card, opened", one_card, ONE, NO_ORDER},

	{FROM(DERIVED), "mail", "the output file of one batch: no key in it", mail, NOBODY, NO_ORDER},
	{FROM(DERIVED), "master", "the master key", master, EVERYBODY, NO_ORDER},
	{FROM(DERIVED), "quorum-apart", "the two of three needed shares that one jurisdiction holds",
	 quorum_apart, NOBODY, NO_ORDER},
	{FROM(DERIVED), "quorum-at-home",
	 "the three shares of a plan that lets one jurisdiction hold a quorum", quorum_at_home, EVERYBODY,
	 NO_ORDER},
	{FROM(DERIVED), "database", "the operator's database: no key in it", database, NOBODY, NO_ORDER},
	{FROM(DERIVED), "database-kek", "the database and its KEK, but not the token", database_and_kek,
	 NOBODY, NO_ORDER},
	{FROM(DERIVED), "card", "one card, opened", one_card, ONE, NO_ORDER},

	{FROM(DERIVED_BATCH), "mail", "the output file of one batch: no key in it", mail, NOBODY, NO_ORDER},
	{FROM(DERIVED_BATCH), "batch-key", "the key of one batch", batch_key, A_BATCH, NO_ORDER},
	{FROM(DERIVED_BATCH), "master", "the master that batch keys come from", master, EVERYBODY, NO_ORDER},
	{FROM(DERIVED_BATCH), "quorum-apart", "the two of three needed shares that one jurisdiction holds",
	 quorum_apart, NOBODY, NO_ORDER},
	{FROM(DERIVED_BATCH), "quorum-at-home",
	 "the three shares of a plan that lets one jurisdiction hold a quorum", quorum_at_home, EVERYBODY,
	 NO_ORDER},
	{FROM(DERIVED_BATCH), "database", "the operator's database: no key in it", database, NOBODY,
	 NO_ORDER},
	{FROM(DERIVED_BATCH), "database-kek", "the database and its KEK, but not the token", database_and_kek,
	 NOBODY, NO_ORDER},
	{FROM(DERIVED_BATCH), "card", "one card, opened", one_card, ONE, NO_ORDER},
	{FROM(DERIVED_BATCH), "escrow-list", "what authority A was handed: a list of every K", everybody,
	 EVERYBODY, "list of K", "no", RADIUS_ONE, 1},
	{FROM(DERIVED_BATCH), "escrow-master", "what authority A was handed: the master", master, EVERYBODY,
	 "the master", "no", RADIUS_ONE, 1},
	{FROM(DERIVED_BATCH), "escrow-copies", "each batch's key, wrapped to authority A: the copies alone",
	 escrow_wrapped, NOBODY, "a copy per batch, wrapped", "no", RADIUS_BATCH, 0},
	{FROM(DERIVED_BATCH), "escrow-agency-key", "the copies and authority A's private key",
	 escrow_wrapped_and_key, EVERYBODY, "a copy per batch, wrapped", "no", RADIUS_BATCH, 1},
	{FROM(DERIVED_BATCH), "escrow-release", "what quorums released on order: K of each person named",
	 targets, TARGETS, "release by a quorum, on order", "no", RADIUS_TARGETS, 0},
	{FROM(DERIVED_BATCH), "escrow-core", "what the core gave on order: session keys from then on",
	 interception, RADIUS_NOBODY, RADIUS_TARGETS, RADIUS_NOBODY, "interception in the core",
	 "yes: the order ends, and so do its keys", RADIUS_TARGETS, 0},

	{FROM(AGREED), "mail", "the output file and agreements of one batch: public values", mail, NOBODY,
	 NO_ORDER},
	{FROM(AGREED), "batch-key", "the same and the operator's private key, before the import destroys it",
	 batch_key, A_BATCH, NO_ORDER},
	{FROM(AGREED), "batch-key-late", "the same after the import: the private key is destroyed", mail,
	 NOBODY, NO_ORDER},
	{FROM(AGREED), "database", "the operator's database, without its KEK", database, NOBODY, NO_ORDER},
	{FROM(AGREED), "database-kek", "the database and its KEK", database_and_kek, EVERYBODY, NO_ORDER},
	{FROM(AGREED), "card", "one card, opened", one_card, ONE, NO_ORDER},

	{FROM(PLAIN), "nothing", "no secret at all: a control", nothing, NOBODY, NO_ORDER},
	{FROM(AEAD), "nothing", "no secret at all: a control", nothing, NOBODY, NO_ORDER},
	{FROM(DERIVED), "nothing", "no secret at all: a control", nothing, NOBODY, NO_ORDER},
	{FROM(DERIVED_BATCH), "nothing", "no secret at all: a control", nothing, NOBODY, NO_ORDER},
	{FROM(AGREED), "nothing", "no secret at all: a control", nothing, NOBODY, NO_ORDER},
};
const size_t theft_count = sizeof(thefts) / sizeof(thefts[0]);

uint32_t theft_radius(enum radius radius, const struct prize *prize)
{
	switch (radius) {
	case RADIUS_ONE:
		return 1;
	case RADIUS_TARGETS:
		return prize->target_count;
	case RADIUS_BATCH:
		return batch_end(prize) - fleet_batch_first(prize->fleet, prize->batch);
	case RADIUS_EVERYBODY:
		return prize->fleet->count;
	default:
		return 0;
	}
}

/* A number below `limit` from a stream. */
static int below(struct draw *draw, uint32_t *out, uint32_t limit)
{
	uint8_t number[4];

	if (draw_fill(draw, number, sizeof(number)) < 0)
		return -1;
	*out = heard_number(number) % limit;
	return 0;
}

int theft_aim(struct prize *prize, const struct fleet *fleet, uint32_t *targets_out, uint32_t count)
{
	struct draw draw;
	uint32_t i, j, step;

	if (count > fleet->count)
		count = fleet->count;
	if (draw_start(&draw, fleet->seed, "aim", fleet->design, 0) < 0 ||
	    below(&draw, &prize->batch, fleet->batches) < 0 || below(&draw, &prize->card, fleet->count) < 0)
		return -1;
	/* one from each of `count` equal stretches: no two are the same */
	step = count ? fleet->count / count : 0;
	for (i = 0; i < count; i++) {
		if (below(&draw, &j, step) < 0)
			return -1;
		targets_out[i] = i * step + j;
	}
	prize->fleet = fleet;
	prize->targets = targets_out;
	prize->target_count = count;
	return 0;
}
