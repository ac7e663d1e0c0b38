/* cmd_paper.c - one custodian's sheet goes to a printer, never to a disk. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "ceremony/command.h"
#include "ceremony/locked.h"
#include "ceremony/paper.h"
#include "lib/canonical.h"
#include "lib/options.h"
#include "lib/say.h"

enum {
	KEY_TO = 0x100
};

struct input {
	struct options options;
	const char *share, *print, *bag;
	int fd; /* -1: none */
};

static const struct argp_option own_options[] = {
	{"print", 'p', "COMMAND", 0,
	 "Print it: the shell's COMMAND (\"lp -d vault\") gets the PDF on standard input", 0},
	{"to", KEY_TO, "fd:N", 0,
	 "Or write the PDF to descriptor N: a pipe or a device, no file and no terminal", 0},
	{"bag", 'b', "NUMBER", 0, "Number of the bag it goes into; without it there is a line to write on",
	 0},
	{0},
};

static void take_descriptor(struct input *input, const char *value, struct argp_state *state)
{
	char *end;
	long fd = strncmp(value, "fd:", 3) == 0 ? strtol(value + 3, &end, 10) : -1;

	if (fd < 0 || fd > 65535 || value[3] == 0 || *end)
		argp_error(state, "--to wants fd:N, not \"%s\"", value);
	input->fd = (int)fd;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case 'p':
		input->print = value;
		return 0;
	case KEY_TO:
		take_descriptor(input, value, state);
		return 0;
	case 'b':
		input->bag = value;
		return 0;
	case ARGP_KEY_ARG:
		if (input->share)
			argp_error(state, "one SHARE at a time: its custodian stands at the printer");
		input->share = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->share)
			argp_error(state, "which SHARE?");
		if (!input->print == (input->fd < 0))
			argp_error(state, "give --print COMMAND or --to fd:N");
		if (input->options.json && input->fd == STDOUT_FILENO)
			argp_error(state,
				   "--json answers on standard output: give the PDF another descriptor");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* A file on a disk would keep the share; so may a terminal's scrollback. */
static int check_descriptor(int fd, struct fault *fault)
{
	struct stat status;
	struct statfs system;

	if (fstat(fd, &status) < 0)
		return fault_set(fault, FAULT_USAGE, NULL, "descriptor %d is not open", fd);
	if (isatty(fd))
		return fault_set(fault, FAULT_POLICY, "give a pipe or a printer",
				 "descriptor %d is a terminal", fd);
	if (S_ISREG(status.st_mode) && (fstatfs(fd, &system) < 0 || system.f_type != TMPFS_MAGIC))
		return fault_set(fault, FAULT_POLICY, "give a pipe or a printer, or a file in memory (tmpfs)",
				 "descriptor %d is a file on a disk: the share would stay there", fd);
	return 0;
}

static int set_bag(struct paper *paper, const char *bag, struct fault *fault)
{
	const char *why = bag ? canonical_refused(bag) : NULL;

	if (!bag)
		return 0;
	if (strlen(bag) >= sizeof(paper->bag) || *bag == 0 || why)
		return fault_set(fault, FAULT_USAGE, NULL, "--bag is empty, too long or %s",
				 why ? why : "not a number to print");
	memcpy(paper->bag, bag, strlen(bag) + 1);
	return 0;
}

static int work(struct paper *paper, struct share_file *file, const struct input *input, bool *odd,
		struct fault *fault)
{
	if (input->fd >= 0 && check_descriptor(input->fd, fault) < 0)
		return -1;
	if (share_file_read(file, input->share, fault) < 0 || paper_from_share(paper, file, fault) < 0 ||
	    set_bag(paper, input->bag, fault) < 0)
		return -1;
	return input->print ? paper_print(paper, input->print, odd, fault)
			    : paper_write(paper, input->fd, odd, fault);
}

static void tell(const struct share_file *file, const struct input *input, bool odd)
{
	char commitment[65];

	hex_write(commitment, file->commitment, 32);
	if (odd)
		say_note("the sheet shows \"?\" for letters its fonts do not have; the file has them");
	if (input->fd != STDOUT_FILENO)
		say("share %u of %u (%s) of %s went to %s", file->index, file->total, file->custodian,
		    file->ceremony, input->print ? "the printer" : "the descriptor");
	say_note("check it before it is sealed: simrite ceremony words --share %s", input->share);
	say_result(json_pack("{s:s, s:i, s:s, s:s, s:i, s:s, s:b}", "type", "result", "schema", 1, "ceremony",
			     file->ceremony, "custodian", file->custodian, "index", (int)file->index,
			     "commitment", commitment, "complete", odd ? 0 : 1));
}

int cmd_paper(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = own_options,
		.parser = parse,
		.args_doc = "SHARE",
		.doc = "Print one custodian's share as a sheet of paper: 33 words of SLIP-0039 and a QR code of them. "
		       "The page is made in memory and goes to a printer; no file is written.",
		.children = children,
	};
	struct input input = {.fd = -1};
	struct fault fault = {0};
	struct paper *paper;
	struct share_file *file;
	bool odd = false;
	int result = -1;

	options_parse(&argp, "simrite ceremony paper", argc, argv, &input, &input.options);
	locked_json();
	paper = locked_stack(&fault) == 0 ? locked_new(sizeof(*paper), &fault) : NULL;
	file = paper ? locked_new(sizeof(*file), &fault) : NULL;
	if (file)
		result = work(paper, file, &input, &odd, &fault);
	if (result == 0)
		tell(file, &input, odd);
	locked_free(paper, sizeof(*paper));
	locked_free(file, sizeof(*file));
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}
