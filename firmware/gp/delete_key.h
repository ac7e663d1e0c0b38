/* delete_key.h - DELETE (80 E4) of a key set, GlobalPlatform Card Specification 11.2.
 *
 * In a session of at least C-MAC (6982; a set of SCP03 not from one of SCP02). P1 P2 = 00 00 (6A86). Data: D2
 * 01 version: the whole key set goes, in one transaction, and then every trace of it in the memory. The
 * session that asks for it goes on, also when the keys are its own. Answers 00, no confirmation.
 *
 * Status words: 6A80 for data that does not parse, 6A88 when there is no such
 * set, 6985 for the last set of SCP03, with which alone keys and PINs can be put, for one key of a set (D0)
 * and for an application (4F): the card's are part of it. */
#ifndef SIMRITE_DELETE_KEY_H
#define SIMRITE_DELETE_KEY_H

#include "apdu/command.h"

command_handler delete_key;

#endif
