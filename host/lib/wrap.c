/* An IMSI next to an ECB- or CBC-encrypted key is a label anybody can move:
 * whoever writes the table gives one subscriber another's key. So the record
 * is the associated data. */
#include "lib/wrap.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "auth/algorithm.h"
#include "crypto/gcm.h"
#include "lib/secret.h"

enum {
	VERSION_1 = 0x01,
	VERSION_2 = 0x02,
	HEAD_MAX = 1 + 2 + ALGORITHM_PARAMETERS,
	ASSOCIATED = 24 + 16 + 21 + BATCH_ID + 1 + 2 + 6 + HEAD_MAX,
	SECRET_MAX = SUBSCRIBER_K_MAX + SUBSCRIBER_OPC_MAX,
};

static void add(uint8_t *out, size_t *length, const void *bytes, size_t count)
{
	memcpy(out + *length, bytes, count);
	*length += count;
}

/* Every text with its final 0, so that no two records give the same bytes.
 * `head` is what goes before the nonce; a version 1 adds nothing of it. */
static size_t associated(uint8_t out[static ASSOCIATED], const struct subscriber *s, size_t head)
{
	static const char purpose[] = "simrite subscriber v1", purpose_2[] = "simrite subscriber v2";
	const uint8_t numbers[3] = {(uint8_t)s->design, (uint8_t)(s->amf >> 8), (uint8_t)s->amf};
	size_t length = 0;

	add(out, &length, head > 1 ? purpose_2 : purpose, sizeof(purpose));
	add(out, &length, s->imsi, strlen(s->imsi) + 1);
	add(out, &length, s->iccid, strlen(s->iccid) + 1);
	add(out, &length, s->batch, strlen(s->batch) + 1);
	add(out, &length, numbers, sizeof(numbers));
	add(out, &length, s->kcv_k, sizeof(s->kcv_k));
	add(out, &length, s->kcv_opc, sizeof(s->kcv_opc));
	if (head > 1)
		add(out, &length, s->sealed, head);
	return length;
}

/* What goes before the nonce; its length. */
static size_t put_head(uint8_t sealed[static HEAD_MAX], const struct subscriber_key *key)
{
	size_t count;

	sealed[0] = VERSION_1;
	if (!key || key->algorithm == SLOT_MILENAGE)
		return 1;
	count = algorithm_parameters(sealed + 3, key);
	sealed[0] = VERSION_2;
	sealed[1] = key->algorithm;
	sealed[2] = (uint8_t)count;
	return 3 + count;
}

/* The same backwards: the key's algorithm, and the length; 0 when there is no sense in it. */
static size_t take_head(struct subscriber_key *key, const struct subscriber *s)
{
	const uint8_t *at = s->sealed;

	memset(key, 0, sizeof(*key));
	if (s->sealed_length < HEAD_MAX)
		return 0;
	if (at[0] == VERSION_1)
		return algorithm_choose(key, SLOT_MILENAGE, NULL, 0) < 0 ? 0 : 1;
	if (at[0] != VERSION_2 || s->design == DESIGN_DERIVED ||
	    algorithm_choose(key, at[1], at + 3, at[2]) < 0)
		return 0;
	return 3u + at[2];
}

int wrap_seal(struct subscriber *subscriber, const uint8_t kek[static WRAP_KEK],
	      const struct subscriber_key *key, struct fault *fault)
{
	size_t head = put_head(subscriber->sealed, key), length = 0, bound_length;
	uint8_t *nonce = subscriber->sealed + head, *cipher = nonce + GCM_NONCE;
	uint8_t bound[ASSOCIATED] = {0}, secret[SECRET_MAX];
	int result = 0;

	if (key) {
		add(secret, &length, key->k, key->sizes.k);
		add(secret, &length, key->opc, key->sizes.opc);
	}
	bound_length = associated(bound, subscriber, head);
	if (getrandom(nonce, GCM_NONCE, 0) != GCM_NONCE)
		result = fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
	else if (gcm_seal(cipher, cipher + length, (struct span){kek, WRAP_KEK}, nonce,
			  (struct span){bound, bound_length}, (struct span){secret, length}) < 0)
		result = fault_set(fault, FAULT_BUG, NULL, "the cipher library refused to wrap a key");
	secret_wipe(secret, sizeof(secret));
	subscriber->sealed_length = head + GCM_NONCE + length + GCM_TAG;
	return result;
}

int wrap_open(struct subscriber_key *key, const struct subscriber *subscriber,
	      const uint8_t kek[static WRAP_KEK], struct fault *fault)
{
	size_t head = take_head(key, subscriber), length = 0, bound_length;
	const uint8_t *nonce = subscriber->sealed + head, *cipher = nonce + GCM_NONCE;
	uint8_t bound[ASSOCIATED] = {0}, secret[SECRET_MAX];
	int result = 0;

	if (subscriber->design != DESIGN_DERIVED)
		length = (size_t)key->sizes.k + key->sizes.opc;
	bound_length = associated(bound, subscriber, head);
	if (head == 0 || subscriber->sealed_length != head + GCM_NONCE + length + GCM_TAG ||
	    gcm_open(secret, (struct span){kek, WRAP_KEK}, nonce, (struct span){bound, bound_length},
		     (struct span){cipher, length}, cipher + length) < 0)
		result = fault_set(
			fault, FAULT_NO, "restore the row from a copy, or add the subscriber again",
			"the record of IMSI %s was changed, or its key belongs to another", subscriber->imsi);
	if (result == 0 && length > 0) {
		memcpy(key->k, secret, key->sizes.k);
		memcpy(key->opc, secret + key->sizes.k, key->sizes.opc);
	}
	secret_wipe(secret, sizeof(secret));
	return result;
}
