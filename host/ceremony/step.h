/* step.h - a command that adds one entry to the ceremony under way in a folder. */
#ifndef SIMRITE_STEP_H
#define SIMRITE_STEP_H

#include "ceremony/rite.h"

struct step {
	const char *folder;
	/* What is recorded, with rite->plan known and the rite open. */
	int (*record)(struct rite *rite, const void *input, struct fault *fault);
	void (*tell)(const struct rite *rite, const void *input);
	const void *input;
};

/* Do it, and say what was done or what is wrong. Returns the exit status. */
int step_take(const struct step *step);

#endif
