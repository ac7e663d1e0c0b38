/* proof_make.c - a proof for one card, out of a transcript, its note and the batch's receipts. */
#include <stdlib.h>
#include <string.h>

#include "ceremony/entry.h"
#include "ceremony/proof.h"
#include "lib/base64.h"
#include "lib/canonical.h"
#include "lib/merkle.h"

/* What has been read, checked on the way. */
struct work {
	const struct proof_source *source;
	char *text; /* the transcript */
	size_t length;
	struct transcript_summary summary;
	struct audit audit;
	unsigned batch_line[PLAN_BATCHES], loaded_line[PLAN_BATCHES]; /* from 1 */
	char *note;
	size_t note_length;
	struct receipt_set receipts;
	struct receipt_line card;
	unsigned batch, index; /* of the card */
	bool found;
};

static int no_memory(struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
}

/* Remember where the batches' lines are. */
static int visit(void *context, unsigned line, const json_t *entry, struct fault *fault)
{
	struct work *work = context;
	const char *type = json_string_value(json_object_get(entry, "type"));
	const char *id = json_string_value(json_object_get(json_object_get(entry, "data"), "id"));
	unsigned batch;

	if (audit_visit(&work->audit, line, entry, fault) < 0)
		return -1;
	batch = id ? plan_batch(&work->audit.plan, id) : PLAN_BATCHES;
	if (batch < work->audit.plan.batch_count && strcmp(type, "batch") == 0)
		work->batch_line[batch] = line;
	if (batch < work->audit.plan.batch_count && strcmp(type, "loaded") == 0)
		work->loaded_line[batch] = line;
	return 0;
}

static int read_transcript(struct work *work, struct fault *fault)
{
	struct note_key *keys = calloc(CLOSING_KEYS, sizeof(*keys));
	size_t count;
	int result = -1;

	if (!keys)
		return no_memory(fault);
	if (transcript_load(&work->text, &work->length, work->source->transcript, fault) == 0 &&
	    transcript_check(&work->summary, work->text, work->length, 0, visit, work, fault) == 0 &&
	    closing_check(keys, &count, &work->audit.plan, work->summary.point, work->source->note,
			  work->text, work->length, NULL, fault) == 0)
		result = transcript_load(&work->note, &work->note_length, work->source->note, fault);
	free(keys);
	return result;
}

static int take_card(void *context, unsigned batch, unsigned index, const struct receipt_line *line,
		     struct fault *fault)
{
	struct work *work = context;

	(void)fault;
	if (strcmp(line->iccid, work->source->iccid) == 0) {
		work->card = *line;
		work->batch = batch;
		work->index = index;
		work->found = true;
	}
	return 0;
}

static int read_receipts(struct work *work, struct fault *fault)
{
	if (receipt_set_start(&work->receipts, &work->audit, fault) < 0)
		return -1;
	for (unsigned i = 0; i < work->source->receipts_count; i++)
		if (receipt_set_read(&work->receipts, work->source->receipts[i], take_card, work, fault) < 0)
			return -1;
	if (!work->found)
		return fault_set(fault, FAULT_NO, "give the receipts of its batch",
				 "there is no receipt of a card with ICCID %.24s", work->source->iccid);
	if (receipt_set_identities(&work->receipts, fault) < 0)
		return -1;
	return receipt_set_matches(&work->receipts, work->batch, fault);
}

/* ---- paths ---- */

