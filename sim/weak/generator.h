/* generator.h - four ways in which card keys were made that look random and are not.
 *
 * The report of 2010 says that a small number of Ki "can often be used as seeds to generate much larger
 * batches"; which schemes, it does not say. These are of the kind: whoever has one secret, or none, has
 * every key. They are arithmetic: the bureau (sim/bureau) makes cards with it, and who finds out which it
 * was (theft/thief_generator) makes the same keys.
 *
 *  des-imsi    E is DES under one vendor key of 56 bits, Y the IMSI as BCD, 15 digits behind a 0:
 *              K = E(Y) || E(~Y),  OPc = E(Y xor 55..) || E(Y xor AA..)
 *  lcg         a linear congruential generator, x = 1103515245 x + 12345 mod 2^32, seeded once with 32 bits
 *              and run on from card to card; a byte is x's highest eight bits; 16 bytes of K, then of OPc
 *  aes-seed    AES-128 under a key that is 32 bits of seed behind 96 zeros:
 *              K = AES(ICCID || 1), OPc = AES(ICCID || 2): EF.ICCID's ten bytes, zeros, the number
 *  hash-iccid  K || OPc = SHA-256(the ICCID's digits): no secret at all
 *
 * The last in other dress, too: another text (enum weak_text). */
#ifndef SIMRITE_GENERATOR_H
#define SIMRITE_GENERATOR_H

#include <stdint.h>

enum weak_scheme {
	WEAK_DES_IMSI,
	WEAK_LCG,
	WEAK_AES_SEED,
	WEAK_HASH,
	WEAK_SCHEMES
};

/* What is hashed. */
enum weak_text {
	WEAK_ICCID,
	WEAK_ICCID_SHORT, /* without the check digit */
	WEAK_IMSI,
	WEAK_BOTH, /* ICCID, then IMSI */
	WEAK_TEXTS
};

enum {
	WEAK_LCG_DRAWS = 32 /* a card's */
};

struct weak_keys {
	uint8_t k[16], opc[16];
};

/* "des-imsi", "lcg", "aes-seed", "hash-iccid"; -1: no such scheme. */
const char *weak_name(enum weak_scheme scheme);
int weak_named(enum weak_scheme *scheme, const char *name);
const char *weak_text_name(enum weak_text text); /* "iccid", "iccid-short", "imsi", "iccid-imsi" */

/* Each 0, or -1 when the cipher library refused. Numbers are digit strings. */
int weak_des_imsi(struct weak_keys *keys, const uint8_t vendor_key[static 8], const char *imsi);
int weak_aes_seed(struct weak_keys *keys, uint32_t seed, const char *iccid);
int weak_hash(struct weak_keys *keys, enum weak_text text, const char *iccid, const char *imsi);

/* The next card's; *x is the state before and after. And as many draws back. */
void weak_lcg(struct weak_keys *keys, uint32_t *x);
void weak_lcg_back(uint32_t *x, unsigned draws);

/* Y of des-imsi: what E's first block encrypts. */
void weak_imsi_block(uint8_t block[static 8], const char *imsi);
/* The block that aes-seed's K is the encryption of. */
void weak_iccid_block(uint8_t block[static 16], const char *iccid);

#endif
