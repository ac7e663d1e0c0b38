/* audit_step.h - what the files of the audit share. Nobody else includes it.
 *
 * One visit for each type of entry: `data` is the entry's, audit->head its
 * `previous`. It checks everything that depends on the type, and then calls
 * audit_step(), which knows what has to come next. */
#ifndef SIMRITE_AUDIT_STEP_H
#define SIMRITE_AUDIT_STEP_H

#include "ceremony/audit.h"
#include "ceremony/entry.h"

typedef int audit_visit_data(struct audit *audit, const json_t *data, struct fault *fault);

/* audit_begin.c */
audit_visit_data audit_visit_begin, audit_visit_inventory;
/* audit_attempt.c */
audit_visit_data audit_visit_attempt, audit_visit_commit, audit_visit_base, audit_visit_reveal,
	audit_visit_master, audit_visit_share, audit_visit_restore, audit_visit_keep;
/* audit_batch.c */
audit_visit_data audit_visit_batch, audit_visit_time, audit_visit_loaded, audit_visit_retired;
/* audit_people.c */
audit_visit_data audit_visit_present, audit_visit_exception, audit_visit_destroyed, audit_visit_signoff;

/* One entry of this stage is done: count it, and go on to the next stage that
 * has any when it was the last. */
void audit_step(struct audit *audit);

#endif
