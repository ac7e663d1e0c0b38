/* Speed: a commit costs more than everything else here together, so numbers
 * are reserved SEQUENCE_RESERVE at a time and handed out from a small table in
 * memory. The table is direct-mapped: whoever loses its place has numbers
 * skipped, which costs nothing. */
#include "lib/auc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "auth/algorithm.h"
#include "crypto/compare.h"
#include "crypto/kcv.h"
#include "keys/derive.h"
#include "lib/database.h"
#include "lib/digits.h"
#include "lib/hex.h"
#include "lib/hsm.h"
#include "lib/kek.h"
#include "lib/key_form.h"
#include "lib/secret.h"
#include "lib/sequence.h"

enum {
	RANGES = 4096,
	BATCH_KEYS = 16,
};

static const struct database_schema schema = {
	.kind = 0x73614143, /* "saAC" */
	.version = 2,
	.what = "subscriber database",
	.statement =
		"CREATE TABLE kek (one INTEGER PRIMARY KEY CHECK (one = 1), check_value BLOB NOT NULL) STRICT;"
		"CREATE TABLE subscriber ("
		" imsi TEXT PRIMARY KEY NOT NULL,"
		" iccid TEXT UNIQUE,"
		" batch TEXT NOT NULL,"
		" design TEXT NOT NULL CHECK (design IN ('bulk-plain', 'derived', 'agreed')),"
		" amf INTEGER NOT NULL,"
		" kcv_k BLOB NOT NULL, kcv_opc BLOB NOT NULL,"
		" sealed BLOB NOT NULL,"
		" sqn INTEGER NOT NULL"
		") STRICT, WITHOUT ROWID",
};

struct auc {
	struct database *database;
	struct query *find, *reserve;
	struct hsm *hsm;
	struct {
		char batch[BATCH_ID];
		hsm_key key;
	} batch[BATCH_KEYS];
	size_t batches;
	struct {
		char imsi[16];
		struct sequence_range range;
	} ranges[RANGES];
	uint8_t kek[WRAP_KEK];
};

/* ---- opening ---- */

int auc_init(const struct auc_place *place, struct fault *fault)
{
	char source[KEK_SOURCE];
	uint8_t kek[WRAP_KEK] = {0}, check[3];
	struct database *database = NULL;
	struct query *query = NULL;
	int result = -1;

	kek_source(source, place->kek, place->database);
	if (access(place->database, F_OK) == 0)
		return fault_set(fault, FAULT_POLICY, "choose another name, or remove it yourself",
				 "%s: there is one already", place->database);
	if (kek_make(source, fault) < 0 ||
	    secret_hex(kek, sizeof(kek), source, "the key-encryption key", fault) < 0 ||
	    kek_check_value(check, kek, fault) < 0 ||
	    database_open(&database, place->database, &schema, DATABASE_NEW, fault) < 0 ||
	    database_query(database, &query, "INSERT INTO kek VALUES (1, ?)", fault) < 0)
		goto out;
	query_blob(query, 1, check, sizeof(check));
	result = query_step(query, fault);
out:
	query_end(query);
	database_close(database);
	secret_wipe(kek, sizeof(kek));
	return result;
}

/* Is this the KEK the database was made with? */
static int kek_compare(struct auc *auc, const char *path, struct fault *fault)
{
	struct query *query;
	const uint8_t *stored;
	uint8_t check[3];
	size_t length;
	int same = 0, got;

	if (kek_check_value(check, auc->kek, fault) < 0 ||
	    database_query(auc->database, &query, "SELECT check_value FROM kek", fault) < 0)
		return -1;
	got = query_step(query, fault);
	if (got == 1) {
		stored = query_blob_at(query, 0, &length);
		same = length == sizeof(check) && memcmp(stored, check, length) == 0;
	}
	query_end(query);
	if (got < 0)
		return -1;
	if (!same)
		return fault_set(fault, FAULT_POLICY, "name the file that init made, or its copy",
				 "%s was made with another key-encryption key", path);
	return 0;
}

