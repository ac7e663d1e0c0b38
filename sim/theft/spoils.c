#include "theft/spoils.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/aes.h"
#include "crypto/sha256.h"
#include "crypto/wipe.h"
#include "crypto/x963.h"
#include "keys/derive.h"
#include "lib/share.h"

enum {
	LINE = 640,
	FIELDS = 32,
};

/* ---- small files ---- */

static FILE *captured_file(const char *captured, const char *name)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%.400s/%s", captured, name);
	return fopen(path, "re");
}

static bool unhex(uint8_t *out, size_t length, const char *text)
{
	char pair[3] = {0};

	if (strlen(text) != 2 * length || strspn(text, "0123456789abcdefABCDEF") != 2 * length)
		return false;
	for (size_t i = 0; i < length; i++) {
		memcpy(pair, text + 2 * i, 2);
		out[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return true;
}

/* The 32 bytes of a file; false when it is not there or holds something else. */
static bool key_file(uint8_t key[static 32], const char *captured, const char *name)
{
	FILE *file = captured_file(captured, name);
	char line[80] = "";
	bool good = file && fgets(line, sizeof(line), file);

	if (file)
		fclose(file);
	line[strcspn(line, "\r\n")] = 0;
	good = good && unhex(key, 32, line);
	wipe(line, sizeof(line));
	return good;
}

/* The fields of a line, cut at ';'. */
static int split(char *fields[static FIELDS], char *line)
{
	int count = 0;

	line[strcspn(line, "\r\n")] = 0;
	while (count < FIELDS) {
		fields[count++] = line;
		line = strchr(line, ';');
		if (!line)
			break;
		*line++ = 0;
	}
	return count;
}

/* ---- keys in clear ---- */

static int column(char *fields[static FIELDS], int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(fields[i], name))
			return i;
	return FIELDS;
}

static void open_list(struct hoard *hoard, const char *captured)
{
	FILE *file = captured_file(captured, "output.csv");
	uint8_t imsi[HEARD_IMSI], k[16], opc[16];
	char line[LINE], *fields[FIELDS];
	int count, at_imsi, at_k, at_opc;

	if (!file)
		return;
	if (fgets(line, sizeof(line), file)) {
		count = split(fields, line);
		at_imsi = column(fields, count, "IMSI");
		at_k = column(fields, count, "Ki");
		at_opc = column(fields, count, "OPc");
		while (at_k < FIELDS && fgets(line, sizeof(line), file)) {
			count = split(fields, line);
			if (at_imsi >= count || at_k >= count || at_opc >= count ||
			    strlen(fields[at_imsi]) != 15 || !unhex(k, 16, fields[at_k]) ||
			    !unhex(opc, 16, fields[at_opc]))
				continue;
			heard_imsi(imsi, fields[at_imsi]);
			(void)hoard_key(hoard, imsi, k, opc);
		}
	}
	fclose(file);
}

/* ---- sealed records ---- */

void spoils_associated(uint8_t out[static SPOILS_ASSOCIATED], const struct envelope *envelope)
{
	memcpy(out, SPOILS_ENVELOPE, sizeof(SPOILS_ENVELOPE));
	memcpy(out + sizeof(SPOILS_ENVELOPE), envelope, SPOILS_ENVELOPE_OPEN);
}

static void open_envelope(struct hoard *hoard, const struct envelope *e, const uint8_t key[static 32])
{
	uint8_t clear[32], associated[SPOILS_ASSOCIATED];

	spoils_associated(associated, e);
	if (gcm_open(clear, (struct span){key, 32}, e->nonce, (struct span){associated, sizeof(associated)},
		     (struct span){e->sealed, sizeof(e->sealed)}, e->tag) == OK)
		(void)hoard_key(hoard, e->imsi, clear, clear + 16);
}

/* ECDH with the private key of whom they are wrapped to. */
struct opener {
	uint8_t private_key[32], public_key[P256_COMPRESSED];
	const struct p256_random *random;
};

static bool opener_read(struct opener *opener, const char *captured, const char *name,
			const struct p256_random *random)
{
	uint8_t point[P256_UNCOMPRESSED];

	opener->random = random;
	return key_file(opener->private_key, captured, name) &&
	       p256_public(point, opener->private_key, random) == OK &&
	       p256_compress(opener->public_key, (struct span){point, sizeof(point)}) == OK;
}

static bool unwrap(uint8_t key[static 32], const struct wrapped *copy, const struct opener *opener)
{
	uint8_t x[32], keys[SPOILS_WRAPPED_KEYS], info[2 * P256_COMPRESSED];

	memcpy(info, copy->ephemeral, P256_COMPRESSED);
	memcpy(info + P256_COMPRESSED, opener->public_key, P256_COMPRESSED);
	return p256_shared(x, opener->private_key, (struct span){copy->ephemeral, P256_COMPRESSED},
			   opener->random) == OK &&
	       x963(keys, sizeof(keys), (struct span){x, 32}, (struct span){info, sizeof(info)}) == OK &&
	       gcm_open(key, (struct span){keys, 32}, keys + 32, (struct span){copy->number, 4},
			(struct span){copy->sealed, 32}, copy->tag) == OK;
}

/* One key for all of them, or each batch's, which travels wrapped. */
static int open_envelopes(struct hoard *hoard, const char *captured, const struct p256_random *random,
			  struct fault *fault)
{
	uint8_t key[32];
	bool have_key = key_file(key, captured, "envelope-key.hex");
	struct heard_file file, copies;
	struct opener opener;
	size_t i;

	if (heard_map(&file, captured, "envelopes.bin", sizeof(struct envelope), fault) < 0)
		return -1;
	for (i = 0; have_key && i < file.count; i++)
		open_envelope(hoard, (const struct envelope *)(const void *)file.at + i, key);
	if (heard_map(&copies, captured, "wrapped.bin", sizeof(struct wrapped), fault) < 0) {
		heard_unmap(&file);
		return -1;
	}
	if (opener_read(&opener, captured, "recipient-key.hex", random))
		for (size_t c = 0; c < copies.count; c++) {
			const struct wrapped *copy = (const struct wrapped *)(const void *)copies.at + c;

			if (!unwrap(key, copy, &opener))
				continue;
			for (i = 0; i < file.count; i++) {
				const struct envelope *e = (const struct envelope *)(const void *)file.at + i;

				if (!memcmp(e->batch, copy->number, sizeof(copy->number)))
					open_envelope(hoard, e, key);
			}
		}
	heard_unmap(&copies);
	heard_unmap(&file);
	return 0;
}

/* ---- keys of keys ---- */

/* What delivery notes and one card's box say. */
struct notes {
	struct note {
		char ceremony[64], batch[48];
		uint64_t first;
		unsigned count;
	} * of;
	size_t count, printed; /* printed: the batch of the printed card */
	char iccid[24];
};

static bool read_notes(struct notes *notes, const char *captured)
{
	FILE *file = captured_file(captured, "batches.csv");
	char line[LINE], *fields[FIELDS];
	struct note *more;

	*notes = (struct notes){0};
	while (file && fgets(line, sizeof(line), file)) {
		if (split(fields, line) != 4)
			continue;
		if (!(more = realloc(notes->of, (notes->count + 1) * sizeof(*more))))
			break;
		notes->of = more;
		more += notes->count++;
		(void)snprintf(more->ceremony, sizeof(more->ceremony), "%s", fields[0]);
		(void)snprintf(more->batch, sizeof(more->batch), "%s", fields[1]);
		more->first = strtoull(fields[2], NULL, 10);
		more->count = (unsigned)strtoul(fields[3], NULL, 10);
	}
	if (file)
		fclose(file);
	notes->printed = notes->count;
	if ((file = captured_file(captured, "printed.csv"))) {
		if (fgets(line, sizeof(line), file) && split(fields, line) == 2 && strlen(fields[0]) >= 18 &&
		    strlen(fields[0]) <= 20) {
			(void)snprintf(notes->iccid, sizeof(notes->iccid), "%s", fields[0]);
			for (size_t i = 0; i < notes->count; i++)
				if (!strcmp(notes->of[i].batch, fields[1]))
					notes->printed = i;
		}
		fclose(file);
	}
	return notes->printed < notes->count;
}

static void imsi_of(uint8_t imsi[static HEARD_IMSI], uint64_t number)
{
	char digits[24];

	(void)snprintf(digits, sizeof(digits), "%015llu", (unsigned long long)(number % 1000000000000000ULL));
	heard_imsi(imsi, digits);
}

/* EF.ICCID of the card `step` places after the printed one: ITU-T E.118's check
 * digit, digit pairs swapped, F at the end (TS 102 221 13.2). */
static void iccid_of(uint8_t out[static 10], const char *printed, int64_t step)
{
	size_t n = strlen(printed) - 1, tail = n < 12 ? n : 12;
	char number[13] = {0}, digits[40];
	unsigned sum = 0;

	memcpy(number, printed + n - tail, tail);
	(void)snprintf(digits, sizeof(digits), "%.*s%0*lld", (int)(n - tail), printed, (int)tail,
		       (long long)(strtoll(number, NULL, 10) + step));
	for (size_t i = 0; i < n; i++) {
		unsigned d = (unsigned)(digits[n - 1 - i] - '0');

		sum += i % 2 ? d : d * 2 > 9 ? d * 2 - 9 : d * 2;
	}
	digits[n++] = (char)('0' + (10 - sum % 10) % 10);
	for (size_t i = 0; i < 10; i++) {
		unsigned low = 2 * i < n ? (unsigned)(digits[2 * i] - '0') : 0xF;
		unsigned high = 2 * i + 1 < n ? (unsigned)(digits[2 * i + 1] - '0') : 0xF;

		out[i] = (uint8_t)(high << 4 | low);
	}
}

static bool card_keys(uint8_t k[static 16], uint8_t opc[static 16], const uint8_t iccid[static 10],
		      const uint8_t key[static 32])
{
	return derive_key(k, DERIVE_LABEL_K, iccid, (struct span){key, 32}) == OK &&
	       derive_key(opc, DERIVE_LABEL_OPC, iccid, (struct span){key, 32}) == OK;
}

/* Whose is the printed card? The key that its number gives fits one subscriber
 * of its batch, or the key is wrong. Numbers are handed out in a row, so that
 * one tells all others. */
static bool find_printed(uint64_t *imsi, const struct hoard *hoard, const struct notes *notes,
			 const uint8_t key[static 32])
{
	const struct note *note = &notes->of[notes->printed];
	uint8_t iccid[10], k[16], opc[16], res[8], coded[HEARD_IMSI];

	iccid_of(iccid, notes->iccid, 0);
	if (!card_keys(k, opc, iccid, key))
		return false;
	for (unsigned i = 0; i < note->count; i++) {
		const struct heard *session;
		size_t at;

		imsi_of(coded, note->first + i);
		at = hoard_find(hoard, coded);
		if (at == hoard->sessions.count)
			continue;
		session = hoard_session(hoard, at);
		if (!memcmp(session->imsi, coded, HEARD_IMSI) &&
		    heard_fits(res, session->rand, session->autn, k, opc)) {
			*imsi = note->first + i;
			return true;
		}
	}
	return false;
}

/* All cards of a batch, the printed one being that subscriber's. */
static void open_batch(struct hoard *hoard, const struct notes *notes, const struct note *note,
		       uint64_t printed_imsi, const uint8_t key[static 32])
{
	uint8_t iccid[10], k[16], opc[16], coded[HEARD_IMSI];

	for (unsigned i = 0; i < note->count; i++) {
		iccid_of(iccid, notes->iccid, (int64_t)(note->first + i) - (int64_t)printed_imsi);
		imsi_of(coded, note->first + i);
		if (card_keys(k, opc, iccid, key))
			(void)hoard_key(hoard, coded, k, opc);
	}
}

/* A batch's key from the ceremony's master. */
static bool batch_key(uint8_t key[static 32], const uint8_t master[static 32], const struct note *note)
{
	static const uint8_t iv[16];
	uint8_t data[SHA256_LENGTH];
	struct sha256 h;

	sha256_start(&h);
	sha256_add(&h, "simrite batch v1\n", 17);
	sha256_add(&h, note->ceremony, strlen(note->ceremony));
	sha256_add(&h, "\n", 1);
	sha256_add(&h, note->batch, strlen(note->batch));
	return sha256_finish(&h, data) == OK &&
	       aes_cbc_encrypt(key, (struct span){master, 32}, iv, data, sizeof(data)) == OK;
}

static void open_with_batch_key(struct hoard *hoard, const struct notes *notes, const uint8_t key[static 32])
{
	uint64_t imsi;

	if (find_printed(&imsi, hoard, notes, key))
		open_batch(hoard, notes, &notes->of[notes->printed], imsi, key);
}

/* Either the cards' own master, or the batches'. */
static void open_with_master(struct hoard *hoard, const struct notes *notes, const uint8_t master[static 32])
{
	uint8_t key[32];
	uint64_t imsi;

	if (find_printed(&imsi, hoard, notes, master)) {
		for (size_t i = 0; i < notes->count; i++)
			open_batch(hoard, notes, &notes->of[i], imsi, master);
	} else if (batch_key(key, master, &notes->of[notes->printed]) &&
		   find_printed(&imsi, hoard, notes, key)) {
		for (size_t i = 0; i < notes->count; i++)
			if (batch_key(key, master, &notes->of[i]))
				open_batch(hoard, notes, &notes->of[i], imsi, key);
	}
	wipe(key, sizeof(key));
}

/* SLIP-0039: too few of them, or any that is not right, give nothing. */
static bool recombine(uint8_t master[static 32], const char *captured)
{
	FILE *file = captured_file(captured, "shares.csv");
	struct share shares[SHARE_MAX];
	char line[LINE], *fields[FIELDS];
	unsigned count = 0, threshold = 0;

	while (file && count < SHARE_MAX && fgets(line, sizeof(line), file)) {
		if (split(fields, line) != 3 || !unhex(shares[count].value, 32, fields[2]))
			continue;
		threshold = (unsigned)strtoul(fields[0], NULL, 10);
		shares[count++].x = (uint8_t)strtoul(fields[1], NULL, 10);
	}
	if (file)
		fclose(file);
	/* also with too few: what comes out is tried, and does not fit */
	return count && share_combine(master, 32, shares, count < threshold ? count : threshold) == OK;
}

/* ---- agreements, escrow, session keys ---- */

static int open_agreements(struct hoard *hoard, const char *captured, const struct p256_random *random,
			   struct fault *fault)
{
	uint8_t private_key[32], x[32], keys[DERIVE_AGREED_KEYS];
	struct heard_file file;

	if (heard_map(&file, captured, "agreements.bin", sizeof(struct agreement), fault) < 0)
		return -1;
	if (key_file(private_key, captured, "agree-key.hex"))
		for (size_t i = 0; i < file.count; i++) {
			const struct agreement *a = (const struct agreement *)(const void *)file.at + i;

			if (p256_shared(x, private_key,
					(struct span){a->about + SPOILS_EPHEMERAL, P256_COMPRESSED},
					random) == OK &&
			    derive_agreed(keys, x, a->about) == OK)
				(void)hoard_key(hoard, a->imsi, keys, keys + 16);
		}
	heard_unmap(&file);
	return 0;
}

static int open_escrow(struct hoard *hoard, const struct notes *notes, const char *captured,
		       const struct p256_random *random, struct fault *fault)
{
	uint8_t key[32];
	struct opener opener;
	uint64_t imsi = 0;
	bool found = false;
	struct heard_file file;
	const struct wrapped *copies;

	if (heard_map(&file, captured, "escrow.bin", sizeof(struct wrapped), fault) < 0)
		return -1;
	copies = (const struct wrapped *)(const void *)file.at;
	if (opener_read(&opener, captured, "agency-key.hex", random)) {
		for (size_t i = 0; i < file.count && !found; i++)
			found = heard_number(copies[i].number) == notes->printed &&
				unwrap(key, &copies[i], &opener) && find_printed(&imsi, hoard, notes, key);
		for (size_t i = 0; i < file.count && found; i++)
			if (heard_number(copies[i].number) < notes->count && unwrap(key, &copies[i], &opener))
				open_batch(hoard, notes, &notes->of[heard_number(copies[i].number)], imsi,
					   key);
	}
	heard_unmap(&file);
	return 0;
}

static int open_session_keys(struct hoard *hoard, const char *captured, struct fault *fault)
{
	struct heard_file file;

	if (heard_map(&file, captured, "session-keys.bin", sizeof(struct session_key), fault) < 0)
		return -1;
	for (size_t i = 0; i < file.count; i++) {
		const struct session_key *s = (const struct session_key *)(const void *)file.at + i;

		(void)hoard_kasme(hoard, s->imsi, s->rand, s->kasme);
	}
	heard_unmap(&file);
	return 0;
}

/* A thief needs no blinding against himself. */
static int no_secret(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 0x5A, length);
	return 0;
}

int spoils_open(struct hoard *hoard, const char *captured, struct fault *fault)
{
	const struct p256_random random = {no_secret, NULL};
	struct notes notes;
	uint8_t key[32];
	bool noted = read_notes(&notes, captured);
	int e;

	open_list(hoard, captured);
	e = open_envelopes(hoard, captured, &random, fault);
	if (noted && key_file(key, captured, "batch-key.hex"))
		open_with_batch_key(hoard, &notes, key);
	if (noted && (key_file(key, captured, "master.hex") || recombine(key, captured)))
		open_with_master(hoard, &notes, key);
	if (e == 0)
		e = open_agreements(hoard, captured, &random, fault);
	if (e == 0 && noted)
		e = open_escrow(hoard, &notes, captured, &random, fault);
	if (e == 0)
		e = open_session_keys(hoard, captured, fault);
	wipe(key, sizeof(key));
	free(notes.of);
	return e;
}
