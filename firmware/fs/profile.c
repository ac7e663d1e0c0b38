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
	USIM_5GS = 7,
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
static const uint8_t acm[15] = {0}; /* five records of no units */
static const uint8_t est[] = {0x00};
static const uint8_t spn[] = {0x01}; /* no name; show the network's */

/* Emergency numbers 112 and 911: number, text, category. */
static const uint8_t ecc[] = {0x11, 0xF2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00,
			      0x19, 0xF1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00};

/* clang-format off */
#define DIRECTORY(number, in, access) {.fid = number, .kind = FILE_DIRECTORY, .parent = in, .rule = access}
#define APPLICATION(aid) {.kind = FILE_APPLICATION, .parent = MF, .rule = RULE_DIRECTORY, .preset = BYTES(aid)}
#define EF(form, number, in, short_id, bytes, count, access, ...)                                            \
	{.fid = number, .kind = form, .parent = in, .sfi = short_id, .rule = access, .size = bytes,          \
	 .records = count, .preset = __VA_ARGS__}
#define BINARY(fid, in, sfi, size, rule, ...) EF(FILE_TRANSPARENT, fid, in, sfi, size, 0, rule, __VA_ARGS__)
#define RECORDS(fid, in, sfi, size, count, rule, ...) EF(FILE_LINEAR, fid, in, sfi, size, count, rule, __VA_ARGS__)
#define CYCLIC(fid, in, sfi, size, count, rule, ...) EF(FILE_CYCLIC, fid, in, sfi, size, count, rule, __VA_ARGS__)
#define LINK(number, in, short_id, access, directory, target)                                                \
	{.fid = number, .parent = in, .sfi = short_id, .rule = access, .link = directory, .link_fid = target}
/* clang-format on */
#define ARR                                                                                                  \
	{                                                                                                    \
		access_rules, sizeof(access_rules)                                                           \
	}

/* clang-format off */
const struct file profile[] = {
	[MF] = DIRECTORY(FID_MF, FILE_NONE, RULE_MF),
	BINARY(0x2FE2, MF, 0x02, 10, RULE_READ_ALWAYS, NOTHING),            /* ICCID */
	BINARY(0x2F05, MF, 0x05, 4, RULE_ALWAYS_PIN, BYTES(english)),       /* PL */
	RECORDS(0x2F06, MF, 0x06, ACCESS_RECORD, RULE_LAST, RULE_READ_ALWAYS, ARR),
	RECORDS(0x2F00, MF, 0x1E, 38, 2, RULE_ALWAYS_ADM, BYTES(dir)),      /* DIR */
	[USIM] = APPLICATION(usim_aid),
	[ISD] = APPLICATION(isd_aid),
	[USIM_5GS] = DIRECTORY(0x5FC0, USIM, RULE_DIRECTORY),

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
	CYCLIC(0x6F39, USIM, 0, 3, 5, RULE_PIN_INCREASE, BYTES(acm)),       /* ACM */
	BINARY(0x6FE3, USIM, 0x1E, 18, RULE_PIN_PIN, BYTES(epsloci)),       /* EPSLOCI */
	BINARY(0x4F07, USIM_5GS, 0x07, 400, RULE_PIN_ADM, NOTHING),         /* SUCI_Calc_Info */
	LINK(0x4F01, USIM_5GS, 0x01, RULE_PIN_PIN, USIM, 0x6FE3),
	RECORDS(0x6FE4, USIM, 0x18, 54, 1, RULE_PIN_PIN, NOTHING),          /* EPSNSC */
};
/* clang-format on */

const uint8_t profile_files = sizeof(profile) / sizeof(profile[0]);
const uint8_t profile_usim = USIM, profile_isd = ISD;

_Static_assert(sizeof(profile) / sizeof(profile[0]) <= FILE_MADE,
	       "the numbers above are for files made later");
_Static_assert(STORE_FILE + FILE_END - 1 <= 0xFF, "a store object is named by the file's number in one byte");
