/* tables.h - what the names in a matrix mean, for its page: the laboratory's tables as JSON. */
#ifndef SIMRITE_TABLES_H
#define SIMRITE_TABLES_H

#include "heist/laboratory.h"

/* Put "designs", "thieves" and "measures" (report/lab.h) into `facts`. */
void tables_put(json_t *facts);

/* OUT/report.html of the matrix `whole`, as `order` made it. */
int tables_report(const struct heist *at, const json_t *whole, const struct world_order *order,
		  struct fault *fault);

#endif
