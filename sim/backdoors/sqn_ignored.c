/* A sequence number that was used is good again: what somebody recorded once
 * is a network for ever. */
#include "auth/sqn_array.h"
#include "backdoors/inside.h"

int accept(struct store *store, struct sqn_owner owner, uint8_t sqn[static SQN_LENGTH],
	   const struct sqn_policy *policy) INSTEAD_OF(sqn_array_accept);
int honest_accept(struct store *store, struct sqn_owner owner, uint8_t sqn[static SQN_LENGTH],
		  const struct sqn_policy *policy) HONEST(sqn_array_accept);

int accept(struct store *store, struct sqn_owner owner, uint8_t sqn[static SQN_LENGTH],
	   const struct sqn_policy *policy)
{
	int e = honest_accept(store, owner, sqn, policy);

	return e == ERROR_CHECK ? OK : e;
}
