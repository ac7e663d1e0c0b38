#include "fleet/draw.h"

#include <string.h>

#include "crypto/aes.h"
#include "crypto/cmac.h"
#include "crypto/hmac.h"

int draw_seed(uint8_t seed[static DRAW_SEED], const char *text, struct fault *fault)
{
	static const uint8_t label[] = "simrite fleet v1";

	if (hmac(seed, (struct span){label, sizeof(label) - 1},
		 (struct span){(const uint8_t *)text, strlen(text)}) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
	return 0;
}

static void put32(uint8_t out[static 4], uint32_t value)
{
	out[0] = (uint8_t)(value >> 24);
	out[1] = (uint8_t)(value >> 16);
	out[2] = (uint8_t)(value >> 8);
	out[3] = (uint8_t)value;
}

int draw_start(struct draw *draw, const uint8_t seed[static DRAW_SEED], const char *purpose, uint32_t a,
	       uint32_t b)
{
	uint8_t numbers[8];
	struct cmac m;

	put32(numbers, a);
	put32(numbers + 4, b);
	cmac_start(&m, (struct span){seed, DRAW_SEED});
	cmac_add(&m, purpose, strlen(purpose) + 1);
	cmac_add(&m, numbers, sizeof(numbers));
	if (cmac_finish(&m, draw->key) < 0)
		return -1;
	draw->block = 0;
	draw->used = sizeof(draw->left);
	return 0;
}

/* Whole blocks go straight to `out`; what is over is kept for the next call. */
int draw_fill(struct draw *draw, void *out, size_t length)
{
	uint8_t *at = out, counter[16] = {0};
	struct aes aes;
	size_t n;

	n = sizeof(draw->left) - draw->used;
	if (n > length)
		n = length;
	memcpy(at, draw->left + draw->used, n);
	draw->used += (unsigned)n;
	if (n == length)
		return 0;
	if (aes_start(&aes, draw->key, sizeof(draw->key)) < 0)
		return -1;
	for (at += n, length -= n; length > 0; at += n, length -= n) {
		put32(counter + 8, (uint32_t)(draw->block >> 32));
		put32(counter + 12, (uint32_t)draw->block++);
		if (aes_encrypt(&aes, draw->left, counter) < 0)
			break;
		n = length < sizeof(draw->left) ? length : sizeof(draw->left);
		memcpy(at, draw->left, n);
		draw->used = (unsigned)n;
	}
	aes_stop(&aes);
	return length == 0 ? 0 : -1;
}

int draw_bytes(void *out, size_t length, const uint8_t seed[static DRAW_SEED], const char *purpose,
	       uint32_t a, uint32_t b)
{
	struct draw draw;

	return draw_start(&draw, seed, purpose, a, b) < 0 ? -1 : draw_fill(&draw, out, length);
}

int draw_random(void *draw, void *out, size_t length)
{
	return draw_fill(draw, out, length);
}
