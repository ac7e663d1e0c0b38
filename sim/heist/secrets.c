#include "heist/secrets.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heist/keys_of.h"
#include "heist/mailbox.h"
#include "heist/quorum.h"
#include "heist/search.h"
#include "keys/derive.h"
#include "lib/digits.h"
#include "lib/hex.h"
#include "lib/numbers.h"
#include "lib/say.h"
#include "lib/secret.h"
#include "lib/slip39.h"

/* Digits a subscriber or an operator types: padded with FF as on the wire, which
 * for eight digits is the text; fewer are looked for beside the card's numbers. */
static int add_code(struct search *search, const struct output_record *card, const char *digits,
		    struct fault *fault)
{
	uint8_t padded[8];
	char name[64];
	size_t length = strlen(digits), i;

	if (!length || length > 8)
		return 0;
	(void)snprintf(name, sizeof(name), "a code of %s", card->imsi);
	if (length < 8 && (search_add_code(search, name, digits, card->imsi, fault) < 0 ||
			   search_add_code(search, name, digits, card->iccid, fault) < 0))
		return -1;
	memset(padded, 0xFF, sizeof(padded));
	for (i = 0; i < length; i++)
		padded[i] = (uint8_t)digits[i];
	return search_add(search, name, padded, sizeof(padded), fault);
}

static int add_record(struct search *search, const struct output_record *record, struct fault *fault)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "K of %s", record->imsi);
	if (search_add(search, name, record->key.k, 16, fault) < 0)
		return -1;
	(void)snprintf(name, sizeof(name), "OPc of %s", record->imsi);
	if (search_add(search, name, record->key.opc, 16, fault) < 0)
		return -1;
	return add_code(search, record, record->pin1, fault) < 0 ||
			       add_code(search, record, record->puk1, fault) < 0 ||
			       add_code(search, record, record->adm1, fault) < 0
		       ? -1
		       : 0;
}

/* A batch whose output file tells keys and codes, or codes alone; then the operator has the keys. */
static int add_told_batch(const struct world *world, const struct batch *batch, struct search *search,
			  struct fault *fault)
{
	struct output_reader *reader;
	struct output_record record;
	char path[HEIST_PATH];
	int e;

	world_output(path, world, batch);
	if (output_open(&reader, path, fault) < 0)
		return -1;
	while ((e = output_next(reader, &record, fault)) > 0) {
		if (batch->design->form != FORM_PLAIN &&
		    (e = keys_of(&record.key, world, batch, record.imsi, fault)) < 0)
			break;
		if ((e = add_record(search, &record, fault)) < 0)
			break;
	}
	secret_wipe(&record, sizeof(record));
	output_close(reader);
	return e;
}

/* PIN, PUK and ADM1 of a derived card, as the bureau's own command computes them. */
static int add_codes(const struct world *world, const struct batch *batch, struct search *search,
		     unsigned number, const struct output_record *card, struct fault *fault)
{
	static const char *const wanted[] = {"pin1", "puk1", "adm1"};
	char program[HEIST_PATH], hsm[HEIST_PATH], order[HEIST_PATH], out[HEIST_PATH];
	char file[120];
	const char *digits;
	json_t *codes;
	size_t i;
	int e = 0;

	heist_program(program, &world->at, "simrite-batch");
	world_token(hsm, world);
	world_file(order, world, batch, "sealed/order-%s.json");
	(void)snprintf(file, sizeof(file), "sealed/codes-%.39s-%u.json", batch->name, number + 1);
	heist_path(out, &world->at, file);
	if (access(out, F_OK) < 0) {
		const char *const argv[] = {program,     "codes", "--hsm", hsm,   "--iccid",
					    card->iccid, "--out", out,     order, NULL};

		if (heist_run(&world->at, "codes", NULL, argv, fault) < 0)
			return -1;
	}
	if (!(codes = json_load_file(out, 0, NULL)))
		return fault_set(fault, FAULT_INPUT, NULL, "cannot read %s", out);
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]) && e == 0; i++) {
		digits = json_string_value(json_object_get(codes, wanted[i]));
		e = digits ? add_code(search, card, digits, fault)
			   : fault_set(fault, FAULT_BUG, NULL, "%s has no %s", out, wanted[i]);
	}
	json_decref(codes);
	return e;
}

