/* A ring of pages. Pages carry ever growing sequence numbers, page n of the
 * sequence lives in page n mod (page count), and each page's header names the
 * oldest page that still counts ("tail"): opening a page is therefore the one
 * act that also gives old pages up, and a page is erased only after a header
 * written before has given it up. What a power cut leaves in a page being
 * erased is never looked at.
 *
 * A record is an 8-byte header (id, kind and length, CRC) and its bytes. The
 * header is written, and done, before the first byte that follows: so a torn
 * header means nothing follows it, and a torn record has an honest length.
 * Content can never be taken for a record. After a mount the next record
 * leaves one header's room free: should the last cut have left a header that
 * reads erased but only just, it is not written over.
 *
 * A transaction's records have kinds of their own, which count only once the
 * COMMIT record that follows them is whole. The collector copies live records
 * of the tail page to the head as plain records, which is right at any moment
 * because a copy holds what its original held. A forgotten object's DELETED
 * record may go with its page: every older record of that id went before.
 *
 * Collecting a page opens at most one other, so `SPARE` pages kept free make
 * it always possible; a cut wastes at most the record being written, so it
 * takes a long row of cuts in the same place to use the spare pages up. */
#include "fs/store.h"

#include <limits.h>
#include <string.h>

#include "codec/crc32.h"

enum kind {
	PLAIN = 1,   /* an object */
	DELETED = 2, /* no such object from here on */
	FIRST = 4,   /* with PENDING_*: first record of its transaction */
	PENDING_WRITE = 8 | PLAIN,
	PENDING_DELETE = 8 | DELETED,
	COMMIT = 3,
};

enum {
	PAGE_HEADER = 16,
	RECORD_HEADER = 8,
	GRAIN = 8, /* records begin at multiples of this */
	SPARE = 4, /* pages kept free */
	MAGIC = 0x53524D31,
	CHUNK = 64,
	RECORD_MAX = RECORD_HEADER + STORE_OBJECT_MAX,
	NO_PLACE = 0, /* of a deleted object: a page header is there */
};

/* A record as it was found. */
struct record {
	uint32_t seq, offset; /* its page's sequence number, and where in the page */
	uint16_t id, length;
	uint8_t kind;
	uint32_t crc;
};

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void put32(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
	at[2] = (uint8_t)(value >> 16);
	at[3] = (uint8_t)(value >> 24);
}

static uint32_t room(size_t length)
{
	return RECORD_HEADER + (((uint32_t)length + GRAIN - 1) & ~(uint32_t)(GRAIN - 1));
}

/* How many pages are used: places must fit 16 bits. */
static uint32_t pages(const struct hal *hal)
{
	uint32_t most = (uint32_t)UINT16_MAX * GRAIN / hal->nvm_page_size;

	return hal->nvm_page_count < most ? hal->nvm_page_count : most;
}

static uint32_t address(const struct store *store, uint32_t seq, uint32_t offset)
{
	return seq % pages(store->hal) * store->hal->nvm_page_size + offset;
}

static uint16_t place(const struct store *store, const struct record *record)
{
	return (uint16_t)(address(store, record->seq, record->offset) / GRAIN);
}

/* The sequence number of the page an address is in: the one near the tail. */
static uint32_t seq_at(const struct store *store, uint32_t at)
{
	uint32_t n = pages(store->hal);
	uint32_t page = at / store->hal->nvm_page_size;

	return store->tail + (page + n - store->tail % n) % n;
}

static int nvm_read(const struct store *store, uint32_t at, void *out, size_t length)
{
	return store->hal->nvm_read(store->hal->board, at, out, length) == HAL_OK ? OK : ERROR_MEMORY;
}

static int nvm_write(struct store *store, uint32_t at, const void *in, size_t length)
{
	if (store->hal->nvm_write(store->hal->board, at, in, length) == HAL_OK)
		return OK;
	return ERROR_MEMORY;
}

/* ---- The index: sorted ids, and where their newest record is ---- */

