#include "eap/ecdhe.h"

#include <string.h>
#include <sys/random.h>

#include "crypto/wipe.h"
#include "crypto/x25519.h"

static int from_kernel(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? OK : ERROR_RANDOM;
}

const struct p256_random ecdhe_kernel = {from_kernel, NULL};

size_t ecdhe_public_length(enum ecdhe_group group)
{
	return group == ECDHE_X25519 ? X25519_BYTES : group == ECDHE_P256 ? P256_COMPRESSED : 0;
}

static int generate_p256(struct ecdhe *e, const struct p256_random *random)
{
	uint8_t whole[P256_UNCOMPRESSED];
	int result = p256_generate(e->private_key, whole, random);

	if (result == OK)
		result = p256_compress(e->public_key, (struct span){whole, sizeof(whole)});
	return result;
}

int ecdhe_generate(struct ecdhe *e, enum ecdhe_group group, const struct p256_random *random)
{
	int result = ERROR_VALUE;

	memset(e, 0, sizeof(*e));
	if (group == ECDHE_X25519) {
		result = random->fill(random->context, e->private_key, X25519_BYTES) == 0 ? OK : ERROR_RANDOM;
		x25519_public(e->public_key, e->private_key);
	} else if (group == ECDHE_P256) {
		result = generate_p256(e, random);
	}
	if (result == OK)
		e->group = group;
	else
		ecdhe_wipe(e);
	return result;
}

int ecdhe_shared(uint8_t out[static ECDHE_SHARED], const struct ecdhe *e, struct span peer,
		 const struct p256_random *random)
{
	size_t n = ecdhe_public_length(e->group), i;

	memset(out, 0, ECDHE_SHARED);
	if (!n || peer.length < n || peer.length - n >= 4)
		return ERROR_FORMAT;
	for (i = n; i < peer.length; i++)
		if (peer.at[i])
			return ERROR_FORMAT;
	if (e->group == ECDHE_X25519)
		return x25519(out, e->private_key, peer.at);
	return p256_shared(out, e->private_key, (struct span){peer.at, n}, random);
}

void ecdhe_wipe(struct ecdhe *e)
{
	wipe(e, sizeof(*e));
}
