#include "lib/note_policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "lib/base64.h"
#include "lib/hex.h"
#include "lib/signature.h"
#include "lib/transcript.h"

enum {
	WORDS = NOTE_POLICY_RULES + 3, /* of a line: a group of everything */
	ECDSA = 0x02,
	NONE = -1
};

/* A line at hand. */
struct line {
	unsigned number;
	char *words[WORDS + 1];
	unsigned count;
};

/* ---- keys ---- */

/* NAME+ID+BASE64. Why it is none, or NULL. */
static const char *read_vkey(struct note_key *key, char *vkey)
{
	char *id_text = strchr(vkey, '+'), *key_text = id_text ? strchr(id_text + 1, '+') : NULL;
	char text[PUBLIC_TEXT], id_hex[9];
	uint8_t packed[1 + SPKI_LENGTH], id[32];
	int length;

	if (!key_text || id_text == vkey || (size_t)(id_text - vkey) >= sizeof(key->name))
		return "a key is NAME+ID+BASE64";
	*id_text++ = 0;
	*key_text++ = 0;
	length = base64_read(packed, sizeof(packed), key_text);
	if (length > 0 && packed[0] != ECDSA)
		return "a key is of another type than 02, ECDSA: nobody signs a closing note with it";
	if (length != sizeof(packed))
		return "a key is not 02 and a P-256 SubjectPublicKeyInfo, in base64";
	base64_write(text, packed + 1, SPKI_LENGTH);
	if (public_read(key->point, text) < 0)
		return "a key is not 02 and a P-256 SubjectPublicKeyInfo, in base64";
	if (sha256(id, (struct span){packed + 1, SPKI_LENGTH}) != OK)
		return "the cipher library refused";
	hex_write(id_hex, id, 4);
	if (strcmp(id_hex, id_text) != 0)
		return "a key's id is not the first 8 digits of its SHA-256";
	memcpy(key->name, vkey, strlen(vkey) + 1);
	return NULL;
}

/* One more key in a list that has none of the same twice. */
static const char *add_key(struct note_key *keys, size_t *count, size_t most, char *vkey)
{
	const char *why;

	if (*count == most)
		return "too many keys";
	why = read_vkey(&keys[*count], vkey);
	if (why)
		return why;
	for (size_t i = 0; i < *count; i++)
		if (memcmp(keys[i].point, keys[*count].point, 65) == 0)
			return "a key is there twice";
	++*count;
	return NULL;
}

/* ---- lines ---- */

static int find(const struct note_policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->rule_count; i++)
		if (strcmp(policy->rules[i].name, name) == 0)
			return (int)i;
	return NONE;
}

static const char *add_rule(struct note_policy *policy, const char *name, int witness)
{
	struct note_policy_rule *rule = &policy->rules[policy->rule_count];

	if (strcmp(name, "none") == 0 || find(policy, name) != NONE)
		return "the name is taken";
	if (policy->rule_count == NOTE_POLICY_RULES)
		return "too many groups";
	if (strlen(name) >= sizeof(rule->name))
		return "the name is too long";
	*rule = (struct note_policy_rule){.witness = witness, .group = NONE};
	memcpy(rule->name, name, strlen(name) + 1);
	policy->rule_count++;
	return NULL;
}

static const char *take_log(struct note_policy *policy, const struct line *line)
{
	if (line->count < 2 || line->count > 3)
		return "wants: log VKEY [URL]";
	return add_key(policy->logs, &policy->log_count, NOTE_POLICY_LOGS, line->words[1]);
}

static const char *take_witness(struct note_policy *policy, const struct line *line)
{
	const char *why;

	if (line->count < 3 || line->count > 4)
		return "wants: witness NAME VKEY [URL]";
	why = add_key(policy->keys, &policy->key_count, NOTE_POLICY_WITNESSES, line->words[2]);
	return why ? why : add_rule(policy, line->words[1], (int)policy->key_count - 1);
}

/* all, any, or a decimal number from 1; 0: it is not in reach. */
static unsigned threshold(const char *word, unsigned of)
{
	unsigned value = 0;

	if (strcmp(word, "all") == 0)
		return of;
	if (strcmp(word, "any") == 0)
		return 1;
	if (word[0] == '0')
		return 0;
	for (; *word; word++) {
		if (*word < '0' || *word > '9')
			return 0;
		value = value * 10 + (unsigned)(*word - '0');
		if (value > of)
			return 0;
	}
	return value;
}

static const char *take_group(struct note_policy *policy, const struct line *line)
{
	int group = (int)policy->rule_count;
	unsigned of = line->count - 3, want;
	const char *why;

	if (line->count < 4)
		return "wants: group NAME all|any|K NAME...";
	want = threshold(line->words[2], of);
	if (want == 0)
		return "wants all, any or a number of its members";
	for (unsigned i = 3; i < line->count; i++) {
		int member = find(policy, line->words[i]);

		if (member == NONE)
			return "names a member that no line before it has";
		if (policy->rules[member].group != NONE)
			return "names a member that is one already";
		policy->rules[member].group = group;
	}
	why = add_rule(policy, line->words[1], NONE);
	if (why)
		return why;
	policy->rules[group].of = of;
	policy->rules[group].want = want;
	return NULL;
}

static const char *take_quorum(struct note_policy *policy, const struct line *line, bool *there)
{
	if (line->count != 2)
		return "wants: quorum NAME";
	if (*there)
		return "is the second quorum";
	*there = true;
	policy->quorum = find(policy, line->words[1]);
	if (policy->quorum == NONE && strcmp(line->words[1], "none") != 0)
		return "names a quorum that no line before it has";
	return NULL;
}

