/* Does something open the card that its owner did not set? No PIN is tried
 * with fewer than three tries, and after each wrong code comes the right one. */
#include <stdio.h>
#include <string.h>

#include "lib/card_file.h"
#include "lib/secret.h"
#include "status.h"
#include "vet/checks.h"
#include "vet/owner.h"

enum {
	PIN1 = 0x01,
	ADM1 = 0x0A,
	LEAST_TRIES = 3,
	INDEX = 3 /* of the key set over the air */
};

/* Defaults that makers, tools and test cards are known to have had, and the patterns people choose. */
static const char *const codes[] = {
	"00000000", "11111111", "22222222", "33333333", "44444444", "55555555", "66666666", "77777777",
	"88888888", "99999999", "12345678", "87654321", "01234567", "76543210", "23456789", "98765432",
	"11223344", "44332211", "12341234", "43214321", "13572468", "24681357", "12121212", "10101010",
	"19700101", "20000101", "31415926", "27182818", "55538407", "04040404", "0000",     "1111",
	"1234",     "4321",     "9999",     "2580",     "123456",   "000000",   "111111",   "654321"};

static int restore(struct vet *vet, unsigned reference, const char *right, struct fault *fault)
{
	int sw = card_pin_verify(vet->card, reference, right, fault);

	if (sw == SW_OK)
		return 0;
	card_status_fault(fault, sw, "VERIFY with the right code");
	return -1;
}

/* A reset, or a code that was verified would hide what comes next. */
static int try_code(struct vet *vet, struct vet_finding *finding, unsigned reference, const char *name,
		    const char *right, const char *code, struct fault *fault)
{
	int tries, sw;

	if (strcmp(code, right) == 0)
		return 0;
	if (reader_reset(vet->card, fault) != 0)
		return -1;
	tries = card_pin_tries(vet->card, reference, fault);
	if (tries < 0)
		return -1;
	if (tries > 15) {
		vet_found(finding, "%s counts as verified after a reset", name);
		return 0;
	}
	if (tries < LEAST_TRIES)
		return fault_set(fault, FAULT_POLICY, NULL, "%s has %d tries left, and is not tried", name,
				 tries);
	sw = card_pin_verify(vet->card, reference, code, fault);
	if (sw < 0)
		return -1;
	if (sw == SW_OK)
		vet_found(finding, "%s opens with %s, which is not its code", name, code);
	else if (sw != SW_TRIES_LEFT(tries - 1))
		vet_found(finding, "%s with %s answers %04X", name, code, (unsigned)sw);
	return restore(vet, reference, right, fault);
}

int check_codes(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	size_t count = sizeof(codes) / sizeof(codes[0]);
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++) {
		result = try_code(vet, finding, ADM1, "ADM1", vet->profile.adm1, codes[i], fault);
		if (result == 0)
			result = try_code(vet, finding, PIN1, "PIN1", vet->profile.pin1, codes[i], fault);
	}
	vet_say(finding, "%zu well-known codes open neither PIN1 nor ADM1; all tries are left", count);
	return result == 0 ? reader_reset(vet->card, fault) : result;
}

/* ---- over the air ---- */

/* One message: is it answered with this status? */
static int expect(struct vet *vet, struct vet_finding *finding, const uint8_t *envelope, int length,
		  int status, const char *what, struct fault *fault)
{
	int got = owner_send(vet->card, envelope, (size_t)length, fault);

	if (got < 0)
		return -1;
	if (got != status)
		vet_found(finding, "%s: status %02X, not %02X", what, (unsigned)got, (unsigned)status);
	return 0;
}

int check_messages(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	static const uint8_t select_mf[] = {0x00, 0xA4, 0x00, 0x04, 0x02, 0x3F, 0x00};
	const struct span script = {select_mf, sizeof(select_mf)};
	uint8_t envelope[OWNER_ENVELOPE], older[OWNER_ENVELOPE], forged[OWNER_ENVELOPE];
	struct owner_ota ota = {.index = INDEX};
	int length, result;

	vet_draw(vet, ota.kic, sizeof(ota.kic));
	vet_draw(vet, ota.kid, sizeof(ota.kid));
	result = owner_put_ota(vet->card, &vet->keys, &ota, fault);
	length = owner_message(envelope, &ota, 7, script, fault);
	if (length < 0)
		return -1;
	if (owner_message(older, &ota, 6, script, fault) < 0 ||
	    owner_message(forged, &ota, 8, script, fault) < 0)
		return -1;
	forged[length - 1] ^= 0x01; /* deciphers to another padding, so the CC is wrong */
	if (result == 0)
		result = reader_reset(vet->card, fault);
	/* TS 102 225 table 5: 00 done, 01 the CC failed, 02 the counter is low */
	if (result == 0)
		result = expect(vet, finding, envelope, length, 0x00, "a message", fault);
	if (result == 0)
		result = expect(vet, finding, envelope, length, 0x02, "the same message again", fault);
	if (result == 0)
		result = expect(vet, finding, older, length, 0x02, "an older message", fault);
	if (result == 0)
		result = expect(vet, finding, forged, length, 0x01, "a message that was changed", fault);
	vet_say(finding, "done once; a used, an old and a changed message refused");
	secret_wipe(&ota, sizeof(ota));
	return result;
}

int check_leaks(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	(void)fault;
	if (vet->leaks.found)
		vet_found(finding, "%s%s", vet->leaks.first, vet->leaks.found > 1 ? " (and more)" : "");
	vet_say(finding, "no secret in the answers to %lu commands", vet->apdus);
	return 0;
}
