/* tlv.h - BER-TLV with one- or two-byte tags and lengths up to 65535.
 *
 * Reading never copies: what comes out points into what went in.
 * Writing goes through struct tlv, whose error is sticky: write everything,
 * then ask tlv_length() once. ISO/IEC 7816-4 clause 5.2.2. */
#ifndef SIMRITE_TLV_H
#define SIMRITE_TLV_H

#include "status.h"

/* Take the first data object off `in`. Returns 1 with tag and value, 0 when
 * `in` is empty or only padding (00, FF) is left, or ERROR_FORMAT. */
MUST_CHECK int tlv_next(uint16_t *tag, struct span *value, struct span *in);

/* The value of the first object `tag` at the top level of `in`. OK,
 * ERROR_NOT_FOUND or ERROR_FORMAT. */
MUST_CHECK int tlv_find(struct span *value, uint16_t tag, struct span in);

struct tlv {
	uint8_t *at;
	size_t size, length;
	int error;
};

void tlv_start(struct tlv *tlv, uint8_t *at, size_t size);

/* Append one object of at most 127 bytes. */
void tlv_put(struct tlv *tlv, uint8_t tag, const void *value, size_t length);
void tlv_put_byte(struct tlv *tlv, uint8_t tag, uint8_t value);

/* Open a constructed object of at most 127 bytes; tlv_close() takes what this
 * returned and sets the length. */
size_t tlv_open(struct tlv *tlv, uint8_t tag);
void tlv_close(struct tlv *tlv, size_t mark);

/* How much was written, or ERROR_RANGE when something did not fit. */
MUST_CHECK int tlv_length(const struct tlv *tlv);

#endif