/* What every card of a batch got that was made from this key. */
static int add_derived(const struct world *world, const struct batch *batch, struct search *search,
		       const uint8_t key[static 32], struct fault *fault)
{
	struct output_record record = {.imsi = ""};
	uint8_t coded[10];
	unsigned i;
	int e = 0;

	for (i = 0; i < world->order.cards && e == 0; i++) {
		if ((e = numbers_iccid(record.iccid, batch->first_iccid, i, fault)) < 0 ||
		    (e = numbers_imsi(record.imsi, batch->first_imsi, i, fault)) < 0)
			break;
		digits_to_iccid(coded, record.iccid);
		if (derive_key(record.key.k, DERIVE_LABEL_K, coded, (struct span){key, 32}) < 0 ||
		    derive_key(record.key.opc, DERIVE_LABEL_OPC, coded, (struct span){key, 32}) < 0)
			e = fault_set(fault, FAULT_BUG, NULL, "the derivation failed");
		else
			e = add_record(search, &record, fault);
		if (e == 0)
			e = add_codes(world, batch, search, i, &record, fault);
	}
	secret_wipe(&record, sizeof(record));
	return e;
}

/* A batch key, and what was made from it. */
static int add_derived_batch(const struct world *world, const struct batch *batch, struct search *search,
			     struct fault *fault)
{
	uint8_t key[32];
	int e = keys_of_batch(key, world, batch, fault);

	if (e == 0)
		e = search_add(search, "the batch key", key, sizeof(key), fault);
	if (e == 0)
		e = add_derived(world, batch, search, key, fault);
	secret_wipe(key, sizeof(key));
	return e;
}

/* One line of a sealed file: text as it is, or hex digits. */
static int add_file(const struct world *world, struct search *search, const char *name, const char *file,
		    bool hex, struct fault *fault)
{
	char path[HEIST_PATH], source[HEIST_PATH + 8], line[256];
	int e;

	heist_path(path, &world->at, file);
	(void)snprintf(source, sizeof(source), "file:%s", path);
	if (secret_line(line, sizeof(line), source, name, fault) < 0)
		return -1;
	e = hex ? search_add_hex(search, name, line, fault)
		: search_add(search, name, line, strlen(line), fault);
	secret_wipe(line, sizeof(line));
	return e;
}

/* Every share, and the master key that a quorum of them makes: SLIP-0039, no passphrase. */
static int add_shares(const struct world *world, struct search *search, struct fault *fault)
{
	static const struct slip39_set set = {
		.extendable = true, .group_threshold = 1, .group_count = 1, .length = SHARE_LENGTH};
	struct share shares[QUORUM_SHARES];
	uint8_t master[SHARE_LENGTH];
	char file[64], name[32];
	const char *value;
	json_t *lines;
	int i, e = 0;

	for (i = 0; i < QUORUM_SHARES && e == 0; i++) {
		(void)snprintf(file, sizeof(file), "sealed/ceremony/shares/share-%d.json", i + 1);
		(void)snprintf(name, sizeof(name), "share %d", i + 1);
		if (!(lines = heist_lines(&world->at, file, fault)))
			return -1;
		value = json_string_value(json_object_get(json_array_get(lines, 0), "value"));
		shares[i].x = (uint8_t)i;
		if (!value || hex_read(shares[i].value, SHARE_LENGTH, value, strlen(value)) < 0)
			e = fault_set(fault, FAULT_BUG, NULL, "%s has no value", file);
		else
			e = search_add(search, name, shares[i].value, SHARE_LENGTH, fault);
		json_decref(lines);
	}
	if (e == 0 && share_combine(master, SHARE_LENGTH, shares, QUORUM_THRESHOLD) < 0)
		e = fault_set(fault, FAULT_BUG, NULL, "the shares do not fit together");
	if (e == 0)
		e = search_add(search, "the encrypted master key", master, sizeof(master), fault);
	if (e == 0)
		e = slip39_decrypt(master, master, &set, "", fault);
	if (e == 0)
		e = search_add(search, "the master key", master, sizeof(master), fault);
	secret_wipe(shares, sizeof(shares));
	secret_wipe(master, sizeof(master));
	return e;
}

