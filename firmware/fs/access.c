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
	/* Which commands: ISO/IEC 7816-4 table 22. */
	TAG_MODE = 0x80,
	TAG_COMMAND = 0x84, /* instructions, any of them */
	TAG_STATES = 0x9C,  /* somebody's own description */
	/* On what condition: ISO/IEC 7816-4 table 23. */
	TAG_ALWAYS = 0x90,
	TAG_NEVER = 0x97,
	TAG_BYTE = 0x9E, /* a condition byte, as in the compact format */
	TAG_ANY = 0xA0,  /* one of several conditions */
	TAG_USER = 0xA4, /* a PIN must be satisfied */
	TAG_NOT = 0xA7,  /* none of several conditions */
	TAG_ALL = 0xAF,  /* every one of several conditions */
	TAG_KEY = 0x83,
	TAG_USAGE = 0x95,
	USAGE_USER = 0x08,   /* of a PIN: user authentication by what somebody knows */
	DEPTH = 5,           /* conditions are at most this deep: four templates */
	OWN_MODES = 0x80,    /* of a mode byte: bits 7 to 4 mean what the issuer likes */
	COMMON_MODES = 0x07, /* and these what they always do */
	RULE_REFERENCE = 0x8B,
	RULE_COMPACT = 0x8C,
	RULE_EXPANDED = 0xAB,
	REFERENCE = 3, /* bytes of a reference without security environments */
	RECORD_MAX = 255,
	/* The condition byte: ISO/IEC 7816-4 table 20. */
	BYTE_ALWAYS = 0x00,
	BYTE_NEVER = 0xFF,
	BYTE_ALL = 0x80,    /* every mechanism, not one of them */
	BYTE_OTHERS = 0x60, /* secure messaging, external authentication: this card has none here */
	BYTE_USER = 0x10,
	BYTE_ENVIRONMENT = 0x0F,
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

/* ---- What conditions come to ---- */

/* One of the verdicts, or what is neither: a condition that nobody here can
 * judge. Nothing is granted by it, and nothing by its contrary. In this order
 * AND is the least of several and OR the most. */
enum {
	NOTHING = 0, /* no condition yet */
	UNKNOWN = 0x9669
};
_Static_assert((int)DENIED < (int)UNKNOWN && (int)UNKNOWN < (int)GRANTED, "AND is the least, OR the most");

/* One condition more, in this template. */
static int join(uint16_t tag, int found, int one)
{
	if (found == NOTHING)
		return one;
	return (tag == TAG_ALL) == (one < found) ? one : found;
}

static int satisfied(const struct asker *asker, uint8_t reference)
{
	struct pin_state state;
	enum verdict verdict;

	if (asker->only == 0)
		verdict = pin_satisfied(asker->card, reference);
	else
		verdict = reference == asker->only ? GRANTED : DENIED;
	if (verdict == GRANTED)
		return GRANTED;
	return pin_look(asker->card, reference, &state) < 0 ? UNKNOWN : DENIED; /* no such PIN */
}

/* SPEC: TS 102 221 9.2.5, ISO/IEC 7816-4 5.4.3.1: what access.h says of this byte. */
static int byte_holds(const struct asker *asker, uint8_t condition)
{
	uint8_t environment = condition & BYTE_ENVIRONMENT, pin = environment;
	int found = condition & BYTE_OTHERS ? UNKNOWN : NOTHING;

	if (condition == BYTE_ALWAYS)
		return GRANTED;
	if (condition == BYTE_NEVER)
		return DENIED;
	if (environment == 0)
		pin = PIN_ADM1;
	else if (environment != PIN_1 && environment < PIN_ADM1)
		return UNKNOWN;
	if (condition & BYTE_USER)
		found = join(condition & BYTE_ALL ? TAG_ALL : TAG_ANY, found, satisfied(asker, pin));
	return found == NOTHING ? UNKNOWN : found;
}

/* SPEC: TS 102 221 9.5.2: a control reference template with the key reference of a PIN. */
static int user_holds(const struct asker *asker, struct span template)
{
	struct span value;
	uint8_t key = 0;
	uint16_t tag;
	int n;

	while ((n = tlv_next(&tag, &value, &template)) == 1) {
		if (value.length != 1)
			return UNKNOWN;
		if (tag == TAG_KEY && key == 0)
			key = value.at[0];
		else if (tag != TAG_USAGE || value.at[0] != USAGE_USER)
			return UNKNOWN;
	}
	return n < 0 || key == 0 ? UNKNOWN : satisfied(asker, key);
}

