/* native.h - the board "a process on this machine": memory in a file or in RAM.
 *
 * The simulator's cards run on it, linked in or as processes; sim/ and tests/
 * may include this header (the only one of boards/ they may). */
#ifndef SIMRITE_NATIVE_H
#define SIMRITE_NATIVE_H

#include "hal.h"

/* Fill in a hal whose non-volatile memory is the file `path` (made, mode 0600,
 * all FF, when absent; locked, so that one card has it), or private memory
 * when `path` is NULL. Entropy is the kernel's. receive and send are NULL.
 * Returns HAL_OK, or HAL_FAULT with errno set. */
int native_open(struct hal *hal, const char *path);

/* Give back what native_open took. The file keeps what was written. */
void native_close(struct hal *hal);

/* board_start() of hal.h: the file named by the environment variable
 * SIMRITE_NVM (private memory when unset), contact on stdin and stdout. */

#endif
