/* thief_courier - reads the mail on its way, and listened to the radio.
 *
 *     simrite-thief-courier CAPTURED OUT
 *
 * CAPTURED holds mail/ (intercepted .eml files) and radio.pcapng. Nothing
 * else is given, and nothing else is linked in but published arithmetic. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "theft/attempt.h"
#include "theft/mail.h"
#include "theft/proximity.h"

struct courier {
	struct attempt attempt;
	const char *mail; /* the file at hand */
	unsigned mails, hits;
};

/* Try a guess on the recorded sessions of this IMSI. True: go on to the next one. */
static bool try_guess(void *context, const char imsi[static 16], const uint8_t first[static 16],
		      const uint8_t second[static 16])
{
	struct courier *courier = context;

	if (!attempt_wants(&courier->attempt, imsi))
		return true;
	return attempt_key(&courier->attempt, imsi, first, second, courier->mail);
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

static int steal(const char *captured, const char *out, struct fault *fault)
{
	struct courier courier = {.mails = 0};
	char more[64];
	int e = attempt_begin(&courier.attempt, captured, out, fault);

	if (e == 0) {
		e = read_mails(&courier, captured, fault);
		if (attempt_end(&courier.attempt, fault) < 0)
			e = -1;
	}
	if (e == 0) {
		(void)snprintf(more, sizeof(more), ",\"mails\":%u,\"hits\":%u", courier.mails, courier.hits);
		attempt_tell(&courier.attempt, "courier", more);
	}
	attempt_free(&courier.attempt);
	return e;
}

int main(int argc, char **argv)
{
	return attempt_main(argc, argv, "courier", steal);
}
