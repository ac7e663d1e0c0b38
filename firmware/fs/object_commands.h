/* object_commands.h - RETRIEVE DATA and SET DATA, ETSI TS 102 221 11.3.1 and 11.3.2.
 *
 * RETRIEVE DATA names an object by its tag, or the list of all tags by 5C, and
 * answers tag, length and value in blocks of 255 bytes, or of what is asked for: 62F1 while there
 * is more, which P2 "next block" asks for. The place in the object is each
 * channel's own, until another file is selected there.
 *
 * SET DATA brings an object in blocks: 63F1 while more is expected; the last
 * block makes the object there, all at once. A tag alone removes the object.
 * One object is on its way at a time, on the whole card: what begins ends
 * another. Either can be asked for "the previous block again". */
#ifndef SIMRITE_OBJECT_COMMANDS_H
#define SIMRITE_OBJECT_COMMANDS_H

#include "apdu/command.h"
#include "fs/object.h"

/* The object that SET DATA is bringing. */
struct object_transfer {
	struct object_writer now, before; /* before the last block, to take that again */
	uint8_t active, channel;
};

/* Forget it. What came of it goes with the next sweep. */
void object_transfer_drop(struct object_transfer *transfer);

command_handler retrieve_data; /* 80 CB */
command_handler set_data;      /* 80 DB */

#endif
