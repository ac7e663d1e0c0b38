/* paper.c - libraries keep copies of what they are given, on the heap and the
 * stack, and do not wipe them. So a process of its own makes the page: what it
 * leaves behind goes with it. Its sheet and libharu's memory are locked;
 * libqrencode's, some kilobytes for some milliseconds, is not. */
#include "ceremony/paper.h"

#include <errno.h>
#include <fcntl.h>
#include <hpdf.h>
#include <qrencode.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ceremony/locked.h"
#include "lib/canonical.h"
#include "lib/secret.h"
#include "lib/spawn.h"

enum {
	ARENA = 512 * 1024, /* libharu asks for less than a third of it */
	ALIGNMENT = 16,
	MARGIN = 40,
	HEIGHT = 842, /* of A4, in points; `y` below counts from the top */
	RIGHT = 595 - MARGIN,
	QR_AT_X = 385,
	QR_AT_Y = 272,
	QR_SIZE = 170, /* 60 mm */
	ROWS = 11,     /* of words */
	TEXT_MOST = 256
};

struct page {
	HPDF_Page page;
	HPDF_Font regular, bold, mono;
	bool odd;
};

int paper_from_share(struct paper *paper, const struct share_file *file, struct fault *fault)
{
	struct slip39_share share;
	int result;

	paper->file = *file;
	paper->printed = time(NULL);
	share_file_slip39(&share, file);
	result = slip39_encode(paper->words, &share, fault);
	secret_wipe(&share, sizeof(share));
	return result;
}

/* ---- memory for libharu ---- */

/* libharu hands its allocator no context. One sheet a process: nothing is given back before its end. */
static struct {
	uint8_t *at;
	size_t used;
} arena;

static void *take(HPDF_UINT size)
{
	size_t whole = ((size_t)size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	void *at = arena.at + arena.used;

	if (whole > ARENA - arena.used)
		return NULL;
	arena.used += whole;
	return at;
}

static void give_back(void *at)
{
	(void)at;
}

/* ---- what is on the page ---- */

/* UTF-8 to the encoding of the fonts, as far as they have the letters. */
static void to_latin(struct page *p, char *out, const char *text)
{
	size_t n = 0;

	for (const unsigned char *c = (const unsigned char *)text; *c && n + 1 < TEXT_MOST; c++) {
		if (*c < 0x80) {
			out[n++] = (char)*c;
		} else if (*c == 0xC2 || *c == 0xC3) {
			out[n++] = (char)((*c & 3) << 6 | (c[1] & 0x3F));
			c++;
		} else if (*c >= 0xC0) {
			out[n++] = '?';
			p->odd = true;
		}
	}
	out[n] = 0;
}

/* One line, smaller when it would not fit. */
static void write_line(struct page *p, HPDF_Font font, float size, float x, float y, const char *text)
{
	char line[TEXT_MOST];

	to_latin(p, line, text);
	(void)HPDF_Page_BeginText(p->page);
	(void)HPDF_Page_SetFontAndSize(p->page, font, size);
	while (size > 4 && HPDF_Page_TextWidth(p->page, line) > RIGHT - x) {
		size -= 0.5F;
		(void)HPDF_Page_SetFontAndSize(p->page, font, size);
	}
	(void)HPDF_Page_TextOut(p->page, x, HEIGHT - y, line);
	(void)HPDF_Page_EndText(p->page);
	secret_wipe(line, sizeof(line));
}

static void rule(struct page *p, float x1, float x2, float y)
{
	(void)HPDF_Page_SetLineWidth(p->page, 0.6F);
	(void)HPDF_Page_MoveTo(p->page, x1, HEIGHT - y);
	(void)HPDF_Page_LineTo(p->page, x2, HEIGHT - y);
	(void)HPDF_Page_Stroke(p->page);
}

static float row(struct page *p, float y, const char *name, HPDF_Font font, const char *value)
{
	write_line(p, p->bold, 9, MARGIN, y, name);
	write_line(p, font, 9, MARGIN + 85, y, value);
	return y + 14;
}

static void head(struct page *p, const struct paper *paper)
{
	const struct share_file *file = &paper->file;
	char text[TEXT_MOST];
	struct slip39_set set;
	struct tm utc = {0};
	float y;

	write_line(p, p->regular, 9, MARGIN, 45,
		   "simrite key ceremony: one share of a master key (SLIP-0039)");
	if (file->rehearsal)
		write_line(p, p->bold, 54, MARGIN, 98, "REHEARSAL");
	else
		write_line(p, p->bold, 26, MARGIN, 85, "PRODUCTION - SECRET");
	(void)snprintf(text, sizeof(text), "Share %u of %u: any %u together restore the key", file->index,
		       file->total, file->threshold);
	write_line(p, p->bold, 15, MARGIN, 126, text);
	y = row(p, 150, "Ceremony", p->mono, file->ceremony);
	y = row(p, y, "Custodian", p->regular, file->custodian);
	share_file_set(&set, file->set);
	(void)snprintf(text, sizeof(text), "%s (identifier %u)", file->set, set.id);
	y = row(p, y, "Set", p->mono, text);
	hex_write(text, file->commitment, 32);
	y = row(p, y, "Commitment", p->mono, text);
	hex_write(text, file->salt, 32);
	y = row(p, y, "Salt", p->mono, text);
	y = row(p, y, "Passphrase", p->regular,
		file->passphrase ? "needed: without it these words restore nothing" : "none");
	(void)gmtime_r(&paper->printed, &utc);
	(void)strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC, by this machine's clock", &utc);
	(void)row(p, y, "Printed", p->regular, text);
}

static void words(struct page *p, const struct paper *paper)
{
	const char *word = paper->words;
	char text[24];

	for (unsigned i = 0; *word; i++) {
		unsigned column = i / ROWS, line = i % ROWS;
		size_t length = strcspn(word, " ");

		(void)snprintf(text, sizeof(text), "%2u %.*s", i + 1, (int)length, word);
		write_line(p, p->mono, 12, MARGIN + 112 * (float)column, 282 + 16 * (float)line, text);
		word += length + (word[length] == ' ');
	}
	secret_wipe(text, sizeof(text));
}

/* libqrencode's numbers: bit 0 of a module is its colour. */
static int qr(struct page *p, const char *text)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	float module;

	if (!code)
		return -1;
	module = (float)QR_SIZE / (float)code->width;
	for (int y = 0; y < code->width; y++)
		for (int x = 0, run; x < code->width; x += run) {
			const unsigned char *at = code->data + (ptrdiff_t)y * code->width + x;

			for (run = 1; x + run < code->width && (at[run] & 1) == (at[0] & 1); run++)
				;
			if (at[0] & 1)
				(void)HPDF_Page_Rectangle(p->page, QR_AT_X + (float)x * module,
							  HEIGHT - QR_AT_Y - (float)(y + 1) * module,
							  (float)run * module, module);
		}
	(void)HPDF_Page_Fill(p->page);
	secret_wipe(code->data, (size_t)code->width * (size_t)code->width);
	QRcode_free(code);
	return 0;
}

