/* PROVES: auth/algorithm.h, and AUTHENTICATE (TS 31.102 7.1) on the whole card
 * with every algorithm, by the published numbers of each: TS 35.207, TS
 * 35.208, TS 35.232, TS 55.205, TS 34.108 8.1.2, TS 51.010-1 annex 4, COMP128. */
#include <stdlib.h>
#include <string.h>

#include "auth/algorithm.h"
#include "powerloss/cut.h"
#include "unit/whole_card.h"
#include "vectors/vectors.h"

static struct whole_card w;

/* One published set, as AUTHENTICATE sees it. */
struct set {
	struct subscriber_key key;
	uint8_t rand[16], sqn[6], amf[2], ak[6], ak_star[6];
	uint8_t mac[AKA_MAC_MAX], res[AKA_RES_MAX], ck[AKA_KEY_MAX], ik[AKA_KEY_MAX];
};

static uint8_t number(const struct vectors *v, const char *name, unsigned unit)
{
	return (uint8_t)(strtoul(vectors_text(v, name), NULL, 10) / unit);
}

static void read_set(struct set *set, const struct vectors *v, uint8_t algorithm)
{
	struct key_sizes *s = &set->key.sizes;
	uint8_t parameters[ALGORITHM_PARAMETERS] = {(uint8_t)(strlen(vectors_text(v, "K")) / 2),
						    number(v, "LEN_MAC", 8),
						    number(v, "LEN_RES", 8),
						    number(v, "LEN_CK", 8),
						    number(v, "LEN_IK", 8),
						    number(v, "KeccakIterations", 1)};

	memset(set, 0, sizeof(*set));
	CU_ASSERT_EQUAL_FATAL(algorithm_choose(&set->key, algorithm, parameters,
					       algorithm == SLOT_TUAK ? sizeof(parameters) : 0),
			      OK);
	vectors_bytes(v, "K", set->key.k, s->k);
	vectors_bytes(v, algorithm == SLOT_TUAK ? "TOPc" : "OPc", set->key.opc, s->opc);
	vectors_bytes(v, "RAND", set->rand, 16);
	vectors_bytes(v, "SQN", set->sqn, 6);
	vectors_bytes(v, "AMF", set->amf, 2);
	vectors_bytes(v, "f1_MACA", set->mac, s->mac);
	vectors_bytes(v, "f2_RES", set->res, s->res);
	vectors_bytes(v, "f3_CK", set->ck, s->ck);
	vectors_bytes(v, "f4_IK", set->ik, s->ik);
	vectors_bytes(v, "f5_AK", set->ak, 6);
	vectors_bytes(v, "f5s_AK", set->ak_star, 6);
}

/* The last SEQ the card took with this IND is the one before `sqn`. */
static void set_last(const uint8_t sqn[static 6])
{
	uint8_t entry[12] = {0, 1};
	uint64_t seq = 0;

	for (int i = 0; i < 6; i++)
		seq = seq << 8 | sqn[i];
	seq = (seq >> 5) - 1;
	for (int i = 7; i >= 2; i--, seq >>= 8)
		entry[i] = (uint8_t)seq;
	CU_ASSERT_EQUAL_FATAL(
		store_write(&w.card.store, (uint16_t)(STORE_SQN << 8 | (sqn[5] & 31)), entry, sizeof(entry)),
		OK);
}

static sw_t send_autn(const uint8_t rand[static 16], const uint8_t *autn, uint8_t length)
{
	uint8_t command[5 + 18 + AKA_AUTN_MAX + 1] = {0x00, 0x88, 0x00, 0x81, (uint8_t)(18 + length), 16};

	memcpy(command + 6, rand, 16);
	command[22] = length;
	memcpy(command + 23, autn, length);
	return whole_apdu(&w, command, 23u + length);
}

