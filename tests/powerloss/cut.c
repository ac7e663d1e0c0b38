#include "powerloss/cut.h"

#include <stdlib.h>
#include <string.h>

static int cut_now(struct cut *cut)
{
	cut->done++;
	return cut->left > 0 && --cut->left == 0;
}

static int cut_read(void *board, uint32_t address, void *out, size_t n)
{
	struct cut *cut = board;

	if (address > cut->size || n > cut->size - address) {
		cut->breaches++;
		return HAL_RANGE;
	}
	memcpy(out, cut->memory + address, n);
	return HAL_OK;
}

/* One byte of a write, which is the one that is cut when `dead`. */
static void cut_byte(struct cut *cut, uint32_t address, uint8_t value, int dead)
{
	if (!dead || cut->how == CUT_AFTER)
		cut->memory[address] &= value;
	else if (cut->how == CUT_PART)
		cut->memory[address] &= value | (address & 1 ? 0xE4 : 0x39);
	else if (cut->how == CUT_GARBAGE)
		cut->memory[address] = (uint8_t)(0x5A ^ (address % 8 * 37) ^ address);
}

static int cut_write(void *board, uint32_t address, const void *in, size_t n)
{
	struct cut *cut = board;
	const uint8_t *from = in;
	uint32_t unit = cut->hal.nvm_write_unit, i;
	int dead;

	if (address > cut->size || n > cut->size - address || address % unit || n % unit) {
		cut->breaches++;
		return HAL_RANGE;
	}
	for (; n; n -= unit, address += unit, from += unit) {
		cut->breaches += cut->written[address / unit];
		dead = cut_now(cut);
		if (!dead || cut->how != CUT_BEFORE)
			cut->written[address / unit] = 1;
		for (i = 0; i < unit; i++)
			cut_byte(cut, address + i, from[i], dead);
		if (dead)
			longjmp(cut->off, 1);
	}
	return HAL_OK;
}

static int cut_erase(void *board, uint32_t page)
{
	struct cut *cut = board;
	uint32_t size = cut->hal.nvm_page_size, unit = cut->hal.nvm_write_unit, i;
	int dead;

	if (page >= cut->hal.nvm_page_count) {
		cut->breaches++;
		return HAL_RANGE;
	}
	dead = cut_now(cut);
	cut->erases++;
	if (!dead || cut->how == CUT_AFTER) {
		memset(cut->memory + page * size, 0xFF, size);
		memset(cut->written + page * size / unit, 0, size / unit);
	} else if (cut->how == CUT_GARBAGE) {
		memset(cut->memory + page * size + size / 4, 0xFF, size / 2);
	} else if (cut->how == CUT_PART) {
		for (i = 0; i < size; i++)
			cut->memory[page * size + i] |= 0xC3;
	}
	if (dead)
		longjmp(cut->off, 1);
	return HAL_OK;
}

static int cut_random(void *board, void *out, size_t n)
{
	struct cut *cut = board;
	uint8_t *to = out;

	for (; n; n--) {
		cut->random ^= cut->random << 13;
		cut->random ^= cut->random >> 17;
		cut->random ^= cut->random << 5;
		*to++ = (uint8_t)(cut->random >> 11);
	}
	return HAL_OK;
}

static uint32_t cut_millis(void *board)
{
	struct cut *cut = board;

	return cut->clock++;
}

static void cut_halt(void *board)
{
	struct cut *cut = board;

	cut->breaches++;
}

int cut_open(struct cut *cut, uint32_t pages, uint32_t page_size, uint32_t unit, uint8_t fill)
{
	memset(cut, 0, sizeof(*cut));
	cut->size = pages * page_size;
	cut->units = cut->size / unit;
	cut->random = 0x2545F491;
	cut->memory = malloc(cut->size);
	cut->snapshot = malloc(cut->size);
	cut->written = calloc(cut->units, 1);
	cut->written_snapshot = calloc(cut->units, 1);
	if (!cut->memory || !cut->snapshot || !cut->written || !cut->written_snapshot)
		return -1;
	memset(cut->memory, fill, cut->size);
	memset(cut->written, fill != 0xFF, cut->units);
	cut->hal = (struct hal){.board = cut,
				.nvm_page_size = page_size,
				.nvm_page_count = pages,
				.nvm_write_unit = unit,
				.nvm_read = cut_read,
				.nvm_write = cut_write,
				.nvm_erase = cut_erase,
				.random = cut_random,
				.millis = cut_millis,
				.halt = cut_halt};
	return 0;
}

void cut_close(struct cut *cut)
{
	free(cut->memory);
	free(cut->snapshot);
	free(cut->written);
	free(cut->written_snapshot);
	memset(cut, 0, sizeof(*cut));
}

static void restore(struct cut *cut, long left, int how)
{
	memcpy(cut->memory, cut->snapshot, cut->size);
	memcpy(cut->written, cut->written_snapshot, cut->units);
	cut->left = left;
	cut->how = how;
}

/* Run `work` with the cut that is set up. 1: it was cut, 0: it got through. */
static int run(struct cut *cut, void (*work)(struct cut *, void *), void *context)
{
	if (setjmp(cut->off))
		return 1;
	work(cut, context);
	cut->left = 0;
	return 0;
}

int cut_once(struct cut *cut, void (*work)(struct cut *, void *), void *context, long at, int how)
{
	int was_cut;

	cut->left = at;
	cut->how = how;
	was_cut = run(cut, work, context);
	cut->left = 0;
	return was_cut;
}

struct again {
	int (*after)(struct cut *, void *);
	void *context;
	int good;
};

static void call_after(struct cut *cut, void *context)
{
	struct again *again = context;

	again->good = again->after(cut, again->context);
}

/* After the first cut: boot, and cut that boot too at every operation. */
static long after_cuts(struct cut *cut, void (*work)(struct cut *, void *), struct again *again,
		       void *context, long at, int how)
{
	long second, tried = 0;
	int cut_again;

	for (second = cut->again ? 1 : 0;; second += cut->again) {
		if (second > 1) {
			restore(cut, at, how);
			if (!run(cut, work, context))
				return -1;
		}
		again->good = 1;
		cut->left = second;
		cut_again = run(cut, call_after, again);
		tried++;
		if (!again->good)
			return -tried;
		if (!cut_again)
			return tried;
		cut->left = 0;
		if (!again->after(cut, again->context))
			return -tried;
	}
}

long cut_every(struct cut *cut, void (*work)(struct cut *, void *), int (*after)(struct cut *, void *),
	       void *context)
{
	struct again again = {after, context, 1};
	long at, tried = 0, n;
	int how;

	memcpy(cut->snapshot, cut->memory, cut->size);
	memcpy(cut->written_snapshot, cut->written, cut->units);
	for (at = cut->offset + 1;; at += cut->stride ? cut->stride : 1)
		for (how = 0; how < CUT_HOWS; how++) {
			restore(cut, at, how);
			if (!run(cut, work, context))
				return tried;
			n = after_cuts(cut, work, &again, context, at, how);
			if (n < 0)
				return -tried + n;
			tried += n;
		}
}
