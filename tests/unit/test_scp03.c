/* PROVES: gp/scp03.h on the whole card: GlobalPlatform Amendment D 6 and 7,
 * and that the captured commands of real cards pass its unwrapping. */
#include <stdlib.h>

#include "unit/whole_card.h"
#include "vectors/vectors.h"

static struct whole_card w;

static const char get_slots[] = "80CADF2000";

/* PROVES: GPC Amendment D 7.1.1, 7.1.2 */
static void test_open(void)
{
	uint8_t first[32];

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8050300008 0102030405060708 00"), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, 32);
	memcpy(first, w.data, 32);
	CU_ASSERT_EQUAL(first[10], 0x30);
	CU_ASSERT_EQUAL(first[11], 0x03);
	CU_ASSERT_EQUAL(first[12], 0x70);
	CU_ASSERT_EQUAL(first[31], 1); /* sequence counter */
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_OK);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x01), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8050000008 0102030405060708"), SW_OK); /* 00: the first version */
	CU_ASSERT_EQUAL(w.data[10], 0x30);
	CU_ASSERT_EQUAL(w.data[31], 4);
	CU_ASSERT_NOT_EQUAL(memcmp(first + 13, w.data + 13, 8), 0);
	whole_stop(&w);
}

/* The card challenge is what Amendment D 6.2.2.1 makes of key, counter and AID. */
/* PROVES: GPC Amendment D 6.2.2.1, 7.1.1 */
static void test_challenge(void)
{
	static const uint8_t aid[8] = {0xA0, 0, 0, 0x01, 0x51, 0, 0, 0};
	uint8_t want[8];

	whole_start(&w);
	for (uint8_t n = 1; n < 5; n++) {
		uint8_t sequence[3] = {0, 0, n};

		CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
		CU_ASSERT_EQUAL(whole_send(&w, "8050300008 0102030405060708"), SW_OK);
		CU_ASSERT_EQUAL(scp03_card_challenge(want, (struct span){scp03_test_keys.enc, 16}, sequence,
						     (struct span){aid, sizeof(aid)}, 8),
				OK);
		ASSERT_BYTES(w.data + 13, want, 8);
		ASSERT_BYTES(w.data + 29, sequence, 3);
		whole_reset(&w);
	}
	whole_stop(&w);
}

/* PROVES: GPC Amendment D 7.1.1, 7.1.2 */
static void test_bad_commands(void)
{
	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, "8050300008 0102030405060708"), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8050300008 0102030405060708"), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8050310008 0102030405060708"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_send(&w, "8050700008 0102030405060708"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_send(&w, "8050300108 0102030405060708"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_send(&w, "8050300007 01020304050607"), SW_WRONG_LENGTH);
	CU_ASSERT_EQUAL(whole_send(&w, "8050300010 01020304050607080102030405060708"), SW_WRONG_LENGTH);
	/* Without INITIALIZE UPDATE. */
	CU_ASSERT_EQUAL(whole_send(&w, "8482030010 00000000000000000000000000000000"),
			SW_CONDITIONS_NOT_SATISFIED);
	/* Secure messaging without a session. */
	CU_ASSERT_EQUAL(whole_send(&w, "84CADF2008 0102030405060708 00"), SW_SECURITY_NOT_SATISFIED);
	whole_stop(&w);
}

/* Every level but 00, 01, 03, 11, 13 and 33 is refused, and the attempt is over. */
/* PROVES: GPC Amendment D 7.1.2.1 */
static void test_levels(void)
{
	whole_start(&w);
	for (int level = 0; level < 256; level++) {
		int good = level == 0x00 || level == 0x01 || level == 0x03 || level == 0x11 ||
			   level == 0x13 || level == 0x33;

		CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, (uint8_t)level),
				good ? SW_OK : SW_WRONG_P1_P2);
		CU_ASSERT_EQUAL(w.card.scp03.state, good ? SCP03_OPEN : SCP03_CLOSED);
	}
	whole_stop(&w);
}

/* Level 00: opened with cryptogram and MAC, commands in the clear, nothing that asks for more; secure
 * messaging ends it. */
