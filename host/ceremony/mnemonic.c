#include "ceremony/mnemonic.h"

#include <stdio.h>
#include <string.h>

#include "lib/say.h"
#include "lib/secret.h"

static const char blank[] = " \t\r\n";

/* Drop the last word of `text`. */
static void take_back(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == ' ')
		length--;
	while (length > 0 && text[length - 1] != ' ')
		length--;
	secret_wipe(text + length, strlen(text + length));
}

/* Append the words of `line` as far as they are in the list: how many words there are now. */
static unsigned append(char *text, char *line, unsigned count)
{
	for (char *word = line + strspn(line, blank); *word; word += strspn(word, blank)) {
		size_t length = strcspn(word, blank), at = strlen(text);

		if (length == 1 && *word == '-') {
			take_back(text);
			count -= count > 0;
		} else if (slip39_word(word, length) < 0) {
			say_note("word %u is not in the list: type it again, and what came after it",
				 count + 1);
			break;
		} else if (count == SLIP39_WORDS_MOST) {
			say_note("more than %d words: what came after is left out", SLIP39_WORDS_MOST);
			break;
		} else {
			memcpy(text + at, word, length);
			text[at + length] = ' ';
			text[at + length + 1] = 0;
			count++;
		}
		word += length;
	}
	return count;
}

/* Ask until there are 33 words, or fewer and an empty line. */
static int ask_words(struct mnemonic_room *room, const char *what, struct fault *fault)
{
	unsigned count = 0, empty = 0;
	char prompt[64];

	room->text[0] = 0;
	while (count < SLIP39_WORDS_MOST && empty < 2) {
		int result;

		(void)snprintf(prompt, sizeof(prompt), "%s, word %u", what, count + 1);
		result = secret_text(room->line, sizeof(room->line), "prompt", prompt, fault);
		if (result < 0)
			return -1;
		empty = room->line[strspn(room->line, blank)] ? 0 : empty + 1;
		count = append(room->text, room->line, count);
		secret_wipe(room->line, sizeof(room->line));
		if (empty == 1 && count >= SLIP39_WORDS_LEAST)
			return 0;
		if (empty == 1)
			say_note("%u words so far; one more empty line ends this", count);
	}
	if (empty == 2)
		return fault_set(fault, FAULT_STOPPED, NULL, "%s was not typed to its end", what);
	return 0;
}

static int ask(struct slip39_share *share, struct mnemonic_room *room, const char *what, struct fault *fault)
{
	say_note("Type the words of %s, one or several a line; the terminal does not show them.\n"
		 "\"-\" takes the last word back, Ctrl-C ends this and nothing is kept.",
		 what);
	for (;;) {
		if (ask_words(room, what, fault) < 0)
			return -1;
		if (slip39_decode(share, room->text, fault) == 0)
			return 0;
		say_note("%s: %s\nOnce more, from the first word (Ctrl-C ends this).", what, fault->text);
	}
}

int mnemonic_read(struct slip39_share *share, struct mnemonic_room *room, const char *source,
		  const char *what, struct fault *fault)
{
	int result;

	if (strcmp(source, "prompt") == 0) {
		result = ask(share, room, what, fault);
	} else {
		result = secret_line(room->line, sizeof(room->line), source, what, fault);
		if (result == 0 && slip39_decode(share, room->line, fault) < 0)
			result = fault_prefix(fault, "%s", what);
	}
	secret_wipe(room, sizeof(*room));
	return result;
}

int mnemonic_is_ours(const struct slip39_share *share, const char *what, struct fault *fault)
{
	const struct slip39_set *set = &share->set;

	if (!set->extendable || set->exponent != 0 || set->group_count != 1 || set->length != SHARE_LENGTH)
		return fault_set(
			fault, FAULT_INPUT, "it may be of another program",
			"%s is a share of SLIP-0039, but not of a ceremony: %u bytes, %u of %u groups, "
			"exponent %u, %s",
			what, set->length, set->group_threshold, set->group_count, set->exponent,
			set->extendable ? "extendable" : "not extendable");
	return 0;
}
