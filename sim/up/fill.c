/* The cards of a simulation are personalised the way a bureau would, because
 * it is the only way into a card. */
#include "up/fill.h"

#include <stdio.h>
#include <string.h>

#include "lib/personalise.h"
#include "lib/say.h"

/* Add `n` to the decimal number in digits[0..length). */
static int count_up(char *digits, size_t length, unsigned n)
{
	while (n > 0 && length > 0) {
		n += (unsigned)(digits[--length] - '0');
		digits[length] = (char)('0' + n % 10);
		n /= 10;
	}
	return n == 0 ? 0 : -1;
}

/* The check digit that makes an ICCID right (ISO/IEC 7812-1 annex B), by the
 * one check there is. */
static int set_check_digit(char *iccid)
{
	size_t last = strlen(iccid) - 1;
	int digit;

	for (digit = 0; digit <= 9; digit++) {
		iccid[last] = (char)('0' + digit);
		if (profile_check_iccid(iccid, NULL) == 0)
			return 0;
	}
	return -1;
}

/* Card `n` of a series whose first card has this profile. */
static int number(struct profile *profile, unsigned n, struct fault *fault)
{
	if (n == 0)
		return 0;
	if (count_up(profile->iccid, strlen(profile->iccid) - 1, n) < 0 ||
	    set_check_digit(profile->iccid) < 0 || count_up(profile->imsi, strlen(profile->imsi), n) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "no numbers left after %s", profile->imsi);
	return 0;
}

static int fill_one(unsigned slot, const char *name, struct fault *fault)
{
	struct profile profile;
	struct reader *reader;
	char where[32];
	int result = -1;

	if (profile_named(&profile, name, fault) < 0)
		return -1;
	simulation_reader(where, slot);
	if (number(&profile, slot, fault) == 0 && reader_open(&reader, where, fault) == 0) {
		result = personalise(reader, &scp03_test_keys, &profile, fault);
		reader_close(reader);
	}
	profile_wipe(&profile);
	return result < 0 ? fault_prefix(fault, "card %u cannot be given the profile \"%s\"", slot, name) : 0;
}

int fill_cards(const struct simulation *simulation, const char *name, struct fault *fault)
{
	int result = 0;
	unsigned i;

	progress_start("personalising", simulation->cards);
	for (i = 0; i < simulation->cards && result == 0; i++) {
		if (simulation->fresh[i])
			result = fill_one(i, name, fault);
		progress_at(i + 1, "");
	}
	progress_end();
	return result;
}
