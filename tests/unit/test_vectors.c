/* The published numbers, over APDUs: every file of tests/vectors that is about
 * something a card does, played to a whole card through its commands, keys
 * loaded as an issuer loads them. Says how many cases of each file ran, and
 * fails when one is missing.
 *
 * What a card draws at random is fixed here to what the publisher drew: drbg_fill(),
 * drbg_random() and scp03_card_challenge() are wrapped (tests.mk). */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/algorithm.h"
#include "crypto/des.h"
#include "crypto/drbg.h"
#include "unit/whole_card.h"
#include "vectors/vectors.h"

int __real_drbg_fill(struct drbg *drbg, uint8_t *out, size_t length);
int __wrap_drbg_fill(struct drbg *drbg, uint8_t *out, size_t length);
int __wrap_drbg_random(void *drbg, uint8_t *out, size_t length);
int __real_scp03_card_challenge(uint8_t *challenge, struct span key_enc, const uint8_t *sequence,
				struct span aid, size_t mode);
int __wrap_scp03_card_challenge(uint8_t *challenge, struct span key_enc, const uint8_t *sequence,
				struct span aid, size_t mode);

static struct whole_card w;

/* ---- what is drawn ---- */

static struct span drawn; /* length 0: at random */

int __wrap_drbg_fill(struct drbg *drbg, uint8_t *out, size_t length)
{
	if (drawn.length == 0 || length != drawn.length)
		return __real_drbg_fill(drbg, out, length);
	memcpy(out, drawn.at, length);
	return OK;
}

int __wrap_drbg_random(void *drbg, uint8_t *out, size_t length)
{
	return __wrap_drbg_fill(drbg, out, length);
}

int __wrap_scp03_card_challenge(uint8_t *challenge, struct span key_enc, const uint8_t *sequence,
				struct span aid, size_t mode)
{
	if (drawn.length != mode)
		return __real_scp03_card_challenge(challenge, key_enc, sequence, aid, mode);
	memcpy(challenge, drawn.at, mode);
	return OK;
}

/* ---- counting ---- */

static const char *played[32];
static size_t files;

static void report(const char *name, int cases, int want)
{
	CU_ASSERT_FATAL(files < sizeof(played) / sizeof(played[0]));
	played[files++] = name;
	printf("\n    %-34s %2d of %2d cases\n", name, cases, want);
	CU_ASSERT_EQUAL(cases, want);
}

/* ---- authentication ---- */

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

/* A card of its own with this key. */
static void start(const struct subscriber_key *key)
{
	whole_start(&w);
	whole_load_any_key(&w, 1, key);
	whole_reset(&w);
}

/* The last SEQ the card took with this IND is the one before `sqn`. */
static void set_last(const uint8_t sqn[static 6])
{
	uint8_t group[6 + 4 * 6] = {0, 1}, *own = group + 6 + (sqn[5] & 3) * 6; /* of load 1 */
	uint64_t seq = 0;

	for (int i = 0; i < 6; i++)
		seq = seq << 8 | sqn[i];
	seq = (seq >> 5) - 1;
	for (int i = 5; i >= 0; i--, seq >>= 8)
		own[i] = (uint8_t)seq;
	CU_ASSERT_EQUAL_FATAL(store_write(&w.card.store, (uint16_t)(STORE_SQN << 8 | (sqn[5] & 31) / 4),
					  group, sizeof(group)),
			      OK);
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

/* SRES and Kc in both classes: the GSM context of the USIM, and the 2G card's. */
static void play_gsm(const uint8_t rand[static 16], const uint8_t sres[static 4], const uint8_t kc[static 8])
{
	uint8_t command[21] = {0xA0, 0x88, 0, 0, 16};

	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_gsm(&w, rand), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, 14);
	CU_ASSERT_EQUAL(w.data[0], 4);
	ASSERT_BYTES(w.data + 1, sres, 4);
	CU_ASSERT_EQUAL(w.data[5], 8);
	ASSERT_BYTES(w.data + 6, kc, 8);
	memcpy(command + 5, rand, 16);
	CU_ASSERT_EQUAL(whole_send(&w, "A0A40000023F00"), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "A0A40000027F20"), SW_OK);
	CU_ASSERT_EQUAL(whole_apdu(&w, command, sizeof(command)), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, 12);
	ASSERT_BYTES(w.data, sres, 4);
	ASSERT_BYTES(w.data + 4, kc, 8);
}

