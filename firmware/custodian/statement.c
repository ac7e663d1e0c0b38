/* Parts go into the hash as they come: no text is ever put together in memory. */
#include "custodian/statement.h"

#include <string.h>

#include "crypto/wipe.h"

static const char *const labels[] = {
	[STATEMENT_COMMIT] = "simrite commit v1",
	[STATEMENT_HELD] = "simrite share held v1",
	[STATEMENT_DESTROYED] = "simrite share destroyed v1",
	[STATEMENT_PRESENT] = "simrite present v1",
	[STATEMENT_SIGNOFF] = "simrite signoff v1",
};

static void start(struct sha256 *h, const char *label)
{
	sha256_start(h);
	sha256_add(h, label, strlen(label));
}

static void add_text(struct sha256 *h, struct span text)
{
	sha256_add(h, "\n", 1);
	sha256_add(h, text.at, text.length);
}

/* The digit is computed, for the bytes may be a secret: 'a' is 39 more than the tenth behind '0'. */
static uint8_t digit(unsigned nibble)
{
	return (uint8_t)('0' + nibble + (((9 - nibble) >> 8) & 39));
}

static void add_hex(struct sha256 *h, const uint8_t *bytes, size_t length)
{
	uint8_t digits[2];

	sha256_add(h, "\n", 1);
	for (size_t i = 0; i < length; i++) {
		digits[0] = digit(bytes[i] >> 4);
		digits[1] = digit(bytes[i] & 0x0F);
		sha256_add(h, digits, sizeof(digits));
	}
	wipe(digits, sizeof(digits));
}

/* 1..STATEMENT_CUSTODIANS. */
static void add_number(struct sha256 *h, uint8_t number)
{
	uint8_t text[3] = {'\n', '1', 0};
	size_t length = number < 10 ? 1 : 2;

	text[length] = (uint8_t)('0' + (number < 10 ? number : number - 10));
	sha256_add(h, text, length + 1);
}

static void add_about(struct sha256 *h, const struct statement_about *about)
{
	add_text(h, about->ceremony);
	add_hex(h, about->set, STATEMENT_SET);
	add_number(h, about->index);
}

int statement_is_part(struct span part, size_t most)
{
	if (part.length == 0 || part.length > most)
		return 0;
	for (size_t i = 0; i < part.length; i++)
		if (part.at[i] < ' ' || part.at[i] == 0x7F)
			return 0;
	return 1;
}

int statement_of_holding(uint8_t digest[static SHA256_LENGTH], enum statement which,
			 const struct statement_about *about, const uint8_t commitment[static SHA256_LENGTH])
{
	struct sha256 h;

	start(&h, labels[which]);
	add_about(&h, about);
	add_hex(&h, commitment, SHA256_LENGTH);
	return sha256_finish(&h, digest);
}

int statement_of_party(uint8_t digest[static SHA256_LENGTH], enum statement which, struct span ceremony,
		       struct span name, const uint8_t head[static SHA256_LENGTH])
{
	struct sha256 h;

	start(&h, labels[which]);
	add_text(&h, ceremony);
	add_text(&h, name);
	add_hex(&h, head, SHA256_LENGTH);
	return sha256_finish(&h, digest);
}

int statement_of_session(uint8_t digest[static SHA256_LENGTH], struct span context,
			 const uint8_t card_key[static P256_COMPRESSED],
			 const uint8_t host_key[static P256_COMPRESSED])
{
	struct sha256 h;

	start(&h, "simrite session v1");
	add_text(&h, context);
	add_hex(&h, card_key, P256_COMPRESSED);
	add_hex(&h, host_key, P256_COMPRESSED);
	return sha256_finish(&h, digest);
}

int statement_contribution(uint8_t digest[static SHA256_LENGTH], const struct statement_about *about,
			   const uint8_t contribution[static STATEMENT_VALUE])
{
	struct sha256 h;

	start(&h, "simrite contribution v1");
	add_about(&h, about);
	add_hex(&h, contribution, STATEMENT_VALUE);
	return sha256_finish(&h, digest);
}

int statement_share(uint8_t digest[static SHA256_LENGTH], const struct statement_about *about,
		    uint8_t threshold, uint8_t total, const uint8_t secret[static 2 * STATEMENT_VALUE])
{
	struct sha256 h;

	start(&h, "simrite share v1");
	add_about(&h, about);
	add_number(&h, threshold);
	add_number(&h, total);
	add_hex(&h, secret, STATEMENT_VALUE);
	add_hex(&h, secret + STATEMENT_VALUE, STATEMENT_VALUE);
	return sha256_finish(&h, digest);
}
