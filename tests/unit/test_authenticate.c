/* PROVES: auth/authenticate.h and auth/challenge.h on the whole card: 3GPP TS
 * 31.102 7.1, TS 33.102 6.3.3 and Annex C, TS 102 221 11.1.18. */
#include "auth/milenage.h"
#include "powerloss/cut.h"
#include "unit/whole_card.h"

/* TS 35.208 test set 1. */
static const uint8_t k[16] = {0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
			      0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
static const uint8_t opc[16] = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
				0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf};
static const uint8_t rand16[16] = {0x23, 0x55, 0x3c, 0xbe, 0x96, 0x37, 0xa8, 0x9d,
				   0x21, 0x8a, 0xe6, 0x4d, 0xae, 0x47, 0xbf, 0x35};
static const uint8_t amf[2] = {0x80, 0x00};

static struct whole_card w;

static void make_vector(struct aka_vector *v, uint64_t seq, unsigned ind)
{
	uint64_t value = seq << 5 | ind;
	uint8_t sqn[6];

	for (int i = 5; i >= 0; i--, value >>= 8)
		sqn[i] = (uint8_t)value;
	CU_ASSERT_EQUAL(milenage_vector(v, k, opc, rand16, sqn, amf), OK);
}

static sw_t send_vector(const struct aka_vector *v)
{
	uint8_t command[5 + 34] = {0x00, 0x88, 0x00, 0x81, 34, 16};

	memcpy(command + 6, v->rand, 16);
	command[22] = 16;
	memcpy(command + 23, v->autn, 16);
	return whole_apdu(&w, command, sizeof(command));
}

static sw_t authenticate_with(uint64_t seq, unsigned ind)
{
	struct aka_vector v;

	make_vector(&v, seq, ind);
	return send_vector(&v);
}

static void start_with_key(void)
{
	whole_start(&w);
	whole_load_key(&w, 1, k, opc);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
}

static void expect_success(const struct aka_vector *v)
{
	uint8_t want[53] = {0xDB, 8}, kc[8];

	memcpy(want + 2, v->res, 8);
	want[10] = 16;
	memcpy(want + 11, v->ck, 16);
	want[27] = 16;
	memcpy(want + 28, v->ik, 16);
	want[44] = 8;
	milenage_c3(kc, v->ck, v->ik);
	memcpy(want + 45, kc, 8);
	CU_ASSERT_EQUAL_FATAL(w.length, sizeof(want));
	ASSERT_BYTES(w.data, want, sizeof(want));
}

/* DC 0E AUTS, whose SQN_MS is this. */
static void expect_auts(uint64_t seq, unsigned ind)
{
	uint64_t value = seq << 5 | ind;
	uint8_t sqn[6], want[6];

	for (int i = 5; i >= 0; i--, value >>= 8)
		want[i] = (uint8_t)value;
	CU_ASSERT_EQUAL_FATAL(w.length, 16);
	CU_ASSERT_EQUAL(w.data[0], 0xDC);
	CU_ASSERT_EQUAL(w.data[1], 14);
	CU_ASSERT_EQUAL(milenage_resync(sqn, k, opc, rand16, w.data + 2), OK);
	ASSERT_BYTES(sqn, want, 6);
}

/* PROVES: TS 31.102 7.1, TS 102 221 11.1.16, TS 33.102 6.3.3 */
static void test_3g(void)
{
	uint8_t command[39] = {0x00, 0x88, 0x00, 0x81, 34, 16};
	struct aka_vector v;

	start_with_key();
	make_vector(&v, 1, 1);
	memcpy(command + 6, v.rand, 16);
	command[22] = 16;
	memcpy(command + 23, v.autn, 16);
	CU_ASSERT_EQUAL(whole_exchange(&w, command, sizeof(command)),
			0x6135); /* 35 hex: what clients wait for */
	CU_ASSERT_EQUAL(whole_send(&w, "00C0000035"), SW_OK);
	expect_success(&v);
	CU_ASSERT_EQUAL(whole_send(&w, "00C0000035") == SW_OK, 0); /* fetched once */
	whole_stop(&w);
}

