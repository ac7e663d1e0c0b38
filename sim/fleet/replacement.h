/* replacement.h - what it takes to give every subscriber whose key is out a new card.
 *
 * Day by day: cards come from stock and from the factory, shops and post hand
 * out so many a day, and whoever still has the old card can be listened to. */
#ifndef SIMRITE_FLEET_REPLACEMENT_H
#define SIMRITE_FLEET_REPLACEMENT_H

#include <stdbool.h>
#include <stdint.h>

struct replacement_terms {
	uint64_t cards;           /* to be replaced */
	uint64_t stock;           /* cards at hand on the first day */
	uint64_t made_per_day;    /* by the factory, ... */
	uint64_t made_from_day;   /* ... from this day on, counted from 0 */
	uint64_t swapped_per_day; /* hand-outs that shops and post can do */
	uint64_t cents_per_card;  /* card, post and hand-out */
};

struct replacement {
	uint64_t days;         /* until the last one has its new card */
	uint64_t days_waiting; /* of those, days on which cards were short */
	uint64_t exposed;      /* subscriber-days with the old card, each day's beginning counted */
	uint64_t cents;
};

/* False when it never ends: nobody hands out, or no more cards come. */
bool replacement_run(struct replacement *result, const struct replacement_terms *terms);

#endif
