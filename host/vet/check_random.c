/* Two questions of a generator that only many answers can tell: does it begin
 * alike, and does it go on like one. */
#include <stdlib.h>
#include <string.h>

#include "lib/say.h"
#include "lib/secret.h"
#include "vet/checks.h"
#include "vet/statistics.h"

enum {
	BLOCK = 256
};

int check_power_ups(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	struct vet_prints own = {NULL, 0, 0};
	uint8_t bytes[16];
	int result = 0;

	for (unsigned i = 0; i < vet->budget.power_ups && result == 0; i++) {
		if ((i & 63) == 0)
			progress_at(i, "power-ups");
		result = stop_asked() ? fault_set(fault, FAULT_STOPPED, NULL, "stopped")
				      : reader_power_cycle(vet->card, fault);
		if (result == 0)
			result = vet_challenge(vet, bytes, sizeof(bytes), fault);
		if (result == 0)
			result = vet_print(&own, vet->number, bytes, "a first random number", fault);
	}
	if (result == 0 && own.count)
		result = vet_print(vet->prints, vet->number, own.at[0].bytes, "a first random number",
				   fault); /* for other cards' */
	if (result == 0)
		vet_compare_prints(&own, finding);
	free(own.at);
	return result;
}

int check_random(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	size_t length = (size_t)vet->budget.challenges * BLOCK;
	uint8_t *bytes = malloc(length + 1);
	struct statistic statistics[STATISTICS];
	int result = bytes ? reader_power_cycle(vet->card, fault)
			   : fault_set(fault, FAULT_SYSTEM, NULL, "no memory");

	for (size_t at = 0; at < length && result == 0; at += BLOCK)
		result = vet_challenge(vet, bytes + at, BLOCK, fault);
	if (result == 0)
		result = statistics_run(statistics, bytes, length, fault) < 0 ? -1 : 0;
	for (int i = 0; i < STATISTICS && result == 0; i++) {
		const struct statistic *s = &statistics[i];

		if (s->bad)
			vet_found(finding, "%s: %.2f, limit %.2f", s->name, s->value, s->limit);
		else
			vet_say(finding, "%s %.2f", s->name, s->value);
	}
	free(bytes);
	return result;
}
