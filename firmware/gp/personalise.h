/* personalise.h - STORE DATA: how files, PINs and subscriber keys enter the card.
 *
 * Only inside a secure channel (at least C-MAC and C-DEC), with the
 * issuer security domain selected; keys, PINs and what concerns a key set of
 * SCP03 only inside SCP03: triple DES in ECB mode hides neither which blocks
 * are equal nor that they were exchanged. Each STORE DATA carries whole data
 * groupings, DGI(2) length(1) value, P1 = 0x08 or 0x88 (last), DGI format (09 and 89: an answer is expected);
 * or whole BER-TLV objects, P1 = 0x10 or 0x90: 42, the issuer identification number, and 45, the card image
 * number, of 1 to 16 bytes each, which GET DATA tells (GlobalPlatform Card Specification 11.11). One command
 * is one transaction: all that is in it happens, or nothing does.
 *
 * The groupings are ours, and host/lib/personalise.c writes them:
 *
 *  DGI_FILE    path-count(1) FIDs(2 each, from below the MF; 7FFF is ADF.USIM)
 *              record(1; 0 for a transparent file) offset(1; 0 for records)
 *              content. The rest of the file keeps what it held. Every EF
 *              but EF.ARR, which says what the card enforces (6A80).
 *  DGI_PIN     reference(1) enabled(1: 0 or 1) tries(1) unblock-tries(1)
 *              E(PIN(8) || unblock PIN(8))(16). ADM references have unblock
 *              tries 0; with tries 0 the unblock PIN is FF. The PIN counts as
 *              not verified until it is again.
 *  DGI_KEY     slot(1) algorithm(1) method(1) parameter-count(1: 0 or 6)
 *              parameters (auth/algorithm.h: K, MAC, RES, CK, IK in bytes,
 *              Keccak iterations; 0 means the usual ones)
 *              E(K(16 or 32) || OPc(16) or TOPc(32) or nothing)
 *              KCV of K(3) and, when there is one, KCV of OPc or TOPc(3).
 *              Replaces the slot and resets its sequence numbers; 6985 when it is
 *              confirmed or locked.
 *  DGI_SLOT    slot(1) state(1) [usage(1)]: what becomes of the key in a slot
 *              (keys/slot.h): 01 it stays as loaded, 02 confirmed, 03 locked, 04
 *              destroyed; and which uses are left to it, 01 3G, 02 GSM, 04 GBA.
 *              6A88 when the slot has no key, 6985 for a way back, 6A80 for a use
 *              that was taken away before. A key that was destroyed is in no byte
 *              of the memory when the command is answered, or, after a power cut
 *              that came before, at the next start.
 *  DGI_IDENTITY  nothing: the card makes its identity key pair (keys/identity.h),
 *              once in its life (6985); GET DATA DF22 then tells the public key.
 *  DGI_PROVE   challenge(16 to 32). Answers the identity's signature(64) of it.
 *  DGI_AGREE   slot(1) operator's public key(33 or 65): the card agrees with its
 *              holder on K and OPc and loads them. Answers ephemeral key(33),
 *              KCV of K(3), KCV of OPc(3), the identity's signature(64).
 *              6A88 for both without an identity.
 *  DGI_AUTHORITY  a ceremony's public key(33 or 65): whose tickets the card obeys, once
 *              in its life (6985; keys/authority.h). From then on DGI_KEY and DGI_AGREE
 *              want a ticket before them in the same command (6982), and the answer
 *              to such a command is the card's receipt, in place of what DGI_AGREE answers.
 *  DGI_CERTIFICATE  the factory's certificate(145) of the identity, once (6985); 6A88 for
 *              another identity's, another firmware's, or without one.
 *  DGI_TICKET  a load ticket(136 or 169) for one DGI_KEY or DGI_AGREE that follows (6A80
 *              when none does). 6988 when the authority did not sign it, 6A88 when it
 *              is for another card, slot, method or operator, 6985 when its number is
 *              not above the highest accepted, 6984 when it has expired.
 *  DGI_TIME    a time that the authority signed(84): the card has no clock; it knows the
 *              highest time it was told. An older one changes nothing. 6988 as above.
 *              6A88 for both without an authority. All four are in keys/ticket.h.
 *  DGI_SCP     key version(1) i(1: 60, 61, 70 or 71; SCP02: 15 or 55; SCP80: the least
 *              SPI, 00..1E): what sessions under that key set are like from the next one on (gp/scp03.h).
 *  DGI_SQN     slot(1) delta(6) age(6), big-endian: how far SEQ may jump, and
 *              how far it may lie behind the highest (0: any distance), TS
 *              33.102 C.2 (auth/sqn_array.h). Until then 2^28 and 0.
 *  DGI_STATE   life-cycle state(1): 0x0F, personalised (told by GET DATA; it
 *              forbids nothing: the key set's holders keep their rights).
 *
 * E() is AES-CBC with the key set's DEK and a zero IV (GlobalPlatform
 * Amendment D 7.2 uses the same for PUT KEY). KCV: the first three bytes of
 * AES(key, 01 x 16).
 *
 * Status words: 6985 unless the issuer security domain is selected, 6982
 * outside such a channel or in SCP02 what is for SCP03, 6A86 for another P1 (P2, a block number, is free:
 * every command stands alone), 6A80 for a grouping that does not parse or a
 * value that is not allowed, 6A82 and 6B00 for a file that is not there or
 * too short, 6A88 for an unknown grouping, tag or PIN, 9485 for a wrong KCV, 6A84. */
#ifndef SIMRITE_PERSONALISE_H
#define SIMRITE_PERSONALISE_H

#include "apdu/command.h"
#include "keys/subscriber_key.h"

enum dgi {
	DGI_FILE = 0x0F01,
	DGI_STATE = 0x0F02,
	DGI_SCP = 0x0F03,
	DGI_SQN = 0x0F04,
	DGI_SLOT = 0x0F05,
	DGI_IDENTITY = 0x0F06,
	DGI_PROVE = 0x0F07,
	DGI_AGREE = 0x0F08,
	DGI_AUTHORITY = 0x0F09,
	DGI_CERTIFICATE = 0x0F0A,
	DGI_TICKET = 0x0F0B,
	DGI_TIME = 0x0F0C,
	DGI_KEY = 0x8F01,
	DGI_PIN = 0x8F02,
};

command_handler store_data;

#endif
