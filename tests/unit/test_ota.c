/* Over the air: a short message changes files, once, for who has the keys. */
#include "apdu/ota.h"

#include "fs/file.h"
#include "fs/profile.h"
#include "unit/ota_answers.h"
#include "vectors/vectors.h"

#define USIM "00A4040C 07 A0000000871002"

/* PROVES: TS 102 225 5.1, 5.2, TS 31.115 4, TS 31.111 7.1.1: packets another program made, through the card
 */
static void test_vectors(void)
{
	static const char *const names[] = {"spi_1506_cmd_ciphered_cc", "cmd_por_unciphered_cc",
					    "cmd_por_unciphered_nocc", "cmd_ciphered_cc",
					    "cmd_ciphered_nocc"};
	uint8_t packet[200], user[200];
	struct vectors v;
	int sections = 0, packets = 0;

	vectors_open(&v, "ota_ts102225_pysim.txt");
	while (vectors_next(&v)) {
		int aes = strstr(v.section, "AES") != NULL;
		struct ota o = {.index = aes ? 2 : 3, .aes = (uint8_t)aes, .length = 16};
		struct play p;
		char hex[600];

		sections++;
		vectors_bytes(&v, "kic", o.kic, 16);
		vectors_bytes(&v, "kid", o.kid, 16);
		ota_begin(&p, &o, 0);
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			size_t n;

			if (!vectors_has(&v, names[i]))
				continue;
			packets++;
			n = vectors_any(&v, names[i], packet, sizeof(packet));
			memcpy(o.spi, packet + 3, 2);
			memcpy(o.tar, packet + 7, 3);
			memcpy(user, "\x02\x70\x00", 3);
			memcpy(user + 3, packet, n);
			ota_envelope(hex, user, n + 3);
			PLAY(&p, hex, SW_OK);
			ota_open(&o, p.response, p.length, (o.spi[0] & 3) != 2);
			CU_ASSERT_EQUAL(o.status, 0);
			ANSWERED(&o, "01 612B");
			user[3 + n - 1] ^= 1;
			ota_envelope(hex, user, n + 3);
			CU_ASSERT_EQUAL(play(&p, hex), (o.spi[0] & 3) == 2 ? 0x6200 : SW_OK);
		}
		/* The TPDU as it was captured, whose TP-UDL is wrong. */
		if (vectors_has(&v, "sms_deliver_tpdu") || vectors_has(&v, "sms_deliver_tpdu_ciphered_cc")) {
			const char *name = aes ? "sms_deliver_tpdu" : "sms_deliver_tpdu_ciphered_cc";
			size_t n = vectors_any(&v, name, packet, sizeof(packet));
			uint8_t envelope[220] = {
				0x80, 0xC2, 0,    0,    (uint8_t)(n + 8), 0xD1, (uint8_t)(n + 6), 0x82,
				0x02, 0x83, 0x81, 0x8B, (uint8_t)n};

			packets++;
			memcpy(envelope + 13, packet, n);
			CU_ASSERT_EQUAL(play_bytes(&p, envelope, 13 + n) & 0xFF00, 0x6100);
		}
		play_close(&p);
	}
	CU_ASSERT_EQUAL(sections, 3);
	CU_ASSERT_EQUAL(packets, 7);
}

