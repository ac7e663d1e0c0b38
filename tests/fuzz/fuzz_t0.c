/* Bytes on the contact, T=0. EE is an escape: EE 00 is a silence, EE and
 * anything else is EE. What the card sends must be an ATR, then procedure
 * bytes (INS) and answers that end with a status word. */
#include "fuzz/target.h"

enum {
	ESCAPE = 0xEE,
	PPSS = 0xFF,
	SENT_MOST = 1 << 20
};

static struct {
	struct input input;
	uint8_t last[5]; /* bytes received: the header, when the card answers before data */
	size_t sends, sent;
} contact;

static int receive(void *board, uint8_t *byte, uint32_t timeout_ms)
{
	(void)board;
	(void)timeout_ms;
	if (contact.input.left == 0)
		return HAL_FAULT; /* the terminal is gone */
	*byte = input_byte(&contact.input);
	if (*byte == ESCAPE && input_byte(&contact.input) == 0)
		return HAL_TIMEOUT;
	return HAL_OK;
}

static int send(void *board, const uint8_t *bytes, size_t length)
{
	uint16_t sw;

	(void)board;
	contact.sends++;
	contact.sent += length;
	if (length == 0 || length > RESPONSE_MAX || contact.sent > SENT_MOST)
		target_fail("that is nothing T=0 sends");
	if (contact.sends == 1 || length == 1 || bytes[0] == PPSS)
		return HAL_OK;
	sw = (uint16_t)(bytes[length - 2] << 8 | bytes[length - 1]);
	if (!oracle_knows(0x00, 0, sw) && !oracle_knows(0xA0, 0xC0, sw))
		target_fail("an answer without status word");
	return HAL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct rig *rig = target_card(0);

	contact.input = (struct input){bytes, length};
	contact.sends = contact.sent = 0;
	rig->cut.hal.receive = receive;
	rig->cut.hal.send = send;
	if (card_run(&rig->card) >= 0)
		target_fail("the contact failed, and it goes on");
	if (contact.sends == 0 || rig->card.halted)
		target_fail("the card has stopped");
	return 0;
}
