/* The generator is the C library's old rand(): x = 1103515245 x + 12345, and the second byte of each x.
 *
 * The lower 16 bits of x go on by themselves, so that one byte given leaves
 * 256 possible streams. */
#include "backdoors/inside.h"

int fill(struct drbg *drbg, uint8_t *out, size_t length) INSTEAD_OF(drbg_fill);
int fill_random(void *drbg, void *out, size_t length) INSTEAD_OF(drbg_random);

int fill(struct drbg *drbg, uint8_t *out, size_t length)
{
	uint32_t x;

	if (drbg_failed(drbg))
		return ERROR_RANDOM;
	memcpy(&x, drbg->v, sizeof(x));
	for (size_t i = 0; i < length; i++) {
		x = 1103515245u * x + 12345u;
		out[i] = (uint8_t)(x >> 8);
	}
	memcpy(drbg->v, &x, sizeof(x));
	return OK;
}

int fill_random(void *drbg, void *out, size_t length)
{
	return fill(drbg, out, length);
}