/* Replay, stale and far-ahead numbers: AUTS with the highest SEQ accepted. */
/* PROVES: TS 33.102 6.3.3, C.2.1, C.2.2 */
static void test_resynchronisation(void)
{
	struct aka_vector v;

	start_with_key();
	CU_ASSERT_EQUAL(authenticate_with(5, 2), SW_OK);
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	CU_ASSERT_EQUAL(authenticate_with(5, 2), SW_OK);
	expect_auts(5, 2);
	CU_ASSERT_EQUAL(authenticate_with(3, 3), SW_OK); /* another node's older vector: good */
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	CU_ASSERT_EQUAL(authenticate_with(2, 3), SW_OK);
	expect_auts(5, 2);
	CU_ASSERT_EQUAL(authenticate_with(5 + ((uint64_t)1 << 28) + 1, 7), SW_OK);
	expect_auts(5, 2);
	make_vector(&v, 6, 2); /* after resynchronisation the network goes on from there */
	CU_ASSERT_EQUAL(send_vector(&v), SW_OK);
	expect_success(&v);
	whole_reset(&w); /* and a reset changes nothing */
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(send_vector(&v), SW_OK);
	expect_auts(6, 2);
	whole_stop(&w);
}

/* The operator's own limits, set by STORE DATA, hold from then on. */
static void test_limits(void)
{
	start_with_key();
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880010 0F040D 01 000000000064 00000000000A"), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880010 0F040D 01 000000000000 000000000000"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880010 0F040D 01 080000000000 000000000000"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880010 0F040D 01 000000000001 080000000000"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880010 0F040D 05 000000000001 000000000000"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E288000F 0F040C 01 000000000001 0000000000"), SW_WRONG_DATA);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(101, 1), SW_OK);
	expect_auts(0, 0); /* a jump of more than 100 */
	CU_ASSERT_EQUAL(authenticate_with(100, 1), SW_OK);
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	CU_ASSERT_EQUAL(authenticate_with(89, 2), SW_OK);
	expect_auts(100, 1); /* more than 10 behind */
	CU_ASSERT_EQUAL(authenticate_with(90, 2), SW_OK);
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	whole_load_key(&w, 1, k, opc);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(101, 1), SW_OK);
	expect_auts(0, 0); /* they are the slot's, not the key's */
	whole_stop(&w);
}

/* The MAC is judged first: a stranger gets 9862 whatever the number, and
 * leaves no trace. */
/* PROVES: TS 33.102 6.3.3 */
static void test_mac_first(void)
{
	struct aka_vector v;

	start_with_key();
	CU_ASSERT_EQUAL(authenticate_with(5, 2), SW_OK);
	for (int bit = 0; bit < 128; bit += 3) {
		make_vector(&v, bit % 2 ? 5 : 6, 2);
		v.autn[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(send_vector(&v), SW_AUTHENTICATION_MAC);
		CU_ASSERT_EQUAL(w.length, 0);
	}
	CU_ASSERT_EQUAL(authenticate_with(6, 2), SW_OK);
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	whole_stop(&w);
}

/* PROVES: TS 31.102 7.1, TS 33.102 6.8.1.2 */
static void test_gsm(void)
{
	uint8_t command[22] = {0x00, 0x88, 0x00, 0x80, 17, 16}, want[14] = {4};
	struct aka_vector v;

	start_with_key();
	make_vector(&v, 1, 1);
	memcpy(command + 6, rand16, 16);
	CU_ASSERT_EQUAL(whole_exchange(&w, command, sizeof(command)), 0x610E);
	CU_ASSERT_EQUAL(whole_send(&w, "00C000000E"), SW_OK);
	milenage_c2(want + 1, v.res);
	want[5] = 8;
	milenage_c3(want + 6, v.ck, v.ik);
	ASSERT_BYTES(w.data, want, sizeof(want));
	whole_stop(&w);
}

/* PROVES: TS 31.102 7.1.1 */
static void test_who_may(void)
{
	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(1, 1), SW_REFERENCE_NOT_FOUND); /* no key yet */
	whole_load_key(&w, 1, k, opc);
	CU_ASSERT_EQUAL(authenticate_with(1, 1), SW_CONDITIONS_NOT_SATISFIED); /* security domain */
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_MF), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(1, 1), SW_CONDITIONS_NOT_SATISFIED);
	whole_reset(&w);
	CU_ASSERT_EQUAL(authenticate_with(1, 1), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "0028000108 31323334FFFFFFFF"), SW_OK); /* enable PIN1 */
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(1, 1), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "0088008011 10 00000000000000000000000000000000"),
			SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "0020000108 31323334FFFFFFFF"), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(1, 1), SW_OK);
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	whole_stop(&w);
}

