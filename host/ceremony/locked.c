#include "ceremony/locked.h"

#include <errno.h>
#include <jansson.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/secret.h"

void *locked_new(size_t size, struct fault *fault)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED) {
		fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
		return NULL;
	}
	if (mlock(at, size) < 0 || madvise(at, size, MADV_DONTDUMP) < 0 ||
	    madvise(at, size, MADV_DONTFORK) < 0) {
		fault_set(fault, FAULT_SYSTEM, "raise the limit of locked memory (ulimit -l)",
			  "cannot lock memory for secrets: %s", strerror(errno));
		(void)munmap(at, size);
		return NULL;
	}
	return at;
}

void locked_free(void *at, size_t size)
{
	if (!at)
		return;
	secret_wipe(at, size);
	(void)munmap(at, size);
}

int locked_stack(struct fault *fault)
{
	uint8_t room[256 * 1024] = {0};

	if (mlock(room, sizeof(room)) == 0)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, "raise the limit of locked memory (ulimit -l)",
			 "cannot lock memory for secrets: %s", strerror(errno));
}

static void wiping_free(void *at)
{
	if (at)
		secret_wipe(at, malloc_usable_size(at));
	free(at);
}

void locked_json(void)
{
	json_set_alloc_funcs(malloc, wiping_free);
}
