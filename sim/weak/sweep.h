/* sweep.h - try every one of many things, with every processor.
 *
 * The things are numbers from 0; workers take them a chunk at a time, in order, until one finds something.
 * What is found last wins nothing: the search ends at the first, and chunks begun are finished. */
#ifndef SIMRITE_SWEEP_H
#define SIMRITE_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

struct sweep {
	uint64_t count;   /* how many there are */
	uint64_t chunk;   /* how many at a time */
	unsigned threads; /* 0: one for each processor that this process may use */
	/* Try first..first+length-1; true and *found when one of them is it. Called by several threads. */
	bool (*work)(void *context, uint64_t first, uint64_t length, uint64_t *found);
	void *context;
};

struct swept {
	bool found;
	uint64_t at;    /* which, when found */
	uint64_t tried; /* whole chunks */
	double seconds; /* by the clock */
	double busy; /* processors' time, of all threads: what the search costs on a machine that others use
		      */
	unsigned threads;
};

/* 0, or -1: no thread could be started. */
int sweep_run(struct swept *swept, const struct sweep *sweep);

#endif
