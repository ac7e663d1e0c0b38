/* heist.h - one run of the demonstration: where everything is, and its stages.
 *
 * Every stage starts real programs (simrite-ceremony, -sim, -batch, -auc,
 * -radio, the thieves, -judge) as children, and takes results from files they
 * wrote. Nothing is computed here that decides a cell of the matrix.
 *
 *   OUT/plan.json transcript.jsonl     the ceremony
 *   OUT/mail/ radio.pcapng             what travels in the open
 *   OUT/thieves/NAME/captured loot     what each thief got, and made of it
 *   OUT/matrix.json report.html        the result
 *   OUT/log/                           what every child said
 *   OUT/sealed/ (0700)                 the token, shares, bureau, AuC, truth, card answers */
#ifndef SIMRITE_HEIST_H
#define SIMRITE_HEIST_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/types.h>

#include "lib/fault.h"
#include "lib/output.h"

enum {
	HEIST_PATH = 512,
	HEIST_CARDS_MAX = 16, /* what one pcscd has slots for */
	HEIST_SHARES = 5,
	HEIST_THRESHOLD = 3,
};

struct heist {
	char out[HEIST_PATH];      /* absolute */
	char shown[HEIST_PATH];    /* as it was given */
	char programs[HEIST_PATH]; /* the folder of our programs */
	const char *seed;
	unsigned cards, sessions;
	json_t *facts; /* report/report.h */
};

/* OUT/name, or an absolute path of one of our programs. */
void heist_path(char path[static HEIST_PATH], const struct heist *heist, const char *name);
void heist_program(char path[static HEIST_PATH], const struct heist *heist, const char *name);

/* Run argv to its end. stdout goes to OUT/log/NAME.out (or `output`, below
 * OUT, when given), stderr to OUT/log/NAME.err unless a person is watching.
 * Another exit status than 0 is a fault with the child's code and last words,
 * or FAULT_STOPPED when it or this program was asked to stop. */
int heist_run(const struct heist *heist, const char *name, const char *output, const char *const *argv,
	      struct fault *fault);
/* The same for the batch of a design, which speaks to the person itself (with
 * --json, to OUT/log/batch-DESIGN.out). */
int heist_show(const struct heist *heist, const char *design, const char *const *argv, struct fault *fault);
/* A folder below OUT, made if need be. */
int heist_folder(const struct heist *heist, const char *name, mode_t mode, struct fault *fault);
/* Every line of a file of JSON objects below OUT, as an array; NULL and a fault. */
json_t *heist_lines(const struct heist *heist, const char *name, struct fault *fault);

/* What makes the two batches different; all of it public. */
struct heist_batch {
	enum design design;
	const char *id, *first_imsi, *first_iccid;
	const char *first_link; /* radio link numbers begin here */
	int order_mail, file_mail;
};
extern const struct heist_batch heist_batches[2];

/* ---- the stages, in order ---- */

int ceremony_stage(struct heist *heist, struct fault *fault);
/* Inside simulated readers (simrite sim run): cards, mail, import, attach. */
int batch_stage(struct heist *heist, const struct heist_batch *batch, struct fault *fault);
/* A quorum gives its shares away: OUT/thieves/master/captured/batch-key.hex. */
int betrayal_stage(struct heist *heist, struct fault *fault);
int thieves_stage(struct heist *heist, struct fault *fault);
int secrets_stage(struct heist *heist, struct fault *fault);
/* Do the cells say what they should? FAULT_NO names the first that does not. */
int expect_stage(const struct heist *heist, struct fault *fault);

#endif
