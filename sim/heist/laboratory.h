/* laboratory.h - what the commands over scenarios share: where the scenarios
 * are, worlds below one output folder, and progress. */
#ifndef SIMRITE_LABORATORY_H
#define SIMRITE_LABORATORY_H

#include "heist/scenario.h"

/* The folder of the scenarios: beside the installed programs, or in the source tree they were built in. */
int laboratory_scenarios(char folder[static HEIST_PATH], struct fault *fault);
/* A scenario by a path (it has a slash, or ends with .ini), its name, or what
 * its name begins with up to a hyphen ("S01"). */
int laboratory_find(struct scenario *scenario, const char *name, struct fault *fault);

/* A new run in `out`, which nobody else works in: OUT/worlds is there. */
int laboratory_begin(struct heist *at, const char *out, struct fault *fault);
/* Build the world OUT/worlds/NAME (world_name()). `steps` counts on, for the bar. */
int laboratory_world(struct world *world, const struct heist *at, const struct world_order *order,
		     unsigned *steps, struct fault *fault);
/* How many steps of the bar building such a world takes. */
unsigned laboratory_steps(const struct world_order *order);

/* A scenario's parameters [{name, value, label, source}], and what it expects [{measure, expected}]. */
json_t *laboratory_parameters(const struct scenario *scenario);
json_t *laboratory_expectations(const struct scenario *scenario);

/* Write an object to a file below the run, in one step; takes the reference. */
int laboratory_write(const struct heist *at, const char *name, json_t *object, struct fault *fault);

double laboratory_clock(void); /* seconds */

#endif
