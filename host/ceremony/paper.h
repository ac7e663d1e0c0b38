/* paper.h - one custodian's share as one sheet of paper: a PDF page, A4.
 *
 * The page is made in a process of its own, from memory (locked, and gone with
 * the process), by libharu and libqrencode, and written to a descriptor; no
 * file is made. It shows the ceremony and its mode, the custodian, which
 * share it is and how many restore the key, the set, the commitment and the
 * salt it was made with, the words and a QR code of them, what to do with the sheet,
 * and lines for bag, dates and signatures. The library's own fonts know the
 * letters of Western Europe; others are shown as "?". */
#ifndef SIMRITE_PAPER_H
#define SIMRITE_PAPER_H

#include <time.h>

#include "ceremony/share_file.h"

struct paper {
	struct share_file file;  /* whose share; secret */
	char words[SLIP39_TEXT]; /* its mnemonic; secret */
	char bag[PLAN_TEXT + 1]; /* "" leaves a line to write on */
	time_t printed;
};

/* Fill in everything but `bag` from a share; `paper` is in locked memory. */
int paper_from_share(struct paper *paper, const struct share_file *file, struct fault *fault);

/* Write the page to `fd`, a pipe or device. Are all letters of its texts
 * printable? (*odd, may be NULL.) FAULT_SYSTEM when it cannot be written. */
int paper_write(const struct paper *paper, int fd, bool *odd, struct fault *fault);

/* The same into the standard input of the shell's COMMAND, and wait for its end.
 * FAULT_SYSTEM also when it ends with a status. */
int paper_print(const struct paper *paper, const char *command, bool *odd, struct fault *fault);

#endif
