/* proof_check.c - a proof for one card, from the file alone. */
#include <stdlib.h>
#include <string.h>

#include "ceremony/entry.h"
#include "ceremony/proof.h"
#include "crypto/sha256.h"
#include "lib/base64.h"
#include "lib/canonical.h"
#include "lib/digits.h"
#include "lib/merkle.h"
#include "lib/note.h"

/* A leaf of a tree, and the way to its root. */
struct place_in_tree {
	uint64_t index;
	uint8_t path[MERKLE_PATH][32];
	size_t length;
};

static int bug(struct fault *fault)
{
	return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
}

/* `index` and `path` of an object. */
static int take_place(struct place_in_tree *place, const json_t *object, struct fault *fault)
{
	const json_t *index = json_object_get(object, "index"), *path = json_object_get(object, "path");

	if (!json_is_integer(index) || !json_is_array(path) || json_array_size(path) > MERKLE_PATH)
		return entry_no(fault, "index is no number, or path no array of at most %d hashes",
				MERKLE_PATH);
	place->index = (uint64_t)json_integer_value(index);
	place->length = json_array_size(path);
	for (size_t i = 0; i < place->length; i++)
		if (canonical_hex_read(place->path[i], 32, json_string_value(json_array_get(path, i))) < 0)
			return entry_no(fault, "path[%zu] is not 32 bytes in hex", i);
	return 0;
}

/* Does it lead from the leaf to the root of a tree of so many? */
static int check_place(const struct place_in_tree *place, struct span leaf, const uint8_t root[static 32],
		       uint64_t count, struct fault *fault)
{
	uint8_t hash[32], got[32];

	if (merkle_leaf(hash, leaf) != OK)
		return bug(fault);
	if (merkle_path_root(got, hash, place->index, count, (const uint8_t(*)[32])place->path,
			     place->length) != OK ||
	    memcmp(got, root, 32) != 0)
		return entry_no(fault, "the path does not lead to the root");
	return 0;
}

/* ---- the note ---- */

static int check_note(struct proof *proof, const char *note, struct note_policy *policy, struct fault *fault)
{
	const struct plan *plan = &proof->audit.plan;
	char text[NOTE_TEXT + 1];

	proof->key_count = closing_keys(proof->keys, plan, proof->summary.point);
	if (note_compose(text, &proof->note, plan->id, plan_mode(plan), fault) < 0 ||
	    note_check(note, strlen(note), text, proof->keys, proof->key_count, fault) < 0)
		return -1;
	if (!proof->keys[0].found)
		return entry_no(fault, "the note: the ceremony's key has not signed it");
	return policy ? note_policy_check(policy, note, strlen(note), text, proof->keys[0].name,
					  proof->summary.point, fault)
		      : 0;
}

/* Base64 of a text; to be freed. */
static char *take_note(struct proof *proof, const json_t *root, struct fault *fault)
{
	const char *text = json_string_value(json_object_get(root, "note"));
	char *note = text && strlen(text) < BASE64_TEXT(NOTE_SIZE) ? calloc(1, NOTE_SIZE + 1) : NULL;
	int length = note ? base64_read((uint8_t *)note, NOTE_SIZE, text) : -1;

	if (length > 0 && strlen(note) == (size_t)length && note_read(&proof->note, note) == 0)
		return note;
	free(note);
	entry_no(fault, "note is no closing note in base64");
	return NULL;
}

/* ---- four lines of the transcript ---- */

struct told {
	struct proof *proof;
	const char *type;
};

/* The last line: what it says of those before it. */
static int visit_close(struct proof *proof, unsigned line, const json_t *entry, struct fault *fault)
{
	const json_t *data = json_object_get(entry, "data");

	proof->audit.done = 0;
	proof->audit.stage = AUDIT_CLOSE;
	if (audit_visit(&proof->audit, line, entry, fault) < 0 ||
	    entry_is_number(data, "count", line - 1, fault) < 0 ||
	    entry_bytes(proof->summary.root, 32, data, "root", fault) < 0)
		return -1;
	proof->summary.closed = 1;
	return 0;
}

