/* thief_operator - has an operator's subscriber database, and listened to the radio.
 *
 *     simrite-thief-operator CAPTURED OUT
 *
 * CAPTURED holds auc.db (SQLite), auc.db.kek (64 hex digits) and radio.pcapng.
 * How keys are wrapped in that database is published (simrite-auc(8)):
 * AES-256-GCM under the key beside it, the row as associated data. A row
 * without a ciphertext is of a subscriber whose keys a token computes: there
 * is nothing to unwrap. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/gcm.h"
#include "crypto/wipe.h"
#include "theft/attempt.h"

enum {
	SEALED_VERSION = 0x01,     /* of the sealed form: Milenage */
	SEALED = 1 + 12 + 32 + 16, /* version, nonce, K and OPc, tag */
	KEK = 32,
};

struct burglar {
	struct attempt attempt;
	uint8_t kek[KEK];
	unsigned subscribers, without; /* seen, and those without a key in the database */
};

static bool take_kek(struct burglar *burglar, const char *captured)
{
	char path[512], line[80] = "", pair[3] = {0};
	FILE *file;
	size_t i;
	bool whole;

	(void)snprintf(path, sizeof(path), "%s/auc.db.kek", captured);
	file = fopen(path, "re");
	whole = file && fgets(line, sizeof(line), file) && strspn(line, "0123456789abcdefABCDEF") == 64;
	if (file)
		fclose(file);
	for (i = 0; whole && i < KEK; i++) {
		memcpy(pair, line + 2 * i, 2);
		burglar->kek[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	wipe(line, sizeof(line));
	return whole;
}

static size_t add(uint8_t *out, size_t at, const void *bytes, size_t length)
{
	memcpy(out + at, bytes, length);
	return at + length;
}

/* The row as it was sealed: purpose and three texts, each with its final 0,
 * then design, AMF and the check values. */
static size_t bound(uint8_t out[static 200], sqlite3_stmt *row)
{
	static const char purpose[] = "simrite subscriber v1";
	const char *design = (const char *)sqlite3_column_text(row, 3);
	const int amf = sqlite3_column_int(row, 4);
	const uint8_t numbers[3] = {!strcmp(design, "bulk-plain") ? 0 : 2, (uint8_t)(amf >> 8), (uint8_t)amf};
	size_t n = add(out, 0, purpose, sizeof(purpose));
	int i;

	for (i = 0; i < 3; i++)
		n = add(out, n, sqlite3_column_text(row, i), (size_t)sqlite3_column_bytes(row, i) + 1);
	n = add(out, n, numbers, sizeof(numbers));
	n = add(out, n, sqlite3_column_blob(row, 5), 3);
	return add(out, n, sqlite3_column_blob(row, 6), 3);
}

/* Is the row one whose fields have the lengths they should have? */
static bool sound(sqlite3_stmt *row)
{
	int i, texts = 0;

	for (i = 0; i < 4; i++) {
		if (sqlite3_column_type(row, i) != SQLITE_TEXT)
			return false;
		texts += sqlite3_column_bytes(row, i);
	}
	return texts < 120 && sqlite3_column_bytes(row, 5) == 3 && sqlite3_column_bytes(row, 6) == 3;
}

static void take_row(struct burglar *burglar, sqlite3_stmt *row)
{
	const uint8_t *sealed = sqlite3_column_blob(row, 7);
	uint8_t about[200], keys[32];
	size_t length;

	burglar->subscribers++;
	if (!sound(row))
		return;
	if (sqlite3_column_bytes(row, 7) != SEALED || sealed[0] != SEALED_VERSION) {
		burglar->without++;
		return;
	}
	length = bound(about, row);
	if (gcm_open(keys, (struct span){burglar->kek, KEK}, sealed + 1, (struct span){about, length},
		     (struct span){sealed + 13, 32}, sealed + 45) == OK)
		(void)attempt_key(&burglar->attempt, (const char *)sqlite3_column_text(row, 0), keys,
				  keys + 16, "the database");
	wipe(keys, sizeof(keys));
}

static int read_database(struct burglar *burglar, const char *captured, struct fault *fault)
{
	static const char statement[] =
		"SELECT imsi, iccid, batch, design, amf, kcv_k, kcv_opc, sealed FROM subscriber";
	char path[512], uri[600];
	sqlite3 *database = NULL;
	sqlite3_stmt *row = NULL;
	int e = -1;

	(void)snprintf(path, sizeof(path), "%s/auc.db", captured);
	if (access(path, F_OK) < 0)
		return 0;
	(void)snprintf(uri, sizeof(uri), "file:%s?immutable=1", path);
	if (sqlite3_open_v2(uri, &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(database, statement, -1, &row, NULL) == SQLITE_OK) {
		while ((e = sqlite3_step(row)) == SQLITE_ROW)
			take_row(burglar, row);
		e = e == SQLITE_DONE ? 0 : -1;
	}
	if (e < 0)
		fault_set(fault, FAULT_INPUT, NULL, "%s: %s", path, sqlite3_errmsg(database));
	(void)sqlite3_finalize(row);
	(void)sqlite3_close(database);
	return e;
}

static int steal(const char *captured, const char *out, struct fault *fault)
{
	struct burglar burglar = {.subscribers = 0};
	char more[80];
	int e = attempt_begin(&burglar.attempt, captured, out, fault);

	if (e == 0) {
		e = take_kek(&burglar, captured) ? read_database(&burglar, captured, fault) : 0;
		if (attempt_end(&burglar.attempt, fault) < 0)
			e = -1;
	}
	if (e == 0) {
		(void)snprintf(more, sizeof(more), ",\"subscribers\":%u,\"keys_elsewhere\":%u",
			       burglar.subscribers, burglar.without);
		attempt_tell(&burglar.attempt, "operator", more);
	}
	attempt_free(&burglar.attempt);
	wipe(burglar.kek, sizeof(burglar.kek));
	return e;
}

int main(int argc, char **argv)
{
	return attempt_main(argc, argv, "operator", steal);
}
