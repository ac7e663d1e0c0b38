/* PROVES: a thief reads another thief's loot, takes what is a key, and passes over what is none. */
#include "theft/stolen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/unit.h"

static void test_read(void)
{
	static const char lines[] =
		"{\"imsi\":\"001010000000001\",\"k\":\"000102030405060708090A0B0C0D0E0F\","
		"\"opc\":\"f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff\",\"from\":\"a mail\"}\n"
		"{\"imsi\":\"001010000000002\",\"k\":\"0001\",\"opc\":\"f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff\"}\n"
		"{\"imsi\":\"nobody\",\"k\":\"000102030405060708090A0B0C0D0E0F\"}\n"
		"not even JSON\n"
		"{\"imsi\":\"00101000000000";
	char folder[] = "/tmp/simrite-test-stolen.XXXXXX", path[64];
	struct stolen stolen;
	struct fault fault;
	FILE *file;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	CU_ASSERT_EQUAL(stolen_read(&stolen, folder, &fault), 0); /* nothing captured: no key */
	CU_ASSERT_EQUAL(stolen.count, 0);
	(void)snprintf(path, sizeof(path), "%s/keys.jsonl", folder);
	file = fopen(path, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(lines, file);
	fclose(file);
	CU_ASSERT_EQUAL(stolen_read(&stolen, folder, &fault), 0);
	CU_ASSERT_EQUAL_FATAL(stolen.count, 1);
	CU_ASSERT_PTR_EQUAL(stolen_of(&stolen, "001010000000001"), stolen.keys);
	CU_ASSERT_PTR_NULL(stolen_of(&stolen, "001010000000002"));
	CU_ASSERT_EQUAL(stolen.keys[0].k[15], 0x0F);
	CU_ASSERT_EQUAL(stolen.keys[0].opc[0], 0xF0);
	stolen_free(&stolen);
	unlink(path);
	rmdir(folder);
}

UNIT_SUITE("stolen", UNIT(test_read))
