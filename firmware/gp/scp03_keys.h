/* scp03_keys.h - the computations of SCP03 (GlobalPlatform Card Specification Amendment D).
 *
 * Both ends of the channel use these: the card (gp/scp03) and the host
 * (host/lib/scp03_host). Nothing here keeps state: whoever holds a session
 * keeps the session keys, the MAC chaining value and the command counter.
 *
 * One session, S8 mode (8-byte challenges, cryptograms and MACs):
 *
 *     host -> card  INITIALIZE UPDATE, host challenge
 *     card -> host  key data, card challenge, card cryptogram, sequence counter
 *     both          scp03_session_keys(); scp03_cryptogram() of either side
 *     host -> card  EXTERNAL AUTHENTICATE, host cryptogram, C-MAC
 *     host -> card  commands: scp03_encrypt() the data, then scp03_command_mac()
 *
 * Keys are 16, 24 or 32 bytes. Functions return OK, ERROR_VALUE (key sizes),
 * ERROR_RANGE (buffer sizes), ERROR_CHECK (padding), ERROR_CRYPTO. */
#ifndef SIMRITE_SCP03_KEYS_H
#define SIMRITE_SCP03_KEYS_H

#include "crypto/aes.h"

enum {
	SCP03_CHALLENGE = 8,
	SCP03_CRYPTOGRAM = 8,
	SCP03_MAC = 8,     /* bytes of a C-MAC or R-MAC that travel */
	SCP03_SEQUENCE = 3 /* bytes of the sequence counter */
};

/* What a derived value is for: table 4-1 of Amendment D. */
enum scp03_constant {
	SCP03_FOR_CARD_CRYPTOGRAM = 0x00,
	SCP03_FOR_HOST_CRYPTOGRAM = 0x01,
	SCP03_FOR_CARD_CHALLENGE = 0x02,
	SCP03_FOR_S_ENC = 0x04,
	SCP03_FOR_S_MAC = 0x06,
	SCP03_FOR_S_RMAC = 0x07
};

/* Security level bits (P1 of EXTERNAL AUTHENTICATE). */
enum scp03_level {
	SCP03_C_MAC = 0x01,
	SCP03_C_DEC = 0x02,
	SCP03_R_MAC = 0x10,
	SCP03_R_ENC = 0x20
};

struct scp03_session_keys {
	uint8_t enc[32], mac[32], rmac[32];
	size_t length; /* bytes used of each */
};

/* S-ENC, S-MAC and S-RMAC from the static Key-ENC and Key-MAC (6.2.1). Wipe
 * `keys` when the session ends. */
MUST_CHECK int scp03_session_keys(struct scp03_session_keys *keys, struct span key_enc, struct span key_mac,
				  const uint8_t host_challenge[static SCP03_CHALLENGE],
				  const uint8_t card_challenge[static SCP03_CHALLENGE]);

/* Card or host cryptogram (6.2.2), under S-MAC. */
MUST_CHECK int scp03_cryptogram(uint8_t out[static SCP03_CRYPTOGRAM], const struct scp03_session_keys *keys,
				enum scp03_constant whose,
				const uint8_t host_challenge[static SCP03_CHALLENGE],
				const uint8_t card_challenge[static SCP03_CHALLENGE]);

/* Pseudo-random card challenge (6.2.2.1): from Key-ENC, the sequence counter
 * and the AID of the application that opens the session. */
MUST_CHECK int scp03_card_challenge(uint8_t out[static SCP03_CHALLENGE], struct span key_enc,
				    const uint8_t sequence[static SCP03_SEQUENCE], struct span aid);

/* The full 16-byte C-MAC, of which the first 8 are sent and all 16 chain into
 * the next (6.2.4). `header` is CLA INS P1 P2 Lc as sent: CLA with 0x04 set
 * and without channel bits, Lc counting the MAC. `chaining` is zero for
 * EXTERNAL AUTHENTICATE. `mac` may be `chaining`. */
MUST_CHECK int scp03_command_mac(uint8_t mac[static AES_BLOCK], const struct scp03_session_keys *keys,
				 const uint8_t chaining[static AES_BLOCK], const uint8_t header[static 5],
				 struct span data);

/* The full R-MAC over a response and its status word (6.2.5); 8 bytes travel.
 * `chaining` is the C-MAC of the command. */
MUST_CHECK int scp03_response_mac(uint8_t mac[static AES_BLOCK], const struct scp03_session_keys *keys,
				  const uint8_t chaining[static AES_BLOCK], struct span data, uint16_t sw);

/* Pad with 80 00.. and encrypt command data (6.2.6). `counter` is 1 for the
 * first command after EXTERNAL AUTHENTICATE and goes up with every command,
 * also one without data (which is not encrypted: do not call this). `out`
 * holds `size` bytes, in.length / 16 * 16 + 16 are needed; may be in.at.
 * Returns the encrypted length. */
MUST_CHECK int scp03_encrypt(uint8_t *out, size_t size, const struct scp03_session_keys *keys,
			     uint32_t counter, struct span in);

/* Undo it. Returns the length without padding, at most `size`; `out` needs
 * in.length bytes and may be in.at. ERROR_CHECK when the length or padding is
 * wrong. */
MUST_CHECK int scp03_decrypt(uint8_t *out, size_t size, const struct scp03_session_keys *keys,
			     uint32_t counter, struct span in);

/* The same for response data (6.2.7); `counter` is that of the command. */
MUST_CHECK int scp03_encrypt_response(uint8_t *out, size_t size, const struct scp03_session_keys *keys,
				      uint32_t counter, struct span in);
MUST_CHECK int scp03_decrypt_response(uint8_t *out, size_t size, const struct scp03_session_keys *keys,
				      uint32_t counter, struct span in);

#endif
