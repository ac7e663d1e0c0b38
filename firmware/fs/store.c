/* The log (log.c) keeps records, the index (index.c) knows which of them are the
 * newest; here the two become objects and transactions. */
#include "fs/store.h"

#include <string.h>

#include "codec/crc32.h"
#include "fs/collect.h"
#include "fs/index.h"
#include "fs/log.h"
#include "fs/walk.h"

/* The newest place of `id`, an open transaction's writes included. */
static uint16_t current(const struct store *store, uint16_t id)
{
	uint16_t i;

	for (i = store->pending; i > 0; i--)
		if (store->pending_ids[i - 1] == id)
			return store->pending_places[i - 1];
	return index_get(store, id);
}

/* ---- Mounting ---- */

/* The whole log is walked once, and pending is where an open transaction's
 * records wait for their COMMIT, as they did when they were written. */
struct scan {
	struct walk walk;
	struct log_record last; /* the last record found */
	uint32_t first;         /* the first page that is walked */
	uint32_t began, chain;  /* of the transaction seen to begin */
	uint8_t begun;          /* there is one */
};

static uint32_t chain_add(uint32_t chain, const struct log_record *record)
{
	uint8_t crc[4];

	log_put32(crc, record->crc);
	return crc32(chain, crc, sizeof(crc));
}

static int apply(struct store *store, uint16_t id, uint16_t where)
{
	if (where != INDEX_NONE)
		return index_put(store, id, where);
	index_remove(store, id);
	return OK;
}

static int scan_member(struct store *store, struct scan *scan, uint16_t where)
{
	if (scan->last.part == LOG_BEGIN) {
		scan->began = scan->last.seq;
		scan->chain = 0;
		scan->begun = 1;
		store->pending = 0;
	}
	if (store->pending == STORE_PENDING_MAX)
		return ERROR_MEMORY;
	scan->chain = chain_add(scan->chain, &scan->last);
	store->pending_ids[store->pending] = scan->last.id;
	store->pending_places[store->pending++] = where;
	return OK;
}

/* A COMMIT speaks of exactly the records since the transaction began, but for
 * those in pages that were given up. */
static int scan_commit(struct store *store, struct scan *scan)
{
	uint8_t bytes[LOG_COMMIT_LENGTH] = {0};
	uint32_t began;
	uint16_t i;
	int e;

	if (scan->last.length != sizeof(bytes) || log_check(store, &scan->last, bytes, 0, sizeof(bytes)) < 0)
		return ERROR_MEMORY;
	began = log_get32(bytes);
	if (scan->begun ? began != scan->began || log_get32(bytes + 4) != scan->chain : began >= scan->first)
		return ERROR_MEMORY;
	for (i = 0; i < store->pending; i++)
		if ((e = apply(store, store->pending_ids[i], store->pending_places[i])) < 0)
			return e;
	store->pending = 0;
	scan->begun = 0;
	return OK;
}

static int scan_page(struct store *store, struct scan *scan)
{
	struct log_record *record = &scan->last;
	uint16_t where;
	int e;

	scan->walk.offset = LOG_FIRST;
	while ((e = walk_next(store, &scan->walk, record)) == 1) {
		where = record->kind == LOG_DELETED ? INDEX_NONE : log_place(record);
		if (record->after != LOG_ON) /* a mount ends a transaction */
			store->pending = scan->begun = 0;
		if (record->kind == LOG_TRIM)
			continue; /* seen by find_tail() */
		if (record->kind == LOG_COMMIT)
			e = scan_commit(store, scan);
		else if (record->part >= LOG_MEMBER)
			e = scan_member(store, scan, where);
		else
			e = apply(store, record->id, where);
		if (e < 0)
			return e;
	}
	return e;
}

/* The newest tail, before anything older is looked at: a cut may have left a page
 * that a TRIM record gave up half erased. Such a record is in the head page,
 * or the header of a later page says the same. */
static int find_tail(struct store *store)
{
	struct walk walk = {.seq = store->head, .offset = LOG_FIRST};
	struct log_record record;
	int e;

	while ((e = walk_next(store, &walk, &record)) == 1)
		if (record.kind == LOG_TRIM && (e = log_trim_at(store, &record)) < 0)
			break;
	return e;
}

/* Walk the pages from the tail to the head, and be ready to write there.
 * `missing` is of log_find_ends(). */
