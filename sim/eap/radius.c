#include "eap/radius.h"

#include <string.h>

#include "crypto/compare.h"
#include "crypto/wipe.h"
#include "eap/md5.h"

enum {
	HEADER = 20,
	AUTHENTICATOR_AT = 4,
	VALUE_MAX = 253,
	MICROSOFT = 311,
	VENDOR_HEADER = 6, /* number, type, length */
	SALT = 2,
	CIPHERTEXT = 48, /* a length, 32 bytes, zeros */
};

static size_t get16(const uint8_t *at)
{
	return (size_t)at[0] << 8 | at[1];
}

/* ---- reading ---- */

static int take_eap(struct radius_packet *p, const uint8_t *value, size_t length)
{
	if (length > EAP_MAX - p->eap_length)
		return ERROR_FORMAT;
	memcpy(p->eap + p->eap_length, value, length);
	p->eap_length += length;
	return OK;
}

static void take_vendor(struct radius_packet *p, const uint8_t *value, size_t length)
{
	if (length < VENDOR_HEADER || get16(value) || get16(value + 2) != MICROSOFT || value[5] < 2 ||
	    value[5] > length - 4)
		return;
	if (value[4] == RADIUS_SEND_KEY)
		p->send_key = (struct span){value + VENDOR_HEADER, value[5] - 2U};
	if (value[4] == RADIUS_RECV_KEY)
		p->recv_key = (struct span){value + VENDOR_HEADER, value[5] - 2U};
}

static int take(struct radius_packet *p, unsigned type, const uint8_t *value, size_t length)
{
	switch (type) {
	case RADIUS_EAP:
		return take_eap(p, value, length);
	case RADIUS_STATE:
		p->state = (struct span){value, length};
		return OK;
	case RADIUS_VENDOR:
		take_vendor(p, value, length);
		return OK;
	case RADIUS_MAC:
		if (length != MD5_LENGTH || p->mac)
			return ERROR_FORMAT;
		p->mac = value;
		return OK;
	default:
		return OK;
	}
}

int radius_read(struct radius_packet *p, const uint8_t *bytes, size_t length)
{
	size_t n;
	int e;

	memset(p, 0, sizeof(*p));
	if (length < HEADER || length > RADIUS_MAX || get16(bytes + 2) != length)
		return ERROR_FORMAT;
	p->code = (enum radius_code)bytes[0];
	p->identifier = bytes[1];
	p->authenticator = bytes + AUTHENTICATOR_AT;
	for (n = HEADER; n < length; n += bytes[n + 1]) {
		if (length - n < 2 || bytes[n + 1] < 2 || bytes[n + 1] > length - n)
			return ERROR_FORMAT;
		if ((e = take(p, bytes[n], bytes + n + 2, bytes[n + 1] - 2U)) < 0)
			return e;
	}
	return OK;
}

/* RFC 3579 3.2: over the packet with the request's authenticator and zeros in its own place. */
static void message_mac(uint8_t mac[static MD5_LENGTH], const uint8_t *bytes, size_t length, size_t at,
			const uint8_t *authenticator, struct span secret)
{
	static const uint8_t zero[MD5_LENGTH];
	uint8_t copy[RADIUS_MAX];
	const struct span whole = {copy, length};

	memcpy(copy, bytes, length);
	memcpy(copy + AUTHENTICATOR_AT, authenticator, RADIUS_AUTHENTICATOR);
	memcpy(copy + at, zero, sizeof(zero));
	md5_hmac(mac, secret, &whole, 1);
}

/* RFC 2865 3: MD5(code, identifier, length, request's authenticator, attributes, secret). */
static void response_authenticator(uint8_t out[static MD5_LENGTH], const uint8_t *bytes, size_t length,
				   const uint8_t *request, struct span secret)
{
	const struct span parts[MD5_PARTS] = {{bytes, AUTHENTICATOR_AT},
					      {request, RADIUS_AUTHENTICATOR},
					      {bytes + HEADER, length - HEADER},
					      secret};

	md5(out, parts, MD5_PARTS);
}

enum verdict radius_check(const struct radius_packet *p, const uint8_t *bytes, size_t length,
			  const uint8_t *request, struct span secret)
{
	uint8_t mac[MD5_LENGTH];

	if (!p->mac)
		return DENIED;
	message_mac(mac, bytes, length, (size_t)(p->mac - bytes), request ? request : p->authenticator,
		    secret);
	if (compare_equal(mac, p->mac, sizeof(mac)) != GRANTED)
		return DENIED;
	if (!request)
		return GRANTED;
	response_authenticator(mac, bytes, length, request, secret);
	return compare_equal(mac, p->authenticator, sizeof(mac));
}

/* RFC 2548 2.4.2: each block under MD5(secret, the block before it; first the request's authenticator and
 * salt). */
