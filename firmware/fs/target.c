/* The rule comes before anything that would tell more of a file than its FCP does. */
#include "fs/target.h"

#include "card.h"

/* SPEC: TS 102 221 8.4.3, 10.2.1.5: short identifiers; 6981, 6982, 6984 to 6986 */
sw_t target_find(const struct card *card, struct target *target, uint8_t sfi, unsigned kinds,
		 enum access_mode mode)
{
	const struct selection *selection = &channel_of(card)->selection;
	int e;

	target->file = sfi ? file_by_sfi(&card->store, selection->directory, sfi) : selection->ef;
	target->record = target->pointer = 0;
	if (target->file == FILE_NONE)
		return sfi ? SW_FILE_NOT_FOUND : SW_NO_EF_SELECTED;
	if ((e = file_get(&card->store, &target->row, target->file)) < 0)
		return sw_from_error(e);
	if ((1u << target->row.kind & kinds) == 0)
		return SW_INCOMPATIBLE_FILE;
	if (access_granted(card, target->file, mode) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	if (file_is_terminated(&card->store, target->file) ||
	    ((target->row.flags & FILE_EXCLUSIVE) && selection_elsewhere(card, target->file)))
		return SW_CONDITIONS_NOT_SATISFIED;
	if (target->row.state == FILE_ACTIVE)
		return SW_OK;
	/* SPEC: TS 102 222 6.3.2.2.2: special file information. */
	return target->row.flags & FILE_OPEN && (mode == ACCESS_READ || mode == ACCESS_UPDATE)
		       ? SW_OK
		       : SW_DATA_INVALIDATED;
}

void target_settle(struct card *card, uint16_t file, uint8_t record)
{
	struct selection *selection = &channel_now(card)->selection;

	if (selection->ef != file)
		selection->object = (struct object_place){.tag = 0};
	selection->ef = file;
	selection->record = record;
}
