/* log.h - inside the store: records in a ring of pages. How and why is in log.c.
 *
 * A place in the log is a page's sequence number and an offset in the page; an
 * index place (index.h) is its address in units of LOG_GRAIN bytes. */
#ifndef SIMRITE_LOG_H
#define SIMRITE_LOG_H

#include "fs/store.h"

enum log_kind {
	LOG_PLAIN = 1,       /* an object */
	LOG_DELETED = 2,     /* no such object from here on */
	LOG_COMMIT = 3,      /* the transaction's records before count */
	LOG_BEGIN = 4,       /* with LOG_TRANSACTION: its first record */
	LOG_TRIM = 5,        /* the tail is newer than the head page's header says */
	LOG_TRANSACTION = 8, /* with LOG_PLAIN or LOG_DELETED: counts after a COMMIT */
};

enum {
	LOG_FIRST = 16, /* offset of a page's first record: behind the page's header */
	LOG_HEADER = 8, /* bytes of a record before its content */
	LOG_GRAIN = 8,  /* records begin at multiples of this */
	LOG_TRIM_LENGTH = 4,
	LOG_NO_ID = 0xFFFF,
	LOG_SPARE = 4, /* pages kept free */
};

/* A record's header as it was found. */
struct log_record {
	uint32_t seq, offset; /* its page's sequence number, and where in the page */
	uint16_t id, length;
	uint8_t kind;
	uint32_t crc;
};

/* How many pages are used; bytes a record of this much content takes. */
uint32_t log_pages(const struct hal *hal);
uint32_t log_room(size_t length);

/* The index place of a record. */
uint16_t log_place(const struct store *store, const struct log_record *record);

/* Read the header at `offset` of page `seq`. Returns 1, 0 when it is blank,
 * ERROR_FORMAT when it can be no record, ERROR_MEMORY. `*running` is the CRC so
 * far, for log_check(). */
MUST_CHECK int log_head(const struct store *store, struct log_record *record, uint32_t *running, uint32_t seq,
			uint32_t offset);

/* The record an index entry points to. ERROR_MEMORY when it is not there. */
MUST_CHECK int log_at(const struct store *store, struct log_record *record, uint32_t *running,
		      uint16_t where);

/* Is the record whole? OK, ERROR_CHECK or ERROR_MEMORY. Copies content
 * [offset, offset + length) on the way when `out` is not NULL. */
MUST_CHECK int log_check(const struct store *store, const struct log_record *record, uint32_t running,
			 uint8_t *out, size_t offset, size_t length);

/* How many bytes of the log the record at an index place takes. */
MUST_CHECK int log_room_at(const struct store *store, uint16_t where, uint32_t *bytes);

/* Erase page `seq` of the sequence and make it the head. ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int log_open(struct store *store, uint32_t seq);

/* Is there a whole record in the head page before store->offset? 1, 0 or
 * ERROR_MEMORY. */
MUST_CHECK int log_head_used(const struct store *store);

/* Make sure that a record of `length` bytes fits in the head page, collecting
 * old pages and opening new ones as needed. ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int log_make_room(struct store *store, size_t length);

/* Append a record for which there is room; `*where` becomes its index place. */
MUST_CHECK int log_append(struct store *store, uint8_t kind, uint16_t id, const void *data, size_t length,
			  uint16_t *where);

/* Find head and tail in the memory. 1: found, 0: no store here, ERROR_MEMORY.
 * When pages between them are not there, `*missing` is the sequence number
 * after the last such: a TRIM record must give them up, or the log is damaged. */
MUST_CHECK int log_find_ends(struct store *store, uint32_t *missing);

/* Take in a TRIM record: a newer tail, and nothing from before it counts. */
MUST_CHECK int log_trim_at(struct store *store, const struct log_record *record);

#endif
