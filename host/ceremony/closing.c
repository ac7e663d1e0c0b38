#include "ceremony/closing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/say.h"
#include "lib/transcript.h"

size_t closing_keys(struct note_key keys[static CLOSING_KEYS], const struct plan *plan,
		    const uint8_t point[static 65])
{
	unsigned signers = plan_signers(plan);

	note_origin(keys[0].name, plan->id);
	memcpy(keys[0].point, point, 65);
	for (unsigned i = 0; i < signers; i++) {
		const struct plan_party *party = plan_signer(plan, i);

		note_name(keys[i + 1].name, party->name);
		memcpy(keys[i + 1].point, party->point, 65);
	}
	return signers + 1;
}

int closing_check(struct note_key keys[static CLOSING_KEYS], size_t *count, const struct plan *plan,
		  const uint8_t point[static 65], const char *path, const char *transcript, size_t length,
		  struct note_policy *policy, struct fault *fault)
{
	char text[NOTE_TEXT + 1], *note;
	size_t note_length;
	int result = -1;

	*count = closing_keys(keys, plan, point);
	if (note_text(text, transcript, length, plan->id, plan_mode(plan), fault) < 0 ||
	    transcript_load(&note, &note_length, path, fault) < 0)
		return -1;
	result = note_check(note, note_length, text, keys, *count, fault);
	if (result == 0 && !keys[0].found)
		result = fault_set(fault, FAULT_NO, NULL, "the note: the ceremony's key has not signed it");
	if (result == 0 && policy)
		result = note_policy_check(policy, note, note_length, text, keys[0].name, point, fault);
	free(note);
	return result;
}

json_t *closing_names(char line[static CLOSING_NAMES], const struct note_key *keys, const struct plan *plan,
		      bool found)
{
	json_t *names = json_array();

	line[0] = 0;
	for (unsigned i = 0; i < plan_signers(plan); i++)
		if (keys[i + 1].found == found) {
			const char *name = plan_signer(plan, i)->name;

			(void)snprintf(line + strlen(line), CLOSING_NAMES - strlen(line), "%s%s",
				       line[0] ? ", " : "", name);
			(void)json_array_append_new(names, json_string(name));
		}
	return names;
}

json_t *closing_tell_policy(const struct note_policy *policy, const char *path)
{
	const char *quorum = policy->quorum < 0 ? "none" : policy->rules[policy->quorum].name;
	json_t *met = json_array(), *missing = json_array();

	say("  policy       %s: quorum %s%s", path, quorum, policy->quorum < 0 ? "" : " is met");
	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct note_policy_rule *rule = &policy->rules[i];

		if (rule->witness < 0)
			say("               %s: %u of %u, %u wanted", rule->name, rule->has, rule->of,
			    rule->want);
		else
			say("               %s: %s", rule->name, rule->met ? "signed" : "not signed");
		if (rule->witness >= 0)
			(void)json_array_append_new(rule->met ? met : missing, json_string(rule->name));
	}
	return json_pack("{s:s, s:s, s:b, s:o, s:o}", "file", path, "quorum", quorum, "log",
			 policy->log_count > 0, "cosigned", met, "missing", missing);
}

bool closing_note_beside(char path[static PATH_MAX], const char *transcript)
{
	static const char ending[] = ".jsonl";
	size_t length = strlen(transcript), stem = length - strlen(ending);

	path[0] = 0;
	if (length <= strlen(ending) || strcmp(transcript + stem, ending) != 0 ||
	    snprintf(path, PATH_MAX, "%.*s.note", (int)stem, transcript) >= PATH_MAX ||
	    access(path, F_OK) != 0)
		path[0] = 0;
	return path[0] != 0;
}
