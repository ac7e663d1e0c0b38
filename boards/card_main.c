/* card_main.c - a board and the card, joined: the program of every board with
 * a contact. The one file here that knows the card (tests/layers). */
#include "card.h"

int board_start(struct hal *hal);

static struct hal hal;
static struct card card;

int main(void)
{
	int e;

	if (board_start(&hal) != HAL_OK)
		return 2;
	e = card_start(&card, &hal);
	if (e == OK)
		e = card_run(&card); /* ends when the contact does */
	hal.halt(hal.board);
	return e == HAL_FAULT ? 0 : 1;
}
