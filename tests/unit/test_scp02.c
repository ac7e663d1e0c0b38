/* PROVES: gp/scp02.h on the whole card: GlobalPlatform Card Specification
 * appendix E; a captured session; that a session number is spent once, at
 * every power cut. */
#include "crypto/des.h"
#include "gp/key_set.h"
#include "gp/scp02.h"
#include "gp/scp02_keys.h"
#include "powerloss/cut.h"
#include "unit/whole_card.h"
#include "vectors/vectors.h"

static struct whole_card w;

/* The other end, as small as can be. */
static struct {
	struct scp02_session_keys keys;
	uint8_t chaining[8], level;
} host;

static const uint8_t key_enc[16] = {0x10, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
				    0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F};
static const uint8_t key_mac[16] = {0x10, 0x11, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
				    0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F};
static const uint8_t key_dek[16] = {0x10, 0x21, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,
				    0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F};
static const uint8_t zero[16];

/* PUT KEY that adds these three keys; `sealed` are they, enciphered. */
static size_t make_put_key(uint8_t *command, uint8_t old, uint8_t version, const uint8_t sealed[48])
{
	static const uint8_t *const keys[3] = {key_enc, key_mac, key_dek};
	size_t n = 6;

	memcpy(command, (const uint8_t[]){0x80, 0xD8, old, 0x81, 67, version}, 6);
	for (size_t i = 0; i < 3; i++) {
		command[n++] = 0x80;
		command[n++] = 16;
		memcpy(command + n, sealed + 16 * i, 16);
		n += 16;
		command[n++] = 3;
		CU_ASSERT_EQUAL(des3_kcv(command + n, keys[i]), OK);
		n += 3;
	}
	return n;
}

/* Give a card the set, through SCP03. */
static void load(uint8_t version)
{
	uint8_t command[COMMAND_MAX], keys[48];
	struct span dek = {scp03_test_keys.dek, 16};
	size_t n;

	memcpy(keys, key_enc, 16);
	memcpy(keys + 16, key_mac, 16);
	memcpy(keys + 32, key_dek, 16);
	for (size_t i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(aes_cbc_encrypt(keys + 16 * i, dek, zero, keys + 16 * i, 16), OK);
	n = make_put_key(command, 0, version, keys);
	CU_ASSERT_EQUAL_FATAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, n), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, 10);
	ASSERT_BYTES(w.data + 1, command + 25, 3);
}

static void start(uint8_t version)
{
	whole_start(&w);
	load(version);
}

