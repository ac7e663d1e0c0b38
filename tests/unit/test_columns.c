/* PROVES: what the better search takes for keys, and what it leaves alone. */
#include "theft/columns.h"

#include <stdio.h>
#include <string.h>

#include "unit/unit.h"

#define K1 "465b5ce8b199b49faa5f0a2ee238a6bc"
#define K2 "cd63cb71954a9f4e48a5994e37a02baf"

static char said[512];

static void found(void *context, const char *imsi, const uint8_t k[static 16])
{
	(void)context;
	(void)snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s %02x%02x ", imsi, k[0], k[15]);
}

static unsigned keys(const char *text)
{
	said[0] = 0;
	return columns_keys(text, strlen(text), found, NULL);
}

static void test_columns(void)
{
	CU_ASSERT_EQUAL(keys("some words; here\nAction;IMSI;MSISDN;ICCID;Ki;PIN\r\n"
			     "ADD;001010000000001;;89;" K1 ";1\r\nADD;001010000000002;;89;" K2
			     ";2\r\n\r\nbye"),
			2);
	CU_ASSERT_STRING_EQUAL(said, "001010000000001 46bc 001010000000002 cdaf ");
	CU_ASSERT_EQUAL(keys("ICCID,imsi,KI,OPC\n8988,001010000000001," K1 "," K2 "\n"), 1);
	CU_ASSERT_EQUAL(keys("IMSI            KI\n001010000000001 " K1 "\n"), 1); /* columns of fixed width */
	CU_ASSERT_EQUAL(keys("IMSI;Ki\n001010000000001;00000000000000000000000000000000\n"), 0);
	CU_ASSERT_EQUAL(keys("IMSI;Ki\n00101000000001;" K1 "\n"), 0); /* 14 digits */
	CU_ASSERT_EQUAL(keys("IMSI;MD5\n001010000000001;" K1 "\n"), 0);
}

static void test_names(void)
{
	CU_ASSERT_EQUAL(
		keys("IMSI=001010000000001\nKi=" K1 "\nOPc=" K2 "\n\nIMSI=001010000000002\nKi=" K2 "\n"), 2);
	CU_ASSERT_STRING_EQUAL(said, "001010000000001 46bc 001010000000002 cdaf ");
	CU_ASSERT_EQUAL(keys("<imsi>001010000000001</imsi>\n <ki>" K1 "</ki>\n <opc>" K2 "</opc>"), 1);
	CU_ASSERT_EQUAL(keys("the sample with IMSI 001010000000001 fails:\n  Ki clear: " K1
			     "\n  Ki encrypted by transport key: " K2 "\n"),
			1);
	CU_ASSERT_STRING_EQUAL(said, "001010000000001 46bc ");
	CU_ASSERT_EQUAL(keys("the Ki of IMSI 001010000000001 is not here; the checksum is " K1), 0);
}

static void test_shapes(void)
{
	CU_ASSERT_EQUAL(
		keys("1\r\n\r\n8988211000000000011\r\n\r\n001010000000001\r\n\r\n" K1 "\r\n\r\n" K2 "\r\n"),
		1);
	CU_ASSERT_STRING_EQUAL(said, "001010000000001 46bc ");
	CU_ASSERT_EQUAL(keys("8988211000000000012\n001010000000001\n" K1),
			0); /* no card number: its check digit */
	CU_ASSERT_EQUAL(keys("001010000000001 " K1), 0);
	CU_ASSERT_EQUAL(keys("checksum list\n8988211000000000011\n001010000000001\n" K1), 0);
	CU_ASSERT_EQUAL(keys(""), 0);
}

UNIT_SUITE("columns", UNIT(test_columns), UNIT(test_names), UNIT(test_shapes))
