/* GET IDENTITY on the whole card; what it answers is undone by a home network
 * of another library. */
#include "auth/suci.h"
#include "unit/suci_home.h"
#include "unit/whole_card.h"
#include "vectors/vectors.h"

/* The keys of TS 33.501 C.4.3 and C.4.4, numbered 1B and 1E as the list has them. */
static uint8_t private_a[32], private_b[32], public_a[32], public_b[33];
static struct whole_card w;

#define ADM              "0020000A08 3132333435363738"
#define SELECT_CALC_INFO "00A4080C06 7FFF5FD04F01"

static void read_keys(void)
{
	struct vectors v;

	for (vectors_open(&v, "suci_ts33501_annexC4.txt"); vectors_next(&v);) {
		if (strncmp(v.section, "profile A", 9) == 0) {
			vectors_bytes(&v, "hn_priv", private_a, 32);
			vectors_bytes(&v, "hn_pub", public_a, 32);
		} else if (strncmp(v.section, "profile B", 9) == 0) {
			vectors_bytes(&v, "hn_priv", private_b, 32);
			vectors_bytes(&v, "hn_pub_compressed", public_b, 33);
		}
	}
}

/* IMSI 999700000000123, routing indicator 71, and both services. */
static void start(void)
{
	static const char *const commands[] = {SELECT_USIM,
					       ADM,
					       "00D6870009 089999070000001032",
					       "00A4080C06 7FFF5FC04F0A",
					       "00D6000004 17FFFFFF",
					       "00A4080C04 7FFF6F38",
					       "00D6000F01 3C"};

	read_keys();
	whole_start(&w);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		CU_ASSERT_EQUAL_FATAL(whole_send(&w, commands[i]), SW_OK);
}

/* EF.SUCI_Calc_Info of DF.SAIP: these schemes, and both keys, A first. */
static void write_info(const uint8_t *schemes, uint8_t length)
{
	uint8_t info[200], command[5 + 200] = {0x00, 0xD6, 0x00, 0x00, 200}, *at = info;

	memset(info, 0xFF, sizeof(info));
	*at++ = 0xA0;
	*at++ = length;
	memcpy(at, schemes, length);
	at += length;
	memcpy(at, (const uint8_t[]){0xA1, 3 + 34 + 3 + 35, 0x80, 1, 0x1B, 0x81, 32}, 7);
	memcpy(at + 7, public_a, 32);
	memcpy(at + 39, (const uint8_t[]){0x80, 1, 0x1E, 0x81, 33}, 5);
	memcpy(at + 44, public_b, 33);
	memcpy(command + 5, info, sizeof(info));
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_CALC_INFO), SW_OK);
	CU_ASSERT_EQUAL(whole_apdu(&w, command, sizeof(command)), SW_OK);
}

static const uint8_t scheme_null[] = {0, 0}, scheme_a[] = {1, 1, 0, 0}, scheme_b[] = {2, 2, 1, 1, 0, 0};
/* MSIN 0000000123 */
static const uint8_t msin[5] = {0x00, 0x00, 0x00, 0x10, 0x32};

/* A1 L 01, MCC MNC 999 70, routing indicator 71, scheme, key. */
static void expect_head(uint8_t length, uint8_t scheme, uint8_t identifier)
{
	const uint8_t head[] = {0xA1, length, 0x01, 0x99, 0xF9, 0x07, 0x17, 0xFF, scheme, identifier};

	CU_ASSERT_EQUAL_FATAL(w.length, 2u + length);
	ASSERT_BYTES(w.data, head, sizeof(head));
}

/* PROVES: TS 31.102 7.5, TS 102 221 11.1.23, TS 33.501 C.2 */
static void test_null(void)
{
	start();
	write_info(scheme_null, sizeof(scheme_null));
	CU_ASSERT_EQUAL(whole_exchange(&w, (const uint8_t[]){0x80, 0x78, 0, 1, 0}, 5), 0x6C0F);
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_OK);
	expect_head(13, 0, 0);
	ASSERT_BYTES(w.data + 10, msin, 5);
	whole_stop(&w);
}

/* PROVES: TS 31.102 7.5, TS 33.501 C.3 */
static void test_profiles(void)
{
	uint8_t before[64] = {0}, plain[16];

	start();
	for (int scheme = 1; scheme <= 2; scheme++) {
		size_t length = scheme == 1 ? 32 + 5 + 8 : 33 + 5 + 8;

		if (scheme == 1)
			write_info(scheme_a, sizeof(scheme_a));
		else
			write_info(scheme_b, sizeof(scheme_b));
		for (int i = 0; i < 8; i++) {
			CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_OK);
			expect_head((uint8_t)(8 + length), (uint8_t)scheme, scheme == 1 ? 0x1B : 0x1E);
			CU_ASSERT_EQUAL(home_reveal(plain, scheme, scheme == 1 ? private_a : private_b,
						    w.data + 10, length),
					5);
			ASSERT_BYTES(plain, msin, 5);
			CU_ASSERT(memcmp(before, w.data + 10, length) != 0); /* a new key every time */
			memcpy(before, w.data + 10, length);
		}
	}
	whole_stop(&w);
}

