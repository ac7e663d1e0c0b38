/* rebuild.h - an image built from source anew, in an environment of its own.
 *
 * The source is copied, so that a build neither sees what was built before
 * nor leaves anything. What must not matter is different in the two
 * environments there are: */
#ifndef SIMRITE_REBUILD_H
#define SIMRITE_REBUILD_H

#include <limits.h>

#include "lib/fault.h"

enum {
	REBUILDS = 2
};

/* What differs, for people. */
extern const char *const rebuild_environments[REBUILDS];

struct rebuild_order {
	const char *source;  /* the root of the tree */
	const char *board;   /* a folder of boards/ */
	const char *mbedtls; /* unpacked source of mbedTLS */
	const char *folder;  /* where to work: absolute, empty */
};

struct rebuild {
	char elf[PATH_MAX], hex[PATH_MAX];
	char digest[65]; /* of the firmware's sources, which the image tells (keys/build.h) */
	double seconds;
};

/* Build in environment `which`. FAULT_INPUT when the source does not build: the hint names the log. */
int rebuild_run(struct rebuild *out, const struct rebuild_order *order, unsigned which, struct fault *fault);

#endif
