/* PROVES: auth/algorithm.h: which keys there can be, and that none stays behind.
 * The published numbers of every algorithm are test_vectors'. */
#include <stdlib.h>
#include <string.h>

#include "auth/algorithm.h"
#include "powerloss/cut.h"
#include "unit/whole_card.h"

static struct whole_card w;

/* What algorithm_choose() refuses, STORE DATA refuses, and the slot stays empty. */
static void test_refused(void)
{
	static const struct {
		uint8_t algorithm, count, parameters[6];
	} bad[] = {
		{0, 0, {0}},
		{8, 0, {0}},
		{0xFF, 0, {0}},
		{SLOT_MILENAGE, 6, {16, 8, 16, 16, 16, 0}},
		{SLOT_MILENAGE, 6, {32, 8, 8, 16, 16, 0}},
		{SLOT_TUAK, 6, {24, 8, 8, 16, 16, 1}},
		{SLOT_TUAK, 6, {16, 8, 8, 16, 16, 0}},
		{SLOT_TUAK, 6, {16, 8, 12, 16, 16, 1}},
		{SLOT_TUAK, 5, {16, 8, 8, 16, 16}},
		{SLOT_XOR, 6, {16, 8, 3, 16, 16, 0}},
		{SLOT_XOR, 6, {16, 8, 17, 16, 16, 0}},
		{SLOT_COMP128_1, 6, {32, 0, 0, 0, 0, 0}},
	};
	uint8_t grouping[120];
	struct subscriber_key key;

	whole_start(&w);
	CU_ASSERT_EQUAL_FATAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(algorithm_choose(&key, bad[i].algorithm, bad[i].parameters, bad[i].count),
				ERROR_VALUE);
		for (size_t body = 0; body <= 64; body += 16)
			for (size_t checks = 0; checks <= 6; checks += 3) {
				size_t length = 4u + bad[i].count + body + checks;

				memset(grouping, 0, sizeof(grouping));
				memcpy(grouping,
				       (const uint8_t[]){0x8F, 0x01, (uint8_t)length, 1, bad[i].algorithm, 1,
							 bad[i].count},
				       7);
				memcpy(grouping + 7, bad[i].parameters, bad[i].count);
				CU_ASSERT_EQUAL(whole_store_data(&w, grouping, 3 + length), SW_WRONG_DATA);
			}
	}
	CU_ASSERT_EQUAL(whole_ask(&w, "80CADF2000"), SW_OK);
	CU_ASSERT_EQUAL(w.data[4], 0);
	whole_stop(&w);
}

/* Every bit of a TUAK key and its check values matters; lengths are exact. */
static void test_grouping(void)
{
	static const uint8_t parameters[6] = {32, 16, 16, 16, 16, 3};
	uint8_t grouping[96], given[6];
	struct subscriber_key key;
	size_t length;

	memset(&key, 0x5A, sizeof(key));
	CU_ASSERT_EQUAL(algorithm_choose(&key, SLOT_TUAK, parameters, 6), OK);
	CU_ASSERT_EQUAL(algorithm_parameters(given, &key), 6);
	ASSERT_BYTES(given, parameters, 6);
	whole_start(&w);
	CU_ASSERT_EQUAL_FATAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	length = whole_any_key_grouping(grouping, 1, &key);
	CU_ASSERT_EQUAL_FATAL(length, 3 + 4 + 6 + 64 + 6);
	for (size_t i = 13; i < length; i++) {
		grouping[i] ^= 0x10;
		CU_ASSERT_EQUAL(whole_store_data(&w, grouping, length), SW_KCV_WRONG);
		grouping[i] ^= 0x10;
	}
	grouping[2]--;
	CU_ASSERT_EQUAL(whole_store_data(&w, grouping, length - 1), SW_WRONG_DATA);
	grouping[2]++;
	CU_ASSERT_EQUAL(whole_store_data(&w, grouping, length), SW_OK);
	whole_stop(&w);
}

/* ---- power cuts: a key of one algorithm replaced by one of another ---- */

static volatile int done;

static void make_key(struct subscriber_key *key, uint8_t algorithm)
{
	memset(key, 0x31 + algorithm, sizeof(*key));
	CU_ASSERT_EQUAL_FATAL(algorithm_choose(key, algorithm, NULL, 0), OK);
}

static void cut_start(struct cut *cut)
{
	w.hal = cut->hal;
	CU_ASSERT_EQUAL_FATAL(card_start(&w.card, &w.hal), OK);
	whole_reset(&w);
}

