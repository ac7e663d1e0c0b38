/* access.h - who may do what to a file.
 *
 * The rules are the records of EF.ARR themselves, byte for byte as a terminal
 * reads them (expanded format, ETSI TS 102 221 clause 9.2.6): what is told is
 * what is enforced. A file's FCP names its record. EF.ARR cannot be changed.
 * A file made at run time brings a rule of its own: a reference to a record of
 * an EF.ARR (tag 8B), which is looked for where TS 102 221 9.2.7 says and may
 * be a made one too, expanded (AB) or compact (8C, ISO/IEC 7816-4 5.4.3.1). */
#ifndef SIMRITE_ACCESS_H
#define SIMRITE_ACCESS_H

#include "status.h"

struct card;

/* Access mode bits of TS 102 221 table 9.1 and 9.2 (ISO/IEC 7816-4 tables 16
 * and 17), and instructions that have a rule of their own (AM_DO 84). */
enum access_mode {
	ACCESS_READ = 0x01,         /* of an EF */
	ACCESS_UPDATE = 0x02,       /* of an EF */
	ACCESS_DELETE_CHILD = 0x01, /* of a directory */
	ACCESS_CREATE_EF = 0x02,    /* of a directory */
	ACCESS_CREATE_DF = 0x04,    /* of a directory */
	ACCESS_DEACTIVATE = 0x08,
	ACCESS_ACTIVATE = 0x10,
	ACCESS_TERMINATE = 0x20,
	ACCESS_DELETE = 0x40,
	ACCESS_INSTRUCTION = 0x100, /* the low byte is an instruction */
	ACCESS_INCREASE = 0x132,
	ACCESS_RESIZE = 0x1D4,
};

/* The records of EF.ARR, by number. Where nothing else is said, an EF the card
 * is born with is activated, deactivated, resized and deleted by ADM1, to whom
 * TS 31.102 clause 4 gives the first two, and terminated never. */
enum access_rule {
	RULE_DIRECTORY = 1, /* create and delete children ADM1, and delete it */
	RULE_READ_ALWAYS,   /* nothing else, ever: EF.ICCID, EF.ARR, and the ISD, which has no files */
	RULE_ALWAYS_ADM,    /* read always, update ADM1 */
	RULE_ALWAYS_PIN,    /* read always, update PIN1 */
	RULE_PIN_ADM,       /* read PIN1, update ADM1 */
	RULE_PIN_PIN,       /* read PIN1, update PIN1 */
	RULE_MF,            /* create and delete children ADM1, and TERMINATE CARD USAGE */
	RULE_PIN_INCREASE,  /* read, update and INCREASE PIN1 */
	RULE_ADM,           /* everything ADM1, RESIZE FILE too; for files made at run time */
	RULE_PIN_OPEN,      /* read and update PIN1, the rest ADM1; likewise */
	RULE_READ_OPEN,     /* read always, the rest ADM1; likewise */
	RULE_PIN_PIN2,      /* read PIN1, update PIN2 */
	RULE_PIN2_INCREASE, /* read and INCREASE PIN1, update PIN2 */
	RULE_DIR,           /* as RULE_ALWAYS_ADM, but never deleted: EF.DIR */
	RULE_LAST = RULE_DIR,
};

enum {
	ACCESS_RECORD = 49 /* bytes of one record of EF.ARR */
};

/* All records of EF.ARR, ACCESS_RECORD bytes each, RULE_LAST of them. */
extern const uint8_t access_rules[ACCESS_RECORD * RULE_LAST];

/* Is this a rule a made file can have: tag, length and value, FILE_SECURITY_MAX
 * bytes at most? 1 or 0. Whether an EF.ARR is there shows when it is used:
 * without, nothing is granted. */
int access_is_rule(struct span rule);

/* May `mode` be done now to this file? GRANTED or DENIED. */
MUST_CHECK enum verdict access_granted(const struct card *card, uint16_t file, enum access_mode mode);

/* Would it be, if of all PINs only `reference` were satisfied (0: none at all)?
 * For those who tell the rule in other words than EF.ARR does. */
MUST_CHECK enum verdict access_would(const struct card *card, uint16_t file, enum access_mode mode,
				     uint8_t reference);

#endif
