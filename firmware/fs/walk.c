/* What may follow what, in a page that no cell of has changed:
 *   - a record, right behind a record or the page's header;
 *   - nothing, to the end of the page;
 *   - behind a torn record or header, or behind the last record: nothing, or one
 *     free grain and a record that says it follows a tear, or a mount.
 * That record may itself be torn, and so on. */
#include "fs/walk.h"

/* May a record with this header stand where it does? */
static int follows(const struct walk *walk, const struct log_record *record, int gap)
{
	if (gap)
		return record->after == (walk->end == WALK_TORN ? LOG_TEAR : LOG_MOUNT);
	if (record->offset > LOG_FIRST)
		return record->after == LOG_ON;
	return walk->end == WALK_UNKNOWN || (record->after == LOG_TEAR) == (walk->end == WALK_TORN);
}

/* The log was found to end at `offset` of the page, `end` tells how. 0: it does;
 * 1: it goes on behind a free grain; ERROR_CHECK: neither; ERROR_MEMORY. */
static int pass_gap(const struct store *store, struct walk *walk, uint32_t offset, uint8_t end)
{
	struct walk beyond = {walk->seq, offset + LOG_GRAIN, end};
	struct log_record record;
	int e = log_blank(store, walk->seq, offset);

	if (e == 0) {
		e = log_head(store, &record, walk->seq, offset);
		if (e == 0)
			e = log_head(store, &record, walk->seq, beyond.offset);
		else if (e != ERROR_MEMORY)
			return ERROR_CHECK;
		if (e == ERROR_MEMORY)
			return e;
		/* A header that is torn there is the caller's next question. */
		if (e == 0 || (e == 1 && !follows(&beyond, &record, 1)))
			return ERROR_CHECK;
		e = 1;
	} else if (e == 1) {
		e = 0;
	}
	if (e >= 0)
		*walk = beyond;
	return e;
}

/* Is a record that has a good header to be taken, damaged or not? 1; 0 when it
 * may be torn; ERROR_MEMORY. */
static int counts(const struct store *store, struct log_record *record)
{
	int e = log_check(store, record, NULL, 0, 0);

	if (e == OK)
		return 1;
	if (e != ERROR_CHECK)
		return e;
	record->damaged = 1;
	return log_marked(store, record);
}

int walk_next(const struct store *store, struct walk *walk, struct log_record *record)
{
	int e, there, gap = 0;

	while (walk->offset + LOG_HEADER <= store->hal->nvm_page_size) {
		uint32_t end = walk->offset;

		if ((there = log_head(store, record, walk->seq, end)) == ERROR_MEMORY)
			return there;
		e = 0;
		if (there == 1) {
			if (!follows(walk, record, gap))
				return ERROR_MEMORY;
			end += log_extent(record);
			e = counts(store, record);
		} else if (there == ERROR_FORMAT) {
			end += LOG_HEADER;
		}
		if (e == 0) {
			e = pass_gap(store, walk, end, there == 0 ? WALK_WHOLE : WALK_TORN);
			if (e == 0)
				return 0;
			gap = e == 1;
			if (gap)
				continue;
		}
		if (e == ERROR_MEMORY || there != 1)
			return ERROR_MEMORY;
		walk->offset = end;
		walk->end = WALK_WHOLE;
		return 1;
	}
	return 0;
}