/* Where `id` is or would be. */
static uint16_t index_find(const struct store *store, uint16_t id)
{
	uint16_t low = 0, high = store->count;

	while (low < high) {
		uint16_t middle = (uint16_t)((low + high) / 2);

		if (store->ids[middle] < id)
			low = (uint16_t)(middle + 1);
		else
			high = middle;
	}
	return low;
}

static uint16_t index_get(const struct store *store, uint16_t id)
{
	uint16_t at = index_find(store, id);

	return at < store->count && store->ids[at] == id ? store->places[at] : NO_PLACE;
}

static int index_put(struct store *store, uint16_t id, uint16_t where)
{
	uint16_t at = index_find(store, id);
	size_t after = (size_t)(store->count - at);

	if (at < store->count && store->ids[at] == id) {
		store->places[at] = where;
		return OK;
	}
	if (store->count == STORE_OBJECTS_MAX)
		return ERROR_FULL;
	memmove(&store->ids[at + 1], &store->ids[at], after * sizeof(store->ids[0]));
	memmove(&store->places[at + 1], &store->places[at], after * sizeof(store->places[0]));
	store->ids[at] = id;
	store->places[at] = where;
	store->count++;
	return OK;
}

static void index_remove(struct store *store, uint16_t id)
{
	uint16_t at = index_find(store, id);
	size_t after;

	if (at >= store->count || store->ids[at] != id)
		return;
	after = (size_t)(store->count - at - 1);
	memmove(&store->ids[at], &store->ids[at + 1], after * sizeof(store->ids[0]));
	memmove(&store->places[at], &store->places[at + 1], after * sizeof(store->places[0]));
	store->count--;
}

/* The newest place of `id`, an open transaction's writes included. */
static uint16_t current(const struct store *store, uint16_t id)
{
	uint16_t i;

	for (i = store->pending; i > 0; i--)
		if (store->pending_ids[i - 1] == id)
			return store->pending_places[i - 1];
	return index_get(store, id);
}

/* ---- Records ---- */

static uint32_t record_crc(const struct record *record, const uint8_t header[static 4])
{
	uint8_t where[8];

	put32(where, record->seq);
	put32(where + 4, record->offset);
	return crc32(crc32(0, where, sizeof(where)), header, 4);
}

/* Read the header at `offset` of page `seq`. Returns 1, 0 when it is blank,
 * ERROR_FORMAT when it can be no record, ERROR_MEMORY. `crc` becomes what the
 * bytes must bring the running CRC in `*running` to. */
static int record_head(const struct store *store, struct record *record, uint32_t *running, uint32_t seq,
		       uint32_t offset)
{
	uint8_t head[RECORD_HEADER];
	uint8_t kind;
	int e;

	if ((e = nvm_read(store, address(store, seq, offset), head, sizeof(head))) < 0)
		return e;
	if ((get32(head) & get32(head + 4)) == UINT32_MAX)
		return 0;
	*record = (struct record){.seq = seq, .offset = offset, .crc = get32(head + 4)};
	record->id = (uint16_t)(head[0] | head[1] << 8);
	record->length = (uint16_t)(head[2] | (head[3] & 0x0F) << 8);
	record->kind = head[3] >> 4;
	*running = record_crc(record, head);
	kind = record->kind & 8 ? record->kind & (uint8_t)~FIRST : record->kind;
	if (kind != PLAIN && kind != DELETED && kind != COMMIT && kind != PENDING_WRITE &&
	    kind != PENDING_DELETE)
		return ERROR_FORMAT;
	if (record->length > STORE_OBJECT_MAX || offset + room(record->length) > store->hal->nvm_page_size)
		return ERROR_FORMAT;
	return 1;
}

/* Is the record whole? OK, ERROR_CHECK or ERROR_MEMORY. Copies bytes
 * [offset, offset + length) on the way when `out` is not NULL. */
