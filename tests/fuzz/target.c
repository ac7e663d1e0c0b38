#include "fuzz/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SEED = 1,
	PAGES = 24
};

static struct rig rig;
static struct oracle oracle;
static uint8_t *memory;

static const uint8_t versions[4] = {RIG_AES, RIG_AES_256, RIG_DES, 0x30},
		     levels[5] = {0x33, 0x03, 0x01, 0x13, 0x11};

uint8_t input_byte(struct input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->at++;
}

size_t input_take(struct input *input, uint8_t *out, size_t most)
{
	size_t n = input->left < most ? input->left : most;

	if (n > 0)
		memcpy(out, input->at, n);
	input->at += n;
	input->left -= n;
	return n;
}

void target_fail(const char *why)
{
	fprintf(stderr, "fuzz: %s\n", why);
	abort();
}

static size_t judged_transmit(struct rig *r, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
			      size_t length)
{
	size_t n;

	oracle_before(&oracle, r);
	if (setjmp(r->cut.off)) {
		r->cut.left = 0;
		if (rig_power(r) < 0)
			target_fail("after a cut of the power the card does not start");
		memset(response, 0xFF, 2);
		return 2;
	}
	n = card_transmit(&r->card, response, command, length);
	r->cut.left = 0;
	if (!oracle_after(&oracle, r, command, length, response, n))
		target_fail(oracle.why);
	return n;
}

struct rig *target_card(int judged)
{
	static size_t (*plain)(struct rig *, uint8_t *, const uint8_t *, size_t);

	if (!memory) {
		rig_open(&rig, SEED, PAGES);
		plain = rig.transmit;
		oracle_open(&oracle, &rig);
		if (!(memory = malloc(rig.cut.size)))
			abort();
		memcpy(memory, rig.cut.memory, rig.cut.size);
	}
	rig.transmit = judged ? judged_transmit : plain;
	rig.seq = 1000; /* far from those the seeds have used */
	rig_restore(&rig, memory, SEED);
	return &rig;
}

const uint8_t *target_memory(void)
{
	return memory;
}

void target_open(struct rig *r, uint8_t choice)
{
	(void)rig_channel(r, versions[choice % 4], levels[choice / 4 % 5]);
}

uint8_t target_choice(uint8_t version, uint8_t level)
{
	uint8_t choice;

	for (choice = 0; choice < 20; choice++)
		if (versions[choice % 4] == version && levels[choice / 4 % 5] == level)
			return choice;
	return 0;
}
