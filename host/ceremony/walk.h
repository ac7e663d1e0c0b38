/* walk.h - a ceremony at a terminal, step by step.
 *
 * One prompt at a time. Each names who has to act, says what they do and what
 * happens then, and waits. Enter goes on; "e" records an exception and asks
 * again; "q" leaves, and the same command goes on later. Anything else, and
 * everything that fails, is said and asked again: nobody has to be right the
 * first time.
 *
 * Nothing secret is shown or typed here; PINs are asked for by lib/secret.h. */
#ifndef SIMRITE_WALK_H
#define SIMRITE_WALK_H

#include "ceremony/plan.h"

struct walk;

/* How an exception is recorded; NULL where nothing is. */
typedef int walk_record(void *context, const char *by, const char *text, struct fault *fault);

/* Is there a terminal to walk at? Caller closes. -1 and FAULT_INPUT: there is none. */
int walk_open(struct walk **walk, const struct plan *plan, walk_record *record, void *context,
	      struct fault *fault);
void walk_close(struct walk *walk); /* NULL is allowed */

/* Tell everybody something; nothing is asked. */
void walk_tell(struct walk *walk, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "Alice (custodian): ..." and wait for Enter. 0, or -1: FAULT_STOPPED for "q" and Ctrl-C. */
int walk_pause(struct walk *walk, const char *who, struct fault *fault, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The same, but `want` has to be typed; what differs is asked for again. An
 * exception that is recorded instead is an answer, too. */
int walk_type(struct walk *walk, const char *who, const char *want, struct fault *fault, const char *format,
	      ...) __attribute__((format(printf, 5, 6)));

/* Say what went wrong; the caller asks again. */
void walk_wrong(struct walk *walk, const struct fault *fault);

/* Bytes to be read aloud and compared with what others have, a multiple of 4: words and hex. */
void walk_aloud(struct walk *walk, const char *what, const uint8_t *bytes, size_t length);

#endif
