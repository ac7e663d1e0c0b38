#include "fs/select.h"

#include <string.h>

#include "card.h"
#include "fs/fcp.h"
#include "fs/file.h"
#include "fs/profile.h"

enum {
	BY_CHILD = 0x01,
	BY_PARENT = 0x03,
	BY_AID = 0x04,
	TERMINATE = 0x40,  /* bit of P2, with an AID only: the application's session ends */
	OCCURRENCE = 0x03, /* bits of P2, with an AID only */
	FIRST = 0x00,
	LAST = 0x01,
	NEXT = 0x02,
	PREVIOUS = 0x03,
	ANSWER = 0x0C, /* bits of P2: what to answer */
	ANSWER_FCP = 0x04,
	ANSWER_NOTHING = 0x0C,
	STATUS_FCP = 0x00,
	STATUS_AID = 0x01,
	STATUS_NOTHING = 0x0C,
	STATUS_P1_LAST = 0x02,
	TAG_AID = 0x84,
};

void selection_reset(struct selection *selection)
{
	*selection = (struct selection){.directory = FILE_MF, .ef = FILE_NONE, .adf = FILE_NONE};
}

static uint16_t directory_of(enum application application)
{
	static const uint16_t *const applications[] = {[APPLICATION_USIM] = &profile_usim,
						       [APPLICATION_ISIM] = &profile_isim,
						       [APPLICATION_ISD] = &profile_isd,
						       [APPLICATION_CUSTODIAN] = &profile_custodian};

	return application == APPLICATION_NONE ? FILE_MF : *applications[application];
}

int selection_can_start(const struct card *card, enum application application)
{
	return file_is_directory(&card->store, directory_of(application));
}

void selection_start(struct selection *selection, enum application application)
{
	selection_reset(selection);
	selection->directory = directory_of(application);
	if (application != APPLICATION_NONE)
		selection->adf = selection->directory;
}

/* The application that the current directory is, or is in; FILE_NONE. */
static uint16_t application_here(const struct card *card)
{
	uint16_t file = channel_of(card)->selection.directory;

	while (file != FILE_NONE && file_kind(&card->store, file) != FILE_APPLICATION)
		file = file_parent(&card->store, file);
	return file;
}

enum application selection_application(const struct card *card)
{
	uint16_t file = application_here(card);

	if (file == profile_usim)
		return APPLICATION_USIM;
	if (file == profile_isim)
		return APPLICATION_ISIM;
	if (file == profile_custodian)
		return APPLICATION_CUSTODIAN;
	return file == profile_isd ? APPLICATION_ISD : APPLICATION_NONE;
}

/* SPEC: TS 102 221 8.4.1: what a FID means here, in its order. */
uint16_t selection_find(const struct card *card, uint16_t fid)
{
	const struct selection *selection = &channel_of(card)->selection;
	const struct store *store = &card->store;
	uint16_t here = selection->directory, parent = file_parent(store, here), file;
	struct file row;

	if (fid == 0)
		return FILE_NONE; /* what the table says of files that have none */
	if (fid == FID_MF)
		return FILE_MF;
	if (fid == FID_ADF)
		return selection->adf;
	if (file_get(store, &row, here) == OK && row.fid == fid)
		return here;
	if ((file = file_child(store, here, fid)) != FILE_NONE || parent == FILE_NONE)
		return file;
	if (file_get(store, &row, parent) == OK && row.fid == fid)
		return parent;
	file = file_child(store, parent, fid); /* a sibling, when it is a directory */
	return file != FILE_NONE && file_is_directory(store, file) ? file : FILE_NONE;
}

/* Follow a path of FIDs down from `from`. 7FFF may be its first. */
/* SPEC: TS 102 221 8.4.2 */
static uint16_t find_path(const struct card *card, uint16_t from, struct span path)
{
	uint16_t file = from;
	size_t i;

	for (i = 0; i + 1 < path.length && file != FILE_NONE; i += 2) {
		uint16_t fid = (uint16_t)(path.at[i] << 8 | path.at[i + 1]);

		file = i == 0 && fid == FID_ADF ? channel_of(card)->selection.adf
						: file_child(&card->store, file, fid);
	}
	return file;
}

/* SPEC: GPC 11.9. The issuer security domain is selected by no AID at all, too, and
 * by the one that card managers had before GlobalPlatform: pySim and other
 * tools know no other. */
static int names_isd(struct span aid)
{
	static const uint8_t former[] = {0xA0, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00};

	return aid.length == 0 || (aid.length == sizeof(former) && memcmp(aid.at, former, aid.length) == 0);
}

