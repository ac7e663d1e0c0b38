#include <setjmp.h>
#include <string.h>

#include "cut.h"

enum {
	PAGE = 256,
	PAGES = 4,
	UNIT = 4
};
static uint8_t flash[PAGE * PAGES];
static int left, how; /* operations until the cut (0: never), and its kind */
static jmp_buf off;

static int cut_now(void)
{
	return left > 0 && --left == 0;
}

static int nvm_read(void *b, uint32_t address, void *out, size_t n)
{
	(void)b;
	memcpy(out, flash + address, n);
	return HAL_OK;
}

static int nvm_write(void *b, uint32_t address, const void *in, size_t n)
{
	const uint8_t *p = in;

	(void)b;
	for (; n; n -= UNIT, address += UNIT, p += UNIT) {
		int dead = cut_now();
		if (!dead || how == 1)
			memcpy(flash + address, p, UNIT);
		else if (how == 2)
			memset(flash + address, 0x5A, UNIT);
		if (dead)
			longjmp(off, 1);
	}
	return HAL_OK;
}

static int nvm_erase(void *b, uint32_t page)
{
	int dead = cut_now();

	(void)b;
	if (!dead || how == 1)
		memset(flash + page * PAGE, 0xFF, PAGE);
	else if (how == 2)
		memset(flash + page * PAGE, 0xFF, PAGE / 2); /* half erased */
	if (dead)
		longjmp(off, 1);
	return HAL_OK;
}

struct hal cut_hal(void)
{
	return (struct hal){.nvm_page_size = PAGE,
			    .nvm_page_count = PAGES,
			    .nvm_write_unit = UNIT,
			    .nvm_read = nvm_read,
			    .nvm_write = nvm_write,
			    .nvm_erase = nvm_erase};
}

int cut_every_write(void (*prepare)(struct hal *), void (*work)(struct hal *), int (*after)(struct hal *))
{
	struct hal hal = cut_hal();
	volatile int at, tried = 0;

	for (at = 1;; at++)
		for (how = 0; how < 3; how++) {
			left = 0;
			memset(flash, 0xFF, sizeof(flash));
			prepare(&hal);
			left = at;
			if (!setjmp(off)) {
				work(&hal);
				return tried; /* finished before the cut */
			}
			left = 0;
			tried++;
			if (!after(&hal))
				return -tried;
		}
}
