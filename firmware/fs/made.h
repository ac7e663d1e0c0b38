/* made.h - making, removing and resizing files.
 *
 * A file is there when its descriptor is, or one of the constant table when
 * gone.h does not say otherwise. So making one writes contents first and the
 * descriptor last; removing one deletes the descriptor, or says it is gone,
 * first; resizing writes what is behind the old end first, and then descriptor
 * and the part with the old end together: one store write, or one transaction,
 * is the moment when it happened. Contents are written in full when a file is
 * made or made longer, so that no later update of it fails for want of memory.
 *
 * What a power cut or a full memory leaves behind (contents without a file, or
 * beyond its end, files whose directory is gone) made_sweep() removes, at the
 * next start at the latest.
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
 * flags), with an access rule and of an ADF an AID (tag, length, value). Its
 * number, or ERROR_FULL, ERROR_MEMORY. The caller has checked everything else. */
MUST_CHECK int made_create(struct store *store, const struct file *row, struct span rule, struct span aid,
			   const struct fill *fill);

/* Remove a file, and all that is below it. Contents that another file links to
 * stay. ERROR_NOT_FOUND, ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int made_delete(struct store *store, uint16_t file);

/* Give an EF, which is not cyclic, `size` bytes, or that many records: what fits
 * stays, what is new is as `fill` says. A BER-TLV file keeps its objects. What
 * links to it is resized with it. ERROR_FULL, ERROR_MEMORY. */
MUST_CHECK int made_resize(struct store *store, uint16_t file, uint16_t size, const struct fill *fill);

/* Remove what belongs to no file. ERROR_MEMORY. */
MUST_CHECK int made_sweep(struct store *store);

#endif
