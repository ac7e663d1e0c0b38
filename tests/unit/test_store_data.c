/* PROVES: gp/personalise.h on the whole card: what STORE DATA writes is there,
 * one command is all or nothing, and no key comes out again. */
#include "auth/milenage.h"
#include "gp/personalise.h"
#include "powerloss/cut.h"
#include "unit/whole_card.h"

static struct whole_card w;

static const uint8_t k[16] = {0xA1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
static const uint8_t opc[16] = {0xB1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

/* EF.ICCID, EF.IMSI (in ADF.USIM) */
static const char iccid[] = "0F010F 01 2FE2 00 00 98881211000000000110";
static const char imsi[] = "0F0110 02 7FFF 6F07 00 00 080910101032547698";

static size_t add(uint8_t *at, size_t n, const char *hex)
{
	return n + whole_hex(at + n, hex);
}

static void start(void)
{
	whole_start(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
}

static size_t pin_grouping(uint8_t *out, uint8_t reference, uint8_t enabled, const char *pin, const char *puk)
{
	static const uint8_t zero[16];
	uint8_t secret[16];

	memcpy(out, (const uint8_t[]){0x8F, 0x02, 20, reference, enabled, 3, puk ? 10 : 0}, 7);
	memset(secret, 0xFF, sizeof(secret));
	memcpy(secret, pin, strlen(pin));
	if (puk)
		memcpy(secret + 8, puk, strlen(puk));
	CU_ASSERT_EQUAL(aes_cbc_encrypt(out + 7, (struct span){scp03_test_keys.dek, 16}, zero, secret, 16),
			OK);
	return 23;
}

/* PROVES: GPC 11.11 */
static void test_everything(void)
{
	uint8_t data[239], want[63] = {0xDF, 0x20, 60, 1, 1, 1, 2, [17] = 7};
	size_t n = 0;

	start();
	n = add(data, n, iccid);
	n = add(data, n, imsi);
	n += pin_grouping(data + n, 0x01, 1, "4321", "87654321");
	n += whole_key_grouping(data + n, scp03_test_keys.dek, 1, SLOT_DERIVED, k, opc);
	n = add(data, n, "0F0201 0F");
	CU_ASSERT_EQUAL(whole_store_data(&w, data, n), SW_OK);
	CU_ASSERT_EQUAL(w.length, 0);

	CU_ASSERT_EQUAL(kcv(want + 7, (struct span){k, 16}), OK);
	CU_ASSERT_EQUAL(kcv(want + 10, (struct span){opc, 16}), OK);
	want[18] = 2;
	want[33] = 3;
	want[48] = 4;
	CU_ASSERT_EQUAL(whole_ask(&w, "80CADF2000"), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, sizeof(want));
	ASSERT_BYTES(w.data, want, sizeof(want));
	CU_ASSERT_EQUAL(whole_ask(&w, "80CADF2100"), SW_OK);
	ASSERT_BYTES(w.data, "\xDF\x21\x01\x0F", 4);

	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, "00A4000C02 2FE2"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00B000000A"), SW_OK);
	ASSERT_BYTES(w.data, "\x98\x88\x12\x11\x00\x00\x00\x00\x01\x10", 10);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "0020000108 34333231FFFFFFFF"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00A4000C02 6F07"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00B0000009"), SW_OK);
	ASSERT_BYTES(w.data, "\x08\x09\x10\x10\x10\x32\x54\x76\x98", 9);
	whole_stop(&w);
}

/* Use counter: 3G authentications accepted with this load of the key. */
static void test_uses(void)
{
	static const uint8_t rand16[16] = {1}, amf[2] = {0x80, 0};
	uint8_t sqn[6] = {0}, command[39] = {0x00, 0x88, 0x00, 0x81, 34, 16};
	struct aka_vector v;

	whole_start(&w);
	whole_load_key(&w, 1, k, opc);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	for (uint8_t i = 1; i <= 5; i++) {
		sqn[5] = (uint8_t)(i << 5 | i);
		CU_ASSERT_EQUAL(milenage_vector(&v, k, opc, rand16, sqn, amf), OK);
		memcpy(command + 6, v.rand, 16);
		command[22] = 16;
		memcpy(command + 23, v.autn, 16);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, sizeof(command)), SW_OK);
		CU_ASSERT_EQUAL(whole_apdu(&w, command, sizeof(command)), SW_OK); /* AUTS does not count */
	}
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CADF2000"), SW_OK);
	ASSERT_BYTES(w.data + 3 + 10, "\0\0\0\5", 4);
	whole_load_key(&w, 1, k, opc);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CADF2000"), SW_OK);
	ASSERT_BYTES(w.data + 3 + 10, "\0\0\0\0", 4);
	whole_stop(&w);
}

