/* State and head come first, so that a file of the constant table needs no more
 * while it has the size it was born with. The rule of a made file is behind all
 * that, and an ADF's AID behind the rule: each a data object. */
#include "fs/descriptor.h"

#include <string.h>

enum {
	AT_STATE,
	AT_HEAD,
	CONSTANT, /* length for a file of the table */
	AT_KIND = CONSTANT,
	AT_SFI,
	AT_RECORDS,
	AT_FLAGS,
	AT_PARENT,
	AT_FID = AT_PARENT + 2,
	AT_SIZE = AT_FID + 2,
	AT_SECURITY = AT_SIZE + 2, /* length for one of the table that was resized */
	LONGEST = AT_SECURITY + FILE_SECURITY_MAX,
	HEAD = 2, /* bytes of tag and length */
	PART_BITS = 7
};

_Static_assert((FILE_END << PART_BITS) + (STORE_FILE << 8) <= UINT16_MAX, "ids of store objects");
_Static_assert(DESCRIPTOR_PART < 1 << PART_BITS, "parts of a file");

uint16_t descriptor_object(uint16_t file, uint8_t part)
{
	return (uint16_t)((STORE_FILE << 8) + (file << PART_BITS | part));
}

uint16_t descriptor_owner(uint16_t id)
{
	return (uint16_t)((id - (STORE_FILE << 8)) >> PART_BITS);
}

uint8_t descriptor_part(uint16_t id)
{
	return (uint8_t)((id - (STORE_FILE << 8)) & ((1 << PART_BITS) - 1));
}

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* Can a file of this kind have this size? What is in the memory is not trusted. */
static int is_sound(const struct file *row)
{
	if (row->kind < FILE_TRANSPARENT || row->kind > FILE_BER_TLV || row->size == 0)
		return 0;
	if (file_has_records(row) &&
	    (row->records == 0 || row->size > UINT8_MAX || row->head >= row->records))
		return 0;
	return file_length(row) <= (uint32_t)file_part(row) * FILE_PARTS_MAX;
}

static int is_application(const struct store *store, const struct file *row, uint16_t file)
{
	uint8_t aid[FILE_AID_MAX];

	return row->kind == FILE_APPLICATION && row->parent == FILE_MF &&
	       descriptor_aid(store, aid, file) >= 0;
}

int descriptor_read(const struct store *store, struct file *row, uint16_t file)
{
	uint8_t bytes[AT_SECURITY];
	int n = store_read(store, descriptor_object(file, DESCRIPTOR_PART), bytes, 0, sizeof(bytes));

	if (n < 0)
		return n;
	if (n < (file < FILE_MADE ? (int)CONSTANT : (int)AT_SECURITY))
		return ERROR_MEMORY;
	if (file >= FILE_MADE)
		*row = (struct file){.kind = bytes[AT_KIND],
				     .sfi = bytes[AT_SFI],
				     .flags = bytes[AT_FLAGS],
				     .parent = get16(bytes + AT_PARENT),
				     .fid = get16(bytes + AT_FID)};
	row->state = bytes[AT_STATE];
	row->head = bytes[AT_HEAD];
	if (n < AT_SECURITY)
		return OK;
	row->records = bytes[AT_RECORDS];
	row->size = get16(bytes + AT_SIZE);
	return row->kind == FILE_DIRECTORY || is_sound(row) || is_application(store, row, file)
		       ? OK
		       : ERROR_MEMORY;
}

/* Copy the data objects behind the rest out: the length of the first of them, or an error. */
static int read_objects(const struct store *store, uint8_t out[static FILE_SECURITY_MAX], uint16_t file,
			int *all)
{
	int n = store_read(store, descriptor_object(file, DESCRIPTOR_PART), out, AT_SECURITY,
			   FILE_SECURITY_MAX);

	if (n < 0)
		return n;
	*all = n;
	return n < HEAD || out[1] > n - HEAD ? ERROR_MEMORY : HEAD + out[1];
}

int descriptor_security(const struct store *store, uint8_t out[static FILE_SECURITY_MAX], uint16_t file)
{
	int all;

	return read_objects(store, out, file, &all);
}

int descriptor_aid(const struct store *store, uint8_t out[static FILE_AID_MAX], uint16_t file)
{
	uint8_t bytes[FILE_SECURITY_MAX];
	int all, at = read_objects(store, bytes, file, &all), length;

	if (at < 0)
		return at;
	length = all - at - HEAD;
	if (length < 1 || length > FILE_AID_MAX || bytes[at + 1] != length)
		return ERROR_MEMORY;
	memcpy(out, bytes + at + HEAD, (size_t)length);
	return length;
}

/* Read what there is; of a file of the table at least `least` bytes, whatever is in them. Its length. */
static int load(const struct store *store, uint8_t bytes[static LONGEST], uint16_t file, int least)
{
	int n = store_read(store, descriptor_object(file, DESCRIPTOR_PART), bytes, 0, LONGEST);

	if (n == ERROR_NOT_FOUND && file < FILE_MADE)
		return least;
	if (n < 0)
		return n;
	if (n < CONSTANT)
		return ERROR_MEMORY;
	return n < least ? least : n;
}

static void put(uint8_t *bytes, const struct file *row)
{
	bytes[AT_STATE] = row->state;
	bytes[AT_HEAD] = row->head;
	bytes[AT_KIND] = row->kind;
	bytes[AT_SFI] = row->sfi;
	bytes[AT_RECORDS] = row->records;
	bytes[AT_FLAGS] = row->flags;
	put16(bytes + AT_PARENT, row->parent);
	put16(bytes + AT_FID, row->fid);
	put16(bytes + AT_SIZE, row->size);
}

int descriptor_save(struct store *store, uint16_t file, uint8_t state, uint8_t head)
{
	uint8_t bytes[LONGEST];
	int n = load(store, bytes, file, CONSTANT);

	if (n < 0)
		return n;
	bytes[AT_STATE] = state;
	bytes[AT_HEAD] = head;
	return store_write(store, descriptor_object(file, DESCRIPTOR_PART), bytes, (size_t)n);
}

int descriptor_resize(struct store *store, uint16_t file, const struct file *row)
{
	uint8_t bytes[LONGEST];
	int n = load(store, bytes, file, AT_SECURITY);

	if (n < 0)
		return n;
	put(bytes, row);
	return store_write(store, descriptor_object(file, DESCRIPTOR_PART), bytes, (size_t)n);
}

int descriptor_create(struct store *store, uint16_t file, const struct file *row, struct span security,
		      struct span aid)
{
	uint8_t bytes[LONGEST];

	if (security.length + aid.length > FILE_SECURITY_MAX)
		return ERROR_RANGE;
	put(bytes, row);
	if (security.length)
		memcpy(bytes + AT_SECURITY, security.at, security.length);
	if (aid.length)
		memcpy(bytes + AT_SECURITY + security.length, aid.at, aid.length);
	return store_write(store, descriptor_object(file, DESCRIPTOR_PART), bytes,
			   AT_SECURITY + security.length + aid.length);
}
