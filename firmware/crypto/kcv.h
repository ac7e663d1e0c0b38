/* kcv.h - key check value: which key is it, without telling it.
 *
 * The first three bytes of AES(key, 01 x 16) (GlobalPlatform Card
 * Specification B.5, Amendment D). Keys of 16, 24 or 32 bytes. ERROR_VALUE,
 * ERROR_CRYPTO. */
#ifndef SIMRITE_KCV_H
#define SIMRITE_KCV_H

#include "status.h"

enum {
	KCV_LENGTH = 3
};

MUST_CHECK int kcv(uint8_t out[static KCV_LENGTH], struct span key);

#endif
