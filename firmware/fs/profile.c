/* Sizes, short identifiers and defaults: ETSI TS 102 221 clause 13, 3GPP
 * TS 31.102 clause 4.2 and annexes E (suggested contents) and H (SFI values).
 * Release 17: every EF of these clauses, all DFs below ADF.USIM and DF.TELECOM,
 * and DF.SAIP of the TCA's interoperable profile. Numbers of records and of
 * optional bytes are our choice. A file may be there for those who fill it, but
 * EF.UST, EF.EST, EF.IST and EF.SST name only what works as it is. */
/* SPEC: TS 102 221 13.1 to 13.4, 13.6, TS 31.102 4.1, 4.2, 4.4, 4.5, 4.6, TS 31.103 4.2,
 * TS 51.011 10.3, 10.5: the files a card is born with. */
#include "fs/profile.h"

#include "fs/access.h"

enum row {
	MF,
	USIM,
	ISIM,
	ISD,
	CUSTODIAN,
	USIM_5GS,
	USIM_PHONEBOOK,
	USIM_GSM_ACCESS,
	USIM_MEXE,
	USIM_SOLSA,
	USIM_WLAN,
	USIM_HNB,
	USIM_PROSE,
	USIM_ACDC,
	USIM_TV,
	USIM_SAIP,
	USIM_SNPN,
	USIM_5G_PROSE,
	USIM_5MBS,
	GSM,
	TELECOM,
	PHONEBOOK,
	GRAPHICS,
	MULTIMEDIA,
	MMSS,
	MCS,
	V2X,
	LAST_DIRECTORY = V2X
};

static const uint8_t usim_aid[] = {0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x02, 0xFF,
				   0xFF, 0xFF, 0xFF, 0x89, 0x07, 0x09, 0x00, 0x00};
static const uint8_t isim_aid[] = {0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x04, 0xFF,
				   0xFF, 0xFF, 0xFF, 0x89, 0x07, 0x09, 0x00, 0x00};
static const uint8_t isd_aid[] = {0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00};
static const uint8_t custodian_aid[] = {0xF0, 's', 'i', 'm', 'r', 'i', 't', 'e', 0x01};

/* Application template: 61 {4F AID, 50 label}. The terminal expects the AID at offset 4. */
static const uint8_t dir[] = {0x61, 0x18, 0x4F, 0x10, 0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x02, 0xFF, 0xFF,
			      0xFF, 0xFF, 0x89, 0x07, 0x09, 0x00, 0x00, 0x50, 0x04, 'U',  'S',  'I',  'M',
			      0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x61,
			      0x18, 0x4F, 0x10, 0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x04, 0xFF, 0xFF, 0xFF,
			      0xFF, 0x89, 0x07, 0x09, 0x00, 0x00, 0x50, 0x04, 'I',  'S',  'I',  'M'};
static const uint8_t umpc[] = {0x0A, 0x00, 0x02, 0x00, 0x00}; /* at most 10 mA; SUSPEND UICC */
static const uint8_t english[] = {'e', 'n'};
static const uint8_t no_keys[] = {0x07}; /* KSI 7: no key */
static const uint8_t hpplmn[] = {0x05};  /* look for the home network every 30 minutes */

/* Services that work with the files as they are born, and no other: 1-5, 8-21, 27 (GSM access: Kc),
 * 28 (messages to the card), 33 (always), 34, 38 (GSM security context), 42, 43, 45-49, 51, 68, 71, 73, 74,
 * 85, 96, 97, 106, 107, 110, 111, 122, 123, 126. The card obeys 27, 38 and 68, see fs/service.h. SUCI (124,
 * 125) waits for its contents: with neither, a terminal that believes the table loses 5G. */
static const uint8_t ust[] = {0x9F, 0xFF, 0x1F, 0x0C, 0x23, 0xF6, 0x05, 0x00, 0x48,
			      0x03, 0x10, 0x80, 0x01, 0x66, 0x00, 0x26, 0x00};
/* The same for DF.GSM, two bits each (3GPP TS 51.011 10.3.7): 1-5, 7, 9-19, 30, 35, 38, 43-45, 51-56. */
static const uint8_t sst[] = {0xFF, 0x33, 0xFF, 0xFF, 0x3F, 0x00, 0x00,
			      0x0C, 0x30, 0x0C, 0xF0, 0x03, 0xF0, 0xFF};
static const uint8_t ist[] = {0x13, 0x00}; /* 1 (P-CSCF address), 2 (GBA), 5 (P-CSCF discovery) */
static const uint8_t isim_ad[] = {0x00, 0x00, 0x00};
static const uint8_t loci_5gs[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
				   0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01};
static const uint8_t no_units[15] = {0}; /* five records of nothing counted */
static const uint8_t no_calls[6] = {0};  /* two */
static const uint8_t no_limit[3] = {0};
static const uint8_t zero[4] = {0};
static const uint8_t zero2[2] = {0};
static const uint8_t no_entries[100] = {0}; /* fifty records: not changed, no identifier */
static const uint8_t ecc_gsm[] = {0x11, 0xF2, 0xFF, 0x19, 0xF1, 0xFF};
static const uint8_t kc[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x07};
static const uint8_t phase[] = {0x03}; /* of TS 51.011: 2+ */
/* TS 31.102 4.4.2.1: each FID with its short identifier. Type 1: ADN, IAP, PBC, GRP, ANR, UID, SNE, PURI;
 * type 2: EMAIL; type 3: EXT1, AAS, GAS, CCP1. */
static const uint8_t pbr[] = {0xA8, 0x28, 0xC0, 0x03, 0x4F, 0x3A, 0x01, 0xC1, 0x03, 0x4F, 0x25, 0x03,
			      0xC5, 0x03, 0x4F, 0x09, 0x04, 0xC6, 0x03, 0x4F, 0x26, 0x05, 0xC4, 0x03,
			      0x4F, 0x11, 0x08, 0xC9, 0x03, 0x4F, 0x21, 0x09, 0xC3, 0x03, 0x4F, 0x19,
			      0x0B, 0xCC, 0x03, 0x4F, 0x5A, 0x0C, 0xA9, 0x05, 0xCA, 0x03, 0x4F, 0x50,
			      0x0A, 0xAA, 0x14, 0xC2, 0x03, 0x4F, 0x4A, 0x06, 0xC7, 0x03, 0x4F, 0x4B,
			      0x0D, 0xC8, 0x03, 0x4F, 0x4C, 0x0E, 0xCB, 0x03, 0x4F, 0x3D, 0x07};
static const uint8_t routing_indicator[] = {0xF0, 0xFF, 0xFF, 0xFF}; /* "0" */
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

