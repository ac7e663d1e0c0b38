/* Asked here and not by the compiler's own helper, which would be a thing more that a thief is linked with.
 */
#include "weak/processor.h"

#ifdef __x86_64__
#include <cpuid.h>

enum {
	OSXSAVE = 1 << 27, /* leaf 1, ECX */
	AVX2 = 1 << 5,     /* leaf 7, EBX */
	AVX512F = 1 << 16,
	YMM = 0x06, /* of XCR0: what is kept when processes change */
	ZMM = 0xE6,
};

static bool has(unsigned feature, unsigned kept)
{
	unsigned a, b, c, d, low, high;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & OSXSAVE))
		return false;
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (low & kept) == kept && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & feature);
}

bool processor_has_avx2(void)
{
	return has(AVX2, YMM);
}

bool processor_has_avx512(void)
{
	return has(AVX512F, ZMM);
}
#else
bool processor_has_avx2(void)
{
	return false;
}

bool processor_has_avx512(void)
{
	return false;
}
#endif
