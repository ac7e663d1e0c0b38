/* atr.h - the answer to reset (ISO/IEC 7816-3 clause 8, ETSI TS 102 221 clause 6.3). */
#ifndef SIMRITE_ATR_H
#define SIMRITE_ATR_H

#include "bounds.h"

#include <stddef.h>
#include <stdint.h>

/* Fill `atr`, return its length. T=0 only, default speed, classes A, B and C;
 * the historical bytes name "simrite". */
size_t atr_fill(uint8_t atr[static ATR_MAX]);

#endif
