/* sms.h - from a short message to the packet in its user data.
 *
 * The terminal hands over an SMS-DELIVER TPDU (3GPP TS 23.040 9.2.2.1) whose user data begins with a header:
 * information element 70 says that a command packet follows (TS 31.115 4.2), 00 or 08 that it comes in
 * parts. Up to SMS_PARTS_MAX parts are put together, in any order, one message at a time: a part of another
 * begins anew. So the longest packet has 400 bytes (the first part holds two less than the others).
 * TP-UDL is not believed, as not every tool sets it: user data goes to the end of the TPDU, and the packet
 * has a length of its own. */
#ifndef SIMRITE_SMS_H
#define SIMRITE_SMS_H

#include "bounds.h"
#include "status.h"

struct sms {
	uint8_t reference[2], parts; /* the message that is being put together; parts 0: none */
	uint8_t lengths[SMS_PARTS_MAX];
	uint8_t bytes[SMS_PARTS_MAX * SMS_PART_MAX];
};

/* Take a TPDU. The length of the whole packet, now in `bytes`; 0 when parts of it are still to come;
 * ERROR_FORMAT when it is no message with a command packet, or a part of it; ERROR_FULL when it has more
 * parts than there is room for. Nothing is kept after an error. */
MUST_CHECK int sms_take(struct sms *sms, struct span tpdu);

#endif
