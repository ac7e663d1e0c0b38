/* get_identity.h - GET IDENTITY (80 78), 3GPP TS 31.102 clause 7.5: the SUCI, made on the card.
 *
 * P1 P2 = 00 01, the SUCI context; no data; answers A1 L SUCI, where SUCI is
 * octets 4 and on of the 5GS mobile identity of TS 24.501 9.11.3.4: 01, MCC and
 * MNC, routing indicator, scheme, the home network's key identifier, scheme output. Every
 * answer is made with a new ephemeral key. A wrong Le is answered 6Cxx before
 * anything is computed.
 *
 * Where a card finds its keys is left to it (7.5.1). Here it is EF.SUCI_Calc_Info
 * of DF.SAIP (5FD0/4F01), which the terminal cannot read, in the form of the
 * one in DF.5GS; and EF.IMSI, EF.AD and EF.Routing_Indicator.
 *
 * Status words: 6A86 for another P1 P2 (the card has no NSWO context), 6985
 * unless ADF.USIM is selected, 6982 unless its PIN is satisfied, 6A81 unless
 * services 124 and 125 of EF.UST are available, 6A88 when the files hold no
 * IMSI, or no scheme with its key. */
#ifndef SIMRITE_GET_IDENTITY_H
#define SIMRITE_GET_IDENTITY_H

#include "apdu/command.h"

command_handler get_identity;

#endif
