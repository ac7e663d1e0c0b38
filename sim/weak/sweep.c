#include "weak/sweep.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>

enum {
	THREADS_MAX = 256
};

/* Under `lock`: everything but the sweep. */
struct crew {
	const struct sweep *sweep;
	pthread_mutex_t lock;
	uint64_t next;
	struct swept *swept;
};

static void *worker(void *argument)
{
	struct crew *crew = argument;
	const struct sweep *sweep = crew->sweep;
	uint64_t first, length, at = 0;
	bool found;

	pthread_mutex_lock(&crew->lock);
	while (!crew->swept->found && crew->next < sweep->count) {
		first = crew->next;
		length = sweep->count - first < sweep->chunk ? sweep->count - first : sweep->chunk;
		crew->next += length;
		pthread_mutex_unlock(&crew->lock);
		found = sweep->work(sweep->context, first, length, &at);
		pthread_mutex_lock(&crew->lock);
		crew->swept->tried += length;
		if (found && (!crew->swept->found || at < crew->swept->at)) {
			crew->swept->found = true;
			crew->swept->at = at;
		}
	}
	pthread_mutex_unlock(&crew->lock);
	return NULL;
}

static unsigned processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

static double now(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int sweep_run(struct swept *swept, const struct sweep *sweep)
{
	struct crew crew = {.sweep = sweep, .lock = PTHREAD_MUTEX_INITIALIZER, .swept = swept};
	unsigned wanted = sweep->threads ? sweep->threads : processors(), started = 0;
	pthread_t threads[THREADS_MAX];
	double begin = now(CLOCK_MONOTONIC), busy = now(CLOCK_PROCESS_CPUTIME_ID);

	memset(swept, 0, sizeof(*swept));
	if (wanted > THREADS_MAX)
		wanted = THREADS_MAX;
	while (started < wanted && pthread_create(&threads[started], NULL, worker, &crew) == 0)
		started++;
	for (unsigned i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
	swept->seconds = now(CLOCK_MONOTONIC) - begin;
	swept->busy = now(CLOCK_PROCESS_CPUTIME_ID) - busy;
	swept->threads = started;
	pthread_mutex_destroy(&crew.lock);
	return started ? 0 : -1;
}
