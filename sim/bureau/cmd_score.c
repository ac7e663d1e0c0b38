/* What a harvest was worth, by the truth that the corpus was made with. */
#include "bureau/commands.h"
#include "bureau/corpus.h"
#include "lib/options.h"
#include "lib/say.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	OPTION_TRUTH = 0x200,
	METHODS = 2,
};

static const char *const methods[METHODS] = {"proximity", "columns"};

struct input {
	struct options options;
	const char *harvest, *truth;
};

struct tally {
	unsigned items, found; /* with keys; of them those of which a key was found */
	unsigned keys, right;  /* and the keys */
	unsigned form_items[CORPUS_FORMS], form_found[CORPUS_FORMS];
	unsigned hits, true_hits; /* files taken for such; and truly such */
	unsigned claims;          /* keys claimed, each pair once a file */
};

static const struct argp_option score_options[] = {
	{"truth", OPTION_TRUTH, "FILE", 0, "What the corpus was made with", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case OPTION_TRUTH:
		input->truth = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (input->harvest)
			argp_usage(state);
		input->harvest = argument;
		return 0;
	case ARGP_KEY_END:
		if (!input->harvest || !input->truth)
			argp_error(state, "HARVEST and --truth are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static json_t *read_lines(const char *path, struct fault *fault)
{
	json_t *lines = json_array(), *line;
	json_error_t error;
	FILE *in = fopen(path, "re");

	if (!in) {
		json_decref(lines);
		(void)fault_set(fault, FAULT_INPUT, NULL, "cannot read %s: %s", path, strerror(errno));
		return NULL;
	}
	while ((line = json_loadf(in, JSON_DISABLE_EOF_CHECK, &error)))
		json_array_append_new(lines, line);
	if (!feof(in)) {
		json_decref(lines);
		lines = NULL;
		(void)fault_set(fault, FAULT_INPUT, NULL, "%s: not lines of JSON: %s", path, error.text);
	}
	fclose(in);
	return lines;
}

static const char *text(const json_t *line, const char *name)
{
	const char *value = json_string_value(json_object_get(line, name));

	return value ? value : "";
}

/* What one method said: {"where": {"imsi k": true}}. */
static json_t *claims_of(const json_t *harvest, const char *method)
{
	json_t *all = json_object(), *line, *keys;
	char pair[64];
	size_t i;

	json_array_foreach(harvest, i, line)
	{
		if (strcmp(text(line, "method"), method) != 0)
			continue;
		if (!(keys = json_object_get(all, text(line, "where")))) {
			keys = json_object();
			json_object_set_new(all, text(line, "where"), keys);
		}
		(void)snprintf(pair, sizeof(pair), "%.15s %.32s", text(line, "imsi"), text(line, "k"));
		if (text(line, "k")[0])
			json_object_set_new(keys, pair, json_true());
	}
	return all;
}

static int form_of(const char *name)
{
	for (int f = 0; f < CORPUS_FORMS; f++)
		if (!strcmp(name, corpus_form_name((enum corpus_form)f)))
			return f;
	return -1;
}

static void count_item(struct tally *t, const json_t *item, const json_t *claims)
{
	const json_t *said = json_object_get(claims, text(item, "where")), *key;
	unsigned right = 0;
	int form = form_of(text(item, "form"));
	char pair[64];
	size_t i;

	json_array_foreach(json_object_get(item, "keys"), i, key)
	{
		(void)snprintf(pair, sizeof(pair), "%.15s %.32s", text(key, "imsi"), text(key, "k"));
		t->keys++;
		right += json_object_get(said, pair) != NULL;
	}
	t->items++;
	t->found += right > 0;
	t->right += right;
	t->true_hits += said != NULL;
	if (form >= 0) {
		t->form_items[form]++;
		t->form_found[form] += right > 0;
	}
}

static struct tally count(const json_t *truth, const json_t *harvest, const char *method)
{
	json_t *claims = claims_of(harvest, method), *item;
	struct tally t = {.items = 0};
	const char *where;
	size_t i;

	json_array_foreach(truth, i, item) count_item(&t, item, claims);
	json_object_foreach(claims, where, item)
	{
		t.hits++;
		t.claims += (unsigned)json_object_size(item);
	}
	json_decref(claims);
	return t;
}

static double share(unsigned part, unsigned whole)
{
	return whole ? 100.0 * part / whole : 0;
}

static void tell(const struct tally *t, const char *method)
{
	json_t *forms = json_object();

	say("%s: items %u of %u (recall %.0f %%), files taken for items %u, truly so %u (precision %.0f %%)",
	    method, t->found, t->items, share(t->found, t->items), t->hits, t->true_hits,
	    share(t->true_hits, t->hits));
	say("   keys %u of %u (recall %.0f %%), claimed %u (precision %.0f %%)", t->right, t->keys,
	    share(t->right, t->keys), t->claims, share(t->right, t->claims));
	for (int f = 0; f < CORPUS_FORMS; f++) {
		if (t->form_items[f])
			say("   %-10s %u of %u items", corpus_form_name((enum corpus_form)f),
			    t->form_found[f], t->form_items[f]);
		json_object_set_new(forms, corpus_form_name((enum corpus_form)f),
				    json_pack("{s:i, s:i}", "items", (int)t->form_items[f], "found",
					      (int)t->form_found[f]));
	}
	say_result(json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:o}", "method", method, "items",
			     (int)t->items, "found", (int)t->found, "hits", (int)t->hits, "true_hits",
			     (int)t->true_hits, "keys", (int)t->keys, "right", (int)t->right, "claimed",
			     (int)t->claims, "forms", forms));
}

int cmd_score(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = score_options,
		.parser = parse,
		.args_doc = "HARVEST",
		.doc = "Compare a harvest with what there was: recall and precision of each method.",
		.children = children,
	};
	json_t *truth, *harvest = NULL;
	struct input input = {0};
	struct fault fault = {0};

	options_parse(&argp, "simrite old-bureau score", argc, argv, &input, &input.options);
	truth = read_lines(input.truth, &fault);
	if (truth)
		harvest = read_lines(input.harvest, &fault);
	for (int m = 0; harvest && m < METHODS; m++) {
		struct tally t = count(truth, harvest, methods[m]);

		tell(&t, methods[m]);
	}
	if (harvest)
		say("published, 2010 trial: 3 of 14 items (21 %%) of a manual search were found by the automatic one; "
		    "\"no false positives\" on a slide");
	json_decref(truth);
	if (!harvest)
		return say_fault(&fault);
	json_decref(harvest);
	return FAULT_NONE;
}
