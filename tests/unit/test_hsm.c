/* PROVES: host/lib/hsm.h and host/lib/softhsm.h against a private SoftHSM 2 token. */
#include "lib/hsm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/cmac.h"
#include "crypto/p256.h"
#include "lib/keywrap.h"
#include "lib/signature.h"
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

/* Keys derived in the token are the ones that the formula in hsm.h gives, and what leaves is what went in. */
static void test_derive_and_wrap(void)
{
	static const struct hsm_name names[] = {
		{"base", {1}}, {"wrapping", {2}}, {"derived", {3}}, {"kept", {4}}};
	uint8_t wrapping[32], data[32], base[32], derived[32], want[32], mac[16], wrapped[40];
	static const uint8_t zero[16];
	struct hsm *hsm;
	hsm_key k_base, k_wrapping, k_derived, k_kept;

	CU_ASSERT_EQUAL_FATAL(hsm_open(&hsm, uri, &fault), 0);
	CU_ASSERT_EQUAL(hsm_random(hsm, wrapping, sizeof(wrapping), &fault), 0);
	CU_ASSERT_EQUAL(hsm_random(hsm, data, sizeof(data), &fault), 0);
	CU_ASSERT_EQUAL_FATAL(hsm_generate(hsm, &k_base, &names[0], HSM_DERIVES | HSM_EXPORTED, &fault), 0);
	CU_ASSERT_EQUAL_FATAL(hsm_import(hsm, &k_wrapping, &names[1], HSM_WRAPS, wrapping, &fault), 0);
	CU_ASSERT_EQUAL_FATAL(
		hsm_derive(hsm, &k_derived, &names[2], HSM_EXPORTED | HSM_DERIVES, k_base, data, &fault), 0);
	CU_ASSERT_EQUAL_FATAL(hsm_derive(hsm, &k_kept, &names[3], HSM_CMAC | HSM_KEPT, k_base, data, &fault),
			      0);
	CU_ASSERT_EQUAL(hsm_wrap(hsm, wrapped, k_wrapping, k_base, &fault), 0);
	CU_ASSERT_EQUAL(keywrap_open(base, 32, (struct span){wrapping, 32}, wrapped), OK);
	CU_ASSERT_EQUAL(hsm_wrap(hsm, wrapped, k_wrapping, k_derived, &fault), 0);
	CU_ASSERT_EQUAL(keywrap_open(derived, 32, (struct span){wrapping, 32}, wrapped), OK);
	CU_ASSERT_EQUAL(aes_cbc_encrypt(want, (struct span){base, 32}, zero, data, 32), OK);
	ASSERT_BYTES(derived, want, 32);
	CU_ASSERT_EQUAL(hsm_cmac(hsm, mac, k_kept, data, 31, &fault), 0);
	CU_ASSERT_EQUAL(cmac(want, (struct span){derived, 32}, (struct span){data, 31}), OK);
	ASSERT_BYTES(mac, want, 16);
	/* What is kept neither leaves nor does anything else. */
	CU_ASSERT_EQUAL(hsm_wrap(hsm, wrapped, k_wrapping, k_kept, &fault), -1);
	CU_ASSERT_EQUAL(hsm_derive(hsm, &k_base, &names[2], 0, k_kept, data, &fault), -1);
	CU_ASSERT_EQUAL(hsm_cmac(hsm, mac, k_derived, data, 31, &fault), -1);
	hsm_close(hsm);
}

static void test_inventory(void)
{
	struct hsm_object objects[4];
	struct hsm *hsm;
	hsm_key key;

	CU_ASSERT_EQUAL_FATAL(hsm_open(&hsm, uri, &fault), 0);
	CU_ASSERT_EQUAL_FATAL(hsm_inventory(hsm, objects, 4, &fault), 1); /* session objects are gone */
	CU_ASSERT_STRING_EQUAL(objects[0].label, "kept");
	CU_ASSERT_STRING_EQUAL(objects[0].kind, "secret");
	CU_ASSERT_EQUAL(objects[0].id[0], 4);
	CU_ASSERT_EQUAL(objects[0].id_length, 16);
	CU_ASSERT(objects[0].sensitive && !objects[0].extractable);
	CU_ASSERT_EQUAL(hsm_inventory(hsm, objects, 0, &fault), -1);
	CU_ASSERT_EQUAL(hsm_find(hsm, &key, "kept", &fault), 0);
	CU_ASSERT_EQUAL(hsm_destroy(hsm, key, &fault), 0);
	CU_ASSERT_EQUAL(hsm_inventory(hsm, objects, 4, &fault), 0);
	CU_ASSERT_EQUAL(hsm_find(hsm, &key, "kept", &fault), -1);
	hsm_close(hsm);
}

static void test_two_of_a_label(void)
{
	static const struct hsm_name name = {"twin", {7}};
	struct hsm *hsm;
	hsm_key a, b, found;

	CU_ASSERT_EQUAL_FATAL(hsm_open(&hsm, uri, &fault), 0);
	CU_ASSERT_EQUAL(hsm_generate(hsm, &a, &name, HSM_CMAC, &fault), 0);
	CU_ASSERT_EQUAL(hsm_generate(hsm, &b, &name, HSM_CMAC, &fault), 0);
	CU_ASSERT_EQUAL(hsm_find(hsm, &found, "twin", &fault), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, "several"));
	hsm_close(hsm);
}

