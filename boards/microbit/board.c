/* BBC micro:bit v1 (nRF51822): UART0 on the USB bridge, NVMC flash, RNG,
 * TIMER0 as a millisecond clock. Runs unchanged in `qemu-system-arm -M microbit`.
 *
 * Bytes come in by interrupt, because the UART holds six and a command's data
 * may be 255 in one breath; the main program sleeps until one is there. While
 * the card works the timer's interrupt sends what keeps the terminal waiting. A
 * BREAK on the line is the contact's reset. TIMER1 and 2 have 16 bits and
 * SysTick does not exist on this part: only TIMER0 is used. */
#include <stdbool.h>
#include <string.h>

#include "hal.h"
#include "startup.h"

#define REG(address) (*(volatile uint32_t *)(address))

/* CLOCK, GPIO */
#define CLOCK_START   REG(0x40000000)
#define CLOCK_STARTED REG(0x40000100)
#define GPIO_OUTSET   REG(0x50000508)
#define GPIO_DIRSET   REG(0x50000518)
/* UART0 */
#define UART_STARTRX REG(0x40002000)
#define UART_STARTTX REG(0x40002008)
#define UART_STOPTX  REG(0x4000200C)
#define UART_RXDRDY  REG(0x40002108)
#define UART_TXDRDY  REG(0x4000211C)
#define UART_ERROR   REG(0x40002124)
#define UART_INTSET  REG(0x40002304)
#define UART_SOURCE  REG(0x40002480)
#define UART_ENABLE  REG(0x40002500)
#define UART_PSELTXD REG(0x4000250C)
#define UART_PSELRXD REG(0x40002514)
#define UART_RXD     REG(0x40002518)
#define UART_TXD     REG(0x4000251C)
#define UART_BAUD    REG(0x40002524)
/* NVMC */
#define NVMC_READY  REG(0x4001E400)
#define NVMC_CONFIG REG(0x4001E504)
#define NVMC_ERASE  REG(0x4001E508)
/* RNG */
#define RNG_START  REG(0x4000D000)
#define RNG_VALRDY REG(0x4000D100)
#define RNG_CONFIG REG(0x4000D504)
#define RNG_VALUE  REG(0x4000D508)
/* TIMER0 */
#define TIMER_START  REG(0x40008000)
#define TIMER_CAPT0  REG(0x40008040)
#define TIMER_CAPT3  REG(0x4000804C)
#define TIMER_MATCH1 REG(0x40008144)
#define TIMER_MATCH2 REG(0x40008148)
#define TIMER_INTSET REG(0x40008304)
#define TIMER_MODE   REG(0x40008504)
#define TIMER_BITS   REG(0x40008508)
#define TIMER_PRESC  REG(0x40008510)
#define TIMER_CC0    REG(0x40008540)
#define TIMER_CC1    REG(0x40008544)
#define TIMER_CC2    REG(0x40008548)
#define TIMER_CC3    REG(0x4000854C)
/* Cortex-M0 */
#define NVIC_ENABLE REG(0xE000E100)
#define SCB_AIRCR   REG(0xE000ED0C)

enum {
	PAGE = 1024, /* FICR CODEPAGESIZE */
	PAGES = 64,
	TXD = 24, /* pins, to the USB bridge */
	RXD = 25,
	UART_INTERRUPT = 2,
	TIMER_INTERRUPT = 8,
	RNG_SLOWEST_MS = 2000, /* a byte takes 0.7 ms; in QEMU, as long as the machine is busy */
	RNG_RUN = 8,           /* as many equal bytes in a row are a broken source: 2^-56 by chance */
};

extern uint8_t _nvm_base[]; /* memory.ld */
#define NVM_BASE ((uint32_t)_nvm_base)

struct microbit {
	uint32_t ticks, millis, remainder;
	uint8_t last_random, run;
	/* Filled by the interrupt, emptied by receive(); indices wrap by themselves. */
	volatile uint8_t ring[256], head, tail;
	/* While the card works: what the timer sends, and every how many ticks (0: nothing). */
	volatile uint8_t wait_byte;
	volatile uint32_t wait_ticks;
	volatile bool wait_sent; /* one is on its way, or out */
};

static struct microbit board_state; /* there is one, and interrupts have no argument */

/* ---- Flash ---- */

static bool out_of_range(uint32_t address, size_t length)
{
	return address > PAGE * PAGES || length > PAGE * PAGES - address;
}

static void nvmc_wait(void)
{
	while (!NVMC_READY)
		;
}

static int nvm_read(void *board, uint32_t address, void *out, size_t length)
{
	(void)board;
	if (out_of_range(address, length))
		return HAL_RANGE;
	if (((uintptr_t)out | address | length) % 4 != 0) {
		memcpy(out, (const void *)(NVM_BASE + address), length);
		return HAL_OK;
	}
	/* The C library of small parts copies byte by byte. */
	for (uint32_t *to = out; length; length -= 4, address += 4)
		*to++ = *(const volatile uint32_t *)(NVM_BASE + address);
	return HAL_OK;
}

