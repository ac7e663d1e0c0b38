/* access_model.h - access rules made at random, and what they mean by ETSI TS 102 221 clause 9 and ISO/IEC
 * 7816-4 5.4.3, told from what they were made of: nothing here reads the bytes of a rule.
 *
 *     struct rule rule = model_draw(&seed, FORMAT_EXPANDED);
 *     n = model_write(bytes, &rule);               the value of tag AB or 8C
 *     model_grants(&rule, ACCESS_READ, &world)     1 or 0 */
#ifndef SIMRITE_TEST_ACCESS_MODEL_H
#define SIMRITE_TEST_ACCESS_MODEL_H

#include <stdint.h>
#include <string.h>

#include "fs/access.h"
#include "pin/pin.h"

enum {
	MODEL_CONDITIONS = 40, /* all there are in a rule */
	MODEL_SETS = 4,
	MODEL_KIDS = 3,
	MODEL_PINS = 5,
	MODEL_BYTES = 45 /* the longest value that a file's own rule has room for */
};

/* What the card is in: PINs verified, by place in model_pins; and what access_would() is asked: `alone` is
 * the only PIN that counts as satisfied, or negative: none does. */
struct world {
	enum pin_enabled pin1;
	int universal_on;
	unsigned verified;
	int alone;
};

/* The PINs of the card of these tests, and one that it does not have. */
static const uint8_t model_pins[] = {0x01, 0x81, 0x11, 0x0A, 0x0B, 0x0C};

enum model_kind {
	ALWAYS,
	NEVER,
	KEY,     /* that PIN, the usage told or not */
	BYTE,    /* a condition byte */
	STRANGE, /* something the card has not, or that is no condition */
	ANY,
	NONE,
	EVERY,
	KINDS
};

struct condition {
	enum model_kind kind;
	uint8_t value; /* KEY: place in model_pins; BYTE: itself; STRANGE: which */
	int kids, kid[MODEL_KIDS];
};

/* An access mode and what is behind it. */
struct set {
	uint8_t modes;          /* the mode byte, when `instructions` is 0 and not `strange` */
	uint8_t instruction[2]; /* else these */
	int instructions, strange;
	int count, condition[8];
};

enum model_format {
	FORMAT_EXPANDED,
	FORMAT_COMPACT
};

struct rule {
	enum model_format format;
	struct condition conditions[MODEL_CONDITIONS];
	int used, sets;
	struct set set[MODEL_SETS];
};

static inline uint32_t model_random(uint32_t *seed, uint32_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed % below;
}

/* ---- Made ---- */

static inline uint8_t draw_byte(uint32_t *seed)
{
	static const uint8_t likely[] = {0x00, 0xFF, 0x10, 0x11, 0x1A, 0x1B, 0x1C, 0x90, 0x91, 0x9A,
					 0x31, 0x3A, 0xB1, 0xBA, 0x51, 0xD1, 0x12, 0x1F, 0x01, 0x80};

	return model_random(seed, 4) ? likely[model_random(seed, sizeof(likely))]
				     : (uint8_t)model_random(seed, 256);
}

/* A condition, with `deep` templates still allowed around what it is made of. */
static inline int draw_condition(uint32_t *seed, struct rule *rule, int deep)
{
	int at = rule->used++;
	struct condition *c = &rule->conditions[at];
	uint32_t kind = model_random(seed, deep > 0 && rule->used < MODEL_CONDITIONS / 2 ? 12 : 7);

	*c = (struct condition){.kind = kind < 4 ? KEY : kind == 4 ? BYTE : kind == 5 ? ALWAYS : NEVER};
	if (kind == 6 && model_random(seed, 2))
		c->kind = STRANGE;
	if (kind > 6)
		c->kind = kind < 9 ? ANY : kind < 11 ? EVERY : NONE;
	c->value = (uint8_t)model_random(seed, c->kind == KEY ? sizeof(model_pins) : 7);
	if (c->kind == BYTE)
		c->value = draw_byte(seed);
	if (c->kind < ANY)
		return at;
	c->kids = 1 + (int)model_random(seed, MODEL_KIDS);
	for (int i = 0; i < c->kids; i++)
		c->kid[i] = draw_condition(seed, rule, deep - 1);
	return at;
}

