/* Written along RFC 9180 sections 4 to 6; names are the RFC's. All outputs of its Expand are at most as
 * long as one block of the hash, so that Expand is one HMAC. */
#include "lib/hpke.h"

#include <string.h>
#include <sys/random.h>

#include "crypto/gcm.h"
#include "crypto/hmac.h"
#include "crypto/p256.h"
#include "crypto/wipe.h"

enum {
	MODE_AUTH = 0x02,
	KEM_P256 = 0x0010,
	KDF_SHA256 = 0x0001,
	SUITE_MAX = 10,
};

struct suite {
	uint8_t id[SUITE_MAX];
	size_t length;
};

static struct suite kem_suite(void)
{
	return (struct suite){{'K', 'E', 'M', KEM_P256 >> 8, KEM_P256}, 5};
}

static struct suite hpke_suite(enum hpke_aead aead)
{
	return (struct suite){
		{'H', 'P', 'K', 'E', KEM_P256 >> 8, KEM_P256, KDF_SHA256 >> 8, KDF_SHA256, 0, (uint8_t)aead},
		10};
}

static struct span text(const char *words)
{
	return (struct span){(const uint8_t *)words, strlen(words)};
}

static void begin_labeled(struct hmac *m, const struct suite *suite, const char *label)
{
	struct span version = text("HPKE-v1"), name = text(label);

	hmac_add(m, version.at, version.length);
	hmac_add(m, suite->id, suite->length);
	hmac_add(m, name.at, name.length);
}

/* SPEC: RFC 9180 4 */
static int labeled_extract(uint8_t out[static SHA256_LENGTH], const struct suite *suite, struct span salt,
			   const char *label, struct span ikm)
{
	struct hmac m;

	hmac_start(&m, salt);
	begin_labeled(&m, suite, label);
	if (ikm.length)
		hmac_add(&m, ikm.at, ikm.length);
	return hmac_finish(&m, out);
}

/* At most SHA256_LENGTH bytes. */
static int labeled_expand(uint8_t *out, size_t length, const struct suite *suite,
			  const uint8_t prk[static SHA256_LENGTH], const char *label, struct span info)
{
	const uint8_t size[2] = {0, (uint8_t)length}, one = 1;
	uint8_t block[SHA256_LENGTH];
	struct hmac m;
	int e;

	hmac_start(&m, (struct span){prk, SHA256_LENGTH});
	hmac_add(&m, size, sizeof(size));
	begin_labeled(&m, suite, label);
	hmac_add(&m, info.at, info.length);
	hmac_add(&m, &one, 1);
	e = hmac_finish(&m, block);
	memcpy(out, block, length);
	wipe(block, sizeof(block));
	return e;
}

/* SPEC: RFC 9180 4.1 (ExtractAndExpand of DHKEM) */
static int shared_secret(uint8_t out[static 32], const uint8_t dh[static 64],
			 const uint8_t *const point[static 3])
{
	struct suite suite = kem_suite();
	uint8_t prk[SHA256_LENGTH], context[3 * HPKE_POINT];
	int e;

	for (int i = 0; i < 3; i++)
		memcpy(context + (size_t)i * HPKE_POINT, point[i], HPKE_POINT);
	e = labeled_extract(prk, &suite, text(""), "eae_prk", (struct span){dh, 64});
	if (e == OK)
		e = labeled_expand(out, 32, &suite, prk, "shared_secret",
				   (struct span){context, sizeof(context)});
	wipe(prk, sizeof(prk));
	return e;
}

/* SPEC: RFC 9180 5.1 (KeySchedule, without a PSK) */
static int key_schedule(struct hpke *hpke, enum hpke_aead aead, const uint8_t shared[static 32],
			struct span info)
{
	struct suite suite = hpke_suite(aead);
	uint8_t context[1 + 2 * SHA256_LENGTH] = {MODE_AUTH}, secret[SHA256_LENGTH];
	struct span all = {context, sizeof(context)};
	int e = labeled_extract(context + 1, &suite, text(""), "psk_id_hash", text(""));