int auc_open(struct auc **auc, const struct auc_place *place, struct fault *fault)
{
	char source[KEK_SOURCE];
	struct auc *made = calloc(1, sizeof(*made));

	*auc = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	(void)mlock(made->kek, sizeof(made->kek));
	kek_source(source, place->kek, place->database);
	/* At once and only once: a token counts wrong PINs. */
	if (place->hsm && hsm_open(&made->hsm, place->hsm, fault) < 0)
		goto out;
	if (database_open(&made->database, place->database, &schema, DATABASE_OPEN, fault) < 0 ||
	    secret_hex(made->kek, sizeof(made->kek), source, "the key-encryption key", fault) < 0 ||
	    kek_compare(made, place->database, fault) < 0 ||
	    database_query(made->database, &made->find,
			   "SELECT iccid, batch, design, amf, kcv_k, kcv_opc, sealed, sqn, imsi"
			   " FROM subscriber WHERE imsi = ?",
			   fault) < 0 ||
	    database_query(made->database, &made->reserve,
			   "UPDATE subscriber SET sqn = ? WHERE imsi = ? AND sqn = ?", fault) < 0)
		goto out;
	*auc = made;
	return 0;
out:
	auc_close(made);
	return -1;
}

void auc_close(struct auc *auc)
{
	if (!auc)
		return;
	query_end(auc->find);
	query_end(auc->reserve);
	database_close(auc->database);
	hsm_close(auc->hsm);
	secret_wipe(auc, sizeof(*auc));
	free(auc);
}

int auc_begin(struct auc *auc, struct fault *fault)
{
	return database_begin(auc->database, fault);
}

int auc_commit(struct auc *auc, struct fault *fault)
{
	return database_commit(auc->database, fault);
}

void auc_rollback(struct auc *auc)
{
	database_rollback(auc->database);
	/* what was reserved in it may not have been kept */
	memset(auc->ranges, 0, sizeof(auc->ranges));
}

/* ---- rows ---- */

static void copy_text(char *out, size_t size, const char *text)
{
	(void)snprintf(out, size, "%s", text);
}

static void copy_blob(uint8_t *out, size_t size, size_t *length, struct query *query, int column)
{
	const uint8_t *blob = query_blob_at(query, column, length);

	if (*length > size)
		*length = 0; /* tampered with: wrap_open() will refuse it */
	if (*length > 0)
		memcpy(out, blob, *length);
}

static void entry_read(struct auc_entry *entry, struct query *query)
{
	struct subscriber *s = &entry->subscriber;
	size_t length;

	memset(entry, 0, sizeof(*entry));
	copy_text(s->iccid, sizeof(s->iccid), query_text_at(query, 0));
	copy_text(s->batch, sizeof(s->batch), query_text_at(query, 1));
	(void)design_named(&s->design, query_text_at(query, 2));
	s->amf = (uint16_t)query_int_at(query, 3);
	copy_blob(s->kcv_k, sizeof(s->kcv_k), &length, query, 4);
	copy_blob(s->kcv_opc, sizeof(s->kcv_opc), &length, query, 5);
	copy_blob(s->sealed, sizeof(s->sealed), &s->sealed_length, query, 6);
	entry->sqn = (uint64_t)query_int_at(query, 7);
	copy_text(s->imsi, sizeof(s->imsi), query_text_at(query, 8));
}

/* 1 and the entry, 0 no such subscriber, -1. */
static int find(struct auc *auc, struct auc_entry *entry, const char *imsi, struct fault *fault)
{
	int got;

	query_text(auc->find, 1, imsi);
	got = query_step(auc->find, fault);
	if (got > 0)
		entry_read(entry, auc->find);
	query_reset(auc->find);
	return got;
}

static int must_find(struct auc *auc, struct auc_entry *entry, const char *imsi, struct fault *fault)
{
	int got = find(auc, entry, imsi, fault);

	if (got == 0)
		return fault_set(fault, FAULT_NO, NULL, "no subscriber has IMSI %s", imsi);
	return got < 0 ? -1 : 0;
}