static sw_t send_gsm(const uint8_t rand[static 16])
{
	uint8_t command[5 + 17] = {0x00, 0x88, 0x00, 0x80, 17, 16};

	memcpy(command + 6, rand, 16);
	return whole_apdu(&w, command, sizeof(command));
}

static void expect_gsm(const uint8_t sres[static 4], const uint8_t kc[static 8])
{
	CU_ASSERT_EQUAL_FATAL(w.length, 14);
	CU_ASSERT_EQUAL(w.data[0], 4);
	ASSERT_BYTES(w.data + 1, sres, 4);
	CU_ASSERT_EQUAL(w.data[5], 8);
	ASSERT_BYTES(w.data + 6, kc, 8);
}

static size_t add(uint8_t *out, size_t n, const uint8_t *value, uint8_t length)
{
	out[n] = length;
	memcpy(out + n + 1, value, length);
	return n + 1 + length;
}

/* TS 33.102 6.8.1.2, written out once more. */
static void from_3g(uint8_t sres[static 4], uint8_t kc[static 8], const struct set *set)
{
	for (size_t i = 0; i < 4; i++)
		sres[i] = set->res[i] ^ set->res[i + 4] ^ set->res[i + 8] ^ set->res[i + 12];
	for (size_t i = 0; i < 8; i++)
		kc[i] = set->ck[i] ^ set->ck[i + 8] ^ set->ik[i] ^ set->ik[i + 8];
}

