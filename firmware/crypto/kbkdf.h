/* kbkdf.h - key derivation in counter mode with AES-CMAC (NIST SP 800-108r1 4.1).
 *
 *     K(i) = CMAC(key, before || [i]_r || after),  i = 1, 2, ...
 *
 * and the first `length` bytes of K(1) || K(2) || ... are the result. What
 * the standard calls fixed input data (label, 00, context, [L]) is split
 * where the counter goes; either part may be empty. `counter_bytes` is r/8,
 * 1..4. keys/derive and gp/scp03_keys sit on this.
 *
 * Returns OK; ERROR_VALUE for a key or counter of a wrong size, or when the
 * counter would run out; ERROR_CRYPTO. On failure `out` is wiped. */
#ifndef SIMRITE_KBKDF_H
#define SIMRITE_KBKDF_H

#include "status.h"

MUST_CHECK int kbkdf_cmac(uint8_t *out, size_t length, struct span key, struct span before,
			  unsigned counter_bytes, struct span after);

#endif