static void test_pair(void)
{
	static const struct hsm_name name = {"signer", {9}};
	uint8_t point[65], again[65], digest[32], signature[64];
	struct hsm *hsm;
	hsm_key key;

	CU_ASSERT_EQUAL_FATAL(hsm_open(&hsm, uri, &fault), 0);
	CU_ASSERT_EQUAL(hsm_find_pair(hsm, &key, point, "signer", &fault), -1);
	CU_ASSERT_EQUAL_FATAL(hsm_pair(hsm, &key, point, &name, &fault), 0);
	hsm_close(hsm);
	CU_ASSERT_EQUAL_FATAL(hsm_open(&hsm, uri, &fault), 0);
	CU_ASSERT_EQUAL_FATAL(hsm_find_pair(hsm, &key, again, "signer", &fault), 0);
	ASSERT_BYTES(again, point, 65);
	for (int i = 0; i < 8; i++) {
		CU_ASSERT_EQUAL(hsm_random(hsm, digest, sizeof(digest), &fault), 0);
		CU_ASSERT_EQUAL(hsm_sign(hsm, signature, key, digest, &fault), 0);
		CU_ASSERT(signature_is_low(signature));
		CU_ASSERT_EQUAL(p256_verify((struct span){point, 65}, digest, signature), OK);
		digest[i] ^= 1;
		CU_ASSERT_EQUAL(p256_verify((struct span){point, 65}, digest, signature), ERROR_CHECK);
	}
	hsm_close(hsm);
}

/* SoftHSM rewrites a file at each login; cut off there, the token is opened all the same. */
static void test_crash_during_login(void)
{
	char command[256], name[128];
	struct hsm *hsm;

	snprintf(command, sizeof(command), "for f in '%s'/tokens/*/token.object; do : >\"$f\"; done", folder);
	CU_ASSERT_EQUAL(system(command), 0);
	snprintf(name, sizeof(name), "softhsm:%s", folder);
	CU_ASSERT_EQUAL_FATAL(hsm_open(&hsm, name, &fault), 0);
	hsm_close(hsm);
}

/* The token's files vanish while a session is open: a fault, not a crash or a wrong answer. */
static void test_token_removed(void)
{
	static const struct hsm_name name = {"late", {8}};
	char command[128];
	struct hsm *hsm;
	hsm_key key;

	CU_ASSERT_EQUAL_FATAL(hsm_open(&hsm, uri, &fault), 0);
	snprintf(command, sizeof(command), "rm -rf '%s/tokens'", folder);
	CU_ASSERT_EQUAL(system(command), 0);
	memset(&fault, 0, sizeof(fault));
	CU_ASSERT_EQUAL(hsm_generate(hsm, &key, &name, HSM_CMAC | HSM_KEPT, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_HSM);
	hsm_close(hsm);
	CU_ASSERT_EQUAL(hsm_open(&hsm, uri, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_HSM);
}

static void test_leave_nothing(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	CU_ASSERT_EQUAL(system(command), 0);
}

static int any(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 0x5A, length);
	return 0;
}

/* PROVES: the token's ECDH is the one of crypto/p256.h, and such a key does nothing else. */
static void test_agree(void)
{
	static const struct p256_random random = {.fill = any};
	const struct hsm_name name = {.label = "agrees"};
	uint8_t mine[32] = {7, 7}, point[65], theirs[65], found[65], x[32], y[32], signature[64];
	struct hsm *hsm;
	hsm_key key;

	CU_ASSERT_EQUAL_FATAL(hsm_open(&hsm, uri, &fault), 0);
	CU_ASSERT_EQUAL_FATAL(hsm_agree_pair(hsm, &key, theirs, &name, &fault), 0);
	CU_ASSERT_EQUAL(hsm_find_pair(hsm, &key, found, "agrees", &fault), 0);
	ASSERT_BYTES(found, theirs, 65);
	CU_ASSERT_EQUAL(p256_public(point, mine, &random), OK);
	CU_ASSERT_EQUAL(hsm_agree(hsm, x, key, point, &fault), 0);
	CU_ASSERT_EQUAL(p256_shared(y, mine, (struct span){theirs, 65}, &random), OK);
	ASSERT_BYTES(x, y, 32);
	CU_ASSERT_EQUAL(hsm_sign(hsm, signature, key, x, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_HSM);
	point[64] ^= 1; /* no point of the curve */
	CU_ASSERT_EQUAL(hsm_agree(hsm, x, key, point, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_HSM);
	CU_ASSERT_EQUAL(hsm_destroy(hsm, key, &fault), 0);
	hsm_close(hsm);
}

UNIT_SUITE("hsm", UNIT(test_private_token), UNIT(test_names_that_lead_nowhere), UNIT(test_no_such_key),
	   UNIT(test_derive_and_wrap), UNIT(test_inventory), UNIT(test_two_of_a_label), UNIT(test_pair),
	   UNIT(test_agree), UNIT(test_crash_during_login), UNIT(test_token_removed),
	   UNIT(test_leave_nothing))
