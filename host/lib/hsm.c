/* hsm.c - finding the token and using keys by label.
 *
 * Only the module that the URI names is initialised: p11-kit's usual "load
 * everything" would also wake smart card modules, which hold readers that
 * other programs of ours need at the same moment. */
#include "lib/hsm.h"

#include <p11-kit/uri.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hsm_session.h"
#include "lib/secret.h"
#include "lib/softhsm.h"

int hsm_refused(const struct hsm *hsm, CK_RV answer, const char *what, struct fault *fault)
{
	const char *hint = NULL;

	if (answer == CKR_DEVICE_REMOVED || answer == CKR_TOKEN_NOT_PRESENT || answer == CKR_DEVICE_ERROR)
		hint = "check that the token is connected, then run the same command again";
	else if (answer == CKR_MECHANISM_INVALID || answer == CKR_KEY_FUNCTION_NOT_PERMITTED)
		hint = "the token or the key does not allow this; see simrite-ceremony(1) for what is needed";
	return fault_set(fault, FAULT_HSM, hint, "%s, token \"%s\": %s (PKCS#11 0x%lx)", what, hsm->label,
			 p11_kit_strerror(answer), (unsigned long)answer);
}

/* PKCS#11 text is padded with blanks and has no end. */
static void plain_text(char *out, const unsigned char *padded, size_t length)
{
	while (length > 0 && (padded[length - 1] == ' ' || padded[length - 1] == 0))
		length--;
	memcpy(out, padded, length);
	out[length] = 0;
}

static int uri_parse(P11KitUri **uri, const char *text, struct fault *fault)
{
	int answer;

	*uri = NULL;
	if (strstr(text, "pin-value")) /* not parsed: what is wrong with it would be printed */
		return fault_set(fault, FAULT_POLICY, "use pin-source=FILE, or leave it out to be asked",
				 "HSM URI holds a PIN, and command lines are public");
	*uri = p11_kit_uri_new();
	if (!*uri)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	answer = p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, *uri);
	if (answer != P11_KIT_URI_OK)
		return fault_set(
			fault, FAULT_HSM,
			"write pkcs11:token=NAME?module-path=FILE&pin-source=FILE, or softhsm:FOLDER",
			"HSM URI \"%s\": %s", text, p11_kit_uri_message(answer));
	if (p11_kit_uri_any_unrecognized(*uri))
		return fault_set(fault, FAULT_HSM, "see RFC 7512 for the attributes",
				 "HSM URI \"%s\" has an attribute that is not known", text);
	return 0;
}

int hsm_uri_check(const char *uri, struct fault *fault)
{
	P11KitUri *parsed = NULL;
	int result;

	if (strncmp(uri, "softhsm:", 8) == 0)
		return uri[8] ? 0 : fault_set(fault, FAULT_HSM, "write softhsm:FOLDER", "no FOLDER is named");
	result = uri_parse(&parsed, uri, fault);
	p11_kit_uri_free(parsed);
	return result;
}

int hsm_uri_object(char *label, size_t size, const char *uri, struct fault *fault)
{
	P11KitUri *parsed = NULL;
	const CK_ATTRIBUTE *named = NULL;
	int result = uri_parse(&parsed, uri, fault);

	if (result == 0)
		named = p11_kit_uri_get_attribute(parsed, CKA_LABEL);
	if (result == 0 && (!named || named->ulValueLen == 0 || named->ulValueLen >= size))
		result = fault_set(fault, FAULT_USAGE, "add object=LABEL to it",
				   "HSM URI \"%s\" does not say which key", uri);
	if (result == 0) {
		memcpy(label, named->pValue, named->ulValueLen);
		label[named->ulValueLen] = 0;
	}
	p11_kit_uri_free(parsed);
	return result;
}

/* Load, but do not initialise, the module that the URI names. */
static int load(struct hsm *hsm, P11KitUri *uri, struct fault *fault)
{
	const char *path = p11_kit_uri_get_module_path(uri), *name = p11_kit_uri_get_module_name(uri);

	if (!path && name) {
		hsm->loaded = p11_kit_modules_load(NULL, 0);
		hsm->module = hsm->loaded ? p11_kit_module_for_name(hsm->loaded, name) : NULL;
		if (!hsm->module)
			return fault_set(fault, FAULT_HSM,
					 "\"p11-kit list-modules\" shows the ones there are",
					 "p11-kit knows no module \"%s\"", name);
		return 0;
	}
	if (!path)
		path = softhsm_module();
	if (!path)
		return fault_set(fault, FAULT_HSM,
				 "install the package softhsm2, or name another module with module-path=",
				 "no PKCS#11 module: SoftHSM 2 is not installed");
	hsm->module = p11_kit_module_load(path, 0);
	if (!hsm->module)
		return fault_set(fault, FAULT_HSM, "check module-path= in the HSM's URI",
				 "cannot load PKCS#11 module %s", path);
	return 0;
}

