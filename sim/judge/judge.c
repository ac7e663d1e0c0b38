#include "judge/judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "auth/milenage.h"
#include "lib/hex.h"

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* Every line of a .jsonl file as one array; an absent file is an empty one. */
static json_t *read_lines(const char *folder, const char *name, struct fault *fault)
{
	json_t *lines = json_array(), *line;
	json_error_t error;
	char path[512];
	FILE *file;
	int c;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (!(file = fopen(path, "re"))) {
		fault_set(fault, FAULT_INPUT, NULL, "cannot read %s: %s", path, strerror(errno));
		json_decref(lines);
		return NULL;
	}
	while ((c = fgetc(file)) != EOF) {
		if (c == '\n')
			continue;
		ungetc(c, file);
		line = json_loadf(file, JSON_DISABLE_EOF_CHECK, &error);
		if (!line) {
			fault_set(fault, FAULT_INPUT, NULL, "%s, line %zu: %s", path,
				  json_array_size(lines) + 1, error.text);
			json_decref(lines);
			fclose(file);
			return NULL;
		}
		json_array_append_new(lines, line);
	}
	fclose(file);
	return lines;
}

/* How many different subscribers there are. */
static unsigned subscribers(const json_t *sessions)
{
	json_t *seen = json_object(), *session;
	size_t i;
	unsigned n;

	json_array_foreach(sessions, i, session)
	{
		json_object_set_new(seen, text_of(session, "imsi"), json_true());
	}
	n = (unsigned)json_object_size(seen);
	json_decref(seen);
	return n;
}

/* 0 before the theft, 1 after it. */
static unsigned phase_of(const json_t *session)
{
	return strcmp(text_of(session, "phase"), "after") == 0;
}

int judge_truth(struct verdicts *verdicts, const char *design, const char *folder, struct fault *fault)
{
	struct judge_cell *cell = &verdicts->cells[verdicts->count];
	json_t *sessions;
	const json_t *session;
	size_t i;

	if (verdicts->count == JUDGE_DESIGNS_MAX)
		return fault_set(fault, FAULT_USAGE, NULL, "at most %d designs", JUDGE_DESIGNS_MAX);
	if (!(sessions = read_lines(folder, "sessions.jsonl", fault)))
		return -1;
	(void)snprintf(cell->design, sizeof(cell->design), "%s", design);
	json_array_foreach(sessions, i, session)
	{
		cell->sessions[phase_of(session)]++;
	}
	cell->keys = subscribers(sessions);
	verdicts->truths[verdicts->count++] = sessions;
	return 0;
}

static int bytes(uint8_t *out, size_t length, const json_t *object, const char *name)
{
	const char *text = text_of(object, name);

	return hex_read(out, length, text, strlen(text));
}

/* Does this key give what the card itself answered in this session? */
static int explains(const json_t *claim, const json_t *session)
{
	uint8_t k[16], opc[16], rand[16], want[8 + 32], got[8 + 32], ak[6];
	struct milenage m;
	int same;

	if (bytes(k, 16, claim, "k") < 0 || bytes(opc, 16, claim, "opc") < 0 ||
	    bytes(rand, 16, session, "rand") < 0 || bytes(want, 8, session, "res") < 0 ||
	    bytes(want + 8, 16, session, "ck") < 0 || bytes(want + 24, 16, session, "ik") < 0)
		return 0;
	same = milenage_start(&m, k, opc, rand) == OK && milenage_f2_f5(&m, got, ak) == OK &&
	       milenage_f3_f4(&m, got + 8, got + 24) == OK && !memcmp(got, want, sizeof(want));
	milenage_stop(&m);
	return same;
}

/* 1: true for every session of its subscriber in this truth; 0: nobody there has that IMSI; -1: false. */
static int weigh_key(const json_t *claim, const json_t *sessions)
{
	const char *imsi = text_of(claim, "imsi");
	const json_t *session;
	int verdict = 0;
	size_t i;

	json_array_foreach(sessions, i, session)
	{
		if (strcmp(text_of(session, "imsi"), imsi) != 0)
			continue;
		if (!explains(claim, session))
			return -1;
		verdict = 1;
	}
	return verdict;
}

