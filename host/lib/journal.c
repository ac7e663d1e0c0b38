#include "lib/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/database.h"

#define COLUMNS "batch, number, iccid, imsi, state, kcv_k, kcv_opc"

static const struct database_schema schema = {
	.kind = 0x73616A6F, /* "sajo" */
	.version = 2,
	.what = "bureau's journal",
	.statement = "CREATE TABLE batch (id TEXT PRIMARY KEY NOT NULL, work TEXT NOT NULL) STRICT;"
		     "CREATE TABLE card ("
		     " batch TEXT NOT NULL REFERENCES batch (id),"
		     " number INTEGER NOT NULL,"
		     " iccid TEXT NOT NULL UNIQUE,"
		     " imsi TEXT NOT NULL UNIQUE,"
		     " state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),"
		     " kcv_k BLOB, kcv_opc BLOB,"
		     " PRIMARY KEY (batch, number)"
		     ") STRICT, WITHOUT ROWID;"
		     "CREATE INDEX card_state ON card (batch, state, number)",
};

struct journal {
	struct database *database;
	struct query *find, *next, *count, *enter;
};

const char *journal_state_name(enum journal_state state)
{
	static const char *const names[] = {"planned", "claimed", "loading", "verified", "lost"};

	return names[state];
}

int journal_open(struct journal **journal, const char *path, struct fault *fault)
{
	struct journal *made = calloc(1, sizeof(*made));

	*journal = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	if (database_open(&made->database, path, &schema, DATABASE_MAKE, fault) < 0 ||
	    database_query(made->database, &made->find, "SELECT " COLUMNS " FROM card WHERE iccid = ?",
			   fault) < 0 ||
	    database_query(made->database, &made->next,
			   "SELECT " COLUMNS " FROM card WHERE batch = ? AND state = ? AND number > ?"
			   " ORDER BY number LIMIT 1",
			   fault) < 0 ||
	    database_query(made->database, &made->count,
			   "SELECT count(*) FROM card WHERE batch = ? AND state = ?", fault) < 0 ||
	    database_query(made->database, &made->enter,
			   "UPDATE card SET state = ?, kcv_k = ?, kcv_opc = ? WHERE batch = ? AND number = ?",
			   fault) < 0) {
		journal_close(made);
		return -1;
	}
	*journal = made;
	return 0;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	query_end(journal->find);
	query_end(journal->next);
	query_end(journal->count);
	query_end(journal->enter);
	database_close(journal->database);
	free(journal);
}

/* ---- planning ---- */

/* 1: entered before with this very order, 0: not entered, -1. */
static int known(struct journal *journal, const struct order *order, const char *work, struct fault *fault)
{
	struct query *query;
	int got;

	if (database_query(journal->database, &query, "SELECT work FROM batch WHERE id = ?", fault) < 0)
		return -1;
	query_text(query, 1, order->batch);
	got = query_step(query, fault);
	if (got == 1 && strcmp(query_text_at(query, 0), work) != 0)
		got = fault_set(fault, FAULT_POLICY, "use the first order, or give this one another batch id",
				"batch %s was begun with another order", order->batch);
	query_end(query);
	return got;
}

static int insert_batch(struct journal *journal, const struct order *order, const char *work,
			struct fault *fault)
{
	struct query *query;
	int got;

	if (database_query(journal->database, &query, "INSERT INTO batch VALUES (?, ?)", fault) < 0)
		return -1;
	query_text(query, 1, order->batch);
	query_text(query, 2, work);
	got = query_step(query, fault);
	query_end(query);
	return got;
}

static int insert_cards(struct journal *journal, const struct order *order, struct fault *fault)
{
	char iccid[21], imsi[16];
	struct query *query;
	uint32_t number;
	int got = 0;

	if (database_query(journal->database, &query, "INSERT INTO card VALUES (?, ?, ?, ?, 0, NULL, NULL)",
			   fault) < 0)
		return -1;
	for (number = 1; number <= order->count && got == 0; number++) {
		order_card(iccid, imsi, order, number);
		query_text(query, 1, order->batch);
		query_int(query, 2, number);
		query_text(query, 3, iccid);
		query_text(query, 4, imsi);
		got = query_step(query, fault);
		query_reset(query);
	}
	query_end(query);
	if (got < 0 && fault && fault->code == FAULT_INPUT)
		return fault_set(fault, FAULT_POLICY, "choose numbers no other batch has",
				 "card %u of batch %s: ICCID %s or IMSI %s belongs to another batch",
				 (unsigned)number - 1, order->batch, iccid, imsi);
	return got;
}

