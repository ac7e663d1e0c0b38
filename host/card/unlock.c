/* Opening a card, and the one place where a PIN is tried. */
#include <stdio.h>
#include <string.h>

#include "card/commands.h"
#include "lib/card_file.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "status.h"

enum {
	KEY_PIN1 = 0xD001,
	KEY_FORCE,
	PIN1 = 0x01,
	LEAST_TRIES = 3,
	VERIFIED = 16, /* card_pin_tries(): nothing to verify */
};

static const struct argp_option rows[] = {
	{"pin1", KEY_PIN1, "SOURCE", 0, "Verify PIN1 first; SOURCE is file:PATH, fd:N or prompt", 1},
	{"force-last-tries", KEY_FORCE, NULL, 0, "Try a PIN even with fewer than three tries left", 1},
	{0},
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	struct unlock *unlock = state->input;

	switch (key) {
	case KEY_PIN1:
		unlock->pin1 = value;
		return 0;
	case KEY_FORCE:
		unlock->force = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp unlock_argp = {.options = rows, .parser = parse};

void command_init(struct argp_state *state, struct command_input *input)
{
	state->child_inputs[0] = &input->options;
	state->child_inputs[1] = &input->unlock;
}

static int check_tries(struct reader *reader, unsigned reference, const char *name, bool force,
		       struct fault *fault)
{
	int tries = card_pin_tries(reader, reference, fault);

	if (tries < 0)
		return fault_prefix(fault, "%s", name);
	if (tries == 0)
		return fault_set(fault, FAULT_CARD, "an unblock PIN (PUK) can free PIN1; nothing frees ADM1",
				 "%s is blocked", name);
	if (tries < LEAST_TRIES && !force)
		return fault_set(fault, FAULT_POLICY, "make sure of the value, then add --force-last-tries",
				 "%s has %d %s left, and was not tried", name, tries,
				 tries == 1 ? "try" : "tries");
	return tries;
}

int unlock_pin(struct reader *reader, unsigned reference, const char *name, const char *source, bool force,
	       struct fault *fault)
{
	char value[9];
	int sw, tries = check_tries(reader, reference, name, force, fault);

	if (tries < 0 || tries == VERIFIED)
		return tries < 0 ? -1 : 0;
	if (secret_line(value, sizeof(value), source, name, fault) != 0)
		return -1;
	if (strlen(value) < 4 || value[strspn(value, "0123456789")] != 0) {
		secret_wipe(value, sizeof(value));
		return fault_set(fault, FAULT_INPUT, NULL, "%s is not 4 to 8 digits; the card was not asked",
				 name);
	}
	sw = card_pin_verify(reader, reference, value, fault);
	secret_wipe(value, sizeof(value));
	if ((sw & 0xFFF0) == 0x63C0)
		return fault_set(fault, FAULT_NO, NULL, "%s is wrong, %d %s left; nothing was written", name,
				 sw & 0xF, (sw & 0xF) == 1 ? "try" : "tries");
	if (sw == SW_DATA_INVALIDATED) {
		say_note("%s is disabled on this card", name);
		return 0;
	}
	return sw == SW_OK ? 0 : card_status_fault(fault, sw, name);
}

int open_card(struct reader **reader, const struct command_input *input, struct fault *fault)
{
	if (reader_open(reader, input->options.reader, fault) != 0)
		return -1;
	if (!input->unlock.pin1 ||
	    unlock_pin(*reader, PIN1, "PIN1", input->unlock.pin1, input->unlock.force, fault) == 0)
		return 0;
	reader_close(*reader);
	*reader = NULL;
	return -1;
}

int load_profile(struct profile *profile, const char *argument, struct fault *fault)
{
	if (strcmp(argument, "test") == 0)
		return profile_named(profile, argument, fault);
	return profile_load(profile, argument, fault);
}
