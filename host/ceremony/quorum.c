#include "ceremony/quorum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/compare.h"
#include "lib/canonical.h"
#include "lib/secret.h"

static struct quorum_share *next(struct quorum *quorum, struct fault *fault)
{
	if (quorum->count < SHARE_MAX)
		return &quorum->of[quorum->count];
	fault_set(fault, FAULT_USAGE, NULL, "more than %d shares", SHARE_MAX);
	return NULL;
}

int quorum_add_file(struct quorum *quorum, const char *path, struct fault *fault)
{
	struct quorum_share *share = next(quorum, fault);

	if (!share || share_file_read(&share->file, path, fault) < 0)
		return -1;
	(void)snprintf(share->name, sizeof(share->name), "share \"%.100s\"", path);
	share_file_slip39(&share->share, &share->file);
	quorum->count++;
	return 0;
}

int quorum_add_words(struct quorum *quorum, const char *source, struct fault *fault)
{
	struct quorum_share *share = next(quorum, fault);

	if (!share)
		return -1;
	(void)snprintf(share->name, sizeof(share->name), "mnemonic %u", quorum->words + 1);
	if (mnemonic_read(&share->share, &quorum->room, source, share->name, fault) < 0 ||
	    mnemonic_is_ours(&share->share, share->name, fault) < 0)
		return -1;
	share->words = true;
	share->file.index = share->share.share.x + 1U;
	share->file.threshold = share->share.threshold;
	share->file.share = share->share.share;
	quorum->count++;
	quorum->words++;
	return 0;
}

const struct share_file *quorum_file(const struct quorum *quorum)
{
	for (unsigned i = 0; i < quorum->count; i++)
		if (!quorum->of[i].words)
			return &quorum->of[i].file;
	return NULL;
}

/* ---- do they belong together? ---- */

static bool alike(const struct quorum_share *a, const struct quorum_share *b)
{
	const struct share_file *f = &a->file, *g = &b->file;

	if (a->share.set.id != b->share.set.id || f->threshold != g->threshold)
		return false;
	return a->words || b->words ||
	       (strcmp(f->ceremony, g->ceremony) == 0 && f->rehearsal == g->rehearsal &&
		f->passphrase == g->passphrase && strcmp(f->set, g->set) == 0 && f->total == g->total);
}

/* The share most others agree with, so that the odd one out is the one named. */
static const struct quorum_share *most_common(const struct quorum *quorum)
{
	unsigned best = 0, most = 0;

	for (unsigned i = 0; i < quorum->count; i++) {
		unsigned n = 0;

		for (unsigned j = 0; j < quorum->count; j++)
			n += alike(&quorum->of[i], &quorum->of[j]);
		if (n > most) {
			most = n;
			best = i;
		}
	}
	return &quorum->of[best];
}

static int odd_one(const struct quorum_share *s, const struct quorum_share *r, struct fault *fault)
{
	static const char hint[] = "take the shares of one ceremony and one set";

	if (s->words || r->words)
		return fault_set(fault, FAULT_INPUT, hint,
				 "%s does not belong to the others: its identifier is %u, %u are needed; "
				 "theirs are %u, and %u",
				 s->name, s->share.set.id, s->file.threshold, r->share.set.id,
				 r->file.threshold);
	return fault_set(fault, FAULT_INPUT, hint,
			 "%s does not belong to the others: it is of %s %s, set %s (%u of %u), "
			 "they are of %s, set %s",
			 s->name, s->file.rehearsal ? "rehearsal" : "production", s->file.ceremony,
			 s->file.set, s->file.threshold, s->file.total, r->file.ceremony, r->file.set);
}

/* Whose shares would make it enough: as many names as fit. */
static int too_few(const struct quorum *quorum, unsigned threshold, const struct audit *audit,
		   struct fault *fault)
{
	char hint[sizeof(fault->hint)] = "";
	size_t length = 0;