static void key_stream(uint8_t out[static MD5_LENGTH], const uint8_t *before, const uint8_t *salt,
		       size_t block, struct span secret)
{
	const struct span parts[3] = {secret, {before, MD5_LENGTH}, {salt, block == 0 ? (size_t)SALT : 0}};

	md5(out, parts, 3);
}

int radius_take_key(uint8_t key[static RADIUS_KEY], struct span field,
		    const uint8_t request[static RADIUS_AUTHENTICATOR], struct span secret)
{
	uint8_t plain[CIPHERTEXT], stream[MD5_LENGTH] = {0};
	const uint8_t *cipher = field.at + SALT;
	size_t i;
	int e = ERROR_FORMAT;

	memset(key, 0, RADIUS_KEY);
	if (field.length != SALT + CIPHERTEXT)
		return ERROR_FORMAT;
	for (i = 0; i < CIPHERTEXT; i++) {
		if (i % MD5_LENGTH == 0)
			key_stream(stream, i ? cipher + i - MD5_LENGTH : request, field.at, i, secret);
		plain[i] = cipher[i] ^ stream[i % MD5_LENGTH];
	}
	if (plain[0] == RADIUS_KEY) {
		memcpy(key, plain + 1, RADIUS_KEY);
		e = OK;
	}
	wipe(plain, sizeof(plain));
	wipe(stream, sizeof(stream));
	return e;
}

/* ---- writing ---- */

void radius_write_start(struct radius_writer *w, enum radius_code code, uint8_t identifier,
			const uint8_t authenticator[static RADIUS_AUTHENTICATOR])
{
	memset(w, 0, sizeof(*w));
	w->bytes[0] = (uint8_t)code;
	w->bytes[1] = identifier;
	memcpy(w->bytes + AUTHENTICATOR_AT, authenticator, RADIUS_AUTHENTICATOR);
	w->length = HEADER;
}

void radius_write(struct radius_writer *w, enum radius_attribute type, const void *value, size_t length)
{
	const uint8_t *at = value;
	size_t part;

	do {
		part = length < VALUE_MAX ? length : VALUE_MAX;
		if (w->error || (type != RADIUS_EAP && part < length) || part + 2 > RADIUS_MAX - w->length) {
			w->error = ERROR_RANGE;
			return;
		}
		w->bytes[w->length] = (uint8_t)type;
		w->bytes[w->length + 1] = (uint8_t)(part + 2);
		if (part)
			memcpy(w->bytes + w->length + 2, at, part);
		w->length += part + 2;
		at += part;
		length -= part;
	} while (length);
}

void radius_write_key(struct radius_writer *w, enum radius_key which, const uint8_t key[static RADIUS_KEY],
		      unsigned salt, struct span secret)
{
	uint8_t value[VENDOR_HEADER + SALT + CIPHERTEXT] = {0,
							    0,
							    MICROSOFT >> 8,
							    MICROSOFT & 0xFF,
							    (uint8_t)which,
							    2 + SALT + CIPHERTEXT,
							    (uint8_t)(0x80 | salt >> 8),
							    (uint8_t)salt};
	uint8_t *cipher = value + VENDOR_HEADER + SALT, stream[MD5_LENGTH] = {0};
	size_t i;

	cipher[0] = RADIUS_KEY;
	memcpy(cipher + 1, key, RADIUS_KEY);
	for (i = 0; i < CIPHERTEXT; i++) {
		if (i % MD5_LENGTH == 0)
			key_stream(stream, i ? cipher + i - MD5_LENGTH : w->bytes + AUTHENTICATOR_AT,
				   value + VENDOR_HEADER, i, secret);
		cipher[i] ^= stream[i % MD5_LENGTH];
	}
	radius_write(w, RADIUS_VENDOR, value, sizeof(value));
	wipe(stream, sizeof(stream));
}

int radius_write_finish(struct radius_writer *w, struct span secret)
{
	uint8_t request[RADIUS_AUTHENTICATOR];
	static const uint8_t zero[MD5_LENGTH];

	radius_write(w, RADIUS_MAC, zero, sizeof(zero));
	if (w->error)
		return w->error;
	w->mac = w->length - MD5_LENGTH;
	w->bytes[2] = (uint8_t)(w->length >> 8);
	w->bytes[3] = (uint8_t)w->length;
	memcpy(request, w->bytes + AUTHENTICATOR_AT, sizeof(request));
	message_mac(w->bytes + w->mac, w->bytes, w->length, w->mac, request, secret);
	if (w->bytes[0] != RADIUS_ACCESS_REQUEST)
		response_authenticator(w->bytes + AUTHENTICATOR_AT, w->bytes, w->length, request, secret);
	return (int)w->length;
}
