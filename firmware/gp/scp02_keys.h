/* scp02_keys.h - the computations of SCP02 (GlobalPlatform Card Specification, appendix E).
 *
 * For i = 15 and i = 55: three keys of two-key triple DES, C-MAC over the
 * modified command, explicit initiation, the chaining value encrypted; 55 is
 * 15 with a card challenge that the host can compute. As in scp03_keys, nothing
 * here keeps state. Functions return OK, ERROR_RANGE (buffer sizes),
 * ERROR_CHECK (padding), ERROR_CRYPTO. */
#ifndef SIMRITE_SCP02_KEYS_H
#define SIMRITE_SCP02_KEYS_H

#include "crypto/des.h"

enum {
	SCP02_HOST_CHALLENGE = 8,
	SCP02_CARD_CHALLENGE = 6,
	SCP02_CRYPTOGRAM = 8,
	SCP02_MAC = 8,
	SCP02_SEQUENCE = 2 /* bytes of the sequence counter */
};

/* The "i" parameters there are (E.1.1). */
enum scp02_i {
	SCP02_I_RANDOM = 0x15,
	SCP02_I_PSEUDO_RANDOM = 0x55
};

struct scp02_session_keys {
	uint8_t enc[DES3_KEY], mac[DES3_KEY], dek[DES3_KEY];
};

/* S-ENC, C-MAC session key and session DEK (E.4.1). Wipe `keys` when the session ends. */
MUST_CHECK int scp02_session_keys(struct scp02_session_keys *keys, const uint8_t key_enc[static DES3_KEY],
				  const uint8_t key_mac[static DES3_KEY],
				  const uint8_t key_dek[static DES3_KEY],
				  const uint8_t sequence[static SCP02_SEQUENCE]);

/* Pseudo-random card challenge (E.4.2.3), from the AID of the application that opens the session. */
MUST_CHECK int scp02_card_challenge(uint8_t out[static SCP02_CARD_CHALLENGE],
				    const struct scp02_session_keys *keys, struct span aid);

/* Card and host cryptograms (E.4.2.1, E.4.2.2). `card` is the sequence counter
 * and the card challenge, 8 bytes as they come in the answer. */
MUST_CHECK int scp02_card_cryptogram(uint8_t out[static SCP02_CRYPTOGRAM],
				     const struct scp02_session_keys *keys,
				     const uint8_t host[static SCP02_HOST_CHALLENGE],
				     const uint8_t card[static 8]);
MUST_CHECK int scp02_host_cryptogram(uint8_t out[static SCP02_CRYPTOGRAM],
				     const struct scp02_session_keys *keys,
				     const uint8_t host[static SCP02_HOST_CHALLENGE],
				     const uint8_t card[static 8]);

/* C-MAC (E.4.4) over CLA INS P1 P2 Lc, with 0x04 set in CLA, no channel bits
 * and Lc counting the plain data and the MAC, and the plain data. `chaining` is zero
 * for EXTERNAL AUTHENTICATE and comes out as the next command wants it. */
MUST_CHECK int scp02_command_mac(uint8_t mac[static SCP02_MAC], uint8_t chaining[static DES_BLOCK],
				 const struct scp02_session_keys *keys, const uint8_t header[static 5],
				 struct span data);

/* Pad with 80 00.. and encrypt command data (E.4.6); `out` holds `size` bytes,
 * may be in.at. Returns the encrypted length. */
MUST_CHECK int scp02_encrypt(uint8_t *out, size_t size, const struct scp02_session_keys *keys,
			     struct span in);
/* Undo it; returns the length without padding. */
MUST_CHECK int scp02_decrypt(uint8_t *out, size_t size, const struct scp02_session_keys *keys,
			     struct span in);

#endif
