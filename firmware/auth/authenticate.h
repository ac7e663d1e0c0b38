/* authenticate.h - AUTHENTICATE (INS 88), 3GPP TS 31.102 clause 7.1.
 *
 * P1 = 00. P2 = 81, 3G context: data 10 RAND(16) 10 AUTN(16); answers
 * DB 08 RES 10 CK 10 IK 08 Kc (Kc only while service 27 of EF.UST is
 * available), or DC 0E AUTS when the sequence number is not fresh, or 9862 when MAC-A is wrong (checked
 * first, in constant time). P2 = 80, GSM context: data 10 RAND(16); answers 04 SRES 08 Kc.
 *
 * That is how long things are with Milenage; with TUAK and XOR they are as
 * long as the key's sizes say (AUTN and AUTS by the MAC), and 08 Kc is there
 * when RES, CK and IK are of the lengths c2 and c3 of TS 33.102 6.8.1.2 are
 * for. SRES and Kc are made by c2 and c3, or by the key's GSM algorithm.
 *
 * The accepted sequence number is in non-volatile memory before anything is
 * answered.
 *
 * P2 = 84, GBA context (TS 33.220, auth/gba.h). Bootstrapping, DD 10 RAND 10
 * AUTN, where the MAC in the AUTN is the one for GBA_U: answers DB 08 RES, or
 * as above; CK and IK stay here. NAF derivation, DE L NAF_Id L IMPI: answers DB 20
 * Ks_ext_NAF.
 *
 * In ADF.ISIM, P2 = 81 is the IMS AKA context (TS 31.103 7.1): the same with
 * the same key and sequence numbers (TS 33.203 lets both applications share
 * them), and never a Kc; P2 = 80 is 6A86.
 *
 * Status words: 6985 unless ADF.USIM or ADF.ISIM is selected, 6982 unless its PIN is
 * satisfied, 9864 for a context the card does not have (VGCS/VBS, MBMS, local keys:
 * P2 = 82, 83, 85, 86; GSM and GBA while services 38 and 68 of EF.UST are not
 * available, GBA in ADF.ISIM service 2 of EF.IST) or its key is
 * not for, 6985 also for a NAF derivation before any bootstrapping, 9866 when NAF_Id and B-TID fit no record
 * of EF.GBANL, 6A86 for other P1 P2, 6700 and 6A80 for data of a wrong length or shape, 6A88 when no key is
 * loaded. */
#ifndef SIMRITE_AUTHENTICATE_H
#define SIMRITE_AUTHENTICATE_H

#include "apdu/command.h"

command_handler authenticate;

#endif
