#include "vet/image.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hex.h"

enum {
	FILE_MOST = 64 << 20,
	RECORD_LEAST = 5, /* length, address, type, checksum */
	APART = 4         /* differences nearer than that are told as one */
};

static int bad(struct fault *fault, const char *path, const char *why)
{
	return fault_set(fault, FAULT_INPUT, NULL, "%s: %s", path, why);
}

static int extend(struct image_segment *segment, const uint8_t *bytes, size_t length, struct fault *fault)
{
	uint8_t *grown = realloc(segment->bytes, segment->length + length);

	if (!grown)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	memcpy(grown + segment->length, bytes, length);
	segment->bytes = grown;
	segment->length += (uint32_t)length;
	return 0;
}

/* What goes on where the last one ends belongs to it. */
static int add_segment(struct image *image, uint32_t address, const uint8_t *bytes, size_t length,
		       struct fault *fault)
{
	struct image_segment *segments, *last = image->count ? &image->segments[image->count - 1] : NULL;

	if (length == 0)
		return 0;
	if (last && last->address + last->length == address)
		return extend(last, bytes, length, fault);
	segments = realloc(image->segments, (image->count + 1) * sizeof(*segments));
	if (!segments)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	image->segments = segments;
	segments[image->count] = (struct image_segment){address, 0, NULL};
	return extend(&segments[image->count++], bytes, length, fault);
}

