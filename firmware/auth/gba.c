#include "auth/gba.h"

#include <string.h>

#include "codec/tlv.h"
#include "crypto/hmac.h"
#include "crypto/sha1.h"
#include "crypto/wipe.h"
#include "fs/file.h"
#include "fs/profile.h"
#include "keys/vault.h"

/* Store objects of an application: Ks, the inner keys by record of EF.GBANL,
 * and the numbers of these records, the last derived first. */
enum object {
	OBJECT_KS = 0x00,
	OBJECT_INNER = 0x00, /* + 1.. */
	OBJECT_ORDER = 0x0F,
	OBJECTS_OF_ISIM = 0x10
};

enum {
	TAG_NAF_ID = 0x80,
	TAG_B_TID = 0x81,
	FC_NAF_KEY = 0x01, /* TS 33.220 B.3 */
	NAFS = PROFILE_GBANL_RECORDS
};

/* OBJECT_KS: load of the subscriber key and RAND, in the open, and Ks, sealed with them. */
enum {
	BEFORE_KS = 2 + AKA_RAND,
	KS_MAX = 2 * AKA_KEY_MAX,
	KS_OBJECT_MAX = BEFORE_KS + KS_MAX + VAULT_TAG,
	INNER_OBJECT = GBA_KEY + VAULT_TAG
};

_Static_assert((int)BEFORE_KS <= (int)VAULT_OPEN_MAX, "the vault takes the open part of a Ks");

struct bootstrapped {
	uint8_t rand[AKA_RAND];
	uint8_t ks[KS_MAX];
};

static uint16_t object(struct gba_owner owner, uint8_t which)
{
	return (uint16_t)(STORE_GBA << 8 | (owner.application == APPLICATION_ISIM ? OBJECTS_OF_ISIM : 0) |
			  which);
}

static uint16_t parameters_file(const struct store *store, struct gba_owner owner)
{
	return owner.application == APPLICATION_ISIM ? file_child(store, profile_isim, 0x6FD5)
						     : file_child(store, profile_usim, 0x6FD6);
}

static uint16_t list_file(const struct store *store, struct gba_owner owner)
{
	return owner.application == APPLICATION_ISIM ? file_child(store, profile_isim, 0x6FD7)
						     : file_child(store, profile_usim, 0x6FDA);
}

int gba_available(const struct store *store, struct gba_owner owner)
{
	struct file parameters, list;

	return file_get(store, &parameters, parameters_file(store, owner)) == OK &&
	       parameters.kind == FILE_TRANSPARENT && parameters.size >= PROFILE_GBABP &&
	       file_get(store, &list, list_file(store, owner)) == OK && list.kind == FILE_LINEAR &&
	       list.size >= PROFILE_GBANL && list.records >= NAFS;
}

/* SPEC: TS 33.220 5.3.2 */
void gba_mask(uint8_t mask[static GBA_MASK], const uint8_t *ik, size_t length)
{
	uint8_t digest[SHA1_LENGTH];

	sha1(digest, (struct span){ik, length});
	memcpy(mask, digest, GBA_MASK);
	wipe(digest, sizeof(digest));
}

/* SPEC: TS 33.220 G.1, TS 31.102 4.2.79 */
int gba_keep(struct store *store, struct gba_owner owner, const uint8_t rand[static AKA_RAND],
	     const struct algorithm_keys *keys, const struct key_sizes *sizes)
{
	uint8_t kept[KS_OBJECT_MAX] = {(uint8_t)(owner.load >> 8), (uint8_t)owner.load}, ks[KS_MAX];
	size_t length = (size_t)sizes->ck + sizes->ik;
	uint8_t parameters[PROFILE_GBABP];
	int e;

	memcpy(kept + 2, rand, AKA_RAND);
	memcpy(ks, keys->ck, sizes->ck);
	memcpy(ks + sizes->ck, keys->ik, sizes->ik);
	e = vault_seal(kept + BEFORE_KS, store, object(owner, OBJECT_KS), (struct span){kept, BEFORE_KS},
		       (struct span){ks, length});
	wipe(ks, sizeof(ks));
	if (e == OK)
		e = store_write(store, object(owner, OBJECT_KS), kept, BEFORE_KS + length + VAULT_TAG);
	memset(parameters, 0xFF, sizeof(parameters));
	parameters[0] = AKA_RAND;
	memcpy(parameters + 1, rand, AKA_RAND);
	parameters[1 + AKA_RAND] = parameters[2 + AKA_RAND] = 0; /* B-TID and lifetime are the terminal's */
	if (e == OK)
		e = file_write(store, parameters_file(store, owner), 0, 0,
			       (struct span){parameters, sizeof(parameters)});
	return e;
}

