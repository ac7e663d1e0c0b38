#include "vet/vet.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/sha256.h"
#include "lib/card_file.h"
#include "lib/card_state.h"
#include "lib/digits.h"
#include "lib/personalise.h"
#include "lib/secret.h"
#include "lib/sequence.h"
#include "status.h"

enum {
	PIN1 = 0x01
};

/* ---- the seed ---- */

void vet_draw(struct vet *vet, void *out, size_t length)
{
	uint8_t block[SHA256_LENGTH], *at = out;

	while (length > 0) {
		const uint64_t text[3] = {vet->seed, vet->number, vet->drawn++};
		size_t n = length < sizeof(block) ? length : sizeof(block);

		if (sha256(block, (struct span){(const uint8_t *)text, sizeof(text)}) < 0)
			abort();
		memcpy(at, block, n);
		at += n;
		length -= n;
	}
}

static void draw_digits(struct vet *vet, char *out, size_t length)
{
	uint8_t bytes[16];

	vet_draw(vet, bytes, length);
	for (size_t i = 0; i < length; i++)
		out[i] = (char)('0' + bytes[i] % 10);
	out[length] = 0;
}

/* Test numbers (PLMN 001/01), keys and codes of this card. */
static int make_profile(struct vet *vet, struct fault *fault)
{
	struct profile *profile = &vet->profile;

	if (profile_named(profile, "test", fault) != 0)
		return -1;
	draw_digits(vet, profile->imsi + 5, 10);
	draw_digits(vet, profile->iccid + 8, 10);
	profile->iccid[19] = 0;
	for (profile->iccid[18] = '0'; profile_check_iccid(profile->iccid, NULL) != 0; profile->iccid[18]++)
		if (profile->iccid[18] == '9')
			return fault_set(fault, FAULT_BUG, NULL, "no check digit");
	vet_draw(vet, profile->key.k, 16);
	vet_draw(vet, profile->key.opc, 16);
	draw_digits(vet, profile->pin1, 6);
	draw_digits(vet, profile->puk1, 8);
	draw_digits(vet, profile->adm1, 8);
	profile->pin1_enabled = true;
	digits_to_iccid(vet->iccid, profile->iccid);
	return 0;
}

/* ---- beginning ---- */

static void watch(void *context, const uint8_t *command, size_t command_length, const uint8_t *response,
		  size_t response_length)
{
	struct vet *vet = context;

	vet->apdus++;
	if (response_length > 2)
		leaks_look(&vet->leaks, command, command_length, response, response_length - 2);
}

static int personalise_one(struct vet *vet, struct reader *reader, bool overwrite, struct fault *fault)
{
	struct card_state state;

	if (card_state_read(reader, &state, fault) != 0)
		return fault_prefix(fault, "%s", reader_name(reader));
	if (state.personalised && !overwrite)
		return fault_set(fault, FAULT_POLICY,
				 "vetting writes over what is on a card: take a sample, or add --overwrite",
				 "the card in reader \"%s\" is personalised", reader_name(reader));
	return personalise(reader, &vet->keys, &vet->profile, fault);
}

int vet_begin(struct vet *vet, bool overwrite, struct fault *fault)
{
	struct leaks *leaks = &vet->leaks;
	const struct profile *profile = &vet->profile;

	if (make_profile(vet, fault) != 0 || personalise_one(vet, vet->card, overwrite, fault) != 0 ||
	    (vet->reference &&
	     personalise_one(vet, vet->reference, overwrite || vet->number > 1, fault) != 0))
		return -1;
	leaks_add(leaks, "K", profile->key.k, 16, vet->iccid, sizeof(vet->iccid));
	leaks_add(leaks, "OPc", profile->key.opc, 16, vet->iccid, sizeof(vet->iccid));
	leaks_add(leaks, "ADM1", (const uint8_t *)profile->adm1, 8, NULL, 0);
	leaks_add(leaks, "PUK1", (const uint8_t *)profile->puk1, 8, NULL, 0);
	leaks_add(leaks, "a channel key", vet->keys.enc, vet->keys.length, vet->iccid, sizeof(vet->iccid));
	leaks_add(leaks, "a channel key", vet->keys.mac, vet->keys.length, vet->iccid, sizeof(vet->iccid));
	leaks_add(leaks, "a channel key", vet->keys.dek, vet->keys.length, vet->iccid, sizeof(vet->iccid));
	reader_watch(vet->card, watch, vet);
	vet->seq = 1u << 20; /* above what personalise() proved the key with */
	return 0;
}

void vet_end(struct vet *vet)
{
	if (vet->card)
		reader_watch(vet->card, NULL, NULL);
	profile_wipe(&vet->profile);
	secret_wipe(&vet->leaks, sizeof(vet->leaks));
}

