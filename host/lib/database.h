/* database.h - one SQLite file: opened safely, read and written by prepared statement.
 *
 * A database has a kind (SQLite's application_id) and a version
 * (user_version), so that a file of another kind or from a newer program is
 * refused instead of guessed at. The file and what SQLite puts beside it are
 * 0600; one that others may read is refused. A commit that returned 0 is on
 * the disk (write-ahead log, synchronous=FULL). Another process's lock is
 * waited for, up to five seconds.
 *
 *     struct database *db;
 *     struct query *query;
 *     database_open(&db, "auc.db", &auc_schema, DATABASE_MAKE, &fault);
 *     database_query(db, &query, "SELECT sqn FROM subscriber WHERE imsi = ?", &fault);
 *     query_text(query, 1, imsi);
 *     if (query_step(query, &fault) == 1)
 *             sqn = query_int_at(query, 0);
 *     query_end(query);
 *
 * Not for two threads at once. */
#ifndef SIMRITE_DATABASE_H
#define SIMRITE_DATABASE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

struct database;
struct query; /* a prepared statement with its parameters */

struct database_schema {
	int32_t kind;          /* application_id: any number of our own */
	int version;           /* user_version this program reads and writes */
	const char *what;      /* "subscriber database", for faults */
	const char *statement; /* creates everything in an empty file */
};

enum database_mode {
	DATABASE_OPEN, /* must exist */
	DATABASE_MAKE, /* made when there is none */
	DATABASE_NEW,  /* made; must not exist */
};

/* Open or make the file. -1: missing, of another kind or version, readable by
 * others, damaged, or not writable. Caller closes. */
int database_open(struct database **database, const char *path, const struct database_schema *schema,
		  enum database_mode mode, struct fault *fault);
void database_close(struct database *database); /* NULL is allowed */

/* Run statements that take no parameter and give no row. */
int database_run(struct database *database, const char *sql, struct fault *fault);

/* A transaction that takes the write lock at once; after a failure of
 * anything in it, or of the commit, call database_rollback(). */
int database_begin(struct database *database, struct fault *fault);
int database_commit(struct database *database, struct fault *fault);
void database_rollback(struct database *database);

/* Rows the last INSERT, UPDATE or DELETE changed. */
int database_changed(struct database *database);

/* Prepare a statement; the caller ends it. */
int database_query(struct database *database, struct query **query, const char *sql, struct fault *fault);
/* Parameters count from 1. Text and blobs are copied; NULL text or a NULL
 * blob binds SQL NULL. A parameter that cannot be bound makes the step fail. */
void query_text(struct query *query, int at, const char *text);
void query_blob(struct query *query, int at, const void *blob, size_t length);
void query_int(struct query *query, int at, int64_t value);
/* Go to the next row: 1 there is one, 0 no more, -1 and the fault. */
int query_step(struct query *query, struct fault *fault);
/* Columns count from 0; valid until the next step. Text is "" for NULL. */
int64_t query_int_at(struct query *query, int column);
const char *query_text_at(struct query *query, int column);
const uint8_t *query_blob_at(struct query *query, int column, size_t *length); /* NULL when empty */
/* Make it ready to run again, parameters forgotten and wiped from it. */
void query_reset(struct query *query);
void query_end(struct query *query); /* NULL is allowed */

#endif
