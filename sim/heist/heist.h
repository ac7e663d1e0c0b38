/* heist.h - a folder that something is carried out in, and how programs are run for it.
 *
 * Every step of the laboratory starts real programs (simrite-ceremony, -sim,
 * -batch, -auc, -radio, the thieves, -judge) as children, and takes results
 * from files they wrote. Nothing is computed here that decides a cell of the
 * matrix. What is in the folder of a world: world.h; of a run: run_folder.h. */
#ifndef SIMRITE_HEIST_H
#define SIMRITE_HEIST_H

#include <jansson.h>
#include <sys/types.h>

#include "lib/fault.h"

enum {
	HEIST_PATH = 512,
	HEIST_CARDS_MAX = 16, /* what one pcscd has slots for */
};

struct heist {
	char out[HEIST_PATH];      /* absolute */
	char shown[HEIST_PATH];    /* as it was given */
	char programs[HEIST_PATH]; /* the folder of our programs */
};

/* Where this program and its siblings are, and what the folder's absolute path is. It is there. */
int heist_begin(struct heist *heist, const char *folder, struct fault *fault);
/* The same of a folder below it, made if need be. */
int heist_below(struct heist *below, const struct heist *heist, const char *name, struct fault *fault);
/* OUT/name, or an absolute path of one of our programs. */
void heist_path(char path[static HEIST_PATH], const struct heist *heist, const char *name);
void heist_program(char path[static HEIST_PATH], const struct heist *heist, const char *name);

/* Run argv to its end. stdout goes to OUT/log/NAME.out (or `output`, below
 * OUT, when given), stderr to OUT/log/NAME.err unless a person is watching.
 * Another exit status than 0 is a fault with the child's code and last words,
 * or FAULT_STOPPED when it or this program was asked to stop. */
int heist_run(const struct heist *heist, const char *name, const char *output, const char *const *argv,
	      struct fault *fault);
/* The same for a part of this program that speaks to the person itself (with
 * --json, to OUT/log/NAME.out). */
int heist_show(const struct heist *heist, const char *name, const char *const *argv, struct fault *fault);
/* A folder below OUT, made if need be. */
int heist_folder(const struct heist *heist, const char *name, mode_t mode, struct fault *fault);
/* Every line of a file of JSON objects below OUT, as an array; NULL and a fault. */
json_t *heist_lines(const struct heist *heist, const char *name, struct fault *fault);

/* Copy a file below OUT to another place below OUT, for its owner only. */
int heist_copy(const struct heist *heist, const char *from, const char *to, struct fault *fault);

#endif
