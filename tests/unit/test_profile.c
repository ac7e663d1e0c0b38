/* PROVES: a profile is taken whole or refused with the field named, and no
 * refusal quotes a secret. */
#include "gp/personalise.h"
#include "lib/profile.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define K   "465b5ce8b199b49faa5f0a2ee238a6bc"
#define OPC "cd63cb71954a9f4e48a5994e37a02baf"

static struct profile profile;
static struct fault fault;

static int load(const char *text, mode_t mode)
{
	char path[] = "/tmp/simrite-profile.XXXXXX";
	int result, fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	CU_ASSERT_EQUAL(fchmod(fd, mode), 0);
	close(fd);
	memset(&fault, 0, sizeof(fault));
	result = profile_load(&profile, path, &fault);
	CU_ASSERT_EQUAL(unlink(path), 0);
	return result;
}

/* Refused with this code, with `word` in the text, and without any secret. */
static void refused(const char *text, enum fault_code code, const char *word)
{
	static const struct profile blank;

	CU_ASSERT_EQUAL(load(text, 0600), -1);
	CU_ASSERT_EQUAL(fault.code, code);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, word));
	if (!strstr(fault.text, word))
		printf("\n    \"%s\" lacks \"%s\"\n", fault.text, word);
	CU_ASSERT_PTR_NULL(strstr(fault.text, "465b5ce8"));
	CU_ASSERT_PTR_NULL(strstr(fault.text, "87654321"));
	ASSERT_BYTES(&profile, &blank, sizeof(profile));
}

static void test_all_fields(void)
{
	CU_ASSERT_EQUAL(load("{\"schema\":1,\"iccid\":\"8988211000000000011\",\"imsi\":\"001010000000001\","
			     "\"mnc_length\":3,\"k\":\"" K "\",\"opc\":\"" OPC "\",\"method\":\"derived\","
			     "\"pin1\":\"4321\",\"puk1\":\"87654321\",\"pin1_enabled\":true,"
			     "\"adm1\":\"11111111\",\"spn\":\"simrite\"}",
			     0600),
			0);
	CU_ASSERT_STRING_EQUAL(profile.iccid, "8988211000000000011");
	CU_ASSERT_STRING_EQUAL(profile.imsi, "001010000000001");
	CU_ASSERT_EQUAL(profile.mnc_length, 3);
	CU_ASSERT_TRUE(profile.has_key);
	CU_ASSERT_EQUAL(profile.key.k[0], 0x46);
	CU_ASSERT_EQUAL(profile.key.opc[15], 0xAF);
	CU_ASSERT_EQUAL(profile.method, SLOT_DERIVED);
	CU_ASSERT_STRING_EQUAL(profile.pin1, "4321");
	CU_ASSERT_STRING_EQUAL(profile.puk1, "87654321");
	CU_ASSERT_TRUE(profile.pin1_enabled);
	CU_ASSERT_STRING_EQUAL(profile.adm1, "11111111");
	CU_ASSERT_STRING_EQUAL(profile.spn, "simrite");
}

#define TOPC OPC OPC

static void test_algorithms(void)
{
	CU_ASSERT_EQUAL(
		load("{\"k\":\"" K K "\",\"opc\":\"" TOPC "\",\"algorithm\":\"tuak:k=32,res=16\"}", 0600), 0);
	CU_ASSERT_EQUAL(profile.key.algorithm, SLOT_TUAK);
	CU_ASSERT_EQUAL(profile.key.sizes.k, 32);
	CU_ASSERT_EQUAL(profile.key.sizes.res, 16);
	CU_ASSERT_EQUAL(profile.key.k[16], 0x46);
	CU_ASSERT_EQUAL(profile.key.opc[31], 0xAF);
	CU_ASSERT_EQUAL(load("{\"k\":\"" K "\",\"algorithm\":\"comp128v2\"}", 0600), 0);
	CU_ASSERT_TRUE(profile.has_key);
	CU_ASSERT_EQUAL(profile.key.algorithm, SLOT_COMP128_2);
	refused("{\"k\":\"" K "\",\"opc\":\"" OPC "\",\"algorithm\":\"comp128v2\"}", FAULT_INPUT,
		"has no \"opc\"");
	refused("{\"k\":\"" K "\",\"algorithm\":\"tuak\"}", FAULT_INPUT, "without \"opc\"");
	refused("{\"k\":\"" K "\",\"opc\":\"" OPC "\",\"algorithm\":\"tuak\"}", FAULT_INPUT,
		"\"opc\" must be 64");
	refused("{\"k\":\"" K "\",\"opc\":\"" TOPC "\",\"algorithm\":\"tuak:k=32\"}", FAULT_INPUT,
		"\"k\" must be 64");
	refused("{\"k\":\"" K K "\",\"opc\":\"" OPC "\"}", FAULT_INPUT, "\"k\" must be 32");
	refused("{\"algorithm\":\"tuak\"}", FAULT_INPUT, "without \"k\"");
	refused("{\"algorithm\":7}", FAULT_INPUT, "\"algorithm\"");
	refused("{\"algorithm\":\"des\"}", FAULT_INPUT, "no algorithm");
}

