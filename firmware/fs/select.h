/* select.h - what is selected, and the SELECT and STATUS commands.
 *
 * One selection, for the basic channel. A current directory is always there;
 * a current EF, a current record and a current application may not be.
 * ETSI TS 102 221 clauses 8.4, 8.5, 11.1.1 and 11.1.2. */
#ifndef SIMRITE_SELECT_H
#define SIMRITE_SELECT_H

#include "apdu/command.h"

enum application {
	APPLICATION_NONE,
	APPLICATION_USIM,
	APPLICATION_ISD, /* the issuer security domain */
};

struct selection {
	uint8_t directory; /* place in the file table, see fs/file.h */
	uint8_t ef;        /* likewise; FILE_NONE when no EF is selected */
	uint8_t record;    /* current record, 0: none */
	uint8_t adf;       /* the application 7FFF means; FILE_NONE before the first */
};

/* As after a reset: the MF. */
void selection_reset(struct selection *selection);

/* The application whose directory, or a directory below it, is current. */
enum application selection_application(const struct card *card);

command_handler select_file;      /* 00 A4 */
command_handler directory_status; /* 80 F2 */

#endif
