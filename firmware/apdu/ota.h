/* ota.h - a short message to the card: from the TPDU to the answer.
 *
 * 9000 without data: parts of the message are still to come, or no answer was asked for. With data, the
 * response packet, user data header included: 61xx when all went well, 6200 when it tells of an error, which
 * the terminal passes on as an acknowledgement and as an error (TS 31.111 7.1.1.2). 6A80 for a message with
 * no packet in it, 6A84 for one in more than SMS_PARTS_MAX parts. An answer that is wanted by SMS-SUBMIT
 * comes like any other. */
#ifndef SIMRITE_OTA_H
#define SIMRITE_OTA_H

#include "apdu/command.h"

MUST_CHECK sw_t ota_receive(struct card *card, struct span tpdu, struct reply *reply);

#endif
