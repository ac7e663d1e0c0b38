/* confine.h - a thief gets a folder of captured bytes and nothing else.
 *
 * confine_and_run() is called in a fresh process. It gives up everything but:
 * reading the captured folder, writing the loot folder, and what any program
 * needs to start (itself, the C library). Then it becomes the thief, with an
 * empty environment and only its three standard streams. Enforced by the
 * kernel: files by Landlock, sockets and other processes (to read, to signal)
 * by a seccomp filter that ends a program which calls the kernel in another
 * machine's way, no new privileges. What a kernel does not offer is told, not
 * pretended: the first line says it, the demonstration warns, the report shows it. */
#ifndef SIMRITE_CONFINE_H
#define SIMRITE_CONFINE_H

#include <stdbool.h>

#include "lib/fault.h"

struct confinement {
	bool files;   /* Landlock */
	bool sockets; /* seccomp */
};

/* Prints {"type":"confinement",...} on stdout and becomes `program CAPTURED
 * OUT`. Returns -1 only when that fails. */
int confine_and_run(const char *program, const char *captured, const char *out, struct fault *fault);

#endif
