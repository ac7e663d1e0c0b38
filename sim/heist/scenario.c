#include "heist/scenario.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The reader of libinih, and where it is. */
struct reading {
	struct scenario *scenario;
	const char *path;
	FILE *file;
	int line;
	bool failed;
	struct fault *fault;
};

static const char *const labels[] = {"published", "assumed", "measured"};

const char *label_name(enum label label)
{
	return labels[label];
}

void scenario_defaults(struct world_order *order)
{
	memset(order, 0, sizeof(*order));
	order->batches = WORLD_BATCHES;
	order->cards = 2;
	order->before = order->after = 1;
	order->mails = 22;
	order->space_bits = 24;
	memcpy(order->access, "lte", 4);
	memcpy(order->support, "clear", 6);
	memcpy(order->seed, "1", 2);
}

static int bad(struct reading *reading, const char *hint, const char *what, const char *value)
{
	reading->failed = true;
	fault_set(reading->fault, FAULT_INPUT, hint, "%s, line %d: %s \"%.60s\"", reading->path,
		  reading->line, what, value);
	return 0; /* libinih: stop */
}

/* One line for libinih; too long a one would come to it as two. */
static char *next_line(char *line, int size, void *context)
{
	struct reading *reading = context;

	if (reading->failed || !fgets(line, size, reading->file))
		return NULL;
	reading->line++;
	if (strlen(line) <= SCENARIO_LINE)
		return line;
	(void)bad(reading, "break it; the next line, indented, goes on", "a line is too long:", line);
	return NULL;
}

/* ---- values ---- */

static bool number(unsigned *out, const char *text, unsigned least, unsigned most)
{
	unsigned long value;
	char *end;

	if (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 6)
		return false;
	value = strtoul(text, &end, 10);
	*out = (unsigned)value;
	return value >= least && value <= most;
}

static bool set_design(struct scenario *scenario, const char *value)
{
	unsigned i;

	for (i = 0; i < WORLD_BATCHES; i++)
		scenario->world.designs[i] = design_find(value);
	return scenario->world.designs[0];
}

static bool set_access(struct scenario *scenario, const char *value)
{
	(void)snprintf(scenario->world.access, sizeof(scenario->world.access), "%s", value);
	return world_access(value);
}

static bool set_travel(struct scenario *scenario, const char *value)
{
	scenario->world.apart = !strcmp(value, "apart");
	return scenario->world.apart || !strcmp(value, "together");
}

static bool set_support(struct scenario *scenario, const char *value)
{
	(void)snprintf(scenario->world.support, sizeof(scenario->world.support), "%s", value);
	return !strcmp(value, "clear") || !strcmp(value, "check-values") || !strcmp(value, "none");
}

static bool set_mails(struct scenario *scenario, const char *value)
{
	return number(&scenario->world.mails, value, 22, 2000);
}

static bool set_space_bits(struct scenario *scenario, const char *value)
{
	return number(&scenario->world.space_bits, value, 1, 32);
}

static bool set_cards(struct scenario *scenario, const char *value)
{
	return number(&scenario->world.cards, value, 1, WORLD_CARDS_MAX);
}

static bool set_batches(struct scenario *scenario, const char *value)
{
	return number(&scenario->world.batches, value, 1, WORLD_BATCHES);
}

static bool set_before(struct scenario *scenario, const char *value)
{
	return number(&scenario->world.before, value, 1, WORLD_SESSIONS_MAX);
}

static bool set_after(struct scenario *scenario, const char *value)
{
	return number(&scenario->world.after, value, 0, WORLD_SESSIONS_MAX);
}

static bool set_seed(struct scenario *scenario, const char *value)
{
	(void)snprintf(scenario->world.seed, sizeof(scenario->world.seed), "%s", value);
	return *value && strlen(value) < sizeof(scenario->world.seed);
}

static bool set_fs_policy(struct scenario *scenario, const char *value)
{
	scenario->world.require_fs = !strcmp(value, "require");
	return scenario->world.require_fs || !strcmp(value, "allow");
}