/* Let the audit judge the line as if all that it does not see had come before. */
static int visit(void *context, unsigned line, const json_t *entry, struct fault *fault)
{
	struct told *told = context;
	struct proof *proof = told->proof;
	struct audit *audit = &proof->audit;
	const char *type = json_string_value(json_object_get(entry, "type"));
	const char *id = json_string_value(json_object_get(json_object_get(entry, "data"), "id"));
	unsigned batch = id ? plan_batch(&audit->plan, id) : audit->plan.batch_count;

	if (strcmp(type, told->type) != 0)
		return entry_no(fault, "it is not \"%s\"", told->type);
	if (line == 1)
		return audit_visit(audit, line, entry, fault);
	if (strcmp(type, "close") == 0)
		return visit_close(proof, line, entry, fault);
	if (batch == audit->plan.batch_count || !audit->plan.batches[batch].method || line < 3)
		return entry_no(fault, "it is of no batch with tickets");
	if (strcmp(type, "loaded") == 0 && batch != proof->batch)
		return entry_no(fault, "it is of another batch");
	proof->batch = batch;
	audit->done = 0;
	audit->stage = strcmp(type, "batch") == 0 ? AUDIT_BATCH : AUDIT_LOADED;
	while (audit->stage == AUDIT_BATCH ? audit->done < batch
					   : plan_batch_with(&audit->plan, 0, audit->done) < batch)
		audit->done++;
	return audit_visit(audit, line, entry, fault);
}

/* May a line of this type stand there? `after`: the line before it in the proof. */
static bool has_place(const char *type, uint64_t index, uint64_t after, uint64_t count)
{
	if (strcmp(type, "begin") == 0)
		return index == 0;
	return index > after && (strcmp(type, "close") == 0 ? index + 1 == count : index + 1 < count);
}

/* Leaves the line's place in *place, which had that of the line before, and its hash in summary.fingerprint.
 */
static int take_line(struct proof *proof, const json_t *root, const char *type, struct place_in_tree *place,
		     struct fault *fault)
{
	const json_t *object = json_object_get(root, type);
	const char *line = json_string_value(json_object_get(object, "line"));
	struct told told = {proof, type};
	uint64_t after = place->index;
	struct sha256 h;

	if (entry_members(object, 3, fault) < 0 || take_place(place, object, fault) < 0)
		return -1;
	if (!line)
		return entry_no(fault, "line is no text");
	if (!has_place(type, place->index, after, proof->note.count))
		return entry_no(fault, "index has no place there");
	if (transcript_check_one(&proof->summary, (unsigned)place->index + 1, line, strlen(line), visit,
				 &told, fault) < 0 ||
	    check_place(place, (struct span){(const uint8_t *)line, strlen(line)}, proof->note.root,
			proof->note.count, fault) < 0)
		return -1;
	sha256_start(&h);
	sha256_add(&h, line, strlen(line));
	sha256_add(&h, "\n", 1);
	if (sha256_finish(&h, proof->summary.fingerprint) != OK)
		return bug(fault);
	if (place->index == 0)
		memcpy(proof->audit.first_line, proof->summary.fingerprint, 32);
	return 0;
}

/* Do the last line and the note speak of the same lines? Then whoever knows
 * the last one's hash knows them all. */
static int check_close(struct proof *proof, const struct place_in_tree *place, struct fault *fault)
{
	char fingerprint[65];
	uint8_t before[32];

	proof->summary.count = proof->note.count;
	hex_write(fingerprint, proof->summary.fingerprint, 32);
	if (strcmp(fingerprint, proof->note.fingerprint) != 0)
		return entry_no(fault, "the note's fingerprint is another line's");
	if (merkle_path_before(before, (const uint8_t(*)[32])place->path, place->length) != OK)
		return bug(fault);
	if (memcmp(before, proof->summary.root, 32) != 0)
		return entry_no(fault, "its root is not over the lines that the note's is over");
	return 0;
}

static int take_lines(struct proof *proof, const json_t *root, struct fault *fault)
{
	static const char *const types[] = {"begin", "batch", "loaded", "close"};
	struct place_in_tree place = {.index = 0};

	for (int i = 0; i < 4; i++)
		if (take_line(proof, root, types[i], &place, fault) < 0) {
			if (fault->code == FAULT_INPUT) /* of the plan */
				fault->code = FAULT_NO;
			return fault_prefix(fault, "%s", types[i]);
		}
	return check_close(proof, &place, fault) < 0 ? fault_prefix(fault, "close") : 0;
}