/* NULL, as of all below: no memory. */
static json_t *path_of(const uint8_t (*hashes)[32], uint64_t count, uint64_t index)
{
	uint8_t path[MERKLE_PATH][32];
	int length = merkle_path(path, hashes, count, index);
	json_t *list = length < 0 ? NULL : json_array();
	char hex[65];

	for (int i = 0; list && i < length; i++) {
		hex_write(hex, path[i], 32);
		if (json_array_append_new(list, json_string(hex)) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* The leaves of the transcript's tree, in the note's way: the last line, too. */
static uint8_t (*line_hashes(const struct work *work))[32]
{
	uint8_t(*hashes)[32] = calloc(work->summary.count, sizeof(*hashes));
	const char *at = work->text;

	for (unsigned i = 0; hashes && i < work->summary.count; i++) {
		const char *newline = strchr(at, '\n');

		if (merkle_leaf(hashes[i], (struct span){(const uint8_t *)at, (size_t)(newline - at)}) !=
		    OK) {
			free(hashes);
			return NULL;
		}
		at = newline + 1;
	}
	return hashes;
}

static json_t *line_of(const struct work *work, const uint8_t (*hashes)[32], unsigned line)
{
	const char *at = work->text;

	for (unsigned i = 1; i < line; i++)
		at = strchr(at, '\n') + 1;
	return json_pack("{s:i, s:s#, s:o}", "index", (int)line - 1, "line", at,
			 (size_t)(strchr(at, '\n') - at), "path",
			 path_of(hashes, work->summary.count, line - 1));
}

static json_t *base64(const uint8_t *bytes, size_t length)
{
	char *text = malloc(BASE64_TEXT(length));
	json_t *value = NULL;

	if (text) {
		base64_write(text, bytes, length);
		value = json_string(text);
	}
	free(text);
	return value;
}

static json_t *card_of(const struct work *work)
{
	const struct receipt_batch *batch = &work->receipts.batches[work->batch];
	uint8_t(*hashes)[32] = calloc(batch->count, sizeof(*hashes));
	unsigned count = 0, index = 0;
	json_t *card;

	if (!hashes)
		return NULL;
	for (unsigned i = 0; i < batch->ticketing.batch->count; i++)
		if (batch->cards[i].there) {
			index += i < work->index;
			memcpy(hashes[count++], batch->cards[i].leaf, 32);
		}
	card = json_pack("{s:o, s:i, s:o, s:o, s:o}", "certificate",
			 base64(work->card.certificate, TICKET_CERTIFICATE), "index", (int)index, "path",
			 path_of((const uint8_t(*)[32])hashes, count, index), "receipt",
			 base64(work->card.receipt, work->card.receipt_length), "ticket",
			 base64(work->card.ticket, work->card.ticket_length));
	free(hashes);
	return card;
}

static int write_proof(char **text, const struct work *work, struct fault *fault)
{
	uint8_t(*hashes)[32] = line_hashes(work);
	json_t *root;
	char *longer;

	if (!hashes)
		return no_memory(fault);
	root = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:s}", "batch",
			 line_of(work, (const uint8_t(*)[32])hashes, work->batch_line[work->batch]), "begin",
			 line_of(work, (const uint8_t(*)[32])hashes, 1), "card", card_of(work), "close",
			 line_of(work, (const uint8_t(*)[32])hashes, work->summary.count), "loaded",
			 line_of(work, (const uint8_t(*)[32])hashes, work->loaded_line[work->batch]), "note",
			 base64((const uint8_t *)work->note, work->note_length), "schema", 1, "type",
			 "proof");
	free(hashes);
	if (!root)
		return no_memory(fault);
	*text = canonical_text(root, fault);
	json_decref(root);
	longer = *text ? realloc(*text, strlen(*text) + 2) : NULL;
	if (longer)
		memcpy(longer + strlen(longer), "\n", 2);
	else if (*text)
		free(*text);
	if (*text && !longer)
		no_memory(fault);
	*text = longer;
	return longer ? 0 : -1;
}

int proof_make(char **text, const struct proof_source *source, struct fault *fault)
{
	struct work *work = calloc(1, sizeof(*work));
	int result = -1;

	*text = NULL;
	if (!work)
		return no_memory(fault);
	work->source = source;
	if (read_transcript(work, fault) == 0 && read_receipts(work, fault) == 0)
		result = write_proof(text, work, fault);
	receipt_set_free(&work->receipts);
	audit_free(&work->audit);
	free(work->text);
	free(work->note);
	free(work);
	return result;
}
