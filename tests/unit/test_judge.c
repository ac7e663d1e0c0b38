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

/* Two subscribers of one design: a session of each before the theft, one of the first after it. The first key
 * is that of 3GPP TS 35.208 test set 1 (tests/vectors/milenage_ts35208.txt), with what a card answers there.
 */
#define ANSWER                                                                                               \
	"\"rand\":\"23553cbe9637a89d218ae64dae47bf35\",\"res\":\"a54211d5e3ba50bf\","                        \
	"\"ck\":\"b40ba9a3c58b2a05bbf0d987b21bf8cb\",\"ik\":\"f769bcd751044604127672711c6d3441\""
#define PACKET ",\"pdus\":[{\"direction\":\"up\",\"count\":0,\"data\":\"45\"}]}\n"
static const char phases[] = "{\"imsi\":\"1\",\"rnti\":1,\"phase\":\"before\"," ANSWER PACKET
			     "{\"imsi\":\"2\",\"rnti\":2," ANSWER PACKET
			     "{\"imsi\":\"1\",\"rnti\":3,\"phase\":\"after\"," ANSWER PACKET;

#define KEY(imsi, k) "{\"imsi\":\"" imsi "\",\"k\":\"" k "\",\"opc\":\"cd63cb71954a9f4e48a5994e37a02baf\"}\n"
#define RIGHT        "465b5ce8b199b49faa5f0a2ee238a6bc"
#define WRONG        "465b5ce8b199b49faa5f0a2ee238a6bd"

static struct judge_cell weighed(const char *keys, const char *claims)
{
	static const char *const names[] = {"sessions.jsonl", "keys.jsonl", "traffic.jsonl"};
	char folder[] = "/tmp/simrite-judge.XXXXXX", path[128];
	struct verdicts verdicts = {.count = 0};
	struct judge_cell cell;
	struct fault fault = {0};
	size_t i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	put(folder, names[0], phases);
	put(folder, names[1], keys);
	put(folder, names[2], claims);
	CU_ASSERT_EQUAL(judge_truth(&verdicts, "derived", folder, &fault), 0);
	CU_ASSERT_EQUAL(judge_loot(&verdicts, folder, &fault), 0);
	cell = verdicts.cells[0];
	judge_free(&verdicts);
	for (i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
	CU_ASSERT_EQUAL(rmdir(folder), 0);
	return cell;
}

static void test_phases(void)
{
	struct judge_cell cell =
		weighed("", "{\"rnti\":3,\"direction\":\"up\",\"count\":0,\"data\":\"45\"}\n");

	CU_ASSERT_EQUAL(cell.sessions[0], 2); /* a session that says nothing was before */
	CU_ASSERT_EQUAL(cell.sessions[1], 1);
	CU_ASSERT_EQUAL(cell.decrypted[0], 0);
	CU_ASSERT_EQUAL(cell.decrypted[1], 1);
	CU_ASSERT_EQUAL(cell.keys, 2);
}

static void keys(const char *claims, unsigned recovered, unsigned false_keys)
{
	struct judge_cell cell = weighed(claims, "");

	CU_ASSERT_EQUAL(cell.recovered, recovered);
	CU_ASSERT_EQUAL(cell.false_keys, false_keys);
}

static void test_keys(void)
{
	keys("", 0, 0);
	keys(KEY("1", RIGHT), 1, 0);
	keys(KEY("1", RIGHT) KEY("1", RIGHT), 1, 0); /* claimed twice is one key */
	keys(KEY("1", RIGHT) KEY("2", RIGHT), 2, 0);
	keys(KEY("1", WRONG), 0, 1);
	keys(KEY("1", WRONG) KEY("1", RIGHT), 1, 1);
	keys(KEY("3", RIGHT), 0, 1); /* nobody has that number */
	keys(KEY("1", "465b"), 0, 1);
}

UNIT_SUITE("judge", UNIT(test_traffic), UNIT(test_phases), UNIT(test_keys))