/* INITIALIZE UPDATE; EXTERNAL AUTHENTICATE goes to `command`. */
static sw_t challenge(uint8_t command[21], uint8_t version, uint8_t level)
{
	static const uint8_t mine[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	uint8_t update[14] = {0x80, 0x50, version, 0x00, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0}, cryptogram[8];
	sw_t sw = whole_send(&w, SELECT_ISD);

	if (sw != SW_OK || (sw = whole_apdu(&w, update, sizeof(update))) != SW_OK)
		return sw;
	CU_ASSERT_EQUAL_FATAL(w.length, 28);
	CU_ASSERT_EQUAL(w.data[10], version);
	CU_ASSERT_EQUAL(w.data[11], 0x02);
	CU_ASSERT_EQUAL(scp02_session_keys(&host.keys, key_enc, key_mac, key_dek, w.data + 12), OK);
	CU_ASSERT_EQUAL(scp02_card_cryptogram(cryptogram, &host.keys, mine, w.data + 12), OK);
	ASSERT_BYTES(w.data + 20, cryptogram, 8);
	memcpy(command, (const uint8_t[]){0x84, 0x82, level, 0x00, 16}, 5);
	CU_ASSERT_EQUAL(scp02_host_cryptogram(command + 5, &host.keys, mine, w.data + 12), OK);
	memset(host.chaining, 0, 8);
	host.level = level;
	CU_ASSERT_EQUAL(scp02_command_mac(command + 13, host.chaining, &host.keys, command,
					  (struct span){command + 5, 8}),
			OK);
	return SW_OK;
}

static sw_t open_session(uint8_t version, uint8_t level)
{
	uint8_t command[21];
	sw_t sw = challenge(command, version, level);

	return sw == SW_OK ? whole_apdu(&w, command, sizeof(command)) : sw;
}

/* Wrap a command. `empty`: encipher no data as a block, as some hosts do. */
static size_t wrap(uint8_t *out, const uint8_t *command, size_t length, int empty)
{
	size_t data = length > 5 ? command[4] : 0;
	uint8_t mac[8];
	int n = (int)data;

	memcpy(out, command, 4);
	out[0] |= 0x04;
	out[4] = (uint8_t)(data + 8);
	CU_ASSERT_EQUAL(
		scp02_command_mac(mac, host.chaining, &host.keys, out, (struct span){command + 5, data}), OK);
	memcpy(out + 5, command + 5, data);
	if (host.level == 0x03 && (data > 0 || empty))
		n = scp02_encrypt(out + 5, 240, &host.keys, (struct span){command + 5, data});
	CU_ASSERT_FATAL(n >= 0);
	out[4] = (uint8_t)(n + 8);
	memcpy(out + 5 + n, mac, 8);
	return 13 + (size_t)n;
}

static sw_t send(const char *hex)
{
	uint8_t command[COMMAND_MAX], wrapped[COMMAND_MAX];
	size_t n = whole_hex(command, hex);

	return whole_apdu(&w, wrapped, wrap(wrapped, command, n, 0));
}

/* PROVES: GPC E.5.1, E.4.4, E.4.6 */
static void test_sessions(void)
{
	static const uint8_t versions[] = {0x01, 0x20, 0x2F, 0x70};

	for (size_t i = 0; i < sizeof(versions); i++) {
		start(versions[i]);
		for (int again = 0; again < 3; again++) {
			CU_ASSERT_EQUAL(open_session(versions[i], again == 1 ? 0x01 : 0x03), SW_OK);
			CU_ASSERT_EQUAL(send("80CADF2100"), SW_OK);
			ASSERT_BYTES(w.data, "\xDF\x21\x01\x01", 4);
			CU_ASSERT_EQUAL(send("80F2800206 4F005C029F70"), SW_OK);
			CU_ASSERT_EQUAL(send("80E2880009 0F0106 01 2FE2 00 00 98"),
					again == 1 ? SW_SECURITY_NOT_SATISFIED : SW_OK);
			CU_ASSERT_EQUAL(send("80CA9F7F00"), SW_REFERENCE_NOT_FOUND);
			CU_ASSERT_EQUAL(send("80CADF2100"), SW_OK);
		}
		CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x33), SW_OK); /* beside SCP03 */
		CU_ASSERT_EQUAL(whole_secure(&w, "80CADF2100"), SW_OK);
		whole_stop(&w);
	}
}

static void test_told(void)
{
	start(0x20);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "80CA00E000"), SW_OK);
	CU_ASSERT_EQUAL(w.length, 38);
	ASSERT_BYTES(w.data + 20, "\xC0\x04\x01\x20\x80\x10", 6);
	CU_ASSERT_EQUAL(whole_send(&w, "80CA006600"), SW_OK);
	ASSERT_BYTES(w.data + w.length - 2, "\x02\x15", 2);
	CU_ASSERT_EQUAL(w.data[1], w.length - 2);
	/* 00: the default is never the weaker protocol. */
	CU_ASSERT_EQUAL(whole_send(&w, "8050000008 0102030405060708"), SW_OK);
	CU_ASSERT_EQUAL(w.data[11], 0x03);
	whole_stop(&w);
}

static void test_refused(void)
{
	uint8_t command[21];

	start(0x20);
	for (int level = 0; level < 256; level++)
		if (level != 0x00 && level != 0x01 && level != 0x03)
			CU_ASSERT_EQUAL(open_session(0x20, (uint8_t)level), SW_WRONG_P1_P2);
	for (size_t bit = 0; bit < 128; bit++) {
		CU_ASSERT_EQUAL(challenge(command, 0x20, 0x03), SW_OK);
		CU_ASSERT_EQUAL(w.data[13], 0); /* failed attempts spend no number */
		command[5 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 21), SW_CRYPTOGRAM_WRONG);
		command[5 + bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 21), SW_CONDITIONS_NOT_SATISFIED);
	}
	CU_ASSERT_EQUAL(challenge(command, 0x20, 0x03), SW_OK);
	command[4] = 15;
	CU_ASSERT_EQUAL(whole_apdu(&w, command, 20), SW_WRONG_LENGTH);
	CU_ASSERT_EQUAL(whole_send(&w, "8050200007 01020304050607"), SW_WRONG_LENGTH);
	CU_ASSERT_EQUAL(whole_send(&w, "8050200010 01020304050607080102030405060708"), SW_WRONG_LENGTH);
	CU_ASSERT_EQUAL(whole_send(&w, "8050700008 0102030405060708"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_send(&w, "8050710008 0102030405060708"), SW_REFERENCE_NOT_FOUND);
	whole_stop(&w);
}

