#include "batch/station.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "batch/under_ticket.h"
#include "lib/personalise.h"
#include "lib/reader.h"
#include "lib/say.h"
#include "lib/secret.h"

/* What exists of a card's keys while it is made: one locked page a worker. */
struct desk {
	struct output_record record;
	struct profile profile;
	char line[OUTPUT_LINE];
};

/* Shared by the workers. `lock` covers all of it and everything of the station
 * but its constants: journal, delivery and token know no threads. */
struct floor {
	pthread_mutex_t lock;
	struct station *station;
	size_t next;      /* job to take */
	bool give_up;     /* a fault that the other readers share */
	unsigned changed; /* cards done in this run */
};

static struct desk *desk_make(struct fault *fault)
{
	struct desk *desk = mmap(NULL, sizeof(*desk), PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);

	if (desk == MAP_FAILED || mlock(desk, sizeof(*desk)) < 0) {
		fault_set(fault, FAULT_SYSTEM, "raise the limit: ulimit -l",
			  "cannot lock memory for keys: %s", strerror(errno));
		if (desk != MAP_FAILED)
			(void)munmap(desk, sizeof(*desk));
		return NULL;
	}
	(void)madvise(desk, sizeof(*desk), MADV_DONTDUMP);
	return desk;
}

static void desk_end(struct desk *desk)
{
	if (!desk)
		return;
	secret_wipe(desk, sizeof(*desk));
	(void)munmap(desk, sizeof(*desk));
}

/* The first fault is the run's; one that is not about a card ends the run. */
static void floor_fault(struct floor *floor, const struct fault *fault)
{
	if (floor->station->fault.code == FAULT_NONE)
		floor->station->fault = *fault;
	if (fault->code != FAULT_CARD && fault->code != FAULT_NO)
		floor->give_up = true;
}

/* Enter a state; journal and delivery are used under the lock only. */
static int enter(struct floor *floor, struct journal_card *card, enum journal_state state,
		 struct fault *fault)
{
	int result;

	card->state = state;
	pthread_mutex_lock(&floor->lock);
	result = journal_enter(floor->station->journal, card, fault);
	pthread_mutex_unlock(&floor->lock);
	return result;
}

/* Write the ICCID and nothing else, so that from now on the card says whose
 * numbers it has: a card without keys harms nobody if it is lost here. */
static int claim(struct floor *floor, struct job *job, struct reader *reader, struct fault *fault)
{
	struct profile number_only;
	int result;

	if (enter(floor, &job->card, JOURNAL_CLAIMED, fault) < 0)
		return -1;
	memset(&number_only, 0, sizeof(number_only));
	memcpy(number_only.iccid, job->card.iccid, sizeof(number_only.iccid));
	result = personalise(reader, floor->station->card_keys, &number_only, fault);
	return result < 0 ? fault_prefix(fault, "card %u", (unsigned)job->card.number) : 0;
}

/* The numbers of a card's record; the rest zero. */
static void start_record(struct output_record *record, const struct journal_card *card)
{
	memset(record, 0, sizeof(*record));
	memcpy(record->imsi, card->imsi, sizeof(record->imsi));
	memcpy(record->iccid, card->iccid, sizeof(record->iccid));
	memcpy(record->batch, card->batch, sizeof(record->batch));
	record->number = card->number;
}

/* Make the keys, note that they are on their way, load and prove them, write
 * the line, note that. A line that cannot be written leaves the card in
 * loading: it will be given keys again. */
static int load(struct floor *floor, struct job *job, struct reader *reader, struct desk *desk,
		struct fault *fault)
{
	struct station *station = floor->station;
	struct output_record *record = &desk->record;
	struct journal_card *card = &job->card;
	int result;

	start_record(record, card);
	pthread_mutex_lock(&floor->lock);
	result = keys_make(record, station->order->design, station->key, fault);
	pthread_mutex_unlock(&floor->lock);
	memcpy(card->kcv_k, record->kcv_k, 3);
	memcpy(card->kcv_opc, record->kcv_opc, 3);
	if (result < 0 || enter(floor, card, JOURNAL_LOADING, fault) < 0)
		return -1;
	order_profile(&desk->profile, record, station->order);
	result = personalise(reader, station->card_keys, &desk->profile, fault);
	profile_wipe(&desk->profile);
	if (result < 0)
		return fault_prefix(fault, "card %u", (unsigned)card->number);
	pthread_mutex_lock(&floor->lock);
	result = delivery_add(station->delivery, desk->line, record, fault);
	pthread_mutex_unlock(&floor->lock);
	return result < 0 ? -1 : enter(floor, card, JOURNAL_VERIFIED, fault);
}

/* ---- under tickets ---- */

/* The card's keys and codes. Those of a plain card are drawn once: what is
 * loaded under its ticket must be in the output file before, for no second
 * ticket comes. The floor's lock is held. */
static int ticketed_keys(struct station *station, const struct journal_card *card, struct desk *desk,
			 struct fault *fault)
{
	struct output_record *record = &desk->record;
	bool plain = station->order->design == DESIGN_PLAIN;
	int got = 0;

	if (plain && card->state == JOURNAL_LOADING)
		got = delivery_find(station->delivery, record, card->iccid, fault);
	if (got != 0)
		return got < 0 ? -1 : 0;
	start_record(record, card);
	if (keys_make(record, station->order->design, station->key, fault) < 0)
		return -1;
	return plain ? delivery_add(station->delivery, desk->line, record, fault) : 0;
}

