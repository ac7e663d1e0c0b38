/* scp80_packet.h - secured packets over SMS: layout and cryptography of SCP80.
 *
 * A command packet (ETSI TS 102 225 clause 5.1, 3GPP TS 31.115 clause 4.2), in the user data of a short
 * message behind information element 70:
 *
 *     CPL(2) CHL(1) SPI(2) KIc(1) KID(1) TAR(3) | CNTR(5) PCNTR(1) CC(8 or none) secured data, padding
 *
 * Behind the bar all is enciphered when SPI says so; CC is over everything but itself. The answer (5.2) is
 *
 *     02 71 00 | RPL(2) RHL(1) TAR(3) | CNTR(5) PCNTR(1) status(1) CC(8 or none) data, padding
 *
 * with CC over the three bytes in front too. Ciphers: AES in CBC mode and triple DES (two or three keys) in
 * outer CBC mode, both with a zero IV; CC: AES-CMAC cut to eight bytes, and the triple DES CBC-MAC. RC
 * (checksums) and DS (signatures) are not done.
 *
 * Pure: takes no card. */
#ifndef SIMRITE_SCP80_PACKET_H
#define SIMRITE_SCP80_PACKET_H

#include "status.h"

enum {
	SCP80_HEAD = 10,   /* bytes from CPL to TAR */
	SCP80_COUNTER = 5, /* of CNTR */
	SCP80_CC = 8,      /* of CC */
	SCP80_KEY_MAX = 32,
	SCP80_ANSWER_HEAD =
		3 + 6 + SCP80_COUNTER + 2 + SCP80_CC, /* an answer's bytes before its data, at most */
	SCP80_PADDING_MAX = 15,
};

/* SPI, first byte. */
enum scp80_spi {
	SCP80_INTEGRITY = 0x03, /* bits: 00 none, 01 RC, 02 CC, 03 DS */
	SCP80_WITH_CC = 0x02,
	SCP80_CIPHERED = 0x04,
	SCP80_COUNTING = 0x18, /* bits: 00 none, 08 a counter nobody checks, 10 higher, 18 exactly one more */
	SCP80_COUNTER_HIGHER = 0x10,
	SCP80_COUNTER_NEXT = 0x18,
};

/* SPI, second byte. */
enum scp80_answer {
	SCP80_POR = 0x03, /* bits: 00 none, 01 always, 02 when something went wrong */
	SCP80_POR_ALWAYS = 0x01,
	SCP80_POR_ON_ERROR = 0x02,
	SCP80_POR_INTEGRITY = 0x0C, /* bits: 00 none, 08 CC */
	SCP80_POR_WITH_CC = 0x08,
	SCP80_POR_CIPHERED = 0x10,
	SCP80_POR_BY_SUBMIT = 0x20,
};

/* Response status codes: TS 102 225 table 5. */
enum scp80_status {
	SCP80_OK = 0x00,
	SCP80_CC_FAILED = 0x01,
	SCP80_COUNTER_LOW = 0x02,
	SCP80_COUNTER_HIGH = 0x03,
	SCP80_COUNTER_BLOCKED = 0x04,
	SCP80_CIPHERING_ERROR = 0x05,
	SCP80_UNIDENTIFIED = 0x06, /* a header that cannot be interpreted */
	SCP80_NO_MEMORY = 0x07,
	SCP80_TAR_UNKNOWN = 0x09,
	SCP80_INSUFFICIENT = 0x0A, /* less security than the card asks for */
};

/* A command packet's header. */
struct scp80_header {
	uint8_t spi[2], kic, kid, tar[3];
};

/* KIc and KID, of one length and one cipher. The caller wipes. */
struct scp80_keys {
	uint8_t aes, length; /* AES: 16, 24 or 32; else triple DES: 16 or 24 */
	uint8_t kic[SCP80_KEY_MAX], kid[SCP80_KEY_MAX];
};

/* What was inside. `data` points into the packet. */
struct scp80_content {
	uint8_t counter[SCP80_COUNTER];
	struct span data;
};

/* Take the header off a packet. OK, or ERROR_FORMAT when its lengths are not those of a packet. */
MUST_CHECK int scp80_parse(struct scp80_header *header, struct span packet);

/* May keys like these be used as the header says? 1 or 0: another cipher, or a security this module does not
 * know. The key set's number is not looked at. */
int scp80_fits(const struct scp80_header *header, const struct scp80_keys *keys);

/* Decipher a packet that scp80_parse() took, in place, and check its CC: SCP80_OK, SCP80_CC_FAILED (also for
 * wrong padding of a packet that has a CC: that is told no differently), or SCP80_CIPHERING_ERROR. The packet
 * is destroyed but for the content. */
enum scp80_status scp80_open(struct scp80_content *content, const struct scp80_header *header,
			     const struct scp80_keys *keys, uint8_t *packet, size_t length);

/* Make the answer, user data header included, in `out`, whose data (`length` bytes) already lies
 * SCP80_ANSWER_HEAD bytes in and has SCP80_PADDING_MAX bytes of room behind it. With `keys` it is secured as
 * the header's SPI asks; with NULL it is not. Its length, or ERROR_CRYPTO. */
MUST_CHECK int scp80_answer(uint8_t *out, const struct scp80_header *header, const struct scp80_keys *keys,
			    const uint8_t counter[static SCP80_COUNTER], enum scp80_status status,
			    size_t length);

#endif
