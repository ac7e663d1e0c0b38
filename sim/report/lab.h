/* lab.h - report.html of a matrix: one page that refers to nothing else and runs nothing.
 *
 * It is made from one object of facts. What was measured:
 *
 *   seed, version, when, out (texts), cards, batches, before, after, seconds
 *   cells      as in matrix.json (heist/cell.h)
 *   fleet      fleet.json's object; absent when no fleet was run
 *
 * and what those words mean, of the laboratory's own tables:
 *
 *   designs    [{name, text, travels, keys, ceremony, secrets, secrets_which}];
 *              keys: "random", "one-master", "per-batch" or "agreed"
 *   thieves    [{name, text, plan, places [{name, text}]}]; a plan, of one who
 *              stands between phones and network, or ""
 *   measures   [{name, whole, text}]
 *
 * Every sentence of the page that says how a theft ended is there because a
 * cell says so. */
#ifndef SIMRITE_LAB_H
#define SIMRITE_LAB_H

#include <jansson.h>

#include "lib/fault.h"

/* Written whole or not at all. */
int lab_html(const char *path, const json_t *facts, struct fault *fault);

#endif
