/* rite_batch.c - batches: their keys, the load tickets of their cards, and what comes back of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

#include "ceremony/hierarchy.h"
#include "ceremony/receipt_set.h"
#include "ceremony/rite.h"
#include "ceremony/ticket_file.h"
#include "lib/base64.h"
#include "lib/hex.h"
#include "lib/say.h"
#include "lib/signature.h"
#include "lib/time_statement.h"

enum {
	TICKET_ROOM = 360, /* bytes of a ticket's line, at most */
	OBJECTS = 256
};

int rite_tickets_check(const struct rite *rite, struct fault *fault)
{
	const struct plan *plan = rite->plan;
	unsigned long long room = 0;
	struct statvfs disk;

	for (unsigned i = 0; i < plan->batch_count; i++) {
		const struct plan_batch *batch = &plan->batches[i];

		if (!batch->method)
			continue;
		room += (unsigned long long)batch->count * TICKET_ROOM;
		if (batch->expires <= time(NULL))
			return fault_set(fault, FAULT_POLICY, "have the plan changed",
					 "the tickets of batch %s would have expired: %s", batch->id,
					 batch->expires_text);
	}
	if (statvfs(rite->folder, &disk) == 0 && (unsigned long long)disk.f_bavail * disk.f_frsize < room)
		return fault_set(fault, FAULT_SYSTEM, NULL,
				 "there is too little room in %.200s: the tickets take %llu MiB",
				 rite->folder, (room >> 20) + 1);
	return 0;
}

/* ---- the next batch ---- */

static json_t *derive_key(struct rite *rite, const struct plan_batch *batch, struct fault *fault)
{
	char master_label[HIERARCHY_LABEL], label[HIERARCHY_LABEL], hex[33];
	uint8_t data[32], check[16];
	struct hsm_name name;
	hsm_key master, key;

	hierarchy_label_master(master_label, rite->plan->id);
	hierarchy_label_batch(label, batch->id);
	name = rite_name(rite, label);
	if (hsm_find(rite->hsm, &master, master_label, fault) < 0 ||
	    hierarchy_batch(data, rite->plan->id, batch->id, fault) < 0 ||
	    hsm_derive(rite->hsm, &key, &name, HSM_CMAC | HSM_KEPT, master, data, fault) < 0 ||
	    hierarchy_hsm_batch_check(rite->hsm, check, key, fault) < 0)
		return NULL;
	hex_write(hex, check, sizeof(check));
	return json_pack("{s:s, s:i, s:s, s:s}", "check", hex, "count", (int)batch->count, "id", batch->id,
			 "label", label);
}

static int sign(void *context, uint8_t signature[static 64], const uint8_t digest[static 32],
		struct fault *fault)
{
	struct rite *rite = context;

	return hsm_sign(rite->hsm, signature, rite->pair, digest, fault);
}

/* With its own progress: a million of them take minutes. They are issued at
 * the time of the line before, which no clock that is set back makes wrong. */
static int sign_tickets(struct rite *rite, uint8_t root[static 32], const uint8_t *agree, struct fault *fault)
{
	const struct plan_batch *batch = &rite->plan->batches[rite->audit.done];
	struct transcript_signer signer = {.sign = sign, .context = rite};
	struct ticketing ticketing;
	char title[64];
	int result;

	if (ticketing_make(&ticketing, &rite->audit, rite->audit.done, agree, rite->audit.at, fault) < 0)
		return -1;
	if (ticketing.latest > batch->expires)
		return fault_set(fault, FAULT_POLICY,
				 "record the exception, and hold the ceremony anew with another plan",
				 "the tickets of batch %s would have expired: %s", batch->id,
				 batch->expires_text);
	(void)snprintf(title, sizeof(title), "tickets of %s", batch->id);
	progress_end();
	progress_start(title, batch->count);
	result = ticket_file_make(root, rite->lock, &ticketing, &signer, fault);
	progress_end();
	progress_start("ceremony", rite->steps);
	return result;
}

