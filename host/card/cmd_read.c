#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "card/commands.h"
#include "card/file_names.h"
#include "lib/card_file.h"
#include "lib/fault.h"
#include "lib/hex.h"
#include "lib/say.h"
#include "status.h"

enum {
	KEY_RECORD = 0xC001,
	KEY_FILES,
	SIZE_MAX_READ = 32767, /* what READ BINARY's offset reaches */
};

struct input {
	struct command_input command;
	const char *file;
	unsigned record; /* 0: all */
	bool files;
};

static const struct argp_option rows[] = {
	{"record", KEY_RECORD, "N", 0, "Only record N of a linear or cyclic file", 0},
	{"files", KEY_FILES, NULL, 0, "List the names this program knows, and ask no card", 0},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		command_init(state, &input->command);
		return 0;
	case KEY_RECORD:
		input->record = options_number(state, value, 1, 254);
		return 0;
	case KEY_FILES:
		input->files = true;
		return 0;
	case ARGP_KEY_ARG:
		if (input->file)
			argp_usage(state);
		input->file = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->file && !input->files)
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void list_names(void)
{
	const struct file_name *row;
	size_t i;

	for (i = 0; (row = file_name_row(i)); i++) {
		say("%-14s %s", row->name, row->path);
		say_result(json_pack("{s:s, s:s}", "name", row->name, "path", row->path));
	}
}

/* ---- showing ---- */

/* One run of content: hex, its meaning, and the JSON of both. */
static json_t *show_bytes(const struct file_name *name, unsigned record, const uint8_t *bytes, size_t length)
{
	char *hex = malloc(2 * length + 1), meaning[120] = "", head[24] = "";
	json_t *object;

	if (!hex)
		return NULL;
	hex_write(hex, bytes, length);
	if (name && name->decode)
		name->decode(meaning, sizeof(meaning), bytes, length);
	if (record)
		(void)snprintf(head, sizeof(head), "record %u: ", record);
	say("%s%s", head, hex);
	if (meaning[0])
		say("%*s%s", (int)strlen(head), "", meaning);
	object = json_pack("{s:s, s:s}", "hex", hex, "meaning", meaning);
	if (record)
		(void)json_object_set_new(object, "record", json_integer((json_int_t)record));
	free(hex);
	return object;
}

static int read_transparent(struct reader *reader, const struct card_file *file, const struct file_name *name,
			    json_t *content, struct fault *fault)
{
	uint8_t *bytes;
	int sw;

	if (file->size > SIZE_MAX_READ)
		return fault_set(fault, FAULT_CARD, NULL, "the card gives the file an impossible size");
	bytes = calloc(1, file->size + 1);
	if (!bytes)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	sw = card_file_read(reader, bytes, 0, file->size, fault);
	if (sw == SW_OK)
		(void)json_array_append_new(content, show_bytes(name, 0, bytes, file->size));
	free(bytes);
	return sw == SW_OK ? 0 : card_status_fault(fault, sw, "read");
}

static int read_records(struct reader *reader, const struct card_file *file, const struct file_name *name,
			unsigned only, json_t *content, struct fault *fault)
{
	uint8_t record[256];
	unsigned i, from = only ? only : 1, to = only ? only : (unsigned)file->records;

	if (file->record_length == 0 || file->record_length > 255)
		return fault_set(fault, FAULT_CARD, NULL,
				 "the card gives the file an impossible record length");
	for (i = from; i <= to; i++) {
		int sw = card_file_read_record(reader, record, i, file->record_length, fault);

		if (sw != SW_OK)
			return card_status_fault(fault, sw, "read record");
		(void)json_array_append_new(content, show_bytes(name, i, record, file->record_length));
	}
	return 0;
}

static const char *kind_text(enum card_file_kind kind)
{
	static const char *const texts[] = {"folder", "transparent", "linear fixed",
					    "cyclic", "BER-TLV",     "other"};

	return texts[kind];
}

static int show(struct reader *reader, const struct input *input, struct fault *fault)
{
	const struct file_name *name = file_name_find(input->file);
	const char *path = name ? name->path : input->file, *title = name ? name->name : input->file;
	struct card_file file;
	json_t *content = json_array();
	int result = 0, sw = card_file_select(reader, &file, path, fault);

	if (sw != SW_OK)
		result = card_status_fault(fault, sw, title);
	else if (file.kind == CARD_FILE_TRANSPARENT && input->record)
		result = fault_set(fault, FAULT_USAGE, NULL, "%s has no records", title);
	if (result == 0)
		say("%s (%s), %s, %zu bytes", title, path, kind_text(file.kind), file.size);
	if (result == 0 && file.kind == CARD_FILE_TRANSPARENT)
		result = read_transparent(reader, &file, name, content, fault);
	else if (result == 0 && (file.kind == CARD_FILE_LINEAR || file.kind == CARD_FILE_CYCLIC))
		result = read_records(reader, &file, name, input->record, content, fault);
	if (result != 0) {
		json_decref(content);
		return -1;
	}
	say_result(json_pack("{s:s, s:s, s:s, s:s, s:I, s:o}", "reader", reader_name(reader), "file", title,
			     "path", path, "kind", kind_text(file.kind), "size", (json_int_t)file.size,
			     "content", content));
	return 0;
}

int cmd_read(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_reader_argp, 0, NULL, 0}, {&unlock_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = rows,
		.parser = parse,
		.args_doc = "FILE",
		.doc = "Show a file of a card, in hex and, where this program knows how, decoded.\v"
		       "FILE is a name (EF.IMSI, imsi) or a path below the MF (2FE2, 7FFF/6F07; 7FFF is ADF.USIM).",
		.children = children};
	struct input input = {0};
	struct reader *reader = NULL;
	struct fault fault;
	int result;

	options_parse(&argp, "simrite card read", argc, argv, &input, &input.command.options);
	if (input.files) {
		list_names();
		return FAULT_NONE;
	}
	result = open_card(&reader, &input.command, &fault);
	if (result == 0)
		result = show(reader, &input, &fault);
	reader_close(reader);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}
