/* All data groupings of a profile fit one STORE DATA (the longest profile
 * makes 230 bytes of the 239), and one STORE DATA is one transaction of the
 * card: a card is personalised or it is not. A ticket needs most of one, so
 * under tickets the key comes in a second (at most 222 bytes). */
#include "lib/personalise.h"

#include <stdio.h>
#include <string.h>

#include "auth/algorithm.h"
#include "crypto/aes.h"
#include "crypto/kcv.h"
#include "gp/personalise.h"
#include "lib/card_file.h"
#include "lib/digits.h"
#include "lib/secret.h"
#include "status.h"

enum {
	INS_STORE_DATA = 0xE2,
	LAST_BLOCK = 0x80,
	DGI_FORMAT = 0x08,
	ANSWER_EXPECTED = 0x01,
	USIM_SLOT = 1, /* the slot ADF.USIM authenticates with */
	PIN1 = 0x01,
	ADM1 = 0x0A,
	PIN_TRIES = 3,
	PUK_TRIES = 10,
	PERSONALISED = 0x0F,
	AD_LENGTH = 4,
	SPN_LENGTH = 17,
};

/* STORE DATA under construction; the error sticks. */
struct groupings {
	uint8_t command[5 + SCP03_DATA_MAX];
	size_t length; /* of the data */
	int error;
};

/* Room for one grouping of `length` bytes, its header written; NULL after an error. */
static uint8_t *grouping(struct groupings *g, unsigned dgi, size_t length)
{
	uint8_t *at = g->command + 5 + g->length;

	if (g->length + 3 + length > SCP03_DATA_MAX)
		g->error = ERROR_RANGE;
	if (g->error < 0)
		return NULL;
	at[0] = (uint8_t)(dgi >> 8);
	at[1] = (uint8_t)(dgi & 0xFF);
	at[2] = (uint8_t)length;
	g->length += 3 + length;
	return at + 3;
}

/* Part of a transparent file. `under_usim`: of ADF.USIM, else of the MF. */
static void add_file(struct groupings *g, int under_usim, uint16_t fid, uint8_t offset,
		     const uint8_t *content, size_t length)
{
	size_t path = under_usim ? 4 : 2;
	uint8_t *at = grouping(g, DGI_FILE, 1 + path + 2 + length);

	if (!at)
		return;
	*at++ = (uint8_t)(path / 2);
	if (under_usim) {
		*at++ = 0x7F;
		*at++ = 0xFF;
	}
	*at++ = (uint8_t)(fid >> 8);
	*at++ = (uint8_t)(fid & 0xFF);
	*at++ = 0; /* no record */
	*at++ = offset;
	memcpy(at, content, length);
}

/* E() of firmware/gp/personalise.h: AES-CBC under the DEK, zero IV. */
static void encipher(struct groupings *g, uint8_t *out, const struct scp03_key_set *keys, const uint8_t *in,
		     size_t length)
{
	static const uint8_t iv[16];
	struct span dek = {keys->dek, keys->length};
	int e = aes_cbc_encrypt(out, dek, iv, in, length);

	if (e < 0)
		g->error = e;
}

static void add_value(struct groupings *g, unsigned dgi, struct span value)
{
	uint8_t *at = grouping(g, dgi, value.length);

	if (at && value.length)
		memcpy(at, value.at, value.length);
}

static void add_key(struct groupings *g, const struct scp03_key_set *keys, const struct profile *profile,
		    uint8_t slot)
{
	const struct subscriber_key *key = &profile->key;
	const struct key_sizes *s = &key->sizes;
	uint8_t parameters[ALGORITHM_PARAMETERS], clear[SUBSCRIBER_K_MAX + SUBSCRIBER_OPC_MAX];
	size_t count = algorithm_parameters(parameters, key), length = (size_t)s->k + s->opc;
	uint8_t *at = grouping(g, DGI_KEY, 4 + count + length + (s->opc ? 2 : 1) * (size_t)KCV_LENGTH);

	if (!at)
		return;
	*at++ = slot;
	*at++ = key->algorithm;
	*at++ = profile->method;
	*at++ = (uint8_t)count;
	memcpy(at, parameters, count);
	at += count;
	memcpy(clear, key->k, s->k);
	memcpy(clear + s->k, key->opc, s->opc);
	encipher(g, at, keys, clear, length);
	at += length;
	if (kcv(at, (struct span){key->k, s->k}) < 0 ||
	    (s->opc && kcv(at + KCV_LENGTH, (struct span){key->opc, s->opc}) < 0))
		g->error = ERROR_CRYPTO;
	secret_wipe(clear, sizeof(clear));
}

