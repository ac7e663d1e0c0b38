/* Secured packets as others made them. */
#include "gp/scp80_packet.h"

#include <string.h>

#include "unit/unit.h"
#include "vectors/vectors.h"

#define FILE_NAME "ota_ts102225_pysim.txt"

enum {
	PACKET = 256
};

static void take_keys(struct scp80_keys *keys, const struct vectors *v, int aes)
{
	*keys = (struct scp80_keys){.aes = (uint8_t)aes, .length = 16};
	vectors_bytes(v, "kic", keys->kic, 16);
	vectors_bytes(v, "kid", keys->kid, 16);
}

/* A command packet opens, and its data is the APDU. With `bare`, it is printed without CPL. */
static void opens(const struct vectors *v, const char *name, const struct scp80_keys *keys, int bare)
{
	uint8_t packet[PACKET], apdu[32], tar[3];
	size_t n = vectors_any(v, name, packet + (bare ? 2 : 0), sizeof(packet) - 2);
	size_t length = vectors_any(v, "apdu", apdu, sizeof(apdu));
	struct scp80_header header;
	struct scp80_content content;

	if (bare) {
		packet[0] = 0;
		packet[1] = (uint8_t)n;
		n += 2;
	}
	vectors_bytes(v, "tar", tar, 3);
	CU_ASSERT_EQUAL_FATAL(scp80_parse(&header, (struct span){packet, n}), OK);
	ASSERT_BYTES(header.tar, tar, 3);
	CU_ASSERT(scp80_fits(&header, keys));
	CU_ASSERT_EQUAL_FATAL(scp80_open(&content, &header, keys, packet, n), SCP80_OK);
	ASSERT_BYTES(content.counter, "\0\0\0\0\0", 5);
	CU_ASSERT_EQUAL_FATAL(content.data.length, length);
	ASSERT_BYTES(content.data.at, apdu, length);
}