/* Level 00: commands in the clear, and no others. */
/* PROVES: GPC E.5.2 */
static void test_no_messaging(void)
{
	start(0x20);
	CU_ASSERT_EQUAL(open_session(0x20, 0x00), SW_OK);
	CU_ASSERT_EQUAL(scp02_sequence(&w.card.store), 1);
	CU_ASSERT_EQUAL(whole_send(&w, "80CA006600"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "80E2880009 0F0106 01 2FE2 00 00 98"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "80E4000003 D20130"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(w.card.scp03.state, SCP03_OPEN);
	CU_ASSERT_EQUAL(send("80CA006600"), SW_SECURE_DATA_INCORRECT);
	CU_ASSERT_EQUAL(w.card.scp03.state, SCP03_CLOSED);
	whole_stop(&w);
}

/* Any changed bit ends the session, and a command works once. */
/* PROVES: GPC E.4.4 */
static void test_wrong_mac(void)
{
	uint8_t wrapped[COMMAND_MAX], plain[] = {0x80, 0xF2, 0x80, 0x02, 2, 0x4F, 0x00};
	size_t n = 5 + 8 + 8;

	start(0x20);
	for (size_t bit = 16; bit < n * 8; bit++) {
		if (bit / 8 == 4)
			continue;
		CU_ASSERT_EQUAL(open_session(0x20, 0x03), SW_OK);
		CU_ASSERT_EQUAL(wrap(wrapped, plain, sizeof(plain), 0), n);
		wrapped[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, n), SW_SECURE_DATA_INCORRECT);
		wrapped[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, n), SW_SECURITY_NOT_SATISFIED);
	}
	CU_ASSERT_EQUAL(open_session(0x20, 0x03), SW_OK);
	CU_ASSERT_EQUAL(wrap(wrapped, plain, sizeof(plain), 0), n);
	CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, n), SW_OK);
	CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, n), SW_SECURE_DATA_INCORRECT);
	/* Data that is no whole block, and none at all. */
	CU_ASSERT_EQUAL(open_session(0x20, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "84F2800209 000102030405060708"), SW_SECURE_DATA_INCORRECT);
	CU_ASSERT_EQUAL(open_session(0x20, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "84F2800207 00010203040506"), SW_SECURE_DATA_INCORRECT);
	whole_stop(&w);
}

/* Some hosts encipher the padding of no data; both are understood. */
static void test_empty(void)
{
	uint8_t wrapped[COMMAND_MAX], plain[] = {0x80, 0xCA, 0xDF, 0x21};

	start(0x20);
	CU_ASSERT_EQUAL(open_session(0x20, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, wrap(wrapped, plain, 4, 1)), SW_OK);
	CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, wrap(wrapped, plain, 4, 0)), SW_OK);
	ASSERT_BYTES(w.data, "\xDF\x21\x01\x01", 4);
	whole_stop(&w);
}

/* What is secret inside a session is under its DEK: PUT KEY of the same keys
 * as another version, in place of the first. */
