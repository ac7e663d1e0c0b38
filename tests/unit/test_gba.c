/* GBA_U on the whole card; vectors and keys are computed here by another library. */
#include <mbedtls/md.h>

#include "auth/gba.h"
#include "keys/vault.h"
#include "unit/whole_card.h"

#define SELECT_ISIM  "00A4040C07 A0000000871004"
#define ADM          "0020000A08 3132333435363738"
#define SELECT_GBABP "00A4080C04 7FFF6FD6"
#define SELECT_GBANL "00A4080C04 7FFF6FDA"
#define B_TID        "abcdefghijklmnop@bsf.mnc001.mcc001.pub.3gppnetwork.org"

/* TS 35.208 test set 1. */
static const uint8_t k[16] = {0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
			      0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
static const uint8_t opc[16] = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
				0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf};
static const uint8_t amf[2] = {0x80, 0x00};

static struct whole_card w;

static void start(const char *application)
{
	whole_start(&w);
	whole_load_key(&w, 1, k, opc);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, application), SW_OK);
}

/* A vector for GBA_U (TS 33.220 5.3.2: MAC* = MAC xor Trunc(SHA-1(IK))), or a plain one. */
static void make_vector(struct aka_vector *v, uint8_t seq, int masked)
{
	uint8_t sqn[6] = {0, 0, 0, 0, (uint8_t)(seq >> 3), (uint8_t)(seq << 5 | 1)}, digest[20], rand16[16];

	memset(rand16, 0xC0 + seq, sizeof(rand16));
	CU_ASSERT_EQUAL(milenage_vector(v, k, opc, rand16, sqn, amf), OK);
	CU_ASSERT_EQUAL(mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA1), v->ik, 16, digest), 0);
	for (int i = 0; i < 8 && masked; i++)
		v->autn[8 + i] ^= digest[i];
}

static sw_t bootstrap(const struct aka_vector *v)
{
	uint8_t command[5 + 35] = {0x00, 0x88, 0x00, 0x84, 35, 0xDD, 16};

	memcpy(command + 7, v->rand, 16);
	command[23] = 16;
	memcpy(command + 24, v->autn, 16);
	return whole_apdu(&w, command, sizeof(command));
}

static sw_t derive_bytes(struct span naf_id, const char *impi)
{
	uint8_t command[COMMAND_MAX] = {0x00, 0x88, 0x00, 0x84};
	size_t naf = naf_id.length, user = strlen(impi);

	command[4] = (uint8_t)(3 + naf + user);
	command[5] = 0xDE;
	command[6] = (uint8_t)naf;
	memcpy(command + 7, naf_id.at, naf);
	command[7 + naf] = (uint8_t)user;
	memcpy(command + 8 + naf, impi, user);
	return whole_apdu(&w, command, 8 + naf + user);
}

static struct span text(const char *string)
{
	return (struct span){(const uint8_t *)string, strlen(string)};
}

static sw_t derive(const char *naf_id, const char *impi)
{
	return derive_bytes(text(naf_id), impi);
}

/* KDF(CK || IK, label, RAND, IMPI, NAF_Id), TS 33.220 B.2 and B.3 */
static void naf_key(uint8_t key[32], const struct aka_vector *v, const char *label, struct span naf_id,
		    const char *impi)
{
	const struct {
		const void *at;
		size_t length;
	} p[4] = {{label, strlen(label)}, {v->rand, 16}, {impi, strlen(impi)}, {naf_id.at, naf_id.length}};
	uint8_t ks[32], s[400] = {0x01};
	size_t n = 1;

	memcpy(ks, v->ck, 16);
	memcpy(ks + 16, v->ik, 16);
	for (int i = 0; i < 4; i++) {
		memcpy(s + n, p[i].at, p[i].length);
		n += p[i].length;
		s[n++] = (uint8_t)(p[i].length >> 8);
		s[n++] = (uint8_t)p[i].length;
	}
	CU_ASSERT_EQUAL(mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), ks, 32, s, n, key), 0);
}

