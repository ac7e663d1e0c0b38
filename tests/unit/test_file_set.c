/* PROVES: TS 31.102 4.1, 4.2, 4.4, 4.5, 4.6, TS 31.103 4.2, TS 51.011 10.3, 10.5, TS 102 221 13.1
 * to 13.4, 13.6: the files of a blank card are those of the specifications (release 17), and there is room
 * for all they can hold.
 *
 * The list here is made from the specifications and from what other
 * implementations say of them, not from the card's table: FID, short
 * identifier, structure, the least and most bytes of the file or of a record
 * (0: any), and who may read and update: A always, P PIN1, 2 PIN2 (never PIN1
 * alone), E PIN1 or PIN2, D an administrator, N nobody. */
#include "fs/file.h"

#include <stdio.h>
#include <string.h>

#include "codec/tlv.h"
#include "fs/access.h"
#include "unit/play.h"

/* clang-format off */
static const struct listed {
	char in;            /* Mf, Usim, Isim, Gsm, Telecom */
	uint16_t directory; /* below it, or 0 */
	uint16_t fid;
	uint8_t sfi;
	char structure;     /* Binary, Records, Cyclic, Tlv */
	uint16_t least, most;
	const char *access;
} list[] = {
	{'G', 0x0000, 0x6F05, 0x00, 'B', 1, 0, "AP"}, /* LP */
	{'G', 0x0000, 0x6F07, 0x00, 'B', 9, 9, "PD"}, /* IMSI */
	{'G', 0x0000, 0x6F20, 0x00, 'B', 9, 9, "PP"}, /* Kc */
	{'G', 0x0000, 0x6F2C, 0x00, 'B', 16, 16, "PP"}, /* DCK */
	{'G', 0x0000, 0x6F30, 0x00, 'B', 24, 0, "PP"}, /* PLMNsel */
	{'G', 0x0000, 0x6F31, 0x00, 'B', 1, 0, "PD"}, /* HPPLMN */
	{'G', 0x0000, 0x6F32, 0x00, 'B', 6, 0, "PD"}, /* CNL */
	{'G', 0x0000, 0x6F37, 0x00, 'B', 3, 3, "PE"}, /* ACMmax */
	{'G', 0x0000, 0x6F38, 0x00, 'B', 2, 16, "PD"}, /* SST */
	{'G', 0x0000, 0x6F39, 0x00, 'C', 3, 3, "PE"}, /* ACM */
	{'G', 0x0000, 0x6F3E, 0x00, 'B', 1, 0, "PD"}, /* GID1 */
	{'G', 0x0000, 0x6F3F, 0x00, 'B', 1, 0, "PD"}, /* GID2 */
	{'G', 0x0000, 0x6F41, 0x00, 'B', 5, 5, "PE"}, /* PUCT */
	{'G', 0x0000, 0x6F45, 0x00, 'B', 2, 0, "PP"}, /* CBMI */
	{'G', 0x0000, 0x6F46, 0x00, 'B', 17, 17, "AD"}, /* SPN */
	{'G', 0x0000, 0x6F48, 0x00, 'B', 2, 0, "PD"}, /* CBMID */
	{'G', 0x0000, 0x6F50, 0x00, 'B', 4, 0, "PP"}, /* CBMIR */
	{'G', 0x0000, 0x6F51, 0x00, 'R', 1, 32, "PD"}, /* NIA */
	{'G', 0x0000, 0x6F52, 0x00, 'B', 9, 9, "PP"}, /* KcGPRS */
	{'G', 0x0000, 0x6F53, 0x00, 'B', 14, 14, "PP"}, /* LOCIGPRS */
	{'G', 0x0000, 0x6F60, 0x00, 'B', 40, 0, "PP"}, /* PLMNwAcT */
	{'G', 0x0000, 0x6F61, 0x00, 'B', 40, 0, "PD"}, /* OPLMNwAcT */
	{'G', 0x0000, 0x6F62, 0x00, 'B', 5, 0, "PD"}, /* HPLMNwAcT */
	{'G', 0x0000, 0x6F63, 0x00, 'B', 2, 14, "PP"}, /* CPBCCH */
	{'G', 0x0000, 0x6F64, 0x00, 'B', 1, 1, "PD"}, /* InvScan */
	{'G', 0x0000, 0x6F74, 0x00, 'B', 16, 16, "PP"}, /* BCCH */
	{'G', 0x0000, 0x6F78, 0x00, 'B', 2, 2, "PD"}, /* ACC */
	{'G', 0x0000, 0x6F7B, 0x00, 'B', 12, 12, "PP"}, /* FPLMN */
	{'G', 0x0000, 0x6F7E, 0x00, 'B', 11, 11, "PP"}, /* LOCI */
	{'G', 0x0000, 0x6FAD, 0x00, 'B', 3, 4, "AD"}, /* AD */
	{'G', 0x0000, 0x6FAE, 0x00, 'B', 1, 1, "AD"}, /* Phase */
	{'G', 0x0000, 0x6FB1, 0x00, 'B', 4, 200, "PD"}, /* VGCS */
	{'G', 0x0000, 0x6FB2, 0x00, 'B', 7, 7, "PP"}, /* VGCSS */
	{'G', 0x0000, 0x6FB3, 0x00, 'B', 4, 200, "PD"}, /* VBS */
	{'G', 0x0000, 0x6FB4, 0x00, 'B', 7, 7, "PP"}, /* VBSS */
	{'G', 0x0000, 0x6FB5, 0x00, 'B', 2, 2, "PD"}, /* eMLPP */
	{'G', 0x0000, 0x6FB6, 0x00, 'B', 1, 1, "PP"}, /* AAeM */
	{'G', 0x0000, 0x6FB7, 0x00, 'B', 3, 15, "AD"}, /* ECC */
	{'G', 0x0000, 0x6FC5, 0x00, 'R', 1, 0, "AD"}, /* PNN */
	{'G', 0x0000, 0x6FC6, 0x00, 'R', 8, 8, "AD"}, /* OPL */
	{'G', 0x0000, 0x6FC7, 0x00, 'R', 14, 30, "PP"}, /* MBDN */
	{'G', 0x0000, 0x6FC8, 0x00, 'R', 13, 13, "PP"}, /* EXT6 */
	{'G', 0x0000, 0x6FC9, 0x00, 'R', 4, 5, "PP"}, /* MBI */
	{'G', 0x0000, 0x6FCA, 0x00, 'R', 5, 6, "PP"}, /* MWIS */
	{'G', 0x0000, 0x6FCB, 0x00, 'R', 16, 30, "PP"}, /* CFIS */
	{'G', 0x0000, 0x6FCC, 0x00, 'R', 13, 13, "PP"}, /* EXT7 */
	{'G', 0x0000, 0x6FCD, 0x00, 'B', 1, 0, "PD"}, /* SPDI */
	{'G', 0x0000, 0x6FCE, 0x00, 'R', 4, 20, "PP"}, /* MMSN */
	{'G', 0x0000, 0x6FCF, 0x00, 'R', 13, 13, "PP"}, /* EXT8 */
	{'G', 0x0000, 0x6FD0, 0x00, 'B', 1, 0, "PD"}, /* MMSICP */
	{'G', 0x0000, 0x6FD1, 0x00, 'R', 1, 0, "PP"}, /* MMSUP */
	{'G', 0x0000, 0x6FD2, 0x00, 'B', 1, 0, "PP"}, /* MMSUCP */
	{'I', 0x0000, 0x6F02, 0x02, 'B', 1, 0, "PD"}, /* IMPI */
	{'I', 0x0000, 0x6F03, 0x05, 'B', 1, 0, "PD"}, /* DOMAIN */
	{'I', 0x0000, 0x6F04, 0x04, 'R', 1, 0, "PD"}, /* IMPU */
	{'I', 0x0000, 0x6F06, 0x06, 'R', 1, 0, "AN"}, /* ARR */
	{'I', 0x0000, 0x6F07, 0x07, 'B', 1, 0, "PD"}, /* IST */
	{'I', 0x0000, 0x6F09, 0x00, 'R', 1, 0, "PD"}, /* P-CSCF */
	{'I', 0x0000, 0x6F0A, 0x00, 'R', 1, 0, "PD"}, /* AC_GBAUAPI */
	{'I', 0x0000, 0x6F0B, 0x00, 'B', 1, 1, "PD"}, /* IMSDCI */
	{'I', 0x0000, 0x6F3C, 0x00, 'R', 176, 176, "PP"}, /* SMS */
	{'I', 0x0000, 0x6F42, 0x00, 'R', 28, 0, "PP"}, /* SMSP */
	{'I', 0x0000, 0x6F43, 0x00, 'B', 2, 8, "PP"}, /* SMSS */
	{'I', 0x0000, 0x6F47, 0x00, 'R', 30, 30, "PP"}, /* SMSR */
	{'I', 0x0000, 0x6FAD, 0x03, 'B', 3, 4, "AD"}, /* AD */
	{'I', 0x0000, 0x6FD5, 0x00, 'B', 1, 0, "PP"}, /* GBABP */
	{'I', 0x0000, 0x6FD7, 0x00, 'R', 1, 0, "PD"}, /* GBANL */
	{'I', 0x0000, 0x6FDD, 0x00, 'R', 1, 0, "PD"}, /* NAFKCA */
	{'I', 0x0000, 0x6FE7, 0x00, 'R', 1, 0, "PD"}, /* UICCIARI */
	{'I', 0x0000, 0x6FF7, 0x00, 'B', 1, 1, "PP"}, /* FromPreferred */
	{'I', 0x0000, 0x6FF8, 0x00, 'T', 0, 0, "PD"}, /* IMSConfigData */
	{'I', 0x0000, 0x6FFA, 0x00, 'R', 1, 0, "PP"}, /* WebRTCURI */
	{'I', 0x0000, 0x6FFC, 0x00, 'T', 0, 0, "PD"}, /* XCAPConfigData */
	{'I', 0x0000, 0x6FFE, 0x00, 'T', 0, 0, "PD"}, /* MuDMiDConfigData */
	{'M', 0x0000, 0x2F00, 0x1E, 'R', 20, 0, "AD"}, /* DIR */
	{'M', 0x0000, 0x2F05, 0x05, 'B', 2, 0, "AP"}, /* PL */
	{'M', 0x0000, 0x2F06, 0x06, 'R', 0, 0, "AN"}, /* ARR */
	{'M', 0x0000, 0x2F08, 0x08, 'B', 5, 5, "AD"}, /* UMPC */
	{'M', 0x0000, 0x2FE2, 0x02, 'B', 10, 10, "AN"}, /* ICCID */
	{'T', 0x0000, 0x6F06, 0x00, 'R', 0, 0, "AN"}, /* ARR */
	{'T', 0x0000, 0x6F3A, 0x00, 'R', 14, 30, "PP"}, /* ADN */
	{'T', 0x0000, 0x6F3B, 0x00, 'R', 14, 30, "P2"}, /* FDN */
	{'T', 0x0000, 0x6F3C, 0x00, 'R', 176, 176, "PP"}, /* SMS */
	{'T', 0x0000, 0x6F3D, 0x00, 'R', 14, 14, "PP"}, /* CCP */
	{'T', 0x0000, 0x6F40, 0x00, 'R', 15, 34, "PP"}, /* MSISDN */
	{'T', 0x0000, 0x6F42, 0x00, 'R', 28, 0, "PP"}, /* SMSP */
	{'T', 0x0000, 0x6F43, 0x00, 'B', 2, 8, "PP"}, /* SMSS */
	{'T', 0x0000, 0x6F44, 0x00, 'C', 14, 30, "PP"}, /* LND */
	{'T', 0x0000, 0x6F47, 0x00, 'R', 30, 30, "PP"}, /* SMSR */
	{'T', 0x0000, 0x6F49, 0x00, 'R', 14, 30, "PD"}, /* SDN */
	{'T', 0x0000, 0x6F4A, 0x00, 'R', 13, 13, "PP"}, /* EXT1 */
	{'T', 0x0000, 0x6F4B, 0x00, 'R', 13, 13, "P2"}, /* EXT2 */
	{'T', 0x0000, 0x6F4C, 0x00, 'R', 13, 13, "PD"}, /* EXT3 */
	{'T', 0x0000, 0x6F4D, 0x00, 'R', 15, 40, "P2"}, /* BDN */
	{'T', 0x0000, 0x6F4E, 0x00, 'R', 13, 13, "P2"}, /* EXT4 */
	{'T', 0x0000, 0x6F4F, 0x00, 'R', 15, 32, "PP"}, /* ECCP */
	{'T', 0x0000, 0x6F53, 0x00, 'R', 0, 0, "DD"}, /* RMA */
	{'T', 0x0000, 0x6F54, 0x00, 'B', 0, 0, "DD"}, /* SUME */
	{'T', 0x0000, 0x6F58, 0x00, 'R', 2, 21, "PD"}, /* CMI */
	{'T', 0x0000, 0x6FE0, 0x00, 'R', 14, 0, "AP"}, /* ICE_DN */
	{'T', 0x0000, 0x6FE1, 0x00, 'R', 0, 0, "AP"}, /* ICE_FF */
	{'T', 0x0000, 0x6FE5, 0x00, 'R', 0, 0, "PD"}, /* PSISMSC */
	{'T', 0x5F3A, 0x4F09, 0x04, 'R', 2, 2, "PP"}, /* PBC */
	{'T', 0x5F3A, 0x4F11, 0x08, 'R', 15, 17, "PP"}, /* ANR */
	{'T', 0x5F3A, 0x4F19, 0x0B, 'R', 1, 0, "PP"}, /* SNE */
	{'T', 0x5F3A, 0x4F21, 0x09, 'R', 2, 2, "PP"}, /* UID */
	{'T', 0x5F3A, 0x4F22, 0x0F, 'B', 1, 0, "PP"}, /* PSC */
	{'T', 0x5F3A, 0x4F23, 0x10, 'B', 1, 0, "PP"}, /* CC */
	{'T', 0x5F3A, 0x4F24, 0x11, 'B', 1, 0, "PP"}, /* PUID */
	{'T', 0x5F3A, 0x4F25, 0x03, 'R', 1, 0, "PP"}, /* IAP */
	{'T', 0x5F3A, 0x4F26, 0x05, 'R', 1, 0, "PP"}, /* GRP */
	{'T', 0x5F3A, 0x4F30, 0x02, 'R', 1, 0, "PD"}, /* PBR */
	{'T', 0x5F3A, 0x4F3A, 0x01, 'R', 14, 0, "PP"}, /* ADN */
	{'T', 0x5F3A, 0x4F3D, 0x07, 'R', 15, 0, "PP"}, /* CCP1 */
	{'T', 0x5F3A, 0x4F4A, 0x06, 'R', 13, 13, "PP"}, /* EXT1 */
	{'T', 0x5F3A, 0x4F4B, 0x0D, 'R', 1, 0, "PP"}, /* AAS */
	{'T', 0x5F3A, 0x4F4C, 0x0E, 'R', 1, 0, "PP"}, /* GAS */
	{'T', 0x5F3A, 0x4F50, 0x0A, 'R', 3, 0, "PP"}, /* EMAIL */
	{'T', 0x5F3A, 0x4F5A, 0x0C, 'R', 1, 0, "PP"}, /* PURI */
	{'T', 0x5F3B, 0x4F47, 0x01, 'T', 0, 0, "PP"}, /* MML */
	{'T', 0x5F3B, 0x4F48, 0x02, 'T', 0, 0, "PP"}, /* MMDF */
	{'T', 0x5F3C, 0x4F20, 0x01, 'B', 1, 0, "PD"}, /* MLPL */
	{'T', 0x5F3C, 0x4F21, 0x02, 'B', 1, 0, "PD"}, /* MSPL */
	{'T', 0x5F3C, 0x4F22, 0x03, 'B', 1, 1, "PD"}, /* MMSSMODE */
	{'T', 0x5F3D, 0x4F01, 0x01, 'B', 2, 2, "PD"}, /* MST */
	{'T', 0x5F3D, 0x4F02, 0x02, 'T', 0, 0, "PD"}, /* MCS_CONFIG */
	{'T', 0x5F3E, 0x4F01, 0x01, 'B', 2, 2, "PD"}, /* VST */
	{'T', 0x5F3E, 0x4F02, 0x02, 'T', 0, 0, "PD"}, /* V2X_CONFIG */
	{'T', 0x5F50, 0x4F20, 0x00, 'R', 10, 0, "PD"}, /* IMG */
	{'T', 0x5F50, 0x4F21, 0x00, 'B', 1, 0, "AP"}, /* ICE_graphics */
	{'U', 0x0000, 0x6F01, 0x00, 'B', 1, 1, "PD"}, /* eAKA */
	{'U', 0x0000, 0x6F02, 0x00, 'B', 2, 100, "PD"}, /* OCST */
	{'U', 0x0000, 0x6F05, 0x02, 'B', 2, 0, "AP"}, /* LI */
	{'U', 0x0000, 0x6F06, 0x17, 'R', 1, 0, "AN"}, /* ARR */
	{'U', 0x0000, 0x6F07, 0x07, 'B', 9, 9, "PD"}, /* IMSI */
	{'U', 0x0000, 0x6F08, 0x08, 'B', 33, 33, "PP"}, /* Keys */
	{'U', 0x0000, 0x6F09, 0x09, 'B', 33, 33, "PP"}, /* KeysPS */
	{'U', 0x0000, 0x6F0A, 0x00, 'R', 1, 0, "PD"}, /* AC_GBAUAPI */
	{'U', 0x0000, 0x6F0B, 0x00, 'B', 1, 1, "PD"}, /* IMSDCI */
	{'U', 0x0000, 0x6F2C, 0x00, 'B', 16, 16, "PP"}, /* DCK */
	{'U', 0x0000, 0x6F31, 0x12, 'B', 1, 1, "PD"}, /* HPPLMN */
	{'U', 0x0000, 0x6F32, 0x00, 'B', 6, 0, "PD"}, /* CNL */
	{'U', 0x0000, 0x6F37, 0x00, 'B', 3, 3, "PE"}, /* ACMmax */
	{'U', 0x0000, 0x6F38, 0x04, 'B', 1, 17, "PD"}, /* UST */
	{'U', 0x0000, 0x6F39, 0x1C, 'C', 3, 3, "PE"}, /* ACM */
	{'U', 0x0000, 0x6F3B, 0x00, 'R', 14, 30, "P2"}, /* FDN */
	{'U', 0x0000, 0x6F3C, 0x00, 'R', 176, 176, "PP"}, /* SMS */
	{'U', 0x0000, 0x6F3E, 0x00, 'B', 1, 0, "PD"}, /* GID1 */
	{'U', 0x0000, 0x6F3F, 0x00, 'B', 1, 0, "PD"}, /* GID2 */
	{'U', 0x0000, 0x6F40, 0x00, 'R', 15, 34, "PP"}, /* MSISDN */
	{'U', 0x0000, 0x6F41, 0x00, 'B', 5, 5, "PE"}, /* PUCT */
	{'U', 0x0000, 0x6F42, 0x00, 'R', 28, 0, "PP"}, /* SMSP */
	{'U', 0x0000, 0x6F43, 0x00, 'B', 2, 8, "PP"}, /* SMSS */
	{'U', 0x0000, 0x6F45, 0x00, 'B', 2, 0, "PP"}, /* CBMI */
	{'U', 0x0000, 0x6F46, 0x00, 'B', 17, 17, "AD"}, /* SPN */
	{'U', 0x0000, 0x6F47, 0x00, 'R', 30, 30, "PP"}, /* SMSR */
	{'U', 0x0000, 0x6F48, 0x0E, 'B', 2, 0, "PD"}, /* CBMID */
	{'U', 0x0000, 0x6F49, 0x00, 'R', 14, 30, "PD"}, /* SDN */
	{'U', 0x0000, 0x6F4B, 0x00, 'R', 13, 13, "P2"}, /* EXT2 */
	{'U', 0x0000, 0x6F4C, 0x00, 'R', 13, 13, "PD"}, /* EXT3 */
	{'U', 0x0000, 0x6F4D, 0x00, 'R', 15, 40, "P2"}, /* BDN */
	{'U', 0x0000, 0x6F4E, 0x00, 'R', 13, 13, "PP"}, /* EXT5 */
	{'U', 0x0000, 0x6F4F, 0x16, 'R', 15, 0, "PP"}, /* CCP2 */
	{'U', 0x0000, 0x6F50, 0x00, 'B', 4, 0, "PP"}, /* CBMIR */
	{'U', 0x0000, 0x6F55, 0x00, 'R', 13, 13, "P2"}, /* EXT4 */
	{'U', 0x0000, 0x6F56, 0x05, 'B', 1, 0, "P2"}, /* EST */
	{'U', 0x0000, 0x6F57, 0x00, 'B', 32, 0, "P2"}, /* ACL */
	{'U', 0x0000, 0x6F58, 0x00, 'R', 2, 21, "PD"}, /* CMI */
	{'U', 0x0000, 0x6F5B, 0x0F, 'B', 6, 6, "PP"}, /* START-HFN */
	{'U', 0x0000, 0x6F5C, 0x10, 'B', 3, 3, "PD"}, /* THRESHOLD */
	{'U', 0x0000, 0x6F60, 0x0A, 'B', 40, 0, "PP"}, /* PLMNwAcT */
	{'U', 0x0000, 0x6F61, 0x11, 'B', 40, 0, "PD"}, /* OPLMNwAcT */
	{'U', 0x0000, 0x6F62, 0x13, 'B', 5, 0, "PD"}, /* HPLMNwAcT */
	{'U', 0x0000, 0x6F65, 0x00, 'B', 2, 4, "PP"}, /* RPLMNAcTD */
	{'U', 0x0000, 0x6F73, 0x0C, 'B', 14, 14, "PP"}, /* PSLOCI */
	{'U', 0x0000, 0x6F78, 0x06, 'B', 2, 2, "PD"}, /* ACC */
	{'U', 0x0000, 0x6F7B, 0x0D, 'B', 12, 0, "PP"}, /* FPLMN */
	{'U', 0x0000, 0x6F7E, 0x0B, 'B', 11, 11, "PP"}, /* LOCI */
	{'U', 0x0000, 0x6F80, 0x14, 'C', 28, 48, "PP"}, /* ICI */
	{'U', 0x0000, 0x6F81, 0x15, 'C', 27, 47, "PP"}, /* OCI */
	{'U', 0x0000, 0x6F82, 0x00, 'C', 3, 3, "PP"}, /* ICT */
	{'U', 0x0000, 0x6F83, 0x00, 'C', 3, 3, "PP"}, /* OCT */
	{'U', 0x0000, 0x6FAD, 0x03, 'B', 4, 6, "AD"}, /* AD */
	{'U', 0x0000, 0x6FB1, 0x00, 'B', 4, 200, "PD"}, /* VGCS */
	{'U', 0x0000, 0x6FB2, 0x00, 'B', 7, 7, "PP"}, /* VGCSS */
	{'U', 0x0000, 0x6FB3, 0x00, 'B', 4, 200, "PD"}, /* VBS */
	{'U', 0x0000, 0x6FB4, 0x00, 'B', 7, 7, "PP"}, /* VBSS */
	{'U', 0x0000, 0x6FB5, 0x00, 'B', 2, 2, "PD"}, /* eMLPP */
	{'U', 0x0000, 0x6FB6, 0x00, 'B', 1, 1, "PP"}, /* AAeM */
	{'U', 0x0000, 0x6FB7, 0x01, 'R', 4, 20, "AD"}, /* ECC */
	{'U', 0x0000, 0x6FC3, 0x00, 'B', 4, 4, "PP"}, /* Hiddenkey */
	{'U', 0x0000, 0x6FC4, 0x00, 'B', 1, 0, "PP"}, /* NETPAR */
	{'U', 0x0000, 0x6FC5, 0x19, 'R', 1, 0, "AD"}, /* PNN */
	{'U', 0x0000, 0x6FC6, 0x1A, 'R', 8, 8, "AD"}, /* OPL */
	{'U', 0x0000, 0x6FC7, 0x00, 'R', 14, 30, "PP"}, /* MBDN */
	{'U', 0x0000, 0x6FC8, 0x00, 'R', 13, 13, "PP"}, /* EXT6 */
	{'U', 0x0000, 0x6FC9, 0x00, 'R', 4, 5, "PP"}, /* MBI */
	{'U', 0x0000, 0x6FCA, 0x00, 'R', 5, 6, "PP"}, /* MWIS */
	{'U', 0x0000, 0x6FCB, 0x00, 'R', 16, 30, "PP"}, /* CFIS */
	{'U', 0x0000, 0x6FCC, 0x00, 'R', 13, 13, "PP"}, /* EXT7 */
	{'U', 0x0000, 0x6FCD, 0x1B, 'B', 1, 0, "PD"}, /* SPDI */
	{'U', 0x0000, 0x6FCE, 0x00, 'R', 4, 20, "PP"}, /* MMSN */
	{'U', 0x0000, 0x6FCF, 0x00, 'R', 13, 13, "PP"}, /* EXT8 */
	{'U', 0x0000, 0x6FD0, 0x00, 'B', 1, 0, "PD"}, /* MMSICP */
	{'U', 0x0000, 0x6FD1, 0x00, 'R', 1, 0, "PP"}, /* MMSUP */
	{'U', 0x0000, 0x6FD2, 0x00, 'B', 1, 0, "PP"}, /* MMSUCP */
	{'U', 0x0000, 0x6FD3, 0x00, 'R', 1, 32, "PD"}, /* NIA */
	{'U', 0x0000, 0x6FD4, 0x00, 'B', 2, 100, "PD"}, /* VGCSCA */
	{'U', 0x0000, 0x6FD5, 0x00, 'B', 2, 100, "PD"}, /* VBSCA */
	{'U', 0x0000, 0x6FD6, 0x00, 'B', 3, 0, "PP"}, /* GBABP */
	{'U', 0x0000, 0x6FD7, 0x00, 'R', 20, 0, "PD"}, /* MSK */
	{'U', 0x0000, 0x6FD8, 0x00, 'R', 0, 0, "PD"}, /* MUK */
	{'U', 0x0000, 0x6FD9, 0x1D, 'B', 12, 0, "PD"}, /* EHPLMN */
	{'U', 0x0000, 0x6FDA, 0x00, 'R', 0, 0, "PD"}, /* GBANL */
	{'U', 0x0000, 0x6FDB, 0x00, 'B', 1, 1, "PD"}, /* EHPLMNPI */
	{'U', 0x0000, 0x6FDC, 0x00, 'B', 1, 1, "PD"}, /* LRPLMNSI */
	{'U', 0x0000, 0x6FDD, 0x00, 'R', 0, 0, "PD"}, /* NAFKCA */
	{'U', 0x0000, 0x6FDE, 0x00, 'B', 1, 0, "PD"}, /* SPNI */
	{'U', 0x0000, 0x6FDF, 0x00, 'R', 1, 0, "PD"}, /* PNNI */
	{'U', 0x0000, 0x6FE2, 0x00, 'R', 0, 0, "PD"}, /* NCP-IP */
	{'U', 0x0000, 0x6FE3, 0x1E, 'B', 18, 18, "PP"}, /* EPSLOCI */
	{'U', 0x0000, 0x6FE4, 0x18, 'R', 54, 128, "PP"}, /* EPSNSC */
	{'U', 0x0000, 0x6FE6, 0x00, 'B', 1, 16, "DD"}, /* UFC */
	{'U', 0x0000, 0x6FE7, 0x00, 'R', 0, 0, "PD"}, /* UICCIARI */
	{'U', 0x0000, 0x6FE8, 0x00, 'B', 1, 0, "PD"}, /* NASCONFIG */
	{'U', 0x0000, 0x6FEC, 0x00, 'B', 1, 1, "AD"}, /* PWS */
	{'U', 0x0000, 0x6FED, 0x00, 'R', 1, 0, "P2"}, /* FDNURI */
	{'U', 0x0000, 0x6FEE, 0x00, 'R', 1, 0, "P2"}, /* BDNURI */
	{'U', 0x0000, 0x6FEF, 0x00, 'R', 1, 0, "PD"}, /* SDNURI */
	{'U', 0x0000, 0x6FF0, 0x00, 'R', 0, 0, "PD"}, /* IWL */
	{'U', 0x0000, 0x6FF1, 0x00, 'C', 4, 4, "PP"}, /* IPS */
	{'U', 0x0000, 0x6FF2, 0x00, 'R', 0, 0, "PP"}, /* IPD */
	{'U', 0x0000, 0x6FF3, 0x00, 'B', 1, 0, "PD"}, /* ePDGId */
	{'U', 0x0000, 0x6FF4, 0x00, 'B', 1, 0, "PD"}, /* ePDGSelection */
	{'U', 0x0000, 0x6FF5, 0x00, 'B', 1, 0, "PD"}, /* ePDGIdEm */
	{'U', 0x0000, 0x6FF6, 0x00, 'B', 1, 0, "PD"}, /* ePDGSelectionEm */
	{'U', 0x0000, 0x6FF7, 0x00, 'B', 1, 1, "PP"}, /* FromPreferred */
	{'U', 0x0000, 0x6FF8, 0x00, 'T', 0, 0, "PD"}, /* IMSConfigData */
	{'U', 0x0000, 0x6FF9, 0x00, 'B', 4, 4, "PP"}, /* 3GPPPSDATAOFF */
	{'U', 0x0000, 0x6FFA, 0x00, 'R', 0, 0, "PD"}, /* 3GPPPSDATAOFFservicelist */
	{'U', 0x0000, 0x6FFB, 0x00, 'R', 3, 0, "AD"}, /* TVCONFIG */
	{'U', 0x0000, 0x6FFC, 0x00, 'T', 0, 0, "PD"}, /* XCAPConfigData */
	{'U', 0x0000, 0x6FFD, 0x00, 'B', 30, 100, "PD"}, /* EARFCNList */
	{'U', 0x0000, 0x6FFE, 0x00, 'T', 0, 0, "PD"}, /* MuDMiDConfigData */
	{'U', 0x5F3A, 0x4F09, 0x04, 'R', 2, 2, "PP"}, /* PBC */
	{'U', 0x5F3A, 0x4F11, 0x08, 'R', 15, 17, "PP"}, /* ANR */
	{'U', 0x5F3A, 0x4F19, 0x0B, 'R', 1, 0, "PP"}, /* SNE */
	{'U', 0x5F3A, 0x4F21, 0x09, 'R', 2, 2, "PP"}, /* UID */
	{'U', 0x5F3A, 0x4F22, 0x0F, 'B', 1, 0, "PP"}, /* PSC */
	{'U', 0x5F3A, 0x4F23, 0x10, 'B', 1, 0, "PP"}, /* CC */
	{'U', 0x5F3A, 0x4F24, 0x11, 'B', 1, 0, "PP"}, /* PUID */
	{'U', 0x5F3A, 0x4F25, 0x03, 'R', 1, 0, "PP"}, /* IAP */
	{'U', 0x5F3A, 0x4F26, 0x05, 'R', 1, 0, "PP"}, /* GRP */
	{'U', 0x5F3A, 0x4F30, 0x02, 'R', 1, 0, "PD"}, /* PBR */
	{'U', 0x5F3A, 0x4F3A, 0x01, 'R', 14, 0, "PP"}, /* ADN */
	{'U', 0x5F3A, 0x4F3D, 0x07, 'R', 15, 0, "PP"}, /* CCP1 */
	{'U', 0x5F3A, 0x4F4A, 0x06, 'R', 13, 13, "PP"}, /* EXT1 */
	{'U', 0x5F3A, 0x4F4B, 0x0D, 'R', 1, 0, "PP"}, /* AAS */
	{'U', 0x5F3A, 0x4F4C, 0x0E, 'R', 1, 0, "PP"}, /* GAS */
	{'U', 0x5F3A, 0x4F50, 0x0A, 'R', 3, 0, "PP"}, /* EMAIL */
	{'U', 0x5F3A, 0x4F5A, 0x0C, 'R', 1, 0, "PP"}, /* PURI */
	{'U', 0x5F3B, 0x4F20, 0x01, 'B', 9, 9, "PP"}, /* Kc */
	{'U', 0x5F3B, 0x4F52, 0x02, 'B', 9, 9, "PP"}, /* KcGPRS */
	{'U', 0x5F3B, 0x4F63, 0x00, 'B', 2, 14, "PP"}, /* CPBCCH */
	{'U', 0x5F3B, 0x4F64, 0x00, 'B', 1, 1, "PD"}, /* InvScan */
	{'U', 0x5F3C, 0x4F40, 0x00, 'B', 1, 0, "PD"}, /* MExE-ST */
	{'U', 0x5F3C, 0x4F41, 0x00, 'R', 10, 0, "PD"}, /* ORPK */
	{'U', 0x5F3C, 0x4F42, 0x00, 'R', 10, 0, "PD"}, /* ARPK */
	{'U', 0x5F3C, 0x4F43, 0x00, 'R', 10, 0, "PD"}, /* TPRPK */
	{'U', 0x5F3C, 0x4F44, 0x00, 'B', 1, 0, "PD"}, /* TKCDF, one of them */
	{'U', 0x5F40, 0x4F41, 0x01, 'B', 1, 0, "PP"}, /* Pseudo */
	{'U', 0x5F40, 0x4F42, 0x02, 'B', 1, 0, "PP"}, /* UPLMNWLAN */
	{'U', 0x5F40, 0x4F43, 0x03, 'B', 1, 0, "PD"}, /* OPLMNWLAN */
	{'U', 0x5F40, 0x4F44, 0x04, 'R', 1, 0, "PP"}, /* UWSIDL */
	{'U', 0x5F40, 0x4F45, 0x05, 'R', 1, 0, "PD"}, /* OWSIDL */
	{'U', 0x5F40, 0x4F46, 0x06, 'B', 1, 0, "PP"}, /* WRI */
	{'U', 0x5F40, 0x4F47, 0x07, 'R', 1, 0, "PD"}, /* HWSIDL */
	{'U', 0x5F40, 0x4F48, 0x08, 'B', 1, 0, "PD"}, /* WEHPLMNPI */
	{'U', 0x5F40, 0x4F49, 0x09, 'B', 1, 0, "PD"}, /* WHPI */
	{'U', 0x5F40, 0x4F4A, 0x0A, 'B', 1, 0, "PP"}, /* WLRPLMN */
	{'U', 0x5F40, 0x4F4B, 0x0B, 'B', 1, 0, "PD"}, /* HPLMNDAI */
	{'U', 0x5F50, 0x4F81, 0x01, 'R', 1, 0, "PP"}, /* ACSGL */
	{'U', 0x5F50, 0x4F82, 0x02, 'R', 1, 0, "PP"}, /* CSGT */
	{'U', 0x5F50, 0x4F83, 0x03, 'R', 1, 0, "PP"}, /* HNBN */
	{'U', 0x5F50, 0x4F84, 0x04, 'R', 1, 0, "PD"}, /* OCSGL */
	{'U', 0x5F50, 0x4F85, 0x05, 'R', 1, 0, "PD"}, /* OCSGT */
	{'U', 0x5F50, 0x4F86, 0x06, 'R', 1, 0, "PD"}, /* OHNBN */
	{'U', 0x5F70, 0x4F30, 0x00, 'B', 1, 0, "PD"}, /* SAI */
	{'U', 0x5F70, 0x4F31, 0x00, 'R', 11, 0, "PD"}, /* SLL */
	{'U', 0x5F90, 0x4F01, 0x01, 'R', 1, 0, "PD"}, /* PROSE_MON */
	{'U', 0x5F90, 0x4F02, 0x02, 'R', 1, 0, "PD"}, /* PROSE_ANN */
	{'U', 0x5F90, 0x4F03, 0x03, 'R', 1, 0, "PD"}, /* PROSEFUNC */
	{'U', 0x5F90, 0x4F04, 0x04, 'B', 1, 0, "PD"}, /* PROSE_RADIO_COM */
	{'U', 0x5F90, 0x4F05, 0x05, 'B', 1, 0, "PD"}, /* PROSE_RADIO_MON */
	{'U', 0x5F90, 0x4F06, 0x06, 'B', 1, 0, "PD"}, /* PROSE_RADIO_ANN */
	{'U', 0x5F90, 0x4F07, 0x07, 'R', 1, 0, "PD"}, /* PROSE_POLICY */
	{'U', 0x5F90, 0x4F08, 0x08, 'R', 1, 0, "PD"}, /* PROSE_PLMN */
	{'U', 0x5F90, 0x4F09, 0x09, 'B', 1, 0, "PP"}, /* PROSE_GC */
	{'U', 0x5F90, 0x4F10, 0x10, 'B', 1, 0, "PD"}, /* PST */
	{'U', 0x5F90, 0x4F11, 0x11, 'B', 1, 0, "PD"}, /* UIRC */
	{'U', 0x5F90, 0x4F12, 0x12, 'R', 1, 0, "PD"}, /* PROSE_GM_DISCOVERY */
	{'U', 0x5F90, 0x4F13, 0x13, 'R', 1, 0, "PD"}, /* PROSE_RELAY */
	{'U', 0x5F90, 0x4F14, 0x14, 'B', 1, 0, "PD"}, /* PROSE_RELAY_DISCOVERY */
	{'U', 0x5FA0, 0x4F01, 0x01, 'B', 1, 0, "PD"}, /* ACDC_LIST */
	{'U', 0x5FA0, 0x4F02, 0x02, 'B', 1, 0, "PD"}, /* ACDC_OS_CONFIG */
	{'U', 0x5FB0, 0x4F01, 0x01, 'B', 1, 0, "PD"}, /* TVUSD */
	{'U', 0x5FC0, 0x4F01, 0x01, 'B', 20, 20, "PP"}, /* 5GS3GPPLOCI */
	{'U', 0x5FC0, 0x4F02, 0x02, 'B', 20, 20, "PP"}, /* 5GSN3GPPLOCI */
	{'U', 0x5FC0, 0x4F03, 0x03, 'R', 57, 0, "PP"}, /* 5GS3GPPNSC */
	{'U', 0x5FC0, 0x4F04, 0x04, 'R', 57, 0, "PP"}, /* 5GSN3GPPNSC */
	{'U', 0x5FC0, 0x4F05, 0x05, 'B', 68, 0, "PP"}, /* 5GAUTHKEYS */
	{'U', 0x5FC0, 0x4F06, 0x06, 'B', 4, 4, "PD"}, /* UAC_AIC */
	{'U', 0x5FC0, 0x4F07, 0x07, 'B', 2, 0, "PD"}, /* SUCI_Calc_Info */
	{'U', 0x5FC0, 0x4F08, 0x08, 'R', 10, 0, "AD"}, /* OPL5G */
	{'U', 0x5FC0, 0x4F09, 0x09, 'B', 1, 0, "PD"}, /* SUPI_NAI */
	{'U', 0x5FC0, 0x4F0A, 0x0A, 'B', 1, 0, "PD"}, /* Routing_Indicator */
	{'U', 0x5FC0, 0x4F0B, 0x0B, 'B', 1, 0, "PP"}, /* URSP */
	{'U', 0x5FC0, 0x4F0C, 0x0C, 'B', 1, 0, "PD"}, /* TN3GPPSNN */
	{'U', 0x5FC0, 0x4F0D, 0x0D, 'B', 1, 0, "PP"}, /* CAG */
	{'U', 0x5FC0, 0x4F0E, 0x0E, 'B', 1, 0, "PP"}, /* SOR-CMCI */
	{'U', 0x5FC0, 0x4F0F, 0x0F, 'B', 1, 0, "PD"}, /* DRI */
	{'U', 0x5FC0, 0x4F10, 0x10, 'B', 1, 0, "PP"}, /* 5GSEDRX */
	{'U', 0x5FC0, 0x4F11, 0x11, 'B', 1, 0, "PD"}, /* 5GNSWO_CONF */
	{'U', 0x5FC0, 0x4F15, 0x15, 'B', 1, 0, "PD"}, /* MCHPPLMN */
	{'U', 0x5FC0, 0x4F16, 0x16, 'B', 1, 0, "PD"}, /* KAUSF_DERIVATION */
	{'U', 0x5FD0, 0x4F01, 0x01, 'B', 2, 0, "DD"}, /* SUCI_Calc_Info */
	{'U', 0x5FE0, 0x4F01, 0x01, 'B', 1, 0, "AD"}, /* PWS_SNPN */
	{'U', 0x5FE0, 0x4F02, 0x02, 'R', 6, 6, "AD"}, /* NID */
	{'U', 0x5FF0, 0x4F01, 0x01, 'B', 1, 2, "PD"}, /* 5G_PROSE_ST */
	{'U', 0x5FF0, 0x4F02, 0x02, 'B', 1, 0, "PD"}, /* 5G_PROSE_DD */
	{'U', 0x5FF0, 0x4F03, 0x03, 'B', 1, 0, "PD"}, /* 5G_PROSE_DC */
	{'U', 0x5FF0, 0x4F04, 0x04, 'B', 1, 0, "PD"}, /* 5G_PROSE_U2NRU */
	{'U', 0x5FF0, 0x4F05, 0x05, 'B', 1, 0, "PD"}, /* 5G_PROSE_RU */
	{'U', 0x5FF0, 0x4F06, 0x06, 'B', 1, 0, "PD"}, /* 5G_PROSE_UIR */
	{'U', 0x5FF1, 0x4F01, 0x00, 'B', 1, 0, "PD"}, /* 5MBSUECONFIG */
	{'U', 0x5FF1, 0x4F08, 0x00, 'B', 1, 0, "PD"}, /* 5MBSUSD */
};
/* clang-format on */

