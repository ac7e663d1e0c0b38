/* Sizes, short identifiers and defaults: ETSI TS 102 221 clause 13, 3GPP
 * TS 31.102 clause 4.2 and annexes E (suggested contents) and H (SFI values).
 * Numbers of records and of optional bytes are our choice, and only what the
 * card can do is in EF.UST. */
#include "fs/profile.h"

#include "fs/access.h"

#define BYTES(name)                                                                                          \
	{                                                                                                    \
		(name), sizeof(name)                                                                         \
	}
#define NOTHING                                                                                              \
	{                                                                                                    \
		NULL, 0                                                                                      \
	}

enum row {
	MF,
	USIM = 5,
	ISD = 6,
	LAST_DIRECTORY = ISD
};

static const uint8_t usim_aid[] = {0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x02, 0xFF,
				   0xFF, 0xFF, 0xFF, 0x89, 0x07, 0x09, 0x00, 0x00};
static const uint8_t isd_aid[] = {0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00};

/* Application template: 61 {4F AID, 50 label}. The terminal expects the AID at offset 4. */
static const uint8_t dir[] = {0x61, 0x18, 0x4F, 0x10, 0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x02, 0xFF, 0xFF,
			      0xFF, 0xFF, 0x89, 0x07, 0x09, 0x00, 0x00, 0x50, 0x04, 'U',  'S',  'I',  'M'};
static const uint8_t english[] = {'e', 'n'};
static const uint8_t no_keys[] = {0x07}; /* KSI 7: no key */
static const uint8_t hpplmn[] = {0x05};  /* look for the home network every 30 minutes */

/* Services 19 (SPN), 27 (GSM access: Kc), 33 (always), 34 (EST), 38 (GSM security context), 85 (EPS
 * mobility management). The card obeys 27 and 38, see fs/service.h. */
static const uint8_t ust[] = {0x00, 0x00, 0x04, 0x04, 0x23, 0x00, 0x00, 0x00, 0x00,
			      0x00, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00};
static const uint8_t loci[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0xFF, 0x01};
static const uint8_t psloci[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
				 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0xFF, 0x01};
static const uint8_t epsloci[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
				  0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x01};
static const uint8_t ad[] = {0x00, 0x00, 0x00, 0x02}; /* normal operation, MNC of two digits */
static const uint8_t acc[] = {0x00, 0x01};            /* access class 0 */
static const uint8_t start_hfn[] = {0xF0, 0x00, 0x00, 0xF0, 0x00, 0x00};
static const uint8_t est[] = {0x00};
static const uint8_t spn[] = {0x01}; /* no name; show the network's */

/* Emergency numbers 112 and 911: number, text, category. */
static const uint8_t ecc[] = {0x11, 0xF2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00,
			      0x19, 0xF1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};

#define DIRECTORY(fid, parent)                                                                               \
	{                                                                                                    \
		fid, FILE_DIRECTORY, parent, 0, RULE_DIRECTORY, 0, 0, NOTHING                                \
	}
#define APPLICATION(aid)                                                                                     \
	{                                                                                                    \
		0, FILE_APPLICATION, MF, 0, RULE_DIRECTORY, 0, 0, BYTES(aid)                                 \
	}
#define BINARY(fid, in, sfi, size, rule, content)                                                            \
	{                                                                                                    \
		fid, FILE_TRANSPARENT, in, sfi, rule, size, 0, content                                       \
	}
#define RECORDS(fid, in, sfi, size, count, rule, content)                                                    \
	{                                                                                                    \
		fid, FILE_LINEAR, in, sfi, rule, size, count, content                                        \
	}
#define ARR                                                                                                  \
	{                                                                                                    \
		access_rules, sizeof(access_rules)                                                           \
	}

/* clang-format off */
const struct file profile[] = {
	[MF] = DIRECTORY(FID_MF, FILE_NONE),
	BINARY(0x2FE2, MF, 0x02, 10, RULE_READ_ALWAYS, NOTHING),            /* ICCID */
	BINARY(0x2F05, MF, 0x05, 4, RULE_ALWAYS_PIN, BYTES(english)),       /* PL */
	RECORDS(0x2F06, MF, 0x06, ACCESS_RECORD, RULE_LAST, RULE_READ_ALWAYS, ARR),
	RECORDS(0x2F00, MF, 0x1E, 38, 2, RULE_ALWAYS_ADM, BYTES(dir)),      /* DIR */
	[USIM] = APPLICATION(usim_aid),
	[ISD] = APPLICATION(isd_aid),

	BINARY(0x6F05, USIM, 0x02, 4, RULE_ALWAYS_PIN, BYTES(english)),     /* LI */
	BINARY(0x6F07, USIM, 0x07, 9, RULE_PIN_ADM, NOTHING),               /* IMSI */
	BINARY(0x6F08, USIM, 0x08, 33, RULE_PIN_PIN, BYTES(no_keys)),       /* Keys */
	BINARY(0x6F09, USIM, 0x09, 33, RULE_PIN_PIN, BYTES(no_keys)),       /* KeysPS */
	BINARY(0x6F31, USIM, 0x12, 1, RULE_PIN_ADM, BYTES(hpplmn)),         /* HPPLMN */
	BINARY(0x6F38, USIM, 0x04, 17, RULE_PIN_ADM, BYTES(ust)),           /* UST */
	BINARY(0x6F7B, USIM, 0x0D, 12, RULE_PIN_PIN, NOTHING),              /* FPLMN */
	BINARY(0x6F7E, USIM, 0x0B, 11, RULE_PIN_PIN, BYTES(loci)),          /* LOCI */
	BINARY(0x6FAD, USIM, 0x03, 4, RULE_ALWAYS_ADM, BYTES(ad)),          /* AD */
	BINARY(0x6F78, USIM, 0x06, 2, RULE_PIN_ADM, BYTES(acc)),            /* ACC */
	RECORDS(0x6FB7, USIM, 0x01, 11, 5, RULE_ALWAYS_ADM, BYTES(ecc)),    /* ECC */
	BINARY(0x6F73, USIM, 0x0C, 14, RULE_PIN_PIN, BYTES(psloci)),        /* PSLOCI */
	BINARY(0x6F5B, USIM, 0x0F, 6, RULE_PIN_PIN, BYTES(start_hfn)),      /* START-HFN */
	BINARY(0x6F5C, USIM, 0x10, 3, RULE_PIN_ADM, NOTHING),               /* THRESHOLD */
	BINARY(0x6FC4, USIM, 0, 128, RULE_PIN_PIN, NOTHING),                /* NETPAR */
	BINARY(0x6F56, USIM, 0x05, 1, RULE_PIN_ADM, BYTES(est)),            /* EST */
	RECORDS(0x6F06, USIM, 0x17, ACCESS_RECORD, RULE_LAST, RULE_READ_ALWAYS, ARR),
	BINARY(0x6F46, USIM, 0, 17, RULE_ALWAYS_ADM, BYTES(spn)),           /* SPN */
	BINARY(0x6FE3, USIM, 0x1E, 18, RULE_PIN_PIN, BYTES(epsloci)),       /* EPSLOCI */
	RECORDS(0x6FE4, USIM, 0x18, 54, 1, RULE_PIN_PIN, NOTHING),          /* EPSNSC */
};
/* clang-format on */

const uint8_t profile_files = sizeof(profile) / sizeof(profile[0]);
const uint8_t profile_usim = USIM, profile_isd = ISD;

_Static_assert(sizeof(profile) / sizeof(profile[0]) < 0xFF - STORE_FILE, "files are numbered in one byte");
