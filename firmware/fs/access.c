/* The rules are the bytes of EF.ARR, and these bytes are what is walked when a
 * command asks: there is no second table that could say otherwise. */
#include "fs/access.h"

#include "card.h"
#include "codec/tlv.h"
#include "fs/descriptor.h"
#include "fs/file.h"

#define MODE(bits)           0x80, 0x01, (bits)
#define COMMAND(instruction) 0x84, 0x01, (instruction)&0xFF
#define ALWAYS               0x90, 0x00
#define NEVER                0x97, 0x00
#define PIN(ref)             0xA4, 0x06, 0x83, 0x01, (ref), 0x95, 0x01, 0x08
#define ADM                  PIN(PIN_ADM1)
#define FF1                  0xFF
#define FF2                  FF1, FF1
#define FF4                  FF2, FF2
#define FF8                  FF4, FF4
#define FF11                 FF8, FF2, FF1
#define FF16                 FF8, FF8

enum {
	TAG_MODE = 0x80,
	TAG_COMMAND = 0x84, /* an instruction */
	TAG_ALWAYS = 0x90,
	TAG_ANY = 0xA0,  /* one of several conditions */
	TAG_USER = 0xA4, /* a PIN must be satisfied */
	TAG_ALL = 0xAF,  /* every one of several conditions */
	TAG_KEY = 0x83,
	RULE_REFERENCE = 0x8B,
	RULE_COMPACT = 0x8C,
	RULE_EXPANDED = 0xAB,
	REFERENCE = 3, /* bytes of a reference */
	RECORD_MAX = 255,
	COMPACT_USER = 0x10, /* a PIN, whose reference is the low half */
	READ = ACCESS_READ,
	UPDATE = ACCESS_UPDATE,
	CHILDREN = ACCESS_DELETE_CHILD | ACCESS_CREATE_EF | ACCESS_CREATE_DF,
	TURN = ACCESS_ACTIVATE | ACCESS_DEACTIVATE,
	END = ACCESS_TERMINATE | ACCESS_DELETE,
	ADMIN = TURN | ACCESS_DELETE
};

/* clang-format off */
const uint8_t access_rules[ACCESS_RECORD * RULE_LAST] = {
	/* RULE_DIRECTORY */
	MODE(CHILDREN | ACCESS_DELETE), ADM, MODE(TURN | ACCESS_TERMINATE), NEVER, FF16, FF4, FF2, FF11,
	/* RULE_READ_ALWAYS */
	MODE(READ), ALWAYS, MODE(UPDATE | TURN | END), NEVER, FF16, FF8, FF4, FF11,
	/* RULE_ALWAYS_ADM */
	MODE(READ), ALWAYS, MODE(UPDATE | ADMIN), ADM, COMMAND(ACCESS_RESIZE), ADM, MODE(ACCESS_TERMINATE), NEVER, FF4, FF2, FF11,
	/* RULE_ALWAYS_PIN */
	MODE(READ), ALWAYS, MODE(UPDATE), PIN(PIN_1), MODE(ADMIN), ADM, COMMAND(ACCESS_RESIZE), ADM, MODE(ACCESS_TERMINATE), NEVER, FF4, FF2,
	/* RULE_PIN_ADM */
	MODE(READ), PIN(PIN_1), MODE(UPDATE | ADMIN), ADM, COMMAND(ACCESS_RESIZE), ADM, MODE(ACCESS_TERMINATE), NEVER, FF11,
	/* RULE_PIN_PIN */
	MODE(READ | UPDATE), PIN(PIN_1), MODE(ADMIN), ADM, COMMAND(ACCESS_RESIZE), ADM, MODE(ACCESS_TERMINATE), NEVER, FF11,
	/* RULE_MF */
	MODE(CHILDREN | ACCESS_TERMINATE), ADM, MODE(TURN | ACCESS_DELETE), NEVER, FF16, FF4, FF2, FF11,
	/* RULE_PIN_INCREASE */
	MODE(READ | UPDATE), PIN(PIN_1), COMMAND(ACCESS_INCREASE), PIN(PIN_1), MODE(ADMIN), ADM, MODE(ACCESS_TERMINATE), NEVER, FF11,
	/* RULE_ADM */
	MODE(0x7F), ADM, COMMAND(ACCESS_RESIZE), ADM, FF16, FF11,
	/* RULE_PIN_OPEN */
	MODE(READ | UPDATE), PIN(PIN_1), MODE(TURN | END), ADM, COMMAND(ACCESS_RESIZE), ADM, FF4, FF1, FF11,
	/* RULE_READ_OPEN */
	MODE(READ), ALWAYS, MODE(UPDATE | TURN | END), ADM, COMMAND(ACCESS_RESIZE), ADM, FF8, FF2, FF1, FF11,
	/* RULE_PIN_PIN2 */
	MODE(READ), PIN(PIN_1), MODE(UPDATE), PIN(PIN_2), MODE(ADMIN), ADM, COMMAND(ACCESS_RESIZE), ADM, MODE(ACCESS_TERMINATE), NEVER,
	/* RULE_PIN2_INCREASE */
	MODE(READ), PIN(PIN_1), MODE(UPDATE), PIN(PIN_2), COMMAND(ACCESS_INCREASE), PIN(PIN_1), MODE(ADMIN), ADM, MODE(ACCESS_TERMINATE), NEVER,
	/* RULE_DIR */
	MODE(READ), ALWAYS, MODE(UPDATE | TURN), ADM, COMMAND(ACCESS_RESIZE), ADM, MODE(END), NEVER, FF4, FF2, FF11,
};
/* clang-format on */

