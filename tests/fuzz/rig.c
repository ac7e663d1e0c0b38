#include "fuzz/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/gba.h"
#include "auth/milenage.h"
#include "crypto/cmac.h"
#include "crypto/kcv.h"
#include "gp/personalise.h"

enum {
	PAGE = 1024,
	UNIT_BYTES = 4,
	TYPE_AES = 0x88,
	TYPE_DES = 0x80
};

static const uint8_t zero[AES_BLOCK];

uint32_t rig_draw(struct rig *rig)
{
	rig->random ^= rig->random << 13;
	rig->random ^= rig->random >> 17;
	rig->random ^= rig->random << 5;
	return rig->random * 0x9E3779B1u;
}

void rig_fill(struct rig *rig, uint8_t *out, size_t length)
{
	for (; length; length--)
		*out++ = (uint8_t)(rig_draw(rig) >> 23);
}

static void draw_digits(struct rig *rig, uint8_t pin[static PIN_LENGTH], size_t digits)
{
	memset(pin, 0xFF, PIN_LENGTH);
	while (digits--)
		pin[digits] = (uint8_t)('0' + rig_draw(rig) / 3 % 10);
}

/* ---- the memory ---- */

static void first_write(struct rig *rig)
{
	if (!rig->wrote)
		memcpy(rig->before, rig->cut.memory, rig->cut.size);
	rig->wrote = 1;
}

static int watch_write(void *board, uint32_t address, const void *in, size_t length)
{
	struct rig *rig = board;

	first_write(rig);
	return rig->write(board, address, in, length);
}

static int watch_erase(void *board, uint32_t page)
{
	struct rig *rig = board;

	first_write(rig);
	return rig->erase(board, page);
}

static size_t transmit(struct rig *rig, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		       size_t length)
{
	return card_transmit(&rig->card, response, command, length);
}

static void give_up(const char *why)
{
	fprintf(stderr, "rig: %s\n", why);
	abort();
}

void rig_open_blank(struct rig *rig, uint32_t seed, uint32_t pages)
{
	memset(rig, 0, sizeof(*rig));
	rig->random = seed * 2654435761u | 1;
	rig->transmit = transmit;
	rig->before = malloc((size_t)pages * PAGE);
	if (!rig->before || cut_open(&rig->cut, pages, PAGE, UNIT_BYTES, 0xFF) < 0)
		give_up("no memory");
	rig->cut.random ^= seed;
	rig->write = rig->cut.hal.nvm_write;
	rig->erase = rig->cut.hal.nvm_erase;
	rig->cut.hal.nvm_write = watch_write;
	rig->cut.hal.nvm_erase = watch_erase;
	if (rig_power(rig) < 0)
		give_up("a blank card does not start");
}

void rig_close(struct rig *rig)
{
	free(rig->before);
	cut_close(&rig->cut);
}

void rig_restore(struct rig *rig, const uint8_t *memory, uint32_t seed)
{
	memcpy(rig->cut.memory, memory, rig->cut.size);
	memset(rig->cut.written, 0, rig->cut.units); /* it was not written by the card */
	rig->random = seed * 2654435761u | 1;
	rig->cut.random = 0x2545F491 ^ seed;
	rig->cut.clock = 0;
	rig->cut.left = 0;
	rig->messages = 0;
	rig->packet = 0;
	if (rig_power(rig) < 0)
		give_up("a card does not start on a memory of its own");
}

void rig_reset(struct rig *rig)
{
	uint8_t atr[ATR_MAX];

	(void)card_reset(&rig->card, atr);
	rig->protocol = 0;
}

int rig_power(struct rig *rig)
{
	rig->protocol = 0;
	if (card_start(&rig->card, &rig->cut.hal) < 0)
		return -1;
	rig_reset(rig);
	return 0;
}

/* ---- commands ---- */

uint16_t rig_tpdu(struct rig *rig, const uint8_t *command, size_t length)
{
	uint8_t response[RESPONSE_MAX];
	size_t n;

	rig->wrote = 0;
	n = rig->transmit(rig, response, command, length);
	if (n < 2 || n > RESPONSE_MAX)
		give_up("an answer without status word");
	rig->length = n - 2;
	memcpy(rig->response, response, rig->length);
	return (uint16_t)(response[n - 2] << 8 | response[n - 1]);
}