/* PROVES: TS 31.102 7.1.2.1, TS 33.102 6.3.3, TS 33.102 6.8.1.2 */
static void play_set(const struct set *set)
{
	const struct key_sizes *s = &set->key.sizes;
	uint8_t autn[AKA_AUTN_MAX + 1] = {0}, want[256] = {0xDB}, sres[4], kc[8], told[6];
	uint8_t length = (uint8_t)(8 + s->mac);
	int has_gsm = s->res <= 16 && s->ck == 16 && s->ik == 16;
	size_t n = 1;

	start(&set->key);
	set_last(set->sqn);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	for (size_t i = 0; i < 6; i++)
		autn[i] = set->sqn[i] ^ set->ak[i];
	memcpy(autn + 6, set->amf, 2);
	memcpy(autn + 8, set->mac, s->mac);
	for (unsigned bit = 0; bit < length * 8u; bit += 5) { /* the MAC decides first */
		autn[bit / 8] ^= (uint8_t)(1 << bit % 8);
		CU_ASSERT_EQUAL(whole_autn(&w, set->rand, autn, length), SW_AUTHENTICATION_MAC);
		autn[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	n = add(want, n, set->res, s->res);
	n = add(want, n, set->ck, s->ck);
	n = add(want, n, set->ik, s->ik);
	from_3g(sres, kc, set);
	if (has_gsm)
		n = add(want, n, kc, 8);
	CU_ASSERT_EQUAL(whole_autn(&w, set->rand, autn, length), SW_OK);
	CU_ASSERT_EQUAL_FATAL(w.length, n);
	ASSERT_BYTES(w.data, want, n);

	CU_ASSERT_EQUAL(whole_autn(&w, set->rand, autn, length), SW_OK); /* again: AUTS */
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

	CU_ASSERT_EQUAL(whole_autn(&w, set->rand, autn, (uint8_t)(length + 1)), SW_WRONG_LENGTH);
	if (has_gsm)
		play_gsm(set->rand, sres, kc);
	else
		CU_ASSERT_EQUAL(whole_gsm(&w, set->rand), SW_NO_GSM_ACCESS);
	whole_stop(&w);
}

static void play_sets(const char *name, uint8_t algorithm, int want)
{
	struct vectors v;
	struct set set;
	int cases = 0;

	vectors_open(&v, name);
	for (; vectors_next(&v); cases++) {
		read_set(&set, &v, algorithm);
		play_set(&set);
	}
	report(name, cases, want);
}

/* PROVES: TS 35.206 4.1 */
static void test_milenage(void)
{
	play_sets("milenage_ts35207.txt", SLOT_MILENAGE, 6);
	play_sets("milenage_ts35208.txt", SLOT_MILENAGE, 20);
}

/* PROVES: TS 35.231 */
static void test_tuak(void)
{
	play_sets("tuak_ts35232_233.txt", SLOT_TUAK, 6);
}

/* The sequence number of the published set is zero, which no card takes as
 * fresh, so another one is used; RES, CK and IK do not depend on it. */
/* PROVES: TS 34.108 8.1.2 */
static void test_xor(void)
{
	static const uint8_t fresh = 0x21;
	uint8_t sres[4], kc[8];
	struct vectors v;
	struct set set;
	int cases = 0;

	vectors_open(&v, "xor3g_osmohlr.txt");
	for (; vectors_next(&v); cases++) {
		memset(&set, 0, sizeof(set));
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
		set.sqn[5] = fresh;
		set.mac[5] ^= fresh;
		play_set(&set);
		from_3g(sres, kc, &set);
		vectors_bytes(&v, "SRES", set.res, 4);
		ASSERT_BYTES(sres, set.res, 4);
		vectors_bytes(&v, "Kc", set.res, 8);
		ASSERT_BYTES(kc, set.res, 8);
	}
	report("xor3g_osmohlr.txt", cases, 1);
}

/* PROVES: TS 55.205, TS 51.011 9.2.16 */
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
		start(&key);
		play_gsm(rand, sres, kc);
		whole_stop(&w);
	}
	report("gsm_milenage_ts55205.txt", cases, 19);
}

/* One RAND of a GSM algorithm on a card made for it. */
static void play_gsm_only(uint8_t algorithm, const uint8_t ki[static 16], const uint8_t rand[static 16],
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
	whole_reset(&w);
	play_gsm(rand, sres, kc);
	/* PROVES: TS 31.102 7.3: 9864, security context not supported */
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_autn(&w, rand, autn, 16), SW_NO_GSM_ACCESS);
	whole_stop(&w);
}

