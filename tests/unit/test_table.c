/* PROVES: tables are found in text by the names of their columns, whatever separates them. */
#include "theft/table.h"

#include <string.h>

#include "unit/unit.h"

static const char *const needed[] = {"IMSI", "Ki", NULL};

static bool find(struct table *table, const char *text)
{
	return table_find(table, text, strlen(text), needed);
}

static void test_separators(void)
{
	static const char *const texts[] = {"x;y\nAction;IMSI;;Ki\nADD;001;;0a\n", "IMSI,Ki\n001,0a",
					    "IMSI\tKI\r\n001\t0a\r\n", "| IMSI | ki |\n| 001 | 0a |\n",
					    "IMSI      Ki\n001       0a\n"};
	struct table table;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CU_ASSERT_FATAL(find(&table, texts[i]));
		CU_ASSERT(table_next(&table));
		CU_ASSERT_STRING_EQUAL(table_field(&table, "imsi"), "001");
		CU_ASSERT_STRING_EQUAL(table_field(&table, "Ki"), "0a");
		CU_ASSERT_STRING_EQUAL(table_field(&table, "OPc"), "");
		CU_ASSERT_FALSE(table_next(&table));
	}
}

static void test_none(void)
{
	struct table table;

	CU_ASSERT_FALSE(find(&table, ""));
	CU_ASSERT_FALSE(find(&table, "IMSI\nKi\n"));
	CU_ASSERT_FALSE(find(&table, "IMSI;Kiel\n001;0a\n"));
	CU_ASSERT_FATAL(find(&table, "IMSI;Ki\n001;0a;\n001;0a\n"));
	CU_ASSERT_FALSE(table_next(&table)); /* a field too many: the table has ended */
}

static void test_hex(void)
{
	uint8_t out[2];

	CU_ASSERT(table_hex(out, 2, "0aFf"));
	ASSERT_BYTES(out, "\x0A\xFF", 2);
	CU_ASSERT_FALSE(table_hex(out, 2, "0aF"));
	CU_ASSERT_FALSE(table_hex(out, 2, "0aFfe"));
	CU_ASSERT_FALSE(table_hex(out, 2, "0aFg"));
}

UNIT_SUITE("table", UNIT(test_separators), UNIT(test_none), UNIT(test_hex))
