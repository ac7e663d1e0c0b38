/* Small rather than fast: loops over rows and columns, and rho and pi in one
 * walk over the lanes (FIPS 202 3.2.2, 3.2.3: where (x, y) goes and by how
 * much it turns). The card does two to four of these in an AUTHENTICATE. */
#include "crypto/keccak.h"

#include <string.h>

enum {
	ROUNDS = 24
};

/* FIPS 202 3.2.5, iota. */
static const uint64_t round_constant[ROUNDS] = {
	0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B,
	0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088,
	0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089,
	0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
	0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/* The walk that starts at lane (1, 0): the lanes it comes to. */
static const uint8_t walk[24] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
				 15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};

void keccak_clear(struct keccak *keccak)
{
	memset(keccak, 0, sizeof(*keccak));
}

void keccak_add(struct keccak *keccak, size_t at, uint8_t value)
{
	keccak->lane[at / 8] ^= (uint64_t)value << 8 * (at % 8);
}

uint8_t keccak_byte(const struct keccak *keccak, size_t at)
{
	return (uint8_t)(keccak->lane[at / 8] >> 8 * (at % 8));
}

static uint64_t turn(uint64_t value, unsigned by)
{
	return value << by | value >> (64 - by);
}

static void theta(uint64_t a[static 25])
{
	uint64_t parity[5], d;

	for (unsigned x = 0; x < 5; x++)
		parity[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
	for (unsigned x = 0; x < 5; x++) {
		d = parity[(x + 4) % 5] ^ turn(parity[(x + 1) % 5], 1);
		for (unsigned y = 0; y < 25; y += 5)
			a[x + y] ^= d;
	}
}

static void rho_pi(uint64_t a[static 25])
{
	uint64_t carried = a[1], next;
	unsigned offset = 0;

	for (unsigned t = 0; t < 24; t++) {
		offset = (offset + t + 1) % 64;
		next = a[walk[t]];
		a[walk[t]] = turn(carried, offset);
		carried = next;
	}
}

static void chi(uint64_t a[static 25])
{
	uint64_t row[5];

	for (unsigned y = 0; y < 25; y += 5) {
		memcpy(row, a + y, sizeof(row));
		for (unsigned x = 0; x < 5; x++)
			a[x + y] ^= ~row[(x + 1) % 5] & row[(x + 2) % 5];
	}
}

/* SPEC: FIPS 202 3.3 */
void keccak_permute(struct keccak *keccak)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		theta(keccak->lane);
		rho_pi(keccak->lane);
		chi(keccak->lane);
		keccak->lane[0] ^= round_constant[round];
	}
}
