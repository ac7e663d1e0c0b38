/* steps.h - what is done to a playing card, as text: one command a step.
 *
 *     "00A4000C 02 3F00"              played as terminals do (GET RESPONSE), must answer 9000
 *     "00200001 08 3939.. > 63C2"     another status word; x is any digit: "> 61xx"
 *     "=00C0000005 > 6985"            the bare TPDU, without GET RESPONSE
 *     "*80D83081 ..."                 through the secure channel that is open
 *     "@open"                         select the ISD, open a channel with the test keys
 *     "@key"                          load Milenage's test set 1 into slot 1
 *     "@aka 7 3"                      AUTHENTICATE with SEQ 7, IND 3; 9000 whether RES or AUTS
 *     "@gba 7 3"                      the same in GBA context, bootstrapping mode
 *     "@ota-keys"                     put an AES-128 key set of SCP80
 *     "@ota 7 00A4000C02.."           a short message with counter 7 and these commands; 6200 when refused
 *     "@restart"                      power off and on
 *
 * A list ends with NULL. */
#ifndef STEPS_H
#define STEPS_H

#include "unit/play.h"

enum {
	STEPS_MAX = 12,
	STEP_TEXT = 640 /* characters of a step that is computed */
};

#define USIM   "00A4040C 07 A0000000871002"
#define ISD    "00A4040C 08 A000000151000000"
#define ADM    "0020000A 08 3132333435363738"
#define ENABLE "00280001 08 31323334FFFFFFFF"
#define PIN2   "00200081 08 35363738FFFFFFFF"
#define RIGHT  "00200001 08 31323334FFFFFFFF"
#define WRONG  "00200001 08 39393939FFFFFFFF"

/* One step; its status word, whatever is wanted. */
uint16_t step_send(struct play *play, const char *step);

/* Is `sw` what the step wants? 1 or 0. */
int step_wants(const char *step, uint16_t sw);

/* All of them: 1, or 0 at the first that is not answered as it wants, which is printed. */
int steps_run(struct play *play, const char *const *steps);

/* Append bytes as hex to a step that is computed. */
void step_append(char *step, const uint8_t *bytes, size_t length);

#endif
