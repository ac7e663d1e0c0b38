#include "fleet/fleet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "fleet/chip.h"
#include "lib/hex.h"
#include "lib/numbers.h"
#include "lib/say.h"
#include "lib/secret.h"

enum {
	CHUNK = 64, /* subscribers a thread takes at a time */
};

const char *fleet_design_name(enum fleet_design design)
{
	static const char *const names[FLEET_DESIGNS] = {"bulk-plain", "bulk-aead", "derived",
							 "derived-batch", "agreed"};

	return names[design];
}

/* ---- numbers: 999 70 is a network for tests (ITU-T E.212, country code 999) ---- */

uint32_t fleet_batch_first(const struct fleet *fleet, uint32_t batch)
{
	return (uint32_t)(((uint64_t)batch * fleet->count + fleet->batches - 1) / fleet->batches);
}

uint32_t fleet_batch_of(const struct fleet *fleet, uint32_t subscriber)
{
	return (uint32_t)((uint64_t)subscriber * fleet->batches / fleet->count);
}

void fleet_batch_name(char name[static 32], uint32_t batch)
{
	(void)snprintf(name, 32, "fleet-%u", batch + 1);
}

void fleet_imsi(char imsi[static 16], uint32_t subscriber)
{
	(void)snprintf(imsi, 16, "99970%010u", subscriber + 1);
}

int fleet_iccid(char iccid[static 21], uint32_t subscriber, struct fault *fault)
{
	(void)fault;
	(void)snprintf(iccid, 21, "89882110%010u", subscriber + 1);
	iccid[18] = numbers_luhn(iccid);
	iccid[19] = 0;
	return 0;
}

int fleet_words(uint8_t words[static HEARD_DATA], const struct fleet *fleet, uint32_t subscriber,
		unsigned session)
{
	uint8_t word[7];
	char text[HEARD_DATA + 1] = "the word of today: ";

	if (draw_bytes(word, sizeof(word), fleet->seed, session ? "said after" : "said before", fleet->design,
		       subscriber) < 0)
		return -1;
	hex_write(text + HEARD_DATA - 2 * sizeof(word), word, sizeof(word));
	memcpy(words, text, HEARD_DATA);
	return 0;
}

/* ---- memory ---- */

/* A file of `length` bytes, mapped; it is what thieves are given. */
static void *map_file(const char *folder, const char *name, size_t length, struct fault *fault)
{
	char path[FLEET_PATH + 32];
	void *at = MAP_FAILED;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0 && (errno = posix_fallocate(fd, 0, (off_t)length)) == 0)
		at = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (at == MAP_FAILED) {
		fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot make %s: %s", path,
			  strerror(errno));
		return NULL;
	}
	return at;
}

int fleet_begin(struct fleet *fleet, enum fleet_design design, const char *folder, struct fault *fault)
{
	fleet->design = design;
	(void)snprintf(fleet->folder, sizeof(fleet->folder), "%s", folder);
	(void)pthread_mutex_init(&fleet->lock, NULL);
	fleet->members = calloc(fleet->count, sizeof(*fleet->members));
	fleet->batch_key = calloc(fleet->batches, sizeof(*fleet->batch_key));
	fleet->agree_public = calloc(fleet->batches, sizeof(*fleet->agree_public));
	if (design == FLEET_AGREED)
		fleet->agreements = calloc(fleet->count, sizeof(*fleet->agreements));
	if (!fleet->members || !fleet->batch_key || !fleet->agree_public ||
	    (design == FLEET_AGREED && !fleet->agreements))
		return fault_set(fault, FAULT_SYSTEM, "give a smaller --count",
				 "no memory for %u subscribers", fleet->count);
	fleet->heard = map_file(folder, "heard.bin",
				FLEET_SESSIONS * (size_t)fleet->count * sizeof(*fleet->heard), fault);
	if (!fleet->heard)
		return -1;
	fleet->challenges =
		map_file(folder, "challenges.bin", (size_t)fleet->count * sizeof(*fleet->challenges), fault);
	return fleet->challenges ? keys_begin(fleet, fault) : -1;
}

