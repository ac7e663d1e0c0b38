/* expect.h - what a cell should say, as a scenario writes it.
 *
 *     decrypted_before = all          as many as there are (cell.h: measure's whole)
 *     recovered = none                0
 *     cloned = exactly 2              that many
 *     resynchronised = at least 1     that many, or more */
#ifndef SIMRITE_EXPECT_H
#define SIMRITE_EXPECT_H

#include "heist/cell.h"

enum expect_kind {
	EXPECT_ALL,
	EXPECT_NONE,
	EXPECT_EXACTLY,
	EXPECT_AT_LEAST,
};

struct expectation {
	const struct measure *measure;
	enum expect_kind kind;
	unsigned number; /* EXACTLY, AT_LEAST */
};

/* FAULT_INPUT: no such measure, or not one of the forms above. */
int expect_read(struct expectation *expectation, const char *measure, const char *text, struct fault *fault);
/* "all", "exactly 2": as it is read. */
void expect_write(char text[static 32], const struct expectation *expectation);

/* FAULT_NO, naming the measure, when the cell says something else; all of nothing is not all. */
int expect_check(const struct expectation *expectation, const json_t *cell, struct fault *fault);

#endif
