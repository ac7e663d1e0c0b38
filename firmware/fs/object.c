/* SPEC: TS 102 221 8.2.2.4, 11.3: data objects */
/* The chain goes from part to part by a byte in front of each: the number of
 * the next. All but the last are full, so an offset tells how many to skip. */
#include "fs/object.h"

#include <string.h>

#include "fs/descriptor.h"

enum {
	LIST = 0,  /* the part that is the list */
	ENTRY = 5, /* bytes of an entry: tag, total, first part */
	AT_TOTAL = 2,
	AT_FIRST = 4,
	LINK = 1, /* bytes in front of a part's data */
	DATA = FILE_PART - LINK,
	LAST = 0 /* there is no next part */
};

struct list {
	uint8_t entries[OBJECT_COUNT_MAX * ENTRY];
	size_t length;
};

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static int list_read(const struct store *store, uint16_t file, struct list *list)
{
	int n = store_read(store, descriptor_object(file, LIST), list->entries, 0, sizeof(list->entries));

	list->length = n < 0 ? 0 : (size_t)n;
	if (n < 0)
		return n == ERROR_NOT_FOUND ? OK : n;
	for (size_t i = 0; i + ENTRY <= list->length; i += ENTRY)
		if (list->entries[i + AT_FIRST] == LIST || list->entries[i + AT_FIRST] >= FILE_PARTS_MAX)
			return ERROR_MEMORY; /* never written so */
	return list->length % ENTRY ? ERROR_MEMORY : OK;
}

static int list_write(struct store *store, uint16_t file, const struct list *list)
{
	return store_write(store, descriptor_object(file, LIST), list->entries, list->length);
}

/* The entry of a tag, or NULL. */
static uint8_t *entry_of(struct list *list, uint16_t tag)
{
	for (size_t i = 0; i < list->length; i += ENTRY)
		if (get16(list->entries + i) == tag)
			return list->entries + i;
	return NULL;
}

static void entry_remove(struct list *list, uint8_t *entry)
{
	list->length -= ENTRY;
	memmove(entry, entry + ENTRY, (size_t)(list->entries + list->length - entry));
}

/* The part behind `part`, or LAST; or an error. */
static int next_part(const struct store *store, uint16_t file, uint8_t part)
{
	uint8_t next = LAST;
	int n = store_read(store, descriptor_object(file, part), &next, 0, LINK);

	if (n != LINK || next >= FILE_PARTS_MAX)
		return ERROR_MEMORY;
	return next;
}

int object_length(const struct store *store, uint16_t file, uint16_t tag)
{
	struct list list;
	const uint8_t *entry;
	int e = list_read(store, file, &list);

	if (e < 0)
		return e;
	entry = entry_of(&list, tag);
	return entry ? get16(entry + AT_TOTAL) : ERROR_NOT_FOUND;
}

int object_read(const struct store *store, uint16_t file, uint16_t tag, uint16_t offset, uint8_t *out,
		size_t length)
{
	struct list list;
	const uint8_t *entry;
	size_t n;
	int e = list_read(store, file, &list), part;

	if (e < 0)
		return e;
	if ((entry = entry_of(&list, tag)) == NULL)
		return ERROR_NOT_FOUND;
	for (part = entry[AT_FIRST]; offset >= DATA; offset = (uint16_t)(offset - DATA))
		if ((part = next_part(store, file, (uint8_t)part)) <= LAST)
			return ERROR_MEMORY;
	while (length > 0) {
		n = length < DATA - (size_t)offset ? length : DATA - (size_t)offset;
		if (store_read(store, descriptor_object(file, (uint8_t)part), out, LINK + (size_t)offset,
			       n) != (int)n)
			return ERROR_MEMORY;
		out += n;
		length -= n;
		offset = 0;
		if (length > 0 && (part = next_part(store, file, (uint8_t)part)) <= LAST)
			return ERROR_MEMORY;
	}
	return OK;
}

int object_tags(const struct store *store, uint16_t file, uint8_t out[static 2 * OBJECT_COUNT_MAX])
{
	struct list list;
	int e = list_read(store, file, &list), n = 0;

	if (e < 0)
		return e;
	for (size_t i = 0; i < list.length; i += ENTRY) {
		if (list.entries[i])
			out[n++] = list.entries[i];
		out[n++] = list.entries[i + 1];
	}
	return n;
}

int object_used(const struct store *store, uint16_t file)
{
	struct list list;
	int e = list_read(store, file, &list), n = 0;

	for (size_t i = 0; i < list.length; i += ENTRY)
		n += get16(list.entries + i + AT_TOTAL);
	return e < 0 ? e : n;
}

/* ---- Writing ---- */

struct parts {
	uint8_t used[FILE_PARTS_MAX / 8 + 1]; /* a bit each */
};

static int is_used(const struct parts *parts, unsigned part)
{
	return parts->used[part / 8] >> part % 8 & 1;
}

/* Note the parts of a chain, to its end or to the part `last`. A chain that cannot be followed: ERROR_MEMORY.
 */
static int mark_chain(const struct store *store, struct parts *parts, uint16_t file, uint8_t first,
		      uint8_t last)
{
	int part = first;

	for (uint8_t steps = 0; part > LAST && steps < FILE_PARTS_MAX; steps++) {
		parts->used[part / 8] |= (uint8_t)(1 << part % 8);
		part = part == last ? LAST : next_part(store, file, (uint8_t)part);
	}
	return part == LAST ? OK : ERROR_MEMORY;
}

