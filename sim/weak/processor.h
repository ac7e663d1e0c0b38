/* processor.h - which wide words this processor has, and the operating system keeps. */
#ifndef SIMRITE_PROCESSOR_H
#define SIMRITE_PROCESSOR_H

#include <stdbool.h>

bool processor_has_avx2(void);
bool processor_has_avx512(void); /* AVX-512F */

#endif
