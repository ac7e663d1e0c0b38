/* object.h - the data objects of a BER-TLV EF.
 *
 * An object is kept as it came: tag, length and value, in a chain of the
 * file's store objects; the first of them is the list of all data objects. An
 * object is there when the list says so: a new one is written beside what is
 * there, and one store write, of the list, puts it in the place of the old one.
 * What no list leads to object_sweep() removes.
 *
 * A tag has one or two bytes. The file's size is room for tags, lengths and
 * values; how they are kept costs nothing of it.
 *
 * Nothing here asks for permission. `file` is the number whose store objects
 * hold the contents. ETSI TS 102 221 clauses 8.2.2.4, 11.3. */
#ifndef SIMRITE_OBJECT_H
#define SIMRITE_OBJECT_H

#include "fs/file.h"

enum {
	OBJECT_COUNT_MAX = 51,    /* data objects of one file */
	OBJECT_FILE_MAX = 0x3F00, /* bytes of a BER-TLV file: twice that can be numbered */
};

/* An object on its way into the file. Plain data. */
struct object_writer {
	uint16_t file, tag;
	uint16_t total, done; /* bytes of the object, and those that came */
	uint8_t first, last;  /* of its chain */
};

/* Bytes of the object `tag`, tag and length among them, and copy some of them.
 * ERROR_NOT_FOUND, ERROR_MEMORY. */
MUST_CHECK int object_length(const struct store *store, uint16_t file, uint16_t tag);
MUST_CHECK int object_read(const struct store *store, uint16_t file, uint16_t tag, uint16_t offset,
			   uint8_t *out, size_t length);

/* All tags one after the other: how many bytes. ERROR_MEMORY. */
MUST_CHECK int object_tags(const struct store *store, uint16_t file,
			   uint8_t out[static 2 * OBJECT_COUNT_MAX]);

/* Bytes of all objects. ERROR_MEMORY. */
MUST_CHECK int object_used(const struct store *store, uint16_t file);

/* Begin to write an object of `total` bytes into a file of `size`: nothing is
 * written yet. ERROR_FULL when there is no room beside the other objects, ERROR_MEMORY. */
MUST_CHECK int object_begin(struct store *store, struct object_writer *writer, uint16_t file, uint16_t size,
			    uint16_t tag, uint16_t total);

/* Write the next bytes of it, in up to two store writes. What another writer
 * brought may be lost. ERROR_RANGE for too many, ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int object_append(struct store *store, struct object_writer *writer, struct span bytes);

/* All bytes came: the object is there, with one store write. object_sweep() is to follow. ERROR_FULL,
 * ERROR_MEMORY. */
MUST_CHECK int object_commit(struct store *store, const struct object_writer *writer);

/* Remove an object. ERROR_NOT_FOUND, ERROR_MEMORY. */
MUST_CHECK int object_delete(struct store *store, uint16_t file, uint16_t tag);

/* Remove what belongs to no object, nor to the one on its way (NULL: none), of a file; of every file.
 * ERROR_MEMORY. */
MUST_CHECK int object_sweep(struct store *store, uint16_t file, const struct object_writer *writer);
MUST_CHECK int object_sweep_all(struct store *store);

#endif
