/* PROVES: gp/put_key.h and gp/get_data.h on the whole card: GlobalPlatform
 * Card Specification 11.3, 11.8, Amendment D 7.2; every power cut. */
#include "gp/key_set.h"
#include "powerloss/cut.h"
#include "unit/play.h"
#include "unit/whole_card.h"

static struct whole_card w;

static const struct scp03_key_set fresh = {
	.version = 0x31,
	.length = 16,
	.enc = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
	.mac = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36},
	.dek = {41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56},
};

/* PUT KEY under a set's DEK; `inner` puts the clear length before the key. */
static size_t make_put_key(uint8_t *out, const struct scp03_key_set *under, uint8_t old,
			   const struct scp03_key_set *keys, int inner)
{
	static const uint8_t zero[16];
	const uint8_t *const key[3] = {keys->enc, keys->mac, keys->dek};
	size_t n = 6, sealed = (keys->length + 15u) / 16 * 16;

	memcpy(out, (const uint8_t[]){0x80, 0xD8, old, 0x81, 0, keys->version}, 6);
	for (int i = 0; i < 3; i++) {
		out[n++] = 0x88;
		out[n++] = (uint8_t)(inner ? sealed + 1 : sealed);
		if (inner)
			out[n++] = keys->length;
		CU_ASSERT_EQUAL(aes_cbc_encrypt(out + n, (struct span){under->dek, under->length}, zero,
						key[i], sealed),
				OK);
		n += sealed;
		out[n++] = 3;
		CU_ASSERT_EQUAL(kcv(out + n, (struct span){key[i], keys->length}), OK);
		n += 3;
	}
	out[4] = (uint8_t)(n - 5);
	return n;
}

static sw_t put(const struct scp03_key_set *under, uint8_t old, const struct scp03_key_set *keys, int inner)
{
	uint8_t command[COMMAND_MAX];
	size_t n = make_put_key(command, under, old, keys, inner);

	return whole_secure_bytes(&w, command, n);
}

static void expect_answer(const struct scp03_key_set *keys)
{
	uint8_t want[10] = {keys->version};

	CU_ASSERT_EQUAL(kcv(want + 1, (struct span){keys->enc, keys->length}), OK);
	CU_ASSERT_EQUAL(kcv(want + 4, (struct span){keys->mac, keys->length}), OK);
	CU_ASSERT_EQUAL(kcv(want + 7, (struct span){keys->dek, keys->length}), OK);
	CU_ASSERT_EQUAL_FATAL(w.length, sizeof(want));
	ASSERT_BYTES(w.data, want, sizeof(want));
}

