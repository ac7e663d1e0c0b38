/* blast.h - how many subscribers one theft opens, on a log scale, beside what was published. */
#ifndef SIMRITE_BLAST_H
#define SIMRITE_BLAST_H

#include <jansson.h>
#include <stdio.h>

/* Rows of the matrix in `facts` (lab.h) and of `facts.fleet`, the object of
 * fleet.json (simrite-fleet(1)), when it is there; then published figures. */
void blast_write(FILE *out, const void *facts);

#endif
