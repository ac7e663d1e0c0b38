/* One table row per field: its name, what it must look like, and where it
 * goes. The text of a JSON error ends in 'near "..."', which may quote a key;
 * that part is cut off. */
#include "lib/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gp/personalise.h"
#include "lib/digits.h"
#include "lib/hex.h"
#include "lib/key_form.h"
#include "lib/secret.h"

enum {
	FILE_MAX = 16384
};

enum form {
	FORM_DIGITS,
	FORM_KEY,
	FORM_NAME, /* characters that ASCII and the GSM alphabet share */
	FORM_METHOD,
	FORM_ALGORITHM,
	FORM_LENGTH, /* of the MNC */
	FORM_BOOL,
	FORM_SCHEMA,
};

struct field {
	const char *name;
	enum form form;
	bool secret;
	size_t least, most; /* characters */
	size_t at;          /* in struct profile */
};

#define AT(member) offsetof(struct profile, member)
static const struct field fields[] = {
	{"schema", FORM_SCHEMA, false, 0, 0, 0},
	{"iccid", FORM_DIGITS, false, 18, 20, AT(iccid)},
	{"imsi", FORM_DIGITS, false, 6, 15, AT(imsi)},
	{"mnc_length", FORM_LENGTH, false, 0, 0, AT(mnc_length)},
	{"algorithm", FORM_ALGORITHM, false, 0, 0, 0},
	{"k", FORM_KEY, true, 0, 0, AT(key.k)},
	{"opc", FORM_KEY, true, 0, 0, AT(key.opc)},
	{"method", FORM_METHOD, false, 0, 0, AT(method)},
	{"pin1", FORM_DIGITS, true, 4, 8, AT(pin1)},
	{"puk1", FORM_DIGITS, true, 8, 8, AT(puk1)},
	{"adm1", FORM_DIGITS, true, 4, 8, AT(adm1)},
	{"pin1_enabled", FORM_BOOL, false, 0, 0, AT(pin1_enabled)},
	{"spn", FORM_NAME, false, 1, 16, AT(spn)},
};
#undef AT

enum {
	FIELDS = sizeof(fields) / sizeof(fields[0])
};

static const char known_hint[] =
	"known: schema iccid imsi mnc_length algorithm k opc method pin1 puk1 adm1 pin1_enabled spn "
	"(simrite-profile(5))";

/* ---- forms ---- */

static bool all_digits(const char *text)
{
	return text[strspn(text, "0123456789")] == 0;
}

static bool all_name(const char *text)
{
	return text[strspn(text, " !\"#%&'()*+,-./0123456789:;<=>?"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] == 0;
}

static int text_field(struct profile *profile, const struct field *field, const char *text,
		      struct fault *fault)
{
	size_t length = strlen(text);
	char *at = (char *)profile + field->at;
	const char *unit = field->form == FORM_NAME ? "characters of the GSM alphabet" : "digits";

	if (length < field->least || length > field->most ||
	    (field->form == FORM_DIGITS && !all_digits(text)) ||
	    (field->form == FORM_NAME && !all_name(text))) {
		if (field->least == field->most)
			return fault_set(fault, FAULT_INPUT, NULL,
					 "\"%s\" must be %zu %s, not %zu characters%s", field->name,
					 field->least, unit, length,
					 length == field->least ? " with others among them" : "");
		return fault_set(fault, FAULT_INPUT, NULL, "\"%s\" must be %zu to %zu %s", field->name,
				 field->least, field->most, unit);
	}
	memcpy(at, text, length + 1);
	return 0;
}

/* The algorithm, which says how long this is, has been read. */
static int key_field(struct profile *profile, const struct field *field, const char *text,
		     struct fault *fault)
{
	struct subscriber_key *key = &profile->key;
	bool is_k = strcmp(field->name, "k") == 0;
	size_t want = is_k ? key->sizes.k : key->sizes.opc, length = strlen(text);

	if (want == 0)
		return fault_set(fault, FAULT_INPUT, "leave it out", "%s has no \"%s\"",
				 key_form_name(key->algorithm), field->name);
	if (hex_read((uint8_t *)profile + field->at, want, text, length) == 0)
		return 0;
	return fault_set(fault, FAULT_INPUT, NULL, "\"%s\" must be %zu hex digits, not %zu characters%s",
			 field->name, 2 * want, length, length == 2 * want ? " with others among them" : "");
}

static int algorithm_field(struct profile *profile, json_t *object, struct fault *fault)
{
	const json_t *value = json_object_get(object, "algorithm");

	if (value &&
	    (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value)))
		return fault_set(fault, FAULT_INPUT, NULL, "\"algorithm\" must be a string");
	return key_form_read(&profile->key, value ? json_string_value(value) : "milenage", fault);
}

