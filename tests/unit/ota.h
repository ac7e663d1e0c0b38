/* ota.h - the sending end of SCP80, for tests: made from TS 102 225 a second time, without gp/scp80_packet.
 *
 *     struct ota o = {.index = 2, .aes = 1, .length = 16, .spi = {0x16, 0x19}, .tar = {0xB0, 0, 0x11}};
 *     ota_put_keys(&play, &o);             PUT KEY, and 9000
 *     sw = ota_send(&play, &o, "00A40004 02 3F00");
 *     ota_open(&o, play.response, play.length);   then o.status, o.answer, o.answered */
#ifndef OTA_H
#define OTA_H

#include <stdio.h>
#include <string.h>

#include "crypto/aes.h"
#include "crypto/cmac.h"
#include "crypto/des.h"
#include "crypto/kcv.h"
#include "unit/play.h"

struct ota {
	uint8_t index, aes, length; /* key set; AES, or triple DES; bytes of a key */
	uint8_t kic[32], kid[32];
	uint8_t spi[2], tar[3];
	uint64_t counter;
	uint8_t wrong_cc, parts;             /* spoil the CC; send in so many parts (0: one) */
	uint8_t backwards;                   /* the parts from the last to the first */
	uint8_t kic_byte, kid_byte, padding; /* when not 0: instead of the right ones */
	/* What was answered. */
	uint8_t status, answer[160];
	size_t answered;
	uint64_t answer_counter;
};

static inline uint8_t ota_indicator(const struct ota *o)
{
	return (uint8_t)(o->index << 4 | (o->aes ? 2 : o->length == 24 ? 9 : 5));
}

/* The CC: eight bytes. */
static inline int ota_cc(uint8_t cc[static 16], const struct ota *o, const uint8_t *message, size_t length)
{
	uint8_t padded[600] = {0};
	struct span key = {o->kid, o->length};

	if (o->aes)
		return cmac(cc, key, (struct span){message, length});
	memcpy(padded, message, length);
	length = (length + 7) / 8 * 8;
	if (des3_encrypt(padded, key, padded, length) < 0)
		return ERROR_CRYPTO;
	memcpy(cc, padded + length - 8, 8);
	return OK;
}

/* A command packet; its length. */
static inline size_t ota_packet(uint8_t *out, const struct ota *o, const uint8_t *data, size_t length)
{
	static const uint8_t zero[16];
	int cc = (o->spi[0] & 3) == 2, cipher = (o->spi[0] & 4) != 0;
	size_t block = !cipher ? 1 : o->aes ? 16 : 8, inner = 6 + (cc ? 8u : 0u) + length, padding, n;
	uint8_t message[600], mac[16];
	struct span kic = {o->kic, o->length};

	padding = (block - inner % block) % block;
	n = 10 + inner + padding;
	out[0] = (uint8_t)((n - 2) >> 8);
	out[1] = (uint8_t)(n - 2);
	out[2] = cc ? 0x15 : 0x0D;
	memcpy(out + 3, o->spi, 2);
	out[5] = o->kic_byte ? o->kic_byte : ota_indicator(o);
	out[6] = o->kid_byte ? o->kid_byte : ota_indicator(o);
	memcpy(out + 7, o->tar, 3);
	for (int i = 0; i < 5; i++)
		out[10 + i] = (uint8_t)(o->counter >> (32 - 8 * i));
	out[15] = o->padding ? o->padding : (uint8_t)padding;
	memcpy(out + 16 + (cc ? 8 : 0), data, length);
	memset(out + 16 + (cc ? 8 : 0) + length, 0, padding);
	if (cc) {
		memcpy(message, out, 16);
		memcpy(message + 16, out + 24, length + padding);
		CU_ASSERT_EQUAL_FATAL(ota_cc(mac, o, message, 16 + length + padding), OK);
		mac[0] ^= o->wrong_cc;
		memcpy(out + 16, mac, 8);
	}
	if (cipher && o->aes)
		CU_ASSERT_EQUAL_FATAL(aes_cbc_encrypt(out + 10, kic, zero, out + 10, n - 10), OK);
	if (cipher && !o->aes)
		CU_ASSERT_EQUAL_FATAL(des3_encrypt(out + 10, kic, out + 10, n - 10), OK);
	return n;
}