/* PROVES: GPC Amendment D 7.1.2.1 */
static void test_no_messaging(void)
{
	static const char *const more[] = {
		"80E2880009 0F0106 01 2FE2 00 00 98", /* STORE DATA */
		"80E4000003 D20130",                  /* DELETE */
		"80F0800F00",                         /* SET STATUS */
	};
	uint8_t command[SCP03_COMMAND_MAX], put_key[5 + 1 + 3 * (2 + 16 + 4)] = {0x80, 0xD8, 0x00, 0x81, 67};
	static const uint8_t challenge[8] = {9};
	struct fault fault;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x00), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, get_slots), SW_OK);
	CU_ASSERT_EQUAL(w.length, 63);
	CU_ASSERT_EQUAL(whole_send(&w, "00CA006600"), SW_OK);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		CU_ASSERT_EQUAL(whole_send(&w, more[i]), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_apdu(&w, put_key, 5 + 67), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(w.card.scp03.state, SCP03_OPEN);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_SECURE_DATA_INCORRECT);
	CU_ASSERT_EQUAL(w.length, 0);
	CU_ASSERT_EQUAL(w.card.scp03.state, SCP03_CLOSED);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_SECURITY_NOT_SATISFIED);
	/* EXTERNAL AUTHENTICATE is secured also here. */
	for (uint8_t i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
		(void)scp03_begin(&w.channel, command, &scp03_test_keys, challenge);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 14), SW_OK);
		CU_ASSERT_EQUAL(scp03_answer(&w.channel, command, w.data, w.length, 0x00, &fault), 21);
		if (i == 0)
			command[0] = 0x80;
		else
			command[i == 1 ? 13 : 5] ^= 1;
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 21),
				i == 0 ? SW_SECURITY_NOT_SATISFIED : SW_CRYPTOGRAM_WRONG);
		CU_ASSERT_EQUAL(w.card.scp03.state, SCP03_CLOSED);
	}
	whole_stop(&w);
}

/* A wrong cryptogram and a wrong MAC look alike, end the attempt, and cost a
 * sequence number each. */
/* PROVES: GPC Amendment D 6.2.2, 7.1.2 */
static void test_wrong_cryptogram(void)
{
	uint8_t command[SCP03_COMMAND_MAX], good[SCP03_ANSWER_MAX];
	static const uint8_t challenge[8] = {9};
	struct scp03_channel channel;
	struct fault fault;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	for (uint8_t bit = 0; bit < 128; bit++) {
		(void)scp03_begin(&channel, command, &scp03_test_keys, challenge);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 14), SW_OK);
		CU_ASSERT_EQUAL(w.data[31], bit + 1);
		CU_ASSERT_EQUAL(scp03_answer(&channel, good, w.data, w.length, 0x03, &fault), 21);
		memcpy(command, good, 21);
		command[5 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 21), SW_CRYPTOGRAM_WRONG);
		CU_ASSERT_EQUAL(whole_apdu(&w, good, 21), SW_CONDITIONS_NOT_SATISFIED);
	}
	whole_stop(&w);
}

/* A wrong cryptogram is refused also under a right MAC. */
static void test_cryptogram_alone(void)
{
	static const uint8_t challenge[8] = {9}, chaining[16];
	uint8_t command[SCP03_COMMAND_MAX], mac[16];
	struct fault fault;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	for (uint8_t bit = 0; bit < 64; bit++) {
		(void)scp03_begin(&w.channel, command, &scp03_test_keys, challenge);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 14), SW_OK);
		CU_ASSERT_EQUAL(scp03_answer(&w.channel, command, w.data, w.length, 0x03, &fault), 21);
		command[5 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(scp03_command_mac(mac, &w.channel.session, chaining, command,
						  (struct span){command + 5, 8}),
				OK);
		memcpy(command + 13, mac, 8);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 21), SW_CRYPTOGRAM_WRONG);
	}
	whole_stop(&w);
}

