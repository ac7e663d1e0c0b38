/* script.h - the script of the day: what everybody does, sees and signs, from the plan alone.
 *
 * The same plan gives the same page, so that two who made it can compare
 * theirs. It is one file that needs nothing else, made to be printed on A4
 * and written on. script.c has the page, script_steps.c the steps. */
#ifndef SIMRITE_SCRIPT_H
#define SIMRITE_SCRIPT_H

#include <stdio.h>

#include "ceremony/plan.h"

/* To a file that is not there yet; NULL and "-" are standard output. */
int script_put(const char *path, const struct plan *plan, struct fault *fault);

/* The rows of the table of steps; the context is a struct plan. Returned: how many steps. */
unsigned script_steps(FILE *out, const struct plan *plan);

#endif
