/* des_slice.h - DES on many keys at once, for exhaustive search (Biham, "A fast new DES implementation in
 * software", 1997): a word holds the same bit of as many encryptions as it has bits, and S-boxes are
 * circuits of logical operations.
 *
 * Keys are counted: key number n has the bits of n as its 56 bits, those without parity, the highest
 * first. Three engines, which do the same: words of 64 bits in plain C, of 256 (AVX2), and of 512 with
 * operations of three inputs (AVX-512); the fastest that this processor has is found at run time. */
#ifndef SIMRITE_DES_SLICE_H
#define SIMRITE_DES_SLICE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	DES_KEY_BITS = 56,
	DES_SLICE_LANES_MAX = 512,
};

/* What is known: one block and what it became, after the initial permutation, left half first. */
struct des_pair {
	uint32_t plain[2], cipher[2];
};

void des_pair(struct des_pair *pair, const uint8_t plain[static 8], const uint8_t cipher[static 8]);

/* The key of a number, with odd parity. */
void des_key(uint8_t key[static 8], uint64_t number);
/* And the number of a key. */
uint64_t des_key_number(const uint8_t key[static 8]);

struct des_engine {
	const char *name;
	unsigned lanes; /* keys at a time, a power of two */
	bool (*usable)(void);
	/* Try `count` keys from number `first` on, both multiples of `lanes`: whether one may be it, and
	 * then the number of the first such. One in 2^32 wrong ones passes, too. */
	bool (*search)(const struct des_pair *pair, uint64_t first, uint64_t count, uint64_t *found);
};

/* Fastest first, ended by NULL; the last can be used everywhere. */
extern const struct des_engine *const des_engines[];
const struct des_engine *des_engine_best(void);

/* What the engines share: which of the 56 bits (by its value in a number: bit i is worth 2^i) each of the
 * 48 inputs of the S-boxes takes in each of the 16 rounds; and where output i of S-box s goes (P). */
extern const uint8_t des_slice_key[16][48];
extern const uint8_t des_slice_place[8][4];

extern const struct des_engine des_engine_plain, des_engine_avx2, des_engine_avx512;

#endif