static int scan_all(struct store *store, uint32_t missing)
{
	struct scan scan = {0};
	uint32_t seq;
	int e;

	store->offset = store->hal->nvm_page_size;
	if ((e = log_used(store, store->head)) < 0)
		return e;
	/* A head page without a whole record may be one whose erasing was cut:
	 * nothing there counts, and it is erased before it is written to. */
	store->used = (uint8_t)e;
	if (store->used && find_tail(store) < 0)
		return ERROR_MEMORY;
	if (missing > store->tail)
		return ERROR_MEMORY;
	scan.first = store->tail;
	for (seq = store->tail; seq < store->head + store->used; seq++) {
		scan.walk.seq = seq;
		if (scan_page(store, &scan) < 0)
			return ERROR_MEMORY;
	}
	store->pending = 0;
	if (store->used)
		store->offset = scan.walk.offset;
	store->after = scan.walk.end == WALK_TORN ? LOG_TEAR : LOG_MOUNT;
	return scan.walk.end == WALK_WHOLE && scan.last.kind ? log_finish(store, &scan.last) : OK;
}

/* Add up what lives, and how much may. */
static int account(struct store *store)
{
	uint32_t n = store->pages, bytes;
	uint16_t i;
	int e;

	store->capacity =
		(n - LOG_SPARE - 1) * (store->hal->nvm_page_size - LOG_FIRST - log_room(STORE_OBJECT_MAX));
	store->live = 0;
	for (i = 0; i < store->count; i++) {
		if ((e = log_room_at(store, store->places[i], &bytes)) < 0)
			return e;
		store->live += bytes;
	}
	return OK;
}

static int format(struct store *store)
{
	uint32_t n = store->pages;
	int e;

	/* The first page of the sequence is page 0; the ring behind it is free. */
	store->head = n;
	store->tail = store->trimmed = n;
	if (log_open(store, n) < 0)
		return ERROR_MEMORY;
	return (e = account(store)) < 0 ? e : 1;
}

int store_mount(struct store *store, const struct hal *hal)
{
	uint32_t unit = hal->nvm_write_unit, missing;
	int e;

	memset(store, 0, sizeof(*store));
	store->hal = hal;
	if (hal->nvm_page_count < STORE_PAGES_MIN || hal->nvm_page_size < STORE_PAGE_SIZE_MIN ||
	    hal->nvm_page_size % LOG_GRAIN != 0 || unit == 0 || LOG_GRAIN % unit != 0)
		return ERROR_MEMORY;
	store->pages = log_pages(hal);
	if ((e = log_find_ends(store, &missing)) < 0)
		return e;
	if (e == 0)
		return format(store);
	if ((e = scan_all(store, missing)) < 0)
		return e;
	return account(store);
}

/* ---- The calls of store.h ---- */

int store_is_empty(const struct store *store)
{
	return store->count == 0;
}

int store_failed(const struct store *store)
{
	return store->failed;
}

int store_length(const struct store *store, uint16_t id)
{
	uint16_t where = current(store, id);
	struct log_record record;
	int e;

	if (store->failed)
		return ERROR_MEMORY;
	if (where == INDEX_NONE)
		return ERROR_NOT_FOUND;
	if ((e = log_at(store, &record, where)) < 0)
		return e;
	return record.kind == LOG_VALUE ? record.length : ERROR_MEMORY;
}

int store_read(const struct store *store, uint16_t id, void *out, size_t offset, size_t length)
{
	uint16_t where = current(store, id);
	struct log_record record;
	int e;

	if (store->failed)
		return ERROR_MEMORY;
	if (where == INDEX_NONE)
		return ERROR_NOT_FOUND;
	if ((e = log_at(store, &record, where)) < 0)
		return e;
	if (record.kind != LOG_VALUE || record.id != id)
		return ERROR_MEMORY;
	if (offset > record.length)
		return ERROR_RANGE;
	if (length > record.length - offset)
		length = record.length - offset;
	if (log_check(store, &record, out, offset, length) < 0)
		return ERROR_MEMORY;
	return (int)length;
}

int store_next(const struct store *store, uint16_t id)
{
	uint16_t at = index_find(store, id);

	return at < store->count ? store->ids[at] : ERROR_NOT_FOUND;
}

void store_free(const struct store *store, uint32_t *bytes, uint32_t *objects)
{
	*bytes = store->live < store->capacity ? store->capacity - store->live : 0;
	*objects = STORE_OBJECTS_MAX - (uint32_t)store->count;
}

uint32_t store_cost(size_t length)
{
	return log_room(length);
}

/* Would one more entry for `id` fit the tables? */
static int tables_fit(const struct store *store, uint16_t id)
{
	uint16_t i, fresh = index_get(store, id) == INDEX_NONE;

	if (store->open && store->pending == STORE_PENDING_MAX)
		return 0;
	for (i = 0; i < store->pending; i++)
		fresh = (uint16_t)(fresh + (index_get(store, store->pending_ids[i]) == INDEX_NONE));
	return store->count + fresh <= STORE_OBJECTS_MAX;
}