static int condition_holds(const struct asker *asker, uint16_t tag, struct span value)
{
	if (tag == TAG_ALWAYS && value.length == 0)
		return GRANTED;
	if (tag == TAG_NEVER && value.length == 0)
		return DENIED;
	if (tag == TAG_BYTE && value.length == 1)
		return byte_holds(asker, value.at[0]);
	return tag == TAG_USER ? user_holds(asker, value) : UNKNOWN;
}

/* ---- The formats of a rule ---- */

/* The three functions below answer what the conditions for `mode` come to, NOTHING when there are none, or
 * ERROR_FORMAT for what is no rule, whatever the mode is. With mode 0 nobody is asked. */

static int means(uint8_t modes, unsigned mode)
{
	return mode < ACCESS_INSTRUCTION && (modes & (modes & OWN_MODES ? COMMON_MODES : 0x7Fu) & mode) != 0;
}

/* SPEC: TS 102 221 9.2.5, ISO/IEC 7816-4 5.4.3.1: a mode byte, then a condition for each of its
 * bits, the highest first; and again. There is no place for instructions. */
static int compact_holds(const struct asker *asker, struct span rule, unsigned mode)
{
	int found = NOTHING;
	size_t at = 0;

	if (rule.length == 0)
		return ERROR_FORMAT;
	while (at < rule.length) {
		uint8_t modes = rule.at[at++];

		for (uint8_t bit = 0x40; bit != 0; bit = (uint8_t)(bit >> 1)) {
			if ((modes & bit) == 0)
				continue;
			if (at == rule.length)
				return ERROR_FORMAT;
			if (means(bit | (modes & OWN_MODES), mode))
				found = join(TAG_ANY, found, byte_holds(asker, rule.at[at]));
			at++;
		}
	}
	return found;
}

/* Is it an access mode object, rather than a condition? */
static int is_mode(uint16_t tag)
{
	return (tag & ~0x0Fu) == TAG_MODE || tag == TAG_STATES;
}

static int is_template(uint16_t tag)
{
	return tag == TAG_ANY || tag == TAG_NOT || tag == TAG_ALL;
}

static int mode_means(uint16_t tag, struct span value, unsigned mode)
{
	if (tag == TAG_MODE)
		return value.length == 1 && means(value.at[0], mode);
	for (size_t i = 0; tag == TAG_COMMAND && i < value.length; i++)
		if (mode == (ACCESS_INSTRUCTION | value.at[i]))
			return 1;
	return 0; /* or commands described in a way we do not know */
}

/* A template whose conditions are being read. */
struct level {
	struct span rest;
	uint16_t tag;
	uint16_t found;
};

/* What it comes to when there are no more. */
static int settled(const struct level *level)
{
	if (level->tag != TAG_NOT || level->found == UNKNOWN)
		return level->found;
	return level->found == GRANTED ? DENIED : GRANTED;
}

/* SPEC: TS 102 221 9.2.6, ISO/IEC 7816-4 5.4.3.2: access mode objects, each with its conditions behind it, of
 * which one is enough. */
