/* access.h - who may do what to a file.
 *
 * The rules are the records of EF.ARR themselves, byte for byte as a terminal
 * reads them (expanded format, ETSI TS 102 221 clause 9.2.4): what is told is
 * what is enforced. A file's FCP names its record. EF.ARR cannot be changed. */
#ifndef SIMRITE_ACCESS_H
#define SIMRITE_ACCESS_H

#include "status.h"

struct card;

/* Access mode bits of an EF, TS 102 221 table 9.1 (ISO/IEC 7816-4 table 17). */
enum access_mode {
	ACCESS_READ = 0x01,
	ACCESS_UPDATE = 0x02,
};

/* The records of EF.ARR, by number. */
enum access_rule {
	RULE_DIRECTORY = 1, /* everything never */
	RULE_READ_ALWAYS,   /* update never */
	RULE_ALWAYS_ADM,    /* read always, update ADM1 */
	RULE_ALWAYS_PIN,    /* read always, update PIN1 */
	RULE_PIN_ADM,       /* read PIN1, update ADM1 */
	RULE_PIN_PIN,       /* read PIN1, update PIN1 */
	RULE_LAST = RULE_PIN_PIN,
};

enum {
	ACCESS_RECORD = 28 /* bytes of one record of EF.ARR */
};

/* All records of EF.ARR, ACCESS_RECORD bytes each, RULE_LAST of them. */
extern const uint8_t access_rules[ACCESS_RECORD * RULE_LAST];

/* May `mode` be done now to a file that names record `rule`? GRANTED or DENIED. */
MUST_CHECK enum verdict access_granted(const struct card *card, uint8_t rule, enum access_mode mode);

#endif