/* How long Ks is. */
static int read_ks(struct bootstrapped *b, const struct store *store, struct gba_owner owner)
{
	uint8_t kept[KS_OBJECT_MAX];
	int n = store_read(store, object(owner, OBJECT_KS), kept, 0, sizeof(kept)), e;

	if (n < 0)
		return n;
	if (n <= BEFORE_KS + VAULT_TAG)
		return ERROR_MEMORY;
	if ((kept[0] << 8 | kept[1]) != owner.load)
		return ERROR_NOT_FOUND;
	memcpy(b->rand, kept + 2, AKA_RAND);
	e = vault_open(b->ks, store, object(owner, OBJECT_KS), (struct span){kept, BEFORE_KS},
		       (struct span){kept + BEFORE_KS, (size_t)n - BEFORE_KS});
	return e < 0 ? e : n - BEFORE_KS - VAULT_TAG;
}

static void add_parameter(struct hmac *m, const void *value, size_t length)
{
	const uint8_t bytes[2] = {(uint8_t)(length >> 8), (uint8_t)length};

	hmac_add(m, value, length);
	hmac_add(m, bytes, sizeof(bytes));
}

/* SPEC: TS 33.220 B.2, B.3: S = FC || P0 || L0 || ... */
static int naf_key(uint8_t key[static GBA_KEY], const struct bootstrapped *b, size_t length,
		   const char *label, struct span impi, struct span naf_id)
{
	static const uint8_t fc = FC_NAF_KEY;
	struct hmac m;

	hmac_start(&m, (struct span){b->ks, length});
	hmac_add(&m, &fc, 1);
	add_parameter(&m, label, strlen(label));
	add_parameter(&m, b->rand, AKA_RAND);
	add_parameter(&m, impi.at, impi.length);
	add_parameter(&m, naf_id.at, naf_id.length);
	return hmac_finish(&m, key);
}

/* ---- the list of NAFs ---- */

/* The B-TID in EF.GBABP, which is empty when the terminal wrote none. */
static struct span b_tid(uint8_t parameters[static PROFILE_GBABP], const struct store *store,
			 struct gba_owner owner)
{
	struct span none = {NULL, 0};
	size_t at;

	if (file_read(store, parameters_file(store, owner), 0, 0, parameters, PROFILE_GBABP) < 0)
		return none;
	at = 1 + (size_t)parameters[0];
	if (at >= PROFILE_GBABP || at + 1 + parameters[at] > PROFILE_GBABP)
		return none;
	return (struct span){parameters + at + 1, parameters[at]};
}

/* Is this record of EF.GBANL the NAF's? 1, 0, or an error. */
static int is_naf(const struct store *store, uint16_t file, uint8_t number, struct span naf_id)
{
	uint8_t record[PROFILE_GBANL];
	struct span there;
	int e = file_read(store, file, number, 0, record, sizeof(record));

	if (e < 0)
		return e;
	return tlv_find(&there, TAG_NAF_ID, (struct span){record, sizeof(record)}) == OK &&
	       there.length == naf_id.length && memcmp(there.at, naf_id.at, naf_id.length) == 0;
}

/* Put the NAF's record first in the order: the one it has, else the last, which
 * is one never used while there are such. Its number, or an error. */
