/* transcript_line.h - what reading and writing a transcript share. Nobody
 * else includes it. */
#ifndef SIMRITE_TRANSCRIPT_LINE_H
#define SIMRITE_TRANSCRIPT_LINE_H

#include "lib/merkle.h"
#include "lib/transcript.h"

/* The digest that a line's signature is over. */
int transcript_signed_digest(uint8_t digest[static 32], const json_t *entry, struct fault *fault);

/* summary->key from summary->point. */
int transcript_take_key(struct transcript_summary *summary, struct fault *fault);

/* Put a sound line (with its newline) into fingerprint, tree and root; once
 * summary->closed is set the tree stays as it is. */
int transcript_count_line(struct transcript_summary *summary, struct merkle *tree, const char *line,
			  size_t length, struct fault *fault);

/* transcript_check() of any number of lines, leaving the tree for more. */
int transcript_check_tree(struct transcript_summary *summary, struct merkle *tree, const char *text,
			  size_t length, transcript_visit *visit, void *context, struct fault *fault);

int transcript_bug(struct fault *fault);

#endif
