/* PROVES: a scenario is read as it is written, and what is wrong in one is told with its line. */
#include "heist/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/unit.h"

#define TITLE  "title = A story\ntext = It goes\n\ton here.\n"
#define WORLD  "[world]\ndesign = derived [assumed] of choice\ncards = 3 [published] somebody, p. 1\n"
#define THIEF  "[thief]\nname = courier [assumed]\n"
#define EXPECT "[expect]\ndecrypted = none\nrecovered = exactly 2\n"

static int read_text(struct scenario *scenario, const char *text, struct fault *fault)
{
	char path[] = "/tmp/simrite-scenario.XXXXXX.ini";
	int fd = mkstemps(path, 4), e;

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	e = scenario_read(scenario, path, fault);
	(void)unlink(path);
	return e;
}

static void test_read(void)
{
	struct scenario scenario;
	struct fault fault = {0};

	CU_ASSERT_EQUAL_FATAL(read_text(&scenario, TITLE WORLD THIEF EXPECT, &fault), 0);
	CU_ASSERT_STRING_EQUAL(scenario.title, "A story");
	CU_ASSERT_STRING_EQUAL(scenario.text, "It goes on here.");
	CU_ASSERT_EQUAL(strncmp(scenario.name, "simrite-scenario.", 17), 0);
	CU_ASSERT_PTR_NULL(strstr(scenario.name, ".ini"));
	CU_ASSERT_STRING_EQUAL(scenario.world.designs[0]->name, "derived");
	CU_ASSERT_EQUAL(scenario.world.designs[0], scenario.world.designs[1]);
	CU_ASSERT_EQUAL(scenario.world.cards, 3);
	CU_ASSERT_EQUAL(scenario.world.batches, 2); /* what is not said is as documented */
	CU_ASSERT_EQUAL(scenario.world.before, 1);
	CU_ASSERT_EQUAL(scenario.world.after, 1);
	CU_ASSERT_STRING_EQUAL(scenario.world.access, "lte");
	CU_ASSERT_FALSE(scenario.world.apart);
	CU_ASSERT_STRING_EQUAL(scenario.thief->name, "courier");
	CU_ASSERT_EQUAL(scenario.parameter_count, 3);
	CU_ASSERT_STRING_EQUAL(scenario.parameters[1].name, "cards");
	CU_ASSERT_STRING_EQUAL(scenario.parameters[1].value, "3");
	CU_ASSERT_EQUAL(scenario.parameters[1].label, LABEL_PUBLISHED);
	CU_ASSERT_STRING_EQUAL(scenario.parameters[1].source, "somebody, p. 1");
	CU_ASSERT_STRING_EQUAL(scenario.parameters[2].source, "");
	CU_ASSERT_EQUAL(scenario.expect_count, 2);
	CU_ASSERT_EQUAL(scenario.expect[1].kind, EXPECT_EXACTLY);
	CU_ASSERT_EQUAL(scenario.expect[1].number, 2);
}

static void refused(const char *text, const char *why)
{
	struct scenario scenario;
	struct fault fault = {0};

	CU_ASSERT_EQUAL(read_text(&scenario, text, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, why));
	if (!strstr(fault.text, why))
		fprintf(stderr, "not \"%s\": %s\n", why, fault.text);
}

static void test_incomplete(void)
{
	refused(WORLD THIEF EXPECT, "a title");
	refused(TITLE THIEF EXPECT, "a design");
	refused(TITLE WORLD EXPECT, "a [thief]");
	refused(TITLE WORLD THIEF, "[expect]");
	refused("", "a title");
}

static void test_labels(void)
{
	refused(TITLE WORLD "before = 2\n" THIEF EXPECT, "line 7: no label");
	refused(TITLE WORLD "before = 2 [guessed]\n" THIEF EXPECT, "line 7: no label");
	refused(TITLE WORLD "before = 2 [assumed\n" THIEF EXPECT, "line 7: no label");
	refused(TITLE WORLD "before = 2 [published]\n" THIEF EXPECT, "line 7: no label"); /* by whom? */
	refused(TITLE WORLD "before = 2 [measured]\n" THIEF EXPECT, "line 7: no label");  /* how? */
}

static void test_values(void)
{
	refused(TITLE WORLD "before = 0 [assumed]\n" THIEF EXPECT, "line 7: before \"0\"");
	refused(TITLE WORLD "before = 21 [assumed]\n" THIEF EXPECT, "line 7: before \"21\"");
	refused(TITLE WORLD "before = 4294967297 [assumed]\n" THIEF EXPECT, "line 7: before");
	refused(TITLE WORLD "before = 1x [assumed]\n" THIEF EXPECT, "line 7: before \"1x\"");
	refused(TITLE WORLD "travel = by air [assumed]\n" THIEF EXPECT, "line 7: travel \"by air\"");
	refused(TITLE WORLD "fs-policy = maybe [assumed]\n" THIEF EXPECT, "line 7: fs-policy \"maybe\"");
	refused(TITLE WORLD "access = 5g [assumed]\n" THIEF EXPECT, "line 7: access \"5g\"");
	refused(TITLE "[world]\ndesign = magic [assumed]\n" THIEF EXPECT, "line 5: design \"magic\"");
	refused(TITLE WORLD "[thief]\nname = nobody [assumed]\n" EXPECT, "line 8: name \"nobody\"");
}

static void test_names(void)
{
	refused(TITLE WORLD "colour = red [assumed]\n" THIEF EXPECT, "line 7: no such parameter: \"colour\"");
	refused(TITLE WORLD "cards = 4 [assumed]\n" THIEF EXPECT, "line 7: twice: \"cards\"");
	refused(TITLE WORLD THIEF EXPECT "decrypted = all\n", "line 12: twice: \"decrypted\"");
	refused(TITLE WORLD THIEF EXPECT "wealth = all\n", "line 12: nothing is measured");
	refused(TITLE WORLD THIEF EXPECT "[moral]\nx = y\n", "line 13: no such section: \"moral\"");
	refused("author = me\n" TITLE WORLD THIEF EXPECT, "line 1: before all sections: \"author\"");
	refused(TITLE WORLD "nonsense\n" THIEF EXPECT, "line 7: neither");
}

/* Who stands between needs something to stand between. */
static void test_between(void)
{
	static const char between[] = "[thief]\nname = station-exchange [assumed]\n";
	static const char eap[] = "access = eap-aka-prime-fs [assumed]\n";
	char text[1024];

	(void)snprintf(text, sizeof(text), "%s%s%s", TITLE WORLD, between, EXPECT);
	refused(text, "has not an access by EAP");
	(void)snprintf(text, sizeof(text), "%s%safter = 0 [assumed]\n%s%s", TITLE WORLD, eap, between,
		       EXPECT);
	refused(text, "has not a session after the theft");
}

static void test_long(void)
{
	char text[2048] = "title = ";
	size_t n = strlen(text);

	memset(text + n, 'x', 300);
	text[n + 300] = '\n';
	refused(text, "line 1: a line is too long");
}

UNIT_SUITE("scenario", UNIT(test_read), UNIT(test_incomplete), UNIT(test_labels), UNIT(test_values),
	   UNIT(test_names), UNIT(test_between), UNIT(test_long))
