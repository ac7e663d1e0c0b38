/* A board to copy: every function says what it has to do, and does the honest
 * thing until you have written it, which is to fail. firmware/hal.h is the
 * contract; tests/port/port_check.c checks it. See boards/README.md. */
#include <string.h>

#include "hal.h"

enum {
	PAGE = 1024, /* TODO: bytes your flash erases at once */
	PAGES = 64,  /* TODO: how many of them the card may have; 64 KB is plenty */
	UNIT = 4,    /* TODO: bytes your flash writes at once: 1, 2, 4 or 8 */
};

struct board {
	int todo; /* TODO: what your board has to remember; everything else is in registers */
};

static int out_of_range(uint32_t address, size_t length)
{
	return address > PAGE * PAGES || length > PAGE * PAGES - address;
}

/* TODO: memcpy() from the first byte of your region when flash is mapped. */
static int nvm_read(void *board, uint32_t address, void *out, size_t length)
{
	(void)board;
	if (out_of_range(address, length))
		return HAL_RANGE;
	memset(out, 0, length);
	return HAL_FAULT;
}

/* TODO: write `length` / UNIT units. Look at each afterwards: a unit that does
 * not hold what it should is a HAL_FAULT, not a surprise years later. */
static int nvm_write(void *board, uint32_t address, const void *in, size_t length)
{
	(void)board;
	(void)in;
	if (out_of_range(address, length) || (address | length) % UNIT != 0)
		return HAL_RANGE;
	return HAL_FAULT;
}

/* TODO: erase one page to FF. Interrupts and code in flash may have to wait. */
static int nvm_erase(void *board, uint32_t page)
{
	(void)board;
	return page >= PAGES ? HAL_RANGE : HAL_FAULT;
}

/* TODO: the part's noise source, with its correction on. Bound every wait,
 * and fail when the source repeats itself. No noise source on the part? Then
 * it cannot be a card: a seed in flash or a free running timer is not one. */
static int entropy(void *board, void *out, size_t length)
{
	(void)board;
	memset(out, 0, length);
	return HAL_FAULT;
}

/* TODO: a free running timer. Add up differences, so that the count wraps at
 * 2^32 milliseconds and not where the timer does. */
static uint32_t millis(void *board)
{
	(void)board;
	return 0;
}

/* TODO: the next byte. Up to 255 arrive in one breath at full speed while the
 * card is taking them: use an interrupt and a ring of 256, or DMA, unless the
 * part's FIFO is that long. */
static int receive(void *board, uint8_t *byte, uint32_t timeout_ms)
{
	(void)board;
	(void)timeout_ms;
	*byte = 0;
	return HAL_FAULT;
}

/* TODO: one byte after the other, and wait until the last is out. */
static int send(void *board, const uint8_t *bytes, size_t length)
{
	(void)board;
	(void)bytes;
	(void)length;
	return HAL_FAULT;
}

/* TODO: wipe RAM, be silent, and wait for the reset of the contact (BREAK on a
 * serial line), also when a fault brought you here. */
static void halt(void *board)
{
	(void)board;
	for (;;)
		;
}

/* TODO: clocks, pins, timer, serial line at 115200 8N1, noise source. BREAK
 * must reset the part. The entropy source is tried before anything uses it. */
int board_start(struct hal *hal)
{
	static struct board board;

	*hal = (struct hal){
		.board = &board,
		.nvm_page_size = PAGE,
		.nvm_page_count = PAGES,
		.nvm_write_unit = UNIT,
		.nvm_read = nvm_read,
		.nvm_write = nvm_write,
		.nvm_erase = nvm_erase,
		.random = entropy,
		.millis = millis,
		.halt = halt,
		.receive = receive,
		.send = send,
		.busy = NULL, /* TODO: a function whose timer sends the byte while the card works */
	};
	return HAL_OK;
}
