/* put_key.h - PUT KEY (80 D8), GlobalPlatform Card Specification 11.8, Amendment D 7.2.
 *
 * In a session of at least C-MAC and C-DEC (6982); one of SCP02 adds and
 * replaces sets of SCP02 only (6982). P1 = version to replace,
 * or 00 to add one; P2 = 81 (keys 1, 2 and 3 at once: 6A86 otherwise). Data:
 * new version(1; 30..3F for AES, type 88; 01, 20..2F or 70 for two-key triple
 * DES, type 80; 02..0F for SCP80, AES or triple DES with two or three keys) and three times, for ENC, MAC and
 * DEK (SCP80: KIc, KID and KIK), which must be of one length:
 *
 *     88  length(1)  key length(1: 16, 24, 32)  E(key)  03 KCV(3)
 *     88  length(1: 16 or 32)                   E(key)  03 KCV(3)
 *
 *     80 ..  as an AES-128 key, or with three keys as an AES-192 key
 *
 * E() is AES-CBC with the session's DEK and a zero IV over the key, an AES-192
 * key filled up to 32 bytes; in an SCP02 session triple DES, ECB. Answers the new version and the three check
 * values. All three keys or none, in one transaction. A set that replaces
 * another keeps its "i" parameter.
 *
 * Status words: 6A80 for data that does not parse or a version that is not
 * allowed or already there, 6A88 when the version to replace is absent, 6985 for the last set
 * of SCP03 to be replaced by one of SCP02, 6A84
 * when there is no room for one more set, 9484 for a key type that is not the version's,
 * 9485 for a wrong check value. */
#ifndef SIMRITE_PUT_KEY_H
#define SIMRITE_PUT_KEY_H

#include "apdu/command.h"

command_handler put_key;

#endif
