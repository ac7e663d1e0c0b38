#include "report/page.h"

#include <string.h>

void page_escape(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

static int put(FILE *out, const json_t *values, const char *name, int markup, struct fault *fault)
{
	const json_t *value = json_object_get(values, name);

	if (json_is_integer(value))
		fprintf(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		fprintf(out, "%.1f", json_real_value(value));
	else if (json_is_string(value) && markup)
		fputs(json_string_value(value), out);
	else if (json_is_string(value))
		page_escape(out, json_string_value(value));
	else
		return fault_set(fault, FAULT_BUG, NULL, "the page wants \"%s\" and there is no such value",
				 name);
	return 0;
}

int page_fill(FILE *out, const char *page, const json_t *values, struct fault *fault)
{
	const char *open, *close;
	char name[64];
	int markup;
	size_t n;

	while ((open = strstr(page, "{{"))) {
		fwrite(page, 1, (size_t)(open - page), out);
		markup = open[2] == '{';
		open += markup ? 3 : 2;
		close = strstr(open, markup ? "}}}" : "}}");
		n = close ? (size_t)(close - open) : sizeof(name);
		if (n >= sizeof(name))
			return fault_set(fault, FAULT_BUG, NULL, "the page has an open {{");
		memcpy(name, open, n);
		name[n] = 0;
		if (put(out, values, name, markup, fault) < 0)
			return -1;
		page = close + (markup ? 3 : 2);
	}
	fputs(page, out);
	return ferror(out)
		       ? fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot write the report")
		       : 0;
}
