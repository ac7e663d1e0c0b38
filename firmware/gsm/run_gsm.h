/* run_gsm.h - RUN GSM ALGORITHM and SLEEP of class A0, 3GPP TS 51.011 9.2.16, 9.2.17.
 *
 * Data RAND(16); answers SRES(4) Kc(8) of the USIM's key, by its own GSM
 * algorithm or by f2, f3, f4 and c2, c3 of TS 33.102 6.8.1.2. 9408 unless
 * DF.GSM, or a directory in it, is the current one, 9810 while DF.GSM is
 * deactivated or terminated, 9804 unless CHV1 is satisfied, and when there is
 * no key or it gives no Kc. */
#ifndef SIMRITE_RUN_GSM_H
#define SIMRITE_RUN_GSM_H

#include "apdu/command.h"

command_handler run_gsm;   /* A0 88 */
command_handler gsm_sleep; /* A0 FA: nothing, as clause 8.17 has it */

#endif
