/* rite_walk.c - what people at a terminal hear between the steps. */
#include <stdio.h>
#include <string.h>

#include "ceremony/rite.h"
#include "lib/canonical.h"
#include "lib/words.h"

static const char *administrator(const struct rite *rite)
{
	return rite->plan->parties[0].name;
}

/* Whoever listens: the first witness, or the last of the parties. */
static const char *listener(const struct rite *rite)
{
	return rite->plan->parties[rite->plan->party_count - 1].name;
}

/* The last word is typed by who heard the others read: so somebody has listened to the end. */
static int listened(struct rite *rite, const char *what, const uint8_t bytes[static 32], struct fault *fault)
{
	char last[WORDS_LONGEST * 2], *word;

	walk_aloud(rite->walk, what, bytes, 32);
	words_write(last, sizeof(last), bytes + 30, 2);
	word = strrchr(last, ' ') + 1;
	return walk_type(rite->walk, listener(rite), word, fault,
			 "%s reads the words aloud; compare them with yours, then type the last one.",
			 administrator(rite));
}

static int check_bags(struct rite *rite, struct fault *fault)
{
	const struct plan *plan = rite->plan;

	for (unsigned i = 0; i < plan->device_count; i++)
		if (plan->devices[i].bag[0] &&
		    walk_type(rite->walk, listener(rite), plan->devices[i].bag, fault,
			      "Look at the bag of %s (%s): is it whole? Type the number on it.",
			      plan->devices[i].name, plan->devices[i].kind) < 0)
			return -1;
	for (unsigned i = 0; i < plan->total; i++)
		if (plan->custodians[i].bag[0] &&
		    walk_type(rite->walk, plan->custodians[i].name, plan->custodians[i].bag, fault,
			      "Look at the bag your card is in: is it whole? Type the number on it.") < 0)
			return -1;
	return 0;
}

int rite_welcome(struct rite *rite, struct fault *fault)
{
	const struct plan *plan = rite->plan;
	struct walk *walk = rite->walk;

	walk_tell(walk, "This is ceremony %s, a %s: %s.", plan->id, plan_mode(plan), plan->title);
	walk_tell(walk, "%u of %u custodians will be able to restore the master; everybody is asked in turn.",
		  plan->threshold, plan->total);
	for (unsigned i = 0; i < plan->party_count; i++)
		walk_tell(walk, "   %s, %s%s", plan->parties[i].name, plan->parties[i].role,
			  plan->parties[i].key ? ", signs" : "");
	walk_tell(walk, "At each prompt: Enter goes on, e records that something went otherwise, q leaves.");
	walk_tell(walk, "Nothing is lost by leaving: the same command goes on, and uses nothing half made.");
	if (walk_pause(walk, administrator(rite), fault, "Is everybody here? Next: the plan is compared.") <
		    0 ||
	    listened(rite, "The plan's SHA-256", plan->digest, fault) < 0)
		return -1;
	return check_bags(rite, fault);
}

int rite_tell_attempt(struct rite *rite, struct fault *fault)
{
	if (!rite->walk)
		return 0;
	return walk_pause(
		rite->walk, administrator(rite), fault,
		"Next: every custodian is bound to a contribution, the HSM draws its own key, the\n"
		"   contributions are opened, the master is made of all of them in the HSM, each custodian\n"
		"   gets a share, and every quorum of shares is tried. If this is interrupted it is begun anew.");
}

int rite_hand_over(struct rite *rite, struct fault *fault)
{
	const struct plan *plan = rite->plan;

	if (!rite->walk)
		return 0;
	walk_tell(rite->walk, "\n   Every one of the %u quorums restored the master; it stays in the HSM.",
		  plan_quorums(plan));
	for (unsigned i = 0; i < plan->total; i++) {
		char path[PATH_MAX];

		if (plan->custodians[i].share != PLAN_FILE)
			continue;
		rite_share_path(rite, path, i + 1);
		if (walk_pause(
			    rite->walk, plan->custodians[i].name, fault,
			    "Take your share, alone at the screen: copy %s\n   onto what you brought, and keep "
			    "that with you. The others look away.",
			    path) < 0)
			return -1;
	}
	return 0;
}

/* Whoever recovers a key later, or holds the token, compares these. */
static void tell_checks(struct rite *rite)
{
	const struct plan *plan = rite->plan;

	walk_aloud(rite->walk, "The check value of the master", rite->audit.master_check, 16);
	for (unsigned i = 0; i < plan->batch_count; i++) {
		char what[PLAN_ID + 64];

		(void)snprintf(what, sizeof(what), "That of the key of batch %s", plan->batches[i].id);
		walk_aloud(rite->walk, what, rite->audit.batches[i].check, 16);
	}
}

int rite_farewell(struct rite *rite, struct fault *fault)
{
	if (!rite->walk || rite->was_closed)
		return 0;
	walk_tell(rite->walk, "\n   The transcript is closed, and the key that signed it is destroyed.");
	tell_checks(rite);
	return listened(rite, "Its fingerprint, which everybody writes down", rite->summary.fingerprint,
			fault);
}
