#include "lib/database.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[96];

static const struct database_schema schema = {
	.kind = 0x7465,
	.version = 3,
	.what = "test database",
	.statement = "CREATE TABLE thing (name TEXT PRIMARY KEY, value BLOB, number INTEGER)",
};

static void setup(void)
{
	(void)snprintf(folder, sizeof(folder), "/tmp/simrite-database.XXXXXX");
	if (!mkdtemp(folder))
		abort();
	(void)snprintf(path, sizeof(path), "%s/db", folder);
}

static void teardown(void)
{
	char name[128];

	(void)unlink(path);
	(void)snprintf(name, sizeof(name), "%s-wal", path);
	(void)unlink(name);
	(void)snprintf(name, sizeof(name), "%s-shm", path);
	(void)unlink(name);
	(void)rmdir(folder);
}

static void test_rows(void)
{
	struct fault fault = {0};
	struct database *db;
	struct query *query;
	const uint8_t *blob;
	size_t length;
	struct stat status;

	setup();
	CU_ASSERT_EQUAL_FATAL(database_open(&db, path, &schema, DATABASE_NEW, &fault), 0);
	CU_ASSERT_EQUAL(stat(path, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
	CU_ASSERT_EQUAL_FATAL(database_query(db, &query, "INSERT INTO thing VALUES (?, ?, ?)", &fault), 0);
	query_text(query, 1, "one");
	query_blob(query, 2, "\x01\x00\x02", 3);
	query_int(query, 3, INT64_C(281474976710655));
	CU_ASSERT_EQUAL(query_step(query, &fault), 0);
	query_reset(query);
	query_text(query, 1, "one"); /* the same key again */
	CU_ASSERT_EQUAL(query_step(query, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	query_reset(query);
	query_text(query, 9, "no such parameter");
	CU_ASSERT_EQUAL(query_step(query, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_BUG);
	query_end(query);
	database_close(db);

	CU_ASSERT_EQUAL_FATAL(database_open(&db, path, &schema, DATABASE_OPEN, &fault), 0);
	CU_ASSERT_EQUAL_FATAL(database_query(db, &query, "SELECT * FROM thing", &fault), 0);
	CU_ASSERT_EQUAL(query_step(query, &fault), 1);
	CU_ASSERT_STRING_EQUAL(query_text_at(query, 0), "one");
	blob = query_blob_at(query, 1, &length);
	CU_ASSERT_EQUAL_FATAL(length, 3);
	ASSERT_BYTES(blob, "\x01\x00\x02", 3);
	CU_ASSERT_EQUAL(query_int_at(query, 2), INT64_C(281474976710655));
	CU_ASSERT_EQUAL(query_step(query, &fault), 0);
	query_end(query);
	database_close(db);
	teardown();
}

static void test_rollback(void)
{
	struct fault fault = {0};
	struct database *db;
	struct query *query;

	setup();
	CU_ASSERT_EQUAL_FATAL(database_open(&db, path, &schema, DATABASE_MAKE, &fault), 0);
	CU_ASSERT_EQUAL(database_begin(db, &fault), 0);
	CU_ASSERT_EQUAL(database_run(db, "INSERT INTO thing VALUES ('x', NULL, 1)", &fault), 0);
	CU_ASSERT_EQUAL(database_changed(db), 1);
	database_rollback(db);
	database_rollback(db); /* harmless */
	CU_ASSERT_EQUAL(database_query(db, &query, "SELECT count(*) FROM thing", &fault), 0);
	CU_ASSERT_EQUAL(query_step(query, &fault), 1);
	CU_ASSERT_EQUAL(query_int_at(query, 0), 0);
	query_end(query);
	database_close(db);
	teardown();
}

static void test_refusals(void)
{
	struct database_schema other = schema, newer = schema;
	struct fault fault = {0};
	struct database *db;
	int fd;

	setup();
	CU_ASSERT_EQUAL(database_open(&db, path, &schema, DATABASE_OPEN, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	CU_ASSERT_EQUAL_FATAL(database_open(&db, path, &schema, DATABASE_NEW, &fault), 0);
	database_close(db);
	CU_ASSERT_EQUAL(database_open(&db, path, &schema, DATABASE_NEW, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	other.kind++;
	CU_ASSERT_EQUAL(database_open(&db, path, &other, DATABASE_OPEN, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	newer.version++;
	CU_ASSERT_EQUAL(database_open(&db, path, &newer, DATABASE_OPEN, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	CU_ASSERT_EQUAL(chmod(path, 0644), 0);
	CU_ASSERT_EQUAL(database_open(&db, path, &schema, DATABASE_OPEN, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	CU_ASSERT_EQUAL(unlink(path), 0);

	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	CU_ASSERT(write(fd, "this is certainly no database, is it? this is certainly no database", 67) == 67);
	close(fd);
	CU_ASSERT_EQUAL(database_open(&db, path, &schema, DATABASE_OPEN, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	CU_ASSERT_PTR_NULL(db);
	teardown();
}

UNIT_SUITE("database", UNIT(test_rows), UNIT(test_rollback), UNIT(test_refusals))
