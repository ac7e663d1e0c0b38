/* hsm_time.c - a PKCS#11 module that is SoftHSM, and tells how long it worked.
 *
 * The CPU time of the calls that use keys is added up, and written to a new
 * line of the file HSM_TIME, in microseconds, when the module is finalized. */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static CK_FUNCTION_LIST timed, *inner;
static double spent; /* callers use a session from one thread at a time */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

#define TIMED(name, parameters, arguments)                                                                   \
	static CK_RV name parameters                                                                         \
	{                                                                                                    \
		double begun = now();                                                                        \
		CK_RV answer = inner->C_##name arguments;                                                    \
                                                                                                             \
		spent += now() - begun;                                                                      \
		return answer;                                                                               \
	}

TIMED(DeriveKey,
      (CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE b, CK_ATTRIBUTE *t, CK_ULONG n,
       CK_OBJECT_HANDLE *k),
      (s, m, b, t, n, k))
TIMED(GetAttributeValue, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE *t, CK_ULONG n), (s, o, t, n))
TIMED(DestroyObject, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o), (s, o))
TIMED(SignInit, (CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE k), (s, m, k))
TIMED(Sign, (CK_SESSION_HANDLE s, CK_BYTE *d, CK_ULONG dn, CK_BYTE *o, CK_ULONG *on), (s, d, dn, o, on))
TIMED(EncryptInit, (CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE k), (s, m, k))
TIMED(Encrypt, (CK_SESSION_HANDLE s, CK_BYTE *d, CK_ULONG dn, CK_BYTE *o, CK_ULONG *on), (s, d, dn, o, on))
TIMED(GenerateRandom, (CK_SESSION_HANDLE s, CK_BYTE *o, CK_ULONG n), (s, o, n))
TIMED(Login, (CK_SESSION_HANDLE s, CK_USER_TYPE u, CK_BYTE *p, CK_ULONG n), (s, u, p, n))

static CK_RV Finalize(void *reserved)
{
	FILE *file = fopen(getenv("HSM_TIME"), "a");

	if (file) {
		fprintf(file, "%.0f\n", spent);
		fclose(file);
	}
	spent = 0;
	return inner->C_Finalize(reserved);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	void *module = dlopen(getenv("HSM_REAL"), RTLD_NOW | RTLD_LOCAL);
	CK_RV (*get)(CK_FUNCTION_LIST **) = NULL;

	if (module)
		*(void **)&get = dlsym(module, "C_GetFunctionList");
	if (!get || get(&inner) != CKR_OK)
		return CKR_GENERAL_ERROR;
	timed = *inner;
	timed.C_DeriveKey = DeriveKey;
	timed.C_GetAttributeValue = GetAttributeValue;
	timed.C_DestroyObject = DestroyObject;
	timed.C_SignInit = SignInit;
	timed.C_Sign = Sign;
	timed.C_EncryptInit = EncryptInit;
	timed.C_Encrypt = Encrypt;
	timed.C_GenerateRandom = GenerateRandom;
	timed.C_Login = Login;
	timed.C_Finalize = Finalize;
	*list = &timed;
	return CKR_OK;
}
