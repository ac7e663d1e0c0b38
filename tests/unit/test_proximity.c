/* PROVES: the published search rule (Ki near IMSI, 60 words), and that near numbers are paired. */
#include "theft/proximity.h"

#include <string.h>

#include "unit/unit.h"

static bool hit(const char *text)
{
	return proximity_hit(text, strlen(text));
}

static void test_rule(void)
{
	char far[512] = "IMSI";
	int i;

	CU_ASSERT(hit("Action;OrderId;IMSI;MSISDN;ICCID;Ki;PIN"));
	CU_ASSERT(hit("the ki of imsi 001010000000001"));
	CU_ASSERT(!hit("ICCID;IMSI;MSISDN"));
	CU_ASSERT(!hit("Kiel is a town; IMSI"));
	CU_ASSERT(!hit(""));
	for (i = 0; i < 59; i++)
		strcat(far, " word");
	strcat(far, " Ki");
	CU_ASSERT(hit(far));
	memcpy(far + strlen(far) - 3, " x Ki", 6);
	CU_ASSERT(!hit(far));
}

struct seen {
	int guesses;
	char imsi[16];
	uint8_t first[16], second[16];
	int stop_at;
};

static bool guess(void *context, const char imsi[static 16], const uint8_t first[static 16],
		  const uint8_t second[static 16])
{
	struct seen *seen = context;

	seen->guesses++;
	memcpy(seen->imsi, imsi, 16);
	memcpy(seen->first, first, 16);
	memcpy(seen->second, second, 16);
	return seen->guesses == seen->stop_at;
}

static void test_nearest_first(void)
{
	static const char text[] = "001010000000007;898820;465B5CE8B199B49FAA5F0A2EE238A6BC;1234;"
				   "cd63cb71954a9f4e48a5994e37a02baf;00000000000000000000000000000000";
	static const uint8_t k[16] = {0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
				      0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
	static const uint8_t opc[16] = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
					0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf};
	struct seen seen = {.stop_at = 1};

	proximity_pairs(text, strlen(text), guess, &seen);
	CU_ASSERT_EQUAL(seen.guesses, 1);
	CU_ASSERT_STRING_EQUAL(seen.imsi, "001010000000007");
	ASSERT_BYTES(seen.first, k, 16);
	ASSERT_BYTES(seen.second, opc, 16);
	seen = (struct seen){.stop_at = -1};
	proximity_pairs(text, strlen(text), guess, &seen);
	CU_ASSERT_EQUAL(seen.guesses, 6); /* three numbers, both orders */
}

static void test_nothing_to_pair(void)
{
	struct seen seen = {.stop_at = -1};

	proximity_pairs("001010000000007 465b5ce8b199b49faa5f0a2ee238a6bc", 49, guess, &seen);
	proximity_pairs("", 0, guess, &seen);
	CU_ASSERT_EQUAL(seen.guesses, 0);
}

UNIT_SUITE("proximity", UNIT(test_rule), UNIT(test_nearest_first), UNIT(test_nothing_to_pair))