static void advice(struct page *p, const struct paper *paper)
{
	static const char *const lines[] = {
		"*Check", /* a star begins a block */
		"Before this sheet is sealed its custodian reads the words from it into the prompt of",
		"    simrite ceremony words --share FILE",
		"(FILE is the share it was printed from), or, when that is gone, with --transcript FILE --salt SALT instead.",
		"*Keep",
		"In a numbered tamper-evident bag, dry and away from light, and from every other sheet of this ceremony. Do not copy,",
		"photograph or scan it: the code at the right is all of the words. A sheet that was seen is a share that was given away.",
		"*Restore",
		"    simrite ceremony recover --mnemonic prompt --mnemonic prompt ... --transcript FILE --batch ID ...",
		"Any program that has SLIP-0039 restores the same 32 bytes from as many sheets; what keys come from them, and how,",
		"is in docs/ceremony/protocol.md. Fewer sheets than needed restore nothing.",
	};
	float y = 468;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		bool title = lines[i][0] == '*';

		y += title ? 17 : 12;
		write_line(p,
			   title                ? p->bold
			   : lines[i][0] == ' ' ? p->mono
						: p->regular,
			   9, MARGIN, y, lines[i] + title);
	}
	if (paper->file.rehearsal)
		write_line(p, p->bold, 9, MARGIN, y + 17,
			   "This is a REHEARSAL: no card may ever depend on this share.");
}

static void fields(struct page *p, const struct paper *paper)
{
	static const char *const names[] = {"Custodian", "Witness", "Administrator"};
	float y = 690;

	write_line(p, p->bold, 9, MARGIN, y, "Bag number");
	if (*paper->bag)
		write_line(p, p->mono, 11, MARGIN + 85, y, paper->bag);
	else
		rule(p, MARGIN + 85, 300, y + 2);
	write_line(p, p->bold, 9, 320, y, "Sealed on");
	rule(p, 375, RIGHT, y + 2);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		y += 32;
		write_line(p, p->bold, 9, MARGIN, y, names[i]);
		rule(p, MARGIN + 85, 300, y + 2);
		write_line(p, p->regular, 8, MARGIN + 85, y + 11, "name");
		rule(p, 320, RIGHT, y + 2);
		write_line(p, p->regular, 8, 320, y + 11, "date, signature");
	}
}

/* ---- the process that makes it ---- */

struct outcome {
	struct fault fault; /* code FAULT_NONE: it is written */
	bool odd;
};

static void on_error(HPDF_STATUS error, HPDF_STATUS detail, void *first)
{
	HPDF_STATUS *seen = first;

	(void)detail;
	if (*seen == HPDF_OK)
		*seen = error;
}

static int write_all(int fd, const uint8_t *bytes, size_t length, struct fault *fault)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);

		if (n < 0)
			return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write the sheet: %s",
					 errno == EPIPE ? "its reader ended before it had all of it"
							: strerror(errno));
		bytes += n;
		length -= (size_t)n;
	}
	return 0;
}

