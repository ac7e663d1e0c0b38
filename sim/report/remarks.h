/* remarks.h - what held and what did not, in words, each with the cell that says so. */
#ifndef SIMRITE_REMARKS_H
#define SIMRITE_REMARKS_H

#include <jansson.h>
#include <stdio.h>

/* A table: of each design, the thieves who opened all, a part, and nothing. */
void remarks_table(FILE *out, const void *facts);
/* Sentences: where a protection failed, and where one held. */
void remarks_failed(FILE *out, const void *facts);
void remarks_held(FILE *out, const void *facts);

#endif
