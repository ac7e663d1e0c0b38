/* status.h - what can go wrong inside the card, and how it is told.
 *
 * Three kinds of result, never mixed:
 *  - enum error: returned as int by everything that is not an APDU handler.
 *    0 or a positive count is success, negative is one of these.
 *  - sw_t: a status word, returned by APDU handlers only. sw_from_error() is
 *    the one mapping from the first kind to this one.
 *  - enum verdict: whether something secret-dependent may happen. Compared by
 *    equality to GRANTED only, so that no zero, no flipped bit and no
 *    uninitialised byte ever grants. */
#ifndef SIMRITE_STATUS_H
#define SIMRITE_STATUS_H

#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))

enum error {
	OK = 0,
	ERROR_MEMORY = -16,    /* the non-volatile memory failed or is damaged */
	ERROR_FULL = -17,      /* no room left in the non-volatile memory */
	ERROR_NOT_FOUND = -18, /* no such object, file, key or record */
	ERROR_RANGE = -19,     /* outside a buffer, file or table */
	ERROR_FORMAT = -20,    /* bytes that do not parse */
	ERROR_VALUE = -21,     /* bytes that parse but are not allowed */
	ERROR_CHECK = -22,     /* a MAC, KCV or checksum does not match */
	ERROR_STATE = -23,     /* not now: an order or life-cycle rule */
	ERROR_DENIED = -24,    /* an access rule forbids it */
	ERROR_RANDOM = -25,    /* no entropy: the card stops (card.h) */
	ERROR_CRYPTO = -26,    /* the cipher library refused */
};

enum verdict {
	DENIED = 0x3CA5,
	GRANTED = 0xC35A,
};

/* A run of bytes somebody else owns. */
struct span {
	const uint8_t *at;
	size_t length;
};

/* ---- Status words: ETSI TS 102 221 clause 10.2.1, ISO/IEC 7816-4 5.6 ---- */

typedef uint16_t sw_t;

