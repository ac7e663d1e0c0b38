#include "ceremony/step.h"

#include <signal.h>
#include <stdlib.h>

#include "ceremony/locked.h"
#include "lib/say.h"

static int take(const struct step *step, struct rite *rite, struct fault *fault)
{
	if (rite_open(rite, step->folder, fault) < 0)
		return -1;
	progress_end();
	return step->record(rite, step->input, fault);
}

int step_take(const struct step *step)
{
	struct fault fault = {0};
	struct plan plan = {0};
	struct rite *rite = calloc(1, sizeof(*rite));
	int result = -1;

	(void)signal(SIGXFSZ, SIG_IGN); /* a file size limit is a full disk: an error to report */
	locked_json();
	stop_catch();
	if (!rite) {
		fault_set(&fault, FAULT_SYSTEM, NULL, "no memory");
	} else if (rite_plan(&plan, step->folder, &fault) == 0) {
		rite->plan = &plan;
		rite->software_token = true; /* it was begun: that was allowed then */
		result = take(step, rite, &fault);
		if (result == 0)
			step->tell(rite, step->input);
		rite_end(rite);
	}
	free(rite);
	plan_free(&plan);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}
