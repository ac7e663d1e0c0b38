#include "lib/signing_key.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "lib/hsm.h"
#include "lib/key_file.h"
#include "lib/secret.h"
#include "lib/signature.h"

struct signing_key {
	struct hsm *hsm; /* NULL: private_key is it */
	hsm_key handle;
	uint8_t point[P256_UNCOMPRESSED], private_key[P256_PRIVATE];
};

static int fill(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static int open_token(struct signing_key *key, const char *source, struct fault *fault)
{
	char label[64];

	if (hsm_uri_check(source, fault) < 0 || hsm_uri_object(label, sizeof(label), source, fault) < 0 ||
	    hsm_open(&key->hsm, source, fault) < 0)
		return -1;
	return hsm_find_pair(key->hsm, &key->handle, key->point, label, fault);
}

int signing_key_open(struct signing_key **key, const char *source, struct fault *fault)
{
	struct signing_key *made = calloc(1, sizeof(*made));
	int result;

	*key = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	(void)mlock(made, sizeof(*made));
	if (strncmp(source, "file:", 5) == 0)
		result = key_file_read(made->private_key, made->point, source + 5, fault);
	else
		result = open_token(made, source, fault);
	if (result < 0)
		signing_key_close(made);
	else
		*key = made;
	return result;
}

void signing_key_close(struct signing_key *key)
{
	if (!key)
		return;
	hsm_close(key->hsm);
	secret_wipe(key, sizeof(*key));
	free(key);
}

const uint8_t *signing_key_point(const struct signing_key *key)
{
	return key->point;
}

int signing_key_sign(const struct signing_key *key, uint8_t *statement, size_t length, struct fault *fault)
{
	static const struct p256_random random = {.fill = fill};
	uint8_t digest[SHA256_LENGTH], *signature = statement + length;

	if (sha256(digest, (struct span){statement, length}) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused to hash");
	if (key->hsm)
		return hsm_sign(key->hsm, signature, key->handle, digest, fault);
	if (p256_sign(signature, key->private_key, digest, &random) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the key in the file does not sign");
	signature_make_low(signature);
	return 0;
}
