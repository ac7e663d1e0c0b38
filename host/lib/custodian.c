/* A command is built in memory that is wiped, for PINs and sealed secrets pass
 * through it. What a status word means depends on the command, so each says
 * what a refusal is about; the rest is card_status_fault(). */
#include "lib/custodian.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custodian/statement.h"
#include "lib/card_file.h"
#include "lib/card_state.h"
#include "lib/custodian_exchange.h"
#include "lib/digits.h"
#include "lib/hex.h"
#include "lib/secret.h"
#include "lib/signature.h"

enum {
	READERS = 64,
	HEAD = 44, /* of what is held: threshold total index set commitment length */
	SIGN_NOTE = 3
};

void custodian_start(struct custodian_exchange *x, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2)
{
	memset(x, 0, sizeof(*x));
	x->command[0] = cla;
	x->command[1] = ins;
	x->command[2] = p1;
	x->command[3] = p2;
}

/* Bytes behind those there are; too many is a bug, which custodian_send() tells. */
void custodian_add(struct custodian_exchange *x, const void *bytes, size_t length)
{
	if (x->data + length <= 255)
		memcpy(x->command + 5 + x->data, bytes, length);
	x->data += length;
}

int custodian_send(struct custodian_card *card, struct custodian_exchange *x, bool answer,
		   struct fault *fault)
{
	size_t length = 5 + x->data;

	if (x->data > 255)
		return fault_set(fault, FAULT_BUG, NULL, "a command of %zu bytes", x->data);
	x->command[4] = (uint8_t)x->data;
	if (answer && x->data)
		x->command[length++] = 0;
	return reader_apdu(card->reader, x->answer, &x->length, sizeof(x->answer), x->command, length, fault);
}

void custodian_end(struct custodian_exchange *x)
{
	secret_wipe(x, sizeof(*x));
}

int custodian_expect(const struct custodian_exchange *x, int sw, size_t length, const char *what,
		     struct fault *fault)
{
	if (sw == SW_SECURITY_NOT_SATISFIED)
		return fault_set(fault, FAULT_POLICY, "verify the custodian's PIN first",
				 "%s: the PIN was not verified", what);
	if (sw != SW_OK)
		return card_status_fault(fault, sw, what);
	if (x->length != length)
		return fault_set(fault, FAULT_CARD, NULL, "%s: the card answers %zu bytes, not %zu", what,
				 x->length, length);
	return 0;
}

/* ---- finding ---- */

static int select_application(struct custodian_card *card, struct fault *fault)
{
	static const uint8_t aid[] = {0xF0, 's', 'i', 'm', 'r', 'i', 't', 'e', 0x01};
	struct custodian_exchange x;
	int sw;

	custodian_start(&x, 0x00, 0xA4, 0x04, 0x0C);
	custodian_add(&x, aid, sizeof(aid));
	sw = custodian_send(card, &x, false, fault);
	card->in_session = false;
	if (sw == SW_FILE_NOT_FOUND)
		return fault_set(fault, FAULT_CARD, "take a card with simrite's firmware",
				 "the card in reader \"%s\" has no custodian application",
				 reader_name(card->reader));
	return sw == SW_OK ? 0 : card_status_fault(fault, sw, "select the custodian application");
}

/* EF.ICCID, if it was written. Before the application is selected: what selects ends PIN and session. */
static int read_iccid(struct custodian_card *card, struct fault *fault)
{
	uint8_t iccid[10] = {0};
	int sw = card_file_select(card->reader, NULL, "2FE2", fault);

	if (sw == SW_OK)
		sw = card_file_read(card->reader, iccid, 0, sizeof(iccid), fault);
	if (sw == SW_OK)
		(void)digits_from_iccid(card->iccid, iccid);
	return sw < 0 ? -1 : 0;
}

