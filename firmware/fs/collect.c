/* The collector copies what lives in the tail page to the head, which is right
 * at any moment because a copy holds what its original held.
 *
 * A forgotten object's DELETED record may go with its page: every older record
 * of that id went before. One that was a transaction's is different, as room may
 * have been made between it and its COMMIT, and the object copied behind it:
 * that one is said again, once.
 *
 * Collecting a page opens at most one other, so LOG_SPARE pages kept free make
 * it always possible. A cut wastes at most the record being written; a page of
 * nothing but waste is erased and used again. */
#include "fs/collect.h"

#include "crypto/wipe.h"
#include "fs/index.h"
#include "fs/walk.h"

static uint32_t pages_free(const struct store *store)
{
	return store->pages - (store->head - store->tail + 1);
}

/* Pages that may be opened before the memory tells of a newer tail. */
static uint32_t pages_erasable(const struct store *store)
{
	return store->pages - (store->head - store->trimmed + 1);
}

static int fits(const struct store *store, uint32_t bytes)
{
	return store->offset + bytes <= store->hal->nvm_page_size;
}

/* Go on in a fresh page. A head page with nothing but torn records is used
 * again, so that a supply that fails at every write never fills the memory. */
static int advance(struct store *store)
{
	return log_open(store, store->head + (store->used ? 1 : 0));
}

static int append_copy(struct store *store, struct log_record *copy, const void *data)
{
	int e = fits(store, log_extent(copy)) ? OK : advance(store);

	return e < 0 ? e : log_append(store, copy, data);
}

/* Copy one live record of the tail page to the head. */
static int move(struct store *store, const struct log_record *record)
{
	struct log_record copy = {
		.kind = record->kind, .part = LOG_COPY, .id = record->id, .length = record->length};
	uint8_t data[STORE_OBJECT_MAX];
	int e = OK;

	if (record->damaged) {
		copy.kind = LOG_LOST;
		copy.length = 0;
	} else if (log_check(store, record, data, 0, record->length) < 0) {
		e = ERROR_MEMORY;
	}
	if (e == OK)
		e = append_copy(store, &copy, data);
	wipe(data, sizeof(data));
	if (e < 0)
		return e;
	store->live -= log_room(record->length) - log_room(copy.length);
	return index_put(store, copy.id, log_place(&copy));
}

/* Say again that an object is gone. */
static int repeat(struct store *store, const struct log_record *record)
{
	struct log_record copy = {.kind = LOG_DELETED, .part = LOG_COPY, .id = record->id};

	return append_copy(store, &copy, NULL);
}

/* Tell the memory of the newer tail at once, when there is room to say it. */
static int trim(struct store *store)
{
	struct log_record record = {.kind = LOG_TRIM, .id = LOG_NO_ID, .length = LOG_TRIM_LENGTH};
	uint8_t tail[LOG_TRIM_LENGTH];
	int e;

	if (!fits(store, log_extent(&record)))
		return OK;
	log_put32(tail, store->tail);
	if ((e = log_append(store, &record, tail)) < 0)
		return e;
	store->trimmed = store->tail;
	return OK;
}

/* Give up the tail page, after moving what lives there. */
static int collect(struct store *store)
{
	struct walk walk = {.seq = store->tail, .offset = LOG_FIRST};
	struct log_record record;
	int e;

	while ((e = walk_next(store, &walk, &record)) == 1) {
		uint16_t where = index_get(store, record.id);

		if (where == log_place(&record))
			e = move(store, &record);
		else if (where == INDEX_NONE && record.kind == LOG_DELETED && record.part >= LOG_MEMBER)
			e = repeat(store, &record);
		if (e < 0)
			return e;
	}
	if (e < 0)
		return e;
	store->tail++;
	return pages_erasable(store) < LOG_SPARE - 1 ? trim(store) : OK;
}

/* The collector never enters an open transaction. */
static int may_collect(const struct store *store)
{
	return !store->open || store->tail < store->began;
}

/* Pages are collected before the next one is opened, so that its header gives
 * them up. */
int collect_room(struct store *store, size_t length)
{
	uint32_t tries = 2 * store->pages, bytes = log_room(length) + LOG_GRAIN;
	int e;

	/* The second reason is a collection that a cut left behind: it goes first,
	 * or a row of cuts could use up the spare pages without an end of it. */
	while (!fits(store, bytes) || (pages_free(store) < LOG_SPARE - 1 && may_collect(store))) {
		while (pages_free(store) < LOG_SPARE) {
			if (tries-- == 0 || !may_collect(store))
				return fits(store, bytes) ? OK : ERROR_FULL;
			if ((e = collect(store)) < 0)
				return e;
		}
		if (!fits(store, bytes) && (e = advance(store)) < 0)
			return e;
	}
	return OK;
}

/* A head page without a whole record may hold torn ones: advance() erases it. */
int collect_all(struct store *store)
{
	uint32_t n = store->pages, last = store->head - (store->used ? 0 : 1), seq;
	int e = advance(store);

	while (e == OK && store->tail <= last)
		e = collect(store);
	/* What is erased below must be given up in the memory before. */
	if (e == OK && store->trimmed != store->tail)
		e = trim(store);
	if (e == OK && store->trimmed != store->tail)
		e = advance(store);
	for (seq = store->head + 1; e == OK && seq < store->tail + n; seq++)
		e = log_erase(store, seq);
	return e;
}
