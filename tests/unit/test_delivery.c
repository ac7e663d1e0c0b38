#include "lib/delivery.h"
#include "unit/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], part[96], final[96];
static struct fault fault;

static void setup(void)
{
	(void)snprintf(folder, sizeof(folder), "/tmp/simrite-delivery.XXXXXX");
	if (!mkdtemp(folder))
		abort();
	(void)snprintf(part, sizeof(part), "%s/b.csv.part", folder);
	(void)snprintf(final, sizeof(final), "%s/b.csv", folder);
	memset(&fault, 0, sizeof(fault));
}

static void teardown(void)
{
	(void)unlink(part);
	(void)unlink(final);
	CU_ASSERT_EQUAL(rmdir(folder), 0); /* nothing else was left */
}

static struct output_record card(unsigned number)
{
	struct output_record r = {.batch = "b", .number = number, .pin1 = "0000", .puk1 = "1", .adm1 = "2"};

	(void)snprintf(r.imsi, sizeof(r.imsi), "00101000000000%u", number);
	(void)snprintf(r.iccid, sizeof(r.iccid), "%s",
		       number == 1 ? "8988211000000000011"
				   : (number == 2 ? "8988211000000000029" : "8988211000000000037"));
	memset(r.key.k, (int)number, 16);
	return r;
}

static bool all(void *context, const struct output_record *record)
{
	(void)context;
	return record->imsi[0] != 0;
}

static bool not_second(void *context, const struct output_record *record)
{
	(void)context;
	return strcmp(record->imsi, "001010000000002") != 0;
}

static int add(struct delivery *delivery, unsigned number)
{
	struct output_record r = card(number);
	char line[OUTPUT_LINE];

	return delivery_add(delivery, line, &r, &fault);
}

static int lines(const char *path)
{
	FILE *file = fopen(path, "r");
	int c, n = 0;

	while (file && (c = fgetc(file)) != EOF)
		n += c == '\n';
	if (file)
		fclose(file);
	return file ? n : -1;
}

static void test_grows(void)
{
	struct delivery *d;
	struct stat status;
	FILE *file;

	setup();
	CU_ASSERT_EQUAL_FATAL(delivery_open(&d, folder, "b", DESIGN_PLAIN, all, NULL, &fault), 0);
	CU_ASSERT_EQUAL(add(d, 1), 0);
	CU_ASSERT_EQUAL(add(d, 2), 0);
	CU_ASSERT_EQUAL(lines(part), 3);
	CU_ASSERT_EQUAL(stat(part, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
	delivery_close(d);
	file = fopen(part, "a"); /* a line that a crash cut off */
	fputs("ADD;b;SIM;3;5;00101", file);
	fclose(file);
	CU_ASSERT_EQUAL_FATAL(delivery_open(&d, folder, "b", DESIGN_PLAIN, not_second, NULL, &fault), 1);
	CU_ASSERT_EQUAL(lines(part), 2);
	CU_ASSERT_EQUAL(add(d, 3), 0);
	CU_ASSERT(!delivery_finished(folder, "b"));
	CU_ASSERT_EQUAL(delivery_finish(d, &fault), 0);
	CU_ASSERT(delivery_finished(folder, "b"));
	CU_ASSERT_EQUAL(lines(final), 3);
	CU_ASSERT_EQUAL(lines(part), -1);
	delivery_close(d);
	teardown();
}

/* A line that does not fit leaves the file as it was. */
static void test_full(void)
{
	struct rlimit limit, before;
	struct delivery *d;
	struct stat status;
	off_t size;

	setup();
	(void)signal(SIGXFSZ, SIG_IGN);
	CU_ASSERT_EQUAL_FATAL(delivery_open(&d, folder, "b", DESIGN_PLAIN, all, NULL, &fault), 0);
	CU_ASSERT_EQUAL(add(d, 1), 0);
	CU_ASSERT_EQUAL(stat(part, &status), 0);
	size = status.st_size;
	CU_ASSERT_EQUAL(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = (rlim_t)size + 20;
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &limit), 0);
	CU_ASSERT_EQUAL(add(d, 2), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_SYSTEM);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &before), 0);
	CU_ASSERT_EQUAL(stat(part, &status), 0);
	CU_ASSERT_EQUAL(status.st_size, size);
	CU_ASSERT_EQUAL(add(d, 2), 0);
	CU_ASSERT_EQUAL(lines(part), 3);
	delivery_close(d);
	teardown();
}

UNIT_SUITE("delivery", UNIT(test_grows), UNIT(test_full))
