#include "theft/unseal.h"

#include <stdio.h>
#include <string.h>

#include "crypto/p256.h"
#include "lib/hpke.h"
#include "theft/base64.h"
#include "theft/table.h"

enum {
	ABOUT = 256
};

static const char mark[] = "Envelope;1;", purpose[] = "simrite envelope 1";
static const char *const sealed[] = {"Ki", "OPc", "PIN", "PIN2", "PUK", "PUK2", "ADM1"};

bool unseal_is(const char *text, size_t length)
{
	return length > sizeof(mark) && !memcmp(text, mark, sizeof(mark) - 1);
}

static bool is_sealed(const char *name)
{
	for (size_t i = 0; i < sizeof(sealed) / sizeof(sealed[0]); i++)
		if (!strcmp(name, sealed[i]))
			return true;
	return false;
}

/* The next message, whatever column it stands in; its length or -1. */
static long message(struct hpke *hpke, uint8_t *out, const struct table *table, int column)
{
	const char *batch = table_field(table, "OrderId");
	uint8_t bytes[TABLE_FIELD];
	char about[ABOUT];
	int n = snprintf(about, sizeof(about), "%s%c%s%c%s%c%s", table->name[column], 0,
			 table_field(table, "IMSI"), 0, table_field(table, "ICCID"), 0,
			 batch[0] ? batch : table_field(table, "Batch"));
	size_t length =
		base64_bytes(bytes, sizeof(bytes), table->field[column], strlen(table->field[column]));

	if (n < 0 || n + 1 > ABOUT || length < HPKE_TAG ||
	    hpke_open(hpke, out, (struct span){(const uint8_t *)about, (size_t)n + 1},
		      (struct span){bytes, length}) < 0)
		return -1;
	return (long)length - HPKE_TAG;
}

/* A card: every message in order, because each has its number. False when one does not open. */
static bool card(struct hpke *hpke, const struct table *table, uint8_t k[static 16], uint8_t opc[static 16])
{
	char text[TABLE_FIELD + 1];
	bool have_k = false, have_opc = false;

	for (int i = 0; i < table->columns; i++) {
		long length;

		if (!is_sealed(table->name[i]) || !table->field[i][0])
			continue;
		length = message(hpke, (uint8_t *)text, table, i);
		if (length < 0)
			return false;
		text[length] = 0;
		if (!strcmp(table->name[i], "Ki"))
			have_k = table_hex(k, 16, text);
		if (!strcmp(table->name[i], "OPc"))
			have_opc = table_hex(opc, 16, text);
	}
	return have_k && have_opc;
}

static int agree(void *context, uint8_t x[static 32], const uint8_t point[static HPKE_POINT])
{
	return hpke_agree_in_memory(context, x, point);
}

static bool begin(struct hpke *hpke, const char *text, const char *header, size_t header_length,
		  const struct unseal_keys *keys)
{
	struct unseal_keys copy = *keys;
	struct hpke_private own = {agree, copy.recipient, {0}};
	uint8_t compressed[P256_COMPRESSED], ephemeral[HPKE_POINT], info[sizeof(purpose) + 512];
	char hex[2 * P256_COMPRESSED + 1];

	(void)snprintf(hex, sizeof(hex), "%.66s", text + sizeof(mark) - 1);
	memcpy(own.point, keys->recipient_public, HPKE_POINT);
	memcpy(info, purpose, sizeof(purpose));
	if (header_length > 512)
		return false;
	memcpy(info + sizeof(purpose), header, header_length);
	return table_hex(compressed, sizeof(compressed), hex) &&
	       p256_uncompress(ephemeral, (struct span){compressed, sizeof(compressed)}) == OK &&
	       hpke_recipient(hpke, HPKE_AES_256_GCM, ephemeral, &own, keys->sender_public,
			      (struct span){info, sizeof(purpose) + header_length}) == 0;
}

long unseal(const char *text, size_t length, const struct unseal_keys *keys,
	    void (*take)(void *context, const char *imsi, const uint8_t k[static 16],
			 const uint8_t opc[static 16]),
	    void *context)
{
	static const char *const needed[] = {"IMSI", "ICCID", NULL};
	const char *header = memchr(text, '\n', length), *end;
	struct table table;
	struct hpke hpke;
	uint8_t k[16], opc[16];
	long count = 0;

	if (!header || length < sizeof(mark) + 2UL * P256_COMPRESSED)
		return -1;
	header++;
	end = memchr(header, '\n', length - (size_t)(header - text));
	if (!end)
		return -1;
	if (end[-1] == '\r')
		end--;
	if (!begin(&hpke, text, header, (size_t)(end - header), keys) ||
	    !table_find(&table, header, length - (size_t)(header - text), needed))
		return -1;
	while (table_next(&table)) {
		if (!card(&hpke, &table, k, opc))
			return count ? count : -1;
		take(context, table_field(&table, "IMSI"), k, opc);
		count++;
	}
	return count;
}
