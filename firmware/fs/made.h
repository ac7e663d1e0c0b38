/* made.h - files made at run time: making, removing, resizing.
 *
 * A file is there when its descriptor is. So making one writes contents first
 * and the descriptor last; removing one deletes the descriptor first; resizing
 * makes a new file and swaps descriptors: one store write, or one transaction,
 * is the moment when it happened. Contents are written in full when a file is
 * made, so that no later update of it fails for want of memory.
 *
 * What a power cut or a full memory leaves behind (contents without a
 * descriptor, files whose directory is gone) made_sweep() removes, at the next
 * start at the latest.
 *
 * Nothing here asks for permission. ETSI TS 102 222. */
#ifndef SIMRITE_MADE_H
#define SIMRITE_MADE_H

#include "fs/file.h"

/* What the bytes of a new file are: `pattern` once, and its last byte from then
 * on; or over and over when `repeat` is set. No pattern: FF. In a file with
 * records each record begins anew. TS 102 222 6.3.2.2.2. */
struct fill {
	struct span pattern;
	uint8_t repeat;
};

/* Make a file as `row` says (kind, parent, fid, sfi, size, records, state,
 * flags), with an access rule (tag, length, value). Its number, or ERROR_FULL,
 * ERROR_MEMORY. The caller has checked everything else. */
MUST_CHECK int made_create(struct store *store, const struct file *row, struct span rule,
			   const struct fill *fill);

/* Remove a made file, and all that is below it. ERROR_NOT_FOUND, ERROR_MEMORY. */
MUST_CHECK int made_delete(struct store *store, uint16_t file);

/* Give a made EF `size` bytes, or that many records: what fits stays, of a
 * cyclic file the newest records; what is new is as `fill` says. A BER-TLV file
 * keeps its objects. Its new number, or ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int made_resize(struct store *store, uint16_t file, uint16_t size, const struct fill *fill);

/* Remove what belongs to no file. ERROR_MEMORY. */
MUST_CHECK int made_sweep(struct store *store);

#endif