/* Which PINs count as satisfied: those of the session, or only one. */
struct asker {
	const struct card *card; /* the session's */
	int only;                /* not 0: this one, or no PIN at all if it is negative */
};

static enum verdict satisfied(const struct asker *asker, uint8_t reference)
{
	if (asker->only == 0)
		return pin_satisfied(asker->card, reference);
	return reference == asker->only ? GRANTED : DENIED;
}

/* Does a single condition hold? Unknown conditions never do. */
static enum verdict condition_holds(const struct asker *asker, uint16_t tag, struct span value)
{
	struct span key;

	if (tag == TAG_ALWAYS)
		return GRANTED;
	if (tag == TAG_USER && tlv_find(&key, TAG_KEY, value) == OK && key.length == 1)
		return satisfied(asker, key.at[0]);
	return DENIED;
}

/* The same for one that may be made of others, one level deep. */
static enum verdict conditions_hold(const struct asker *asker, uint16_t tag, struct span value)
{
	enum verdict found = DENIED;
	struct span inner;
	uint16_t one;

	if (tag != TAG_ANY && tag != TAG_ALL)
		return condition_holds(asker, tag, value);
	while (tlv_next(&one, &inner, &value) == 1) {
		found = condition_holds(asker, one, inner) == GRANTED ? GRANTED : DENIED;
		if ((tag == TAG_ANY) == (found == GRANTED))
			break;
	}
	return found;
}

/* SPEC: TS 102 221 9.2.6: access mode objects, each with its condition behind it. */
static enum verdict expanded_holds(const struct asker *asker, struct span rule, enum access_mode mode)
{
	struct span value;
	uint16_t tag;
	int meant = 0;

	while (tlv_next(&tag, &value, &rule) == 1) {
		if (tag == TAG_MODE && value.length == 1)
			meant = mode < ACCESS_INSTRUCTION && (value.at[0] & mode) != 0;
		else if (tag == TAG_COMMAND && value.length == 1)
			meant = mode == (ACCESS_INSTRUCTION | value.at[0]);
		else if ((tag & 0xF0) == 0x80)
			meant = 0; /* commands described in a way we do not know */
		else if (meant)
			return conditions_hold(asker, tag, value);
	}
	return DENIED;
}

/* SPEC: TS 102 221 9.2.5, ISO/IEC 7816-4 5.4.3.1: a mode byte, then a condition for each of its
 * bits, the highest first. There is no place for instructions. */
static enum verdict compact_holds(const struct asker *asker, struct span rule, enum access_mode mode)
{
	size_t at = 1;
	uint8_t bit, condition;

