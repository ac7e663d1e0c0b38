#include "gp/put_key.h"

#include <string.h>

#include "card.h"
#include "crypto/compare.h"
#include "crypto/des.h"
#include "crypto/kcv.h"
#include "crypto/wipe.h"
#include "gp/key_set.h"

enum {
	KEYS = 3,
	FIRST_OF_SEVERAL = 0x81 /* P2: key identifier 1, more follow */
};

/* Where the enciphered key is in a key data field: *lead bytes before it,
 * *sealed bytes; the length of the key, or 0. */
static size_t key_length(size_t *lead, size_t *sealed, const uint8_t *p, size_t left)
{
	size_t length = left > 2 ? p[2] : 0;

	*lead = 3;
	*sealed = (length + AES_BLOCK - 1) / AES_BLOCK * AES_BLOCK;
	if ((length == 16 || length == 24 || length == 32) && p[1] == *sealed + 1)
		return length;
	*lead = 2;
	*sealed = p[1];
	return p[1] == 16 || p[1] == 32 ? p[1] : 0;
}

static int check_value(uint8_t out[static KCV_LENGTH], const uint8_t *key, size_t length, uint8_t type)
{
	return type == KEY_TYPE_DES ? des3_check_value(out, (struct span){key, length})
				    : kcv(out, (struct span){key, length});
}

/* One key data field, at *at of *left bytes, which move past it. `*length` is
 * that of the keys before, or 0. */
static sw_t take_key(uint8_t key[static SCP03_KEY_MAX], uint8_t check[static KCV_LENGTH], uint8_t *length,
		     const uint8_t **at, size_t *left, const struct scp03 *scp03, uint8_t type,
		     size_t longest)
{
	const uint8_t *p = *at;
	size_t lead, sealed, n, whole;
	int e;

	if (*left < 2)
		return SW_WRONG_DATA;
	if (p[0] != type)
		return SW_ALGORITHM_NOT_SUPPORTED;
	n = key_length(&lead, &sealed, p, *left);
	whole = lead + sealed + 1 + KCV_LENGTH;
	if (n == 0 || (type == KEY_TYPE_DES && n > longest) || (*length && n != *length) || *left < whole ||
	    p[lead + sealed] != KCV_LENGTH)
		return SW_WRONG_DATA;
	e = scp03_open_secret(key, scp03, p + lead, sealed);
	if (e == OK)
		e = check_value(check, key, n, type);
	if (e < 0)
		return sw_from_error(e);
	if (compare_equal(check, p + lead + sealed + 1, KCV_LENGTH) != GRANTED)
		return SW_KCV_WRONG;
	*length = (uint8_t)n;
	*at += whole;
	*left -= whole;
	return SW_OK;
}

/* May `version` replace `old` (0: be added), as far as `old` goes? */
static sw_t check_old(const struct store *store, uint8_t old, uint8_t version)
{
	int e;

	if (old == 0)
		return SW_OK;
	if ((e = key_set_exists(store, old)) <= 0)
		return e < 0 ? sw_from_error(e) : SW_REFERENCE_NOT_FOUND;
	if (!key_set_is_scp02(version) && !key_set_is_scp80(version))
		return SW_OK;
	e = key_set_is_last(store, old);
	return e < 0 ? sw_from_error(e) : e ? SW_CONDITIONS_NOT_SATISFIED : SW_OK;
}

static sw_t check_versions(const struct card *card, uint8_t old, uint8_t version)
{
	const struct store *store = &card->store;
	int there;
	sw_t sw;

	if (!key_version_valid(version))
		return SW_WRONG_DATA;
	if (card->scp03.protocol != 3 && (!key_set_is_scp02(version) || (old && !key_set_is_scp02(old))))
		return SW_SECURITY_NOT_SATISFIED;
	if ((sw = check_old(store, old, version)) != SW_OK)
		return sw;
	if (old == version)
		return SW_OK;
	there = key_set_exists(store, version);
	if (there < 0)
		return sw_from_error(there);
	return there > 0 ? SW_WRONG_DATA : SW_OK;
}

static int replace(struct store *store, uint8_t old, uint8_t version, struct key_set *set)
{
	struct key_set_description was = {0};
	int e = old ? key_set_describe(&was, store, old) : OK;

	if (key_set_is_scp80(version))
		set->i |=
			old && key_set_is_scp80(old) ? was.i & (uint8_t)~KEY_SET_SCP80_AES : KEY_SET_I_SCP80;
	else if (old && !key_set_is_scp80(old) && key_set_is_scp02(old) == key_set_is_scp02(version))
		set->i = was.i;
	else
		set->i = key_set_is_scp02(version) ? KEY_SET_I_SCP02 : KEY_SET_I;
	if (e >= 0)
		e = store_begin(store);
	if (e < 0)
		return e;
	if (old != 0 && old != version)
		e = key_set_delete(store, old);
	if (e >= 0)
		e = key_set_save(store, version, set);
	if (e >= 0)
		return store_commit(store);
	store_abort(store);
	return e;
}

static sw_t parse(struct key_set *set, uint8_t checks[static KEYS * KCV_LENGTH], struct span data,
		  const struct scp03 *scp03)
{
	uint8_t *const key[KEYS] = {set->enc, set->mac, set->dek};
	const uint8_t *at = data.at + 1;
	uint8_t type = key_set_type(data.at[0], 0);
	size_t longest = key_set_is_scp80(data.at[0]) ? DES3_LONG_KEY : DES3_KEY;
	size_t left = data.length - 1;
	sw_t sw = SW_OK;

	if (key_set_is_scp80(data.at[0]) && left > 0 && at[0] == KEY_TYPE_AES) {
		type = KEY_TYPE_AES;
		set->i = KEY_SET_SCP80_AES;
	}
	for (size_t i = 0; sw == SW_OK && i < KEYS; i++)
		sw = take_key(key[i], checks + i * KCV_LENGTH, &set->length, &at, &left, scp03, type,
			      longest);
	if (sw == SW_OK && left != 0)
		sw = SW_WRONG_DATA;
	return sw;
}

/* SPEC: GPC Amendment D 7.2 */
sw_t put_key(struct card *card, const struct command *command, struct reply *reply)
{
	uint8_t checks[KEYS * KCV_LENGTH];
	struct key_set set = {0};
	sw_t sw;

	if (selection_application(card) != APPLICATION_ISD)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (scp03_secured(&card->scp03, command) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	if (command->p2 != FIRST_OF_SEVERAL)
		return SW_WRONG_P1_P2;
	if (command->data.length < 1)
		return SW_WRONG_DATA;
	sw = check_versions(card, command->p1, command->data.at[0]);
	if (sw == SW_OK)
		sw = parse(&set, checks, command->data, &card->scp03);
	if (sw == SW_OK)
		sw = sw_from_error(replace(&card->store, command->p1, command->data.at[0], &set));
	wipe(&set, sizeof(set));
	if (sw != SW_OK)
		return sw;
	reply->at[0] = command->data.at[0];
	memcpy(reply->at + 1, checks, sizeof(checks));
	reply->length = 1 + sizeof(checks);
	return SW_OK;
}