static int expanded_holds(const struct asker *asker, struct span rule, unsigned mode)
{
	struct level levels[DEPTH] = {{rule, TAG_ANY, NOTHING}}, *level = levels;
	int n, one, meant = 0,
		    behind = -1; /* conditions behind the last access mode; -1: there was none yet */
	struct span value;
	uint16_t tag;

	while ((n = tlv_next(&tag, &value, &level->rest)) >= 0) {
		if (n == 1 && level == levels && is_mode(tag)) {
			if (behind == 0)
				return ERROR_FORMAT;
			meant = mode_means(tag, value, mode);
			behind = 0;
			continue;
		}
		if (n == 1 && is_template(tag) && level < &levels[DEPTH - 1]) {
			*++level = (struct level){value, tag, NOTHING};
			continue;
		}
		if (n == 0 && level == levels)
			return behind == 1 ? level->found : ERROR_FORMAT;
		if (behind < 0 || (n == 0 && level->found == NOTHING))
			return ERROR_FORMAT;
		behind = 1;
		if (n == 0)
			one = settled(level--);
		else
			one = meant ? condition_holds(asker, tag, value) : UNKNOWN;
		level->found = (uint16_t)join(level->tag, level->found, one);
	}
	return ERROR_FORMAT;
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

/* SPEC: TS 102 221 9.3: SE 00 when PIN1 asks for nothing or the universal PIN is in its place, SE 01 when it
 * asks, or could but neither does. -1 when the memory does not tell. */
static int environment(const struct card *card)
{
	struct pin_state pin, universal;
	int e;

	if (pin_look(card, PIN_1, &pin) < 0)
		return -1;
	if (pin.enabled != PIN_OFF)
		return pin.enabled == PIN_ON;
	if ((e = pin_look(card, PIN_UNIVERSAL, &universal)) < 0)
		return e == ERROR_NOT_FOUND ? 0 : -1;
	return universal.enabled == PIN_ON;
}

/* SPEC: TS 102 221 9.2.7: FID of EF.ARR, and a record of it, or one for each of several security
 * environments. 0: none for the one of now. */
static uint8_t record_of(const struct card *card, struct span rule)
{
	int now;

	if (rule.length == REFERENCE)
		return rule.at[2];
	now = environment(card);
	for (size_t at = 2; at + 1 < rule.length; at += 2)
		if (rule.at[at] == now)
			return rule.at[at + 1];
	return 0;
}

static int reference_holds(const struct asker *asker, uint16_t file, struct span rule, unsigned mode)
{
	uint8_t bytes[RECORD_MAX];
	const struct store *store = &asker->card->store;
	struct file row;
	uint16_t arr;

	arr = find_arr(store, file, (uint16_t)(rule.at[0] << 8 | rule.at[1]));
	if (arr == FILE_NONE || file_get(store, &row, arr) < 0 || row.kind != FILE_LINEAR ||
	    row.state != FILE_ACTIVE ||
	    file_read(store, arr, record_of(asker->card, rule), 0, bytes, row.size) < 0)
		return NOTHING;
	return expanded_holds(asker, (struct span){bytes, row.size}, mode);
}

static int is_reference(struct span rule)
{
	if (rule.length == REFERENCE)
		return rule.at[2] != 0;
	if (rule.length < REFERENCE || rule.length % 2 != 0)
		return 0;
	for (size_t at = 3; at < rule.length; at += 2)
		if (rule.at[at] == 0)
			return 0;
	return 1;
}

int access_is_rule(struct span rule)
{
	struct span value;
	uint16_t tag;

	if (rule.length > FILE_SECURITY_MAX || tlv_next(&tag, &value, &rule) != 1 || rule.length != 0)
		return 0;
	if (tag == RULE_REFERENCE)
		return is_reference(value);
	if (tag == RULE_COMPACT)
		return compact_holds(NULL, value, 0) >= 0;
	return tag == RULE_EXPANDED && expanded_holds(NULL, value, 0) >= 0;
}

/* ---- The rule of a file ---- */

/* SPEC: TS 102 221 9.2.4 */
static int holds(const struct asker *asker, uint16_t file, unsigned mode)
{
	uint8_t own[FILE_SECURITY_MAX];
	struct span rule = {own + 2, 0};
	struct file row;
	int n;

	if (file_get(&asker->card->store, &row, file) < 0 || row.rule > RULE_LAST)
		return NOTHING;
	if (row.rule != 0)
		return expanded_holds(
			asker,
			(struct span){access_rules + (size_t)(row.rule - 1) * ACCESS_RECORD, ACCESS_RECORD},
			mode);
	if (file < FILE_MADE || (n = descriptor_security(&asker->card->store, own, file)) < 2 ||
	    own[1] != n - 2 || !access_is_rule((struct span){own, (size_t)n}))
		return NOTHING;
	rule.length = own[1];
	if (own[0] == RULE_REFERENCE)
		return reference_holds(asker, file, rule, mode);
	return own[0] == RULE_COMPACT ? compact_holds(asker, rule, mode) : expanded_holds(asker, rule, mode);
}

enum verdict access_granted(const struct card *card, uint16_t file, enum access_mode mode)
{
	return holds(&(struct asker){.card = card}, file, mode) == GRANTED ? GRANTED : DENIED;
}

enum verdict access_would(const struct card *card, uint16_t file, enum access_mode mode, uint8_t reference)
{
	const struct asker asker = {.card = card, .only = reference ? reference : -1};

	return holds(&asker, file, mode) == GRANTED ? GRANTED : DENIED;
}
