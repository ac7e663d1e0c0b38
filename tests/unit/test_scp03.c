/* PROVES: gp/scp03.h on the whole card: GlobalPlatform Amendment D 6 and 7,
 * and that the captured commands of real cards pass its unwrapping. */
#include <stdlib.h>

#include "unit/whole_card.h"
#include "vectors/vectors.h"

static struct whole_card w;

static const char get_slots[] = "80CADF2000";

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
	CU_ASSERT_EQUAL(first[12], 0x10);
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
						     (struct span){aid, sizeof(aid)}),
				OK);
		ASSERT_BYTES(w.data + 13, want, 8);
		ASSERT_BYTES(w.data + 29, sequence, 3);
		whole_reset(&w);
	}
	whole_stop(&w);
}

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

/* Every level but 01 and 03 is refused, and the attempt is over. */
static void test_levels(void)
{
	whole_start(&w);
	for (int level = 0; level < 256; level++) {
		int good = level == 0x01 || level == 0x03;

		CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, (uint8_t)level),
				good ? SW_OK : SW_WRONG_P1_P2);
		CU_ASSERT_EQUAL(w.card.scp03.state, good ? SCP03_OPEN : SCP03_CLOSED);
	}
	whole_stop(&w);
}

/* A wrong cryptogram and a wrong MAC look alike, end the attempt, and cost a
 * sequence number each. */
static void test_wrong_cryptogram(void)
{
	uint8_t command[SCP03_COMMAND_MAX], good[21];
	static const uint8_t challenge[8] = {9};
	struct scp03_channel channel;
	struct fault fault;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	for (uint8_t bit = 0; bit < 128; bit++) {
		scp03_begin(&channel, command, &scp03_test_keys, challenge);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 14), SW_OK);
		CU_ASSERT_EQUAL(w.data[31], bit + 1);
		CU_ASSERT_EQUAL(scp03_answer(&channel, good, w.data, w.length, 0x03, &fault), 0);
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
		scp03_begin(&w.channel, command, &scp03_test_keys, challenge);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 14), SW_OK);
		CU_ASSERT_EQUAL(scp03_answer(&w.channel, command, w.data, w.length, 0x03, &fault), 0);
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

/* Plain commands pass beside a session and do not count in it. */
static void test_plain_beside(void)
{
	whole_start(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, get_slots), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "80E2880003 0F0201"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_secure(&w, get_slots), SW_OK);
	whole_stop(&w);
}

/* ---- captured sessions through the card's own unwrapping ---- */

static void replay(const struct vectors *v, struct scp03 *session)
{
	static const char *const sent[5] = {"get_eid_cmd", "case_1_apdu", "case_2_apdu", "case_3_apdu",
					    "case_4_apdu"};
	static const char *const plain[5] = {"80E29100 06BF3E035C015A", "80F22002", "80CA0066",
					     "80F22002 0A4F0212345C054F9F70C5", "80F28002 024F00"};
	uint8_t bytes[300], want[64], buffer[255];
	struct command in, out;

	for (int i = 0; i < 5; i++) {
		size_t length = whole_hex(want, plain[i]), n = vectors_any(v, sent[i], bytes, sizeof(bytes));

		CU_ASSERT_FATAL(n >= 5u + bytes[4]);
		in = (struct command){bytes[0], bytes[1], bytes[2], bytes[3], {bytes + 5, bytes[4]}, 0, 0};
		CU_ASSERT_EQUAL(scp03_unwrap(session, &in, buffer, sizeof(buffer), &out), SW_OK);
		CU_ASSERT_EQUAL(out.cla, want[0]);
		CU_ASSERT_EQUAL(out.ins, want[1]);
		CU_ASSERT_EQUAL(out.security, session->level);
		CU_ASSERT_EQUAL_FATAL(out.data.length, length > 4 ? length - 5 : 0);
		ASSERT_BYTES(out.data.at, want + 5, out.data.length);
	}
}

static void test_captures(void)
{
	uint8_t enc[16] = {0}, mac[16] = {0}, command[300], init[32], chaining[16];
	struct scp03_session_keys keys;
	struct vectors v;
	unsigned sessions = 0;

	for (vectors_open(&v, "scp03_captures_pysim.txt"); vectors_next(&v);) {
		struct scp03 session = {.state = SCP03_OPEN};

		if (vectors_has(&v, "AES128_ENC")) {
			vectors_bytes(&v, "AES128_ENC", enc, 16);
			vectors_bytes(&v, "AES128_MAC", mac, 16);
		}
		if (strncmp(v.section, "SCP03 AES-128 security level 0x", 31) != 0)
			continue;
		(void)vectors_any(&v, "init_upd_cmd", command, sizeof(command));
		vectors_bytes(&v, "init_upd_rsp", init, 32);
		CU_ASSERT_EQUAL(scp03_session_keys(&keys, (struct span){enc, 16}, (struct span){mac, 16},
						   command + 5, init + 13),
				OK);
		(void)vectors_any(&v, "ext_auth_cmd", command, sizeof(command));
		memset(chaining, 0, sizeof(chaining));
		CU_ASSERT_EQUAL(scp03_command_mac(session.chaining, &keys, chaining, command,
						  (struct span){command + 5, 8}),
				OK);
		memcpy(session.enc, keys.enc, 16);
		memcpy(session.mac, keys.mac, 16);
		session.level = (uint8_t)strtoul(v.section + 31, NULL, 16) & 0x03;
		replay(&v, &session);
		sessions++;
	}
	CU_ASSERT_EQUAL(sessions, 3);
}

UNIT_SUITE("scp03", UNIT(test_open), UNIT(test_challenge), UNIT(test_bad_commands), UNIT(test_levels),
	   UNIT(test_wrong_cryptogram), UNIT(test_cryptogram_alone), UNIT(test_wrong_mac), UNIT(test_replay),
	   UNIT(test_ends), UNIT(test_plain_beside), UNIT(test_captures))