/* SPEC: TS 102 221 8.5: the application an AID, or its beginning, names. */
static uint16_t find_aid(const struct card *card, struct span aid, uint8_t occurrence)
{
	const struct store *store = &card->store;
	uint16_t here = application_here(card), file, found = FILE_NONE;

	if (names_isd(aid))
		return profile_isd;
	if (occurrence == FIRST)
		return file_by_aid(store, aid, FILE_NONE);
	if (occurrence == NEXT)
		return file_by_aid(store, aid, here);
	for (file = file_by_aid(store, aid, FILE_NONE); file != FILE_NONE;
	     file = file_by_aid(store, aid, file)) {
		if (occurrence == PREVIOUS && file >= here)
			break;
		found = file;
	}
	return found;
}

/* The application whose session is to end: the current one, if `aid` names it. */
/* SPEC: TS 102 221 8.5: termination names the current application */
static uint16_t find_active(const struct card *card, struct span aid, sw_t *sw)
{
	uint16_t file = find_aid(card, aid, FIRST);

	if (file != FILE_NONE)
		*sw = SW_CONDITIONS_NOT_SATISFIED;
	while (file != FILE_NONE && file != channel_of(card)->selection.adf)
		file = file_by_aid(&card->store, aid, file);
	return file;
}

/* The directory of this FID right below the current one. */
/* SPEC: TS 102 221 11.1.1: a child */
static uint16_t find_directory(const struct card *card, uint16_t fid)
{
	uint16_t file = file_child(&card->store, channel_of(card)->selection.directory, fid);

	return file != FILE_NONE && file_is_directory(&card->store, file) ? file : FILE_NONE;
}

uint16_t selection_follow(const struct card *card, uint8_t p1, struct span reference)
{
	if (p1 == SELECT_FID && reference.length == 2)
		return selection_find(card, (uint16_t)(reference.at[0] << 8 | reference.at[1]));
	if (reference.length == 0 || reference.length % 2 != 0)
		return FILE_NONE;
	if (p1 == SELECT_PATH_MF)
		return find_path(card, FILE_MF, reference);
	return p1 == SELECT_PATH_HERE ? find_path(card, channel_of(card)->selection.directory, reference)
				      : FILE_NONE;
}

/* Which file a SELECT means: FILE_NONE, and `*sw` says why when it is not "not found". */
static uint16_t find(const struct card *card, const struct command *command, sw_t *sw)
{
	struct span data = command->data;

	*sw = SW_FILE_NOT_FOUND;
	switch (command->p1) {
	case SELECT_FID:
		if (data.length == 0)
			return FILE_MF; /* ISO/IEC 7816-4 table 39 */
		if (data.length == 2)
			return selection_find(card, (uint16_t)(data.at[0] << 8 | data.at[1]));
		break;
	case BY_CHILD:
		if (data.length == 2)
			return find_directory(card, (uint16_t)(data.at[0] << 8 | data.at[1]));
		break;
	case BY_PARENT:
		if (data.length == 0)
			return file_parent(&card->store, channel_of(card)->selection.directory);
		break;
	case BY_AID:
		if (command->p2 & TERMINATE)
			return find_active(card, data, sw);
		return find_aid(card, data, command->p2 & OCCURRENCE);
	case SELECT_PATH_MF:
	case SELECT_PATH_HERE:
		if (data.length > 0 && data.length % 2 == 0)
			return selection_follow(card, command->p1, data);
		break;
	default:
		*sw = SW_WRONG_P1_P2;
		return FILE_NONE;
	}
	*sw = SW_WRONG_LENGTH;
	return FILE_NONE;
}

int selection_elsewhere(const struct card *card, uint16_t file)
{
	const struct channel *channel;

	for (size_t i = 0; i < CHANNELS; i++) {
		channel = &card->channels[i];
		if (i != card->channel && channel->open &&
		    (channel->selection.ef == file || channel->selection.directory == file))
			return 1;
	}
	return 0;
}

/* SPEC: TS 102 221 8.4.1, 8.7: a file that is not shareable belongs to one channel at a time. */
int selection_is_taken(const struct card *card, uint16_t file)
{
	struct file row;

	return file_get(&card->store, &row, file) == OK && (row.flags & FILE_EXCLUSIVE) &&
	       selection_elsewhere(card, file);
}

