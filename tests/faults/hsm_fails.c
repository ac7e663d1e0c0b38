/* hsm_fails.c - a PKCS#11 module that is SoftHSM until it fails.
 *
 * HSM_FAIL_AT=n makes the n-th call that makes, uses or ends a key answer
 * CKR_DEVICE_ERROR, and every such call after it (a token that broke) or,
 * with HSM_FAIL_ONCE, that one only (a loose contact). */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdlib.h>

static CK_FUNCTION_LIST real, *inner;

static int fails(void)
{
	static int calls;
	const char *at = getenv("HSM_FAIL_AT");
	int n = at ? atoi(at) : 0;

	calls++;
	return n > 0 && (getenv("HSM_FAIL_ONCE") ? calls == n : calls >= n);
}

#define FAILING(name, parameters, arguments)                                                                 \
	static CK_RV name parameters                                                                         \
	{                                                                                                    \
		return fails() ? CKR_DEVICE_ERROR : inner->C_##name arguments;                               \
	}

FAILING(GenerateKey, (CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *k),
	(s, m, t, n, k))
FAILING(GenerateKeyPair,
	(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_ATTRIBUTE *a, CK_ULONG an, CK_ATTRIBUTE *b, CK_ULONG bn,
	 CK_OBJECT_HANDLE *p, CK_OBJECT_HANDLE *q),
	(s, m, a, an, b, bn, p, q))
FAILING(DeriveKey,
	(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE b, CK_ATTRIBUTE *t, CK_ULONG n,
	 CK_OBJECT_HANDLE *k),
	(s, m, b, t, n, k))
FAILING(WrapKey,
	(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE w, CK_OBJECT_HANDLE k, CK_BYTE *o,
	 CK_ULONG *n),
	(s, m, w, k, o, n))
FAILING(CreateObject, (CK_SESSION_HANDLE s, CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *o), (s, t, n, o))
FAILING(DestroyObject, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o), (s, o))
FAILING(Sign, (CK_SESSION_HANDLE s, CK_BYTE *d, CK_ULONG dn, CK_BYTE *o, CK_ULONG *on), (s, d, dn, o, on))
FAILING(GenerateRandom, (CK_SESSION_HANDLE s, CK_BYTE *o, CK_ULONG n), (s, o, n))
FAILING(FindObjectsInit, (CK_SESSION_HANDLE s, CK_ATTRIBUTE *t, CK_ULONG n), (s, t, n))
FAILING(Login, (CK_SESSION_HANDLE s, CK_USER_TYPE u, CK_BYTE *p, CK_ULONG n), (s, u, p, n))

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	void *module = dlopen(getenv("HSM_REAL"), RTLD_NOW | RTLD_LOCAL);
	CK_RV(*get)
	(CK_FUNCTION_LIST **) =
		module ? (CK_RV(*)(CK_FUNCTION_LIST **))dlsym(module, "C_GetFunctionList") : 0;

	if (!get || get(&inner) != CKR_OK)
		return CKR_GENERAL_ERROR;
	real = *inner;
	real.C_GenerateKey = GenerateKey;
	real.C_GenerateKeyPair = GenerateKeyPair;
	real.C_DeriveKey = DeriveKey;
	real.C_WrapKey = WrapKey;
	real.C_CreateObject = CreateObject;
	real.C_DestroyObject = DestroyObject;
	real.C_Sign = Sign;
	real.C_GenerateRandom = GenerateRandom;
	real.C_FindObjectsInit = FindObjectsInit;
	real.C_Login = Login;
	*list = &real;
	return CKR_OK;
}
