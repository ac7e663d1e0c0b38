/* Sequences of commands to the card: in the clear, through a channel, with
 * resets and power cuts. The oracle judges every answer. */
#include "fuzz/target.h"

static void event(struct rig *rig, uint8_t what)
{
	if (what == 0) {
		rig->cut.left = 0;
		rig_reset(rig);
	} else if (what == 1) {
		if (setjmp(rig->cut.off)) /* it was cut as it started */
			rig->cut.left = 0;
		if (rig_power(rig) < 0)
			target_fail("the card does not start");
		rig->cut.left = 0;
	} else {
		rig->cut.left = what / 3 + 1;
		rig->cut.how = what % CUT_HOWS;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct input input = {bytes, length};
	uint8_t what, command[RIG_COMMAND];
	struct rig *rig = target_card(1);
	int records;
	size_t n;

	for (records = 0; input.left > 0 && records < RECORD_MOST; records++) {
		what = input_byte(&input);
		if ((what & RECORD_KIND) == RECORD_OPEN) {
			target_open(rig, what & 0x3F);
		} else if ((what & RECORD_KIND) == RECORD_EVENT) {
			event(rig, what & 0x3F);
		} else {
			n = input_byte(&input);
			n = input_take(&input, command, what & 1 ? sizeof(command) : n);
			if ((what & RECORD_KIND) == RECORD_SECURE)
				(void)rig_secure(rig, command, n);
			else
				(void)rig_apdu(rig, command, n);
		}
	}
	return 0;
}
