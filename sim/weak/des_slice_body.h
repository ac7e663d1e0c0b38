/* des_slice_body.h - one engine of des_slice.h: included by the file of each, which says before
 *
 *     WORD          the type of a word, LANES its bits
 *     TARGET        an attribute for functions, or nothing
 *     ENGINE        the name of the engine's struct, ENGINE_NAME what people call it
 *
 * and has a function `usable` and the S-boxes (weak/boxes_gates.h, weak/boxes_lut.h): box_1() to box_8(), six
 * inputs, and where four outputs are added to. The inputs of round 14 are computed forward from the plain
 * block. The last two rounds are not: the cipher block tells what went into round 16, its key what comes out,
 * and so what round 14 must have made. That is compared S-box by S-box, and almost always after three or four
 * of them no lane is left. */
#include <string.h>

#include "weak/des_slice.h"

struct slice {
	WORD key[DES_KEY_BITS]; /* by value: word i is worth 2^i */
	WORD half[2][32];
	WORD wanted[32]; /* what round 14 must make, as far as it is known */
};

TARGET static inline void spread(WORD *word, bool bit)
{
	memset(word, bit ? 0xFF : 0, sizeof(*word));
}

/* S-box `n` (1..8) of round `r` on `from`, its outputs added to `to`. */
#define BOX(n, r, from, to)                                                                                  \
	box_##n((from)[(4 * (n) + 27) % 32] ^ s->key[key[6 * (n)-6]],                                        \
		(from)[4 * (n)-4] ^ s->key[key[6 * (n)-5]], (from)[4 * (n)-3] ^ s->key[key[6 * (n)-4]],      \
		(from)[4 * (n)-2] ^ s->key[key[6 * (n)-3]], (from)[4 * (n)-1] ^ s->key[key[6 * (n)-2]],      \
		(from)[4 * (n) % 32] ^ s->key[key[6 * (n)-1]], &(to)[place[(n)-1][0]],                       \
		&(to)[place[(n)-1][1]], &(to)[place[(n)-1][2]], &(to)[place[(n)-1][3]])

TARGET static inline void one_round(struct slice *s, unsigned r, const WORD *from, WORD *to)
{
	const uint8_t(*place)[4] = des_slice_place, *key = des_slice_key[r - 1];

	BOX(1, r, from, to);
	BOX(2, r, from, to);
	BOX(3, r, from, to);
	BOX(4, r, from, to);
	BOX(5, r, from, to);
	BOX(6, r, from, to);
	BOX(7, r, from, to);
	BOX(8, r, from, to);
}

TARGET static bool any(const WORD *word)
{
	uint64_t part[sizeof(*word) / 8], all = 0;

	memcpy(part, word, sizeof(part));
	for (unsigned i = 0; i < sizeof(part) / 8; i++)
		all |= part[i];
	return all != 0;
}

/* Lanes for which this S-box of round 14 makes what it must. */
TARGET static inline void match(WORD *left, const WORD *made, const WORD *wanted,
				const uint8_t place[static 4])
{
	for (unsigned i = 0; i < 4; i++)
		*left &= ~(made[place[i]] ^ wanted[place[i]]);
}

#define COMPARE(n)                                                                                           \
	key = des_slice_key[13];                                                                             \
	BOX(n, 14, from, made);                                                                              \
	key = des_slice_key[15];                                                                             \
	BOX(n, 16, cipher, s->wanted);                                                                       \
	match(left, made, s->wanted, place[(n)-1]);                                                          \
	if (!any(left))                                                                                      \
		return;

/* Rounds 14 and 16 together, as long as a lane is left. */
TARGET static void compare(WORD *left, struct slice *s, const WORD *cipher)
{
	const uint8_t(*place)[4] = des_slice_place, *key;
	WORD *from = s->half[0], *made = s->half[1]; /* after 13 rounds: R13 and L13 */

	COMPARE(1)
	COMPARE(2)
	COMPARE(3)
	COMPARE(4)
	COMPARE(5)
	COMPARE(6)
	COMPARE(7)
	COMPARE(8)
}

/* The lanes whose number may be it. */
TARGET static void try_lanes(WORD *left, struct slice *s, const WORD plain[static 64],
			     const WORD cipher[static 64])
{
	memcpy(s->half, plain, sizeof(s->half));
	memcpy(s->wanted, cipher, sizeof(s->wanted)); /* R16: the first half of what came out */
	for (unsigned r = 1; r < 14; r += 2) {
		one_round(s, r, s->half[1], s->half[0]); /* L ^= f(R); then they have changed places */
		if (r < 13)
			one_round(s, r + 1, s->half[0], s->half[1]);
	}
	spread(left, true);
	compare(left, s, cipher + 32); /* R15 = L16: the second half */
}

/* The lowest bits of a number differ from lane to lane. */
TARGET static void set_lanes(struct slice *s)
{
	for (unsigned i = 0; 1U << i < LANES; i++) {
		uint64_t part[LANES / 64];

		memset(part, 0, sizeof(part));
		for (unsigned lane = 0; lane < LANES; lane++)
			part[lane / 64] |= (uint64_t)(lane >> i & 1) << lane % 64;
		memcpy(&s->key[i], part, sizeof(part));
	}
}

TARGET static void set_number(struct slice *s, uint64_t number)
{
	for (unsigned i = 0; i < DES_KEY_BITS; i++)
		if (1ULL << i >= LANES)
			spread(&s->key[i], number >> i & 1);
}

TARGET static bool search(const struct des_pair *pair, uint64_t first, uint64_t count, uint64_t *found)
{
	WORD plain[64], cipher[64], left;
	uint64_t part[LANES / 64];
	struct slice s;

	for (unsigned i = 0; i < 64; i++) {
		spread(&plain[i], pair->plain[i / 32] >> (31 - i % 32) & 1);
		spread(&cipher[i], pair->cipher[i / 32] >> (31 - i % 32) & 1);
	}
	set_lanes(&s);
	for (uint64_t number = first; number < first + count; number += LANES) {
		set_number(&s, number);
		try_lanes(&left, &s, plain, cipher);
		if (!any(&left))
			continue;
		memcpy(part, &left, sizeof(part));
		for (unsigned lane = 0; lane < LANES; lane++)
			if (part[lane / 64] >> lane % 64 & 1) {
				*found = number + lane;
				return true;
			}
	}
	return false;
}

const struct des_engine ENGINE = {.name = ENGINE_NAME, .lanes = LANES, .usable = usable, .search = search};
