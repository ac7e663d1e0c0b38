#include "vet/owner.h"

#include <string.h>

#include "crypto/aes.h"
#include "crypto/cmac.h"
#include "crypto/kcv.h"
#include "crypto/sha256.h"
#include "keys/derive.h"
#include "lib/card_file.h"
#include "lib/secret.h"
#include "status.h"

enum {
	DGI_IDENTITY = 0x0F06,
	DGI_PROVE = 0x0F07,
	DGI_AGREE = 0x0F08,
	WITH_ANSWER = 0x89, /* P1 of STORE DATA: last block, data groupings, an answer is expected */
	IDENTITY_TAG = 0xDF22,
	IDENTITY_HEAD = 3, /* DF22 41 */
	OTA_HEAD = 10,     /* CPL to TAR */
	OTA_INNER = 6 + 8, /* CNTR, PCNTR, CC */
	OTA_STATUS = 15    /* where an answer in the clear has its status: TS 102 225 5.2, behind 02 71 00 */
};

static const uint8_t zero[AES_BLOCK];

int owner_store(uint8_t *answer, size_t *length, size_t size, struct reader *reader,
		const struct scp03_key_set *keys, unsigned dgi, struct span value, struct fault *fault)
{
	uint8_t command[5 + SCP03_DATA_MAX] = {0x80, 0xE2, WITH_ANSWER, 0, (uint8_t)(3 + value.length)};
	struct scp03_channel channel;
	int sw;

	*length = 0;
	if (value.length > SCP03_DATA_MAX - 3)
		return fault_set(fault, FAULT_BUG, NULL, "a grouping of %zu bytes", value.length);
	command[5] = (uint8_t)(dgi >> 8);
	command[6] = (uint8_t)dgi;
	command[7] = (uint8_t)value.length;
	if (value.length)
		memcpy(command + 8, value.at, value.length);
	sw = scp03_open(&channel, reader, keys, fault);
	if (sw == 0)
		sw = scp03_apdu(&channel, reader, answer, length, size, command, 8 + value.length, fault);
	scp03_end(&channel);
	secret_wipe(command, sizeof(command));
	return sw;
}

static int store_exactly(uint8_t *answer, size_t size, struct reader *reader,
			 const struct scp03_key_set *keys, unsigned dgi, struct span value, const char *what,
			 struct fault *fault)
{
	size_t length;
	int sw = owner_store(answer, &length, size, reader, keys, dgi, value, fault);

	if (sw != SW_OK)
		return card_status_fault(fault, sw, what);
	return length == size ? 0
			      : fault_set(fault, FAULT_CARD, NULL, "%s: %zu bytes answered, not %zu", what,
					  length, size);
}

/* In the clear, so outside of any channel: SELECT ends one. */
static int read_identity(uint8_t *answer, size_t *length, size_t size, struct reader *reader,
			 struct fault *fault)
{
	static const uint8_t ask[] = {0x80, 0xCA, IDENTITY_TAG >> 8, IDENTITY_TAG & 0xFF, 0x00};
	int sw = scp03_select(reader, fault);

	return sw < 0 ? sw : reader_apdu(reader, answer, length, size, ask, sizeof(ask), fault);
}

int owner_identity(uint8_t identity[static P256_UNCOMPRESSED], struct reader *reader,
		   const struct scp03_key_set *keys, struct fault *fault)
{
	uint8_t answer[IDENTITY_HEAD + P256_UNCOMPRESSED];
	size_t length;
	int sw = read_identity(answer, &length, sizeof(answer), reader, fault);

	if (sw == SW_REFERENCE_NOT_FOUND) {
		if (store_exactly(NULL, 0, reader, keys, DGI_IDENTITY, (struct span){NULL, 0},
				  "making an identity", fault) != 0)
			return -1;
		sw = read_identity(answer, &length, sizeof(answer), reader, fault);
	}
	if (sw != SW_OK)
		return card_status_fault(fault, sw, "GET DATA DF22");
	if (length != sizeof(answer))
		return fault_set(fault, FAULT_CARD, NULL, "GET DATA DF22: %zu bytes", length);
	memcpy(identity, answer + IDENTITY_HEAD, P256_UNCOMPRESSED);
	return 0;
}