/* The NVMC takes whole words only; a word that did not become what was asked
 * was not erased, or is worn out. */
static int nvm_write(void *board, uint32_t address, const void *in, size_t length)
{
	const uint8_t *p = in;
	uint32_t word;
	int result = HAL_OK;

	(void)board;
	if (out_of_range(address, length) || (address | length) % 4 != 0)
		return HAL_RANGE;
	NVMC_CONFIG = 1; /* write enable */
	for (; length && result == HAL_OK; length -= 4, address += 4, p += 4) {
		memcpy(&word, p, 4);
		REG(NVM_BASE + address) = word;
		nvmc_wait();
		if (REG(NVM_BASE + address) != word)
			result = HAL_FAULT;
	}
	NVMC_CONFIG = 0;
	return result;
}

static int nvm_erase(void *board, uint32_t page)
{
	(void)board;
	if (page >= PAGES)
		return HAL_RANGE;
	NVMC_CONFIG = 2; /* erase enable */
	NVMC_ERASE = NVM_BASE + page * PAGE;
	nvmc_wait();
	NVMC_CONFIG = 0;
	return HAL_OK;
}

/* ---- Time and entropy ---- */

/* The timer counts 31250 Hz (16 MHz / 2^9). Adding up differences makes the
 * millisecond count wrap at 2^32, as hal.h says, and not where the ticks do. */
static uint32_t millis(void *board)
{
	struct microbit *m = board;
	uint32_t now;

	TIMER_CAPT0 = 1;
	now = TIMER_CC0;
	m->remainder += (now - m->ticks) % 125u * 4u; /* 1/125 ms */
	m->millis += (now - m->ticks) / 125u * 4u + m->remainder / 125u;
	m->remainder %= 125u;
	m->ticks = now;
	return m->millis;
}

/* One byte of the bias-corrected thermal noise source, or HAL_FAULT when it
 * has stopped or repeats itself (SP 800-90B 4.4.1, repetition count test). */
static int entropy(void *board, void *out, size_t length)
{
	struct microbit *m = board;
	uint8_t *p = out;

	for (; length; length--, p++) {
		const uint32_t start = millis(m);

		while (!RNG_VALRDY)
			if (millis(m) - start > RNG_SLOWEST_MS)
				return HAL_FAULT;
		RNG_VALRDY = 0;
		*p = (uint8_t)RNG_VALUE;
		m->run = *p == m->last_random ? (uint8_t)(m->run + 1) : 0;
		m->last_random = *p;
		if (m->run >= RNG_RUN)
			return HAL_FAULT;
	}
	return HAL_OK;
}

/* ---- The contact ---- */

/* BREAK (8) is the contact's reset. QEMU reports it as overrun and parity (3);
 * we use no parity, so that bit (2) means the same here. Overrun alone loses
 * bytes, and the T=0 waiting time deals with that. */
void uart_interrupt(void)
{
	struct microbit *m = &board_state;

	if (UART_ERROR) {
		const uint32_t source = UART_SOURCE;

		UART_ERROR = 0;
		UART_SOURCE = source; /* written ones clear */
		if (source & (8 | 2))
			SCB_AIRCR = 0x05FA0004; /* SYSRESETREQ */
	}
	while (UART_RXDRDY) {
		UART_RXDRDY = 0; /* before RXD: the next byte may set it again */
		const uint8_t byte = (uint8_t)UART_RXD;

		if ((uint8_t)(m->head + 1) != m->tail)
			m->ring[m->head++] = byte;
	}
}

/* The first match only wakes receive() up, the second is busy()'s. The next one is counted from now, because
 * the processor may have stood still for an erase; and set before this one is cleared, because in QEMU a
 * match that still holds comes again. */
void timer_interrupt(void)
{
	struct microbit *m = &board_state;

	TIMER_MATCH1 = 0;
	if (!TIMER_MATCH2)
		return;
	if (m->wait_ticks) {
		TIMER_CAPT3 = 1;
		TIMER_CC2 = TIMER_CC3 + m->wait_ticks;
		UART_TXDRDY = 0;
		UART_TXD = m->wait_byte;
		m->wait_sent = true;
	}
	TIMER_MATCH2 = 0;
}

static void busy(void *board, uint8_t byte, uint32_t every_ms)
{
	struct microbit *m = board;

	m->wait_byte = byte;
	TIMER_CAPT0 = 1;
	TIMER_CC2 = TIMER_CC0 + every_ms * 125u / 4u;
	m->wait_ticks = every_ms * 125u / 4u;
}

