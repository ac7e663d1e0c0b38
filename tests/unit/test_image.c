/* PROVES: host/vet/image.h: an image is read as its linker meant it, a broken one is refused, and what
 * differs is told by address and name. */
#include "vet/image.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/unit.h"

static char path[] = "/tmp/simrite-image-test.XXXXXX";

/* Load these bytes: 0 or -1. */
static int load(struct image *image, const void *bytes, size_t length)
{
	struct fault fault = {0};
	FILE *to = fopen(path, "wb");
	int e;

	CU_ASSERT_PTR_NOT_NULL_FATAL(to);
	CU_ASSERT_EQUAL(fwrite(bytes, 1, length, to), length);
	CU_ASSERT_EQUAL(fclose(to), 0);
	e = image_load(image, path, &fault);
	CU_ASSERT(e == 0 || fault.code == FAULT_INPUT);
	return e;
}

static int load_text(struct image *image, const char *text)
{
	return load(image, text, strlen(text));
}

static void test_hex(void)
{
	struct image image;

	CU_ASSERT_EQUAL(load_text(&image, ":0400000001020304F2\r\n:0400040005060708DE\r\n:020000041000EA\n"
					  ":02001000AABB89\n:00000001FF\n"),
			0);
	CU_ASSERT_EQUAL_FATAL(image.count, 2);
	CU_ASSERT_EQUAL(image_size(&image), 10);
	CU_ASSERT_EQUAL(image.segments[0].address, 0);
	ASSERT_BYTES(image.segments[0].bytes, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	CU_ASSERT_EQUAL(image.segments[1].address, 0x10000010);
	ASSERT_BYTES(image.segments[1].bytes, "\xAA\xBB", 2);
	image_free(&image);
}

static void test_bad_hex(void)
{
	static const char *const bad[] = {"",
					  "hello",
					  ":0400000001020304F3\n:00000001FF\n", /* checksum */
					  ":0400000001020304F2\n",              /* no end */
					  ":04000000010203F2\n:00000001FF\n",   /* short */
					  ":0400000001020304F2\nx\n:00000001FF\n",
					  ":00000001FF\n", /* nothing */
					  ":0\n",
					  ":zz000001FF\n"};
	struct image image;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(load_text(&image, bad[i]), -1);
		image_free(&image);
	}
}

/* One segment of 16 bytes at 0x100, a function in its second half. */
struct small {
	Elf32_Ehdr header;
	Elf32_Phdr segment;
	uint8_t code[16];
	Elf32_Shdr sections[4];
	Elf32_Sym symbols[2];
	char strings[32], names[32];
};

static void make(struct small *s)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->header.e_ident, ELFMAG, SELFMAG);
	s->header.e_ident[EI_CLASS] = ELFCLASS32;
	s->header.e_ident[EI_DATA] = ELFDATA2LSB;
	s->header.e_phoff = offsetof(struct small, segment);
	s->header.e_phentsize = sizeof(Elf32_Phdr);
	s->header.e_phnum = 1;
	s->header.e_shoff = offsetof(struct small, sections);
	s->header.e_shentsize = sizeof(Elf32_Shdr);
	s->header.e_shnum = 4;
	s->header.e_shstrndx = 3;
	s->segment = (Elf32_Phdr){.p_type = PT_LOAD,
				  .p_offset = offsetof(struct small, code),
				  .p_paddr = 0x100,
				  .p_filesz = sizeof(s->code)};
	for (uint8_t i = 0; i < sizeof(s->code); i++)
		s->code[i] = i;
	s->sections[0] = (Elf32_Shdr){.sh_name = 1, .sh_type = SHT_PROGBITS};
	s->sections[1] = (Elf32_Shdr){.sh_type = SHT_SYMTAB,
				      .sh_offset = offsetof(struct small, symbols),
				      .sh_size = sizeof(s->symbols),
				      .sh_link = 2};
	s->sections[2] = (Elf32_Shdr){.sh_type = SHT_STRTAB,
				      .sh_offset = offsetof(struct small, strings),
				      .sh_size = sizeof(s->strings)};
	s->sections[3] = (Elf32_Shdr){.sh_type = SHT_STRTAB,
				      .sh_offset = offsetof(struct small, names),
				      .sh_size = sizeof(s->names)};
	s->symbols[1] = (Elf32_Sym){.st_name = 1,
				    .st_value = 0x109, /* Thumb */
				    .st_size = 8,
				    .st_info = ELF32_ST_INFO(STB_GLOBAL, STT_FUNC),
				    .st_shndx = 0};
	memcpy(s->strings, "\0accept", 8);
	memcpy(s->names, "\0.text", 7);
}

