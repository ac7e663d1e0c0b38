/* port_check - does this board keep the promises of hal.h?
 *
 * Prints TAP on the terminal contact, so it reads the same from a process,
 * from QEMU and from silicon: "1..18", one line each, and a verdict that
 * starts with "# port"; before that, how it behaves while it is busy. Nothing may be sent to the board
 * meanwhile. Erases pages 0, 1 and the last: a card that lived there is gone. */
#include <stdbool.h>
#include <string.h>

#include "hal.h"

static struct hal hal;
static int number, failures;

static void say(const char *text)
{
	(void)hal.send(hal.board, (const uint8_t *)text, strlen(text));
}

static void check(bool ok, const char *what)
{
	char digits[4] = {0};

	number++;
	digits[0] = (char)('0' + number / 10);
	digits[1] = (char)('0' + number % 10);
	digits[2] = ' ';
	say(ok ? "ok " : "not ok ");
	say(digits);
	say(what);
	say("\r\n");
	failures += !ok;
}

static bool all(const uint8_t *p, size_t n, uint8_t value)
{
	while (n--)
		if (*p++ != value)
			return false;
	return true;
}

static bool erase(uint32_t page)
{
	return hal.nvm_erase(hal.board, page) == HAL_OK;
}

static bool reads(uint32_t address, const uint8_t *want, size_t length)
{
	uint8_t back[64];

	return hal.nvm_read(hal.board, address, back, length) == HAL_OK && memcmp(back, want, length) == 0;
}

static bool reads_erased(uint32_t address, size_t length)
{
	uint8_t back[64];

	return hal.nvm_read(hal.board, address, back, length) == HAL_OK && all(back, length, 0xFF);
}

static void check_geometry(void)
{
	const uint32_t page = hal.nvm_page_size, count = hal.nvm_page_count, unit = hal.nvm_write_unit;

	check(page >= 64 && (page & (page - 1)) == 0 && count >= 4 && count <= UINT32_MAX / page,
	      "at least 4 pages, their size a power of two");
	check(unit && unit <= 8 && (unit & (unit - 1)) == 0, "the write unit is 1, 2, 4 or 8");
}

static void check_nvm(void)
{
	uint8_t in[16];
	const uint32_t page = hal.nvm_page_size, last = hal.nvm_page_count - 1;
	size_t i;

	for (i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 37 + 11);
	check(erase(0) && erase(1) && erase(last), "pages 0, 1 and the last erase");
	check(reads_erased(0, 64), "an erased page reads FF");
	check(hal.nvm_write(hal.board, 0, in, sizeof(in)) == HAL_OK && reads(0, in, sizeof(in)),
	      "16 bytes write and read back the same");
	check(reads_erased(sizeof(in), 64 - sizeof(in)), "nothing after them changed");
	check(hal.nvm_write(hal.board, page - 16, in, 16 - hal.nvm_write_unit) == HAL_OK &&
		      hal.nvm_write(hal.board, page - hal.nvm_write_unit, in + 16 - hal.nvm_write_unit,
				    hal.nvm_write_unit) == HAL_OK &&
		      reads(page - 16, in, 16),
	      "a page writes to its last unit, one unit at a time");
	check(reads_erased(page, 64), "without spilling into the next page");
	check(reads_erased(last * page, 64) && hal.nvm_write(hal.board, last * page, in + 8, 8) == HAL_OK &&
		      reads(last * page, in + 8, 8) && reads(0, in, sizeof(in)),
	      "the last page is there and is no other page");
	check(erase(1) && reads(0, in, sizeof(in)) && reads(page - 16, in, 16),
	      "erasing page 1 leaves page 0 alone");
	check(erase(0) && reads_erased(0, 64) && reads_erased(page - 16, 16),
	      "page 0 erases again, all of it");
}

static void check_range(void)
{
	const uint32_t size = hal.nvm_page_size * hal.nvm_page_count, unit = hal.nvm_write_unit;
	uint8_t bytes[16] = {0};

	check(hal.nvm_read(hal.board, size, bytes, 1) == HAL_RANGE &&
		      hal.nvm_read(hal.board, UINT32_MAX, bytes, 2) == HAL_RANGE,
	      "reading past the end is refused");
	check(hal.nvm_write(hal.board, size - unit, bytes, 2 * unit) == HAL_RANGE &&
		      hal.nvm_write(hal.board, 0u - unit, bytes, 2 * unit) == HAL_RANGE,
	      "writing past the end is refused");
	check(hal.nvm_erase(hal.board, hal.nvm_page_count) == HAL_RANGE, "erasing past the end is refused");
}

static void check_random(void)
{
	uint8_t a[32] = {0}, b[32] = {0};

	check(hal.random(hal.board, a, sizeof(a)) == HAL_OK && hal.random(hal.board, b, sizeof(b)) == HAL_OK,
	      "random fills 32 bytes twice");
	check(!all(a, sizeof(a), a[0]) && memcmp(a, b, sizeof(a)) != 0, "and they differ");
}

static void check_time(void)
{
	uint8_t byte;
	const uint32_t before = hal.millis(hal.board);
	const int r = hal.receive(hal.board, &byte, 50);
	const uint32_t took = hal.millis(hal.board) - before;

	check(r == HAL_TIMEOUT, "receive gives up when nothing comes");
	check(took >= 45 && took < 500, "after about the time it was given");
}

/* With something to do between two looks at the clock: in QEMU 7.2 each costs the timer half a tick. */
static void work(uint32_t ms)
{
	const uint32_t start = hal.millis(hal.board);
	volatile uint32_t sum = 0;

	while (hal.millis(hal.board) - start < ms)
		for (uint32_t i = 0; i < 500; i++)
			sum += i;
}

/* What the board sends while it works only the other side can see, so these lines are for the reader: three
 * dots; a hundred x, each after a dot or more; and nothing at all. */
static void show_busy(void)
{
	uint8_t byte;
	int i;

	if (!hal.busy) {
		say("# no busy: fine if nothing takes this part a second\r\n");
		return;
	}
	say("# busy every 100 ms for 350: ");
	hal.busy(hal.board, '.', 100);
	work(350);
	say("\r\n# a hundred answers of a busy card: ");
	for (i = 0; i < 100; i++) {
		hal.busy(hal.board, '.', 1 + (uint32_t)i % 3);
		work(4);
		say("x");
	}
	say("\r\n# what ends it: ");
	work(20);
	hal.busy(hal.board, '.', 10);
	(void)hal.receive(hal.board, &byte, 50);
	work(20);
	say("\r\n");
}

int main(void)
{
	if (board_start(&hal) != HAL_OK)
		return 2;
	say("1..18\r\n");
	check_geometry();
	check_nvm();
	check_range();
	check_random();
	check_time();
	show_busy();
	say(failures ? "# port is NOT ready\r\n" : "# port keeps every promise of hal.h\r\n");
	hal.halt(hal.board);
	return failures != 0;
}
