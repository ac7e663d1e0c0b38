/* statistics.h - do these bytes look as if a generator of random numbers had made them?
 *
 * The first order of questions of SP 800-90B clause 6.3 (most common value,
 * lags, longest repeat) and three older ones, each with a limit that an honest
 * generator passes but once in more than a million runs. All of them are
 * passed by any good cipher in counter mode, whoever has its key. */
#ifndef SIMRITE_STATISTICS_H
#define SIMRITE_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

enum {
	STATISTICS = 6,
	STATISTICS_LEAST = 16384 /* bytes below which nothing is said */
};

struct statistic {
	const char *name;
	double value, limit; /* `bad` when value is above limit; "most common value": below */
	bool bad;
};

/* How many are bad, or -1 and a fault: too few bytes, no memory. */
int statistics_run(struct statistic out[static STATISTICS], const uint8_t *bytes, size_t length,
		   struct fault *fault);

#endif
