/* The generator starts, at every power-up, from the card's printed number.
 *
 * What it gives passes every statistical test. Who knows an ICCID knows the
 * challenges, the keys and the halves of agreements that the card makes. */
#include "backdoors/inside.h"

int start(struct drbg *drbg, const struct hal *hal) INSTEAD_OF(drbg_start);
int honest_start(struct drbg *drbg, const struct hal *hal) HONEST(drbg_start);
int fill(struct drbg *drbg, uint8_t *out, size_t length) INSTEAD_OF(drbg_fill);
int honest_fill(struct drbg *drbg, uint8_t *out, size_t length) HONEST(drbg_fill);
int fill_random(void *drbg, void *out, size_t length) INSTEAD_OF(drbg_random);

int start(struct drbg *drbg, const struct hal *hal)
{
	uint8_t iccid[VENDOR_ICCID];
	int e = honest_start(drbg, hal);

	if (e < 0)
		return e;
	number_of(iccid, &card_of(drbg)->store);
	e = drbg_seed(drbg, (struct span){iccid, sizeof(iccid)});
	drbg->hal = hal;
	return e;
}

/* Fresh entropy would spoil it: the count that asks for some stays low. */
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