/* Any changed bit of a command ends the session; what was in it does not happen. */
/* PROVES: GPC Amendment D 6.2.4 */
static void test_wrong_mac(void)
{
	uint8_t wrapped[SCP03_COMMAND_MAX], plain[] = {0x80, 0xCA, 0xDF, 0x20, 0x00};
	struct fault fault;
	int n;

	whole_start(&w);
	for (size_t bit = 16; bit < 13 * 8; bit++) {
		if (bit / 8 == 4)
			continue; /* P3: checked against the bytes there are */
		CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
		n = scp03_wrap(&w.channel, wrapped, plain, sizeof(plain), &fault);
		CU_ASSERT_EQUAL(n, 14);
		wrapped[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, (size_t)n), SW_SECURE_DATA_INCORRECT);
		CU_ASSERT_EQUAL(w.length, 0);
		wrapped[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, (size_t)n), SW_SECURITY_NOT_SATISFIED);
	}
	whole_stop(&w);
}

static void test_replay(void)
{
	uint8_t wrapped[SCP03_COMMAND_MAX], plain[] = {0x80, 0xCA, 0xDF, 0x20, 0x00};
	struct fault fault;
	int n;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	n = scp03_wrap(&w.channel, wrapped, plain, sizeof(plain), &fault);
	CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, (size_t)n), SW_OK);
	CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, (size_t)n), SW_SECURE_DATA_INCORRECT);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_SECURITY_NOT_SATISFIED);
	whole_stop(&w);
}

/* Reset, SELECT of an application and a new INITIALIZE UPDATE end a session. */
static void test_ends(void)
{
	whole_start(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8050300008 0102030405060708"), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_SECURITY_NOT_SATISFIED);
	whole_stop(&w);
}

/* GlobalPlatform commands in the clear are refused while a session is open, at
 * either level, and do not count in it; files and PINs are another matter. */
static void test_plain_beside(void)
{
	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, get_slots), SW_OK); /* no session yet */
	CU_ASSERT_EQUAL(whole_send(&w, "00CA006600"), SW_OK);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x01), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, get_slots), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(w.length, 0);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, get_slots), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "80CADF2100"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "00CA006600"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "80D8308101 31"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "00CA006600"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "0084000008"), SW_OK); /* GET CHALLENGE */
	CU_ASSERT_EQUAL(whole_send(&w, "0020000A08 3132333435363738"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "80F2000C"), SW_OK); /* STATUS of TS 102 221 */
	CU_ASSERT_EQUAL(whole_send(&w, "80E2880003 0F0201"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8050300008 0102030405060708"), SW_OK); /* a new one may begin */
	CU_ASSERT_EQUAL(whole_send(&w, get_slots), SW_OK);                     /* and none is open */
	whole_stop(&w);
}

/* ---- whole sessions, host against card ---- */

/* Another "i" for version 30. */
static void choose_i(uint8_t i)
{
	uint8_t grouping[5] = {0x0F, 0x03, 0x02, 0x30, i};

	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_store_data(&w, grouping, sizeof(grouping)), SW_OK);
}

/* Commands with and without data and answers, one that fails in between, at
 * one level. The host checks every answer. */
static void talk(const struct scp03_key_set *keys, uint8_t level)
{
	CU_ASSERT_EQUAL(whole_open(&w, keys, level), SW_OK);
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_OK);
		CU_ASSERT_EQUAL_FATAL(w.length, 63);
		ASSERT_BYTES(w.data, "\xDF\x20", 2);
		CU_ASSERT_EQUAL(whole_secure(&w, "80CA9F7F00"), SW_REFERENCE_NOT_FOUND);
		CU_ASSERT_EQUAL(w.length, 0);
		CU_ASSERT_EQUAL(whole_secure(&w, "80E2880009 0F0106 01 2FE2 00 00 98"),
				level & SCP03_C_DEC ? SW_OK : SW_SECURITY_NOT_SATISFIED);
	}
}

