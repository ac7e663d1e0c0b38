/* Written here because the library's CTR_DRBG brings its entropy collector
 * and needs four times the memory. Names follow SP 800-90A. */
#include "crypto/drbg.h"

#include <string.h>

#include "crypto/aes.h"
#include "crypto/wipe.h"

enum {
	SEEDLEN = 32
};

static void increment(uint8_t v[static AES_BLOCK])
{
	for (int i = AES_BLOCK - 1; i >= 0 && ++v[i] == 0; i--)
		;
}

/* BCC of 10.3.3: CBC-MAC of IV || s, where IV is the number `i` in a block. */
static int bcc(uint8_t out[static AES_BLOCK], struct aes *aes, uint8_t i, const uint8_t *s, size_t length)
{
	uint8_t chain[AES_BLOCK] = {0, 0, 0, i};
	int e = aes_encrypt(aes, chain, chain);

	for (size_t at = 0; e == OK && at < length; at += AES_BLOCK) {
		for (size_t b = 0; b < AES_BLOCK; b++)
			chain[b] ^= s[at + b];
		e = aes_encrypt(aes, chain, chain);
	}
	memcpy(out, chain, AES_BLOCK);
	wipe(chain, sizeof(chain));
	return e;
}

/* Block_Cipher_df of 10.3.2, for SEEDLEN bytes. */
static int condense(uint8_t out[static SEEDLEN], struct span material)
{
	static const uint8_t fixed_key[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	uint8_t s[8 + DRBG_SEED_MAX + AES_BLOCK] = {0}, temp[SEEDLEN];
	size_t length = (8 + material.length + 1 + AES_BLOCK - 1) / AES_BLOCK * AES_BLOCK;
	struct aes aes;
	int e;

	if (material.length > DRBG_SEED_MAX)
		return ERROR_RANGE;
	s[3] = (uint8_t)material.length;
	s[7] = SEEDLEN;
	memcpy(s + 8, material.at, material.length);
	s[8 + material.length] = 0x80;
	e = aes_start(&aes, fixed_key, sizeof(fixed_key));
	if (e == OK)
		e = bcc(temp, &aes, 0, s, length);
	if (e == OK)
		e = bcc(temp + AES_BLOCK, &aes, 1, s, length);
	aes_stop(&aes);
	if (e == OK)
		e = aes_start(&aes, temp, AES_BLOCK);
	if (e == OK)
		e = aes_encrypt(&aes, out, temp + AES_BLOCK);
	if (e == OK)
		e = aes_encrypt(&aes, out + AES_BLOCK, out);
	aes_stop(&aes);
	wipe(s, sizeof(s));
	wipe(temp, sizeof(temp));
	return e;
}

/* CTR_DRBG_Update of 10.2.1.2; `provided` may be NULL for zeros. */
static int update(struct drbg *drbg, struct aes *aes, const uint8_t *provided)
{
	uint8_t temp[SEEDLEN];
	int e = OK;

	for (size_t at = 0; e == OK && at < SEEDLEN; at += AES_BLOCK) {
		increment(drbg->v);
		e = aes_encrypt(aes, temp + at, drbg->v);
	}
	for (size_t i = 0; provided && i < SEEDLEN; i++)
		temp[i] ^= provided[i];
	memcpy(drbg->key, temp, AES_BLOCK);
	memcpy(drbg->v, temp + AES_BLOCK, AES_BLOCK);
	wipe(temp, sizeof(temp));
	return e;
}

static int mix(struct drbg *drbg, struct span material)
{
	uint8_t seed[SEEDLEN];
	struct aes aes;
	int e = condense(seed, material);

	if (e == OK) {
		e = aes_start(&aes, drbg->key, sizeof(drbg->key));
		if (e == OK)
			e = update(drbg, &aes, seed);
		aes_stop(&aes);
	}
	drbg->requests = e == OK ? 1 : 0;
	wipe(seed, sizeof(seed));
	return e;
}

int drbg_seed(struct drbg *drbg, struct span material)
{
	memset(drbg, 0, sizeof(*drbg));
	return mix(drbg, material);
}

/* Bytes of the board, tested. */
static int draw(struct drbg *drbg, uint8_t *out, size_t length)
{
	if (!drbg->hal || drbg->hal->random(drbg->hal->board, out, length) != HAL_OK)
		return ERROR_RANDOM;
	return health_add(&drbg->health, out, length);
}

int drbg_reseed(struct drbg *drbg)
{
	uint8_t seed[DRBG_SEED];
	uint8_t trace[sizeof(drbg->last)] = {0};
	int e;

	drbg->requests = 0;
	e = draw(drbg, seed, sizeof(seed));
	for (size_t i = 0; e == OK && i < sizeof(seed); i++)
		trace[i % sizeof(trace)] ^= seed[i];
	if (e == OK && memcmp(trace, drbg->last, sizeof(trace)) == 0)
		e = ERROR_RANDOM;
	memcpy(drbg->last, trace, sizeof(trace));
	if (e == OK)
		e = mix(drbg, (struct span){seed, sizeof(seed)});
	wipe(seed, sizeof(seed));
	return e;
}

/* SPEC: NIST SP 800-90B 4.3: the start-up tests see HEALTH_START bytes before
 * anything is given out: two seeds, so that a generator that repeats itself is
 * caught at once, and the rest for nothing. */
int drbg_start(struct drbg *drbg, const struct hal *hal)
{
	uint8_t rest[HEALTH_START - 2 * DRBG_SEED];
	int e;

	memset(drbg, 0, sizeof(*drbg));
	drbg->hal = hal;
	health_start(&drbg->health);
	e = draw(drbg, rest, sizeof(rest));
	wipe(rest, sizeof(rest));
	if (e == OK)
		e = drbg_reseed(drbg);
	return e == OK ? drbg_reseed(drbg) : e;
}

int drbg_random(void *drbg, void *out, size_t length)
{
	return drbg_fill(drbg, out, length);
}

int drbg_failed(const struct drbg *drbg)
{
	return drbg->requests == 0;
}

/* SPEC: SP 800-90A 10.2.1 */
int drbg_fill(struct drbg *drbg, uint8_t *out, size_t length)
{
	uint8_t block[AES_BLOCK];
	struct aes aes;
	int e = OK;

	if (length > DRBG_REQUEST_MAX)
		return ERROR_RANGE;
	if (drbg->requests == 0)
		e = ERROR_RANDOM;
	else if (drbg->requests > DRBG_INTERVAL)
		e = drbg_reseed(drbg);
	if (e == OK) {
		e = aes_start(&aes, drbg->key, sizeof(drbg->key));
		for (size_t at = 0; e == OK && at < length; at += AES_BLOCK) {
			increment(drbg->v);
			e = aes_encrypt(&aes, block, drbg->v);
			memcpy(out + at, block, length - at < AES_BLOCK ? length - at : AES_BLOCK);
		}
		if (e == OK)
			e = update(drbg, &aes, NULL);
		aes_stop(&aes);
		drbg->requests++;
	}
	wipe(block, sizeof(block));
	if (e < 0) {
		drbg->requests = 0;
		wipe(out, length);
	}
	return e;
}
