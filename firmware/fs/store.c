/* The log (log.c) keeps records, the index (index.c) knows which of them are the
 * newest; here the two become objects and transactions. */
#include "fs/store.h"

#include <string.h>

#include "fs/index.h"
#include "fs/log.h"

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

static int apply(struct store *store, const struct log_record *record)
{
	if ((record->kind & (LOG_PLAIN | LOG_DELETED)) == LOG_DELETED)
		index_remove(store, record->id);
	else
		return index_put(store, record->id, log_place(store, record));
	return OK;
}

/* A walk over the records of one page, and what it knows of a transaction. */
struct scan {
	uint32_t seq, offset;         /* where to look */
	uint32_t began, began_offset; /* first record of a transaction not yet over */
	uint32_t end;                 /* behind the last thing found in page `seq` */
	uint8_t transaction;          /* there is such a transaction */
};

/* The next whole record at or after the scan's place in its page: 1, or 0 at
 * the end of the page. */
static int scan_next(const struct store *store, struct scan *scan, struct log_record *record)
{
	uint32_t running, size = store->hal->nvm_page_size;
	int e;

	while (scan->offset + LOG_HEADER <= size) {
		e = log_head(store, record, &running, scan->seq, scan->offset);
		if (e == ERROR_MEMORY)
			return e;
		scan->offset += e == 1 ? log_room(record->length) : LOG_GRAIN;
		if (e == 0)
			continue;
		scan->end = scan->offset;
		if (e == 1 && (e = log_check(store, record, running, NULL, 0, 0)) == OK)
			return 1;
		if (e == ERROR_MEMORY)
			return e;
	}
	return 0;
}

/* Apply the records of a transaction from where it began to its LOG_COMMIT. */
static int replay(struct store *store, const struct scan *at)
{
	struct scan scan = {.seq = at->began, .offset = at->began_offset};
	struct log_record record;
	int e;

	for (; scan.seq <= at->seq; scan.seq++, scan.offset = LOG_FIRST)
		while ((e = scan_next(store, &scan, &record)) != 0) {
			if (e < 0)
				return e;
			if (scan.seq == at->seq && scan.offset > at->offset)
				return OK;
			if ((record.kind & LOG_TRANSACTION) && (e = apply(store, &record)) < 0)
				return e;
		}
	return OK;
}

static int scan_page(struct store *store, struct scan *scan)
{
	struct log_record record;
	int e;

	scan->offset = scan->end = LOG_FIRST;
	while ((e = scan_next(store, scan, &record)) == 1) {
		if (record.kind & LOG_TRANSACTION) {
			if ((record.kind & LOG_BEGIN) || !scan->transaction) {
				scan->began = scan->seq;
				scan->began_offset = record.offset;
			}
			scan->transaction = 1;
		} else if (record.kind == LOG_COMMIT) {
			if (scan->transaction && (e = replay(store, scan)) < 0)
				return e;
			scan->transaction = 0;
		} else if (record.kind == LOG_TRIM) {
			if ((e = log_trim_at(store, &record)) < 0)
				return e;
		} else if ((e = apply(store, &record)) < 0) {
			return e;
		}
	}
	return e;
}

