/* challenge.h - GET CHALLENGE (INS 84), TS 102 221 clause 11.1.18.
 *
 * P1 = P2 = 00 (6A86), Le random bytes from the card's DRBG; 6700 without Le. */
#ifndef SIMRITE_CHALLENGE_H
#define SIMRITE_CHALLENGE_H

#include "apdu/command.h"

command_handler get_challenge;

#endif
