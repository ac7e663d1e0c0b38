#include "lib/page.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* The style sheet, host/lib/page.css, put into the program by the assembler. */
__asm__(".section .rodata\n"
	"page_css:\n"
	".incbin \"host/lib/page.css\"\n"
	".byte 0\n"
	".previous\n");
extern const char page_css[];

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

void page_print(FILE *out, const char *markup, ...)
{
	va_list values;

	va_start(values, markup);
	for (; *markup; markup++) {
		if (*markup != '%' || !markup[1]) {
			fputc(*markup, out);
			continue;
		}
		switch (*++markup) {
		case 's':
			page_escape(out, va_arg(values, const char *));
			break;
		case 'u':
			fprintf(out, "%u", va_arg(values, unsigned));
			break;
		default:
			fputc(*markup, out);
		}
	}
	va_end(values);
}

void page_part(json_t *values, const char *name, page_writer *write, const void *context)
{
	char *markup = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&markup, &length);

	if (!out)
		return;
	write(out, context);
	if (fclose(out) == 0)
		(void)json_object_set_new(values, name, json_string(markup));
	free(markup);
}

static int put(FILE *out, const json_t *values, const char *name, int markup, struct fault *fault)
{
	const json_t *value = json_object_get(values, name);

	if (strcmp(name, "style") == 0)
		fputs(page_css, out);
	else if (json_is_integer(value))
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
	return ferror(out) ? fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot write the page")
			   : 0;
}