static void work_cut(struct cut *cut, void *context)
{
	struct subscriber_key key;

	(void)context;
	done = 0;
	cut_start(cut);
	make_key(&key, SLOT_TUAK);
	whole_load_any_key(&w, 1, &key);
	done = 1;
}

/* With the key that the card says it has, the network's first number is good. */
static int after_cut(struct cut *cut, void *context)
{
	static const uint8_t rand[16] = {7}, sqn[6] = {0, 0, 0, 0, 0, 0x21}, amf[2] = {0x80, 0};
	struct subscriber_key key;
	struct aka_vector v;
	uint8_t algorithm;

	(void)context;
	cut_start(cut);
	if (whole_send(&w, SELECT_ISD) != SW_OK || whole_send(&w, "80CADF2000") != SW_OK)
		return 0;
	algorithm = w.data[5];
	if ((algorithm != SLOT_MILENAGE && algorithm != SLOT_TUAK) || (done && algorithm != SLOT_TUAK))
		return 0;
	make_key(&key, algorithm);
	if (algorithm_vector(&v, &key, rand, sqn, amf) != OK || whole_send(&w, SELECT_USIM) != SW_OK ||
	    whole_autn(&w, v.rand, v.autn, v.autn_length) != SW_OK)
		return 0;
	/* Milenage's number was spent before; TUAK's never. */
	return w.data[0] == (algorithm == SLOT_TUAK ? 0xDB : 0xDC);
}

static void test_power_cut(void)
{
	static const uint8_t rand[16] = {7}, sqn[6] = {0, 0, 0, 0, 0, 0x21}, amf[2] = {0x80, 0};
	struct subscriber_key key;
	struct aka_vector v;
	struct cut cut;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 64, 1024, 4, 0xFF), 0);
	memset(&w, 0, sizeof(w));
	cut_start(&cut);
	make_key(&key, SLOT_MILENAGE);
	whole_load_any_key(&w, 1, &key);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(algorithm_vector(&v, &key, rand, sqn, amf), OK);
	CU_ASSERT_EQUAL(whole_autn(&w, v.rand, v.autn, v.autn_length), SW_OK);
	CU_ASSERT_EQUAL(w.data[0], 0xDB);
	CU_ASSERT(cut_every(&cut, work_cut, after_cut, NULL) > 30);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

/* ---- no key stays behind in the card's working memory ---- */

static int holds(const uint8_t *secret, size_t length)
{
	const uint8_t *at = (const uint8_t *)&w.card;

	for (size_t i = 0; i + length <= sizeof(w.card); i++)
		if (memcmp(at + i, secret, length) == 0)
			return 1;
	return 0;
}

static void test_forgets(void)
{
	static const uint8_t rand[16] = {7}, sqn[6] = {0, 0, 0, 0, 0, 0x21}, amf[2] = {0x80, 0};
	struct subscriber_key key;
	struct aka_vector v;

	for (uint8_t algorithm = SLOT_MILENAGE; algorithm <= SLOT_XOR_GSM; algorithm++) {
		whole_start(&w);
		make_key(&key, algorithm);
		for (uint8_t i = 0; i < 32; i++) {
			key.k[i] ^= (uint8_t)(i * 7);
			key.opc[i] ^= (uint8_t)(i * 13);
		}
		whole_load_any_key(&w, 1, &key);
		CU_ASSERT_FALSE(holds(key.k, 8));
		CU_ASSERT(key.sizes.opc == 0 || !holds(key.opc, 8));
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
		CU_ASSERT_EQUAL(whole_gsm(&w, rand), SW_OK);
		CU_ASSERT_FALSE(holds(key.k, 8));
		CU_ASSERT(key.sizes.opc == 0 || !holds(key.opc, 8));
		if (algorithm_has_3g(&key)) {
			CU_ASSERT_EQUAL(algorithm_vector(&v, &key, rand, sqn, amf), OK);
			CU_ASSERT_EQUAL(whole_autn(&w, v.rand, v.autn, v.autn_length), SW_OK);
			CU_ASSERT_FALSE(holds(key.k, 8));
			CU_ASSERT_FALSE(holds(v.ck, v.ck_length));
			CU_ASSERT_FALSE(holds(v.res, v.res_length));
		}
		whole_stop(&w);
	}
}

UNIT_SUITE("algorithm", UNIT(test_refused), UNIT(test_grouping), UNIT(test_power_cut), UNIT(test_forgets))
