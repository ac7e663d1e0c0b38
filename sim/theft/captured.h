/* captured.h - small files of a thief's captured folder. */
#ifndef SIMRITE_CAPTURED_H
#define SIMRITE_CAPTURED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

/* The first line of CAPTURED/NAME, without its end: 1; 0 when there is no such file; -1. */
int captured_line(char *out, size_t size, const char *captured, const char *name, struct fault *fault);
/* The same as at most `size` bytes of hex; returns how many, 0 when there is no such file. */
int captured_hex(uint8_t *out, size_t size, const char *captured, const char *name, struct fault *fault);

/* What somebody knows of a key: CAPTURED/NAME has a line "des first=HEX bits=N", "seed bits=N" and the
 * like (simrite-old-bureau(1)). 1, 0 when there is no such file, -1. */
struct captured_space {
	uint64_t first;
	unsigned bits;
};
int captured_space(struct captured_space *space, const char *captured, const char *name, struct fault *fault);

/* Call `take` for every mail in CAPTURED/mail, by name; returns their number, 0 without the folder, or -1. */
struct mail;
int captured_mails(const char *captured,
		   void (*take)(void *context, const char *name, const struct mail *mail), void *context,
		   struct fault *fault);

#endif
