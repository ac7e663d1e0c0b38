/* PROVES: TS 51.011 9.4: every status word of the card has one that 2G terminals know. */
#include "gsm/word.h"

#include "unit/unit.h"

static void test_gsm(void)
{
	static const sw_t same[] = {0x9000, 0x9240, 0x9400, 0x9402, 0x9404, 0x9408, 0x9802, 0x9804, 0x9808,
				    0x9810, 0x9840, 0x9850, 0x6700, 0x670F, 0x6B00, 0x6D00, 0x6E00, 0x6F00};
	static const sw_t pairs[][2] = {
		{0x6282, 0x9404}, {0x6581, 0x9240}, {0x6981, 0x9408}, {0x6982, 0x9804}, {0x6983, 0x9840},
		{0x6984, 0x9810}, {0x6985, 0x9810}, {0x6986, 0x9400}, {0x6A82, 0x9404}, {0x6A83, 0x9402},
		{0x6A84, 0x9240}, {0x6A86, 0x6B00}, {0x6A88, 0x9802}, {0x6C0D, 0x670D}, {0x6C00, 0x6700}};

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		CU_ASSERT_EQUAL(word_gsm(same[i]), same[i]);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		CU_ASSERT_EQUAL(word_gsm(pairs[i][0]), pairs[i][1]);
}

static void test_chv(void)
{
	static const sw_t pairs[][2] = {{0x9000, 0x9000}, {0x63C0, 0x9840}, {0x63C1, 0x9804},
					{0x63CF, 0x9804}, {0x6984, 0x9808}, {0x6985, 0x9808},
					{0x6A80, 0x9808}};
	static const sw_t later[][2] = {{0x6983, 0x9840}, {0x6A88, 0x9802}, {0x6581, 0x9240}};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		CU_ASSERT_EQUAL(word_chv(pairs[i][0]), pairs[i][1]);
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		CU_ASSERT_EQUAL(word_gsm(word_chv(later[i][0])), later[i][1]);
}

UNIT_SUITE("word", UNIT(test_gsm), UNIT(test_chv))