/* ---- asking ---- */

int vet_ready(struct vet *vet, struct reader *reader, struct fault *fault)
{
	int sw;

	if (card_select_usim(reader, fault) != 0)
		return -1;
	sw = card_pin_verify(reader, PIN1, vet->profile.pin1, fault);
	return sw == SW_OK ? 0 : card_status_fault(fault, sw, "VERIFY PIN1");
}

int vet_again(struct vet *vet, const struct aka_vector *vector, struct card_aka_answer *answer,
	      struct fault *fault)
{
	return card_aka_run(vet->card, answer, vector, fault);
}

int vet_aka(struct vet *vet, struct aka_vector *vector, struct card_aka_answer *answer, uint64_t sqn,
	    const uint8_t amf[static 2], struct fault *fault)
{
	uint8_t rand[AKA_RAND], bytes[AKA_SQN];

	vet_draw(vet, rand, sizeof(rand));
	sequence_bytes(bytes, sqn);
	if (algorithm_vector(vector, &vet->profile.key, rand, bytes, amf) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "Milenage failed");
	return vet_again(vet, vector, answer, fault);
}

bool vet_is_right(const struct aka_vector *vector, const struct card_aka_answer *answer)
{
	return answer->kind == CARD_AKA_RES && answer->res_length == vector->res_length &&
	       memcmp(answer->res, vector->res, vector->res_length) == 0 &&
	       answer->ck_length == vector->ck_length &&
	       memcmp(answer->ck, vector->ck, vector->ck_length) == 0 &&
	       answer->ik_length == vector->ik_length &&
	       memcmp(answer->ik, vector->ik, vector->ik_length) == 0;
}

int vet_challenge(struct vet *vet, uint8_t *out, unsigned length, struct fault *fault)
{
	const uint8_t command[] = {0x00, 0x84, 0x00, 0x00, (uint8_t)length};
	size_t got;
	int sw = reader_apdu(vet->card, out, &got, length, command, sizeof(command), fault);

	if (sw != SW_OK)
		return card_status_fault(fault, sw, "GET CHALLENGE");
	return got == length
		       ? 0
		       : fault_set(fault, FAULT_CARD, NULL, "GET CHALLENGE: %zu bytes for %u", got, length);
}

/* ---- what no two may have in common ---- */

int vet_print(struct vet_prints *prints, unsigned card, const uint8_t bytes[static 16], const char *what,
	      struct fault *fault)
{
	if (prints->count == prints->room) {
		size_t room = prints->room ? 2 * prints->room : 1024;
		struct vet_print *at = realloc(prints->at, room * sizeof(*at));

		if (!at)
			return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
		prints->at = at;
		prints->room = room;
	}
	memcpy(prints->at[prints->count].bytes, bytes, 16);
	prints->at[prints->count].card = card;
	prints->at[prints->count++].what = what;
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(((const struct vet_print *)a)->bytes, ((const struct vet_print *)b)->bytes, 16);
}

void vet_compare_prints(struct vet_prints *prints, struct vet_finding *finding)
{
	size_t twice = 0;

	if (prints->count)
		qsort(prints->at, prints->count, sizeof(*prints->at), by_bytes);
	for (size_t i = 1; i < prints->count; i++) {
		const struct vet_print *a = &prints->at[i - 1], *b = &prints->at[i];

		if (by_bytes(a, b) == 0 && twice++ == 0)
			vet_found(finding, "%s of card %u is %s of card %u", a->what, a->card, b->what,
				  b->card);
	}
	if (twice > 1)
		vet_found(finding, "%zu repetitions among %zu", twice, prints->count);
	if (!twice)
		vet_say(finding, "%zu random values, no two the same", prints->count);
}

/* ---- findings ---- */

static void append(struct vet_finding *finding, const char *format, va_list arguments)
{
	size_t used = strlen(finding->text);

	if (used && used + 2 < sizeof(finding->text)) {
		memcpy(finding->text + used, "; ", 3);
		used += 2;
	}
	(void)vsnprintf(finding->text + used, sizeof(finding->text) - used, format, arguments);
}

void vet_found(struct vet_finding *finding, const char *format, ...)
{
	va_list arguments;

	if (finding->verdict != VET_FOUND)
		finding->text[0] = 0;
	finding->verdict = VET_FOUND;
	va_start(arguments, format);
	append(finding, format, arguments);
	va_end(arguments);
}

void vet_say(struct vet_finding *finding, const char *format, ...)
{
	va_list arguments;

	if (finding->verdict == VET_FOUND)
		return;
	va_start(arguments, format);
	append(finding, format, arguments);
	va_end(arguments);
}
