/* Every byte is looked at, and the differences are only judged at the end.
 * The accumulator is volatile so that the loop is not cut short once it is
 * known to be non-zero. A loop that was skipped by a glitch leaves `seen`
 * short of `length` and is DENIED. */
#include "crypto/compare.h"

enum verdict compare_equal(const void *a, const void *b, size_t length)
{
	const uint8_t *left = a, *right = b;
	volatile uint8_t difference = 0;
	volatile size_t seen = 0;

	for (size_t i = 0; i < length; i++) {
		difference = (uint8_t)(difference | (left[i] ^ right[i]));
		seen = seen + 1;
	}
	return difference == 0 && seen == length ? GRANTED : DENIED;
}
