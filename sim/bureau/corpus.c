#include "bureau/corpus.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bureau/corpus_forms.h"
#include "lib/base64.h"

static const char *const form_names[CORPUS_FORMS] = {"output", "csv", "fixed", "xml",    "key-value",
						     "pasted", "zip", "pgp",   "support"};

const char *corpus_form_name(enum corpus_form form)
{
	return form_names[form];
}

struct corpus {
	const char *folder;
	FILE *truth;
	struct dice dice;
	struct corpus_counts *counts;
};

/* Who wrote it: drawn by the published shares of mails with keys. */
static const char *draw_sender(struct corpus *corpus)
{
	unsigned r = dice_below(&corpus->dice, 1719);

	if (r < 743)
		return "support@equipment.example";
	if (r < 743 + 603)
		return "sim-desk@operator.example";
	if (r < 743 + 603 + 298)
		return "engineer@webmail.example";
	if (r < 743 + 603 + 298 + 38)
		return "production@bureau.example";
	return "info@other.example";
}

static FILE *create(const struct corpus *corpus, const char *name, struct fault *fault)
{
	char path[512];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/%s", corpus->folder, name);
	if (!(out = fopen(path, "wxe")))
		(void)fault_set(fault, FAULT_SYSTEM, "give an empty folder", "cannot make %s: %s", path,
				strerror(errno));
	return out;
}

static int finish(FILE *out, struct fault *fault)
{
	bool bad = ferror(out) != 0;

	bad |= fclose(out) != 0;
	return bad ? fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot write the corpus") : 0;
}

static void head(FILE *out, struct corpus *corpus, unsigned number, const char *from, const char *subject)
{
	fprintf(out, "From: %s\r\nTo: sim-desk@operator.example\r\nSubject: %s\r\n", from, subject);
	fprintf(out, "Date: %02u Mar 2010 %02u:%02u:00 +0000\r\n", 1 + number % 28,
		7 + dice_below(&corpus->dice, 12), dice_below(&corpus->dice, 60));
	fprintf(out, "Message-ID: <%05u@mail.example>\r\nMIME-Version: 1.0\r\n", number);
}

static void put_base64(FILE *out, const char *bytes, size_t length)
{
	char line[BASE64_TEXT(57)];

	for (size_t i = 0; i < length; i += 57) {
		base64_write(line, (const uint8_t *)bytes + i, length - i < 57 ? length - i : 57);
		fprintf(out, "%s\r\n", line);
	}
}

static void attach(FILE *out, const char *text, const char *name, const char *bytes, size_t length)
{
	fprintf(out,
		"Content-Type: multipart/mixed; boundary=\"=-part\"\r\n\r\n"
		"--=-part\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n"
		"--=-part\r\nContent-Type: application/octet-stream\r\n"
		"Content-Disposition: attachment; filename=\"%s\"\r\nContent-Transfer-Encoding: base64\r\n\r\n",
		text, name);
	put_base64(out, bytes, length);
	fputs("--=-part--\r\n", out);
}

static void tell_truth(struct corpus *corpus, const struct corpus_item *item, const char *where)
{
	fprintf(corpus->truth, "{\"where\":\"%s\",\"form\":\"%s\",\"keys\":[", where,
		corpus_form_name(item->form));
	for (unsigned i = 0; i < item->count; i++)
		fprintf(corpus->truth, "%s{\"imsi\":\"%s\",\"k\":\"%s\"}", i ? "," : "", item->card[i].imsi,
			item->card[i].k);
	fputs("]}\n", corpus->truth);
}

/* The item's file in memory: drop folders hold it as it is, mails in base64. */
static char *item_file(struct corpus *corpus, const struct corpus_item *item, size_t *length)
{
	char *bytes = NULL;
	FILE *out = open_memstream(&bytes, length);

	if (!out)
		return NULL;
	corpus_write(out, item, &corpus->dice);
	return fclose(out) == 0 ? bytes : NULL;
}

static int put_item(struct corpus *corpus, const struct corpus_item *item, bool dropped, unsigned mail,
		    struct fault *fault)
{
	char name[40], where[64];
	const char *from = draw_sender(corpus);
	size_t length = 0;
	char *bytes = item_file(corpus, item, &length);
	FILE *out = NULL;
	int e = -1;

