/* heat.h - the matrix as a map of shades and numbers; every cell leads to its evidence. */
#ifndef SIMRITE_HEAT_H
#define SIMRITE_HEAT_H

#include <jansson.h>
#include <stdio.h>

/* A table for each kind of world, thieves down and designs across, of `cells`, `designs` and `thieves` in
 * `facts` (lab.h). */
void heat_write(FILE *out, const void *facts);
/* What the shades mean. */
void heat_legend(FILE *out, const void *facts);

/* A square filled as far as `part` is of `whole`: the shade of a share, for eyes that see no colours. */
void heat_mark(FILE *out, json_int_t part, json_int_t whole);

#endif
