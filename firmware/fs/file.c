/* Contents are cut into parts so that an update writes little, and no file has to
 * fit a buffer; small records share a part, as the store can count only so many. */
#include "fs/file.h"

#include <string.h>

#include "card.h"
#include "fs/access.h"
#include "fs/descriptor.h"
#include "fs/gone.h"
#include "fs/profile.h"

/* ---- The tree ---- */

uint16_t file_constants(void)
{
	return profile_files;
}

/* Is this row, if it is there, in that directory? */
static int is_in(uint16_t file, uint16_t parent)
{
	return file != FILE_MF && profile[file].parent == parent;
}

/* Is this row a link to the other? */
static int leads_to(uint16_t file, uint16_t owner)
{
	return (profile[file].form & PROFILE_KIND) == 0 && profile[file].size == profile[owner].fid &&
	       profile[file].records == profile[owner].parent;
}

/* The row of this FID, which may be gone. */
static uint16_t constant_child(uint16_t parent, uint16_t fid)
{
	uint16_t i;

	for (i = FILE_MF + 1; i < profile_files; i++)
		if (profile[i].parent == parent && profile[i].fid == fid && fid != 0)
			return i;
	return FILE_NONE;
}

/* A row of the table, and where its contents are when it is a link. */
static int constant_get(struct file *row, uint16_t file)
{
	const struct profile_row *at = &profile[file], *holds = at;

	*row = (struct file){.fid = at->fid,
			     .parent = file == FILE_MF ? FILE_NONE : at->parent,
			     .owner = file,
			     .sfi = at->form >> PROFILE_SFI_SHIFT,
			     .rule = at->rule,
			     .state = FILE_ACTIVE};
	if ((at->form & PROFILE_KIND) == 0) {
		row->owner = constant_child(at->records, at->size);
		if (row->owner == FILE_NONE)
			return ERROR_MEMORY;
		holds = &profile[row->owner];
	}
	row->kind = holds->form & PROFILE_KIND;
	row->size = holds->size;
	row->records = holds->records;
	row->preset = profile_presets[holds->preset];
	return OK;
}

int file_get(const struct store *store, struct file *row, uint16_t file)
{
	int e;

	if (file < profile_files) {
		if ((e = gone_is(store, file)) != 0)
			return e < 0 ? e : ERROR_NOT_FOUND;
		if ((e = constant_get(row, file)) < 0)
			return e;
		e = descriptor_read(store, row, row->owner);
		return e == ERROR_NOT_FOUND ? OK : e;
	}
	if (file < FILE_MADE || file >= FILE_END)
		return ERROR_NOT_FOUND;
	e = descriptor_read(store, row, file);
	row->owner = file;
	return e;
}

int file_get_owner(const struct store *store, struct file *row, uint16_t owner)
{
	int e = file_get(store, row, owner);

	if (e == OK && row->owner != owner)
		return ERROR_NOT_FOUND; /* a link */
	for (uint16_t i = 0; e == ERROR_NOT_FOUND && owner < profile_files && i < profile_files; i++)
		if (leads_to(i, owner))
			e = file_get(store, row, i);
	return e;
}

size_t file_aid(const struct store *store, uint8_t aid[static FILE_AID_MAX], uint16_t file)
{
	struct span preset;
	int n;

	if (file_kind(store, file) != FILE_APPLICATION)
		return 0;
	if (file < profile_files) {
		preset = profile_presets[profile[file].preset];
		memcpy(aid, preset.at, preset.length);
		return preset.length;
	}
	n = descriptor_aid(store, aid, file);
	return n < 0 ? 0 : (size_t)n;
}

uint8_t file_kind(const struct store *store, uint16_t file)
{
	struct file row;

	return file_get(store, &row, file) == OK ? row.kind : 0;
}

uint16_t file_parent(const struct store *store, uint16_t file)
{
	struct file row;

	return file_get(store, &row, file) == OK ? row.parent : FILE_NONE;
}

int file_is_directory(const struct store *store, uint16_t file)
{
	uint8_t kind = file_kind(store, file);

	return kind == FILE_DIRECTORY || kind == FILE_APPLICATION;
}

int file_is_terminated(const struct store *store, uint16_t file)
{
	struct file row;

	for (; file != FILE_NONE; file = row.parent)
		if (file_get(store, &row, file) < 0 || row.state == FILE_TERMINATED)
			return 1;
	return 0;
}

/* The first file from `file` on that is in directory `parent`, or FILE_NONE. */
static uint16_t next_in(const struct store *store, struct file *row, uint16_t parent, unsigned file)
{
	for (; file < FILE_END; file++)
		if ((file >= FILE_MADE || (file < profile_files && is_in((uint16_t)file, parent))) &&
		    file_get(store, row, (uint16_t)file) == OK && row->parent == parent)
			return (uint16_t)file;
	return FILE_NONE;
}

