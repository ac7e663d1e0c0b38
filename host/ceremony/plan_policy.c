/* plan_policy.c - who can do what together. At most 16 custodians: every set is counted, none estimated. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ceremony/plan.h"

unsigned plan_first_set(unsigned size)
{
	return (1U << size) - 1;
}

/* Gosper's way from a number to the next one with as many bits set. */
unsigned plan_next_set(const struct plan *plan, unsigned set)
{
	unsigned lowest = set & (~set + 1), up = set + lowest;
	unsigned next = up | (((set ^ up) >> 2) / lowest);

	return next < 1U << plan->total ? next : 0;
}

unsigned plan_jurisdictions_of(const struct plan *plan, unsigned set)
{
	unsigned count = 0;

	for (unsigned i = 0; i < plan->total; i++) {
		bool first = set >> i & 1;

		for (unsigned j = 0; j < i && first; j++)
			first = !(set >> j & 1) || strcasecmp(plan->custodians[i].jurisdiction,
							      plan->custodians[j].jurisdiction) != 0;
		count += first;
	}
	return count;
}

unsigned plan_compatriots(const struct plan *plan, unsigned i)
{
	unsigned set = 0;

	for (unsigned j = 0; j < plan->total; j++)
		if (strcasecmp(plan->custodians[i].jurisdiction, plan->custodians[j].jurisdiction) == 0)
			set |= 1U << j;
	return set & ((1U << i) - 1) ? 0 : set;
}

void plan_set_names(char *out, size_t size, const struct plan *plan, unsigned set)
{
	size_t length = 0;

	out[0] = 0;
	for (unsigned i = 0; i < plan->total && length < size; i++)
		if (set >> i & 1)
			length += (size_t)snprintf(out + length, size - length, "%s%s", length ? ", " : "",
						   plan->custodians[i].name);
}

unsigned plan_quorums(const struct plan *plan)
{
	unsigned count = 0;

	for (unsigned set = plan_first_set(plan->threshold); set; set = plan_next_set(plan, set))
		count++;
	return count;
}

unsigned plan_quorums_in_one_jurisdiction(const struct plan *plan)
{
	unsigned count = 0;

	for (unsigned set = plan_first_set(plan->threshold); set; set = plan_next_set(plan, set))
		count += plan_jurisdictions_of(plan, set) == 1;
	return count;
}

unsigned plan_blocking(const struct plan *plan)
{
	return plan->total - plan->threshold + 1;
}

int plan_check_policy(const struct plan *plan, struct fault *fault)
{
	for (unsigned set = plan_first_set(plan->threshold); set; set = plan_next_set(plan, set)) {
		unsigned found = plan_jurisdictions_of(plan, set);
		char names[200];

		if (found >= plan->jurisdictions)
			continue;
		plan_set_names(names, sizeof(names), plan, set);
		return fault_set(fault, FAULT_INPUT, "choose other custodians, or a higher threshold",
				 "jurisdictions: every quorum must hold people of %u, but these of %u "
				 "restore the master: %s",
				 plan->jurisdictions, found, names);
	}
	return 0;
}