static void play_gsm_file(const char *name, uint8_t algorithm, int want)
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
		play_gsm_only(algorithm, ki, rand, sres, kc);
	}
	report(name, cases, want);
}

/* Of the last file each section is a version, and each field RAND = SRES || Kc. */
/* PROVES: TS 51.011 9.2.16 */
static void test_gsm_only(void)
{
	uint8_t ki[16], rand[16], want[12], algorithm = SLOT_COMP128_2;
	struct vectors v;
	int cases = 0;

	play_gsm_file("comp128v1_COMPUTED.txt", SLOT_COMP128_1, 12);
	play_gsm_file("xor2g_libosmocore.txt", SLOT_XOR_GSM, 2);
	vectors_open(&v, "comp128v2_v3_libosmocore.txt");
	for (; vectors_next(&v); algorithm++) {
		vectors_bytes(&v, "Ki", ki, 16);
		for (size_t i = 0; i < v.count; i++)
			if (strlen(v.field[i].name) == 32) {
				CU_ASSERT_EQUAL(whole_hex(rand, v.field[i].name), 16);
				vectors_bytes(&v, v.field[i].name, want, 12);
				play_gsm_only(algorithm, ki, rand, want, want + 4);
				cases++;
			}
	}
	report("comp128v2_v3_libosmocore.txt", cases, 48);
}

/* ---- secure channels ---- */

static const char *const sent[] = {"get_eid_cmd", "case_1_apdu", "case_2_apdu", "case_3_apdu", "case_4_apdu"};

/* PUT KEY of three keys through SCP03 under the test keys; `kvn` old (0: none) and new. */
static void put_keys(uint8_t old, uint8_t kvn, uint8_t type, const uint8_t *const key[3], uint8_t length)
{
	static const uint8_t zero[16];
	uint8_t command[COMMAND_MAX] = {0x80, 0xD8, old, 0x81, 0, kvn};
	size_t n = 6, sealed = (length + 15u) / 16 * 16;
	int e;

	CU_ASSERT_EQUAL_FATAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	for (int i = 0; i < 3; i++) {
		command[n++] = type;
		if (type == 0x88) /* AES: the length in the clear before it */
			command[n++] = (uint8_t)(sealed + 1);
		command[n++] = length;
		e = aes_cbc_encrypt(command + n, (struct span){scp03_test_keys.dek, 16}, zero, key[i],
				    sealed);
		CU_ASSERT_EQUAL(e, OK);
		n += sealed;
		command[n++] = 3;
		e = type == 0x88 ? kcv(command + n, (struct span){key[i], length})
				 : des3_kcv(command + n, key[i]);
		CU_ASSERT_EQUAL(e, OK);
		n += 3;
	}
	command[4] = (uint8_t)(n - 5);
	CU_ASSERT_EQUAL_FATAL(whole_secure_bytes(&w, command, n), SW_OK);
	whole_reset(&w);
}

/* A captured session: what the terminal sent, byte for byte. The card opens it
 * as the captured one did, and every MAC fits. `skip`: byte of the answer to
 * INITIALIZE UPDATE in which the two cards differ. */
static void play_session(const struct vectors *v, const char *update, const char *answer,
			 const char *authenticate, const char *const *commands, size_t count, size_t skip)
{
	uint8_t bytes[300], want[64];
	size_t n;

	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	n = vectors_any(v, update, bytes, sizeof(bytes));
	CU_ASSERT_EQUAL_FATAL(whole_apdu(&w, bytes, n), SW_OK);
	n = vectors_any(v, answer, want, sizeof(want));
	CU_ASSERT_EQUAL_FATAL(w.length, n);
	want[skip] = w.data[skip];
	ASSERT_BYTES(w.data, want, n);
	n = vectors_any(v, authenticate, bytes, sizeof(bytes));
	CU_ASSERT_EQUAL_FATAL(whole_apdu(&w, bytes, n), SW_OK);
	for (size_t i = 0; i < count; i++) {
		n = vectors_any(v, commands[i], bytes, sizeof(bytes));
		CU_ASSERT_NOT_EQUAL(whole_apdu(&w, bytes, n), SW_SECURE_DATA_INCORRECT);
		CU_ASSERT_EQUAL_FATAL(w.card.scp03.state, SCP03_OPEN);
	}
	bytes[n - 2] ^= 1; /* and one that does not fit ends it */
	CU_ASSERT_EQUAL(whole_apdu(&w, bytes, n), SW_SECURE_DATA_INCORRECT);
	CU_ASSERT_NOT_EQUAL(w.card.scp03.state, SCP03_OPEN);
}