uint16_t file_child(const struct store *store, uint16_t parent, uint16_t fid)
{
	uint16_t file = fid ? constant_child(parent, fid) : FILE_NONE;
	struct file row;

	if (fid == 0 || (file != FILE_NONE && file_get(store, &row, file) == OK))
		return file;
	for (file = next_in(store, &row, parent, FILE_MADE); file != FILE_NONE;
	     file = next_in(store, &row, parent, file + 1u))
		if (row.fid == fid)
			return file;
	return FILE_NONE;
}

uint16_t file_by_sfi(const struct store *store, uint16_t parent, uint8_t sfi)
{
	struct file row;
	uint16_t i;

	if (sfi == 0)
		return FILE_NONE;
	for (i = FILE_MF + 1; i < profile_files; i++)
		if (is_in(i, parent) && profile[i].form >> PROFILE_SFI_SHIFT == sfi &&
		    file_get(store, &row, i) == OK)
			return i;
	for (i = next_in(store, &row, parent, FILE_MADE); i != FILE_NONE;
	     i = next_in(store, &row, parent, i + 1u))
		if (row.sfi == sfi)
			return i;
	return FILE_NONE;
}

void file_count(const struct store *store, uint16_t parent, uint8_t *directories, uint8_t *files)
{
	struct file row;
	uint16_t i;

	*directories = *files = 0;
	for (i = next_in(store, &row, parent, FILE_MF + 1); i != FILE_NONE;
	     i = next_in(store, &row, parent, i + 1u))
		if (row.kind != FILE_APPLICATION)
			++*(row.kind == FILE_DIRECTORY ? directories : files);
}

uint16_t file_by_aid(const struct store *store, struct span aid, uint16_t after)
{
	unsigned i = after == FILE_NONE ? FILE_MF : after + 1u;
	uint8_t own[FILE_AID_MAX];
	size_t length;

	for (; i < FILE_END; i++) {
		if (i < profile_files && profile[i].form != FILE_APPLICATION)
			continue; /* most of them, for little */
		length = file_aid(store, own, (uint16_t)i);
		if (length > 0 && aid.length <= length &&
		    (aid.length == 0 || memcmp(aid.at, own, aid.length) == 0))
			return (uint16_t)i;
	}
	return FILE_NONE;
}

/* ---- Contents ---- */

int file_has_records(const struct file *row)
{
	return row->kind == FILE_LINEAR || row->kind == FILE_CYCLIC;
}

uint32_t file_length(const struct file *row)
{
	return (uint32_t)row->size * (file_has_records(row) ? row->records : 1u);
}

uint16_t file_part(const struct file *row)
{
	if (!file_has_records(row))
		return FILE_PART;
	return (uint16_t)(row->size < FILE_PACK ? FILE_PACK - (unsigned)FILE_PACK % row->size : row->size);
}

/* The row of an EF that has this record (0: of a transparent file) and these bytes. */
static int part_of(const struct store *store, struct file *row, uint16_t file, uint8_t record, size_t offset,
		   size_t length)
{
	int e = file_get(store, row, file);

	if (e == ERROR_MEMORY)
		return e;
	if (e < 0 || (row->kind != FILE_TRANSPARENT && !file_has_records(row)))
		return ERROR_RANGE;
	if (file_has_records(row) ? record == 0 || record > row->records : record != 0)
		return ERROR_RANGE;
	return offset <= row->size && length <= row->size - offset ? OK : ERROR_RANGE;
}

/* EF.ARR is the rules that access.c enforces: it reads as them, and as nothing
 * else even if the memory has an object for it. */
static int is_constant(const struct file *row)
{
	return row->preset.at == access_rules;
}

/* SPEC: TS 102 221 8.2.2.3: where a record is in the ring of a cyclic file; of a linear one, itself. */
static uint8_t place_of(const struct file *row, uint8_t record)
{
	if (row->kind != FILE_CYCLIC)
		return record;
	return (uint8_t)((row->head + record - 1u) % row->records + 1u);
}

/* A stretch of one store object. */
struct part {
	uint16_t id;
	uint16_t base;   /* of its first byte in the contents */
	uint16_t offset; /* in the part */
	uint16_t whole;  /* bytes the part has */
};

/* The part that has the byte at `offset`. Records are laid one behind the other. */
/* SPEC: TS 102 221 8.2.2.1, 8.2.2.2: transparent and linear fixed files */
static struct part part_at(const struct file *row, uint8_t record, uint16_t offset)
{
	uint32_t total = file_length(row), length = file_part(row), at = offset, base;

	if (file_has_records(row))
		at += row->size * (place_of(row, record) - 1u);
	base = at - at % length;
	return (struct part){.id = descriptor_object(row->owner, (uint8_t)(at / length)),
			     .base = (uint16_t)base,
			     .offset = (uint16_t)(at - base),
			     .whole = (uint16_t)(total - base < length ? total - base : length)};
}

/* Bytes of the default. */
static void preset(const struct file *row, size_t from, uint8_t *out, size_t length)
{
	size_t have = 0;

	if (from < row->preset.length)
		have = row->preset.length - from < length ? row->preset.length - from : length;
	if (have)
		memcpy(out, row->preset.at + from, have);
	memset(out + have, 0xFF, length - have);
}

