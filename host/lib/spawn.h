/* spawn.h - child processes that cannot outlive us.
 *
 * A child gets SIGKILL when the thread that started it ends (so start
 * children from a thread that stays), default signal actions, and no
 * descriptor of ours but the standard three. Children are ended and waited
 * for by pid only. */
#ifndef SIMRITE_SPAWN_H
#define SIMRITE_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/fault.h"

/* What to start and how; zero everything that is not wanted. */
struct spawn_order {
	const char *const *argv; /* ends with NULL; argv[0] with a slash is a path, else looked up in PATH */
	const char *folder;      /* working folder; NULL: ours */
	const char *const *environment; /* "NAME=value" lines added to ours, ends with NULL; may be NULL */
	const char *in, *out, *err;     /* files for stdin, stdout, stderr; NULL inherits. out and err are
					   made mode 0600, truncated; err "&1" means: where stdout goes */
	int *in_pipe, *out_pipe; /* when set: gets our end of a pipe to stdin / from stdout; close it */
	bool own_group;          /* not reached by a terminal's Ctrl-C; we must end it */
	bool survives;           /* not killed when we end (a daemon we leave running) */
};

/* Start; *pid is the child. Returns 0 once the program runs, -1 when it could
 * not be started (no such program, permission), and then no child is left. */
int spawn_start(pid_t *pid, const struct spawn_order *order, struct fault *fault);

/* Wait until the child has ended: 1 and *status is its exit status, or 128 +
 * the signal that ended it. 0 when `timeout_ms` passed first; -1 means forever. */
int spawn_wait(pid_t pid, int timeout_ms, int *status);

/* SIGTERM, wait `grace_ms`, then SIGKILL; the child is gone and waited for
 * afterwards. Returns what spawn_wait() puts in *status. */
int spawn_end(pid_t pid, int grace_ms);

/* Start and wait: the exit status, or -1 and a fault when it did not start
 * or was ended for taking longer than `timeout_ms` (-1: any time). */
int spawn_run(const struct spawn_order *order, int timeout_ms, struct fault *fault);

#endif
