/* parameters.h - the tables that say of every number whether it is published, assumed or measured, and where
 * it is from. */
#ifndef SIMRITE_PARAMETERS_H
#define SIMRITE_PARAMETERS_H

#include <jansson.h>
#include <stdio.h>

/* Rows of four cells: what, value, kind, where from. `facts` as in report.h, and as in lab.h. */
void parameters_demo(FILE *out, const void *facts);
void parameters_lab(FILE *out, const void *facts);

#endif