static void expect_untouched(void)
{
	CU_ASSERT_EQUAL(whole_ask(&w, "80CADF2100"), SW_OK);
	CU_ASSERT_EQUAL(w.data[3], 0x01);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CADF2000"), SW_OK);
	CU_ASSERT_EQUAL(w.data[4], 0);
}

/* A good state and a good key before a bad grouping: neither may happen. */
static void refuse(const uint8_t *bad, size_t length, sw_t want)
{
	uint8_t data[239];
	size_t n = add(data, 0, "0F0201 0F");

	n += whole_key_grouping(data + n, scp03_test_keys.dek, 1, SLOT_INJECTED, k, opc);
	memcpy(data + n, bad, length);
	CU_ASSERT_EQUAL(whole_store_data(&w, data, n + length), want);
	expect_untouched();
}

static void refuse_hex(const char *hex, sw_t want)
{
	uint8_t bad[128];
	size_t n = whole_hex(bad, hex);

	refuse(bad, n, want);
}

/* PROVES: GPC 11.11 */
static void test_all_or_nothing(void)
{
	uint8_t key[49];

	start();
	refuse_hex("0F", SW_WRONG_DATA);
	refuse_hex("0F01", SW_WRONG_DATA);
	refuse_hex("0F0105 01 2FE2 00", SW_WRONG_DATA);
	refuse_hex("0F0100", SW_WRONG_DATA);
	refuse_hex("0F0104 01 2FE2 00", SW_WRONG_DATA);
	refuse_hex("0F0107 00 2FE2 00 00 98 99", SW_WRONG_DATA);
	refuse_hex("0F0106 01 2F99 00 00 98", SW_FILE_NOT_FOUND);
	refuse_hex("0F0106 01 2FE2 00 0A 98", SW_WRONG_OFFSET);
	refuse_hex("0F0201 01", SW_WRONG_DATA);
	refuse_hex("0F0202 0F0F", SW_WRONG_DATA);
	refuse_hex("0F7701 00", SW_REFERENCE_NOT_FOUND);
	refuse_hex("8F0204 01 00 03 0A", SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_key_grouping(key, scp03_test_keys.dek, 1, SLOT_INJECTED, k, opc), 45);
	for (size_t i = 7; i < 45; i++) { /* every byte of the secret and of the check values */
		key[i] ^= 1;
		refuse(key, 45, SW_KCV_WRONG);
		key[i] ^= 1;
	}
	key[3] = 0;
	refuse(key, 45, SW_WRONG_DATA);
	key[3] = KEY_SLOTS + 1;
	refuse(key, 45, SW_WRONG_DATA);
	key[3] = 1;
	key[4] = 2;
	refuse(key, 45, SW_WRONG_DATA);
	key[4] = 1;
	key[5] = 3;
	refuse(key, 45, SW_WRONG_DATA);
	key[5] = 1;
	key[2] = 41;
	refuse(key, 44, SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880000"), SW_WRONG_DATA); /* nothing in it */
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2800004 0F02010F"), SW_WRONG_P1_P2);
	whole_stop(&w);
}

/* A PIN that is replaced is not verified any more; one that is not, still is. */
static void test_new_pin(void)
{
	uint8_t data[64];
	size_t n;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, "0020000A08 3132333435363738"), SW_OK);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(pin_satisfied(&w.card, PIN_ADM1), GRANTED);
	n = pin_grouping(data, 0x0A, 1, "87654321", NULL);
	n = add(data, n, "0F7F01 00");
	CU_ASSERT_EQUAL(whole_store_data(&w, data, n), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(pin_satisfied(&w.card, PIN_ADM1), GRANTED);
	CU_ASSERT_EQUAL(whole_store_data(&w, data, pin_grouping(data, 0x01, 1, "1234", "12345678")), SW_OK);
	CU_ASSERT_EQUAL(pin_satisfied(&w.card, PIN_ADM1), GRANTED);
	CU_ASSERT_EQUAL(pin_satisfied(&w.card, PIN_1), DENIED);
	n = pin_grouping(data, 0x0A, 1, "87654321", NULL);
	CU_ASSERT_EQUAL(whole_store_data(&w, data, n), SW_OK);
	CU_ASSERT_EQUAL(pin_satisfied(&w.card, PIN_ADM1), DENIED);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6840101 00"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "0020000A08 3837363534333231"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6840101 00"), SW_OK);
	/* What pin_install() refuses. */
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	n = pin_grouping(data, 0x01, 1, "1234", "1234567");
	CU_ASSERT_EQUAL(whole_store_data(&w, data, n), SW_WRONG_DATA);
	n = pin_grouping(data, 0x0A, 1, "12345678", "12345678");
	CU_ASSERT_EQUAL(whole_store_data(&w, data, n), SW_WRONG_DATA);
	whole_stop(&w);
}