static bool set_thief(struct scenario *scenario, const char *value)
{
	const struct thief *thief = thief_find(value);

	scenario->thief = thief;
	if (thief && thief->plan)
		(void)snprintf(scenario->world.station, sizeof(scenario->world.station), "%s", thief->name);
	return thief;
}

static bool set_clone(struct scenario *scenario, const char *value)
{
	return clone_kind_named(&scenario->clone, value) == 0;
}

static const struct {
	const char *section, *name;
	bool (*set)(struct scenario *scenario, const char *value);
	const char *values; /* the hint when it is none of them */
} known[] = {
	{"world", "design", set_design, "simrite heist list names the designs"},
	{"world", "access", set_access, "lte, eap-aka-prime, eap-aka-prime-fs or gsm"},
	{"world", "fs-policy", set_fs_policy, "allow or require: what phones do without forward secrecy"},
	{"world", "travel", set_travel, "together or apart: how K and OPc go"},
	{"world", "support", set_support, "clear, check-values or none: what a support mail compares"},
	{"world", "mails", set_mails, "22 to 2000 mails, those that matter among them"},
	{"world", "space_bits", set_space_bits, "1 to 32 unknown bits of a DES key or a seed"},
	{"world", "cards", set_cards, "1 to 16, of each batch"},
	{"world", "batches", set_batches, "1 or 2"},
	{"world", "before", set_before, "1 to 20 sessions of each card before the theft"},
	{"world", "after", set_after, "0 to 20 sessions of each card after the theft"},
	{"world", "seed", set_seed, "1 to 64 characters"},
	{"thief", "name", set_thief, "simrite heist list names the thieves"},
	{"thief", "clone", set_clone, "none, fresh, tried or used"},
};

/* ---- lines ---- */

/* "VALUE [LABEL] SOURCE": 0, or -1 when there is no label, or a source is missing. */
static int split(struct parameter *parameter, const char *text)
{
	const char *open = strchr(text, '['), *close = open ? strchr(open, ']') : NULL;
	size_t length = open ? (size_t)(open - text) : 0, i;

	while (length && text[length - 1] == ' ')
		length--;
	if (!close || length >= sizeof(parameter->value))
		return -1;
	memcpy(parameter->value, text, length);
	parameter->value[length] = 0;
	(void)snprintf(parameter->source, sizeof(parameter->source), "%s",
		       close[1] ? close + 1 + strspn(close + 1, " ") : "");
	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (!strncmp(open + 1, labels[i], (size_t)(close - open) - 1) &&
		    strlen(labels[i]) == (size_t)(close - open) - 1) {
			parameter->label = (enum label)i;
			return parameter->source[0] || parameter->label == LABEL_ASSUMED ? 0 : -1;
		}
	return -1;
}

static int take_parameter(struct reading *reading, const char *section, const char *name, const char *text)
{
	struct scenario *scenario = reading->scenario;
	struct parameter *parameter = &scenario->parameters[scenario->parameter_count];
	size_t i;

	for (i = 0; i < scenario->parameter_count; i++)
		if (!strcmp(scenario->parameters[i].section, section) &&
		    !strcmp(scenario->parameters[i].name, name))
			return bad(reading, "say each once", "twice:", name);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].section, section) && !strcmp(known[i].name, name))
			break;
	if (i == sizeof(known) / sizeof(known[0]) || scenario->parameter_count == SCENARIO_PARAMETERS)
		return bad(reading, "simrite-scenario(5) names them", "no such parameter:", name);
	(void)snprintf(parameter->section, sizeof(parameter->section), "%s", section);
	(void)snprintf(parameter->name, sizeof(parameter->name), "%s", name);
	if (split(parameter, text) < 0)
		return bad(reading, "VALUE [assumed], VALUE [published] SOURCE or VALUE [measured] COMMAND",
			   "no label behind", text);
	if (!known[i].set(scenario, parameter->value))
		return bad(reading, known[i].values, name, parameter->value);
	scenario->parameter_count++;
	return 1;
}