enum {
	LISTED = sizeof(list) / sizeof(list[0]),
	PIN2 = 0x81
};

/* The directory a row of the list is in. */
static uint16_t directory_of(const struct play *p, const struct listed *row)
{
	static const uint8_t usim[] = {0xA0, 0, 0, 0, 0x87, 0x10, 0x02},
			     isim[] = {0xA0, 0, 0, 0, 0x87, 0x10, 0x04};
	const struct store *store = &p->card.store;
	uint16_t file = FILE_MF;

	if (row->in == 'U' || row->in == 'I')
		file = file_by_aid(store, (struct span){row->in == 'U' ? usim : isim, sizeof(usim)},
				   FILE_NONE);
	if (row->in == 'G' || row->in == 'T')
		file = file_child(store, FILE_MF, row->in == 'G' ? 0x7F20 : 0x7F10);
	return row->directory ? file_child(store, file, row->directory) : file;
}

static int may(const struct play *p, uint16_t file, enum access_mode mode, uint8_t reference)
{
	return access_would(&p->card, file, mode, reference) == GRANTED;
}

/* Is the access rule what `who` says? */
static int obeys(const struct play *p, uint16_t file, enum access_mode mode, char who)
{
	int nobody = may(p, file, mode, 0), user = may(p, file, mode, PIN_1),
	    adm = may(p, file, mode, PIN_ADM1);

	switch (who) {
	case 'A':
		return nobody;
	case 'P':
		return !nobody && user && !adm;
	case 'D':
		return !nobody && !user && adm;
	case 'E':
		return !nobody && !adm && (user || may(p, file, mode, PIN2));
	case '2':
		return !nobody && !user && (adm || may(p, file, mode, PIN2));
	default:
		return !nobody && !user && !adm && !may(p, file, mode, PIN2);
	}
}

