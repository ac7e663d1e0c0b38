/* delivery.h - the output file while it grows: FOLDER/BATCH.csv.part.
 *
 * A growing file (lib/growing.h); FOLDER/BATCH.csv when the last card is verified. */
#ifndef SIMRITE_DELIVERY_H
#define SIMRITE_DELIVERY_H

#include <stdbool.h>

#include "lib/output.h"

struct delivery;

/* Open or make the file. Lines of an earlier run for which `keep` says true
 * stay, the rest (of cards that will be made again, or cut off) go. Returns
 * the number of lines kept, or -1. Caller closes. */
int delivery_open(struct delivery **delivery, const char *folder, const char *batch, enum design design,
		  bool (*keep)(void *context, const struct output_record *record), void *context,
		  struct fault *fault);
void delivery_close(struct delivery *delivery); /* NULL is allowed */

/* Append one card's line. `line` is the caller's memory for it (locked, for
 * it holds keys); it is wiped. */
int delivery_add(struct delivery *delivery, char line[static OUTPUT_LINE], const struct output_record *record,
		 struct fault *fault);

/* The line of one card: 1 and its record, which the caller wipes, 0 when it is not there, -1. */
int delivery_find(struct delivery *delivery, struct output_record *record, const char *iccid,
		  struct fault *fault);

/* All cards are in: give it its final name. */
int delivery_finish(struct delivery *delivery, struct fault *fault);

/* Is there a finished file already? */
bool delivery_finished(const char *folder, const char *batch);

#endif
