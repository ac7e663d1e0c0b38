/* PROVES: secrets come only from files nobody else reads, descriptors and
 * terminals, and a refusal never repeats what was given. */
#include "lib/secret.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/simrite-secret.XXXXXX", source[64];

static void with_file(const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	CU_ASSERT_EQUAL(fchmod(fd, mode), 0);
	close(fd);
	(void)snprintf(source, sizeof(source), "file:%s", path);
}

static void test_hex_from_file(void)
{
	static const uint8_t want[4] = {0xDE, 0xAD, 0xBE, 0xEF};
	uint8_t got[4];
	struct fault fault;

	with_file("  deadBEEF \r\n", 0600);
	CU_ASSERT_EQUAL(secret_hex(got, 4, source, "K", &fault), 0);
	ASSERT_BYTES(got, want, 4);
	with_file("deadbee", 0600);
	CU_ASSERT_EQUAL(secret_hex(got, 4, source, "K", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	CU_ASSERT_PTR_NULL(strstr(fault.text, "deadbee"));
	with_file("deadbeef00", 0600);
	CU_ASSERT_EQUAL(secret_hex(got, 4, source, "K", &fault), -1);
	with_file("dead beef", 0600);
	CU_ASSERT_EQUAL(secret_hex(got, 4, source, "K", &fault), -1);
	with_file("", 0600);
	CU_ASSERT_EQUAL(secret_hex(got, 4, source, "K", &fault), -1);
}

static void test_open_file_refused(void)
{
	uint8_t got[4];
	struct fault fault;

	with_file("deadbeef", 0644);
	CU_ASSERT_EQUAL(secret_hex(got, 4, source, "K", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.hint, "chmod 600"));
	with_file("deadbeef", 0620);
	CU_ASSERT_EQUAL(secret_hex(got, 4, source, "K", &fault), -1);
	CU_ASSERT_EQUAL(secret_hex(got, 4, "file:/nonexistent/x", "K", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	CU_ASSERT_EQUAL(secret_hex(got, 4, "file:/tmp", "K", &fault), -1);
}

static void test_value_as_source_not_repeated(void)
{
	uint8_t got[4];
	struct fault fault;

	CU_ASSERT_EQUAL(secret_hex(got, 4, "deadbeef", "K", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_USAGE);
	CU_ASSERT_PTR_NULL(strstr(fault.text, "deadbeef"));
	CU_ASSERT_PTR_NULL(strstr(fault.hint, "deadbeef"));
	CU_ASSERT_EQUAL(secret_hex(got, 4, "fd:x", "K", &fault), -1);
	CU_ASSERT_EQUAL(secret_hex(got, 4, "fd:", "K", &fault), -1);
	CU_ASSERT_EQUAL(secret_hex(got, 4, "fd:-1", "K", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_USAGE);
}

/* Before it is wanted, and without a byte read: a pipe that nobody writes into does not hold it up. */
static void test_check(void)
{
	char line[8];
	struct fault fault;
	int pair[2];

	with_file("x\n", 0600);
	CU_ASSERT_EQUAL(secret_check(source, "K", &fault), 0);
	with_file("x\n", 0640);
	CU_ASSERT_EQUAL(secret_check(source, "K", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	CU_ASSERT_EQUAL(secret_check("file:/tmp", "K", &fault), -1);
	CU_ASSERT_EQUAL(secret_check("file:/none", "K", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	CU_ASSERT_EQUAL(secret_check("fd:x", "K", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_USAGE);
	CU_ASSERT_EQUAL(secret_check("fd:65535", "K", &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	CU_ASSERT_EQUAL(secret_check("deadbeef", "K", &fault), -1);
	CU_ASSERT_PTR_NULL(strstr(fault.text, "deadbeef"));
	CU_ASSERT_EQUAL_FATAL(pipe(pair), 0);
	(void)snprintf(source, sizeof(source), "fd:%d", pair[0]);
	CU_ASSERT_EQUAL(secret_check(source, "K", &fault), 0);
	CU_ASSERT_EQUAL(write(pair[1], "abc\n", 4), 4);
	CU_ASSERT_EQUAL(secret_check(source, "K", &fault), 0);
	CU_ASSERT_EQUAL(secret_line(line, sizeof(line), source, "PIN1", &fault), 0);
	CU_ASSERT_STRING_EQUAL(line, "abc");
	close(pair[0]);
	close(pair[1]);
}

static void test_descriptor_serves_several(void)
{
	static const uint8_t first[2] = {0x01, 0x02};
	uint8_t got[2];
	char line[8];
	struct fault fault;
	int pair[2];

	CU_ASSERT_EQUAL_FATAL(pipe(pair), 0);
	CU_ASSERT_EQUAL(write(pair[1], "0102\nabc\ntoo long\n", 18), 18);
	close(pair[1]);
	(void)snprintf(source, sizeof(source), "fd:%d", pair[0]);
	CU_ASSERT_EQUAL(secret_hex(got, 2, source, "K", &fault), 0);
	ASSERT_BYTES(got, first, 2);
	CU_ASSERT_EQUAL(secret_line(line, sizeof(line), source, "PIN1", &fault), 0);
	CU_ASSERT_STRING_EQUAL(line, "abc");
	CU_ASSERT_EQUAL(secret_line(line, sizeof(line), source, "PIN1", &fault), -1);
	CU_ASSERT_EQUAL(secret_line(line, sizeof(line), source, "PIN1", &fault), -1); /* the end: empty */
	close(pair[0]);
}

static void test_wipe(void)
{
	uint8_t bytes[5] = {1, 2, 3, 4, 5};
	static const uint8_t none[4];

	secret_wipe(bytes, 4);
	ASSERT_BYTES(bytes, none, 4);
	CU_ASSERT_EQUAL(bytes[4], 5);
}

static void test_end(void)
{
	CU_ASSERT_EQUAL(unlink(path), 0);
}

static void test_begin(void)
{
	int fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
}

UNIT_SUITE("secret", UNIT(test_begin), UNIT(test_hex_from_file), UNIT(test_open_file_refused),
	   UNIT(test_value_as_source_not_repeated), UNIT(test_check), UNIT(test_descriptor_serves_several),
	   UNIT(test_wipe), UNIT(test_end))