uint16_t rig_apdu(struct rig *rig, const uint8_t *command, size_t length)
{
	uint16_t sw = rig_tpdu(rig, command, length);
	uint8_t again[5];

	if (length < 4 || (sw >> 8 != 0x61 && sw >> 8 != 0x9F && (sw >> 8 != 0x6C || length != 5)))
		return sw;
	memcpy(again, command, 4);
	again[4] = (uint8_t)sw;
	if (sw >> 8 != 0x6C)
		memcpy(again + 1, (const uint8_t[]){0xC0, 0, 0}, 3);
	return rig_tpdu(rig, again, sizeof(again));
}

void rig_vector(struct rig *rig)
{
	static const uint8_t amf[AKA_AMF] = {0x80, 0x00};
	uint8_t rand[AKA_RAND], sqn[AKA_SQN], mask[GBA_MASK];
	uint64_t value;

	memcpy(rig->public.old_rand, rig->vector.rand, AKA_RAND);
	memcpy(rig->public.old_autn, rig->vector.autn, AKA_AUTN);
	rig->seq++;
	value = rig->seq << 5 | rig->seq % 32;
	for (int i = AKA_SQN - 1; i >= 0; i--, value >>= 8)
		sqn[i] = (uint8_t)value;
	rig_fill(rig, rand, sizeof(rand));
	if (milenage_vector(&rig->vector, rig->secret.k, rig->secret.opc, rand, sqn, amf) < 0)
		give_up("no vector");
	gba_mask(mask, rig->vector.ik, AKA_KEY);
	memcpy(rig->public.gba_autn, rig->vector.autn, AKA_AUTN);
	for (size_t i = 0; i < GBA_MASK; i++)
		rig->public.gba_autn[AKA_SQN + AKA_AMF + i] ^= mask[i];
}

/* ---- secure channels ---- */

/* What a key version opens, for the other end; 0: nothing the rig knows. */
static int key_set(const struct rig *rig, struct scp03_key_set *keys, uint8_t version)
{
	const struct rig_secrets *s = &rig->secret;

	*keys = (struct scp03_key_set){.version = version, .length = 16};
	if (version == scp03_test_keys.version) {
		*keys = scp03_test_keys;
	} else if (version == RIG_AES) {
		memcpy(keys->enc, s->enc, 16);
		memcpy(keys->mac, s->mac, 16);
		memcpy(keys->dek, s->dek, 16);
	} else if (version == RIG_AES_256) {
		keys->length = 32;
		keys->mode = SCP03_S16;
		memcpy(keys->enc, s->enc32, 32);
		memcpy(keys->mac, s->mac32, 32);
		memcpy(keys->dek, s->dek32, 32);
	} else {
		return 0;
	}
	return 1;
}

static uint16_t channel_scp02(struct rig *rig, uint8_t level)
{
	uint8_t update[14] = {0x80, 0x50, RIG_DES, 0x00, 8}, command[21] = {0x84, 0x82, level, 0x00, 16};
	const struct rig_secrets *s = &rig->secret;
	uint16_t sw;

	rig_fill(rig, update + 5, 8);
	if ((sw = rig_apdu(rig, update, sizeof(update))) != SW_OK || rig->length < 28)
		return sw;
	memset(rig->chaining, 0, sizeof(rig->chaining));
	if (scp02_session_keys(&rig->des, s->enc_des, s->mac_des, s->dek_des, rig->response + 12) < 0 ||
	    scp02_host_cryptogram(command + 5, &rig->des, update + 5, rig->response + 12) < 0 ||
	    scp02_command_mac(command + 13, rig->chaining, &rig->des, command,
			      (struct span){command + 5, 8}) < 0)
		give_up("SCP02");
	rig->level = level;
	sw = rig_apdu(rig, command, sizeof(command));
	rig->protocol = sw == SW_OK ? 2 : 0;
	return sw;
}

uint16_t rig_channel(struct rig *rig, uint8_t version, uint8_t level)
{
	static const uint8_t select[] = {0x00, 0xA4, 0x04, 0x00, 0x08, 0xA0, 0x00,
					 0x00, 0x01, 0x51, 0x00, 0x00, 0x00, 0x00};
	uint8_t command[SCP03_ANSWER_MAX + 1], challenge[SCP03_S16];
	struct scp03_key_set keys;
	struct fault fault;
	uint16_t sw = rig_apdu(rig, select, sizeof(select));
	int n;

	rig->protocol = 0;
	if (sw != SW_OK && sw != SW_CARD_LOCKED)
		return sw;
	if (version == RIG_DES)
		return channel_scp02(rig, level);
	if (!key_set(rig, &keys, version))
		return SW_REFERENCE_NOT_FOUND;
	rig_fill(rig, challenge, sizeof(challenge));
	n = (int)scp03_begin(&rig->channel, command, &keys, challenge);
	if ((sw = rig_apdu(rig, command, (size_t)n - 1)) != SW_OK)
		return sw;
	n = scp03_answer(&rig->channel, command, rig->response, rig->length, level, &fault);
	if (n < 0)
		return SW_SECURITY_NOT_SATISFIED;
	sw = rig_apdu(rig, command, (size_t)n);
	rig->protocol = sw == SW_OK ? 3 : 0;
	return sw;
}