static int record_check(const struct store *store, const struct record *record, uint32_t running,
			uint8_t *out, size_t offset, size_t length)
{
	uint32_t at = address(store, record->seq, record->offset) + RECORD_HEADER;
	uint8_t chunk[CHUNK];
	size_t done, n, from, to;
	int e;

	for (done = 0; done < record->length; done += n) {
		n = record->length - done < CHUNK ? record->length - done : CHUNK;
		if ((e = nvm_read(store, at + (uint32_t)done, chunk, n)) < 0)
			return e;
		running = crc32(running, chunk, n);
		from = offset > done ? offset : done;
		to = offset + length < done + n ? offset + length : done + n;
		if (out && from < to)
			memcpy(out + (from - offset), chunk + (from - done), to - from);
	}
	return running == record->crc ? OK : ERROR_CHECK;
}

/* The record an index entry points to. ERROR_MEMORY when it is not there. */
static int record_at(const struct store *store, struct record *record, uint32_t *running, uint16_t where)
{
	uint32_t at = (uint32_t)where * GRAIN;

	if (record_head(store, record, running, seq_at(store, at), at % store->hal->nvm_page_size) != 1)
		return ERROR_MEMORY;
	return OK;
}

static int record_room(const struct store *store, uint16_t where, uint32_t *bytes)
{
	struct record record;
	uint32_t running;
	int e;

	if ((e = record_at(store, &record, &running, where)) < 0)
		return e;
	*bytes = room(record.length);
	return OK;
}

/* ---- Writing at the head ---- */

static uint32_t pages_free(const struct store *store)
{
	return pages(store->hal) - (store->head - store->tail + 1);
}

/* Erase the next page and make it the head. */
static int page_open(struct store *store)
{
	uint32_t seq = store->head + 1, n = pages(store->hal);
	uint8_t head[PAGE_HEADER];

	if (seq - store->trimmed >= n)
		return ERROR_FULL;
	if (store->hal->nvm_erase(store->hal->board, seq % n) != HAL_OK)
		return ERROR_MEMORY;
	put32(head, MAGIC);
	put32(head + 4, seq);
	put32(head + 8, store->tail);
	put32(head + 12, crc32(n, head, 12));
	if (nvm_write(store, address(store, seq, 0), head, sizeof(head)) < 0)
		return ERROR_MEMORY;
	store->head = seq;
	store->trimmed = store->tail;
	store->offset = PAGE_HEADER;
	return OK;
}

/* Write the bytes of a record: whole units from where they are, the rest from
 * a padded copy. */
static int body_write(struct store *store, uint32_t at, const uint8_t *data, size_t length)
{
	size_t whole = length & ~(size_t)(GRAIN - 1), rest = length - whole,
	       unit = store->hal->nvm_write_unit;
	uint8_t last[GRAIN];
	int e;

	if (whole && (e = nvm_write(store, at, data, whole)) < 0)
		return e;
	if (!rest)
		return OK;
	memset(last, 0xFF, sizeof(last));
	memcpy(last, data + whole, rest);
	return nvm_write(store, at + (uint32_t)whole, last, (rest + unit - 1) / unit * unit);
}

/* Append a record where there is room for it. */
static int record_append(struct store *store, uint8_t kind, uint16_t id, const void *data, size_t length,
			 uint16_t *where)
{
	struct record record = {.seq = store->head, .offset = store->offset};
	uint8_t head[RECORD_HEADER];
	uint32_t at = address(store, record.seq, record.offset);
	int e;

	head[0] = (uint8_t)id;
	head[1] = (uint8_t)(id >> 8);
	head[2] = (uint8_t)length;
	head[3] = (uint8_t)((length >> 8) | (unsigned)kind << 4);
	put32(head + 4, crc32(record_crc(&record, head), data, length));
	store->offset += room(length); /* whatever happens now, never write there again */
	if ((e = nvm_write(store, at, head, sizeof(head))) < 0 ||
	    (e = body_write(store, at + RECORD_HEADER, data, length)) < 0)
		return e;
	*where = place(store, &record);
	return OK;
}

static int head_fits(const struct store *store, size_t length)
{
	return store->offset + room(length) <= store->hal->nvm_page_size;
}

