/* file_commands.h - READ and UPDATE, BINARY and RECORD (ETSI TS 102 221 11.1.3 to 11.1.6). */
#ifndef SIMRITE_FILE_COMMANDS_H
#define SIMRITE_FILE_COMMANDS_H

#include "apdu/command.h"

command_handler read_binary;   /* 00 B0 */
command_handler update_binary; /* 00 D6 */
command_handler read_record;   /* 00 B2 */
command_handler update_record; /* 00 DC */

#endif
