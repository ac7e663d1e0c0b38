/* simrite-radio: phones with real cards attach to a network, and an antenna records it. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "crypto/hmac.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "radio/apdu_log.h"
#include "radio/session.h"

enum {
	READERS_MAX = 64,
};

struct arguments {
	struct options options;
	const char *readers, *centre, *out, *truth, *seed, *pin, *phase;
	char code[9]; /* the PIN itself */
	unsigned sessions, first_link;
	bool append;
};

enum key {
	KEY_READERS = 256,
	KEY_AUC,
	KEY_OUT,
	KEY_APPEND,
	KEY_TRUTH,
	KEY_SESSIONS,
	KEY_SEED,
	KEY_FIRST,
	KEY_PIN,
	KEY_PHASE,
};

static const struct argp_option option_table[] = {
	{"readers", KEY_READERS, "PREFIX", 0,
	 "every reader whose name begins so is a phone (default: simrite)", 0},
	{"auc", KEY_AUC, "SOCKET", 0, "the authentication centre's datagram socket", 0},
	{"out", KEY_OUT, "FILE", 0, "the radio record (pcapng)", 0},
	{"append", KEY_APPEND, NULL, 0, "add to the record instead of replacing it", 0},
	{"phase", KEY_PHASE, "NAME", 0, "before or after a theft: a word for the truth (default: before)", 0},
	{"truth", KEY_TRUTH, "DIR", 0, "where the plaintext goes, for the judge (made mode 0700)", 0},
	{"sessions", KEY_SESSIONS, "N", 0, "attaches per phone (default 2)", 0},
	{"seed", KEY_SEED, "S", 0, "what users say is made from it (default 1)", 0},
	{"first-link", KEY_FIRST, "N", 0, "number of the first radio link (default 256)", 0},
	{"pin", KEY_PIN, "SOURCE", 0, "PIN 1 of every card, when cards ask: file:PATH, fd:N or prompt", 0},
	{0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->options;
		return 0;
	case KEY_READERS:
		arguments->readers = text;
		return 0;
	case KEY_AUC:
		arguments->centre = text;
		return 0;
	case KEY_OUT:
		arguments->out = text;
		return 0;
	case KEY_APPEND:
		arguments->append = true;
		return 0;
	case KEY_TRUTH:
		arguments->truth = text;
		return 0;
	case KEY_SESSIONS:
		arguments->sessions = options_number(state, text, 1, 1000);
		return 0;
	case KEY_SEED:
		arguments->seed = text;
		return 0;
	case KEY_FIRST:
		arguments->first_link = options_number(state, text, 1, 60000);
		return 0;
	case KEY_PIN:
		arguments->pin = text;
		return 0;
	case KEY_PHASE:
		if (strcmp(text, "before") != 0 && strcmp(text, "after") != 0)
			argp_error(state, "--phase is \"before\" or \"after\"");
		arguments->phase = text;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->centre || !arguments->out || !arguments->truth)
			argp_error(state, "--auc, --out and --truth are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The readers with a card whose names begin so, in PC/SC's order. */
static int find_phones(struct reader_entry *entries, const char *prefix, struct fault *fault)
{
	int n = reader_list(entries, READERS_MAX, fault), i, kept = 0;

	for (i = 0; i < n; i++)
		if (entries[i].card_present && !strncmp(entries[i].name, prefix, strlen(prefix)))
			entries[kept++] = entries[i];
	if (n >= 0 && !kept)
		return fault_set(fault, FAULT_CARD, "start a simulation: simrite sim run --cards 8 -- ...",
				 "no reader that begins with \"%s\" has a card", prefix);
	return n < 0 ? -1 : kept;
}

static FILE *open_truth(const char *folder, const char *name, struct fault *fault)
{
	char path[512];
	FILE *file;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST) {
		fault_set(fault, FAULT_SYSTEM, NULL, "cannot make %s: %s", folder, strerror(errno));
		return NULL;
	}
	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "ae");
	if (file && fchmod(fileno(file), 0600) == 0)
		return file;
	fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s: %s", path, strerror(errno));
	if (file)
		fclose(file);
	return NULL;
}

