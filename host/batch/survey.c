/* Deciding before writing: every card is looked at, and every number given to
 * it, while nothing can go wrong yet. */
#include "batch/station.h"
#include "lib/card_file.h"
#include "lib/card_state.h"
#include "lib/digits.h"
#include "lib/reader.h"
#include "lib/say.h"

#include <string.h>

/* The card's ICCID; "" when it holds none. */
static int look(char iccid[static 21], const char *name, struct fault *fault)
{
	struct reader *reader;
	uint8_t file[10];
	int result;

	iccid[0] = 0;
	if (reader_open(&reader, name, fault) < 0)
		return -1;
	result = card_file_get(reader, file, sizeof(file), "2FE2", "EF.ICCID", fault);
	if (result == 0 && !digits_from_iccid(iccid, file))
		iccid[0] = 0;
	reader_close(reader);
	return result < 0 ? -1 : 0;
}

/* Does a card that was verified still hold the keys it was given? By the check
 * values it tells of its first slot (firmware/gp/get_data.h), so no key is
 * needed. This finds a second card that was given only the number. */
static int same_keys(const char *name, const struct journal_card *card, struct fault *fault)
{
	struct card_state state;
	struct reader *reader;
	size_t i;
	int result;

	if (reader_open(&reader, name, fault) < 0)
		return -1;
	result = card_state_read(reader, &state, fault);
	reader_close(reader);
	if (result < 0)
		return -1;
	for (i = 0; i < state.slots; i++)
		if (state.slot[i].number == 1 && state.slot[i].loaded &&
		    memcmp(state.slot[i].kcv_k, card->kcv_k, 3) == 0 &&
		    memcmp(state.slot[i].kcv_opc, card->kcv_opc, 3) == 0)
			return 0;
	return fault_set(fault, FAULT_POLICY, "take it out and destroy it",
			 "the card in reader \"%s\" carries ICCID %s and not its keys: a second card of that "
			 "number",
			 name, card->iccid);
}

static struct job *add_job(struct station *station, const char *reader, const char *found)
{
	struct job *job = &station->jobs[station->job_count++];

	memset(job, 0, sizeof(*job));
	memcpy(job->reader, reader, strnlen(reader, sizeof(job->reader) - 1));
	memcpy(job->found, found, strnlen(found, sizeof(job->found) - 1));
	return job;
}

static bool has_job(const struct station *station, uint32_t number)
{
	size_t i;

	for (i = 0; i < station->job_count; i++)
		if (station->jobs[i].card.number == number)
			return true;
	return false;
}

/* A card that carries a number: what is it to us? 1: treat it as blank, 0: it
 * was dealt with, -1: it must not be touched. */
static int numbered(struct station *station, const char *reader, const char *iccid, struct fault *fault)
{
	struct journal_card card;
	int got = journal_find(station->journal, &card, iccid, fault);
	bool ours = got == 1 && strcmp(card.batch, station->order->batch) == 0;

	if (got < 0)
		return -1;
	if (ours && card.state != JOURNAL_PLANNED && has_job(station, card.number))
		return fault_set(fault, FAULT_POLICY, "take one of them out and destroy it",
				 "two cards carry ICCID %s; the second is in reader \"%s\"", iccid, reader);
	if (ours && card.state == JOURNAL_LOST)
		return fault_set(fault, FAULT_POLICY, "take it out and destroy it",
				 "the card in reader \"%s\" carries ICCID %s, which was given up (--scrap)",
				 reader, iccid);
	if (ours && card.state == JOURNAL_VERIFIED) {
		station->already++;
		return same_keys(reader, &card, fault);
	}
	if (ours && card.state != JOURNAL_PLANNED) { /* ours, interrupted: it goes on */
		add_job(station, reader, iccid)->card = card;
		return 0;
	}
	if (!station->again)
		return fault_set(fault, FAULT_POLICY, "take it out, or give --again to overwrite such cards",
				 "the card in reader \"%s\" is personalised already, as ICCID %s%s%s", reader,
				 iccid, got == 1 && !ours ? " of batch " : "",
				 got == 1 && !ours ? card.batch : "");
	return 1;
}

/* Numbers for the blank cards, in the readers' order. */
static int assign(struct station *station, const struct reader_entry *blank, const char (*found)[21],
		  size_t count, struct fault *fault)
{
	struct journal_card card;
	uint32_t number = 0;
	size_t i;
	int got = 1;

	for (i = 0; i < count; i++) {
		do {
			got = journal_free(station->journal, &card, station->order->batch, number, fault);
			number = card.number;
		} while (got == 1 && has_job(station, number));
		if (got <= 0)
			return got;
		add_job(station, blank[i].name, found[i])->card = card;
	}
	return 0;
}

int station_survey(struct station *station, const char *prefix, struct fault *fault)
{
	struct reader_entry entries[STATION_READERS];
	char iccid[STATION_READERS][21];
	int count = reader_list(entries, STATION_READERS, fault), i, kind;
	size_t matching = 0, blanks = 0;

	if (count < 0)
		return -1;
	for (i = 0; i < count; i++) {
		if (strncmp(entries[i].name, prefix, strlen(prefix)) != 0)
			continue;
		matching++;
		if (!entries[i].card_present)
			continue;
		station->present++;
		if (look(iccid[blanks], entries[i].name, fault) < 0)
			return -1;
		kind = iccid[blanks][0] ? numbered(station, entries[i].name, iccid[blanks], fault) : 1;
		if (kind < 0)
			return -1;
		if (kind == 1)
			entries[blanks++] = entries[i];
	}
	if (matching == 0)
		return fault_set(fault, FAULT_CARD, "\"simrite card list\" shows the readers",
				 "no reader's name begins with \"%s\"", prefix);
	return assign(station, entries, (const char(*)[21])iccid, blanks, fault);
}