/* Copy one live record of the tail page to the head. */
static int record_move(struct store *store, const struct record *record, uint32_t running)
{
	uint8_t data[STORE_OBJECT_MAX];
	uint16_t where;
	int e;

	if (record_check(store, record, running, data, 0, record->length) < 0)
		return ERROR_MEMORY;
	if (!head_fits(store, record->length) && (e = page_open(store)) < 0)
		return e;
	if ((e = record_append(store, PLAIN, record->id, data, record->length, &where)) < 0)
		return e;
	return index_put(store, record->id, where);
}

/* Give up the tail page, after moving what lives there. */
static int collect(struct store *store)
{
	uint32_t seq = store->tail, offset = PAGE_HEADER, running;
	struct record record;
	int e;

	while (offset + RECORD_HEADER <= store->hal->nvm_page_size) {
		e = record_head(store, &record, &running, seq, offset);
		if (e == ERROR_MEMORY)
			return e;
		if (e != 1) {
			offset += GRAIN;
			continue;
		}
		if (index_get(store, record.id) == place(store, &record) &&
		    (e = record_move(store, &record, running)) < 0)
			return e;
		offset += room(record.length);
	}
	store->tail++;
	return OK;
}

/* The collector never enters an open transaction. */
static int may_collect(const struct store *store)
{
	return !store->open || store->tail < store->began;
}

/* Make sure that a record of `length` bytes fits in the head page. Pages are
 * collected before the next one is opened, so that its header gives them up. */
static int make_room(struct store *store, size_t length)
{
	uint32_t tries = 2 * pages(store->hal);
	int e;

	while (!head_fits(store, length)) {
		while (pages_free(store) < SPARE) {
			if (tries-- == 0 || !may_collect(store))
				return ERROR_FULL;
			if ((e = collect(store)) < 0)
				return e;
		}
		if (!head_fits(store, length) && (e = page_open(store)) < 0)
			return e;
	}
	return OK;
}

/* ---- Mounting ---- */

/* A page's header: 1 when it is one, 0 when not, ERROR_MEMORY. */
static int page_head(const struct store *store, uint32_t page, uint32_t *seq, uint32_t *tail)
{
	uint32_t n = pages(store->hal);
	uint8_t head[PAGE_HEADER];

	if (nvm_read(store, page * store->hal->nvm_page_size, head, sizeof(head)) < 0)
		return ERROR_MEMORY;
	*seq = get32(head + 4);
	*tail = get32(head + 8);
	return get32(head) == MAGIC && get32(head + 12) == crc32(n, head, 12) && *seq % n == page &&
	       *tail <= *seq && *seq - *tail < n;
}

/* Find head and tail. 1: found, 0: no store here, ERROR_MEMORY. */
static int find_ends(struct store *store)
{
	uint32_t page, seq, tail;
	int e, found = 0;

	for (page = 0; page < pages(store->hal); page++) {
		if ((e = page_head(store, page, &seq, &tail)) < 0)
			return e;
		if (!e || (found && seq < store->head))
			continue;
		found = 1;
		store->head = seq;
		store->tail = store->trimmed = tail;
	}
	for (tail = store->tail; found && tail < store->head; tail++) {
		uint32_t ignored;

		e = page_head(store, tail % pages(store->hal), &seq, &ignored);
		if (e != 1 || seq != tail)
			return ERROR_MEMORY;
	}
	return found;
}

