/* A session is opened in two steps, and everything that can fail in the
 * second is judged before anything is told, so that a wrong cryptogram, a
 * wrong MAC and a wrong length of data look the same from outside. */
#include "gp/scp03.h"

#include <string.h>

#include "card.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"
#include "gp/key_set.h"

enum {
	INS_EXTERNAL_AUTHENTICATE = 0x82,
	DIVERSIFICATION = 10, /* bytes of key diversification data: zero, keys are as loaded */
	KEY = 16
};

const uint8_t scp03_aid[8] = {0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00};

void scp03_close(struct scp03 *scp03)
{
	wipe(scp03, sizeof(*scp03));
}

enum verdict scp03_secured(const struct scp03 *scp03, const struct command *command)
{
	const uint8_t level = SCP03_C_MAC | SCP03_C_DEC;

	return scp03->state == SCP03_OPEN && (command->security & level) == level ? GRANTED : DENIED;
}

static void session_keys(struct scp03_session_keys *keys, const struct scp03 *scp03)
{
	memset(keys, 0, sizeof(*keys));
	memcpy(keys->enc, scp03->enc, KEY);
	memcpy(keys->mac, scp03->mac, KEY);
	keys->length = KEY;
}

/* Header as the MAC covers it: without channel bits, with Lc. */
static void mac_header(uint8_t header[static 5], const struct command *in)
{
	header[0] = in->cla & 0xFC;
	header[1] = in->ins;
	header[2] = in->p1;
	header[3] = in->p2;
	header[4] = (uint8_t)in->data.length;
}

/* Does the MAC at the end of the data fit? Chains on when it does. */
static enum verdict check_mac(struct scp03 *scp03, const struct scp03_session_keys *keys,
			      const struct command *in)
{
	size_t length = in->data.length - SCP03_MAC;
	uint8_t header[5], mac[AES_BLOCK];

	mac_header(header, in);
	if (scp03_command_mac(mac, keys, scp03->chaining, header, (struct span){in->data.at, length}) < 0)
		return DENIED;
	if (compare_equal(mac, in->data.at + length, SCP03_MAC) != GRANTED)
		return DENIED;
	memcpy(scp03->chaining, mac, AES_BLOCK);
	return GRANTED;
}

/* Plain data into `buffer`; its length, or a negative error. */
static int take_off(struct scp03 *scp03, const struct command *in, uint8_t *buffer, size_t size)
{
	struct scp03_session_keys keys;
	struct span data = in->data;
	int n = ERROR_CHECK;

	session_keys(&keys, scp03);
	scp03->counter++;
	if (data.length >= SCP03_MAC && check_mac(scp03, &keys, in) == GRANTED) {
		data.length -= SCP03_MAC;
		n = data.length > size ? ERROR_RANGE : (int)data.length;
		if (n > 0 && (scp03->level & SCP03_C_DEC))
			n = scp03_decrypt(buffer, size, &keys, scp03->counter, data);
		else if (n > 0)
			memmove(buffer, data.at, data.length);
	}
	wipe(&keys, sizeof(keys));
	return n;
}

sw_t scp03_unwrap(struct scp03 *scp03, const struct command *in, uint8_t *buffer, size_t size,
		  struct command *out)
{
	int n;

	*out = *in;
	out->security = 0;
	if (!(in->cla & SCP03_SECURE) || in->ins == INS_EXTERNAL_AUTHENTICATE)
		return SW_OK;
	if (scp03->state != SCP03_OPEN)
		return SW_SECURITY_NOT_SATISFIED;
	n = take_off(scp03, in, buffer, size);
	if (n < 0) {
		scp03_close(scp03);
		return SW_SECURE_DATA_INCORRECT;
	}
	out->cla = in->cla & (uint8_t)~SCP03_SECURE;
	out->data = (struct span){buffer, (size_t)n};
	out->security = scp03->level;
	return SW_OK;
}

/* Fill in `scp03` from the static keys and both challenges; the card
 * cryptogram goes to `cryptogram`. */
