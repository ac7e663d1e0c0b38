/* PROVES: sim/eap/eap_packet.h: what is written is read back, with lengths, padding and order as RFC 4187 8,
 * RFC 9048 3 and RFC 9678 6 have them; whatever is cut short or does not fit is refused; AT_MAC covers every
 * byte. */
#include "eap/eap_packet.h"

#include <stdlib.h>
#include <string.h>

#include "unit/unit.h"

static const uint8_t k_aut[32] = {1, 2, 3}, rand16[16] = {0xA0, 0xA1}, autn[16] = {0xB0, 0xB1};
static const char name[] = "5G:mnc001.mcc001.3gppnetwork.org";
static uint8_t pub[33] = {2, 0xC1};

static size_t challenge(struct eap_writer *w)
{
	int n;

	eap_write_start(w, EAP_REQUEST, 7, EAP_AKA_CHALLENGE);
	eap_write(w, AT_RAND, rand16, 16);
	eap_write(w, AT_AUTN, autn, 16);
	eap_write_number(w, AT_KDF, 1);
	eap_write(w, AT_KDF_INPUT, name, sizeof(name) - 2); /* 31 bytes: one of padding */
	eap_write_number(w, AT_KDF_FS, 2);
	eap_write_number(w, AT_KDF_FS, 1);
	eap_write(w, AT_PUB_ECDHE, pub, 33);
	eap_write_mac(w);
	n = eap_write_finish(w, k_aut);
	CU_ASSERT_FATAL(n > 0);
	return (size_t)n;
}

static void test_challenge(void)
{
	struct eap_writer w;
	struct eap_packet p;
	size_t n = challenge(&w);

	CU_ASSERT_EQUAL(n, 8 + 20 + 20 + 4 + 36 + 4 + 4 + 36 + 20);
	CU_ASSERT_EQUAL_FATAL(eap_packet_read(&p, w.bytes, n), OK);
	CU_ASSERT(p.code == EAP_REQUEST && p.identifier == 7 && p.type == EAP_AKA_PRIME);
	CU_ASSERT_EQUAL(p.subtype, EAP_AKA_CHALLENGE);
	ASSERT_BYTES(p.rand.at, rand16, 16);
	ASSERT_BYTES(p.autn.at, autn, 16);
	CU_ASSERT(p.kdf.count == 1 && p.kdf.values[0] == 1);
	CU_ASSERT(p.kdf_fs.count == 2 && p.kdf_fs.values[0] == 2 && p.kdf_fs.values[1] == 1);
	CU_ASSERT_EQUAL(p.kdf_input.length, 31);
	ASSERT_BYTES(p.kdf_input.at, name, 31);
	CU_ASSERT_EQUAL(p.pub_ecdhe.length, EAP_PUB_ECDHE);
	ASSERT_BYTES(p.pub_ecdhe.at, pub, 33);
	CU_ASSERT_EQUAL(eap_packet_check(&p, w.bytes, n, k_aut), GRANTED);
}

static void test_mac_covers_all(void)
{
	struct eap_writer w;
	struct eap_packet p;
	uint8_t other[32] = {1, 2, 4};
	size_t n = challenge(&w), i;

	for (i = 0; i < n; i++) {
		w.bytes[i] ^= 1;
		if (eap_packet_read(&p, w.bytes, n) == OK)
			CU_ASSERT_NOT_EQUAL(eap_packet_check(&p, w.bytes, n, k_aut), GRANTED);
		w.bytes[i] ^= 1;
	}
	CU_ASSERT_EQUAL_FATAL(eap_packet_read(&p, w.bytes, n), OK);
	CU_ASSERT_NOT_EQUAL(eap_packet_check(&p, w.bytes, n, other), GRANTED);
	eap_write_start(&w, EAP_REQUEST, 1, EAP_AKA_CHALLENGE);
	n = (size_t)eap_write_finish(&w, NULL);
	CU_ASSERT_EQUAL_FATAL(eap_packet_read(&p, w.bytes, n), OK);
	CU_ASSERT_NOT_EQUAL(eap_packet_check(&p, w.bytes, n, k_aut), GRANTED); /* no MAC is no right MAC */
}

static void test_cut_short(void)
{
	struct eap_writer w;
	struct eap_packet p;
	size_t n = challenge(&w), cut;
	uint8_t *exact;

	for (cut = 0; cut < n; cut++) {
		exact = malloc(cut ? cut : 1); /* so that a sanitizer sees a read behind the end */
		memcpy(exact, w.bytes, cut);
		CU_ASSERT_NOT_EQUAL(eap_packet_read(&p, exact, cut), OK);
		if (cut >= 4) { /* the header's length says so, too: only between attributes is it a packet */
			exact[2] = (uint8_t)(cut >> 8);
			exact[3] = (uint8_t)cut;
			if (eap_packet_read(&p, exact, cut) == OK)
				CU_ASSERT(cut % 4 == 0 && cut >= 8);
		}
		free(exact);
	}
}

/* One attribute, as bytes. */
static int read_one(struct eap_packet *p, const void *attribute, size_t length)
{
	static uint8_t bytes[EAP_MAX];

	memset(bytes, 0, sizeof(bytes));
	bytes[0] = EAP_REQUEST;
	bytes[3] = (uint8_t)(8 + length);
	bytes[4] = EAP_AKA_PRIME;
	bytes[5] = EAP_AKA_CHALLENGE;
	memcpy(bytes + 8, attribute, length);
	return eap_packet_read(p, bytes, 8 + length);
}

