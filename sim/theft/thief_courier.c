/* thief_courier - reads the mail on its way, and listened to the radio.
 *
 *     simrite-thief-courier CAPTURED OUT
 *
 * CAPTURED holds mail/ (intercepted .eml files) and radio.pcapng. Nothing
 * else is given, and nothing else is linked in but published arithmetic. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "theft/loot.h"
#include "theft/mail.h"
#include "theft/proximity.h"

struct courier {
	struct record record;
	bool *opened; /* for each session: a key for it is known */
	struct loot loot;
	const char *mail; /* the file at hand */
	unsigned mails, hits, guesses;
};

/* Try a guess on the recorded sessions of this IMSI. */
static bool try_guess(void *context, const char imsi[static 16], const uint8_t first[static 16],
		      const uint8_t second[static 16])
{
	struct courier *courier = context;
	struct stolen_key key;
	size_t i;

	for (i = 0; i < courier->record.count; i++) {
		const struct session *session = &courier->record.sessions[i];

		if (strcmp(session->imsi, imsi) != 0)
			continue;
		if (courier->opened[i])
			return true;
		courier->guesses++;
		if (!break_in_fits(session, first, second))
			return false;
		memcpy(key.imsi, imsi, sizeof(key.imsi));
		memcpy(key.k, first, 16);
		memcpy(key.opc, second, 16);
		loot_key(&courier->loot, &courier->record, &key, courier->mail);
		for (; i < courier->record.count; i++)
			courier->opened[i] |= !strcmp(courier->record.sessions[i].imsi, imsi);
		return true;
	}
	return true; /* a subscriber never heard on the radio: no way to check a guess */
}

static int read_mail(struct courier *courier, const char *folder, const char *name, struct fault *fault)
{
	char path[1024];
	struct mail mail;
	size_t i;
	int e;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if ((e = mail_read(&mail, path, fault)) == 0) {
		courier->mails++;
		courier->mail = name;
		for (i = 0; i < mail.count; i++)
			if (proximity_hit(mail.parts[i].text, mail.parts[i].length)) {
				courier->hits++;
				proximity_pairs(mail.parts[i].text, mail.parts[i].length, try_guess, courier);
			}
	}
	mail_free(&mail);
	return e;
}

static int is_mail(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 4 && !strcmp(entry->d_name + n - 4, ".eml");
}

static int read_mails(struct courier *courier, const char *captured, struct fault *fault)
{
	struct dirent **entries;
	char folder[512];
	int n, i, e = 0;

	(void)snprintf(folder, sizeof(folder), "%s/mail", captured);
	if ((n = scandir(folder, &entries, is_mail, alphasort)) < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "cannot read the mail in %s", folder);
	for (i = 0; i < n; i++) {
		if (e == 0)
			e = read_mail(courier, folder, entries[i]->d_name, fault);
		free(entries[i]);
	}
	free(entries);
	return e;
}

static int steal(struct courier *courier, const char *captured, const char *out, struct fault *fault)
{
	char path[512];
	int e;

	(void)snprintf(path, sizeof(path), "%s/radio.pcapng", captured);
	if (record_read(&courier->record, path, fault) < 0)
		return -1;
	courier->opened = calloc(courier->record.count + 1, sizeof(bool));
	if (!courier->opened)
		return fault_set(fault, FAULT_SYSTEM, NULL, "out of memory");
	if (loot_open(&courier->loot, out, fault) < 0)
		return -1;
	e = read_mails(courier, captured, fault);
	if (loot_close(&courier->loot, fault) < 0)
		e = -1;
	return e;
}

int main(int argc, char **argv)
{
	struct courier courier = {0};
	struct fault fault;
	int e;

	if (argc != 3) {
		fputs("usage: simrite-thief-courier CAPTURED OUT\n", stderr);
		return FAULT_USAGE;
	}
	e = steal(&courier, argv[1], argv[2], &fault);
	if (e < 0)
		fprintf(stderr, "simrite-thief-courier: %s\n", fault.text);
	else
		printf("{\"type\":\"result\",\"schema\":1,\"thief\":\"courier\",\"mails\":%u,\"hits\":%u,\"guesses\":%u,"
		       "\"heard\":%zu,\"keys\":%u,\"sessions\":%u}\n",
		       courier.mails, courier.hits, courier.guesses, courier.record.count,
		       courier.loot.key_count, courier.loot.session_count);
	record_free(&courier.record);
	free(courier.opened);
	return e < 0 ? (int)fault.code : 0;
}