static void expect_external(const struct aka_vector *v, struct span naf_id, const char *impi)
{
	uint8_t want[34] = {0xDB, 32};

	naf_key(want + 2, v, "gba-me", naf_id, impi);
	CU_ASSERT_EQUAL_FATAL(w.length, sizeof(want));
	ASSERT_BYTES(w.data, want, sizeof(want));
}

/* What no command reads: the inner key of a record, in its store object. */
static void expect_inner(uint16_t id, const struct aka_vector *v, struct span naf_id, const char *impi)
{
	uint8_t got[32], want[32], sealed[32 + VAULT_TAG];

	naf_key(want, v, "gba-u", naf_id, impi);
	CU_ASSERT_EQUAL(store_read(&w.card.store, id, sealed, 0, sizeof(sealed)), sizeof(sealed));
	CU_ASSERT_EQUAL(vault_open(got, &w.card.store, id, (struct span){sealed, 0},
				   (struct span){sealed, sizeof(sealed)}),
			OK);
	ASSERT_BYTES(got, want, 32);
}

static void write_b_tid(void)
{
	static const char b_tid[] = B_TID, life[] = "2030-01-01T00:00:00Z";
	uint8_t command[100] = {0x00, 0xD6, 0x00, 17, sizeof(b_tid) + sizeof(life), sizeof(b_tid) - 1};

	memcpy(command + 6, b_tid, sizeof(b_tid) - 1);
	command[5 + sizeof(b_tid)] = sizeof(life) - 1;
	memcpy(command + 6 + sizeof(b_tid), life, sizeof(life) - 1);
	CU_ASSERT_EQUAL(whole_apdu(&w, command, 5 + sizeof(b_tid) + sizeof(life)), SW_OK);
}

/* PROVES: TS 31.102 7.1.1, 7.1.2 (GBA, bootstrapping mode), TS 33.220 5.3.2, G.1 */
static void test_bootstrapping(void)
{
	uint8_t want[120];
	struct aka_vector v;

	start(SELECT_USIM);
	make_vector(&v, 1, 1);
	CU_ASSERT_EQUAL(bootstrap(&v), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, 10); /* RES and no key */
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	CU_ASSERT_EQUAL(w.data[1], 8);
	ASSERT_BYTES(w.data + 2, v.res, 8);
	CU_ASSERT_PTR_NULL(memmem(&w.card, sizeof(w.card), v.ck, 16));
	CU_ASSERT_PTR_NULL(memmem(&w.card, sizeof(w.card), v.ik, 16));
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_GBABP), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00B0000078"), SW_OK);
	memset(want, 0xFF, sizeof(want));
	want[0] = 16;
	memcpy(want + 1, v.rand, 16);
	want[17] = want[18] = 0;
	ASSERT_BYTES(w.data, want, sizeof(want));
	/* The number is spent, for every context. */
	CU_ASSERT_EQUAL(bootstrap(&v), SW_OK);
	CU_ASSERT_EQUAL(w.length, 16);
	CU_ASSERT_EQUAL(w.data[0], 0xDC);
	/* A new one takes B-TID and lifetime of the old one away. */
	write_b_tid();
	make_vector(&v, 2, 1);
	CU_ASSERT_EQUAL(bootstrap(&v), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00B0000078"), SW_OK);
	memcpy(want + 1, v.rand, 16);
	ASSERT_BYTES(w.data, want, sizeof(want));
	whole_stop(&w);
}

/* PROVES: TS 33.220 5.3.2: a vector is good for the context it was made for, and
 * a refused one changes nothing. */
static void test_contexts_apart(void)
{
	uint8_t command[5 + 34] = {0x00, 0x88, 0x00, 0x81, 34, 16};
	struct aka_vector v;

	start(SELECT_USIM);
	make_vector(&v, 1, 0);
	CU_ASSERT_EQUAL(bootstrap(&v), SW_AUTHENTICATION_MAC);
	CU_ASSERT_EQUAL(derive("naf", "user"), SW_CONDITIONS_NOT_SATISFIED);
	make_vector(&v, 1, 1);
	memcpy(command + 6, v.rand, 16);
	command[22] = 16;
	memcpy(command + 23, v.autn, 16);
	CU_ASSERT_EQUAL(whole_apdu(&w, command, sizeof(command)), SW_AUTHENTICATION_MAC);
	CU_ASSERT_EQUAL(bootstrap(&v), SW_OK);
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	whole_stop(&w);
}

