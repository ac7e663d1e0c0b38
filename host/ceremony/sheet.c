#include "ceremony/sheet.h"

#include <string.h>
#include <unistd.h>

#include "lib/hex.h"
#include "lib/whole_file.h"
#include "lib/words.h"

void sheet_digest(FILE *out, const char *caption, const uint8_t bytes[static 32])
{
	page_print(out,
		   "<table class=\"digest\"><caption>%s</caption>\n"
		   "<thead><tr><th scope=\"col\">Hex</th><th scope=\"col\">Words</th></tr></thead><tbody>\n",
		   caption);
	for (unsigned i = 0; i < 32; i += 4) {
		char hex[9], words[4 * WORDS_LONGEST];

		hex_write(hex, bytes + i, 4);
		words_write(words, sizeof(words), bytes + i, 4);
		page_print(out, "<tr><td><code>%s</code></td><td>%s</td></tr>\n", hex, words);
	}
	fputs("</tbody></table>\n", out);
}

void sheet_blank_digest(FILE *out, const char *caption)
{
	page_print(
		out,
		"<table class=\"digest\"><caption>%s</caption>\n"
		"<thead><tr><th scope=\"col\">8 hex digits</th><th scope=\"col\">4 words</th></tr></thead><tbody>\n",
		caption);
	for (unsigned i = 0; i < 8; i++)
		fputs("<tr><td><span class=\"blank\"></span></td>"
		      "<td><span class=\"blank\" style=\"min-width:22rem\"></span></td></tr>\n",
		      out);
	fputs("</tbody></table>\n", out);
}

void sheet_stamp(FILE *out, const struct plan *plan)
{
	if (plan->rehearsal)
		fputs("<p class=\"stamp\">REHEARSAL</p>\n", out);
}

void sheet_fact(FILE *out, const char *name, const char *text)
{
	if (text[0])
		page_print(out, "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n", name, text);
}

void sheet_role(char out[static SHEET_ROLE], const struct plan *plan, unsigned i)
{
	unsigned index = i - plan->first_custodian;

	if (i < plan->first_custodian) {
		(void)snprintf(out, SHEET_ROLE, "administrator");
	} else if (index < plan->total) {
		(void)snprintf(out, SHEET_ROLE, "custodian %u: %s, %s", index + 1,
			       plan->custodians[index].role, plan->custodians[index].jurisdiction);
	} else {
		/* a witness's role is for people only, and in the plan's own text */
		const json_t *all = json_object_get(plan->json, "witnesses");
		const json_t *role = json_object_get(json_array_get(all, index - plan->total), "role");

		(void)snprintf(out, SHEET_ROLE, "witness: %s",
			       json_is_string(role) ? json_string_value(role) : "");
	}
}

int sheet_put(const char *path, const char *page, const json_t *values, struct fault *fault)
{
	struct whole_file file;

	if (!path || strcmp(path, "-") == 0)
		return page_fill(stdout, page, values, fault);
	if (access(path, F_OK) == 0)
		return fault_set(fault, FAULT_INPUT, "remove it, or give another name",
				 "%.200s is there already", path);
	if (whole_file_open(&file, path, fault) < 0)
		return -1;
	if (page_fill(file.out, page, values, fault) < 0) {
		whole_file_drop(&file);
		return -1;
	}
	return whole_file_keep(&file, path, fault);
}
