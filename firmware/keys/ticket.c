#include "keys/ticket.h"

#include <string.h>

#include "bounds.h"

/* Labels, as text of which the final 0 does not count. */
#define LABEL_TICKET      "simrite ticket 1"
#define LABEL_TIME        "simrite time 001"
#define LABEL_CERTIFICATE "simrite born 001"
#define LABEL_RECEIPT     "simrite receipt1"

_Static_assert(sizeof(struct ticket) + P256_SIGNATURE == TICKET_AGREED &&
		       sizeof(struct ticket_time) + P256_SIGNATURE == TICKET_TIME &&
		       sizeof(struct certificate) + P256_SIGNATURE == TICKET_CERTIFICATE &&
		       sizeof(struct receipt) + P256_SIGNATURE == TICKET_RECEIPT_AGREED,
	       "the structures are what is signed");

static size_t put(uint8_t *out, const void *statement, size_t length, const char *label)
{
	memcpy(out, statement, length);
	memcpy(out, label, TICKET_LABEL);
	return length;
}

/* All but the signature of a statement, of which the last `optional` bytes may be missing. */
static int take(void *statement, size_t length, size_t optional, const char *label, struct span bytes)
{
	size_t missing = length + P256_SIGNATURE - bytes.length;

	memset(statement, 0, length);
	if ((missing != 0 && missing != optional) || memcmp(bytes.at, label, TICKET_LABEL) != 0)
		return ERROR_FORMAT;
	memcpy(statement, bytes.at, length - missing);
	return OK;
}

/* Of a ticket or receipt `whole` bytes long. */
static int check_method(uint8_t slot, uint8_t method, int whole)
{
	if ((method == SLOT_AGREED) != whole)
		return ERROR_FORMAT;
	return slot >= 1 && slot <= KEY_SLOTS && method >= SLOT_INJECTED && method <= SLOT_AGREED
		       ? OK
		       : ERROR_VALUE;
}

static size_t without_key(size_t length, uint8_t method)
{
	return method == SLOT_AGREED ? length : length - P256_COMPRESSED;
}

size_t ticket_write(uint8_t out[static TICKET_AGREED], const struct ticket *ticket)
{
	return put(out, ticket, without_key(sizeof(*ticket), ticket->method), LABEL_TICKET);
}

int ticket_parse(struct ticket *ticket, struct span bytes)
{
	int e = take(ticket, sizeof(*ticket), P256_COMPRESSED, LABEL_TICKET, bytes);

	if (e == OK)
		e = check_method(ticket->slot, ticket->method, bytes.length == TICKET_AGREED);
	if (e == OK && memcmp(ticket->issued, ticket->expires, sizeof(ticket->issued)) > 0)
		e = ERROR_VALUE;
	return e;
}

size_t ticket_time_write(uint8_t out[static TICKET_TIME], const struct ticket_time *time)
{
	return put(out, time, sizeof(*time), LABEL_TIME);
}

int ticket_time_parse(struct ticket_time *time, struct span bytes)
{
	return take(time, sizeof(*time), 0, LABEL_TIME, bytes);
}

size_t ticket_certificate_write(uint8_t out[static TICKET_CERTIFICATE], const struct certificate *certificate)
{
	return put(out, certificate, sizeof(*certificate), LABEL_CERTIFICATE);
}

int ticket_certificate_parse(struct certificate *certificate, struct span bytes)
{
	return take(certificate, sizeof(*certificate), 0, LABEL_CERTIFICATE, bytes);
}

size_t ticket_receipt_write(uint8_t out[static TICKET_RECEIPT_AGREED], const struct receipt *receipt)
{
	return put(out, receipt, without_key(sizeof(*receipt), receipt->method), LABEL_RECEIPT);
}

int ticket_receipt_parse(struct receipt *receipt, struct span bytes)
{
	int e = take(receipt, sizeof(*receipt), P256_COMPRESSED, LABEL_RECEIPT, bytes);

	return e == OK ? check_method(receipt->slot, receipt->method, bytes.length == TICKET_RECEIPT_AGREED)
		       : e;
}

int ticket_verify(struct span bytes, struct span public_key)
{
	uint8_t digest[SHA256_LENGTH];
	size_t length = bytes.length - P256_SIGNATURE;
	int e;

	if (bytes.length < P256_SIGNATURE)
		return ERROR_CHECK;
	e = sha256(digest, (struct span){bytes.at, length});
	return e == OK ? p256_verify(public_key, digest, bytes.at + length) : e;
}

uint32_t ticket_number(const uint8_t bytes[static 4])
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

void ticket_set_number(uint8_t bytes[static 4], uint32_t number)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(number >> (24 - 8 * i));
}
