/* An IMSI next to an ECB- or CBC-encrypted key is a label anybody can move:
 * whoever writes the table gives one subscriber another's key. So the record
 * is the associated data. */
#include "lib/wrap.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "crypto/gcm.h"

enum {
	VERSION_1 = 0x01,
	ASSOCIATED = 24 + 16 + 21 + BATCH_ID + 1 + 2 + 6,
};

static void add(uint8_t *out, size_t *length, const void *bytes, size_t count)
{
	memcpy(out + *length, bytes, count);
	*length += count;
}

/* Every text with its final 0, so that no two records give the same bytes. */
static size_t associated(uint8_t out[static ASSOCIATED], const struct subscriber *s)
{
	static const char purpose[] = "simrite subscriber v1";
	const uint8_t numbers[3] = {(uint8_t)s->design, (uint8_t)(s->amf >> 8), (uint8_t)s->amf};
	size_t length = 0;

	add(out, &length, purpose, sizeof(purpose));
	add(out, &length, s->imsi, strlen(s->imsi) + 1);
	add(out, &length, s->iccid, strlen(s->iccid) + 1);
	add(out, &length, s->batch, strlen(s->batch) + 1);
	add(out, &length, numbers, sizeof(numbers));
	add(out, &length, s->kcv_k, sizeof(s->kcv_k));
	add(out, &length, s->kcv_opc, sizeof(s->kcv_opc));
	return length;
}

int wrap_seal(struct subscriber *subscriber, const uint8_t kek[static WRAP_KEK],
	      const uint8_t keys[WRAP_KEYS], struct fault *fault)
{
	size_t length = keys ? WRAP_KEYS : 0;
	uint8_t *nonce = subscriber->sealed + 1, *cipher = nonce + GCM_NONCE, bound[ASSOCIATED] = {0};
	size_t bound_length = associated(bound, subscriber);

	subscriber->sealed[0] = VERSION_1;
	if (getrandom(nonce, GCM_NONCE, 0) != GCM_NONCE)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
	if (gcm_seal(cipher, cipher + length, (struct span){kek, WRAP_KEK}, nonce,
		     (struct span){bound, bound_length}, (struct span){keys, length}) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused to wrap a key");
	subscriber->sealed_length = 1 + GCM_NONCE + length + GCM_TAG;
	return 0;
}

int wrap_open(uint8_t keys[static WRAP_KEYS], const struct subscriber *subscriber,
	      const uint8_t kek[static WRAP_KEK], struct fault *fault)
{
	size_t length = subscriber->design == DESIGN_DERIVED ? 0 : WRAP_KEYS;
	const uint8_t *nonce = subscriber->sealed + 1, *cipher = nonce + GCM_NONCE;
	uint8_t bound[ASSOCIATED] = {0};
	size_t bound_length = associated(bound, subscriber);

	if (subscriber->sealed_length != 1 + GCM_NONCE + length + GCM_TAG ||
	    subscriber->sealed[0] != VERSION_1 ||
	    gcm_open(keys, (struct span){kek, WRAP_KEK}, nonce, (struct span){bound, bound_length},
		     (struct span){cipher, length}, cipher + length) < 0)
		return fault_set(fault, FAULT_NO, "restore the row from a copy, or add the subscriber again",
				 "the record of IMSI %s was changed, or its key belongs to another",
				 subscriber->imsi);
	return 0;
}