static inline void draw_set(uint32_t *seed, struct rule *rule, struct set *set)
{
	static const uint8_t instructions[] = {0x32, 0xD4, 0xB0, 0xD6};
	int bits = 0;

	*set = (struct set){.modes = (uint8_t)model_random(seed, model_random(seed, 4) ? 0x80 : 0x100)};
	if (rule->format == FORMAT_COMPACT) {
		for (int bit = 0; bit < 7; bit++)
			bits += set->modes >> bit & 1;
		for (; set->count < bits; set->count++) {
			set->condition[set->count] = rule->used;
			rule->conditions[rule->used++] =
				(struct condition){.kind = BYTE, .value = draw_byte(seed)};
		}
		return;
	}
	if (model_random(seed, 3) == 0)
		set->instructions = 1 + (int)model_random(seed, 2);
	for (int i = 0; i < set->instructions; i++)
		set->instruction[i] = instructions[model_random(seed, sizeof(instructions))];
	set->strange = model_random(seed, 12) == 0;
	bits = 1 + (int)model_random(seed, 3);
	while (set->count < bits)
		set->condition[set->count++] = draw_condition(seed, rule, 4);
}

/* ---- Written ---- */

static inline size_t write_condition(uint8_t *out, const struct rule *rule, int at)
{
	static const struct {
		uint8_t length, bytes[10];
	} strange[] = {{2, {0xB4, 0x00}}, /* secure messaging */
		       {5, {0xA4, 0x03, 0x83, 0x01, 0x55}},
		       {8, {0xA4, 0x06, 0x83, 0x01, 0x0A, 0x95, 0x01, 0x80}}, /* external authentication */
		       {8, {0xA4, 0x06, 0x83, 0x01, 0x01, 0x83, 0x01, 0x0A}},
		       {5, {0xA4, 0x03, 0x95, 0x01, 0x08}},
		       {3, {0x91, 0x01, 0x00}},
		       {3, {0x90, 0x01, 0x00}}};
	const struct condition *c = &rule->conditions[at];
	size_t n = 0;

	switch (c->kind) {
	case ALWAYS:
	case NEVER:
		memcpy(out, c->kind == ALWAYS ? "\x90" : "\x97", 2);
		return 2;
	case KEY:
		memcpy(out, (uint8_t[]){0xA4, 6, 0x83, 1, model_pins[c->value], 0x95, 1, 8}, 8);
		return 8;
	case BYTE:
		memcpy(out, (uint8_t[]){0x9E, 1, c->value}, 3);
		return 3;
	case STRANGE:
		memcpy(out, strange[c->value].bytes, strange[c->value].length);
		return strange[c->value].length;
	default:
		out[0] = c->kind == ANY ? 0xA0 : c->kind == EVERY ? 0xAF : 0xA7;
		for (int i = 0; i < c->kids; i++)
			n += write_condition(out + 2 + n, rule, c->kid[i]);
		out[1] = (uint8_t)n;
		return n + 2;
	}
}

/* The value of the rule's tag; `bytes` has room for all of any. */
static inline size_t model_write(uint8_t bytes[static 1024], const struct rule *rule)
{
	size_t n = 0;

	for (int i = 0; i < rule->sets; i++) {
		const struct set *set = &rule->set[i];

		if (rule->format == FORMAT_COMPACT) {
			bytes[n++] = set->modes;
			for (int j = 0; j < set->count; j++)
				bytes[n++] = rule->conditions[set->condition[j]].value;
			continue;
		}
		bytes[n++] = set->strange ? 0x87 : set->instructions ? 0x84 : 0x80;
		bytes[n++] = (uint8_t)(set->instructions ? set->instructions : 1);
		if (set->instructions)
			memcpy(bytes + n, set->instruction, (size_t)set->instructions);
		else
			bytes[n] = set->modes;
		n += bytes[n - 1];
		for (int j = 0; j < set->count; j++)
			n += write_condition(bytes + n, rule, set->condition[j]);
	}
	return n;
}