/* Every default has a number, made of its name. */
#define PRESETS(PRESET)                                                                                      \
	PRESET(usim_aid)                                                                                     \
	PRESET(isim_aid)                                                                                     \
	PRESET(isd_aid)                                                                                      \
	PRESET(custodian_aid)                                                                                \
	PRESET(access_rules)                                                                                 \
	PRESET(english)                                                                                      \
	PRESET(umpc)                                                                                         \
	PRESET(dir)                                                                                          \
	PRESET(no_keys)                                                                                      \
	PRESET(hpplmn)                                                                                       \
	PRESET(no_limit)                                                                                     \
	PRESET(ust)                                                                                          \
	PRESET(no_units)                                                                                     \
	PRESET(spn)                                                                                          \
	PRESET(acc)                                                                                          \
	PRESET(loci)                                                                                         \
	PRESET(ad)                                                                                           \
	PRESET(ecc)                                                                                          \
	PRESET(psloci)                                                                                       \
	PRESET(no_calls)                                                                                     \
	PRESET(start_hfn)                                                                                    \
	PRESET(est)                                                                                          \
	PRESET(zero2)                                                                                        \
	PRESET(no_entries)                                                                                   \
	PRESET(ecc_gsm)                                                                                      \
	PRESET(zero)                                                                                         \
	PRESET(epsloci)                                                                                      \
	PRESET(loci_5gs)                                                                                     \
	PRESET(routing_indicator)                                                                            \
	PRESET(isim_ad)                                                                                      \
	PRESET(ist)                                                                                          \
	PRESET(kc)                                                                                           \
	PRESET(sst)                                                                                          \
	PRESET(phase)                                                                                        \
	PRESET(pbr)

#define NUMBER(name) preset_##name,
#define BYTES(name)  {(name), sizeof(name)},

enum preset {
	preset_nothing,
	PRESETS(NUMBER)
};

/* clang-format off */
const struct span profile_presets[] = {{NULL, 0}, PRESETS(BYTES)};

