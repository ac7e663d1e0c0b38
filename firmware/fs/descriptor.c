/* State and head come first, so that a file of the constant table needs no more. */
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
	AT_SECURITY = AT_SIZE + 2,
	LONGEST = AT_SECURITY + FILE_SECURITY_MAX,
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

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* Is this a file that can have been made? What is in the memory is not trusted. */
static int is_sound(const struct file *row)
{
	if (row->kind == FILE_DIRECTORY)
		return 1;
	if (row->kind < FILE_TRANSPARENT || row->kind > FILE_BER_TLV || row->size == 0)
		return 0;
	if (file_has_records(row) &&
	    (row->records == 0 || row->size > UINT8_MAX || row->head >= row->records))
		return 0;
	return file_length(row) <= (uint32_t)file_part(row) * FILE_PARTS_MAX;
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
				     .records = bytes[AT_RECORDS],
				     .flags = bytes[AT_FLAGS],
				     .parent = get16(bytes + AT_PARENT),
				     .fid = get16(bytes + AT_FID),
				     .size = get16(bytes + AT_SIZE)};
	row->state = bytes[AT_STATE];
	row->head = bytes[AT_HEAD];
	return file < FILE_MADE || is_sound(row) ? OK : ERROR_MEMORY;
}

int descriptor_security(const struct store *store, uint8_t out[static FILE_SECURITY_MAX], uint16_t file)
{
	return store_read(store, descriptor_object(file, DESCRIPTOR_PART), out, AT_SECURITY,
			  FILE_SECURITY_MAX);
}

int descriptor_save(struct store *store, uint16_t file, uint8_t state, uint8_t head)
{
	uint16_t id = descriptor_object(file, DESCRIPTOR_PART);
	uint8_t bytes[LONGEST];
	int n = store_read(store, id, bytes, 0, sizeof(bytes));

	if (n == ERROR_NOT_FOUND && file < FILE_MADE)
		n = CONSTANT;
	if (n < 0)
		return n;
	if (n < CONSTANT)
		return ERROR_MEMORY;
	bytes[AT_STATE] = state;
	bytes[AT_HEAD] = head;
	return store_write(store, id, bytes, (size_t)n);
}

int descriptor_create(struct store *store, uint16_t file, const struct file *row, struct span security)
{
	uint8_t bytes[LONGEST];

	if (security.length > FILE_SECURITY_MAX)
		return ERROR_RANGE;
	bytes[AT_STATE] = row->state;
	bytes[AT_HEAD] = row->head;
	bytes[AT_KIND] = row->kind;
	bytes[AT_SFI] = row->sfi;
	bytes[AT_RECORDS] = row->records;
	bytes[AT_FLAGS] = row->flags;
	put16(bytes + AT_PARENT, row->parent);
	put16(bytes + AT_FID, row->fid);
	put16(bytes + AT_SIZE, row->size);
	if (security.length)
		memcpy(bytes + AT_SECURITY, security.at, security.length);
	return store_write(store, descriptor_object(file, DESCRIPTOR_PART), bytes,
			   AT_SECURITY + security.length);
}
