/* template.h - what CREATE FILE and RESIZE FILE are told: a file control parameters template (62).
 *
 * ETSI TS 102 222 clauses 6.3.2.2 and 6.10.2.2. Any order of the data objects
 * is taken; one that is not known, given twice or not for such a file is refused. */
#ifndef SIMRITE_TEMPLATE_H
#define SIMRITE_TEMPLATE_H

#include "fs/made.h"

struct template
{
	struct file row;  /* kind, fid (0: of an ADF that has none), sfi, size, records, state, flags */
	struct span rule; /* tag, length and value, in the template */
	struct span aid;  /* likewise, of an ADF */
	uint32_t total;   /* bytes that there is to be room for in a directory */
	struct fill fill;
	uint8_t implied_sfi; /* no tag 88: the short identifier is the FID's, if that is free */
};

/* A file to make. ERROR_FORMAT, ERROR_VALUE. */
MUST_CHECK int template_create(struct template *template, struct span data);

/* The FID of an EF and its new size in bytes (row.fid, row.size), and how to
 * fill what is new. Errors as above, and ERROR_STATE: a size for a directory, which has none. */
MUST_CHECK int template_resize(struct template *template, struct span data);

#endif
