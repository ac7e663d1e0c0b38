/* place.h - a place in a JSON file that a person wrote, and what is read there.
 *
 * Every function returns 0, or -1 and a fault (FAULT_INPUT) that names the
 * place: "custodians[1].name: is empty". Texts that are handed out live as
 * long as the JSON value. */
#ifndef SIMRITE_PLACE_H
#define SIMRITE_PLACE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/fault.h"

enum {
	PLACE_TEXT = 128 /* bytes of a text, at most */
};

struct place {
	const json_t *object;
	char name[40]; /* "custodians[1]"; "" at the top */
};

/* Say what is wrong with `member`; always -1. */
int place_wrong(struct fault *fault, const struct place *place, const char *member, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Has it no members but these? `allowed` ends with NULL. */
int place_only(const struct place *place, const char *const *allowed, struct fault *fault);

/* A text of 1..PLACE_TEXT bytes that is what it looks like: no character that
 * cannot be seen, no blank at either end. With `fallback`, it may be left out. */
int place_text(const char **out, const struct place *place, const char *member, const char *fallback,
	       struct fault *fault);
/* A text with no other white space than one blank between words: two that print alike are one. */
int place_name(const char **out, const struct place *place, const char *member, struct fault *fault);
int place_number(unsigned *out, const struct place *place, const char *member, unsigned least, unsigned most,
		 struct fault *fault);
/* One of the words of `words`, which ends with NULL: its place there. When `fallback` is
 * not negative the member may be left out, and is that. */
int place_word(unsigned *out, const struct place *place, const char *member, const char *const *words,
	       int fallback, struct fault *fault);
/* A P-256 public key (SubjectPublicKeyInfo, DER, base64): its text and 04 || X || Y. */
int place_key(const char **text, uint8_t point[static 65], const struct place *place, struct fault *fault);
/* 32 bytes as 64 lower-case hex digits. */
int place_digest(uint8_t out[static 32], const struct place *place, const char *member, struct fault *fault);

/* The array `member`, of least..most elements; NULL when it may be missing and is. */
int place_array(const json_t **out, const struct place *place, const char *member, unsigned least,
		unsigned most, struct fault *fault);
/* Its element i, an object, called "name[i]". */
int place_enter(struct place *place, const json_t *array, const char *name, unsigned i, struct fault *fault);
/* The object `member`; place->object is NULL when it may be left out and is. */
int place_object(struct place *place, const struct place *top, const char *member, bool optional,
		 struct fault *fault);

#ifdef __clang_analyzer__
/* The analyser reads one file at a time; this tells it what it returns. */
#define place_wrong(...) (place_wrong(__VA_ARGS__), -1)
#endif

#endif