static int prepare(struct scp03 *scp03, const struct key_set *set, const uint8_t *host_challenge,
		   const uint8_t *card_challenge, uint8_t *cryptogram)
{
	struct scp03_session_keys keys;
	int e = scp03_session_keys(&keys, (struct span){set->enc, KEY}, (struct span){set->mac, KEY},
				   host_challenge, card_challenge);

	if (e == OK)
		e = scp03_cryptogram(cryptogram, &keys, SCP03_FOR_CARD_CRYPTOGRAM, host_challenge,
				     card_challenge);
	if (e == OK)
		e = scp03_cryptogram(scp03->host_cryptogram, &keys, SCP03_FOR_HOST_CRYPTOGRAM, host_challenge,
				     card_challenge);
	if (e == OK) {
		memcpy(scp03->enc, keys.enc, KEY);
		memcpy(scp03->mac, keys.mac, KEY);
		memcpy(scp03->dek, set->dek, KEY);
		scp03->state = SCP03_CHALLENGED;
	}
	wipe(&keys, sizeof(keys));
	return e;
}

/* Key data(10) version SCP i, card challenge(8), cryptogram(8), sequence(3). */
static int answer(struct card *card, const struct key_set *set, uint8_t version,
		  const uint8_t *host_challenge, struct reply *reply)
{
	uint8_t *at = reply->at, *challenge = at + 13, *cryptogram = at + 21, *counter = at + 29;
	uint32_t sequence;
	int e = key_set_next_sequence(&card->store, version, &sequence);

	if (e < 0)
		return e;
	memset(at, 0, DIVERSIFICATION);
	at[10] = version;
	at[11] = 0x03;
	at[12] = SCP03_I;
	counter[0] = (uint8_t)(sequence >> 16);
	counter[1] = (uint8_t)(sequence >> 8);
	counter[2] = (uint8_t)sequence;
	e = scp03_card_challenge(challenge, (struct span){set->enc, KEY}, counter,
				 (struct span){scp03_aid, sizeof(scp03_aid)});
	if (e == OK)
		e = prepare(&card->scp03, set, host_challenge, challenge, cryptogram);
	card->scp03.version = version;
	reply->length = SCP03_INIT_ANSWER;
	return e;
}

sw_t initialize_update(struct card *card, const struct command *command, struct reply *reply)
{
	struct key_set set;
	int e = command->p1;

	if (selection_application(card) != APPLICATION_ISD)
		return SW_CONDITIONS_NOT_SATISFIED;
	scp03_close(&card->scp03);
	if (command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (command->data.length != SCP03_CHALLENGE || reply->size < SCP03_INIT_ANSWER)
		return SW_WRONG_LENGTH;
	if (e == 0)
		e = key_set_default(&card->store);
	if (e > 0) {
		uint8_t version = (uint8_t)e;

		e = key_set_load(&set, &card->store, version);
		if (e == OK)
			e = answer(card, &set, version, command->data.at, reply);
		wipe(&set, sizeof(set));
	}
	if (e < 0)
		scp03_close(&card->scp03);
	return e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
}

static sw_t open_session(struct scp03 *scp03, const struct command *command)
{
	struct scp03_session_keys keys;
	enum verdict mac, cryptogram;

	if (scp03->state != SCP03_CHALLENGED)
		return SW_CONDITIONS_NOT_SATISFIED;
	if ((command->p1 != SCP03_C_MAC && command->p1 != (SCP03_C_MAC | SCP03_C_DEC)) || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (command->data.length != SCP03_CRYPTOGRAM + SCP03_MAC)
		return SW_WRONG_LENGTH;
	if (!(command->cla & SCP03_SECURE))
		return SW_SECURITY_NOT_SATISFIED;
	session_keys(&keys, scp03);
	cryptogram = compare_equal(scp03->host_cryptogram, command->data.at, SCP03_CRYPTOGRAM);
	mac = check_mac(scp03, &keys, command);
	wipe(&keys, sizeof(keys));
	if (cryptogram != GRANTED || mac != GRANTED)
		return SW_CRYPTOGRAM_WRONG;
	scp03->level = command->p1;
	scp03->counter = 0;
	scp03->state = SCP03_OPEN;
	return SW_OK;
}

sw_t external_authenticate(struct card *card, const struct command *command, struct reply *reply)
{
	sw_t sw = SW_CONDITIONS_NOT_SATISFIED;

	(void)reply;
	if (selection_application(card) == APPLICATION_ISD)
		sw = open_session(&card->scp03, command);
	if (sw != SW_OK)
		scp03_close(&card->scp03);
	return sw;
}