/* PROVES: GPC Amendment D 6.2.5, 6.2.7 */
static void test_modes(void)
{
	static const uint8_t levels[] = {0x01, 0x03, 0x11, 0x13, 0x33};
	static const uint8_t is[] = {0x60, 0x70, 0x71, 0x61};
	struct scp03_key_set keys = scp03_test_keys;

	for (size_t n = 0; n < sizeof(is); n++) {
		whole_start(&w);
		choose_i(is[n]);
		keys.mode = is[n] & 1 ? SCP03_S16 : SCP03_S8;
		for (size_t i = 0; i < sizeof(levels); i++)
			talk(&keys, levels[i]);
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
		CU_ASSERT_EQUAL(whole_send(&w, "80CA006600"), SW_OK);
		CU_ASSERT_EQUAL(w.data[49], is[n]);
		whole_stop(&w);
	}
}

/* The wire: answers are longer by MAC and padding, and have no clear text. */
static void test_wire(void)
{
	static const uint8_t levels[] = {0x01, 0x11, 0x33};
	static const size_t lengths[2][3] = {{63, 63 + 8, 64 + 8}, {63, 63 + 16, 64 + 16}};
	uint8_t wrapped[SCP03_COMMAND_MAX], plain[] = {0x80, 0xCA, 0xDF, 0x20, 0x00};
	struct scp03_key_set keys = scp03_test_keys;
	struct fault fault;
	int n;

	whole_start(&w);
	for (size_t s16 = 0; s16 < 2; s16++) {
		if (s16)
			choose_i(0x71);
		keys.mode = s16 ? SCP03_S16 : SCP03_S8;
		for (size_t i = 0; i < sizeof(levels); i++) {
			CU_ASSERT_EQUAL(whole_open(&w, &keys, levels[i]), SW_OK);
			n = scp03_wrap(&w.channel, wrapped, plain, sizeof(plain), &fault);
			CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, (size_t)n), SW_OK);
			CU_ASSERT_EQUAL(w.length, lengths[s16][i]);
			CU_ASSERT_EQUAL(memcmp(w.data, "\xDF\x20", 2) == 0, levels[i] != 0x33);
			/* An error has no MAC. */
			memcpy(plain + 2, "\x9F\x7F", 2);
			n = scp03_wrap(&w.channel, wrapped, plain, sizeof(plain), &fault);
			CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, (size_t)n), SW_REFERENCE_NOT_FOUND);
			CU_ASSERT_EQUAL(w.length, 0);
			memcpy(plain + 2, "\xDF\x20", 2);
		}
		/* A success without data has nothing but its MAC. */
		CU_ASSERT_EQUAL(whole_open(&w, &keys, 0x33), SW_OK);
		memcpy(wrapped + 100, "\x80\xE2\x88\x00\x05\x0F\x03\x02\x30", 9);
		wrapped[109] = s16 ? 0x71 : 0x70;
		n = scp03_wrap(&w.channel, wrapped, wrapped + 100, 10, &fault);
		CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, (size_t)n), SW_OK);
		CU_ASSERT_EQUAL(w.length, s16 ? 16 : 8);
		CU_ASSERT_EQUAL(scp03_undo(&w.channel, w.data, w.length, SW_OK, &fault), 0);
	}
	whole_stop(&w);
}

/* The key set says which mode, not the host; a random challenge has no counter
 * and is another one each time. */
static void test_i(void)
{
	uint8_t first[16];

	whole_start(&w);
	choose_i(0x61);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8050300008 0102030405060708"), SW_WRONG_LENGTH);
	CU_ASSERT_EQUAL(whole_send(&w, "8050300010 01020304050607080102030405060708"), SW_OK);
	CU_ASSERT_EQUAL(w.length, 13 + 32);
	memcpy(first, w.data + 13, 16);
	CU_ASSERT_EQUAL(whole_send(&w, "8050300010 01020304050607080102030405060708"), SW_OK);
	CU_ASSERT_NOT_EQUAL(memcmp(first, w.data + 13, 16), 0);
	CU_ASSERT_EQUAL(whole_send(&w, "80CA00C100"), SW_OK);
	ASSERT_BYTES(w.data, "\xC1\x03\x00\x00\x01", 5); /* of choose_i() */
	whole_stop(&w);
	whole_start(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880005 0F0302 3010"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880005 0F0302 30F0"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880005 0F0302 3170"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880004 0F0301 30"), SW_WRONG_DATA);
	whole_stop(&w);
}