/* The only token that matches the URI. */
static int find_slot(struct hsm *hsm, P11KitUri *uri, const char *text, struct fault *fault)
{
	CK_SLOT_ID slots[64];
	CK_ULONG count = sizeof(slots) / sizeof(slots[0]), matches = 0;
	CK_TOKEN_INFO info;
	CK_RV answer = hsm->module->C_GetSlotList(CK_TRUE, slots, &count);

	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot list the HSM's slots", fault);
	for (CK_ULONG i = 0; i < count; i++) {
		if (hsm->module->C_GetTokenInfo(slots[i], &info) != CKR_OK ||
		    !(info.flags & CKF_TOKEN_INITIALIZED) || !p11_kit_uri_match_token_info(uri, &info))
			continue;
		plain_text(hsm->label, info.label, sizeof(info.label));
		hsm->slot = slots[i];
		matches++;
	}
	if (matches == 0)
		return fault_set(fault, FAULT_HSM,
				 "check token= and serial=, and that the token is connected",
				 "no initialised token matches \"%s\"", text);
	if (matches > 1)
		return fault_set(fault, FAULT_HSM, "add serial= to the URI", "%lu tokens match \"%s\"",
				 matches, text);
	return 0;
}

static int log_in(struct hsm *hsm, P11KitUri *uri, struct fault *fault)
{
	const char *source = p11_kit_uri_get_pin_source(uri);
	char pin[256], from[4096];
	CK_RV answer;

	answer = hsm->module->C_OpenSession(hsm->slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL,
					    &hsm->session);
	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot open a session", fault);
	if (!source)
		(void)snprintf(from, sizeof(from), "prompt");
	else if (snprintf(from, sizeof(from), "%s%s", strchr(source, ':') ? "" : "file:", source) >=
		 (int)sizeof(from))
		return fault_set(fault, FAULT_HSM, NULL, "pin-source is too long");
	if (secret_line(pin, sizeof(pin), from, "HSM PIN", fault) < 0)
		return -1;
	answer = hsm->module->C_Login(hsm->session, CKU_USER, (CK_UTF8CHAR *)pin, strlen(pin));
	secret_wipe(pin, sizeof(pin));
	if (answer == CKR_PIN_INCORRECT)
		return fault_set(fault, FAULT_HSM,
				 "tokens lock after a few wrong tries: make sure before the next",
				 "token \"%s\" says the PIN is wrong", hsm->label);
	if (answer != CKR_OK && answer != CKR_USER_ALREADY_LOGGED_IN)
		return hsm_refused(hsm, answer, "cannot log in", fault);
	return 0;
}

static int open_parsed(struct hsm *hsm, P11KitUri *uri, const char *text, struct fault *fault)
{
	CK_FUNCTION_LIST *module;
	CK_RV answer;

	if (load(hsm, uri, fault) < 0)
		return -1;
	module = hsm->module;
	answer = p11_kit_module_initialize(module);
	if (answer != CKR_OK) {
		if (!hsm->loaded)
			p11_kit_module_release(module);
		hsm->module = NULL; /* nothing to finalise */
		return hsm_refused(hsm, answer, "cannot start the PKCS#11 module", fault);
	}
	if (find_slot(hsm, uri, text, fault) < 0)
		return -1;
	return log_in(hsm, uri, fault);
}

int hsm_open(struct hsm **hsm, const char *uri, struct fault *fault)
{
	struct hsm *made = calloc(1, sizeof(*made));
	P11KitUri *parsed = NULL;
	char own[2 * 4096];
	int result = -1;

	*hsm = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	p11_kit_be_quiet();
	if (strncmp(uri, "softhsm:", 8) == 0) {
		if (softhsm_uri(own, sizeof(own), uri + 8, fault) < 0)
			goto out;
		uri = own;
	}
	if (uri_parse(&parsed, uri, fault) == 0 && open_parsed(made, parsed, uri, fault) == 0)
		result = 0;
out:
	p11_kit_uri_free(parsed);
	if (result < 0)
		hsm_close(made);
	else
		*hsm = made;
	return result;
}

void hsm_close(struct hsm *hsm)
{
	if (!hsm)
		return;
	if (hsm->session)
		(void)hsm->module->C_CloseSession(hsm->session);
	if (hsm->module)
		(void)p11_kit_module_finalize(hsm->module);
	if (hsm->loaded)
		p11_kit_modules_release(hsm->loaded);
	else if (hsm->module)
		p11_kit_module_release(hsm->module);
	free(hsm);
}

int hsm_identity(struct hsm *hsm, struct hsm_identity *identity, struct fault *fault)
{
	CK_TOKEN_INFO token;
	CK_INFO module;
	char name[33];
	CK_RV answer = hsm->module->C_GetTokenInfo(hsm->slot, &token);

	if (answer == CKR_OK)
		answer = hsm->module->C_GetInfo(&module);
	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot read the token's description", fault);
	plain_text(identity->label, token.label, sizeof(token.label));
	plain_text(identity->manufacturer, token.manufacturerID, sizeof(token.manufacturerID));
	plain_text(identity->model, token.model, sizeof(token.model));
	plain_text(identity->serial, token.serialNumber, sizeof(token.serialNumber));
	plain_text(name, module.libraryDescription, sizeof(module.libraryDescription));
	(void)snprintf(identity->library, sizeof(identity->library), "%s %u.%u", name,
		       module.libraryVersion.major, module.libraryVersion.minor);
	return 0;
}

