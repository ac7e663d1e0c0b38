/* The rules are the bytes of EF.ARR, and these bytes are what is walked when a
 * command asks: there is no second table that could say otherwise. */
#include "fs/access.h"

#include "card.h"
#include "codec/tlv.h"

#define MODE(bits) 0x80, 0x01, (bits)
#define ALWAYS     0x90, 0x00
#define NEVER      0x97, 0x00
#define PIN(ref)   0xA4, 0x06, 0x83, 0x01, (ref), 0x95, 0x01, 0x08
#define FF1        0xFF
#define FF2        FF1, FF1
#define FF4        FF2, FF2
#define FF8        FF4, FF4

enum {
	TAG_MODE = 0x80,
	TAG_ALWAYS = 0x90,
	TAG_USER = 0xA4, /* a PIN must be satisfied */
	TAG_KEY = 0x83,
	/* Delete self, terminate, activate, deactivate; of a directory also
	 * create DF, create EF, delete child. */
	REST = 0x78,
	READ = ACCESS_READ,
	UPDATE = ACCESS_UPDATE,
	EVERYTHING = 0x7F
};

/* clang-format off */
const uint8_t access_rules[ACCESS_RECORD * RULE_LAST] = {
	/* RULE_DIRECTORY */
	MODE(EVERYTHING), NEVER, FF8, FF8, FF4, FF2, FF1,
	/* RULE_READ_ALWAYS */
	MODE(READ), ALWAYS, MODE(UPDATE | REST), NEVER, FF8, FF8, FF2,
	/* RULE_ALWAYS_ADM */
	MODE(READ), ALWAYS, MODE(UPDATE), PIN(PIN_ADM1), MODE(REST), NEVER, FF4, FF2, FF1,
	/* RULE_ALWAYS_PIN */
	MODE(READ), ALWAYS, MODE(UPDATE), PIN(PIN_1), MODE(REST), NEVER, FF4, FF2, FF1,
	/* RULE_PIN_ADM */
	MODE(READ), PIN(PIN_1), MODE(UPDATE), PIN(PIN_ADM1), MODE(REST), NEVER, FF1,
	/* RULE_PIN_PIN */
	MODE(READ | UPDATE), PIN(PIN_1), MODE(REST), NEVER, FF8, FF4,
};
/* clang-format on */

/* Does the security condition hold? Unknown conditions never do. */
static enum verdict condition_holds(const struct card *card, uint16_t tag, struct span value)
{
	struct span key;

	if (tag == TAG_ALWAYS)
		return GRANTED;
	if (tag == TAG_USER && tlv_find(&key, TAG_KEY, value) == OK && key.length == 1)
		return pin_satisfied(card, key.at[0]);
	return DENIED;
}

enum verdict access_granted(const struct card *card, uint8_t rule, enum access_mode mode)
{
	struct span rest = {access_rules + (size_t)(rule - 1) * ACCESS_RECORD, ACCESS_RECORD};
	struct span value;
	uint16_t tag;
	uint8_t modes = 0;

	if (rule == 0 || rule > RULE_LAST)
		return DENIED;
	while (tlv_next(&tag, &value, &rest) == 1) {
		if (tag == TAG_MODE && value.length == 1)
			modes = value.at[0];
		else if (modes & (uint8_t)mode)
			return condition_holds(card, tag, value);
	}
	return DENIED;
}