#define FORM(kind, short_id) ((kind) | (short_id) << PROFILE_SFI_SHIFT)
#define DIRECTORY(number, in, access) {.fid = (number), .form = FILE_DIRECTORY, .parent = (in), .rule = (access)}
#define APPLICATION(aid, access) {.form = FILE_APPLICATION, .parent = MF, .rule = (access), .preset = preset_##aid}
#define EF(kind, number, in, short_id, bytes, count, access, holds)                                          \
	{.fid = (number), .form = FORM(kind, short_id), .parent = (in), .rule = (access),                    \
	 .size = (bytes), .records = (count), .preset = preset_##holds}
#define BINARY(fid, in, sfi, size, rule, holds) EF(FILE_TRANSPARENT, fid, in, sfi, size, 0, rule, holds)
#define RECORDS(fid, in, sfi, size, count, rule, holds) EF(FILE_LINEAR, fid, in, sfi, size, count, rule, holds)
#define CYCLIC(fid, in, sfi, size, count, rule, holds) EF(FILE_CYCLIC, fid, in, sfi, size, count, rule, holds)
#define OBJECTS(fid, in, sfi, size, rule) EF(FILE_BER_TLV, fid, in, sfi, size, 0, rule, nothing)
#define LINK(number, in, short_id, access, directory, target)                                                \
	{.fid = (number), .form = FORM(0, short_id), .parent = (in), .rule = (access), .size = (target),     \
	 .records = (directory)}
/* clang-format on */

/* clang-format off */
const struct profile_row profile[] = {
	[MF] = DIRECTORY(FID_MF, MF, RULE_MF),
	[USIM] = APPLICATION(usim_aid, RULE_DIRECTORY),
	[ISIM] = APPLICATION(isim_aid, RULE_DIRECTORY),
	[ISD] = APPLICATION(isd_aid, RULE_READ_ALWAYS),
	[CUSTODIAN] = APPLICATION(custodian_aid, RULE_READ_ALWAYS),
	[USIM_5GS] = DIRECTORY(0x5FC0, USIM, RULE_DIRECTORY),
	[USIM_PHONEBOOK] = DIRECTORY(0x5F3A, USIM, RULE_DIRECTORY),
	[USIM_GSM_ACCESS] = DIRECTORY(0x5F3B, USIM, RULE_DIRECTORY),
	[USIM_SAIP] = DIRECTORY(0x5FD0, USIM, RULE_DIRECTORY),
	[USIM_MEXE] = DIRECTORY(0x5F3C, USIM, RULE_DIRECTORY),
	[USIM_SOLSA] = DIRECTORY(0x5F70, USIM, RULE_DIRECTORY),
	[USIM_WLAN] = DIRECTORY(0x5F40, USIM, RULE_DIRECTORY),
	[USIM_HNB] = DIRECTORY(0x5F50, USIM, RULE_DIRECTORY),
	[USIM_PROSE] = DIRECTORY(0x5F90, USIM, RULE_DIRECTORY),
	[USIM_ACDC] = DIRECTORY(0x5FA0, USIM, RULE_DIRECTORY),
	[USIM_TV] = DIRECTORY(0x5FB0, USIM, RULE_DIRECTORY),
	[USIM_SNPN] = DIRECTORY(0x5FE0, USIM, RULE_DIRECTORY),
	[USIM_5G_PROSE] = DIRECTORY(0x5FF0, USIM, RULE_DIRECTORY),
	[USIM_5MBS] = DIRECTORY(0x5FF1, USIM, RULE_DIRECTORY),
	[GSM] = DIRECTORY(0x7F20, MF, RULE_DIRECTORY),
	[TELECOM] = DIRECTORY(0x7F10, MF, RULE_DIRECTORY),
	[PHONEBOOK] = DIRECTORY(0x5F3A, TELECOM, RULE_DIRECTORY),
	[GRAPHICS] = DIRECTORY(0x5F50, TELECOM, RULE_DIRECTORY),
	[MULTIMEDIA] = DIRECTORY(0x5F3B, TELECOM, RULE_DIRECTORY),
	[MMSS] = DIRECTORY(0x5F3C, TELECOM, RULE_DIRECTORY),
	[MCS] = DIRECTORY(0x5F3D, TELECOM, RULE_DIRECTORY),
	[V2X] = DIRECTORY(0x5F3E, TELECOM, RULE_DIRECTORY),

	BINARY(0x2FE2, MF, 0x02, 10, RULE_READ_ALWAYS, nothing),            /* ICCID */
	BINARY(0x2F05, MF, 0x05, 4, RULE_ALWAYS_PIN, english),       /* PL */
	RECORDS(0x2F06, MF, 0x06, ACCESS_RECORD, RULE_LAST, RULE_READ_ALWAYS, access_rules),
	BINARY(0x2F08, MF, 0x08, 5, RULE_ALWAYS_ADM, umpc),          /* UMPC */
	RECORDS(0x2F00, MF, 0x1E, 38, 3, RULE_DIR, dir),      /* DIR */

	BINARY(0x6F05, USIM, 0x02, 4, RULE_ALWAYS_PIN, english),     /* LI */
	BINARY(0x6F07, USIM, 0x07, 9, RULE_PIN_ADM, nothing),               /* IMSI */
	BINARY(0x6F08, USIM, 0x08, 33, RULE_PIN_PIN, no_keys),       /* Keys */
	BINARY(0x6F09, USIM, 0x09, 33, RULE_PIN_PIN, no_keys),       /* KeysPS */
	BINARY(0x6F60, USIM, 0x0A, 60, RULE_PIN_PIN, nothing),              /* PLMNwAcT */
	BINARY(0x6F31, USIM, 0x12, 1, RULE_PIN_ADM, hpplmn),         /* HPPLMN */
	BINARY(0x6F37, USIM, 0, 3, RULE_PIN_PIN2, no_limit),       /* ACMmax: no limit */
	BINARY(0x6F38, USIM, 0x04, 17, RULE_PIN_ADM, ust),           /* UST */
	CYCLIC(0x6F39, USIM, 0x1C, 3, 5, RULE_PIN2_INCREASE, no_units), /* ACM */
	BINARY(0x6F3E, USIM, 0, 10, RULE_PIN_ADM, nothing),                 /* GID1 */
	BINARY(0x6F3F, USIM, 0, 10, RULE_PIN_ADM, nothing),                 /* GID2 */
	BINARY(0x6F41, USIM, 0, 5, RULE_PIN_PIN2, nothing),                  /* PUCT */
	BINARY(0x6F45, USIM, 0, 20, RULE_PIN_PIN, nothing),                 /* CBMI */
	BINARY(0x6F50, USIM, 0, 20, RULE_PIN_PIN, nothing),                 /* CBMIR */
	BINARY(0x6F46, USIM, 0, 17, RULE_ALWAYS_ADM, spn),           /* SPN */
	BINARY(0x6F78, USIM, 0x06, 2, RULE_PIN_ADM, acc),            /* ACC */
	BINARY(0x6F7B, USIM, 0x0D, 60, RULE_PIN_PIN, nothing),              /* FPLMN */
	BINARY(0x6F7E, USIM, 0x0B, 11, RULE_PIN_PIN, loci),          /* LOCI */
	BINARY(0x6FAD, USIM, 0x03, 4, RULE_ALWAYS_ADM, ad),          /* AD */
	RECORDS(0x6FB7, USIM, 0x01, 11, 5, RULE_ALWAYS_ADM, ecc),    /* ECC */
	BINARY(0x6F73, USIM, 0x0C, 14, RULE_PIN_PIN, psloci),        /* PSLOCI */
	RECORDS(0x6F3B, USIM, 0, 28, 10, RULE_PIN_PIN2, nothing),            /* FDN */
	RECORDS(0x6F3C, USIM, 0, 176, 10, RULE_PIN_PIN, nothing),           /* SMS */
	RECORDS(0x6F40, USIM, 0, 28, 4, RULE_PIN_PIN, nothing),             /* MSISDN */
	RECORDS(0x6F42, USIM, 0, 40, 2, RULE_PIN_PIN, nothing),             /* SMSP */
	BINARY(0x6F43, USIM, 0, 2, RULE_PIN_PIN, nothing),                  /* SMSS */
	RECORDS(0x6F47, USIM, 0, 30, 10, RULE_PIN_PIN, nothing),            /* SMSR */
	RECORDS(0x6F49, USIM, 0, 28, 10, RULE_PIN_ADM, nothing),            /* SDN */
	RECORDS(0x6F4B, USIM, 0, 13, 2, RULE_PIN_PIN2, nothing),             /* EXT2 */
	RECORDS(0x6F4C, USIM, 0, 13, 2, RULE_PIN_ADM, nothing),             /* EXT3 */
	RECORDS(0x6F4E, USIM, 0, 13, 2, RULE_PIN_PIN, nothing),             /* EXT5 */
	RECORDS(0x6F4F, USIM, 0x16, 15, 2, RULE_PIN_PIN, nothing),          /* CCP2 */
	CYCLIC(0x6F80, USIM, 0x14, 42, 5, RULE_PIN_PIN, nothing),           /* ICI */
	CYCLIC(0x6F81, USIM, 0x15, 41, 5, RULE_PIN_PIN, nothing),           /* OCI */
	CYCLIC(0x6F82, USIM, 0, 3, 2, RULE_PIN_INCREASE, no_calls), /* ICT */
	CYCLIC(0x6F83, USIM, 0, 3, 2, RULE_PIN_INCREASE, no_calls), /* OCT */
	BINARY(0x6F5B, USIM, 0x0F, 6, RULE_PIN_PIN, start_hfn),      /* START-HFN */
	BINARY(0x6F5C, USIM, 0x10, 3, RULE_PIN_ADM, nothing),               /* THRESHOLD */
	BINARY(0x6F61, USIM, 0x11, 60, RULE_PIN_ADM, nothing),              /* OPLMNwAcT */
	BINARY(0x6F62, USIM, 0x13, 20, RULE_PIN_ADM, nothing),              /* HPLMNwAcT */
	BINARY(0x6FC4, USIM, 0, 128, RULE_PIN_PIN, nothing),                /* NETPAR */
	BINARY(0x6F56, USIM, 0x05, 1, RULE_PIN_PIN2, est),            /* EST */
	RECORDS(0x6F06, USIM, 0x17, ACCESS_RECORD, RULE_LAST, RULE_READ_ALWAYS, access_rules),
	RECORDS(0x6FC5, USIM, 0x19, 24, 4, RULE_ALWAYS_ADM, nothing),       /* PNN */
	RECORDS(0x6FC6, USIM, 0x1A, 8, 4, RULE_ALWAYS_ADM, nothing),        /* OPL */
	RECORDS(0x6FC7, USIM, 0, 28, 2, RULE_PIN_PIN, nothing),             /* MBDN */
	RECORDS(0x6FC8, USIM, 0, 13, 2, RULE_PIN_PIN, nothing),             /* EXT6 */
	RECORDS(0x6FC9, USIM, 0, 4, 1, RULE_PIN_PIN, zero),          /* MBI */
	RECORDS(0x6FCA, USIM, 0, 5, 1, RULE_PIN_PIN, zero),          /* MWIS */
	RECORDS(0x6FCB, USIM, 0, 16, 1, RULE_PIN_PIN, nothing),             /* CFIS */
	RECORDS(0x6FCC, USIM, 0, 13, 2, RULE_PIN_PIN, nothing),             /* EXT7 */
	BINARY(0x6FCD, USIM, 0x1B, 17, RULE_PIN_ADM, nothing),              /* SPDI */
	BINARY(0x6FD9, USIM, 0x1D, 12, RULE_PIN_ADM, nothing),              /* EHPLMN */
	BINARY(0x6FD6, USIM, 0, PROFILE_GBABP, RULE_PIN_PIN, nothing),      /* GBABP */
	RECORDS(0x6FDA, USIM, 0, PROFILE_GBANL, PROFILE_GBANL_RECORDS, RULE_PIN_ADM, nothing), /* GBANL */
	BINARY(0x6FDB, USIM, 0, 1, RULE_PIN_ADM, est),               /* EHPLMNPI: not said */
	BINARY(0x6FDC, USIM, 0, 1, RULE_PIN_ADM, est),               /* LRPLMNSI: off */
	BINARY(0x6FE3, USIM, 0x1E, 18, RULE_PIN_PIN, epsloci),       /* EPSLOCI */
	RECORDS(0x6FE4, USIM, 0x18, 80, 1, RULE_PIN_PIN, nothing),          /* EPSNSC */
	BINARY(0x6FE8, USIM, 0, 36, RULE_PIN_ADM, nothing),                 /* NASCONFIG */
	BINARY(0x6FEC, USIM, 0, 1, RULE_ALWAYS_ADM, est),            /* PWS */
	BINARY(0x6FF3, USIM, 0, 80, RULE_PIN_ADM, nothing),                 /* ePDGId */
	BINARY(0x6FF4, USIM, 0, 32, RULE_PIN_ADM, nothing),                 /* ePDGSelection */
	BINARY(0x6FF5, USIM, 0, 80, RULE_PIN_ADM, nothing),                 /* ePDGIdEm */
	BINARY(0x6FF6, USIM, 0, 32, RULE_PIN_ADM, nothing),                 /* ePDGSelectionEm */
	BINARY(0x6F48, USIM, 0x0E, 10, RULE_PIN_ADM, nothing),              /* CBMID */
	BINARY(0x6FB5, USIM, 0, 2, RULE_PIN_ADM, zero2),                    /* eMLPP */
	BINARY(0x6FB6, USIM, 0, 1, RULE_PIN_PIN, est),                      /* AAeM */
	BINARY(0x6FC3, USIM, 0, 4, RULE_PIN_PIN, nothing),                  /* Hiddenkey */
	RECORDS(0x6F4D, USIM, 0, 29, 2, RULE_PIN_PIN2, nothing),             /* BDN */
	RECORDS(0x6F55, USIM, 0, 13, 2, RULE_PIN_PIN2, nothing),             /* EXT4 */
	RECORDS(0x6F58, USIM, 0, 17, 2, RULE_PIN_ADM, nothing),             /* CMI */
	BINARY(0x6F57, USIM, 0, 101, RULE_PIN_PIN2, est),                    /* ACL: no APN */
	BINARY(0x6F2C, USIM, 0, 16, RULE_PIN_PIN, nothing),                 /* DCK */
	BINARY(0x6F32, USIM, 0, 12, RULE_PIN_ADM, nothing),                 /* CNL */
	BINARY(0x6F65, USIM, 0, 2, RULE_PIN_PIN, nothing),                  /* RPLMNAcT */
	RECORDS(0x6FCE, USIM, 0, 20, 2, RULE_PIN_PIN, nothing),             /* MMSN */
	RECORDS(0x6FCF, USIM, 0, 13, 2, RULE_PIN_PIN, nothing),             /* EXT8 */
	BINARY(0x6FD0, USIM, 0, 100, RULE_PIN_ADM, nothing),                /* MMSICP */
	RECORDS(0x6FD1, USIM, 0, 32, 2, RULE_PIN_PIN, nothing),             /* MMSUP */
	BINARY(0x6FD2, USIM, 0, 100, RULE_PIN_PIN, nothing),                /* MMSUCP */
	RECORDS(0x6FD3, USIM, 0, 11, 2, RULE_PIN_ADM, nothing),             /* NIA */
	BINARY(0x6FB1, USIM, 0, 8, RULE_PIN_ADM, nothing),                  /* VGCS */
	BINARY(0x6FB2, USIM, 0, 7, RULE_PIN_PIN, nothing),                  /* VGCSS */
	BINARY(0x6FB3, USIM, 0, 8, RULE_PIN_ADM, nothing),                  /* VBS */
	BINARY(0x6FB4, USIM, 0, 7, RULE_PIN_PIN, nothing),                  /* VBSS */
	BINARY(0x6FD4, USIM, 0, 4, RULE_PIN_ADM, zero),                     /* VGCSCA */
	BINARY(0x6FD5, USIM, 0, 4, RULE_PIN_ADM, zero),                     /* VBSCA */
	RECORDS(0x6FD7, USIM, 0, 20, 2, RULE_PIN_ADM, nothing),             /* MSK */
	RECORDS(0x6FD8, USIM, 0, 40, 2, RULE_PIN_ADM, nothing),             /* MUK */
	RECORDS(0x6FDD, USIM, 0, 60, 2, RULE_PIN_ADM, nothing),             /* NAFKCA */
	BINARY(0x6FDE, USIM, 0, 32, RULE_PIN_ADM, nothing),                 /* SPNI */
	RECORDS(0x6FDF, USIM, 0, 32, 2, RULE_PIN_ADM, nothing),             /* PNNI */
	RECORDS(0x6FE2, USIM, 0, 60, 2, RULE_PIN_ADM, nothing),             /* NCP-IP */
	BINARY(0x6FE6, USIM, 0, 16, RULE_ADM, nothing),                     /* UFC */
	RECORDS(0x6FE7, USIM, 0, 60, 2, RULE_PIN_ADM, nothing),             /* UICCIARI */
	RECORDS(0x6FED, USIM, 0, 60, 2, RULE_PIN_PIN2, nothing),             /* FDNURI */
	RECORDS(0x6FEE, USIM, 0, 60, 2, RULE_PIN_PIN2, nothing),             /* BDNURI */
	RECORDS(0x6FEF, USIM, 0, 60, 2, RULE_PIN_ADM, nothing),             /* SDNURI */
	RECORDS(0x6FF0, USIM, 0, 18, 2, RULE_PIN_ADM, nothing),             /* IWL */
	CYCLIC(0x6FF1, USIM, 0, 4, 2, RULE_PIN_PIN, nothing),               /* IPS */
	RECORDS(0x6FF2, USIM, 0, 20, 2, RULE_PIN_PIN, nothing),             /* IPD */
	BINARY(0x6FF7, USIM, 0, 1, RULE_PIN_PIN, est),                      /* FromPreferred: no */
	OBJECTS(0x6FF8, USIM, 0, 512, RULE_PIN_ADM),                        /* IMSConfigData */
	BINARY(0x6FF9, USIM, 0, 4, RULE_PIN_PIN, zero),                     /* 3GPPPSDATAOFF: nothing exempt */
	RECORDS(0x6FFA, USIM, 0, 60, 2, RULE_PIN_ADM, nothing),             /* 3GPPPSDATAOFFservicelist */
	OBJECTS(0x6FFC, USIM, 0, 512, RULE_PIN_ADM),                        /* XCAPConfigData */
	BINARY(0x6FFD, USIM, 0, 100, RULE_PIN_ADM, nothing),                /* EARFCNList */
	OBJECTS(0x6FFE, USIM, 0, 512, RULE_PIN_ADM),                        /* MuDMiDConfigData */
	BINARY(0x6F01, USIM, 0, 1, RULE_PIN_ADM, est),                      /* eAKA: no */
	BINARY(0x6F02, USIM, 0, 20, RULE_PIN_ADM, nothing),                 /* OCST */

	BINARY(0x4F01, USIM_5GS, 0x01, 20, RULE_PIN_PIN, loci_5gs),  /* 5GS3GPPLOCI */
	BINARY(0x4F02, USIM_5GS, 0x02, 20, RULE_PIN_PIN, loci_5gs),  /* 5GSN3GPPLOCI */
	RECORDS(0x4F03, USIM_5GS, 0x03, 62, 2, RULE_PIN_PIN, nothing),      /* 5GS3GPPNSC */
	RECORDS(0x4F04, USIM_5GS, 0x04, 62, 1, RULE_PIN_PIN, nothing),      /* 5GSN3GPPNSC */
	BINARY(0x4F05, USIM_5GS, 0x05, 110, RULE_PIN_PIN, nothing),         /* 5GAUTHKEYS */
	BINARY(0x4F06, USIM_5GS, 0x06, 4, RULE_PIN_ADM, zero),       /* UAC_AIC */
	BINARY(0x4F07, USIM_5GS, 0x07, 400, RULE_PIN_ADM, nothing),         /* SUCI_Calc_Info */
	RECORDS(0x4F08, USIM_5GS, 0x08, 10, 4, RULE_ALWAYS_ADM, nothing),   /* OPL5G */
	BINARY(0x4F0A, USIM_5GS, 0x0A, 4, RULE_PIN_ADM, routing_indicator),

	/* TCA interoperable profile: what SUCIs are made of on the card, for nobody to read. */
	BINARY(0x4F01, USIM_SAIP, 0x01, PROFILE_CALC_INFO, RULE_ADM, nothing),
	BINARY(0x4F09, USIM_5GS, 0x09, 80, RULE_PIN_ADM, nothing),          /* SUPI_NAI */
	BINARY(0x4F0B, USIM_5GS, 0x0B, 256, RULE_PIN_PIN, nothing),         /* URSP */
	BINARY(0x4F0C, USIM_5GS, 0x0C, 80, RULE_PIN_ADM, nothing),          /* TN3GPPSNN */
	BINARY(0x4F0D, USIM_5GS, 0x0D, 64, RULE_PIN_PIN, nothing),          /* CAG */
	BINARY(0x4F0E, USIM_5GS, 0x0E, 64, RULE_PIN_PIN, nothing),          /* SOR-CMCI */
	BINARY(0x4F0F, USIM_5GS, 0x0F, 7, RULE_PIN_ADM, nothing),           /* DRI */
	BINARY(0x4F10, USIM_5GS, 0x10, 2, RULE_PIN_PIN, nothing),           /* 5GSEDRX */
	BINARY(0x4F11, USIM_5GS, 0x11, 1, RULE_PIN_ADM, est),               /* 5GNSWO_CONF: no */
	BINARY(0x4F15, USIM_5GS, 0x15, 1, RULE_PIN_ADM, nothing),           /* MCHPPLMN */
	BINARY(0x4F16, USIM_5GS, 0x16, 1, RULE_PIN_ADM, est),               /* KAUSF_DERIVATION */
	BINARY(0x4F01, USIM_SNPN, 0x01, 1, RULE_ALWAYS_ADM, est),           /* PWS_SNPN */
	RECORDS(0x4F02, USIM_SNPN, 0x02, 6, 2, RULE_ALWAYS_ADM, nothing),   /* NID */
	BINARY(0x4F01, USIM_5G_PROSE, 0x01, 1, RULE_PIN_ADM, est),          /* 5G_PROSE_ST */
	BINARY(0x4F02, USIM_5G_PROSE, 0x02, 100, RULE_PIN_ADM, nothing),    /* 5G_PROSE_DD */
	BINARY(0x4F03, USIM_5G_PROSE, 0x03, 100, RULE_PIN_ADM, nothing),    /* 5G_PROSE_DC */
	BINARY(0x4F04, USIM_5G_PROSE, 0x04, 100, RULE_PIN_ADM, nothing),    /* 5G_PROSE_U2NRU */
	BINARY(0x4F05, USIM_5G_PROSE, 0x05, 100, RULE_PIN_ADM, nothing),    /* 5G_PROSE_RU */
	BINARY(0x4F06, USIM_5G_PROSE, 0x06, 60, RULE_PIN_ADM, nothing),     /* 5G_PROSE_UIR */
	BINARY(0x4F01, USIM_5MBS, 0, 100, RULE_PIN_ADM, nothing),           /* 5MBSUECONFIG */

	BINARY(0x4F40, USIM_MEXE, 0, 1, RULE_PIN_ADM, est),                 /* MExE-ST: no service */
	RECORDS(0x4F41, USIM_MEXE, 0, 40, 1, RULE_PIN_ADM, nothing),        /* ORPK */
	RECORDS(0x4F42, USIM_MEXE, 0, 40, 1, RULE_PIN_ADM, nothing),        /* ARPK */
	RECORDS(0x4F43, USIM_MEXE, 0, 40, 1, RULE_PIN_ADM, nothing),        /* TPRPK */
	BINARY(0x4F30, USIM_SOLSA, 0, 18, RULE_PIN_ADM, nothing),           /* SAI */
	RECORDS(0x4F31, USIM_SOLSA, 0, 28, 2, RULE_PIN_ADM, nothing),       /* SLL */

	BINARY(0x4F41, USIM_WLAN, 0x01, 64, RULE_PIN_PIN, nothing),         /* Pseudo */
	BINARY(0x4F42, USIM_WLAN, 0x02, 30, RULE_PIN_PIN, nothing),         /* UPLMNWLAN */
	BINARY(0x4F43, USIM_WLAN, 0x03, 30, RULE_PIN_ADM, nothing),         /* OPLMNWLAN */
	RECORDS(0x4F44, USIM_WLAN, 0x04, 33, 2, RULE_PIN_PIN, nothing),     /* UWSIDL */
	RECORDS(0x4F45, USIM_WLAN, 0x05, 33, 2, RULE_PIN_ADM, nothing),     /* OWSIDL */
	BINARY(0x4F46, USIM_WLAN, 0x06, 100, RULE_PIN_PIN, nothing),        /* WRI */
	RECORDS(0x4F47, USIM_WLAN, 0x07, 33, 2, RULE_PIN_ADM, nothing),     /* HWSIDL */
	BINARY(0x4F48, USIM_WLAN, 0x08, 1, RULE_PIN_ADM, est),              /* WEHPLMNPI */
	BINARY(0x4F49, USIM_WLAN, 0x09, 1, RULE_PIN_ADM, est),              /* WHPI */
	BINARY(0x4F4A, USIM_WLAN, 0x0A, 3, RULE_PIN_PIN, nothing),          /* WLRPLMN */
	BINARY(0x4F4B, USIM_WLAN, 0x0B, 1, RULE_PIN_ADM, est),              /* HPLMNDAI */

	RECORDS(0x4F81, USIM_HNB, 0x01, 40, 2, RULE_PIN_PIN, nothing),      /* ACSGL */
	RECORDS(0x4F82, USIM_HNB, 0x02, 40, 2, RULE_PIN_PIN, nothing),      /* CSGT */
	RECORDS(0x4F83, USIM_HNB, 0x03, 40, 2, RULE_PIN_PIN, nothing),      /* HNBN */
	RECORDS(0x4F84, USIM_HNB, 0x04, 40, 2, RULE_PIN_ADM, nothing),      /* OCSGL */
	RECORDS(0x4F85, USIM_HNB, 0x05, 40, 2, RULE_PIN_ADM, nothing),      /* OCSGT */
	RECORDS(0x4F86, USIM_HNB, 0x06, 40, 2, RULE_PIN_ADM, nothing),      /* OHNBN */

	RECORDS(0x4F01, USIM_PROSE, 0x01, 40, 2, RULE_PIN_ADM, nothing),    /* PROSE_MON */
	RECORDS(0x4F02, USIM_PROSE, 0x02, 40, 2, RULE_PIN_ADM, nothing),    /* PROSE_ANN */
	RECORDS(0x4F03, USIM_PROSE, 0x03, 60, 2, RULE_PIN_ADM, nothing),    /* PROSEFUNC */
	BINARY(0x4F04, USIM_PROSE, 0x04, 60, RULE_PIN_ADM, nothing),        /* PROSE_RADIO_COM */
	BINARY(0x4F05, USIM_PROSE, 0x05, 60, RULE_PIN_ADM, nothing),        /* PROSE_RADIO_MON */
	BINARY(0x4F06, USIM_PROSE, 0x06, 60, RULE_PIN_ADM, nothing),        /* PROSE_RADIO_ANN */
	RECORDS(0x4F07, USIM_PROSE, 0x07, 60, 2, RULE_PIN_ADM, nothing),    /* PROSE_POLICY */
	RECORDS(0x4F08, USIM_PROSE, 0x08, 40, 2, RULE_PIN_ADM, nothing),    /* PROSE_PLMN */
	BINARY(0x4F09, USIM_PROSE, 0x09, 20, RULE_PIN_PIN, nothing),        /* PROSE_GC */
	BINARY(0x4F10, USIM_PROSE, 0x10, 2, RULE_PIN_ADM, zero2),           /* PST: no service */
	BINARY(0x4F11, USIM_PROSE, 0x11, 60, RULE_PIN_ADM, nothing),        /* UIRC */
	RECORDS(0x4F12, USIM_PROSE, 0x12, 60, 2, RULE_PIN_ADM, nothing),    /* PROSE_GM_DISCOVERY */
	RECORDS(0x4F13, USIM_PROSE, 0x13, 60, 2, RULE_PIN_ADM, nothing),    /* PROSE_RELAY */
	BINARY(0x4F14, USIM_PROSE, 0x14, 60, RULE_PIN_ADM, nothing),        /* PROSE_RELAY_DISCOVERY */

	BINARY(0x4F01, USIM_ACDC, 0x01, 60, RULE_PIN_ADM, nothing),         /* ACDC_LIST */
	BINARY(0x4F01, USIM_TV, 0x01, 60, RULE_PIN_ADM, nothing),           /* TVUSD */

	LINK(0x4F30, USIM_PHONEBOOK, 0x02, RULE_PIN_ADM, PHONEBOOK, 0x4F30), /* PBR */
	LINK(0x4F3A, USIM_PHONEBOOK, 0x01, RULE_PIN_PIN, PHONEBOOK, 0x4F3A), /* ADN */
	LINK(0x4F09, USIM_PHONEBOOK, 0x04, RULE_PIN_PIN, PHONEBOOK, 0x4F09),   /* PBC */
	LINK(0x4F11, USIM_PHONEBOOK, 0x08, RULE_PIN_PIN, PHONEBOOK, 0x4F11),   /* ANR */
	LINK(0x4F21, USIM_PHONEBOOK, 0x09, RULE_PIN_PIN, PHONEBOOK, 0x4F21),   /* UID */
	LINK(0x4F22, USIM_PHONEBOOK, 0x0F, RULE_PIN_PIN, PHONEBOOK, 0x4F22),   /* PSC */
	LINK(0x4F23, USIM_PHONEBOOK, 0x10, RULE_PIN_PIN, PHONEBOOK, 0x4F23),   /* CC */
	LINK(0x4F24, USIM_PHONEBOOK, 0x11, RULE_PIN_PIN, PHONEBOOK, 0x4F24),   /* PUID */
	LINK(0x4F25, USIM_PHONEBOOK, 0x03, RULE_PIN_PIN, PHONEBOOK, 0x4F25),   /* IAP */
	LINK(0x4F26, USIM_PHONEBOOK, 0x05, RULE_PIN_PIN, PHONEBOOK, 0x4F26),   /* GRP */
	LINK(0x4F4A, USIM_PHONEBOOK, 0x06, RULE_PIN_PIN, PHONEBOOK, 0x4F4A),   /* EXT1 */
	LINK(0x4F4B, USIM_PHONEBOOK, 0x0D, RULE_PIN_PIN, PHONEBOOK, 0x4F4B),   /* AAS */
	LINK(0x4F4C, USIM_PHONEBOOK, 0x0E, RULE_PIN_PIN, PHONEBOOK, 0x4F4C),   /* GAS */
	LINK(0x4F50, USIM_PHONEBOOK, 0x0A, RULE_PIN_PIN, PHONEBOOK, 0x4F50),   /* EMAIL */
	BINARY(0x4F63, USIM_GSM_ACCESS, 0, 14, RULE_PIN_PIN, nothing),      /* CPBCCH */
	BINARY(0x4F64, USIM_GSM_ACCESS, 0, 1, RULE_PIN_ADM, est),           /* InvScan */
	LINK(0x4F20, USIM_GSM_ACCESS, 0x01, RULE_PIN_PIN, GSM, 0x6F20),     /* Kc */
	LINK(0x4F52, USIM_GSM_ACCESS, 0x02, RULE_PIN_PIN, GSM, 0x6F52),     /* KcGPRS */

	BINARY(0x6F02, ISIM, 0x02, 80, RULE_PIN_ADM, nothing),              /* IMPI */
	BINARY(0x6F03, ISIM, 0x05, 80, RULE_PIN_ADM, nothing),              /* DOMAIN */
	RECORDS(0x6F04, ISIM, 0x04, 80, 3, RULE_PIN_ADM, nothing),          /* IMPU */
	BINARY(0x6FAD, ISIM, 0x03, 3, RULE_ALWAYS_ADM, isim_ad),     /* AD */
	RECORDS(0x6F06, ISIM, 0x06, ACCESS_RECORD, RULE_LAST, RULE_READ_ALWAYS, access_rules),
	BINARY(0x6F07, ISIM, 0x07, 2, RULE_PIN_ADM, ist),            /* IST */
	RECORDS(0x6F09, ISIM, 0, 80, 2, RULE_PIN_ADM, nothing),             /* P-CSCF */
	BINARY(0x6FD5, ISIM, 0, PROFILE_GBABP, RULE_PIN_PIN, nothing),      /* GBABP */
	RECORDS(0x6FD7, ISIM, 0, PROFILE_GBANL, PROFILE_GBANL_RECORDS, RULE_PIN_ADM, nothing), /* GBANL */
	RECORDS(0x6FDD, ISIM, 0, 60, 2, RULE_PIN_ADM, nothing),             /* NAFKCA */
	LINK(0x6F3C, ISIM, 0, RULE_PIN_PIN, USIM, 0x6F3C),                  /* SMS */
	LINK(0x6F42, ISIM, 0, RULE_PIN_PIN, USIM, 0x6F42),                  /* SMSP */
	LINK(0x6F43, ISIM, 0, RULE_PIN_PIN, USIM, 0x6F43),                  /* SMSS */
	LINK(0x6F47, ISIM, 0, RULE_PIN_PIN, USIM, 0x6F47),                  /* SMSR */
	LINK(0x6FE7, ISIM, 0, RULE_PIN_ADM, USIM, 0x6FE7),                  /* UICCIARI */
	BINARY(0x6FF7, ISIM, 0, 1, RULE_PIN_PIN, est),                      /* FromPreferred: no */
	OBJECTS(0x6FF8, ISIM, 0, 512, RULE_PIN_ADM),                        /* IMSConfigData */
	OBJECTS(0x6FFC, ISIM, 0, 512, RULE_PIN_ADM),                        /* XCAPConfigData */
	RECORDS(0x6FFA, ISIM, 0, 60, 2, RULE_PIN_PIN, nothing),             /* WebRTCURI */
	OBJECTS(0x6FFE, ISIM, 0, 512, RULE_PIN_ADM),                        /* MuDMiDConfigData */

	BINARY(0x6F05, GSM, 0, 2, RULE_ALWAYS_PIN, nothing),                /* LP */
	LINK(0x6F07, GSM, 0, RULE_PIN_ADM, USIM, 0x6F07),                   /* IMSI */
	BINARY(0x6F20, GSM, 0, 9, RULE_PIN_PIN, kc),                 /* Kc */
	BINARY(0x6F30, GSM, 0, 24, RULE_PIN_PIN, nothing),                  /* PLMNsel */
	LINK(0x6F31, GSM, 0, RULE_PIN_ADM, USIM, 0x6F31),                   /* HPPLMN */
	LINK(0x6F37, GSM, 0, RULE_PIN_PIN2, USIM, 0x6F37),                   /* ACMmax */
	BINARY(0x6F38, GSM, 0, 14, RULE_PIN_ADM, sst),               /* SST */
	LINK(0x6F39, GSM, 0, RULE_PIN2_INCREASE, USIM, 0x6F39),              /* ACM */
	LINK(0x6F3E, GSM, 0, RULE_PIN_ADM, USIM, 0x6F3E),                   /* GID1 */
	LINK(0x6F3F, GSM, 0, RULE_PIN_ADM, USIM, 0x6F3F),                   /* GID2 */
	LINK(0x6F41, GSM, 0, RULE_PIN_PIN2, USIM, 0x6F41),                   /* PUCT */
	LINK(0x6F45, GSM, 0, RULE_PIN_PIN, USIM, 0x6F45),                   /* CBMI */
	LINK(0x6F46, GSM, 0, RULE_ALWAYS_ADM, USIM, 0x6F46),                /* SPN */
	LINK(0x6F50, GSM, 0, RULE_PIN_PIN, USIM, 0x6F50),                   /* CBMIR */
	BINARY(0x6F52, GSM, 0, 9, RULE_PIN_PIN, kc),                 /* KcGPRS */
	BINARY(0x6F53, GSM, 0, 14, RULE_PIN_PIN, psloci),            /* LOCIGPRS */
	LINK(0x6F60, GSM, 0, RULE_PIN_PIN, USIM, 0x6F60),                   /* PLMNwAcT */
	LINK(0x6F61, GSM, 0, RULE_PIN_ADM, USIM, 0x6F61),                   /* OPLMNwAcT */
	LINK(0x6F62, GSM, 0, RULE_PIN_ADM, USIM, 0x6F62),                   /* HPLMNwAcT */
	BINARY(0x6F74, GSM, 0, 16, RULE_PIN_PIN, nothing),                  /* BCCH */
	LINK(0x6F78, GSM, 0, RULE_PIN_ADM, USIM, 0x6F78),                   /* ACC */
	BINARY(0x6F7B, GSM, 0, 12, RULE_PIN_PIN, nothing),                  /* FPLMN */
	LINK(0x6F7E, GSM, 0, RULE_PIN_PIN, USIM, 0x6F7E),                   /* LOCI */
	LINK(0x6FAD, GSM, 0, RULE_ALWAYS_ADM, USIM, 0x6FAD),                /* AD */
	BINARY(0x6FAE, GSM, 0, 1, RULE_ALWAYS_ADM, phase),           /* Phase */
	LINK(0x6FC5, GSM, 0, RULE_ALWAYS_ADM, USIM, 0x6FC5),                /* PNN */
	LINK(0x6FC6, GSM, 0, RULE_ALWAYS_ADM, USIM, 0x6FC6),                /* OPL */
	LINK(0x6FC7, GSM, 0, RULE_PIN_PIN, USIM, 0x6FC7),                   /* MBDN */
	LINK(0x6FC8, GSM, 0, RULE_PIN_PIN, USIM, 0x6FC8),                   /* EXT6 */
	LINK(0x6FC9, GSM, 0, RULE_PIN_PIN, USIM, 0x6FC9),                   /* MBI */
	LINK(0x6FCA, GSM, 0, RULE_PIN_PIN, USIM, 0x6FCA),                   /* MWIS */
	LINK(0x6FCB, GSM, 0, RULE_PIN_PIN, USIM, 0x6FCB),                   /* CFIS */
	LINK(0x6FCC, GSM, 0, RULE_PIN_PIN, USIM, 0x6FCC),                   /* EXT7 */
	LINK(0x6FCD, GSM, 0, RULE_PIN_ADM, USIM, 0x6FCD),                   /* SPDI */
	LINK(0x6F2C, GSM, 0, RULE_PIN_PIN, USIM, 0x6F2C),                   /* DCK */
	LINK(0x6F32, GSM, 0, RULE_PIN_ADM, USIM, 0x6F32),                   /* CNL */
	LINK(0x6F48, GSM, 0, RULE_PIN_ADM, USIM, 0x6F48),                   /* CBMID */
	LINK(0x6F51, GSM, 0, RULE_PIN_ADM, USIM, 0x6FD3),                   /* NIA */
	LINK(0x6F63, GSM, 0, RULE_PIN_PIN, USIM_GSM_ACCESS, 0x4F63),        /* CPBCCH */
	LINK(0x6F64, GSM, 0, RULE_PIN_ADM, USIM_GSM_ACCESS, 0x4F64),        /* InvScan */
	LINK(0x6FB1, GSM, 0, RULE_PIN_ADM, USIM, 0x6FB1),                   /* VGCS */
	LINK(0x6FB2, GSM, 0, RULE_PIN_PIN, USIM, 0x6FB2),                   /* VGCSS */
	LINK(0x6FB3, GSM, 0, RULE_PIN_ADM, USIM, 0x6FB3),                   /* VBS */
	LINK(0x6FB4, GSM, 0, RULE_PIN_PIN, USIM, 0x6FB4),                   /* VBSS */
	LINK(0x6FB5, GSM, 0, RULE_PIN_ADM, USIM, 0x6FB5),                   /* eMLPP */
	LINK(0x6FB6, GSM, 0, RULE_PIN_PIN, USIM, 0x6FB6),                   /* AAeM */
	BINARY(0x6FB7, GSM, 0, 15, RULE_ALWAYS_ADM, ecc_gsm),               /* ECC */
	LINK(0x6FCE, GSM, 0, RULE_PIN_PIN, USIM, 0x6FCE),                   /* MMSN */
	LINK(0x6FCF, GSM, 0, RULE_PIN_PIN, USIM, 0x6FCF),                   /* EXT8 */
	LINK(0x6FD0, GSM, 0, RULE_PIN_ADM, USIM, 0x6FD0),                   /* MMSICP */
	LINK(0x6FD1, GSM, 0, RULE_PIN_PIN, USIM, 0x6FD1),                   /* MMSUP */
	LINK(0x6FD2, GSM, 0, RULE_PIN_PIN, USIM, 0x6FD2),                   /* MMSUCP */

	LINK(0x6F3A, TELECOM, 0, RULE_PIN_PIN, PHONEBOOK, 0x4F3A),          /* ADN */
	LINK(0x6F3B, TELECOM, 0, RULE_PIN_PIN2, USIM, 0x6F3B),               /* FDN */
	LINK(0x6F3C, TELECOM, 0, RULE_PIN_PIN, USIM, 0x6F3C),               /* SMS */
	LINK(0x6F40, TELECOM, 0, RULE_PIN_PIN, USIM, 0x6F40),               /* MSISDN */
	LINK(0x6F42, TELECOM, 0, RULE_PIN_PIN, USIM, 0x6F42),               /* SMSP */
	LINK(0x6F43, TELECOM, 0, RULE_PIN_PIN, USIM, 0x6F43),               /* SMSS */
	CYCLIC(0x6F44, TELECOM, 0, 28, 5, RULE_PIN_PIN, nothing),           /* LND */
	LINK(0x6F47, TELECOM, 0, RULE_PIN_PIN, USIM, 0x6F47),               /* SMSR */
	LINK(0x6F49, TELECOM, 0, RULE_PIN_ADM, USIM, 0x6F49),               /* SDN */
	LINK(0x6F4A, TELECOM, 0, RULE_PIN_PIN, PHONEBOOK, 0x4F4A),          /* EXT1 */
	LINK(0x6F4D, TELECOM, 0, RULE_PIN_PIN2, USIM, 0x6F4D),               /* BDN */
	LINK(0x6F4E, TELECOM, 0, RULE_PIN_PIN2, USIM, 0x6F55),               /* EXT4 */
	LINK(0x6F58, TELECOM, 0, RULE_PIN_ADM, USIM, 0x6F58),               /* CMI */
	RECORDS(0x6F06, TELECOM, 0, ACCESS_RECORD, RULE_LAST, RULE_READ_ALWAYS, access_rules),
	RECORDS(0x6F3D, TELECOM, 0, 14, 2, RULE_PIN_PIN, nothing),          /* CCP */
	LINK(0x6F4F, TELECOM, 0, RULE_PIN_PIN, USIM, 0x6F4F),               /* ECCP */
	RECORDS(0x6F53, TELECOM, 0, 60, 2, RULE_ADM, nothing),              /* RMA */
	BINARY(0x6F54, TELECOM, 0, 60, RULE_ADM, nothing),                  /* SUME */
	RECORDS(0x6FE0, TELECOM, 0, 28, 2, RULE_ALWAYS_PIN, nothing),       /* ICE_DN */
	RECORDS(0x6FE1, TELECOM, 0, 60, 2, RULE_ALWAYS_PIN, nothing),       /* ICE_FF */
	RECORDS(0x6FE5, TELECOM, 0, 60, 2, RULE_PIN_ADM, nothing),          /* PSISMSC */
	LINK(0x6F4B, TELECOM, 0, RULE_PIN_PIN2, USIM, 0x6F4B),               /* EXT2 */
	LINK(0x6F4C, TELECOM, 0, RULE_PIN_ADM, USIM, 0x6F4C),               /* EXT3 */
	RECORDS(0x4F30, PHONEBOOK, 0x02, 80, 1, RULE_PIN_ADM, pbr),  /* PBR */
	RECORDS(0x4F3A, PHONEBOOK, 0x01, 28, 50, RULE_PIN_PIN, nothing),    /* ADN */
	RECORDS(0x4F09, PHONEBOOK, 0x04, 2, 50, RULE_PIN_PIN, no_entries),     /* PBC */
	RECORDS(0x4F11, PHONEBOOK, 0x08, 15, 50, RULE_PIN_PIN, nothing),       /* ANR */
	RECORDS(0x4F21, PHONEBOOK, 0x09, 2, 50, RULE_PIN_PIN, no_entries),     /* UID */
	BINARY(0x4F22, PHONEBOOK, 0x0F, 4, RULE_PIN_PIN, zero),                /* PSC */
	BINARY(0x4F23, PHONEBOOK, 0x10, 2, RULE_PIN_PIN, zero2),               /* CC */
	BINARY(0x4F24, PHONEBOOK, 0x11, 2, RULE_PIN_PIN, zero2),               /* PUID */
	RECORDS(0x4F25, PHONEBOOK, 0x03, 1, 50, RULE_PIN_PIN, nothing),        /* IAP */
	RECORDS(0x4F26, PHONEBOOK, 0x05, 4, 50, RULE_PIN_PIN, nothing),        /* GRP */
	RECORDS(0x4F4A, PHONEBOOK, 0x06, 13, 2, RULE_PIN_PIN, nothing),        /* EXT1 */
	RECORDS(0x4F4B, PHONEBOOK, 0x0D, 12, 4, RULE_PIN_PIN, nothing),        /* AAS */
	RECORDS(0x4F4C, PHONEBOOK, 0x0E, 14, 10, RULE_PIN_PIN, nothing),       /* GAS */
	RECORDS(0x4F50, PHONEBOOK, 0x0A, 40, 20, RULE_PIN_PIN, nothing),       /* EMAIL: type 2, by EF.IAP */

	RECORDS(0x4F20, GRAPHICS, 0, 20, 2, RULE_PIN_ADM, nothing),         /* IMG */
	BINARY(0x4F21, GRAPHICS, 0, 64, RULE_ALWAYS_PIN, nothing),          /* ICE_graphics */
	OBJECTS(0x4F47, MULTIMEDIA, 0x01, 512, RULE_PIN_PIN),               /* MML */
	OBJECTS(0x4F48, MULTIMEDIA, 0x02, 1024, RULE_PIN_PIN),              /* MMDF */
	BINARY(0x4F20, MMSS, 0x01, 60, RULE_PIN_ADM, nothing),              /* MLPL */
	BINARY(0x4F21, MMSS, 0x02, 60, RULE_PIN_ADM, nothing),              /* MSPL */
	BINARY(0x4F22, MMSS, 0x03, 1, RULE_PIN_ADM, nothing),               /* MMSSMODE */
	BINARY(0x4F01, MCS, 0x01, 2, RULE_PIN_ADM, zero2),                  /* MST: no service */
	OBJECTS(0x4F02, MCS, 0x02, 512, RULE_PIN_ADM),                      /* MCS_CONFIG */
	BINARY(0x4F01, V2X, 0x01, 2, RULE_PIN_ADM, zero2),                  /* VST: no service */
	OBJECTS(0x4F02, V2X, 0x02, 512, RULE_PIN_ADM),                      /* V2X_CONFIG */

	/* Behind the others: a memory knows files by their numbers, and those of an older card go on. */
	RECORDS(0x4F19, PHONEBOOK, 0x0B, 16, 50, RULE_PIN_PIN, nothing),    /* SNE */
	RECORDS(0x4F3D, PHONEBOOK, 0x07, 15, 2, RULE_PIN_PIN, nothing),     /* CCP1 */
	RECORDS(0x4F5A, PHONEBOOK, 0x0C, 40, 50, RULE_PIN_PIN, nothing),    /* PURI */
	LINK(0x4F19, USIM_PHONEBOOK, 0x0B, RULE_PIN_PIN, PHONEBOOK, 0x4F19), /* SNE */
	LINK(0x4F3D, USIM_PHONEBOOK, 0x07, RULE_PIN_PIN, PHONEBOOK, 0x4F3D), /* CCP1 */
	LINK(0x4F5A, USIM_PHONEBOOK, 0x0C, RULE_PIN_PIN, PHONEBOOK, 0x4F5A), /* PURI */
	BINARY(0x4F02, USIM_ACDC, 0x02, 60, RULE_PIN_ADM, nothing),         /* ACDC_OS_CONFIG: EF.ACDC_LIST names none yet */
	BINARY(0x4F08, USIM_5MBS, 0, 100, RULE_PIN_ADM, nothing),           /* 5MBSUSD: nor does EF.5MBSUECONFIG */
	RECORDS(0x6FFB, USIM, 0, 40, 2, RULE_ALWAYS_ADM, nothing),          /* TVCONFIG */
	RECORDS(0x6F0A, USIM, 0, 60, 1, RULE_PIN_ADM, nothing),             /* AC_GBAUAPI: no applet */
	BINARY(0x6F0B, USIM, 0, 1, RULE_PIN_ADM, est),                      /* IMSDCI: not allowed */
	RECORDS(0x6F0A, ISIM, 0, 60, 1, RULE_PIN_ADM, nothing),             /* AC_GBAUAPI */
	BINARY(0x6F0B, ISIM, 0, 1, RULE_PIN_ADM, est),                      /* IMSDCI */
	BINARY(0x4F44, USIM_MEXE, 0, 200, RULE_PIN_ADM, nothing),           /* TKCDF: no EF.ORPK names it yet */
};
/* clang-format on */

const uint16_t profile_files = sizeof(profile) / sizeof(profile[0]);
const uint16_t profile_usim = USIM, profile_isim = ISIM, profile_isd = ISD, profile_custodian = CUSTODIAN;

_Static_assert(sizeof(profile) / sizeof(profile[0]) <= FILE_MADE,
	       "the numbers above are for files made later");
_Static_assert(LAST_DIRECTORY < 1 << 5, "a row has five bits for its directory");
