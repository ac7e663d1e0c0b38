/* PROVES: no branch and no memory address depends on a secret where one is
 * split, put together, encrypted, decrypted or looked up as a word. (A
 * mnemonic's text is as long as its words are: that is told in slip39.h.) */
#include <string.h>

#include "crypto/compare.h"
#include "lib/slip39.h"
#include "unit/ctime.h"

enum verdict __real_compare_equal(const void *a, const void *b, size_t length);
enum verdict __wrap_compare_equal(const void *a, const void *b, size_t length);

/* Whether shares fit together may be acted upon. */
enum verdict __wrap_compare_equal(const void *a, const void *b, size_t length)
{
	enum verdict verdict = __real_compare_equal(a, b, length);

	publish(&verdict, sizeof(verdict));
	return verdict;
}

static const struct slip39_set set = {7, true, 0, 2, 2, 32};
static const struct slip39_group groups[2] = {{3, 5}, {2, 2}};

static void test_split_and_combine(void)
{
	struct slip39_share shares[7], given[5];
	uint8_t secret[32], random[7 * 32], ems[32], got[32];
	char text[SLIP39_TEXT];

	for (size_t i = 0; i < sizeof(random); i++)
		random[i] = (uint8_t)(i * 29 + 3);
	memcpy(secret, random + 5, sizeof(secret));
	hide(secret, sizeof(secret));
	hide(random, sizeof(random));
	CU_ASSERT_EQUAL(slip39_encrypt(ems, secret, &set, "TREZOR", NULL), 0);
	CU_ASSERT_EQUAL(slip39_split(shares, &set, groups, ems, random, NULL), 0);
	CU_ASSERT_EQUAL(decisions(), 0);
	given[0] = shares[1];
	given[1] = shares[5];
	given[2] = shares[4];
	given[3] = shares[6];
	given[4] = shares[2];
	CU_ASSERT_EQUAL(slip39_combine(got, given, 5, NULL), 0);
	CU_ASSERT_EQUAL(slip39_decrypt(got, got, &set, "TREZOR", NULL), 0);
	CU_ASSERT_EQUAL(decisions(), 0);
	publish(got, sizeof(got));
	publish(secret, sizeof(secret));
	ASSERT_BYTES(got, secret, sizeof(got));
	given[0].share.value[3] ^= 1;
	CU_ASSERT_EQUAL(slip39_combine(got, given, 5, NULL), -1);
	CU_ASSERT_EQUAL(decisions(), 0);
	/* the method sees what it is there to see: the text is put together by its words' lengths */
	CU_ASSERT_EQUAL(slip39_encode(text, &shares[1], NULL), 0);
	CU_ASSERT(decisions() > 0);
}

static void test_word(void)
{
	char word[] = "AmBitIon", none[] = "ambiti?n";
	int a, b;

	hide(word, sizeof(word));
	hide(none, sizeof(none));
	a = slip39_word(word, 8);
	b = slip39_word(none, 8);
	publish(&a, sizeof(a));
	publish(&b, sizeof(b));
	CU_ASSERT_EQUAL(decisions(), 0);
	CU_ASSERT_EQUAL(a, 35);
	CU_ASSERT_EQUAL(b, -1);
}

CTIME_SUITE("ctime_slip39", UNIT(test_split_and_combine), UNIT(test_word))
