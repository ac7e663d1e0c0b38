/* previous.h - a plan against the transcript of the ceremony before it.
 *
 * The plan's `previous` is that transcript's fingerprint. Things that both
 * plans tell of by serial number must be called the same, and come in the bag
 * that they went into then; a bag is used once, so no number that the earlier
 * ceremony knew may be a new bag now. */
#ifndef SIMRITE_PREVIOUS_H
#define SIMRITE_PREVIOUS_H

#include "ceremony/plan.h"

/* -1 and a fault: FAULT_NO for a transcript that is not sound, is unfinished,
 * or does not fit; FAULT_INPUT when it cannot be read. */
int previous_check(const struct plan *plan, const char *transcript, struct fault *fault);

#endif
