/* thief_fleet - somebody stole something of a whole fleet, and listened to the radio.
 *
 *     simrite-thief-fleet CAPTURED OUT
 *
 * CAPTURED holds what was heard (heard.h) and what was stolen (spoils.h). */
#include "theft/spoils.h"

int main(int argc, char **argv)
{
	struct hoard hoard = {.error = 0};
	struct fault fault, last;
	int e;

	if (argc != 3) {
		fputs("usage: simrite-thief-fleet CAPTURED OUT\n", stderr);
		return FAULT_USAGE;
	}
	e = hoard_begin(&hoard, argv[1], argv[2], &fault);
	if (e == 0)
		e = spoils_open(&hoard, argv[1], &fault);
	if (e == 0)
		printf("{\"type\":\"result\",\"schema\":1,\"thief\":\"fleet\",\"heard\":%zu,\"tried\":%lu,"
		       "\"sessions\":%lu,\"answers\":%lu}\n",
		       hoard.sessions.count, hoard.tried, hoard.opened_count, hoard.answered_count);
	if (hoard_end(&hoard, &last) < 0 && e == 0) {
		fault = last;
		e = -1;
	}
	if (e < 0)
		fprintf(stderr, "simrite-thief-fleet: %s\n", fault.text);
	return e < 0 ? (int)fault.code : 0;
}
