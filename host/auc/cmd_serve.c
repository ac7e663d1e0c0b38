#include "auc/commands.h"
#include "auc/server.h"
#include "lib/say.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

enum {
	OPTION_SOCKET = 0x200,
	OPTION_PARENT,
};

struct input {
	struct command_input shared;
	const char *socket;
	bool with_parent;
};

static const struct argp_option serve_options[] = {
	{"socket", OPTION_SOCKET, "PATH", 0, "Where to listen: a unix datagram socket, made 0600", 0},
	{"until-parent-dies", OPTION_PARENT, NULL, 0, "Stop when the program that started this one ends", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		place_init(state, &input->shared);
		return 0;
	case OPTION_SOCKET:
		input->socket = argument;
		return 0;
	case OPTION_PARENT:
		input->with_parent = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return EINVAL;
	case ARGP_KEY_END:
		if (!input->socket)
			argp_error(state, "--socket is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void tell(const struct server_tally *tally)
{
	say("%lu requests: %lu vectors, %lu triplets, %lu resynchronised, %lu refused, %lu malformed",
	    tally->requests, tally->vectors, tally->triplets, tally->resynchronised, tally->failures,
	    tally->malformed);
	say_result(json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "event", "stopped", "requests",
			     (json_int_t)tally->requests, "vectors", (json_int_t)tally->vectors, "triplets",
			     (json_int_t)tally->triplets, "resynchronised", (json_int_t)tally->resynchronised,
			     "refused", (json_int_t)tally->failures, "malformed",
			     (json_int_t)tally->malformed));
}

int cmd_serve(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_argp, 0, NULL, 0}, {&place_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = serve_options,
		.parser = parse,
		.doc = "Answer an EAP server: hostapd's eap_sim_db=unix:PATH. Stops on SIGTERM or Ctrl-C.",
		.children = children,
	};
	struct server *server = NULL;
	struct auc *auc = NULL;
	struct input input = {0};
	struct fault fault = {0};
	pid_t parent = getppid();
	int result = -1;

	options_parse(&argp, "simrite auc serve", argc, argv, &input, &input.shared.options);
	if (input.with_parent && (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent))
		return FAULT_STOPPED;
	stop_catch();
	if (auc_open(&auc, &input.shared.place, &fault) == 0 &&
	    server_open(&server, input.socket, &fault) == 0) {
		say("listening on %s", input.socket);
		say_result(json_pack("{s:s, s:s}", "event", "listening", "socket", input.socket));
		result = server_run(server, auc, &fault);
		if (result == 0)
			tell(server_tally(server));
	}
	server_close(server);
	auc_close(auc);
	return result < 0 ? say_fault(&fault) : FAULT_NONE;
}
