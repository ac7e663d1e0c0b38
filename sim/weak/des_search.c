#include "weak/des_search.h"

#include <string.h>

#include "crypto/des.h"

enum {
	CHUNK_BITS = 18
};

struct job {
	const struct des_search *search;
	const struct des_engine *engine;
	struct des_pair pair;
};

static bool is_it(const struct des_search *search, uint64_t number)
{
	uint8_t key[8], block[8];

	des_key(key, number);
	return des_block(block, key, search->plain) == 0 && memcmp(block, search->cipher, 8) == 0;
}

/* One at a time: what is less than the engine's words, and behind a key that only looked right. */
static bool singly(const struct job *job, uint64_t number, uint64_t end, uint64_t *found)
{
	for (; number < end; number++)
		if (is_it(job->search, number)) {
			*found = number;
			return true;
		}
	return false;
}

static bool work(void *context, uint64_t first, uint64_t length, uint64_t *found)
{
	const struct job *job = context;
	uint64_t lanes = job->engine->lanes, number = job->search->first + first, end = number + length,
		 maybe;

	while (number < end) {
		if (number % lanes || end - number < lanes) {
			uint64_t next = number - number % lanes + lanes;

			if (singly(job, number, next < end ? next : end, found))
				return true;
			number = next;
			continue;
		}
		if (!job->engine->search(&job->pair, number, (end - number) / lanes * lanes, &maybe)) {
			number = end - (end - number) % lanes;
			continue;
		}
		if (singly(job, maybe, maybe + 1, found))
			return true;
		number = maybe + 1;
	}
	return false;
}

int des_search(struct swept *swept, const struct des_search *search)
{
	struct job job = {.search = search, .engine = search->engine ? search->engine : des_engine_best()};
	struct sweep sweep = {
		.chunk = 1ULL << CHUNK_BITS, .threads = search->threads, .work = work, .context = &job};

	memset(swept, 0, sizeof(*swept));
	if (search->bits > DES_KEY_BITS || search->first >> DES_KEY_BITS ||
	    search->first & ((1ULL << search->bits) - 1))
		return -1;
	des_pair(&job.pair, search->plain, search->cipher);
	sweep.count = 1ULL << search->bits;
	return sweep_run(swept, &sweep);
}
