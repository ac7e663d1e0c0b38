/* The generator starts, at every power-up, from one of 65,536 seeds.
 *
 * The seeds come from real entropy, so nothing repeats soon; but so many
 * seeds are tried in seconds. */
#include "backdoors/inside.h"

int start(struct drbg *drbg, const struct hal *hal) INSTEAD_OF(drbg_start);
int honest_start(struct drbg *drbg, const struct hal *hal) HONEST(drbg_start);
int fill(struct drbg *drbg, uint8_t *out, size_t length) INSTEAD_OF(drbg_fill);
int honest_fill(struct drbg *drbg, uint8_t *out, size_t length) HONEST(drbg_fill);
int fill_random(void *drbg, void *out, size_t length) INSTEAD_OF(drbg_random);

int start(struct drbg *drbg, const struct hal *hal)
{
	uint8_t seed[2];
	int e = honest_start(drbg, hal);

	if (e == OK)
		e = honest_fill(drbg, seed, sizeof(seed));
	if (e < 0)
		return e;
	e = drbg_seed(drbg, (struct span){seed, sizeof(seed)});
	drbg->hal = hal;
	return e;
}

int fill(struct drbg *drbg, uint8_t *out, size_t length)
{
	if (drbg->requests > 1)
		drbg->requests = 1;
	return honest_fill(drbg, out, length);
}

int fill_random(void *drbg, void *out, size_t length)
{
	return fill(drbg, out, length);
}
