/* rite_people.c - what people add to a ceremony: their presence, their word, their signature. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ceremony/rite.h"
#include "lib/canonical.h"
#include "lib/signature.h"

const struct signer *rite_signer(const struct rite *rite, const char *name)
{
	for (unsigned i = 0; i < rite->signer_count; i++)
		if (strcmp(rite->signers[i].name, name) == 0)
			return &rite->signers[i];
	return NULL;
}

/* A person whose card is not here is waited for: that is no fault. */
void rite_wait(struct rite *rite, const struct plan_party *party, const struct fault *why)
{
	struct rite_waiting *waiting = &rite->waiting;

	(void)snprintf(waiting->what, sizeof(waiting->what), "person");
	(void)snprintf(waiting->who, sizeof(waiting->who), "%s", party->name);
	(void)snprintf(waiting->how, sizeof(waiting->how),
		       "%.150s: put it in, or give --signer NAME=SOURCE, and run the same command again",
		       why->text);
}

int rite_ask(struct rite *rite, const char *who, struct fault *fault, const char *format, ...)
{
	char what[400];
	va_list arguments;

	if (!rite->walk)
		return 0;
	va_start(arguments, format);
	(void)vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	return walk_pause(rite->walk, who, fault, "%s", what);
}

bool rite_again(struct rite *rite, struct fault *fault)
{
	if (!rite->walk || fault->code == FAULT_STOPPED || fault->code == FAULT_BUG ||
	    fault->code == FAULT_SYSTEM)
		return false;
	walk_wrong(rite->walk, fault);
	memset(fault, 0, sizeof(*fault));
	return true;
}

int rite_sign(struct rite *rite, uint8_t raw[static 64], const struct plan_party *party,
	      const struct signer_text *text, struct fault *fault)
{
	static const char *const next[] = {"you sign that you are here", "you sign off all that was done",
					   "you sign the closing note, for the last time"};
	const struct signer *signer = rite_signer(rite, party->name);
	bool card = !signer || !signer->source || strcmp(signer->source, "card") == 0;

	for (;;) {
		if (rite_ask(rite, party->name, fault, "%s Then %s.",
			     card ? "Put your card into a reader."
				  : "Your key is the one that the command line names.",
			     next[text->what]) < 0)
			return -1;
		if (signer_sign(raw, signer, rite->plan, party, text, fault) == 0)
			return 0;
		if (!rite_again(rite, fault))
			break;
	}
	if (fault->code != FAULT_CARD)
		return -1;
	rite_wait(rite, party, fault);
	return 1;
}

/* The next party signs `what` over the line that is the last one now. */
static int sign_entry(struct rite *rite, const char *type, enum signer_what what, struct fault *fault)
{
	const struct plan_party *party = plan_signer(rite->plan, rite->audit.done);
	struct signer_text text = {.what = what, .ceremony = rite->plan->id, .name = party->name};
	char signature[SIGNATURE_TEXT];
	uint8_t raw[64];
	int result;

	if (rite_next(rite, type, fault) < 0)
		return -1;
	rite_head(rite, text.head);
	result = rite_sign(rite, raw, party, &text, fault);
	if (result != 0)
		return result < 0 ? -1 : 0;
	signature_write(signature, raw);
	return rite_record(rite, type,
			   json_pack("{s:s, s:s, s:s, s:s}", "key", party->key, "name", party->name, "role",
				     party->role, "signature", signature),
			   fault);
}

int rite_present(struct rite *rite, struct fault *fault)
{
	return sign_entry(rite, "present", SIGNER_PRESENT, fault);
}

int rite_signoff(struct rite *rite, struct fault *fault)
{
	return sign_entry(rite, "signoff", SIGNER_SIGNOFF, fault);
}

int rite_destroyed(struct rite *rite, struct fault *fault)
{
	const char *thing = rite->plan->destruction[rite->audit.done];

	if (rite_next(rite, "destruction", fault) < 0)
		return -1;
	if (rite->walk) {
		if (walk_pause(rite->walk, rite->plan->parties[0].name, fault,
			       "To be destroyed, while all of you watch: %s. Go on when it is.", thing) < 0)
			return -1;
	} else if (!rite->affirm_destroyed) {
		(void)snprintf(rite->waiting.what, sizeof(rite->waiting.what), "destruction");
		(void)snprintf(rite->waiting.who, sizeof(rite->waiting.who), "%s", thing);
		(void)snprintf(rite->waiting.how, sizeof(rite->waiting.how),
			       "do it, and run the same command again with --affirm-destroyed");
		return 0;
	}
	return rite_record(rite, "destroyed",
			   json_pack("{s:i, s:s}", "index", (int)rite->audit.done + 1, "text", thing), fault);
}

int rite_exception_check(const struct plan *plan, const char *by, const char *text, struct fault *fault)
{
	if (!plan_party(plan, by))
		return fault_set(fault, FAULT_USAGE, "write the name as the plan does",
				 "\"%.64s\" is no party of the plan", by);
	if (text[0] == 0 || text[strspn(text, " ")] == 0 || strlen(text) > AUDIT_TEXT)
		return fault_set(fault, FAULT_USAGE, NULL, "an exception is told in 1 to %d bytes",
				 AUDIT_TEXT);
	if (canonical_refused(text))
		return fault_set(fault, FAULT_USAGE, NULL, "the text of the exception %s",
				 canonical_refused(text));
	return 0;
}

int rite_exception(struct rite *rite, const char *by, const char *text, struct fault *fault)
{
	if (rite_exception_check(rite->plan, by, text, fault) < 0)
		return -1;
	return rite_record(rite, "exception", json_pack("{s:s, s:s}", "by", by, "text", text), fault);
}
