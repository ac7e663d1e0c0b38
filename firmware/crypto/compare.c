/* Every byte is looked at, and the result is made by arithmetic, so that no
 * branch in here depends on the bytes. The accumulator is volatile so that
 * the loop is not cut short once it is known to be non-zero. A loop that was
 * skipped by a glitch leaves `seen` short of `length` and is DENIED. */
#include "crypto/compare.h"

enum verdict compare_equal(const void *a, const void *b, size_t length)
{
	const uint8_t *left = a, *right = b;
	volatile uint8_t difference = 0;
	volatile size_t seen = 0;
	uint32_t equal;

	for (size_t i = 0; i < length; i++) {
		difference = (uint8_t)(difference | (left[i] ^ right[i]));
		seen = seen + 1;
	}
	equal = ((uint32_t)difference - 1) >> 31; /* 1 for no difference, else 0 */
	equal &= (uint32_t)(seen == length);
	return (enum verdict)(DENIED + (GRANTED - DENIED) * equal);
}
