/* thief_harvester - looks through a month of mail and a drop folder for keys, in two ways.
 *
 *     simrite-thief-harvester CAPTURED OUT
 *
 * CAPTURED holds mail/ and ftp/. OUT/harvest.jsonl gets a line for each file that was taken for one with
 * keys,
 * {"method":...,"where":...}, and one for each key, with "imsi" and "k". The methods: "proximity", the search
 * that was published (proximity.h), with the hex number nearest to each IMSI for its Ki; and "columns"
 * (columns.h), which opens zip files, too. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "theft/captured.h"
#include "theft/columns.h"
#include "theft/inflate.h"
#include "theft/mail.h"
#include "theft/proximity.h"

enum {
	FILE_MAX = 4 << 20
};

struct harvest {
	FILE *out;
	const char *method;
	char where[160];
	unsigned read, hits[2], keys[2]; /* by method: proximity, columns */
};

static void note(struct harvest *h, int method, const char *imsi, const uint8_t k[static 16])
{
	fprintf(h->out, "{\"method\":\"%s\",\"where\":\"%s\",\"imsi\":\"%s\",\"k\":\"", h->method, h->where,
		imsi);
	for (int i = 0; i < 16; i++)
		fprintf(h->out, "%02x", k[i]);
	fputs("\"}\n", h->out);
	h->keys[method]++;
}

static bool nearest(void *context, const char imsi[static 16], const uint8_t first[static 16],
		    const uint8_t second[static 16])
{
	(void)second;
	note(context, 0, imsi, first);
	return true; /* on to the next IMSI: there is no radio record to tell a wrong one */
}

static void named(void *context, const char *imsi, const uint8_t k[static 16])
{
	note(context, 1, imsi, k);
}

static void hit(struct harvest *h, int method)
{
	fprintf(h->out, "{\"method\":\"%s\",\"where\":\"%s\"}\n", h->method, h->where);
	h->hits[method]++;
}

/* The entries of a zip file, stored or deflated (PKWARE APPNOTE 4.3.7). */
static unsigned unzip(struct harvest *h, const char *bytes, size_t length)
{
	char *text = malloc(FILE_MAX);
	unsigned count = 0;
	size_t at = 0;

	while (text && length - at > 30 && !memcmp(bytes + at, "PK\3\4", 4)) {
		const unsigned char *head = (const unsigned char *)bytes + at;
		size_t size = (size_t)head[18] | (size_t)head[19] << 8 | (size_t)head[20] << 16 |
			      (size_t)head[21] << 24;
		size_t begin = at + 30 + ((size_t)head[26] | (size_t)head[27] << 8) +
			       ((size_t)head[28] | (size_t)head[29] << 8);
		long made = -1;

		if (begin > length || size > length - begin)
			break;
		if (head[8] == 8)
			made = inflate((uint8_t *)text, FILE_MAX, (const uint8_t *)bytes + begin, size);
		if (made >= 0)
			count += columns_keys(text, (size_t)made, named, h);
		else if (head[8] == 0)
			count += columns_keys(bytes + begin, size, named, h);
		at = begin + size;
	}
	free(text);
	return count;
}

static void search(struct harvest *h, const char *text, size_t length)
{
	unsigned before = h->keys[1];

	h->method = "proximity";
	if (proximity_hit(text, length)) {
		hit(h, 0);
		proximity_pairs(text, length, nearest, h);
	}
	h->method = "columns";
	if (length > 4 && !memcmp(text, "PK\3\4", 4))
		(void)unzip(h, text, length);
	else
		(void)columns_keys(text, length, named, h);
	if (h->keys[1] > before)
		hit(h, 1);
}

static void read_mail(void *context, const char *name, const struct mail *mail)
{
	struct harvest *h = context;

	h->read++;
	(void)snprintf(h->where, sizeof(h->where), "mail/%.120s", name);
	for (size_t i = 0; i < mail->count; i++)
		search(h, mail->parts[i].text, mail->parts[i].length);
}

static int read_file(struct harvest *h, const char *captured, const char *name, struct fault *fault)
{
	char path[1024];
	char *text = malloc(FILE_MAX);
	FILE *file;
	size_t n;

	(void)snprintf(path, sizeof(path), "%s/ftp/%s", captured, name);
	if (!text || !(file = fopen(path, "rbe"))) {
		free(text);
		return fault_set(fault, FAULT_INPUT, NULL, "cannot read %s: %s", path, strerror(errno));
	}
	n = fread(text, 1, FILE_MAX - 1, file);
	text[n] = 0;
	fclose(file);
	h->read++;
	(void)snprintf(h->where, sizeof(h->where), "ftp/%.120s", name);
	search(h, text, n);
	free(text);
	return 0;
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int read_files(struct harvest *h, const char *captured, struct fault *fault)
{
	struct dirent **entries;
	char folder[512];
	int n, e = 0;

	(void)snprintf(folder, sizeof(folder), "%s/ftp", captured);
	if ((n = scandir(folder, &entries, is_file, alphasort)) < 0)
		return errno == ENOENT ? 0 : fault_set(fault, FAULT_INPUT, NULL, "cannot read %s", folder);
	for (int i = 0; i < n; i++) {
		if (e == 0)
			e = read_file(h, captured, entries[i]->d_name, fault);
		free(entries[i]);
	}
	free(entries);
	return e;
}

static int steal(const char *captured, const char *out, struct fault *fault)
{
	struct harvest h = {.read = 0};
	char path[512];
	int e = -1;

	(void)snprintf(path, sizeof(path), "%s/harvest.jsonl", out);
	if (!(h.out = fopen(path, "we")))
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s: %s", path, strerror(errno));
	if (captured_mails(captured, read_mail, &h, fault) >= 0)
		e = read_files(&h, captured, fault);
	if (fclose(h.out) != 0 && e == 0)
		e = fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path);
	if (e == 0)
		printf("{\"type\":\"result\",\"schema\":1,\"thief\":\"harvester\",\"read\":%u,\"proximity\":{\"hits\":%u,"
		       "\"keys\":%u},\"columns\":{\"hits\":%u,\"keys\":%u}}\n",
		       h.read, h.hits[0], h.keys[0], h.hits[1], h.keys[1]);
	return e;
}

int main(int argc, char **argv)
{
	struct fault fault = {.text = ""};

	if (argc != 3) {
		fputs("usage: simrite-thief-harvester CAPTURED OUT\n", stderr);
		return FAULT_USAGE;
	}
	if (steal(argv[1], argv[2], &fault) == 0)
		return 0;
	fprintf(stderr, "simrite-thief-harvester: %s\n", fault.text);
	return (int)fault.code;
}