static int wrap_scp02(struct rig *rig, uint8_t *out, const uint8_t *command, size_t length)
{
	size_t data = length > 5 ? command[4] : 0;
	uint8_t mac[SCP02_MAC];
	int n = (int)data;

	if (length < 4 || data > 239 || length < 5 + data)
		return -1;
	memcpy(out, command, 4);
	out[0] |= 0x04;
	out[4] = (uint8_t)(data + SCP02_MAC);
	memcpy(out + 5, command + 5, data);
	if (scp02_command_mac(mac, rig->chaining, &rig->des, out, (struct span){command + 5, data}) < 0)
		return -1;
	if (rig->level == 0x03 && data > 0)
		n = scp02_encrypt(out + 5, 248, &rig->des, (struct span){command + 5, data});
	if (n < 0 || n > 247)
		return -1;
	memcpy(out + 5 + n, mac, SCP02_MAC);
	out[4] = (uint8_t)(n + SCP02_MAC);
	return n + 5 + SCP02_MAC;
}

int rig_wrap(struct rig *rig, uint8_t out[static RIG_COMMAND], const uint8_t *command, size_t length)
{
	struct fault fault;

	if (rig->protocol == 2)
		return wrap_scp02(rig, out, command, length);
	if (rig->protocol != 3 || length < 4 || length > SCP03_COMMAND_MAX)
		return -1;
	return scp03_wrap(&rig->channel, out, command, length, &fault);
}

uint16_t rig_secure(struct rig *rig, const uint8_t *command, size_t length)
{
	uint8_t wrapped[RIG_COMMAND];
	struct fault fault;
	uint16_t sw;
	int n = rig_wrap(rig, wrapped, command, length);

	if (n < 0)
		return rig_apdu(rig, command, length);
	sw = rig_apdu(rig, wrapped, (size_t)n);
	if (rig->protocol != 3)
		return sw;
	n = scp03_undo(&rig->channel, rig->response, rig->length, sw, &fault);
	rig->length = n < 0 ? 0 : (size_t)n;
	return sw;
}

/* ---- over the air ---- */

enum {
	PACKET_HEAD = 16, /* lengths, SPI, KIc, KID, TAR, counter, padding counter */
	PACKET_CC = 8,
	PACKET_MOST = 96 /* bytes of commands that one message takes */
};

/* A command packet with CC and enciphered: its length. */
static size_t make_packet(struct rig *rig, uint8_t *out, const uint8_t spi[static 2],
			  const uint8_t tar[static 3], const uint8_t *commands, size_t length)
{
	size_t inner = 6 + PACKET_CC + length, padding = (AES_BLOCK - inner % AES_BLOCK) % AES_BLOCK;
	size_t n = 10 + inner + padding;
	uint8_t message[PACKET_HEAD + PACKET_MOST + AES_BLOCK], mac[AES_BLOCK];

	rig->messages++;
	memcpy(out,
	       (const uint8_t[]){0, (uint8_t)(n - 2), 0x15, spi[0], spi[1], RIG_OTA << 4 | 2,
				 RIG_OTA << 4 | 2},
	       7);
	memcpy(out + 7, tar, 3);
	memcpy(out + 10,
	       (const uint8_t[]){0, (uint8_t)(rig->messages >> 24), (uint8_t)(rig->messages >> 16),
				 (uint8_t)(rig->messages >> 8), (uint8_t)rig->messages, (uint8_t)padding},
	       6);
	memcpy(message, out, PACKET_HEAD);
	memcpy(message + PACKET_HEAD, commands, length);
	memset(message + PACKET_HEAD + length, 0, padding);
	if (cmac(mac, (struct span){rig->secret.kid, 16},
		 (struct span){message, PACKET_HEAD + length + padding}) < 0)
		give_up("no CC");
	memcpy(out + PACKET_HEAD, mac, PACKET_CC);
	memcpy(out + PACKET_HEAD + PACKET_CC, message + PACKET_HEAD, length + padding);
	if (aes_cbc_encrypt(out + 10, (struct span){rig->secret.kic, 16}, zero, out + 10, n - 10) < 0)
		give_up("no packet");
	return n;
}