static int by_address(const void *a, const void *b)
{
	const struct image_segment *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

/* ---- Intel HEX ---- */

/* One line without its colon; 1 at the end record. */
static int take_record(struct image *image, uint32_t *base, const char *line, size_t digits,
		       struct fault *fault)
{
	uint8_t record[5 + 255], sum = 0;
	size_t length = digits / 2;

	if (digits % 2 || length < RECORD_LEAST || length > sizeof(record) ||
	    hex_read(record, length, line, digits) != 0 || record[0] + (size_t)RECORD_LEAST != length)
		return fault_set(fault, FAULT_INPUT, NULL, "not a record of Intel HEX");
	for (size_t i = 0; i < length; i++)
		sum = (uint8_t)(sum + record[i]);
	if (sum)
		return fault_set(fault, FAULT_INPUT, NULL, "a record with a wrong checksum");
	switch (record[3]) {
	case 0:
		return add_segment(image, *base + (uint32_t)(record[1] << 8 | record[2]), record + 4,
				   record[0], fault);
	case 1:
		return 1;
	case 2:
		*base = (uint32_t)(record[4] << 8 | record[5]) << 4;
		return 0;
	case 4:
		*base = (uint32_t)(record[4] << 8 | record[5]) << 16;
		return 0;
	default:
		return 0; /* 3 and 5: where to start, which is no content */
	}
}

static int load_hex(struct image *image, const char *text, size_t size, struct fault *fault)
{
	uint32_t base = 0;
	size_t at = 0;
	int e = 0;

	while (at < size && e == 0) {
		size_t end = at;

		while (end < size && text[end] != '\n' && text[end] != '\r')
			end++;
		if (end > at)
			e = text[at] == ':'
				    ? take_record(image, &base, text + at + 1, end - at - 1, fault)
				    : fault_set(fault, FAULT_INPUT, NULL, "not a record of Intel HEX");
		at = end + 1;
	}
	if (e == 0)
		return fault_set(fault, FAULT_INPUT, NULL, "Intel HEX without its end: cut off?");
	return e < 0 ? -1 : 0;
}

/* ---- ELF ---- */

struct elf {
	const uint8_t *bytes;
	size_t size;
	Elf32_Ehdr header;
};

static int within(const struct elf *elf, uint64_t offset, uint64_t length)
{
	return offset <= elf->size && length <= elf->size - offset;
}

/* Entry `i` of a table in the file, copied; 0, or -1 when it is not in there. */
static int entry(void *out, size_t size, const struct elf *elf, uint64_t table, size_t i)
{
	if (!within(elf, table + i * size, size))
		return -1;
	memcpy(out, elf->bytes + table + i * size, size);
	return 0;
}

/* A name of a string table, cut to `size`; "" when there is none. */
static void name_of(char *out, size_t size, const struct elf *elf, const Elf32_Shdr *strings, uint32_t at)
{
	size_t i = 0;

	while (i + 1 < size && at + i < strings->sh_size && within(elf, strings->sh_offset + at + i, 1) &&
	       elf->bytes[strings->sh_offset + at + i]) {
		out[i] = (char)elf->bytes[strings->sh_offset + at + i];
		i++;
	}
	out[i] = 0;
}

static int load_segments(struct image *image, const struct elf *elf, struct fault *fault)
{
	Elf32_Phdr segment;

	for (size_t i = 0; i < elf->header.e_phnum; i++) {
		if (entry(&segment, sizeof(segment), elf, elf->header.e_phoff, i) != 0)
			return fault_set(fault, FAULT_INPUT, NULL, "an ELF file that is cut off");
		if (segment.p_type != PT_LOAD || segment.p_filesz == 0)
			continue;
		if (!within(elf, segment.p_offset, segment.p_filesz))
			return fault_set(fault, FAULT_INPUT, NULL, "an ELF file that is cut off");
		if (add_segment(image, segment.p_paddr, elf->bytes + segment.p_offset, segment.p_filesz,
				fault) != 0)
			return -1;
	}
	return 0;
}

static int add_symbols(struct image *image, const struct elf *elf, const Elf32_Shdr *table,
		       struct fault *fault)
{
	size_t count = table->sh_size / sizeof(Elf32_Sym);
	Elf32_Shdr strings, names, section;
	Elf32_Sym symbol;

	if (!within(elf, table->sh_offset, table->sh_size) ||
	    entry(&strings, sizeof(strings), elf, elf->header.e_shoff, table->sh_link) != 0 ||
	    entry(&names, sizeof(names), elf, elf->header.e_shoff, elf->header.e_shstrndx) != 0)
		return 0; /* names only */
	image->symbols = calloc(count ? count : 1, sizeof(*image->symbols));
	if (!image->symbols)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	for (size_t i = 0; i < count; i++) {
		struct image_symbol *to = &image->symbols[image->symbol_count];
		int type;

		if (entry(&symbol, sizeof(symbol), elf, table->sh_offset, i) != 0)
			break;
		type = ELF32_ST_TYPE(symbol.st_info);
		if ((type != STT_FUNC && type != STT_OBJECT) || symbol.st_size == 0 ||
		    entry(&section, sizeof(section), elf, elf->header.e_shoff, symbol.st_shndx) != 0)
			continue;
		to->address = type == STT_FUNC ? symbol.st_value & ~1u : symbol.st_value; /* Thumb */
		to->size = symbol.st_size;
		name_of(to->name, sizeof(to->name), elf, &strings, symbol.st_name);
		name_of(to->section, sizeof(to->section), elf, &names, section.sh_name);
		image->symbol_count++;
	}
	return 0;
}

static int load_elf(struct image *image, const uint8_t *bytes, size_t size, struct fault *fault)
{
	struct elf elf = {.bytes = bytes, .size = size};
	Elf32_Shdr section;

	if (size < sizeof(elf.header) || bytes[EI_CLASS] != ELFCLASS32 || bytes[EI_DATA] != ELFDATA2LSB)
		return fault_set(fault, FAULT_INPUT, NULL, "not an ELF file of 32 bits, little-endian");
	memcpy(&elf.header, bytes, sizeof(elf.header));
	if (elf.header.e_phentsize != sizeof(Elf32_Phdr))
		return fault_set(fault, FAULT_INPUT, NULL, "an ELF file without segments");
	if (load_segments(image, &elf, fault) != 0)
		return -1;
	for (size_t i = 0; i < elf.header.e_shnum && elf.header.e_shentsize == sizeof(section); i++)
		if (entry(&section, sizeof(section), &elf, elf.header.e_shoff, i) == 0 &&
		    section.sh_type == SHT_SYMTAB && !image->symbols &&
		    add_symbols(image, &elf, &section, fault) != 0)
			return -1;
	return 0;
}

/* ---- either ---- */

static uint8_t *read_whole(size_t *size, const char *path, struct fault *fault)
{
	FILE *from = fopen(path, "rbe");
	uint8_t *bytes = NULL;
	long length = -1;

	if (from && fseek(from, 0, SEEK_END) == 0)
		length = ftell(from);
	if (length < 0 || length > FILE_MOST || fseek(from, 0, SEEK_SET) != 0) {
		(void)fault_set(fault, FAULT_INPUT, NULL, "cannot read \"%s\": %s", path,
				length > FILE_MOST ? "too large for an image" : strerror(errno));
		goto out;
	}
	bytes = malloc((size_t)length + 1);
	*size = (size_t)length;
	if (!bytes || fread(bytes, 1, *size, from) != *size) {
		free(bytes);
		bytes = NULL;
		(void)fault_set(fault, FAULT_SYSTEM, NULL, "cannot read \"%s\"", path);
	}
out:
	if (from)
		(void)fclose(from);
	return bytes;
}

int image_load(struct image *image, const char *path, struct fault *fault)
{
	uint8_t *bytes;
	size_t size;
	int e;

	memset(image, 0, sizeof(*image));
	bytes = read_whole(&size, path, fault);
	if (!bytes)
		return -1;
	if (size > SELFMAG && memcmp(bytes, ELFMAG, SELFMAG) == 0)
		e = load_elf(image, bytes, size, fault);
	else if (size > 0 && bytes[0] == ':')
		e = load_hex(image, (const char *)bytes, size, fault);
	else
		e = fault_set(fault, FAULT_INPUT, "give the .elf or the .hex", "neither ELF nor Intel HEX");
	free(bytes);
	if (e < 0)
		return fault_prefix(fault, "%s", path);
	if (image->count == 0)
		return bad(fault, path, "it has nothing to load");
	qsort(image->segments, image->count, sizeof(*image->segments), by_address);
	return 0;
}

void image_free(struct image *image)
{
	for (size_t i = 0; i < image->count; i++)
		free(image->segments[i].bytes);
	free(image->segments);
	free(image->symbols);
	memset(image, 0, sizeof(*image));
}

uint32_t image_size(const struct image *image)
{
	uint32_t size = 0;

	for (size_t i = 0; i < image->count; i++)
		size += image->segments[i].length;
	return size;
}

/* The byte at an address, or -1. */
static int byte_at(const struct image *image, uint32_t address)
{
	for (size_t i = 0; i < image->count; i++)
		if (address - image->segments[i].address < image->segments[i].length)
			return image->segments[i].bytes[address - image->segments[i].address];
	return -1;
}

static const struct image_symbol *symbol_at(const struct image *image, uint32_t address)
{
	for (size_t i = 0; i < image->symbol_count; i++)
		if (address - image->symbols[i].address < image->symbols[i].size)
			return &image->symbols[i];
	return NULL;
}

struct comparison {
	struct image_difference *out;
	size_t room, count;
	uint32_t bytes, end; /* of the last difference */
};

static void note(struct comparison *c, const struct image *ours, uint32_t address, int our, int their)
{
	struct image_difference *d;

	c->bytes++;
	if (c->count == 0 || address - c->end >= APART) {
		c->count++;
		if (c->count <= c->room) {
			const struct image_symbol *symbol = symbol_at(ours, address);

			c->out[c->count - 1] =
				(struct image_difference){.address = address,
							  .symbol = symbol,
							  .offset = symbol ? address - symbol->address : 0};
		}
	}
	c->end = address + 1;
	if (c->count > c->room)
		return;
	d = &c->out[c->count - 1];
	d->length = c->end - d->address;
	if (our >= 0 && d->has_ours < sizeof(d->ours) && d->length <= sizeof(d->ours))
		d->ours[d->has_ours++] = (uint8_t)our;
	if (their >= 0 && d->has_theirs < sizeof(d->theirs) && d->length <= sizeof(d->theirs))
		d->theirs[d->has_theirs++] = (uint8_t)their;
}

size_t image_compare(struct image_difference *out, size_t room, uint32_t *bytes, const struct image *ours,
		     const struct image *theirs)
{
	struct comparison c = {.out = out, .room = room};

	for (size_t i = 0; i < ours->count; i++)
		for (uint32_t k = 0; k < ours->segments[i].length; k++) {
			uint32_t address = ours->segments[i].address + k;
			int their = byte_at(theirs, address);

			if (their != ours->segments[i].bytes[k])
				note(&c, ours, address, ours->segments[i].bytes[k], their);
		}
	for (size_t i = 0; i < theirs->count; i++) /* and what only they have */
		for (uint32_t k = 0; k < theirs->segments[i].length; k++)
			if (byte_at(ours, theirs->segments[i].address + k) < 0)
				note(&c, ours, theirs->segments[i].address + k, -1,
				     theirs->segments[i].bytes[k]);
	*bytes = c.bytes;
	return c.count;
}