/* PROVES: GPC Amendment D 6.2.1, GPC Amendment D 6.2.2, GPC Amendment D 6.2.4, GPC Amendment D 7.1.1 */
static void test_scp03(void)
{
	static const char *const fields[3][3] = {{"AES128_ENC", "AES128_MAC", "AES128_DEK"},
						 {"AES192_ENC", "AES192_MAC", "AES192_DEK"},
						 {"AES256_ENC", "AES256_MAC", "AES256_DEK"}};
	uint8_t keys[3][3][32] = {{{0}}}, answer[32];
	struct vectors v;
	int sessions = 0;

	for (vectors_open(&v, "scp03_captures_pysim.txt"); vectors_next(&v);) {
		const char *aes = strstr(v.section, "AES-");
		uint8_t length;
		int which;

		for (int i = 0; i < 9 && vectors_has(&v, fields[0][0]); i++)
			(void)vectors_any(&v, fields[i / 3][i % 3], keys[i / 3][i % 3], 32);
		if (!aes || !strstr(v.section, "level 0x"))
			continue;
		length = (uint8_t)(atoi(aes + 4) / 8);
		which = (length - 16) / 8;
		whole_start(&w);
		put_keys(which == 0 ? 0x30 : 0, (uint8_t)(0x30 + which), 0x88,
			 (const uint8_t *const[3]){keys[which][0], keys[which][1], keys[which][2]}, length);
		vectors_bytes(&v, "init_upd_rsp", answer, 32);
		drawn = (struct span){answer + 13, 8};
		answer[31]--; /* the counter that is told is the one spent last, and one more */
		CU_ASSERT_EQUAL(store_write(&w.card.store, STORE_SCP << 8 | 0x80, answer + 29, 3), OK);
		play_session(&v, "init_upd_cmd", "init_upd_rsp", "ext_auth_cmd", sent, 5, 0);
		drawn.length = 0;
		whole_stop(&w);
		sessions++;
	}
	report("scp03_captures_pysim.txt", sessions, 9);
}

/* The captured card told key version 70 when 20 was asked for; ours tells 20. */
/* PROVES: GPC E.4.1, GPC E.4.4, GPC E.5.1 */
static void test_scp02(void)
{
	static const char *const cases[] = {"case_1", "case_2", "case_3", "case_4"};
	uint8_t key[3][16], answer[28];
	struct vectors v;
	int sessions = 0;

	for (vectors_open(&v, "scp02_capture_pysim.txt"); vectors_next(&v); sessions++) {
		vectors_bytes(&v, "ENC", key[0], 16);
		vectors_bytes(&v, "MAC", key[1], 16);
		vectors_bytes(&v, "DEK", key[2], 16);
		vectors_bytes(&v, "init_update_rsp", answer, 28);
		whole_start(&w);
		put_keys(0, 0x20, 0x80, (const uint8_t *const[3]){key[0], key[1], key[2]}, 16);
		CU_ASSERT_EQUAL(store_write(&w.card.store, STORE_SCP << 8 | 0x81, answer + 12, 2), OK);
		drawn = (struct span){answer + 14, 6};
		play_session(&v, "init_update_cmd", "init_update_rsp", "ext_auth_cmd", cases, 4, 10);
		drawn.length = 0;
		whole_stop(&w);
	}
	report("scp02_capture_pysim.txt", sessions, 1);
}

/* ---- SUCI ---- */

/* IMSI 274012 001002086, as the published plaintext has its MSIN. */
static void start_identity(const uint8_t *public_key, uint8_t length, uint8_t scheme)
{
	static const char *const commands[] = {SELECT_USIM,
					       "0020000A08 3132333435363738",
					       "00D6870009 082947100210000268",
					       "00A4080C04 7FFF6FAD",
					       "00D6000301 03",
					       "00A4080C04 7FFF6F38",
					       "00D6000F01 3C",
					       "00A4080C06 7FFF5FD04F01"};
	uint8_t command[5 + 64] = {0x00, 0xD6, 0x00, 0x00}, *at = command + 5;

	whole_start(&w);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		CU_ASSERT_EQUAL_FATAL(whole_send(&w, commands[i]), SW_OK);
	memcpy(at,
	       (const uint8_t[]){0xA0, 2, scheme, 1, 0xA1, (uint8_t)(5 + length), 0x80, 1, 0x1B, 0x81,
				 length},
	       11);
	memcpy(at + 11, public_key, length);
	command[4] = (uint8_t)(11 + length);
	CU_ASSERT_EQUAL(whole_apdu(&w, command, 5u + command[4]), SW_OK);
}