/* PROVES: TS 31.102 7.1.2.1, 4.2.8: Kc only with service 27, the GSM context
 * only with service 38 of EF.UST, as it reads now. */
static void test_services(void)
{
	static const char gsm[] = "0088008011 10 23553cbe9637a89d218ae64dae47bf35";
	struct aka_vector v;

	start_with_key();
	CU_ASSERT_EQUAL(whole_send(&w, "00B0840011"), SW_OK); /* EF.UST */
	CU_ASSERT_EQUAL(w.data[3] & 0x04, 0x04);              /* 27 */
	CU_ASSERT_EQUAL(w.data[4] & 0x20, 0x20);              /* 38 */
	CU_ASSERT_EQUAL(whole_send(&w, gsm), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "0020000A08 3132333435363738"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6840301 FB"), SW_OK); /* all of 25..32 but 27 */
	make_vector(&v, 1, 1);
	CU_ASSERT_EQUAL(send_vector(&v), SW_OK);
	CU_ASSERT_EQUAL(w.length, 44);
	ASSERT_BYTES(w.data + 28, v.ik, 16);
	CU_ASSERT_EQUAL(whole_send(&w, gsm), SW_OK);
	CU_ASSERT_EQUAL(w.length, 14);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6840302 04DF"), SW_OK); /* 27, and 33..40 but 38 */
	CU_ASSERT_EQUAL(whole_send(&w, gsm), SW_NO_GSM_ACCESS);
	CU_ASSERT_EQUAL(w.length, 0);
	make_vector(&v, 2, 1);
	CU_ASSERT_EQUAL(send_vector(&v), SW_OK);
	expect_success(&v);
	whole_stop(&w);
}

/* PROVES: TS 31.103 7.1: IMS AKA in ADF.ISIM, with the USIM's key and numbers. */
static void test_isim(void)
{
#define SELECT_ISIM "00A4040C07 A0000000871004"
	uint8_t want[44] = {0xDB, 8};
	struct aka_vector v;

	start_with_key();
	CU_ASSERT_EQUAL(authenticate_with(4, 3), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISIM), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(4, 3), SW_OK); /* the USIM has used that one up */
	expect_auts(4, 3);
	make_vector(&v, 5, 3);
	CU_ASSERT_EQUAL(send_vector(&v), SW_OK);
	memcpy(want + 2, v.res, 8);
	want[10] = 16;
	memcpy(want + 11, v.ck, 16);
	want[27] = 16;
	memcpy(want + 28, v.ik, 16);
	CU_ASSERT_EQUAL_FATAL(w.length, sizeof(want)); /* and no Kc */
	ASSERT_BYTES(w.data, want, sizeof(want));
	v.autn[15] ^= 1;
	CU_ASSERT_EQUAL(send_vector(&v), SW_AUTHENTICATION_MAC);
	CU_ASSERT_EQUAL(whole_send(&w, "0088008011 10 00000000000000000000000000000000"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_send(&w, "0028000108 31323334FFFFFFFF"), SW_OK); /* enable PIN1 */
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISIM), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(6, 3), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "0020000108 31323334FFFFFFFF"), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(6, 3), SW_OK);
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(6, 3), SW_OK);
	expect_auts(6, 3);
	whole_stop(&w);
}

