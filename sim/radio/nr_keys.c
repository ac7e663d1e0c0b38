#include "radio/nr_keys.h"

#include <stdio.h>
#include <string.h>

#include "crypto/hmac.h"
#include "crypto/wipe.h"

enum function_code {
	FC_ALGORITHM = 0x69, /* A.8 */
	FC_KSEAF = 0x6C,     /* A.6 */
	FC_KAMF = 0x6D,      /* A.7 */
	FC_KGNB = 0x6E,      /* A.9 */
};

enum {
	UP_ENCRYPTION = 0x05, /* N-UP-enc-alg (A.8) */
	NEA2 = 2,
	ACCESS_3GPP = 0x01, /* A.9 */
};

static int kdf(uint8_t out[static 32], const uint8_t key[static 32], enum function_code fc, struct span p0,
	       struct span p1)
{
	const uint8_t code = (uint8_t)fc, l0[2] = {0, (uint8_t)p0.length}, l1[2] = {0, (uint8_t)p1.length};
	struct hmac m;

	if (p0.length > 0xFF)
		return ERROR_RANGE;
	hmac_start(&m, (struct span){key, 32});
	hmac_add(&m, &code, 1);
	hmac_add(&m, p0.at, p0.length);
	hmac_add(&m, l0, 2);
	if (p1.length) {
		hmac_add(&m, p1.at, p1.length);
		hmac_add(&m, l1, 2);
	}
	return hmac_finish(&m, out);
}

static struct span text(const char *s)
{
	return (struct span){(const uint8_t *)s, strlen(s)};
}

int nr_keys_derive(struct nr_keys *keys, const uint8_t emsk[static 64], const char *network, const char *imsi)
{
	/* ABBA 0000 (A.7.1); the NAS COUNT of the message that opens the bearer: the first */
	const uint8_t abba[2] = {0, 0}, count[4] = {0}, access = ACCESS_3GPP, type = UP_ENCRYPTION,
		      identity = NEA2;
	const struct span none = {NULL, 0};
	uint8_t whole[32];
	int e;

	memcpy(keys->kausf, emsk, 32);
	if ((e = kdf(keys->kseaf, keys->kausf, FC_KSEAF, text(network), none)) == OK &&
	    (e = kdf(keys->kamf, keys->kseaf, FC_KAMF, text(imsi), (struct span){abba, 2})) == OK &&
	    (e = kdf(keys->kgnb, keys->kamf, FC_KGNB, (struct span){count, 4}, (struct span){&access, 1})) ==
		    OK &&
	    (e = kdf(whole, keys->kgnb, FC_ALGORITHM, (struct span){&type, 1},
		     (struct span){&identity, 1})) == OK)
		memcpy(keys->kup_enc, whole + 16, 16);
	else
		wipe(keys, sizeof(*keys));
	wipe(whole, sizeof(whole));
	return e;
}

void nr_keys_network(char name[static NR_NAME], const uint8_t sn[static 3])
{
	const unsigned mcc = (sn[0] & 0x0FU) * 100 + (sn[0] >> 4) * 10U + (sn[1] & 0x0FU);
	const unsigned third = sn[1] >> 4, two = (sn[2] & 0x0FU) * 10 + (sn[2] >> 4);

	(void)snprintf(name, NR_NAME, "5G:mnc%03u.mcc%03u.3gppnetwork.org",
		       (third == 0xF ? two : two * 10 + third) % 1000, mcc % 1000);
}