static int insert(struct auc *auc, const struct subscriber *s, uint64_t sqn, struct fault *fault)
{
	struct query *query;
	int result;

	if (database_query(
		    auc->database, &query,
		    "INSERT INTO subscriber (imsi, iccid, batch, design, amf, kcv_k, kcv_opc, sealed, sqn)"
		    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
		    " ON CONFLICT (imsi) DO UPDATE SET iccid = excluded.iccid, batch = excluded.batch,"
		    " design = excluded.design, amf = excluded.amf, kcv_k = excluded.kcv_k,"
		    " kcv_opc = excluded.kcv_opc, sealed = excluded.sealed, sqn = excluded.sqn",
		    fault) < 0)
		return -1;
	query_text(query, 1, s->imsi);
	query_text(query, 2, s->iccid[0] ? s->iccid : NULL);
	query_text(query, 3, s->batch);
	query_text(query, 4, design_name(s->design));
	query_int(query, 5, s->amf);
	query_blob(query, 6, s->kcv_k, sizeof(s->kcv_k));
	query_blob(query, 7, s->kcv_opc, sizeof(s->kcv_opc));
	query_blob(query, 8, s->sealed, s->sealed_length);
	query_int(query, 9, (int64_t)sqn);
	result = query_step(query, fault);
	query_end(query);
	if (result < 0 && fault && fault->code == FAULT_INPUT)
		return fault_set(fault, FAULT_INPUT, "two cards of one ICCID: look at both records",
				 "IMSI %s: ICCID %s belongs to another subscriber", s->imsi, s->iccid);
	return result;
}

/* Does the stored subscriber hold this very key? Check values are 24 bits, so
 * for stored keys the keys themselves are compared. */
static int same_keys(struct auc *auc, const struct subscriber *old, const struct subscriber *new,
		     const struct subscriber_key *key, struct fault *fault)
{
	struct subscriber_key stored;
	int same;

	if (strcmp(old->iccid, new->iccid) != 0 || strcmp(old->batch, new->batch) != 0 ||
	    old->design != new->design || old->amf != new->amf || memcmp(old->kcv_k, new->kcv_k, 3) != 0 ||
	    memcmp(old->kcv_opc, new->kcv_opc, 3) != 0)
		return 0;
	if (wrap_open(&stored, old, auc->kek, fault) < 0)
		return -1;
	same = !key || key_form_equal(&stored, key);
	secret_wipe(&stored, sizeof(stored));
	return same;
}

int auc_add(struct auc *auc, struct subscriber *subscriber, const struct subscriber_key *key, uint64_t sqn,
	    bool replace, struct fault *fault)
{
	struct auc_entry old = {0};
	int known = find(auc, &old, subscriber->imsi, fault), same = 0;

	if (known < 0)
		return -1;
	if (known) {
		same = same_keys(auc, &old.subscriber, subscriber, key, fault);
		if (same == 1)
			return AUC_SAME;
		if (!replace)
			return same < 0 ? -1
					: fault_set(fault, FAULT_POLICY,
						    "give --replace if the subscriber has a new card",
						    "IMSI %s is already there with another key or card",
						    subscriber->imsi);
		if (old.sqn > sqn)
			sqn = old.sqn;
	}
	if (wrap_seal(subscriber, auc->kek, key, fault) < 0 || insert(auc, subscriber, sqn, fault) < 0)
		return -1;
	memset(auc->ranges, 0, sizeof(auc->ranges));
	return known ? AUC_REPLACED : AUC_NEW;
}

/* "?" for a record that does not open: it is shown, and auc_vector() says why. */
static void tell_algorithm(struct auc *auc, struct auc_entry *entry)
{
	struct subscriber_key key;

	if (wrap_open(&key, &entry->subscriber, auc->kek, NULL) == 0)
		key_form_write(entry->algorithm, &key);
	else
		copy_text(entry->algorithm, sizeof(entry->algorithm), "?");
	secret_wipe(&key, sizeof(key));
}

int auc_list(struct auc *auc, int (*each)(void *context, const struct auc_entry *entry), void *context,
	     struct fault *fault)
{
	struct auc_entry entry;
	struct query *query;
	int got;

	if (database_query(auc->database, &query,
			   "SELECT iccid, batch, design, amf, kcv_k, kcv_opc, sealed, sqn, imsi"
			   " FROM subscriber ORDER BY imsi",
			   fault) < 0)
		return -1;
	while ((got = query_step(query, fault)) == 1) {
		entry_read(&entry, query);
		tell_algorithm(auc, &entry);
		if (each(context, &entry) != 0)
			break;
	}
	query_end(query);
	return got < 0 ? -1 : 0;
}

/* ---- keys for one request ---- */

