/* A secure channel: what is wrapped right is judged by the oracle; what is
 * wrapped and then changed, or made up, never comes to its handler, and a
 * wrong MAC closes the channel.
 *
 * The first byte says which channel; then come records: a byte of what is
 * done, a length, the plain command. */
#include "fuzz/target.h"

enum harm {
	HARM_NONE,   /* and nothing is */
	HARM_BIT,    /* one bit behind the header */
	HARM_HEADER, /* P1 */
	HARM_SHORT,  /* a byte less */
	HARM_TWICE,  /* the right one is sent twice */
	HARM_MADE_UP /* secure messaging that knows no key */
};

/* May a command that a stranger has sent be answered so? What refuses it comes
 * before its handler: only EXTERNAL AUTHENTICATE's looks at the MAC itself. */
static int turned_away(uint8_t ins, uint16_t sw)
{
	static const uint16_t before_handlers[] = {SW_SECURE_DATA_INCORRECT, SW_SECURE_NOT_SUPPORTED,
						   SW_CHANNEL_NOT_SUPPORTED, SW_INS_NOT_SUPPORTED,
						   SW_CLA_NOT_SUPPORTED,     SW_WRONG_LENGTH,
						   SW_SECURITY_NOT_SATISFIED};
	size_t i;

	for (i = 0; i < sizeof(before_handlers) / sizeof(before_handlers[0]); i++)
		if (sw == before_handlers[i])
			return 1;
	return ins == 0x82 && oracle_refused(sw);
}

static void must_be_refused(struct rig *rig, const uint8_t *command, size_t length)
{
	uint16_t sw = rig_apdu(rig, command, length);

	if (!turned_away(command[1], sw))
		target_fail("a command that nobody with the keys has sent came to its handler");
	if (sw == SW_SECURE_DATA_INCORRECT && rig->card.scp03.state == SCP03_OPEN)
		target_fail("a wrong MAC does not close the channel");
	rig->protocol = 0;
}

static void harmful(struct rig *rig, enum harm harm, uint8_t where, const uint8_t *plain, size_t length)
{
	uint8_t wrapped[RIG_COMMAND];
	int n = rig_wrap(rig, wrapped, plain, length);

	if (n < 6 || rig->card.scp03.state != SCP03_OPEN ||
	    wrapped[1] == 0xC0) /* GET RESPONSE is never secured */
		return;
	if (harm == HARM_TWICE)
		(void)rig_apdu(rig, wrapped, (size_t)n);
	else if (harm == HARM_BIT)
		wrapped[5 + where / 8 % (n - 5)] ^= (uint8_t)(1 << where % 8);
	else if (harm == HARM_HEADER)
		wrapped[2] ^= (uint8_t)(where | 1);
	else if (harm == HARM_SHORT)
		wrapped[4]--;
	if (rig->card.scp03.state == SCP03_OPEN)
		must_be_refused(rig, wrapped, (size_t)(harm == HARM_SHORT ? n - 1 : n));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct input input = {bytes, length};
	uint8_t what, command[RIG_COMMAND];
	struct rig *rig = target_card(1);
	int records;
	size_t n;

	target_open(rig, input_byte(&input));
	for (records = 0; input.left > 0 && records < RECORD_MOST; records++) {
		what = input_byte(&input);
		n = input_byte(&input);
		n = input_take(&input, command, n);
		if (what % 8 == HARM_NONE || what % 8 > HARM_MADE_UP)
			(void)rig_secure(rig, command, n);
		else if (what % 8 != HARM_MADE_UP)
			harmful(rig, what % 8, what >> 3, command, n);
		else if (n > 5 && (command[0] & 0xFC) == 0x84 && command[4] == n - 5 && command[1] != 0xC0 &&
			 !oracle_refused(rig_apdu(rig, command, n)))
			target_fail("secure messaging without a key was accepted");
	}
	return 0;
}