/* The receipt tells of the keys that were loaded; those of an agreement nobody here knows. */
static int take_checks(struct journal_card *card, struct output_record *record, const struct receipt *receipt,
		       enum design design, struct fault *fault)
{
	memcpy(record->identity, receipt->identity, sizeof(record->identity));
	if (design == DESIGN_AGREED) {
		memcpy(record->kcv_k, receipt->kcv_k, 3);
		memcpy(record->kcv_opc, receipt->kcv_opc, 3);
	}
	memcpy(card->kcv_k, record->kcv_k, 3);
	memcpy(card->kcv_opc, record->kcv_opc, 3);
	if (memcmp(record->kcv_k, receipt->kcv_k, 3) != 0 ||
	    memcmp(record->kcv_opc, receipt->kcv_opc, 3) != 0)
		return fault_set(fault, FAULT_CARD, "do not use this card",
				 "the receipt has other check values than the keys");
	return 0;
}

/* Receipt and line are on the disk before the journal says so. */
static int write_down(struct floor *floor, struct desk *desk, const struct receipt_line *line,
		      struct fault *fault)
{
	struct station *station = floor->station;
	int result;

	pthread_mutex_lock(&floor->lock);
	result = receipts_add(station->receipts, line, fault);
	if (result == 0 && station->order->design != DESIGN_PLAIN)
		result = delivery_add(station->delivery, desk->line, &desk->record, fault);
	pthread_mutex_unlock(&floor->lock);
	return result;
}

static int load_under_ticket(struct floor *floor, struct job *job, struct reader *reader, struct desk *desk,
			     struct fault *fault)
{
	struct station *station = floor->station;
	const struct scp03_key_set *keys = station->card_keys;
	struct journal_card *card = &job->card;
	struct profile *profile = &desk->profile;
	struct under_ticket u;
	bool has_key;
	int result =
		under_ticket_look(&u, station->tickets, card->number, station->time, reader, keys, fault);

	if (result == 0) {
		pthread_mutex_lock(&floor->lock);
		result = ticketed_keys(station, card, desk, fault);
		pthread_mutex_unlock(&floor->lock);
	}
	memcpy(card->kcv_k, desk->record.kcv_k, 3);
	memcpy(card->kcv_opc, desk->record.kcv_opc, 3);
	if (result < 0 || enter(floor, card, JOURNAL_LOADING, fault) < 0)
		return fault_prefix(fault, "card %u", (unsigned)card->number);
	order_profile(profile, &desk->record, station->order);
	has_key = profile->has_key;
	profile->has_key = false;
	result = personalise_store(reader, keys, profile, fault);
	profile->has_key = has_key;
	if (result == 0)
		result = under_ticket_load(&u, reader, keys, profile, fault);
	if (result == 0)
		result = take_checks(card, &desk->record, &u.facts.receipt, station->order->design, fault);
	if (result == 0)
		result = personalise_check(reader, profile, fault);
	profile_wipe(profile);
	if (result < 0)
		return fault_prefix(fault, "card %u", (unsigned)card->number);
	return write_down(floor, desk, &u.line, fault) < 0 ? -1 : enter(floor, card, JOURNAL_VERIFIED, fault);
}

/* The card in the reader must still be the one that was looked at. */
static int same_card(const struct job *job, struct reader *reader, struct fault *fault)
{
	char now[21];
	struct fault none = {0};

	if (card_iccid(reader, now, &none) < 0) {
		if (reader_reset(reader, fault) < 0)
			return -1;
		now[0] = 0;
	}
	if (strcmp(now, job->found) != 0)
		return fault_set(fault, FAULT_CARD,
				 "leave the cards in until the run has ended; run it again",
				 "the card in reader \"%s\" is another one now", job->reader);
	return 0;
}

static int do_job(struct floor *floor, struct job *job, struct desk *desk, struct fault *fault)
{
	struct reader *reader;
	int result;

	if (reader_open(&reader, job->reader, fault) < 0)
		return -1;
	result = same_card(job, reader, fault);
	if (result == 0 && job->card.state != JOURNAL_LOADING && strcmp(job->found, job->card.iccid) != 0)
		result = claim(floor, job, reader, fault);
	if (result == 0)
		result =
			(floor->station->tickets ? load_under_ticket : load)(floor, job, reader, desk, fault);
	secret_wipe(desk, sizeof(*desk));
	reader_close(reader);
	return result;
}

static void *worker(void *argument)
{
	struct floor *floor = argument;
	struct station *station = floor->station;
	struct fault fault = {0};
	struct desk *desk = desk_make(&fault);
	struct job *job;
	int result;

	pthread_mutex_lock(&floor->lock);
	if (!desk)
		floor_fault(floor, &fault);
	while (desk && !floor->give_up && !stop_asked() && floor->next < station->job_count) {
		job = &station->jobs[floor->next++];
		pthread_mutex_unlock(&floor->lock);
		memset(&fault, 0, sizeof(fault));
		result = do_job(floor, job, desk, &fault);
		pthread_mutex_lock(&floor->lock);
		if (result < 0)
			floor_fault(floor, &fault);
		else
			station->verified++;
		progress_at(station->verified, job->card.iccid);
	}
	pthread_mutex_unlock(&floor->lock);
	desk_end(desk);
	return NULL;
}

void station_make(struct station *station, unsigned parallel)
{
	struct floor floor = {.lock = PTHREAD_MUTEX_INITIALIZER, .station = station};
	pthread_t threads[STATION_READERS];
	unsigned started = 0, i;

	if (parallel > station->job_count)
		parallel = (unsigned)station->job_count;
	progress_start(station->order->batch, station->order->count);
	while (started < parallel && pthread_create(&threads[started], NULL, worker, &floor) == 0)
		started++;
	if (started == 0)
		(void)worker(&floor);
	for (i = 0; i < started; i++)
		(void)pthread_join(threads[i], NULL);
	progress_end();
	pthread_mutex_destroy(&floor.lock);
}