static int batch_key(struct auc *auc, hsm_key *key, const char *batch, struct fault *fault)
{
	char label[BATCH_ID + 16];
	size_t i;

	for (i = 0; i < auc->batches; i++)
		if (strcmp(auc->batch[i].batch, batch) == 0) {
			*key = auc->batch[i].key;
			return 0;
		}
	if (!auc->hsm)
		return fault_set(fault, FAULT_HSM, "give --hsm and the token's URI",
				 "batch %s is derived on demand and no HSM was named", batch);
	(void)snprintf(label, sizeof(label), "simrite batch %s", batch);
	if (hsm_find(auc->hsm, key, label, fault) < 0)
		return -1;
	i = auc->batches < BATCH_KEYS ? auc->batches++ : 0;
	copy_text(auc->batch[i].batch, sizeof(auc->batch[i].batch), batch);
	auc->batch[i].key = *key;
	return 0;
}

static int derive_both(struct auc *auc, struct subscriber_key *out, const struct subscriber *s,
		       struct fault *fault)
{
	uint8_t input[DERIVE_INPUT], iccid[10], check[6];
	hsm_key key;

	if (batch_key(auc, &key, s->batch, fault) < 0)
		return -1;
	digits_to_iccid(iccid, s->iccid);
	derive_input(input, DERIVE_LABEL_K, iccid);
	if (hsm_cmac(auc->hsm, out->k, key, input, sizeof(input), fault) < 0)
		return -1;
	derive_input(input, DERIVE_LABEL_OPC, iccid);
	if (hsm_cmac(auc->hsm, out->opc, key, input, sizeof(input), fault) < 0)
		return -1;
	if (key_form_checks(check, check + 3, out, fault) < 0)
		return -1;
	if (memcmp(check, s->kcv_k, 3) != 0 || memcmp(check + 3, s->kcv_opc, 3) != 0)
		return fault_set(fault, FAULT_HSM, "is it the token the batch was made with?",
				 "the HSM's key for batch %s gives IMSI %s another check value", s->batch,
				 s->imsi);
	return 0;
}

/* The key of a subscriber whose record is whole; the caller wipes. */
static int key_of(struct auc *auc, struct subscriber_key *key, const struct subscriber *subscriber,
		  struct fault *fault)
{
	int result = wrap_open(key, subscriber, auc->kek, fault);

	if (result == 0 && subscriber->design == DESIGN_DERIVED)
		result = derive_both(auc, key, subscriber, fault);
	if (result < 0)
		secret_wipe(key, sizeof(*key));
	return result;
}

/* Subscriber and key of an IMSI. */
static int find_key(struct auc *auc, struct auc_entry *entry, struct subscriber_key *key, const char *imsi,
		    struct fault *fault)
{
	return must_find(auc, entry, imsi, fault) < 0 ? -1 : key_of(auc, key, &entry->subscriber, fault);
}

static int not_for(struct fault *fault, const char *imsi, const struct subscriber_key *key, const char *what)
{
	return fault_set(fault, FAULT_NO, NULL, "the key of IMSI %s is for %s: it makes no %s", imsi,
			 key_form_name(key->algorithm), what);
}

/* ---- sequence numbers ---- */

static size_t range_place(const char *imsi)
{
	uint32_t hash = 2166136261u;

	for (; *imsi; imsi++)
		hash = (hash ^ (uint8_t)*imsi) * 16777619u;
	return hash % RANGES;
}

/* Move the stored number from `old` to `new`; 1, or 0 when somebody else did. */
static int store_sqn(struct auc *auc, const char *imsi, uint64_t old, uint64_t new, struct fault *fault)
{
	int got;

	query_int(auc->reserve, 1, (int64_t) new);
	query_text(auc->reserve, 2, imsi);
	query_int(auc->reserve, 3, (int64_t)old);
	got = query_step(auc->reserve, fault);
	query_reset(auc->reserve);
	return got < 0 ? -1 : database_changed(auc->database);
}

static int next_sqn(struct auc *auc, uint64_t *sqn, struct auc_entry *entry, struct fault *fault)
{
	const char *imsi = entry->subscriber.imsi;
	size_t at = range_place(imsi);
	struct sequence_range *range = &auc->ranges[at].range;
	int moved = 0;

	/* A range is good while the file still ends where it ends: a
	 * resynchronisation or another program's reservation moves that. */
	if (strcmp(auc->ranges[at].imsi, imsi) == 0 && range->end == entry->sqn && sequence_take(range, sqn))
		return 0;
	while (!moved) {
		range->last = entry->sqn;
		if (sequence_after(&range->end, range->last, SEQUENCE_RESERVE) < 0)
			return fault_set(fault, FAULT_NO, "give the subscriber a new card",
					 "the sequence numbers of IMSI %s are used up", imsi);
		moved = store_sqn(auc, imsi, range->last, range->end, fault);
		if (moved < 0 || (!moved && must_find(auc, entry, imsi, fault) < 0)) {
			auc->ranges[at].imsi[0] = 0;
			return -1;
		}
	}
	copy_text(auc->ranges[at].imsi, sizeof(auc->ranges[at].imsi), imsi);
	(void)sequence_take(range, sqn);
	return 0;
}