/* ENVELOPE with one short message, as hex; user data is given whole. */
static inline void ota_envelope(char *hex, const uint8_t *user, size_t length)
{
	static const uint8_t head[] = {0x40, 0x04, 0x81, 0x21, 0x43, 0x7F, 0xF6,
				       0x22, 0x70, 0x52, 0,    0,    0,    0};
	uint8_t out[255], n = 0, tpdu = (uint8_t)(sizeof(head) + 1 + length);

	memcpy(out,
	       (const uint8_t[]){0xD1, 0x81, (uint8_t)(tpdu + 7), 0x82, 0x02, 0x83, 0x81, 0x8B, 0x81, tpdu},
	       10);
	n = 10;
	memcpy(out + n, head, sizeof(head));
	out[n + sizeof(head)] = (uint8_t)length;
	memcpy(out + n + sizeof(head) + 1, user, length);
	n = (uint8_t)(n + tpdu);
	hex += sprintf(hex, "80C20000 %02X", n);
	for (size_t i = 0; i < n; i++)
		hex += sprintf(hex, "%02X", out[i]);
}

/* The ENVELOPE of part `number` (1..) of a packet. */
static inline void ota_part(char *hex, const struct ota *o, const uint8_t *packet, size_t length,
			    unsigned number)
{
	unsigned parts = o->parts ? o->parts : 1;
	uint8_t user[140], n = 0;
	size_t from, to;

	if (parts == 1) {
		memcpy(user, (const uint8_t[]){2, 0x70, 0}, 3);
		n = 3;
	} else {
		memcpy(user, (const uint8_t[]){5, 0x00, 3, 0x55, (uint8_t)parts, (uint8_t)number}, 6);
		n = 6;
	}
	if (parts > 1 && number == 1) {
		user[0] = 7;
		memcpy(user + 6, (const uint8_t[]){0x70, 0}, 2);
		n = 8;
	}
	from = number == 1 ? 0 : 132 + (number - 2) * 134u;
	to = number == parts ? length : 132 + (number - 1) * 134u;
	CU_ASSERT_FATAL(from < to && to <= length && n + (to - from) <= sizeof(user));
	memcpy(user + n, packet + from, to - from);
	ota_envelope(hex, user, n + (to - from));
}

static inline uint16_t ota_send_bytes(struct play *p, const struct ota *o, const uint8_t *data, size_t length)
{
	unsigned parts = o->parts ? o->parts : 1;
	uint8_t packet[600];
	size_t n = ota_packet(packet, o, data, length);
	uint16_t sw = 0;
	char hex[600];

	for (unsigned i = 1; i <= parts; i++) {
		ota_part(hex, o, packet, n, o->backwards ? parts + 1 - i : i);
		sw = play(p, hex);
		if (i < parts && (sw != SW_OK || p->length != 0))
			return SW_TECHNICAL_PROBLEM;
	}
	if ((sw & 0xFF00) == 0x6200 && p->length == 0) { /* as terminals do after a warning */
		uint16_t length_sw = play_tpdu(p, "80C0000000");

		(void)sprintf(hex, "80C00000%02X", length_sw & 0xFF);
		if ((length_sw & 0xFF00) == 0x6C00)
			CU_ASSERT_EQUAL(play_tpdu(p, hex), sw);
	}
	return sw;
}

static inline uint16_t ota_send(struct play *p, const struct ota *o, const char *script)
{
	uint8_t data[400];

	return ota_send_bytes(p, o, data, play_unhex(data, sizeof(data), script));
}