static void check_listed(const struct play *p, const struct listed *row)
{
	static const char structures[] = {
		[FILE_TRANSPARENT] = 'B', [FILE_LINEAR] = 'R', [FILE_CYCLIC] = 'C', [FILE_BER_TLV] = 'T'};
	uint16_t parent = directory_of(p, row), file = file_child(&p->card.store, parent, row->fid);
	struct file now;
	int good;

	good = parent != FILE_NONE && file != FILE_NONE && file_get(&p->card.store, &now, file) == OK;
	if (good)
		good = now.sfi == row->sfi && structures[now.kind] == row->structure &&
		       now.size >= row->least && (row->most == 0 || now.size <= row->most) &&
		       obeys(p, file, ACCESS_READ, row->access[0]) &&
		       obeys(p, file, ACCESS_UPDATE, row->access[1]);
	CU_ASSERT(good);
	if (!good)
		printf("\n    %c %04X %04X\n", row->in, row->directory, row->fid);
}

static void test_listed(void)
{
	struct play p;
	int files = 0;

	play_open(&p);
	for (size_t i = 0; i < LISTED; i++)
		check_listed(&p, &list[i]);
	for (uint16_t file = 0; file < file_constants(); file++)
		files += !file_is_directory(&p.card.store, file);
	CU_ASSERT_EQUAL(files, LISTED); /* and no other */
	play_close(&p);
}

