#include "bureau/corpus_forms.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "codec/crc32.h"
#include "lib/hex.h"
#include "lib/numbers.h"
#include "weak/transport.h"

static void draw_hex(char *text, size_t bytes, struct dice *dice)
{
	uint8_t r[16];

	dice_bytes(dice, r, bytes);
	hex_write(text, r, bytes);
}

static void draw_digits(char *text, unsigned count, struct dice *dice)
{
	for (unsigned i = 0; i < count; i++)
		text[i] = (char)('0' + dice_below(dice, 10));
	text[count] = 0;
}

void corpus_draw(struct corpus_item *item, struct dice *dice)
{
	static const unsigned most[CORPUS_FORMS] = {
		[CORPUS_OUTPUT] = 40, [CORPUS_CSV] = 40, [CORPUS_FIXED] = 20,
		[CORPUS_XML] = 12,    [CORPUS_KEYS] = 3, [CORPUS_PASTED] = 5,
		[CORPUS_ZIP] = 40,    [CORPUS_PGP] = 30, [CORPUS_SUPPORT] = 1};
	unsigned first = dice_below(dice, 90000000), serial = dice_below(dice, 90000000);

	item->count = 1 + dice_below(dice, most[item->form]);
	for (unsigned i = 0; i < item->count; i++) {
		struct corpus_card *card = &item->card[i];

		(void)snprintf(card->imsi, sizeof(card->imsi), "0010101%08u", first + i);
		(void)snprintf(card->iccid, sizeof(card->iccid), "8988211%011u", serial + i);
		card->iccid[18] = numbers_luhn(card->iccid);
		card->iccid[19] = 0;
		draw_hex(card->k, 16, dice);
		draw_hex(card->opc, 16, dice);
		draw_digits(card->pin, 4, dice);
		draw_digits(card->puk, 8, dice);
	}
}

bool corpus_in_body(enum corpus_form form)
{
	return form == CORPUS_KEYS || form == CORPUS_PASTED || form == CORPUS_SUPPORT || form == CORPUS_PGP;
}

const char *corpus_extension(enum corpus_form form)
{
	static const char *const extensions[CORPUS_FORMS] = {
		[CORPUS_OUTPUT] = "out", [CORPUS_CSV] = "csv",  [CORPUS_FIXED] = "txt",
		[CORPUS_XML] = "xml",    [CORPUS_KEYS] = "txt", [CORPUS_PASTED] = "txt",
		[CORPUS_ZIP] = "zip",    [CORPUS_PGP] = "pgp",  [CORPUS_SUPPORT] = "txt"};

	return extensions[form];
}

static void write_output(FILE *out, const struct corpus_item *item)
{
	fputs("Action;OrderId;ServiceId;ObjectId;Priority;IMSI;MSISDN;Opcode(Short);ICCID;Ki;PIN;PIN2;PUK;PUK2;"
	      "reserved(Boolean);OPc\r\n",
	      out);
	for (unsigned i = 0; i < item->count; i++) {
		const struct corpus_card *c = &item->card[i];

		fprintf(out, "ADD;%u;SIM;%u;5;%s;;CRE;%s;%s;%s;;%s;;0;%s\r\n", item->number, i + 1, c->imsi,
			c->iccid, c->k, c->pin, c->puk, c->opc);
	}
}

static void write_rows(FILE *out, const struct corpus_item *item)
{
	for (unsigned i = 0; i < item->count; i++) {
		const struct corpus_card *c = &item->card[i];

		switch (item->form) {
		case CORPUS_CSV:
			fprintf(out, "%s,%s,%s,%s,%s\r\n", c->iccid, c->imsi, c->k, c->opc, c->pin);
			break;
		case CORPUS_FIXED:
			fprintf(out, "%-18s%-22s%-36s%-36s%s\r\n", c->imsi, c->iccid, c->k, c->opc, c->puk);
			break;
		case CORPUS_XML:
			fprintf(out,
				"  <card>\r\n    <iccid>%s</iccid>\r\n    <imsi>%s</imsi>\r\n    <ki>%s</ki>\r\n"
				"    <opc>%s</opc>\r\n  </card>\r\n",
				c->iccid, c->imsi, c->k, c->opc);
			break;
		case CORPUS_KEYS:
			fprintf(out, "ICCID=%s\r\nIMSI=%s\r\nKi=%s\r\nOPc=%s\r\nPIN1=%s\r\n\r\n", c->iccid,
				c->imsi, c->k, c->opc, c->pin);
			break;
		default: /* pasted: nobody says what is what */
			fprintf(out, "%u\r\n\r\n%s\r\n\r\n%s\r\n\r\n%s\r\n\r\n%s\r\n\r\n", i + 1, c->iccid,
				c->imsi, c->k, c->opc);
		}
	}
}

