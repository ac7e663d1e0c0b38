#include "weak/seed_search.h"

#include <string.h>

#include "crypto/aes.h"

enum {
	CHUNK = 1 << 16,
	LCG_HIDDEN = 24, /* bits of the state that a draw does not show */
};

struct job {
	const struct seed_search *search;
	uint8_t block[16]; /* what K is the encryption of */
};

/* K's first byte is the upper eight bits of the state after one draw: the lower 24 are left to try, and the
 * second draw rules almost all of them out. */
static bool try_lcg(void *context, uint64_t first, uint64_t length, uint64_t *found)
{
	const struct job *job = context;
	const struct weak_keys *want = job->search->keys;
	struct weak_keys keys;

	for (uint64_t i = first; i < first + length; i++) {
		uint32_t x = (uint32_t)want->k[0] << 24 | (uint32_t)i, y = x * 1103515245U + 12345U, state;

		if (y >> 24 != want->k[1])
			continue;
		weak_lcg_back(&x, 1);
		state = x;
		weak_lcg(&keys, &x);
		if ((uint64_t)state >> job->search->bits == 0 && memcmp(&keys, want, sizeof(keys)) == 0) {
			*found = state;
			return true;
		}
	}
	return false;
}

static bool try_aes(void *context, uint64_t first, uint64_t length, uint64_t *found)
{
	const struct job *job = context;
	const struct weak_keys *want = job->search->keys;
	uint8_t key[16] = {0}, block[16];

	for (uint64_t i = first; i < first + length; i++) {
		for (int b = 0; b < 4; b++)
			key[12 + b] = (uint8_t)(i >> (24 - 8 * b));
		if (aes_block(block, (struct span){key, 16}, job->block) == 0 &&
		    memcmp(block, want->k, 16) == 0) {
			*found = i;
			return true;
		}
	}
	return false;
}

int seed_search(struct swept *swept, const struct seed_search *search)
{
	struct job job = {.search = search};
	struct sweep sweep = {.count = 1ULL << (search->scheme == WEAK_LCG ? LCG_HIDDEN : search->bits),
			      .chunk = CHUNK,
			      .threads = search->threads,
			      .work = search->scheme == WEAK_LCG ? try_lcg : try_aes,
			      .context = &job};

	memset(swept, 0, sizeof(*swept));
	if (search->bits > 32 || (search->scheme != WEAK_LCG && search->scheme != WEAK_AES_SEED))
		return -1;
	if (search->scheme == WEAK_AES_SEED)
		weak_iccid_block(job.block, search->iccid);
	return sweep_run(swept, &sweep);
}