/* PROVES: TS 31.102 7.1.2.1, TS 33.102 6.3.3 */
static void play_set(const struct set *set)
{
	const struct key_sizes *s = &set->key.sizes;
	uint8_t autn[AKA_AUTN_MAX + 1] = {0}, want[256] = {0xDB}, sres[4], kc[8], told[6];
	uint8_t length = (uint8_t)(8 + s->mac);
	int has_gsm = s->res <= 16 && s->ck == 16 && s->ik == 16;
	size_t n = 1;

	whole_start(&w);
	whole_load_any_key(&w, 1, &set->key);
	whole_reset(&w);
	set_last(set->sqn);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	for (size_t i = 0; i < 6; i++)
		autn[i] = set->sqn[i] ^ set->ak[i];
	memcpy(autn + 6, set->amf, 2);
	memcpy(autn + 8, set->mac, s->mac);
	for (unsigned bit = 0; bit < length * 8u; bit += 5) { /* the MAC decides first */
		autn[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(send_autn(set->rand, autn, length), SW_AUTHENTICATION_MAC);
		autn[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	n = add(want, n, set->res, s->res);
	n = add(want, n, set->ck, s->ck);
	n = add(want, n, set->ik, s->ik);
	from_3g(sres, kc, set);
	if (has_gsm)
		n = add(want, n, kc, 8);
	CU_ASSERT_EQUAL(send_autn(set->rand, autn, length), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, n);
	ASSERT_BYTES(w.data, want, n);

	CU_ASSERT_EQUAL(send_autn(set->rand, autn, length), SW_OK); /* again: AUTS */
	CU_ASSERT_EQUAL_FATAL(w.length, 8u + s->mac);
	CU_ASSERT_EQUAL(w.data[0], 0xDC);
	CU_ASSERT_EQUAL(w.data[1], 6 + s->mac);
	for (size_t i = 0; i < 6; i++)
		told[i] = w.data[2 + i] ^ set->ak_star[i];
	ASSERT_BYTES(told, set->sqn, 6);
	CU_ASSERT_EQUAL(algorithm_resync(told, &set->key, set->rand, w.data + 2), OK);
	ASSERT_BYTES(told, set->sqn, 6);
	w.data[2 + 5 + s->mac] ^= 1;
	CU_ASSERT_EQUAL(algorithm_resync(told, &set->key, set->rand, w.data + 2), ERROR_CHECK);

	CU_ASSERT_EQUAL(send_gsm(set->rand), has_gsm ? SW_OK : SW_NO_GSM_ACCESS);
	if (has_gsm)
		expect_gsm(sres, kc);
	CU_ASSERT_EQUAL(send_autn(set->rand, autn, (uint8_t)(length + 1)), SW_WRONG_LENGTH);
	whole_stop(&w);
}

static int play_file(const char *name, uint8_t algorithm)
{
	struct vectors v;
	struct set set;
	int cases = 0;

	vectors_open(&v, name);
	for (; vectors_next(&v); cases++) {
		read_set(&set, &v, algorithm);
		play_set(&set);
	}
	return cases;
}

static void test_milenage(void)
{
	CU_ASSERT_EQUAL(play_file("milenage_ts35207.txt", SLOT_MILENAGE), 6);
	CU_ASSERT_EQUAL(play_file("milenage_ts35208.txt", SLOT_MILENAGE), 20);
}

static void test_tuak(void)
{
	CU_ASSERT_EQUAL(play_file("tuak_ts35232_233.txt", SLOT_TUAK), 6);
}

static void test_gsm_milenage(void)
{
	uint8_t rand[16], sres[4], kc[8];
	struct subscriber_key key;
	struct vectors v;
	int cases = 0;

	vectors_open(&v, "gsm_milenage_ts55205.txt");
	for (; vectors_next(&v); cases++) {
		CU_ASSERT_EQUAL(algorithm_choose(&key, SLOT_MILENAGE, NULL, 0), OK);
		vectors_bytes(&v, "Ki", key.k, 16);
		vectors_bytes(&v, "OPc", key.opc, 16);
		vectors_bytes(&v, "RAND", rand, 16);
		vectors_bytes(&v, "SRES_1", sres, 4);
		vectors_bytes(&v, "Kc", kc, 8);
		whole_start(&w);
		whole_load_any_key(&w, 1, &key);
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
		CU_ASSERT_EQUAL(send_gsm(rand), SW_OK);
		expect_gsm(sres, kc);
		whole_stop(&w);
	}
	CU_ASSERT_EQUAL(cases, 19);
}

/* The sequence number of the published set is zero, which no card takes as
 * fresh, so another one is used; RES, CK and IK do not depend on it. */
static void test_xor(void)
{
	uint8_t sres[4], kc[8];
	struct vectors v;
	struct set set;

	memset(&set, 0, sizeof(set));
	vectors_open(&v, "xor3g_osmohlr.txt");
	CU_ASSERT_FATAL(vectors_next(&v));
	CU_ASSERT_EQUAL_FATAL(algorithm_choose(&set.key, SLOT_XOR, NULL, 0), OK);
	vectors_bytes(&v, "K", set.key.k, 16);
	vectors_bytes(&v, "RAND", set.rand, 16);
	vectors_bytes(&v, "RES", set.res, 16);
	vectors_bytes(&v, "CK", set.ck, 16);
	vectors_bytes(&v, "IK", set.ik, 16);
	vectors_bytes(&v, "AUTN", set.mac, 16);
	memcpy(set.ak, set.mac, 6); /* the set's SQN is zero */
	memcpy(set.ak_star, set.mac, 6);
	memmove(set.mac, set.mac + 8, 8);
	set.sqn[5] = 0x21;
	set.mac[5] ^= 0x21;
	from_3g(sres, kc, &set);
	play_set(&set);
	vectors_bytes(&v, "SRES", set.res, 4);
	ASSERT_BYTES(sres, set.res, 4);
	vectors_bytes(&v, "Kc", set.res, 8);
	ASSERT_BYTES(kc, set.res, 8);
	while (vectors_next(&v))
		CU_FAIL("only one set was known");
}

/* One RAND of a GSM algorithm on a card made for it. */
static void play_gsm(uint8_t algorithm, const uint8_t ki[static 16], const uint8_t rand[static 16],
		     const uint8_t sres[static 4], const uint8_t kc[static 8])
{
	static const uint8_t autn[16];
	struct subscriber_key key;

	CU_ASSERT_EQUAL_FATAL(algorithm_choose(&key, algorithm, NULL, 0), OK);
	memcpy(key.k, ki, 16);
	whole_start(&w);
	whole_load_any_key(&w, 1, &key);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CADF2000"), SW_OK); /* told: the algorithm, and no OPc */
	CU_ASSERT_EQUAL(w.data[5], algorithm);
	ASSERT_BYTES(w.data + 10, "\0\0\0", 3);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(send_gsm(rand), SW_OK);
	expect_gsm(sres, kc);
	/* PROVES: TS 31.102 7.3: 9864, security context not supported */
	CU_ASSERT_EQUAL(send_autn(rand, autn, 16), SW_NO_GSM_ACCESS);
	whole_stop(&w);
}

static int play_gsm_file(const char *name, uint8_t algorithm)
{
	uint8_t ki[16], rand[16], sres[4], kc[8];
	struct vectors v;
	int cases = 0;

	vectors_open(&v, name);
	for (; vectors_next(&v); cases++) {
		vectors_bytes(&v, "Ki", ki, 16);
		vectors_bytes(&v, "RAND", rand, 16);
		vectors_bytes(&v, "SRES", sres, 4);
		vectors_bytes(&v, "Kc", kc, 8);
		play_gsm(algorithm, ki, rand, sres, kc);
	}
	return cases;
}

/* Of the second file each section is a version, and each field RAND = SRES || Kc. */
static void test_gsm_only(void)
{
	uint8_t ki[16], rand[16], want[12], algorithm = SLOT_COMP128_2;
	struct vectors v;
	int cases = 0;

	CU_ASSERT_EQUAL(play_gsm_file("comp128v1_COMPUTED.txt", SLOT_COMP128_1), 12);
	CU_ASSERT_EQUAL(play_gsm_file("xor2g_libosmocore.txt", SLOT_XOR_GSM), 2);
	vectors_open(&v, "comp128v2_v3_libosmocore.txt");
	for (; vectors_next(&v); algorithm++) {
		vectors_bytes(&v, "Ki", ki, 16);
		for (size_t i = 0; i < v.count; i++)
			if (strlen(v.field[i].name) == 32) {
				CU_ASSERT_EQUAL(whole_hex(rand, v.field[i].name), 16);
				vectors_bytes(&v, v.field[i].name, want, 12);
				play_gsm(algorithm, ki, rand, want, want + 4);
				cases++;
			}
	}
	CU_ASSERT_EQUAL(cases, 48);
}

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
	    send_autn(v.rand, v.autn, v.autn_length) != SW_OK)
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
	CU_ASSERT_EQUAL(send_autn(v.rand, v.autn, v.autn_length), SW_OK);
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
		CU_ASSERT_EQUAL(send_gsm(rand), SW_OK);
		CU_ASSERT_FALSE(holds(key.k, 8));
		CU_ASSERT(key.sizes.opc == 0 || !holds(key.opc, 8));
		if (algorithm_has_3g(&key)) {
			CU_ASSERT_EQUAL(algorithm_vector(&v, &key, rand, sqn, amf), OK);
			CU_ASSERT_EQUAL(send_autn(v.rand, v.autn, v.autn_length), SW_OK);
			CU_ASSERT_FALSE(holds(key.k, 8));
			CU_ASSERT_FALSE(holds(v.ck, v.ck_length));
			CU_ASSERT_FALSE(holds(v.res, v.res_length));
		}
		whole_stop(&w);
	}
}

UNIT_SUITE("algorithm", UNIT(test_milenage), UNIT(test_tuak), UNIT(test_gsm_milenage), UNIT(test_xor),
	   UNIT(test_gsm_only), UNIT(test_refused), UNIT(test_grouping), UNIT(test_power_cut),
	   UNIT(test_forgets))
