#include "radio/apdu_log.h"

#include <stdio.h>

static void line(FILE *log, char mark, const uint8_t *bytes, size_t length)
{
	size_t i;

	fprintf(log, "%c ", mark);
	for (i = 0; i < length; i++)
		fprintf(log, "%02x", bytes[i]);
	fputc('\n', log);
}

void apdu_log_seen(void *context, const uint8_t *command, size_t command_length, const uint8_t *response,
		   size_t response_length)
{
	line(context, '>', command, command_length);
	line(context, '<', response, response_length);
}