	for (unsigned i = 0; audit && i < audit->plan.total; i++) {
		const char *name = audit->plan.custodians[i].name;
		bool given = false;

		for (unsigned j = 0; j < quorum->count; j++)
			given |= quorum->of[j].file.index == i + 1;
		if (given || length + strlen(name) + 32 > sizeof(hint))
			continue;
		if (length == 0)
			length = (size_t)snprintf(hint, sizeof(hint), "bring %u more, of: %s",
						  threshold - quorum->count, name);
		else
			length += (size_t)snprintf(hint + length, sizeof(hint) - length, ", %s", name);
	}
	return fault_set(fault, FAULT_POLICY, length ? hint : NULL,
			 "%u shares are needed, %u given: no quorum", threshold, quorum->count);
}

static int the_same(const struct quorum_share *a, const struct quorum_share *b, struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, "leave one of them out", "%s and %s are the same share (%u)",
			 a->name, b->name, b->file.index);
}

static int check_together(const struct quorum *quorum, const struct audit *audit, struct fault *fault)
{
	const struct quorum_share *reference = most_common(quorum);

	for (unsigned i = 0; i < quorum->count; i++) {
		const struct quorum_share *s = &quorum->of[i];

		if (!alike(s, reference))
			return odd_one(s, reference, fault);
		for (unsigned j = 0; j < i; j++)
			if (quorum->of[j].file.index == s->file.index)
				return the_same(&quorum->of[j], s, fault);
	}
	if (quorum->count < reference->file.threshold)
		return too_few(quorum, reference->file.threshold, audit, fault);
	return 0;
}

/* ---- against the transcript ---- */

int quorum_transcript(struct audit *audit, const char *path, struct fault *fault)
{
	struct transcript_summary summary;
	char *text;
	size_t length;
	int result;

	if (transcript_load(&text, &length, path, fault) < 0)
		return -1;
	/* A disaster may come before the close: what counts is that the master was kept. */
	result = transcript_check(&summary, text, length, 1, audit_visit, audit, fault);
	free(text);
	if (result < 0)
		return fault_prefix(fault, "%s", path);
	if (audit->stage < AUDIT_BATCH)
		return fault_set(fault, FAULT_NO, NULL, "the transcript ends before a master was kept");
	return 0;
}

static int check_file(const struct audit *audit, const struct quorum_share *s, struct fault *fault)
{
	const struct plan *plan = &audit->plan;
	const struct share_file *file = &s->file;
	char commitment[65];

	hex_write(commitment, file->commitment, 32);
	if (strcmp(file->ceremony, plan->id) != 0 || file->rehearsal != plan->rehearsal)
		return fault_set(fault, FAULT_INPUT, NULL, "%s is of ceremony %s, the transcript of %s",
				 s->name, file->ceremony, plan->id);
	if (strcmp(file->set, audit->set) != 0)
		return fault_set(fault, FAULT_INPUT, "destroy it: it restores nothing",
				 "%s (%u, %.64s) is stale: it is of set %s, the ceremony ended with set %s",
				 s->name, file->index, file->custodian, file->set, audit->set);
	if (file->index > plan->total || memcmp(file->commitment, audit->share[file->index - 1], 32) != 0)
		return fault_set(
			fault, FAULT_INPUT, "ask the custodian for the share that was handed over",
			"%s (%u, %.64s) is not the one of the transcript: its commitment is %.16s...",
			s->name, file->index, file->custodian, commitment);
	if (file->passphrase != audit->passphrase)
		return fault_set(fault, FAULT_INPUT, "somebody rewrote it",
				 "%s says that it needs %s passphrase, the transcript says otherwise",
				 s->name, file->passphrase ? "a" : "no");
	if (strcmp(file->custodian, plan->custodians[file->index - 1].name) != 0)
		return fault_set(fault, FAULT_INPUT, "somebody wrote another name into it",
				 "%s is the share of %.64s, but says it is that of %.64s", s->name,
				 plan->custodians[file->index - 1].name, file->custodian);
	return 0;
}

int quorum_place(const struct audit *audit, const struct slip39_share *share, const char *name,
		 struct fault *fault)
{
	const struct plan *plan = &audit->plan;
	struct slip39_set set;