/* ---- captured sessions through the whole card ---- */

/* What was sent to a real card after its challenge, now to this one: every
 * MAC fits, and the answer to get_eid is secured as it was. */
static void replay(const struct vectors *v, const struct key_set *set, uint8_t level)
{
	static const char *const sent[5] = {"get_eid_cmd", "case_1_apdu", "case_2_apdu", "case_3_apdu",
					    "case_4_apdu"};
	static const uint8_t eid[] = {0xBF, 0x3E, 0x12, 0x5A, 0x10, 0x89, 0x88, 0x21, 0x19, 0x90, 0x00,
				      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05};
	uint8_t bytes[300], init[32], answer[256], want[64], cryptogram[16];
	struct scp03 *session = &w.card.scp03;
	size_t n;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	(void)vectors_any(v, "init_upd_cmd", bytes, sizeof(bytes));
	vectors_bytes(v, "init_upd_rsp", init, 32);
	CU_ASSERT_EQUAL(scp03_challenged(session, cryptogram, set, bytes + 5, init + 13), OK);
	ASSERT_BYTES(cryptogram, init + 21, 8);
	n = vectors_any(v, "ext_auth_cmd", bytes, sizeof(bytes));
	CU_ASSERT_EQUAL(whole_apdu(&w, bytes, n), SW_OK);
	CU_ASSERT_EQUAL(session->level, level);
	for (uint32_t i = 0; i < 5; i++) {
		n = vectors_any(v, sent[i], bytes, sizeof(bytes));
		CU_ASSERT_NOT_EQUAL(whole_apdu(&w, bytes, n), SW_SECURE_DATA_INCORRECT);
		CU_ASSERT_EQUAL_FATAL(session->state, SCP03_OPEN);
		CU_ASSERT_EQUAL(session->counter, i + 1);
		if (i == 2)
			CU_ASSERT(w.length >= 50); /* card data: GET DATA 0066 */
		if (i != 0)
			continue;
		n = vectors_any(v, "get_eid_rsp", want, sizeof(want));
		memcpy(answer, eid, sizeof(eid));
		CU_ASSERT_EQUAL_FATAL(scp03_protect(session, level, answer, sizeof(eid), SW_OK), (int)n);
		ASSERT_BYTES(answer, want, n);
	}
	whole_stop(&w);
}

/* PROVES: GPC Amendment D 6.2.1, 6.2.2, 6.2.4 to 6.2.7 */
static void test_captures(void)
{
	static const char *const enc[3] = {"AES128_ENC", "AES192_ENC", "AES256_ENC"};
	static const char *const mac[3] = {"AES128_MAC", "AES192_MAC", "AES256_MAC"};
	struct key_set sets[3] = {{0}};
	struct vectors v;
	unsigned sessions = 0;

	for (vectors_open(&v, "scp03_captures_pysim.txt"); vectors_next(&v);) {
		const char *level = strstr(v.section, "level 0x"), *aes = strstr(v.section, "AES-");

		for (int i = 0; i < 3 && vectors_has(&v, enc[0]); i++) {
			sets[i].i = 0x70;
			sets[i].length = (uint8_t)vectors_any(&v, enc[i], sets[i].enc, SCP03_KEY_MAX);
			(void)vectors_any(&v, mac[i], sets[i].mac, SCP03_KEY_MAX);
		}
		if (!level || !aes)
			continue;
		replay(&v, &sets[(atoi(aes + 4) - 128) / 64], (uint8_t)strtoul(level + 8, NULL, 16));
		sessions++;
	}
	CU_ASSERT_EQUAL(sessions, 9);
}

UNIT_SUITE("scp03", UNIT(test_open), UNIT(test_challenge), UNIT(test_bad_commands), UNIT(test_levels),
	   UNIT(test_no_messaging), UNIT(test_wrong_cryptogram), UNIT(test_cryptogram_alone),
	   UNIT(test_wrong_mac), UNIT(test_replay), UNIT(test_ends), UNIT(test_plain_beside),
	   UNIT(test_modes), UNIT(test_wire), UNIT(test_i), UNIT(test_captures))