static int method_field(uint8_t *method, const json_t *value, struct fault *fault)
{
	const char *text = json_string_value(value);

	if (text && strcmp(text, "injected") == 0)
		*method = SLOT_INJECTED;
	else if (text && strcmp(text, "derived") == 0)
		*method = SLOT_DERIVED;
	else
		return fault_set(fault, FAULT_INPUT, NULL, "\"method\" must be \"injected\" or \"derived\"");
	return 0;
}

static int one_field(struct profile *profile, const struct field *field, const json_t *value,
		     struct fault *fault)
{
	json_int_t number = json_integer_value(value);

	switch (field->form) {
	case FORM_SCHEMA:
		return json_is_integer(value) && number == 1
			       ? 0
			       : fault_set(fault, FAULT_INPUT, NULL, "\"schema\" must be 1");
	case FORM_LENGTH:
		profile->mnc_length = (uint8_t)number;
		return json_is_integer(value) && (number == 2 || number == 3)
			       ? 0
			       : fault_set(fault, FAULT_INPUT, NULL, "\"mnc_length\" must be 2 or 3");
	case FORM_BOOL:
		profile->pin1_enabled = json_is_true(value);
		return json_is_boolean(value) ? 0
					      : fault_set(fault, FAULT_INPUT, NULL,
							  "\"%s\" must be true or false", field->name);
	case FORM_METHOD:
		return method_field(&profile->method, value, fault);
	case FORM_ALGORITHM:
		return 0; /* read before all others */
	default:
		if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
			return fault_set(fault, FAULT_INPUT, NULL, "\"%s\" must be a string", field->name);
		return (field->form == FORM_KEY ? key_field : text_field)(profile, field,
									  json_string_value(value), fault);
	}
}

/* ---- the whole ---- */

int profile_check_iccid(const char *iccid, struct fault *fault)
{
	if (strlen(iccid) < 18 || strlen(iccid) > 20 || !all_digits(iccid))
		return fault_set(fault, FAULT_INPUT, NULL, "ICCID \"%.40s\" is not 18 to 20 digits", iccid);
	if (!digits_luhn(iccid))
		return fault_set(fault, FAULT_INPUT, "the last digit is the Luhn check digit (ITU-T E.118)",
				 "ICCID \"%s\" has a wrong check digit", iccid);
	return 0;
}

int profile_check_imsi(const char *imsi, struct fault *fault)
{
	if (strlen(imsi) < 6 || strlen(imsi) > 15 || !all_digits(imsi))
		return fault_set(fault, FAULT_INPUT, NULL, "IMSI \"%.40s\" is not 6 to 15 digits", imsi);
	return 0;
}

/* What fields demand of each other. */
static int check_together(struct profile *profile, const json_t *object, struct fault *fault)
{
	bool k = json_object_get(object, "k") != NULL, opc = json_object_get(object, "opc") != NULL;

	if (!k && json_object_get(object, "algorithm"))
		return fault_set(fault, FAULT_INPUT, NULL, "\"algorithm\" is given without \"k\"");
	if (k != opc && profile->key.sizes.opc > 0)
		return fault_set(fault, FAULT_INPUT, "a card stores K and OPc together",
				 "\"%s\" is given without \"%s\"", k ? "k" : "opc", k ? "opc" : "k");
	if (!profile->pin1[0] != !profile->puk1[0])
		return fault_set(fault, FAULT_INPUT, "a card stores PIN1 and PUK1 together",
				 "\"pin1\" and \"puk1\" must both be given or both left out");
	if (json_object_get(object, "pin1_enabled") && !profile->pin1[0])
		return fault_set(fault, FAULT_INPUT, NULL, "\"pin1_enabled\" is given without \"pin1\"");
	if (profile->method && !k)
		return fault_set(fault, FAULT_INPUT, NULL, "\"method\" is given without \"k\" and \"opc\"");
	profile->has_key = k;
	if (k && !profile->method)
		profile->method = SLOT_INJECTED;
	if (profile->imsi[0] && profile->mnc_length && strlen(profile->imsi) < 3U + profile->mnc_length)
		return fault_set(fault, FAULT_INPUT, NULL, "\"imsi\" is shorter than MCC and MNC");
	return profile->iccid[0] ? profile_check_iccid(profile->iccid, fault) : 0;
}

