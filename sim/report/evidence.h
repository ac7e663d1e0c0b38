/* evidence.h - behind every cell of the matrix: what was given, taken, claimed, counted, and how to see it
 * again. */
#ifndef SIMRITE_EVIDENCE_H
#define SIMRITE_EVIDENCE_H

#include <jansson.h>
#include <stdio.h>

/* One article with the id "cell-N" for each of `cells` in `facts` (lab.h), by design. */
void evidence_write(FILE *out, const void *facts);
/* The command that runs a cell again, for a shell, as markup. */
void evidence_command(FILE *out, const json_t *facts, const json_t *cell);

#endif
