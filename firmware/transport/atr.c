/* No TA1: the hal has no way to change a contact's speed, so none but the
 * default is offered. TCK is there because T=15 is. */
#include "transport/atr.h"

#include <string.h>

/* SPEC: ISO/IEC 7816-3 8.2, TS 102 221 6.3 */
size_t atr_fill(uint8_t atr[static ATR_MAX])
{
	static const uint8_t bytes[] = {
		0x3B, 0x8F,             /* direct convention; TD1, 15 historical bytes */
		0x80,                   /* TD1: T=0; TD2 */
		0x1F,                   /* TD2: T=15; TA3 */
		0xC7,                   /* TA3: the clock may stop; classes A, B and C */
		0x80,                   /* historical bytes in compact TLV: */
		0x31, 0xE0,             /* selection by full and partial AID, EF.DIR */
		0x73, 0xF6, 0xA1, 0x1F, /* selection by AID, path, FID; SFI; record number; BER-TLV files;
					   eight channels or more, whose numbers card and terminal choose */
		0x67, 's',  'i',  'm',  'r', 'i', 't', 'e',
	};
	uint8_t check = 0;
	size_t i;

	memcpy(atr, bytes, sizeof(bytes));
	for (i = 1; i < sizeof(bytes); i++)
		check ^= bytes[i];
	atr[sizeof(bytes)] = check;
	return sizeof(bytes) + 1;
}
