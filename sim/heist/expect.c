#include "heist/expect.h"

#include <stdio.h>
#include <string.h>

static const char exactly[] = "exactly ", at_least[] = "at least ";

/* One to six digits, and nothing else. */
static int read_number(unsigned *number, const char *text)
{
	size_t length = strspn(text, "0123456789"), i;

	if (!length || length > 6 || text[length])
		return -1;
	for (*number = 0, i = 0; i < length; i++)
		*number = *number * 10 + (unsigned)(text[i] - '0');
	return 0;
}

static int read_form(struct expectation *expectation, const char *text)
{
	expectation->number = 0;
	if (!strcmp(text, "all")) {
		expectation->kind = EXPECT_ALL;
		return expectation->measure->whole ? 0 : -1;
	}
	if (!strcmp(text, "none")) {
		expectation->kind = EXPECT_NONE;
		return 0;
	}
	if (!strncmp(text, exactly, sizeof(exactly) - 1)) {
		expectation->kind = EXPECT_EXACTLY;
		return read_number(&expectation->number, text + sizeof(exactly) - 1);
	}
	if (!strncmp(text, at_least, sizeof(at_least) - 1)) {
		expectation->kind = EXPECT_AT_LEAST;
		return read_number(&expectation->number, text + sizeof(at_least) - 1);
	}
	return -1;
}

int expect_read(struct expectation *expectation, const char *measure, const char *text, struct fault *fault)
{
	if (!(expectation->measure = cell_measure(measure)))
		return fault_set(fault, FAULT_INPUT, "simrite-scenario(5) names them",
				 "nothing is measured that is called \"%.40s\"", measure);
	if (read_form(expectation, text) < 0)
		return fault_set(fault, FAULT_INPUT,
				 expectation->measure->whole ? "all, none, exactly N or at least N"
							     : "none, exactly N or at least N",
				 "%s: \"%.40s\" is nothing to expect of it", measure, text);
	return 0;
}

void expect_write(char text[static 32], const struct expectation *expectation)
{
	switch (expectation->kind) {
	case EXPECT_ALL:
		(void)snprintf(text, 32, "all");
		break;
	case EXPECT_NONE:
		(void)snprintf(text, 32, "none");
		break;
	case EXPECT_EXACTLY:
		(void)snprintf(text, 32, "%s%u", exactly, expectation->number);
		break;
	default:
		(void)snprintf(text, 32, "%s%u", at_least, expectation->number);
	}
}

int expect_check(const struct expectation *expectation, const json_t *cell, struct fault *fault)
{
	const struct measure *measure = expectation->measure;
	const json_t *counted = json_object_get(cell, measure->name);
	long long got = json_integer_value(counted), whole = 0;
	char wanted[32];
	bool met;

	expect_write(wanted, expectation);
	if (measure->whole)
		whole = json_integer_value(json_object_get(cell, measure->whole));
	if (!json_is_integer(counted))
		return fault_set(fault, FAULT_NO, "see log/ for what each program did",
				 "%s was not measured, expected %s", measure->name, wanted);
	switch (expectation->kind) {
	case EXPECT_ALL:
		met = whole > 0 && got == whole;
		break;
	case EXPECT_AT_LEAST:
		met = got >= (long long)expectation->number;
		break;
	default:
		met = got == (long long)expectation->number;
	}
	if (met)
		return 0;
	if (measure->whole)
		return fault_set(fault, FAULT_NO, "see log/ and thieves/ for what each program did",
				 "%s: %lld of %lld, expected %s", measure->name, got, whole, wanted);
	return fault_set(fault, FAULT_NO, "see log/ and thieves/ for what each program did",
			 "%s: %lld, expected %s", measure->name, got, wanted);
}
