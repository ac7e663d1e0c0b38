#include "auc/agreed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "crypto/p256.h"
#include "keys/derive.h"
#include "lib/hsm.h"
#include "lib/key_file.h"
#include "lib/key_form.h"
#include "lib/order.h"
#include "lib/receipts.h"
#include "lib/secret.h"
#include "lib/signature.h"

/* What must not be swapped out: the private key of a file, and what is shared. */
struct locked {
	uint8_t private_key[P256_PRIVATE], x[P256_SHARED], keys[DERIVE_AGREED_KEYS];
};

struct agreed {
	struct hsm *hsm;
	hsm_key key;
	struct locked *locked;
	uint8_t authority[P256_UNCOMPRESSED], factory[P256_UNCOMPRESSED], point[P256_UNCOMPRESSED];
	size_t count;
	struct receipt_line *lines; /* by ICCID */
};

static int random_fill(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static const struct p256_random randomness = {random_fill, NULL};

/* ---- receipts ---- */

static int by_iccid(const void *a, const void *b)
{
	const struct receipt_line *one = a, *other = b;

	return strcmp(one->iccid, other->iccid);
}

static int read_lines(struct agreed *agreed, struct receipts_reader *reader, struct fault *fault)
{
	struct receipt_line line, *more;
	size_t size = 0;
	int got;

	while ((got = receipts_next(reader, &line, fault)) == 1) {
		if (agreed->count == size) {
			size = size ? 2 * size : 64;
			more = size > 2 * (size_t)ORDER_CARDS_MAX
				       ? NULL
				       : realloc(agreed->lines, size * sizeof(*more));
			if (!more)
				return fault_set(fault, FAULT_SYSTEM, NULL, "no memory for the receipts");
			agreed->lines = more;
		}
		agreed->lines[agreed->count++] = line;
	}
	if (got < 0)
		return -1;
	qsort(agreed->lines, agreed->count, sizeof(line), by_iccid);
	for (size_t i = 1; i < agreed->count; i++)
		if (strcmp(agreed->lines[i - 1].iccid, agreed->lines[i].iccid) == 0)
			return fault_set(fault, FAULT_NO, "accept none of them",
					 "two cards answered for ICCID %s", agreed->lines[i].iccid);
	return 0;
}

/* ---- the operator's key ---- */

static int open_token(struct agreed *agreed, const struct agreed_source *source, const char *batch,
		      struct fault *fault)
{
	char label[BATCH_ID + 16];

	(void)snprintf(label, sizeof(label), "simrite agree %.40s", batch);
	if (hsm_open(&agreed->hsm, source->hsm, fault) < 0)
		return -1;
	return hsm_find_pair(agreed->hsm, &agreed->key, agreed->point, source->key ? source->key : label,
			     fault);
}

static int open_file(struct agreed *agreed, const char *source, struct fault *fault)
{
	if (!source || strncmp(source, "file:", 5) != 0)
		return fault_set(fault, FAULT_USAGE, "give --hsm, or --agree-key file:KEY.pem",
				 "where is the key of the batch?");
	return key_file_read(agreed->locked->private_key, agreed->point, source + 5, fault);
}

static int read_public(uint8_t point[static P256_UNCOMPRESSED], const char *text, const char *whose,
		       struct fault *fault)
{
	if (!text)
		return fault_set(fault, FAULT_USAGE, "the transcript has it, in line 1",
				 "the %s's public key is not given", whose);
	if (public_read(point, text) < 0)
		return fault_set(fault, FAULT_USAGE,
				 "as the transcript has it: SubjectPublicKeyInfo in base64",
				 "the %s's public key is no P-256 key", whose);
	return 0;
}

int agreed_open(struct agreed **agreed, const struct agreed_source *source, const char *batch,
		struct fault *fault)
{
	struct agreed *made = calloc(1, sizeof(*made));
	struct receipts_reader *reader = NULL;
	void *locked;
	int result = -1;

	*agreed = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	locked = mmap(NULL, sizeof(*made->locked), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	if (locked == MAP_FAILED) {
		agreed_close(made);
		return fault_set(fault, FAULT_SYSTEM, "raise the limit: ulimit -l",
				 "cannot lock memory for keys");
	}
	(void)madvise(locked, sizeof(*made->locked), MADV_DONTDUMP);
	made->locked = locked;
	if (read_public(made->authority, source->authority, "ceremony", fault) == 0 &&
	    read_public(made->factory, source->factory, "factory", fault) == 0 &&
	    receipts_open(&reader, source->receipts, fault) == 0 && read_lines(made, reader, fault) == 0)
		result = source->hsm ? open_token(made, source, batch, fault)
				     : open_file(made, source->key, fault);
	receipts_close(reader);
	if (result < 0)
		agreed_close(made);
	else
		*agreed = made;
	return result;
}

void agreed_close(struct agreed *agreed)
{
	if (!agreed)
		return;
	hsm_close(agreed->hsm);
	free(agreed->lines);
	if (agreed->locked) {
		secret_wipe(agreed->locked, sizeof(*agreed->locked));
		(void)munmap(agreed->locked, sizeof(*agreed->locked));
	}
	free(agreed);
}

/* ---- one card ---- */

static int refuse(const struct output_record *record, const char *why, struct fault *fault)
{
	return fault_set(fault, FAULT_NO, "nothing was imported; keep the card apart", "ICCID %s: %s",
			 record->iccid, why);
}

/* Is everything signed by whom it should be, and for us? */
static int verify(struct receipt_facts *facts, const struct agreed *agreed,
		  const struct output_record *record, const struct receipt_line *line, struct fault *fault)
{
	uint8_t mine[P256_COMPRESSED];

	if (receipts_check(facts, line, fault) < 0)
		return -1;
	if (ticket_verify((struct span){line->ticket, line->ticket_length},
			  (struct span){agreed->authority, P256_UNCOMPRESSED}) < 0)
		return refuse(record, "its ticket is not of this ceremony", fault);
	if (ticket_verify((struct span){line->certificate, TICKET_CERTIFICATE},
			  (struct span){agreed->factory, P256_UNCOMPRESSED}) < 0)
		return refuse(record, "the card is not of this factory", fault);
	if (p256_compress(mine, (struct span){agreed->point, P256_UNCOMPRESSED}) < 0 ||
	    facts->ticket.method != SLOT_AGREED ||
	    memcmp(facts->ticket.operator_key, mine, sizeof(mine)) != 0)
		return refuse(record, "its ticket is for another operator's key", fault);
	if (memcmp(record->identity, facts->receipt.identity, sizeof(record->identity)) != 0 ||
	    memcmp(record->kcv_k, facts->receipt.kcv_k, 3) != 0 ||
	    memcmp(record->kcv_opc, facts->receipt.kcv_opc, 3) != 0)
		return refuse(record, "the output file and the receipt tell of different cards", fault);
	return 0;
}

/* The x-coordinate, in locked memory. */
static int share(struct agreed *agreed, const uint8_t ephemeral[static P256_COMPRESSED],
		 const struct output_record *record, struct fault *fault)
{
	uint8_t point[P256_UNCOMPRESSED];

	if (p256_uncompress(point, (struct span){ephemeral, P256_COMPRESSED}) < 0)
		return refuse(record, "the card's ephemeral key is none", fault);
	if (agreed->hsm)
		return hsm_agree(agreed->hsm, agreed->locked->x, agreed->key, point, fault);
	if (p256_shared(agreed->locked->x, agreed->locked->private_key, (struct span){point, sizeof(point)},
			&randomness) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the key in the file does not agree");
	return 0;
}

static int make_key(struct agreed *agreed, struct subscriber_key *key, const struct receipt_facts *facts,
		    struct fault *fault)
{
	const struct receipt *r = &facts->receipt;
	uint8_t about[DERIVE_AGREED_ABOUT];

	memcpy(about, r->iccid, 10);
	about[10] = r->slot;
	memcpy(about + 11, facts->ticket.operator_key, P256_COMPRESSED);
	memcpy(about + 11 + P256_COMPRESSED, r->ephemeral, P256_COMPRESSED);
	if (key_form_read(key, "milenage", fault) < 0)
		return -1;
	if (derive_agreed(agreed->locked->keys, agreed->locked->x, about) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused to derive");
	memcpy(key->k, agreed->locked->keys, 16);
	memcpy(key->opc, agreed->locked->keys + 16, 16);
	return 0;
}

int agreed_key(struct agreed *agreed, struct subscriber_key *key, const struct output_record *record,
	       struct fault *fault)
{
	struct receipt_line wanted = {.number = 0}, *line;
	struct receipt_facts facts;
	uint8_t k[3], opc[3];
	int result;

	memcpy(wanted.iccid, record->iccid, sizeof(wanted.iccid));
	line = agreed->count ? bsearch(&wanted, agreed->lines, agreed->count, sizeof(wanted), by_iccid)
			     : NULL;
	if (!line)
		return refuse(record, "there is no receipt", fault);
	result = verify(&facts, agreed, record, line, fault);
	if (result == 0)
		result = share(agreed, facts.receipt.ephemeral, record, fault);
	if (result == 0)
		result = make_key(agreed, key, &facts, fault);
	secret_wipe(agreed->locked->x, sizeof(agreed->locked->x));
	secret_wipe(agreed->locked->keys, sizeof(agreed->locked->keys));
	if (result == 0)
		result = key_form_checks(k, opc, key, fault);
	if (result == 0 &&
	    (memcmp(k, facts.receipt.kcv_k, 3) != 0 || memcmp(opc, facts.receipt.kcv_opc, 3) != 0))
		result = refuse(record, "what was agreed on has other check values than the receipt", fault);
	if (result < 0)
		secret_wipe(key, sizeof(*key));
	return result;
}
