/* PROVES: the judge counts what a loot really holds: a session only when every packet is claimed as it was,
 * an empty packet included, and what is claimed and untrue as false. */
#include "judge/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/unit.h"

/* One session of two packets, the second without a byte. */
static const char truth[] = "{\"imsi\":\"001010000000001\",\"rnti\":256,\"pdus\":["
			    "{\"direction\":\"up\",\"count\":0,\"data\":\"4500\"},"
			    "{\"direction\":\"down\",\"count\":0,\"data\":\"\"}]}\n";

#define CLAIM(direction, data) "{\"rnti\":256,\"direction\":\"" direction "\",\"count\":0" data "}\n"

static void put(const char *folder, const char *name, const char *text)
{
	char path[128];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	CU_ASSERT_EQUAL(fclose(file), 0);
}

static void judged(const char *record, const char *claims, unsigned decrypted, unsigned false_packets)
{
	static const char *const names[] = {"sessions.jsonl", "keys.jsonl", "traffic.jsonl"};
	char folder[] = "/tmp/simrite-judge.XXXXXX", path[128];
	struct verdicts verdicts = {.count = 0};
	struct fault fault = {0};
	size_t i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	put(folder, names[0], record);
	put(folder, names[1], "");
	put(folder, names[2], claims);
	CU_ASSERT_EQUAL(judge_truth(&verdicts, "derived", folder, &fault), 0);
	CU_ASSERT_EQUAL(judge_loot(&verdicts, folder, &fault), 0);
	CU_ASSERT_EQUAL(verdicts.cells[0].sessions[0], 1);
	CU_ASSERT_EQUAL(verdicts.cells[0].decrypted[0], decrypted);
	CU_ASSERT_EQUAL(verdicts.false_packets, false_packets);
	judge_free(&verdicts);
	for (i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
	CU_ASSERT_EQUAL(rmdir(folder), 0);
}

static void test_traffic(void)
{
	static const char one_empty[] = "{\"imsi\":\"1\",\"rnti\":256,\"pdus\":["
					"{\"direction\":\"up\",\"count\":0,\"data\":\"\"}]}\n";
	static const char no_data[] = "{\"imsi\":\"1\",\"rnti\":256,\"pdus\":["
				      "{\"direction\":\"up\",\"count\":0}]}\n";

	judged(truth, CLAIM("up", ",\"data\":\"4500\"") CLAIM("down", ",\"data\":\"\""), 1, 0);
	judged(truth, CLAIM("up", ",\"data\":\"4500\""), 0, 0);
	judged(truth, CLAIM("up", ",\"data\":\"4501\"") CLAIM("down", ",\"data\":\"\""), 0, 1);
	judged(truth, "", 0, 0);
	judged(one_empty, "", 0, 0); /* nothing claimed, nothing stolen */
	judged(one_empty, CLAIM("up", ",\"data\":\"\""), 1, 0);
	judged(no_data, "", 0, 0);
	judged(no_data, CLAIM("up", ""), 0, 1);
	judged(no_data, CLAIM("up", ",\"data\":\"\""), 0, 1);
}

UNIT_SUITE("judge", UNIT(test_traffic))
