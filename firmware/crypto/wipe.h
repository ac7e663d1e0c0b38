/* wipe.h - forget a secret.
 *
 * Sets `length` bytes at `at` to zero in a way no compiler may leave out,
 * even when the memory is never read again. `at` may be NULL when `length`
 * is 0. */
#ifndef SIMRITE_WIPE_H
#define SIMRITE_WIPE_H

#include <stddef.h>

void wipe(void *at, size_t length);

#endif
