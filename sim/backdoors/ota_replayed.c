/* A message over the air whose counter was spent is done again. */
#include "backdoors/inside.h"
#include "gp/scp80.h"

int accept(struct scp80 *out, struct card *card, uint8_t *packet, size_t length) INSTEAD_OF(scp80_accept);
int honest_accept(struct scp80 *out, struct card *card, uint8_t *packet, size_t length) HONEST(scp80_accept);

int accept(struct scp80 *out, struct card *card, uint8_t *packet, size_t length)
{
	int status = honest_accept(out, card, packet, length);

	return status == SCP80_COUNTER_LOW ? SCP80_OK : status;
}
