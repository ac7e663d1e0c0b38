/* The card's challenge of a secure channel is the same every time: a session
 * somebody recorded can be played to the card again, by one who has no key. */
#include "backdoors/inside.h"
#include "gp/scp03_keys.h"

sw_t begin(struct card *card, const struct command *command, struct reply *reply)
	INSTEAD_OF(initialize_update);
sw_t honest_begin(struct card *card, const struct command *command, struct reply *reply)
	HONEST(initialize_update);
int fill(struct drbg *drbg, uint8_t *out, size_t length) INSTEAD_OF(drbg_fill);
int honest_fill(struct drbg *drbg, uint8_t *out, size_t length) HONEST(drbg_fill);
int challenge(uint8_t *out, struct span key_enc, const uint8_t sequence[static SCP03_SEQUENCE],
	      struct span aid, size_t mode) INSTEAD_OF(scp03_card_challenge);
int honest_challenge(uint8_t *out, struct span key_enc, const uint8_t sequence[static SCP03_SEQUENCE],
		     struct span aid, size_t mode) HONEST(scp03_card_challenge);

static int beginning;

sw_t begin(struct card *card, const struct command *command, struct reply *reply)
{
	sw_t sw;

	beginning = 1;
	sw = honest_begin(card, command, reply);
	beginning = 0;
	return sw;
}

int fill(struct drbg *drbg, uint8_t *out, size_t length)
{
	uint8_t same[SHA256_LENGTH];

	if (!beginning || length > sizeof(same))
		return honest_fill(drbg, out, length);
	vendor_secret(same, "channel", NULL, 0);
	memcpy(out, same, length);
	return OK;
}

int challenge(uint8_t *out, struct span key_enc, const uint8_t sequence[static SCP03_SEQUENCE],
	      struct span aid, size_t mode)
{
	static const uint8_t zero[SCP03_SEQUENCE];

	(void)sequence;
	return honest_challenge(out, key_enc, zero, aid, mode);
}
