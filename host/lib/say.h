/* say.h - how every simrite program talks.
 *
 * stdout carries the result and nothing else; everything else goes to stderr.
 * With --json, stdout is one JSON object a line:
 * {"type":"result"|"progress"|"fault","schema":1,...}.
 * A progress bar shows on stderr, only on a terminal, at most six times a
 * second, after the first second, and never with --json. */
#ifndef SIMRITE_SAY_H
#define SIMRITE_SAY_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/fault.h"

/* Name the program in messages ("simrite card program") and choose the form.
 * Also switches core dumps off, so no secret in memory reaches a file. */
void say_start(const char *program, bool json, bool progress);
/* Only this of it, for what prints before (--help): a result that cannot be
 * written to stdout ends the program with FAULT_SYSTEM, and says why. */
void say_guard(const char *program);
bool say_json(void); /* was --json given? */

/* A line of the result, in text form; silent with --json. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A remark on stderr; silent with --json. */
void say_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The result object with --json; takes the reference; silent without. */
void say_result(json_t *object);
/* Report a fault ("simrite card: what: why" and the hint) and return its
 * code, to be the exit status. */
int say_fault(const struct fault *fault);

/* One bar at a time: progress_start, progress_at any number of times, progress_end. */
void progress_start(const char *title, unsigned total);
void progress_at(unsigned done, const char *detail);
void progress_end(void);

/* Ctrl-C and SIGTERM: after stop_catch(), stop_asked() says whether to finish
 * the unit of work in hand and leave with FAULT_STOPPED. */
void stop_catch(void);
/* The same, but a second signal does no more than the first: for a program
 * that only waits for others, which the second one ends. */
void stop_catch_every(void);
bool stop_asked(void);

#endif