	if (rule.length == 0 || (rule.at[0] & 0x80) != 0)
		return DENIED;
	for (bit = 0x40; bit != 0; bit = (uint8_t)(bit >> 1)) {
		if ((rule.at[0] & bit) == 0)
			continue;
		if (at == rule.length)
			return DENIED;
		condition = rule.at[at++];
		if ((int)bit != (int)mode)
			continue;
		if (condition == 0)
			return GRANTED;
		return (condition & 0xF0) == COMPACT_USER ? satisfied(asker, condition & 0x0F) : DENIED;
	}
	return DENIED;
}

/* The EF.ARR a file names: in its directory, or the nearest one above that has it. */
static uint16_t find_arr(const struct store *store, uint16_t file, uint16_t fid)
{
	uint16_t arr = FILE_NONE;

	for (uint8_t i = 0; i < FILE_DEPTH_MAX && file != FILE_NONE && arr == FILE_NONE; i++) {
		file = file_parent(store, file);
		if (file != FILE_NONE)
			arr = file_child(store, file, fid);
	}
	return arr;
}

/* SPEC: TS 102 221 9.2.7: FID of EF.ARR, and a record of it. */
static enum verdict reference_holds(const struct asker *asker, uint16_t file, struct span rule,
				    enum access_mode mode)
{
	uint8_t bytes[RECORD_MAX];
	const struct store *store = &asker->card->store;
	struct file row;
	uint16_t arr;

	if (rule.length != REFERENCE)
		return DENIED;
	arr = find_arr(store, file, (uint16_t)(rule.at[0] << 8 | rule.at[1]));
	if (arr == FILE_NONE || file_get(store, &row, arr) < 0 || row.kind != FILE_LINEAR ||
	    row.state != FILE_ACTIVE || file_read(store, arr, rule.at[2], 0, bytes, row.size) < 0)
		return DENIED;
	return expanded_holds(asker, (struct span){bytes, row.size}, mode);
}

int access_is_rule(struct span rule)
{
	uint16_t tag = 0;
	struct span value, inner;
	size_t bits = 0;
	int n = 0;

	if (rule.length < 3 || rule.length > FILE_SECURITY_MAX || tlv_next(&tag, &value, &rule) != 1 ||
	    rule.length != 0)
		return 0;
	if (tag == RULE_REFERENCE)
		return value.length == REFERENCE && value.at[2] != 0;
	if (tag == RULE_COMPACT) {
		for (uint8_t left = value.at[0]; left; left = (uint8_t)(left & (left - 1)))
			bits++;
		return value.at[0] < 0x80 && value.length == bits + 1;
	}
	while (tag == RULE_EXPANDED && (n = tlv_next(&tag, &inner, &value)) == 1)
		tag = RULE_EXPANDED;
	return tag == RULE_EXPANDED && n == 0;
}

/* SPEC: TS 102 221 9.2.4 */
static enum verdict holds(const struct asker *asker, uint16_t file, enum access_mode mode)
{
	uint8_t own[FILE_SECURITY_MAX];
	struct span rule = {own + 2, 0};
	struct file row;
	int n;

	if (file_get(&asker->card->store, &row, file) < 0 || row.rule > RULE_LAST)
		return DENIED;
	if (row.rule != 0)
		return expanded_holds(
			asker,
			(struct span){access_rules + (size_t)(row.rule - 1) * ACCESS_RECORD, ACCESS_RECORD},
			mode);
	if (file < FILE_MADE || (n = descriptor_security(&asker->card->store, own, file)) < 2 ||
	    own[1] != n - 2)
		return DENIED;
	rule.length = own[1];
	if (own[0] == RULE_REFERENCE)
		return reference_holds(asker, file, rule, mode);
	if (own[0] == RULE_EXPANDED)
		return expanded_holds(asker, rule, mode);
	return own[0] == RULE_COMPACT ? compact_holds(asker, rule, mode) : DENIED;
}

enum verdict access_granted(const struct card *card, uint16_t file, enum access_mode mode)
{
	return holds(&(struct asker){.card = card}, file, mode);
}

enum verdict access_would(const struct card *card, uint16_t file, enum access_mode mode, uint8_t reference)
{
	return holds(&(struct asker){.card = card, .only = reference ? reference : -1}, file, mode);
}