/* ---- what is asked for ---- */

/* RAND of this vector: the caller's, or drawn. */
static int choose_rand(uint8_t out[static 16], const uint8_t rand[16], struct fault *fault)
{
	if (rand)
		memcpy(out, rand, 16);
	else if (getrandom(out, 16, 0) != 16)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
	return 0;
}

int auc_vector(struct auc *auc, struct auc_vector *vector, const char *imsi, const uint8_t rand[16],
	       struct fault *fault)
{
	struct auc_entry entry;
	struct subscriber_key key;
	uint8_t drawn[16], sqn[6], amf[2];
	int result = -1;

	memset(vector, 0, sizeof(*vector));
	if (find_key(auc, &entry, &key, imsi, fault) < 0)
		return -1;
	if (!algorithm_has_3g(&key)) {
		not_for(fault, imsi, &key, "3G vector");
		goto out;
	}
	if (choose_rand(drawn, rand, fault) < 0 || next_sqn(auc, &vector->sqn, &entry, fault) < 0)
		goto out;
	sequence_bytes(sqn, vector->sqn);
	amf[0] = (uint8_t)(entry.subscriber.amf >> 8);
	amf[1] = (uint8_t)entry.subscriber.amf;
	result = algorithm_vector(&vector->aka, &key, drawn, sqn, amf);
	if (result < 0)
		result = fault_set(fault, FAULT_BUG, NULL, "the cipher library refused a key");
out:
	secret_wipe(&key, sizeof(key));
	if (result < 0)
		secret_wipe(vector, sizeof(*vector));
	return result;
}

int auc_triplet(struct auc *auc, uint8_t kc[static 8], uint8_t sres[static 4], const char *imsi,
		const uint8_t rand[static 16], struct fault *fault)
{
	struct auc_entry entry;
	struct subscriber_key key;
	struct algorithm a;
	int result;

	if (find_key(auc, &entry, &key, imsi, fault) < 0)
		return -1;
	if (!algorithm_has_gsm(&key)) {
		result = not_for(fault, imsi, &key, "GSM triplet of these sizes");
	} else {
		result = algorithm_start(&a, &key, rand);
		if (result == 0)
			result = algorithm_gsm(&a, sres, kc);
		algorithm_stop(&a);
		if (result < 0)
			result = fault_set(fault, FAULT_BUG, NULL, "the cipher library refused a key");
	}
	secret_wipe(&key, sizeof(key));
	return result;
}

int auc_resynchronise(struct auc *auc, const char *imsi, const uint8_t *auts, size_t length,
		      const uint8_t rand[static 16], struct fault *fault)
{
	struct auc_entry entry;
	struct subscriber_key key;
	uint8_t sqn_card[6];
	uint64_t new;
	int moved = 0, result = -1;

	if (find_key(auc, &entry, &key, imsi, fault) < 0)
		return -1;
	if (algorithm_has_3g(&key) && length == (size_t)AKA_SQN + key.sizes.mac)
		result = algorithm_resync(sqn_card, &key, rand, auts);
	secret_wipe(&key, sizeof(key));
	if (result < 0)
		return fault_set(fault, FAULT_NO, NULL, "an AUTS for IMSI %s does not verify", imsi);
	/* Whatever is left of the range in memory may lie below the card. */
	auc->ranges[range_place(imsi)].imsi[0] = 0;
	for (;;) {
		new = sequence_resynchronise(entry.sqn, sequence_value(sqn_card));
		if (new == entry.sqn)
			return 0;
		moved = store_sqn(auc, imsi, entry.sqn, new, fault);
		if (moved != 0)
			return moved < 0 ? -1 : 1;
		if (must_find(auc, &entry, imsi, fault) < 0)
			return -1;
	}
}
