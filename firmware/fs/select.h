/* select.h - what is selected, and the SELECT and STATUS commands.
 *
 * One selection for each logical channel (apdu/channel.h). A current directory is always there;
 * a current EF, a current record and a current application may not be. An
 * application stays current while other files are selected, until another is
 * selected or its session is ended (SELECT by AID with P2 bit 0x40, which
 * leaves the MF selected; 6985 when it is not the current one).
 * ETSI TS 102 221 clauses 8.4, 8.5, 11.1.1 and 11.1.2. */
#ifndef SIMRITE_SELECT_H
#define SIMRITE_SELECT_H

#include "apdu/command.h"

enum application {
	APPLICATION_NONE,
	APPLICATION_USIM,
	APPLICATION_ISIM,
	APPLICATION_ISD, /* the issuer security domain */
	APPLICATION_CUSTODIAN,
};

/* Where RETRIEVE DATA is in an object: `tag` 0, nowhere. */
struct object_place {
	uint16_t tag, offset, before; /* the next block, and the one before */
};

struct selection {
	uint16_t directory; /* its number, see fs/file.h */
	uint16_t ef;        /* likewise; FILE_NONE when no EF is selected */
	uint16_t adf;       /* the current application, which 7FFF means; FILE_NONE: none */
	uint8_t record;     /* current record, 0: none */
	struct object_place object;
};

/* As after a reset: the MF. */
void selection_reset(struct selection *selection);

/* Is the application's directory there? 1 or 0; of APPLICATION_NONE, always. */
int selection_can_start(const struct card *card, enum application application);

/* As after SELECT of an application that is there; APPLICATION_NONE: the MF. */
void selection_start(struct selection *selection, enum application application);

/* The file that a FID, or a path of them, means to the channel of the command:
 * `p1` as in a SELECT. FILE_NONE when there is none, or `p1` or `reference` is none. */
enum {
	SELECT_FID = 0x00,
	SELECT_PATH_MF = 0x08,
	SELECT_PATH_HERE = 0x09,
};
uint16_t selection_follow(const struct card *card, uint8_t p1, struct span reference);

/* Is this the selected EF, or the current directory, of another channel? 1 or 0. */
int selection_elsewhere(const struct card *card, uint16_t file);

/* Is it, and not shareable? Then it cannot be selected here. 1 or 0. The same
 * of the file and all that is below it: then it cannot be removed. */
int selection_is_taken(const struct card *card, uint16_t file);
int selection_is_taken_below(const struct card *card, uint16_t file);

/* The application whose directory, or a directory below it, is current. None runs in a made ADF. */
enum application selection_application(const struct card *card);

/* The file that SELECT by this FID finds from here, or FILE_NONE (TS 102 221
 * 8.4.1, TS 51.011 6.5); and make a file the selected one. `by_aid`: an
 * application was asked for anew, which ends its secure channel. */
uint16_t selection_find(const struct card *card, uint16_t fid);
void selection_enter(struct card *card, uint16_t file, int by_aid);

command_handler select_file;      /* 00 A4 */
command_handler directory_status; /* 80 F2 */

#endif