/* The end of that. The interrupt has either sent its byte, which is waited for, or sees that it shall not. */
static void idle(struct microbit *m)
{
	m->wait_ticks = 0;
	while (m->wait_sent && !UART_TXDRDY)
		;
	m->wait_sent = false;
}

/* Sleep until an interrupt; they are off, so that none slips in between the
 * look at the ring and the sleep (WFI wakes on a pending one all the same). */
static void sleep(void)
{
	__asm volatile("wfi\n\tcpsie i\n\tisb\n\tcpsid i" ::: "memory");
}

static int receive(void *board, uint8_t *byte, uint32_t timeout_ms)
{
	struct microbit *m = board;
	const uint32_t start = millis(m);
	int result = HAL_OK;

	idle(m);
	__asm volatile("cpsid i" ::: "memory");
	while (m->head == m->tail && result == HAL_OK) {
		const uint32_t waited = millis(m) - start, left = timeout_ms - waited;

		if (waited >= timeout_ms) {
			result = HAL_TIMEOUT;
		} else {
			/* an hour at most, a millisecond late rather than early */
			TIMER_CC1 = m->ticks + (left < 3600000 ? left : 3600000) * 125u / 4u + 32u;
			TIMER_CAPT0 = 1;
			if ((int32_t)(TIMER_CC1 - TIMER_CC0) > 0) /* not gone by while we were setting it */
				sleep();
		}
	}
	if (result == HAL_OK)
		*byte = m->ring[m->tail++];
	__asm volatile("cpsie i" ::: "memory");
	return result;
}

static int send(void *board, const uint8_t *bytes, size_t length)
{
	idle(board);
	while (length--) {
		UART_TXDRDY = 0;
		UART_TXD = *bytes++;
		while (!UART_TXDRDY)
			;
	}
	return HAL_OK;
}

/* No variable may live in the memory that is being wiped, so this is assembly;
 * then the line is watched by hand, as a fault may have shut interrupts out. */
void board_stop(void)
{
	UART_STOPTX = 1;
	__asm volatile("	cpsid i\n"
		       "	movs r0, #0\n"
		       "	ldr  r1, =0x20000000\n"
		       "	ldr  r2, =_stack_top\n"
		       "1:	stmia r1!, {r0}\n"
		       "	cmp  r1, r2\n"
		       "	blo  1b\n" ::
			       : "r0", "r1", "r2", "cc", "memory");
	for (;;)
		if (UART_ERROR)
			uart_interrupt();
}

static void halt(void *board)
{
	(void)board;
	board_stop();
}

/* The crystal: the oscillator the part wakes up with is too coarse for 115200. */
static void clock_start(void)
{
	CLOCK_STARTED = 0;
	CLOCK_START = 1;
	while (!CLOCK_STARTED)
		;
}

static void uart_start(void)
{
	GPIO_OUTSET = 1u << TXD; /* high, which is silence, before the UART has it */
	GPIO_DIRSET = 1u << TXD;
	UART_PSELTXD = TXD;
	UART_PSELRXD = RXD;
	UART_BAUD = 0x01D7E000; /* 115200 */
	UART_ENABLE = 4;
	UART_INTSET = 1u << 2 | 1u << 9; /* RXDRDY, ERROR */
	UART_STARTTX = 1;
	UART_STARTRX = 1;
}

static void timer_start(void)
{
	TIMER_MODE = 0;
	TIMER_BITS = 3;                     /* 32 bits, which only TIMER0 has */
	TIMER_PRESC = 9;                    /* 31250 Hz */
	TIMER_INTSET = 1u << 17 | 1u << 18; /* matches 1 and 2 */
	TIMER_START = 1;
}

/* The first thing done after the receiver starts is to try the entropy source.
 * In QEMU that also wakes the loop that delivers bytes, which STARTRX alone
 * does not: without it a byte sent before anything else happens is stuck. */
int board_start(struct hal *hal)
{
	uint8_t trial[8];

	clock_start();
	timer_start();
	uart_start();
	NVIC_ENABLE = 1u << UART_INTERRUPT | 1u << TIMER_INTERRUPT;
	RNG_CONFIG = 1; /* bias correction */
	RNG_START = 1;
	if (entropy(&board_state, trial, sizeof(trial)) != HAL_OK)
		return HAL_FAULT;

	*hal = (struct hal){
		.board = &board_state,
		.nvm_page_size = PAGE,
		.nvm_page_count = PAGES,
		.nvm_write_unit = 4,
		.nvm_read = nvm_read,
		.nvm_write = nvm_write,
		.nvm_erase = nvm_erase,
		.random = entropy,
		.millis = millis,
		.halt = halt,
		.receive = receive,
		.send = send,
		.busy = busy,
	};
	return HAL_OK;
}
