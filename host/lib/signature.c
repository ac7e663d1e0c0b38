#include "lib/signature.h"

#include <string.h>

#include "lib/base64.h"

/* SubjectPublicKeyInfo of a P-256 key up to the point (RFC 5480 2). */
static const uint8_t spki_head[26] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48,
				      0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
				      0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};

/* Half the order of P-256, rounded down. */
static const uint8_t half_order[32] = {0x7F, 0xFF, 0xFF, 0xFF, 0x80, 0x00, 0x00, 0x00, 0x7F, 0xFF, 0xFF,
				       0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xDE, 0x73, 0x7D, 0x56, 0xD3, 0x8B,
				       0xCF, 0x42, 0x79, 0xDC, 0xE5, 0x61, 0x7E, 0x31, 0x92, 0xA8};

/* INTEGER from 32 bytes, big-endian; returns its length. */
static size_t der_integer(uint8_t out[static 35], const uint8_t number[static 32])
{
	size_t skip = 0, pad;

	while (skip < 31 && number[skip] == 0)
		skip++;
	pad = number[skip] >> 7;
	out[0] = 0x02;
	out[1] = (uint8_t)(32 - skip + pad);
	out[2] = 0;
	memcpy(out + 2 + pad, number + skip, 32 - skip);
	return 2 + pad + 32 - skip;
}

void signature_write(char text[static SIGNATURE_TEXT], const uint8_t signature[static 64])
{
	uint8_t der[72];
	size_t length = 2;

	length += der_integer(der + length, signature);
	length += der_integer(der + length, signature + 32);
	der[0] = 0x30;
	der[1] = (uint8_t)(length - 2);
	base64_write(text, der, length);
}

/* Take one INTEGER of at most 32 significant bytes; returns what follows, or NULL. */
static const uint8_t *take_integer(uint8_t number[static 32], const uint8_t *at, const uint8_t *end)
{
	size_t length;

	if (end - at < 3 || at[0] != 0x02)
		return NULL;
	length = at[1];
	at += 2;
	if (length == 0 || length > (size_t)(end - at))
		return NULL;
	if (length == 33 && at[0] == 0) {
		at++;
		length--;
	}
	if (length > 32)
		return NULL;
	memset(number, 0, 32);
	memcpy(number + 32 - length, at, length);
	return at + length;
}

int signature_read(uint8_t signature[static 64], const char *text)
{
	char again[SIGNATURE_TEXT];
	uint8_t der[72];
	int length = base64_read(der, sizeof(der), text);
	const uint8_t *at, *end = der + length;

	if (length < 8 || der[0] != 0x30)
		return -1;
	at = take_integer(signature, der + 2, end);
	if (at)
		at = take_integer(signature + 32, at, end);
	if (!at)
		return -1;
	signature_write(again, signature);
	return strcmp(again, text) == 0 ? 0 : -1;
}

void public_der(uint8_t der[static SPKI_LENGTH], const uint8_t point[static 65])
{
	memcpy(der, spki_head, sizeof(spki_head));
	memcpy(der + sizeof(spki_head), point, 65);
}

void public_write(char text[static PUBLIC_TEXT], const uint8_t point[static 65])
{
	uint8_t der[SPKI_LENGTH];

	public_der(der, point);
	base64_write(text, der, sizeof(der));
}

int public_read(uint8_t point[static 65], const char *text)
{
	char again[PUBLIC_TEXT];
	uint8_t der[SPKI_LENGTH];

	if (base64_read(der, sizeof(der), text) != SPKI_LENGTH)
		return -1;
	memcpy(point, der + sizeof(spki_head), 65);
	public_write(again, point);
	return strcmp(again, text) == 0 ? 0 : -1;
}

int signature_is_low(const uint8_t signature[static 64])
{
	return memcmp(signature + 32, half_order, 32) <= 0;
}

/* The order of P-256 (SEC 2, 2.4.2) and its half. */
static const uint8_t order[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF,
				  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17,
				  0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};

/* s and (order - s) sign the same: keep the smaller one. */
void signature_make_low(uint8_t signature[static 64])
{
	uint8_t *s = signature + 32, other[32];
	int borrow = 0;

	for (int i = 31; i >= 0; i--) {
		int d = order[i] - s[i] - borrow;

		borrow = d < 0;
		other[i] = (uint8_t)(d & 0xFF);
	}
	if (memcmp(other, s, 32) < 0)
		memcpy(s, other, 32);
}
