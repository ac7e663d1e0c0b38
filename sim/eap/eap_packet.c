#include "eap/eap_packet.h"

#include <string.h>

#include "crypto/compare.h"
#include "crypto/hmac.h"

enum {
	HEADER = 4,
	AKA_HEADER = 8, /* with type, subtype and two reserved bytes */
	WORD = 4,
	FIRST_SKIPPABLE = 128, /* RFC 4187 8.1 */
	BIDDING_D = 0x8000,    /* RFC 9048 4 */
};

static unsigned get16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* ---- reading ---- */

static int take(struct span *field, const uint8_t *at, size_t length)
{
	if (field->at)
		return ERROR_FORMAT; /* twice */
	*field = (struct span){at, length};
	return OK;
}

/* A value of exactly `want` bytes behind two reserved ones. */
static int take_fixed(struct span *field, const uint8_t *value, size_t length, size_t want)
{
	return length == 2 + want ? take(field, value + 2, want) : ERROR_FORMAT;
}

/* The actual length comes first, in units of 1/`per` byte; the rest of the last word is zero. */
static int take_counted(struct span *field, const uint8_t *value, size_t length, unsigned per)
{
	size_t n = get16(value), i;

	if (n % per || n / per > length - 2 || length - 2 - n / per >= WORD)
		return ERROR_FORMAT;
	n /= per;
	for (i = 2 + n; i < length; i++)
		if (value[i])
			return ERROR_FORMAT;
	return take(field, value + 2, n);
}

static int take_number(struct eap_list *list, const uint8_t *value, size_t length)
{
	if (length != 2 || list->count == EAP_LIST_MAX)
		return ERROR_FORMAT;
	list->values[list->count++] = (uint16_t)get16(value);
	return OK;
}

static int take_once(uint16_t *number, bool *seen, const uint8_t *value, size_t length)
{
	if (length != 2 || *seen)
		return ERROR_FORMAT;
	*seen = true;
	*number = (uint16_t)get16(value);
	return OK;
}

static int take_rest(struct eap_packet *p, unsigned type, const uint8_t *value, size_t length)
{
	switch (type) {
	case AT_NOTIFICATION:
		return take_once(&p->notification, &p->has_notification, value, length);
	case AT_CLIENT_ERROR_CODE:
		return take_once(&p->error, &p->has_error, value, length);
	case AT_PERMANENT_ID_REQ:
	case AT_ANY_ID_REQ:
	case AT_FULLAUTH_ID_REQ:
		p->id_request = true;
		return length == 2 ? OK : ERROR_FORMAT;
	case AT_RESULT_IND:
		p->result_ind = true;
		return length == 2 ? OK : ERROR_FORMAT;
	case AT_BIDDING:
		p->bidding = length == 2 && get16(value) & BIDDING_D;
		return length == 2 ? OK : ERROR_FORMAT;
	default:
		if (type >= FIRST_SKIPPABLE)
			p->skipped++;
		else if (!p->unknown)
			p->unknown = (uint8_t)type;
		return OK;
	}
}

static int take_attribute(struct eap_packet *p, unsigned type, const uint8_t *value, size_t length)
{
	switch (type) {
	case AT_RAND:
		return take_fixed(&p->rand, value, length, 16);
	case AT_AUTN:
		return take_fixed(&p->autn, value, length, 16);
	case AT_MAC:
		p->has_mac = true;
		return take_fixed(&p->mac, value, length, EAP_MAC);
	case AT_RES:
		return take_counted(&p->res, value, length, 8);
	case AT_AUTS:
		return length == 14 ? take(&p->auts, value, 14) : ERROR_FORMAT;
	case AT_IDENTITY:
		return take_counted(&p->identity, value, length, 1);
	case AT_KDF_INPUT:
		return take_counted(&p->kdf_input, value, length, 1);
	case AT_CHECKCODE:
		return take(&p->checkcode, value + 2, length - 2);
	case AT_PUB_ECDHE:
		return take(&p->pub_ecdhe, value, length);
	case AT_KDF:
		return take_number(&p->kdf, value, length);
	case AT_KDF_FS:
		return take_number(&p->kdf_fs, value, length);
	default:
		return take_rest(p, type, value, length);
	}
}

static int read_aka(struct eap_packet *p, const uint8_t *bytes, size_t length)
{
	size_t n = AKA_HEADER, words;
	int e;

	if (length < AKA_HEADER)
		return ERROR_FORMAT;
	p->subtype = (enum eap_subtype)bytes[5];
	while (n < length) {
		/* type, length in words, and at least the two bytes that fill the first word */
		if (length - n < WORD || !(words = bytes[n + 1]) || words * WORD > length - n)
			return ERROR_FORMAT;
		if ((e = take_attribute(p, bytes[n], bytes + n + 2, words * WORD - 2)) < 0)
			return e;
		n += words * WORD;
	}
	return OK;
}

