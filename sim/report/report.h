/* report.h - matrix.json, and report.html that a student can read.
 *
 * The report is one file without references to others. Its map, its pictures and
 * its evidence are those of the whole matrix (lab.h), of four cells. It is made
 * from one object of facts, which only measured things go into, beside what
 * lab.h calls designs, thieves and measures:
 *
 *   seed (text), cards, sessions_per_card, seconds, when, out, version
 *   cells       [{design, thief, sessions, decrypted, keys, recovered}] x 4
 *   false_keys, false_packets
 *   threshold, shares, transcript_lines, frames
 *   mails, hits, guesses, cards_tried
 *   confined_files, confined_sockets (true when the kernel enforced it)
 *   example     {imsi, cipher, plain, message}: a packet the courier opened
 *   failure     why the run failed, in words; absent when it did not
 *   search      what the run-wide search for secrets found, in words */
#ifndef SIMRITE_REPORT_H
#define SIMRITE_REPORT_H

#include <jansson.h>

#include "lib/fault.h"

/* {"schema":1,"seed","cards","cells"}, replaced in one step. */
int report_matrix(const char *path, const json_t *facts, struct fault *fault);
int report_html(const char *path, const json_t *facts, struct fault *fault);

/* The style sheet that both pages have beyond the house's. */
extern const char report_looks[];

/* A cell, or NULL. */
const json_t *report_cell(const json_t *facts, const char *design, const char *thief);
long report_count(const json_t *facts, const char *design, const char *thief, const char *what);

#endif
