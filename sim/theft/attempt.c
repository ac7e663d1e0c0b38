#include "theft/attempt.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int attempt_begin(struct attempt *attempt, const char *captured, const char *out, struct fault *fault)
{
	char path[512];

	memset(attempt, 0, sizeof(*attempt));
	(void)snprintf(path, sizeof(path), "%s/radio.pcapng", captured);
	if (access(path, F_OK) == 0 && record_read(&attempt->record, path, fault) < 0)
		return -1;
	attempt->opened = calloc(attempt->record.count + 1, sizeof(bool));
	if (!attempt->opened)
		return fault_set(fault, FAULT_SYSTEM, NULL, "out of memory");
	return loot_open(&attempt->loot, out, fault);
}

int attempt_end(struct attempt *attempt, struct fault *fault)
{
	return loot_close(&attempt->loot, fault);
}

void attempt_free(struct attempt *attempt)
{
	record_free(&attempt->record);
	free(attempt->opened);
	attempt->opened = NULL;
}

/* All sessions of one subscriber: its key is known. */
static void note(struct attempt *attempt, const char *imsi)
{
	size_t i;

	for (i = 0; i < attempt->record.count; i++)
		attempt->opened[i] |= !strcmp(attempt->record.sessions[i].imsi, imsi);
}

bool attempt_key(struct attempt *attempt, const char *imsi, const uint8_t k[static 16],
		 const uint8_t opc[static 16], const char *from)
{
	const struct session *session;
	struct stolen_key key;
	bool fits = false;
	size_t i;

	for (i = 0; i < attempt->record.count; i++) {
		session = &attempt->record.sessions[i];
		if (attempt->opened[i] || (imsi && strcmp(session->imsi, imsi) != 0))
			continue;
		attempt->tried++;
		if (!break_in_fits(session, k, opc)) {
			if (imsi)
				return false; /* nor does it fit his other sessions */
			continue;
		}
		memcpy(key.imsi, session->imsi, sizeof(key.imsi));
		memcpy(key.k, k, 16);
		memcpy(key.opc, opc, 16);
		loot_key(&attempt->loot, &attempt->record, &key, from);
		note(attempt, key.imsi);
		fits = true;
	}
	return fits;
}

bool attempt_wants(const struct attempt *attempt, const char *imsi)
{
	size_t i;

	for (i = 0; i < attempt->record.count; i++)
		if (!attempt->opened[i] && !strcmp(attempt->record.sessions[i].imsi, imsi))
			return true;
	return false;
}

void attempt_tell(const struct attempt *attempt, const char *thief, const char *more)
{
	printf("{\"type\":\"result\",\"schema\":1,\"thief\":\"%s\"%s,\"guesses\":%lu,\"heard\":%zu,"
	       "\"keys\":%u,\"sessions\":%u}\n",
	       thief, more, attempt->tried, attempt->record.count, attempt->loot.key_count,
	       attempt->loot.session_count);
}

int attempt_main(int argc, char **argv, const char *thief,
		 int (*steal)(const char *captured, const char *out, struct fault *fault))
{
	struct fault fault = {.text = ""};

	if (argc != 3) {
		fprintf(stderr, "usage: simrite-thief-%s CAPTURED OUT\n", thief);
		return FAULT_USAGE;
	}
	if (steal(argv[1], argv[2], &fault) == 0)
		return 0;
	fprintf(stderr, "simrite-thief-%s: %s\n", thief, fault.text);
	return (int)fault.code;
}
