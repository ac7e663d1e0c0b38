/* admin_commands.h - making, removing and resizing files, and their life cycle.
 *
 * ETSI TS 102 222 clause 6, TS 102 221 11.1.14 and 11.1.15. What may be done to
 * a file its access rule says, one that the card is born with or one made at
 * run time: MF, EF.ICCID, EF.DIR and EF.ARR are not deleted, cyclic EFs (6981),
 * EF.ICCID and EF.ARR not resized. A command that names a file takes a FID, as
 * SELECT does (7FFF: the current ADF); ACTIVATE and DEACTIVATE FILE a path as
 * well, or no data for the selected EF.
 *
 * An ADF (tag 84) is made in the MF, with a FID of its own or with 7FFF; no
 * application runs in it. Nothing of this touches EF.DIR: whoever makes or
 * deletes an ADF writes there what terminals are to find.
 *
 * A file that another logical channel has selected can be removed when it is
 * shareable, and is then selected there no longer: no EF is, and of a directory
 * that is gone what is left above is the current one. One that is not shareable
 * is answered 6985, and so is a directory with one in it. */
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
