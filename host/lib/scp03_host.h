/* scp03_host.h - the host's end of an SCP03 secure channel.
 *
 * GlobalPlatform Card Specification Amendment D: AES-128, -192 and -256, S8
 * and S16 mode, C-MAC, C-DECRYPTION, R-MAC and R-ENCRYPTION.
 *
 *     scp03_open(&channel, reader, &keys, &fault)   SELECT, INITIALIZE UPDATE, EXTERNAL AUTHENTICATE
 *     scp03_apdu(&channel, reader, ...)             any number of times
 *     scp03_end(&channel)                         wipes; the card closes at the next reset
 *
 * scp03_begin() to scp03_undo() touch no reader: they turn bytes into bytes. */
#ifndef SIMRITE_SCP03_HOST_H
#define SIMRITE_SCP03_HOST_H

#include "gp/scp03_keys.h"
#include "lib/fault.h"
#include "lib/reader.h"

/* A secure channel key set (GlobalPlatform Amendment D). */
struct scp03_key_set {
	uint8_t version; /* KVN 0x30..0x3F */
	uint8_t length;  /* bytes of each key: 16, 24 or 32 */
	uint8_t mode;    /* of its sessions: SCP03_S16, or 0 or SCP03_S8 for S8 */
	uint8_t enc[SCP03_KEY_MAX], mac[SCP03_KEY_MAX], dek[SCP03_KEY_MAX];
};

/* The public GlobalPlatform test keys, key version 0x30: what a blank card has. */
extern const struct scp03_key_set scp03_test_keys;

/* Read a key set file: JSON {"version":48,"enc":hex,"mac":hex,"dek":hex} and,
 * for S16 mode, "s16":true; keys of one length; file mode 0600. */
int scp03_key_set_load(struct scp03_key_set *keys, const char *path, struct fault *fault);

struct scp03_channel {
	struct scp03_key_set keys;
	struct scp03_session_keys session;
	uint8_t host_challenge[SCP03_S16];
	uint8_t chaining[16];
	uint32_t counter; /* commands since EXTERNAL AUTHENTICATE */
	uint8_t level;    /* bits of enum scp03_level */
};

enum {
	SCP03_COMMAND_MAX = 5 + 255 + 1,
	SCP03_BEGIN_MAX = 5 + SCP03_S16 + 1,
	SCP03_ANSWER_MAX = 5 + 2 * SCP03_S16,
	SCP03_DATA_MAX = 239, /* clear bytes that fit one command at C-MAC and C-DEC, S8 */
};

/* INITIALIZE UPDATE, with Le; `host_challenge` has 8 bytes, or 16 for S16.
 * Returns its length, 14 or 22. */
size_t scp03_begin(struct scp03_channel *channel, uint8_t command[static SCP03_BEGIN_MAX],
		   const struct scp03_key_set *keys, const uint8_t *host_challenge);

/* Take the card's answer to it; check the card's cryptogram (FAULT_NO: the
 * card has other keys); make EXTERNAL AUTHENTICATE. Returns its length, 21 or
 * 37, or -1. */
int scp03_answer(struct scp03_channel *channel, uint8_t command[static SCP03_ANSWER_MAX],
		 const uint8_t *response, size_t length, uint8_t level, struct fault *fault);

/* Wrap one command (short APDU, any case). Returns the wrapped length, or -1
 * when it does not fit. */
int scp03_wrap(struct scp03_channel *channel, uint8_t out[static SCP03_COMMAND_MAX], const uint8_t *command,
	       size_t length, struct fault *fault);

/* Check and take off what the channel's level puts on an answer of `length`
 * bytes to the command wrapped last, in place. Returns the clear length, or -1:
 * FAULT_CARD, somebody changed it, and the channel is not to be used again. */
int scp03_undo(struct scp03_channel *channel, uint8_t *data, size_t length, uint16_t sw, struct fault *fault);

void scp03_end(struct scp03_channel *channel);

/* Select the issuer security domain: 0 or -1. */
int scp03_select(struct reader *reader, struct fault *fault);

/* Select it and open a channel at C-MAC and C-DEC. */
int scp03_open(struct scp03_channel *channel, struct reader *reader, const struct scp03_key_set *keys,
	       struct fault *fault);

/* Wrap, send, collect, undo: as reader_apdu(). */
int scp03_apdu(struct scp03_channel *channel, struct reader *reader, uint8_t *response, size_t *length,
	       size_t size, const uint8_t *command, size_t command_length, struct fault *fault);

#endif
