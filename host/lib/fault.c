#include "lib/fault.h"

#include <stdio.h>
#include <string.h>

#undef fault_set
#undef fault_prefix

int fault_set(struct fault *fault, enum fault_code code, const char *hint, const char *format, ...)
{
	va_list arguments;

	if (!fault)
		return -1;
	fault->code = code;
	va_start(arguments, format);
	(void)vsnprintf(fault->text, sizeof(fault->text), format, arguments);
	va_end(arguments);
	(void)snprintf(fault->hint, sizeof(fault->hint), "%s", hint ? hint : "");
	return -1;
}

int fault_prefix(struct fault *fault, const char *format, ...)
{
	char before[FAULT_TEXT], whole[2 * FAULT_TEXT + 2];
	va_list arguments;

	if (!fault)
		return -1;
	va_start(arguments, format);
	(void)vsnprintf(before, sizeof(before), format, arguments);
	va_end(arguments);
	(void)snprintf(whole, sizeof(whole), "%s: %s", before, fault->text);
	memcpy(fault->text, whole, sizeof(fault->text) - 1);
	fault->text[sizeof(fault->text) - 1] = 0;
	return -1;
}
