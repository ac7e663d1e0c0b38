/* thief_vendor - made the cards, and put something into them that it did not tell.
 *
 *     simrite-thief-vendor CAPTURED OUT
 *
 * CAPTURED holds vendor-secret.hex (what is in every card the vendor made),
 * receipts.jsonl, receipts-2.jsonl ... (what the cards signed when they agreed
 * on keys; auditors get them, no secret is in them) and radio.pcapng. If the
 * cards make their halves of the agreements from that secret, the vendor makes
 * them too: always the same half, or one of the ICCID, the operator's key and
 * how often the slot was loaded. If they do not, none fits, and it gets nothing. */
#include <stdlib.h>
#include <string.h>

#include "crypto/hmac.h"
#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "crypto/wipe.h"
#include "keys/derive.h"
#include "theft/attempt.h"

enum {
	FILES = 9,
	LINE = 4096,
	SECRET = 32,
	/* firmware/keys/ticket.h says what is where */
	TICKET_LENGTH = 169,
	TICKET_OPERATOR = 72,
	RECEIPT_LENGTH = 234,
	RECEIPT_ICCID = 48,
	RECEIPT_SLOT = 91,
	RECEIPT_LOADS = 93,
	RECEIPT_EPHEMERAL = 137,
};

struct vendor {
	struct attempt attempt;
	uint8_t secret[SECRET];
	bool has_secret;
	unsigned receipts, halves; /* read; and of how many the half was known */
};

/* RFC 4648 4: as many bytes as there are, at most `size`; 0 for what is none. */
static size_t unbase64(uint8_t *out, size_t size, const char *text, size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	size_t n = 0, have = 0;

	for (size_t i = 0; i < length && text[i] != '='; i++) {
		const char *digit = text[i] ? strchr(digits, text[i]) : NULL;

		if (!digit)
			return 0;
		bits = bits << 6 | (uint32_t)(digit - digits);
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (n == size)
			return 0;
		out[n++] = (uint8_t)(bits >> have);
	}
	return n;
}

/* The value of "name":"..." in a line of canonical JSON, from base64. */
static bool member(uint8_t *out, size_t length, const char *line, const char *name)
{
	char want[32];
	const char *at;

	(void)snprintf(want, sizeof(want), "\"%s\":\"", name);
	at = strstr(line, want);
	if (!at)
		return false;
	at += strlen(want);
	return unbase64(out, length, at, strcspn(at, "\"")) == length;
}

static void secret_for(uint8_t out[static SHA256_LENGTH], const struct vendor *vendor, const uint8_t *about,
		       size_t length)
{
	struct hmac m;

	hmac_start(&m, (struct span){vendor->secret, SECRET});
	hmac_add(&m, "half", 4);
	hmac_add(&m, about, length);
	if (hmac_finish(&m, out) < 0)
		memset(out, 0, SHA256_LENGTH);
}

/* No mask: nobody measures a thief. */
static int no_mask(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 1, length);
	return 0;
}

static const struct p256_random unmasked = {no_mask, NULL};

/* Is this the private half of the receipt's? */
static bool is_half(const uint8_t half[static P256_PRIVATE], const uint8_t *receipt)
{
	uint8_t public_key[P256_UNCOMPRESSED];

	return p256_public(public_key, half, &unmasked) == OK &&
	       memcmp(public_key + 1, receipt + RECEIPT_EPHEMERAL + 1, 32) == 0;
}

static bool find_half(uint8_t half[static P256_PRIVATE], const struct vendor *vendor, const uint8_t *receipt,
		      const uint8_t *ticket)
{
	uint8_t seed[SHA256_LENGTH], loads = (uint8_t)(receipt[RECEIPT_LOADS + 1] - 1); /* before this one */
	struct sha256 about;

	secret_for(half, vendor, NULL, 0);
	if (is_half(half, receipt))
		return true;
	sha256_start(&about);
	sha256_add(&about, receipt + RECEIPT_ICCID, 10);
	sha256_add(&about, ticket + TICKET_OPERATOR, P256_COMPRESSED);
	sha256_add(&about, &loads, 1);
	if (sha256_finish(&about, seed) < 0)
		return false;
	secret_for(half, vendor, seed, sizeof(seed));
	return is_half(half, receipt);
}

/* One agreement: its half, its keys, and whose they are by what was heard. */
static void try_receipt(struct vendor *vendor, const char *line)
{
	uint8_t receipt[RECEIPT_LENGTH], ticket[TICKET_LENGTH], half[P256_PRIVATE], x[P256_SHARED];
	uint8_t about[DERIVE_AGREED_ABOUT], keys[DERIVE_AGREED_KEYS];

	if (!member(receipt, sizeof(receipt), line, "receipt") ||
	    !member(ticket, sizeof(ticket), line, "ticket"))
		return;
	vendor->receipts++;
	if (!vendor->has_secret || !find_half(half, vendor, receipt, ticket))
		return;
	vendor->halves++;
	memcpy(about, receipt + RECEIPT_ICCID, 10);
	about[10] = receipt[RECEIPT_SLOT];
	memcpy(about + 11, ticket + TICKET_OPERATOR, P256_COMPRESSED);
	memcpy(about + 11 + P256_COMPRESSED, receipt + RECEIPT_EPHEMERAL, P256_COMPRESSED);
	if (p256_shared(x, half, (struct span){ticket + TICKET_OPERATOR, P256_COMPRESSED}, &unmasked) == OK &&
	    derive_agreed(keys, x, about) == OK)
		(void)attempt_key(&vendor->attempt, NULL, keys, keys + 16,
				  "a receipt, and the vendor's secret");
	wipe(half, sizeof(half));
	wipe(keys, sizeof(keys));
}

static void take_secret(struct vendor *vendor, const char *captured)
{
	char path[512], line[2 * SECRET + 2] = "", pair[3] = {0};
	FILE *from;

	(void)snprintf(path, sizeof(path), "%s/vendor-secret.hex", captured);
	from = fopen(path, "re");
	if (!from)
		return;
	vendor->has_secret = fgets(line, sizeof(line), from) != NULL &&
			     strspn(line, "0123456789abcdef") == sizeof(vendor->secret) * 2;
	for (size_t i = 0; vendor->has_secret && i < SECRET; i++) {
		memcpy(pair, line + 2 * i, 2);
		vendor->secret[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	(void)fclose(from);
}

static int steal(const char *captured, const char *out, struct fault *fault)
{
	struct vendor vendor = {.receipts = 0};
	char path[512], line[LINE], more[64];
	int e = attempt_begin(&vendor.attempt, captured, out, fault);

	take_secret(&vendor, captured);
	for (unsigned i = 1; e == 0 && i <= FILES; i++) {
		FILE *from;

		(void)snprintf(path, sizeof(path), i > 1 ? "%s/receipts-%u.jsonl" : "%s/receipts.jsonl",
			       captured, i);
		from = fopen(path, "re");
		while (from && fgets(line, sizeof(line), from))
			try_receipt(&vendor, line);
		if (from)
			(void)fclose(from);
	}
	if (e == 0 && attempt_end(&vendor.attempt, fault) < 0)
		e = -1;
	if (e == 0) {
		(void)snprintf(more, sizeof(more), ",\"receipts\":%u,\"halves\":%u", vendor.receipts,
			       vendor.halves);
		attempt_tell(&vendor.attempt, "vendor", more);
	}
	attempt_free(&vendor.attempt);
	wipe(vendor.secret, sizeof(vendor.secret));
	return e;
}

int main(int argc, char **argv)
{
	return attempt_main(argc, argv, "vendor", steal);
}
