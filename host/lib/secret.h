/* secret.h - secrets from files, descriptors and people, never from argv or environment.
 *
 * SOURCE is "file:PATH", "fd:N" or "prompt". Memory that held a secret is
 * wiped with secret_wipe(). */
#ifndef SIMRITE_SECRET_H
#define SIMRITE_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

/* Read hex digits (white space allowed at the ends) of exactly `length` bytes.
 * A file that others may read is refused (FAULT_POLICY). */
int secret_hex(uint8_t *out, size_t length, const char *source, const char *what, struct fault *fault);

/* Read one line of text, without its newline; `size` includes the final 0. */
int secret_line(char *out, size_t size, const char *source, const char *what, struct fault *fault);
/* The same, but the line may be empty. */
int secret_text(char *out, size_t size, const char *source, const char *what, struct fault *fault);

/* Will there be a secret, when one is wanted? Nothing is read: a source of
 * another form, a file that is not there or that others may read, a descriptor
 * that is not open and a terminal that is none are told, with the faults that
 * reading them would give. */
int secret_check(const char *source, const char *what, struct fault *fault);

void secret_wipe(void *at, size_t length);

#endif
