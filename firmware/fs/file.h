/* file.h - the card's files: which there are, and what is in them.
 *
 * Which files a card is born with, and how long they are, is a constant table
 * (profile.c). The memory has what is different now: which of them were deleted
 * (gone.h), and a descriptor for each that was resized, and for each file of
 * CREATE FILE (descriptor.h). Here the two become one tree; made.h changes it.
 * A file is named inside the card by a number, for as long as it is there: its
 * place in the table, or FILE_MADE and above.
 *
 * Contents live in store objects and are made by the first write: one for
 * every FILE_PART bytes of a transparent file, one for as many whole records as
 * FILE_PACK bytes have room for, and at least one. What was never written reads
 * as the default in the table, filled up with FF. A cyclic file keeps its
 * records in a ring; which of them is the newest is kept with
 * the life cycle in the file's descriptor object. A linked file has no
 * contents of its own: it is another file at a second place (life cycle
 * included), under the access rule of that place. They last until the last of
 * the two or more places is deleted.
 *
 * Nothing here asks for permission: access.h does.
 * ETSI TS 102 221 clauses 8, 11.1.1.4.9 and 13, 3GPP TS 31.102 clause 4. */
#ifndef SIMRITE_FILE_H
#define SIMRITE_FILE_H

#include "fs/store.h"
#include "status.h"

struct card;

enum {
	FILE_MF = 0,       /* the first row of the table */
	FILE_MADE = 0x180, /* the first number of a file made at run time, ... */
	FILE_END = 0x1DF,  /* ... and the one behind the last */
	FILE_NONE = 0xFFFF,
	FID_MF = 0x3F00,
	FID_ADF = 0x7FFF, /* the current application's ADF */
	FILE_PART = STORE_OBJECT_MAX,
	FILE_PACK = 128,
	FILE_PARTS_MAX = 127,                       /* store objects of one file's contents */
	FILE_SIZE_MAX = FILE_PARTS_MAX * FILE_PART, /* READ BINARY has no longer offsets than 7FFF */
	FILE_RECORDS_MAX = 254,                     /* TS 102 221 8.2.2.2 */
	FILE_SECURITY_MAX = 47, /* bytes of a made file's access rule, and of an AID: tag, length, value */
	FILE_AID_MAX = 16,      /* bytes of an AID */
	FILE_DEPTH_MAX = 8,     /* directories one in another, the MF among them */
};

enum file_kind {
	FILE_DIRECTORY = 1,   /* MF or DF */
	FILE_APPLICATION = 2, /* ADF: found by its AID */
	FILE_TRANSPARENT = 3,
	FILE_LINEAR = 4,  /* linear fixed */
	FILE_CYCLIC = 5,  /* record 1 is the newest */
	FILE_BER_TLV = 6, /* data objects, see object.h */
};

/* Life cycle, as TS 102 221 11.1.1.4.9 codes it in an FCP. */
enum file_state {
	FILE_ACTIVE = 0x05,
	FILE_INACTIVE = 0x04,
	FILE_TERMINATED = 0x0C,
};

enum file_flag {
	FILE_EXCLUSIVE = 0x01, /* not shareable: selected on one logical channel at a time */
	FILE_OPEN = 0x02,      /* can be read and updated when deactivated */
	FILE_LOCAL_PIN = 0x04, /* of a made ADF: PIN2 is one of its PINs */
};

struct file {
	uint16_t fid;    /* 0 for an application that only its AID names */
	uint16_t size;   /* bytes of a transparent or BER-TLV file, or of one record (1..255) */
	uint16_t parent; /* its directory's number */
	uint16_t owner;  /* the number whose objects hold the contents: its own, or that it links to */
	uint8_t kind;    /* enum file_kind */
	uint8_t sfi;     /* 0: none */
	uint8_t rule;    /* record of EF.ARR, see access.h; 0: a made file, which has its own */
	uint8_t records;
	uint8_t state;      /* enum file_state */
	uint8_t head;       /* of a cyclic file: its newest record is number head + 1 of the ring */
	uint8_t flags;      /* enum file_flag */
	struct span preset; /* the default of the file or of its records one after the other */
};

/* How many files the constant table has; their numbers are below. */
uint16_t file_constants(void);

/* Everything about a file as it is now. ERROR_NOT_FOUND, ERROR_MEMORY. */
MUST_CHECK int file_get(const struct store *store, struct file *row, uint16_t file);

/* The same of a file whose contents this number's objects hold: itself, or when
 * that is gone what still links to it. */
MUST_CHECK int file_get_owner(const struct store *store, struct file *row, uint16_t owner);

/* Copy an application's AID out; how many bytes, 0 when the file is none. */
size_t file_aid(const struct store *store, uint8_t aid[static FILE_AID_MAX], uint16_t file);

/* Has it records? Bytes of all its contents; bytes of one store object of them, but for the last. */
int file_has_records(const struct file *row);
uint32_t file_length(const struct file *row);
uint16_t file_part(const struct file *row);

/* Its kind (enum file_kind) or its directory's number; 0 and FILE_NONE when there is no such file. */
uint8_t file_kind(const struct store *store, uint16_t file);
uint16_t file_parent(const struct store *store, uint16_t file);
int file_is_directory(const struct store *store, uint16_t file);

/* Is the file, or a directory it is in, terminated? 1 or 0. */
int file_is_terminated(const struct store *store, uint16_t file);

/* The child of directory `parent` with this FID, or FILE_NONE. */
uint16_t file_child(const struct store *store, uint16_t parent, uint16_t fid);

/* The EF of directory `parent` with this short identifier, or FILE_NONE. */
uint16_t file_by_sfi(const struct store *store, uint16_t parent, uint8_t sfi);

/* How many directories (not applications) and EFs a directory has. */
void file_count(const struct store *store, uint16_t parent, uint8_t *directories, uint8_t *files);

/* The application after `after` (FILE_NONE: the first) whose AID begins with
 * `aid` (any AID when empty), or FILE_NONE. */
uint16_t file_by_aid(const struct store *store, struct span aid, uint16_t after);

/* Copy bytes of a transparent file (record 0) or record (1..). The caller has
 * checked the bounds. Returns OK, ERROR_RANGE or ERROR_MEMORY. */
MUST_CHECK int file_read(const struct store *store, uint16_t file, uint8_t record, uint16_t offset,
			 uint8_t *out, size_t length);

/* Replace bytes; the rest of the file or record keeps what it held. All or
 * nothing, whatever the length; no store write when nothing changes. ERROR_RANGE, ERROR_VALUE for
 * EF.ARR, which nothing changes, ERROR_FULL or ERROR_MEMORY. */
MUST_CHECK int file_write(struct store *store, uint16_t file, uint8_t record, uint16_t offset,
			  struct span content);

/* Write the oldest record of a cyclic file, which becomes record 1. All or
 * nothing. `content` is as long as a record. Errors as of file_write(). */
MUST_CHECK int file_append(struct store *store, uint16_t file, struct span content);

/* Change the life cycle. One store write. ERROR_NOT_FOUND, ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int file_set_state(struct store *store, uint16_t file, enum file_state state);

/* file_write() by a path of FIDs from below the MF (7FFF: ADF.USIM), whatever
 * the access rules say: for STORE DATA, inside the caller's transaction.
 * ERROR_FORMAT for a path that is not pairs of bytes, ERROR_NOT_FOUND for one
 * that leads to no EF or a record that is not there, ERROR_RANGE for content
 * that does not fit, ERROR_VALUE for EF.ARR, ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int file_put(struct card *card, struct span path, uint8_t record, uint8_t offset,
			struct span content);

#endif
