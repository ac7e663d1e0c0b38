/* answers.h - write down what cards answer, for whoever searches a run for secrets.
 *
 * When SIMRITE_ANSWERS names a file in pcscd's environment, every response of
 * every card behind this driver is added to it as a line of hex digits. The
 * file is made mode 0600: AUTHENTICATE answers CK and IK. Commands are not
 * written: they may carry PINs. Without the variable this does nothing. */
#ifndef SIMRITE_ANSWERS_H
#define SIMRITE_ANSWERS_H

#include <stddef.h>
#include <stdint.h>

void answers_note(const uint8_t *response, size_t length);

#endif