/* PROVES: TS 31.102 7.1.2 */
static void test_bad_commands(void)
{
#define ZERO16 "00000000000000000000000000000000"
	start_with_key();
	CU_ASSERT_EQUAL(whole_send(&w, "0088018122 10" ZERO16 "10" ZERO16), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_send(&w, "0088000022 10" ZERO16 "10" ZERO16), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_send(&w, "0088009122 10" ZERO16 "10" ZERO16), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_send(&w, "0088008511 10" ZERO16), SW_NO_GSM_ACCESS);
	CU_ASSERT_EQUAL(whole_send(&w, "0088008111 10" ZERO16), SW_WRONG_LENGTH);
	CU_ASSERT_EQUAL(whole_send(&w, "0088008022 10" ZERO16 "10" ZERO16), SW_WRONG_LENGTH);
	CU_ASSERT_EQUAL(whole_send(&w, "0088008122 0F" ZERO16 "10" ZERO16), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_send(&w, "0088008122 10" ZERO16 "11" ZERO16), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_send(&w, "0088008011 0E" ZERO16), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_send(&w, "0088008122 10" ZERO16 "10" ZERO16), SW_AUTHENTICATION_MAC);
	whole_stop(&w);
}

/* A new key starts with new numbers; the same vector is good again only then. */
static void test_new_key(void)
{
	start_with_key();
	CU_ASSERT_EQUAL(authenticate_with(9, 2), SW_OK);
	whole_load_key(&w, 1, k, opc);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(9, 2), SW_OK);
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	CU_ASSERT_EQUAL(authenticate_with(9, 2), SW_OK);
	expect_auts(9, 2);
	whole_stop(&w);
}

/* PROVES: TS 102 221 11.1.18 */
static void test_get_challenge(void)
{
	uint8_t first[16];

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, "0084000010"), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, 16);
	memcpy(first, w.data, 16);
	CU_ASSERT_EQUAL(whole_send(&w, "0084000010"), SW_OK);
	CU_ASSERT_NOT_EQUAL(memcmp(first, w.data, 16), 0);
	CU_ASSERT_EQUAL(whole_send(&w, "0084000000"), SW_OK);
	CU_ASSERT_EQUAL(w.length, 256);
	CU_ASSERT_EQUAL(whole_send(&w, "0084000108"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_send(&w, "0084010008"), SW_WRONG_P1_P2);
	whole_stop(&w);
}

/* ---- power cuts in AUTHENTICATE ---- */

static volatile int answered;

static void cut_start(struct cut *cut)
{
	w.hal = cut->hal;
	CU_ASSERT_EQUAL_FATAL(card_start(&w.card, &w.hal), OK);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
}

static void work_cut(struct cut *cut, void *context)
{
	(void)context;
	answered = 0;
	cut_start(cut);
	CU_ASSERT_EQUAL(authenticate_with(6, 2), SW_OK);
	answered = 1;
}

/* Answered: spent. Not answered: spent or still good, and never an old one. */
static int after_cut(struct cut *cut, void *context)
{
	(void)context;
	cut_start(cut);
	if (authenticate_with(5, 2) != SW_OK || w.data[0] != 0xDC)
		return 0;
	if (authenticate_with(6, 2) != SW_OK)
		return 0;
	if (answered && w.data[0] != 0xDC)
		return 0;
	return authenticate_with(7, 2) == SW_OK && w.data[0] == 0xDB;
}

static void test_power_cut(void)
{
	struct cut cut;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 64, 1024, 4, 0xFF), 0);
	memset(&w, 0, sizeof(w));
	w.hal = cut.hal;
	CU_ASSERT_EQUAL_FATAL(card_start(&w.card, &w.hal), OK);
	whole_reset(&w);
	whole_load_key(&w, 1, k, opc);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(authenticate_with(5, 2), SW_OK);
	CU_ASSERT(cut_every(&cut, work_cut, after_cut, NULL) > 9);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

UNIT_SUITE("authenticate", UNIT(test_3g), UNIT(test_resynchronisation), UNIT(test_limits),
	   UNIT(test_mac_first), UNIT(test_gsm), UNIT(test_who_may), UNIT(test_services), UNIT(test_isim),
	   UNIT(test_bad_commands), UNIT(test_new_key), UNIT(test_get_challenge), UNIT(test_power_cut))
