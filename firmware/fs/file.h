/* file.h - the card's files: a constant tree, and contents that may change.
 *
 * Which files there are, and how long, is a constant table (profile.c): the
 * MF, ADF.USIM, the issuer security domain and their EFs. A file is named
 * inside the card by its place in that table. Contents live in store objects,
 * one for a transparent file, one for each record of a linear fixed one; a
 * file never written reads as its default in the table, filled up with FF.
 *
 * Nothing here asks for permission: access.h does.
 * ETSI TS 102 221 clauses 8 and 13, 3GPP TS 31.102 clause 4. */
#ifndef SIMRITE_FILE_H
#define SIMRITE_FILE_H

#include "fs/store.h"
#include "status.h"

struct card;

enum {
	FILE_MF = 0, /* the first row of the table */
	FILE_NONE = 0xFF,
	FID_MF = 0x3F00,
	FID_ADF = 0x7FFF, /* the current application's ADF */
	FILE_SIZE_MAX = STORE_OBJECT_MAX,
};

enum file_kind {
	FILE_DIRECTORY = 1,   /* MF or DF */
	FILE_APPLICATION = 2, /* ADF: found by its AID */
	FILE_TRANSPARENT = 3,
	FILE_LINEAR = 4, /* linear fixed */
};

struct file {
	uint16_t fid;   /* 0 for an application that only its AID names */
	uint8_t kind;   /* enum file_kind */
	uint8_t parent; /* its directory's place in the table */
	uint8_t sfi;    /* 0: none */
	uint8_t rule;   /* record of EF.ARR, see access.h */
	uint8_t size;   /* bytes of a transparent file or of one record (1..255) */
	uint8_t records;
	struct span preset; /* the default of the file or of its records one after the other; an ADF's AID */
};

/* The row, or NULL when `file` is not one. */
const struct file *file_row(uint8_t file);

/* The child of directory `parent` with this FID, or FILE_NONE. */
uint8_t file_child(uint8_t parent, uint16_t fid);

/* The EF of directory `parent` with this short identifier, or FILE_NONE. */
uint8_t file_by_sfi(uint8_t parent, uint8_t sfi);

/* The application after `after` (FILE_NONE: the first) whose AID begins with
 * `aid` (any AID when empty), or FILE_NONE. */
uint8_t file_by_aid(struct span aid, uint8_t after);

/* Copy bytes of a transparent file (record 0) or record (1..). The caller has
 * checked the bounds. Returns OK, ERROR_RANGE or ERROR_MEMORY. */
MUST_CHECK int file_read(const struct store *store, uint8_t file, uint8_t record, uint8_t offset,
			 uint8_t *out, size_t length);

/* Replace bytes; the rest of the file or record keeps what it held. One store
 * write, none when nothing changes. ERROR_RANGE, ERROR_VALUE for EF.ARR, which
 * nothing changes, ERROR_FULL or ERROR_MEMORY. */
MUST_CHECK int file_write(struct store *store, uint8_t file, uint8_t record, uint8_t offset,
			  struct span content);

/* file_write() by a path of FIDs from below the MF (7FFF: ADF.USIM), whatever
 * the access rules say: for STORE DATA, inside the caller's transaction.
 * ERROR_FORMAT for a path that is not pairs of bytes, ERROR_NOT_FOUND for one
 * that leads to no EF or a record that is not there, ERROR_RANGE for content
 * that does not fit, ERROR_VALUE for EF.ARR, ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int file_put(struct card *card, struct span path, uint8_t record, uint8_t offset,
			struct span content);

#endif