	share_file_set(&set, audit->set);
	if (share->set.id != set.id)
		return fault_set(fault, FAULT_INPUT,
				 "it may be of a rehearsal, or of an attempt that was given up",
				 "%s is of another set: its identifier is %u, that of ceremony %s is %u",
				 name, share->set.id, plan->id, set.id);
	if (share->threshold != plan->threshold || share->share.x + 1U > plan->total)
		return fault_set(fault, FAULT_INPUT, NULL,
				 "%s is share %u, of which %u are needed; ceremony %s has %u of %u", name,
				 share->share.x + 1U, share->threshold, plan->id, plan->threshold,
				 plan->total);
	return 0;
}

int quorum_check_last(const struct quorum *quorum, const struct audit *audit, struct fault *fault)
{
	const struct quorum_share *last = &quorum->of[quorum->count - 1];

	if (audit && quorum_place(audit, &last->share, last->name, fault) < 0)
		return -1;
	for (unsigned i = 0; i + 1 < quorum->count; i++)
		if (quorum->of[i].file.index == last->file.index)
			return the_same(&quorum->of[i], last, fault);
	return 0;
}

void quorum_drop_last(struct quorum *quorum)
{
	quorum->count--;
	quorum->words--;
	secret_wipe(&quorum->of[quorum->count], sizeof(quorum->of[0]));
}

int quorum_check(const struct quorum *quorum, const struct audit *audit, struct fault *fault)
{
	for (unsigned i = 0; i < quorum->count && audit; i++) {
		const struct quorum_share *s = &quorum->of[i];

		if ((s->words ? quorum_place(audit, &s->share, s->name, fault)
			      : check_file(audit, s, fault)) < 0)
			return -1;
	}
	return check_together(quorum, audit, fault);
}

/* ---- restore ---- */

static int combine_set(uint8_t *ems, struct quorum *quorum, unsigned set)
{
	unsigned count = 0;

	for (unsigned i = 0; i < quorum->count; i++)
		if (set >> i & 1)
			quorum->chosen[count++] = quorum->of[i].file.share;
	return share_combine(ems, SHARE_LENGTH, quorum->chosen, count);
}

/* Is share i a point of the polynomials through the shares of `set`? */
static bool fits(const struct quorum *quorum, unsigned set, unsigned i)
{
	const uint8_t *ys[SHARE_MAX];
	uint8_t xs[SHARE_MAX], value[SHARE_LENGTH];
	unsigned count = 0;
	bool same;

	for (unsigned j = 0; j < quorum->count; j++)
		if (set >> j & 1) {
			xs[count] = quorum->of[j].share.share.x;
			ys[count++] = quorum->of[j].share.share.value;
		}
	share_interpolate(value, quorum->of[i].share.share.x, xs, ys, count, SHARE_LENGTH);
	same = compare_equal(value, quorum->of[i].share.share.value, SHARE_LENGTH) == GRANTED;
	secret_wipe(value, sizeof(value));
	return same;
}

int quorum_combine(uint8_t ems[static SHARE_LENGTH], struct quorum *quorum, struct fault *fault)
{
	unsigned threshold = quorum->of[0].file.threshold;

	for (unsigned set = 0; set < 1U << quorum->count; set++) {
		if ((unsigned)__builtin_popcount(set) != threshold || combine_set(ems, quorum, set) != OK)
			continue;
		for (unsigned i = 0; i < quorum->count; i++)
			if (!fits(quorum, set, i)) {
				secret_wipe(ems, SHARE_LENGTH);
				return fault_set(
					fault, FAULT_INPUT, "leave it out, and ask its custodian",
					"%s (%u) is wrong: the others restore without it, and it does "
					"not fit to them",
					quorum->of[i].name, quorum->of[i].file.index);
			}
		return 0;
	}
	return fault_set(
		fault, FAULT_INPUT,
		"with one share more than is needed the wrong one can be named, by a transcript often, too",
		"the shares do not belong together: their digest does not fit");
}
