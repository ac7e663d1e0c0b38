/* word.h - status words as class A0 has them (3GPP TS 51.011 clause 9.4).
 *
 * The commands of class A0 do their work with the functions of class 00; what
 * those answer is told in the words of 2G terminals here, and only here:
 *
 *     6981 9408   6982 9804   6983 9840   6984 6985 9810   6986 9400
 *     6A82 6282 9404   6A83 9402   6A84 6581 9240   6A86 6B00   6A88 9802
 *     6CXX 67XX, everything else as it is
 *
 * and of a command on a CHV: 63CX 9804, 63C0 9840, 6984 6985 6A80 9808. */
#ifndef SIMRITE_WORD_H
#define SIMRITE_WORD_H

#include "status.h"

/* Any status word; those of 9.4 come back as they are. */
sw_t word_gsm(sw_t sw);

/* What pin_try() and pin_unblock() answered. */
sw_t word_chv(sw_t sw);

#endif
