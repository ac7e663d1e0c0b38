/* scenario.h - one story of the laboratory, as a file a student can copy and change.
 *
 * INI (simrite-scenario(5)): title and text; [world] and [thief], where every
 * parameter says where its value comes from; [expect]. Nothing is guessed: a
 * section or name that is not known, a value without a label, or a line that
 * is too long is a fault with the line's number. */
#ifndef SIMRITE_SCENARIO_H
#define SIMRITE_SCENARIO_H

#include "heist/expect.h"

enum {
	SCENARIO_PARAMETERS = 16,
	SCENARIO_EXPECTATIONS = 16,
	SCENARIO_LINE = 190, /* the longest line */
};

/* published: somebody else's figure, and whose; assumed: ours to choose, edit
 * it; measured: by a command, and which. */
enum label {
	LABEL_PUBLISHED,
	LABEL_ASSUMED,
	LABEL_MEASURED,
};

struct parameter {
	char section[8], name[24], value[48];
	enum label label;
	char source[160];
};

struct scenario {
	char name[64]; /* the file's, without folder and .ini */
	char title[128], text[1200];
	struct world_order world;
	const struct thief *thief;
	enum clone_kind clone;
	struct parameter parameters[SCENARIO_PARAMETERS];
	unsigned parameter_count;
	struct expectation expect[SCENARIO_EXPECTATIONS];
	unsigned expect_count;
};

const char *label_name(enum label label);

/* What a scenario that says nothing has: two batches, LTE, one session in each
 * phase, seed 1; cards are cloned fresh. */
void scenario_defaults(struct world_order *order);

int scenario_read(struct scenario *scenario, const char *path, struct fault *fault);

#endif