/* PROVES: TS 31.102 7.1.1, 7.1.2 (GBA, NAF derivation mode), 4.2.83, TS 33.220 B.2, B.3, G.2 */
static void test_derivation(void)
{
	/* An FQDN and five bytes of Ua security protocol. */
	static const char id[] = "xcap.example.org\x01\x00\x01\x00\x0a",
			  user[] = "001010000000001@ims.example.org";
	const struct span naf = {(const uint8_t *)id, sizeof(id) - 1};
	uint8_t record[150];
	struct aka_vector v;
	size_t n = naf.length;

	start(SELECT_USIM);
	CU_ASSERT_EQUAL(derive_bytes(naf, user), SW_CONDITIONS_NOT_SATISFIED);
	make_vector(&v, 1, 1);
	CU_ASSERT_EQUAL(bootstrap(&v), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_GBABP), SW_OK);
	write_b_tid();
	CU_ASSERT_EQUAL(derive_bytes(naf, user), SW_OK);
	expect_external(&v, naf, user);
	expect_inner(0x0701, &v, naf, user);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_GBANL), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00B2010496"), SW_OK);
	memset(record, 0xFF, sizeof(record));
	record[0] = 0x80;
	record[1] = (uint8_t)n;
	memcpy(record + 2, naf.at, n);
	record[2 + n] = 0x81;
	record[3 + n] = (uint8_t)strlen(B_TID);
	memcpy(record + 4 + n, B_TID, strlen(B_TID));
	ASSERT_BYTES(w.data, record, sizeof(record));
	/* Again and for another user: the same record, another key. */
	CU_ASSERT_EQUAL(derive_bytes(naf, "other"), SW_OK);
	expect_external(&v, naf, "other");
	expect_inner(0x0701, &v, naf, "other");
	/* After a reset and after the next bootstrapping. */
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(derive("b", user), SW_OK);
	expect_external(&v, text("b"), user);
	expect_inner(0x0702, &v, text("b"), user);
	make_vector(&v, 2, 1);
	CU_ASSERT_EQUAL(bootstrap(&v), SW_OK);
	CU_ASSERT_EQUAL(derive("b", user), SW_OK);
	expect_external(&v, text("b"), user);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_GBANL), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00B2020496"), SW_OK);
	ASSERT_BYTES(w.data, ((const uint8_t[]){0x80, 1, 'b', 0x81, 0, 0xFF}), 6);
	whole_stop(&w);
}

/* PROVES: TS 33.220 G.2: the record longest not derived gives way. */
static void test_full_list(void)
{
	static const char *const nafs[] = {"one", "two", "three", "four", "one", "five", "six", "one"};
	static const uint8_t records[] = {1, 2, 3, 4, 1, 2, 3, 1};
	struct aka_vector v;
	char read[] = "00B2xx0496";

	start(SELECT_USIM);
	make_vector(&v, 1, 1);
	CU_ASSERT_EQUAL(bootstrap(&v), SW_OK);
	for (size_t i = 0; i < sizeof(records); i++) {
		CU_ASSERT_EQUAL(derive(nafs[i], "u"), SW_OK);
		expect_external(&v, text(nafs[i]), "u");
		expect_inner((uint16_t)(0x0700 + records[i]), &v, text(nafs[i]), "u");
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_GBANL), SW_OK);
		snprintf(read, sizeof(read), "00B2%02X0496", records[i]);
		CU_ASSERT_EQUAL(whole_send(&w, read), SW_OK);
		ASSERT_BYTES(w.data + 2, nafs[i], strlen(nafs[i]));
	}
	whole_stop(&w);
}