/* Digits padded with FF; `digits` may be empty. */
static void pad_pin(uint8_t out[static 8], const char *digits)
{
	size_t i;

	for (i = 0; i < 8; i++)
		out[i] = *digits ? (uint8_t)*digits++ : 0xFF;
}

static void add_pin(struct groupings *g, const struct scp03_key_set *keys, uint8_t reference, int enabled,
		    const char *pin, const char *puk)
{
	uint8_t *at = grouping(g, DGI_PIN, 4 + 16), clear[16];

	if (!at)
		return;
	at[0] = reference;
	at[1] = enabled ? 1 : 0;
	at[2] = PIN_TRIES;
	at[3] = reference == ADM1 ? 0 : PUK_TRIES;
	pad_pin(clear, pin);
	pad_pin(clear + 8, puk);
	encipher(g, at + 4, keys, clear, sizeof(clear));
	secret_wipe(clear, sizeof(clear));
}

/* TS 31.102 4.2.12: display condition 01 (not required in the home network), name, FF. */
void personalise_spn(uint8_t file[static 17], const char *spn)
{
	size_t i;

	file[0] = 0x01;
	for (i = 1; i < SPN_LENGTH; i++)
		file[i] = *spn ? (uint8_t)*spn++ : 0xFF;
}

static void add_agreement(struct groupings *g, const struct ticket *ticket)
{
	uint8_t *at = grouping(g, DGI_AGREE, 1 + P256_COMPRESSED);

	if (!at)
		return;
	*at++ = ticket->slot;
	memcpy(at, ticket->operator_key, P256_COMPRESSED);
}

static void build(struct groupings *g, const struct scp03_key_set *keys, const struct profile *profile)
{
	uint8_t content[SPN_LENGTH], *state;

	memset(g, 0, sizeof(*g));
	if (profile->iccid[0]) {
		digits_to_iccid(content, profile->iccid);
		add_file(g, 0, 0x2FE2, 0, content, 10);
	}
	if (profile->imsi[0]) {
		digits_to_imsi(content, profile->imsi);
		add_file(g, 1, 0x6F07, 0, content, 9);
	}
	if (profile->mnc_length)
		add_file(g, 1, 0x6FAD, AD_LENGTH - 1, &profile->mnc_length, 1);
	if (profile->spn[0]) {
		personalise_spn(content, profile->spn);
		add_file(g, 1, 0x6F46, 0, content, SPN_LENGTH);
	}
	if (profile->has_key)
		add_key(g, keys, profile, USIM_SLOT);
	if (profile->pin1[0])
		add_pin(g, keys, PIN1, profile->pin1_enabled, profile->pin1, profile->puk1);
	if (profile->adm1[0])
		add_pin(g, keys, ADM1, 1, profile->adm1, "");
	state = grouping(g, DGI_STATE, 1);
	if (state)
		*state = PERSONALISED;
}

/* ---- reading back ---- */

static int compare_file(struct reader *reader, const uint8_t *wanted, size_t offset, size_t length,
			const char *path, const char *name, struct fault *fault)
{
	uint8_t held[32];

	if (card_file_get(reader, held, offset + length, path, name, fault) != 0)
		return -1;
	if (memcmp(held + offset, wanted, length) != 0)
		return fault_set(fault, FAULT_CARD, "do not use this card",
				 "%s was written, but the card gives back other bytes", name);
	return 0;
}

static int read_back(struct reader *reader, const struct profile *profile, struct fault *fault)
{
	uint8_t content[SPN_LENGTH];

	if (profile->iccid[0]) {
		digits_to_iccid(content, profile->iccid);
		if (compare_file(reader, content, 0, 10, "2FE2", "EF.ICCID", fault) != 0)
			return -1;
	}
	if (profile->pin1_enabled) {
		int sw = card_pin_verify(reader, PIN1, profile->pin1, fault);

		if (sw != SW_OK)
			return card_status_fault(fault, sw, "verify the new PIN1");
	}
	if (profile->imsi[0]) {
		digits_to_imsi(content, profile->imsi);
		if (compare_file(reader, content, 0, 9, "7FFF/6F07", "EF.IMSI", fault) != 0)
			return -1;
	}
	if (profile->mnc_length &&
	    compare_file(reader, &profile->mnc_length, AD_LENGTH - 1, 1, "7FFF/6FAD", "EF.AD", fault) != 0)
		return -1;
	if (profile->spn[0]) {
		personalise_spn(content, profile->spn);
		return compare_file(reader, content, 0, SPN_LENGTH, "7FFF/6F46", "EF.SPN", fault);
	}
	return 0;
}

/* ---- the seam ---- */