#define SW_OK                       ((sw_t)0x9000)
#define SW_RESPONSE_READY(n)        ((sw_t)(0x6100 | ((n)&0xFF)))
#define SW_CHANNEL_CLOSED           ((sw_t)0x6200) /* MANAGE CHANNEL: it was closed already */
#define SW_DOWNLOAD_ERROR           ((sw_t)0x6200) /* TS 31.111 7.1.1.2: the data tells of an error */
#define SW_MORE_DATA                ((sw_t)0x62F1) /* TS 102 221 10.2.1.2: there is a next block */
#define SW_MORE_EXPECTED            ((sw_t)0x63F1) /* TS 102 221 10.2.1.3: a next block is awaited */
#define SW_SEARCH_UNSUCCESSFUL      ((sw_t)0x6282)
#define SW_CRYPTOGRAM_WRONG         ((sw_t)0x6300) /* GlobalPlatform E.5.2.7: authentication failed */
#define SW_TRIES_LEFT(n)            ((sw_t)(0x63C0 | ((n)&0x0F)))
#define SW_CARD_LOCKED              ((sw_t)0x6283) /* GlobalPlatform 11.9.3.2: selected, and card locked */
#define SW_MEMORY_PROBLEM           ((sw_t)0x6581)
#define SW_PROACTIVE(n)             ((sw_t)(0x9100 | ((n)&0xFF))) /* TS 102 221 10.2.1.1: FETCH it */
#define SW_WRONG_LENGTH             ((sw_t)0x6700)
#define SW_CHANNEL_NOT_SUPPORTED    ((sw_t)0x6881)
#define SW_SECURE_NOT_SUPPORTED     ((sw_t)0x6882)
#define SW_INCOMPATIBLE_FILE        ((sw_t)0x6981)
#define SW_SECURITY_NOT_SATISFIED   ((sw_t)0x6982)
#define SW_PIN_BLOCKED              ((sw_t)0x6983)
#define SW_DATA_INVALIDATED         ((sw_t)0x6984)
#define SW_CONDITIONS_NOT_SATISFIED ((sw_t)0x6985)
#define SW_NO_EF_SELECTED           ((sw_t)0x6986)
#define SW_SECURE_DATA_INCORRECT    ((sw_t)0x6988)
#define SW_WRONG_DATA               ((sw_t)0x6A80)
#define SW_FUNCTION_NOT_SUPPORTED   ((sw_t)0x6A81)
#define SW_FILE_NOT_FOUND           ((sw_t)0x6A82)
#define SW_RECORD_NOT_FOUND         ((sw_t)0x6A83)
#define SW_NOT_ENOUGH_SPACE         ((sw_t)0x6A84)
#define SW_WRONG_P1_P2              ((sw_t)0x6A86)
#define SW_FILE_EXISTS              ((sw_t)0x6A89) /* TS 102 222 6.2: the FID is given already */
#define SW_AID_EXISTS               ((sw_t)0x6A8A) /* likewise: the AID is */
#define SW_REFERENCE_NOT_FOUND      ((sw_t)0x6A88)
#define SW_WRONG_OFFSET             ((sw_t)0x6B00)
#define SW_WRONG_LE(n)              ((sw_t)(0x6C00 | ((n)&0xFF)))
#define SW_INS_NOT_SUPPORTED        ((sw_t)0x6D00)
#define SW_CLA_NOT_SUPPORTED        ((sw_t)0x6E00)
#define SW_TECHNICAL_PROBLEM        ((sw_t)0x6F00)
#define SW_ALGORITHM_NOT_SUPPORTED  ((sw_t)0x9484) /* GlobalPlatform 11.8.3.2 */
#define SW_KCV_WRONG                ((sw_t)0x9485) /* GlobalPlatform 11.8.3.2 */
#define SW_MAXIMUM_REACHED          ((sw_t)0x9850) /* TS 102 221 10.2.1.6: INCREASE cannot be performed */
#define SW_AUTHENTICATION_MAC       ((sw_t)0x9862) /* TS 31.102 7.3: incorrect MAC */
#define SW_NO_GSM_ACCESS            ((sw_t)0x9864) /* TS 31.102 7.3: context not supported */
#define SW_AUTHENTICATION_MEMORY    ((sw_t)0x9866) /* TS 31.102 7.3: no memory space available */

/* ---- Status words of class A0: 3GPP TS 51.011 clause 9.4 ---- */

#define SW_GSM_WRONG_LENGTH(n)   ((sw_t)(0x6700 | ((n)&0xFF))) /* P3 is wrong; what is right, 0: not said */
#define SW_GSM_P1_P2             ((sw_t)0x6B00)
#define SW_GSM_MEMORY            ((sw_t)0x9240)
#define SW_GSM_NO_EF_SELECTED    ((sw_t)0x9400)
#define SW_GSM_OUT_OF_RANGE      ((sw_t)0x9402)
#define SW_GSM_NOT_FOUND         ((sw_t)0x9404) /* a file, or a pattern */
#define SW_GSM_INCONSISTENT      ((sw_t)0x9408) /* the file with the command */
#define SW_GSM_NO_CHV            ((sw_t)0x9802) /* not initialised */
#define SW_GSM_ACCESS            ((sw_t)0x9804) /* condition not fulfilled, wrong CHV, no authentication */
#define SW_GSM_CHV_STATUS        ((sw_t)0x9808) /* in contradiction with it */
#define SW_GSM_INVALIDATION      ((sw_t)0x9810) /* in contradiction with it */
#define SW_GSM_CHV_BLOCKED       ((sw_t)0x9840)
#define SW_GSM_RESPONSE_READY(n) ((sw_t)(0x9F00 | ((n)&0xFF)))

/* The status word for a result: SW_OK for 0 and above. */
sw_t sw_from_error(int error);

#endif