/* PROVES: TS 102 225 5.1.1, 5.1.4: the counter, its three rules, and that it outlives the power */
static void test_counter(void)
{
	struct ota o = ota_aes();
	struct play p;

	ota_begin(&p, &o, -1);
	SEND(&p, &o, "00A4000C 02 3F00", 0x00);
	SEND(&p, &o, "00A4000C 02 3F00", 0x02); /* the same again */
	o.counter = 0;
	SEND(&p, &o, "00A4000C 02 3F00", 0x02);
	o.counter = 0x100;
	SEND(&p, &o, "00A4000C 02 FFFF", 0x00); /* spent, whatever became of the commands */
	ANSWERED(&o, "01 6A82");
	play_restart(&p);
	SEND(&p, &o, "00A4000C 02 3F00", 0x02);
	o.spi[0] = 0x1E; /* exactly one more */
	o.counter = 0x102;
	SEND(&p, &o, "00A4000C 02 3F00", 0x03);
	o.counter = 0x101;
	SEND(&p, &o, "00A4000C 02 3F00", 0x00);
	SEND(&p, &o, "00A4000C 02 3F00", 0x02);
	o.spi[0] = 0x06; /* less than the set asks for */
	o.counter = 0x103;
	SEND(&p, &o, "00A4000C 02 3F00", 0x0A);
	o.spi[0] = 0x0E;
	SEND(&p, &o, "00A4000C 02 3F00", 0x0A);
	o.spi[0] = 0x12;
	SEND(&p, &o, "00A4000C 02 3F00", 0x0A);
	o.spi[0] = 0x16;
	o.wrong_cc = 1;
	SEND(&p, &o, "00A4000C 02 3F00", 0x01);
	o.wrong_cc = 0;
	SEND(&p, &o, "00A4000C 02 3F00", 0x00); /* nothing of those spent it */
	o.counter = 0xFFFFFFFFFF;
	SEND(&p, &o, "00A4000C 02 3F00", 0x00);
	SEND(&p, &o, "00A4000C 02 3F00", 0x04);
	o.counter = 1;
	SEND(&p, &o, "00A4000C 02 3F00", 0x04);
	/* The same keys put again do not start anew; others do. */
	play_restart(&p);
	CU_ASSERT_EQUAL(play_secure(&p), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E40000 03 D20102"), SW_OK);
	CU_ASSERT_EQUAL(ota_put_keys(&p, &o), SW_OK);
	SEND(&p, &o, "00A4000C 02 3F00", 0x04);
	CU_ASSERT_EQUAL(play_secure(&p), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E40000 03 D20102"), SW_OK);
	o.kid[5] ^= 1;
	CU_ASSERT_EQUAL(ota_put_keys(&p, &o), SW_OK);
	SEND(&p, &o, "00A4000C 02 3F00", 0x00);
	play_close(&p);
}

/* PROVES: TS 102 225 5.1.2, 5.1.3, 5.2: every cipher, and every way to secure the answer */
static void test_ciphers(void)
{
	static const struct {
		uint8_t aes, length;
	} rows[] = {{1, 16}, {1, 24}, {1, 32}, {0, 16}, {0, 24}};
	static const uint8_t por[] = {0x01, 0x09, 0x11, 0x19, 0x21, 0x39};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct ota o = ota_aes(), same;
		struct play p;

		o.aes = rows[i].aes;
		o.length = rows[i].length;
		o.index = (uint8_t)(i == 0 ? 0x0F : 2 + i);
		ota_begin(&p, &o, 0x12);
		for (size_t k = 0; k < sizeof(por); k++) {
			o.spi[0] = k % 2 ? 0x16 : 0x12;
			o.spi[1] = por[k];
			o.counter++;
			SEND(&p, &o, "00A4080C 02 2FE2 00B0000000", 0x00);
			ANSWERED(&o, "02 9000 FFFFFFFFFFFFFFFFFFFF");
		}
		/* Another set's number, another cipher, two sets at once. */
		o.counter++;
		o.kic_byte = (uint8_t)(0x10 | (ota_indicator(&o) & 15));
		o.kid_byte = o.kic_byte;
		SEND(&p, &o, "00A4000C 02 3F00", 0x06);
		o.kic_byte = (uint8_t)(o.index << 4 | 1);
		o.kid_byte = 0;
		SEND(&p, &o, "00A4000C 02 3F00", 0x06);
		o.kic_byte = (uint8_t)((o.index ^ 1) << 4 | (ota_indicator(&o) & 15));
		SEND(&p, &o, "00A4000C 02 3F00", 0x06);
		o.kic_byte = 0;
		/* Nor when both have the same keys. */
		same = o;
		same.index ^= 1;
		CU_ASSERT_EQUAL(play_secure(&p), SW_OK);
		CU_ASSERT_EQUAL(ota_put_keys(&p, &same), SW_OK);
		o.kid_byte = ota_indicator(&same);
		SEND(&p, &o, "00A4000C 02 3F00", 0x06);
		o.kid_byte = 0;
		o.padding = 0xFF; /* under a right CC */
		SEND(&p, &o, "00A4000C 02 3F00", 0x01);
		o.padding = 0;
		SEND(&p, &o, "00A4000C 02 3F00", 0x00);
		play_close(&p);
	}
}

/* PROVES: TS 102 225 5.1.1: when there is an answer */
static void test_when_answered(void)
{
	struct ota o = ota_aes();
	struct play p;

	ota_begin(&p, &o, -1);
	o.spi[1] = 0x18; /* never */
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4000C 02 3F00"), SW_OK);
	CU_ASSERT_EQUAL(p.length, 0);
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4000C 02 3F00"), SW_OK);
	CU_ASSERT_EQUAL(p.length, 0);
	o.spi[1] = 0x1A; /* when something is wrong: with the packet, not with its commands */
	o.counter = 2;
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4000C 02 FFFF"), SW_OK);
	CU_ASSERT_EQUAL(p.length, 0);
	SEND(&p, &o, "00A4000C 02 3F00", 0x02);
	o.tar[0] = 0xB1;
	SEND(&p, &o, "00A4000C 02 3F00", 0x09);
	o.spi[1] = 0x1B;
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4000C 02 3F00"), SW_OK);
	CU_ASSERT_EQUAL(p.length, 0);
	play_close(&p);
}

/* PROVES: a wrong CC tells nothing that a key made: every such answer is the same, whatever the packet asked
 */
static void test_wrong_cc_tells_nothing(void)
{
	struct ota o = ota_aes();
	uint8_t first[64];
	size_t length = 0;
	struct play p;

	ota_begin(&p, &o, -1);
	for (uint8_t i = 1; i < 20; i++) {
		o.wrong_cc = i;
		o.counter = i * 1000;
		SEND(&p, &o, i % 2 ? "00A4000C 02 3F00" : "00D60000 02 0102", 0x01);
		CU_ASSERT_EQUAL(o.answered, 0);
		if (i == 1)
			memcpy(first, p.response, length = p.length);
		CU_ASSERT_EQUAL(p.length, length);
		ASSERT_BYTES(p.response, first, length);
	}
	play_close(&p);
}

static const char *const bad_parts[] = {
	"80C20000 09 D107 82028381 8B0140",
	"80C20000 0B D109 82028381 8B03400481",
	"80C20000 08 D106 82028381 0600",
	"80C20000 04 D1028B05",
	"80C20000 1A D118 82028381 8B12 40048121437FF62270520000000003 027000",
};

/* PROVES: TS 23.040 9.2.3.24: messages in parts, in any order, and what is no message */
static void test_parts(void)
{
	uint8_t script[400];
	struct ota o = ota_aes();
	struct play p;
	char hex[600];
	size_t n;

	ota_begin(&p, &o, -1);
	/* The longest record there is of ours: 176 bytes, in 2 messages and in 3. */
	for (uint8_t way = 0; way < 4; way++) {
		n = play_unhex(script, sizeof(script), "00A4000C 02 6F3C 00DC0104 B0");
		memset(script + n, 0x10 + way, 176);
		n += 176;
		o.parts = 2;
		o.backwards = way % 2;
		o.spi[0] = way < 2 ? 0x16 : 0x12;
		if (way >= 2) {
			o.parts = 3;
			n += play_unhex(
				script + n, sizeof(script) - n,
				"00A4000C 02 6FAD 00D60000 04 00000002 00A4000C 02"
				"6F3C 00A4000C 02 6F3C 00A4000C 02 6F3C 00A4000C 02 6F3C 00A4000C 02 6F3C 00A4000C 02 6F3C"
				"00A4000C 02 6F3C 00A4000C 02 6F3C 00A4000C 02 6F3C");
		}
		if (way == 2)
			CU_ASSERT_EQUAL(ota_level(&p, &o, 0x12), SW_OK);
		o.counter++;
		CU_ASSERT_EQUAL(ota_send_bytes(&p, &o, script, n), SW_OK);
		ota_open(&o, p.response, p.length, 0);
		CU_ASSERT_EQUAL(o.status, 0);
		CU_ASSERT_EQUAL(o.answer[0], way < 2 ? 2 : 13);
		PLAY(&p, USIM, SW_OK);
		PLAY(&p, "00A4000C 02 6F3C", SW_OK);
		PLAY(&p, "00B20104B0", SW_OK);
		CU_ASSERT_EQUAL(p.response[175], 0x10 + way);
	}
	/* A part of another message begins anew; a fourth part has no room. */
	for (size_t i = 0; i < sizeof(bad_parts) / sizeof(bad_parts[0]); i++)
		PLAY(&p, bad_parts[i], 0x6A80);
	ota_envelope(hex, (const uint8_t *)"\x05\x00\x03\x01\x04\x01xxxx", 10);
	PLAY(&p, hex, 0x6A80);
	ota_envelope(hex, (const uint8_t *)"\x07\x00\x03\x01\x04\x01\x70\x00xx", 10);
	PLAY(&p, hex, 0x6A84);
	ota_envelope(hex, (const uint8_t *)"\x05\x00\x03\x01\x02\x00xxxx", 10);
	PLAY(&p, hex, 0x6A80);
	ota_envelope(hex, (const uint8_t *)"\x05\x00\x03\x01\x02\x03xxxx", 10);
	PLAY(&p, hex, 0x6A80);
	ota_envelope(hex, (const uint8_t *)"\x05\x00\x03\x01\x02\x02xxxx", 10);
	PLAY(&p, hex, 0x9000);
	ota_envelope(hex, (const uint8_t *)"\x05\x00\x03\x02\x02\x02xxxx", 10);
	PLAY(&p, hex, 0x9000);
	ota_envelope(hex, (const uint8_t *)"\x07\x00\x03\x01\x02\x01\x70\x00xx", 10);
	PLAY(&p, hex, 0x9000);
	ota_envelope(hex, (const uint8_t *)"\x05\x00\x03\x01\x02\x02xxxx", 10);
	PLAY(&p, hex, 0x6A80); /* whole, and no packet */
	play_close(&p);
}

/* PROVES: TS 102 221 11.2.2: what is no envelope, and what is for nobody here */
static void test_envelope(void)
{
	static const struct {
		const char *hex;
		uint16_t sw;
	} cases[] = {
		{"80C2000000", 0x6700},
		{"80C20100 04 D6021901", 0x6A86},
		{"80C20001 04 D6021901", 0x6A86},
		{"80C20000 04 D6031901", 0x6A80},
		{"80C20000 05 D602190100", 0x6A80},
		{"80C20000 02 D000", 0x6A80},
		{"80C20000 02 DB00", 0x6A80},
		{"80C20000 01 D1", 0x6A80},
		{"80C20000 04 D6021901", 0x9000},
		{"80C20000 09 D307 82020181 900101", 0x9000},
		{"00C20000 02 D600", 0x6E00},
		{"81C20000 02 D600", 0x6E00},
	};
	struct play p;

	play_open(&p);
	PLAY(&p, "00700001", SW_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		PLAY(&p, cases[i].hex, cases[i].sw);
	play_close(&p);
}

/* A locked card takes nothing over the air; PUT KEY and INITIALIZE UPDATE keep SCP80 sets apart. */
static void test_key_sets(void)
{
	struct ota o = ota_aes();
	struct play p;

	ota_begin(&p, &o, -1);
	PLAY(&p, "00A40400 08 A000000151000000", SW_OK);
	PLAY(&p, "80500200 08 0102030405060708", 0x6A88); /* for messages, not for sessions */
	PLAY(&p, "80CA00E000", SW_OK);
	CU_ASSERT_PTR_NOT_NULL(memmem(p.response, p.length, "\xC0\x04\x01\x02\x88\x10", 6));
	CU_ASSERT_EQUAL(ota_level(&p, &o, 0x1E), SW_OK);
	CU_ASSERT_EQUAL(ota_level(&p, &o, 0x80), 0x6A80);
	CU_ASSERT_EQUAL(ota_level(&p, &o, 0x01), 0x6A80);
	CU_ASSERT_EQUAL(ota_level(&p, &o, 0x20), 0x6A80);
	CU_ASSERT_EQUAL(ota_put_keys(&p, &o), 0x6A80); /* there already */
	o.index = 4;
	o.aes = 0;
	o.length = 32;
	CU_ASSERT_EQUAL(ota_put_keys(&p, &o), 0x6A80);
	o.length = 24;
	CU_ASSERT_EQUAL(ota_put_keys(&p, &o), SW_OK);
	CU_ASSERT_EQUAL(play_secure(&p), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 04 0F02010F"), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80F0807F00"), SW_OK);
	play_restart(&p);
	CU_ASSERT_EQUAL(ota_send(&p, &o, "00A4000C 02 3F00"), 0x6985);
	play_close(&p);
}

/* Whatever is in a message, a status word that is specified comes, and no file changes that was not signed
 * for. */
static void test_any_message(void)
{
	static const uint8_t head[] = {0x40, 0x04, 0x81, 0x21, 0x43, 0x7F, 0xF6, 0x22, 0x70,
				       0x52, 0,    0,    0,    0,    0x30, 0x02, 0x70, 0x00};
	uint8_t script[20];
	size_t bytes = play_unhex(script, sizeof(script), "00A4000C 02 6FAD 00D60000 01 55");
	uint32_t random = 0x9E3779B9;
	struct ota o = ota_aes();
	long done = 0;
	struct play p;
	uint16_t ad;

	ota_begin(&p, &o, -1);
	ad = file_child(&p.card.store, profile_usim, 0x6FAD);
	for (long i = 0; i < 30000; i++) {
		uint8_t command[255] = {0x80, 0xC2, 0, 0}, *tpdu = command + 13, packet[200], changed;
		size_t n = sizeof(head), length = ota_packet(packet, &o, script, bytes);
		uint16_t sw;

		memcpy(tpdu, head, n);
		memcpy(tpdu + n, packet, length);
		n += length;
		for (int changes = 1 + (int)(i % 4); changes > 0; changes--) {
			random = random * 1664525 + 1013904223;
			tpdu[(random >> 8) % n] = (uint8_t)(random >> 24);
		}
		random = random * 1664525 + 1013904223;
		if (i % 3 == 0)
			n = 1 + (random >> 8) % n;
		command[4] = (uint8_t)(n + 8);
		memcpy(command + 5,
		       (const uint8_t[]){0xD1, (uint8_t)(n + 6), 0x82, 0x02, 0x83, 0x81, 0x8B, (uint8_t)n},
		       8);
		sw = play_bytes(&p, command, 13 + n);
		if (sw >> 8 != 0x61 && sw != 0x9000 && sw != 0x6200 && sw != 0x6A80 && sw != 0x6A84) {
			printf("\n    message %ld: %04X\n", i, sw);
			CU_FAIL("a status word that is not specified");
		}
		CU_ASSERT_EQUAL(file_read(&p.card.store, ad, 0, 0, &changed, 1), OK);
		if (changed == 0)
			continue;
		/* What changes were made are none of the packet's: then it was right, and is done once. */
		CU_ASSERT(n == sizeof(head) + length && memcmp(tpdu + sizeof(head), packet, length) == 0);
		CU_ASSERT_EQUAL(file_write(&p.card.store, ad, 0, 0, (struct span){(const uint8_t *)"", 1}),
				OK);
		o.counter++;
		done++;
	}
	CU_ASSERT(done > 100 && done < 5000);
	play_close(&p);
}

/* PROVES: TS 102 225 5.1.4: who has no key cannot spend the counter of those who have. */
static void test_counter_of_nobody(void)
{
	struct ota o = ota_aes(), forged;
	struct play p;

	ota_begin(&p, &o, 0);
	SEND(&p, &o, "00A4000C 02 3F00", 0x00);
	forged = o;
	forged.spi[0] = 0x10;
	forged.spi[1] = 0x01;
	CU_ASSERT_EQUAL(ota_send(&p, &forged, "00A4000C 02 3F00"), 0x6200);
	ota_open(&forged, p.response, p.length, 1);
	CU_ASSERT_EQUAL(forged.status, 0x02);
	forged.counter = 0xFFFFFFFFFF;
	CU_ASSERT_EQUAL(ota_send(&p, &forged, "00A4000C 02 3F00"), SW_OK);
	/* Nor have what he sends deciphered: without a CC its counter counts as 0, and is told as 0. */
	for (forged.spi[0] = 0x04; forged.spi[0] <= 0x14; forged.spi[0] = (uint8_t)(forged.spi[0] + 0x10)) {
		int counts = forged.spi[0] == 0x14;

		forged.counter = 0x123456789A;
		CU_ASSERT_EQUAL(ota_send(&p, &forged, "00A4000C 02 3F00"), counts ? 0x6200 : SW_OK);
		ota_open(&forged, p.response, p.length, 1);
		CU_ASSERT_EQUAL(forged.status, counts ? 0x02 : 0x00);
		CU_ASSERT_EQUAL(forged.answer_counter, 0);
	}
	o.counter++;
	SEND(&p, &o, "00A4000C 02 3F00", 0x00);
	SEND(&p, &o, "00A4000C 02 3F00", 0x02);
	play_close(&p);
}

UNIT_SUITE("ota", UNIT(test_vectors), UNIT(test_counter), UNIT(test_counter_of_nobody), UNIT(test_ciphers),
	   UNIT(test_when_answered), UNIT(test_wrong_cc_tells_nothing), UNIT(test_parts), UNIT(test_envelope),
	   UNIT(test_key_sets), UNIT(test_any_message))
