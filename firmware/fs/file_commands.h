/* file_commands.h - the commands on transparent and record EFs, ETSI TS 102 221 11.1.3 to 11.1.8.
 *
 * A cyclic EF is updated only with "previous" (its oldest record becomes
 * record 1), any other mode answers 6981; its records are read and searched as
 * those of a linear one. SEARCH RECORD answers the numbers found, 6282 when
 * there are none, and makes the first found the current record. INCREASE adds
 * to record 1, answers the sum and what was added, and 9850 when the sum does
 * not fit the record. */
#ifndef SIMRITE_FILE_COMMANDS_H
#define SIMRITE_FILE_COMMANDS_H

#include "apdu/command.h"

command_handler read_binary;   /* 00 B0 */
command_handler update_binary; /* 00 D6 */
command_handler read_record;   /* 00 B2 */
command_handler update_record; /* 00 DC */
command_handler search_record; /* 00 A2 */
command_handler increase;      /* 80 32 */

#endif
