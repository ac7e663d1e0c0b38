/* What the four cells must say. Kept apart: nothing else knows these. */
#include "heist/heist.h"
#include "report/report.h"

static const struct {
	const char *design, *thief;
	bool all; /* of it, or nothing */
} expected[] = {
	{"bulk-plain", "courier", true},
	{"bulk-plain", "master", false},
	{"derived", "courier", false},
	{"derived", "master", true},
};

static int compare(const struct heist *heist, size_t i, const char *part, const char *whole, long total,
		   struct fault *fault)
{
	long measured = report_count(heist->facts, expected[i].design, expected[i].thief, part);
	long of = report_count(heist->facts, expected[i].design, expected[i].thief, whole);

	if (of != total)
		return fault_set(fault, FAULT_NO, "see log/ for what each program said",
				 "%s: %ld %s were recorded, not %ld", expected[i].design, of, whole, total);
	if (measured == (expected[i].all ? of : 0))
		return 0;
	return fault_set(fault, FAULT_NO, "see log/ and thieves/ for what each program did",
			 "%s, thief %s: %ld of %ld %s %s, expected %s", expected[i].design, expected[i].thief,
			 measured, of, whole, part, expected[i].all ? "all" : "none");
}

int expect_stage(const struct heist *heist, struct fault *fault)
{
	long sessions = (long)heist->cards * (long)heist->sessions;
	size_t i;

	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		if (compare(heist, i, "decrypted", "sessions", sessions, fault) < 0 ||
		    compare(heist, i, "recovered", "keys", (long)heist->cards, fault) < 0)
			return -1;
	if (json_integer_value(json_object_get(heist->facts, "false_keys")) ||
	    json_integer_value(json_object_get(heist->facts, "false_packets")))
		return fault_set(fault, FAULT_NO, NULL, "a thief claimed what is not true");
	return 0;
}
