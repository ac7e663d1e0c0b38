/* CC is over bytes that do not lie together, because it stands between them;
 * they are moved together for it, so that there is one span to compute over. */
#include "gp/scp80_packet.h"

#include <string.h>

#include "crypto/aes.h"
#include "crypto/cmac.h"
#include "crypto/compare.h"
#include "crypto/des.h"
#include "crypto/wipe.h"

enum {
	AT_CHL = 2,
	AT_SPI = 3,
	AT_COUNTER = SCP80_HEAD,
	AT_PADDING = AT_COUNTER + SCP80_COUNTER,
	AT_CC = AT_PADDING + 1, /* of a command packet; its data is behind */
	CHL_PLAIN = 13,         /* bytes from SPI to PCNTR */
	RHL_PLAIN = 10,         /* bytes from TAR to status */
	RPL = 3,                /* where an answer's parts are, behind 02 71 00 */
	RHL = RPL + 2,
	RTAR = RHL + 1,
	RCOUNTER = RTAR + 3,
	RPADDING = RCOUNTER + SCP80_COUNTER,
	RSTATUS = RPADDING + 1,
	RCC = RSTATUS + 1,
	CIPHER_DES = 0x01, /* low halves of KIc and KID */
	CIPHER_AES = 0x02,
	DES_TWO_KEYS = 0x04,
	DES_THREE_KEYS = 0x08,
	IMPLICIT = 0x00
};

static int has_cc(const struct scp80_header *header)
{
	return (header->spi[0] & SCP80_INTEGRITY) == SCP80_WITH_CC;
}

/* SPEC: TS 102 225 5.1, TS 31.115 4 */
int scp80_parse(struct scp80_header *header, struct span packet)
{
	const uint8_t *p = packet.at;

	if (packet.length < AT_CC || packet.length - 2 != (size_t)(p[0] << 8 | p[1]))
		return ERROR_FORMAT;
	memcpy(header->spi, p + AT_SPI, 2);
	header->kic = p[AT_SPI + 2];
	header->kid = p[AT_SPI + 3];
	memcpy(header->tar, p + AT_SPI + 4, 3);
	if (p[AT_CHL] != CHL_PLAIN + (has_cc(header) ? SCP80_CC : 0) || packet.length < 3u + p[AT_CHL])
		return ERROR_FORMAT;
	return OK;
}

/* SPEC: TS 102 225 5.1.2, 5.1.3: which algorithm the low half of KIc or KID names. */
static int same_cipher(uint8_t indicator, const struct scp80_keys *keys)
{
	uint8_t cipher = indicator & 0x0F;

	if (cipher == IMPLICIT)
		return 1;
	if (keys->aes)
		return cipher == CIPHER_AES;
	return cipher == (CIPHER_DES | (keys->length == DES3_KEY ? DES_TWO_KEYS : DES_THREE_KEYS));
}

int scp80_fits(const struct scp80_header *header, const struct scp80_keys *keys)
{
	uint8_t integrity = header->spi[0] & SCP80_INTEGRITY, por = header->spi[1] & SCP80_POR_INTEGRITY;
	int cc = has_cc(header) || por == SCP80_POR_WITH_CC;
	int cipher = (header->spi[0] & SCP80_CIPHERED) || (header->spi[1] & SCP80_POR_CIPHERED);

	if ((integrity != 0 && integrity != SCP80_WITH_CC) || (por != 0 && por != SCP80_POR_WITH_CC) ||
	    (header->spi[1] & SCP80_POR) == SCP80_POR)
		return 0;
	return (!cc || same_cipher(header->kid, keys)) && (!cipher || same_cipher(header->kic, keys));
}

static int decipher(const struct scp80_keys *keys, uint8_t *at, size_t length)
{
	static const uint8_t zero[AES_BLOCK];
	struct span kic = {keys->kic, keys->length};

	return keys->aes ? aes_cbc_decrypt(at, kic, zero, at, length) : des3_decrypt(at, kic, at, length);
}

static int encipher(const struct scp80_keys *keys, uint8_t *at, size_t length)
{
	static const uint8_t zero[AES_BLOCK];
	struct span kic = {keys->kic, keys->length};

	return keys->aes ? aes_cbc_encrypt(at, kic, zero, at, length) : des3_encrypt(at, kic, at, length);
}

