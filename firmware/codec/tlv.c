#include "codec/tlv.h"

#include <string.h>

static uint8_t take(struct span *in)
{
	in->length--;
	return *in->at++;
}

int tlv_next(uint16_t *tag, struct span *value, struct span *in)
{
	size_t length;

	while (in->length && (*in->at == 0x00 || *in->at == 0xFF))
		(void)take(in);
	if (in->length == 0)
		return 0;
	*tag = take(in);
	if ((*tag & 0x1F) == 0x1F) {
		if (in->length == 0 || (*in->at & 0x80)) /* three-byte tags are not for cards like this */
			return ERROR_FORMAT;
		*tag = (uint16_t)(*tag << 8 | take(in));
	}
	if (in->length == 0)
		return ERROR_FORMAT;
	length = take(in);
	if (length == 0x81 || length == 0x82) {
		size_t bytes = length - 0x80;

		if (in->length < bytes)
			return ERROR_FORMAT;
		for (length = 0; bytes > 0; bytes--)
			length = length << 8 | take(in);
	} else if (length > 0x7F) {
		return ERROR_FORMAT;
	}
	if (length > in->length)
		return ERROR_FORMAT;
	*value = (struct span){in->at, length};
	in->at += length;
	in->length -= length;
	return 1;
}

int tlv_find(struct span *value, uint16_t tag, struct span in)
{
	uint16_t found;
	int e;

	while ((e = tlv_next(&found, value, &in)) == 1)
		if (found == tag)
			return OK;
	return e < 0 ? e : ERROR_NOT_FOUND;
}

void tlv_start(struct tlv *tlv, uint8_t *at, size_t size)
{
	*tlv = (struct tlv){.at = at, .size = size};
}

void tlv_put(struct tlv *tlv, uint8_t tag, const void *value, size_t length)
{
	if (tlv->error || length > 0x7F || tlv->size - tlv->length < length + 2) {
		tlv->error = ERROR_RANGE;
		return;
	}
	tlv->at[tlv->length] = tag;
	tlv->at[tlv->length + 1] = (uint8_t)length;
	if (length)
		memcpy(tlv->at + tlv->length + 2, value, length);
	tlv->length += length + 2;
}

void tlv_put_byte(struct tlv *tlv, uint8_t tag, uint8_t value)
{
	tlv_put(tlv, tag, &value, 1);
}

size_t tlv_open(struct tlv *tlv, uint8_t tag)
{
	tlv_put(tlv, tag, NULL, 0);
	return tlv->length;
}

void tlv_close(struct tlv *tlv, size_t mark)
{
	size_t length = tlv->length - mark;

	if (tlv->error)
		return;
	if (length > 0x7F)
		tlv->error = ERROR_RANGE;
	else
		tlv->at[mark - 1] = (uint8_t)length;
}

int tlv_length(const struct tlv *tlv)
{
	return tlv->error ? tlv->error : (int)tlv->length;
}
