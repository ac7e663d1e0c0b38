/* image.h - what a firmware image puts into a chip's memory, and where two of them differ.
 *
 * Read from an ELF file (32 bits, little-endian: what linkers for Cortex-M
 * write) or an Intel HEX file. Of ELF also the names, to say where a
 * difference is. */
#ifndef SIMRITE_IMAGE_H
#define SIMRITE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

struct image_segment {
	uint32_t address, length;
	uint8_t *bytes;
};

struct image_symbol {
	uint32_t address, size;
	char name[64], section[32];
};

struct image {
	struct image_segment *segments; /* by address, none touching another */
	size_t count;
	struct image_symbol *symbols;
	size_t symbol_count;
};

/* FAULT_INPUT for what is neither. The caller frees, also after a fault. */
int image_load(struct image *image, const char *path, struct fault *fault);
void image_free(struct image *image);

/* Bytes in a row that differ, or that only one has. */
struct image_difference {
	uint32_t address, length;
	const struct image_symbol *symbol; /* of the first image; NULL: nothing has a name there */
	uint32_t offset;                   /* within the symbol */
	uint8_t ours[8], theirs[8];        /* the first of them; */
	uint8_t has_ours, has_theirs;      /* how many are there */
};

/* At most `room` are filled in; returns how many there are, and in *bytes their sum. */
size_t image_compare(struct image_difference *out, size_t room, uint32_t *bytes, const struct image *ours,
		     const struct image *theirs);

/* How many bytes it has. */
uint32_t image_size(const struct image *image);

#endif