static void test_put_key(void)
{
	uint8_t command[COMMAND_MAX], wrapped[COMMAND_MAX], sealed[48];
	const uint8_t *const keys[3] = {key_enc, key_mac, key_dek};
	size_t n;

	start(0x20);
	CU_ASSERT_EQUAL(open_session(0x20, 0x03), SW_OK);
	for (size_t i = 0; i < 6; i++)
		CU_ASSERT_EQUAL(
			des3_cbc_encrypt(sealed + 8 * i, host.keys.dek, zero, keys[i / 2] + 8 * (i % 2), 8),
			OK);
	n = make_put_key(command, 0x20, 0x2A, sealed);
	command[23] ^= 1;
	CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, wrap(wrapped, command, n, 0)), SW_KCV_WRONG);
	command[23] ^= 1;
	command[6] = 0x88;
	CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, wrap(wrapped, command, n, 0)), SW_ALGORITHM_NOT_SUPPORTED);
	command[6] = 0x80;
	CU_ASSERT_EQUAL(whole_apdu(&w, wrapped, wrap(wrapped, command, n, 0)), SW_OK);
	CU_ASSERT_EQUAL(open_session(0x20, 0x03), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(open_session(0x2A, 0x03), SW_OK);
	CU_ASSERT_EQUAL(send("80E4000003 D2012A"), SW_OK);
	CU_ASSERT_EQUAL(open_session(0x2A, 0x03), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	whole_stop(&w);
}

/* PROVES: keys, PINs and what concerns SCP03 do not travel in SCP02: refused
 * without a change, and the last set of SCP03 stays whatever asks. */
static void test_only_scp03(void)
{
	static const char *const refused[] = {
		/* PIN1, ADM1, a key, the "i" of the SCP03 set */
		"80E2880017 8F0214 01 01 03 0A 00112233445566778899AABBCCDDEEFF",
		"80E2880017 8F0214 0A 01 03 00 00112233445566778899AABBCCDDEEFF",
		"80E288002D 8F012A 01 01 01 00 000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"
		"A1A2A3 B1B2B3",
		"80E2880005 0F0302 30 60",
		/* after a grouping that is allowed */
		"80E2880009 0F0201 0F 0F0302 30 60",
		/* PUT KEY of an AES set, new or in place of the one there is; SCP02 in place of it; DELETE
		   KEY */
		"80D8008102 31 88",
		"80D8308102 30 88",
		"80D8308102 21 80",
		"80E4000003 D20130",
	};
	uint8_t command[COMMAND_MAX];
	size_t n;

	start(0x20);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		CU_ASSERT_EQUAL(open_session(0x20, 0x03), SW_OK);
		CU_ASSERT_EQUAL(send(refused[i]), SW_SECURITY_NOT_SATISFIED);
		CU_ASSERT_EQUAL(send("80CADF2100"), SW_OK); /* the session goes on, nothing is changed */
		ASSERT_BYTES(w.data, "\xDF\x21\x01\x01", 4);
		CU_ASSERT_EQUAL(send("80CADF2000"), SW_OK);
		CU_ASSERT_EQUAL(w.data[4], 0);
	}
	CU_ASSERT_EQUAL(send("80E2880005 0F0302 20 55"), SW_OK); /* its own is its own affair */
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000003 D20130"), SW_CONDITIONS_NOT_SATISFIED);
	memset(command, 0, sizeof(command));
	n = make_put_key(command, 0x30, 0x21, command + 128);
	CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, n), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000003 D20120"), SW_OK);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	whole_stop(&w);
}

/* i = 55: the host can compute the challenge. 15: it cannot, and it changes. */
/* PROVES: GPC E.4.2.3 */
static void test_challenges(void)
{
	struct span aid = {scp03_aid, sizeof(scp03_aid)};
	uint8_t command[21], first[6], want[6];

	start(0x20);
	CU_ASSERT_EQUAL(challenge(command, 0x20, 0x01), SW_OK);
	memcpy(first, w.data + 14, 6);
	CU_ASSERT_EQUAL(challenge(command, 0x20, 0x01), SW_OK);
	CU_ASSERT_NOT_EQUAL(memcmp(first, w.data + 14, 6), 0);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880005 0F03022070"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880005 0F03023055"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880005 0F03022055"), SW_OK);
	CU_ASSERT_EQUAL(challenge(command, 0x20, 0x01), SW_OK);
	CU_ASSERT_EQUAL(scp02_card_challenge(want, &host.keys, aid), OK);
	ASSERT_BYTES(w.data + 14, want, 6);
	CU_ASSERT_EQUAL(whole_apdu(&w, command, 21), SW_OK);
	whole_stop(&w);
}

/* The number goes up with each session, and never comes back, whatever
 * happens to the keys; after the last there is no session. */
