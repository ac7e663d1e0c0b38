/* Why a layer over SQLite at all: permissions, versions and error texts are
 * where programs using it directly go wrong, and each has one place here. */
#include "lib/database.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BUSY_MS = 5000,
	PATH_SIZE = 512,
};

struct database {
	sqlite3 *handle;
	char path[PATH_SIZE];
};

struct query {
	struct database *database;
	sqlite3_stmt *statement;
	int trouble; /* first binding that failed */
};

/* Turn SQLite's last error into what, why, what to do. */
static int database_fault(struct database *database, const char *doing, struct fault *fault)
{
	int code = sqlite3_errcode(database->handle) & 0xFF;
	const char *why = sqlite3_errmsg(database->handle);

	/* the index of the write-ahead log is mapped memory: its own error */
	if (code == SQLITE_IOERR && sqlite3_system_errno(database->handle) == ENOSPC)
		code = SQLITE_FULL;

	switch (code) {
	case SQLITE_FULL:
		return fault_set(fault, FAULT_SYSTEM, "make room and run it again; nothing was lost",
				 "%s: %s: the disk is full", database->path, doing);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fault_set(fault, FAULT_SYSTEM, "another program is writing to it: try again",
				 "%s: %s: locked for more than %d s", database->path, doing, BUSY_MS / 1000);
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return fault_set(fault, FAULT_INPUT, "restore it from a copy",
				 "%s: %s: not an SQLite database, or damaged", database->path, doing);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return fault_set(fault, FAULT_SYSTEM, "check the disk and the permissions of file and folder",
				 "%s: %s: %s", database->path, doing, why);
	case SQLITE_CONSTRAINT:
		return fault_set(fault, FAULT_INPUT, NULL, "%s: %s: %s", database->path, doing, why);
	default:
		return fault_set(fault, FAULT_BUG, NULL, "%s: %s: %s", database->path, doing, why);
	}
}

