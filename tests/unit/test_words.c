/* PROVES: host/lib/words.h: the PGP word list, by examples that others published. */
#include "lib/words.h"

#include <string.h>

#include "unit/unit.h"

/* The fingerprint that Wikipedia's "PGP word list" spells, and one of the tests of a PHP implementation. */
static void test_published(void)
{
	static const uint8_t a[] = {0xE5, 0x82, 0x94, 0xF2, 0xE9, 0xA2, 0x27, 0x48, 0x6E, 0x8B,
				    0x06, 0x1B, 0x31, 0xCC, 0x52, 0x8F, 0xD7, 0xFA, 0x3F, 0x19};
	static const uint8_t b[] = {0x12, 0xB4, 0xB0, 0x05, 0x74, 0x00, 0x07, 0x6F,
				    0xA5, 0xC0, 0xF5, 0xCB, 0xF7, 0x26, 0xAC, 0x65};
	char text[WORDS_LONGEST * 32];

	words_write(text, sizeof(text), a, sizeof(a));
	CU_ASSERT_STRING_EQUAL(text,
			       "topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish "
			       "Medusa afflict bravado chatter revolver Dupont midsummer stopwatch whimsical "
			       "cowbell bottomless");
	words_write(text, sizeof(text), b, sizeof(b));
	CU_ASSERT_STRING_EQUAL(
		text, "atlas politeness ruffled almighty indoors adroitness ahead hemisphere reindeer "
		      "recipe vapor revival virus caretaker ribcage glossary");
}

static void test_room(void)
{
	uint8_t bytes[32];
	char text[WORDS_LONGEST * 32];

	memset(bytes, 0x92, sizeof(bytes));
	words_write(text, sizeof(text), bytes, sizeof(bytes));
	CU_ASSERT_TRUE(strlen(text) < sizeof(text));
	words_write(text, 5, bytes, 2);
	CU_ASSERT_STRING_EQUAL(text, "phys");
	words_write(text, sizeof(text), bytes, 0);
	CU_ASSERT_STRING_EQUAL(text, "");
}

UNIT_SUITE("words", UNIT(test_published), UNIT(test_room))
