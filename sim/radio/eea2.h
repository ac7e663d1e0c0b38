/* eea2.h - 128-EEA2 and 128-EIA2: the AES pair of LTE (3GPP TS 33.401 Annex B.1.3, B.2.3).
 *
 * EEA2 is AES in counter mode from the block COUNT || BEARER || DIRECTION ||
 * 0...; EIA2 is the first four bytes of AES-CMAC over the same eight bytes and
 * the message. Whole bytes only, which is all that PDCP and NAS send. */
#ifndef SIMRITE_EEA2_H
#define SIMRITE_EEA2_H

#include <stdint.h>

#include "status.h"

enum direction {
	UPLINK = 0,   /* phone to network */
	DOWNLINK = 1, /* network to phone */
};

/* Encipher or decipher (the same thing) in place; `bearer` is 0..31. */
MUST_CHECK int eea2(uint8_t *data, size_t length, const uint8_t key[static 16], uint32_t count,
		    uint8_t bearer, enum direction direction);

/* The message authentication code. */
MUST_CHECK int eia2(uint8_t mac[static 4], const uint8_t *message, size_t length,
		    const uint8_t key[static 16], uint32_t count, uint8_t bearer, enum direction direction);

#endif
