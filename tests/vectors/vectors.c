#include "vectors/vectors.h"

#include <stdlib.h>
#include <string.h>

static void stop(const struct vectors *v, const char *why, const char *what)
{
	fprintf(stderr, "vectors: [%s] %s: %s\n", v->section, what, why);
	exit(1);
}

void vectors_open(struct vectors *v, const char *name)
{
	char path[256];

	memset(v, 0, sizeof(*v));
	(void)snprintf(path, sizeof(path), "tests/vectors/%s", name);
	v->file = fopen(path, "r");
	if (!v->file)
		stop(v, "cannot open (run from the top folder)", path);
}

static void take_field(struct vectors *v, char *line)
{
	char *equals = strchr(line, '='), *end;

	if (!equals)
		return;
	if (v->count == sizeof(v->field) / sizeof(v->field[0]))
		stop(v, "too many fields", line);
	for (end = equals; end > line && (end[-1] == ' ' || end[-1] == '\t'); end--)
		;
	*end = 0;
	equals++;
	equals += strspn(equals, " \t");
	equals[strcspn(equals, "\r\n")] = 0;
	if (strlen(line) >= sizeof(v->field[0].name) || strlen(equals) >= sizeof(v->field[0].value))
		stop(v, "too long", line);
	strcpy(v->field[v->count].name, line);
	strcpy(v->field[v->count].value, equals);
	v->count++;
}

bool vectors_next(struct vectors *v)
{
	char line[1400];

	v->count = 0;
	strcpy(v->section, v->next);
	v->next[0] = 0;
	while (v->file && fgets(line, sizeof(line), v->file)) {
		if (line[0] == '#')
			continue;
		if (line[0] == '[') {
			line[strcspn(line, "]")] = 0;
			(void)snprintf(v->next, sizeof(v->next), "%.150s", line + 1);
			if (v->count)
				return true;
			strcpy(v->section, v->next);
			continue;
		}
		take_field(v, line);
	}
	if (v->file)
		fclose(v->file);
	v->file = NULL;
	return v->count > 0;
}

const char *vectors_text(const struct vectors *v, const char *name)
{
	size_t i;

	for (i = 0; i < v->count; i++)
		if (!strcmp(v->field[i].name, name))
			return v->field[i].value;
	return "";
}

bool vectors_has(const struct vectors *v, const char *name)
{
	return vectors_text(v, name)[0] != 0;
}

size_t vectors_any(const struct vectors *v, const char *name, uint8_t *out, size_t size)
{
	const char *hex = vectors_text(v, name);
	size_t n = 0;
	unsigned byte;

	while (hex[0] && hex[1] && n < size) {
		if (sscanf(hex, "%2x", &byte) != 1)
			stop(v, "not hex", name);
		out[n++] = (uint8_t)byte;
		hex += 2;
	}
	if (*hex)
		stop(v, "odd or too long", name);
	return n;
}

void vectors_bytes(const struct vectors *v, const char *name, uint8_t *out, size_t length)
{
	if (!vectors_has(v, name) || vectors_any(v, name, out, length) != length)
		stop(v, "absent or of another length", name);
}