static int issue(struct rite *rite, json_t *data, const struct plan_batch *batch, struct fault *fault)
{
	char label[HIERARCHY_LABEL], hex[65], key[PUBLIC_TEXT];
	bool agreed = batch->method == SLOT_AGREED;
	uint8_t agree[65], root[32];
	struct hsm_name name;
	hsm_key pair;

	hierarchy_label_agree(label, batch->id);
	name = rite_name(rite, label);
	if (agreed && hsm_agree_pair(rite->hsm, &pair, agree, &name, fault) < 0)
		return -1;
	if (sign_tickets(rite, root, agreed ? agree : NULL, fault) < 0)
		return -1;
	hex_write(hex, root, sizeof(root));
	if (json_object_set_new(data, "method", json_string(plan_method_name(batch->method))) < 0 ||
	    json_object_set_new(data, "expires", json_string(batch->expires_text)) < 0 ||
	    json_object_set_new(data, "slot", json_integer(batch->slot)) < 0 ||
	    json_object_set_new(data, "tickets",
				json_pack("{s:i, s:s}", "count", (int)batch->count, "root", hex)) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	if (!agreed)
		return 0;
	public_write(key, agree);
	return json_object_set_new(data, "agree_key", json_string(key)) == 0
		       ? 0
		       : fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
}

int rite_batch(struct rite *rite, struct fault *fault)
{
	const struct plan_batch *batch = &rite->plan->batches[rite->audit.done];
	json_t *data;

	if (rite_next(rite, batch->method ? "batch key and tickets" : "batch key in the HSM", fault) < 0)
		return -1;
	data = derive_key(rite, batch, fault);
	if (data && batch->method && issue(rite, data, batch, fault) < 0) {
		json_decref(data);
		return -1;
	}
	return rite_record(rite, "batch", data, fault);
}

/* ---- what comes back ---- */

/* The batch whose receipts, or whose import, have to come next. */
static const struct plan_batch *awaited(const struct rite *rite, unsigned method)
{
	return &rite->plan->batches[plan_batch_with(rite->plan, method, rite->audit.done)];
}

static void wait_for(struct rite *rite, const char *what, const struct plan_batch *batch, const char *command)
{
	struct rite_waiting *waiting = &rite->waiting;

	(void)snprintf(waiting->what, sizeof(waiting->what), "%s", what);
	(void)snprintf(waiting->who, sizeof(waiting->who), "%s", batch->id);
	(void)snprintf(waiting->how, sizeof(waiting->how), "%s, and run the same command again", command);
}

int rite_wait_loaded(struct rite *rite, struct fault *fault)
{
	const struct plan_batch *batch = awaited(rite, 0);
	char command[200];

	(void)fault;
	(void)snprintf(command, sizeof(command),
		       "give batches/%s/tickets.jsonl to the bureau; then simrite ceremony loaded --batch %s "
		       "--receipts FILE FOLDER",
		       batch->id, batch->id);
	wait_for(rite, "receipts", batch, command);
	return 0;
}

int rite_wait_retired(struct rite *rite, struct fault *fault)
{
	const struct plan_batch *batch = awaited(rite, SLOT_AGREED);
	char command[200];

	(void)fault;
	(void)snprintf(
		command, sizeof(command),
		"let the operator import the keys (simrite auc import --receipts); then simrite ceremony "
		"retire --batch %s FOLDER",
		batch->id);
	wait_for(rite, "import", batch, command);
	return 0;
}

/* Is it this batch's turn in this stage? */
static int check_turn(const struct rite *rite, const char *id, enum audit_stage stage, unsigned method,
		      const char *what, struct fault *fault)
{
	unsigned at = plan_batch(rite->plan, id);

	if (at == rite->plan->batch_count || !rite->plan->batches[at].method ||
	    (method && rite->plan->batches[at].method != method))
		return fault_set(fault, FAULT_USAGE, "the plan has them", "\"%.40s\" is no batch with %s", id,
				 stage == AUDIT_LOADED ? "tickets" : "agreed keys");
	if (rite->audit.stage < stage)
		return fault_set(fault, FAULT_POLICY, "simrite ceremony run says what it waits for",
				 "the ceremony is not that far yet");
	if (rite->audit.stage > stage || awaited(rite, method) > &rite->plan->batches[at])
		return fault_set(fault, FAULT_POLICY, NULL, "batch %s is recorded as %s already", id, what);
	if (awaited(rite, method) != &rite->plan->batches[at])
		return fault_set(fault, FAULT_POLICY, "they are recorded in the plan's order",
				 "batch %s comes first", awaited(rite, method)->id);
	return 0;
}

/* Every receipt's ticket is the one that was handed out: of two for one card, of which a crash left the
 * first, only the second counts. */
static int check_tickets(const struct rite *rite, const struct receipt_set *set, unsigned at,
			 struct fault *fault)
{
	const struct receipt_batch *batch = &set->batches[at];
	uint8_t(*hashes)[32];
	int result = 0;

	if (ticket_file_hashes(&hashes, rite->lock, &batch->ticketing, rite->audit.batches[at].tickets,
			       fault) < 0)
		return -1;
	for (unsigned i = 0; batch->cards && i < batch->ticketing.batch->count && result == 0; i++)
		if (batch->cards[i].there && memcmp(batch->cards[i].ticket, hashes[i], 32) != 0)
			result = fault_set(
				fault, FAULT_NO, "keep the card apart",
				"the receipt of ticket %u is for another ticket than the one handed out",
				batch->ticketing.batch->first_ticket + i);
	free(hashes);
	return result;
}

/* How many have no receipt: as many as was said, and few enough for a line. */
static int check_missing(const struct plan_batch *batch, const json_t *missing, unsigned said,
			 struct fault *fault)
{
	size_t count = json_array_size(missing);

	if (count > AUDIT_MISSING)
		return fault_set(fault, FAULT_POLICY, "hand the receipts in when more cards are made",
				 "%zu of %u cards of batch %s have no receipt; at most %d can be recorded",
				 count, batch->count, batch->id, AUDIT_MISSING);
	if (count == said)
		return 0;
	return fault_set(
		fault, FAULT_POLICY,
		"wait for the rest; or say how many with --missing, and no receipt of theirs is accepted later",
		"%zu of %u cards of batch %s have no receipt%s%u", count, batch->count, batch->id,
		count ? ", the first of them ticket " : "; said to be ",
		count ? (unsigned)json_integer_value(json_array_get(missing, 0)) : said);
}

static json_t *describe(const struct receipt_set *set, unsigned at, unsigned missing_said,
			struct fault *fault)
{
	const struct plan_batch *batch = &set->audit->plan.batches[at];
	json_t *missing = receipt_set_missing(set, at);
	uint8_t root[32];
	char hex[65];

	if (check_missing(batch, missing, missing_said, fault) < 0 ||
	    receipt_set_root(root, set, at, fault) < 0) {
		json_decref(missing);
		return NULL;
	}
	hex_write(hex, root, sizeof(root));
	return json_pack("{s:i, s:s, s:o, s:s}", "count", (int)set->batches[at].count, "id", batch->id,
			 "missing", missing, "root", hex);
}

/* No other batch's receipts among them. */
static int only_this(void *context, unsigned batch, unsigned index, const struct receipt_line *line,
		     struct fault *fault)
{
	const unsigned *at = context;

	(void)index;
	return batch == *at ? 0
			    : fault_set(fault, FAULT_NO, NULL, "the receipt of ICCID %s is of another batch",
					line->iccid);
}

int rite_loaded(struct rite *rite, const char *id, const char *path, unsigned missing, struct fault *fault)
{
	unsigned at = plan_batch(rite->plan, id);
	struct receipt_set *set = calloc(1, sizeof(*set));
	json_t *data = NULL;

	if (!set)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	if (check_turn(rite, id, AUDIT_LOADED, 0, "loaded", fault) == 0 &&
	    receipt_set_start(set, &rite->audit, fault) == 0 &&
	    receipt_set_read(set, path, only_this, &at, fault) == 0 &&
	    receipt_set_identities(set, fault) == 0 && check_tickets(rite, set, at, fault) == 0)
		data = describe(set, at, missing, fault);
	receipt_set_free(set);
	free(set);
	return data ? rite_record(rite, "loaded", data, fault) : -1;
}

/* ---- the time ---- */

/* The time of the line before: that the program was run again has just been written. */
static int sign_time(struct rite *rite, struct time_statement *statement, struct fault *fault)
{
	struct ticket_time said;
	uint8_t digest[SHA256_LENGTH];
	size_t length;

	memcpy(statement->authority, rite->audit.point, sizeof(statement->authority));
	statement->time = (uint32_t)rite->audit.at;
	ticket_set_number(said.time, statement->time);
	length = ticket_time_write(statement->bytes, &said);
	if (sha256(digest, (struct span){statement->bytes, length}) != OK)
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
	return hsm_sign(rite->hsm, statement->bytes + length, rite->pair, digest, fault);
}

int rite_time(struct rite *rite, char path[static PATH_MAX], struct fault *fault)
{
	struct time_statement statement;
	char text[BASE64_TEXT(TICKET_TIME)];

	if (rite->audit.stage != AUDIT_LOADED)
		return fault_set(fault, FAULT_POLICY, "simrite ceremony run says what it waits for",
				 "no batch of this ceremony is out: no card has to know the time");
	if (sign_time(rite, &statement, fault) < 0)
		return -1;
	base64_write(text, statement.bytes, sizeof(statement.bytes));
	if (rite_record(rite, "time",
			json_pack("{s:s, s:I}", "statement", text, "time", (json_int_t)statement.time),
			fault) < 0)
		return -1;
	(void)snprintf(path, PATH_MAX, "%.*s/batches/time.json", PATH_MAX - 32, rite->folder);
	return time_statement_write(path, &statement, rite->plan->id, fault);
}

/* Both halves; none is left when a crash came between this and the entry. */
static int destroy_agreed(struct rite *rite, const char *label, const char *kind, struct fault *fault)
{
	struct hsm_object objects[OBJECTS];
	int count = hsm_inventory(rite->hsm, objects, OBJECTS, fault), result = count < 0 ? -1 : 0;

	for (int i = 0; i < count && result == 0; i++)
		if (strcmp(objects[i].label, label) == 0 && strcmp(objects[i].kind, kind) == 0 &&
		    objects[i].id_length == sizeof(rite->object_id) &&
		    memcmp(objects[i].id, rite->object_id, sizeof(rite->object_id)) == 0)
			result = hsm_destroy(rite->hsm, objects[i].handle, fault);
	return result;
}

int rite_retired(struct rite *rite, const char *id, struct fault *fault)
{
	char label[HIERARCHY_LABEL];

	hierarchy_label_agree(label, id);
	if (check_turn(rite, id, AUDIT_RETIRED, SLOT_AGREED, "retired", fault) < 0 ||
	    destroy_agreed(rite, label, "private", fault) < 0 ||
	    destroy_agreed(rite, label, "public", fault) < 0)
		return -1;
	return rite_record(rite, "retired", json_pack("{s:s, s:s}", "id", id, "label", label), fault);
}
