/* Vetting of an image by rebuilding it: is what runs in the card what the source says? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/sha256.h"
#include "lib/card_state.h"
#include "lib/hex.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/spawn.h"
#include "vet/commands.h"
#include "vet/image.h"
#include "vet/rebuild.h"

enum {
	KEY_SOURCE = 0xC001,
	KEY_BOARD,
	KEY_MBEDTLS,
	KEY_WORK,
	KEY_CARD,
	SHOWN = 16 /* differences told one by one */
};

struct input {
	struct options options;
	const char *source, *board, *mbedtls, *work, *image;
	bool card;
};

static const struct argp_option rows[] = {
	{"source", KEY_SOURCE, "DIR", 0, "The source tree (default: here)", 0},
	{"board", KEY_BOARD, "NAME", 0, "What it is built for: a folder of boards/ (default microbit)", 0},
	{"mbedtls", KEY_MBEDTLS, "DIR", 0,
	 "The unpacked source of mbedTLS (default: SOURCE/build/mbedtls-src)", 0},
	{"work", KEY_WORK, "DIR", 0,
	 "Build in DIR, which is made, and keep it (default: a folder in /tmp, removed)", 0},
	{"card", KEY_CARD, NULL, 0, "Ask the card in the reader, too, which firmware it says it is", 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case KEY_SOURCE:
		input->source = value;
		return 0;
	case KEY_BOARD:
		input->board = value;
		return 0;
	case KEY_MBEDTLS:
		input->mbedtls = value;
		return 0;
	case KEY_WORK:
		input->work = value;
		return 0;
	case KEY_CARD:
		input->card = true;
		return 0;
	case ARGP_KEY_ARG:
		if (input->image)
			argp_error(state, "one image only");
		input->image = value;
		return 0;
	case ARGP_KEY_END:
		if (input->board[strspn(input->board, "abcdefghijklmnopqrstuvwxyz0123456789-")] ||
		    strlen(input->board) > 40 || strcmp(input->board, "native") == 0)
			argp_error(state, "--board names a folder of boards/ that has an image");
		if (input->options.reader && !input->card)
			argp_error(state, "--reader goes with --card");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* ---- building ---- */

struct work {
	char source[PATH_MAX], mbedtls[PATH_MAX], folder[PATH_MAX];
	bool temporary;
	struct rebuild rebuilds[REBUILDS];
	struct image ours; /* of the first */
};

static int prepare(struct work *work, const struct input *input, struct fault *fault)
{
	const char *place = getenv("TMPDIR");
	char path[PATH_MAX];

	if (!realpath(input->source, work->source))
		return fault_set(fault, FAULT_INPUT, NULL, "%s: %s", input->source, strerror(errno));
	(void)snprintf(path, sizeof(path), "%.*s/boards/%s/board.mk", PATH_MAX - 80, work->source,
		       input->board);
	if (access(path, R_OK) != 0)
		return fault_set(fault, FAULT_INPUT, "run it in the source tree, or name one with --source",
				 "%s: %s", path, strerror(errno));
	(void)snprintf(path, sizeof(path), "%.*s/build/mbedtls-src", PATH_MAX - 80, work->source);
	if (!realpath(input->mbedtls ? input->mbedtls : path, work->mbedtls))
		return fault_set(fault, FAULT_INPUT,
				 "\"make BOARD=microbit\" fetches it once; --mbedtls names another", "%s: %s",
				 input->mbedtls ? input->mbedtls : path, strerror(errno));
	if (input->work) {
		if (mkdir(input->work, 0755) != 0 || !realpath(input->work, work->folder))
			return fault_set(fault, FAULT_INPUT, NULL, "%s: %s", input->work, strerror(errno));
		return 0;
	}
	(void)snprintf(work->folder, sizeof(work->folder), "%s/simrite-image.XXXXXX",
		       place && strlen(place) < 200 ? place : "/tmp");
	work->temporary = mkdtemp(work->folder) != NULL;
	return work->temporary
		       ? 0
		       : fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", work->folder, strerror(errno));
}

static void clear(struct work *work)
{
	const char *const argv[] = {"rm", "-rf", "--", work->folder, NULL};

	image_free(&work->ours);
	if (work->temporary)
		(void)spawn_run(&(struct spawn_order){.argv = argv}, -1, NULL);
}

static int build(struct work *work, const struct input *input, struct fault *fault)
{
	const struct rebuild_order order = {work->source, input->board, work->mbedtls, work->folder};

	progress_start("building", REBUILDS);
	for (unsigned i = 0; i < REBUILDS; i++) {
		if (stop_asked() || rebuild_run(&work->rebuilds[i], &order, i, fault) != 0) {
			progress_end();
			work->temporary = work->temporary && stop_asked(); /* its log explains */
			return stop_asked() ? fault_set(fault, FAULT_STOPPED, NULL, "stopped") : -1;
		}
		progress_at(i + 1, "");
		say("built in %.0f s: %s", work->rebuilds[i].seconds, rebuild_environments[i]);
	}
	progress_end();
	return image_load(&work->ours, work->rebuilds[0].elf, fault);
}

/* ---- comparing ---- */

static json_t *tell_difference(const struct image_difference *d)
{
	char ours[17], theirs[17], where[160] = "no name there";
	const struct image_symbol *symbol = d->symbol;

	hex_write(ours, d->ours, d->has_ours);
	hex_write(theirs, d->theirs, d->has_theirs);
	if (symbol)
		(void)snprintf(where, sizeof(where), "%s in %s, byte %u of %u", symbol->name, symbol->section,
			       d->offset, symbol->size);
	say("         %08x, %u byte%s: %s; built %s, there %s", d->address, d->length,
	    d->length == 1 ? "" : "s", where, d->has_ours ? ours : "nothing",
	    d->has_theirs ? theirs : "nothing");
	return json_pack("{s:I, s:I, s:s, s:s, s:I, s:s, s:s}", "address", (json_int_t)d->address, "length",
			 (json_int_t)d->length, "symbol", symbol ? symbol->name : "", "section",
			 symbol ? symbol->section : "", "offset", (json_int_t)d->offset, "built", ours,
			 "there", theirs);
}

/* Compare what was built with `path`: 1 the same, 0 not, -1. */
static int compare(json_t *result, const struct work *work, const char *path, const char *what,
		   struct fault *fault)
{
	struct image_difference differences[SHOWN];
	json_t *list = json_array();
	struct image theirs;
	uint32_t bytes;
	size_t count = 0;
	int e = image_load(&theirs, path, fault);

	if (e == 0) {
		count = image_compare(differences, SHOWN, &bytes, &work->ours, &theirs);
		say("%-8s %s: %u bytes, %u differ", count ? "found" : "same", what, image_size(&theirs),
		    bytes);
		for (size_t i = 0; i < count && i < SHOWN; i++)
			(void)json_array_append_new(list, tell_difference(&differences[i]));
		if (count > SHOWN)
			say("         and in %zu places more", count - SHOWN);
		(void)json_object_set_new(result, what,
					  json_pack("{s:b, s:I, s:I, s:I, s:O}", "same", count == 0, "size",
						    (json_int_t)image_size(&theirs), "differ",
						    (json_int_t)bytes, "places", (json_int_t)count,
						    "differences", list));
	}
	json_decref(list);
	image_free(&theirs);
	return e < 0 ? -1 : count == 0;
}

/* What the card says it is. A card that lies says the same. */
static int ask_card(json_t *result, const struct work *work, const struct input *input, struct fault *fault)
{
	struct card_trust trust;
	struct reader *reader;
	char says[2 * SHA256_LENGTH + 1];
	int e, same;

	if (reader_open(&reader, input->options.reader, fault) != 0)
		return -1;
	e = card_trust_read(reader, &trust, fault);
	reader_close(reader);
	if (e != 0)
		return -1;
	hex_write(says, trust.firmware, SHA256_LENGTH);
	same = strcmp(says, work->rebuilds[0].digest) == 0;
	say("%-8s the card says it is %s, and %s", same ? "same" : "found", says,
	    same ? "so is this source: no proof, a card can say what it likes" : "this source is not");
	(void)json_object_set_new(result, "card", json_pack("{s:s, s:b}", "says", says, "same", same));
	return same;
}

static int file_digest(char text[static 65], const char *path, struct fault *fault)
{
	uint8_t buffer[4096], digest[SHA256_LENGTH];
	FILE *from = fopen(path, "rbe");
	struct sha256 hash;
	size_t n;

	if (!from)
		return fault_set(fault, FAULT_INPUT, NULL, "%s: %s", path, strerror(errno));
	sha256_start(&hash);
	while ((n = fread(buffer, 1, sizeof(buffer), from)) > 0)
		sha256_add(&hash, buffer, n);
	(void)fclose(from);
	if (sha256_finish(&hash, digest) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "SHA-256 failed");
	hex_write(text, digest, sizeof(digest));
	return 0;
}

static const char *const unchecked[] = {
	"the source itself: it was built, not read",
	"the compiler, which was the same both times, and mbedTLS",
	"what is in a chip: a file was compared, and a chip can hold another",
};

/* 0 all is the same, 1 something is not, -1. */
static int examine(struct work *work, const struct input *input, struct fault *fault)
{
	json_t *result = json_object(), *list = json_array(), *built = json_array();
	char digest[65] = "";
	int same = 1, e = 0;

	for (unsigned i = 0; i < REBUILDS; i++)
		(void)json_array_append_new(built,
					    json_pack("{s:s, s:f}", "environment", rebuild_environments[i],
						      "seconds", work->rebuilds[i].seconds));
	e = compare(result, work, work->rebuilds[1].elf, "rebuilt", fault);
	same = e;
	if (e >= 0 && input->image) {
		e = compare(result, work, input->image, "image", fault);
		same = same && e > 0;
	}
	if (e >= 0 && input->card) {
		e = ask_card(result, work, input, fault);
		same = same && e > 0;
	}
	if (e >= 0)
		e = file_digest(digest, work->rebuilds[0].hex, fault);
	if (e >= 0)
		say("SHA-256 of the card.hex built here: %s", digest);
	for (size_t i = 0; i < sizeof(unchecked) / sizeof(unchecked[0]); i++) {
		if (e >= 0)
			say("not checked: %s", unchecked[i]);
		(void)json_array_append_new(list, json_string(unchecked[i]));
	}
	(void)json_object_set_new(result, "unchecked", list);
	(void)json_object_set_new(result, "built", built);
	(void)json_object_set_new(result, "sha256", json_string(digest));
	(void)json_object_set_new(result, "firmware", json_string(work->rebuilds[0].digest));
	if (e >= 0)
		say_result(result);
	else
		json_decref(result);
	return e < 0 ? -1 : !same;
}

int cmd_image(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_reader_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = rows,
		.parser = parse,
		.args_doc = "[IMAGE]",
		.doc = "Build the firmware twice from source, in two environments that differ in all that must not "
		       "matter, and compare both with each other and with IMAGE, an .elf or .hex.\v"
		       "Exit status 1: the builds differ, or IMAGE is not what the source says; where is told by "
		       "address and function.",
		.children = children};
	struct input input = {.source = ".", .board = "microbit"};
	struct work *work = calloc(1, sizeof(*work));
	struct fault fault = {0};
	int e;

	options_parse(&argp, "simrite vet image", argc, argv, &input, &input.options);
	stop_catch();
	if (!work) {
		(void)fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
		return say_fault(&fault);
	}
	e = prepare(work, &input, &fault);
	if (e == 0)
		e = build(work, &input, &fault);
	if (e == 0)
		e = examine(work, &input, &fault);
	clear(work);
	free(work);
	return e < 0 ? say_fault(&fault) : e ? FAULT_NO : FAULT_NONE;
}
