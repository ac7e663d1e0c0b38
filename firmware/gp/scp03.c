/* A session is opened in two steps, and everything that can fail in the
 * second is judged before anything is told, so that a wrong cryptogram and a
 * wrong MAC look the same from outside. */
#include "gp/scp03.h"

#include <string.h>

#include "card.h"
#include "crypto/compare.h"
#include "crypto/des.h"
#include "crypto/wipe.h"
#include "gp/key_set.h"
#include "gp/scp02.h"

enum {
	INS_EXTERNAL_AUTHENTICATE = 0x82,
	DIVERSIFICATION = 10, /* bytes of key diversification data: zero, keys are as loaded */
	KEY_DATA = DIVERSIFICATION + 3,
	ANSWER_MAX = 256
};

const uint8_t scp03_aid[8] = {0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00, 0x00};

void scp03_close(struct scp03 *scp03)
{
	wipe(scp03, sizeof(*scp03));
}

static enum verdict came_under(const struct scp03 *scp03, const struct command *command, uint8_t level)
{
	return scp03->state == SCP03_OPEN && (command->security & level) == level ? GRANTED : DENIED;
}

enum verdict scp03_secured(const struct scp03 *scp03, const struct command *command)
{
	return came_under(scp03, command, SCP03_C_MAC | SCP03_C_DEC);
}

enum verdict scp03_authentic(const struct scp03 *scp03, const struct command *command)
{
	return came_under(scp03, command, SCP03_C_MAC);
}

