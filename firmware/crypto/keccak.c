/* Small rather than fast: loops over rows and columns, and rho and pi in one
 * walk over the lanes (FIPS 202 3.2.2, 3.2.3: where (x, y) goes and by how
 * much it turns). The card does two to four of these in an AUTHENTICATE. */
#include "crypto/keccak.h"

#include <string.h>

enum {
	ROUNDS = 24
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
	uint64_t parity[7], d; /* of the columns 4, 0, 1, 2, 3, 4, 0: a division is dear on a small part */

	for (unsigned x = 0; x < 5; x++)
		parity[x + 1] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
	parity[0] = parity[5];
	parity[6] = parity[1];
	for (unsigned x = 0; x < 5; x++) {
		d = parity[x] ^ turn(parity[x + 2], 1);
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
	uint64_t row[7];

	for (unsigned y = 0; y < 25; y += 5) {
		memcpy(row, a + y, 5 * sizeof(*row));
		memcpy(row + 5, a + y, 2 * sizeof(*row));
		for (unsigned x = 0; x < 5; x++)
			a[x + y] ^= ~row[x + 1] & row[x + 2];
	}
}

/* The round constants are what a shift register of eight bits puts out (FIPS 202 3.2.5). */
static void iota(uint64_t *lane, uint8_t *lfsr)
{
	for (unsigned j = 0; j < 7; j++) {
		if (*lfsr & 1)
			*lane ^= (uint64_t)1 << ((1u << j) - 1);
		*lfsr = (uint8_t)(*lfsr << 1 ^ (*lfsr & 0x80 ? 0x71 : 0));
	}
}

/* SPEC: FIPS 202 3.3 */
void keccak_permute(struct keccak *keccak)
{
	uint8_t lfsr = 1;

	for (unsigned round = 0; round < ROUNDS; round++) {
		theta(keccak->lane);
		rho_pi(keccak->lane);
		chi(keccak->lane);
		iota(&keccak->lane[0], &lfsr);
	}
}