/* PROVES: TS 31.103 7.1 (GBA): ADF.ISIM bootstraps for itself, if service 2 of EF.IST says so. */
static void test_isim(void)
{
	struct aka_vector usim, isim;

	start(SELECT_USIM);
	make_vector(&usim, 1, 1);
	CU_ASSERT_EQUAL(bootstrap(&usim), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISIM), SW_OK);
	CU_ASSERT_EQUAL(derive("naf", "u"), SW_CONDITIONS_NOT_SATISFIED);
	make_vector(&isim, 2, 1);
	CU_ASSERT_EQUAL(bootstrap(&isim), SW_OK);
	CU_ASSERT_EQUAL(derive("naf", "u"), SW_OK);
	expect_external(&isim, text("naf"), "u");
	expect_inner(0x0711, &isim, text("naf"), "u");
	CU_ASSERT_EQUAL(whole_send(&w, "00A4080C04 7FFF6FD5"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00B0000011"), SW_OK);
	ASSERT_BYTES(w.data + 1, isim.rand, 16);
	CU_ASSERT_EQUAL(whole_send(&w, "00A4080C04 7FFF6FD7"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00B2010496"), SW_OK);
	ASSERT_BYTES(w.data, "\x80\x03naf", 5);
	CU_ASSERT_EQUAL(whole_send(&w, ADM), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6870001 11"), SW_OK); /* EF.IST */
	CU_ASSERT_EQUAL(derive("naf", "u"), SW_NO_GSM_ACCESS);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(derive("naf", "u"), SW_OK);
	expect_external(&usim, text("naf"), "u");
	whole_stop(&w);
}

/* PROVES: TS 31.102 7.3, 4.2.8 (service 68) */
static void test_bad_commands(void)
{
#define ZERO16 "00000000000000000000000000000000"
	static const struct {
		const char *command;
		sw_t sw;
	} rows[] = {
		{"0088008400", SW_WRONG_LENGTH},
		{"0088008422 10" ZERO16 "10" ZERO16, SW_WRONG_DATA},
		{"0088008401 DD", SW_WRONG_LENGTH},
		{"0088008422 DD10" ZERO16 ZERO16, SW_WRONG_LENGTH},
		{"0088008423 DD0F" ZERO16 "10" ZERO16, SW_WRONG_DATA},
		{"0088008423 DD10" ZERO16 "11" ZERO16, SW_WRONG_DATA},
		{"0088008424 DD10" ZERO16 "11" ZERO16 "00", SW_WRONG_LENGTH}, /* an AUTN of 17 bytes */
		{"0088008404 DE014101", SW_WRONG_LENGTH},
		{"0088008405 DE00024142", SW_WRONG_DATA},
		{"0088008405 DE02414200", SW_WRONG_DATA},
		{"0088008405 DE01410200", SW_WRONG_DATA},
		{"0088008405 DE05414141", SW_WRONG_DATA},
		{"0088008406 DE0141014200", SW_WRONG_DATA},
		{"0088008405 DE01410142", SW_CONDITIONS_NOT_SATISFIED}, /* no bootstrapping yet */
		{"0088018405 DE01410142", SW_WRONG_P1_P2},
		{"0088000405 DE01410142", SW_WRONG_P1_P2},
		{"0088008505 DE01410142", SW_NO_GSM_ACCESS},
	};

	start(SELECT_USIM);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sw_t sw = whole_send(&w, rows[i].command);

		CU_ASSERT_EQUAL(sw, rows[i].sw);
		if (sw != rows[i].sw)
			printf("\n    %s: %04X\n", rows[i].command, sw);
	}
	whole_stop(&w);
}

/* PROVES: TS 31.102 7.3, 4.2.8 (service 68) */
static void test_refused(void)
{
	char long_id[200];
	struct aka_vector v;

	start(SELECT_USIM);
	make_vector(&v, 1, 1);
	CU_ASSERT_EQUAL(bootstrap(&v), SW_OK);
	/* No room for the NAF_Id in a record: nothing changes. */
	memset(long_id, 'n', sizeof(long_id));
	long_id[127] = 0;
	CU_ASSERT_EQUAL(derive(long_id, "u"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_GBABP), SW_OK);
	write_b_tid();
	CU_ASSERT_EQUAL(derive(long_id, "u"), SW_AUTHENTICATION_MEMORY);
	expect_inner(0x0701, &v, text(long_id), "u");
	long_id[127] = 'n';
	long_id[150] = 0;
	CU_ASSERT_EQUAL(derive(long_id, "u"), SW_AUTHENTICATION_MEMORY);
	/* Service 68 */
	CU_ASSERT_EQUAL(whole_send(&w, ADM), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00A4080C04 7FFF6F38"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6000801 40"), SW_OK);
	CU_ASSERT_EQUAL(derive("naf", "u"), SW_NO_GSM_ACCESS);
	make_vector(&v, 2, 1);
	CU_ASSERT_EQUAL(bootstrap(&v), SW_NO_GSM_ACCESS);
	CU_ASSERT_EQUAL(whole_send(&w, "00D6000801 48"), SW_OK);
	CU_ASSERT_EQUAL(bootstrap(&v), SW_OK);
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	/* PIN1 and application */
	CU_ASSERT_EQUAL(whole_send(&w, "0028000108 31323334FFFFFFFF"), SW_OK);
	whole_reset(&w);
	CU_ASSERT_EQUAL(derive("naf", "u"), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(derive("naf", "u"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "0020000108 31323334FFFFFFFF"), SW_OK);
	CU_ASSERT_EQUAL(derive("naf", "u"), SW_OK);
	/* A Ks goes with the key it came from. */
	whole_load_key(&w, 1, k, opc);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "0020000108 31323334FFFFFFFF"), SW_OK);
	CU_ASSERT_EQUAL(derive("naf", "u"), SW_CONDITIONS_NOT_SATISFIED);
	whole_stop(&w);
}

/* Are these bytes somewhere in the memory? */
static int in_memory(const uint8_t *bytes, size_t length)
{
	static uint8_t memory[1 << 19];
	size_t size = (size_t)w.hal.nvm_page_size * w.hal.nvm_page_count;

	CU_ASSERT_FATAL(size <= sizeof(memory));
	CU_ASSERT_EQUAL(w.hal.nvm_read(w.hal.board, 0, memory, size), HAL_OK);
	return memmem(memory, size, bytes, length) != NULL;
}

/* PROVES: TS 33.220 5.3.2, G.1: keys are in the memory sealed only, and go with the subscriber key. */
static void test_at_rest(void)
{
	uint8_t inner[32], ks[32 + VAULT_TAG], sealed[32 + VAULT_TAG];
	struct aka_vector v;

	start(SELECT_USIM);
	make_vector(&v, 1, 1);
	CU_ASSERT_EQUAL(bootstrap(&v), SW_OK);
	CU_ASSERT_EQUAL(derive("naf", "u"), SW_OK);
	naf_key(inner, &v, "gba-u", text("naf"), "u");
	CU_ASSERT(!in_memory(v.ck, 8) && !in_memory(v.ck + 8, 8));
	CU_ASSERT(!in_memory(v.ik, 8) && !in_memory(v.ik + 8, 8));
	CU_ASSERT(!in_memory(inner, 8) && !in_memory(inner + 24, 8));
	CU_ASSERT_EQUAL(store_read(&w.card.store, 0x0700, ks, 18, sizeof(ks)), sizeof(ks));
	CU_ASSERT_EQUAL(store_read(&w.card.store, 0x0701, sealed, 0, sizeof(sealed)), sizeof(sealed));
	CU_ASSERT(in_memory(ks, 8) && in_memory(sealed, 8)); /* it is found where it is */
	/* The slot's key is destroyed. */
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E28800 05 0F0502 0104"), SW_OK);
	CU_ASSERT(!in_memory(ks, 8) && !in_memory(sealed, 8));
	CU_ASSERT_EQUAL(store_length(&w.card.store, 0x0700), ERROR_NOT_FOUND);
	CU_ASSERT_EQUAL(store_length(&w.card.store, 0x0701), ERROR_NOT_FOUND);
	whole_stop(&w);
}

UNIT_SUITE("gba", UNIT(test_at_rest), UNIT(test_bootstrapping), UNIT(test_contexts_apart),
	   UNIT(test_derivation), UNIT(test_full_list), UNIT(test_isim), UNIT(test_bad_commands),
	   UNIT(test_refused))
