/* reader.h - a card in a PC/SC reader.
 *
 * One connection, one transaction: the reader is ours from open to close.
 * reader_apdu() does what T=0 asks of a terminal: GET RESPONSE after 61xx in
 * the class of the command, and the repeat after 6Cxx. */
#ifndef SIMRITE_READER_H
#define SIMRITE_READER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

struct reader;

struct reader_entry {
	char name[128];
	int card_present;
	uint8_t atr[33];
	size_t atr_length;
};

/* All readers, in PC/SC's order. Returns the count (at most `size` stored) or -1. */
int reader_list(struct reader_entry *entries, size_t size, struct fault *fault);

/* Connect to the reader whose name is, or starts with, `name`; NULL means the
 * only reader with a card. More than one match, none, or no card is a fault
 * that lists what there is. Caller closes. */
int reader_open(struct reader **reader, const char *name, struct fault *fault);
void reader_close(struct reader *reader); /* resets the card; NULL is allowed */
const char *reader_name(const struct reader *reader);
size_t reader_atr(const struct reader *reader, uint8_t atr[static 33]);
int reader_reset(struct reader *reader, struct fault *fault);
/* Off and on again: what the card had in its RAM is gone. */
int reader_power_cycle(struct reader *reader, struct fault *fault);

/* Send one command APDU (short form, any case) and collect the whole answer:
 * `response` gets the data (at most `size`), *length its length, and the
 * status word is returned (0x9000...). -1 only when reader or card failed. */
int reader_apdu(struct reader *reader, uint8_t *response, size_t *length, size_t size, const uint8_t *command,
		size_t command_length, struct fault *fault);

/* Let somebody see every exchange (GSMTAP capture, tests): called after each
 * TPDU with what went out and what came back. */
void reader_watch(struct reader *reader,
		  void (*seen)(void *context, const uint8_t *command, size_t command_length,
			       const uint8_t *response, size_t response_length),
		  void *context);

#endif