/* An MNC of three digits, an IMSI with an odd MSIN, no routing indicator set. */
/* PROVES: TS 24.501 9.11.3.4 */
static void test_numbers(void)
{
	static const uint8_t want[] = {0xA1, 0x0D, 0x01, 0x13, 0x00, 0x62, 0xF0, 0xFF,
				       0x00, 0x00, 0x21, 0x43, 0x65, 0x87, 0xF9};

	start();
	write_info(scheme_null, sizeof(scheme_null));
	CU_ASSERT_EQUAL(whole_send(&w, "00A4080C04 7FFF6F07"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6000009 083901621032547698"), SW_OK); /* 310 260 123456789 */
	CU_ASSERT_EQUAL(whole_send(&w, "00A4080C04 7FFF6FAD"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6000301 03"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00A4080C06 7FFF5FC04F0A"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6000002 F0FF"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_OK);
	CU_ASSERT_EQUAL(w.length, sizeof(want));
	ASSERT_BYTES(w.data, want, sizeof(want));
	whole_stop(&w);
}

/* PROVES: TS 31.102 7.3.2, 7.5 */
static void test_refused(void)
{
	start();
	write_info(scheme_a, sizeof(scheme_a));
	CU_ASSERT_EQUAL(whole_send(&w, "8078000000"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_send(&w, "8078000200"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_send(&w, "8078010100"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_send(&w, "0078000100"), SW_CLA_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(whole_send(&w, "8078000102 0102"), SW_WRONG_LENGTH);
	/* The MF and other applications */
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_MF), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "00A4040C07 A0000000871004"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_CONDITIONS_NOT_SATISFIED);
	/* PIN1 */
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "0028000108 31323334FFFFFFFF"), SW_OK);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "0020000108 31323334FFFFFFFF"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_OK);
	/* The terminal does not get at what the card calculates with. */
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_CALC_INFO), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00B0000010"), SW_SECURITY_NOT_SATISFIED);
	whole_stop(&w);
}

/* PROVES: TS 31.102 4.2.8 (services 124 and 125), 7.5 */
static void test_services(void)
{
	static const struct {
		const char *ust;
		sw_t sw;
	} rows[] = {{"00D6000F01 24", SW_FUNCTION_NOT_SUPPORTED},
		    {"00D6000F01 2C", SW_FUNCTION_NOT_SUPPORTED},
		    {"00D6000F01 34", SW_FUNCTION_NOT_SUPPORTED},
		    {"00D6000F01 3C", SW_OK}};

	start();
	write_info(scheme_b, sizeof(scheme_b));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CU_ASSERT_EQUAL(whole_send(&w, "00A4080C04 7FFF6F38"), SW_OK);
		CU_ASSERT_EQUAL(whole_send(&w, rows[i].ust), SW_OK);
		CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), rows[i].sw);
	}
	whole_stop(&w);
}

/* Nothing written, a key that is none, a scheme without its key: never a number in the clear. */
static void test_contents(void)
{
	static const uint8_t without_key[] = {1, 3, 0, 0}, unknown[] = {0x0C, 1},
			     unknown_first[] = {0x0C, 1, 2, 2};
	uint8_t point[65];

	start();
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_REFERENCE_NOT_FOUND);
	write_info(without_key, sizeof(without_key));
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_REFERENCE_NOT_FOUND);
	write_info(unknown, sizeof(unknown));
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_REFERENCE_NOT_FOUND);
	write_info(unknown_first, sizeof(unknown_first));
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_OK);
	while (p256_uncompress(point, (struct span){public_b, 33}) == OK)
		public_b[32]++; /* half of all x are no point's */
	write_info(scheme_b, sizeof(scheme_b));
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_REFERENCE_NOT_FOUND);
	memset(public_a, 0, sizeof(public_a));
	write_info(scheme_a, sizeof(scheme_a));
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(w.length, 0);
	write_info(scheme_null, sizeof(scheme_null));
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00A4080C04 7FFF6FAD"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6000301 04"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6000301 02"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00A4080C04 7FFF6F07"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6000009 FFFFFFFFFFFFFFFFFF"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_REFERENCE_NOT_FOUND);
	whole_stop(&w);
}

UNIT_SUITE("get_identity", UNIT(test_null), UNIT(test_profiles), UNIT(test_numbers), UNIT(test_refused),
	   UNIT(test_services), UNIT(test_contents))
