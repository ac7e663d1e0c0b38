#include "cat/sms.h"

#include <string.h>

enum {
	TYPE = 0x03, /* bits of the first byte; 00: SMS-DELIVER */
	HAS_HEADER = 0x40,
	BEFORE_ADDRESS = 2,
	AFTER_ADDRESS = 1 + 1 + 7 + 1, /* TP-PID, TP-DCS, TP-SCTS, TP-UDL */
	ELEMENT_PARTS = 0x00,          /* reference(1) parts(1) number(1) */
	ELEMENT_PARTS_16 = 0x08,       /* reference(2) parts(1) number(1) */
	ELEMENT_COMMAND = 0x70
};

/* What a user data header says. */
struct header {
	uint8_t command, reference[2], parts, number;
};

static void take_element(struct header *header, uint8_t element, struct span value)
{
	const uint8_t *p = value.at;

	if (element == ELEMENT_COMMAND)
		header->command = 1;
	if (element == ELEMENT_PARTS && value.length == 3)
		*header = (struct header){header->command, {0, p[0]}, p[1], p[2]};
	if (element == ELEMENT_PARTS_16 && value.length == 4)
		*header = (struct header){header->command, {p[0], p[1]}, p[2], p[3]};
}

/* SPEC: TS 23.040 9.2.3.24: identifier, length, value. `data` moves behind the header. */
static int take_header(struct header *header, struct span *data)
{
	size_t length, n;
	const uint8_t *p;

	*header = (struct header){.parts = 1, .number = 1};
	if (data->length == 0 || data->at[0] >= data->length)
		return ERROR_FORMAT;
	length = data->at[0];
	p = data->at + 1;
	*data = (struct span){p + length, data->length - 1 - length};
	for (; length > 0; length -= n, p += n) {
		if (length < 2 || p[1] > length - 2)
			return ERROR_FORMAT;
		n = 2u + p[1];
		take_element(header, p[0], (struct span){p + 2, p[1]});
	}
	if (header->number == 0 || header->number > header->parts ||
	    (header->number == 1 && !header->command))
		return ERROR_FORMAT;
	return header->parts > SMS_PARTS_MAX ? ERROR_FULL : OK;
}

/* The user data of an SMS-DELIVER that has a header. */
static int user_data(struct span *out, struct span tpdu)
{
	size_t before;

	if (tpdu.length < BEFORE_ADDRESS || (tpdu.at[0] & TYPE) != 0 || !(tpdu.at[0] & HAS_HEADER))
		return ERROR_FORMAT;
	before = BEFORE_ADDRESS + 1 + (tpdu.at[1] + 1u) / 2 + AFTER_ADDRESS;
	if (tpdu.length < before)
		return ERROR_FORMAT;
	*out = (struct span){tpdu.at + before, tpdu.length - before};
	return OK;
}

/* All parts are there: close the gaps between them. */
static int join(struct sms *sms)
{
	size_t length = sms->lengths[0];

	for (size_t i = 1; i < sms->parts; i++) {
		memmove(sms->bytes + length, sms->bytes + i * SMS_PART_MAX, sms->lengths[i]);
		length += sms->lengths[i];
	}
	sms->parts = 0;
	return (int)length;
}

static int put(struct sms *sms, const struct header *header, struct span part)
{
	size_t at = header->number - 1u;

	if (part.length == 0 || part.length > SMS_PART_MAX)
		return ERROR_FORMAT;
	if (sms->parts != header->parts || memcmp(sms->reference, header->reference, 2) != 0) {
		memset(sms->lengths, 0, sizeof(sms->lengths));
		memcpy(sms->reference, header->reference, 2);
		sms->parts = header->parts;
	}
	memcpy(sms->bytes + at * SMS_PART_MAX, part.at, part.length);
	sms->lengths[at] = (uint8_t)part.length;
	for (size_t i = 0; i < sms->parts; i++)
		if (sms->lengths[i] == 0)
			return 0;
	return join(sms);
}

int sms_take(struct sms *sms, struct span tpdu)
{
	struct header header;
	struct span data;
	int e = user_data(&data, tpdu);

	if (e == OK)
		e = take_header(&header, &data);
	if (e == OK)
		e = put(sms, &header, data);
	if (e < 0)
		sms->parts = 0;
	return e;
}
