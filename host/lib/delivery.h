/* delivery.h - the output file while it grows: FOLDER/BATCH.csv.part.
 *
 * Every line that delivery_add() returned 0 for is on the disk, whole; a line
 * that did not fit (disk full) leaves nothing behind. When the last card is
 * verified the file gets its final name, FOLDER/BATCH.csv, so half a batch
 * cannot be taken for one. 0600. */
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

/* All cards are in: give it its final name. */
int delivery_finish(struct delivery *delivery, struct fault *fault);

/* Is there a finished file already? */
bool delivery_finished(const char *folder, const char *batch);

#endif