static int part_read(const struct store *store, const struct file *row, const struct part *part, uint8_t *out,
		     size_t length)
{
	int n = is_constant(row) ? ERROR_NOT_FOUND : store_read(store, part->id, out, part->offset, length);

	if (n == ERROR_NOT_FOUND) {
		preset(row, (size_t)part->base + part->offset, out, length);
		return OK;
	}
	if (n == ERROR_RANGE)
		n = 0; /* written before the file was made longer */
	if (n < 0)
		return ERROR_MEMORY;
	memset(out + n, 0xFF, length - (size_t)n);
	return OK;
}

/* How much of `length` the part has. */
static size_t reach(const struct part *part, size_t length)
{
	size_t left = (size_t)(part->whole - part->offset);

	return length < left ? length : left;
}

int file_read(const struct store *store, uint16_t file, uint8_t record, uint16_t offset, uint8_t *out,
	      size_t length)
{
	struct part part;
	struct file row;
	size_t n;
	int e;

	if ((e = part_of(store, &row, file, record, offset, length)) < 0)
		return e;
	for (; length > 0; length -= n, out += n, offset = (uint16_t)(offset + n)) {
		part = part_at(&row, record, offset);
		n = reach(&part, length);
		if ((e = part_read(store, &row, &part, out, n)) < 0)
			return e;
	}
	return OK;
}

static int part_write(struct store *store, const struct file *row, const struct part *part,
		      struct span content)
{
	uint8_t bytes[FILE_PART];
	struct part whole = *part;
	int e;

	whole.offset = 0;
	if ((e = part_read(store, row, &whole, bytes, part->whole)) < 0)
		return e;
	if (content.length == 0 || memcmp(bytes + part->offset, content.at, content.length) == 0)
		return OK;
	memcpy(bytes + part->offset, content.at, content.length);
	return store_write(store, part->id, bytes, part->whole);
}

static int write_parts(struct store *store, const struct file *row, uint8_t record, uint16_t offset,
		       struct span content)
{
	struct part part;
	size_t n;
	int e;

	for (; content.length > 0; content.at += n, content.length -= n, offset = (uint16_t)(offset + n)) {
		part = part_at(row, record, offset);
		n = reach(&part, content.length);
		if ((e = part_write(store, row, &part, (struct span){content.at, n})) < 0)
			return e;
	}
	return OK;
}

/* Close what store_begin() opened (`began` is its result), or leave the
 * caller's transaction alone. */
static int finish(struct store *store, int began, int e)
{
	if (began < 0)
		return e;
	if (e < 0) {
		store_abort(store);
		return e;
	}
	return store_commit(store);
}

int file_write(struct store *store, uint16_t file, uint8_t record, uint16_t offset, struct span content)
{
	struct file row;
	int e, began;

	if ((e = part_of(store, &row, file, record, offset, content.length)) < 0)
		return e;
	if (is_constant(&row))
		return ERROR_VALUE;
	if (content.length == 0 || file_has_records(&row) ||
	    offset / FILE_PART == (offset + content.length - 1) / FILE_PART)
		return write_parts(store, &row, record, offset, content);
	began = store_begin(store); /* ERROR_STATE: in the caller's */
	if (began < 0 && began != ERROR_STATE)
		return began;
	return finish(store, began, write_parts(store, &row, record, offset, content));
}

int file_append(struct store *store, uint16_t file, struct span content)
{
	struct file row;
	int e, began;

	if ((e = part_of(store, &row, file, 1, 0, content.length)) < 0)
		return e;
	if (row.kind != FILE_CYCLIC || content.length != row.size)
		return ERROR_RANGE;
	row.head = (uint8_t)((row.head + row.records - 1u) % row.records);
	began = store_begin(store);
	if (began < 0 && began != ERROR_STATE)
		return began;
	e = write_parts(store, &row, 1, 0, content);
	if (e == OK)
		e = descriptor_save(store, row.owner, row.state, row.head);
	return finish(store, began, e);
}

int file_set_state(struct store *store, uint16_t file, enum file_state state)
{
	struct file row;
	int e = file_get(store, &row, file);

	return e < 0 ? e : descriptor_save(store, row.owner, (uint8_t)state, row.head);
}

int file_put(struct card *card, struct span path, uint8_t record, uint8_t offset, struct span content)
{
	uint16_t file = FILE_MF;
	struct file row;
	uint16_t fid;
	size_t i;

	if (path.length == 0 || path.length % 2 != 0)
		return ERROR_FORMAT;
	for (i = 0; i < path.length; i += 2) {
		fid = (uint16_t)(path.at[i] << 8 | path.at[i + 1]);
		file = i == 0 && fid == FID_ADF ? profile_usim : file_child(&card->store, file, fid);
		if (file == FILE_NONE)
			return ERROR_NOT_FOUND;
	}
	if (file_get(&card->store, &row, file) < 0 ||
	    (row.kind != FILE_TRANSPARENT && !file_has_records(&row)) || record > row.records ||
	    file_has_records(&row) != (record != 0))
		return ERROR_NOT_FOUND;
	return file_write(&card->store, file, record, offset, content);
}
