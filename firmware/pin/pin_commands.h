/* pin_commands.h - VERIFY, CHANGE, DISABLE, ENABLE, UNBLOCK PIN (ETSI TS 102 221 11.1.9 to 11.1.13).
 *
 * P2 is the reference; 6A88 for one that is not there: PIN2 is there while a
 * directory of the USIM, DF.GSM or DF.TELECOM is the current one. P1 is 00
 * (6A86), and of DISABLE PIN also 91: the universal PIN replaces PIN1. VERIFY
 * and UNBLOCK PIN without data tell the tries left. */
#ifndef SIMRITE_PIN_COMMANDS_H
#define SIMRITE_PIN_COMMANDS_H

#include "apdu/command.h"

command_handler verify_pin;  /* 00 20 */
command_handler change_pin;  /* 00 24 */
command_handler disable_pin; /* 00 26 */
command_handler enable_pin;  /* 00 28 */
command_handler unblock_pin; /* 00 2C */

#endif
