/* search - how many keys a second the laboratory's searches try, and what all of DES would cost.
 *
 *     search [SECONDS]        of each row; 1 unless given
 *
 * Every engine that this processor has; the DES that the card has, which is what trying keys one by one
 * costs; the two kinds of seeds. For one core, by the time its processor worked and not by the clock, so
 * that others on the machine do not count. The best engine must be ten
 * times OpenSSL's one-by-one figure of shared/facts (4.2 M keys/s on one core), or the status is 1. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/des.h"
#include "weak/des_search.h"
#include "weak/seed_search.h"

#define OPENSSL 4.2e6 /* published with the project's measurements: DES_set_key and DES_ecb_encrypt */
#define YEAR    (365.25 * 86400)

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Keys a second over a space that has none, grown until it takes long enough. */
static double des_speed(const struct des_engine *engine, double seconds)
{
	struct des_search search = {.cipher = {1}, .bits = 20, .threads = 1, .engine = engine};
	struct swept swept = {.busy = 0};

	for (; search.bits < 44; search.bits++)
		if (des_search(&swept, &search) < 0 || swept.busy >= seconds)
			break;
	return swept.busy > 0 ? (double)swept.tried / swept.busy : 0;
}

static double one_by_one(double seconds)
{
	uint8_t key[8], block[8];
	double begin = now(), end = begin;
	uint64_t n = 0;

	while (end - begin < seconds) {
		for (int i = 0; i < 1000; i++, n++) {
			des_key(key, n);
			if (des_block(block, key, key) < 0)
				return 0;
		}
		end = now();
	}
	return (double)n / (end - begin);
}

static double seed_speed(enum weak_scheme scheme, double seconds)
{
	static const struct weak_keys none = {.k = {1}};
	struct seed_search search = {
		.scheme = scheme, .keys = &none, .iccid = "8988211000000000011", .bits = 18};
	struct swept swept = {.busy = 0};

	for (search.threads = 1; search.bits < 32; search.bits++)
		if (seed_search(&swept, &search) < 0 || swept.busy >= seconds)
			break;
	return swept.busy > 0 ? (double)swept.tried / swept.busy : 0;
}

static void row(const char *what, double speed, const char *space, double keys)
{
	double seconds = keys / speed;

	printf("%-34s %9.2f M/s   %s in ", what, speed / 1e6, space);
	if (seconds < 600)
		printf("%.1f s (extrapolated)\n", seconds);
	else if (seconds < 2 * 86400)
		printf("%.1f h (extrapolated)\n", seconds / 3600);
	else
		printf("%.1f years (extrapolated)\n", seconds / YEAR);
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 1, speed, best = 0, naive;
	const double half = 36028797018963968.0; /* 2^55, what DES costs on average */

	printf("searches for keys, one core: measured; what is marked so, extrapolated from that\n");
	row("DES one by one", naive = one_by_one(seconds), "2^55", half);
	for (const struct des_engine *const *e = des_engines; *e; e++) {
		if (!(*e)->usable())
			continue;
		row((*e)->name, speed = des_speed(*e, seconds), "2^55", half);
		best = speed > best ? speed : best;
	}
	row("the best, on a reduced space", best, "2^36", 68719476736.0);
	row("lcg seeds", seed_speed(WEAK_LCG, seconds), "2^32", 4294967296.0);
	row("AES-128 seeds", seed_speed(WEAK_AES_SEED, seconds), "2^32", 4294967296.0);
	printf("best engine: %.0f times one by one here, %.0f times OpenSSL's 4.2 M/s (project's "
	       "measurement)   wanted 10  %s\n",
	       best / naive, best / OPENSSL, best >= 10 * OPENSSL ? "ok" : "MISSED");
	return best >= 10 * OPENSSL ? 0 : 1;
}