/* PROVES: TS 102 221 8.6: among the files of a directory no FID and no short
 * identifier is given twice, nor is a FID that of a directory above. */
static void test_siblings(void)
{
	struct file a, b;
	struct play p;

	play_open(&p);
	for (uint16_t i = 1; i < file_constants(); i++) {
		CU_ASSERT_EQUAL_FATAL(file_get(&p.card.store, &a, i), OK);
		for (uint16_t j = (uint16_t)(i + 1); j < file_constants(); j++) {
			CU_ASSERT_EQUAL_FATAL(file_get(&p.card.store, &b, j), OK);
			if (a.parent != b.parent)
				continue;
			CU_ASSERT(a.fid == 0 || a.fid != b.fid);
			CU_ASSERT(a.sfi == 0 || a.sfi != b.sfi);
		}
		for (uint16_t above = a.parent; above != FILE_NONE;
		     above = file_parent(&p.card.store, above)) {
			CU_ASSERT_EQUAL_FATAL(file_get(&p.card.store, &b, above), OK);
			CU_ASSERT(b.fid == 0 || b.fid != a.fid);
		}
	}
	play_close(&p);
}

/* Every byte of every file written: all of it fits, nothing is lost of the
 * rest, and there is room for files made at run time. */
static void test_filled(void)
{
	uint8_t bytes[FILE_PART], back[FILE_PART];
	struct file row;
	struct play p;
	uint32_t free_bytes, free_objects;

	play_open(&p);
	PLAY(&p, "0020000A 08 3132333435363738", 0x9000);
	for (uint16_t file = 1; file < file_constants(); file++) {
		CU_ASSERT_EQUAL_FATAL(file_get(&p.card.store, &row, file), OK);
		if (row.owner != file)
			continue; /* a link */
		memset(bytes, file, sizeof(bytes));
		for (uint16_t at = 0; row.kind == FILE_TRANSPARENT && at < row.size;
		     at = (uint16_t)(at + sizeof(bytes))) {
			size_t n =
				row.size - at < (int)sizeof(bytes) ? (size_t)(row.size - at) : sizeof(bytes);

			CU_ASSERT_EQUAL(file_write(&p.card.store, file, 0, at, (struct span){bytes, n}), OK);
		}
		for (uint8_t i = 1;
		     file_has_records(&row) && row.rule != RULE_READ_ALWAYS && i <= row.records; i++)
			CU_ASSERT_EQUAL(file_write(&p.card.store, file, i, 0, (struct span){bytes, row.size}),
					OK);
	}
	store_free(&p.card.store, &free_bytes, &free_objects);
	CU_ASSERT(free_bytes > 8192 && free_objects > 100);
	PLAY(&p, "00E00000 18 6216 82024121 83026F50 8A0105 8B032F060B 80020E00 8800", 0x9000);
	PLAY(&p, "00D60DFF 01 55", 0x9000);
	play_restart(&p);
	for (uint16_t file = 1; file < file_constants(); file++) {
		CU_ASSERT_EQUAL_FATAL(file_get(&p.card.store, &row, file), OK);
		if (row.owner != file || row.kind != FILE_TRANSPARENT)
			continue;
		CU_ASSERT_EQUAL(file_read(&p.card.store, file, 0, (uint16_t)(row.size - 1), back, 1), OK);
		CU_ASSERT_EQUAL(back[0], (uint8_t)file);
	}
	PLAY(&p, "00A4000C 02 6F50", 0x9000);
	PLAY_DATA(&p, "00B00DFE02", "FF55");
	play_close(&p);
}

