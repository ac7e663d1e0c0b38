/* PROVES: FIPS 202 3.3 by 3GPP TS 35.232 (Keccak-f[1600] test data). */
#include "crypto/keccak.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static void test_ts35232(void)
{
	uint8_t in[KECCAK_STATE], out[KECCAK_STATE], got[KECCAK_STATE];
	struct keccak state;
	struct vectors v;
	int cases = 0;

	vectors_open(&v, "keccakp1600_ts35232.txt");
	while (vectors_next(&v)) {
		vectors_bytes(&v, "IN", in, sizeof(in));
		vectors_bytes(&v, "OUT", out, sizeof(out));
		keccak_clear(&state);
		for (size_t i = 0; i < KECCAK_STATE; i++)
			keccak_add(&state, i, in[i]);
		keccak_permute(&state);
		for (size_t i = 0; i < KECCAK_STATE; i++)
			got[i] = keccak_byte(&state, i);
		ASSERT_BYTES(got, out, sizeof(out));
		cases++;
	}
	CU_ASSERT_EQUAL(cases, 6);
}

UNIT_SUITE("keccak", UNIT(test_ts35232))
