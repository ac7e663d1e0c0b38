#include "ceremony/place.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "crypto/p256.h"
#include "lib/canonical.h"
#include "lib/signature.h"

int(place_wrong)(struct fault *fault, const struct place *place, const char *member, const char *format, ...)
{
	char why[200];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(why, sizeof(why), format, arguments);
	va_end(arguments);
	return fault_set(fault, FAULT_INPUT, "simrite-ceremony-plan(5) describes every member", "%s%s%s: %s",
			 place->name, place->name[0] ? "." : "", member, why);
}

int place_only(const struct place *place, const char *const *allowed, struct fault *fault)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)place->object, name, value)
	{
		const char *const *a = allowed;

		(void)value;
		while (*a && strcmp(*a, name) != 0)
			a++;
		if (!*a)
			return place_wrong(fault, place, canonical_refused(name) ? "?" : name,
					   "there is no such member");
	}
	return 0;
}

int place_text(const char **out, const struct place *place, const char *member, const char *fallback,
	       struct fault *fault)
{
	const json_t *value = json_object_get(place->object, member);
	const char *text = json_string_value(value);

	*out = fallback;
	if (!value)
		return fallback ? 0 : place_wrong(fault, place, member, "is missing");
	if (!text)
		return place_wrong(fault, place, member, "is not a text");
	if (text[0] == 0 || text[strspn(text, " ")] == 0)
		return place_wrong(fault, place, member, "is empty");
	if (strlen(text) > PLACE_TEXT)
		return place_wrong(fault, place, member, "is longer than %d bytes", PLACE_TEXT);
	if (canonical_refused(text))
		return place_wrong(fault, place, member, "%s", canonical_refused(text));
	if (text[0] == ' ' || text[strlen(text) - 1] == ' ')
		return place_wrong(fault, place, member, "begins or ends with a blank");
	*out = text;
	return 0;
}

int place_name(const char **out, const struct place *place, const char *member, struct fault *fault)
{
	static const char *const spaces[] = {"  ",           "\xC2\xA0", /* U+00A0 */
					     "\xE1\x9A\x80",             /* U+1680 */
					     "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83",
					     "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87",
					     "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", /* U+2000-200A */
					     "\xE2\x80\xAF",                                 /* U+202F */
					     "\xE2\x81\x9F",                                 /* U+205F */
					     "\xE3\x80\x80" /* U+3000 */};

	if (place_text(out, place, member, NULL, fault) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (strstr(*out, spaces[i]))
			return place_wrong(fault, place, member,
					   "has other white space than one blank between words");
	return 0;
}

int place_number(unsigned *out, const struct place *place, const char *member, unsigned least, unsigned most,
		 struct fault *fault)
{
	const json_t *value = json_object_get(place->object, member);

	if (!value)
		return place_wrong(fault, place, member, "is missing");
	if (!json_is_integer(value))
		return place_wrong(fault, place, member, "is not a whole number");
	if (json_integer_value(value) < least || json_integer_value(value) > most)
		return place_wrong(fault, place, member, "is %lld, not %u..%u",
				   (long long)json_integer_value(value), least, most);
	*out = (unsigned)json_integer_value(value);
	return 0;
}

int place_word(unsigned *out, const struct place *place, const char *member, const char *const *words,
	       int fallback, struct fault *fault)
{
	char all[120] = "";
	const char *text;

	*out = fallback < 0 ? 0 : (unsigned)fallback;
	if (fallback >= 0 && !json_object_get(place->object, member))
		return 0;
	if (place_text(&text, place, member, NULL, fault) < 0)
		return -1;
	for (*out = 0; words[*out]; ++*out) {
		size_t length = strlen(all);

		if (strcmp(words[*out], text) == 0)
			return 0;
		(void)snprintf(all + length, sizeof(all) - length, " \"%s\"", words[*out]);
	}
	return place_wrong(fault, place, member, "\"%.32s\" is none of%s", text, all);
}

int place_key(const char **text, uint8_t point[static 65], const struct place *place, struct fault *fault)
{
	uint8_t same[65];

	/* One byte more than a text may have (124) is never needed, so place_text() fits. */
	if (place_text(text, place, "key", NULL, fault) < 0)
		return -1;
	if (public_read(point, *text) < 0 || p256_uncompress(same, (struct span){point, 65}) != OK)
		return place_wrong(fault, place, "key",
				   "is not a P-256 public key (SubjectPublicKeyInfo, DER, base64)");
	return 0;
}

int place_digest(uint8_t out[static 32], const struct place *place, const char *member, struct fault *fault)
{
	const char *text;

	if (place_text(&text, place, member, NULL, fault) < 0)
		return -1;
	if (canonical_hex_read(out, 32, text) < 0)
		return place_wrong(fault, place, member, "is not 64 hex digits, lower case");
	return 0;
}

int place_array(const json_t **out, const struct place *place, const char *member, unsigned least,
		unsigned most, struct fault *fault)
{
	*out = json_object_get(place->object, member);
	if (!*out)
		return least ? place_wrong(fault, place, member, "is missing") : 0;
	if (!json_is_array(*out))
		return place_wrong(fault, place, member, "is not an array");
	if (json_array_size(*out) < least || json_array_size(*out) > most)
		return place_wrong(fault, place, member, "has %zu elements, not %u..%u",
				   json_array_size(*out), least, most);
	return 0;
}

int place_enter(struct place *place, const json_t *array, const char *name, unsigned i, struct fault *fault)
{
	(void)snprintf(place->name, sizeof(place->name), "%s[%u]", name, i);
	place->object = json_array_get(array, i);
	if (!json_is_object(place->object))
		return fault_set(fault, FAULT_INPUT, NULL, "%s: is not an object", place->name);
	return 0;
}

int place_object(struct place *place, const struct place *top, const char *member, bool optional,
		 struct fault *fault)
{
	(void)snprintf(place->name, sizeof(place->name), "%s", member);
	place->object = json_object_get(top->object, member);
	if (!place->object)
		return optional ? 0 : place_wrong(fault, top, member, "is missing");
	if (!json_is_object(place->object))
		return place_wrong(fault, top, member, "is not an object");
	return 0;
}