	hpke->sequence = 0;
	hpke->key_length = aead == HPKE_AES_256_GCM ? 32 : 16;
	if (e == OK)
		e = labeled_extract(context + 1 + SHA256_LENGTH, &suite, text(""), "info_hash", info);
	if (e == OK)
		e = labeled_extract(secret, &suite, (struct span){shared, 32}, "secret", text(""));
	if (e == OK)
		e = labeled_expand(hpke->key, hpke->key_length, &suite, secret, "key", all);
	if (e == OK)
		e = labeled_expand(hpke->base_nonce, HPKE_NONCE, &suite, secret, "base_nonce", all);
	wipe(secret, sizeof(secret));
	return e;
}

/* Both sides, once they have the two ECDH results. */
static int set_up(struct hpke *hpke, enum hpke_aead aead, const uint8_t dh[static 64],
		  const uint8_t *const point[static 3], struct span info)
{
	uint8_t shared[32];
	int e = shared_secret(shared, dh, point);

	if (e == OK)
		e = key_schedule(hpke, aead, shared, info);
	wipe(shared, sizeof(shared));
	return e == OK ? 0 : -1;
}

/* SPEC: RFC 9180 4.1 (AuthEncap), 5.1.3 */
int hpke_sender(struct hpke *hpke, enum hpke_aead aead, const struct hpke_private *ephemeral,
		const struct hpke_private *sender, const uint8_t recipient[static HPKE_POINT],
		struct span info)
{
	const uint8_t *const point[3] = {ephemeral->point, recipient, sender->point};
	uint8_t dh[64];
	int result = -1;

	memset(hpke, 0, sizeof(*hpke));
	if (ephemeral->agree(ephemeral->context, dh, recipient) == 0 &&
	    sender->agree(sender->context, dh + 32, recipient) == 0)
		result = set_up(hpke, aead, dh, point, info);
	wipe(dh, sizeof(dh));
	if (result < 0)
		wipe(hpke, sizeof(*hpke));
	return result;
}

/* SPEC: RFC 9180 4.1 (AuthDecap), 5.1.3 */
int hpke_recipient(struct hpke *hpke, enum hpke_aead aead, const uint8_t ephemeral[static HPKE_POINT],
		   const struct hpke_private *recipient, const uint8_t sender[static HPKE_POINT],
		   struct span info)
{
	const uint8_t *const point[3] = {ephemeral, recipient->point, sender};
	uint8_t dh[64];
	int result = -1;

	memset(hpke, 0, sizeof(*hpke));
	if (recipient->agree(recipient->context, dh, ephemeral) == 0 &&
	    recipient->agree(recipient->context, dh + 32, sender) == 0)
		result = set_up(hpke, aead, dh, point, info);
	wipe(dh, sizeof(dh));
	if (result < 0)
		wipe(hpke, sizeof(*hpke));
	return result;
}

/* SPEC: RFC 9180 5.2 (ComputeNonce) */
static void nonce(uint8_t out[static HPKE_NONCE], const struct hpke *hpke)
{
	memcpy(out, hpke->base_nonce, HPKE_NONCE);
	for (unsigned i = 0; i < 8; i++)
		out[HPKE_NONCE - 1 - i] ^= (uint8_t)(hpke->sequence >> (8 * i));
}

int hpke_seal(struct hpke *hpke, uint8_t *out, struct span associated, struct span in)
{
	uint8_t n[HPKE_NONCE];

	nonce(n, hpke);
	if (hpke->sequence == UINT64_MAX ||
	    gcm_seal(out, out + in.length, (struct span){hpke->key, hpke->key_length}, n, associated, in) < 0)
		return -1;
	hpke->sequence++;
	return 0;
}

int hpke_open(struct hpke *hpke, uint8_t *out, struct span associated, struct span in)
{
	uint8_t n[HPKE_NONCE];

	nonce(n, hpke);
	if (in.length < HPKE_TAG || hpke->sequence == UINT64_MAX ||
	    gcm_open(out, (struct span){hpke->key, hpke->key_length}, n, associated,
		     (struct span){in.at, in.length - HPKE_TAG}, in.at + in.length - HPKE_TAG) < 0)
		return -1;
	hpke->sequence++;
	return 0;
}

static int fill(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

int hpke_agree_in_memory(void *private_key, uint8_t x[static 32], const uint8_t point[static HPKE_POINT])
{
	static const struct p256_random source = {.fill = fill};

	return p256_shared(x, private_key, (struct span){point, HPKE_POINT}, &source) == OK ? 0 : -1;
}
