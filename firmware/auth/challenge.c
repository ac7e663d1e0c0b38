#include "auth/challenge.h"

#include "card.h"

sw_t get_challenge(struct card *card, const struct command *command, struct reply *reply)
{
	int e;

	if (command->p1 != 0 || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (command->expected == 0 || command->expected > reply->size)
		return SW_WRONG_LENGTH;
	e = drbg_fill(&card->drbg, reply->at, command->expected);
	if (e < 0)
		return SW_TECHNICAL_PROBLEM;
	reply->length = command->expected;
	return SW_OK;
}