/* PROVES: TS 33.501 C.3.2, C.3.4, TS 31.102 7.5: by the numbers of TS 33.501 C.4.3, C.4.4 */
static void test_suci(void)
{
	uint8_t public_key[33], ephemeral[32], output[64];
	struct vectors v;
	int cases = 0;

	for (vectors_open(&v, "suci_ts33501_annexC4.txt"); vectors_next(&v);) {
		int b = strncmp(v.section, "profile B", 9) == 0;
		size_t length, n = b ? 33 : 32;

		if (!b && strncmp(v.section, "profile A", 9) != 0)
			continue;
		vectors_bytes(&v, b ? "hn_pub_compressed" : "hn_pub", public_key, n);
		vectors_bytes(&v, "eph_priv", ephemeral, 32);
		length = vectors_any(&v, "scheme_output", output, sizeof(output));
		start_identity(public_key, (uint8_t)n, b ? 2 : 1);
		drawn = (struct span){ephemeral, 32};
		CU_ASSERT_EQUAL(whole_send(&w, "8078000100"), SW_OK);
		drawn.length = 0;
		CU_ASSERT_EQUAL_FATAL(w.length, 10 + length);
		CU_ASSERT_EQUAL(w.data[8], b ? 2 : 1);
		CU_ASSERT_EQUAL(w.data[9], 0x1B);
		ASSERT_BYTES(w.data + 10, output, length);
		whole_stop(&w);
		cases++;
	}
	report("suci_ts33501_annexC4.txt", cases, 2);
}

/* ---- no file is forgotten ---- */

/* What no command gives, so that a unit test proves it; and what is no card's. */
static const char *const elsewhere[] = {
	/* Inside TUAK, SCP03, SUCI, the random generator and keys at rest. */
	"keccakp1600_ts35232.txt", "aes_cmac_rfc4493_sp800-38b.txt", "aes_sp800-38a.txt",
	"kbkdf_sp800-108_ctr_cavp.txt", "hmac_sha256_rfc4231.txt", "x25519_rfc7748.txt", "x963kdf_cavp.txt",
	"ctr_drbg_aes128_cavp.txt", "ecdsa_p256_rfc6979.txt", "aes_siv_rfc5297.txt",
	/* The other end of a secure channel, and the ceremony's, the bureau's and the centre's. */
	"gp_diversification_gppro.txt", "emv_option_a_pyemv.txt", "tr31_x9143_psec.txt",
	"aes_keywrap_sp800-38f_rfc3394_rfc5649.txt", "aes_gcm_sp800-38d.txt", "hkdf_rfc5869_sha256.txt",
	"bsp_sgp22_pysim.txt", "merkle_rfc6962.txt", "signed_note_c2sp.txt", "slip39.txt",
	"slip39_raw_COMPUTED.txt", "hpke_rfc9180.txt",
	/* The terminal's and the network's. */
	"eap_aka_prime_rfc5448_rfc9048.txt", "eap_aka_prime_fs_rfc9678_COMPUTED.txt", "eea2_eia2_ts33401.txt",
	"lte_keys_ts33401_COMPUTED.txt", "nr_keys_ts33501_COMPUTED.txt",
	/* Over APDUs too, by test_ota. */
	"ota_ts102225_pysim.txt"};

static int is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return 1;
	return 0;
}

static void test_every_file(void)
{
	DIR *folder = opendir("tests/vectors");
	struct dirent *entry;
	size_t seen = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(folder);
	while ((entry = readdir(folder))) {
		const char *name = entry->d_name, *dot = strrchr(name, '.');

		if (!dot || strcmp(dot, ".txt") != 0)
			continue;
		seen++;
		if (!is_one_of(name, played, files) &&
		    !is_one_of(name, elsewhere, sizeof(elsewhere) / sizeof(elsewhere[0]))) {
			printf("\n    %s is played nowhere\n", name);
			CU_FAIL("a file that was forgotten");
		}
	}
	(void)closedir(folder);
	CU_ASSERT_EQUAL(seen, files + sizeof(elsewhere) / sizeof(elsewhere[0]));
}

UNIT_SUITE("vectors", UNIT(test_milenage), UNIT(test_gsm_milenage), UNIT(test_tuak), UNIT(test_xor),
	   UNIT(test_gsm_only), UNIT(test_scp03), UNIT(test_scp02), UNIT(test_suci), UNIT(test_every_file))
