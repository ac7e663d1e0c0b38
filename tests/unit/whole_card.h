/* whole_card.h - a card in memory, spoken to as a terminal does.
 *
 *     whole_start(&w);                     blank card, just reset
 *     sw = whole_send(&w, "00A40004023F00");   follows 61xx and 6Cxx
 *     ... w.data, w.length
 *     whole_stop(&w);
 *
 * Hex strings may hold spaces. For tests that link the card. */
#ifndef WHOLE_CARD_H
#define WHOLE_CARD_H

#include <stdio.h>
#include <string.h>

#include "auth/algorithm.h"
#include "card.h"
#include "crypto/kcv.h"
#include "lib/scp03_host.h"
#include "native.h"
#include "unit/unit.h"

#define SELECT_ISD  "00A4040C08 A000000151000000"
#define SELECT_USIM "00A4040C07 A0000000871002"
#define SELECT_MF   "00A4000C02 3F00"

struct whole_card {
	struct hal hal;
	struct card card;
	uint8_t atr[ATR_MAX];
	uint8_t data[RESPONSE_MAX]; /* of the last answer */
	size_t length;
	struct scp03_channel channel;
};

static inline void whole_reset(struct whole_card *w)
{
	CU_ASSERT(card_reset(&w->card, w->atr) > 0);
}

static inline void whole_start(struct whole_card *w)
{
	memset(w, 0, sizeof(*w));
	CU_ASSERT_EQUAL_FATAL(native_open(&w->hal, NULL), HAL_OK);
	CU_ASSERT_EQUAL_FATAL(card_start(&w->card, &w->hal), OK);
	whole_reset(w);
}

static inline void whole_stop(struct whole_card *w)
{
	native_close(&w->hal);
}

static inline sw_t whole_exchange(struct whole_card *w, const uint8_t *command, size_t length)
{
	uint8_t response[RESPONSE_MAX];
	size_t n = card_transmit(&w->card, response, command, length);

	CU_ASSERT_FATAL(n >= 2 && n <= RESPONSE_MAX);
	w->length = n - 2;
	memcpy(w->data, response, w->length);
	return (sw_t)(response[n - 2] << 8 | response[n - 1]);
}

static inline sw_t whole_apdu(struct whole_card *w, const uint8_t *command, size_t length)
{
	uint8_t again[COMMAND_MAX + 1];
	sw_t sw = whole_exchange(w, command, length);

	if (sw >> 8 == 0x6C && length <= 5) {
		memcpy(again, command, 4);
		again[4] = (uint8_t)sw;
		sw = whole_exchange(w, again, 5);
	}
	if (sw >> 8 == 0x61 || sw >> 8 == 0x9F) {
		again[0] = command[0];
		memcpy(again + 1, (const uint8_t[]){0xC0, 0, 0, (uint8_t)sw}, 4);
		sw = whole_exchange(w, again, 5);
	}
	return sw;
}

static inline size_t whole_hex(uint8_t *out, const char *hex)
{
	size_t n = 0;
	unsigned byte;

	while (*hex) {
		if (*hex == ' ') {
			hex++;
			continue;
		}
		CU_ASSERT_EQUAL_FATAL(sscanf(hex, "%2x", &byte), 1);
		out[n++] = (uint8_t)byte;
		hex += 2;
	}
	return n;
}

static inline sw_t whole_send(struct whole_card *w, const char *hex)
{
	uint8_t command[COMMAND_MAX + 1];
	size_t length = whole_hex(command, hex);

	return whole_apdu(w, command, length);
}

/* Select the issuer security domain and open a channel; the status word of
 * EXTERNAL AUTHENTICATE, or of what failed before it. */
static inline sw_t whole_open(struct whole_card *w, const struct scp03_key_set *keys, uint8_t level)
{
	static const uint8_t challenge[16] = {1, 2, 3, 4, 5, 6, 7, 8};
	uint8_t command[SCP03_COMMAND_MAX];
	struct fault fault;
	size_t length;
	sw_t sw = whole_send(w, SELECT_ISD); /* 6283: locked, and selected */
	int n;

	if (sw != SW_OK && sw != SW_CARD_LOCKED)
		return sw;
	length = scp03_begin(&w->channel, command, keys, challenge);
	sw = whole_apdu(w, command, length);
	if (sw != SW_OK)
		return sw;
	n = scp03_answer(&w->channel, command, w->data, w->length, level, &fault);
	CU_ASSERT_FATAL(n > 0);
	return whole_apdu(w, command, (size_t)n);
}

static inline sw_t whole_secure_bytes(struct whole_card *w, const uint8_t *command, size_t length)
{
	uint8_t wrapped[SCP03_COMMAND_MAX];
	struct fault fault;
	int n = scp03_wrap(&w->channel, wrapped, command, length, &fault);

	sw_t sw;

	CU_ASSERT_FATAL(n > 0);
	sw = whole_apdu(w, wrapped, (size_t)n);
	n = scp03_undo(&w->channel, w->data, w->length, sw, &fault);
	CU_ASSERT_FATAL(n >= 0);
	w->length = (size_t)n;
	return sw;
}

