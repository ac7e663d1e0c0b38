#include "lib/envelope_keys.h"

#include <string.h>
#include <sys/mman.h>

#include "lib/hsm.h"
#include "lib/key_file.h"
#include "lib/secret.h"
#include "lib/signature.h"

struct envelope_ring {
	struct envelope_keys keys;
	struct hsm *hsm;
	hsm_key pair;
	uint8_t private_key[32];
};

static int agree_in_token(void *context, uint8_t x[static 32], const uint8_t point[static HPKE_POINT])
{
	struct envelope_ring *ring = context;

	return hsm_agree(ring->hsm, x, ring->pair, point, NULL);
}

static int open_own(struct envelope_ring *ring, const char *own, const char *hsm, struct fault *fault)
{
	struct hpke_private *key = &ring->keys.own;

	if (strncmp(own, "file:", 5) == 0) {
		*key = (struct hpke_private){hpke_agree_in_memory, ring->private_key, {0}};
		return key_file_read(ring->private_key, key->point, own + 5, fault);
	}
	if (!hsm)
		return fault_set(fault, FAULT_USAGE, "give file:KEY.pem, or --hsm and the token's URI",
				 "where is the key \"%s\"?", own);
	*key = (struct hpke_private){agree_in_token, ring, {0}};
	if (hsm_open(&ring->hsm, hsm, fault) < 0)
		return -1;
	return hsm_find_pair(ring->hsm, &ring->pair, key->point, own, fault);
}

int envelope_keys_open(struct envelope_ring **ring, const char *own, const char *hsm, const char *other,
		       const char *whose, struct fault *fault)
{
	struct envelope_ring *made = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE,
					  MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);

	*ring = NULL;
	if (made == MAP_FAILED)
		return fault_set(fault, FAULT_SYSTEM, "raise the limit: ulimit -l",
				 "cannot lock memory for keys");
	(void)madvise(made, sizeof(*made), MADV_DONTDUMP);
	if (public_read(made->keys.other, other) < 0) {
		envelope_keys_close(made);
		return fault_set(fault, FAULT_USAGE, "SubjectPublicKeyInfo in base64, one line",
				 "the %s's public key is no P-256 key", whose);
	}
	if (open_own(made, own, hsm, fault) < 0) {
		envelope_keys_close(made);
		return -1;
	}
	*ring = made;
	return 0;
}

void envelope_keys_close(struct envelope_ring *ring)
{
	if (!ring)
		return;
	hsm_close(ring->hsm);
	secret_wipe(ring, sizeof(*ring));
	(void)munmap(ring, sizeof(*ring));
}

const struct envelope_keys *envelope_keys(const struct envelope_ring *ring)
{
	return &ring->keys;
}
