/* A ring of pages. Pages carry ever growing sequence numbers, page n of the
 * sequence lives in page n mod (page count), and each page's header names the
 * oldest page that still counts ("tail"): opening a page is therefore the one
 * act that also gives old pages up, and a page is erased only after a header
 * written before has given it up. What a power cut leaves in a page being
 * erased does not count. When pages are scarce a TRIM record says what the next
 * header would.
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
 * Collecting a page opens at most one other, so LOG_SPARE pages kept free make
 * it always possible. A cut wastes at most the record being written; pages of
 * nothing but waste are erased and used again. */
#include "fs/log.h"

#include <string.h>

#include "codec/crc32.h"
#include "crypto/wipe.h"
#include "fs/index.h"

enum {
	MAGIC = 0x53524D31,
	CHUNK = 64,
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

uint32_t log_room(size_t length)
{
	return LOG_HEADER + (((uint32_t)length + LOG_GRAIN - 1) & ~(uint32_t)(LOG_GRAIN - 1));
}

/* How many pages are used: places must fit 16 bits. */
uint32_t log_pages(const struct hal *hal)
{
	uint32_t most = (uint32_t)UINT16_MAX * LOG_GRAIN / hal->nvm_page_size;

	return hal->nvm_page_count < most ? hal->nvm_page_count : most;
}

static uint32_t address(const struct store *store, uint32_t seq, uint32_t offset)
{
	return seq % log_pages(store->hal) * store->hal->nvm_page_size + offset;
}

uint16_t log_place(const struct store *store, const struct log_record *record)
{
	return (uint16_t)(address(store, record->seq, record->offset) / LOG_GRAIN);
}

/* The sequence number of the page an address is in: the one near the tail. */
static uint32_t seq_at(const struct store *store, uint32_t at)
{
	uint32_t n = log_pages(store->hal);
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
	store->failed = 1;
	return ERROR_MEMORY;
}

/* ---- Records ---- */

static uint32_t record_crc(const struct log_record *record, const uint8_t header[static 4])
{
	uint8_t where[8];

	put32(where, record->seq);
	put32(where + 4, record->offset);
	return crc32(crc32(0, where, sizeof(where)), header, 4);
}

/* Read the header at `offset` of page `seq`. Returns 1, 0 when it is blank,
 * ERROR_FORMAT when it can be no record, ERROR_MEMORY. `crc` becomes what the
 * bytes must bring the running CRC in `*running` to. */
int log_head(const struct store *store, struct log_record *record, uint32_t *running, uint32_t seq,
	     uint32_t offset)
{
	uint8_t head[LOG_HEADER];
	uint8_t kind;
	int e;

	if ((e = nvm_read(store, address(store, seq, offset), head, sizeof(head))) < 0)
		return e;
	if ((get32(head) & get32(head + 4)) == UINT32_MAX)
		return 0;
	*record = (struct log_record){.seq = seq, .offset = offset, .crc = get32(head + 4)};
	record->id = (uint16_t)(head[0] | head[1] << 8);
	record->length = (uint16_t)(head[2] | (head[3] & 0x0F) << 8);
	record->kind = head[3] >> 4;
	*running = record_crc(record, head);
	kind = record->kind;
	if (kind & LOG_TRANSACTION)
		kind &= (uint8_t) ~(LOG_TRANSACTION | LOG_BEGIN);
	if (kind != LOG_PLAIN && kind != LOG_DELETED && record->kind != LOG_COMMIT &&
	    record->kind != LOG_TRIM)
		return ERROR_FORMAT;
	if (record->length > STORE_OBJECT_MAX ||
	    offset + log_room(record->length) > store->hal->nvm_page_size)
		return ERROR_FORMAT;
	return 1;
}

/* Is the record whole? OK, ERROR_CHECK or ERROR_MEMORY. Copies bytes
 * [offset, offset + length) on the way when `out` is not NULL. */
int log_check(const struct store *store, const struct log_record *record, uint32_t running, uint8_t *out,
	      size_t offset, size_t length)
{
	uint32_t at = address(store, record->seq, record->offset) + LOG_HEADER;
	uint8_t chunk[CHUNK];
	size_t done, n, from, to;
	int e = OK;

	for (done = 0; done < record->length; done += n) {
		n = record->length - done < CHUNK ? record->length - done : CHUNK;
		if ((e = nvm_read(store, at + (uint32_t)done, chunk, n)) < 0)
			break;
		running = crc32(running, chunk, n);
		from = offset > done ? offset : done;
		to = offset + length < done + n ? offset + length : done + n;
		if (out && from < to)
			memcpy(out + (from - offset), chunk + (from - done), to - from);
	}
	wipe(chunk, sizeof(chunk)); /* it held a PIN or a key */
	return e < 0 ? e : running == record->crc ? OK : ERROR_CHECK;
}

/* The record an index entry points to. ERROR_MEMORY when it is not there. */
int log_at(const struct store *store, struct log_record *record, uint32_t *running, uint16_t where)
{
	uint32_t at = (uint32_t)where * LOG_GRAIN;

	if (log_head(store, record, running, seq_at(store, at), at % store->hal->nvm_page_size) != 1)
		return ERROR_MEMORY;
	return OK;
}

int log_room_at(const struct store *store, uint16_t where, uint32_t *bytes)
{
	struct log_record record;
	uint32_t running;
	int e;

	if ((e = log_at(store, &record, &running, where)) < 0)
		return e;
	*bytes = log_room(record.length);
	return OK;
}

/* ---- Writing at the head ---- */

static uint32_t pages_free(const struct store *store)
{
	return log_pages(store->hal) - (store->head - store->tail + 1);
}

int log_open(struct store *store, uint32_t seq)
{
	uint32_t n = log_pages(store->hal);
	uint8_t head[LOG_FIRST];

	if (seq - store->trimmed >= n)
		return ERROR_FULL;
	if (store->hal->nvm_erase(store->hal->board, seq % n) != HAL_OK) {
		store->failed = 1;
		return ERROR_MEMORY;
	}
	put32(head, MAGIC);
	put32(head + 4, seq);
	put32(head + 8, store->tail);
	put32(head + 12, crc32(n, head, 12));
	if (nvm_write(store, address(store, seq, 0), head, sizeof(head)) < 0)
		return ERROR_MEMORY;
	store->head = seq;
	store->trimmed = store->tail;
	store->offset = LOG_FIRST;
	return OK;
}

int log_head_used(const struct store *store)
{
	uint32_t offset = LOG_FIRST, running;
	struct log_record record;
	int e;

	while (offset + LOG_HEADER <= store->offset) {
		e = log_head(store, &record, &running, store->head, offset);
		if (e == 1 && (e = log_check(store, &record, running, NULL, 0, 0)) == OK)
			return 1;
		if (e == ERROR_MEMORY)
			return e;
		offset += e == ERROR_CHECK ? log_room(record.length) : LOG_GRAIN;
	}
	return 0;
}

/* Go on in a fresh page. A head page with nothing but torn records is used
 * again, so that a supply that fails at every write never fills the memory. */
static int advance(struct store *store)
{
	int used = log_head_used(store);

	return used < 0 ? used : log_open(store, store->head + (used ? 1 : 0));
}

/* Write the bytes of a record: whole units from where they are, the rest from
 * a padded copy. */
static int body_write(struct store *store, uint32_t at, const uint8_t *data, size_t length)
{
	size_t whole = length & ~(size_t)(LOG_GRAIN - 1), rest = length - whole,
	       unit = store->hal->nvm_write_unit;
	uint8_t last[LOG_GRAIN];
	int e;

	if (whole && (e = nvm_write(store, at, data, whole)) < 0)
		return e;
	if (!rest)
		return OK;
	memset(last, 0xFF, sizeof(last));
	memcpy(last, data + whole, rest);
	e = nvm_write(store, at + (uint32_t)whole, last, (rest + unit - 1) / unit * unit);
	wipe(last, sizeof(last));
	return e;
}

/* Append a record where there is room for it. */
int log_append(struct store *store, uint8_t kind, uint16_t id, const void *data, size_t length,
	       uint16_t *where)
{
	struct log_record record = {.seq = store->head, .offset = store->offset};
	uint8_t head[LOG_HEADER];
	uint32_t at = address(store, record.seq, record.offset);
	int e;

	head[0] = (uint8_t)id;
	head[1] = (uint8_t)(id >> 8);
	head[2] = (uint8_t)length;
	head[3] = (uint8_t)((length >> 8) | (unsigned)kind << 4);
	put32(head + 4, crc32(record_crc(&record, head), data, length));
	store->offset += log_room(length); /* whatever happens now, never write there again */
	if ((e = nvm_write(store, at, head, sizeof(head))) < 0 ||
	    (e = body_write(store, at + LOG_HEADER, data, length)) < 0)
		return e;
	*where = log_place(store, &record);
	return OK;
}

static int head_fits(const struct store *store, size_t length)
{
	return store->offset + log_room(length) <= store->hal->nvm_page_size;
}

/* Copy one live record of the tail page to the head. */
static int record_move(struct store *store, const struct log_record *record, uint32_t running)
{
	uint8_t data[STORE_OBJECT_MAX];
	uint16_t where = 0;
	int e = ERROR_MEMORY;

	if (log_check(store, record, running, data, 0, record->length) == OK)
		e = head_fits(store, record->length) ? OK : advance(store);
	if (e == OK)
		e = log_append(store, LOG_PLAIN, record->id, data, record->length, &where);
	wipe(data, sizeof(data));
	return e < 0 ? e : index_put(store, record->id, where);
}

/* Pages that may be opened before the memory tells of a newer tail. */
static uint32_t pages_erasable(const struct store *store)
{
	return log_pages(store->hal) - (store->head - store->trimmed + 1);
}

/* Tell the memory of the newer tail at once, when there is room to say it. */
static int trim(struct store *store)
{
	uint8_t tail[LOG_TRIM_LENGTH];
	uint16_t ignored;
	int e;

	if (!head_fits(store, sizeof(tail)))
		return OK;
	put32(tail, store->tail);
	if ((e = log_append(store, LOG_TRIM, LOG_NO_ID, tail, sizeof(tail), &ignored)) < 0)
		return e;
	store->trimmed = store->tail;
	return OK;
}

/* Give up the tail page, after moving what lives there. */
static int collect(struct store *store)
{
	uint32_t seq = store->tail, offset = LOG_FIRST, running;
	struct log_record record;
	int e;

	while (offset + LOG_HEADER <= store->hal->nvm_page_size) {
		e = log_head(store, &record, &running, seq, offset);
		if (e == ERROR_MEMORY)
			return e;
		if (e != 1) {
			offset += LOG_GRAIN;
			continue;
		}
		if (index_get(store, record.id) == log_place(store, &record) &&
		    (e = record_move(store, &record, running)) < 0)
			return e;
		offset += log_room(record.length);
	}
	store->tail++;
	return pages_erasable(store) < LOG_SPARE - 1 ? trim(store) : OK;
}

/* The collector never enters an open transaction. */
static int may_collect(const struct store *store)
{
	return !store->open || store->tail < store->began;
}

/* Make sure that a record of `length` bytes fits in the head page. Pages are
 * collected before the next one is opened, so that its header gives them up. */
int log_make_room(struct store *store, size_t length)
{
	uint32_t tries = 2 * log_pages(store->hal);
	int e;

	/* The second reason is a collection that a cut left behind: it goes first,
	 * or a row of cuts could use up the spare pages without an end of it. */
	while (!head_fits(store, length) || (pages_free(store) < LOG_SPARE - 1 && may_collect(store))) {
		while (pages_free(store) < LOG_SPARE) {
			if (tries-- == 0 || !may_collect(store))
				return head_fits(store, length) ? OK : ERROR_FULL;
			if ((e = collect(store)) < 0)
				return e;
		}
		if (!head_fits(store, length) && (e = advance(store)) < 0)
			return e;
	}
	return OK;
}

/* ---- The ends of the log ---- */

/* A page's header: 1 when it is one, 0 when not, ERROR_MEMORY. */
static int page_head(const struct store *store, uint32_t page, uint32_t *seq, uint32_t *tail)
{
	uint32_t n = log_pages(store->hal);
	uint8_t head[LOG_FIRST];

	if (nvm_read(store, page * store->hal->nvm_page_size, head, sizeof(head)) < 0)
		return ERROR_MEMORY;
	*seq = get32(head + 4);
	*tail = get32(head + 8);
	return get32(head) == MAGIC && get32(head + 12) == crc32(n, head, 12) && *seq % n == page &&
	       *tail <= *seq && *seq - *tail < n;
}

/* Find head and tail. 1: found, 0: no store here, ERROR_MEMORY. */
int log_find_ends(struct store *store, uint32_t *missing)
{
	uint32_t page, seq, tail;
	int e, found = 0;

	*missing = 0;
	for (page = 0; page < log_pages(store->hal); page++) {
		if ((e = page_head(store, page, &seq, &tail)) < 0)
			return e;
		if (!e || (found && seq < store->head))
			continue;
		found = 1;
		store->head = seq;
		store->tail = store->trimmed = tail;
	}
	/* Pages a TRIM record gives up may be gone already. */
	for (tail = store->tail; found && tail < store->head; tail++) {
		uint32_t ignored;

		if ((e = page_head(store, tail % log_pages(store->hal), &seq, &ignored)) < 0)
			return e;
		if (e == 0 || seq != tail)
			*missing = tail + 1;
	}
	return found;
}

int log_trim_at(struct store *store, const struct log_record *record)
{
	uint8_t bytes[LOG_TRIM_LENGTH] = {0};
	struct log_record again;
	uint32_t running, tail;
	uint16_t i = 0;

	if (log_at(store, &again, &running, log_place(store, record)) < 0 ||
	    record->length != sizeof(bytes) || log_check(store, &again, running, bytes, 0, sizeof(bytes)) < 0)
		return ERROR_MEMORY;
	tail = get32(bytes);
	if (tail <= store->tail || tail > record->seq)
		return OK;
	while (i < store->count) {
		if (seq_at(store, (uint32_t)store->places[i] * LOG_GRAIN) < tail)
			index_remove(store, store->ids[i]);
		else
			i++;
	}
	store->tail = store->trimmed = tail;
	return OK;
}
