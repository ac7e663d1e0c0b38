/* apdu_log.h - write down every exchange with a card, for the run-wide search for secrets.
 *
 * A line each: "> HEX" what the terminal sent, "< HEX" what the card answered.
 * The log holds session keys (CK, IK are answers), so it is kept sealed. */
#ifndef SIMRITE_APDU_LOG_H
#define SIMRITE_APDU_LOG_H

#include <stddef.h>
#include <stdint.h>

/* The shape of reader_watch(); `context` is a FILE. */
void apdu_log_seen(void *context, const uint8_t *command, size_t command_length, const uint8_t *response,
		   size_t response_length);

#endif
