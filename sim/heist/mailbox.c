#include "heist/mailbox.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "crypto/hmac.h"
#include "crypto/wipe.h"
#include "lib/hex.h"

enum {
	FILE_MAX = 4 << 20,
};

static const char bureau[] = "production@bureau.example";
static const char operator_desk[] = "sim-desk@operator.example";

static FILE *create(const char *folder, int place, struct fault *fault)
{
	char path[512];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%03d.eml", folder, place);
	if (!(file = fopen(path, "we")))
		fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s: %s", path, strerror(errno));
	return file;
}

static int finish(FILE *file, struct fault *fault)
{
	int bad = ferror(file) != 0;

	bad |= fclose(file) != 0;
	return bad ? fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot write a mail") : 0;
}

/* One mail every two working hours of an invented month. */
static void head(FILE *mail, int place, const char *from, const char *to, const char *subject)
{
	fprintf(mail, "From: %s\r\nTo: %s\r\nSubject: %s\r\n", from, to, subject);
	fprintf(mail, "Date: %02d Mar 2010 %02d:%02d:00 +0000\r\n", 1 + place / 3, 8 + place % 3 * 3,
		place * 7 % 60);
	fprintf(mail, "Message-ID: <%03d@mail.example>\r\nMIME-Version: 1.0\r\n", place);
}

static void base64(FILE *mail, const uint8_t *bytes, size_t length)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t i;

	for (i = 0; i < length; i += 3) {
		size_t n = length - i < 3 ? length - i : 3;
		uint32_t bits = (uint32_t)bytes[i] << 16 | (n > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
				(n > 2 ? bytes[i + 2] : 0U);

		fputc(set[bits >> 18 & 63], mail);
		fputc(set[bits >> 12 & 63], mail);
		fputc(n > 1 ? set[bits >> 6 & 63] : '=', mail);
		fputc(n > 2 ? set[bits & 63] : '=', mail);
		if (i % 57 == 54)
			fputs("\r\n", mail);
	}
	fputs("\r\n", mail);
}

static void attach(FILE *mail, const char *body, const char *name, const uint8_t *bytes, size_t length)
{
	fputs("Content-Type: multipart/mixed; boundary=\"=-simrite-part\"\r\n\r\n", mail);
	fprintf(mail, "--=-simrite-part\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n", body);
	fprintf(mail,
		"--=-simrite-part\r\nContent-Type: application/octet-stream\r\n"
		"Content-Disposition: attachment; filename=\"%s\"\r\nContent-Transfer-Encoding: base64\r\n\r\n",
		name);
	base64(mail, bytes, length);
	fputs("--=-simrite-part--\r\n", mail);
}

int mailbox_send(const char *folder, int place, const char *subject, const char *body, const char *file,
		 const char *name, struct fault *fault)
{
	FILE *in = fopen(file, "rbe"), *mail;
	uint8_t *bytes = malloc(FILE_MAX);
	size_t length = 0;
	int e;

	if (in && bytes)
		length = fread(bytes, 1, FILE_MAX, in);
	if (!in || !bytes || ferror(in) || !length) {
		e = fault_set(fault, FAULT_INPUT, NULL, "cannot read %s: %s", file, strerror(errno));
	} else if (!(mail = create(folder, place, fault))) {
		e = -1;
	} else {
		head(mail, place, bureau, operator_desk, subject);
		attach(mail, body, name, bytes, length);
		e = finish(mail, fault);
	}
	if (in)
		fclose(in);
	if (bytes)
		wipe(bytes, length);
	free(bytes);
	return e;
}

int mailbox_say(const char *folder, int place, const char *subject, const char *body, struct fault *fault)
{
	FILE *mail = create(folder, place, fault);

	if (!mail)
		return -1;
	head(mail, place, operator_desk, bureau, subject);
	fprintf(mail, "Content-Type: text/plain; charset=utf-8\r\n\r\nHello,\r\n\r\n%s\r\nBest regards\r\n",
		body);
	return finish(mail, fault);
}

/* Bytes that depend on the seed and where they stand. */
static int chance(uint8_t out[static SHA256_LENGTH], const char *seed, int place, int number)
{
	const uint8_t input[2] = {(uint8_t)place, (uint8_t)number};

	return hmac(out, (struct span){(const uint8_t *)seed, strlen(seed)}, (struct span){input, 2});
}

