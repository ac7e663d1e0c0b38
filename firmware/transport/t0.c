/* t0 is one loop over one pair of buffers. It trusts neither side: a terminal
 * that falls silent costs it nothing but a second, and a card that answered
 * with another length than the header asked for would leave the terminal
 * waiting for ever, so that becomes a status word. */
#include "transport/t0.h"

#include <stdbool.h>
#include <string.h>

#include "card.h"
#include "crypto/wipe.h"

enum {
	IDLE_MS = 60000, /* between commands we wait for ever, in pieces */
	GAP_MS = 1000,   /* within one: 9600 etu at 9600 baud, the default waiting time */
	HEADER = 5,
	BUSY_MS = 500, /* a NULL is due before the waiting time is over; two, so that one may be late */
	PROCEDURE_NULL = 0x60,
	PPSS = 0xFF, /* as a CLA, one that no command has */
};

struct t0 {
	const struct hal *hal;
	uint8_t command[COMMAND_MAX];
	uint8_t response[RESPONSE_MAX];
};

static int receive(struct t0 *t0, uint8_t *bytes, size_t length)
{
	int e = HAL_OK;

	while (length-- && e == HAL_OK)
		e = t0->hal->receive(t0->hal->board, bytes++, GAP_MS);
	return e;
}

static int send(struct t0 *t0, const uint8_t *bytes, size_t length)
{
	return t0->hal->send(t0->hal->board, bytes, length);
}

static int send_status(struct t0 *t0, sw_t sw)
{
	const uint8_t bytes[2] = {(uint8_t)(sw >> 8), (uint8_t)sw};

	return send(t0, bytes, sizeof(bytes));
}

/* SPEC: ISO/IEC 7816-3 9.1 to 9.3, TS 102 221 6.4: right after the ATR or never. We stay at the default
 * speed: PPS1 is echoed only when it asks for that, and left out of the answer otherwise, which says the
 * same. A request that is malformed, or for T=1, gets no answer. */
static int answer_pps(struct t0 *t0)
{
	uint8_t *const pps = t0->command;
	uint8_t answer[4] = {PPSS, 0x00, PPSS};
	size_t length = 3, i;
	uint8_t check = 0;
	int e;

	if ((e = receive(t0, pps + 1, 1)) < 0)
		return e;
	for (i = 4; i < 7; i++)
		length += (size_t)(pps[1] >> i & 1);
	if ((e = receive(t0, pps + 2, length - 2)) < 0)
		return e;
	for (i = 0; i < length; i++)
		check ^= pps[i];
	if (check != 0 || (pps[1] & 0x0F) != 0)
		return HAL_OK;
	if ((pps[1] & 0x10) && pps[2] == 0x11) {
		const uint8_t echo[4] = {PPSS, 0x10, 0x11, PPSS ^ 0x10 ^ 0x11};

		memcpy(answer, echo, sizeof(answer));
	}
	return send(t0, answer, (answer[1] & 0x10) ? 4 : 3);
}

/* SPEC: ISO/IEC 7816-3 10.3.2: INS 6X and 9X would read as procedure bytes. */
static bool is_ins(uint8_t ins)
{
	return (ins & 0xF0) != 0x60 && (ins & 0xF0) != 0x90;
}

/* All of the command is in, and of the answer nothing is out: the one time when a NULL may be sent. It asks
 * the terminal to wait once more for as long. */
/* SPEC: ISO/IEC 7816-3 10.3.3 */
static void work(struct t0 *t0)
{
	if (t0->hal->busy)
		t0->hal->busy(t0->hal->board, PROCEDURE_NULL, BUSY_MS);
}

/* The first byte is in; take the header and the data it announces, run it and answer. */
/* SPEC: ISO/IEC 7816-3 10.3.3 */
static int answer_command(struct t0 *t0, struct card *card)
{
	uint8_t *const header = t0->command, ins, p3;
	size_t length = HEADER, data;
	bool incoming;
	int e;

	if ((e = receive(t0, header + 1, HEADER - 1)) < 0)
		return e;
	ins = header[1];
	p3 = header[4];
	if (!is_ins(ins))
		return send_status(t0, SW_INS_NOT_SUPPORTED);
	incoming = card_takes_data(card, header) && p3 > 0;
	if (incoming) {
		if ((e = send(t0, &ins, 1)) < 0 || (e = receive(t0, header + HEADER, p3)) < 0)
			return e;
		length += p3;
	}
	work(t0);
	length = card_transmit(card, t0->response, t0->command, length);
	data = length - 2;
	if (data > 0) {
		if (incoming || data != (p3 ? p3 : 256u))
			return send_status(t0, SW_TECHNICAL_PROBLEM);
		if ((e = send(t0, &ins, 1)) < 0)
			return e;
	}
	return send(t0, t0->response, length);
}

int t0_run(struct card *card)
{
	struct t0 t0 = {.hal = card->hal};
	bool fresh = true; /* no byte came since the ATR */
	size_t length;
	int e;

	if (!t0.hal->receive || !t0.hal->send)
		return ERROR_STATE;
	length = card_reset(card, t0.response);
	e = send(&t0, t0.response, length);
	while ((e == HAL_OK || e == HAL_TIMEOUT) && !card->halted) {
		e = t0.hal->receive(t0.hal->board, t0.command, IDLE_MS);
		if (e == HAL_OK) {
			e = fresh && t0.command[0] == PPSS ? answer_pps(&t0) : answer_command(&t0, card);
			fresh = false;
		}
		wipe(&t0.command, sizeof(t0.command)); /* it may have held a PIN */
		wipe(&t0.response, sizeof(t0.response));
	}
	return card->halted ? HAL_FAULT : e;
}