/* One command through the channel. */
static inline sw_t whole_secure(struct whole_card *w, const char *hex)
{
	uint8_t command[COMMAND_MAX + 1];
	size_t length = whole_hex(command, hex);

	return whole_secure_bytes(w, command, length);
}

/* One command, through the channel if it is open, else in the clear. */
static inline sw_t whole_ask(struct whole_card *w, const char *hex)
{
	return w->card.scp03.state == SCP03_OPEN ? whole_secure(w, hex) : whole_send(w, hex);
}

/* The DGI_KEY grouping that loads K and OPc into a slot; 49 bytes. */
static inline size_t whole_key_grouping(uint8_t out[static 49], const uint8_t dek[static 16], uint8_t slot,
					uint8_t method, const uint8_t k[static 16],
					const uint8_t opc[static 16])
{
	static const uint8_t zero[16];
	uint8_t secret[32];

	memcpy(out, (const uint8_t[]){0x8F, 0x01, 42, slot, 0x01, method, 0x00}, 7);
	memcpy(secret, k, 16);
	memcpy(secret + 16, opc, 16);
	CU_ASSERT_EQUAL(aes_cbc_encrypt(out + 7, (struct span){dek, 16}, zero, secret, 32), OK);
	CU_ASSERT_EQUAL(kcv(out + 39, (struct span){k, 16}), OK);
	CU_ASSERT_EQUAL(kcv(out + 42, (struct span){opc, 16}), OK);
	return 45;
}

/* STORE DATA with these groupings, in the open channel. */
static inline sw_t whole_store_data(struct whole_card *w, const uint8_t *groupings, size_t length)
{
	uint8_t command[COMMAND_MAX] = {0x80, 0xE2, 0x88, 0x00, (uint8_t)length};

	memcpy(command + 5, groupings, length);
	return whole_secure_bytes(w, command, 5 + length);
}

/* Load a slot of a card that has the public test keys. */
static inline void whole_load_key(struct whole_card *w, uint8_t slot, const uint8_t k[static 16],
				  const uint8_t opc[static 16])
{
	uint8_t grouping[49];
	size_t length = whole_key_grouping(grouping, scp03_test_keys.dek, slot, 0x01, k, opc);

	CU_ASSERT_EQUAL_FATAL(whole_open(w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL_FATAL(whole_store_data(w, grouping, length), SW_OK);
}

/* The DGI_KEY grouping of any algorithm's key, enciphered under the test keys; its length. */
static inline size_t whole_any_key_grouping(uint8_t out[static 96], uint8_t slot,
					    const struct subscriber_key *key)
{
	static const uint8_t zero[16];
	const struct key_sizes *s = &key->sizes;
	uint8_t secret[64];
	size_t n = 7, count = algorithm_parameters(out + n, key);

	memcpy(out, (const uint8_t[]){0x8F, 0x01, 0, slot, key->algorithm, 0x01, (uint8_t)count}, 7);
	n += count;
	memcpy(secret, key->k, s->k);
	memcpy(secret + s->k, key->opc, s->opc);
	CU_ASSERT_EQUAL(aes_cbc_encrypt(out + n, (struct span){scp03_test_keys.dek, 16}, zero, secret,
					(size_t)s->k + s->opc),
			OK);
	n += (size_t)s->k + s->opc;
	CU_ASSERT_EQUAL(kcv(out + n, (struct span){key->k, s->k}), OK);
	n += 3;
	if (s->opc) {
		CU_ASSERT_EQUAL(kcv(out + n, (struct span){key->opc, s->opc}), OK);
		n += 3;
	}
	out[2] = (uint8_t)(n - 3);
	return n;
}

static inline void whole_load_any_key(struct whole_card *w, uint8_t slot, const struct subscriber_key *key)
{
	uint8_t grouping[96];
	size_t length = whole_any_key_grouping(grouping, slot, key);

	CU_ASSERT_EQUAL_FATAL(whole_open(w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL_FATAL(whole_store_data(w, grouping, length), SW_OK);
}

/* AUTHENTICATE in the 3G and in the GSM context. */
static inline sw_t whole_autn(struct whole_card *w, const uint8_t rand[static 16], const uint8_t *autn,
			      uint8_t length)
{
	uint8_t command[5 + 18 + AKA_AUTN_MAX + 1] = {0x00, 0x88, 0x00, 0x81, (uint8_t)(18 + length), 16};

	memcpy(command + 6, rand, 16);
	command[22] = length;
	memcpy(command + 23, autn, length);
	return whole_apdu(w, command, 23u + length);
}

static inline sw_t whole_gsm(struct whole_card *w, const uint8_t rand[static 16])
{
	uint8_t command[5 + 17] = {0x00, 0x88, 0x00, 0x80, 17, 16};

	memcpy(command + 6, rand, 16);
	return whole_apdu(w, command, sizeof(command));
}

#endif
