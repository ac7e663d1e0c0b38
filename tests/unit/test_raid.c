/* PROVES: the judge counts what is true of a loot, and what is not. */
#include "fleet/raid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/unit.h"

enum {
	COUNT = 6
};

static char folder[] = "/tmp/simrite-raid-XXXXXX";
static struct member members[COUNT];
static struct fleet fleet = {.count = COUNT, .batches = 4, .members = members};

static void claim_session(FILE *file, uint32_t subscriber, unsigned session, int off)
{
	struct opened opened;

	heard_set_number(opened.session, session * COUNT + subscriber);
	CU_ASSERT_EQUAL(fleet_words(opened.data, &fleet, subscriber, session), 0);
	opened.data[HEARD_DATA - 1] = (uint8_t)(opened.data[HEARD_DATA - 1] + off);
	CU_ASSERT_EQUAL(fwrite(&opened, sizeof(opened), 1, file), 1);
}

static void claim_answer(FILE *file, uint32_t subscriber, int off)
{
	struct answered answered;

	heard_set_number(answered.challenge, subscriber);
	memset(answered.res, subscriber < COUNT ? (int)subscriber + off : 0, sizeof(answered.res));
	CU_ASSERT_EQUAL(fwrite(&answered, sizeof(answered), 1, file), 1);
}

static FILE *file_of(const char *name)
{
	char path[64];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	return file;
}

static void forget(const char *name)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	(void)unlink(path);
}

static void test_judge(void)
{
	struct raid_count count;
	struct fault fault;
	FILE *file;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	for (unsigned i = 0; i < COUNT; i++)
		memset(members[i].res, (int)i, sizeof(members[i].res));
	CU_ASSERT_EQUAL(raid_judge(&count, &fleet, folder, &fault), 0); /* no loot at all */
	CU_ASSERT_EQUAL(count.opened + count.cloned + count.lies, 0);
	file = file_of("opened.bin");
	claim_session(file, 0, 0, 0);
	claim_session(file, 0, 0, 0); /* twice is once */
	claim_session(file, 0, 1, 0);
	claim_session(file, 1, 1, 0);
	claim_session(file, 2, 0, 1); /* off by one in one byte */
	claim_session(file, 3, 2, 0); /* no such session */
	(void)fclose(file);
	file = file_of("answers.bin");
	claim_answer(file, 4, 0);
	claim_answer(file, 5, 1);
	claim_answer(file, COUNT, 0); /* nobody */
	(void)fclose(file);
	CU_ASSERT_EQUAL(raid_judge(&count, &fleet, folder, &fault), 0);
	CU_ASSERT_EQUAL(count.before, 1);
	CU_ASSERT_EQUAL(count.after, 2);
	CU_ASSERT_EQUAL(count.opened, 2);
	CU_ASSERT_EQUAL(count.cloned, 1);
	CU_ASSERT_EQUAL(count.lies, 4);
	forget("opened.bin");
	forget("answers.bin");
	CU_ASSERT_EQUAL(rmdir(folder), 0);
}

/* Every subscriber is in exactly one batch, the one whose bounds hold it. */
static void test_batches(void)
{
	static const struct {
		uint32_t count, batches;
	} sizes[] = {{1, 1}, {6, 4}, {7, 7}, {100, 3}, {1000, 999}, {10000000, 1000}};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct fleet f = {.count = sizes[i].count, .batches = sizes[i].batches};
		uint32_t step = f.count > 1000 ? 997 : 1;

		CU_ASSERT_EQUAL(fleet_batch_first(&f, 0), 0);
		CU_ASSERT_EQUAL(fleet_batch_first(&f, f.batches), f.count);
		for (uint32_t s = 0; s < f.count; s += step) {
			uint32_t b = fleet_batch_of(&f, s);

			CU_ASSERT(fleet_batch_first(&f, b) <= s && s < fleet_batch_first(&f, b + 1));
		}
	}
}

/* What is aimed at is in the fleet, and nobody twice. */
static void test_aim(void)
{
	struct fleet f = {.count = 1000, .batches = 10};
	struct prize prize = {.flip = false};
	uint32_t targets[1000];

	for (uint32_t wanted = 1; wanted <= 1000; wanted += 111) {
		f.seed[0] = (uint8_t)wanted;
		CU_ASSERT_EQUAL(theft_aim(&prize, &f, targets, wanted), 0);
		CU_ASSERT(prize.batch < f.batches && prize.card < f.count);
		CU_ASSERT_EQUAL(prize.target_count, wanted);
		for (uint32_t i = 0; i < wanted; i++)
			CU_ASSERT(targets[i] < f.count && (i == 0 || targets[i] > targets[i - 1]));
	}
	CU_ASSERT_EQUAL(theft_aim(&prize, &f, targets, 5000), 0);
	CU_ASSERT_EQUAL(prize.target_count, 1000);
}

UNIT_SUITE("raid", UNIT(test_judge), UNIT(test_batches), UNIT(test_aim))
