/* simrite radio attach: phones with real cards attach to a network, and an antenna records it. */
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
#include "radio/commands.h"
#include "radio/eap_options.h"
#include "radio/session.h"

enum {
	READERS_MAX = 64,
};

struct arguments {
	struct options options;
	const char *readers, *centre, *out, *truth, *seed, *pin, *phase, *station;
	char code[9]; /* the PIN itself */
	unsigned sessions, first_link;
	bool append, by_eap;
	struct eap_access eap;
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
	KEY_ACCESS,
	KEY_PHONE_FS,
	KEY_NETWORK_FS,
	KEY_PHONE_GROUPS,
	KEY_NETWORK_GROUPS,
	KEY_STATION,
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
	{"access", KEY_ACCESS, "KIND", 0, "lte (default), eap-aka-prime or eap-aka-prime-fs", 0},
	{"fs-policy", KEY_PHONE_FS, "POLICY", 0,
	 "phones that get no forward secrecy go on (allow, default) or not (require)", 0},
	{"network-fs-policy", KEY_NETWORK_FS, "POLICY", 0,
	 "the network likewise: allow (default) or require, or off", 0},
	{"fs-group", KEY_PHONE_GROUPS, "GROUP", 0, "the one group phones use: x25519 or p256 (default: both)",
	 0},
	{"network-fs-group", KEY_NETWORK_GROUPS, "GROUP", 0,
	 "the one the network offers (default: both, x25519 first)", 0},
	{"false-station", KEY_STATION, "SOCKET", 0,
	 "wait at SOCKET for a program that stands between phones and network", 0},
	{0},
};

/* Without forward secrecy the network does not offer it, and the phone would not take it. */
static void parse_access(struct arguments *arguments, struct argp_state *state, const char *text)
{
	arguments->by_eap = strcmp(text, "lte") != 0;
	if (!strcmp(text, "eap-aka-prime"))
		arguments->eap.phone_policy = arguments->eap.network_policy = EAP_FS_OFF;
	else if (arguments->by_eap && strcmp(text, "eap-aka-prime-fs") != 0)
		argp_error(state, "there is no access \"%s\"", text);
}

static error_t parse_eap(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case KEY_ACCESS:
		parse_access(arguments, state, text);
		return 0;
	case KEY_PHONE_FS:
		arguments->eap.phone_policy = eap_options_policy(state, text, false);
		return 0;
	case KEY_NETWORK_FS:
		arguments->eap.network_policy = eap_options_policy(state, text, true);
		return 0;
	case KEY_PHONE_GROUPS:
		arguments->eap.phone_groups = eap_options_groups(state, text);
		return 0;
	case KEY_NETWORK_GROUPS:
		arguments->eap.network_groups = eap_options_groups(state, text);
		return 0;
	case KEY_STATION:
		arguments->station = text;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

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
		if (arguments->station && !arguments->by_eap)
			argp_error(state, "--false-station needs an --access by EAP");
		return 0;
	default:
		return parse_eap(key, text, state);
	}
}

struct phones {
	struct reader_entry entries[READERS_MAX];
	int count;
	FILE *log; /* of every exchange with a card */
};

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

struct outcome {
	unsigned attached, refused;
};

/* Every phone attaches, then every phone again: a card's sessions lie apart. */
static int run_all(const struct arguments *arguments, struct ether *ether, struct network *network,
		   const struct session_access *access, const struct phones *phones, struct outcome *outcome,
		   struct fault *fault)
{
	unsigned round, total = arguments->sessions * (unsigned)phones->count, done = 0;
	struct phone phone;
	int i, e = 0;

	progress_start("attaching", total);
	for (round = 0; round < arguments->sessions && e >= 0; round++)
		for (i = 0; i < phones->count && e >= 0; i++) {
			if (stop_asked()) {
				e = fault_set(fault, FAULT_STOPPED, NULL, "stopped after %u of %u sessions",
					      done, total);
				continue;
			}
			e = phone_start(&phone, phones->entries[i].name,
					arguments->pin ? arguments->code : NULL, fault);
			if (e < 0)
				continue;
			reader_watch(phone.reader, apdu_log_seen, phones->log);
			e = session_run(ether, &phone, network, access, fault);
			*(e > 0 ? &outcome->attached : &outcome->refused) += 1;
			progress_at(++done, phone.imsi);
			phone_stop(&phone);
		}
	progress_end();
	return e < 0 ? -1 : 0;
}

