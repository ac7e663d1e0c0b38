/* profile.h - the table behind file.h: which files a card has and what a blank one holds.
 *
 * Nothing but file.c, select.c, fcp.c, service.c and those in auth/ that know a file by
 * name look at it. */
#ifndef SIMRITE_PROFILE_H
#define SIMRITE_PROFILE_H

#include "fs/file.h"

/* A file as the table has it, in eight bytes; struct file says what the fields mean. A value that does not
 * fit its bits does not compile. */
struct profile_row {
	uint16_t fid;
	uint16_t size;       /* of a link: the FID of the file it leads to */
	unsigned form : 8;   /* enum file_kind in the lower three bits (0: a link), short identifier in the
				others */
	unsigned parent : 5; /* directories have the lowest numbers */
	unsigned rule : 5;
	unsigned preset : 6;  /* which of profile_presets */
	unsigned records : 8; /* of a link: the directory of the file it leads to */
};

enum {
	PROFILE_KIND = 0x07, /* bits of form */
	PROFILE_SFI_SHIFT = 3,
	PROFILE_CALC_INFO = 200, /* bytes of EF.SUCI_Calc_Info of DF.SAIP */
	PROFILE_GBABP = 120,     /* bytes of EF.GBABP: RAND, B-TID, lifetime */
	PROFILE_GBANL = 150,     /* bytes of a record of EF.GBANL: NAF_Id, B-TID */
	PROFILE_GBANL_RECORDS = 4
};

/* Row 0 is the MF; a directory comes before its files. */
extern const struct profile_row profile[];
extern const uint16_t profile_files;

/* Defaults; number 0 is nothing. */
extern const struct span profile_presets[];

/* The rows of the applications. */
extern const uint16_t profile_usim, profile_isim, profile_isd, profile_custodian;

#endif
