#include "lib/numbers.h"

#include <stdio.h>
#include <string.h>

static int all_digits(const char *text)
{
	return text[strspn(text, "0123456789")] == 0;
}

char numbers_luhn(const char *digits)
{
	size_t i, length = strlen(digits);
	int sum = 0, value;

	for (i = 0; i < length; i++) {
		value = digits[length - 1 - i] - '0';
		if (i % 2 == 0)
			value = value > 4 ? 2 * value - 9 : 2 * value;
		sum += value;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

/* Add `index` to the digits from `from` on; 0 when it fits. */
static int count_up(char *digits, size_t from, uint32_t index)
{
	uint64_t carry = index;
	size_t i = strlen(digits);

	while (i > from && carry > 0) {
		i--;
		carry += (uint64_t)(digits[i] - '0');
		digits[i] = (char)('0' + carry % 10);
		carry /= 10;
	}
	return carry == 0 ? 0 : -1;
}

int numbers_iccid(char out[static 21], const char *first, uint32_t index, struct fault *fault)
{
	size_t length = strlen(first);
	char check;

	if (length < 18 || length > 20 || !all_digits(first))
		return fault_set(fault, FAULT_INPUT, NULL, "\"%.24s\" is no ICCID: 18 to 20 digits", first);
	memcpy(out, first, length + 1);
	out[length - 1] = 0;
	check = numbers_luhn(out);
	if (first[length - 1] != check)
		return fault_set(fault, FAULT_INPUT, NULL, "ICCID %s: its check digit should be %c", first,
				 check);
	/* the first seven digits say who issued it */
	if (count_up(out, 7, index) < 0)
		return fault_set(fault, FAULT_INPUT, "start with a lower ICCID, or make a smaller batch",
				 "the ICCIDs from %s on do not reach card %u", first, (unsigned)index + 1);
	out[length - 1] = numbers_luhn(out);
	out[length] = 0;
	return 0;
}

int numbers_imsi(char out[static 16], const char *first, uint32_t index, struct fault *fault)
{
	size_t length = strlen(first);

	if (length < 6 || length > 15 || !all_digits(first))
		return fault_set(fault, FAULT_INPUT, NULL, "\"%.24s\" is no IMSI: 6 to 15 digits", first);
	memcpy(out, first, length + 1);
	if (count_up(out, 5, index) < 0)
		return fault_set(fault, FAULT_INPUT, "start with a lower IMSI, or make a smaller batch",
				 "the IMSIs from %s on do not reach card %u", first, (unsigned)index + 1);
	return 0;
}
