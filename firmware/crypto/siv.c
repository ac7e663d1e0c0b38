/* Written for one string of associated data: S2V (RFC 5297 2.4) is then three
 * CMACs under one key, whose schedule is made once. */
#include "crypto/siv.h"

#include <string.h>

#include "crypto/cmac.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"

static void mix(uint8_t block[static AES_BLOCK], const uint8_t with[static AES_BLOCK])
{
	for (size_t i = 0; i < AES_BLOCK; i++)
		block[i] ^= with[i];
}

/* S2V of `associated` and `in`. */
static int synthetic(uint8_t iv[static AES_BLOCK], struct span key, struct span associated, struct span in)
{
	uint8_t d[AES_BLOCK] = {0}, t[AES_BLOCK] = {0};
	size_t start = in.length > AES_BLOCK ? in.length - AES_BLOCK : 0;
	struct cmac m;
	int e;

	cmac_start(&m, key);
	cmac_add(&m, d, sizeof(d));
	e = cmac_next(&m, d);
	cmac_double(d);
	cmac_add(&m, associated.at, associated.length);
	if (e == OK)
		e = cmac_next(&m, t);
	mix(d, t);
	memset(t, 0, sizeof(t));
	if (in.length > start)
		memcpy(t, in.at + start, in.length - start);
	if (in.length < AES_BLOCK) {
		cmac_double(d);
		t[in.length] = 0x80;
	}
	mix(t, d);
	cmac_add(&m, in.at, start);
	cmac_add(&m, t, sizeof(t));
	if (cmac_finish(&m, iv) < 0)
		e = ERROR_CRYPTO;
	wipe(d, sizeof(d));
	wipe(t, sizeof(t));
	return e;
}

/* The IV as a counter: without the top bits of its two low words (RFC 5297 2.6). */
static int crypt(uint8_t *out, struct span key, const uint8_t iv[static AES_BLOCK], const uint8_t *in,
		 size_t length)
{
	uint8_t counter[AES_BLOCK];

	memcpy(counter, iv, AES_BLOCK);
	counter[8] &= 0x7F;
	counter[12] &= 0x7F;
	return aes_ctr(out, key, counter, in, length);
}

/* The two halves of a key. */
static int halves(struct span *mac, struct span *cipher, struct span key)
{
	if (key.length != 32 && key.length != 48 && key.length != 64)
		return ERROR_VALUE;
	*mac = (struct span){key.at, key.length / 2};
	*cipher = (struct span){key.at + key.length / 2, key.length / 2};
	return OK;
}

int siv_seal(uint8_t *out, struct span key, struct span associated, struct span in)
{
	struct span mac, cipher;
	int e = halves(&mac, &cipher, key);

	if (e == OK)
		e = synthetic(out, mac, associated, in);
	return e < 0 ? e : crypt(out + SIV_TAG, cipher, out, in.at, in.length);
}

int siv_open(uint8_t *out, struct span key, struct span associated, struct span in)
{
	uint8_t iv[AES_BLOCK];
	struct span mac, cipher;
	size_t length;
	int e = halves(&mac, &cipher, key);

	if (e < 0)
		return e;
	if (in.length < SIV_TAG)
		return ERROR_RANGE;
	length = in.length - SIV_TAG;
	e = crypt(out, cipher, in.at, in.at + SIV_TAG, length);
	if (e == OK)
		e = synthetic(iv, mac, associated, (struct span){out, length});
	if (e == OK && compare_equal(iv, in.at, SIV_TAG) != GRANTED)
		e = ERROR_CHECK;
	if (e < 0)
		wipe(out, length);
	wipe(iv, sizeof(iv));
	return e;
}
