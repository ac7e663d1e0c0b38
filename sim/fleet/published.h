/* published.h - figures of the theft of 2010, to be shown beside what is measured.
 *
 * They are quoted, not computed: from the report "PCS Harvesting at Scale" of
 * 27 April 2010 (published in February 2015) and from what was said about
 * other thefts since; each row names its place. */
#ifndef SIMRITE_FLEET_PUBLISHED_H
#define SIMRITE_FLEET_PUBLISHED_H

#include <jansson.h>

/* [{"what","keys","source","label":"published"}] */
json_t *published_figures(void);

#endif
