/* rite_paper.c - a share that is kept on paper is on no disk at any time.
 *
 * Its sheet goes from memory to the printer. For the gate it comes back from
 * the paper: the custodian types the words, and only what was typed is put
 * together with the others. So a sheet that cannot be read is noticed while a
 * new attempt costs nothing. Of the salt alone a copy stays in memory. */
#include <string.h>

#include "ceremony/hierarchy.h"
#include "ceremony/mnemonic.h"
#include "ceremony/rite.h"
#include "lib/say.h"
#include "lib/secret.h"

int rite_paper_print(struct rite *rite, unsigned i, struct fault *fault)
{
	struct rite_secrets *secret = rite->secret;
	struct share_file *file = &secret->file[i];
	bool odd = false;
	int result = hierarchy_share(file->commitment, file->ceremony, file->set, file->index,
				     file->threshold, file->total, file->salt, file->share.value, fault);

	memcpy(secret->salt[i], file->salt, sizeof(secret->salt[i]));
	if (result == 0)
		result = paper_from_share(&secret->paper, file, fault);
	if (result == 0)
		result = paper_print(&secret->paper, rite->print, &odd, fault);
	secret_wipe(&secret->paper, sizeof(secret->paper));
	if (result < 0)
		return -1;
	if (odd)
		say_note("the sheet of %s shows \"?\" for letters its fonts do not have", file->custodian);
	say_note("%s: take your sheet from the printer; no copy of it is left here", file->custodian);
	return 0;
}

static const char *source_of(const struct rite *rite, const char *name)
{
	for (unsigned i = 0; i < rite->words_count; i++)
		if (strcmp(rite->words[i].name, name) == 0)
			return rite->words[i].source;
	return "prompt";
}

/* Words that are whole, but not those of the sheet: asked for again at a prompt. */
static int is_the_sheet(struct rite *rite, unsigned i, struct fault *fault)
{
	const struct plan *plan = rite->plan;
	const struct slip39_share *typed = &rite->secret->typed;
	uint8_t commitment[32];

	if (mnemonic_is_ours(typed, plan->custodians[i].name, fault) < 0 ||
	    hierarchy_share(commitment, plan->id, rite->set, i + 1, plan->threshold, plan->total,
			    rite->secret->salt[i], typed->share.value, fault) < 0)
		return -1;
	if (typed->share.x != i || memcmp(commitment, rite->audit.share[i], sizeof(commitment)) != 0)
		return fault_set(fault, FAULT_INPUT, "begin again: this attempt is void, destroy its sheets",
				 "these are not the words of the sheet of %s", plan->custodians[i].name);
	return 0;
}

int rite_paper_read(struct rite *rite, unsigned i, struct fault *fault)
{
	struct rite_secrets *secret = rite->secret;
	struct share_file *file = &secret->file[i];
	const char *name = rite->plan->custodians[i].name, *source = source_of(rite, name);
	char what[PLAN_TEXT + 32];
	int result;

	(void)snprintf(what, sizeof(what), "the sheet of %s", name);
	for (;;) {
		result = mnemonic_read(&secret->typed, &secret->room, source, what, fault);
		if (result < 0 || is_the_sheet(rite, i, fault) == 0)
			break;
		result = -1;
		if (strcmp(source, "prompt") != 0)
			break;
		say_note("%s: once more (Ctrl-C ends this)", fault->text);
	}
	if (result == 0) {
		file->share = secret->typed.share;
		memcpy(file->commitment, rite->audit.share[i], sizeof(file->commitment));
	}
	secret_wipe(&secret->typed, sizeof(secret->typed));
	if (result < 0 && stop_asked()) /* Ctrl-C ended the wait */
		return rite_next(rite, "a sheet read back", fault);
	return result;
}
