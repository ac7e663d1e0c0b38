/* travel.h - how a bureau's output file goes to the operator.
 *
 * Together: as the bureau wrote it. Apart: K in the mail; OPc goes by another
 * hand, to another desk, and the operator joins the two on import. */
#ifndef SIMRITE_TRAVEL_H
#define SIMRITE_TRAVEL_H

#include "heist/world.h"

/* `file` has room for HEIST_PATH, as in a design's row. What the mail of a batch carries, in `file`. Where
 * OPc goes apart, it is then in sealed/opc-BATCH.csv. */
int travel_pack(char *file, const struct world *world, const struct batch *batch, struct fault *fault);

/* What the operator imports, made of what arrived. */
int travel_unpack(char *file, const struct world *world, const struct batch *batch, struct fault *fault);

/* Which field of a first line is called so, or -1. */
int travel_column(const char *line, const char *name);
/* An output file without its column OPc, and that column alone; for their owner only. */
int travel_split(const char *whole, const char *rest, const char *field, struct fault *fault);

/* Does this batch's file have OPc to send apart? */
bool travel_apart(const struct world *world, const struct batch *batch);

#endif