/* SPEC: GPC Amendment D 6.2.8: sensitive data under the DEK */
int scp03_open_secret(uint8_t *out, const struct scp03 *scp03, const uint8_t *in, size_t length)
{
	static const uint8_t zero[AES_BLOCK] = {0};

	if (scp03->protocol == 2)
		return des3_ecb_decrypt(out, scp03->dek, in, length);
	return aes_cbc_decrypt(out, (struct span){scp03->dek, scp03->keys.length}, zero, in, length);
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
static enum verdict check_mac(struct scp03 *scp03, const struct command *in)
{
	size_t length = in->data.length - scp03->keys.mode;
	uint8_t header[5], mac[AES_BLOCK];

	if (scp03->protocol == 2)
		return scp02_check_mac(scp03, in, (struct span){in->data.at, length}, in->data.at + length);
	mac_header(header, in);
	if (scp03_command_mac(mac, &scp03->keys, scp03->chaining, header,
			      (struct span){in->data.at, length}) < 0)
		return DENIED;
	if (compare_equal(mac, in->data.at + length, scp03->keys.mode) != GRANTED)
		return DENIED;
	memcpy(scp03->chaining, mac, AES_BLOCK);
	return GRANTED;
}

/* Plain data into `buffer`; its length, or a negative error. */
static int take_off(struct scp03 *scp03, const struct command *in, uint8_t *buffer, size_t size)
{
	struct span data = in->data;
	int n;

	if (scp03->protocol == 2)
		return scp02_take_off(scp03, in, buffer, size);
	scp03->counter++;
	if (data.length < scp03->keys.mode || check_mac(scp03, in) != GRANTED)
		return ERROR_CHECK;
	data.length -= scp03->keys.mode;
	n = data.length > size ? ERROR_RANGE : (int)data.length;
	if (n > 0 && (scp03->level & SCP03_C_DEC))
		n = scp03_decrypt(buffer, size, &scp03->keys, scp03->counter, data);
	else if (n > 0)
		memmove(buffer, data.at, data.length);
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
	n = scp03->level ? take_off(scp03, in, buffer, size) : ERROR_CHECK;
	if (n < 0) {
		scp03_close(scp03);
		return SW_SECURE_DATA_INCORRECT;
	}
	out->cla = in->cla & (uint8_t)~SCP03_SECURE;
	out->data = (struct span){buffer, (size_t)n};
	out->security = scp03->level;
	return SW_OK;
}

size_t scp03_room(const struct scp03 *scp03, uint8_t security)
{
	size_t room = ANSWER_MAX;

	if (scp03->state == SCP03_OPEN && (security & SCP03_R_MAC))
		room -= scp03->keys.mode;
	if (scp03->state == SCP03_OPEN && (security & SCP03_R_ENC))
		room = room / AES_BLOCK * AES_BLOCK - 1;
	return room;
}

/* SPEC: GPC Amendment D 6.2.5, 6.2.7. An answer without data is not encrypted. */
int scp03_protect(struct scp03 *scp03, uint8_t security, uint8_t *data, size_t length, sw_t sw)
{
	uint8_t mac[AES_BLOCK];
	int n = (int)length, e;

	if (scp03->state != SCP03_OPEN || !(security & SCP03_R_MAC))
		return n;
	if (length > scp03_room(scp03, security))
		n = ERROR_RANGE;
	else if (length > 0 && (security & SCP03_R_ENC))
		n = scp03_encrypt_response(data, ANSWER_MAX, &scp03->keys, scp03->counter,
					   (struct span){data, length});
	if (n >= 0) {
		e = scp03_response_mac(mac, &scp03->keys, scp03->chaining, (struct span){data, (size_t)n},
				       sw);
		memcpy(data + n, mac, scp03->keys.mode);
		n = e < 0 ? e : n + (int)scp03->keys.mode;
	}
	if (n < 0)
		scp03_close(scp03);
	return n;
}

int scp03_challenged(struct scp03 *scp03, uint8_t *cryptogram, const struct key_set *set,
		     const uint8_t *host_challenge, const uint8_t *card_challenge)
{
	size_t mode = set->i & SCP03_I_S16 ? SCP03_S16 : SCP03_S8;
	int e;

	scp03_close(scp03);
	e = scp03_session_keys(&scp03->keys, (struct span){set->enc, set->length},
			       (struct span){set->mac, set->length}, host_challenge, card_challenge, mode);
	if (e == OK)
		e = scp03_cryptogram(cryptogram, &scp03->keys, SCP03_FOR_CARD_CRYPTOGRAM, host_challenge,
				     card_challenge);
	if (e == OK)
		e = scp03_cryptogram(scp03->host_cryptogram, &scp03->keys, SCP03_FOR_HOST_CRYPTOGRAM,
				     host_challenge, card_challenge);
	if (e < 0) {
		scp03_close(scp03);
		return e;
	}
	memcpy(scp03->dek, set->dek, set->length);
	scp03->protocol = 3;
	scp03->state = SCP03_CHALLENGED;
	return OK;
}

/* The card challenge; with a pseudo-random one also its number, which is
 * spent first. Returns the bytes of the number, 0 or 3, or a negative error. */
/* SPEC: GPC Amendment D 6.2.2.1 */
static int choose_challenge(struct card *card, uint8_t *challenge, uint8_t number[static SCP03_SEQUENCE],
			    const struct key_set *set, size_t mode)
{
	uint32_t sequence;
	int e;

	if (!(set->i & SCP03_I_PSEUDO_RANDOM))
		return drbg_fill(&card->drbg, challenge, mode);
	e = key_set_next_sequence(&card->store, &sequence);
	if (e < 0)
		return e;
	number[0] = (uint8_t)(sequence >> 16);
	number[1] = (uint8_t)(sequence >> 8);
	number[2] = (uint8_t)sequence;
	e = scp03_card_challenge(challenge, (struct span){set->enc, set->length}, number,
				 (struct span){scp03_aid, sizeof(scp03_aid)}, mode);
	return e < 0 ? e : SCP03_SEQUENCE;
}

/* Key data(10) version SCP i, card challenge, cryptogram (8 or 16 each),
 * sequence(3) where there is one. */
static sw_t answer(struct card *card, const struct key_set *set, uint8_t version, struct span host_challenge,
		   struct reply *reply)
{
	size_t mode = set->i & SCP03_I_S16 ? SCP03_S16 : SCP03_S8;
	uint8_t *at = reply->at, *challenge = at + KEY_DATA, *cryptogram = challenge + mode;
	int n, e;

	if (key_set_is_scp80(version))
		return SW_REFERENCE_NOT_FOUND; /* for messages, not for sessions */
	if (key_set_is_scp02(version))
		return scp02_answer(card, set, version, host_challenge, reply);
	if (host_challenge.length != mode || reply->size < SCP03_INIT_ANSWER_MAX)
		return SW_WRONG_LENGTH;
	memset(at, 0, DIVERSIFICATION);
	at[10] = version;
	at[11] = 0x03;
	at[12] = set->i;
	n = choose_challenge(card, challenge, cryptogram + mode, set, mode);
	if (n < 0)
		return sw_from_error(n);
	e = scp03_challenged(&card->scp03, cryptogram, set, host_challenge.at, challenge);
	reply->length = KEY_DATA + 2 * mode + (size_t)n;
	return sw_from_error(e);
}

sw_t initialize_update(struct card *card, const struct command *command, struct reply *reply)
{
	struct key_set set;
	uint8_t version;
	int e = command->p1;
	sw_t sw;

	if (selection_application(card) != APPLICATION_ISD)
		return SW_CONDITIONS_NOT_SATISFIED;
	scp03_close(&card->scp03);
	if (command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (e == 0)
		e = key_set_default(&card->store);
	version = (uint8_t)e;
	if (e >= 0)
		e = key_set_load(&set, &card->store, version);
	if (e < 0)
		return e == ERROR_NOT_FOUND ? SW_REFERENCE_NOT_FOUND : sw_from_error(e);
	sw = answer(card, &set, version, command->data, reply);
	card->scp03.channel = card->channel;
	wipe(&set, sizeof(set));
	return sw;
}

/* Level 00: authenticated, and no secure messaging. */
/* SPEC: GPC Amendment D 7.1.2.1, GPC E.5.2 */
static int valid_level(const struct scp03 *scp03, uint8_t level)
{
	if (level == 0x00 || level == 0x01 || level == 0x03)
		return 1;
	return scp03->protocol == 3 && (level == 0x11 || level == 0x13 || level == 0x33);
}

static sw_t open_session(struct card *card, const struct command *command)
{
	struct scp03 *scp03 = &card->scp03;
	enum verdict mac, cryptogram;
	int e;

	if (scp03->state != SCP03_CHALLENGED)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (!valid_level(scp03, command->p1) || command->p2 != 0)
		return SW_WRONG_P1_P2;
	if (command->data.length != 2 * scp03->keys.mode)
		return SW_WRONG_LENGTH;
	if (!(command->cla & SCP03_SECURE))
		return SW_SECURITY_NOT_SATISFIED;
	cryptogram = compare_equal(scp03->host_cryptogram, command->data.at, scp03->keys.mode);
	mac = check_mac(scp03, command);
	if (cryptogram != GRANTED || mac != GRANTED)
		return SW_CRYPTOGRAM_WRONG;
	if (scp03->protocol == 2 && (e = scp02_spend(card)) < 0)
		return sw_from_error(e);
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
		sw = open_session(card, command);
	if (sw != SW_OK)
		scp03_close(&card->scp03);
	return sw;
}
