/* walk.c - the terminal itself is read and written, so that what a program
 * reads from the ceremony's standard output is not mixed with prompts. */
#include "ceremony/walk.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/canonical.h"
#include "lib/say.h"
#include "lib/words.h"

enum {
	LINE = 1024
};

struct walk {
	int tty;
	const struct plan *plan;
	walk_record *record;
	void *context;
	unsigned step;
};

enum answer {
	ANSWER_TEXT, /* "" is Enter */
	ANSWER_EXCEPTION,
	ANSWER_LEAVE
};

int walk_open(struct walk **walk, const struct plan *plan, walk_record *record, void *context,
	      struct fault *fault)
{
	struct walk *made = calloc(1, sizeof(*made));

	*walk = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	made->tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (made->tty < 0) {
		free(made);
		return fault_set(fault, FAULT_INPUT, "give --unattended", "there is no terminal to ask at");
	}
	made->plan = plan;
	made->record = record;
	made->context = context;
	*walk = made;
	return 0;
}

void walk_close(struct walk *walk)
{
	if (!walk)
		return;
	(void)close(walk->tty);
	free(walk);
}

static void put(struct walk *walk, const char *format, va_list arguments)
{
	(void)vdprintf(walk->tty, format, arguments);
	(void)dprintf(walk->tty, "\n");
}

void walk_tell(struct walk *walk, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put(walk, format, arguments);
	va_end(arguments);
}

/* One line, without blanks at its ends. -1: Ctrl-C, or the terminal is gone. */
static int read_line(struct walk *walk, char line[static LINE])
{
	size_t length = 0;
	char c = 0;

	while (c != '\n') {
		ssize_t n = read(walk->tty, &c, 1);

		if (n <= 0)
			return -1;
		if (c != '\n' && length + 1 < LINE && (length > 0 || c != ' '))
			line[length++] = c;
	}
	while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\r'))
		length--;
	line[length] = 0;
	return 0;
}

static enum answer ask(struct walk *walk, char line[static LINE], const char *enter)
{
	(void)dprintf(walk->tty, "   [%s; e: something went otherwise; q: leave, and go on later] ", enter);
	if (stop_asked() || read_line(walk, line) < 0 || strcmp(line, "q") == 0)
		return ANSWER_LEAVE;
	return strcmp(line, "e") == 0 ? ANSWER_EXCEPTION : ANSWER_TEXT;
}

static int left(struct walk *walk, const char *who, struct fault *fault)
{
	(void)dprintf(walk->tty, "\n");
	return fault_set(fault, FAULT_STOPPED,
			 "run the same command again: it goes on, or says what it begins anew",
			 "left while waiting for %.64s", who);
}

/* Who saw it, and what: asked until there is an answer, or nothing is said at all. 1 when recorded. */
static int exception(struct walk *walk, struct fault *fault)
{
	char by[LINE], text[LINE];

	if (!walk->record) {
		walk_tell(walk, "   Nothing is recorded here: put it right, or leave.");
		return 0;
	}
	for (;;) {
		(void)dprintf(walk->tty, "   Who tells it? A name of the plan, or Enter for nobody: ");
		if (read_line(walk, by) < 0)
			return left(walk, "an exception", fault);
		if (!by[0])
			return 0;
		if (plan_party(walk->plan, by))
			break;
		walk_tell(walk, "   The plan has nobody of that name.");
	}
	for (;;) {
		struct fault why = {0};

		(void)dprintf(walk->tty, "   What happened, and what was done about it? ");
		if (read_line(walk, text) < 0)
			return left(walk, "an exception", fault);
		if (walk->record(walk->context, by, text, &why) == 0)
			break;
		if (why.code != FAULT_USAGE) {
			*fault = why;
			return -1;
		}
		walk_wrong(walk, &why);
	}
	walk_tell(walk, "   Recorded.");
	return 1;
}

static void head(struct walk *walk, const char *who, const char *format, va_list arguments)
{
	const struct plan_party *party = plan_party(walk->plan, who);

	(void)dprintf(walk->tty, "\n%u. %s%s%s%s\n   ", ++walk->step, who, party ? " (" : "",
		      party ? party->role : "", party ? ")" : "");
	put(walk, format, arguments);
}

int walk_pause(struct walk *walk, const char *who, struct fault *fault, const char *format, ...)
{
	char line[LINE];
	va_list arguments;

	va_start(arguments, format);
	head(walk, who, format, arguments);
	va_end(arguments);
	for (;;)
		switch (ask(walk, line, "Enter: go on")) {
		case ANSWER_LEAVE:
			return left(walk, who, fault);
		case ANSWER_EXCEPTION:
			if (exception(walk, fault) < 0)
				return -1;
			break;
		case ANSWER_TEXT:
		default:
			if (!line[0])
				return 0;
			walk_tell(walk, "   Only Enter, e or q means something here.");
			break;
		}
}

int walk_type(struct walk *walk, const char *who, const char *want, struct fault *fault, const char *format,
	      ...)
{
	char line[LINE];
	va_list arguments;
	int done;

	va_start(arguments, format);
	head(walk, who, format, arguments);
	va_end(arguments);
	for (;;)
		switch (ask(walk, line, "type it, and Enter")) {
		case ANSWER_LEAVE:
			return left(walk, who, fault);
		case ANSWER_EXCEPTION:
			done = exception(walk, fault);
			if (done != 0)
				return done < 0 ? -1 : 0;
			break;
		case ANSWER_TEXT:
		default:
			if (strcmp(line, want) == 0)
				return 0;
			walk_tell(walk, line[0] ? "   That is not what the plan says. Look again."
						: "   It has to be typed.");
			break;
		}
}

void walk_wrong(struct walk *walk, const struct fault *fault)
{
	walk_tell(walk, "   That did not work: %s.%s%s", fault->text, fault->hint[0] ? "\n   To do: " : "",
		  fault->hint);
}

void walk_aloud(struct walk *walk, const char *what, const uint8_t *bytes, size_t length)
{
	walk_tell(walk, "\n   %s, to be read aloud and compared:", what);
	for (size_t i = 0; i < length; i += 4) {
		char words[4 * WORDS_LONGEST], hex[9];

		words_write(words, sizeof(words), bytes + i, 4);
		hex_write(hex, bytes + i, 4);
		walk_tell(walk, "      %.4s %.4s   %s", hex, hex + 4, words);
	}
}