int journal_plan(struct journal *journal, const struct order *order, struct fault *fault)
{
	struct order bare = *order;
	char work[ORDER_TEXT];
	int got;

	/* Where the token is may change between two runs; what is made may not. */
	memset(bare.hsm, 0, sizeof(bare.hsm));
	if (order_write(work, &bare) <= 1)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	if (database_begin(journal->database, fault) < 0)
		return -1;
	got = known(journal, order, work, fault);
	if (got == 0 &&
	    (insert_batch(journal, order, work, fault) < 0 || insert_cards(journal, order, fault) < 0))
		got = -1;
	if (got < 0 || database_commit(journal->database, fault) < 0) {
		database_rollback(journal->database);
		return -1;
	}
	return 0;
}

/* ---- cards ---- */

static void read_kcv(uint8_t out[static 3], struct query *query, int column)
{
	size_t length;
	const uint8_t *blob = query_blob_at(query, column, &length);

	memset(out, 0, 3);
	if (length == 3)
		memcpy(out, blob, 3);
}

/* Step, read the row, and make the statement ready again. */
static int read_card(struct journal_card *card, struct query *query, struct fault *fault)
{
	int got = query_step(query, fault);

	if (got == 1) {
		memset(card, 0, sizeof(*card));
		(void)snprintf(card->batch, sizeof(card->batch), "%s", query_text_at(query, 0));
		card->number = (uint32_t)query_int_at(query, 1);
		(void)snprintf(card->iccid, sizeof(card->iccid), "%s", query_text_at(query, 2));
		(void)snprintf(card->imsi, sizeof(card->imsi), "%s", query_text_at(query, 3));
		card->state = (enum journal_state)query_int_at(query, 4);
		read_kcv(card->kcv_k, query, 5);
		read_kcv(card->kcv_opc, query, 6);
	}
	query_reset(query);
	return got;
}

int journal_find(struct journal *journal, struct journal_card *card, const char *iccid, struct fault *fault)
{
	query_text(journal->find, 1, iccid);
	return read_card(card, journal->find, fault);
}

int journal_next(struct journal *journal, struct journal_card *card, const char *batch,
		 enum journal_state state, uint32_t number, struct fault *fault)
{
	query_text(journal->next, 1, batch);
	query_int(journal->next, 2, state);
	query_int(journal->next, 3, number);
	return read_card(card, journal->next, fault);
}

int journal_free(struct journal *journal, struct journal_card *card, const char *batch, uint32_t number,
		 struct fault *fault)
{
	struct journal_card planned;
	int claimed_got = journal_next(journal, card, batch, JOURNAL_CLAIMED, number, fault), planned_got;

	if (claimed_got < 0)
		return -1;
	planned_got = journal_next(journal, &planned, batch, JOURNAL_PLANNED, number, fault);
	if (planned_got < 0)
		return -1;
	if (planned_got == 1 && (claimed_got == 0 || planned.number < card->number))
		*card = planned;
	return claimed_got || planned_got;
}

int64_t journal_count(struct journal *journal, const char *batch, enum journal_state state,
		      struct fault *fault)
{
	int64_t count = -1;

	query_text(journal->count, 1, batch);
	query_int(journal->count, 2, state);
	if (query_step(journal->count, fault) == 1)
		count = query_int_at(journal->count, 0);
	query_reset(journal->count);
	return count;
}

int journal_enter(struct journal *journal, const struct journal_card *card, struct fault *fault)
{
	int with_keys = card->state == JOURNAL_LOADING || card->state == JOURNAL_VERIFIED, got;

	query_int(journal->enter, 1, card->state);
	query_blob(journal->enter, 2, with_keys ? card->kcv_k : NULL, with_keys ? 3 : 0);
	query_blob(journal->enter, 3, with_keys ? card->kcv_opc : NULL, with_keys ? 3 : 0);
	query_text(journal->enter, 4, card->batch);
	query_int(journal->enter, 5, card->number);
	got = query_step(journal->enter, fault);
	query_reset(journal->enter);
	if (got == 0 && database_changed(journal->database) != 1)
		return fault_set(fault, FAULT_BUG, NULL, "batch %s has no card %u", card->batch,
				 (unsigned)card->number);
	return got;
}