/* Every phone attaches, then every phone again: a card's sessions lie apart. */
static int run_all(const struct arguments *arguments, struct ether *ether, struct network *network,
		   struct reader_entry *entries, int phones, FILE *log, struct fault *fault)
{
	unsigned round, total = arguments->sessions * (unsigned)phones, done = 0;
	struct phone phone;
	int i, e = 0;

	progress_start("attaching", total);
	for (round = 0; round < arguments->sessions && e == 0; round++)
		for (i = 0; i < phones && e == 0; i++) {
			if (stop_asked())
				e = fault_set(fault, FAULT_STOPPED, NULL, "stopped after %u of %u sessions",
					      done, total);
			else if ((e = phone_start(&phone, entries[i].name,
						  arguments->pin ? arguments->code : NULL, fault)) == 0) {
				reader_watch(phone.reader, apdu_log_seen, log);
				e = session_run(ether, &phone, network, fault);
				progress_at(++done, phone.imsi);
				phone_stop(&phone);
			}
		}
	progress_end();
	return e < 0 ? -1 : (int)done;
}

static int attach_all(const struct arguments *arguments, int *phones, struct fault *fault)
{
	static struct reader_entry entries[READERS_MAX];
	struct capture capture;
	struct ether ether = {
		.capture = &capture, .next_rnti = (uint16_t)arguments->first_link, .phase = arguments->phase};
	struct network network = {.socket = -1};
	FILE *log = NULL;
	int done = -1;

	ether.microseconds = (uint64_t)time(NULL) * 1000000;
	if (hmac(ether.seed, (struct span){(const uint8_t *)"what users say", 14},
		 (struct span){(const uint8_t *)arguments->seed, strlen(arguments->seed)}) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "HMAC failed");
	if ((*phones = find_phones(entries, arguments->readers, fault)) < 0)
		return -1;
	if (!(ether.truth = open_truth(arguments->truth, "sessions.jsonl", fault)) ||
	    !(log = open_truth(arguments->truth, "apdus.log", fault)))
		goto out;
	if (network_start(&network, arguments->centre, fault) < 0)
		goto out;
	if (capture_create(&capture, arguments->out, arguments->append,
			   "simrite-radio: synthetic, test networks only", fault) == 0) {
		done = run_all(arguments, &ether, &network, entries, *phones, log, fault);
		if (capture_close(&capture, done < 0 ? NULL : fault) < 0)
			done = -1;
	}
	network_stop(&network);
out:
	if (log)
		fclose(log);
	if (ether.truth)
		fclose(ether.truth);
	return done;
}

static int attach(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table, parse, NULL, "Attach every phone to the network and record the radio.",
		children,     NULL,  NULL};
	struct arguments arguments = {
		.readers = "simrite", .seed = "1", .sessions = 2, .first_link = 256, .phase = "before"};
	struct fault fault = {0};
	int done, phones = 0;

	options_parse(&argp, "simrite radio attach", argc, argv, &arguments, &arguments.options);
	stop_catch();
	done = arguments.pin
		       ? secret_line(arguments.code, sizeof(arguments.code), arguments.pin, "PIN 1", &fault)
		       : 0;
	if (done == 0)
		done = attach_all(&arguments, &phones, &fault);
	secret_wipe(arguments.code, sizeof(arguments.code));
	if (done < 0)
		return say_fault(&fault);
	say("%d phones, %d sessions recorded in %s", phones, done, arguments.out);
	say_result(json_pack("{s:i,s:i,s:s}", "phones", phones, "sessions", done, "record", arguments.out));
	return 0;
}

int main(int argc, char **argv)
{
	static const struct command_row rows[] = {
		{"attach", attach, "phones attach with their cards, and an antenna records it"}, {0}};

	return options_family(rows, "simrite radio", argc, argv);
}
