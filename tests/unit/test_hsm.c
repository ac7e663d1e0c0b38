/* PROVES: host/lib/hsm.h and host/lib/softhsm.h against a private SoftHSM 2 token. */
#include "lib/hsm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/softhsm.h"
#include "unit/unit.h"

static char folder[] = "/tmp/simrite-test-hsm.XXXXXX";
static char uri[8192];
static struct fault fault;

static void test_private_token(void)
{
	char path[128];
	struct stat status;
	struct hsm *hsm;
	struct hsm_identity identity;
	uint8_t a[32], b[32];

	CU_ASSERT_FATAL(mkdtemp(folder) != NULL);
	CU_ASSERT_EQUAL_FATAL(softhsm_make(folder, "simrite test", &fault), 0);
	CU_ASSERT_EQUAL(softhsm_make(folder, "another name", &fault), 0); /* left as it is */
	snprintf(path, sizeof(path), "%s/pin", folder);
	CU_ASSERT_EQUAL_FATAL(stat(path, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
	CU_ASSERT_EQUAL_FATAL(softhsm_uri(uri, sizeof(uri), folder, &fault), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(uri, "pin-source=file"));

	CU_ASSERT_EQUAL_FATAL(hsm_open(&hsm, uri, &fault), 0);
	CU_ASSERT_EQUAL(hsm_identity(hsm, &identity, &fault), 0);
	CU_ASSERT_STRING_EQUAL(identity.label, "simrite test");
	CU_ASSERT_EQUAL(hsm_random(hsm, a, sizeof(a), &fault), 0);
	CU_ASSERT_EQUAL(hsm_random(hsm, b, sizeof(b), &fault), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(a, b, sizeof(a)), 0);
	hsm_close(hsm);
}

static void test_names_that_lead_nowhere(void)
{
	static const struct {
		const char *uri;
		enum fault_code code;
	} cases[] = {
		{"", FAULT_HSM},
		{"pkcs12:token=x", FAULT_HSM},
		{"pkcs11:token=nowhere", FAULT_HSM},
		{"pkcs11:colour=blue", FAULT_HSM},
		{"pkcs11:?module-path=/nowhere/x.so", FAULT_HSM},
		{"pkcs11:?module-name=nowhere", FAULT_HSM},
		{"pkcs11:token=x?pin-value=1234", FAULT_POLICY},
		{"softhsm:/nowhere", FAULT_HSM},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hsm *hsm;

		memset(&fault, 0, sizeof(fault));
		CU_ASSERT_EQUAL(hsm_open(&hsm, cases[i].uri, &fault), -1);
		CU_ASSERT_PTR_NULL(hsm);
		CU_ASSERT_EQUAL(fault.code, cases[i].code);
		CU_ASSERT(fault.text[0] != 0);
		CU_ASSERT_PTR_NULL(strstr(fault.text, "1234"));
	}
}

static void test_no_such_key(void)
{
	struct hsm *hsm;
	hsm_key key;

	CU_ASSERT_EQUAL_FATAL(hsm_open(&hsm, uri, &fault), 0);
	CU_ASSERT_EQUAL(hsm_find(hsm, &key, "simrite batch none", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_HSM);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "simrite batch none"));
	hsm_close(hsm);
}

static void test_leave_nothing(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	CU_ASSERT_EQUAL(system(command), 0);
}

UNIT_SUITE("hsm", UNIT(test_private_token), UNIT(test_names_that_lead_nowhere), UNIT(test_no_such_key),
	   UNIT(test_leave_nothing))
