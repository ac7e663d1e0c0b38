/* pin_commands.h - VERIFY, CHANGE, DISABLE, ENABLE, UNBLOCK PIN (ETSI TS 102 221 11.1.9 to 11.1.13). */
#ifndef SIMRITE_PIN_COMMANDS_H
#define SIMRITE_PIN_COMMANDS_H

#include "apdu/command.h"

command_handler verify_pin;  /* 00 20 */
command_handler change_pin;  /* 00 24 */
command_handler disable_pin; /* 00 26 */
command_handler enable_pin;  /* 00 28 */
command_handler unblock_pin; /* 00 2C */

#endif
