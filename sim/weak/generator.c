#include "weak/generator.h"

#include <string.h>

#include "crypto/aes.h"
#include "crypto/des.h"
#include "crypto/sha256.h"

static const char *const scheme_names[WEAK_SCHEMES] = {"des-imsi", "lcg", "aes-seed", "hash-iccid"};
static const char *const text_names[WEAK_TEXTS] = {"iccid", "iccid-short", "imsi", "iccid-imsi"};

const char *weak_name(enum weak_scheme scheme)
{
	return scheme_names[scheme];
}

int weak_named(enum weak_scheme *scheme, const char *name)
{
	for (unsigned i = 0; i < WEAK_SCHEMES; i++)
		if (strcmp(name, scheme_names[i]) == 0) {
			*scheme = (enum weak_scheme)i;
			return 0;
		}
	return -1;
}

const char *weak_text_name(enum weak_text text)
{
	return text_names[text];
}

void weak_imsi_block(uint8_t block[static 8], const char *imsi)
{
	size_t length = strnlen(imsi, 15);

	memset(block, 0, 8);
	for (size_t i = 0; i < length; i++) {
		size_t place = 16 - length + i;

		block[place / 2] |= (uint8_t)((imsi[i] - '0') << (place % 2 ? 0 : 4));
	}
}

int weak_des_imsi(struct weak_keys *keys, const uint8_t vendor_key[static 8], const char *imsi)
{
	static const uint8_t mask[4] = {0x00, 0xFF, 0x55, 0xAA};
	uint8_t y[8], block[8];
	int e = OK;

	weak_imsi_block(y, imsi);
	for (int i = 0; i < 4 && e == OK; i++) {
		for (int b = 0; b < 8; b++)
			block[b] = y[b] ^ mask[i];
		e = des_block((i < 2 ? keys->k : keys->opc) + (i % 2 ? 8 : 0), vendor_key, block);
	}
	return e == OK ? 0 : -1;
}

static uint8_t draw(uint32_t *x)
{
	*x = *x * 1103515245U + 12345U;
	return (uint8_t)(*x >> 24);
}

void weak_lcg(struct weak_keys *keys, uint32_t *x)
{
	for (int i = 0; i < 16; i++)
		keys->k[i] = draw(x);
	for (int i = 0; i < 16; i++)
		keys->opc[i] = draw(x);
}

void weak_lcg_back(uint32_t *x, unsigned draws)
{
	uint32_t inverse = 1103515245U; /* Newton: each step doubles the bits that are right, 3 at first */

	for (int i = 0; i < 4; i++)
		inverse *= 2 - 1103515245U * inverse;
	for (; draws > 0; draws--)
		*x = (*x - 12345U) * inverse;
}

/* EF.ICCID: digit pairs swapped, F at the end (TS 102 221 13.2). */
void weak_iccid_block(uint8_t block[static 16], const char *iccid)
{
	size_t length = strnlen(iccid, 20);

	memset(block, 0, 16);
	for (size_t i = 0; i < 10; i++) {
		unsigned low = 2 * i < length ? (unsigned)(iccid[2 * i] - '0') : 0xF;
		unsigned high = 2 * i + 1 < length ? (unsigned)(iccid[2 * i + 1] - '0') : 0xF;

		block[i] = (uint8_t)(high << 4 | low);
	}
	block[15] = 1;
}

int weak_aes_seed(struct weak_keys *keys, uint32_t seed, const char *iccid)
{
	uint8_t key[16] = {0}, block[16];
	struct span k = {key, sizeof(key)};

	for (int i = 0; i < 4; i++)
		key[12 + i] = (uint8_t)(seed >> (24 - 8 * i));
	weak_iccid_block(block, iccid);
	if (aes_block(keys->k, k, block) < 0)
		return -1;
	block[15] = 2;
	return aes_block(keys->opc, k, block) < 0 ? -1 : 0;
}

int weak_hash(struct weak_keys *keys, enum weak_text text, const char *iccid, const char *imsi)
{
	uint8_t digest[SHA256_LENGTH];
	struct sha256 h;

	sha256_start(&h);
	if (text != WEAK_IMSI)
		sha256_add(&h, iccid, strlen(iccid) - (text == WEAK_ICCID_SHORT));
	if (text == WEAK_IMSI || text == WEAK_BOTH)
		sha256_add(&h, imsi, strlen(imsi));
	if (sha256_finish(&h, digest) < 0)
		return -1;
	memcpy(keys->k, digest, 16);
	memcpy(keys->opc, digest + 16, 16);
	return 0;
}
