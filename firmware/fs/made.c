/* A part of a file is written whole, once: a made file is laid out in the same
 * parts as one of the constant table (file_part()). */
#include "fs/made.h"

#include <string.h>

#include "fs/descriptor.h"

enum {
	RESERVE_BYTES = 3072, /* of PINs, key slots, key sets and sequence numbers, ... */
	RESERVE_OBJECTS = 48, /* ... and how many these are */
};

/* ---- Room ---- */

/* Add what the parts of a file would take that are not there. */
static void add_unwritten(const struct store *store, uint32_t *bytes, uint32_t *objects,
			  const struct file *row)
{
	uint32_t left = file_length(row), part = file_part(row), n;

	for (uint8_t number = 0; left > 0; left -= n, number++) {
		n = left < part ? left : part;
		if (store_length(store, descriptor_object(row->owner, number)) >= 0)
			continue;
		*bytes += store_cost(n);
		++*objects;
	}
}

/* Has the memory room for this file, and still for what the files of the
 * constant table have not written yet, and of BER-TLV files? On a memory that is too small for them
 * anyhow, half of it is theirs. */
static int has_room(const struct store *store, const struct file *row)
{
	uint32_t bytes, objects, kept = RESERVE_BYTES, kept_objects = RESERVE_OBJECTS;
	struct file other;

	for (unsigned i = 0; i < FILE_END; i++)
		if (file_get(store, &other, (uint16_t)i) == OK && other.owner == i)
			add_unwritten(store, &kept, &kept_objects, &other);
	if (file_length(row) > (uint32_t)file_part(row) * FILE_PARTS_MAX)
		return 0; /* more store objects than can be numbered */
	store_free(store, &bytes, &objects);
	if (kept > store->capacity / 2)
		kept = store->capacity / 2;
	kept += store_cost(FILE_SECURITY_MAX);
	add_unwritten(store, &kept, &kept_objects, row);
	return kept <= bytes && kept_objects + 1 <= objects;
}

/* A number that no file has, nor anything in the store; FILE_NONE. */
static uint16_t free_number(const struct store *store)
{
	for (unsigned file = FILE_MADE; file < FILE_END; file++) {
		int id = store_next(store, descriptor_object((uint16_t)file, 0));

		if (id < 0 || descriptor_owner((uint16_t)id) != file)
			return (uint16_t)file;
	}
	return FILE_NONE;
}

/* ---- Making ---- */

/* The byte at `at` of a file, or of a record, that was never written. */
static uint8_t filled(const struct fill *fill, size_t at)
{
	if (fill->pattern.length == 0)
		return 0xFF;
	if (fill->repeat)
		return fill->pattern.at[at % fill->pattern.length];
	return fill->pattern.at[at < fill->pattern.length ? at : fill->pattern.length - 1];
}

/* What `old` has of the bytes [at, at + length), which lie in one part. */
static int copy_old(const struct store *store, const struct file *old, uint32_t at, uint8_t *out,
		    uint32_t length)
{
	uint32_t have = file_length(old), n, step = file_has_records(old) ? old->size : length;
	int e;

	if (length > 0 && step == 0)
		return ERROR_MEMORY;
	for (; length > 0 && at < have; length -= n, at += n, out += n) {
		n = length < step ? length : step;
		n = n < have - at ? n : have - at;
		if (file_has_records(old))
			e = file_read(store, old->owner, (uint8_t)(at / old->size + 1), 0, out, n);
		else
			e = file_read(store, old->owner, 0, (uint16_t)at, out, n);
		if (e < 0)
			return e;
	}
	return OK;
}

/* Write all parts of the file: as `fill` says, and what there is of `old` (or NULL). */
static int write_contents(struct store *store, const struct file *row, const struct file *old,
			  const struct fill *fill)
{
	uint32_t total = file_length(row), part = file_part(row), n;
	uint8_t bytes[FILE_PART], number = 0;
	int e;

	for (uint32_t at = 0; at < total; at += n, number++) {
		n = total - at < part ? total - at : part;
		for (uint32_t i = 0; i < n; i++)
			bytes[i] = filled(fill, file_has_records(row) ? (at + i) % row->size : at + i);
		if (old && (e = copy_old(store, old, at, bytes, n)) < 0)
			return e;
		if ((e = store_write(store, descriptor_object(row->owner, number), bytes, n)) < 0)
			return e;
	}
	return OK;
}

