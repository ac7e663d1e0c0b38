/* compare.h - are two secrets equal, in time that does not depend on them?
 *
 * GRANTED when the `length` bytes at `a` and `b` are equal, else DENIED. The
 * time taken depends on `length` only. Compare the result with == GRANTED. */
#ifndef SIMRITE_COMPARE_H
#define SIMRITE_COMPARE_H

#include "status.h"

MUST_CHECK enum verdict compare_equal(const void *a, const void *b, size_t length);

#endif
