/* store.h - small named objects in NOR memory that survive any power cut.
 *
 * The one writer of non-volatile memory. An object is a 16-bit id and up to
 * STORE_OBJECT_MAX bytes. Objects live in a log; the newest copy of an id
 * wins, old copies are reclaimed page by page, so wear spreads over the whole
 * memory. After a cut at any moment every object holds either its value
 * before or its value after the interrupted call, never a mixture.
 *
 * Damage (bits that changed by themselves) is not taken for a cut, so no older
 * value ever comes back: mounting fails, or reading the damaged object does,
 * until it is written again, or nothing was lost. That holds for any damage in
 * one aligned unit of eight bytes.
 *
 * Several writes can be made one: between store_begin() and store_commit()
 * nothing is visible after a cut until the commit has happened, and all of it
 * is afterwards. Reads inside a transaction see the values written in it.
 *
 * Ids: the high byte says whose object it is (bounds.h), the low byte which. */
#ifndef SIMRITE_STORE_H
#define SIMRITE_STORE_H

#include "bounds.h"
#include "hal.h"
#include "status.h"

enum {
	STORE_PENDING_MAX = 48,   /* objects one transaction may write or delete */
	STORE_PAGES_MIN = 8,      /* pages of nvm a store needs, ... */
	STORE_PAGE_SIZE_MIN = 512 /* ... each at least this large */
};

/* Plain data, no pointers into itself. Everything here is made again from the
 * memory at every mount; only store.c looks inside. */
struct store {
	const struct hal *hal;
	uint32_t pages; /* how many of the memory's are used */
	uint32_t head, tail,
		trimmed;         /* page sequence numbers: newest, oldest, oldest as the memory tells it */
	uint32_t offset;         /* where the next record goes in the head page */
	uint32_t live, capacity; /* bytes of live records, and how many there may be */
	uint32_t began, chain;   /* of the open transaction: its first page, CRC of its records' headers */
	uint16_t count, pending; /* entries used in the two tables below */
	uint8_t open;            /* in a transaction */
	uint8_t used, after;     /* the head page has a whole record; what the next one follows (log.h) */
	uint8_t failed;          /* the memory failed: nothing more is done with it */
	uint16_t ids[STORE_OBJECTS_MAX], places[STORE_OBJECTS_MAX];                 /* sorted by id */
	uint16_t pending_ids[STORE_PENDING_MAX], pending_places[STORE_PENDING_MAX]; /* in order of time */
};

/* Mount the memory behind `hal`, repairing what a power cut left behind.
 * Returns OK, 1 when the memory held no store, nor traces of one, and was
 * formatted empty, or ERROR_MEMORY: it failed or is damaged. `hal` is kept and must outlive the store. */
MUST_CHECK int store_mount(struct store *store, const struct hal *hal);

/* Copy bytes [offset, offset + length) of an object to `out`. Returns the
 * number of bytes copied (fewer when the object ends first), ERROR_NOT_FOUND,
 * ERROR_RANGE when offset is past the end, or ERROR_MEMORY. */
MUST_CHECK int store_read(const struct store *store, uint16_t id, void *out, size_t offset, size_t length);

/* The object's length, ERROR_NOT_FOUND or ERROR_MEMORY. */
MUST_CHECK int store_length(const struct store *store, uint16_t id);

/* Create or replace a whole object. Outside a transaction this is atomic by
 * itself. ERROR_FULL, ERROR_RANGE (too long), ERROR_MEMORY. */
MUST_CHECK int store_write(struct store *store, uint16_t id, const void *data, size_t length);

/* Forget an object; ERROR_NOT_FOUND when there is none. */
MUST_CHECK int store_delete(struct store *store, uint16_t id);

/* Start, finish or drop a transaction; they do not nest (ERROR_STATE). It may
 * write or delete STORE_PENDING_MAX times. A commit that fails has dropped it;
 * dropping when none is open does nothing. */
MUST_CHECK int store_begin(struct store *store);
MUST_CHECK int store_commit(struct store *store);
void store_abort(struct store *store);

/* The lowest id there is from `id` on, or ERROR_NOT_FOUND. An open transaction does not count. */
MUST_CHECK int store_next(const struct store *store, uint16_t id);

/* Bytes and objects that more could be written; and bytes an object of this length takes of them. */
void store_free(const struct store *store, uint32_t *bytes, uint32_t *objects);
uint32_t store_cost(size_t length);

/* Erase what is in the memory and counts no more: afterwards no byte of a value
 * that was replaced or deleted before is anywhere in it. Copies all that
 * lives, and erases every page but those: about a second on a small part. A
 * power cut leaves it undone, to be called again, and no object changed.
 * ERROR_STATE inside a transaction, ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int store_purge(struct store *store);

/* Does the store hold no object at all? 1 or 0. */
int store_is_empty(const struct store *store);

/* How many bytes of objects could still be written, headers included. */
uint32_t store_room(const struct store *store);

/* Has the memory failed under a write? 1 or 0. Every call above then returns
 * ERROR_MEMORY until the next mount, which finds out what became of it. */
int store_failed(const struct store *store);

#endif
