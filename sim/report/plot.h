/* plot.h - the four cells as bars, in SVG that needs nothing else. */
#ifndef SIMRITE_PLOT_H
#define SIMRITE_PLOT_H

#include <jansson.h>
#include <stdio.h>

/* `facts` as in report.h. Colours come from the page's style sheet. */
void plot_write(FILE *out, const json_t *facts);

#endif
