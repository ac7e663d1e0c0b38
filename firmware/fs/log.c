/* A ring of pages. Pages carry ever growing sequence numbers, page n of the
 * sequence lives in page n mod (page count), and each page's header names the
 * oldest page that still counts ("tail"): opening a page is therefore the one
 * act that also gives old pages up, and a page is erased only after a header
 * written before has given it up. What a power cut leaves in a page being
 * erased does not count. When pages are scarce a TRIM record says what the next
 * header would.
 *
 * A record is a header of 8 bytes (id, kind and length, and the CRC of these
 * and its place), the CRC of its content, the content, and a mark. Each is
 * written, and done, before the next is begun. So a torn header has nothing
 * behind it, a torn content has an honest length and no mark, and nothing in a
 * content can be taken for a record, as no place is ever guessed: a mount leaves
 * one grain free behind the end it found, and the next record says that it
 * follows a mount, and whether the end was torn. The free grain is there should
 * the cut have left a header that reads erased but only just.
 *
 * No grain of a record reads erased, so that one grain that is lost is missed: a
 * content that has one is written under a mask, and the header's kind tells.
 * Whatever cannot be a tear is damage (walk.c): a header that does not check,
 * with something behind it, makes the memory one that is not trusted; so does
 * the header of a page whose first record is whole. A content that does not
 * check, with a mark behind it or the log going on, makes its object one that
 * cannot be read, until it is written again; the collector passes that on as a
 * LOST record. No older copy ever takes its place.
 *
 * A transaction's records count only once the COMMIT record that follows them is
 * whole; it names where they began, and the CRC of all their headers. A record
 * that is a member or a copy needs no mark: while it is the last, what it
 * replaces is still there, and otherwise the log going on shows it was whole. */
#include "fs/log.h"

#include <string.h>

#include "codec/crc32.h"
#include "crypto/wipe.h"

enum {
	MAGIC = 0x53524D32, /* the last byte is the version of all this */
	CHUNK = 64,
	CHECK = 4, /* bytes of a content's check value */
	KIND_SHIFT = 9,
	PART_SHIFT = 12,
	AFTER_SHIFT = 14,
	KIND_MASKED = 6, /* a LOG_VALUE under masks[1]; 7: under masks[2] */
	MASKS = 3,
};

static const uint8_t masks[MASKS] = {0x00, 0x55, 0x33};

