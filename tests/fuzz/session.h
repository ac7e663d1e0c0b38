/* session.h - sessions as text: what a terminal does, line by line.
 *
 *     # comment                    reset                      power (off and on)
 *     open 31 33                   a secure channel: key version, security level
 *     00A40004 [3F00]              a command; [ ] puts the length before what is in it
 *     00200001 [{wrong}] = 63C2    and its status word, when it is not 9000 or 91xx
 *     > 80E28800 [0F02 [0F]]       through the secure channel
 *     ! 00A40004 [3F00] = 6125     one TPDU: what it answers is not fetched
 *     changed 0012                 a file (its number in the card) was changed over the air
 *     sms 1619 B00011 00A40004 ... a packet over the air: SPI, TAR, commands
 *     tunnel 6331                  a custodian's session is opened for this context
 *     keep 02 08                   of the last answer, 8 bytes from byte 2 on are {kept}
 *
 * Bytes are hex; {name} is a value of the rig (session.c lists them), of which
 * {rand} and {autn} make an authentication vector that is good once; ( ) is
 * enciphered under the channel's DEK, < > sealed in the custodian's session. Files: tests/fuzz/sessions. */
#ifndef SESSION_H
#define SESSION_H

#include "fuzz/rig.h"

enum {
	SESSION_LINES = 400
};

enum session_verb {
	SESSION_COMMAND,
	SESSION_SECURE,
	SESSION_TPDU,
	SESSION_OPEN,
	SESSION_KEEP,
	SESSION_MESSAGE,
	SESSION_CHANGED,
	SESSION_TUNNEL,
	SESSION_RESET,
	SESSION_POWER
};

struct session_line {
	enum session_verb verb;
	const char *bytes; /* the part that is bytes; ends at the end of line or at '=' */
	int want;          /* status word; -1: 9000 or 91xx */
	int number;        /* of the line in its file */
};

struct session {
	char *name, *text;
	struct session_line lines[SESSION_LINES];
	int count;
};

/* Read a file. 0, or -1 and why on stderr. */
int session_read(struct session *session, const char *path);
void session_free(struct session *session);

/* All of a folder, by name, at most `most`: how many, or -1. */
int session_read_all(struct session *sessions, int most, const char *folder);

/* The bytes of a line; ends the process when it has none. `size` RIG_COMMAND. */
size_t session_bytes(struct rig *rig, uint8_t out[static RIG_COMMAND], const struct session_line *line);

/* Do a line: its status word (9000 for what has none). */
uint16_t session_play_line(struct rig *rig, const struct session_line *line);
/* Is that what it should have been? 1 or 0, and says so on stdout. */
int session_right(const struct session *session, const struct session_line *line, uint16_t sw);

#endif