uint16_t rig_message(struct rig *rig, const uint8_t spi[static 2], const uint8_t tar[static 3],
		     const uint8_t *commands, size_t length)
{
	static const uint8_t sender[] = {0x40, 0x04, 0x81, 0x21, 0x43, 0x7F, 0xF6,
					 0x22, 0x70, 0x52, 0,    0,    0,    0};
	uint8_t out[RIG_COMMAND], packet[PACKET_HEAD + PACKET_CC + PACKET_MOST + AES_BLOCK], user;
	uint16_t sw;
	size_t n;

	if (length > PACKET_MOST)
		return SW_WRONG_LENGTH;
	n = make_packet(rig, packet, spi, tar, commands, length);
	user = (uint8_t)(n + 3); /* and the user data header that says what it is */
	memcpy(out,
	       (const uint8_t[]){0x80, 0xC2, 0x00, 0x00, (uint8_t)(user + 25), 0xD1, 0x81,
				 (uint8_t)(user + 22), 0x82, 0x02, 0x83, 0x81, 0x8B, 0x81,
				 (uint8_t)(user + 15)},
	       15);
	memcpy(out + 15, sender, sizeof(sender));
	memcpy(out + 29, (const uint8_t[]){user, 2, 0x70, 0x00}, 4);
	memcpy(out + 33, packet, n);
	rig->packet = 1;
	sw = rig_apdu(rig, out, 33 + n);
	rig->packet = sw == 0xFFFF; /* the power failed: it may still be done, by who sends it again */
	return sw;
}

void rig_seal(const struct rig *rig, uint8_t *bytes, size_t length)
{
	const struct scp03_key_set *keys = &rig->channel.keys;

	if (aes_cbc_encrypt(bytes, (struct span){keys->dek, keys->length}, zero, bytes, length) < 0)
		give_up("what is sealed is not blocks");
}

/* ---- a custodian's session ---- */

static int rig_random(void *rig, void *out, size_t length)
{
	rig_fill(rig, out, length);
	return 0;
}

uint16_t rig_tunnel(struct rig *rig, const uint8_t *context, size_t length)
{
	const struct p256_random random = {rig_random, rig};
	uint8_t command[RIG_COMMAND] = {0x80, 0x38, 0, 0, (uint8_t)(P256_COMPRESSED + length)},
		x[P256_SHARED];
	uint8_t private_key[P256_PRIVATE], key[P256_UNCOMPRESSED], *host_key = command + 5;
	uint16_t sw;

	if (p256_generate(private_key, key, &random) < 0 ||
	    p256_compress(host_key, (struct span){key, sizeof(key)}) < 0)
		give_up("no key");
	memcpy(host_key + P256_COMPRESSED, context, length);
	sw = rig_apdu(rig, command, 5 + P256_COMPRESSED + length);
	if (sw != SW_OK || rig->length < P256_COMPRESSED)
		return sw;
	if (p256_shared(x, private_key, (struct span){rig->response, P256_COMPRESSED}, &random) < 0 ||
	    tunnel_derive(&rig->tunnel, x, rig->response, host_key) < 0)
		give_up("no session");
	return sw;
}

void rig_tunnel_seal(struct rig *rig, uint8_t *out, const uint8_t *secret, size_t length)
{
	if (tunnel_seal(out, &rig->tunnel, TUNNEL_TO_CARD, (struct span){secret, length}) < 0)
		give_up("nothing sealed");
}

/* ---- personalising ---- */

static void draw_secrets(struct rig *rig)
{
	struct rig_secrets *s = &rig->secret;

	rig_fill(rig, (uint8_t *)s, sizeof(*s));
	draw_digits(rig, s->pin1, 8);
	draw_digits(rig, s->pin1_new, 7);
	draw_digits(rig, s->puk1, 8);
	draw_digits(rig, s->custodian_pin, 7);
	draw_digits(rig, s->custodian_code, 8);
	draw_digits(rig, rig->public.wrong, 6);
	if (kcv(rig->public.kcv_next_k, (struct span){s->next_k, 16}) < 0 ||
	    kcv(rig->public.kcv_next_opc, (struct span){s->next_opc, 16}) < 0 ||
	    kcv(rig->public.kcv_next_enc, (struct span){s->next_enc, 16}) < 0 ||
	    kcv(rig->public.kcv_next_mac, (struct span){s->next_mac, 16}) < 0 ||
	    kcv(rig->public.kcv_next_dek, (struct span){s->next_dek, 16}) < 0)
		give_up("no check value");
}

