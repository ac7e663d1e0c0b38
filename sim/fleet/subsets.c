#include "fleet/subsets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ceremony/plan.h"
#include "lib/secret.h"

int subsets_parse(struct custody *custody, const char *custodians, unsigned threshold, struct fault *fault)
{
	const char *at = custodians;

	*custody = (struct custody){.threshold = threshold};
	for (;;) {
		size_t n = strcspn(at, ",");

		if (n == 0 || n >= SUBSETS_NAME || custody->total == SHARE_MAX)
			return fault_set(
				fault, FAULT_USAGE, "for example A,A,B,B,C",
				"\"%.60s\" does not name the jurisdiction of 1 to %d custodians, each in "
				"1 to %d characters",
				custodians, SHARE_MAX, SUBSETS_NAME - 1);
		memcpy(custody->jurisdiction[custody->total++], at, n);
		if (!at[n])
			break;
		at += n + 1;
	}
	if (threshold < 1 || threshold > custody->total)
		return fault_set(fault, FAULT_USAGE, NULL, "%u of %u custodians is no threshold", threshold,
				 custody->total);
	return 0;
}

/* ---- computed ---- */

/* The plan as the ceremony has it, as far as its policy looks at it. */
static struct plan *plan_of(const struct custody *custody, struct fault *fault)
{
	struct plan *plan = calloc(1, sizeof(*plan));

	if (!plan) {
		fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
		return NULL;
	}
	plan->threshold = custody->threshold;
	plan->total = custody->total;
	for (unsigned i = 0; i < custody->total; i++)
		plan->custodians[i].jurisdiction = custody->jurisdiction[i];
	return plan;
}

static unsigned members(unsigned set)
{
	return (unsigned)__builtin_popcount(set);
}

/* Each jurisdiction's custodians as a set; their number. */
static unsigned jurisdictions(unsigned sets[static SHARE_MAX], const struct plan *plan)
{
	unsigned count = 0;

	for (unsigned i = 0; i < plan->total; i++) {
		unsigned set = plan_compatriots(plan, i);

		if (set)
			sets[count++] = set;
	}
	return count;
}

/* ---- done ---- */

struct trial {
	struct share shares[SHARE_MAX];
	uint8_t master[32];
};

/* Do these custodians get the master back? */
static bool restores(const struct trial *trial, const struct custody *custody, unsigned set)
{
	struct share chosen[SHARE_MAX];
	uint8_t found[32];
	unsigned count = 0;
	bool good;

	for (unsigned i = 0; i < custody->total && count < custody->threshold; i++)
		if (set >> i & 1)
			chosen[count++] = trial->shares[i];
	/* with too few, too: what is not refused is compared */
	good = count && share_combine(found, sizeof(found), chosen, count) == OK &&
	       memcmp(found, trial->master, sizeof(found)) == 0;
	secret_wipe(found, sizeof(found));
	secret_wipe(chosen, sizeof(chosen));
	return good;
}

static int begin_trial(struct trial *trial, const struct custody *custody,
		       const uint8_t seed[static DRAW_SEED], struct fault *fault)
{
	uint8_t random[SHARE_MAX * 32];
	int e = 0;

	if (draw_bytes(trial->master, sizeof(trial->master), seed, "custody's master", 0, 0) < 0 ||
	    draw_bytes(random, sizeof(random), seed, "custody's shares", 0, 0) < 0 ||
	    share_split(trial->shares, custody->threshold, custody->total, trial->master, 32, random) < 0)
		e = fault_set(fault, FAULT_BUG, NULL, "the master cannot be split");
	secret_wipe(random, sizeof(random));
	return e;
}

/* ---- both ---- */

static json_t *names(const struct custody *custody, const unsigned *sets, unsigned count, unsigned which)
{
	json_t *list = json_array();

	for (unsigned j = 0; j < count; j++)
		if (which >> j & 1)
			json_array_append_new(list,
					      json_string(custody->jurisdiction[__builtin_ctz(sets[j])]));
	return list;
}

/* Every set of jurisdictions: computed, and done. -1 when the two differ. */
static int add_subsets(json_t *result, const struct custody *custody, const struct trial *trial,
		       const struct plan *plan, struct fault *fault)
{
	unsigned sets[SHARE_MAX], count = jurisdictions(sets, plan), minimum = 0;
	unsigned everybody = (1U << plan->total) - 1;
	json_t *subsets = json_array(), *alone = json_array();

	for (unsigned which = 1; which < 1U << count; which++) {
		unsigned set = 0;
		bool restore, deny;

		for (unsigned j = 0; j < count; j++)
			if (which >> j & 1)
				set |= sets[j];
		restore = members(set) >= plan->threshold;
		deny = members(set) >= plan_blocking(plan);
		if (restores(trial, custody, set) != restore ||
		    restores(trial, custody, everybody & ~set) == deny) {
			json_decref(subsets);
			json_decref(alone);
			return fault_set(fault, FAULT_BUG, NULL,
					 "real shares behave differently from the plan");
		}
		json_array_append_new(subsets,
				      json_pack("{s:o,s:i,s:b,s:b}", "jurisdictions",
						names(custody, sets, count, which), "custodians",
						(int)members(set), "can_restore", restore, "can_deny", deny));
		if (restore && members(which) == 1)
			json_array_append_new(alone, json_string(custody->jurisdiction[__builtin_ctz(set)]));
		if (restore && (!minimum || members(which) < minimum))
			minimum = members(which);
	}
	json_object_set_new(result, "subsets", subsets);
	json_object_set_new(result, "alone", alone);
	json_object_set_new(result, "fewest_jurisdictions", json_integer(minimum));
	return 0;
}

/* Every set of people. */
static int add_people(json_t *result, const struct custody *custody, const struct trial *trial,
		      const struct plan *plan, struct fault *fault)
{
	unsigned restored = 0, failed = 0;

	for (unsigned set = 1; set < 1U << plan->total; set++) {
		bool done = restores(trial, custody, set);

		if (done != (members(set) >= plan->threshold))
			return fault_set(fault, FAULT_BUG, NULL,
					 "real shares behave differently from the plan");
		restored += done;
		failed += !done;
	}
	json_object_set_new(result, "custodian_subsets", json_integer(restored + failed));
	json_object_set_new(result, "restored", json_integer(restored));
	json_object_set_new(result, "failed", json_integer(failed));
	return 0;
}

json_t *subsets_analyse(const struct custody *custody, const uint8_t seed[static DRAW_SEED],
			struct fault *fault)
{
	struct plan *plan = plan_of(custody, fault);
	json_t *result = NULL, *people;
	struct trial trial;
	int e = plan ? begin_trial(&trial, custody, seed, fault) : -1;

	if (e == 0) {
		people = json_array();
		for (unsigned i = 0; i < custody->total; i++)
			json_array_append_new(people, json_string(custody->jurisdiction[i]));
		result = json_pack("{s:o,s:i,s:i,s:i,s:i}", "custodians", people, "threshold",
				   (int)custody->threshold, "quorums", (int)plan_quorums(plan),
				   "quorums_in_one_jurisdiction", (int)plan_quorums_in_one_jurisdiction(plan),
				   "needed_to_deny", (int)plan_blocking(plan));
		if (add_subsets(result, custody, &trial, plan, fault) < 0 ||
		    add_people(result, custody, &trial, plan, fault) < 0)
			e = -1;
	}
	secret_wipe(&trial, sizeof(trial));
	free(plan);
	if (e == 0)
		return result;
	json_decref(result);
	return NULL;
}
