/* raid.h - thieves run over a fleet, and a judge counts what they really got.
 *
 * A cell is one theft: the thief with what was stolen, and, as a control, the
 * same with one bit of each stolen secret wrong. The judge knows the truth:
 * what each user said, and what each card answered. */
#ifndef SIMRITE_FLEET_RAID_H
#define SIMRITE_FLEET_RAID_H

#include "fleet/thefts.h"

struct raid_count {
	uint32_t before, after; /* subscribers whose session was truly deciphered */
	uint32_t opened;        /* subscribers of whom any was: the blast radius */
	uint32_t cloned;        /* subscribers in whose name the thief answered rightly */
	uint64_t lies;          /* claims that are not true */
};

struct raid {
	const struct fleet *fleet;
	const char *programs;  /* folder of our programs */
	const char *folder;    /* work goes below it */
	uint32_t targets;      /* persons named in an order */
	unsigned threads;      /* thieves at a time */
	json_t *cells, *times; /* arrays to be added to */
	bool confined_files, confined_calls;
	unsigned wrong; /* cells that are not as expected */
};

/* Every theft of the fleet's design. FAULT_NO is not returned for a cell that
 * departs from what is expected: raid->wrong counts those. */
int raid(struct raid *raid, struct fault *fault);

/* What is true of a folder of loot. */
int raid_judge(struct raid_count *count, const struct fleet *fleet, const char *loot, struct fault *fault);

#endif
