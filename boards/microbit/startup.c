/* startup.c - vector table and C runtime start for Cortex-M0.
 *
 * Before anything else the RAM is painted: what an earlier run left there is
 * gone, and how far the paint was scratched tells how deep the stack got. */
#include <stdint.h>

#include "startup.h"

extern uint32_t _data_load[], _data[], _data_end[], _bss[], _bss_end[], _stack_top[]; /* memory.ld */
int main(void);
void reset(void); /* named by ENTRY in memory.ld */

void reset(void)
{
	uint32_t *from = _data_load, *to, *here;

	__asm volatile("mov %0, sp" : "=r"(here));
	for (to = _bss_end; to < here;)
		*to++ = STACK_PAINT;
	for (to = _data; to < _data_end;)
		*to++ = *from++;
	for (to = _bss; to < _bss_end;)
		*to++ = 0;
	(void)main();
	board_stop();
}

/* nRF51 interrupts are numbered by peripheral: UART0 is 2, TIMER0 is 8. */
__attribute__((section(".vectors"), used)) static const struct {
	uint32_t *stack;
	void (*core[15])(void);
	void (*part[9])(void);
} vectors = {
	_stack_top,
	{reset, board_stop, board_stop, board_stop, board_stop, board_stop, board_stop, board_stop,
	 board_stop, board_stop, board_stop, board_stop, board_stop, board_stop, board_stop},
	{board_stop, board_stop, uart_interrupt, board_stop, board_stop, board_stop, board_stop, board_stop,
	 timer_interrupt},
};
