/* DES on 512 keys at a time, in AVX-512, whose logical operation has three inputs. */
#include "weak/des_slice.h"
#include "weak/processor.h"

#ifdef __x86_64__
#include <immintrin.h>

typedef uint64_t word512 __attribute__((vector_size(64)));

static bool usable(void)
{
	return processor_has_avx512();
}

#define WORD   word512
#define LANES  512U
#define TARGET __attribute__((target("avx512f")))
/* Bit 4 a + 2 b + c of `table` is what comes out. */
#define LUT(table, a, b, c)                                                                                  \
	((WORD)_mm512_ternarylogic_epi64((__m512i)(a), (__m512i)(b), (__m512i)(c), (table)))
#define ENGINE      des_engine_avx512
#define ENGINE_NAME "512 keys a word (AVX-512)"
#include "weak/boxes_lut.h"
#include "weak/des_slice_body.h"
#else
static bool usable(void)
{
	return false;
}

const struct des_engine des_engine_avx512 = {.name = "not for this machine", .lanes = 512, .usable = usable};
#endif