/* Take the answer apart as its SPI asked, or, with `plain`, as one without security. */
static inline void ota_open(struct ota *o, const uint8_t *response, size_t length, int plain)
{
	static const uint8_t zero[16];
	int cc = !plain && (o->spi[1] & 0x0C) == 8, cipher = !plain && (o->spi[1] & 0x10);
	uint8_t a[300], message[300], mac[16];
	size_t head = cc ? 24 : 16;
	struct span kic = {o->kic, o->length};

	o->answered = 0;
	o->status = 0xFF;
	CU_ASSERT_FATAL(length >= head && length <= 140);
	memcpy(a, response, length);
	ASSERT_BYTES(a, "\x02\x71\x00", 3);
	CU_ASSERT_EQUAL((size_t)(a[3] << 8 | a[4]), length - 5);
	CU_ASSERT_EQUAL(a[5], head - 6);
	ASSERT_BYTES(a + 6, o->tar, 3);
	if (cipher && o->aes)
		CU_ASSERT_EQUAL_FATAL(aes_cbc_decrypt(a + 9, kic, zero, a + 9, length - 9), OK);
	if (cipher && !o->aes)
		CU_ASSERT_EQUAL_FATAL(des3_decrypt(a + 9, kic, a + 9, length - 9), OK);
	if (cc) {
		memcpy(message, a, 16);
		memcpy(message + 16, a + 24, length - 24);
		CU_ASSERT_EQUAL(ota_cc(mac, o, message, length - 8), OK);
		ASSERT_BYTES(a + 16, mac, 8);
	}
	for (int i = 0; i < 5; i++)
		o->answer_counter = o->answer_counter << 8 | a[9 + i];
	o->answer_counter &= 0xFFFFFFFFFF;
	CU_ASSERT_FATAL(a[14] <= length - head);
	o->status = a[15];
	o->answered = length - head - a[14];
	memcpy(o->answer, a + head, o->answered);
}

/* PUT KEY of the set, KIK being KIc, in a secure channel of its own. */
static inline uint16_t ota_put_keys(struct play *p, const struct ota *o)
{
	static const uint8_t zero[16];
	size_t sealed = (o->length + 15u) / 16 * 16;
	uint8_t key[32], check[8], ones[16];
	char hex[400];
	int n = sprintf(hex, "80D80081 %02X %02X", (int)(1 + 3 * (3 + sealed + 4)), o->index);

	memset(ones, 1, sizeof(ones));
	for (int i = 0; i < 3; i++) {
		const uint8_t *from = i == 1 ? o->kid : o->kic;
		int e = o->aes ? aes_block(key, (struct span){from, o->length}, ones)
			       : des3_encrypt(check, (struct span){from, o->length}, zero, 8);

		CU_ASSERT(e == OK || o->length == 32); /* that many triple DES has not: for refusals */
		if (o->aes)
			memcpy(check, key, 3);
		memset(key, 0, sizeof(key));
		memcpy(key, from, o->length);
		CU_ASSERT_EQUAL(
			aes_cbc_encrypt(key, (struct span){scp03_test_keys.dek, 16}, zero, key, sealed), OK);
		n += sprintf(hex + n, "%02X%02X%02X", o->aes ? 0x88 : 0x80, (int)(1 + sealed), o->length);
		for (size_t b = 0; b < sealed; b++)
			n += sprintf(hex + n, "%02X", key[b]);
		n += sprintf(hex + n, "03%02X%02X%02X", check[0], check[1], check[2]);
	}
	return play_secure(p) == SW_OK ? play_wrapped(p, hex) : SW_TECHNICAL_PROBLEM;
}

/* STORE DATA: the least SPI the card takes with that key set. */
static inline uint16_t ota_level(struct play *p, const struct ota *o, uint8_t least)
{
	char hex[64];

	(void)sprintf(hex, "80E28800 05 0F0302 %02X%02X", o->index, least);
	return play_secure(p) == SW_OK ? play_wrapped(p, hex) : SW_TECHNICAL_PROBLEM;
}

/* A key set with AES-128 and keys to tell apart. */
static inline struct ota ota_aes(void)
{
	struct ota o = {.index = 2,
			.aes = 1,
			.length = 16,
			.spi = {0x16, 0x19},
			.tar = {0xB0, 0x00, 0x11},
			.counter = 1};

	for (uint8_t i = 0; i < 32; i++) {
		o.kic[i] = (uint8_t)(0x20 + i);
		o.kid[i] = (uint8_t)(0xA0 + i);
	}
	return o;
}

#endif
