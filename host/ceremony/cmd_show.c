#include <stdlib.h>
#include <string.h>

#include "ceremony/audit.h"
#include "ceremony/command.h"
#include "ceremony/entry.h"
#include "lib/canonical.h"
#include "lib/options.h"
#include "lib/say.h"
#include "lib/transcript.h"
#include "lib/words.h"

struct input {
	struct options options;
	const char *transcript;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case ARGP_KEY_ARG:
		if (input->transcript)
			argp_error(state, "one TRANSCRIPT only");
		input->transcript = value;
		return 0;
	case ARGP_KEY_END:
		if (!input->transcript)
			argp_error(state, "which TRANSCRIPT?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char *text(const json_t *data, const char *name)
{
	const char *value = json_string_value(json_object_get(data, name));

	return value ? value : "?";
}

static int number(const json_t *data, const char *name)
{
	return (int)json_integer_value(json_object_get(data, name));
}

/* What was begun: the plan and the token, in a few lines. */
static void say_begin(const json_t *data)
{
	const json_t *plan = json_object_get(data, "plan"), *hsm = json_object_get(data, "hsm");

	say("      ceremony %s (%s): %s", text(plan, "id"), text(plan, "mode"), text(plan, "title"));
	say("      for %s, %d of %zu custodians", text(plan, "operator"), number(plan, "threshold"),
	    json_array_size(json_object_get(plan, "custodians")));
	say("      HSM %s, %s, serial %s: %s", text(hsm, "label"), text(hsm, "library"), text(hsm, "serial"),
	    text(hsm, "assurance"));
	say("      software %s, SHA-256 %s", text(json_object_get(data, "software"), "name"),
	    text(json_object_get(data, "software"), "sha256"));
}

static void say_inventory(const json_t *data)
{
	const json_t *objects = json_object_get(data, "objects"), *object;
	size_t i;

	json_array_foreach(objects, i, object)
		say("      %s \"%s\"%s", text(object, "kind"), text(object, "label"),
		    number(object, "extractable") ? ", may leave the token" : "");
}

static void say_check(const json_t *data)
{
	char words[16 * WORDS_LONGEST];
	uint8_t check[16];

	if (canonical_hex_read(check, sizeof(check), text(data, "check")) < 0)
		return; /* the audit has refused it */
	words_write(words, sizeof(words), check, sizeof(check));
	say("      check value %s", text(data, "check"));
	say("      %s", words);
}

static void say_batch(const json_t *data)
{
	const json_t *tickets = json_object_get(data, "tickets");

	say("      \"%s\", %d cards", text(data, "label"), number(data, "count"));
	say_check(data);
	if (tickets)
		say("      keys %s, %d load tickets until %s, root %s", text(data, "method"),
		    number(tickets, "count"), text(data, "expires"), text(tickets, "root"));
}

static int show_line(void *context, unsigned line, const json_t *entry, struct fault *fault)
{
	const char *type = text(entry, "type"), *who;
	const json_t *data = json_object_get(entry, "data");

	if (audit_visit(context, line, entry, fault) < 0)
		return -1;
	who = entry_who(data);
	say("%4u  %s  %-9s %s%s%s", line, text(entry, "at"), type, who, who[0] ? ": " : "",
	    entry_meaning(type));
	if (strcmp(type, "begin") == 0)
		say_begin(data);
	else if (strcmp(type, "inventory") == 0)
		say_inventory(data);
	else if (strcmp(type, "restore") == 0)
		say("      %d quorums of %d out of %d%s", number(data, "quorums"), number(data, "threshold"),
		    number(data, "total"), json_object_get(data, "passphrase") ? ", under a passphrase" : "");
	else if (strcmp(type, "batch") == 0)
		say_batch(data);
	else if (strcmp(type, "loaded") == 0)
		say("      %s: %d receipts, %zu missing, root %s", text(data, "id"), number(data, "count"),
		    json_array_size(json_object_get(data, "missing")), text(data, "root"));
	else if (strcmp(type, "retired") == 0)
		say("      \"%s\"", text(data, "label"));
	else if (json_object_get(data, "text"))
		say("      %s", text(data, "text"));
	else if (json_object_get(data, "role"))
		say("      %s, key %s", text(data, "role"), text(data, "key"));
	else if (json_object_get(data, "check"))
		say_check(data);
	else if (json_object_get(data, "commitment"))
		say("      commitment %s", text(data, "commitment"));
	say_result(json_pack("{s:s, s:i, s:i, s:O}", "type", "result", "schema", 1, "line", (int)line,
			     "entry", (json_t *)(uintptr_t)entry));
	return 0;
}

int cmd_show(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "TRANSCRIPT",
		.doc = "Tell a transcript line by line in plain words, checking it on the way: it stops at the first "
		       "line that is not sound. A transcript that is not closed yet is shown as far as it goes.",
		.children = children,
	};
	struct input input = {0};
	struct fault fault = {0};
	struct transcript_summary summary = {0};
	struct audit *audit;
	char *bytes;
	size_t length;
	int result = -1;

	options_parse(&argp, "simrite ceremony show", argc, argv, &input, &input.options);
	audit = calloc(1, sizeof(*audit));
	if (!audit)
		fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
	else if (transcript_load(&bytes, &length, input.transcript, &fault) == 0) {
		result = transcript_check(&summary, bytes, length, 1, show_line, audit, &fault);
		free(bytes);
	}
	if (result == 0)
		say_note(
			"%sself-consistent so far, signer unknown: simrite ceremony verify --fingerprint tells",
			summary.closed ? "" : "the ceremony is not closed; ");
	if (audit)
		audit_free(audit);
	free(audit);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}
