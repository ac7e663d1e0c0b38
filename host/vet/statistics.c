#include "vet/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	LAGS = 1024, /* every distance up to here, and then powers of two */
	WINDOW = 8   /* bytes that must not come twice */
};

static const double sigmas = 5.5, sigmas_lags = 6.5, longest_repeat = WINDOW - 1;

/* Deviations from half of the bits set. */
static double ones(const uint8_t *bytes, size_t length)
{
	double count = 0, bits = 8.0 * (double)length;

	for (size_t i = 0; i < length; i++)
		count += __builtin_popcount(bytes[i]);
	return fabs(2 * count - bits) / sqrt(bits);
}

/* Deviations from a change at every second bit. */
static double runs(const uint8_t *bytes, size_t length)
{
	double changes = 0, pairs = 8.0 * (double)length - 1;
	unsigned last = bytes[0] >> 7;

	for (size_t i = 0; i < length; i++) {
		unsigned byte = bytes[i];

		changes += __builtin_popcount(byte ^ (byte >> 1 | last << 7));
		last = byte & 1;
	}
	return fabs(2 * changes - pairs) / sqrt(pairs);
}

/* Chi-square over the 256 values, as deviations from its mean of 255. */
static double values(double *most, const uint8_t *bytes, size_t length)
{
	double counts[256] = {0}, expected = (double)length / 256, square = 0;

	for (size_t i = 0; i < length; i++)
		counts[bytes[i]]++;
	*most = 0;
	for (int i = 0; i < 256; i++) {
		square += (counts[i] - expected) * (counts[i] - expected) / expected;
		if (counts[i] > *most)
			*most = counts[i];
	}
	return fabs(square - 255) / sqrt(510);
}

/* SP 800-90B 6.3.1: bits of entropy in a byte, at least, for all that its most common value tells. */
static double entropy(double most, size_t length)
{
	double p = most / (double)length;

	p += 2.5758293035489 * sqrt(p * (1 - p) / ((double)length - 1));
	return p >= 1 ? 0 : -log2(p);
}

/* Deviations from one in 256 of bytes that come again `lag` bytes later. */
static double lag(const uint8_t *bytes, size_t length, size_t distance)
{
	double pairs = (double)(length - distance), same = 0;

	for (size_t i = distance; i < length; i++)
		same += bytes[i] == bytes[i - distance];
	return fabs(same - pairs / 256) / sqrt(pairs / 256);
}

/* After SP 800-90B 6.3.8. */
static double worst_lag(const uint8_t *bytes, size_t length)
{
	double worst = 0, at;

	for (size_t distance = 1; distance <= length / 2;
	     distance = distance < LAGS ? distance + 1 : 2 * distance) {
		at = lag(bytes, length, distance);
		if (at > worst)
			worst = at;
	}
	return worst;
}

static int order(const void *a, const void *b)
{
	return memcmp(a, b, WINDOW);
}

/* After SP 800-90B 6.3.6: WINDOW when that many bytes come twice, else less. -1: no memory. */
static double repeat(const uint8_t *bytes, size_t length)
{
	size_t count = length - WINDOW + 1;
	uint8_t(*windows)[WINDOW] = malloc(count * sizeof(*windows));
	double longest = 0;

	if (!windows)
		return -1;
	for (size_t i = 0; i < count; i++)
		memcpy(windows[i], bytes + i, WINDOW);
	qsort(windows, count, sizeof(*windows), order);
	for (size_t i = 1; i < count; i++) {
		int same = 0;

		while (same < WINDOW && windows[i][same] == windows[i - 1][same])
			same++;
		if (same > longest)
			longest = same;
	}
	free(windows);
	return longest;
}

int statistics_run(struct statistic out[static STATISTICS], const uint8_t *bytes, size_t length,
		   struct fault *fault)
{
	double most, expected = (double)length / 256;
	int bad = 0;

	if (length < STATISTICS_LEAST)
		return fault_set(fault, FAULT_USAGE, "ask for more challenges",
				 "%zu bytes say nothing: at least %d", length, STATISTICS_LEAST);
	out[0] = (struct statistic){"ones", ones(bytes, length), sigmas, false};
	out[1] = (struct statistic){"runs", runs(bytes, length), sigmas, false};
	out[2] = (struct statistic){"values", values(&most, bytes, length), sigmas, false};
	out[3] = (struct statistic){"most common value", entropy(most, length),
				    entropy(expected + sigmas_lags * sqrt(expected), length), false};
	out[4] = (struct statistic){"lags", worst_lag(bytes, length), sigmas_lags, false};
	out[5] = (struct statistic){"longest repeat", repeat(bytes, length), longest_repeat, false};
	if (out[5].value < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	for (int i = 0; i < STATISTICS; i++) {
		out[i].bad = i == 3 ? out[i].value < out[i].limit : out[i].value > out[i].limit;
		bad += out[i].bad;
	}
	return bad;
}
