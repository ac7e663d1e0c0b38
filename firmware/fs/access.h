/* access.h - who may do what to a file.
 *
 * The rules are the records of EF.ARR themselves, byte for byte as a terminal
 * reads them (expanded format, ETSI TS 102 221 clause 9.2.6): what is told is
 * what is enforced. A file's FCP names its record. The EF.ARRs a card is born
 * with cannot be changed.
 * A file made at run time brings a rule of its own. All of it is walked before
 * anything is granted, and one that is malformed grants nothing to anybody.
 *
 *  8B  FID of an EF.ARR, record; or FID and pairs of security environment and
 *      record, of which that of now counts (clauses 9.2.7, 9.3): 01 while PIN1
 *      is asked for, or could be and the universal PIN is not in its place; 00
 *      else. The EF.ARR is looked for where 9.2.7 says, and may be a made one.
 *
 *  AB  Expanded (ISO/IEC 7816-4 5.4.3.2): an access mode, then one or more
 *      conditions, any of which is enough; and again. Access modes: 80 mode
 *      byte, 84 instructions (INCREASE and RESIZE FILE have rules of their own,
 *      every other command is of a mode). Conditions: 90 always, 97 never, A4
 *      {83 PIN, 95 08} that PIN is satisfied, 9E condition byte, and, four deep,
 *      A0 any, AF all and A7 none of those within.
 *
 *  8C  Compact (5.4.3.1): a mode byte, then a condition byte for each of its
 *      bits, the highest first; and again. Of several for a mode, any is enough.
 *
 * The condition byte: 00 always, FF never; else bits 8 to 5 say which
 * mechanisms, one of them or (80) all: 40 secure messaging, 20 external
 * authentication, which this card has none of, and 10 user authentication. Bits
 * 4 to 1 are the security environment that says by what. Those of this card:
 *
 *   0        none named; the key is known, as in clause 9.2.5: ADM1
 *   1        PIN1, the application PIN, or the universal PIN in its place
 *   A to E   ADM1 to ADM5, as other cards of this kind have it (docs/adr/0019)
 *   others   there are none: never
 *
 * What is not known, or not there, is neither fulfilled nor the contrary of
 * it: no OR, AND or NOT makes it grant anything. A PIN that is disabled is
 * satisfied. */
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
 * bytes at most, none cut short, no access mode or template without a condition?
 * 1 or 0. Whether an EF.ARR is there shows when it is used: without, nothing is
 * granted. */
int access_is_rule(struct span rule);

/* May `mode` be done now to this file? GRANTED or DENIED. */
MUST_CHECK enum verdict access_granted(const struct card *card, uint16_t file, enum access_mode mode);

/* Would it be, if of all PINs only `reference` were satisfied (0: none at all)?
 * For those who tell the rule in other words than EF.ARR does. */
MUST_CHECK enum verdict access_would(const struct card *card, uint16_t file, enum access_mode mode,
				     uint8_t reference);

#endif
