/* get_data.h - GET DATA (80 CA), GlobalPlatform Card Specification 11.3.
 *
 * The issuer security domain must be selected (6985; a TERMINATED card cannot, and answers). P1 P2 is the
 * tag; the answer is the whole TLV. 6A88 for a tag that is not there.
 *
 *  0042  issuer identification number, 0045 card image number, once stored
 *  0066  card data: GlobalPlatform 2.3, SCP03 or SCP02 with the "i" of each key set
 *  00E0  key information template: C0 04 {key id, version, type 88 or 80, length: 10, 18 or 20} per key
 *  00C1  sequence counter of the secure channel (3 bytes)
 *  DF20  subscriber key slots; 15 bytes for each slot 1..KEY_SLOTS:
 *        slot(1) state(1) algorithm(1) method(1) KCV of K(3) KCV of OPc(3)
 *        uses(4, big-endian: 3G authentications accepted) usage(1) (keys/slot.h)
 *  DF22  the identity's public key (keys/identity.h), 04 x y (65); 6A88 before there is one
 *  DF23  the authority (keys/authority.h): its public key(33), highest number of a ticket accepted(4),
 * highest time known(4); 6A88 before there is one DF24  the factory's certificate of the identity (145,
 * keys/ticket.h); 6A88 before there is one DF25  the receipt of the last load under a ticket (201 or 234);
 * 6A88 before there was one DF26  which firmware it is (32, keys/build.h) DF27  how often each
 * slot 1..KEY_SLOTS was loaded (2 each) DF21  life-cycle state(1), enum life_cycle of gp/isd.h */
#ifndef SIMRITE_GET_DATA_H
#define SIMRITE_GET_DATA_H

#include "apdu/command.h"

command_handler get_data;

#endif
