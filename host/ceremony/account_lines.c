/* account_lines.c - every line of a transcript, in words. */
#include <string.h>

#include "ceremony/account.h"
#include "ceremony/entry.h"
#include "lib/page.h"

static bool is_told_elsewhere(const char *name)
{
	static const char *const names[] = {"custodian", "name",        "by",       "key",
					    "plan",      "plan_digest", "software", "hsm"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool is_hex(const char *text)
{
	return strlen(text) >= 16 && text[strspn(text, "0123456789abcdef")] == 0;
}

static void member(FILE *out, const char *name, const json_t *value)
{
	const char *text = json_string_value(value);

	if (is_told_elsewhere(name))
		return;
	if (strcmp(name, "signature") == 0)
		fputs("<span class=\"pair\">signed by card or key; checked</span> ", out);
	else if (text && strcmp(name, "text") == 0)
		page_print(out, "<span class=\"pair\">&ldquo;%s&rdquo;</span> ", text);
	else if (text && is_hex(text))
		page_print(out, "<span class=\"pair\">%s <code class=\"hash\">%s</code></span> ", name, text);
	else if (text)
		page_print(out, "<span class=\"pair\">%s %s</span> ", name, text);
	else if (json_is_integer(value))
		page_print(out, "<span class=\"pair\">%s %u</span> ", name,
			   (unsigned)json_integer_value(value));
	else if (json_is_array(value))
		page_print(out, "<span class=\"pair\">%s: %u</span> ", name,
			   (unsigned)json_array_size(value));
}

static void members(FILE *out, const json_t *data)
{
	const char *name;
	const json_t *value;

	json_object_foreach((json_t *)(uintptr_t)data, name, value)
	{
		const char *inner;
		const json_t *part;

		if (!json_is_object(value) || is_told_elsewhere(name)) {
			member(out, name, value);
			continue;
		}
		page_print(out, "<span class=\"pair\">%s:</span> ", name);
		json_object_foreach((json_t *)(uintptr_t)value, inner, part) member(out, inner, part);
	}
}

void account_lines(FILE *out, const void *context)
{
	const struct account *account = context;
	long long before = 0;
	const json_t *entry;
	size_t i;

	json_array_foreach(account->entries, i, entry)
	{
		const char *type = json_string_value(json_object_get(entry, "type"));
		long long now = account_seconds(entry);
		const char *who = entry_who(json_object_get(entry, "data"));
		char took[48] = "";

		if (i > 0 && now > before)
			account_duration(took, sizeof(took), now - before);
		before = now;
		page_print(
			out,
			"<tr class=\"%s\"><th scope=\"row\" class=\"number\">%u</th><td class=\"value\"><time>%s</time></td>"
			"<td class=\"value\">%s</td><td><b>%s</b></td><td>%s%s%s. <small>",
			strcmp(type, "exception") == 0 || strcmp(type, "resume") == 0 ? "odd" : "plain",
			(unsigned)i + 1, account_at(entry), took, type, who, who[0] ? ": " : "",
			entry_meaning(type));
		members(out, json_object_get(entry, "data"));
		fputs("</small></td></tr>\n", out);
	}
}
