/* hsm_keys.c - making, deriving, wrapping, signing, destroying.
 *
 * Every attribute that limits a key is written out in the template, because
 * PKCS#11 leaves the defaults to each token. */
#include <string.h>

#include "lib/hsm.h"
#include "lib/hsm_session.h"
#include "lib/signature.h"

enum {
	TEMPLATE_MAX = 24
};

struct template
{
	CK_ATTRIBUTE field[TEMPLATE_MAX];
	CK_ULONG count;
	CK_OBJECT_CLASS class;
	CK_KEY_TYPE type;
	CK_ULONG length;
};

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

/* PKCS#11 templates are not const, though calls only read them. */
static void put(struct template *t, CK_ATTRIBUTE_TYPE type, const void *value, size_t length)
{
	t->field[t->count++] = (CK_ATTRIBUTE){type, (void *)(uintptr_t)value, length};
}

static void put_flag(struct template *t, CK_ATTRIBUTE_TYPE type, bool value)
{
	put(t, type, value ? &yes : &no, sizeof(CK_BBOOL));
}

static void put_name(struct template *t, const struct hsm_name *name)
{
	put(t, CKA_LABEL, name->label, strlen(name->label));
	put(t, CKA_ID, name->id, sizeof(name->id));
}

static void put_secret(struct template *t, const struct hsm_name *name, unsigned use)
{
	memset(t, 0, sizeof(*t));
	t->class = CKO_SECRET_KEY;
	t->type = CKK_AES;
	t->length = 32;
	put(t, CKA_CLASS, &t->class, sizeof(t->class));
	put(t, CKA_KEY_TYPE, &t->type, sizeof(t->type));
	put_name(t, name);
	put_flag(t, CKA_PRIVATE, true);
	put_flag(t, CKA_TOKEN, use & HSM_KEPT);
	put_flag(t, CKA_SENSITIVE, true);
	put_flag(t, CKA_EXTRACTABLE, use & HSM_EXPORTED);
	put_flag(t, CKA_DERIVE, use & HSM_DERIVES);
	put_flag(t, CKA_SIGN, use & HSM_CMAC);
	put_flag(t, CKA_VERIFY, use & HSM_CMAC);
	put_flag(t, CKA_WRAP, use & HSM_WRAPS);
	put_flag(t, CKA_UNWRAP, false);
	put_flag(t, CKA_ENCRYPT, false);
	put_flag(t, CKA_DECRYPT, false);
}

int hsm_generate(struct hsm *hsm, hsm_key *key, const struct hsm_name *name, unsigned use,
		 struct fault *fault)
{
	CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
	struct template t;
	CK_RV answer;

	put_secret(&t, name, use);
	put(&t, CKA_VALUE_LEN, &t.length, sizeof(t.length));
	answer = hsm->module->C_GenerateKey(hsm->session, &mechanism, t.field, t.count, key);
	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot generate a key", fault);
	return 0;
}

int hsm_derive(struct hsm *hsm, hsm_key *key, const struct hsm_name *name, unsigned use, hsm_key base,
	       const uint8_t data[static 32], struct fault *fault)
{
	CK_AES_CBC_ENCRYPT_DATA_PARAMS parameters = {{0}, (unsigned char *)(uintptr_t)data, 32};
	CK_MECHANISM mechanism = {CKM_AES_CBC_ENCRYPT_DATA, &parameters, sizeof(parameters)};
	struct template t;
	CK_RV answer;

	put_secret(&t, name, use);
	put(&t, CKA_VALUE_LEN, &t.length, sizeof(t.length));
	answer = hsm->module->C_DeriveKey(hsm->session, &mechanism, base, t.field, t.count, key);
	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot derive a key", fault);
	return 0;
}

int hsm_import(struct hsm *hsm, hsm_key *key, const struct hsm_name *name, unsigned use,
	       const uint8_t value[static 32], struct fault *fault)
{
	struct template t;
	CK_RV answer;

	put_secret(&t, name, use);
	put(&t, CKA_VALUE, value, 32);
	answer = hsm->module->C_CreateObject(hsm->session, t.field, t.count, key);
	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot import a key", fault);
	return 0;
}

int hsm_wrap(struct hsm *hsm, uint8_t out[static 40], hsm_key wrapping, hsm_key key, struct fault *fault)
{
	CK_MECHANISM mechanism = {CKM_AES_KEY_WRAP, NULL, 0};
	CK_ULONG length = 40;
	CK_RV answer = hsm->module->C_WrapKey(hsm->session, &mechanism, wrapping, key, out, &length);

	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot wrap a key", fault);
	if (length != 40)
		return fault_set(fault, FAULT_HSM, NULL, "token \"%s\" wrapped a 32-byte key into %lu bytes",
				 hsm->label, length);
	return 0;
}

