#include "theft/mail.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "theft/base64.h"

enum {
	MAIL_MAX = 4 << 20,
};

struct slice {
	const char *at;
	size_t length;
};

/* Take one line off the front, without its line end. */
static int next_line(struct slice *rest, struct slice *line)
{
	const char *end;

	if (!rest->length)
		return 0;
	end = memchr(rest->at, '\n', rest->length);
	line->at = rest->at;
	line->length = end ? (size_t)(end - rest->at) : rest->length;
	rest->length -= line->length + (end ? 1 : 0);
	rest->at += line->length + (end ? 1 : 0);
	if (line->length && line->at[line->length - 1] == '\r')
		line->length--;
	return 1;
}

/* The value of a header, unfolded; "" when absent. `rest` becomes the body. */
static void header(struct slice head, const char *name, char *out, size_t size)
{
	size_t n = strlen(name), used = 0;
	struct slice line;
	int inside = 0;

	out[0] = 0;
	while (next_line(&head, &line)) {
		if (line.length && (line.at[0] == ' ' || line.at[0] == '\t')) {
			if (inside && used + line.length < size) {
				memcpy(out + used, line.at, line.length);
				used += line.length;
			}
		} else if (used == 0 && line.length > n && line.at[n] == ':' &&
			   !strncasecmp(line.at, name, n)) {
			inside = 1;
			for (n++; n < line.length && line.at[n] == ' '; n++)
				;
			used = line.length - n < size - 1 ? line.length - n : size - 1;
			memcpy(out, line.at + n, used);
			n = strlen(name);
		} else {
			inside = 0;
		}
	}
	out[used] = 0;
}

/* Split at the first empty line. */
static struct slice split_head(struct slice *whole)
{
	struct slice head = {whole->at, 0}, line;

	while (next_line(whole, &line) && line.length)
		head.length = (size_t)(line.at + line.length - head.at);
	return head;
}

/* A parameter such as boundary="..." of a structured header. */
static void parameter(const char *value, const char *name, char *out, size_t size)
{
	const char *at = strcasestr(value, name);
	size_t n = 0;
	char end;

	out[0] = 0;
	if (!at || at[strlen(name)] != '=')
		return;
	at += strlen(name) + 1;
	end = *at == '"' ? *at++ : ';';
	while (at[n] && at[n] != end && n + 1 < size) {
		out[n] = at[n];
		n++;
	}
	out[n] = 0;
}

static size_t decode_quoted(char *out, struct slice in)
{
	char pair[3] = {0};
	size_t i, n = 0;

	for (i = 0; i < in.length; i++) {
		if (in.at[i] != '=') {
			out[n++] = in.at[i];
		} else if (i + 2 < in.length && isxdigit((unsigned char)in.at[i + 1])) {
			memcpy(pair, in.at + i + 1, 2);
			out[n++] = (char)strtol(pair, NULL, 16);
			i += 2;
		} else { /* a soft line break */
			i += i + 1 < in.length && in.at[i + 1] == '\r' ? 2 : 1;
		}
	}
	return n;
}

static int take_part(struct mail *mail, struct slice head, struct slice body, struct fault *fault)
{
	struct mail_part *part = &mail->parts[mail->count];
	char coding[64], disposition[256];

	if (mail->count == MAIL_PARTS_MAX || body.length > MAIL_MAX)
		return 0;
	part->text = malloc(body.length + 1);
	if (!part->text)
		return fault_set(fault, FAULT_SYSTEM, NULL, "out of memory");
	mail->count++;
	header(head, "Content-Transfer-Encoding", coding, sizeof(coding));
	header(head, "Content-Disposition", disposition, sizeof(disposition));
	parameter(disposition, "filename", part->name, sizeof(part->name));
	if (!strncasecmp(coding, "base64", 6)) {
		part->length = base64_bytes((uint8_t *)part->text, body.length, body.at, body.length);
	} else if (!strncasecmp(coding, "quoted-printable", 16)) {
		part->length = decode_quoted(part->text, body);
	} else {
		memcpy(part->text, body.at, body.length);
		part->length = body.length;
	}
	part->text[part->length] = 0;
	return 0;
}

/* One entity; its parts of a multipart are put on `stack`, which the caller works off. */
static int take_entity(struct mail *mail, struct slice entity, struct slice *stack, size_t *depth,
		       struct fault *fault)
{
	struct slice head = split_head(&entity), line, part = {NULL, 0};
	char type[256], boundary[100];
	size_t n;

	header(head, "Content-Type", type, sizeof(type));
	parameter(type, "boundary", boundary, sizeof(boundary));
	if (strncasecmp(type, "multipart/", 10) != 0 || !boundary[0])
		return take_part(mail, head, entity, fault);
	n = strlen(boundary);
	while (next_line(&entity, &line)) {
		if (line.length < n + 2 || memcmp(line.at, "--", 2) != 0 ||
		    memcmp(line.at + 2, boundary, n) != 0)
			continue;
		if (part.at && *depth < MAIL_PARTS_MAX) {
			part.length = (size_t)(line.at - part.at);
			stack[(*depth)++] = part;
		}
		part.at = entity.at;
	}
	return 0;
}

int mail_parse(struct mail *mail, const char *bytes, size_t length, struct fault *fault)
{
	struct slice stack[MAIL_PARTS_MAX] = {{bytes, length}}, whole = {bytes, length},
		     head = split_head(&whole);
	size_t depth = 1, next = 0;

	memset(mail, 0, sizeof(*mail));
	header(head, "From", mail->from, sizeof(mail->from));
	header(head, "To", mail->to, sizeof(mail->to));
	header(head, "Subject", mail->subject, sizeof(mail->subject));
	while (next < depth) /* entities found later are behind: no recursion */
		if (take_entity(mail, stack[next++], stack, &depth, fault) < 0)
			return -1;
	return 0;
}

int mail_read(struct mail *mail, const char *path, struct fault *fault)
{
	FILE *file = fopen(path, "rbe");
	char *bytes = malloc(MAIL_MAX);
	size_t n;
	int e;

	memset(mail, 0, sizeof(*mail));
	if (!file || !bytes) {
		e = fault_set(fault, FAULT_INPUT, NULL, "cannot read %s: %s", path, strerror(errno));
	} else {
		n = fread(bytes, 1, MAIL_MAX, file);
		e = mail_parse(mail, bytes, n, fault);
	}
	if (file)
		fclose(file);
	free(bytes);
	return e;
}

void mail_free(struct mail *mail)
{
	size_t i;

	for (i = 0; i < mail->count; i++)
		free(mail->parts[i].text);
	memset(mail, 0, sizeof(*mail));
}