/* A rule of at most MODEL_BYTES bytes. */
static inline struct rule model_draw(uint32_t *seed, enum model_format format)
{
	struct rule rule;
	uint8_t bytes[1024];

	do {
		rule = (struct rule){.format = format, .sets = 1 + (int)model_random(seed, MODEL_SETS)};
		for (int i = 0; i < rule.sets; i++)
			draw_set(seed, &rule, &rule.set[i]);
	} while (model_write(bytes, &rule) > MODEL_BYTES);
	return rule;
}

/* ---- Judged: 'y', 'n', or '?' for what cannot be said ---- */

static inline char model_pin(const struct world *world, uint8_t reference)
{
	int verified = 0, universal;

	for (size_t i = 0; i < MODEL_PINS; i++)
		if (model_pins[i] == reference)
			verified = 1 + (int)(world->verified >> i & 1);
	if (verified == 0)
		return '?';
	if (world->alone)
		return reference == world->alone ? 'y' : 'n';
	universal = (world->verified >> 2 & 1) || !world->universal_on;
	if (reference == PIN_UNIVERSAL)
		return universal ? 'y' : 'n';
	if (reference == PIN_1 && (world->pin1 == PIN_OFF || (world->pin1 == PIN_REPLACED && universal)))
		return 'y';
	return verified == 2 ? 'y' : 'n';
}

/* One of these, or all of them, or none of them. */
static inline char model_fold(enum model_kind kind, const char *each)
{
	if (kind == EVERY)
		return strchr(each, 'n') ? 'n' : strchr(each, '?') ? '?' : 'y';
	if (kind == ANY)
		return strchr(each, 'y') ? 'y' : strchr(each, '?') ? '?' : 'n';
	return strchr(each, 'y') ? 'n' : strchr(each, '?') ? '?' : 'y';
}

static inline char model_byte(const struct world *world, uint8_t byte)
{
	static const uint8_t pins[16] = {PIN_ADM1, PIN_1,    [0x0A] = PIN_ADM1, PIN_ADM2,
					 PIN_ADM3, PIN_ADM4, PIN_ADM5};
	char each[4] = "";
	size_t n = 0;

	if (byte == 0 || byte == 0xFF)
		return byte ? 'n' : 'y';
	if (pins[byte & 0x0F] == 0)
		return '?';
	if (byte & 0x40)
		each[n++] = '?';
	if (byte & 0x20)
		each[n++] = '?';
	if (byte & 0x10)
		each[n++] = model_pin(world, pins[byte & 0x0F]);
	return n == 0 ? '?' : model_fold(byte & 0x80 ? EVERY : ANY, each);
}

static inline char model_condition(const struct rule *rule, int at, const struct world *world)
{
	const struct condition *c = &rule->conditions[at];
	char each[MODEL_KIDS + 1] = "";

	switch (c->kind) {
	case ALWAYS:
		return 'y';
	case NEVER:
		return 'n';
	case KEY:
		return model_pin(world, model_pins[c->value]);
	case BYTE:
		return model_byte(world, c->value);
	case STRANGE:
		return '?';
	default:
		for (int i = 0; i < c->kids; i++)
			each[i] = model_condition(rule, c->kid[i], world);
		return model_fold(c->kind, each);
	}
}

/* Is this command, or are commands of this mode, what the set is of? */
static inline int set_covers(const struct set *set, unsigned mode)
{
	if (set->strange)
		return 0;
	for (int i = 0; i < set->instructions; i++)
		if (mode >= 0x100 && set->instruction[i] == (mode & 0xFF))
			return 1;
	if (set->instructions || mode >= 0x100 || !(set->modes & mode))
		return 0;
	return mode <= 4 || set->modes < 0x80;
}

static inline int model_grants(const struct rule *rule, unsigned mode, const struct world *world)
{
	for (int i = 0; i < rule->sets; i++) {
		const struct set *set = &rule->set[i];
		int at = 0;

		if (!set_covers(set, mode))
			continue;
		if (rule->format == FORMAT_COMPACT) {
			for (unsigned bit = 0x40; bit > mode; bit >>= 1)
				at += (set->modes & bit) != 0;
			if (model_condition(rule, set->condition[at], world) == 'y')
				return 1;
			continue;
		}
		for (; at < set->count; at++)
			if (model_condition(rule, set->condition[at], world) == 'y')
				return 1;
	}
	return 0;
}

#endif
