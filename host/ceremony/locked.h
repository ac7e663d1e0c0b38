/* locked.h - memory for secrets that reaches neither swap nor a core file. */
#ifndef SIMRITE_LOCKED_H
#define SIMRITE_LOCKED_H

#include <stddef.h>

#include "lib/fault.h"

/* Zeroed memory, locked, left out of core files and of children. NULL and a
 * fault when the system refuses. */
void *locked_new(size_t size, struct fault *fault);
/* Wipes; NULL is allowed. */
void locked_free(void *at, size_t size);

/* What the caller's callees have on the stack, from here on, 256 KB deep: secrets pass through on their way
 * to and from cards. FAULT_SYSTEM when the system refuses. */
int locked_stack(struct fault *fault);

/* From here on jansson wipes what it frees: share files pass through it. */
void locked_json(void);

#endif