/* What sessions were protected with; in AUTHENTICATE's answer the card gives CK and IK itself. */
static int add_sessions(const struct world *world, struct search *search, const struct design_row *design,
			struct fault *fault)
{
	static const char *const wanted[] = {"ck", "ik", "kasme", "kenb", "kup_enc"};
	json_t *lines, *line;
	char file[64], name[64];
	const char *value;
	size_t i, w;
	int e = 0;

	(void)snprintf(file, sizeof(file), "sealed/truth-%.30s/sessions.jsonl", design->name);
	if (!(lines = heist_lines(&world->at, file, fault)))
		return -1;
	json_array_foreach(lines, i, line)
	{
		for (w = 0; w < sizeof(wanted) / sizeof(wanted[0]) && e == 0; w++) {
			if (!(value = json_string_value(json_object_get(line, wanted[w]))))
				continue;
			(void)snprintf(name, sizeof(name), "%s of session %lld", wanted[w],
				       (long long)json_integer_value(json_object_get(line, "rnti")));
			e = search_add_hex(search, name, value, fault);
		}
	}
	json_decref(lines);
	return e;
}

static int collect(const struct world *world, struct search *search, struct fault *fault)
{
	const struct batch *batch;
	unsigned i;

	for (i = 0; i < world->order.batches; i++) {
		batch = &world->batches[i];
		if (batch->design->form == FORM_DERIVED ? add_derived_batch(world, batch, search, fault) < 0
							: add_told_batch(world, batch, search, fault) < 0)
			return -1;
	}
	if (world_has_ceremony(world) &&
	    (add_shares(world, search, fault) < 0 ||
	     add_file(world, search, "the token's PIN", "sealed/ceremony/hsm/pin", false, fault) < 0))
		return -1;
	return add_file(world, search, "the key-encryption key", "sealed/auc.db.kek", true, fault);
}

static int look(const struct world *world, struct search *search, unsigned *files, unsigned *answers,
		struct fault *fault)
{
	/* where secrets are meant to be, or are the point: the sealed folder, what
	 * thieves hold, and the mails that carry keys or codes by design */
	char leaks[WORLD_BATCHES][32], path[HEIST_PATH];
	const char *skip[3 + WORLD_BATCHES] = {"sealed", "thieves"};
	const struct batch *batch;
	unsigned i, n = 2;

	for (i = 0; i < world->order.batches; i++)
		if (world->batches[i].design->form != FORM_DERIVED) {
			(void)snprintf(leaks[i], sizeof(leaks[i]), "mail/%03d.eml", mailbox_file(i));
			skip[n++] = leaks[i];
		}
	heist_path(path, &world->at, "sealed/answers.log");
	if (search_answers(search, path, answers, fault) < 0)
		return -1;
	for (i = 0; i < world->order.batches; i++) {
		batch = &world->batches[i];
		if ((i == 0 || batch->design != world->batches[i - 1].design) &&
		    add_sessions(world, search, batch->design, fault) < 0)
			return -1;
	}
	return search_folder(search, world->at.out, skip, files, fault);
}

int secrets_search(const struct world *world, char found[static 160], struct fault *fault)
{
	struct search *search = search_new();
	unsigned files = 0, answers = 0;
	int e;

	if (!search)
		return fault_set(fault, FAULT_SYSTEM, NULL, "out of memory");
	e = collect(world, search, fault);
	if (e == 0)
		e = look(world, search, &files, &answers, fault);
	(void)snprintf(found, 160, "%u secrets in %u files and %u card answers, none found",
		       search_secrets(search), files, answers);
	search_free(search);
	if (e < 0)
		return -1;
	return answers ? 0 : fault_set(fault, FAULT_BUG, NULL, "no card answer was recorded");
}
