/* DES on 256 keys at a time, in AVX2. */
#include "weak/des_slice.h"
#include "weak/processor.h"

#ifdef __x86_64__
typedef uint64_t word256 __attribute__((vector_size(32)));

static bool usable(void)
{
	return processor_has_avx2();
}

#define WORD        word256
#define LANES       256U
#define TARGET      __attribute__((target("avx2")))
#define ENGINE      des_engine_avx2
#define ENGINE_NAME "256 keys a word (AVX2)"
#include "weak/boxes_gates.h"
#include "weak/des_slice_body.h"
#else
static bool usable(void)
{
	return false;
}

const struct des_engine des_engine_avx2 = {.name = "not for this machine", .lanes = 256, .usable = usable};
#endif