static void test_counter(void)
{
	static const uint8_t late[2] = {0xFF, 0xFE};
	uint8_t command[21];

	start(0x20);
	for (uint8_t i = 0; i < 5; i++) {
		CU_ASSERT_EQUAL(challenge(command, 0x20, 0x01), SW_OK);
		CU_ASSERT_EQUAL(w.data[13], i);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 21), SW_OK);
		CU_ASSERT_EQUAL(scp02_sequence(&w.card.store), i + 1);
	}
	CU_ASSERT_EQUAL(send("80E4000003 D20120"), SW_OK);
	load(0x20);
	CU_ASSERT_EQUAL(challenge(command, 0x20, 0x01), SW_OK);
	CU_ASSERT_EQUAL(w.data[13], 5);
	CU_ASSERT_EQUAL(store_write(&w.card.store, STORE_SCP << 8 | 0x81, late, 2), OK);
	CU_ASSERT_EQUAL(open_session(0x20, 0x01), SW_OK);
	CU_ASSERT_EQUAL(open_session(0x20, 0x01), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	whole_stop(&w);
}

/* PROVES: GPC E.4.1, E.4.2.1, E.4.2.2, E.4.4 */
static void test_capture(void)
{
	static const char *const names[] = {"case_1", "case_2", "case_3", "case_4"};
	struct key_set set = {.length = 16, .i = 0x55};
	uint8_t mine[8], answer[28], bytes[64], cryptogram[8];
	struct vectors v;
	unsigned sessions = 0;
	size_t n;

	for (vectors_open(&v, "scp02_capture_pysim.txt"); vectors_next(&v); sessions++) {
		vectors_bytes(&v, "ENC", set.enc, 16);
		vectors_bytes(&v, "MAC", set.mac, 16);
		vectors_bytes(&v, "DEK", set.dek, 16);
		vectors_bytes(&v, "host_challenge", mine, 8);
		vectors_bytes(&v, "init_update_rsp", answer, 28);
		whole_start(&w);
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
		CU_ASSERT_EQUAL(scp02_challenged(&w.card.scp03, cryptogram, &set, mine, answer + 12), OK);
		ASSERT_BYTES(cryptogram, answer + 20, 8);
		n = vectors_any(&v, "ext_auth_cmd", bytes, sizeof(bytes));
		CU_ASSERT_EQUAL(whole_apdu(&w, bytes, n), SW_OK);
		for (size_t i = 0; i < 4; i++) {
			n = vectors_any(&v, names[i], bytes, sizeof(bytes));
			CU_ASSERT_NOT_EQUAL(whole_apdu(&w, bytes, n), SW_SECURE_DATA_INCORRECT);
			CU_ASSERT_EQUAL_FATAL(w.card.scp03.state, SCP03_OPEN);
		}
		whole_stop(&w);
	}
	CU_ASSERT_EQUAL(sessions, 1);
}

/* ---- power cuts: a session that was open had a number of its own ---- */

static volatile int opened;

static void cut_start(struct cut *cut)
{
	w.hal = cut->hal;
	CU_ASSERT_EQUAL_FATAL(card_start(&w.card, &w.hal), OK);
	whole_reset(&w);
}

static void work_cut(struct cut *cut, void *context)
{
	(void)context;
	opened = 0;
	cut_start(cut);
	CU_ASSERT_EQUAL(open_session(0x20, 0x03), SW_OK);
	opened = 1;
}

static int after_cut(struct cut *cut, void *context)
{
	uint8_t command[21];

	(void)context;
	cut_start(cut);
	return challenge(command, 0x20, 0x03) == SW_OK && w.data[12] == 0 && w.data[13] <= 1 &&
	       (w.data[13] == 1 || !opened);
}

static void test_power_cut(void)
{
	struct cut cut;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 64, 1024, 4, 0xFF), 0);
	cut_start(&cut);
	load(0x20);
	CU_ASSERT(cut_every(&cut, work_cut, after_cut, NULL) > 3);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

UNIT_SUITE("scp02", UNIT(test_sessions), UNIT(test_told), UNIT(test_refused), UNIT(test_no_messaging),
	   UNIT(test_wrong_mac), UNIT(test_empty), UNIT(test_put_key), UNIT(test_only_scp03),
	   UNIT(test_challenges), UNIT(test_counter), UNIT(test_capture), UNIT(test_power_cut))