/* A file of the truth, or nothing when it is not wanted. */
static int open_log(FILE **file, bool wanted, const char *folder, const char *name, struct fault *fault)
{
	*file = wanted ? open_truth(folder, name, fault) : NULL;
	return wanted && !*file ? -1 : 0;
}

static void close_log(FILE *file)
{
	if (file)
		fclose(file);
}

static int record_all(const struct arguments *arguments, const struct ether *start,
		      const struct session_access *logs, const struct phones *phones, struct outcome *outcome,
		      struct fault *fault)
{
	struct station station = {.socket = -1};
	struct network network = {.auc.socket = -1};
	struct session_access access = *logs;
	struct ether ether = *start;
	struct capture capture;
	int e;

	if (network_start(&network, arguments->centre, fault) < 0)
		return -1;
	e = arguments->station ? station_await(&station, arguments->station, fault) : 0;
	if (e == 0 && (e = capture_create(&capture, arguments->out, arguments->append,
					  "simrite-radio: synthetic, test networks only", fault)) == 0) {
		ether.capture = &capture;
		access.station = arguments->station ? &station : NULL;
		e = run_all(arguments, &ether, &network, &access, phones, outcome, fault);
		if (capture_close(&capture, e < 0 ? NULL : fault) < 0)
			e = -1;
	}
	station_end(&station);
	network_stop(&network);
	return e;
}

static int attach_all(const struct arguments *arguments, struct phones *phones, struct outcome *outcome,
		      struct fault *fault)
{
	struct ether ether = {.next_rnti = (uint16_t)arguments->first_link, .phase = arguments->phase};
	struct session_access access = {.eap = arguments->by_eap ? &arguments->eap : NULL};
	int e = -1;

	ether.microseconds = (uint64_t)time(NULL) * 1000000;
	if (hmac(ether.seed, (struct span){(const uint8_t *)"what users say", 14},
		 (struct span){(const uint8_t *)arguments->seed, strlen(arguments->seed)}) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "HMAC failed");
	if ((phones->count = find_phones(phones->entries, arguments->readers, fault)) < 0)
		return -1;
	if (open_log(&ether.truth, true, arguments->truth, "sessions.jsonl", fault) == 0 &&
	    open_log(&phones->log, true, arguments->truth, "apdus.log", fault) == 0 &&
	    open_log(&access.phone_log, arguments->by_eap, arguments->truth, "phone.jsonl", fault) == 0 &&
	    open_log(&access.network_log, arguments->by_eap, arguments->truth, "network.jsonl", fault) == 0)
		e = record_all(arguments, &ether, &access, phones, outcome, fault);
	close_log(phones->log);
	close_log(ether.truth);
	close_log(access.phone_log);
	close_log(access.network_log);
	return e;
}

int cmd_attach(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		option_table, parse, NULL, "Attach every phone to the network and record the radio.",
		children,     NULL,  NULL};
	static struct phones phones;
	const struct eap_groups both = eap_options_both();
	struct arguments arguments = {.readers = "simrite",
				      .seed = "1",
				      .sessions = 2,
				      .first_link = 256,
				      .phase = "before",
				      .eap = {EAP_FS_ALLOW, EAP_FS_ALLOW, both, both}};
	struct outcome outcome = {0};
	struct fault fault = {0};
	int done;

	options_parse(&argp, "simrite radio attach", argc, argv, &arguments, &arguments.options);
	stop_catch();
	done = arguments.pin
		       ? secret_line(arguments.code, sizeof(arguments.code), arguments.pin, "PIN 1", &fault)
		       : 0;
	if (done == 0)
		done = attach_all(&arguments, &phones, &outcome, &fault);
	secret_wipe(arguments.code, sizeof(arguments.code));
	if (done < 0)
		return say_fault(&fault);
	say("%d phones, %u sessions recorded in %s", phones.count, outcome.attached, arguments.out);
	if (outcome.refused)
		say("%u times a phone could not attach while somebody stood between", outcome.refused);
	say_result(json_pack("{s:i,s:i,s:i,s:s}", "phones", phones.count, "sessions", (int)outcome.attached,
			     "refused", (int)outcome.refused, "record", arguments.out));
	return 0;
}