/* ---- the card ---- */

static int statement(uint8_t *out, size_t size, const json_t *object, const char *name, struct fault *fault)
{
	const char *text = json_string_value(json_object_get(object, name));
	int length = text ? base64_read(out, size, text) : -1;

	return length > 0 ? length : entry_no(fault, "%s is no statement in base64", name);
}

static int take_statements(struct receipt_line *line, const json_t *object, struct fault *fault)
{
	int ticket = statement(line->ticket, sizeof(line->ticket), object, "ticket", fault);
	int receipt =
		ticket < 0 ? -1 : statement(line->receipt, sizeof(line->receipt), object, "receipt", fault);
	int certificate = receipt < 0 ? -1
				      : statement(line->certificate, sizeof(line->certificate), object,
						  "certificate", fault);
	struct ticket parsed;

	if (certificate < 0)
		return -1;
	line->ticket_length = (size_t)ticket;
	line->receipt_length = (size_t)receipt;
	if (certificate != TICKET_CERTIFICATE ||
	    ticket_parse(&parsed, (struct span){line->ticket, line->ticket_length}) != OK ||
	    !digits_from_iccid(line->iccid, parsed.iccid))
		return entry_no(fault, "certificate or ticket is none");
	line->number = ticket_number(parsed.number);
	return 0;
}

/* Where the card stands among those with a receipt. */
static int check_index(const struct proof *proof, uint64_t index, uint64_t card, struct fault *fault)
{
	const json_t *missing = proof->audit.batches[proof->batch].missing;
	uint64_t before = 0;

	for (size_t i = 0; i < json_array_size(missing); i++) {
		json_int_t number = json_integer_value(json_array_get(missing, i));

		if (number == (json_int_t)proof->line.number)
			return entry_no(fault, "the batch lists the card as missing");
		before += number < (json_int_t)proof->line.number;
	}
	return card - before == index ? 0 : entry_no(fault, "index is not the card's");
}

static int take_card(struct proof *proof, const json_t *object, struct fault *fault)
{
	const struct audit_batch *batch = &proof->audit.batches[proof->batch];
	struct receipt_line *line = &proof->line;
	struct ticketing ticketing;
	struct place_in_tree place;
	uint8_t leaf[RECEIPT_LEAF] = {0};
	int64_t card;

	if (entry_members(object, 5, fault) < 0 || take_place(&place, object, fault) < 0 ||
	    take_statements(line, object, fault) < 0 ||
	    ticketing_of(&ticketing, &proof->audit, proof->batch, fault) < 0)
		return -1;
	card = ticketing_accept(&ticketing, line, &proof->card, fault);
	if (card < 0 || check_index(proof, place.index, (uint64_t)card, fault) < 0)
		return -1;
	return check_place(&place, (struct span){leaf, receipt_leaf(leaf, line)}, batch->root, batch->count,
			   fault);
}

static int check(struct proof *proof, const json_t *root, struct note_policy *policy, struct fault *fault)
{
	char *note;
	int result;

	if (entry_members(root, 8, fault) < 0 || entry_is_number(root, "schema", 1, fault) < 0 ||
	    entry_is_text(root, "type", "proof", fault) < 0)
		return -1;
	note = take_note(proof, root, fault);
	if (!note)
		return -1;
	result = take_lines(proof, root, fault) < 0 ? -1 : check_note(proof, note, policy, fault);
	free(note);
	if (result < 0)
		return -1;
	return take_card(proof, json_object_get(root, "card"), fault) < 0 ? fault_prefix(fault, "card") : 0;
}

int proof_check(struct proof *proof, const char *text, size_t length, struct note_policy *policy,
		struct fault *fault)
{
	json_t *root;
	int result;

	if (length == 0 || text[length - 1] != '\n')
		return entry_no(fault, "it does not end with a newline: it was cut off");
	root = canonical_parse(text, length - 1, fault);
	if (!root) {
		if (fault && fault->code == FAULT_INPUT)
			fault->code = FAULT_NO;
		return -1;
	}
	result = json_is_object(root) ? check(proof, root, policy, fault) : entry_no(fault, "not an object");
	json_decref(root);
	return result;
}

void proof_free(struct proof *proof)
{
	audit_free(&proof->audit);
}
