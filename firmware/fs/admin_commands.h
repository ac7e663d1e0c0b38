/* admin_commands.h - making, removing and resizing files, and their life cycle.
 *
 * ETSI TS 102 222 clause 6, TS 102 221 11.1.14 and 11.1.15. Only files made at
 * run time can be removed or resized; the files a card is born with say so in
 * their access rules. A command that names a file takes a FID, as SELECT does;
 * ACTIVATE and DEACTIVATE FILE a path as well, or no data for the selected EF.
 *
 * A file that another logical channel has selected can be removed when it is
 * shareable, and is then selected there no longer: no EF is, and of a directory
 * that is gone its parent is the current one. One that is not shareable is
 * answered 6985. */
#ifndef SIMRITE_ADMIN_COMMANDS_H
#define SIMRITE_ADMIN_COMMANDS_H

#include "apdu/command.h"

command_handler create_file;          /* 00 E0 */
command_handler delete_file;          /* 00 E4 */
command_handler resize_file;          /* 80 D4 */
command_handler deactivate_file;      /* 00 04 */
command_handler activate_file;        /* 00 44 */
command_handler terminate_df;         /* 00 E6 */
command_handler terminate_ef;         /* 00 E8 */
command_handler terminate_card_usage; /* 00 FE */

#endif