int custodian_open(struct custodian_card **out, const char *reader, struct fault *fault)
{
	struct custodian_status status;
	struct custodian_card *card = calloc(1, sizeof(*card));

	*out = NULL;
	if (!card)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	if (reader_open(&card->reader, reader, fault) != 0 || read_iccid(card, fault) != 0 ||
	    select_application(card, fault) != 0 || custodian_status(card, &status, fault) != 0) {
		custodian_close(card);
		return -1;
	}
	memcpy(card->key, status.key, sizeof(card->key));
	*out = card;
	return 0;
}

void custodian_close(struct custodian_card *card)
{
	if (!card)
		return;
	reader_close(card->reader);
	secret_wipe(card, sizeof(*card));
	free(card);
}

const char *custodian_reader(const struct custodian_card *card)
{
	return reader_name(card->reader);
}

int custodian_find(struct custodian_card **out, const uint8_t key[static 65], struct fault *fault)
{
	struct reader_entry entries[READERS];
	int i, seen = 0, count = reader_list(entries, READERS, fault);

	*out = NULL;
	if (count < 0)
		return -1;
	for (i = 0; i < count; i++) {
		if (!entries[i].card_present || !card_atr_ours(entries[i].atr, entries[i].atr_length))
			continue;
		seen++;
		/* One that cannot be opened is not the one, or it is pulled out just now. */
		if (custodian_open(out, entries[i].name, fault) == 0 && memcmp((*out)->key, key, 65) == 0)
			return 0;
		custodian_close(*out);
		*out = NULL;
	}
	return fault_set(fault, FAULT_CARD, "insert the card that was enrolled for this party",
			 "no reader has the card with this key; of %d readers, %d have another simrite card",
			 count, seen);
}

/* ---- STATUS ---- */

/* The next thing that is held; NULL when the bytes end before. */
static const uint8_t *take_held(struct custodian_held *held, const uint8_t *at, const uint8_t *ends)
{
	size_t length;

	if (!at || at >= ends || *at > CUSTODIAN_DESTROYED)
		return NULL;
	held->state = (enum custodian_state) * at++;
	if (held->state == CUSTODIAN_NONE)
		return at;
	if (ends - at < HEAD || at[HEAD - 1] > CUSTODIAN_CEREMONY || ends - at - HEAD < at[HEAD - 1])
		return NULL;
	length = at[HEAD - 1];
	held->threshold = at[0];
	held->total = at[1];
	held->index = at[2];
	memcpy(held->set, at + 3, CUSTODIAN_SET);
	memcpy(held->commitment, at + 3 + CUSTODIAN_SET, 32);
	memcpy(held->ceremony, at + HEAD, length);
	held->ceremony[length] = 0;
	return at + HEAD + length;
}

/* version tries unblock key(33) releases(4) share contribution */
static int parse_status(struct custodian_status *status, const uint8_t *at, size_t length)
{
	static const uint8_t none[P256_COMPRESSED];
	const uint8_t *key = at + 3, *n = key + P256_COMPRESSED;

	memset(status, 0, sizeof(*status));
	if (length < 42 || at[0] != 1)
		return -1;
	status->enrolled = at[1] != 0xFF;
	status->tries = status->enrolled ? at[1] : 0;
	status->unblock = at[2];
	if (memcmp(key, none, sizeof(none)) != 0 &&
	    p256_uncompress(status->key, (struct span){key, P256_COMPRESSED}) != OK)
		return -1;
	status->releases = (uint32_t)n[0] << 24 | (uint32_t)n[1] << 16 | (uint32_t)n[2] << 8 | n[3];
	return take_held(&status->contribution, take_held(&status->share, n + 4, at + length), at + length) ==
			       at + length
		       ? 0
		       : -1;
}

