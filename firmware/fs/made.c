/* All files are laid out in parts in the same way (file_part()), and the size of
 * a file does not change where its bytes are. */
#include "fs/made.h"

#include <string.h>

#include "fs/descriptor.h"
#include "fs/gone.h"

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
		if (i != row->owner && file_get_owner(store, &other, (uint16_t)i) == OK)
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

/* The bytes [at, at + length) of a file, which lie in one part and, if it has any, in whole records. */
static int read_old(const struct store *store, uint16_t file, const struct file *row, uint32_t at,
		    uint8_t *out, uint32_t length)
{
	int e = OK;

	if (!file_has_records(row))
		return file_read(store, file, 0, (uint16_t)at, out, length);
	for (; e == OK && length > 0; at += row->size, out += row->size, length -= row->size)
		e = file_read(store, file, (uint8_t)(at / row->size + 1), 0, out, row->size);
	return e;
}

/* Write a part as a file of this row has it: the first `kept` bytes of the file
 * are those that `file` has, the others are as `fill` says. */
static int write_part(struct store *store, const struct file *row, uint8_t number, uint16_t file,
		      uint32_t kept, const struct fill *fill)
{
	uint32_t part = file_part(row), at = number * part, n = file_length(row) - at, old = 0;
	uint8_t bytes[FILE_PART];
	int e = OK;

	n = n < part ? n : part;
	if (kept > at)
		old = kept - at < n ? kept - at : n;
	if (old > 0)
		e = read_old(store, file, row, at, bytes, old);
	for (uint32_t i = old; i < n; i++)
		bytes[i] = filled(fill, file_has_records(row) ? (at + i) % row->size : at + i);
	return e < 0 ? e : store_write(store, descriptor_object(row->owner, number), bytes, n);
}

/* Write all parts from this one on. */
static int write_parts(struct store *store, const struct file *row, uint8_t number, const struct fill *fill)
{
	int e = OK;

	for (; e == OK && (uint32_t)number * file_part(row) < file_length(row); number++)
		e = write_part(store, row, number, FILE_NONE, 0, fill);
	return e;
}

/* Has it contents that are there from the beginning? */
static int is_laid_out(const struct file *row)
{
	return row->kind == FILE_TRANSPARENT || file_has_records(row);
}

/* What went wrong, after clearing up. */
static int give_up(struct store *store, int e)
{
	int swept = store_failed(store) ? ERROR_MEMORY : made_sweep(store);

	return swept < 0 ? swept : e;
}

int made_create(struct store *store, const struct file *row, struct span rule, struct span aid,
		const struct fill *fill)
{
	struct file made = *row;
	int e = made_sweep(store);

	if (e < 0)
		return e;
	made.owner = free_number(store);
	if (made.owner == FILE_NONE || !has_room(store, &made))
		return ERROR_FULL;
	if (is_laid_out(&made))
		e = write_parts(store, &made, 0, fill);
	if (e == OK)
		e = descriptor_create(store, made.owner, &made, rule, aid);
	return e < 0 ? give_up(store, e) : made.owner;
}

/* ---- Resizing ---- */

/* One transaction: the new size, and the part in which the shorter of the two ends. */
static int settle(struct store *store, const struct file *row, uint16_t file, uint32_t kept,
		  const struct fill *fill)
{
	uint32_t part = file_part(row);
	int e = store_begin(store);

	if (e == OK && is_laid_out(row) && kept % part != 0)
		e = write_part(store, row, (uint8_t)(kept / part), file, kept, fill);
	if (e == OK)
		e = descriptor_resize(store, row->owner, row);
	if (e == OK)
		return store_commit(store);
	store_abort(store);
	return e;
}

int made_resize(struct store *store, uint16_t file, uint16_t size, const struct fill *fill)
{
	struct file row;
	uint32_t old, kept, part;
	int e = made_sweep(store);

	if (e < 0 || (e = file_get(store, &row, file)) < 0)
		return e;
	old = file_length(&row);
	if (file_has_records(&row))
		row.records = (uint8_t)size;
	else
		row.size = size;
	kept = old < file_length(&row) ? old : file_length(&row);
	part = file_part(&row);
	if (file_length(&row) > old && !has_room(store, &row))
		return ERROR_FULL;
	if (is_laid_out(&row))
		e = write_parts(store, &row, (uint8_t)((kept + part - 1) / part), fill);
	if (e == OK)
		e = settle(store, &row, file, kept, fill);
	return e < 0 ? give_up(store, e) : made_sweep(store);
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

/* Whose contents or descriptor has this number? ERROR_NOT_FOUND: nobody's. */
static int find_owner(const struct store *store, struct file *row, uint16_t number)
{
	if (number < FILE_MADE)
		return file_get_owner(store, row, number);
	return is_attached(store, number) ? file_get(store, row, number) : ERROR_NOT_FOUND;
}

/* Is this part behind the end of the file? */
static int is_beyond(const struct file *row, uint8_t part)
{
	return part != DESCRIPTOR_PART && is_laid_out(row) &&
	       (uint32_t)part * file_part(row) >= file_length(row);
}

/* One pass over the objects of all files: how many were removed. Removing a
 * directory's descriptor leaves its files for the next pass. */
static int sweep_once(struct store *store)
{
	int id, e, removed = 0, found = OK;
	uint16_t number, last = FILE_NONE;
	struct file row = {0};

	for (id = store_next(store, STORE_FILE << 8); id >= 0; id = store_next(store, (uint16_t)(id + 1))) {
		number = descriptor_owner((uint16_t)id);
		if (number != last)
			found = find_owner(store, &row, number);
		last = number;
		if (found == OK ? !is_beyond(&row, descriptor_part((uint16_t)id)) : found != ERROR_NOT_FOUND)
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
	int e = file < FILE_MADE ? gone_add(store, file)
				 : store_delete(store, descriptor_object(file, DESCRIPTOR_PART));

	return e < 0 ? e : made_sweep(store);
}
