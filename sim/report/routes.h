/* routes.h - a picture for each way to deliver keys: who holds what, and what thieves got there. */
#ifndef SIMRITE_ROUTES_H
#define SIMRITE_ROUTES_H

#include <jansson.h>
#include <stdio.h>

/* SVG figures of the designs in `facts` (lab.h); every thief in them leads to its evidence. */
void routes_write(FILE *out, const void *facts);

#endif