int fleet_digest(uint8_t digest[static SHA256_LENGTH], const struct fleet *fleet, struct fault *fault)
{
	struct sha256 h;

	sha256_start(&h);
	sha256_add(&h, fleet->heard, FLEET_SESSIONS * (size_t)fleet->count * sizeof(*fleet->heard));
	sha256_add(&h, fleet->challenges, (size_t)fleet->count * sizeof(*fleet->challenges));
	return sha256_finish(&h, digest) < 0 ? fault_set(fault, FAULT_BUG, NULL, "SHA-256 failed") : 0;
}

void fleet_end(struct fleet *fleet)
{
	if (fleet->heard)
		(void)munmap(fleet->heard, FLEET_SESSIONS * (size_t)fleet->count * sizeof(*fleet->heard));
	if (fleet->challenges)
		(void)munmap(fleet->challenges, (size_t)fleet->count * sizeof(*fleet->challenges));
	if (fleet->members)
		secret_wipe(fleet->members, fleet->count * sizeof(*fleet->members));
	if (fleet->batch_key)
		secret_wipe(fleet->batch_key, fleet->batches * sizeof(*fleet->batch_key));
	secret_wipe(fleet->master, sizeof(fleet->master));
	free(fleet->members);
	free(fleet->batch_key);
	free(fleet->agree_public);
	free(fleet->agreements);
	fleet->heard = NULL;
	fleet->challenges = NULL;
	fleet->members = NULL;
	fleet->batch_key = NULL;
	fleet->agree_public = NULL;
	fleet->agreements = NULL;
}

/* ---- threads ---- */

static void fail(struct fleet *fleet, const struct fault *fault)
{
	(void)pthread_mutex_lock(&fleet->lock);
	if (!atomic_exchange(&fleet->failed, true))
		*fleet->fault = *fault;
	(void)pthread_mutex_unlock(&fleet->lock);
}

static void *work(void *context)
{
	struct fleet *fleet = context;
	struct reader *chip = chip_new();
	struct fault fault;

	if (!chip) {
		(void)fault_set(&fault, FAULT_SYSTEM, NULL, "no memory for a chip");
		fail(fleet, &fault);
		return NULL;
	}
	while (!atomic_load(&fleet->failed)) {
		uint32_t first = atomic_fetch_add(&fleet->next, CHUNK), i;

		if (first >= fleet->count)
			break;
		for (i = first; i < fleet->count && i - first < CHUNK && !stop_asked(); i++)
			if (life(fleet, chip, i, &fault) < 0) {
				(void)fault_prefix(&fault, "subscriber %u", i + 1);
				fail(fleet, &fault);
				break;
			}
		atomic_fetch_add(&fleet->done, i - first);
		if (stop_asked())
			break;
	}
	atomic_fetch_add(&fleet->commands, chip_commands(chip));
	chip_free(chip);
	return NULL;
}

/* The bar says how fast it goes, and how long it will. */
static void watch(struct fleet *fleet)
{
	const struct timespec pause = {.tv_nsec = 100000000L};
	struct timespec start, now;
	char detail[64];

	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		unsigned done = atomic_load(&fleet->done);
		double passed, rate;

		if (done >= fleet->count || atomic_load(&fleet->failed) || stop_asked())
			return;
		(void)clock_gettime(CLOCK_MONOTONIC, &now);
		passed = (double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9;
		rate = passed > 0 ? done / passed : 0;
		if (rate > 0) {
			(void)snprintf(detail, sizeof(detail), "%.0f cards/s, %.0f s left", rate,
				       (fleet->count - done) / rate);
			progress_at(done, detail);
		}
		(void)nanosleep(&pause, NULL);
	}
}

int fleet_run(struct fleet *fleet, struct fault *fault)
{
	pthread_t threads[FLEET_THREADS_MAX];
	unsigned started = 0;

	fleet->fault = fault;
	atomic_store(&fleet->next, 0);
	atomic_store(&fleet->done, 0);
	atomic_store(&fleet->failed, false);
	while (started < fleet->threads && pthread_create(&threads[started], NULL, work, fleet) == 0)
		started++;
	if (!started)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot start a thread");
	progress_start(fleet_design_name(fleet->design), fleet->count);
	watch(fleet);
	for (unsigned i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
	progress_end();
	if (atomic_load(&fleet->failed))
		return -1;
	if (stop_asked())
		return fault_set(fault, FAULT_STOPPED, "the next run begins anew", "stopped after %u cards",
				 atomic_load(&fleet->done));
	return 0;
}
