#include "lib/time_statement.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base64.h"
#include "lib/canonical.h"
#include "lib/signature.h"
#include "lib/whole_file.h"

enum {
	SCHEMA = 1,
	LINE_MAX_BYTES = 1024
};

int time_statement_check(struct time_statement *statement, struct fault *fault)
{
	struct span bytes = {statement->bytes, sizeof(statement->bytes)};
	struct ticket_time said;

	if (ticket_time_parse(&said, bytes) != OK)
		return fault_set(fault, FAULT_NO, NULL, "the time statement is none");
	if (!signature_is_low(statement->bytes + TICKET_TIME - P256_SIGNATURE) ||
	    ticket_verify(bytes, (struct span){statement->authority, sizeof(statement->authority)}) != OK)
		return fault_set(fault, FAULT_NO, NULL,
				 "the time statement is not signed by the ceremony's key");
	statement->time = ticket_number(said.time);
	return 0;
}

int time_statement_write(const char *path, const struct time_statement *statement, const char *ceremony,
			 struct fault *fault)
{
	char authority[PUBLIC_TEXT], bytes[BASE64_TEXT(TICKET_TIME)], *text;
	struct whole_file file;
	json_t *line;

	public_write(authority, statement->authority);
	base64_write(bytes, statement->bytes, sizeof(statement->bytes));
	line = json_pack("{s:s, s:s, s:i, s:s, s:I, s:s}", "authority", authority, "ceremony", ceremony,
			 "schema", SCHEMA, "statement", bytes, "time", (json_int_t)statement->time, "type",
			 "time");
	text = line ? canonical_text(line, fault) : NULL;
	json_decref(line);
	if (!text)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	if (whole_file_open(&file, path, fault) < 0) {
		free(text);
		return -1;
	}
	(void)fprintf(file.out, "%s\n", text); /* what failed, whole_file_keep() sees */
	free(text);
	return whole_file_keep(&file, path, fault);
}

static int take(struct time_statement *statement, const json_t *line, struct fault *fault)
{
	const char *authority, *ceremony, *bytes, *type;
	json_int_t schema, time;
	json_error_t error;

	if (json_unpack_ex((json_t *)(uintptr_t)line, &error, JSON_STRICT, "{s:s, s:s, s:I, s:s, s:I, s:s}",
			   "authority", &authority, "ceremony", &ceremony, "schema", &schema, "statement",
			   &bytes, "time", &time, "type", &type) < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "%s", error.text);
	if (schema != SCHEMA || strcmp(type, "time") != 0)
		return fault_set(fault, FAULT_INPUT, NULL, "it is no time of a ceremony");
	if (public_read(statement->authority, authority) < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "\"authority\" is no P-256 key");
	if (base64_read(statement->bytes, sizeof(statement->bytes), bytes) != TICKET_TIME)
		return fault_set(fault, FAULT_INPUT, NULL, "\"statement\" is none");
	if (time_statement_check(statement, fault) < 0)
		return -1;
	if (statement->time != time)
		return fault_set(fault, FAULT_NO, NULL, "\"time\" is not what was signed");
	return 0;
}

int time_statement_load(struct time_statement *statement, const char *path, struct fault *fault)
{
	char text[LINE_MAX_BYTES];
	FILE *file = fopen(path, "re");
	json_t *line = NULL;
	size_t length;
	int result = -1;

	if (!file)
		return fault_set(fault, FAULT_INPUT, NULL, "%s: %s", path, strerror(errno));
	length = fread(text, 1, sizeof(text), file);
	(void)fclose(file);
	if (length == 0 || length == sizeof(text) || text[length - 1] != '\n')
		fault_set(fault, FAULT_INPUT, NULL, "it is not one line");
	else
		line = canonical_parse(text, length - 1, fault);
	if (line)
		result = take(statement, line, fault);
	json_decref(line);
	return result < 0 ? fault_prefix(fault, "%s", path) : 0;
}
