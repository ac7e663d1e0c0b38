/* backends.h - the backends this driver has; NULL ends the list.
 *
 * Its own file because the bench builds a driver with another list. */
#ifndef SIMRITE_BACKENDS_H
#define SIMRITE_BACKENDS_H

#include "reader/backend.h"

extern const struct backend *const backends[];

#endif