/* TS 31.102 4.4.2.1, tables 4.1 and 4.2: which types of file a tag of EF.PBR may be of. */
enum {
	TYPE_1 = 0xA8,
	TYPE_2 = 0xA9,
	TYPE_3 = 0xAA,
	NAMED = 13
};
static const char *const types[NAMED] = {
	/* ADN, IAP, EXT1, SNE, ANR, PBC, GRP, AAS, GAS, UID, EMAIL, CCP1, PURI */
	"1", "1", "3", "12", "12", "1", "1", "3", "3", "1", "12", "3", "12"};

/* An object of EF.PBR: what it names is there, and as its type says. */
static void check_named(const struct play *p, uint16_t phonebook, uint16_t type, uint16_t tag,
			struct span value)
{
	struct file row, adn;
	uint16_t file;

	CU_ASSERT_FATAL(value.length == 3 && tag >= 0xC0 && tag < 0xC0 + NAMED);
	CU_ASSERT_PTR_NOT_NULL(strchr(types[tag - 0xC0], '1' + type - TYPE_1));
	file = file_child(&p->card.store, phonebook, (uint16_t)(value.at[0] << 8 | value.at[1]));
	CU_ASSERT_NOT_EQUAL_FATAL(file, FILE_NONE);
	CU_ASSERT_EQUAL_FATAL(file_get(&p->card.store, &row, file), OK);
	CU_ASSERT_EQUAL(row.sfi, value.at[2]);
	CU_ASSERT_EQUAL(row.kind, FILE_LINEAR);
	CU_ASSERT_EQUAL_FATAL(file_get(&p->card.store, &adn, file_child(&p->card.store, phonebook, 0x4F3A)),
			      OK);
	CU_ASSERT(type != TYPE_1 || row.records == adn.records);
}