/* Find a number and write contents: a file but for its descriptor. */
static int prepare(struct store *store, struct file *row, const struct file *old, const struct fill *fill)
{
	int e = made_sweep(store);

	if (e < 0)
		return e;
	row->owner = free_number(store);
	if (row->owner == FILE_NONE || !has_room(store, row))
		return ERROR_FULL;
	if (row->kind == FILE_DIRECTORY || row->kind == FILE_BER_TLV)
		return OK;
	return write_contents(store, row, old, fill);
}

/* What went wrong, after clearing up. */
static int give_up(struct store *store, int e)
{
	int swept = store_failed(store) ? ERROR_MEMORY : made_sweep(store);

	return swept < 0 ? swept : e;
}

int made_create(struct store *store, const struct file *row, struct span rule, const struct fill *fill)
{
	struct file made = *row;
	int e = prepare(store, &made, NULL, fill);

	if (e == OK)
		e = descriptor_create(store, made.owner, &made, rule);
	return e < 0 ? give_up(store, e) : made.owner;
}

/* ---- Resizing ---- */

/* One transaction: the new descriptor is there, and the old one is not. */
static int swap(struct store *store, uint16_t file, const struct file *row, struct span rule)
{
	int e = store_begin(store);

	if (e < 0)
		return e;
	if ((e = descriptor_create(store, row->owner, row, rule)) < 0 ||
	    (e = store_delete(store, descriptor_object(file, DESCRIPTOR_PART))) < 0) {
		store_abort(store);
		return e;
	}
	return store_commit(store);
}

int made_resize(struct store *store, uint16_t file, uint16_t size, const struct fill *fill)
{
	uint8_t rule[FILE_SECURITY_MAX];
	struct file old, row;
	int n, e;

	if ((e = file_get(store, &old, file)) < 0 || (n = e = descriptor_security(store, rule, file)) < 0)
		return e;
	row = old;
	if (file_has_records(&old))
		row.records = (uint8_t)size;
	else
		row.size = size;
	row.head = 0;
	if (old.kind == FILE_BER_TLV) {
		e = descriptor_create(store, file, &row, (struct span){rule, (size_t)n});
		return e < 0 ? e : file;
	}
	e = prepare(store, &row, &old, fill);
	if (e == OK)
		e = swap(store, file, &row, (struct span){rule, (size_t)n});
	if (e < 0)
		return give_up(store, e);
	e = made_sweep(store);
	return e < 0 ? e : row.owner;
}

/* ---- Removing ---- */

/* Is this file in a directory, and so on up to the MF? A descriptor that cannot
 * be read is let be. */
static int is_attached(const struct store *store, uint16_t file)
{
	struct file row;
	int e;

	for (unsigned i = 0; i <= FILE_DEPTH_MAX; i++) { /* an EF, and the directories above it */
		if ((e = file_get(store, &row, file)) < 0)
			return e != ERROR_NOT_FOUND;
		if (i > 0 && row.kind != FILE_DIRECTORY && row.kind != FILE_APPLICATION)
			return 0;
		if (file == FILE_MF)
			return 1;
		file = row.parent;
	}
	return 0;
}

/* One pass over the objects of made files: how many were removed. Removing a
 * directory's descriptor leaves its files for the next pass. */
static int sweep_once(struct store *store)
{
	int id, e, removed = 0, attached = 1;
	uint16_t file, last = FILE_NONE;

	for (id = store_next(store, descriptor_object(FILE_MADE, 0)); id >= 0;
	     id = store_next(store, (uint16_t)(id + 1))) {
		file = descriptor_owner((uint16_t)id);
		if (file != last)
			attached = is_attached(store, file);
		last = file;
		if (attached)
			continue;
		if ((e = store_delete(store, (uint16_t)id)) < 0)
			return e;
		removed++;
	}
	return removed;
}

int made_sweep(struct store *store)
{
	int removed;

	do {
		removed = sweep_once(store);
	} while (removed > 0);
	return removed;
}

int made_delete(struct store *store, uint16_t file)
{
	int e = file < FILE_MADE ? ERROR_NOT_FOUND
				 : store_delete(store, descriptor_object(file, DESCRIPTOR_PART));

	return e < 0 ? e : made_sweep(store);
}