/* Is this file, one that is not shareable, at or below the other? */
static int is_exclusive_below(const struct card *card, uint16_t file, uint16_t top)
{
	struct file row;

	if (file_get(&card->store, &row, file) < 0 || !(row.flags & FILE_EXCLUSIVE))
		return 0;
	while (file != top && file != FILE_NONE)
		file = file_parent(&card->store, file);
	return file == top;
}

int selection_is_taken_below(const struct card *card, uint16_t file)
{
	const struct channel *channel;

	for (size_t i = 0; i < CHANNELS; i++) {
		channel = &card->channels[i];
		if (i != card->channel && channel->open &&
		    (is_exclusive_below(card, channel->selection.ef, file) ||
		     is_exclusive_below(card, channel->selection.directory, file)))
			return 1;
	}
	return 0;
}

/* SPEC: TS 102 221 9.4.3: PIN2 is the application's, and so is having verified
 * it. The other PINs are the card's. */
static void forget_local_pin(struct card *card)
{
	pin_session_forget(&channel_now(card)->pins, PIN_2);
}

void selection_enter(struct card *card, uint16_t file, int by_aid)
{
	struct selection *selection = &channel_now(card)->selection;

	/* SPEC: TS 102 221 11.1.1.1: of a cyclic EF the newest record is current. */
	selection->record = file_kind(&card->store, file) == FILE_CYCLIC;
	selection->object = (struct object_place){.tag = 0};
	if (file_is_directory(&card->store, file)) {
		selection->directory = file;
		selection->ef = FILE_NONE;
	} else {
		selection->directory = file_parent(&card->store, file);
		selection->ef = file;
	}
	if (file_kind(&card->store, file) == FILE_APPLICATION && selection->adf != file) {
		selection->adf = file;
		forget_local_pin(card);
	}
	/* A secure channel ends with the session of its application. */
	if (card->scp03.channel == card->channel &&
	    (by_aid || selection_application(card) != APPLICATION_ISD))
		scp03_close(&card->scp03);
	if (by_aid || selection_application(card) != APPLICATION_CUSTODIAN)
		custody_leave(card);
}

/* End the session of the current application. */
static void leave(struct card *card)
{
	selection_reset(&channel_now(card)->selection);
	if (card->scp03.channel == card->channel)
		scp03_close(&card->scp03);
	custody_leave(card);
	forget_local_pin(card);
}

/* SPEC: TS 102 221 11.1.1.2 */
static int is_p2(uint8_t p1, uint8_t p2)
{
	if ((p2 & ~(TERMINATE | ANSWER | OCCURRENCE)) != 0 || (p2 & ANSWER) == 0x08)
		return 0;
	if (p1 != BY_AID)
		return (p2 & (TERMINATE | OCCURRENCE)) == 0;
	return !(p2 & TERMINATE) || (p2 & OCCURRENCE) == FIRST;
}

sw_t select_file(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t answer = command->p2 & ANSWER;
	uint16_t file;
	sw_t sw;
	int e = OK;

	if (!is_p2(command->p1, command->p2))
		return SW_WRONG_P1_P2;
	file = find(card, command, &sw);
	if (file == FILE_NONE)
		return sw;
	if (selection_is_taken(card, file))
		return SW_CONDITIONS_NOT_SATISFIED;
	/* SPEC: TS 102 221 11.1.1.3, GPC 11.9.3.1: a security domain has no files and so no FCP. */
	if (answer != ANSWER_NOTHING)
		e = file == profile_isd ? fcp_fill_fci(card, file, reply) : fcp_fill(card, file, reply);
	if (e < 0)
		return sw_from_error(e);
	if (command->p2 & TERMINATE)
		leave(card);
	else
		selection_enter(card, file, command->p1 == BY_AID);
	return SW_OK;
}

sw_t directory_status(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t aid[FILE_AID_MAX];
	size_t length;

	if (command->p1 > STATUS_P1_LAST)
		return SW_WRONG_P1_P2;
	switch (command->p2) {
	case STATUS_FCP:
		return sw_from_error(fcp_fill(card, channel_now(card)->selection.directory, reply));
	case STATUS_AID:
		length = file_aid(&card->store, aid, channel_now(card)->selection.adf);
		if (length == 0)
			return SW_REFERENCE_NOT_FOUND;
		reply->at[0] = TAG_AID;
		reply->at[1] = (uint8_t)length;
		memcpy(reply->at + 2, aid, length);
		reply->length = 2 + length;
		return SW_OK;
	case STATUS_NOTHING:
		return SW_OK;
	default:
		return SW_WRONG_P1_P2;
	}
}
