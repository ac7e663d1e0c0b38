/* keccak.h - the permutation Keccak-f[1600] (FIPS 202 clause 3.3, KECCAK-p[1600, 24]).
 *
 * TUAK (TS 35.231) is built on the bare permutation, so there is no sponge
 * here. The state is 200 bytes in the order of FIPS 202 clause 3.1.2: byte
 * `at` is bits 8 * at .. 8 * at + 7, least significant first. Constant time.
 * Wipe the struct after use. */
#ifndef SIMRITE_KECCAK_H
#define SIMRITE_KECCAK_H

#include <stddef.h>
#include <stdint.h>

enum {
	KECCAK_STATE = 200
};

struct keccak {
	uint64_t lane[KECCAK_STATE / 8];
};

void keccak_clear(struct keccak *keccak);
/* Byte `at` of the state, xored with a value, or read. `at` < KECCAK_STATE. */
void keccak_add(struct keccak *keccak, size_t at, uint8_t value);
uint8_t keccak_byte(const struct keccak *keccak, size_t at);
void keccak_permute(struct keccak *keccak);

#endif