static void judge_keys(struct verdicts *verdicts, const json_t *claims)
{
	json_t *counted = json_object(); /* a key claimed twice is one key */
	const json_t *claim;
	size_t i;
	unsigned d;

	json_array_foreach(claims, i, claim)
	{
		const char *imsi = text_of(claim, "imsi");
		int verdict = 0;

		for (d = 0; d < verdicts->count && verdict == 0; d++) {
			verdict = weigh_key(claim, verdicts->truths[d]);
			verdicts->cells[d].false_keys += verdict < 0;
			if (verdict > 0 && !json_object_get(counted, imsi))
				verdicts->cells[d].recovered++;
		}
		for (d = 0; d < verdicts->count && verdict == 0; d++)
			verdicts->cells[d].false_keys++; /* nobody's key is false whoever is meant */
		if (verdict <= 0)
			verdicts->false_keys++;
		else
			json_object_set_new(counted, imsi, json_true());
	}
	json_decref(counted);
}

/* "rnti direction count" names a packet. */
static void packet_name(char name[static 48], json_int_t rnti, const json_t *packet)
{
	(void)snprintf(name, 48, "%lld %.8s %lld", (long long)rnti, text_of(packet, "direction"),
		       (long long)json_integer_value(json_object_get(packet, "count")));
}

static int session_decrypted(const json_t *session, json_t *loot)
{
	const json_t *packets = json_object_get(session, "pdus"), *packet;
	json_int_t rnti = json_integer_value(json_object_get(session, "rnti"));
	int complete = json_array_size(packets) > 0;
	char name[48];
	size_t i;

	json_array_foreach(packets, i, packet)
	{
		/* a packet without a byte is one that was claimed, not one that nobody mentions */
		const char *said = json_string_value(json_object_get(packet, "data")), *claimed;

		packet_name(name, rnti, packet);
		claimed = json_string_value(json_object_get(loot, name));
		if (said && claimed && strcmp(claimed, said) == 0)
			json_object_del(loot, name); /* true: what stays in `loot` is false */
		else
			complete = 0;
	}
	return complete;
}

static void judge_traffic(struct verdicts *verdicts, const json_t *claims)
{
	json_t *loot = json_object(), *claim, *data;
	const json_t *session;
	char name[48];
	size_t i;
	unsigned d;

	json_array_foreach(claims, i, claim)
	{
		packet_name(name, json_integer_value(json_object_get(claim, "rnti")), claim);
		data = json_object_get(claim, "data"); /* a claim without data is one, too, and false */
		json_object_set(loot, name, data ? data : json_null());
	}
	for (d = 0; d < verdicts->count; d++) {
		json_array_foreach(verdicts->truths[d], i, session)
		{
			verdicts->cells[d].decrypted[phase_of(session)] +=
				(unsigned)session_decrypted(session, loot);
		}
	}
	verdicts->false_packets = (unsigned)json_object_size(loot);
	json_decref(loot);
}

int judge_loot(struct verdicts *verdicts, const char *folder, struct fault *fault)
{
	json_t *keys = read_lines(folder, "keys.jsonl", fault), *traffic = NULL;

	if (!keys || !(traffic = read_lines(folder, "traffic.jsonl", fault))) {
		json_decref(keys);
		return -1;
	}
	judge_keys(verdicts, keys);
	judge_traffic(verdicts, traffic);
	json_decref(keys);
	json_decref(traffic);
	return 0;
}

void judge_free(struct verdicts *verdicts)
{
	unsigned d;

	for (d = 0; d < verdicts->count; d++)
		json_decref(verdicts->truths[d]);
	memset(verdicts, 0, sizeof(*verdicts));
}