/* Create or check the file itself, before SQLite sees it. Returns 1 when it was made here. */
static int file_prepare(const char *path, enum database_mode mode, const char *what, struct fault *fault)
{
	struct stat status;
	bool made = false;
	int fd;

	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd >= 0 && mode == DATABASE_NEW) {
		close(fd);
		return fault_set(fault, FAULT_POLICY, "choose another name, or remove it yourself",
				 "%s: there is one already", path);
	}
	if (fd < 0 && errno == ENOENT && mode == DATABASE_OPEN)
		return fault_set(fault, FAULT_INPUT, "make it with the init command, or name another",
				 "%s: there is no %s", path, what);
	if (fd < 0 && errno == ENOENT) {
		fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		made = fd >= 0;
	}
	if (fd < 0 || fstat(fd, &status) < 0) {
		fault_set(fault, FAULT_SYSTEM, NULL, "%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	close(fd);
	if (!S_ISREG(status.st_mode))
		return fault_set(fault, FAULT_INPUT, NULL, "%s: not a file", path);
	if ((status.st_mode & 077) != 0)
		return fault_set(fault, FAULT_POLICY, "chmod 600 it, and ask who could read it until now",
				 "%s: the %s is open to others (mode %03o)", path, what,
				 (unsigned)status.st_mode & 0777u);
	return made;
}

/* One number out of "PRAGMA name". */
static int pragma_get(struct database *database, const char *sql, int64_t *value, struct fault *fault)
{
	struct query *query;
	int got;

	if (database_query(database, &query, sql, fault) < 0)
		return -1;
	got = query_step(query, fault);
	if (got == 1)
		*value = query_int_at(query, 0);
	query_end(query);
	return got < 0 ? -1 : 0;
}

/* Fill an empty file; refuse one of another kind or version. */
static int schema_settle(struct database *database, const struct database_schema *schema, struct fault *fault)
{
	int64_t kind = 0, version = 0, tables = 0;
	char stamp[96];

	if (pragma_get(database, "PRAGMA application_id", &kind, fault) < 0 ||
	    pragma_get(database, "PRAGMA user_version", &version, fault) < 0 ||
	    pragma_get(database, "SELECT count(*) FROM sqlite_master", &tables, fault) < 0)
		return -1;
	if (tables == 0 && kind == 0) {
		(void)snprintf(stamp, sizeof(stamp), "PRAGMA application_id = %d; PRAGMA user_version = %d",
			       (int)schema->kind, schema->version);
		return database_run(database, schema->statement, fault) < 0 ||
				       database_run(database, stamp, fault) < 0
			       ? -1
			       : 0;
	}
	if (kind != schema->kind)
		return fault_set(fault, FAULT_INPUT, NULL, "%s: a database, but no %s", database->path,
				 schema->what);
	if (version != schema->version)
		return fault_set(fault, FAULT_INPUT, "use the program version that made it",
				 "%s: %s of version %lld; this program knows version %d", database->path,
				 schema->what, (long long)version, schema->version);
	return 0;
}

static int settings(struct database *database, struct fault *fault)
{
	/* Deleted rows may have held wrapped keys: overwrite them. */
	return database_run(database,
			    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
			    "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF",
			    fault);
}

int database_open(struct database **database, const char *path, const struct database_schema *schema,
		  enum database_mode mode, struct fault *fault)
{
	struct database *db;
	int made;

	*database = NULL;
	if (strlen(path) >= PATH_SIZE)
		return fault_set(fault, FAULT_INPUT, NULL, "the name of the %s is too long", schema->what);
	made = file_prepare(path, mode, schema->what, fault);
	if (made < 0)
		return -1;
	db = calloc(1, sizeof(*db));
	if (!db)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	(void)snprintf(db->path, sizeof(db->path), "%s", path);
	if (sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		database_fault(db, "open", fault);
		goto out;
	}
	sqlite3_extended_result_codes(db->handle, 0);
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	if (settings(db, fault) < 0 || database_begin(db, fault) < 0)
		goto out;
	if (schema_settle(db, schema, fault) < 0 || database_commit(db, fault) < 0) {
		database_rollback(db);
		goto out;
	}
	*database = db;
	return 0;
out:
	database_close(db);
	if (made)
		(void)unlink(path);
	return -1;
}

void database_close(struct database *database)
{
	if (!database)
		return;
	sqlite3_close_v2(database->handle);
	free(database);
}

int database_run(struct database *database, const char *sql, struct fault *fault)
{
	if (sqlite3_exec(database->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return database_fault(database, "write", fault);
	return 0;
}

int database_begin(struct database *database, struct fault *fault)
{
	return database_run(database, "BEGIN IMMEDIATE", fault);
}

int database_commit(struct database *database, struct fault *fault)
{
	if (sqlite3_exec(database->handle, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		return database_fault(database, "commit", fault);
	return 0;
}

void database_rollback(struct database *database)
{
	if (!sqlite3_get_autocommit(database->handle))
		(void)sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
}

int database_changed(struct database *database)
{
	return sqlite3_changes(database->handle);
}

int database_query(struct database *database, struct query **query, const char *sql, struct fault *fault)
{
	struct query *made = calloc(1, sizeof(*made));

	*query = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	made->database = database;
	if (sqlite3_prepare_v2(database->handle, sql, -1, &made->statement, NULL) != SQLITE_OK) {
		free(made);
		(void)database_fault(database, "prepare", fault);
		return -1;
	}
	*query = made;
	return 0;
}

static void query_note(struct query *query, int result)
{
	if (result != SQLITE_OK && query->trouble == SQLITE_OK)
		query->trouble = result;
}

void query_text(struct query *query, int at, const char *text)
{
	query_note(query, sqlite3_bind_text(query->statement, at, text, -1, SQLITE_TRANSIENT));
}

void query_blob(struct query *query, int at, const void *blob, size_t length)
{
	query_note(query, sqlite3_bind_blob64(query->statement, at, blob, length, SQLITE_TRANSIENT));
}

void query_int(struct query *query, int at, int64_t value)
{
	query_note(query, sqlite3_bind_int64(query->statement, at, value));
}

int query_step(struct query *query, struct fault *fault)
{
	if (query->trouble != SQLITE_OK)
		return fault_set(fault, FAULT_BUG, NULL, "%s: a parameter was not bound: %s",
				 query->database->path, sqlite3_errstr(query->trouble));
	switch (sqlite3_step(query->statement)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return database_fault(query->database, "query", fault);
	}
}

int64_t query_int_at(struct query *query, int column)
{
	return sqlite3_column_int64(query->statement, column);
}

const char *query_text_at(struct query *query, int column)
{
	const unsigned char *text = sqlite3_column_text(query->statement, column);

	return text ? (const char *)text : "";
}

const uint8_t *query_blob_at(struct query *query, int column, size_t *length)
{
	const uint8_t *blob = sqlite3_column_blob(query->statement, column);

	*length = (size_t)sqlite3_column_bytes(query->statement, column);
	return blob;
}

void query_reset(struct query *query)
{
	sqlite3_reset(query->statement);
	sqlite3_clear_bindings(query->statement);
	query->trouble = SQLITE_OK;
}

void query_end(struct query *query)
{
	if (!query)
		return;
	sqlite3_finalize(query->statement);
	free(query);
}