int owner_prove(uint8_t signature[static P256_SIGNATURE], uint8_t digest[static P256_DIGEST],
		struct reader *reader, const struct scp03_key_set *keys,
		const uint8_t iccid[static OWNER_ICCID], const uint8_t challenge[static OWNER_CHALLENGE],
		struct fault *fault)
{
	uint8_t text[16 + OWNER_CHALLENGE + OWNER_ICCID];

	memcpy(text, "simrite proof 01", 16);
	memcpy(text + 16, challenge, OWNER_CHALLENGE);
	memcpy(text + 16 + OWNER_CHALLENGE, iccid, OWNER_ICCID);
	if (sha256(digest, (struct span){text, sizeof(text)}) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "SHA-256 failed");
	return store_exactly(signature, P256_SIGNATURE, reader, keys, DGI_PROVE,
			     (struct span){challenge, OWNER_CHALLENGE}, "a proof", fault);
}

int owner_agree(struct owner_agreement *agreement, struct reader *reader, const struct scp03_key_set *keys,
		uint8_t slot, const uint8_t operator_key[static P256_COMPRESSED], struct fault *fault)
{
	uint8_t value[1 + P256_COMPRESSED] = {slot}, answer[P256_COMPRESSED + 6 + P256_SIGNATURE];

	memcpy(value + 1, operator_key, P256_COMPRESSED);
	if (store_exactly(answer, sizeof(answer), reader, keys, DGI_AGREE,
			  (struct span){value, sizeof(value)}, "an agreement", fault) != 0)
		return -1;
	memcpy(agreement->ephemeral, answer, P256_COMPRESSED);
	memcpy(agreement->kcv_k, answer + P256_COMPRESSED, 3);
	memcpy(agreement->kcv_opc, answer + P256_COMPRESSED + 3, 3);
	memcpy(agreement->signature, answer + P256_COMPRESSED + 6, P256_SIGNATURE);
	return 0;
}

/* The operator's end needs no blinding: nobody measures it. */
static int no_mask(void *context, void *out, size_t length)
{
	(void)context;
	memset(out, 1, length);
	return 0;
}

int owner_agreed(uint8_t keys[static 32], const uint8_t private_key[static P256_PRIVATE],
		 const uint8_t operator_key[static P256_COMPRESSED], const uint8_t iccid[static OWNER_ICCID],
		 uint8_t slot, const uint8_t ephemeral[static P256_COMPRESSED], struct fault *fault)
{
	const struct p256_random random = {no_mask, NULL};
	uint8_t x[P256_SHARED], about[DERIVE_AGREED_ABOUT];
	int e = p256_shared(x, private_key, (struct span){ephemeral, P256_COMPRESSED}, &random);

	memcpy(about, iccid, OWNER_ICCID);
	about[OWNER_ICCID] = slot;
	memcpy(about + OWNER_ICCID + 1, operator_key, P256_COMPRESSED);
	memcpy(about + OWNER_ICCID + 1 + P256_COMPRESSED, ephemeral, P256_COMPRESSED);
	if (e == OK)
		e = derive_agreed(keys, x, about);
	secret_wipe(x, sizeof(x));
	return e == OK ? 0
		       : fault_set(fault, FAULT_CARD, NULL, "what the card gave is no half of an agreement");
}

/* ---- over the air ---- */

int owner_put_ota(struct reader *reader, const struct scp03_key_set *keys, const struct owner_ota *ota,
		  struct fault *fault)
{
	enum {
		KEY = 1 + 1 + 1 + 16 + 1 + KCV_LENGTH
	};
	uint8_t command[5 + 1 + 3 * KEY] = {0x80, 0xD8, ota->index, 0x81, 1 + 3 * KEY, ota->index},
				    answer[16];
	struct scp03_channel channel;
	size_t length;
	int e = OK, sw;

	for (size_t i = 0; e == OK && i < 3; i++) {
		const uint8_t *key = i == 1 ? ota->kid : ota->kic;
		uint8_t *at = command + 6 + i * KEY;

		memcpy(at, "\x88\x11\x10", 3);
		e = aes_cbc_encrypt(at + 3, (struct span){keys->dek, keys->length}, zero, key, 16);
		at[19] = KCV_LENGTH;
		if (e == OK)
			e = kcv(at + 20, (struct span){key, 16});
	}
	if (e < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "AES failed");
	sw = scp03_open(&channel, reader, keys, fault);
	if (sw == 0) {
		sw = scp03_apdu(&channel, reader, answer, &length, sizeof(answer), command, sizeof(command),
				fault);
		command[2] = 0; /* nothing to replace: add it */
		if (sw == SW_REFERENCE_NOT_FOUND)
			sw = scp03_apdu(&channel, reader, answer, &length, sizeof(answer), command,
					sizeof(command), fault);
	}
	scp03_end(&channel);
	return sw == SW_OK ? 0 : card_status_fault(fault, sw, "PUT KEY");
}