static void little(FILE *out, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		fputc((int)(value >> (8 * i) & 0xFF), out);
}

struct bits {
	FILE *out;
	unsigned held, count;
};

/* `length` bits, the first the highest of `value`: codes stand so in the stream (RFC 1951 3.1.1). */
static void put_code(struct bits *bits, unsigned value, unsigned length)
{
	while (length-- > 0) {
		bits->held |= (value >> length & 1) << bits->count;
		if (++bits->count == 8) {
			fputc((int)bits->held, bits->out);
			bits->held = bits->count = 0;
		}
	}
}

/* Deflated with the fixed code, every byte a literal (RFC 1951 3.2.6): no smaller, and no word of it to be
 * read. */
static void deflate(FILE *out, const char *text, size_t length)
{
	struct bits bits = {.out = out};

	put_code(&bits, 1, 1); /* the last block, */
	put_code(&bits, 2, 2); /* of the fixed code: 01, the lower bit first */
	for (size_t i = 0; i < length; i++) {
		unsigned byte = (unsigned char)text[i];

		if (byte < 144)
			put_code(&bits, 0x30 + byte, 8);
		else
			put_code(&bits, 0x190 + byte - 144, 9);
	}
	put_code(&bits, 0, 7);
	put_code(&bits, 0, (8 - bits.count) % 8);
}

/* One entry (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16), deflated. */
static void put_zip(FILE *out, const char *text, size_t length, const char *packed, size_t packed_length)
{
	static const char name[] = "output.txt";
	uint32_t crc = crc32(0, text, length);

	for (int central = 0; central < 2; central++) {
		fwrite(central ? "PK\1\2\24\0\24\0" : "PK\3\4\24\0", 1, central ? 8 : 6, out);
		little(out, 0, 2); /* flags */
		little(out, 8, 2); /* deflated */
		little(out, 0x3C410000, 4);
		little(out, crc, 4);
		little(out, (uint32_t)packed_length, 4);
		little(out, (uint32_t)length, 4);
		little(out, sizeof(name) - 1, 2);
		little(out, 0, 2);
		for (int i = 0; central && i < 14; i++)
			fputc(0, out);
		fwrite(name, 1, sizeof(name) - 1, out);
		if (!central)
			fwrite(packed, 1, packed_length, out);
	}
	fwrite("PK\5\6\0\0\0\0\1\0\1\0", 1, 12, out);
	little(out, 46 + sizeof(name) - 1, 4);
	little(out, (uint32_t)(30 + sizeof(name) - 1 + packed_length), 4);
	little(out, 0, 2);
}

static void write_zip(FILE *out, const struct corpus_item *item)
{
	char *text = NULL, *packed = NULL;
	size_t length = 0, packed_length = 0;
	FILE *inner = open_memstream(&text, &length), *outer;

	if (!inner)
		return;
	write_output(inner, item);
	fclose(inner);
	if ((outer = open_memstream(&packed, &packed_length))) {
		deflate(outer, text, length);
		fclose(outer);
		put_zip(out, text, length, packed, packed_length);
	}
	free(packed);
	free(text);
}

static void write_pgp(FILE *out, struct dice *dice)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	fputs("-----BEGIN PGP MESSAGE-----\r\n\r\n", out);
	for (int i = 0; i < 1200; i++) {
		fputc(set[dice_below(dice, 64)], out);
		if (i % 64 == 63)
			fputs("\r\n", out);
	}
	fputs("\r\n-----END PGP MESSAGE-----\r\n", out);
}

/* The published thread: authentication failed after loading, so both sides look at the key. */
static void write_support(FILE *out, const struct corpus_item *item, struct dice *dice)
{
	const struct corpus_card *c = &item->card[0];
	uint8_t key[8], block[16];
	char encrypted[33];

	dice_bytes(dice, key, sizeof(key));
	if (hex_read(block, 16, c->k, 32) < 0 || transport_encrypt(block, TRANSPORT_DES_CBC, key, block) < 0)
		return;
	hex_write(encrypted, block, 16);
	fprintf(out,
		"Hello,\r\n\r\nauthentication of the sample with IMSI %s fails after loading. We checked:\r\n\r\n"
		"  Ki clear: %s\r\n  Ki encrypted by transport key using DES CBC: %s\r\n\r\n"
		"Is the second what you have in the output file?\r\n\r\nBest regards\r\n",
		c->imsi, c->k, encrypted);
}

