#include "batch/commands.h"
#include "batch/station.h"
#include "lib/card_state.h"
#include "lib/options.h"
#include "lib/say.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OPTION_READERS = 0x200,
	OPTION_OUT,
	OPTION_HSM,
	OPTION_KEYS,
	OPTION_PARALLEL,
	OPTION_AGAIN,
	OPTION_SCRAP,
	OPTION_TICKETS,
	OPTION_TIME,
	PATH_SIZE = 512,
	SLOT = 1, /* the USIM's */
};

struct input {
	struct options options;
	const char *order, *readers, *out, *hsm, *keys, *scrap, *tickets, *time;
	unsigned parallel;
	bool again;
};

static const struct argp_option personalise_options[] = {
	{"readers", OPTION_READERS, "PREFIX", 0, "Use the readers whose names begin so", 0},
	{"out", OPTION_OUT, "FOLDER", 0, "Journal and output file (made, mode 0700)", 0},
	{"hsm", OPTION_HSM, "URI", 0, "The token with the batch key (the order's)", 0},
	{"card-keys", OPTION_KEYS, "FILE", 0, "The blank cards' SCP03 key set (the public test keys)", 0},
	{"parallel", OPTION_PARALLEL, "N", 0, "Readers at a time, 1 to 64 (4)", 0},
	{"again", OPTION_AGAIN, NULL, 0, "Overwrite cards that are personalised already", 0},
	{"scrap", OPTION_SCRAP, "ICCID", 0, "That interrupted card is destroyed: give its numbers to another",
	 0},
	{"tickets", OPTION_TICKETS, "FILE", 0, "The ceremony's load tickets; agreed batches need them", 0},
	{"time", OPTION_TIME, "FILE", 0,
	 "What the ceremony signed last of the time (simrite ceremony time): each card is told it before its ticket",
	 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct input *input = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &input->options;
		return 0;
	case OPTION_READERS:
		input->readers = argument;
		return 0;
	case OPTION_OUT:
		input->out = argument;
		return 0;
	case OPTION_HSM:
		input->hsm = argument;
		return 0;
	case OPTION_KEYS:
		input->keys = argument;
		return 0;
	case OPTION_PARALLEL:
		input->parallel = options_number(state, argument, 1, STATION_READERS);
		return 0;
	case OPTION_AGAIN:
		input->again = true;
		return 0;
	case OPTION_SCRAP:
		input->scrap = argument;
		return 0;
	case OPTION_TICKETS:
		input->tickets = argument;
		return 0;
	case OPTION_TIME:
		input->time = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (input->order)
			argp_usage(state);
		input->order = argument;
		return 0;
	case ARGP_KEY_END:
		if (!input->order || !input->readers || !input->out)
			argp_error(state, "ORDER, --readers and --out are needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* One bureau at a time in a folder: the folder itself is the lock. Returns
 * its descriptor; closing it unlocks. */
static int folder_take(const char *folder, struct fault *fault)
{
	int fd;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", folder, strerror(errno));
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", folder, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	close(fd);
	return fault_set(fault, FAULT_POLICY, "wait for it, or use another folder",
			 "%s: another run is at work there", folder);
}

/* A line of an earlier run is worth keeping when its card was verified; a
 * plain card's under a ticket also when it may have been loaded: the keys in
 * it are the only ones it will ever have. */
static bool keep_line(void *context, const struct output_record *record)
{
	const struct station *station = context;
	struct journal_card card;
	bool loading = station->tickets && station->order->design == DESIGN_PLAIN;

	return journal_find(station->journal, &card, record->iccid, NULL) == 1 &&
	       (card.state == JOURNAL_VERIFIED || (loading && card.state == JOURNAL_LOADING)) &&
	       strcmp(card.batch, record->batch) == 0 && memcmp(card.kcv_k, record->kcv_k, 3) == 0 &&
	       memcmp(card.kcv_opc, record->kcv_opc, 3) == 0;
}

static bool keep_receipt(void *context, const struct receipt_line *line)
{
	const struct station *station = context;
	struct journal_card card;

	return journal_find(station->journal, &card, line->iccid, NULL) == 1 &&
	       card.state == JOURNAL_VERIFIED && strcmp(card.batch, station->order->batch) == 0;
}

/* Without tickets another card may have the numbers. With them, none: the
 * ticket may have been used, and is never used for a second card. */
static int scrap(struct station *station, const char *iccid, struct fault *fault)
{
	const struct order *order = station->order;
	struct journal_card card;
	int got = journal_find(station->journal, &card, iccid, fault);

	if (got < 0)
		return -1;
	if (got == 0 || strcmp(card.batch, order->batch) != 0)
		return fault_set(fault, FAULT_USAGE, NULL, "batch %s has no ICCID %s", order->batch, iccid);
	if (card.state == JOURNAL_VERIFIED)
		return fault_set(fault, FAULT_POLICY, "its keys may be with the operator already",
				 "card %s was made and verified; its numbers are spent", iccid);
	if (card.state == JOURNAL_LOST)
		return 0;
	card.state = station->tickets && card.state == JOURNAL_LOADING ? JOURNAL_LOST : JOURNAL_PLANNED;
	return journal_enter(station->journal, &card, fault);
}

/* Are these the tickets of this order's cards? */
static int check_tickets(const struct tickets *tickets, const struct order *order, struct fault *fault)
{
	char iccid[21], imsi[16];

	if (strcmp(tickets->batch, order->batch) != 0)
		return fault_set(fault, FAULT_INPUT, NULL,
				 "the tickets are batch %s's, the order is batch %s's", tickets->batch,
				 order->batch);
	if (tickets->method != order_method(order->design))
		return fault_set(fault, FAULT_INPUT, NULL, "the tickets are not for %s keys",
				 card_method_text(order_method(order->design)));
	if (tickets->slot != SLOT)
		return fault_set(fault, FAULT_INPUT, "the plan of the ceremony says which",
				 "the tickets are for slot %u; the bureau loads slot %d, which the USIM uses",
				 tickets->slot, SLOT);
	if (tickets->count != order->count)
		return fault_set(fault, FAULT_INPUT, NULL, "there are %u tickets for %u cards",
				 (unsigned)tickets->count, (unsigned)order->count);
	for (uint32_t i = 0; i < order->count; i++) {
		order_card(iccid, imsi, order, i + 1);
		if (strcmp(iccid, tickets->rows[i].iccid) != 0)
			return fault_set(fault, FAULT_INPUT, "they follow the order's ICCIDs",
					 "ticket %u is for ICCID %s, card %u has %s", (unsigned)i + 1,
					 tickets->rows[i].iccid, (unsigned)i + 1, iccid);
	}
	return 0;
}

static int lost_lines(const struct station *station, const char *folder, const char *suffix, int kept,
		      unsigned wanted, struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, "bring the file back, or make the batch again in a new folder",
			 "%s/%s.%s.part has lost lines: %d of %u verified cards are in it", folder,
			 station->order->batch, suffix, kept, wanted);
}

/* The output file and, with tickets, the receipts. */
static int open_files(struct station *station, const char *folder, struct fault *fault)
{
	const struct order *order = station->order;
	int64_t loading = 0;
	int kept;

	if (station->tickets && order->design == DESIGN_PLAIN)
		loading = journal_count(station->journal, order->batch, JOURNAL_LOADING, fault);
	if (loading < 0)
		return -1;
	kept = delivery_open(&station->delivery, folder, order->batch, order->design, keep_line, station,
			     fault);
	if (kept < 0)
		return -1;
	if (kept != station->verified + loading)
		return lost_lines(station, folder, "csv", kept, station->verified, fault);
	if (!station->tickets || receipts_finished(folder, order->batch))
		return 0;
	kept = receipts_begin(&station->receipts, folder, order->batch, keep_receipt, station, fault);
	if (kept < 0)
		return -1;
	return kept != (int)station->verified
		       ? lost_lines(station, folder, "receipts.jsonl", kept, station->verified, fault)
		       : 0;
}

/* Everything but the cards: journal, numbers, output file. */
static int prepare(struct station *station, const struct input *input, struct fault *fault)
{
	const struct order *order = station->order;
	char path[PATH_SIZE];
	int64_t verified, lost;

	if (snprintf(path, sizeof(path), "%s/journal.db", input->out) >= PATH_SIZE)
		return fault_set(fault, FAULT_INPUT, NULL, "the folder's name is too long");
	if (journal_open(&station->journal, path, fault) < 0 ||
	    journal_plan(station->journal, order, fault) < 0 ||
	    (input->scrap && scrap(station, input->scrap, fault) < 0))
		return -1;
	verified = journal_count(station->journal, order->batch, JOURNAL_VERIFIED, fault);
	lost = journal_count(station->journal, order->batch, JOURNAL_LOST, fault);
	if (verified < 0 || lost < 0)
		return -1;
	station->verified = (uint32_t)verified;
	station->lost = (uint32_t)lost;
	if (!delivery_finished(input->out, order->batch))
		return open_files(station, input->out, fault);
	if (station->verified + station->lost == order->count)
		return 0;
	return fault_set(fault, FAULT_INPUT, "one of them is not this batch's: put the right one back",
			 "%s/%s.csv is there, but the journal knows %u of %u cards verified", input->out,
			 order->batch, (unsigned)station->verified, (unsigned)order->count);
}

/* Not everything was made and nothing went wrong: say what is in the way. */
static int unfinished(struct station *station, struct fault *fault)
{
	const struct order *order = station->order;
	struct journal_card card;
	unsigned left = order->count - station->verified - station->lost;

	if (stop_asked())
		return fault_set(fault, FAULT_STOPPED, "the same command goes on where this one stopped",
				 "stopped with %u of %u cards made", (unsigned)station->verified,
				 (unsigned)order->count);
	if (journal_free(station->journal, &card, order->batch, 0, fault) == 1)
		return fault_set(fault, FAULT_CARD, "put blank cards in and run it again",
				 "%u of %u cards made; no reader holds another blank card",
				 (unsigned)station->verified, (unsigned)order->count);
	if (journal_next(station->journal, &card, order->batch, JOURNAL_LOADING, 0, fault) == 1)
		return fault_set(fault, FAULT_CARD,
				 "put it in and run it again; or destroy it, and give --scrap and its ICCID",
				 "%u of %u cards made; the interrupted card with ICCID %s is in no reader%s",
				 (unsigned)station->verified, (unsigned)order->count, card.iccid,
				 left > 1 ? " (and others)" : "");
	return -1;
}

static int run(struct station *station, const struct input *input, struct fault *fault)
{
	if (prepare(station, input, fault) < 0)
		return -1;
	if (!station->delivery) /* an earlier run finished it */
		return 0;
	if (station->verified + station->lost < station->order->count) {
		if (station_survey(station, input->readers, fault) < 0)
			return -1;
		station_make(station, input->parallel ? input->parallel : 4);
	}
	if (station->fault.code != FAULT_NONE) {
		*fault = station->fault;
		return fault_prefix(fault, "%u of %u cards made", (unsigned)station->verified,
				    (unsigned)station->order->count);
	}
	if (station->verified + station->lost < station->order->count)
		return unfinished(station, fault);
	if (station->receipts && receipts_finish(station->receipts, fault) < 0)
		return -1;
	return delivery_finish(station->delivery, fault);
}

static void tell(const struct station *station, const char *folder)
{
	const struct order *order = station->order;
	bool agreed = order->design == DESIGN_AGREED;
	json_t *result = json_pack("{s:s, s:s, s:i, s:i, s:i, s:o}", "batch", order->batch, "design",
				   design_name(order->design), "cards", (int)order->count, "made",
				   (int)station->verified, "lost", (int)station->lost, "file",
				   json_sprintf("%s/%s.csv", folder, order->batch));

	say("%s/%s.csv: %u cards made, each %s (%s)", folder, order->batch, (unsigned)station->verified,
	    agreed ? "with its receipt; its keys the operator will prove" : "proved by an authentication",
	    design_name(order->design));
	if (station->lost)
		say_note("%u cards were lost with their tickets", (unsigned)station->lost);
	if (station->tickets) {
		say("%s/%s.receipts.jsonl: what the cards answered, for the ceremony and the operator",
		    folder, order->batch);
		json_object_set_new(result, "receipts",
				    json_sprintf("%s/%s.receipts.jsonl", folder, order->batch));
	}
	if (order->design == DESIGN_PLAIN)
		say_note("the file holds every key in the clear: guard it");
	say_result(result);
}

/* The tickets, when there are to be any. */
static int take_tickets(struct tickets **tickets, const struct input *input, const struct order *order,
			struct fault *fault)
{
	if (!input->tickets)
		return order->design == DESIGN_AGREED
			       ? fault_set(fault, FAULT_USAGE, "give --tickets and the ceremony's file",
					   "an agreed batch is loaded under tickets")
			       : 0;
	return tickets_load(tickets, input->tickets, fault) < 0 ? -1 : check_tickets(*tickets, order, fault);
}

/* What cards are told, of the ceremony whose tickets these are. */
static int take_time(struct time_statement *time, const struct tickets *tickets, const char *path,
		     struct fault *fault)
{
	if (!tickets)
		return fault_set(fault, FAULT_USAGE, NULL,
				 "--time is for cards that are loaded under --tickets");
	if (time_statement_load(time, path, fault) < 0)
		return -1;
	if (memcmp(time->authority, tickets->authority, sizeof(time->authority)) != 0)
		return fault_set(fault, FAULT_INPUT, "ask for the time of this one",
				 "%s is of another ceremony than the tickets", path);
	return 0;
}

int cmd_personalise(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = personalise_options,
		.parser = parse,
		.args_doc = "ORDER",
		.doc = "Make an order's cards. Interrupted in any way, the same command goes on where it stopped.",
		.children = children,
	};
	struct scp03_key_set card_keys = scp03_test_keys;
	struct batch_key key = {0};
	struct order order;
	struct station station = {.order = &order, .key = &key, .card_keys = &card_keys};
	struct input input = {0};
	struct tickets *tickets = NULL;
	struct time_statement time;
	struct fault fault = {0};
	int result = -1, folder = -1;

	options_parse(&argp, "simrite batch personalise", argc, argv, &input, &input.options);
	stop_catch();
	station.again = input.again;
	if (order_load(&order, input.order, &fault) == 0 &&
	    (!input.keys || scp03_key_set_load(&card_keys, input.keys, &fault) == 0) &&
	    take_tickets(&tickets, &input, &order, &fault) == 0 &&
	    (!input.time || take_time(&time, tickets, input.time, &fault) == 0) &&
	    keys_open(&key, &order, input.hsm, &fault) == 0 &&
	    (folder = folder_take(input.out, &fault)) >= 0) {
		station.tickets = tickets;
		station.time = input.time ? &time : NULL;
		result = run(&station, &input, &fault);
	}
	delivery_close(station.delivery);
	receipts_end(station.receipts);
	tickets_free(tickets);
	journal_close(station.journal);
	keys_close(&key);
	if (folder >= 0)
		close(folder);
	if (result < 0)
		return say_fault(&fault);
	tell(&station, input.out);
	return FAULT_NONE;
}
