/* DES on 64 keys at a time, in plain C. */
#define WORD  uint64_t
#define LANES 64U
#define TARGET
#define ENGINE      des_engine_plain
#define ENGINE_NAME "64 keys a word"

#include "weak/des_slice.h"

static bool usable(void)
{
	return true;
}

#include "weak/boxes_gates.h"
#include "weak/des_slice_body.h"