static void test_attributes_that_do_not_fit(void)
{
	struct eap_packet p;

	CU_ASSERT_EQUAL(read_one(&p, "\x18\x01\x00\x01", 4), OK);
	CU_ASSERT_EQUAL(read_one(&p, "\x18\x00\x00\x01", 4), ERROR_FORMAT);         /* no words */
	CU_ASSERT_EQUAL(read_one(&p, "\x18\x02\x00\x01", 4), ERROR_FORMAT);         /* behind the end */
	CU_ASSERT_EQUAL(read_one(&p, "\x18\x02\x00\x01\0\0\0\0", 8), ERROR_FORMAT); /* AT_KDF is one word */
	CU_ASSERT_EQUAL(read_one(&p, "\x01\x01\x00\x00", 4), ERROR_FORMAT);         /* RAND of no bytes */
	CU_ASSERT_EQUAL(read_one(&p,
				 "\x03\x02\x00\x20"
				 "abcd",
				 8),
			OK); /* RES of 32 bits */
	CU_ASSERT_EQUAL(p.res.length, 4);
	CU_ASSERT_EQUAL(read_one(&p,
				 "\x03\x02\x00\x21"
				 "abcd",
				 8),
			ERROR_FORMAT); /* 33 bits */
	CU_ASSERT_EQUAL(read_one(&p,
				 "\x03\x02\x00\x28"
				 "abcd",
				 8),
			ERROR_FORMAT); /* more than there is */
	CU_ASSERT_EQUAL(read_one(&p,
				 "\x17\x02\x00\x03"
				 "abc\0",
				 8),
			OK);
	CU_ASSERT_EQUAL(read_one(&p,
				 "\x17\x02\x00\x03"
				 "abcd",
				 8),
			ERROR_FORMAT); /* padding is not zero */
	CU_ASSERT_EQUAL(read_one(&p,
				 "\x17\x03\x00\x03"
				 "abc\0\0\0\0\0",
				 12),
			ERROR_FORMAT); /* a word too many */
	CU_ASSERT_EQUAL(read_one(&p, "\x16\x01\x00\x00\x16\x01\x00\x00", 8), ERROR_FORMAT); /* twice */
	CU_ASSERT_EQUAL(read_one(&p, "\x88\x01\x80\x00", 4), OK);
	CU_ASSERT(p.bidding);
	CU_ASSERT_EQUAL(read_one(&p, "\x88\x01\x00\x00", 4), OK);
	CU_ASSERT(!p.bidding);
}

static void test_unknown(void)
{
	struct eap_packet p;

	CU_ASSERT_EQUAL(read_one(&p,
				 "\xC8\x01\x00\x00\x81\x05\x00\x00"
				 "0123456789abcdef",
				 24),
			OK);
	CU_ASSERT_EQUAL(p.unknown, 0);
	CU_ASSERT_EQUAL(p.skipped, 2);
	CU_ASSERT_EQUAL(read_one(&p, "\x7F\x01\x00\x00", 4), OK);
	CU_ASSERT_EQUAL(p.unknown, 0x7F);
}

static void test_too_many(void)
{
	struct eap_writer w;
	struct eap_packet p;
	int i, n;

	eap_write_start(&w, EAP_REQUEST, 1, EAP_AKA_CHALLENGE);
	for (i = 0; i < EAP_LIST_MAX + 1; i++)
		eap_write_number(&w, AT_KDF_FS, (unsigned)i);
	n = eap_write_finish(&w, NULL);
	CU_ASSERT_EQUAL(eap_packet_read(&p, w.bytes, (size_t)n), ERROR_FORMAT);
	for (i = 0; i < 60; i++)
		eap_write(&w, AT_RAND, rand16, 16);
	CU_ASSERT_EQUAL(eap_write_finish(&w, NULL), ERROR_RANGE);
}

static bool inside(struct span field, const uint8_t *bytes, size_t length)
{
	return !field.at || (field.at >= bytes && field.at + field.length <= bytes + length);
}

/* Random damage: read or refused, but nothing outside the packet is pointed at. */
static void test_damage(void)
{
	struct eap_writer w;
	struct eap_packet p;
	size_t n = challenge(&w), i;
	uint8_t *exact = malloc(n);
	unsigned seed = 5, round;

	for (round = 0; round < 200000; round++) {
		memcpy(exact, w.bytes, n);
		for (i = 0; i < 1 + round % 4; i++)
			exact[4 + (size_t)rand_r(&seed) % (n - 4)] = (uint8_t)rand_r(&seed);
		if (eap_packet_read(&p, exact, n) != OK)
			continue;
		CU_ASSERT(inside(p.rand, exact, n) && inside(p.autn, exact, n) && inside(p.res, exact, n) &&
			  inside(p.auts, exact, n) && inside(p.mac, exact, n) &&
			  inside(p.identity, exact, n) && inside(p.kdf_input, exact, n) &&
			  inside(p.checkcode, exact, n) && inside(p.pub_ecdhe, exact, n) &&
			  inside(p.data, exact, n));
		(void)!eap_packet_check(&p, exact, n, k_aut);
	}
	free(exact);
}

UNIT_SUITE("eap_packet", UNIT(test_challenge), UNIT(test_mac_covers_all), UNIT(test_cut_short),
	   UNIT(test_attributes_that_do_not_fit), UNIT(test_unknown), UNIT(test_too_many), UNIT(test_damage))
