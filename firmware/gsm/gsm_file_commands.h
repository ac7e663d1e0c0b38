/* gsm_file_commands.h - the commands on files in class A0, 3GPP TS 51.011 9.2.1 to 9.2.8, 9.2.14, 9.2.15.
 *
 * A second face of the same card: files, access rules, PINs and the basic
 * channel's selection are those of class 00, so that a terminal that mixes the
 * classes in one session (as card tools do) finds each file where it left it.
 * A file is named by its FID only, seen from the current directory; there is
 * no 7FFF, and no application is ever selected.
 *
 * Answers are in the words of TS 51.011 9.4 (word.h). */
#ifndef SIMRITE_GSM_FILE_COMMANDS_H
#define SIMRITE_GSM_FILE_COMMANDS_H

#include "apdu/command.h"

command_handler gsm_select;        /* A0 A4: answers header.h's bytes by GET RESPONSE */
command_handler gsm_status;        /* A0 F2: the current directory's, as many bytes as P3 asks for */
command_handler gsm_read_binary;   /* A0 B0 */
command_handler gsm_update_binary; /* A0 D6 */
command_handler gsm_read_record;   /* A0 B2 */
command_handler gsm_update_record; /* A0 DC; of a cyclic EF "previous" only: 9408 */
command_handler gsm_seek;     /* A0 A2: a record of a linear EF that begins with a pattern of 1 to 16 bytes */
command_handler gsm_increase; /* A0 32: by three bytes */
command_handler gsm_invalidate;   /* A0 04: the selected EF; 9810 when it is already */
command_handler gsm_rehabilitate; /* A0 44 */

#endif
