/* envelope.h - ENVELOPE (80 C2): what the terminal hands to the card unasked.
 *
 * P1 P2 = 00 00 (6A86), on the basic channel; one BER-TLV object (6700 without data, 6A80 for one
 * that does not parse or is none of those there are). D1, a short message to the card, goes to apdu/ota.h.
 * The card has no menu, no call control and no event list: calls, choices and events (D3 to DA) are
 * acknowledged with 9000 and no data, which for call control means "as it is". ETSI TS 102 221 11.2.2, 3GPP
 * TS 31.111 clause 7. */
#ifndef SIMRITE_ENVELOPE_H
#define SIMRITE_ENVELOPE_H

#include "apdu/command.h"

command_handler envelope;

#endif