uint32_t log_get32(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void log_put32(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
	at[2] = (uint8_t)(value >> 16);
	at[3] = (uint8_t)(value >> 24);
}

uint32_t log_room(size_t length)
{
	return (LOG_HEADER + CHECK + (uint32_t)length + LOG_GRAIN - 1) & ~(uint32_t)(LOG_GRAIN - 1);
}

uint32_t log_extent(const struct log_record *record)
{
	return log_room(record->length) + (record->part == LOG_SINGLE ? LOG_GRAIN : 0);
}

/* How many pages are used: places must fit 16 bits. */
uint32_t log_pages(const struct hal *hal)
{
	uint32_t most = (uint32_t)UINT16_MAX * LOG_GRAIN / hal->nvm_page_size;

	return hal->nvm_page_count < most ? hal->nvm_page_count : most;
}

static uint32_t address(const struct store *store, uint32_t seq, uint32_t offset)
{
	return seq % store->pages * store->hal->nvm_page_size + offset;
}

uint16_t log_place(const struct log_record *record)
{
	return (uint16_t)(record->at / LOG_GRAIN);
}

/* The sequence number of a page: the one near the tail. */
static uint32_t seq_of(const struct store *store, uint32_t page)
{
	uint32_t last = store->tail % store->pages;

	return store->tail - last + page + (page < last ? store->pages : 0);
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

/* ---- Reading records ---- */

/* The kind of a header, and the mask of its content. */
static void parse_kind(struct log_record *record, uint8_t kind)
{
	record->kind = kind < KIND_MASKED ? kind : LOG_VALUE;
	record->mask = kind < KIND_MASKED ? 0 : masks[kind - KIND_MASKED + 1];
}

static uint32_t header_crc(const struct log_record *record, const uint8_t header[static 4])
{
	uint8_t where[8];

	log_put32(where, record->seq);
	log_put32(where + 4, record->offset);
	return crc32(crc32(0, where, sizeof(where)), header, 4);
}

/* log_head() of the place whose address is `at`: a division is dear on a small part. */
static int head_at(const struct store *store, struct log_record *record, uint32_t seq, uint32_t offset,
		   uint32_t at)
{
	_Alignas(uint32_t) uint8_t head[LOG_HEADER];
	uint16_t bits;

	if (offset + LOG_HEADER > store->hal->nvm_page_size)
		return ERROR_FORMAT;
	if (nvm_read(store, at, head, sizeof(head)) < 0)
		return ERROR_MEMORY;
	if ((log_get32(head) & log_get32(head + 4)) == UINT32_MAX)
		return 0;
	bits = (uint16_t)(head[2] | head[3] << 8);
	record->seq = seq;
	record->offset = offset;
	record->at = at;
	record->crc = log_get32(head + 4);
	record->id = (uint16_t)(head[0] | head[1] << 8);
	record->length = bits & ((1 << KIND_SHIFT) - 1);
	record->part = bits >> PART_SHIFT & 3;
	record->after = (uint8_t)(bits >> AFTER_SHIFT);
	record->damaged = 0;
	parse_kind(record, bits >> KIND_SHIFT & 7);
	if (header_crc(record, head) != record->crc || record->kind < LOG_VALUE || record->kind > LOG_TRIM ||
	    record->length > STORE_OBJECT_MAX || offset + log_extent(record) > store->hal->nvm_page_size)
		return ERROR_FORMAT;
	return 1;
}

int log_head(const struct store *store, struct log_record *record, uint32_t seq, uint32_t offset)
{
	return head_at(store, record, seq, offset, address(store, seq, offset));
}

int log_at(const struct store *store, struct log_record *record, uint16_t where)
{
	uint32_t at = (uint32_t)where * LOG_GRAIN, page = at / store->hal->nvm_page_size;
	uint32_t offset = at - page * store->hal->nvm_page_size;

	return head_at(store, record, seq_of(store, page), offset, at) == 1 ? OK : ERROR_MEMORY;
}

/* The check value of a content. Half of a CRC's values are given up, so that
 * what stands behind a header never reads erased. */
static uint32_t content_check(uint32_t running)
{
	return running >> 1;
}

static void apply_mask(uint8_t *bytes, size_t length, uint8_t mask)
{
	for (size_t i = 0; mask != 0 && i < length; i++)
		bytes[i] ^= mask;
}

int log_check(const struct store *store, const struct log_record *record, uint8_t *out, size_t offset,
	      size_t length)
{
	uint32_t at = record->at + LOG_HEADER, running = record->crc, want;
	_Alignas(uint32_t) uint8_t chunk[CHUNK];
	size_t done, n, from, to, used = 0;
	uint8_t *into;
	int e;

	if ((e = nvm_read(store, at, chunk, CHECK)) < 0)
		return e;
	want = log_get32(chunk);
	at += CHECK;
	for (done = 0; done < record->length; done += n) {
		n = record->length - done < CHUNK ? record->length - done : CHUNK;
		from = offset > done ? offset : done;
		to = offset + length < done + n ? offset + length : done + n;
		/* What is wanted whole goes where it is wanted, and need not be wiped here. */
		into = out && to - from == n && from == done ? out + (done - offset) : chunk;
		if ((e = nvm_read(store, at + (uint32_t)done, into, n)) < 0)
			break;
		apply_mask(into, n, record->mask);
		running = crc32(running, into, n);
		if (into != chunk)
			continue;
		used = n > used ? n : used;
		if (out && from < to)
			memcpy(out + (from - offset), chunk + (from - done), to - from);
	}
	wipe(chunk, used); /* it held a PIN or a key */
	return e < 0 ? e : content_check(running) == want ? OK : ERROR_CHECK;
}

/* Does the grain at an address read erased? 1, 0 or ERROR_MEMORY. */
static int grain_blank(const struct store *store, uint32_t at)
{
	uint8_t grain[LOG_GRAIN];

	if (nvm_read(store, at, grain, sizeof(grain)) < 0)
		return ERROR_MEMORY;
	return (log_get32(grain) & log_get32(grain + 4)) == UINT32_MAX;
}

static uint32_t mark_at(const struct log_record *record)
{
	return record->at + log_room(record->length);
}

int log_marked(const struct store *store, const struct log_record *record)
{
	int blank;

	if (record->part != LOG_SINGLE)
		return 0;
	blank = grain_blank(store, mark_at(record));
	return blank < 0 ? blank : !blank;
}

int log_blank(const struct store *store, uint32_t seq, uint32_t offset)
{
	int blank = 1;

	for (; blank == 1 && offset < store->hal->nvm_page_size; offset += LOG_GRAIN)
		blank = grain_blank(store, address(store, seq, offset));
	return blank;
}

int log_room_at(const struct store *store, uint16_t where, uint32_t *bytes)
{
	struct log_record record;
	int e;

	if ((e = log_at(store, &record, where)) < 0)
		return e;
	*bytes = log_room(record.length);
	return OK;
}

/* ---- Writing at the head ---- */

int log_erase(struct store *store, uint32_t seq)
{
	if (store->hal->nvm_erase(store->hal->board, seq % store->pages) == HAL_OK)
		return OK;
	store->failed = 1;
	return ERROR_MEMORY;
}

int log_open(struct store *store, uint32_t seq)
{
	uint32_t n = store->pages;
	uint8_t head[LOG_USED];

	if (seq - store->trimmed >= n)
		return ERROR_FULL;
	if (log_erase(store, seq) < 0)
		return ERROR_MEMORY;
	log_put32(head, MAGIC);
	log_put32(head + 4, seq);
	log_put32(head + 8, n << 16 | (seq - store->tail));
	log_put32(head + 12, crc32(0, head, 12));
	if (nvm_write(store, address(store, seq, 0), head, sizeof(head)) < 0)
		return ERROR_MEMORY;
	store->head = seq;
	store->trimmed = store->tail;
	store->offset = LOG_FIRST;
	store->used = 0;
	return OK;
}

/* Is the page's first record whole? A page's number is used once, or again when
 * it had no whole record: so such a record is never a remainder. */
static int first_whole(const struct store *store, uint32_t seq)
{
	struct log_record record;
	int e = log_head(store, &record, seq, LOG_FIRST);

	if (e == 1)
		e = log_check(store, &record, NULL, 0, 0) == OK;
	return e == ERROR_MEMORY ? e : e == 1;
}

/* The mark is for the case that the first record is damaged: the page must not
 * look like one that a cut left half erased, to be used again. */
int log_used(const struct store *store, uint32_t seq)
{
	int blank = grain_blank(store, address(store, seq, LOG_USED));

	return blank < 0 ? blank : blank ? first_whole(store, seq) : 1;
}

static int mark(struct store *store, uint32_t at)
{
	static const uint8_t zero[LOG_GRAIN];

	return nvm_write(store, at, zero, store->hal->nvm_write_unit);
}

/* Write check value and content, in pieces that are whole units. */
static int content_write(struct store *store, const struct log_record *record, const uint8_t *data)
{
	uint32_t at = record->at + LOG_HEADER, unit = store->hal->nvm_write_unit;
	size_t left = record->length, have = CHECK, n;
	uint8_t chunk[CHUNK];
	int e = OK;

	log_put32(chunk, content_check(crc32(record->crc, data, left)));
	while (e == OK && (left > 0 || have > 0)) {
		n = left < CHUNK - have ? left : CHUNK - have;
		if (n > 0)
			memcpy(chunk + have, data + record->length - left, n);
		apply_mask(chunk + have, n, record->mask);
		left -= n;
		for (n += have; n % unit; n++)
			chunk[n] = 0xFF;
		e = nvm_write(store, at, chunk, n);
		at += (uint32_t)n;
		have = 0;
	}
	wipe(chunk, sizeof(chunk));
	return e;
}

/* Would a grain of this content read erased under this mask? The first has the
 * check value in front, the last may be filled up. */
static int has_blank(const uint8_t *data, size_t length, uint8_t mask)
{
	size_t at, i;

	for (at = LOG_GRAIN - CHECK; at < length; at += LOG_GRAIN) {
		for (i = at; i < length && i < at + LOG_GRAIN && (data[i] ^ mask) == 0xFF; i++)
			;
		if (i == length || i == at + LOG_GRAIN)
			return 1;
	}
	return 0;
}

/* Choose a mask for the content; the kind that tells. */
static uint8_t choose_mask(struct log_record *record, const uint8_t *data)
{
	uint8_t n = 0;

	while (record->kind == LOG_VALUE && n < MASKS - 1 && has_blank(data, record->length, masks[n]))
		n++;
	record->mask = masks[n];
	return (uint8_t)(n ? KIND_MASKED + n - 1 : record->kind);
}

int log_append(struct store *store, struct log_record *record, const void *data)
{
	uint8_t head[LOG_HEADER], kind = choose_mask(record, data);
	int e;

	record->seq = store->head;
	record->offset = store->offset;
	record->after = store->after;
	record->damaged = 0;
	head[0] = (uint8_t)record->id;
	head[1] = (uint8_t)(record->id >> 8);
	head[2] = (uint8_t)record->length;
	head[3] = (uint8_t)(record->length >> 8 | kind << (KIND_SHIFT - 8) |
			    record->part << (PART_SHIFT - 8) | record->after << (AFTER_SHIFT - 8));
	record->crc = header_crc(record, head);
	log_put32(head + 4, record->crc);
	record->at = address(store, record->seq, record->offset);
	store->offset += log_extent(record); /* whatever happens now, never write there again */
	store->after = LOG_ON;
	if ((e = nvm_write(store, record->at, head, sizeof(head))) < 0 ||
	    (e = content_write(store, record, data)) < 0 ||
	    (record->part == LOG_SINGLE && (e = mark(store, mark_at(record))) < 0))
		return e;
	if (!store->used)
		e = mark(store, address(store, record->seq, LOG_USED));
	store->used = 1;
	return e;
}

int log_finish(struct store *store, const struct log_record *record)
{
	uint32_t used = address(store, record->seq, LOG_USED);
	int blank = 0, e;

	if (record->part == LOG_SINGLE && (blank = grain_blank(store, mark_at(record))) == 1)
		blank = mark(store, mark_at(record));
	if (blank < 0 || (e = grain_blank(store, used)) < 0)
		return ERROR_MEMORY;
	return e == 1 ? mark(store, used) : OK;
}

/* ---- The ends of the log ---- */

/* A page's header: 1 when it is one of this memory, 0 when it is none,
 * ERROR_FORMAT when it is another's or a damaged one, ERROR_MEMORY. */
static int page_head(const struct store *store, uint32_t page, uint32_t *seq, uint32_t *tail)
{
	uint32_t n = store->pages, back;
	uint8_t head[LOG_USED];
	int whole;

	if (nvm_read(store, page * store->hal->nvm_page_size, head, sizeof(head)) < 0)
		return ERROR_MEMORY;
	*seq = log_get32(head + 4);
	back = log_get32(head + 8) & UINT16_MAX;
	*tail = *seq - back;
	whole = log_get32(head + 12) == crc32(0, head, 12);
	if (whole && log_get32(head) == MAGIC && log_get32(head + 8) >> 16 == n && *seq % n == page &&
	    back < n && back <= *seq)
		return 1;
	/* Formatting that is cut leaves a torn header, in page 0. */
	return (log_get32(head) ^ MAGIC) <= UINT8_MAX && (whole || page > 0) ? ERROR_FORMAT : 0;
}

int log_find_ends(struct store *store, uint32_t *missing)
{
	uint32_t page, seq, tail, ignored, n = store->pages;
	int e, found = 0, traces = 0;

	*missing = 0;
	if (n < STORE_PAGES_MIN)
		return ERROR_MEMORY;
	store->head = n - 1;
	for (page = 0; page < n; page++) {
		if ((e = page_head(store, page, &seq, &tail)) == ERROR_MEMORY)
			return e;
		if (e == ERROR_FORMAT)
			traces = 1;
		if (e != 1 || (found && seq < store->head))
			continue;
		found = 1;
		store->head = seq;
		store->tail = store->trimmed = tail;
	}
	if (first_whole(store, store->head + 1) != 0 || (!found && traces))
		return ERROR_MEMORY;
	/* Pages a TRIM record gives up may be gone already. */
	for (tail = store->tail; found && tail < store->head; tail++) {
		if ((e = page_head(store, tail % n, &seq, &ignored)) == ERROR_MEMORY)
			return e;
		if (e != 1 || seq != tail)
			*missing = tail + 1;
	}
	return found;
}

int log_trim_at(struct store *store, const struct log_record *record)
{
	uint8_t bytes[LOG_TRIM_LENGTH] = {0};
	uint32_t tail;

	if (record->length != sizeof(bytes) || log_check(store, record, bytes, 0, sizeof(bytes)) < 0)
		return ERROR_MEMORY;
	tail = log_get32(bytes);
	if (tail > store->tail && tail <= record->seq)
		store->tail = store->trimmed = tail;
	return OK;
}
