/* descriptor.h - what the memory knows of a file beside its contents.
 *
 * One store object for each file whose life cycle, newest record or size
 * changed, and for each file made at run time, which it describes whole. No
 * object: a file of the constant table as it was born, or no file. */
#ifndef SIMRITE_DESCRIPTOR_H
#define SIMRITE_DESCRIPTOR_H

#include "fs/file.h"

enum {
	DESCRIPTOR_PART = FILE_PARTS_MAX /* the object behind those of the contents */
};

/* The id of a part of a file's contents, or of its descriptor; and the file that an id belongs to, and which
 * part of it. */
uint16_t descriptor_object(uint16_t file, uint8_t part);
uint16_t descriptor_owner(uint16_t id);
uint8_t descriptor_part(uint16_t id);

/* Fill in what the object says: state and head, of a resized file size and
 * records, and of a made file everything but `preset` and `owner`.
 * ERROR_NOT_FOUND; ERROR_MEMORY, also when what it says is no file. */
MUST_CHECK int descriptor_read(const struct store *store, struct file *row, uint16_t file);

/* Copy a made file's access rule (tag, length, value), or a made ADF's AID, out; its length or an error. */
MUST_CHECK int descriptor_security(const struct store *store, uint8_t out[static FILE_SECURITY_MAX],
				   uint16_t file);
MUST_CHECK int descriptor_aid(const struct store *store, uint8_t out[static FILE_AID_MAX], uint16_t file);

/* Write state and head of any file; or its new size too, as `row` says; or the
 * whole of a made one, with its rule and its AID. One store write. ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int descriptor_save(struct store *store, uint16_t file, uint8_t state, uint8_t head);
MUST_CHECK int descriptor_resize(struct store *store, uint16_t file, const struct file *row);
MUST_CHECK int descriptor_create(struct store *store, uint16_t file, const struct file *row,
				 struct span security, struct span aid);

#endif
