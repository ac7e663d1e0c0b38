/* log.h - inside the store: records in a ring of pages. How and why is in log.c.
 *
 * A place in the log is a page's sequence number and an offset in the page; an
 * index place (index.h) is its address in units of LOG_GRAIN bytes. */
#ifndef SIMRITE_LOG_H
#define SIMRITE_LOG_H

#include "fs/store.h"

enum log_kind {
	LOG_VALUE = 1,   /* an object */
	LOG_DELETED = 2, /* no such object from here on */
	LOG_LOST = 3,    /* an object whose record was found damaged */
	LOG_COMMIT = 4,  /* the transaction's records before count */
	LOG_TRIM = 5,    /* the tail is newer than the head page's header says */
};

/* What a record is part of. */
enum log_part {
	LOG_SINGLE = 0, /* of nothing: a mark behind it tells that it was finished */
	LOG_COPY = 1,   /* of a collection; what it copies is given up only later */
	LOG_MEMBER = 2, /* of a transaction: counts after its LOG_COMMIT */
	LOG_BEGIN = 3,  /* the same, and the first */
};

/* What is in front of a record. */
enum log_after {
	LOG_ON = 0,    /* the record before it, or the page's header */
	LOG_MOUNT = 1, /* one grain left free at a mount; or a page's header */
	LOG_TEAR = 2,  /* what a power cut tore, and then as after a mount */
};

enum {
	LOG_USED = 16,  /* offset in a page of the mark that it holds a whole record */
	LOG_FIRST = 24, /* offset of a page's first record: behind header and mark */
	LOG_HEADER = 8, /* bytes of a record before its check value and content */
	LOG_GRAIN = 8,  /* records begin at multiples of this; a mark takes one */
	LOG_COMMIT_LENGTH = 8,
	LOG_TRIM_LENGTH = 4,
	LOG_NO_ID = 0xFFFF,
	LOG_SPARE = 4, /* pages kept free */
};

/* A record's header. */
struct log_record {
	uint32_t seq, offset; /* its page's sequence number, and where in the page */
	uint32_t at;          /* its address, which follows from these */
	uint32_t crc;         /* of the header; different at every place */
	uint16_t id, length;
	uint8_t kind, part, after;
	uint8_t damaged; /* walk.h */
	uint8_t mask;    /* what the bytes of the content are written xor with */
};

/* How many pages can be used; bytes a record of this much content takes without
 * its mark, and a record with its mark if it has one. */
uint32_t log_pages(const struct hal *hal);
uint32_t log_room(size_t length);
uint32_t log_extent(const struct log_record *record);

/* The index place of a record. */
uint16_t log_place(const struct log_record *record);

/* Read the header at `offset` of page `seq`. Returns 1, 0 when it is blank,
 * ERROR_FORMAT when it is damaged, torn or none, ERROR_MEMORY. */
MUST_CHECK int log_head(const struct store *store, struct log_record *record, uint32_t seq, uint32_t offset);

/* The record an index entry points to. ERROR_MEMORY when it is not there. */
MUST_CHECK int log_at(const struct store *store, struct log_record *record, uint16_t where);

/* Is the record's content whole? OK, ERROR_CHECK or ERROR_MEMORY. Copies content
 * [offset, offset + length) on the way when `out` is not NULL. */
MUST_CHECK int log_check(const struct store *store, const struct log_record *record, uint8_t *out,
			 size_t offset, size_t length);

/* Is there a mark behind the record? Do all bytes from `offset` to the end of
 * the page read erased? 1, 0 or ERROR_MEMORY. */
MUST_CHECK int log_marked(const struct store *store, const struct log_record *record);
MUST_CHECK int log_blank(const struct store *store, uint32_t seq, uint32_t offset);

/* How many bytes of the log the record at an index place takes, copied. */
MUST_CHECK int log_room_at(const struct store *store, uint16_t where, uint32_t *bytes);

/* Erase page `seq` of the sequence and make it the head. ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int log_open(struct store *store, uint32_t seq);

/* Erase the page where page `seq` of the sequence would be; no page that counts
 * is there. ERROR_MEMORY. */
MUST_CHECK int log_erase(struct store *store, uint32_t seq);

/* Does page `seq` hold a whole record, or did it? 1, 0 or ERROR_MEMORY. */
MUST_CHECK int log_used(const struct store *store, uint32_t seq);

/* Do what a power cut may have left undone behind a whole record: its mark,
 * if it has one, and its page's. ERROR_MEMORY. */
MUST_CHECK int log_finish(struct store *store, const struct log_record *record);

/* Append a record for which there is room: the caller gives kind, part, id and
 * length, the rest is filled in. ERROR_MEMORY. */
MUST_CHECK int log_append(struct store *store, struct log_record *record, const void *data);

/* Find head and tail in the memory. 1: found, 0: no store here, ERROR_MEMORY:
 * there was one. When pages between them are not there, `*missing` is the
 * sequence number after the last such: a TRIM record must give them up, or the
 * log is damaged. */
MUST_CHECK int log_find_ends(struct store *store, uint32_t *missing);

/* Take in a TRIM record: a newer tail, if it is one. ERROR_MEMORY. */
MUST_CHECK int log_trim_at(struct store *store, const struct log_record *record);

/* Numbers as they are in the memory. */
uint32_t log_get32(const uint8_t *at);
void log_put32(uint8_t *at, uint32_t value);

#endif
