/* page.h - pages for people: HTML that needs nothing else, on a screen and on paper.
 *
 * A page is a template. {{name}} becomes text, {{{name}}} markup, of the
 * strings and numbers of one JSON object; {{{style}}} is the style sheet that
 * all pages have (page.css). A name that the object does not have is a fault,
 * so no page goes out half filled.
 *
 * Text becomes markup in one place only, page_escape(): what a plan, a
 * transcript or a thief wrote is shown and never obeyed. */
#ifndef SIMRITE_PAGE_H
#define SIMRITE_PAGE_H

#include <jansson.h>
#include <stdio.h>

#include "lib/fault.h"

int page_fill(FILE *out, const char *page, const json_t *values, struct fault *fault);

/* Text as HTML: & < > " escaped. */
void page_escape(FILE *out, const char *text);

/* Markup in which %s is text, escaped, %u a number and %% a percent sign; nothing else is known. */
void page_print(FILE *out, const char *markup, ...) __attribute__((format(printf, 2, 3)));

/* Run a writer into a string, and put that among the values. When memory is
 * short the value is missing, and page_fill() says so. */
typedef void page_writer(FILE *out, const void *context);
void page_part(json_t *values, const char *name, page_writer *write, const void *context);

#endif