/* PROVES: TS 31.102 4.4: both phone books' EF.PBR names every file of them once, with its short
 * identifier, and EF.IAP has a byte for each file of type 2. */
static void test_phonebook(void)
{
	static const struct listed books[] = {{.in = 'U', .directory = 0x5F3A},
					      {.in = 'T', .directory = 0x5F3A}};
	uint8_t record[255];
	struct span rest, inner, value;
	uint16_t type, tag, book;
	struct file row;
	struct play p;

	play_open(&p);
	for (size_t i = 0; i < 2; i++) {
		unsigned seen = 0, second = 0;

		book = directory_of(&p, &books[i]);
		CU_ASSERT_EQUAL_FATAL(file_get(&p.card.store, &row, file_child(&p.card.store, book, 0x4F30)),
				      OK);
		CU_ASSERT_EQUAL_FATAL(file_read(&p.card.store, row.owner, 1, 0, record, row.size), OK);
		rest = (struct span){record, row.size};
		while (tlv_next(&type, &inner, &rest) == 1)
			while (tlv_next(&tag, &value, &inner) == 1) {
				check_named(&p, book, type, tag, value);
				CU_ASSERT_FALSE(seen & 1u << (tag & 0x1F));
				seen |= 1u << (tag & 0x1F);
				second += type == TYPE_2;
			}
		CU_ASSERT_EQUAL(seen, (1u << NAMED) - 1);
		CU_ASSERT_EQUAL_FATAL(file_get(&p.card.store, &row, file_child(&p.card.store, book, 0x4F25)),
				      OK);
		CU_ASSERT_EQUAL(row.size, second);
	}
	play_close(&p);
}

UNIT_SUITE("file_set", UNIT(test_listed), UNIT(test_siblings), UNIT(test_filled), UNIT(test_phonebook))