static int store_fault(struct fault *fault, int sw)
{
	if (sw == SW_DATA_INVALIDATED)
		fault_set(fault, FAULT_CARD, "what was not loaded by then is for another ceremony",
			  "the card knows a later time than its ticket is good for (STORE DATA, %04X)", sw);
	else
		card_status_fault(fault, sw, "STORE DATA");
	return fault_prefix(fault, "%s",
			    sw < 0 ? "the card has all of the profile or nothing of it (run it again)"
				   : "nothing was written");
}

/* Send the groupings, and wipe them; what is answered goes to `answer`. */
static int send_groupings(struct groupings *g, uint8_t *answer, size_t *length, size_t size,
			  struct reader *reader, const struct scp03_key_set *keys, struct fault *fault)
{
	struct scp03_channel channel;
	int sw, result;

	if (g->error < 0) {
		result = fault_set(fault, FAULT_BUG, NULL, "the profile makes no STORE DATA (%d)", g->error);
		secret_wipe(g, sizeof(*g));
		return result;
	}
	g->command[0] = 0x80;
	g->command[1] = INS_STORE_DATA;
	g->command[2] = LAST_BLOCK | DGI_FORMAT | (size ? ANSWER_EXPECTED : 0);
	g->command[3] = 0;
	g->command[4] = (uint8_t)g->length;
	result = scp03_open(&channel, reader, keys, fault);
	if (result == 0) {
		sw = scp03_apdu(&channel, reader, answer, length, size, g->command, 5 + g->length, fault);
		if (sw != SW_OK)
			result = store_fault(fault, sw);
	}
	scp03_end(&channel);
	secret_wipe(g, sizeof(*g));
	return result;
}

int personalise_store(struct reader *reader, const struct scp03_key_set *keys, const struct profile *profile,
		      struct fault *fault)
{
	struct groupings g;
	size_t got;

	build(&g, keys, profile);
	return send_groupings(&g, NULL, &got, 0, reader, keys, fault);
}

int personalise_grouping(struct reader *reader, const struct scp03_key_set *keys, unsigned dgi,
			 struct span value, struct fault *fault)
{
	struct groupings g = {.length = 0};
	size_t got;

	add_value(&g, dgi, value);
	return send_groupings(&g, NULL, &got, 0, reader, keys, fault);
}

int personalise_trust(struct reader *reader, const struct scp03_key_set *keys, struct span authority,
		      struct span time, struct fault *fault)
{
	struct groupings g = {.length = 0};
	size_t got;

	if (authority.length > 0)
		add_value(&g, DGI_AUTHORITY, authority);
	if (time.length > 0)
		add_value(&g, DGI_TIME, time);
	return g.length == 0 ? 0 : send_groupings(&g, NULL, &got, 0, reader, keys, fault);
}

int personalise_load(struct reader *reader, const struct scp03_key_set *keys, const struct profile *profile,
		     struct span ticket, uint8_t receipt[static TICKET_RECEIPT_AGREED],
		     size_t *receipt_length, struct fault *fault)
{
	struct groupings g = {.length = 0};
	struct ticket t;

	if (ticket_parse(&t, ticket) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "what is no ticket was to be used");
	if ((t.method == SLOT_AGREED) == profile->has_key || t.method != profile->method)
		return fault_set(fault, FAULT_INPUT, NULL, "the ticket is for another way to load keys");
	add_value(&g, DGI_TICKET, ticket);
	if (t.method == SLOT_AGREED)
		add_agreement(&g, &t);
	else
		add_key(&g, keys, profile, t.slot);
	return send_groupings(&g, receipt, receipt_length, TICKET_RECEIPT_AGREED, reader, keys, fault);
}

int personalise_check(struct reader *reader, const struct profile *profile, struct fault *fault)
{
	int result = read_back(reader, profile, fault);

	if (result == 0 && profile->has_key)
		result = card_prove_key(reader, &profile->key, fault);
	return result;
}

int personalise(struct reader *reader, const struct scp03_key_set *keys, const struct profile *profile,
		struct fault *fault)
{
	int result = personalise_store(reader, keys, profile, fault);

	return result == 0 ? personalise_check(reader, profile, fault) : result;
}

int card_iccid(struct reader *reader, char iccid[static 21], struct fault *fault)
{
	uint8_t file[10];

	iccid[0] = 0;
	if (card_file_get(reader, file, sizeof(file), "2FE2", "EF.ICCID", fault) != 0)
		return -1;
	if (!digits_from_iccid(iccid, file))
		return fault_set(fault, FAULT_CARD, NULL, "EF.ICCID holds no number");
	return 0;
}
