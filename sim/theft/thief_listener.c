/* thief_listener - listened to the radio, and has keys that were stolen earlier.
 *
 *     simrite-thief-listener CAPTURED OUT
 *
 * CAPTURED holds radio.pcapng and keys.jsonl, another thief's loot (or what a
 * database leaked). It sends nothing: every key is tried on every session of
 * its subscriber, whether that was recorded before the theft or after it. */
#include <string.h>

#include "theft/loot.h"
#include "theft/stolen.h"

/* Sessions whose AUTN the key explains: those it opened, and those it could not. */
static unsigned explained(const struct record *record, const struct stolen *stolen)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < record->count; i++) {
		const struct session *session = &record->sessions[i];
		const struct stolen_key *key = stolen_of(stolen, session->imsi);

		n += key && break_in_fits(session, key->k, key->opc);
	}
	return n;
}

static int steal(const char *captured, const char *out, struct fault *fault)
{
	struct stolen stolen;
	struct record record;
	struct loot loot;
	char path[512];
	unsigned fitting;
	size_t i;
	int e;

	(void)snprintf(path, sizeof(path), "%s/radio.pcapng", captured);
	if (stolen_read(&stolen, captured, fault) < 0)
		return -1;
	if (record_read(&record, path, fault) < 0) {
		stolen_free(&stolen);
		return -1;
	}
	e = loot_open(&loot, out, fault);
	if (e == 0) {
		fitting = explained(&record, &stolen);
		for (i = 0; i < stolen.count; i++)
			loot_key(&loot, &record, &stolen.keys[i], "stolen earlier");
		e = loot_close(&loot, fault);
		printf("{\"type\":\"result\",\"schema\":1,\"thief\":\"listener\",\"heard\":%zu,\"keys\":%zu,"
		       "\"fitting\":%u,\"sessions\":%u}\n",
		       record.count, stolen.count, fitting, loot.session_count);
	}
	record_free(&record);
	stolen_free(&stolen);
	return e;
}

int main(int argc, char **argv)
{
	struct fault fault;

	if (argc != 3) {
		fputs("usage: simrite-thief-listener CAPTURED OUT\n", stderr);
		return FAULT_USAGE;
	}
	if (steal(argv[1], argv[2], &fault) == 0)
		return 0;
	fprintf(stderr, "simrite-thief-listener: %s\n", fault.text);
	return (int)fault.code;
}