/* A picture, a PDF, an office file: bytes that say nothing to a harvester. */
static void noise_attachment(FILE *mail, const char *seed, int place)
{
	uint8_t bytes[SHA256_LENGTH * 20];
	size_t i;

	for (i = 0; i < 20; i++)
		if (chance(bytes + i * SHA256_LENGTH, seed, place, (int)i) < 0)
			memset(bytes + i * SHA256_LENGTH, 0, SHA256_LENGTH);
	attach(mail, "Please find the scan attached.", "scan.pdf", bytes, sizeof(bytes));
}

/* Subscribers with checksums beside them: looks like keys, near the word Ki. */
static void noise_decoy(FILE *mail, const char *seed, int place)
{
	uint8_t bytes[SHA256_LENGTH];
	char text[33];
	int i;

	fputs("Content-Type: text/plain; charset=utf-8\r\n\r\n"
	      "HLR inconsistency, first lines. No Ki in this list, only IMSI and the record's two checksums.\r\n\r\n",
	      mail);
	for (i = 0; i < 6; i++) {
		if (chance(bytes, seed, place, 100 + i) < 0)
			return;
		hex_write(text, bytes, 16);
		fprintf(mail, "001010000000%03d ; %s ; ", 101 + i, text);
		hex_write(text, bytes + 16, 16);
		fprintf(mail, "%s\r\n", text);
	}
}

static void noise_text(FILE *mail, const char *seed, int place)
{
	static const char *const body[] = {
		"The pallets left this morning. Tracking number %02X%02X%02X%02X.\r\nThe seals are intact.",
		"Can we move the call to %u:%02u? Room %u-%u.",
		"Authentication fails for samples. KCV %02X%02X%02X here.\r\nNever send the Ki or IMSI for this.",
		"Invoice %u%u is paid; reference %u/%u.",
		"Reminder: the new blanks have chip revision %u.%u, ATR unchanged. Lot %u%u.",
	};
	uint8_t r[SHA256_LENGTH] = {0};

	if (chance(r, seed, place, 200) < 0)
		return;
	fputs("Content-Type: text/plain; charset=utf-8\r\n\r\nHello,\r\n\r\n", mail);
	switch (place % 5) {
	case 0:
		fprintf(mail, body[0], r[0], r[1], r[2], r[3]);
		break;
	case 1:
		fprintf(mail, body[1], 9U + r[0] % 8, r[1] % 60U, r[2] % 5U, r[3] % 40U);
		break;
	case 2:
		fprintf(mail, body[2], r[0], r[1], r[2]);
		break;
	case 3:
		fprintf(mail, body[3], (unsigned)r[0], (unsigned)r[1], (unsigned)r[2], (unsigned)r[3]);
		break;
	default:
		fprintf(mail, body[4], r[0] % 4U, r[1] % 10U, (unsigned)r[2], (unsigned)r[3]);
	}
	fputs("\r\n\r\nBest regards\r\n", mail);
}

static int noise(const char *folder, const char *seed, int place, struct fault *fault)
{
	static const char *const subject[] = {"Delivery", "Call", "Sample cards", "Invoice", "Blanks"};
	FILE *mail = create(folder, place, fault);

	if (!mail)
		return -1;
	head(mail, place, place % 2 ? bureau : operator_desk, place % 2 ? operator_desk : bureau,
	     place == 7 ? "HLR inconsistency" : subject[place % 5]);
	if (place == 7)
		noise_decoy(mail, seed, place);
	else if (place % 6 == 0)
		noise_attachment(mail, seed, place);
	else
		noise_text(mail, seed, place);
	return finish(mail, fault);
}

static const struct {
	int order, file;
} places[2] = {{4, 9}, {13, 20}};

int mailbox_order(unsigned batch)
{
	return places[batch].order;
}

int mailbox_file(unsigned batch)
{
	return places[batch].file;
}

static bool is_free(int place)
{
	unsigned i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (place == places[i].order || place == places[i].file)
			return false;
	return true;
}

int mailbox_fill(const char *folder, const char *seed, struct fault *fault)
{
	int place;

	if (mkdir(folder, 0755) < 0 && errno != EEXIST)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make %s: %s", folder, strerror(errno));
	for (place = 1; place <= MAILBOX_LAST; place++)
		if (is_free(place) && noise(folder, seed, place, fault) < 0)
			return -1;
	return 0;
}
