/* scp03_keys.h - the computations of SCP03 (GlobalPlatform Card Specification Amendment D).
 *
 * Both ends of the channel use these: the card (gp/scp03) and the host
 * (host/lib/scp03_host). Nothing here keeps state: whoever holds a session
 * keeps the session keys, the MAC chaining value and the command counter.
 *
 * One session, in S8 or S16 mode (challenges, cryptograms and MACs of 8 or 16
 * bytes; Amendment D 5.1):
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
	SCP03_S8 = 8, /* the two modes, and their bytes of a challenge, cryptogram or MAC that travel */
	SCP03_S16 = 16,
	SCP03_KEY_MAX = 32, /* bytes of an AES key */
	SCP03_SEQUENCE = 3  /* bytes of the sequence counter */
};

/* The bits of the "i" parameter (Amendment D 5.1, table 5-1). */
enum scp03_i {
	SCP03_I_S16 = 0x01,
	SCP03_I_PSEUDO_RANDOM = 0x10, /* card challenge; 0: random */
	SCP03_I_R_MAC = 0x20,
	SCP03_I_R_ENC = 0x40 /* only with R-MAC */
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
	uint8_t enc[SCP03_KEY_MAX], mac[SCP03_KEY_MAX], rmac[SCP03_KEY_MAX];
	size_t length; /* bytes used of each */
	size_t mode;   /* SCP03_S8 or SCP03_S16 */
};

/* S-ENC, S-MAC and S-RMAC from the static Key-ENC and Key-MAC (6.2.1). The
 * challenges have `mode` bytes each. Wipe `keys` when the session ends. */
MUST_CHECK int scp03_session_keys(struct scp03_session_keys *keys, struct span key_enc, struct span key_mac,
				  const uint8_t *host_challenge, const uint8_t *card_challenge, size_t mode);

/* Card or host cryptogram (6.2.2), under S-MAC: keys->mode bytes, as the challenges have. */
MUST_CHECK int scp03_cryptogram(uint8_t *out, const struct scp03_session_keys *keys,
				enum scp03_constant whose, const uint8_t *host_challenge,
				const uint8_t *card_challenge);

/* Pseudo-random card challenge (6.2.2.1): from Key-ENC, the sequence counter
 * and the AID of the application that opens the session. `mode` bytes. */
MUST_CHECK int scp03_card_challenge(uint8_t *out, struct span key_enc,
				    const uint8_t sequence[static SCP03_SEQUENCE], struct span aid,
				    size_t mode);

/* The full 16-byte C-MAC, of which the first 8 (S16: all) are sent and all 16 chain into
 * the next (6.2.4). `header` is CLA INS P1 P2 Lc as sent: CLA with 0x04 set
 * and without channel bits, Lc counting the MAC. `chaining` is zero for
 * EXTERNAL AUTHENTICATE. `mac` may be `chaining`. */
MUST_CHECK int scp03_command_mac(uint8_t mac[static AES_BLOCK], const struct scp03_session_keys *keys,
				 const uint8_t chaining[static AES_BLOCK], const uint8_t header[static 5],
				 struct span data);

/* The full R-MAC over a response and its status word (6.2.5); 8 (S16: 16) bytes travel.
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