static int draw(HPDF_Doc doc, const struct paper *paper, bool *odd)
{
	struct page p = {.page = HPDF_AddPage(doc)};

	p.regular = HPDF_GetFont(doc, "Helvetica", "WinAnsiEncoding");
	p.bold = HPDF_GetFont(doc, "Helvetica-Bold", "WinAnsiEncoding");
	p.mono = HPDF_GetFont(doc, "Courier-Bold", "WinAnsiEncoding");
	if (!p.page || !p.regular || !p.bold || !p.mono)
		return -1;
	(void)HPDF_Page_SetSize(p.page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
	head(&p, paper);
	words(&p, paper);
	advice(&p, paper);
	fields(&p, paper);
	*odd = p.odd;
	return qr(&p, paper->words);
}

static int make(const struct paper *paper, int fd, bool *odd, struct fault *fault)
{
	HPDF_STATUS error = HPDF_OK;
	HPDF_Doc doc;
	HPDF_UINT32 size;
	uint8_t *bytes;

	arena.at = locked_new(ARENA, fault);
	if (!arena.at)
		return -1;
	doc = HPDF_NewEx(on_error, take, give_back, 0, &error);
	if (!doc || draw(doc, paper, odd) < 0 || HPDF_SaveToStream(doc) != HPDF_OK || error != HPDF_OK)
		return fault_set(fault, FAULT_BUG, NULL, "the sheet could not be made (libharu: 0x%lx)",
				 (unsigned long)error);
	size = HPDF_GetStreamSize(doc);
	bytes = take(size);
	if (!bytes || HPDF_ReadFromStream(doc, bytes, &size) != HPDF_OK)
		return fault_set(fault, FAULT_BUG, NULL, "the sheet could not be taken from libharu");
	return write_all(fd, bytes, size, fault);
}

/* In the child: the sheet comes through a pipe, as locked memory does not come along. */
static void child(int in, int out, int fd)
{
	struct outcome outcome = {0};
	struct paper *paper = locked_new(sizeof(*paper), &outcome.fault);
	size_t got = 0;
	ssize_t n = 1;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (paper && got < sizeof(*paper) && n > 0) {
		n = read(in, (uint8_t *)paper + got, sizeof(*paper) - got);
		got += n > 0 ? (size_t)n : 0;
	}
	if (paper && got < sizeof(*paper))
		fault_set(&outcome.fault, FAULT_BUG, NULL, "the sheet did not arrive");
	else if (paper)
		(void)make(paper, fd, &outcome.odd, &outcome.fault);
	locked_free(paper, sizeof(*paper));
	locked_free(arena.at, ARENA);
	_exit(write(out, &outcome, sizeof(outcome)) == (ssize_t)sizeof(outcome) ? 0 : 1);
}

int paper_write(const struct paper *paper, int fd, bool *odd, struct fault *fault)
{
	struct outcome outcome = {.fault.code = FAULT_BUG};
	int to[2], from[2];
	bool sent;
	pid_t pid;

	/* a sheet is smaller than what a pipe holds */
	_Static_assert(sizeof(struct paper) <= 4096, "goes into a pipe in one piece");
	if (pipe2(to, O_CLOEXEC) < 0 || pipe2(from, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no process for the sheet: %s", strerror(errno));
	if (pid == 0) {
		close(to[1]);
		close(from[0]);
		child(to[0], from[1], fd);
	}
	close(to[0]);
	close(from[1]);
	sent = write(to[1], paper, sizeof(*paper)) == (ssize_t)sizeof(*paper);
	close(to[1]);
	if (!sent || read(from[0], &outcome, sizeof(outcome)) != (ssize_t)sizeof(outcome))
		fault_set(&outcome.fault, FAULT_BUG, NULL, "the process that makes the sheet ended");
	close(from[0]);
	(void)waitpid(pid, NULL, 0);
	if (odd)
		*odd = outcome.odd;
	if (outcome.fault.code == FAULT_NONE)
		return 0;
	*fault = outcome.fault;
	return -1;
}

int paper_print(const struct paper *paper, const char *command, bool *odd, struct fault *fault)
{
	/* what it says is no result of ours */
	const char *const argv[] = {"sh", "-c", "eval \"$1\" >&2", "print", command, NULL};
	int pipe = -1, status = 0, result;
	const struct spawn_order order = {.argv = argv, .in_pipe = &pipe};
	pid_t pid;

	if (spawn_start(&pid, &order, fault) < 0)
		return -1;
	/* a pipe that holds the whole sheet would not tell of a command that does not read it */
	(void)fcntl(pipe, F_SETPIPE_SZ, 4096);
	result = paper_write(paper, pipe, odd, fault);
	close(pipe);
	(void)spawn_wait(pid, -1, &status);
	if (result == 0 && status != 0)
		return fault_set(fault, FAULT_SYSTEM, "look at the printer: the sheet may be there or not",
				 "the print command ended with status %d", status);
	return result;
}