static int apply(struct store *store, const struct record *record)
{
	if ((record->kind & (PLAIN | DELETED)) == DELETED)
		index_remove(store, record->id);
	else
		return index_put(store, record->id, place(store, record));
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
static int scan_next(const struct store *store, struct scan *scan, struct record *record)
{
	uint32_t running, size = store->hal->nvm_page_size;
	int e;

	while (scan->offset + RECORD_HEADER <= size) {
		e = record_head(store, record, &running, scan->seq, scan->offset);
		if (e == ERROR_MEMORY)
			return e;
		scan->offset += e == 1 ? room(record->length) : GRAIN;
		if (e == 0)
			continue;
		scan->end = scan->offset;
		if (e == 1 && (e = record_check(store, record, running, NULL, 0, 0)) == OK)
			return 1;
		if (e == ERROR_MEMORY)
			return e;
	}
	return 0;
}

/* Apply the records of a transaction from where it began to its COMMIT. */
static int replay(struct store *store, const struct scan *at)
{
	struct scan scan = {.seq = at->began, .offset = at->began_offset};
	struct record record;
	int e;

	for (; scan.seq <= at->seq; scan.seq++, scan.offset = PAGE_HEADER)
		while ((e = scan_next(store, &scan, &record)) != 0) {
			if (e < 0)
				return e;
			if (scan.seq == at->seq && scan.offset > at->offset)
				return OK;
			if ((record.kind & 8) && (e = apply(store, &record)) < 0)
				return e;
		}
	return OK;
}

static int scan_page(struct store *store, struct scan *scan)
{
	struct record record;
	int e;

	scan->offset = scan->end = PAGE_HEADER;
	while ((e = scan_next(store, scan, &record)) == 1) {
		if (record.kind & 8) {
			if ((record.kind & FIRST) || !scan->transaction) {
				scan->began = scan->seq;
				scan->began_offset = record.offset;
			}
			scan->transaction = 1;
		} else if (record.kind == COMMIT) {
			if (scan->transaction && (e = replay(store, scan)) < 0)
				return e;
			scan->transaction = 0;
		} else if ((e = apply(store, &record)) < 0) {
			return e;
		}
	}
	return e;
}

/* Add up what lives, and how much may. */
static int account(struct store *store)
{
	uint32_t n = pages(store->hal), bytes;
	uint16_t i;
	int e;

	store->capacity = (n - SPARE - 1) * (store->hal->nvm_page_size - PAGE_HEADER - RECORD_MAX);
	store->live = 0;
	for (i = 0; i < store->count; i++) {
		if ((e = record_room(store, store->places[i], &bytes)) < 0)
			return e;
		store->live += bytes;
	}
	return OK;
}

static int format(struct store *store)
{
	uint32_t n = pages(store->hal);
	int e;

	/* The first page of the sequence is page 0; the ring behind it is free. */
	store->head = n - 1;
	store->tail = store->trimmed = n;
	if ((e = page_open(store)) < 0)
		return ERROR_MEMORY;
	return (e = account(store)) < 0 ? e : 1;
}

int store_mount(struct store *store, const struct hal *hal)
{
	struct scan scan = {0};
	uint32_t unit = hal->nvm_write_unit;
	int e;

	memset(store, 0, sizeof(*store));
	store->hal = hal;
	if (hal->nvm_page_count < STORE_PAGES_MIN || hal->nvm_page_size < STORE_PAGE_SIZE_MIN ||
	    hal->nvm_page_size % GRAIN != 0 || unit == 0 || GRAIN % unit != 0)
		return ERROR_MEMORY;
	if ((e = find_ends(store)) < 0)
		return e;
	if (e == 0)
		return format(store);
	for (scan.seq = store->tail; scan.seq <= store->head; scan.seq++)
		if ((e = scan_page(store, &scan)) < 0)
			return ERROR_MEMORY;
	store->offset = scan.end == PAGE_HEADER ? PAGE_HEADER : scan.end + GRAIN;
	return account(store);
}

/* ---- The calls of store.h ---- */

int store_length(const struct store *store, uint16_t id)
{
	uint16_t where = current(store, id);
	struct record record;
	uint32_t running;
	int e;

	if (where == NO_PLACE)
		return ERROR_NOT_FOUND;
	return (e = record_at(store, &record, &running, where)) < 0 ? e : record.length;
}

int store_read(const struct store *store, uint16_t id, void *out, size_t offset, size_t length)
{
	uint16_t where = current(store, id);
	struct record record;
	uint32_t running;
	int e;

	if (where == NO_PLACE)
		return ERROR_NOT_FOUND;
	if ((e = record_at(store, &record, &running, where)) < 0)
		return e;
	if (offset > record.length)
		return ERROR_RANGE;
	if (length > record.length - offset)
		length = record.length - offset;
	if (record.id != id || record_check(store, &record, running, out, offset, length) < 0)
		return ERROR_MEMORY;
	return (int)length;
}

/* Would one more entry for `id` fit the tables? */
static int tables_fit(const struct store *store, uint16_t id)
{
	uint16_t i, fresh = index_get(store, id) == NO_PLACE;

	if (store->open && store->pending == STORE_PENDING_MAX)
		return 0;
	for (i = 0; i < store->pending; i++)
		fresh = (uint16_t)(fresh + (index_get(store, store->pending_ids[i]) == NO_PLACE));
	return store->count + fresh <= STORE_OBJECTS_MAX;
}

/* Append a record for `id` and count it: at once, or in the open transaction. */
static int put(struct store *store, uint8_t kind, uint16_t id, const void *data, size_t length)
{
	uint16_t where, old = index_get(store, id);
	uint32_t gone = 0;
	int e;

	if ((e = make_room(store, length)) < 0)
		return e;
	if (store->open) {
		kind = (uint8_t)(kind | 8 | (store->started ? 0 : FIRST));
		store->started = 1;
	} else if (old != NO_PLACE) {
		old = index_get(store, id); /* it may have moved */
		if ((e = record_room(store, old, &gone)) < 0)
			return e;
	}
	if ((e = record_append(store, kind, id, data, length, &where)) < 0)
		return e;
	if ((kind & 3) == DELETED)
		where = NO_PLACE;
	else
		store->live += room(length);
	if (store->open) {
		store->pending_ids[store->pending] = id;
		store->pending_places[store->pending++] = where;
		return OK;
	}
	store->live -= gone;
	if (where != NO_PLACE)
		return index_put(store, id, where);
	index_remove(store, id);
	return OK;
}

int store_write(struct store *store, uint16_t id, const void *data, size_t length)
{
	uint16_t old = store->open ? NO_PLACE : index_get(store, id);
	uint32_t gone = 0;
	int e;

	if (length > STORE_OBJECT_MAX || id == UINT16_MAX)
		return ERROR_RANGE;
	if (old != NO_PLACE && (e = record_room(store, old, &gone)) < 0)
		return e;
	if (!tables_fit(store, id) || store->live - gone + room(length) > store->capacity)
		return ERROR_FULL;
	return put(store, PLAIN, id, data, length);
}

int store_delete(struct store *store, uint16_t id)
{
	if (current(store, id) == NO_PLACE)
		return ERROR_NOT_FOUND;
	if (!tables_fit(store, id))
		return ERROR_FULL;
	return put(store, DELETED, id, NULL, 0);
}

int store_begin(struct store *store)
{
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
		if (old != NO_PLACE) {
			if ((e = record_room(store, old, &bytes)) < 0)
				return e;
			store->live -= bytes;
		}
		if (store->pending_places[i] == NO_PLACE)
			index_remove(store, store->pending_ids[i]);
		else if ((e = index_put(store, store->pending_ids[i], store->pending_places[i])) < 0)
			return e;
	}
	store->pending = 0;
	return OK;
}

int store_commit(struct store *store)
{
	uint16_t ignored;
	int e;

	if (!store->open)
		return ERROR_STATE;
	if (store->pending > 0 &&
	    ((e = make_room(store, 0)) < 0 || (e = record_append(store, COMMIT, 0, NULL, 0, &ignored)) < 0)) {
		store_abort(store);
		return e;
	}
	store->open = 0;
	return settle(store);
}

void store_abort(struct store *store)
{
	uint32_t bytes;
	uint16_t i;

	for (i = 0; i < store->pending; i++)
		if (store->pending_places[i] != NO_PLACE &&
		    record_room(store, store->pending_places[i], &bytes) == OK)
			store->live -= bytes;
	store->pending = 0;
	store->open = 0;
}