/* CKA_EC_POINT is an OCTET STRING around 04 || X || Y; some tokens leave the wrapping out. */
static int read_point(struct hsm *hsm, uint8_t point[static 65], CK_OBJECT_HANDLE public_key,
		      struct fault *fault)
{
	uint8_t value[80];
	CK_ATTRIBUTE wanted = {CKA_EC_POINT, value, sizeof(value)};
	CK_RV answer = hsm->module->C_GetAttributeValue(hsm->session, public_key, &wanted, 1);

	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot read a public key", fault);
	if (wanted.ulValueLen == 67 && value[0] == 0x04 && value[1] == 65 && value[2] == 0x04)
		memcpy(point, value + 2, 65);
	else if (wanted.ulValueLen == 65 && value[0] == 0x04)
		memcpy(point, value, 65);
	else
		return fault_set(fault, FAULT_HSM, NULL, "token \"%s\" gives a public key that is not P-256",
				 hsm->label);
	return 0;
}

/* It signs, or it agrees. */
static int make_pair(struct hsm *hsm, hsm_key *private_key, uint8_t point[static 65],
		     const struct hsm_name *name, bool signs, struct fault *fault)
{
	static const uint8_t prime256v1[] = {0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
	CK_MECHANISM mechanism = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
	struct template open = {.count = 0}, closed = {.count = 0};
	CK_OBJECT_HANDLE public_key;
	CK_RV answer;

	put_name(&open, name);
	put(&open, CKA_EC_PARAMS, prime256v1, sizeof(prime256v1));
	put_flag(&open, CKA_TOKEN, true);
	put_flag(&open, CKA_PRIVATE, false);
	put_flag(&open, CKA_VERIFY, signs);
	put_name(&closed, name);
	put_flag(&closed, CKA_TOKEN, true);
	put_flag(&closed, CKA_PRIVATE, true);
	put_flag(&closed, CKA_SENSITIVE, true);
	put_flag(&closed, CKA_EXTRACTABLE, false);
	put_flag(&closed, CKA_SIGN, signs);
	put_flag(&closed, CKA_DERIVE, !signs);
	put_flag(&closed, CKA_DECRYPT, false);
	answer = hsm->module->C_GenerateKeyPair(hsm->session, &mechanism, open.field, open.count,
						closed.field, closed.count, &public_key, private_key);
	if (answer != CKR_OK)
		return hsm_refused(
			hsm, answer,
			signs ? "cannot generate a signing key pair" : "cannot generate a key pair", fault);
	return read_point(hsm, point, public_key, fault);
}

int hsm_pair(struct hsm *hsm, hsm_key *private_key, uint8_t point[static 65], const struct hsm_name *name,
	     struct fault *fault)
{
	return make_pair(hsm, private_key, point, name, true, fault);
}

int hsm_agree_pair(struct hsm *hsm, hsm_key *private_key, uint8_t point[static 65],
		   const struct hsm_name *name, struct fault *fault)
{
	return make_pair(hsm, private_key, point, name, false, fault);
}

/* The shared secret as an object of this session, whose value may be read. */
static CK_RV derive_shared(struct hsm *hsm, CK_OBJECT_HANDLE *shared, hsm_key private_key,
			   const uint8_t point[static 65])
{
	/* Key derivation, shared data, public data: p11-kit 0.24 and 0.25 call these members differently. */
	CK_ECDH1_DERIVE_PARAMS parameters = {CKD_NULL, 0, NULL, 65, (unsigned char *)(uintptr_t)point};
	CK_MECHANISM mechanism = {CKM_ECDH1_DERIVE, &parameters, sizeof(parameters)};
	struct template t = {.class = CKO_SECRET_KEY, .type = CKK_GENERIC_SECRET, .length = 32};

	put(&t, CKA_CLASS, &t.class, sizeof(t.class));
	put(&t, CKA_KEY_TYPE, &t.type, sizeof(t.type));
	put(&t, CKA_VALUE_LEN, &t.length, sizeof(t.length));
	put_flag(&t, CKA_TOKEN, false);
	put_flag(&t, CKA_SENSITIVE, false);
	put_flag(&t, CKA_EXTRACTABLE, true);
	return hsm->module->C_DeriveKey(hsm->session, &mechanism, private_key, t.field, t.count, shared);
}

int hsm_agree(struct hsm *hsm, uint8_t x[static 32], hsm_key private_key, const uint8_t point[static 65],
	      struct fault *fault)
{
	CK_ATTRIBUTE wanted = {CKA_VALUE, x, 32};
	CK_OBJECT_HANDLE shared;
	CK_RV answer = derive_shared(hsm, &shared, private_key, point);

	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot agree on a key", fault);
	answer = hsm->module->C_GetAttributeValue(hsm->session, shared, &wanted, 1);
	(void)hsm->module->C_DestroyObject(hsm->session, shared);
	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot read the agreed secret", fault);
	if (wanted.ulValueLen != 32)
		return fault_set(fault, FAULT_HSM, NULL, "token \"%s\" agreed on %lu bytes, not 32",
				 hsm->label, wanted.ulValueLen);
	return 0;
}

int hsm_find_pair(struct hsm *hsm, hsm_key *private_key, uint8_t point[static 65], const char *label,
		  struct fault *fault)
{
	CK_OBJECT_HANDLE closed[2], open[2];
	int halves = hsm_search(hsm, closed, 2, CKO_PRIVATE_KEY, label, fault), others;

	if (halves < 0)
		return -1;
	others = hsm_search(hsm, open, 2, CKO_PUBLIC_KEY, label, fault);
	if (others < 0)
		return -1;
	if (halves != 1 || others != 1)
		return fault_set(
			fault, FAULT_HSM, "check the HSM's URI; a finished ceremony's key is destroyed",
			"token \"%s\" has %d private and %d public keys labelled \"%s\", not one each",
			hsm->label, halves, others, label);
	*private_key = closed[0];
	return read_point(hsm, point, open[0], fault);
}

int hsm_sign(struct hsm *hsm, uint8_t signature[static 64], hsm_key private_key,
	     const uint8_t digest[static 32], struct fault *fault)
{
	CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
	CK_ULONG length = 64;
	CK_RV answer = hsm->module->C_SignInit(hsm->session, &mechanism, private_key);

	if (answer == CKR_OK)
		answer = hsm->module->C_Sign(hsm->session, (CK_BYTE *)(uintptr_t)digest, 32, signature,
					     &length);
	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot sign", fault);
	if (length != 64)
		return fault_set(fault, FAULT_HSM, NULL, "token \"%s\" answered ECDSA P-256 with %lu bytes",
				 hsm->label, length);
	signature_make_low(signature);
	return 0;
}

int hsm_destroy(struct hsm *hsm, hsm_key object, struct fault *fault)
{
	CK_RV answer = hsm->module->C_DestroyObject(hsm->session, object);

	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot destroy an object", fault);
	return 0;
}

/* ---- inventory ---- */

static const char *kind_of(CK_OBJECT_CLASS class)
{
	switch (class) {
	case CKO_SECRET_KEY:
		return "secret";
	case CKO_PRIVATE_KEY:
		return "private";
	case CKO_PUBLIC_KEY:
		return "public";
	case CKO_CERTIFICATE:
		return "certificate";
	case CKO_DATA:
		return "data";
	default:
		return "other";
	}
}

/* One attribute into `at`; returns its length, cut to `size`, or 0 when the object has none. */
static size_t attribute(struct hsm *hsm, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, void *at,
			size_t size)
{
	uint8_t value[512];
	CK_ATTRIBUTE wanted = {type, value, sizeof(value)};

	if (hsm->module->C_GetAttributeValue(hsm->session, object, &wanted, 1) != CKR_OK ||
	    wanted.ulValueLen > sizeof(value))
		return 0;
	memcpy(at, value, wanted.ulValueLen < size ? wanted.ulValueLen : size);
	return wanted.ulValueLen;
}

static bool flag(struct hsm *hsm, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type)
{
	CK_BBOOL value = CK_FALSE;

	return attribute(hsm, object, type, &value, sizeof(value)) == sizeof(value) && value != CK_FALSE;
}

static void describe(struct hsm *hsm, struct hsm_object *object, CK_OBJECT_HANDLE handle)
{
	CK_OBJECT_CLASS class = (CK_OBJECT_CLASS)-1;

	memset(object, 0, sizeof(*object));
	object->handle = handle;
	(void)attribute(hsm, handle, CKA_CLASS, &class, sizeof(class));
	object->kind = kind_of(class);
	(void)attribute(hsm, handle, CKA_LABEL, object->label, sizeof(object->label) - 1);
	object->id_length = attribute(hsm, handle, CKA_ID, object->id, sizeof(object->id));
	object->sensitive = flag(hsm, handle, CKA_SENSITIVE);
	object->extractable = flag(hsm, handle, CKA_EXTRACTABLE);
}

int hsm_inventory(struct hsm *hsm, struct hsm_object *objects, size_t size, struct fault *fault)
{
	CK_OBJECT_HANDLE found[1024];
	int count =
		hsm_search(hsm, found, sizeof(found) / sizeof(found[0]), (CK_OBJECT_CLASS)-1, NULL, fault);
	size_t kept = 0;

	if (count < 0)
		return -1;
	if (count == (int)(sizeof(found) / sizeof(found[0])))
		return fault_set(fault, FAULT_HSM, "use a token of its own",
				 "token \"%s\" holds too many objects", hsm->label);
	for (int i = 0; i < count; i++) {
		if (!flag(hsm, found[i], CKA_TOKEN))
			continue;
		if (kept == size)
			return fault_set(fault, FAULT_HSM, "use a token of its own",
					 "token \"%s\" holds more than %zu objects", hsm->label, size);
		describe(hsm, &objects[kept++], found[i]);
	}
	return (int)kept;
}