bool hsm_is_software(const struct hsm_identity *identity)
{
	return strstr(identity->manufacturer, "SoftHSM") != NULL;
}

static void padded_text(unsigned char *out, size_t length, const char *text)
{
	memset(out, ' ', length);
	memcpy(out, text, strnlen(text, length));
}

int hsm_uri_fits(const char *uri, const struct hsm_identity *identity, struct fault *fault)
{
	P11KitUri *parsed = NULL;
	CK_TOKEN_INFO token = {0};
	bool software = strncmp(uri, "softhsm", 7) == 0;
	int result = 0;

	padded_text(token.label, sizeof(token.label), identity->label);
	padded_text(token.manufacturerID, sizeof(token.manufacturerID), identity->manufacturer);
	padded_text(token.model, sizeof(token.model), identity->model);
	padded_text(token.serialNumber, sizeof(token.serialNumber), identity->serial);
	if (!software) {
		if (uri_parse(&parsed, uri, fault) < 0)
			return -1;
		software = !p11_kit_uri_get_module_path(parsed) && !p11_kit_uri_get_module_name(parsed);
		if (!p11_kit_uri_match_token_info(parsed, &token))
			result = fault_set(fault, FAULT_NO, NULL,
					   "token \"%s\" of %s, serial %s, is not the one of \"%s\"",
					   identity->label, identity->manufacturer, identity->serial, uri);
	}
	if (result == 0 && software && !hsm_is_software(identity))
		result = fault_set(fault, FAULT_NO, NULL, "\"%s\" means SoftHSM, but the token is of %s", uri,
				   identity->manufacturer);
	p11_kit_uri_free(parsed);
	return result;
}

int hsm_search(struct hsm *hsm, CK_OBJECT_HANDLE *found, size_t size, CK_OBJECT_CLASS class,
	       const char *label, struct fault *fault)
{
	CK_ATTRIBUTE wanted[2];
	CK_ULONG count = 0, fields = 0;
	CK_RV answer, end;

	if (class != (CK_OBJECT_CLASS)-1)
		wanted[fields++] = (CK_ATTRIBUTE){CKA_CLASS, &class, sizeof(class)};
	if (label)
		wanted[fields++] = (CK_ATTRIBUTE){CKA_LABEL, (void *)(uintptr_t)label, strlen(label)};
	answer = hsm->module->C_FindObjectsInit(hsm->session, wanted, fields);
	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot search for objects", fault);
	answer = hsm->module->C_FindObjects(hsm->session, found, size, &count);
	end = hsm->module->C_FindObjectsFinal(hsm->session);
	if (answer != CKR_OK || end != CKR_OK)
		return hsm_refused(hsm, answer != CKR_OK ? answer : end, "cannot search for objects", fault);
	return (int)count;
}

int hsm_find(struct hsm *hsm, hsm_key *key, const char *label, struct fault *fault)
{
	CK_OBJECT_HANDLE found[2];
	int count = hsm_search(hsm, found, 2, CKO_SECRET_KEY, label, fault);

	if (count < 0)
		return -1;
	if (count == 0)
		return fault_set(fault, FAULT_HSM, "run the ceremony that makes it, or check the HSM's URI",
				 "token \"%s\" has no secret key labelled \"%s\"", hsm->label, label);
	if (count > 1)
		return fault_set(fault, FAULT_HSM, "labels must be unique: remove what does not belong there",
				 "token \"%s\" has several secret keys labelled \"%s\"", hsm->label, label);
	*key = found[0];
	return 0;
}

int hsm_cmac(struct hsm *hsm, uint8_t mac[static 16], hsm_key key, const uint8_t *message, size_t length,
	     struct fault *fault)
{
	CK_MECHANISM mechanism = {CKM_AES_CMAC, NULL, 0};
	CK_ULONG got = 16;
	CK_RV answer = hsm->module->C_SignInit(hsm->session, &mechanism, key);

	if (answer == CKR_OK)
		answer = hsm->module->C_Sign(hsm->session, (CK_BYTE *)(uintptr_t)message, length, mac, &got);
	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot compute AES-CMAC", fault);
	if (got != 16)
		return fault_set(fault, FAULT_HSM, NULL,
				 "token \"%s\" answered AES-CMAC with %lu bytes, not 16", hsm->label, got);
	return 0;
}

int hsm_random(struct hsm *hsm, uint8_t *out, size_t length, struct fault *fault)
{
	CK_RV answer = hsm->module->C_GenerateRandom(hsm->session, out, length);

	if (answer != CKR_OK)
		return hsm_refused(hsm, answer, "cannot draw random bytes", fault);
	return 0;
}
