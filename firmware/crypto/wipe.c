/* A plain memset of memory that dies right after is a dead store, and is
 * removed. The empty assembly claims to read the memory, which no
 * optimisation across files can see through. */
#include "crypto/wipe.h"

#include <string.h>

void wipe(void *at, size_t length)
{
	if (length == 0)
		return;
	memset(at, 0, length);
	__asm__ __volatile__("" : : "r"(at) : "memory");
}
