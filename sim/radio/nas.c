#include "radio/nas.h"

#include <stdbool.h>
#include <string.h>

#include "crypto/compare.h"

enum {
	DISCRIMINATOR = 0x07,  /* EPS mobility management */
	SECURITY_HEADER = 6,   /* discriminator, MAC, sequence number */
	EEA_CAPABILITY = 0xA0, /* EEA0 and 128-EEA2 */
	EIA_CAPABILITY = 0x20, /* 128-EIA2 */
	TAG_AUTS = 0x30,
	TAG_GUTI = 0x50,
};

static size_t start(uint8_t *out, enum nas_type type)
{
	out[0] = DISCRIMINATOR;
	out[1] = (uint8_t)type;
	return 2;
}

static size_t add(uint8_t *out, size_t n, const void *bytes, size_t length)
{
	memcpy(out + n, bytes, length);
	return n + length;
}

/* TS 24.301 9.9.3.12: first digit, odd flag and type 1, then pairs. */
static size_t add_imsi(uint8_t *out, size_t n, const char *imsi)
{
	size_t digits = strlen(imsi), i, octets = digits / 2 + 1;
	uint8_t *at = out + n + 1;

	out[n] = (uint8_t)octets;
	at[0] = (uint8_t)((imsi[0] - '0') << 4 | (int)(digits % 2) << 3 | 1);
	for (i = 1; i < octets; i++) {
		unsigned low = (unsigned)(imsi[2 * i - 1] - '0');
		unsigned high = 2 * i < digits ? (unsigned)(imsi[2 * i] - '0') : 0xF;

		at[i] = (uint8_t)(high << 4 | low);
	}
	return n + 1 + octets;
}

size_t nas_attach_request(uint8_t out[static NAS_MAX], const char *imsi)
{
	/* then: UE network capability, and a PDN connectivity request for IPv4 */
	static const uint8_t rest[] = {2, EEA_CAPABILITY, EIA_CAPABILITY, 0, 4, 0x02, 0x01, 0xD0, 0x11};
	size_t n = start(out, NAS_ATTACH_REQUEST);

	out[n++] = 0x71; /* no key set yet; EPS attach */
	n = add_imsi(out, n, imsi);
	return add(out, n, rest, sizeof(rest));
}

size_t nas_authentication_request(uint8_t out[static NAS_MAX], const uint8_t rand[static 16],
				  const uint8_t autn[static 16])
{
	size_t n = start(out, NAS_AUTHENTICATION_REQUEST);

	out[n++] = 0; /* key set identifier 0 */
	n = add(out, n, rand, 16);
	out[n++] = 16;
	return add(out, n, autn, 16);
}

size_t nas_authentication_response(uint8_t out[static NAS_MAX], const uint8_t *res, size_t length)
{
	size_t n = start(out, NAS_AUTHENTICATION_RESPONSE);

	out[n++] = (uint8_t)length;
	return add(out, n, res, length);
}

size_t nas_authentication_failure(uint8_t out[static NAS_MAX], const uint8_t *auts)
{
	size_t n = start(out, NAS_AUTHENTICATION_FAILURE);

	out[n++] = auts ? NAS_SYNCH_FAILURE : NAS_MAC_FAILURE;
	if (!auts)
		return n;
	out[n++] = TAG_AUTS;
	out[n++] = 14;
	return add(out, n, auts, 14);
}

size_t nas_authentication_reject(uint8_t out[static NAS_MAX])
{
	return start(out, NAS_AUTHENTICATION_REJECT);
}

size_t nas_security_mode_command(uint8_t out[static NAS_MAX])
{
	/* EEA2 and EIA2, key set 0, the phone's capability sent back */
	static const uint8_t rest[] = {0x22, 0x00, 2, EEA_CAPABILITY, EIA_CAPABILITY};

	return add(out, start(out, NAS_SECURITY_MODE_COMMAND), rest, sizeof(rest));
}

size_t nas_security_mode_complete(uint8_t out[static NAS_MAX])
{
	return start(out, NAS_SECURITY_MODE_COMPLETE);
}

size_t nas_attach_accept(uint8_t out[static NAS_MAX], const uint8_t sn[static 3], uint32_t address)
{
	/* EPS only; T3412 54 minutes; one tracking area; then the default bearer
	 * (quality class 9, "internet") with the phone's address; then its GUTI. */
	static const uint8_t bearer[] = {0x52, 0x01, 0xC1, 1,   9,   9,   8, 'i', 'n',
					 't',  'e',  'r',  'n', 'e', 't', 5, 1};
	const uint8_t at[4] = {(uint8_t)(address >> 24), (uint8_t)(address >> 16), (uint8_t)(address >> 8),
			       (uint8_t)address};
	size_t n = start(out, NAS_ATTACH_ACCEPT);

	n = add(out, n, (const uint8_t[]){0x01, 0x49, 6, 0x00}, 4);
	n = add(out, n, sn, 3);
	n = add(out, n, (const uint8_t[]){0, 1, 0, sizeof(bearer) + 4}, 4);
	n = add(out, n, bearer, sizeof(bearer));
	n = add(out, n, at, 4);
	n = add(out, n, (const uint8_t[]){TAG_GUTI, 11, 0xF6}, 3);
	n = add(out, n, sn, 3);
	n = add(out, n, (const uint8_t[]){0x80, 0x01, 0x01}, 3);
	return add(out, n, at, 4);
}

