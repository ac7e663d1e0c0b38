#include "apdu/ota.h"

#include "apdu/remote.h"
#include "card.h"
#include "cat/sms.h"
#include "crypto/wipe.h"
#include "gp/scp80.h"

/* SPEC: TS 102 225 5.1.1: is a response packet wanted? */
static int wants_answer(const struct scp80_header *header, int status)
{
	uint8_t por = header->spi[1] & SCP80_POR;

	return por == SCP80_POR_ALWAYS || (por == SCP80_POR_ON_ERROR && status != SCP80_OK);
}

static sw_t answer(const struct scp80 *s, int status, size_t length, struct reply *reply)
{
	int n = scp80_answer(reply->at, &s->header, s->authentic ? &s->keys : NULL, s->content.counter,
			     (enum scp80_status)status, length);

	if (n < 0)
		return sw_from_error(n);
	reply->length = (size_t)n;
	return status == SCP80_OK ? SW_OK : SW_DOWNLOAD_ERROR;
}

/* A whole packet: accepted, done, answered. */
static sw_t process(struct card *card, uint8_t *packet, size_t length, struct reply *reply)
{
	struct scp80 s;
	int status = scp80_accept(&s, card, packet, length);
	size_t done = 0;
	sw_t sw = SW_OK;

	if (status == SCP80_OK)
		done = remote_run(reply->at + SCP80_ANSWER_HEAD, card, (enum application)s.application,
				  s.authentic, s.content.data);
	if (status < 0)
		sw = sw_from_error(status);
	else if (wants_answer(&s.header, status))
		sw = answer(&s, status, done, reply);
	wipe(&s, sizeof(s));
	return sw;
}

/* SPEC: TS 31.111 7.1.1: SMS-PP data download */
sw_t ota_receive(struct card *card, struct span tpdu, struct reply *reply)
{
	int n = sms_take(&card->sms, tpdu);
	sw_t sw;

	if (n <= 0)
		return sw_from_error(n);
	sw = process(card, card->sms.bytes, (size_t)n, reply);
	wipe(&card->sms, sizeof(card->sms));
	return sw;
}