	(void)snprintf(name, sizeof(name), "batch-%u.%s", item->number, corpus_extension(item->form));
	if (dropped)
		(void)snprintf(where, sizeof(where), "ftp/%s", name);
	else
		(void)snprintf(where, sizeof(where), "mail/%05u.eml", mail);
	if (!bytes)
		(void)fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	else
		out = create(corpus, where, fault);
	if (out && dropped) {
		fwrite(bytes, 1, length, out);
		corpus->counts->files++;
	} else if (out) {
		head(out, corpus, mail, from,
		     item->form == CORPUS_SUPPORT ? "OUTPUT FILE for sample cards" : "new activation");
		if (corpus_in_body(item->form)) {
			fputs("Content-Type: text/plain; charset=utf-8\r\n\r\n", out);
			fwrite(bytes, 1, length, out);
		} else {
			attach(out, "Please load the attached file.", name, bytes, length);
		}
		corpus->counts->mails++;
	}
	if (out && (e = finish(out, fault)) == 0) {
		tell_truth(corpus, item, where);
		corpus->counts->items++;
		corpus->counts->keys += item->count;
		corpus->counts->suppliers += !strcmp(from, "production@bureau.example");
	}
	free(bytes);
	return e;
}

static int put_noise(struct corpus *corpus, unsigned mail, struct fault *fault)
{
	unsigned kind = dice_below(&corpus->dice, 12);
	char where[64];
	uint8_t binary[640];
	FILE *out;

	(void)snprintf(where, sizeof(where), "mail/%05u.eml", mail);
	if (!(out = create(corpus, where, fault)))
		return -1;
	head(out, corpus, mail, draw_sender(corpus), corpus_noise_subject(kind));
	if (kind >= 10) {
		dice_bytes(&corpus->dice, binary, sizeof(binary));
		attach(out, "Please find the scan attached.", "scan.pdf", (const char *)binary,
		       sizeof(binary));
	} else {
		fputs("Content-Type: text/plain; charset=utf-8\r\n\r\n", out);
		corpus_noise(out, kind, &corpus->dice);
	}
	corpus->counts->mails++;
	return finish(out, fault);
}

static int make_folder(const char *folder, const char *name, struct fault *fault)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (mkdir(path, 0755) < 0)
		return fault_set(fault, FAULT_SYSTEM, "give an empty folder", "cannot make %s: %s", path,
				 strerror(errno));
	return 0;
}

/* Items are spread evenly among the mails, each somewhere in its stretch. */
int corpus_make(struct corpus_counts *counts, const struct corpus_order *order, const char *folder,
		FILE *truth, struct fault *fault)
{
	struct corpus corpus = {.folder = folder, .truth = truth, .counts = counts};
	unsigned dropped = order->items / 4, in_mail = order->items - dropped, next = 0, at = 0;
	struct corpus_item item;

	memset(counts, 0, sizeof(*counts));
	if (in_mail > order->mails)
		return fault_set(fault, FAULT_USAGE, NULL, "%u items do not fit into %u mails", in_mail,
				 order->mails);
	if (make_folder(folder, "mail", fault) < 0 || make_folder(folder, "ftp", fault) < 0)
		return -1;
	dice_start(&corpus.dice, order->seed);
	for (unsigned i = 0; i < dropped; i++) {
		item.form = (enum corpus_form)(i % CORPUS_KEYS); /* what is dropped is a file */
		item.number = in_mail + i;
		corpus_draw(&item, &corpus.dice);
		if (put_item(&corpus, &item, true, 0, fault) < 0)
			return -1;
	}
	for (unsigned mail = 0; mail < order->mails; mail++) {
		unsigned stretch = in_mail ? order->mails / in_mail : 0;

		if (next < in_mail && mail == next * stretch)
			at = mail + dice_below(&corpus.dice, stretch);
		if (next < in_mail && mail == at) {
			item.form = (enum corpus_form)(next % CORPUS_FORMS);
			item.number = next++;
			corpus_draw(&item, &corpus.dice);
			if (put_item(&corpus, &item, false, mail, fault) < 0)
				return -1;
		} else if (put_noise(&corpus, mail, fault) < 0) {
			return -1;
		}
	}
	return 0;
}

int corpus_noise_mails(const char *folder, unsigned first, unsigned count, const char *seed,
		       struct fault *fault)
{
	struct corpus_counts counts = {.mails = 0};
	struct corpus corpus = {.folder = folder, .counts = &counts};

	dice_start(&corpus.dice, seed);
	for (unsigned i = 0; i < count; i++)
		if (put_noise(&corpus, first + i, fault) < 0)
			return -1;
	return 0;
}