static void test_absent_stays_absent(void)
{
	CU_ASSERT_EQUAL(load("{}", 0644), 0);
	CU_ASSERT_FALSE(profile.has_key);
	CU_ASSERT_EQUAL(profile.mnc_length, 0);
	CU_ASSERT_EQUAL(profile.iccid[0], 0);
	CU_ASSERT_EQUAL(load("{\"imsi\":\"00101\"}", 0644), -1);
	CU_ASSERT_EQUAL(load("{\"imsi\":\"001010\"}", 0644), 0);
}

static void test_secrets_in_open_file(void)
{
	CU_ASSERT_EQUAL(load("{\"k\":\"" K "\",\"opc\":\"" OPC "\"}", 0640), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	CU_ASSERT_EQUAL(load("{\"pin1\":\"4321\",\"puk1\":\"87654321\"}", 0604), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	CU_ASSERT_EQUAL(load("{\"adm1\":\"87654321\"}", 0604), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
}

static void test_refusals(void)
{
	refused("{\"k\":\"" K "\", \"opc\":\"" OPC, FAULT_INPUT, "line 1");
	refused("{\"k\":\"" K "\" \"opc\":1}", FAULT_INPUT, "line 1");
	refused("", FAULT_INPUT, "line 1");
	refused("[\"" K "\"]", FAULT_INPUT, "one JSON object");
	refused("{\"imis\":\"001010000000001\"}", FAULT_INPUT, "unknown field \"imis\"");
	refused("{\"imsi\":\"001010000000001\",\"imsi\":\"001010000000002\"}", FAULT_INPUT, "duplicate");
	refused("{\"imsi\":\"0010100000000012\"}", FAULT_INPUT, "\"imsi\" must be 6 to 15 digits");
	refused("{\"imsi\":1010000000001}", FAULT_INPUT, "\"imsi\" must be a string");
	refused("{\"imsi\":\"00101000000000A\"}", FAULT_INPUT, "\"imsi\"");
	refused("{\"k\":\"465b5ce8b199b49faa5f0a2ee238a6\",\"opc\":\"" OPC "\"}", FAULT_INPUT,
		"\"k\" must be 32 hex digits, not 30");
	refused("{\"k\":\"465b5ce8b199b49faa5f0a2ee238a6bg\",\"opc\":\"" OPC "\"}", FAULT_INPUT, "\"k\"");
	refused("{\"k\":\"" K "\"}", FAULT_INPUT, "\"k\" is given without \"opc\"");
	refused("{\"opc\":\"" OPC "\"}", FAULT_INPUT, "\"opc\" is given without \"k\"");
	refused("{\"puk1\":\"87654321\"}", FAULT_INPUT, "both");
	refused("{\"pin1\":\"43\",\"puk1\":\"87654321\"}", FAULT_INPUT, "\"pin1\"");
	refused("{\"pin1_enabled\":true}", FAULT_INPUT, "without \"pin1\"");
	refused("{\"method\":\"derived\"}", FAULT_INPUT, "\"method\"");
	refused("{\"mnc_length\":1}", FAULT_INPUT, "\"mnc_length\"");
	refused("{\"mnc_length\":258}", FAULT_INPUT, "\"mnc_length\"");
	refused("{\"schema\":2}", FAULT_INPUT, "\"schema\"");
	refused("{\"iccid\":\"8988211000000000012\"}", FAULT_INPUT, "check digit");
	refused("{\"spn\":\"a_b\"}", FAULT_INPUT, "\"spn\"");
	refused("{\"imsi\":\"001010000000001\\u0000\"}", FAULT_INPUT, "line 1");
}

static void test_built_in_is_the_file(void)
{
	char text[2048];
	FILE *file = fopen("host/profiles/test.json", "r");
	struct profile built_in;
	size_t n;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	text[n] = 0;
	(void)fclose(file);
	CU_ASSERT_EQUAL(load(text, 0600), 0);
	CU_ASSERT_EQUAL(profile_named(&built_in, "test", &fault), 0);
	ASSERT_BYTES(&profile, &built_in, sizeof(profile));
	CU_ASSERT_EQUAL(profile_named(&built_in, "toast", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_USAGE);
}

UNIT_SUITE("profile", UNIT(test_all_fields), UNIT(test_algorithms), UNIT(test_absent_stays_absent),
	   UNIT(test_secrets_in_open_file), UNIT(test_refusals), UNIT(test_built_in_is_the_file))
