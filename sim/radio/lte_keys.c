#include "radio/lte_keys.h"

#include <string.h>

#include "crypto/hmac.h"
#include "crypto/wipe.h"

enum function_code {
	FC_KASME = 0x10,     /* A.2 */
	FC_KENB = 0x11,      /* A.3 */
	FC_ALGORITHM = 0x15, /* A.7 */
};

enum algorithm_type {
	NAS_ENCRYPTION = 0x01,
	NAS_INTEGRITY = 0x02,
	UP_ENCRYPTION = 0x05,
};

static int kdf(uint8_t out[static 32], const uint8_t key[static 32], enum function_code fc, struct span p0,
	       struct span p1)
{
	uint8_t s[1 + 6 + 2 + 6 + 2];
	size_t n = 0;

	s[n++] = (uint8_t)fc;
	memcpy(s + n, p0.at, p0.length);
	n += p0.length;
	s[n++] = 0;
	s[n++] = (uint8_t)p0.length;
	if (p1.length) {
		memcpy(s + n, p1.at, p1.length);
		n += p1.length;
		s[n++] = 0;
		s[n++] = (uint8_t)p1.length;
	}
	return hmac(out, (struct span){key, 32}, (struct span){s, n});
}

static int algorithm_key(uint8_t out[static 16], const uint8_t key[static 32], enum algorithm_type type)
{
	const uint8_t distinguisher = (uint8_t)type, identity = 2;
	uint8_t whole[32];
	int e = kdf(whole, key, FC_ALGORITHM, (struct span){&distinguisher, 1}, (struct span){&identity, 1});

	memcpy(out, whole + 16, 16);
	wipe(whole, sizeof(whole));
	return e;
}

int lte_keys_below(struct lte_keys *keys, uint32_t uplink_count)
{
	const uint8_t count[4] = {(uint8_t)(uplink_count >> 24), (uint8_t)(uplink_count >> 16),
				  (uint8_t)(uplink_count >> 8), (uint8_t)uplink_count};
	int e;

	if ((e = algorithm_key(keys->knas_enc, keys->kasme, NAS_ENCRYPTION)) < 0)
		return e;
	if ((e = algorithm_key(keys->knas_int, keys->kasme, NAS_INTEGRITY)) < 0)
		return e;
	if ((e = kdf(keys->kenb, keys->kasme, FC_KENB, (struct span){count, 4}, (struct span){NULL, 0})) < 0)
		return e;
	return algorithm_key(keys->kup_enc, keys->kenb, UP_ENCRYPTION);
}

int lte_keys_derive(struct lte_keys *keys, const uint8_t ck[static 16], const uint8_t ik[static 16],
		    const uint8_t sn[static 3], const uint8_t sqn_xor_ak[static 6], uint32_t uplink_count)
{
	uint8_t both[32];
	int e;

	memcpy(both, ck, 16);
	memcpy(both + 16, ik, 16);
	e = kdf(keys->kasme, both, FC_KASME, (struct span){sn, 3}, (struct span){sqn_xor_ak, 6});
	if (e == OK)
		e = lte_keys_below(keys, uplink_count);
	wipe(both, sizeof(both));
	if (e < 0)
		wipe(keys, sizeof(*keys));
	return e;
}