/* SPEC: TS 102 225 5.1.3: the first eight bytes of AES-CMAC, or the CBC-MAC. */
static int compute_cc(uint8_t cc[static AES_BLOCK], const struct scp80_keys *keys, struct span message)
{
	struct span kid = {keys->kid, keys->length};

	return keys->aes ? cmac(cc, kid, message) : des3_mac(cc, kid, message);
}

/* The header goes next to the data, over the CC, which is kept aside. */
static enum verdict check_cc(const struct scp80_keys *keys, uint8_t *packet, size_t length)
{
	uint8_t want[AES_BLOCK], have[SCP80_CC];
	int e;

	memcpy(have, packet + AT_CC, SCP80_CC);
	memmove(packet + SCP80_CC, packet, AT_CC);
	e = compute_cc(want, keys, (struct span){packet + SCP80_CC, length - SCP80_CC});
	return e == OK && compare_equal(want, have, SCP80_CC) == GRANTED ? GRANTED : DENIED;
}

static enum scp80_status open_packet(struct scp80_content *content, const struct scp80_header *header,
				     const struct scp80_keys *keys, uint8_t *packet, size_t length)
{
	enum scp80_status wrong = has_cc(header) ? SCP80_CC_FAILED : SCP80_CIPHERING_ERROR;
	size_t head = AT_CC + (has_cc(header) ? SCP80_CC : 0u);
	uint8_t padding;

	if ((header->spi[0] & SCP80_CIPHERED) && decipher(keys, packet + AT_COUNTER, length - AT_COUNTER) < 0)
		return wrong;
	padding = packet[AT_PADDING];
	memcpy(content->counter, packet + AT_COUNTER, SCP80_COUNTER);
	if (has_cc(header) && check_cc(keys, packet, length) != GRANTED)
		return wrong;
	if (padding > length - head)
		return wrong;
	content->data = (struct span){packet + head, length - head - padding};
	return SCP80_OK;
}

enum scp80_status scp80_open(struct scp80_content *content, const struct scp80_header *header,
			     const struct scp80_keys *keys, uint8_t *packet, size_t length)
{
	enum scp80_status status = open_packet(content, header, keys, packet, length);

	if (status != SCP80_OK) /* what a key made of somebody's bytes is not for the answer */
		memset(content, 0, sizeof(*content));
	return status;
}

/* Put CC in front of the data, whose place is behind it; `n` bytes of header and `length` of data. */
static int put_cc(uint8_t *out, const struct scp80_keys *keys, size_t length)
{
	uint8_t cc[AES_BLOCK];
	int e;

	memmove(out + SCP80_CC, out, RCC);
	e = compute_cc(cc, keys, (struct span){out + SCP80_CC, RCC + length});
	memmove(out, out + SCP80_CC, RCC);
	memcpy(out + RCC, cc, SCP80_CC);
	return e;
}

/* SPEC: TS 102 225 5.2, TS 31.115 4 */
int scp80_answer(uint8_t *out, const struct scp80_header *header, const struct scp80_keys *keys,
		 const uint8_t counter[static SCP80_COUNTER], enum scp80_status status, size_t length)
{
	int cc = keys && (header->spi[1] & SCP80_POR_INTEGRITY) == SCP80_POR_WITH_CC, e = OK;
	int cipher = keys && (header->spi[1] & SCP80_POR_CIPHERED);
	size_t block = !cipher ? 1 : keys->aes ? AES_BLOCK : DES_BLOCK;
	size_t head = RCC + (cc ? SCP80_CC : 0u), padding, total;

	if (!cc)
		memmove(out + RCC, out + SCP80_ANSWER_HEAD, length);
	padding = (block - (head - RCOUNTER + length) % block) % block;
	memset(out + head + length, 0, padding);
	total = head + length + padding;
	memcpy(out, (const uint8_t[]){0x02, 0x71, 0x00}, 3);
	out[RPL] = (uint8_t)((total - RHL) >> 8);
	out[RPL + 1] = (uint8_t)(total - RHL);
	out[RHL] = (uint8_t)(RHL_PLAIN + (cc ? SCP80_CC : 0));
	memcpy(out + RTAR, header->tar, 3);
	memcpy(out + RCOUNTER, counter, SCP80_COUNTER);
	out[RPADDING] = (uint8_t)padding;
	out[RSTATUS] = (uint8_t)status;
	if (cc)
		e = put_cc(out, keys, length + padding);
	if (e == OK && cipher)
		e = encipher(keys, out + RCOUNTER, total - RCOUNTER);
	return e < 0 ? ERROR_CRYPTO : (int)total;
}
