#include "lib/canonical.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/sha256.h"
#include "lib/secret.h"

enum {
	DEPTH_MAX = 8
};

#define NUMBER_MAX 9007199254740991LL /* 2^53 - 1: exact in every JSON program */

static int check_name(const char *name, struct fault *fault)
{
	if (name[0] == 0 || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] != 0)
		return fault_set(fault, FAULT_INPUT, NULL,
				 "member name \"%.40s\" is not made of a-z, 0-9 and _", name);
	return 0;
}

/* The next character of UTF-8 that jansson has checked. */
static uint32_t next_character(const char **text)
{
	const unsigned char *at = (const unsigned char *)*text;
	unsigned more = *at < 0x80 ? 0 : *at < 0xE0 ? 1 : *at < 0xF0 ? 2 : 3;
	uint32_t c = more == 0 ? *at : *at & (0x3FU >> more);

	for (at++; more > 0 && *at; more--)
		c = c << 6 | (*at++ & 0x3F);
	*text = (const char *)at;
	return c;
}

const char *canonical_refused(const char *text)
{
	static const struct {
		uint32_t first, last;
	} unseen[] = {
		{0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},   {0x115F, 0x1160},
		{0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F}, {0x2028, 0x202E},
		{0x2060, 0x206F},   {0x3164, 0x3164},   {0xFDD0, 0xFDEF}, {0xFE00, 0xFE0F},
		{0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3},
		{0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
	};

	while (*text) {
		uint32_t c = next_character(&text);

		if (c < 0x20 || (c >= 0x7F && c < 0xA0))
			return "holds a control character";
		if ((c & 0xFFFE) == 0xFFFE)
			return "holds a character that is none";
		for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
			if (c >= unseen[i].first && c <= unseen[i].last)
				return "holds a character that cannot be seen";
	}
	return NULL;
}

static int check_leaf(const json_t *value, struct fault *fault)
{
	const char *text = json_string_value(value);

	if (json_is_integer(value)) {
		json_int_t n = json_integer_value(value);

		if (n < 0 || n > NUMBER_MAX)
			return fault_set(fault, FAULT_INPUT, NULL, "number %lld is out of range",
					 (long long)n);
		return 0;
	}
	if (!text)
		return fault_set(fault, FAULT_INPUT, NULL, "a value is neither text nor a whole number");
	if (canonical_refused(text))
		return fault_set(fault, FAULT_INPUT, NULL, "a text %s", canonical_refused(text));
	return 0;
}

/* Containers still to be looked into are kept in a list, not on the stack:
 * input decides the depth. */
static int check_children(const json_t *value, const json_t **next, size_t *count, struct fault *fault)
{
	json_t *container = (json_t *)(uintptr_t)value, *child;
	const char *name;
	size_t i;

	json_object_foreach(container, name, child)
	{
		if (check_name(name, fault) < 0)
			return -1;
		if (json_is_object(child) || json_is_array(child))
			next[(*count)++] = child;
		else if (check_leaf(child, fault) < 0)
			return -1;
	}
	json_array_foreach(container, i, child)
	{
		if (json_is_object(child) || json_is_array(child))
			next[(*count)++] = child;
		else if (check_leaf(child, fault) < 0)
			return -1;
	}
	return 0;
}

/* One level of the tree after the other. */
static int check(const json_t *value, struct fault *fault)
{
	const json_t **level = calloc(1, sizeof(const json_t *)), **next;
	size_t count = 1;
	int result = 0;

	if (!level)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	level[0] = value;
	for (unsigned depth = 0; result == 0 && count > 0; depth++) {
		size_t room = 1, found = 0;

		for (size_t i = 0; i < count; i++)
			room += json_object_size(level[i]) + json_array_size(level[i]);
		next = calloc(room, sizeof(const json_t *));
		if (!next) {
			free(level);
			return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
		}
		if (depth == DEPTH_MAX)
			result = fault_set(fault, FAULT_INPUT, NULL, "values are nested too deep");
		for (size_t i = 0; result == 0 && i < count; i++)
			result = check_children(level[i], next, &found, fault);
		free(level);
		level = next;
		count = found;
	}
	free(level);
	return result;
}

char *canonical_text(const json_t *value, struct fault *fault)
{
	char *text;

	if (check(value, fault) < 0)
		return NULL;
	text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
	if (!text)
		fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	return text;
}

json_t *canonical_parse(const char *text, size_t length, struct fault *fault)
{
	json_error_t error;
	json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	char *again;
	int same;

	if (!value) {
		fault_set(fault, FAULT_INPUT, NULL, "not JSON: %s (column %d)", error.text, error.column);
		return NULL;
	}
	again = canonical_text(value, fault);
	same = again && strlen(again) == length && memcmp(again, text, length) == 0;
	if (again && !same)
		fault_set(fault, FAULT_INPUT, NULL, "not in the canonical form (RFC 8785)");
	if (again)
		secret_wipe(again, strlen(again));
	free(again);
	if (same)
		return value;
	json_decref(value);
	return NULL;
}

int canonical_digest(uint8_t digest[static 32], const json_t *value, struct fault *fault)
{
	char *text = canonical_text(value, fault);
	int e;

	if (!text)
		return -1;
	e = sha256(digest, (struct span){(const uint8_t *)text, strlen(text)});
	secret_wipe(text, strlen(text));
	free(text);
	return e == OK ? 0 : fault_set(fault, FAULT_BUG, NULL, "SHA-256 failed");
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int canonical_hex_read(uint8_t *bytes, size_t length, const char *hex)
{
	if (!hex || strlen(hex) != 2 * length)
		return -1;
	for (size_t i = 0; i < length; i++) {
		int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}