/* PROVES: GPC 11.8, GPC Amendment D 7.2, 6.2.8 */
static void test_replace(void)
{
	struct scp03_key_set next = fresh;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(put(&scp03_test_keys, 0x30, &fresh, 1), SW_OK);
	expect_answer(&fresh);
	/* The session goes on under the keys it was opened with. */
	CU_ASSERT_EQUAL(whole_secure(&w, "80CA00E000"), SW_OK);
	ASSERT_BYTES(w.data,
		     "\xE0\x12\xC0\x04\x01\x31\x88\x10\xC0\x04\x02\x31\x88\x10\xC0\x04\x03\x31\x88\x10", 20);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_open(&w, &fresh, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80CA00C100"), SW_OK); /* the counter goes on */
	ASSERT_BYTES(w.data, "\xC1\x03\x00\x00\x02", 5);
	/* Same version, other keys, short form. */
	memset(next.enc, 0x77, 16);
	CU_ASSERT_EQUAL(put(&fresh, 0x31, &next, 0), SW_OK);
	expect_answer(&next);
	CU_ASSERT_EQUAL(whole_open(&w, &next, 0x03), SW_OK);
	whole_stop(&w);
}

/* A session recorded under keys opens none again, whatever PUT KEY did since,
 * were it the very same keys again or under another version. */
static void test_replay(void)
{
	uint8_t begin[SCP03_BEGIN_MAX], first[32], command[SCP03_COMMAND_MAX];
	struct scp03_key_set same = scp03_test_keys;
	static const uint8_t challenge[8] = {5};
	struct fault fault;
	size_t length;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	length = scp03_begin(&w.channel, begin, &same, challenge);
	CU_ASSERT_EQUAL(whole_apdu(&w, begin, length), SW_OK);
	memcpy(first, w.data, sizeof(first));
	CU_ASSERT_EQUAL(scp03_answer(&w.channel, command, w.data, w.length, 0x03, &fault), 21);
	CU_ASSERT_EQUAL(whole_apdu(&w, command, 21), SW_OK);
	for (int round = 0; round < 3; round++) {
		CU_ASSERT_EQUAL(whole_open(&w, &same, 0x03), SW_OK);
		if (round < 2)
			CU_ASSERT_EQUAL(put(&same, 0x30, &same, 1), SW_OK);
		if (round == 2) {
			same.version = 0x31;
			CU_ASSERT_EQUAL(put(&same, 0x30, &same, 1), SW_OK);
			begin[2] = 0x31;
		}
		whole_reset(&w);
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
		CU_ASSERT_EQUAL(whole_apdu(&w, begin, length), SW_OK);
		CU_ASSERT_NOT_EQUAL(memcmp(w.data + 13, first + 13, 8), 0); /* another challenge */
		CU_ASSERT_EQUAL(whole_apdu(&w, command, 21), SW_CRYPTOGRAM_WRONG);
	}
	whole_stop(&w);
}

/* PROVES: GPC 11.8 */
static void test_add(void)
{
	struct scp03_key_set next = fresh;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	for (next.version = 0x31; next.version < 0x30 + SCP_KEY_SETS; next.version++)
		CU_ASSERT_EQUAL(put(&scp03_test_keys, 0, &next, 1), SW_OK);
	CU_ASSERT_EQUAL(put(&scp03_test_keys, 0, &next, 1), SW_NOT_ENOUGH_SPACE);
	CU_ASSERT_EQUAL(put(&scp03_test_keys, 0, &fresh, 1), SW_WRONG_DATA); /* is there already */
	CU_ASSERT_EQUAL(put(&scp03_test_keys, 0x3F, &next, 1), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(put(&scp03_test_keys, 0x30, &fresh, 1), SW_WRONG_DATA);
	for (next.version = 0x31; next.version < 0x30 + SCP_KEY_SETS; next.version++)
		CU_ASSERT_EQUAL(whole_open(&w, &next, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	whole_stop(&w);
}

/* AES-128 to -256 to -192 and back: each set opens a channel at every level,
 * and loads the next under its own DEK. */
/* PROVES: GPC Amendment D 7.2 */
static void test_lengths(void)
{
	static const uint8_t lengths[] = {32, 24, 16, 24};
	static const uint8_t levels[] = {0x01, 0x11, 0x13, 0x33, 0x03};
	struct scp03_key_set now = scp03_test_keys, next;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &now, 0x03), SW_OK);
	for (uint8_t i = 0; i < sizeof(lengths); i++) {
		memset(&next, 0, sizeof(next));
		next.version = (uint8_t)(0x31 + i % 2);
		next.length = lengths[i];
		for (uint8_t b = 0; b < next.length; b++) {
			next.enc[b] = (uint8_t)(b + i);
			next.mac[b] = (uint8_t)(b + 2 * i + 70);
			next.dek[b] = (uint8_t)(b + 3 * i + 140);
		}
		CU_ASSERT_EQUAL(put(&now, now.version, &next, 1), SW_OK);
		expect_answer(&next);
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
		CU_ASSERT_EQUAL(whole_ask(&w, "80CA00E000"), SW_OK);
		CU_ASSERT_EQUAL(w.length, 20);
		CU_ASSERT_EQUAL(w.data[7], lengths[i]);
		now = next;
		for (size_t n = 0; n < sizeof(levels); n++) {
			CU_ASSERT_EQUAL(whole_open(&w, &now, levels[n]), SW_OK);
			CU_ASSERT_EQUAL(whole_secure(&w, "80CADF2100"), SW_OK);
			ASSERT_BYTES(w.data, "\xDF\x21\x01\x01", 4);
		}
	}
	whole_stop(&w);
}

/* Keys of one set have one length (Amendment D 5.1), and no other length than AES has. */
static void test_odd_lengths(void)
{
	uint8_t command[COMMAND_MAX], shorter[COMMAND_MAX];
	struct scp03_key_set big = fresh;
	size_t n;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	big.length = 32;
	n = make_put_key(command, &scp03_test_keys, 0, &big, 1);
	(void)make_put_key(shorter, &scp03_test_keys, 0, &fresh, 1);
	memcpy(command + n - 39, shorter + 6 + 46, 23); /* the third key is an AES-128 one */
	command[4] = (uint8_t)(n - 16 - 5);
	CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, n - 16), SW_WRONG_DATA);
	for (unsigned length = 0; length < 256; length++) {
		if (length == 32)
			continue;
		n = make_put_key(command, &scp03_test_keys, 0, &big, 1);
		command[8] = (uint8_t)length;
		CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, n),
				length == 24 ? SW_KCV_WRONG : SW_WRONG_DATA);
	}
	CU_ASSERT_EQUAL(whole_ask(&w, "80CA00E000"), SW_OK);
	CU_ASSERT_EQUAL(w.length, 20);
	whole_stop(&w);
}