size_t nas_attach_complete(uint8_t out[static NAS_MAX])
{
	return add(out, start(out, NAS_ATTACH_COMPLETE), (const uint8_t[]){0, 3, 0x52, 0x00, 0xC2}, 5);
}

static bool ciphered(enum nas_security security)
{
	return security == NAS_CIPHERED || security == NAS_CIPHERED_NEW;
}

int nas_protect(uint8_t message[static NAS_MAX], size_t length, enum nas_security security,
		const struct lte_keys *keys, uint32_t count, enum direction direction)
{
	int e;

	if (length + SECURITY_HEADER > NAS_MAX)
		return ERROR_RANGE;
	memmove(message + SECURITY_HEADER, message, length);
	if (ciphered(security) &&
	    (e = eea2(message + SECURITY_HEADER, length, keys->knas_enc, count, 0, direction)) < 0)
		return e;
	message[0] = (uint8_t)((unsigned)security << 4 | DISCRIMINATOR);
	message[5] = (uint8_t)count;
	if ((e = eia2(message + 1, message + 5, 1 + length, keys->knas_int, count, 0, direction)) < 0)
		return e;
	return (int)(SECURITY_HEADER + length);
}

int nas_unprotect(uint8_t *message, size_t length, const struct lte_keys *keys, uint32_t count,
		  enum direction direction)
{
	uint8_t mac[4];
	size_t inside = length - SECURITY_HEADER;
	int e;

	if (length <= SECURITY_HEADER || (message[0] & 0x0F) != DISCRIMINATOR || !(message[0] >> 4))
		return ERROR_FORMAT;
	if ((e = eia2(mac, message + 5, 1 + inside, keys->knas_int, count, 0, direction)) < 0)
		return e;
	if (compare_equal(mac, message + 1, 4) != GRANTED)
		return ERROR_CHECK;
	if (ciphered((enum nas_security)(message[0] >> 4)) &&
	    (e = eea2(message + SECURITY_HEADER, inside, keys->knas_enc, count, 0, direction)) < 0)
		return e;
	memmove(message, message + SECURITY_HEADER, inside);
	return (int)inside;
}

static int take_imsi(struct nas *nas, const uint8_t *at, size_t length)
{
	size_t digits = 2 * length - 1 - (at[0] & 8 ? 0 : 1), i;

	if ((at[0] & 7) != 1 || digits >= sizeof(nas->imsi))
		return ERROR_FORMAT;
	for (i = 0; i < digits; i++) {
		unsigned nibble = i % 2 ? at[(i + 1) / 2] & 0x0FU : at[i / 2] >> 4;

		if (nibble > 9)
			return ERROR_FORMAT;
		nas->imsi[i] = (char)('0' + nibble);
	}
	nas->imsi[digits] = 0;
	return OK;
}

static int take_fields(struct nas *nas, const uint8_t *at, size_t length)
{
	switch (nas->type) {
	case NAS_ATTACH_REQUEST:
		if (length < 3 || at[1] < 1 || length < 2U + at[1])
			return ERROR_FORMAT;
		return take_imsi(nas, at + 2, at[1]);
	case NAS_AUTHENTICATION_REQUEST:
		if (length < 34 || at[17] != 16)
			return ERROR_FORMAT;
		memcpy(nas->rand, at + 1, 16);
		memcpy(nas->autn, at + 18, 16);
		return OK;
	case NAS_AUTHENTICATION_RESPONSE:
		if (length < 1 || at[0] < 4 || at[0] > 16 || length < 1U + at[0])
			return ERROR_FORMAT;
		nas->res_length = at[0];
		memcpy(nas->res, at + 1, at[0]);
		return OK;
	case NAS_AUTHENTICATION_FAILURE:
		if (length < 1 ||
		    (at[0] == NAS_SYNCH_FAILURE && (length < 17 || at[1] != TAG_AUTS || at[2] != 14)))
			return ERROR_FORMAT;
		nas->cause = (enum nas_cause)at[0];
		if (at[0] == NAS_SYNCH_FAILURE)
			memcpy(nas->auts, at + 3, 14);
		return OK;
	default:
		return OK;
	}
}

int nas_parse(struct nas *nas, const uint8_t *message, size_t length)
{
	memset(nas, 0, sizeof(*nas));
	if (length < 2 || (message[0] & 0x0F) != DISCRIMINATOR)
		return ERROR_FORMAT;
	nas->security = (enum nas_security)(message[0] >> 4);
	if (ciphered(nas->security))
		return 1;
	if (nas->security != NAS_PLAIN) {
		if (length < SECURITY_HEADER + 2 || message[SECURITY_HEADER] != DISCRIMINATOR)
			return ERROR_FORMAT;
		message += SECURITY_HEADER;
		length -= SECURITY_HEADER;
	}
	nas->type = (enum nas_type)message[1];
	return take_fields(nas, message + 2, length - 2);
}