static int from_object(struct profile *profile, json_t *object, bool open_to_others, struct fault *fault)
{
	const char *name;
	json_t *value;

	if (!json_is_object(object))
		return fault_set(fault, FAULT_INPUT, NULL, "a profile is one JSON object");
	if (algorithm_field(profile, object, fault) != 0)
		return -1;
	json_object_foreach(object, name, value)
	{
		size_t i = 0;

		while (i < FIELDS && strcmp(fields[i].name, name) != 0)
			i++;
		if (i == FIELDS)
			return fault_set(fault, FAULT_INPUT, known_hint, "unknown field \"%.40s\"", name);
		if (fields[i].secret && open_to_others)
			return fault_set(fault, FAULT_POLICY, "chmod 600 it, and think about who has read it",
					 "it holds \"%s\" and is open to other users", name);
		if (one_field(profile, &fields[i], value, fault) != 0)
			return -1;
	}
	return check_together(profile, object, fault);
}

/* The whole file in `text`; its length, or -1. */
static ssize_t read_file(char text[static FILE_MAX], bool *open_to_others, const char *path,
			 struct fault *fault)
{
	struct stat status;
	ssize_t n = 0, length = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 || fstat(fd, &status) != 0) {
		fault_set(fault, FAULT_INPUT, NULL, "cannot open: %s", strerror(errno));
		length = -1;
		goto out;
	}
	*open_to_others = (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
	do {
		n = read(fd, text + length, (size_t)(FILE_MAX - length));
		length += n > 0 ? n : 0;
	} while (n > 0 && length < FILE_MAX);
	if (n < 0 || length == FILE_MAX) {
		fault_set(fault, FAULT_INPUT, NULL, "cannot read: %s",
			  n < 0 ? strerror(errno) : "too long for a profile");
		length = -1;
	}
out:
	if (fd >= 0)
		close(fd);
	return length;
}

static int syntax_fault(struct fault *fault, json_error_t *error)
{
	char *near = strstr(error->text, " near '");

	if (near && json_error_code(error) != json_error_duplicate_key)
		*near = 0;
	return fault_set(fault, FAULT_INPUT, NULL, "line %d column %d: %s", error->line, error->column,
			 error->text);
}

int profile_load(struct profile *profile, const char *path, struct fault *fault)
{
	char text[FILE_MAX];
	bool open_to_others = true;
	json_error_t error;
	json_t *object;
	int result = -1;
	ssize_t length = read_file(text, &open_to_others, path, fault);

	memset(profile, 0, sizeof(*profile));
	if (length >= 0) {
		object = json_loadb(text, (size_t)length, JSON_REJECT_DUPLICATES, &error);
		result = object ? from_object(profile, object, open_to_others, fault)
				: syntax_fault(fault, &error);
		json_decref(object);
	}
	secret_wipe(text, sizeof(text));
	secret_wipe(&error, sizeof(error));
	if (result != 0) {
		profile_wipe(profile);
		fault_prefix(fault, "\"%.100s\"", path);
	}
	return result;
}

int profile_named(struct profile *profile, const char *name, struct fault *fault)
{
	/* Public values: TS 35.208 test set 1, the test network 001 01. */
	static const struct profile test = {
		.iccid = "8988211000000000011",
		.imsi = "001010000000001",
		.mnc_length = 2,
		.has_key = true,
		.key = {.algorithm = SLOT_MILENAGE,
			.sizes = {16, 16, 8, 8, 16, 16, 0},
			.k = {0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f, 0xaa, 0x5f, 0x0a, 0x2e, 0xe2,
			      0x38, 0xa6, 0xbc},
			.opc = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e, 0x48, 0xa5, 0x99, 0x4e, 0x37,
				0xa0, 0x2b, 0xaf}},
		.method = SLOT_INJECTED,
		.pin1 = "1234",
		.puk1 = "12345678",
		.adm1 = "12345678",
		.pin1_enabled = false,
	};

	if (strcmp(name, "test") != 0)
		return fault_set(fault, FAULT_USAGE, "the only profile built in is \"test\"",
				 "no profile named \"%.40s\"", name);
	*profile = test;
	return 0;
}

void profile_wipe(struct profile *profile)
{
	secret_wipe(profile, sizeof(*profile));
}
