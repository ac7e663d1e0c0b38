/* scp03_host.h - the host's end of an SCP03 secure channel.
 *
 * GlobalPlatform Card Specification Amendment D, S8 mode, AES-128, C-MAC or
 * C-MAC with C-DECRYPTION. Responses come in the clear: what a simrite card
 * answers inside a channel is no secret.
 *
 *     scp03_open(&channel, reader, &keys, &fault)   SELECT, INITIALIZE UPDATE, EXTERNAL AUTHENTICATE
 *     scp03_apdu(&channel, reader, ...)             any number of times
 *     scp03_end(&channel)                         wipes; the card closes at the next reset
 *
 * The first four functions touch no reader: they turn bytes into bytes. */
#ifndef SIMRITE_SCP03_HOST_H
#define SIMRITE_SCP03_HOST_H

#include "gp/scp03_keys.h"
#include "lib/fault.h"
#include "lib/reader.h"

/* A secure channel key set (GlobalPlatform Amendment D): AES-128. */
struct scp03_key_set {
	uint8_t version; /* KVN 0x30..0x3F */
	uint8_t enc[16], mac[16], dek[16];
};

/* The public GlobalPlatform test keys, key version 0x30: what a blank card has. */
extern const struct scp03_key_set scp03_test_keys;

/* Read a key set file: JSON {"version":48,"enc":hex,"mac":hex,"dek":hex}, mode 0600. */
int scp03_key_set_load(struct scp03_key_set *keys, const char *path, struct fault *fault);

struct scp03_channel {
	struct scp03_key_set keys;
	struct scp03_session_keys session;
	uint8_t host_challenge[SCP03_CHALLENGE];
	uint8_t chaining[16];
	uint32_t counter; /* commands since EXTERNAL AUTHENTICATE */
	uint8_t level;    /* SCP03_C_MAC [| SCP03_C_DEC] */
};

enum {
	SCP03_COMMAND_MAX = 5 + 255 + 1,
	SCP03_DATA_MAX = 239, /* clear bytes that fit one command at C-MAC and C-DEC */
};

/* INITIALIZE UPDATE: 14 bytes with Le. */
void scp03_begin(struct scp03_channel *channel, uint8_t command[static 14], const struct scp03_key_set *keys,
		 const uint8_t host_challenge[static SCP03_CHALLENGE]);

/* Take the card's answer to it; check the card's cryptogram (FAULT_NO: the
 * card has other keys); make EXTERNAL AUTHENTICATE, 21 bytes. */
int scp03_answer(struct scp03_channel *channel, uint8_t command[static 21], const uint8_t *response,
		 size_t length, uint8_t level, struct fault *fault);

/* Wrap one command (short APDU, any case). Returns the wrapped length, or -1
 * when it does not fit. */
int scp03_wrap(struct scp03_channel *channel, uint8_t out[static SCP03_COMMAND_MAX], const uint8_t *command,
	       size_t length, struct fault *fault);

void scp03_end(struct scp03_channel *channel);

/* Select the issuer security domain: 0 or -1. */
int scp03_select(struct reader *reader, struct fault *fault);

/* Select it and open a channel at C-MAC and C-DEC. */
int scp03_open(struct scp03_channel *channel, struct reader *reader, const struct scp03_key_set *keys,
	       struct fault *fault);

/* Wrap, send, collect: as reader_apdu(). */
int scp03_apdu(struct scp03_channel *channel, struct reader *reader, uint8_t *response, size_t *length,
	       size_t size, const uint8_t *command, size_t command_length, struct fault *fault);

#endif
