/* chv_commands.h - the commands on CHVs in class A0, 3GPP TS 51.011 9.2.9 to 9.2.13.
 *
 * CHV1 is PIN1 and CHV2 is PIN2 of class 00: one value, one counter, and what
 * one class verified the other may use. P2 is the number of the CHV, and in
 * UNBLOCK CHV 00 means CHV1. VERIFY and CHANGE also take 0A for ADM1, as
 * tools do. 9804 wrong value and tries are left, 9840 none, 9808 the CHV is
 * disabled (or enabled already), or a new value is no PIN, 9802 there is no such CHV, 6B00
 * it has no number of these. */
#ifndef SIMRITE_CHV_COMMANDS_H
#define SIMRITE_CHV_COMMANDS_H

#include "apdu/command.h"

command_handler verify_chv;  /* A0 20 */
command_handler change_chv;  /* A0 24 */
command_handler disable_chv; /* A0 26 */
command_handler enable_chv;  /* A0 28 */
command_handler unblock_chv; /* A0 2C */

#endif
