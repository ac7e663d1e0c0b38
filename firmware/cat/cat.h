/* cat.h - the card application toolkit: TERMINAL CAPABILITY, TERMINAL PROFILE, FETCH, TERMINAL RESPONSE.
 *
 * A card cannot speak first. When it has something to say it ends a command
 * on the basic channel with 91xx instead of 9000; the terminal fetches the
 * proactive command (xx bytes) and answers it with TERMINAL RESPONSE. This
 * card has one reason to speak: files were changed over the air, and the
 * terminal must read them again. It then asks for REFRESH: of the changed
 * files, when there are at most CAT_FILES_MAX of them and none lies deeper than
 * those of the constant table (File Change Notification, 01), else of all (00). What happens until the
 * terminal has answered is gathered for the next REFRESH.
 *
 * Nothing is ever said before TERMINAL PROFILE, nor what the profile does not
 * allow: a terminal that knows no toolkit sees no 91xx. A terminal that is
 * busy (results 20 to 2F) is asked again at its next STATUS, three times in
 * all; one that cannot (30 to 3F) is not asked again.
 *
 * One state for the card, in working memory: a reset makes the terminal read
 * everything again anyway. ETSI TS 102 223 clauses 6 and 7, 3GPP TS 31.111. */
#ifndef SIMRITE_CAT_H
#define SIMRITE_CAT_H

#include "apdu/command.h"
#include "bounds.h"

struct cat {
	uint8_t allowed; /* enum cat_allowed */
	uint8_t state;   /* enum cat_state */
	uint8_t number;  /* of the last command fetched */
	uint8_t tries;   /* how often it was asked for */
	uint8_t all;     /* files changed that `files` cannot hold: ALL, ALL_TOLD of cat.c */
	uint8_t changed; /* how many are in `files`, ... */
	uint8_t told;    /* ... and how many of them the fetched command names */
	uint16_t files[CAT_FILES_MAX];
};

/* What the terminal's profile lets the card do. */
enum cat_allowed {
	CAT_PROFILE = 0x01, /* there was a TERMINAL PROFILE */
	CAT_REFRESH = 0x02,
};

enum cat_state {
	CAT_IDLE = 0,
	CAT_WAITING = 1, /* told with 91xx */
	CAT_FETCHED = 2, /* TERMINAL RESPONSE is due */
	CAT_HELD = 3,    /* the terminal was busy: until the next STATUS */
};

/* A file was changed by somebody else than the terminal. FILE_NONE: some that cannot be named. */
void cat_file_changed(struct card *card, uint16_t file);

/* What a command that went well is answered on the basic channel: 9000, or
 * 91xx when there is something to fetch. `status`: the command was STATUS. */
sw_t cat_normal_ending(struct card *card, int status);

/* Take the first COMPREHENSION-TLV object off `in` (TS 101 220 clause 7.1.1): its
 * one-byte tag without the comprehension bit. 1, 0 when `in` is empty, or
 * ERROR_FORMAT, also for a tag of three bytes, which nothing here has. */
MUST_CHECK int cat_next(uint8_t *tag, struct span *value, struct span *in);

/* P1 P2 = 00 00, else 6A86, for all of these.
 * TERMINAL CAPABILITY (80 AA): A9 template; 6A80. Nothing in it changes what
 * this card does.
 * TERMINAL PROFILE (80 10): 6700 without data.
 * FETCH (80 12): 6985 when there is nothing to fetch, 6Cxx for another length.
 * TERMINAL RESPONSE (80 14): 6985 when none is due, 6A80 for one that does not
 * parse or answers another command; the right one is then still due. */
command_handler terminal_capability;
command_handler terminal_profile;
command_handler fetch;
command_handler terminal_response;

#endif