int eap_packet_read(struct eap_packet *p, const uint8_t *bytes, size_t length)
{
	memset(p, 0, sizeof(*p));
	if (length < HEADER || length > EAP_MAX || get16(bytes + 2) != length)
		return ERROR_FORMAT;
	p->code = (enum eap_code)bytes[0];
	p->identifier = bytes[1];
	if (p->code == EAP_SUCCESS || p->code == EAP_FAILURE)
		return length == HEADER ? OK : ERROR_FORMAT;
	if ((p->code != EAP_REQUEST && p->code != EAP_RESPONSE) || length == HEADER)
		return ERROR_FORMAT;
	p->type = (enum eap_type)bytes[HEADER];
	p->data = (struct span){bytes + HEADER + 1, length - HEADER - 1};
	return p->type == EAP_AKA_PRIME ? read_aka(p, bytes, length) : OK;
}

/* RFC 9048 3.4.1: over the whole packet, with the MAC's place zero. */
static int compute(uint8_t mac[static SHA256_LENGTH], const uint8_t *bytes, size_t length, size_t at,
		   const uint8_t k_aut[static EAP_K_AUT])
{
	static const uint8_t zero[EAP_MAC];
	struct hmac m;

	hmac_start(&m, (struct span){k_aut, EAP_K_AUT});
	hmac_add(&m, bytes, at);
	hmac_add(&m, zero, EAP_MAC);
	hmac_add(&m, bytes + at + EAP_MAC, length - at - EAP_MAC);
	return hmac_finish(&m, mac);
}

enum verdict eap_packet_check(const struct eap_packet *p, const uint8_t *bytes, size_t length,
			      const uint8_t k_aut[static EAP_K_AUT])
{
	uint8_t mac[SHA256_LENGTH];

	if (!p->mac.at || compute(mac, bytes, length, (size_t)(p->mac.at - bytes), k_aut) < 0)
		return DENIED;
	return compare_equal(mac, p->mac.at, EAP_MAC);
}

/* ---- writing ---- */

void eap_write_other(struct eap_writer *w, enum eap_code code, uint8_t identifier, unsigned type,
		     struct span data)
{
	memset(w, 0, sizeof(*w));
	w->bytes[0] = (uint8_t)code;
	w->bytes[1] = identifier;
	w->length = HEADER;
	if (!type)
		return;
	w->bytes[w->length++] = (uint8_t)type;
	if (data.length > EAP_MAX - w->length) {
		w->error = ERROR_RANGE;
		return;
	}
	if (data.length)
		memcpy(w->bytes + w->length, data.at, data.length);
	w->length += data.length;
}

void eap_write_start(struct eap_writer *w, enum eap_code code, uint8_t identifier, enum eap_subtype subtype)
{
	const uint8_t rest[] = {(uint8_t)subtype, 0, 0};

	eap_write_other(w, code, identifier, EAP_AKA_PRIME, (struct span){rest, sizeof(rest)});
}

/* Type and length, `lead` bytes that hold `before`, the value, zeros. */
static void put(struct eap_writer *w, enum eap_attribute type, size_t lead, unsigned before,
		const void *value, size_t length)
{
	size_t whole = (2 + lead + length + WORD - 1) / WORD * WORD;
	uint8_t *at = w->bytes + w->length;

	if (w->error || whole / WORD > 0xFF || whole > EAP_MAX - w->length) {
		w->error = ERROR_RANGE;
		return;
	}
	memset(at, 0, whole);
	at[0] = (uint8_t)type;
	at[1] = (uint8_t)(whole / WORD);
	if (lead)
		put16(at + 2, before);
	if (length)
		memcpy(at + 2 + lead, value, length);
	w->length += whole;
}

void eap_write(struct eap_writer *w, enum eap_attribute type, const void *value, size_t length)
{
	switch (type) {
	case AT_RES:
		put(w, type, 2, (unsigned)length * 8, value, length);
		break;
	case AT_IDENTITY:
	case AT_KDF_INPUT:
		put(w, type, 2, (unsigned)length, value, length);
		break;
	case AT_AUTS:
	case AT_PUB_ECDHE:
		put(w, type, 0, 0, value, length);
		break;
	default:
		put(w, type, 2, 0, value, length);
	}
}

void eap_write_number(struct eap_writer *w, enum eap_attribute type, unsigned value)
{
	put(w, type, 2, value, NULL, 0);
}

void eap_write_mac(struct eap_writer *w)
{
	static const uint8_t zero[EAP_MAC];

	put(w, AT_MAC, 2, 0, zero, EAP_MAC);
	w->mac = w->length - EAP_MAC;
}

int eap_write_finish(struct eap_writer *w, const uint8_t *k_aut)
{
	uint8_t mac[SHA256_LENGTH];

	if (w->error)
		return w->error;
	put16(w->bytes + 2, (unsigned)w->length);
	if (w->mac) {
		if (!k_aut || compute(mac, w->bytes, w->length, w->mac, k_aut) < 0)
			return ERROR_CRYPTO;
		memcpy(w->bytes + w->mac, mac, EAP_MAC);
	}
	return (int)w->length;
}
