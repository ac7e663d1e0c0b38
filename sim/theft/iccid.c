#include "theft/iccid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool iccid_is(const char *text)
{
	size_t length = strlen(text);

	return length >= 18 && length <= 20 && strspn(text, "0123456789") == length;
}

/* ITU-T E.118: the last digit makes the Luhn sum a multiple of ten. */
static char luhn(const char *digits, size_t length)
{
	unsigned sum = 0, d;
	size_t i;

	for (i = 0; i < length; i++) {
		d = (unsigned)(digits[length - 1 - i] - '0');
		if (i % 2 == 0)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

bool iccid_neighbour(char out[static ICCID_TEXT], const char *known, long step)
{
	size_t n = strlen(known) - 1, tail = n < 12 ? n : 12;
	char number[13] = {0};
	long long value;

	memcpy(number, known + n - tail, tail);
	value = atoll(number) + step;
	if (value < 0)
		return false;
	(void)snprintf(out, ICCID_TEXT, "%.*s%0*lld", (int)(n - tail), known, (int)tail, value);
	if (strlen(out) != n)
		return false;
	out[n] = luhn(out, n);
	out[n + 1] = 0;
	return true;
}