/* The packet (TS 102 225 5.1.1); its length, or a negative error. */
static int packet(uint8_t *out, const struct owner_ota *ota, uint64_t counter, struct span script)
{
	size_t inner = OTA_INNER + script.length, padding = (AES_BLOCK - inner % AES_BLOCK) % AES_BLOCK;
	uint8_t message[OTA_HEAD + 6 + OWNER_SCRIPT_MAX + AES_BLOCK], mac[AES_BLOCK];
	size_t length = OTA_HEAD + inner + padding, body = script.length + padding;
	const uint8_t indicator = (uint8_t)(ota->index << 4 | 0x02); /* AES */
	int e;

	memset(out, 0, length);
	out[1] = (uint8_t)(length - 2);
	memcpy(out + 2, (const uint8_t[]){0x15, 0x16, 0x01, indicator, indicator, 0xB0, 0x00, 0x00}, 8);
	for (int i = 0; i < 5; i++)
		out[OTA_HEAD + i] = (uint8_t)(counter >> (32 - 8 * i));
	out[OTA_HEAD + 5] = (uint8_t)padding;
	memcpy(out + OTA_HEAD + OTA_INNER, script.at, script.length);
	memcpy(message, out, OTA_HEAD + 6);
	memcpy(message + OTA_HEAD + 6, out + OTA_HEAD + OTA_INNER, body);
	e = cmac(mac, (struct span){ota->kid, 16}, (struct span){message, OTA_HEAD + 6 + body});
	memcpy(out + OTA_HEAD + 6, mac, 8);
	if (e == OK)
		e = aes_cbc_encrypt(out + OTA_HEAD, (struct span){ota->kic, 16}, zero, out + OTA_HEAD,
				    length - OTA_HEAD);
	return e < 0 ? e : (int)length;
}

/* SPEC: TS 31.111 7.1.1, TS 23.040 9.2.2.1, TS 31.115 4.2: SMS-PP download, user data behind 02 70 00 */
int owner_message(uint8_t envelope[static OWNER_ENVELOPE], const struct owner_ota *ota, uint64_t counter,
		  struct span script, struct fault *fault)
{
	static const uint8_t head[] = {0x40, 0x04, 0x81, 0x21, 0x43, 0x7F, 0xF6,
				       0x22, 0x70, 0x52, 0,    0,    0,    0};
	uint8_t *at = envelope + 5;
	int length;

	if (script.length > OWNER_SCRIPT_MAX)
		return fault_set(fault, FAULT_BUG, NULL, "a message of %zu bytes", script.length);
	length = packet(at + 10 + sizeof(head) + 4, ota, counter, script);
	if (length < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "AES failed");
	length += (int)sizeof(head) + 4; /* the TPDU */
	memcpy(at,
	       (const uint8_t[]){0xD1, 0x81, (uint8_t)(length + 7), 0x82, 0x02, 0x83, 0x81, 0x8B, 0x81,
				 (uint8_t)length},
	       10);
	memcpy(at + 10, head, sizeof(head));
	memcpy(at + 10 + sizeof(head),
	       (const uint8_t[]){(uint8_t)(length - (int)sizeof(head) - 1), 0x02, 0x70, 0x00}, 4);
	memcpy(envelope, (const uint8_t[]){0x80, 0xC2, 0x00, 0x00, (uint8_t)(10 + length)}, 5);
	return 15 + length;
}

int owner_send(struct reader *reader, const uint8_t *envelope, size_t length, struct fault *fault)
{
	uint8_t command[OWNER_ENVELOPE + 1], answer[256];
	size_t got;
	int sw;

	memcpy(command, envelope, length);
	command[length] = 0; /* an answer is wanted */
	sw = reader_apdu(reader, answer, &got, sizeof(answer), command, length + 1, fault);
	if (sw < 0)
		return -1;
	if ((sw != SW_OK && (sw & 0xFF00) != 0x6200) || got <= OTA_STATUS)
		return fault_set(fault, FAULT_CARD, NULL,
				 "a message over the air is answered %04X, %zu bytes", (unsigned)sw, got);
	return answer[OTA_STATUS];
}
