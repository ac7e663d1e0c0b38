/* PROVES: sim/eap/md5.h: the seven messages of RFC 1321 A.5 and the first two of RFC 2202 2, as python's
 * hashlib and hmac print them (tests/interop/eap_fs.test.sh has hostapd and eapol_test agree, too); every
 * length of padding. */
#include "eap/md5.h"

#include <string.h>

#include "lib/hex.h"
#include "unit/unit.h"

static void is(const char *message, const char *want)
{
	const struct span part = {(const uint8_t *)message, strlen(message)};
	uint8_t digest[MD5_LENGTH];
	char text[33];

	md5(digest, &part, 1);
	hex_write(text, digest, MD5_LENGTH);
	CU_ASSERT_STRING_EQUAL(text, want);
}

static void test_messages(void)
{
	is("", "d41d8cd98f00b204e9800998ecf8427e");
	is("a", "0cc175b9c0f1b6a831c399e269772661");
	is("abc", "900150983cd24fb0d6963f7d28e17f72");
	is("message digest", "f96b697d7cb7938d525a2f31aaf161d0");
	is("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b");
	is("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
	   "d174ab98d277d9f5a5611c2c9f419d9f");
	is("12345678901234567890123456789012345678901234567890123456789012345678901234567890",
	   "57edf4a22be3c955ac49da2e2107b67a");
}

/* A message in pieces is the message. */
static void test_pieces(void)
{
	uint8_t whole[200], one[MD5_LENGTH], two[MD5_LENGTH];
	size_t n, cut;

	for (n = 0; n < sizeof(whole); n++)
		whole[n] = (uint8_t)(n * 7);
	for (n = 0; n <= sizeof(whole); n++)
		for (cut = 0; cut <= n; cut += 13) {
			const struct span all = {whole, n}, parts[2] = {{whole, cut}, {whole + cut, n - cut}};

			md5(one, &all, 1);
			md5(two, parts, 2);
			ASSERT_BYTES(one, two, MD5_LENGTH);
		}
	md5(one, (const struct span[]){{whole, 200}}, 1);
	ASSERT_BYTES(one,
		     ((const uint8_t[]){0xD9, 0x6C, 0x89, 0xB9, 0xDA, 0x43, 0xF6, 0x90, 0x3C, 0xEA, 0xA1,
					0x4A, 0x71, 0x66, 0xA2, 0x2E}),
		     MD5_LENGTH);
}

static void test_hmac(void)
{
	static const char data[] = "Hi There", question[] = "what do ya want for nothing?";
	uint8_t key[16], mac[MD5_LENGTH];
	struct span part = {(const uint8_t *)data, sizeof(data) - 1};

	memset(key, 0x0B, sizeof(key));
	md5_hmac(mac, (struct span){key, sizeof(key)}, &part, 1);
	ASSERT_BYTES(mac,
		     ((const uint8_t[]){0x92, 0x94, 0x72, 0x7A, 0x36, 0x38, 0xBB, 0x1C, 0x13, 0xF4, 0x8E,
					0xF8, 0x15, 0x8B, 0xFC, 0x9D}),
		     MD5_LENGTH);
	part = (struct span){(const uint8_t *)question, sizeof(question) - 1};
	md5_hmac(mac, (struct span){(const uint8_t *)"Jefe", 4}, &part, 1);
	ASSERT_BYTES(mac,
		     ((const uint8_t[]){0x75, 0x0C, 0x78, 0x3E, 0x6A, 0xB0, 0xB5, 0x03, 0xEA, 0xA8, 0x6E,
					0x31, 0x0A, 0x5D, 0xB7, 0x38}),
		     MD5_LENGTH);
}

UNIT_SUITE("md5", UNIT(test_messages), UNIT(test_pieces), UNIT(test_hmac))
