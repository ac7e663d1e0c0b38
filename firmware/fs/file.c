/* A record is a store object of its own, so that one UPDATE RECORD writes one
 * record and a long file does not have to fit a buffer. */
#include "fs/file.h"

#include <string.h>

#include "card.h"
#include "fs/access.h"
#include "fs/profile.h"

uint8_t file_child(uint8_t parent, uint16_t fid)
{
	uint8_t i;

	for (i = FILE_MF + 1; i < profile_files; i++)
		if (profile[i].parent == parent && profile[i].fid == fid && fid != 0)
			return i;
	return FILE_NONE;
}

uint8_t file_by_sfi(uint8_t parent, uint8_t sfi)
{
	uint8_t i;

	for (i = FILE_MF + 1; i < profile_files; i++)
		if (profile[i].parent == parent && profile[i].sfi == sfi && sfi != 0)
			return i;
	return FILE_NONE;
}

uint8_t file_by_aid(struct span aid, uint8_t after)
{
	uint8_t i = after == FILE_NONE ? FILE_MF : (uint8_t)(after + 1);

	for (; i < profile_files; i++)
		if (profile[i].kind == FILE_APPLICATION && aid.length <= profile[i].preset.length &&
		    (aid.length == 0 || memcmp(aid.at, profile[i].preset.at, aid.length) == 0))
			return i;
	return FILE_NONE;
}

const struct file *file_row(uint8_t file)
{
	return file < profile_files ? &profile[file] : NULL;
}

/* The row of an EF that has this record (0: of a transparent file) and these bytes. */
static const struct file *part_of(uint8_t file, uint8_t record, size_t offset, size_t length)
{
	const struct file *row = file_row(file);

	if (!row || (row->kind != FILE_TRANSPARENT && row->kind != FILE_LINEAR))
		return NULL;
	if (row->kind == FILE_LINEAR ? record == 0 || record > row->records : record != 0)
		return NULL;
	return offset <= row->size && length <= row->size - offset ? row : NULL;
}

static uint16_t object_id(uint8_t file, uint8_t record)
{
	return (uint16_t)((STORE_FILE + file) << 8 | record);
}

/* EF.ARR is the rules that access.c enforces: it reads as them, and as nothing
 * else even if the memory has an object for it. */
static int is_constant(const struct file *row)
{
	return row->preset.at == access_rules;
}

/* Bytes of the default of a file or record. */
static void preset(const struct file *row, uint8_t record, uint8_t offset, uint8_t *out, size_t length)
{
	size_t from = offset + (record ? (size_t)(record - 1) * row->size : 0), have = 0;

	if (from < row->preset.length)
		have = row->preset.length - from < length ? row->preset.length - from : length;
	if (have)
		memcpy(out, row->preset.at + from, have);
	memset(out + have, 0xFF, length - have);
}

int file_read(const struct store *store, uint8_t file, uint8_t record, uint8_t offset, uint8_t *out,
	      size_t length)
{
	const struct file *row = part_of(file, record, offset, length);
	int e;

	if (!row)
		return ERROR_RANGE;
	e = is_constant(row) ? ERROR_NOT_FOUND
			     : store_read(store, object_id(file, record), out, offset, length);
	if (e == ERROR_NOT_FOUND) {
		preset(row, record, offset, out, length);
		return OK;
	}
	return e == (int)length ? OK : ERROR_MEMORY;
}

int file_write(struct store *store, uint8_t file, uint8_t record, uint8_t offset, struct span content)
{
	const struct file *row = part_of(file, record, offset, content.length);
	uint8_t bytes[FILE_SIZE_MAX];
	int e;

	if (!row)
		return ERROR_RANGE;
	if (is_constant(row))
		return ERROR_VALUE;
	if ((e = file_read(store, file, record, 0, bytes, row->size)) < 0)
		return e;
	if (content.length == 0 || memcmp(bytes + offset, content.at, content.length) == 0)
		return OK;
	memcpy(bytes + offset, content.at, content.length);
	return store_write(store, object_id(file, record), bytes, row->size);
}

int file_put(struct card *card, struct span path, uint8_t record, uint8_t offset, struct span content)
{
	uint8_t file = FILE_MF;
	const struct file *row;
	uint16_t fid;
	size_t i;

	if (path.length == 0 || path.length % 2 != 0)
		return ERROR_FORMAT;
	for (i = 0; i < path.length; i += 2) {
		fid = (uint16_t)(path.at[i] << 8 | path.at[i + 1]);
		file = i == 0 && fid == FID_ADF ? profile_usim : file_child(file, fid);
		if (file == FILE_NONE)
			return ERROR_NOT_FOUND;
	}
	row = file_row(file);
	if (row->kind == FILE_DIRECTORY || row->kind == FILE_APPLICATION || record > row->records ||
	    (row->kind == FILE_LINEAR) != (record != 0))
		return ERROR_NOT_FOUND;
	return file_write(&card->store, file, record, offset, content);
}
