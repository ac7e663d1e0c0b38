/* thief_insider - has files, and listened to the radio.
 *
 *     simrite-thief-insider CAPTURED OUT
 *
 * CAPTURED holds radio.pcapng and any other files, in folders or not: a
 * bureau's disk, mails (.eml), a list that went another way. The insider has
 * time: every 32-digit hex number near an IMSI is tried as K, with every such
 * number of every file as OPc, and as the OP it is computed from (TS 35.206 8.1). */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "auth/milenage.h"
#include "theft/attempt.h"
#include "theft/mail.h"
#include "theft/proximity.h"

enum {
	FILE_MAX = 8 << 20,
	NUMBERS_MAX = 4096,
	FOLDERS_MAX = 64, /* looked into */
};

struct number {
	char imsi[16]; /* it stood near; "" anywhere */
	uint8_t key[16];
};

struct insider {
	struct attempt attempt;
	struct number near[NUMBERS_MAX], any[NUMBERS_MAX];
	size_t near_count, any_count;
	char folders[FOLDERS_MAX][512];
	size_t folder_count;
	unsigned files;
};

static void take_number(void *context, const char *imsi, const uint8_t key[static 16])
{
	struct insider *insider = context;
	struct number *list = imsi ? insider->near : insider->any;
	size_t *count = imsi ? &insider->near_count : &insider->any_count, i;

	for (i = 0; i < *count; i++)
		if (!memcmp(list[i].key, key, 16) && !strcmp(list[i].imsi, imsi ? imsi : ""))
			return;
	if (*count == NUMBERS_MAX)
		return;
	memcpy(list[*count].key, key, 16);
	(void)snprintf(list[*count].imsi, sizeof(list[*count].imsi), "%s", imsi ? imsi : "");
	(*count)++;
}

static void read_text(struct insider *insider, const char *path)
{
	FILE *file = fopen(path, "rbe");
	char *text = malloc(FILE_MAX);
	size_t n = file && text ? fread(text, 1, FILE_MAX, file) : 0;

	if (n)
		proximity_numbers(text, n, take_number, insider);
	free(text);
	if (file)
		fclose(file);
}

static int read_file(struct insider *insider, const char *path, struct fault *fault)
{
	size_t n = strlen(path), i;
	struct mail mail;
	int e;

	if (n > 7 && !strcmp(path + n - 7, ".pcapng"))
		return 0; /* heard, not found */
	insider->files++;
	if (n <= 4 || strcmp(path + n - 4, ".eml") != 0) {
		read_text(insider, path);
		return 0;
	}
	if ((e = mail_read(&mail, path, fault)) == 0)
		for (i = 0; i < mail.count; i++)
			proximity_numbers(mail.parts[i].text, mail.parts[i].length, take_number, insider);
	mail_free(&mail);
	return e;
}

/* One folder; its folders are put at the end of the list. */
static int read_folder(struct insider *insider, const char *folder, struct fault *fault)
{
	struct dirent **entries;
	struct stat status;
	char path[512];
	int n = scandir(folder, &entries, NULL, alphasort), i, e = 0;

	if (n < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "cannot read %s", folder);
	for (i = 0; i < n; i++) {
		(void)snprintf(path, sizeof(path), "%.380s/%.120s", folder, entries[i]->d_name);
		if (e == 0 && entries[i]->d_name[0] != '.' && stat(path, &status) == 0) {
			if (!S_ISDIR(status.st_mode))
				e = read_file(insider, path, fault);
			else if (insider->folder_count < FOLDERS_MAX)
				memcpy(insider->folders[insider->folder_count++], path, sizeof(path));
		}
		free(entries[i]);
	}
	free(entries);
	return e;
}

static int read_all(struct insider *insider, const char *captured, struct fault *fault)
{
	size_t next;

	(void)snprintf(insider->folders[0], sizeof(insider->folders[0]), "%.400s", captured);
	insider->folder_count = 1;
	for (next = 0; next < insider->folder_count; next++)
		if (read_folder(insider, insider->folders[next], fault) < 0)
			return -1;
	return 0;
}

static void try_all(struct insider *insider)
{
	const struct number *near;
	uint8_t opc[16];
	size_t i, j;

	for (i = 0; i < insider->near_count; i++) {
		near = &insider->near[i];
		if (!attempt_wants(&insider->attempt, near->imsi))
			continue;
		for (j = 0; j < insider->any_count; j++)
			if (attempt_key(&insider->attempt, near->imsi, near->key, insider->any[j].key,
					"files") ||
			    (milenage_opc(opc, near->key, insider->any[j].key) == OK &&
			     attempt_key(&insider->attempt, near->imsi, near->key, opc, "files, and OP")))
				break;
	}
}

static int steal(const char *captured, const char *out, struct fault *fault)
{
	static struct insider insider;
	char more[64];
	int e = attempt_begin(&insider.attempt, captured, out, fault);

	if (e == 0) {
		e = read_all(&insider, captured, fault);
		if (e == 0)
			try_all(&insider);
		if (attempt_end(&insider.attempt, fault) < 0)
			e = -1;
	}
	if (e == 0) {
		(void)snprintf(more, sizeof(more), ",\"files\":%u,\"numbers\":%zu", insider.files,
			       insider.any_count);
		attempt_tell(&insider.attempt, "insider", more);
	}
	attempt_free(&insider.attempt);
	return e;
}

int main(int argc, char **argv)
{
	return attempt_main(argc, argv, "insider", steal);
}