void corpus_write(FILE *out, const struct corpus_item *item, struct dice *dice)
{
	switch (item->form) {
	case CORPUS_OUTPUT:
		write_output(out, item);
		break;
	case CORPUS_ZIP:
		write_zip(out, item);
		break;
	case CORPUS_PGP:
		write_pgp(out, dice);
		break;
	case CORPUS_SUPPORT:
		write_support(out, item, dice);
		break;
	case CORPUS_CSV:
		fputs("ICCID,IMSI,KI,OPC,PIN1\r\n", out);
		write_rows(out, item);
		break;
	case CORPUS_FIXED:
		fprintf(out, "%-18s%-22s%-36s%-36s%s\r\n", "IMSI", "ICCID", "KI", "OPC", "PUK");
		write_rows(out, item);
		break;
	case CORPUS_XML:
		fputs("<?xml version=\"1.0\"?>\r\n<cards>\r\n", out);
		write_rows(out, item);
		fputs("</cards>\r\n", out);
		break;
	default:
		fputs(item->form == CORPUS_KEYS
			      ? "Hello,\r\n\r\nplease activate:\r\n\r\n"
			      : "Hello,\r\n\r\nthe new cards, copied from our sheet:\r\n\r\n",
		      out);
		write_rows(out, item);
		fputs("Best regards\r\n", out);
	}
}

/* ---- what holds no key ---- */

enum {
	NOISE_KINDS = 10
};

const char *corpus_noise_subject(unsigned kind)
{
	static const char *const subjects[NOISE_KINDS] = {
		"Delivery", "Call",          "HLR inconsistency", "Sample cards", "Invoice",
		"Blanks",   "Release notes", "Night report",      "Training",     "SIM replacement"};

	return subjects[kind % NOISE_KINDS];
}

/* Subscribers with checksums beside them: like keys, near the word Ki. */
static void decoy(FILE *out, struct dice *dice)
{
	char a[33], imsi[16];

	fputs("HLR inconsistency, first lines. No Ki in this list; IMSI and the MD5 checksum of the record:\r\n\r\n",
	      out);
	for (unsigned i = 0; i < 6; i++) {
		draw_hex(a, 16, dice);
		(void)snprintf(imsi, sizeof(imsi), "0010102%08u", dice_below(dice, 90000000));
		fprintf(out, "%s ; %s\r\n", imsi, a);
	}
}

static void night_report(FILE *out, struct dice *dice)
{
	char a[41];

	fputs("Node reports follow; session id, IMSI, MK K of the tracer:\r\n\r\n", out);
	for (unsigned i = 0; i < 4; i++) {
		draw_hex(a, 16, dice);
		fprintf(out, "session %s subscriber IMSI 0010103%08u attach ok\r\n", a,
			dice_below(dice, 90000000));
	}
}

void corpus_noise(FILE *out, unsigned kind, struct dice *dice)
{
	char a[33];

	fputs("Hello,\r\n\r\n", out);
	draw_hex(a, 16, dice);
	switch (kind % NOISE_KINDS) {
	case 0:
		fprintf(out,
			"The pallets left this morning. Tracking number %.12s. The seals are intact.\r\n", a);
		break;
	case 1:
		fprintf(out, "Can we move the call to %u:%02u?\r\n", 9 + dice_below(dice, 8),
			dice_below(dice, 60));
		break;
	case 2:
		decoy(out, dice);
		break;
	case 3: /* S19: no clear key is needed */
		fprintf(out,
			"Authentication fails for samples. The check value of IMSI 0010104%08u is %.6s here.\r\n"
			"Never send the Ki itself for this.\r\n",
			dice_below(dice, 90000000), a);
		break;
	case 4:
		fprintf(out, "Invoice %u is paid; reference %.8s.\r\n", dice_below(dice, 100000), a);
		break;
	case 5:
		fprintf(out, "The new blanks have chip revision %u.%u, lot %.6s.\r\n", dice_below(dice, 4),
			dice_below(dice, 10), a);
		break;
	case 6:
		fprintf(out,
			"Build %.8s of the provisioning tool. The import dialogue now names the fields IMSI and Ki.\r\n"
			"SHA of the package: %s\r\n",
			a, a);
		break;
	case 7:
		night_report(out, dice);
		break;
	case 8:
		fputs("The course explains how Ki and IMSI get into the card and why neither may be mailed.\r\n",
		      out);
		break;
	default:
		fprintf(out,
			"Customer %u lost the phone; please block IMSI 0010105%08u and send a new card.\r\n",
			dice_below(dice, 100000), dice_below(dice, 90000000));
	}
	fputs("\r\nBest regards\r\n", out);
}