/* The ICCID, or the beginning of the key's digest. */
static int name_serial(char serial[static 21], const struct custodian_card *card,
		       const uint8_t key[static 65], struct fault *fault)
{
	uint8_t compressed[P256_COMPRESSED], digest[SHA256_LENGTH];

	(void)snprintf(serial, 21, "%s", card->iccid);
	if (serial[0] || key[0] == 0)
		return 0;
	if (p256_compress(compressed, (struct span){key, 65}) != OK ||
	    sha256(digest, (struct span){compressed, sizeof(compressed)}) != OK)
		return fault_set(fault, FAULT_BUG, NULL, "the key has no digest");
	hex_write(serial, digest, 8);
	return 0;
}

int custodian_status(struct custodian_card *card, struct custodian_status *status, struct fault *fault)
{
	struct custodian_exchange x;
	int sw;

	custodian_start(&x, 0x80, CUSTODIAN_INS_STATUS, 0, 0);
	sw = custodian_send(card, &x, true, fault);
	if (sw != SW_OK)
		return card_status_fault(fault, sw, "ask the card what it holds");
	if (parse_status(status, x.answer, x.length) != 0)
		return fault_set(fault, FAULT_CARD, NULL,
				 "what the card in reader \"%s\" tells of itself makes no sense",
				 reader_name(card->reader));
	return name_serial(status->serial, card, status->key, fault);
}

/* ---- signatures ---- */

int custodian_check_signature(const struct custodian_card *card, uint8_t out[static 64],
			      const uint8_t digest[static 32], const uint8_t signature[static 64],
			      const char *what, struct fault *fault)
{
	if (p256_verify((struct span){card->key, 65}, digest, signature) != OK)
		return fault_set(fault, FAULT_CARD, "do not trust this card, or who holds the line to it",
				 "%s: the signature is not the card's", what);
	memcpy(out, signature, 64);
	signature_make_low(out);
	return 0;
}

/* ---- a party's signatures ---- */

int custodian_sign(struct custodian_card *card, uint8_t signature[static 64], enum custodian_kind kind,
		   const char *ceremony, const char *name, const uint8_t head[static 32], struct fault *fault)
{
	const struct span to = {(const uint8_t *)ceremony, strlen(ceremony)},
			  by = {(const uint8_t *)name, strlen(name)};
	uint8_t digest[SHA256_LENGTH], length = (uint8_t)to.length;
	struct custodian_exchange x;
	int result;

	if (!statement_is_part(to, STATEMENT_CEREMONY) || !statement_is_part(by, STATEMENT_NAME) ||
	    statement_of_party(digest, kind == CUSTODIAN_SIGN_PRESENT ? STATEMENT_PRESENT : STATEMENT_SIGNOFF,
			       to, by, head) != OK)
		return fault_set(fault, FAULT_BUG, NULL, "nobody signs for \"%s\" in ceremony \"%s\"", name,
				 ceremony);
	custodian_start(&x, 0x80, CUSTODIAN_INS_SIGN, (uint8_t)kind, 0);
	custodian_add(&x, head, 32);
	custodian_add(&x, &length, 1);
	custodian_add(&x, to.at, to.length);
	custodian_add(&x, by.at, by.length);
	result = custodian_expect(&x, custodian_send(card, &x, true, fault), 64, "sign", fault);
	return result == 0 ? custodian_check_signature(card, signature, digest, x.answer, "sign", fault) : -1;
}

int custodian_sign_note(struct custodian_card *card, uint8_t signature[static 64], const char *text,
			struct fault *fault)
{
	size_t length = strlen(text);
	uint8_t digest[SHA256_LENGTH];
	struct custodian_exchange x;

	if (length > CUSTODIAN_NOTE || sha256(digest, (struct span){(const uint8_t *)text, length}) != OK)
		return fault_set(fault, FAULT_BUG, NULL, "a note of %zu bytes is too long for a card",
				 length);
	custodian_start(&x, 0x80, CUSTODIAN_INS_SIGN, SIGN_NOTE, 0);
	custodian_add(&x, text, length);
	if (custodian_expect(&x, custodian_send(card, &x, true, fault), 64, "sign the note", fault) != 0)
		return -1;
	return custodian_check_signature(card, signature, digest, x.answer, "sign the note", fault);
}