/* BER-TLV format: the issuer's two numbers (GPC 11.11, H.1). */
/* PROVES: GPC 11.11, 11.3 */
static void test_objects(void)
{
	start();
	CU_ASSERT_EQUAL(whole_ask(&w, "80CA004200"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CA004500"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E290000A 4203 123456 4503 ABCDEF"), SW_OK);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CA004200"), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, 5);
	ASSERT_BYTES(w.data, "\x42\x03\x12\x34\x56", 5);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CA004500"), SW_OK);
	ASSERT_BYTES(w.data, "\x45\x03\xAB\xCD\xEF", 5);
	/* One command is all or nothing. */
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2900007 420199 440199 00"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2900005 420199 4201"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2900005 420199 4500"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2900013 4211 0102030405060708090A0B0C0D0E0F1011"),
			SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2900000"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2980003 420199"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2F00003 420199"), SW_WRONG_P1_P2); /* encrypted: not so */
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CA004200"), SW_OK);
	ASSERT_BYTES(w.data, "\x42\x03\x12\x34\x56", 5);
	whole_stop(&w);
}

/* PROVES: GPC 11.11 */
static void test_who_may(void)
{
	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, "80E2880004 0F02010F"), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "80E2880004 0F02010F"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x01), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E2880004 0F02010F"), SW_SECURITY_NOT_SATISFIED);
	expect_untouched();
	whole_stop(&w);
}

/* ---- power cuts: all groupings or none ---- */

static volatile int done;

static void cut_start(struct cut *cut)
{
	w.hal = cut->hal;
	CU_ASSERT_EQUAL_FATAL(card_start(&w.card, &w.hal), OK);
	whole_reset(&w);
}

static void work_cut(struct cut *cut, void *context)
{
	uint8_t data[239];
	size_t n = 0;

	(void)context;
	done = 0;
	cut_start(cut);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	n = add(data, n, iccid);
	n += whole_key_grouping(data + n, scp03_test_keys.dek, 1, SLOT_INJECTED, k, opc);
	n = add(data, n, "0F0201 0F");
	CU_ASSERT_EQUAL(whole_store_data(&w, data, n), SW_OK);
	done = 1;
}

static int after_cut(struct cut *cut, void *context)
{
	int written, loaded, state;

	(void)context;
	cut_start(cut);
	if (whole_send(&w, "00A4000C02 2FE2") != SW_OK || whole_send(&w, "00B000000A") != SW_OK)
		return 0;
	written = w.data[0] == 0x98 && w.data[8] == 0x01;
	if (whole_send(&w, SELECT_ISD) != SW_OK || whole_ask(&w, "80CADF2000") != SW_OK)
		return 0;
	loaded = w.data[4] == 1;
	if (whole_ask(&w, "80CADF2100") != SW_OK)
		return 0;
	state = w.data[3] == 0x0F;
	return written == loaded && loaded == state && (state || !done);
}

static void test_power_cut(void)
{
	struct cut cut;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 64, 1024, 4, 0xFF), 0);
	cut_start(&cut);
	CU_ASSERT(cut_every(&cut, work_cut, after_cut, NULL) > 30);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

/* ---- no command tells a key ---- */

/* Every two-byte tag of GET DATA, every EF by FID, in the USIM and the
 * security domain: none of the answers holds four bytes of K, OPc or the
 * card's channel keys. */
static void search(const char *select)
{
	static const uint8_t channel_key[4] = {0x44, 0x45, 0x46, 0x47};
	uint8_t command[5] = {0x80, 0xCA, 0, 0, 0};

	CU_ASSERT_EQUAL(whole_send(&w, select), SW_OK);
	for (unsigned tag = 0; tag < 0x10000; tag++) {
		command[2] = (uint8_t)(tag >> 8);
		command[3] = (uint8_t)tag;
		(void)whole_apdu(&w, command, sizeof(command));
		for (size_t i = 0; i + 4 <= w.length; i++) {
			CU_ASSERT_FATAL(memcmp(w.data + i, k + 4, 4) != 0);
			CU_ASSERT_FATAL(memcmp(w.data + i, opc + 4, 4) != 0);
			CU_ASSERT_FATAL(memcmp(w.data + i, channel_key, 4) != 0);
		}
	}
}

static void test_never_told(void)
{
	whole_start(&w);
	whole_load_key(&w, 1, k, opc);
	search(SELECT_ISD);
	search(SELECT_USIM);
	whole_stop(&w);
}

UNIT_SUITE("store_data", UNIT(test_everything), UNIT(test_uses), UNIT(test_all_or_nothing),
	   UNIT(test_new_pin), UNIT(test_objects), UNIT(test_who_may), UNIT(test_power_cut),
	   UNIT(test_never_told))
