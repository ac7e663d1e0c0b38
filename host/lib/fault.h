/* fault.h - what went wrong, why, and what to do about it.
 *
 * Host functions that can fail return 0 (or a count) or -1 and, on -1, have
 * filled in the caller's `struct fault`. A fault never holds a secret. */
#ifndef SIMRITE_FAULT_H
#define SIMRITE_FAULT_H

#include <stdarg.h>

/* The classes of fault are the exit statuses of every simrite program. */
enum fault_code {
	FAULT_NONE = 0,
	FAULT_NO = 1,      /* the answer is no: a verification failed */
	FAULT_USAGE = 2,   /* the command line */
	FAULT_CARD = 3,    /* reader or card */
	FAULT_HSM = 4,     /* PKCS#11 token */
	FAULT_INPUT = 5,   /* input data: a file, plan or database */
	FAULT_POLICY = 6,  /* refused by a rule: quorum, retry guard, dry run */
	FAULT_SYSTEM = 7,  /* the operating system: disk full, permission, no memory */
	FAULT_STOPPED = 8, /* interrupted; what was done is kept */
	FAULT_BUG = 70,    /* should not happen */
};

enum {
	FAULT_TEXT = 320, /* the longest text, with its final 0 */
};

struct fault {
	enum fault_code code;
	char text[FAULT_TEXT]; /* what and why: no capital, no full stop */
	char hint[240];        /* what to do; may be empty */
};

/* Fill in a fault; always returns -1, so `return fault_set(...)` reads well.
 * `hint` may be NULL. `fault` may be NULL when the caller does not care. */
int fault_set(struct fault *fault, enum fault_code code, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Put "context: " before the text; returns -1. */
int fault_prefix(struct fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

#ifdef __clang_analyzer__
/* The analyser reads one file at a time; this tells it what both return. */
#define fault_set(...)    (fault_set(__VA_ARGS__), -1)
#define fault_prefix(...) (fault_prefix(__VA_ARGS__), -1)
#endif

#endif