/* Note a record of the open transaction. */
static void note_member(struct store *store, const struct log_record *record, uint16_t where)
{
	if (record->part == LOG_BEGIN) {
		store->began = record->seq;
		store->chain = 0;
	}
	store->chain = chain_add(store->chain, record);
	store->pending_ids[store->pending] = record->id;
	store->pending_places[store->pending++] = where;
}

/* Append a record for `id` and count it: at once, or in the open transaction. */
static int put(struct store *store, uint8_t kind, uint16_t id, const void *data, size_t length)
{
	struct log_record record = {.kind = kind, .id = id, .length = (uint16_t)length};
	uint32_t gone = 0;
	uint16_t where;
	int e;

	if ((e = collect_room(store, length)) < 0)
		return e;
	if (store->open)
		record.part = store->pending ? LOG_MEMBER : LOG_BEGIN;
	else if ((where = index_get(store, id)) != INDEX_NONE && (e = log_room_at(store, where, &gone)) < 0)
		return e;
	if ((e = log_append(store, &record, data)) < 0)
		return e;
	where = kind == LOG_DELETED ? INDEX_NONE : log_place(&record);
	if (where != INDEX_NONE)
		store->live += log_room(length);
	if (store->open) {
		note_member(store, &record, where);
		return OK;
	}
	store->live -= gone;
	return apply(store, id, where);
}

int store_write(struct store *store, uint16_t id, const void *data, size_t length)
{
	uint16_t old = store->open ? INDEX_NONE : index_get(store, id);
	uint32_t gone = 0;
	int e;

	if (store->failed)
		return ERROR_MEMORY;
	if (length > STORE_OBJECT_MAX || id == UINT16_MAX)
		return ERROR_RANGE;
	if (old != INDEX_NONE && (e = log_room_at(store, old, &gone)) < 0)
		return e;
	if (!tables_fit(store, id) || store->live - gone + log_room(length) > store->capacity)
		return ERROR_FULL;
	return put(store, LOG_VALUE, id, data, length);
}

int store_delete(struct store *store, uint16_t id)
{
	if (store->failed)
		return ERROR_MEMORY;
	if (current(store, id) == INDEX_NONE)
		return ERROR_NOT_FOUND;
	if (!tables_fit(store, id))
		return ERROR_FULL;
	return put(store, LOG_DELETED, id, NULL, 0);
}

int store_purge(struct store *store)
{
	if (store->failed)
		return ERROR_MEMORY;
	return store->open ? ERROR_STATE : collect_all(store);
}

int store_begin(struct store *store)
{
	if (store->failed)
		return ERROR_MEMORY;
	if (store->open)
		return ERROR_STATE;
	store->open = 1;
	store->pending = 0;
	store->began = store->head;
	return OK;
}

/* Make the pending writes the truth in RAM. */
static int settle(struct store *store)
{
	uint32_t bytes;
	uint16_t i, old;
	int e;

	for (i = 0; i < store->pending; i++) {
		old = index_get(store, store->pending_ids[i]);
		if (old != INDEX_NONE) {
			if ((e = log_room_at(store, old, &bytes)) < 0)
				return e;
			store->live -= bytes;
		}
		if ((e = apply(store, store->pending_ids[i], store->pending_places[i])) < 0)
			return e;
	}
	return OK;
}

static int append_commit(struct store *store)
{
	struct log_record record = {.kind = LOG_COMMIT, .id = LOG_NO_ID, .length = LOG_COMMIT_LENGTH};
	uint8_t bytes[LOG_COMMIT_LENGTH];
	int e = collect_room(store, sizeof(bytes));

	log_put32(bytes, store->began);
	log_put32(bytes + 4, store->chain);
	return e < 0 ? e : log_append(store, &record, bytes);
}

int store_commit(struct store *store)
{
	int e = OK;

	if (!store->open)
		return ERROR_STATE;
	if (store->failed)
		e = ERROR_MEMORY;
	else if (store->pending > 0)
		e = append_commit(store);
	if (e < 0) {
		store_abort(store);
		return e;
	}
	store->open = 0;
	if ((e = settle(store)) < 0)
		store->failed = 1; /* it happened, and RAM cannot tell it: the next mount can */
	store->pending = 0;
	return e;
}

void store_abort(struct store *store)
{
	uint32_t bytes;
	uint16_t i;

	for (i = 0; i < store->pending; i++)
		if (store->pending_places[i] != INDEX_NONE &&
		    log_room_at(store, store->pending_places[i], &bytes) == OK)
			store->live -= bytes;
	store->pending = 0;
	store->open = 0;
}

uint32_t store_room(const struct store *store)
{
	return store->live < store->capacity ? store->capacity - store->live : 0;
}