/* Add up what lives, and how much may. */
static int account(struct store *store)
{
	uint32_t n = log_pages(store->hal), bytes;
	uint16_t i;
	int e;

	store->capacity = (n - LOG_SPARE - 1) *
			  (store->hal->nvm_page_size - LOG_FIRST - (LOG_HEADER + STORE_OBJECT_MAX));
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
	uint32_t n = log_pages(store->hal);
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
	struct scan scan = {0};
	uint32_t unit = hal->nvm_write_unit, missing;
	int e;

	memset(store, 0, sizeof(*store));
	store->hal = hal;
	if (hal->nvm_page_count < STORE_PAGES_MIN || hal->nvm_page_size < STORE_PAGE_SIZE_MIN ||
	    hal->nvm_page_size % LOG_GRAIN != 0 || unit == 0 || LOG_GRAIN % unit != 0)
		return ERROR_MEMORY;
	if ((e = log_find_ends(store, &missing)) < 0)
		return e;
	if (e == 0)
		return format(store);
	for (scan.seq = missing > store->tail ? missing : store->tail; scan.seq <= store->head; scan.seq++)
		if (scan_page(store, &scan) < 0)
			return ERROR_MEMORY;
	if (missing > store->tail)
		return ERROR_MEMORY;
	/* A head page without a whole record may be one whose erasing was cut:
	 * nothing is written there before it is erased again. */
	store->offset = hal->nvm_page_size;
	if ((e = log_head_used(store)) < 0)
		return e;
	if (e == 1)
		store->offset = scan.end + LOG_GRAIN;
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
	uint32_t running;
	int e;

	if (store->failed)
		return ERROR_MEMORY;
	if (where == INDEX_NONE)
		return ERROR_NOT_FOUND;
	return (e = log_at(store, &record, &running, where)) < 0 ? e : record.length;
}

int store_read(const struct store *store, uint16_t id, void *out, size_t offset, size_t length)
{
	uint16_t where = current(store, id);
	struct log_record record;
	uint32_t running;
	int e;

	if (store->failed)
		return ERROR_MEMORY;
	if (where == INDEX_NONE)
		return ERROR_NOT_FOUND;
	if ((e = log_at(store, &record, &running, where)) < 0)
		return e;
	if (offset > record.length)
		return ERROR_RANGE;
	if (length > record.length - offset)
		length = record.length - offset;
	if (record.id != id || log_check(store, &record, running, out, offset, length) < 0)
		return ERROR_MEMORY;
	return (int)length;
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

/* Append a record for `id` and count it: at once, or in the open transaction. */
static int put(struct store *store, uint8_t kind, uint16_t id, const void *data, size_t length)
{
	uint16_t where, old = index_get(store, id);
	uint32_t gone = 0;
	int e;

	if ((e = log_make_room(store, length)) < 0)
		return e;
	if (store->open) {
		kind = (uint8_t)(kind | LOG_TRANSACTION | (store->started ? 0 : LOG_BEGIN));
		store->started = 1;
	} else if (old != INDEX_NONE) {
		old = index_get(store, id); /* it may have moved */
		if ((e = log_room_at(store, old, &gone)) < 0)
			return e;
	}
	if ((e = log_append(store, kind, id, data, length, &where)) < 0)
		return e;
	if ((kind & (LOG_PLAIN | LOG_DELETED)) == LOG_DELETED)
		where = INDEX_NONE;
	else
		store->live += log_room(length);
	if (store->open) {
		store->pending_ids[store->pending] = id;
		store->pending_places[store->pending++] = where;
		return OK;
	}
	store->live -= gone;
	if (where != INDEX_NONE)
		return index_put(store, id, where);
	index_remove(store, id);
	return OK;
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
	return put(store, LOG_PLAIN, id, data, length);
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

int store_begin(struct store *store)
{
	if (store->failed)
		return ERROR_MEMORY;
	if (store->open)
		return ERROR_STATE;
	store->open = 1;
	store->started = 0;
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
		if (store->pending_places[i] == INDEX_NONE)
			index_remove(store, store->pending_ids[i]);
		else if ((e = index_put(store, store->pending_ids[i], store->pending_places[i])) < 0)
			return e;
	}
	return OK;
}

int store_commit(struct store *store)
{
	uint16_t ignored;
	int e;

	if (store->failed) {
		store_abort(store);
		return ERROR_MEMORY;
	}
	if (!store->open)
		return ERROR_STATE;
	if (store->pending > 0 && ((e = log_make_room(store, 0)) < 0 ||
				   (e = log_append(store, LOG_COMMIT, 0, NULL, 0, &ignored)) < 0)) {
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