/* Note the parts that the list leads to, and those of an object on its way. */
static int mark_parts(const struct store *store, struct parts *parts, uint16_t file,
		      const struct object_writer *writer)
{
	struct list list;
	int e = list_read(store, file, &list);

	memset(parts, 0, sizeof(*parts));
	if (e == OK && writer)
		e = mark_chain(store, parts, file, writer->first, writer->last);
	for (size_t i = 0; e == OK && i < list.length; i += ENTRY)
		e = mark_chain(store, parts, file, list.entries[i + AT_FIRST], LAST);
	return e;
}

/* A part that nobody needs; LAST when there is none, or ERROR_MEMORY. */
static int free_part(const struct store *store, uint16_t file, const struct object_writer *writer)
{
	struct parts parts;
	int e = mark_parts(store, &parts, file, writer);

	for (unsigned part = LIST + 1; e == OK && part < FILE_PARTS_MAX; part++)
		if (!is_used(&parts, part))
			return (int)part;
	return e < 0 ? e : LAST;
}

/* SPEC: TS 102 221 8.2.2.4: BER-TLV files */
int object_begin(struct store *store, struct object_writer *writer, uint16_t file, uint16_t size,
		 uint16_t tag, uint16_t total)
{
	int used = object_used(store, file), old = object_length(store, file, tag);
	struct list list;
	int e = list_read(store, file, &list);

	if (used < 0 || e < 0)
		return ERROR_MEMORY;
	if (old < 0 && list.length == sizeof(list.entries))
		return ERROR_FULL;
	if (used - (old > 0 ? old : 0) + total > size)
		return ERROR_FULL;
	if ((e = free_part(store, file, NULL)) <= LAST)
		return e < 0 ? e : ERROR_FULL;
	*writer = (struct object_writer){
		.file = file, .tag = tag, .total = total, .first = (uint8_t)e, .last = (uint8_t)e};
	return OK;
}

int object_append(struct store *store, struct object_writer *writer, struct span bytes)
{
	uint8_t part[FILE_PART];
	size_t have, n;
	int e, next;

	if (bytes.length > (size_t)(writer->total - writer->done))
		return ERROR_RANGE;
	while (bytes.length > 0) {
		have = writer->done % DATA;
		n = bytes.length < DATA - have ? bytes.length : DATA - have;
		if (have && store_read(store, descriptor_object(writer->file, writer->last), part + LINK,
				       LINK, have) != (int)have)
			return ERROR_MEMORY;
		memcpy(part + LINK + have, bytes.at, n);
		next = LAST;
		if (have + n == DATA && writer->done + n < writer->total &&
		    (next = free_part(store, writer->file, writer)) <= LAST)
			return next < 0 ? next : ERROR_FULL;
		part[0] = (uint8_t)next;
		e = store_write(store, descriptor_object(writer->file, writer->last), part, LINK + have + n);
		if (e < 0)
			return e;
		if (part[0] != LAST)
			writer->last = part[0];
		writer->done = (uint16_t)(writer->done + n);
		bytes.at += n;
		bytes.length -= n;
	}
	return OK;
}

int object_commit(struct store *store, const struct object_writer *writer)
{
	struct list list;
	uint8_t *entry;
	int e = list_read(store, writer->file, &list);

	if (e < 0)
		return e;
	if ((entry = entry_of(&list, writer->tag)) != NULL)
		entry_remove(&list, entry);
	if (list.length == sizeof(list.entries))
		return ERROR_FULL;
	entry = list.entries + list.length;
	put16(entry, writer->tag);
	put16(entry + AT_TOTAL, writer->total);
	entry[AT_FIRST] = writer->first;
	list.length += ENTRY;
	return list_write(store, writer->file, &list);
}

int object_delete(struct store *store, uint16_t file, uint16_t tag)
{
	struct list list;
	uint8_t *entry;
	int e = list_read(store, file, &list);

	if (e < 0)
		return e;
	if ((entry = entry_of(&list, tag)) == NULL)
		return ERROR_NOT_FOUND;
	entry_remove(&list, entry);
	e = list_write(store, file, &list);
	return e < 0 ? e : object_sweep(store, file, NULL);
}

/* ---- Sweeping ---- */

/* A file with a chain that cannot be followed keeps everything. */
int object_sweep(struct store *store, uint16_t file, const struct object_writer *writer)
{
	uint16_t from = descriptor_object(file, LIST + 1);
	struct parts parts;
	int id, e;

	if (mark_parts(store, &parts, file, writer) < 0)
		return store_failed(store) ? ERROR_MEMORY : OK;
	for (id = store_next(store, from); id >= 0 && id < descriptor_object(file, DESCRIPTOR_PART);
	     id = store_next(store, (uint16_t)(id + 1)))
		if (!is_used(&parts, descriptor_part((uint16_t)id)) &&
		    (e = store_delete(store, (uint16_t)id)) < 0)
			return e;
	return OK;
}

int object_sweep_all(struct store *store)
{
	uint16_t file, last = FILE_NONE;
	struct file row;
	int id, e;

	for (id = store_next(store, STORE_FILE << 8); id >= 0; id = store_next(store, (uint16_t)(id + 1))) {
		file = descriptor_owner((uint16_t)id);
		if (file != last && file_get_owner(store, &row, file) == OK && row.kind == FILE_BER_TLV &&
		    (e = object_sweep(store, file, NULL)) < 0)
			return e;
		last = file;
	}
	return OK;
}
