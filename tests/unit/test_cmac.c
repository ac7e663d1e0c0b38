/* PROVES: NIST SP 800-38B, RFC 4493 (AES-128), SP 800-38B appendix D (AES-192, AES-256). */
#include <stdio.h>
#include <string.h>

#include "crypto/cmac.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static size_t hex(uint8_t *out, const char *text)
{
	size_t n = 0;
	unsigned byte;

	for (; text[0] && text[1] && sscanf(text, "%2x", &byte) == 1; text += 2)
		out[n++] = (uint8_t)byte;
	return n;
}

/* Whatever the pieces, the MAC is the same. */
static void check(const uint8_t *key, size_t key_length, const uint8_t *message, size_t length,
		  const uint8_t want[16])
{
	uint8_t mac[16];
	struct cmac m;

	CU_ASSERT_EQUAL(cmac(mac, (struct span){key, key_length}, (struct span){message, length}), OK);
	ASSERT_BYTES(mac, want, 16);
	for (size_t piece = 1; piece <= length; piece++) {
		cmac_start(&m, (struct span){key, key_length});
		for (size_t at = 0; at < length; at += piece)
			cmac_add(&m, message + at, length - at < piece ? length - at : piece);
		CU_ASSERT_EQUAL(cmac_finish(&m, mac), OK);
		ASSERT_BYTES(mac, want, 16);
	}
}

static void check_rfc4493(const struct vectors *v)
{
	static const char *const length[] = {"0", "16", "40", "64"};
	uint8_t key[16], message[64], want[16];
	char name[8];

	vectors_bytes(v, "K", key, 16);
	for (int i = 0; i < 4; i++) {
		size_t n;

		(void)snprintf(name, sizeof(name), "M%s", length[i]);
		n = vectors_any(v, name, message, sizeof(message));
		(void)snprintf(name, sizeof(name), "T%s", length[i]);
		vectors_bytes(v, name, want, 16);
		check(key, 16, message, n, want);
	}
}

static void test_vectors(void)
{
	uint8_t key[32], message[64], want[16];
	size_t key_length = 0, length = 0;
	struct vectors v;
	unsigned cases = 0;

	for (vectors_open(&v, "aes_cmac_rfc4493_sp800-38b.txt"); vectors_next(&v);) {
		if (vectors_has(&v, "K1")) {
			check_rfc4493(&v);
			cases += 4;
		}
		for (size_t i = 0; i < v.count; i++) {
			if (!strcmp(v.field[i].name, "KEY"))
				key_length = hex(key, v.field[i].value);
			if (!strcmp(v.field[i].name, "MESSAGE"))
				length = hex(message, v.field[i].value);
			if (!strcmp(v.field[i].name, "OUTPUT")) {
				CU_ASSERT_EQUAL(hex(want, v.field[i].value), 16);
				check(key, key_length, message, length, want);
				cases++;
			}
		}
	}
	CU_ASSERT_EQUAL(cases, 12);
}

static void test_bad_key(void)
{
	static const uint8_t key[33] = {0};
	uint8_t mac[16];

	CU_ASSERT_EQUAL(cmac(mac, (struct span){key, 15}, (struct span){key, 1}), ERROR_VALUE);
	CU_ASSERT_EQUAL(cmac(mac, (struct span){key, 33}, (struct span){key, 1}), ERROR_VALUE);
	CU_ASSERT_EQUAL(cmac(mac, (struct span){NULL, 0}, (struct span){key, 1}), ERROR_VALUE);
}

UNIT_SUITE("cmac", UNIT(test_vectors), UNIT(test_bad_key))
