#include "custodian/tunnel.h"

#include <string.h>

#include "crypto/x963.h"

enum {
	LABEL = 23,
	BELONGS = 5
};

int tunnel_derive(struct tunnel *tunnel, const uint8_t x[static P256_SHARED],
		  const uint8_t card_key[static P256_COMPRESSED],
		  const uint8_t host_key[static P256_COMPRESSED])
{
	uint8_t info[LABEL + 2 * P256_COMPRESSED];

	memcpy(info, "simrite session keys v1", LABEL);
	memcpy(info + LABEL, card_key, P256_COMPRESSED);
	memcpy(info + LABEL + P256_COMPRESSED, host_key, P256_COMPRESSED);
	tunnel->secrets = 0;
	return x963(tunnel->key, TUNNEL_KEY, (struct span){x, P256_SHARED},
		    (struct span){info, sizeof(info)});
}

/* What the next secret belongs to. */
static void belongs(uint8_t to[static BELONGS], const struct tunnel *tunnel, enum tunnel_direction direction)
{
	uint32_t number = tunnel->secrets + 1;

	to[0] = (uint8_t)direction;
	to[1] = (uint8_t)(number >> 24);
	to[2] = (uint8_t)(number >> 16);
	to[3] = (uint8_t)(number >> 8);
	to[4] = (uint8_t)number;
}

int tunnel_seal(uint8_t *out, struct tunnel *tunnel, enum tunnel_direction direction, struct span secret)
{
	uint8_t to[BELONGS];
	int e;

	belongs(to, tunnel, direction);
	e = siv_seal(out, (struct span){tunnel->key, TUNNEL_KEY}, (struct span){to, BELONGS}, secret);
	tunnel->secrets += e == OK;
	return e;
}

int tunnel_open(uint8_t *out, struct tunnel *tunnel, enum tunnel_direction direction, struct span sealed)
{
	uint8_t to[BELONGS];
	int e;

	belongs(to, tunnel, direction);
	e = siv_open(out, (struct span){tunnel->key, TUNNEL_KEY}, (struct span){to, BELONGS}, sealed);
	tunnel->secrets += e == OK;
	return e;
}
