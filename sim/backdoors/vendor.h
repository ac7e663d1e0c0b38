/* vendor.h - what a vendor's cards know of their vendor.
 *
 * A secret that is in every card is lost with the first card that is taken
 * apart; of a pair the card holds only the public half. Both kinds are here:
 * the first is the simpler, the second the better backdoor. */
#ifndef SIMRITE_VENDOR_H
#define SIMRITE_VENDOR_H

#include "crypto/hmac.h"
#include "crypto/sha256.h"

enum {
	VENDOR_ICCID = 10,
	VENDOR_BLOCK =
		30 /* bytes that the generator on a curve gives at a time (SP 800-90A of 2006, 10.3.1) */
};

/* In every card; not secret here, where everybody is to see how it works. */
static const uint8_t vendor_key[SHA256_LENGTH] = "in every card of this vendor, 01";

/* 32 bytes of it for a purpose and what it is about. */
static inline void vendor_secret(uint8_t out[static SHA256_LENGTH], const char *purpose, const uint8_t *about,
				 size_t length)
{
	struct hmac m;

	hmac_start(&m, (struct span){vendor_key, sizeof(vendor_key)});
	while (*purpose)
		hmac_add(&m, (const uint8_t *)purpose++, 1);
	hmac_add(&m, about, length);
	if (hmac_finish(&m, out) != OK)
		__builtin_trap();
}

/* Q of the generator on a curve, compressed: a point of which the vendor alone
 * knows the number d with G = d Q. */
static const uint8_t vendor_point[33] = {0x02, 0x17, 0x0E, 0xA2, 0xAB, 0xE6, 0xEC, 0xC1, 0x59, 0xC8, 0xB9,
					 0x4F, 0x5D, 0x73, 0x91, 0x6C, 0x74, 0xC7, 0x03, 0x14, 0x54, 0xE0,
					 0xD4, 0x59, 0x2F, 0x5C, 0x78, 0x00, 0x68, 0xC3, 0x6A, 0xD2, 0x7B};

/* A code of eight digits for a card. */
static inline void vendor_code(uint8_t code[static 8], const uint8_t iccid[static VENDOR_ICCID])
{
	uint8_t secret[SHA256_LENGTH];

	vendor_secret(secret, "code", iccid, VENDOR_ICCID);
	for (int i = 0; i < 8; i++)
		code[i] = (uint8_t)('0' + secret[i] % 10);
}

#endif
