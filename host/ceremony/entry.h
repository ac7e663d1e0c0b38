/* entry.h - an entry of a transcript, member by member.
 *
 * Each check returns 0, or -1 and a fault (FAULT_NO) that names the member and
 * what is wrong with it. */
#ifndef SIMRITE_ENTRY_H
#define SIMRITE_ENTRY_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

/* Say what is wrong; always -1. */
int entry_no(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Has data so many members? Each is then asked for by name, so it has no others. */
int entry_members(const json_t *data, size_t count, struct fault *fault);
int entry_is_text(const json_t *data, const char *name, const char *want, struct fault *fault);
int entry_is_number(const json_t *data, const char *name, unsigned want, struct fault *fault);
/* `length` bytes in lower-case hex, not all zero. */
int entry_bytes(uint8_t *out, size_t length, const json_t *data, const char *name, struct fault *fault);
/* A text of at most size - 1 bytes. */
int entry_text(char *out, size_t size, const json_t *data, const char *name, struct fault *fault);
/* A signature (DER, base64, low s) of `point` over this digest. */
int entry_signature(const json_t *data, const uint8_t point[static 65], const uint8_t digest[static 32],
		    struct fault *fault);

/* ---- for people ---- */

/* What an entry of this type says, as the beginning of a sentence; "" for no type of ours. */
const char *entry_meaning(const char *type);
/* Who acts in it: a person of the plan, or "". */
const char *entry_who(const json_t *data);

#ifdef __clang_analyzer__
/* The analyser reads one file at a time; this tells it what it returns. */
#define entry_no(...) (entry_no(__VA_ARGS__), -1)
#endif

#endif