static const char *take_line(struct note_policy *policy, const struct line *line, bool *quorum)
{
	if (line->count == 0 || line->words[0][0] == '#')
		return NULL;
	if (strcmp(line->words[0], "quorum") == 0)
		return take_quorum(policy, line, quorum);
	if (line->count > WORDS)
		return "has too many words";
	if (strcmp(line->words[0], "log") == 0)
		return take_log(policy, line);
	if (strcmp(line->words[0], "witness") == 0)
		return take_witness(policy, line);
	if (strcmp(line->words[0], "group") == 0)
		return take_group(policy, line);
	return "begins with none of log, witness, group and quorum";
}

static void split(struct line *line, char *text)
{
	char *rest = NULL;

	line->count = 0;
	for (char *word = strtok_r(text, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
		if (line->count <= WORDS)
			line->words[line->count] = word;
		line->count++;
	}
}

static int no(struct fault *fault, unsigned line, const char *why)
{
	return fault_set(fault, FAULT_INPUT, "simrite-policy(5) says what a line may be", "line %u: %s", line,
			 why);
}

static int read_lines(struct note_policy *policy, char *text, struct fault *fault)
{
	struct line line = {.number = 0};
	bool quorum = false;

	while (*text) {
		char *newline = strchr(text, '\n');
		const char *why;

		line.number++;
		if (!newline)
			return no(fault, line.number, "has no newline: the file was cut off");
		*newline = 0;
		split(&line, text);
		why = take_line(policy, &line, &quorum);
		if (why)
			return no(fault, line.number, why);
		text = newline + 1;
	}
	return quorum ? 0 : fault_set(fault, FAULT_INPUT, "add \"quorum NAME\"", "it has no quorum");
}

int note_policy_read(struct note_policy *policy, const char *text, size_t length, struct fault *fault)
{
	char *copy;
	int result;

	memset(policy, 0, sizeof(*policy));
	policy->quorum = NONE;
	for (size_t i = 0; i < length; i++)
		if ((text[i] >= 0 && text[i] < 0x20 && text[i] != '\t' && text[i] != '\n') || text[i] == 0x7F)
			return fault_set(fault, FAULT_INPUT, NULL,
					 "byte %zu is a control character: only tab and newline are allowed",
					 i + 1);
	copy = length <= NOTE_POLICY_SIZE ? malloc(length + 1) : NULL;
	if (!copy)
		return fault_set(fault, FAULT_INPUT, NULL, "it is too large");
	memcpy(copy, text, length);
	copy[length] = 0;
	result = read_lines(policy, copy, fault);
	free(copy);
	return result;
}

struct note_policy *note_policy_load(const char *path, struct fault *fault)
{
	struct note_policy *policy = malloc(sizeof(*policy));
	char *text = NULL;
	size_t length;

	if (!policy) {
		fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
		return NULL;
	}
	if (transcript_load(&text, &length, path, fault) == 0) {
		if (note_policy_read(policy, text, length, fault) == 0) {
			free(text);
			return policy;
		}
		fault_prefix(fault, "policy %s", path);
	}
	free(text);
	free(policy);
	return NULL;
}

/* ---- a note ---- */

static int check_log(const struct note_policy *policy, const char *origin, const uint8_t point[static 65],
		     struct fault *fault)
{
	for (size_t i = 0; i < policy->log_count; i++)
		if (strcmp(policy->logs[i].name, origin) == 0 &&
		    memcmp(policy->logs[i].point, point, 65) == 0)
			return 0;
	return policy->log_count == 0
		       ? 0
		       : fault_set(fault, FAULT_NO, NULL,
				   "the policy: %.100s and its key are none of the logs it lists", origin);
}

/* Members come before their groups, so each is settled before it is counted. */
static void count(struct note_policy *policy)
{
	for (size_t i = 0; i < policy->rule_count; i++)
		policy->rules[i].has = 0;
	for (size_t i = 0; i < policy->rule_count; i++) {
		struct note_policy_rule *rule = &policy->rules[i];

		rule->met =
			rule->witness == NONE ? rule->has >= rule->want : policy->keys[rule->witness].found;
		if (rule->met && rule->group != NONE)
			policy->rules[rule->group].has++;
	}
}

static int check_quorum(const struct note_policy *policy, struct fault *fault)
{
	const struct note_policy_rule *rule = policy->quorum == NONE ? NULL : &policy->rules[policy->quorum];

	if (!rule || rule->met)
		return 0;
	if (rule->witness != NONE)
		return fault_set(fault, FAULT_NO, NULL, "the policy: %.100s has not signed the note",
				 rule->name);
	return fault_set(fault, FAULT_NO, NULL,
			 "the policy: its quorum is not met: group %.100s wants %u of %u and has %u",
			 rule->name, rule->want, rule->of, rule->has);
}

int note_policy_check(struct note_policy *policy, const char *note, size_t length, const char *text,
		      const char *origin, const uint8_t point[static 65], struct fault *fault)
{
	if (note_check(note, length, text, policy->keys, policy->key_count, fault) < 0 ||
	    check_log(policy, origin, point, fault) < 0)
		return -1;
	count(policy);
	return check_quorum(policy, fault);
}

bool note_policy_pins(const struct note_policy *policy)
{
	return policy->log_count > 0 || policy->quorum != NONE;
}
