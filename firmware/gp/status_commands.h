/* status_commands.h - GET STATUS (84 F2) and SET STATUS (80 F0), GlobalPlatform Card
 * Specification 11.4, 11.10.
 *
 * Both in a session of at least C-MAC (6982), with the issuer security domain
 * selected (6985).
 *
 * GET STATUS: P1 = 80 the issuer security domain, 40 the applications, 20 and
 * 10 load files and modules, of which there are none (6A88); P2 = 02 TLVs, 00
 * the old form. Data: 4F and the beginning of an AID, or 4F 00 for all; then,
 * when P2 = 02, maybe 5C and the tags wanted of 4F, 9F70 and C5. Answers
 *
 *     E3 { 4F AID  9F70 state(1)  C5 privileges(3) } ..     or
 *     AID-length(1) AID state(1) privileges(1) ..
 *
 * The state of the domain is the card's (gp/isd.h), that of an application 07,
 * SELECTABLE. 6A86, 6A80 for data that does not parse or with other criteria,
 * 6A88 when nothing is found. The whole answer always fits: never 6310.
 *
 * SET STATUS: P1 = 80, the card (6A81 for applications); P2 = the state to go
 * to (6A86 when there is none such); data empty or the domain's AID (6A80).
 * Allowed are OP_READY to INITIALIZED to SECURED, SECURED to CARD_LOCKED and
 * back, any to TERMINATED; 6985 for other ways. */
#ifndef SIMRITE_STATUS_COMMANDS_H
#define SIMRITE_STATUS_COMMANDS_H

#include "apdu/command.h"

command_handler get_status;
command_handler set_status;

#endif