/* A text may go on on further lines, which come here one at a time. */
static int take_text(struct reading *reading, char *out, size_t size, const char *text)
{
	size_t length = strlen(out);

	if (length + strlen(text) + 2 > size)
		return bad(reading, "say less", "too long a text:", text);
	(void)snprintf(out + length, size - length, "%s%s", length ? " " : "", text);
	return 1;
}

static int take_expectation(struct reading *reading, const char *name, const char *text)
{
	struct scenario *scenario = reading->scenario;
	struct fault fault;
	unsigned i;

	if (scenario->expect_count == SCENARIO_EXPECTATIONS)
		return bad(reading, NULL, "too much is expected:", name);
	for (i = 0; i < scenario->expect_count; i++)
		if (!strcmp(scenario->expect[i].measure->name, name))
			return bad(reading, "say each once", "twice:", name);
	if (expect_read(&scenario->expect[scenario->expect_count], name, text, &fault) < 0) {
		reading->failed = true;
		fault_set(reading->fault, FAULT_INPUT, fault.hint, "%s, line %d: %s", reading->path,
			  reading->line, fault.text);
		return 0;
	}
	scenario->expect_count++;
	return 1;
}

static int take(void *context, const char *section, const char *name, const char *value)
{
	struct reading *reading = context;
	struct scenario *scenario = reading->scenario;

	if (!*section && !strcmp(name, "title"))
		return take_text(reading, scenario->title, sizeof(scenario->title), value);
	if (!*section && !strcmp(name, "text"))
		return take_text(reading, scenario->text, sizeof(scenario->text), value);
	if (!strcmp(section, "world") || !strcmp(section, "thief"))
		return take_parameter(reading, section, name, value);
	if (!strcmp(section, "expect"))
		return take_expectation(reading, name, value);
	return bad(reading, "title and text, then [world], [thief], [expect]",
		   *section ? "no such section:" : "before all sections:", *section ? section : name);
}

static int complete(const struct reading *reading)
{
	const struct scenario *scenario = reading->scenario;
	const char *missing = !scenario->title[0]           ? "a title"
			      : !scenario->world.designs[0] ? "a design in [world]"
			      : !scenario->thief            ? "the name of a [thief]"
			      : !scenario->expect_count     ? "anything to [expect]"
			      : scenario->thief->plan && strncmp(scenario->world.access, "eap-", 4) != 0
				      ? "an access by EAP, which this thief stands in the middle of"
			      : scenario->thief->plan && !scenario->world.after
				      ? "a session after the theft, which this thief needs"
				      : NULL;

	if (!missing)
		return 0;
	return fault_set(reading->fault, FAULT_INPUT, "simrite-scenario(5) has an example", "%s has not %s",
			 reading->path, missing);
}

int scenario_read(struct scenario *scenario, const char *path, struct fault *fault)
{
	struct reading reading = {.scenario = scenario, .path = path, .fault = fault};
	const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
	size_t length = strlen(file);
	int line;

	memset(scenario, 0, sizeof(*scenario));
	scenario_defaults(&scenario->world);
	scenario->clone = CLONE_FRESH;
	if (length > 4 && !strcmp(file + length - 4, ".ini"))
		length -= 4;
	(void)snprintf(scenario->name, sizeof(scenario->name), "%.*s", (int)length, file);
	if (!(reading.file = fopen(path, "re")))
		return fault_set(fault, FAULT_INPUT, "simrite heist list names the scenarios",
				 "cannot read %s: %s", path, strerror(errno));
	line = ini_parse_stream(next_line, &reading, take, &reading);
	fclose(reading.file);
	if (reading.failed)
		return -1;
	if (line != 0)
		return fault_set(fault, FAULT_INPUT, "NAME = VALUE, or [SECTION]",
				 "%s, line %d: neither a section nor a value", path,
				 line > 0 ? line : reading.line);
	return complete(&reading);
}
