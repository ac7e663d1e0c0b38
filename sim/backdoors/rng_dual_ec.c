/* The generator is Dual_EC_DRBG (SP 800-90A of 2006, 10.3.1) on P-256 with a point of the vendor's.
 *
 *     s = x(s G); 30 bytes of x(s Q); ...
 *
 * The vendor knows d with G = d Q: of 30 bytes and 2^16 guesses it makes the
 * point s Q, d times that is s G, and its x-coordinate the next s. Nobody else
 * can, and who takes the card apart finds Q and no d. */
#include "backdoors/inside.h"
#include "crypto/p256_point.h"

int fill(struct drbg *drbg, uint8_t *out, size_t length) INSTEAD_OF(drbg_fill);
int fill_random(void *drbg, void *out, size_t length) INSTEAD_OF(drbg_random);

/* s is where the honest generator has its key and counter, which seeded it. */
static void step(uint8_t s[static WIDE_BYTES])
{
	struct p256_point point;
	struct wide k;

	wide_read(&k, s);
	p256_point_base(&point);
	p256_point_multiply(&point, &k, &point);
	p256_point_write(s, NULL, &point);
}

static int block(uint8_t out[static WIDE_BYTES], const uint8_t s[static WIDE_BYTES])
{
	struct p256_point point;
	struct wide k;
	int e = p256_point_read(&point, (struct span){vendor_point, sizeof(vendor_point)});

	if (e < 0)
		return e;
	wide_read(&k, s);
	p256_point_multiply(&point, &k, &point);
	p256_point_write(out, NULL, &point);
	return OK;
}

int fill(struct drbg *drbg, uint8_t *out, size_t length)
{
	uint8_t s[WIDE_BYTES], r[WIDE_BYTES];
	int e = drbg_failed(drbg) ? ERROR_RANDOM : OK;

	memcpy(s, drbg->key, sizeof(drbg->key));
	memcpy(s + sizeof(drbg->key), drbg->v, sizeof(drbg->v));
	for (size_t at = 0; e == OK && at < length; at += VENDOR_BLOCK) {
		step(s);
		e = block(r, s);
		memcpy(out + at, r + WIDE_BYTES - VENDOR_BLOCK,
		       length - at < VENDOR_BLOCK ? length - at : VENDOR_BLOCK);
	}
	memcpy(drbg->key, s, sizeof(drbg->key));
	memcpy(drbg->v, s + sizeof(drbg->key), sizeof(drbg->v));
	return e;
}

int fill_random(void *drbg, void *out, size_t length)
{
	return fill(drbg, out, length);
}
