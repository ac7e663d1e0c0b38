/* page.h - fill in a page: {{name}} becomes text, {{{name}}} markup.
 *
 * Values are the strings and numbers of one JSON object. A name that the
 * object does not have is a fault, so no page goes out half filled. */
#ifndef SIMRITE_PAGE_H
#define SIMRITE_PAGE_H

#include <jansson.h>
#include <stdio.h>

#include "lib/fault.h"

int page_fill(FILE *out, const char *page, const json_t *values, struct fault *fault);

/* Text as HTML: & < > " escaped. */
void page_escape(FILE *out, const char *text);

#endif
