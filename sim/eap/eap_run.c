#include "eap/eap_run.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "crypto/compare.h"

bool eap_run_willing(const struct eap_groups *groups, unsigned group)
{
	size_t i;

	for (i = 0; i < groups->count; i++)
		if (groups->values[i] == (enum ecdhe_group)group)
			return true;
	return false;
}

bool eap_run_list_has(const struct eap_list *list, unsigned value)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->values[i] == value)
			return true;
	return false;
}

static bool has_twice(const struct eap_list *list)
{
	size_t i, j;

	for (i = 0; i < list->count; i++)
		for (j = 0; j < i; j++)
			if (list->values[i] == list->values[j])
				return true;
	return false;
}

bool eap_run_list_follows(const struct eap_list *now, const struct eap_list *before, unsigned asked)
{
	const size_t size = before->count * sizeof(before->values[0]);

	if (!before->count)
		return !has_twice(now);
	if (!asked)
		return now->count == before->count && !memcmp(now->values, before->values, size);
	return now->count == before->count + 1 && now->values[0] == asked &&
	       !memcmp(now->values + 1, before->values, size);
}

static void checkcode_of(uint8_t code[static SHA256_LENGTH], const struct sha256 *hash)
{
	struct sha256 copy = *hash;

	if (sha256_finish(&copy, code) < 0)
		memset(code, 0, SHA256_LENGTH); /* cannot be (crypto/sha256.h) */
}

bool eap_run_checkcode(const struct span *checkcode, const struct sha256 *hash, unsigned messages)
{
	uint8_t code[SHA256_LENGTH];

	if (!checkcode->at || (!messages && !checkcode->length))
		return true;
	checkcode_of(code, hash);
	return messages && checkcode->length == sizeof(code) &&
	       compare_equal(code, checkcode->at, sizeof(code)) == GRANTED;
}

void eap_run_write_checkcode(struct eap_writer *w, const struct sha256 *hash, unsigned messages)
{
	uint8_t code[SHA256_LENGTH];

	checkcode_of(code, hash);
	eap_write(w, AT_CHECKCODE, code, messages ? sizeof(code) : 0);
}

void eap_run_failed(struct eap_trace *trace, const char *format, ...)
{
	va_list arguments;

	trace->end = EAP_FAILED;
	if (trace->why[0])
		return; /* the first reason is the reason */
	va_start(arguments, format);
	(void)vsnprintf(trace->why, sizeof(trace->why), format, arguments);
	va_end(arguments);
}