/* Nothing happens unless everything is right. */
/* PROVES: GPC 11.8 */
static void test_refused(void)
{
	uint8_t command[COMMAND_MAX];
	struct scp03_key_set odd = fresh;
	size_t n;

	whole_start(&w);
	n = make_put_key(command, &scp03_test_keys, 0x30, &fresh, 1);
	CU_ASSERT_EQUAL(whole_apdu(&w, command, n), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_apdu(&w, command, n), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x01), SW_OK);
	CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, n), SW_SECURITY_NOT_SATISFIED); /* C-MAC alone */
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(whole_apdu(&w, command, n), SW_SECURITY_NOT_SATISFIED); /* in the clear */
	for (size_t i = 0; i < 3; i++) { /* each check value, the last of which must undo the others */
		command[6 + i * 23 + 21] ^= 1;
		CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, n), SW_KCV_WRONG);
		command[6 + i * 23 + 21] ^= 1;
		command[6 + i * 23 + 5] ^= 1;
		CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, n), SW_KCV_WRONG);
		command[6 + i * 23 + 5] ^= 1;
		command[6 + i * 23] = 0x80; /* DES */
		CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, n), SW_ALGORITHM_NOT_SUPPORTED);
		command[6 + i * 23] = 0x88;
	}
	command[3] = 0x01; /* P2: one key only */
	CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, n), SW_WRONG_P1_P2);
	command[3] = 0x81;
	for (size_t length = 5 + 1; length < n; length++) {
		command[4] = (uint8_t)(length - 5);
		CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, length), SW_WRONG_DATA);
	}
	command[n] = 0; /* a byte too many */
	command[4] = (uint8_t)(n - 4);
	CU_ASSERT_EQUAL(whole_secure_bytes(&w, command, n + 1), SW_WRONG_DATA);
	odd.version = 0x2F;
	CU_ASSERT_EQUAL(put(&scp03_test_keys, 0, &odd, 1), SW_ALGORITHM_NOT_SUPPORTED);     /* of SCP02 */
	CU_ASSERT_EQUAL(put(&scp03_test_keys, 0x30, &odd, 1), SW_CONDITIONS_NOT_SATISFIED); /* the last */
	odd.version = 0x71;
	CU_ASSERT_EQUAL(put(&scp03_test_keys, 0x30, &odd, 1), SW_WRONG_DATA);
	odd.version = 0x40;
	CU_ASSERT_EQUAL(put(&scp03_test_keys, 0x30, &odd, 1), SW_WRONG_DATA);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &fresh, 0x03), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	whole_stop(&w);
}

/* PROVES: GPC 11.3, 11.3.3.1, H.2 */
static void test_get_data(void)
{
	uint8_t want[50];

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CA006600"), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CA006600"), SW_OK);
	CU_ASSERT_EQUAL(w.length, 50);
	play_unhex(want, sizeof(want),
		   "6630 732E 06072A864886FC6B01 600B06092A864886FC6B020203 63090607 2A864886FC6B03"
		   "640B06092A864886FC6B040370"); /* card specification 2.3; SCP 03 with i = 70 */
	ASSERT_BYTES(w.data, want, sizeof(want));
	CU_ASSERT_EQUAL(whole_ask(&w, "80CA00E000"), SW_OK);
	CU_ASSERT_EQUAL(w.length, 20);
	CU_ASSERT_EQUAL(w.data[5], 0x30);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CADF2100"), SW_OK);
	ASSERT_BYTES(w.data, "\xDF\x21\x01\x01", 4);
	CU_ASSERT_EQUAL(whole_ask(&w, "80CA9F7F00"), SW_REFERENCE_NOT_FOUND);
	whole_stop(&w);
}

/* ---- power cuts: the old three keys or the new three, and always a way in ---- */

static volatile int done;

static void cut_start(struct cut *cut)
{
	w.hal = cut->hal;
	CU_ASSERT_EQUAL_FATAL(card_start(&w.card, &w.hal), OK);
	whole_reset(&w);
}

static void work_cut(struct cut *cut, void *context)
{
	(void)context;
	done = 0;
	cut_start(cut);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(put(&scp03_test_keys, 0x30, &fresh, 1), SW_OK);
	done = 1;
}

static int after_cut(struct cut *cut, void *context)
{
	sw_t old, new;

	(void)context;
	cut_start(cut);
	old = whole_open(&w, &scp03_test_keys, 0x03);
	new = whole_open(&w, &fresh, 0x03);
	if (new == SW_OK)
		return old == SW_REFERENCE_NOT_FOUND;
	return !done && old == SW_OK && new == SW_REFERENCE_NOT_FOUND;
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

UNIT_SUITE("put_key", UNIT(test_replace), UNIT(test_replay), UNIT(test_add), UNIT(test_lengths),
	   UNIT(test_odd_lengths), UNIT(test_refused), UNIT(test_get_data), UNIT(test_power_cut))
