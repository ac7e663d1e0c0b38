#include "ceremony/entry.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "crypto/p256.h"
#include "lib/canonical.h"
#include "lib/signature.h"

int(entry_no)(struct fault *fault, const char *format, ...)
{
	char why[200];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	return fault_set(fault, FAULT_NO, NULL, "%s", why);
}

int entry_members(const json_t *data, size_t count, struct fault *fault)
{
	if (json_object_size(data) != count)
		return entry_no(fault, "data has %zu members, not %zu", json_object_size(data), count);
	return 0;
}

int entry_is_text(const json_t *data, const char *name, const char *want, struct fault *fault)
{
	const char *text = json_string_value(json_object_get(data, name));

	if (!text || strcmp(text, want) != 0)
		return entry_no(fault, "%s is not \"%.80s\"", name, want);
	return 0;
}

int entry_is_number(const json_t *data, const char *name, unsigned want, struct fault *fault)
{
	const json_t *value = json_object_get(data, name);

	if (!json_is_integer(value) || json_integer_value(value) != (json_int_t)want)
		return entry_no(fault, "%s is not %u", name, want);
	return 0;
}

int entry_bytes(uint8_t *out, size_t length, const json_t *data, const char *name, struct fault *fault)
{
	unsigned any = 0;

	if (canonical_hex_read(out, length, json_string_value(json_object_get(data, name))) < 0)
		return entry_no(fault, "%s is not %zu bytes in hex", name, length);
	for (size_t i = 0; i < length; i++)
		any |= out[i];
	return any ? 0 : entry_no(fault, "%s is zero", name);
}

int entry_text(char *out, size_t size, const json_t *data, const char *name, struct fault *fault)
{
	const char *text = json_string_value(json_object_get(data, name));

	if (!text || strlen(text) >= size)
		return entry_no(fault, "%s is not a text of at most %zu bytes", name, size - 1);
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

int entry_signature(const json_t *data, const uint8_t point[static 65], const uint8_t digest[static 32],
		    struct fault *fault)
{
	const char *text = json_string_value(json_object_get(data, "signature"));
	uint8_t raw[64];

	if (!text || signature_read(raw, text) < 0)
		return entry_no(fault, "signature is not an ECDSA signature in DER and base64");
	if (!signature_is_low(raw))
		return entry_no(fault, "signature is not in its one accepted form (s is in the upper half)");
	if (p256_verify((struct span){point, 65}, digest, raw) != OK)
		return entry_no(fault, "signature is not this party's, over this");
	return 0;
}

/* ---- for people ---- */

const char *entry_meaning(const char *type)
{
	static const char *const rows[][2] = {
		{"begin", "The ceremony begins: plan, token and program are fixed"},
		{"inventory", "What the token holds"},
		{"present", "Is here, and signs the line before"},
		{"attempt", "An attempt begins"},
		{"commit", "Is bound to a contribution that nobody has seen"},
		{"base", "The token has drawn its own key"},
		{"reveal", "The contribution was opened, and is the one committed to"},
		{"master", "The master was made in the token, of all contributions"},
		{"share", "A share was made, and handed to its keeping"},
		{"restore", "Every quorum of shares gave the master back"},
		{"keep", "The master stays in the token and cannot leave it"},
		{"batch", "A batch key was derived in the token"},
		{"time", "The time was signed, for cards, which have no clock"},
		{"loaded", "The receipts of a batch came back and were checked"},
		{"retired", "What a batch's keys were agreed with was destroyed in the token"},
		{"destroyed", "Was destroyed, as was affirmed"},
		{"signoff", "Signs all lines before"},
		{"exception", "Something did not go as planned"},
		{"resume", "The ceremony went on after a stop or crash"},
		{"close", "The end: nothing can follow"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i][0], type) == 0)
			return rows[i][1];
	return "";
}

const char *entry_who(const json_t *data)
{
	static const char *const names[] = {"custodian", "name", "by"};
	const char *who = NULL;

	for (size_t i = 0; i < 3 && !who; i++)
		who = json_string_value(json_object_get(data, names[i]));
	return who ? who : "";
}
