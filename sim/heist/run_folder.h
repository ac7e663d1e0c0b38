/* run_folder.h - the folder of one run, held by one program at a time.
 *
 * A run's folder is known by the file .simrite-heist in it. Whoever works in
 * the folder holds a lock on that file until it ends. An earlier run is
 * removed by the names a run makes (heist.h); a folder that has anything else
 * at its top is left alone, so that nobody's notes are lost. */
#ifndef SIMRITE_RUN_FOLDER_H
#define SIMRITE_RUN_FOLDER_H

#include "lib/fault.h"

/* Make the folder, or empty an earlier run's, and hold it. FAULT_POLICY: it is
 * no earlier run, holds something else, or another program works in it. */
int run_folder_make(const char *folder, struct fault *fault);

/* Hold the folder of a run that is there. */
int run_folder_hold(const char *folder, struct fault *fault);

#endif
