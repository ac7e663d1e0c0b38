/* The cutoffs, for a false alarm of 2^-30: 1 + ceil(30 / H) equal samples in a
 * row; and 1 + the critical value of the binomial distribution of the window's
 * size and 2^-H. */
#include "crypto/health.h"

#include <string.h>

struct limits {
	uint16_t run, window, equal;
};

/* SPEC: NIST SP 800-90B 4.4.1, 4.4.2: H = 0.5 and windows of 1,024 for the
 * binary samples, H = 4 and 512 for the others. */
static const struct limits of_bits = {61, 1024, 810}, of_bytes = {9, 512, 71};

void health_start(struct health *health)
{
	memset(health, 0, sizeof(*health));
}

/* One sample more: 1 when a test fails. */
static int add(struct health_test *test, const struct limits *limits, uint8_t sample)
{
	test->run = test->run > 0 && sample == test->last ? (uint16_t)(test->run + 1) : 1;
	test->last = sample;
	if (test->seen == 0 || test->seen == limits->window) {
		test->first = sample;
		test->seen = test->equal = 0;
	}
	test->seen++;
	test->equal = (uint16_t)(test->equal + (sample == test->first));
	if (test->run < limits->run && test->equal < limits->equal)
		return 0;
	test->run = limits->run - 1; /* does not wrap, whatever comes */
	return 1;
}

int health_add(struct health *health, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		health->failed |= (uint8_t)add(&health->bytes, &of_bytes, bytes[i]);
		for (unsigned bit = 0; bit < 8; bit++)
			health->failed |= (uint8_t)add(&health->bits, &of_bits, bytes[i] >> bit & 1);
	}
	return health->failed ? ERROR_RANDOM : OK;
}
