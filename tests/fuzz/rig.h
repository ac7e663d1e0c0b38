/* rig.h - a personalised card and everything the other side must know to use it.
 *
 * rig_open() makes a blank card and personalises it through its own commands:
 * every secret is drawn from the seed, so a run can be repeated, and no secret
 * has a value that could be met by chance. The power of its memory can be cut
 * (powerloss/cut.h). `transmit` is how a TPDU reaches the card; a test may put
 * something around it, and so sees every command there is.
 *
 * Same seed, same calls: the same bytes go in and come out. */
#ifndef RIG_H
#define RIG_H

#include "auth/aka.h"
#include "card.h"
#include "crypto/des.h"
#include "custodian/tunnel.h"
#include "gp/scp02_keys.h"
#include "lib/scp03_host.h"
#include "powerloss/cut.h"

enum {
	RIG_AES = 0x31,     /* key version: AES-128 */
	RIG_AES_256 = 0x32, /* AES-256, S16 */
	RIG_DES = 0x20,     /* SCP02 */
	RIG_OTA = 0x02,     /* SCP80: AES-128 */
	RIG_COMMAND = 300   /* bytes of the longest command there is here */
};

/* What nobody but the card and its owner knows. */
struct rig_secrets {
	uint8_t k[AKA_KEY], opc[AKA_KEY];
	uint8_t pin1[PIN_LENGTH], pin1_new[PIN_LENGTH], puk1[PIN_LENGTH];
	uint8_t adm1[PIN_LENGTH], adm1_new[PIN_LENGTH];
	uint8_t enc[16], mac[16], dek[16];                /* of RIG_AES */
	uint8_t enc32[32], mac32[32], dek32[32];          /* of RIG_AES_256 */
	uint8_t enc_des[16], mac_des[16], dek_des[16];    /* of RIG_DES */
	uint8_t next_enc[16], next_mac[16], next_dek[16]; /* for PUT KEY */
	uint8_t next_k[AKA_KEY], next_opc[AKA_KEY];       /* for STORE DATA */
	uint8_t kic[16], kid[16], kik[16];                /* of RIG_OTA */
	uint8_t custodian_pin[PIN_LENGTH], custodian_code[PIN_LENGTH];
	uint8_t share[64]; /* a custodian's: salt, value */
};

/* What everybody may see. */
struct rig_public {
	uint8_t wrong[PIN_LENGTH];
	uint8_t old_rand[AKA_RAND], old_autn[AKA_AUTN];
	uint8_t gba_autn[AKA_AUTN]; /* AUTN of the last {rand} for GBA_U */
	uint8_t kcv_next_k[3], kcv_next_opc[3], kcv_next_enc[3], kcv_next_mac[3], kcv_next_dek[3];
};

struct rig {
	struct cut cut; /* first: a board is its address */
	int (*write)(void *board, uint32_t address, const void *in, size_t length);
	int (*erase)(void *board, uint32_t page);
	uint8_t *before; /* the memory before the first write of the command under way, ... */
	uint8_t wrote;   /* ... if it wrote */
	struct card card;
	struct rig_secrets secret;
	struct rig_public public;
	struct aka_vector vector; /* of the last {rand} */
	uint64_t seq;
	uint32_t random;               /* what the next choice is made from */
	uint8_t protocol;              /* of the channel that is open: 2, 3; 0: none */
	struct scp03_channel channel;  /* the other end of SCP03 */
	struct scp02_session_keys des; /* and of SCP02 */
	uint8_t chaining[8], level;
	struct tunnel tunnel;           /* and of a custodian's session */
	uint8_t response[RESPONSE_MAX]; /* of the last TPDU, without status word */
	size_t length;
	uint8_t kept[32]; /* of an answer, for a session that needs it again */
	size_t kept_length;
	uint32_t messages; /* the counter of the last packet over the air */
	uint8_t packet;    /* one that may be done is under way, or was when the power failed */
	size_t (*transmit)(struct rig *rig, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
			   size_t length);
	void *context; /* for who replaced it */
};

/* A personalised card on `pages` pages of 1 KB; ends the process when there is
 * no memory or the card refuses. Close it. */
void rig_open(struct rig *rig, uint32_t seed, uint32_t pages);
/* The same, blank. */
void rig_open_blank(struct rig *rig, uint32_t seed, uint32_t pages);
void rig_close(struct rig *rig);

/* Put another memory under the card, and start it: as long as this one's. */
void rig_restore(struct rig *rig, const uint8_t *memory, uint32_t seed);

/* What the rig draws: 32 bits; bytes. */
uint32_t rig_draw(struct rig *rig);
void rig_fill(struct rig *rig, uint8_t *out, size_t length);

/* A reset; power off and on: 0, or -1 when the card does not start. */
void rig_reset(struct rig *rig);
int rig_power(struct rig *rig);

/* One TPDU, and its status word. */
uint16_t rig_tpdu(struct rig *rig, const uint8_t *command, size_t length);
/* The same with GET RESPONSE after 61xx and again after 6Cxx. */
uint16_t rig_apdu(struct rig *rig, const uint8_t *command, size_t length);

/* A new vector: RAND, SQN. */
void rig_vector(struct rig *rig);

/* Open a secure channel with a key version. The status word of what ended it. */
uint16_t rig_channel(struct rig *rig, uint8_t version, uint8_t level);

/* Put the channel's security on a command: its length, or -1 when no channel is
 * open or it does not fit. */
int rig_wrap(struct rig *rig, uint8_t out[static RIG_COMMAND], const uint8_t *command, size_t length);
/* Send one through it. */
uint16_t rig_secure(struct rig *rig, const uint8_t *command, size_t length);

/* Send a packet over the air in one short message (TS 102 225, TS 31.115): SPI
 * and TAR, and the commands; with CC, ciphered. The status word. */
uint16_t rig_message(struct rig *rig, const uint8_t spi[static 2], const uint8_t tar[static 3],
		     const uint8_t *commands, size_t length);

/* Open a custodian's session; the application is selected. The status word. */
uint16_t rig_tunnel(struct rig *rig, const uint8_t *context, size_t length);

/* Seal the next secret for it: `length` bytes, and TUNNEL_TAG. */
void rig_tunnel_seal(struct rig *rig, uint8_t *out, const uint8_t *secret, size_t length);

/* Encipher under the DEK of the channel's keys: for SCP03. `length` multiple of 16. */
void rig_seal(const struct rig *rig, uint8_t *bytes, size_t length);

#endif
