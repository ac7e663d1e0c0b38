/* walk.h - inside the store: from record to record of a page, telling what a
 * power cut tore from what is damaged. */
#ifndef SIMRITE_WALK_H
#define SIMRITE_WALK_H

#include "fs/log.h"

enum walk_end {
	WALK_UNKNOWN, /* nothing seen yet */
	WALK_WHOLE,
	WALK_TORN,
};

/* A walk goes through a page, and on to the next with a new seq and LOG_FIRST. */
struct walk {
	uint32_t seq, offset; /* where to look; at the end of a page: where to write after a mount */
	uint8_t end;          /* enum walk_end: what is in front of that */
};

/* The next record that counts: 1, and `record->damaged` tells that its content
 * cannot be read; 0 at the end of the page; ERROR_MEMORY when what is there was
 * never written so, or cannot be read. */
MUST_CHECK int walk_next(const struct store *store, struct walk *walk, struct log_record *record);

#endif