/* Every bit of it that is changed is found. */
static void tampered(const struct vectors *v, const char *name, const struct scp80_keys *keys)
{
	uint8_t good[PACKET], packet[PACKET];
	size_t n = vectors_any(v, name, good, sizeof(good));
	struct scp80_header header;
	struct scp80_content content;

	for (size_t bit = 0; bit < n * 8; bit++) {
		memcpy(packet, good, n);
		packet[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (scp80_parse(&header, (struct span){packet, n}) == OK &&
		    (header.spi[0] & SCP80_INTEGRITY) == SCP80_WITH_CC) {
			CU_ASSERT_EQUAL(scp80_open(&content, &header, keys, packet, n), SCP80_CC_FAILED);
			ASSERT_BYTES(content.counter, "\0\0\0\0\0", 5);
			CU_ASSERT_EQUAL(content.data.length, 0);
		}
	}
}

/* An answer is the one that was captured. */
static void answers(const struct vectors *v, const char *name, const struct scp80_keys *keys, uint8_t por,
		    const char *data)
{
	static const uint8_t zero[SCP80_COUNTER];
	uint8_t want[PACKET], got[PACKET];
	size_t length = vectors_any(v, name, want, sizeof(want));
	struct scp80_header header = {.spi = {0x06, por}, .tar = {0xB0, 0x00, 0x11}};
	int n;

	memcpy(got + SCP80_ANSWER_HEAD, data, 3);
	n = scp80_answer(got, &header, keys, zero, SCP80_OK, 3);
	CU_ASSERT_EQUAL_FATAL(n, (int)length);
	ASSERT_BYTES(got, want, length);
}

/* PROVES: TS 102 225 5.1, 5.2, TS 31.115 4: triple DES and AES, with and without CC and cipher */
static void test_vectors(void)
{
	struct scp80_keys keys;
	struct vectors v;
	int sections = 0;

	vectors_open(&v, FILE_NAME);
	while (vectors_next(&v)) {
		sections++;
		take_keys(&keys, &v, strstr(v.section, "AES") != NULL);
		if (vectors_has(&v, "spi_1506_cmd_ciphered_cc")) {
			opens(&v, "spi_1506_cmd_ciphered_cc", &keys, 0);
			tampered(&v, "spi_1506_cmd_ciphered_cc", &keys);
			opens(&v, "cmd_por_unciphered_cc", &keys, 0);
			opens(&v, "cmd_por_unciphered_nocc", &keys, 0);
			answers(&v, "por_ciphered_cc", &keys, 0x19, "\x01\x61\x32");
			answers(&v, "por_unciphered_cc", &keys, 0x09, "\x01\x61\x32");
			answers(&v, "por_unciphered_nocc", &keys, 0x01, "\x01\x61\x32");
		} else if (keys.aes) {
			opens(&v, "cmd_ciphered_cc", &keys, 0);
			tampered(&v, "cmd_ciphered_cc", &keys);
			answers(&v, "por_ciphered_cc", &keys, 0x19, "\x01\x61\x32");
		} else {
			opens(&v, "cmd_ciphered_nocc", &keys, 0);
			opens(&v, "cmd_plain", &keys, 1);
			answers(&v, "por_ciphered_cc", &keys, 0x19, "\x01\x61\x2F");
			answers(&v, "por_signed", &keys, 0x09, "\x01\x61\x2F");
			answers(&v, "por_plain", &keys, 0x01, "\x01\x61\x2F");
		}
	}
	CU_ASSERT_EQUAL(sections, 3);
}

/* PROVES: TS 102 225 5.1.2, 5.1.3: which keys go with which header */
static void test_fits(void)
{
	static const struct {
		uint8_t aes, length, spi0, spi1, kic, kid, fits;
	} rows[] = {
		{0, 16, 0x06, 0x19, 0x35, 0x35, 1}, {0, 16, 0x06, 0x19, 0x30, 0x30, 1},
		{0, 16, 0x06, 0x19, 0x39, 0x35, 0}, {0, 24, 0x06, 0x19, 0x39, 0x39, 1},
		{0, 24, 0x06, 0x19, 0x39, 0x35, 0}, {0, 16, 0x06, 0x00, 0x31, 0x35, 0}, /* single DES */
		{1, 16, 0x06, 0x19, 0x22, 0x22, 1}, {1, 32, 0x06, 0x19, 0x22, 0x22, 1},
		{1, 16, 0x06, 0x19, 0x25, 0x22, 0}, {1, 16, 0x06, 0x19, 0x22, 0x25, 0},
		{1, 16, 0x02, 0x09, 0x25, 0x22, 1}, /* KIc is not used */
		{1, 16, 0x02, 0x19, 0x25, 0x22, 0}, /* but for the answer */
		{1, 16, 0x04, 0x01, 0x22, 0x25, 1}, {1, 16, 0x04, 0x09, 0x22, 0x25, 0},
		{1, 16, 0x05, 0x01, 0x22, 0x22, 0}, {1, 16, 0x07, 0x01, 0x22, 0x22, 0}, /* RC, DS */
		{1, 16, 0x06, 0x05, 0x22, 0x22, 0}, {1, 16, 0x06, 0x0D, 0x22, 0x22, 0},
		{1, 16, 0x06, 0x03, 0x22, 0x22, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scp80_header header = {{rows[i].spi0, rows[i].spi1}, rows[i].kic, rows[i].kid, {0}};
		struct scp80_keys keys = {.aes = rows[i].aes, .length = rows[i].length};

		CU_ASSERT_EQUAL(scp80_fits(&header, &keys), rows[i].fits);
	}
}

/* Lengths that are not those of a packet. */
static void test_lengths(void)
{
	static const uint8_t good[] = {0x00, 0x18, 0x15, 0x06, 0x19, 0x35, 0x35, 0xB0, 0x00, 0x11, 0, 0, 0,
				       0,    0,    0,    1,    2,    3,    4,    5,    6,    7,    8, 9, 10};
	uint8_t packet[sizeof(good)];
	struct scp80_header header;

	CU_ASSERT_EQUAL(scp80_parse(&header, (struct span){good, sizeof(good)}), OK);
	for (size_t n = 0; n < sizeof(good); n++)
		CU_ASSERT_EQUAL(scp80_parse(&header, (struct span){good, n}), ERROR_FORMAT);
	memcpy(packet, good, sizeof(good));
	for (unsigned chl = 0; chl < 256; chl++) {
		packet[2] = (uint8_t)chl;
		CU_ASSERT_EQUAL(scp80_parse(&header, (struct span){packet, sizeof(packet)}),
				chl == 0x15 ? OK : ERROR_FORMAT);
	}
	memcpy(packet, good, sizeof(good));
	packet[1] = 0x10; /* shorter than its CC */
	CU_ASSERT_EQUAL(scp80_parse(&header, (struct span){packet, 0x12}), ERROR_FORMAT);
}

UNIT_SUITE("scp80_packet", UNIT(test_vectors), UNIT(test_fits), UNIT(test_lengths))