static void test_elf(void)
{
	struct image_difference d[2];
	struct image ours, theirs;
	struct small s;
	uint32_t bytes;

	make(&s);
	CU_ASSERT_EQUAL_FATAL(load(&ours, &s, sizeof(s)), 0);
	CU_ASSERT_EQUAL(ours.symbol_count, 1);
	CU_ASSERT_EQUAL(load(&theirs, &s, sizeof(s)), 0);
	CU_ASSERT_EQUAL(image_compare(d, 2, &bytes, &ours, &theirs), 0);
	CU_ASSERT_EQUAL(bytes, 0);
	image_free(&theirs);
	s.code[10] ^= 0xFF;
	s.code[11] ^= 0xFF;
	s.code[2] = 0x77;
	CU_ASSERT_EQUAL(load(&theirs, &s, sizeof(s)), 0);
	CU_ASSERT_EQUAL(image_compare(d, 2, &bytes, &ours, &theirs), 2);
	CU_ASSERT_EQUAL(bytes, 3);
	CU_ASSERT_PTR_NULL(d[0].symbol);
	CU_ASSERT_EQUAL(d[0].address, 0x102);
	CU_ASSERT_EQUAL(d[1].address, 0x10A);
	CU_ASSERT_EQUAL(d[1].length, 2);
	CU_ASSERT_PTR_NOT_NULL_FATAL(d[1].symbol);
	CU_ASSERT_STRING_EQUAL(d[1].symbol->name, "accept");
	CU_ASSERT_STRING_EQUAL(d[1].symbol->section, ".text");
	CU_ASSERT_EQUAL(d[1].offset, 2);
	ASSERT_BYTES(d[1].ours, "\x0A\x0B", 2);
	ASSERT_BYTES(d[1].theirs, "\xF5\xF4", 2);
	image_free(&theirs);
	image_free(&ours);
}

/* What one of them has in addition, and the other in other places. */
static void test_more(void)
{
	struct image_difference d[4];
	struct image ours, theirs;
	uint32_t bytes;

	CU_ASSERT_EQUAL(load_text(&ours, ":0400000001020304F2\n:00000001FF\n"), 0);
	CU_ASSERT_EQUAL(load_text(&theirs, ":0400000001020304F2\n:02010000AABB98\n:00000001FF\n"), 0);
	CU_ASSERT_EQUAL(image_compare(d, 4, &bytes, &ours, &theirs), 1);
	CU_ASSERT_EQUAL(d[0].address, 0x100);
	CU_ASSERT_EQUAL(d[0].has_ours, 0);
	CU_ASSERT_EQUAL(d[0].has_theirs, 2);
	CU_ASSERT_EQUAL(image_compare(d, 4, &bytes, &theirs, &ours), 1);
	CU_ASSERT_EQUAL(d[0].has_ours, 2);
	CU_ASSERT_EQUAL(image_compare(d, 0, &bytes, &theirs, &ours), 1);
	CU_ASSERT_EQUAL(bytes, 2);
	image_free(&ours);
	image_free(&theirs);
}

/* Cut anywhere, or with any byte another: read or refused, never beyond its end. */
static void test_broken_elf(void)
{
	struct image image;
	struct small s;

	make(&s);
	for (size_t length = 0; length < sizeof(s); length++) {
		(void)load(&image, &s, length);
		image_free(&image);
	}
	for (size_t at = 0; at < sizeof(s); at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			make(&s);
			((uint8_t *)&s)[at] ^= (uint8_t)(1u << bit);
			(void)load(&image, &s, sizeof(s));
			image_free(&image);
		}
	CU_PASS("none of them ended the program");
}

int main(void)
{
	static const struct unit_test tests[] = {UNIT(test_hex), UNIT(test_bad_hex), UNIT(test_elf),
						 UNIT(test_more), UNIT(test_broken_elf)};
	int file = mkstemp(path), result;

	if (file < 0)
		return 1;
	close(file);
	result = unit_run("image", tests, sizeof(tests) / sizeof(tests[0]));
	(void)unlink(path);
	return result;
}
