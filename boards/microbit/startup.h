/* startup.h - what startup.c and board.c know of each other. */
#ifndef SIMRITE_MICROBIT_STARTUP_H
#define SIMRITE_MICROBIT_STARTUP_H

/* What unused RAM holds. */
#define STACK_PAINT 0x53494D52u

/* Wipe RAM and do nothing until the contact is reset; also what every fault
 * and unexpected interrupt ends in. Does not return. */
void board_stop(void);

void uart_interrupt(void);
void timer_interrupt(void);

#endif