/* PUT KEY: `version` in place of `old`, or beside what there is (0). */
static uint16_t put_key(struct rig *rig, uint8_t old, uint8_t version, uint8_t length,
			const uint8_t *const keys[3])
{
	uint8_t command[RIG_COMMAND] = {0x80, 0xD8, old, 0x81, 0, version}, *at = command + 6;
	int aes = version != RIG_DES, i, e = OK;

	for (i = 0; e == OK && i < 3; i++) {
		*at++ = aes ? TYPE_AES : TYPE_DES;
		*at++ = length;
		memcpy(at, keys[i], length);
		rig_seal(rig, at, length);
		at += length;
		*at++ = KCV_LENGTH;
		e = aes ? kcv(at, (struct span){keys[i], length}) : des3_kcv(at, keys[i]);
		at += KCV_LENGTH;
	}
	command[4] = (uint8_t)(at - command - 5);
	return e < 0 ? SW_TECHNICAL_PROBLEM : rig_secure(rig, command, (size_t)(at - command));
}

static uint16_t put_pin(struct rig *rig, uint8_t reference, uint8_t unblock_tries,
			const uint8_t pin[static PIN_LENGTH], const uint8_t puk[static PIN_LENGTH])
{
	uint8_t command[5 + 3 + 20] = {0x80,           0xE2, 0x88,      0x00, 23, DGI_PIN >> 8,
				       DGI_PIN & 0xFF, 20,   reference, 1,    3,  unblock_tries};

	memcpy(command + 12, pin, PIN_LENGTH);
	memcpy(command + 20, puk, PIN_LENGTH);
	rig_seal(rig, command + 12, 16);
	return rig_secure(rig, command, sizeof(command));
}

static uint16_t put_subscriber_key(struct rig *rig)
{
	uint8_t command[5 + 3 + 42] = {0x80, 0xE2,          0x88,           0x00,
				       45,   DGI_KEY >> 8,  DGI_KEY & 0xFF, 42,
				       1,    SLOT_MILENAGE, SLOT_INJECTED,  0};
	const struct rig_secrets *s = &rig->secret;

	memcpy(command + 12, s->k, AKA_KEY);
	memcpy(command + 28, s->opc, AKA_KEY);
	rig_seal(rig, command + 12, 32);
	if (kcv(command + 44, (struct span){s->k, AKA_KEY}) < 0 ||
	    kcv(command + 47, (struct span){s->opc, AKA_KEY}) < 0)
		return SW_TECHNICAL_PROBLEM;
	return rig_secure(rig, command, sizeof(command));
}

static uint16_t personalise(struct rig *rig)
{
	static const uint8_t none[PIN_LENGTH] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	static const uint8_t s16[] = {0x80, 0xE2, 0x88, 0x00, 5, 0x0F, 0x03, 2, RIG_AES_256, 0x71};
	const struct rig_secrets *s = &rig->secret;
	const uint8_t *const des[3] = {s->enc_des, s->mac_des, s->dek_des};
	const uint8_t *const aes256[3] = {s->enc32, s->mac32, s->dek32};
	const uint8_t *const ota[3] = {s->kic, s->kid, s->kik};
	const uint8_t *const aes[3] = {s->enc, s->mac, s->dek};
	uint16_t sw;

	if ((sw = rig_channel(rig, scp03_test_keys.version, 0x33)) != SW_OK ||
	    (sw = put_pin(rig, PIN_1, 10, s->pin1, s->puk1)) != SW_OK ||
	    (sw = put_pin(rig, PIN_ADM1, 0, s->adm1, none)) != SW_OK ||
	    (sw = put_subscriber_key(rig)) != SW_OK || (sw = put_key(rig, 0, RIG_DES, 16, des)) != SW_OK ||
	    (sw = put_key(rig, 0, RIG_AES_256, 32, aes256)) != SW_OK ||
	    (sw = rig_secure(rig, s16, sizeof(s16))) != SW_OK ||
	    (sw = put_key(rig, 0, RIG_OTA, 16, ota)) != SW_OK ||
	    (sw = put_key(rig, scp03_test_keys.version, RIG_AES, 16, aes)) != SW_OK)
		return sw;
	return SW_OK;
}

void rig_open(struct rig *rig, uint32_t seed, uint32_t pages)
{
	uint16_t sw;

	rig_open_blank(rig, seed, pages);
	draw_secrets(rig);
	if ((sw = personalise(rig)) != SW_OK) {
		fprintf(stderr, "rig: personalising ended with %04X\n", sw);
		abort();
	}
	rig_vector(rig);
	rig_power(rig);
}