static int choose_record(uint8_t order[static NAFS], const struct store *store, struct gba_owner owner,
			 struct span naf_id)
{
	int e = store_read(store, object(owner, OBJECT_ORDER), order, 0, NAFS);
	unsigned at;
	uint8_t number;

	if (e == ERROR_NOT_FOUND)
		for (at = 0; at < NAFS; at++)
			order[at] = (uint8_t)(NAFS - at);
	else if (e != NAFS)
		return e < 0 ? e : ERROR_MEMORY;
	for (at = 0; at < NAFS - 1; at++) {
		e = is_naf(store, list_file(store, owner), order[at], naf_id);
		if (e < 0)
			return e;
		if (e)
			break;
	}
	number = order[at];
	memmove(order + 1, order, at);
	order[0] = number;
	return number;
}

/* Keep the key of a record, sealed. */
static int write_inner(struct store *store, uint16_t id, const uint8_t key[static GBA_KEY])
{
	uint8_t kept[INNER_OBJECT];
	int e = vault_seal(kept, store, id, (struct span){key, 0}, (struct span){key, GBA_KEY});

	return e == OK ? store_write(store, id, kept, sizeof(kept)) : e;
}

/* SPEC: TS 33.220 G.2, TS 31.102 4.2.83 */
static int keep_inner(struct store *store, struct gba_owner owner, struct span naf_id,
		      const uint8_t key[static GBA_KEY])
{
	uint8_t record[PROFILE_GBANL], parameters[PROFILE_GBABP], order[NAFS];
	struct span id = b_tid(parameters, store, owner);
	int number = choose_record(order, store, owner, naf_id), e;
	struct tlv tlv;

	if (number < 0)
		return number;
	memset(record, 0xFF, sizeof(record));
	tlv_start(&tlv, record, sizeof(record));
	tlv_put(&tlv, TAG_NAF_ID, naf_id.at, naf_id.length);
	tlv_put(&tlv, TAG_B_TID, id.at, id.length);
	if (tlv_length(&tlv) < 0)
		return ERROR_FULL;
	e = store_begin(store);
	if (e == OK)
		e = write_inner(store, object(owner, (uint8_t)(OBJECT_INNER + number)), key);
	if (e == OK)
		e = store_write(store, object(owner, OBJECT_ORDER), order, sizeof(order));
	if (e == OK)
		e = file_write(store, list_file(store, owner), (uint8_t)number, 0,
			       (struct span){record, sizeof(record)});
	if (e == OK)
		return store_commit(store);
	store_abort(store);
	return e;
}

int gba_derive(struct store *store, struct gba_owner owner, uint8_t ks_ext[static GBA_KEY],
	       struct span naf_id, struct span impi)
{
	uint8_t ks_int[GBA_KEY];
	struct bootstrapped b;
	int length = read_ks(&b, store, owner), e = length < 0 ? length : OK;

	if (e == OK)
		e = naf_key(ks_ext, &b, (size_t)length, "gba-me", impi, naf_id);
	if (e == OK)
		e = naf_key(ks_int, &b, (size_t)length, "gba-u", impi, naf_id);
	if (e == OK)
		e = keep_inner(store, owner, naf_id, ks_int);
	if (e < 0)
		wipe(ks_ext, GBA_KEY);
	wipe(ks_int, sizeof(ks_int));
	wipe(&b, sizeof(b));
	return e;
}

int gba_forget(struct store *store)
{
	static const enum application applications[] = {APPLICATION_USIM, APPLICATION_ISIM};
	int e = OK;

	for (size_t i = 0; i < sizeof(applications) / sizeof(applications[0]); i++) {
		struct gba_owner owner = {.application = applications[i]};

		for (unsigned which = OBJECT_KS; which <= OBJECT_INNER + NAFS; which++)
			if (e == OK &&
			    (e = store_delete(store, object(owner, (uint8_t)which))) == ERROR_NOT_FOUND)
				e = OK;
	}
	return e;
}
