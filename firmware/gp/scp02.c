#include "gp/scp02.h"

#include <string.h>

#include "card.h"
#include "crypto/compare.h"
#include "crypto/wipe.h"
#include "gp/scp02_keys.h"

enum {
	KEY_DATA = 12, /* diversification data, version, protocol */
	SEQUENCE_LAST = 0xFFFF,
	SEQUENCE_ID = STORE_SCP << 8 | 0x81 /* two bytes; absent: 0 */
};

static void keys_of(struct scp02_session_keys *keys, const struct scp03 *session)
{
	memcpy(keys->enc, session->keys.enc, DES3_KEY);
	memcpy(keys->mac, session->keys.mac, DES3_KEY);
	memcpy(keys->dek, session->dek, DES3_KEY);
}

int scp02_challenged(struct scp03 *session, uint8_t cryptogram[static 8], const struct key_set *set,
		     const uint8_t host_challenge[static 8], const uint8_t card_challenge[static 8])
{
	struct scp02_session_keys keys;
	int e = scp02_session_keys(&keys, set->enc, set->mac, set->dek, card_challenge);

	scp03_close(session);
	if (e == OK)
		e = scp02_card_cryptogram(cryptogram, &keys, host_challenge, card_challenge);
	if (e == OK)
		e = scp02_host_cryptogram(session->host_cryptogram, &keys, host_challenge, card_challenge);
	if (e == OK) {
		memcpy(session->keys.enc, keys.enc, DES3_KEY);
		memcpy(session->keys.mac, keys.mac, DES3_KEY);
		memcpy(session->dek, keys.dek, DES3_KEY);
		session->keys.length = DES3_KEY;
		session->keys.mode = SCP02_MAC;
		session->protocol = 2;
		session->state = SCP03_CHALLENGED;
	}
	wipe(&keys, sizeof(keys));
	return e;
}

/* The six bytes behind the sequence counter. */
static int choose_challenge(struct card *card, uint8_t card_challenge[static 8], const struct key_set *set)
{
	struct scp02_session_keys keys;
	int e;

	if (set->i == SCP02_I_RANDOM)
		return drbg_fill(&card->drbg, card_challenge + SCP02_SEQUENCE, SCP02_CARD_CHALLENGE);
	e = scp02_session_keys(&keys, set->enc, set->mac, set->dek, card_challenge);
	if (e == OK)
		e = scp02_card_challenge(card_challenge + SCP02_SEQUENCE, &keys,
					 (struct span){scp03_aid, sizeof(scp03_aid)});
	wipe(&keys, sizeof(keys));
	return e;
}

int scp02_sequence(const struct store *store)
{
	uint8_t bytes[SCP02_SEQUENCE];
	int n = store_read(store, SEQUENCE_ID, bytes, 0, sizeof(bytes));

	if (n == ERROR_NOT_FOUND)
		return 0;
	if (n < 0)
		return n;
	return n == SCP02_SEQUENCE ? bytes[0] << 8 | bytes[1] : ERROR_MEMORY;
}

/* SPEC: GPC E.5.1 */
sw_t scp02_answer(struct card *card, const struct key_set *set, uint8_t version, struct span host_challenge,
		  struct reply *reply)
{
	uint8_t *at = reply->at, *challenge = at + KEY_DATA;
	int sequence, e;

	if (host_challenge.length != SCP02_HOST_CHALLENGE || reply->size < SCP02_INIT_ANSWER)
		return SW_WRONG_LENGTH;
	sequence = scp02_sequence(&card->store);
	if (sequence < 0)
		return sw_from_error(sequence);
	if (sequence == SEQUENCE_LAST)
		return SW_CONDITIONS_NOT_SATISFIED;
	memset(at, 0, KEY_DATA);
	at[10] = version;
	at[11] = 0x02;
	challenge[0] = (uint8_t)(sequence >> 8);
	challenge[1] = (uint8_t)sequence;
	e = choose_challenge(card, challenge, set);
	if (e >= 0)
		e = scp02_challenged(&card->scp03, challenge + 8, set, host_challenge.at, challenge);
	reply->length = SCP02_INIT_ANSWER;
	return sw_from_error(e);
}

int scp02_spend(struct card *card)
{
	int sequence = scp02_sequence(&card->store);
	uint8_t next[SCP02_SEQUENCE];

	if (sequence < 0)
		return sequence;
	if (sequence == SEQUENCE_LAST)
		return ERROR_STATE;
	next[0] = (uint8_t)((sequence + 1) >> 8);
	next[1] = (uint8_t)(sequence + 1);
	return store_write(&card->store, SEQUENCE_ID, next, sizeof(next));
}

enum verdict scp02_check_mac(struct scp03 *session, const struct command *in, struct span plain,
			     const uint8_t mac[static 8])
{
	const uint8_t header[5] = {in->cla & 0xFC, in->ins, in->p1, in->p2,
				   (uint8_t)(plain.length + SCP02_MAC)};
	struct scp02_session_keys keys;
	uint8_t want[SCP02_MAC], chaining[DES_BLOCK];
	int e;

	keys_of(&keys, session);
	memcpy(chaining, session->chaining, DES_BLOCK);
	e = scp02_command_mac(want, chaining, &keys, header, plain);
	wipe(&keys, sizeof(keys));
	if (e < 0 || compare_equal(want, mac, SCP02_MAC) != GRANTED)
		return DENIED;
	memcpy(session->chaining, chaining, DES_BLOCK);
	return GRANTED;
}

/* The MAC is over the plain data (E.4.4), so deciphering comes first; what a
 * wrong padding tells is told as a wrong MAC is, and the session ends. */
int scp02_take_off(struct scp03 *session, const struct command *in, uint8_t *buffer, size_t size)
{
	struct span data = in->data;
	struct scp02_session_keys keys;
	uint8_t mac[SCP02_MAC];
	int n;

	if (data.length < SCP02_MAC)
		return ERROR_CHECK;
	data.length -= SCP02_MAC;
	memcpy(mac, data.at + data.length, SCP02_MAC);
	n = data.length > size ? ERROR_RANGE : (int)data.length;
	if (n > 0 && (session->level & SCP03_C_DEC)) {
		keys_of(&keys, session);
		n = scp02_decrypt(buffer, size, &keys, data);
		wipe(&keys, sizeof(keys));
	} else if (n > 0) {
		memmove(buffer, data.at, data.length);
	}
	if (n < 0)
		return n;
	return scp02_check_mac(session, in, (struct span){buffer, (size_t)n}, mac) == GRANTED ? n
											      : ERROR_CHECK;
}
