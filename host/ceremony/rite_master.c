/* rite_master.c - one attempt: from contributions to a master that is kept.
 *
 * Base and master of an attempt are objects of the session, so a crash takes
 * them along. The base key is drawn and its check value recorded before any
 * contribution is opened, and every custodian has committed before that: so
 * nobody, the token included, can choose last. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ceremony/hierarchy.h"
#include "ceremony/rite.h"
#include "crypto/compare.h"
#include "crypto/sha256.h"
#include "lib/canonical.h"
#include "lib/keywrap.h"
#include "lib/say.h"
#include "lib/secret.h"

static json_t *of_custodian(const struct rite *rite, unsigned i)
{
	return json_pack("{s:s, s:i, s:s}", "custodian", rite->plan->custodians[i].name, "index", (int)i + 1,
			 "set", rite->set);
}

static json_t *with_hex(json_t *data, const char *name, const uint8_t *bytes, size_t length)
{
	char hex[65];

	hex_write(hex, bytes, length);
	if (json_object_set_new(data, name, json_string(hex)) == 0)
		return data;
	json_decref(data);
	return NULL;
}

/* Asked for twice at a prompt, where nothing later would notice a slip of the
 * finger, and again until both are the same and can be a passphrase. */
static int ask_passphrase(struct rite_secrets *secret, struct fault *fault)
{
	for (;;) {
		if (secret_text(secret->passphrase, sizeof(secret->passphrase), "prompt",
				"the passphrase of the shares", fault) < 0 ||
		    secret_text(secret->line, sizeof(secret->line), "prompt", "the same passphrase again",
				fault) < 0)
			return -1;
		if (!secret->passphrase[0])
			fault_set(fault, FAULT_INPUT, NULL, "an empty passphrase is none");
		else if (strcmp(secret->passphrase, secret->line) != 0)
			fault_set(fault, FAULT_INPUT, NULL, "the two passphrases differ");
		else if (slip39_passphrase(secret->passphrase, fault) == 0)
			return 0;
		say_note("%s: once more (Ctrl-C ends this)", fault->text);
	}
}

static int read_passphrase(struct rite *rite, struct fault *fault)
{
	struct rite_secrets *secret = rite->secret;
	int result;

	if (!rite->passphrase)
		return 0;
	if (strcmp(rite->passphrase, "prompt") == 0) {
		result = ask_passphrase(secret, fault);
		secret_wipe(secret->line, sizeof(secret->line));
	} else {
		result = secret_line(secret->passphrase, sizeof(secret->passphrase), rite->passphrase,
				     "the passphrase of the shares", fault);
		if (result == 0)
			return slip39_passphrase(secret->passphrase, fault);
	}
	if (result == 0)
		return 0;
	return stop_asked() ? rite_next(rite, "passphrase", fault) : -1; /* Ctrl-C ended the wait */
}

static int begin_attempt(struct rite *rite, struct fault *fault)
{
	uint8_t set[8];

	if (read_passphrase(rite, fault) < 0 || rite_random(rite, set, sizeof(set), fault) < 0)
		return -1;
	hex_write(rite->set, set, sizeof(set));
	return rite_record(rite, "attempt",
			   json_pack("{s:i, s:s}", "number", (int)rite->audit.attempt + 1, "set", rite->set),
			   fault);
}

/* The machine's and the token's random bytes, and what the custodian brought:
 * hashed together, so that no part can make the whole weaker. */
static int draw_contribution(struct rite *rite, unsigned i, struct fault *fault)
{
	struct rite_secrets *secret = rite->secret;
	const char *name = rite->plan->custodians[i].name;
	struct sha256 h;

	if (rite_random(rite, secret->contribution[i], 32, fault) < 0)
		return -1;
	for (unsigned e = 0; e < rite->entropy_count; e++) {
		char what[PLAN_TEXT + 32];

		if (strcmp(rite->entropy[e].name, name) != 0)
			continue;
		(void)snprintf(what, sizeof(what), "random characters from %s", name);
		if (secret_line(secret->line, sizeof(secret->line), rite->entropy[e].source, what, fault) <
		    0) {
			if (stop_asked()) /* Ctrl-C ended the wait */
				return rite_next(rite, what, fault);
			return -1;
		}
		sha256_start(&h);
		sha256_add(&h, "simrite entropy v1\n", 19);
		sha256_add(&h, secret->contribution[i], 32);
		sha256_add(&h, secret->line, strlen(secret->line));
		secret_wipe(secret->line, sizeof(secret->line));
		if (sha256_finish(&h, secret->contribution[i]) != OK)
			return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
	}
	return 0;
}

static int commit(struct rite *rite, struct fault *fault)
{
	for (unsigned i = 0; i < rite->plan->total; i++) {
		bool card = rite->plan->custodians[i].share == PLAN_CARD;
		uint8_t *commitment = rite->card.commitment;
		json_t *data;

		if (rite_next(rite, "commitment", fault) < 0)
			return -1;
		if (card ? rite_card_commit(rite, i, fault) < 0
			 : draw_contribution(rite, i, fault) < 0 ||
				    hierarchy_commitment(commitment, rite->plan->id, rite->set, i + 1,
							 rite->secret->contribution[i], fault) < 0)
			return -1;
		data = with_hex(of_custodian(rite, i), "commitment", commitment, 32);
		if (rite_record(rite, "commit", card ? rite_card_signed(rite, data) : data, fault) < 0)
			return -1;
	}
	return 0;
}

/* `type` "base" or "master": the check value over a new nonce. */
static int record_check(struct rite *rite, const char *type, hsm_key key, struct fault *fault)
{
	uint8_t nonce[16], check[16];
	json_t *data;

	if (rite_random(rite, nonce, sizeof(nonce), fault) < 0 ||
	    hierarchy_hsm_check(rite->hsm, check, key, rite->plan->id, nonce, fault) < 0)
		return -1;
	data = with_hex(json_pack("{s:s}", "set", rite->set), "nonce", nonce, sizeof(nonce));
	return rite_record(rite, type, with_hex(data, "check", check, sizeof(check)), fault);
}

static int make_base(struct rite *rite, struct fault *fault)
{
	struct hsm_name name = rite_name(rite, "simrite base");

	if (rite_next(rite, "base key in the HSM", fault) < 0 ||
	    hsm_generate(rite->hsm, &rite->base, &name, HSM_DERIVES, fault) < 0)
		return -1;
	return record_check(rite, "base", rite->base, fault);
}

/* A contribution counts when it is the one that was committed to. */
static int reveal(struct rite *rite, struct fault *fault)
{
	for (unsigned i = 0; i < rite->plan->total; i++) {
		uint8_t commitment[32];

		if (rite_next(rite, "contribution opened", fault) < 0 ||
		    (rite->plan->custodians[i].share == PLAN_CARD && rite_card_reveal(rite, i, fault) < 0) ||
		    hierarchy_commitment(commitment, rite->plan->id, rite->set, i + 1,
					 rite->secret->contribution[i], fault) < 0)
			return -1;
		if (memcmp(commitment, rite->audit.contribution[i], 32) != 0)
			return fault_set(fault, FAULT_POLICY, "begin again: this attempt is void",
					 "the contribution of %s is not the one committed to",
					 rite->plan->custodians[i].name);
		if (rite_record(rite, "reveal", of_custodian(rite, i), fault) < 0)
			return -1;
	}
	return 0;
}

static int make_master(struct rite *rite, struct fault *fault)
{
	struct rite_secrets *secret = rite->secret;
	struct hsm_name name = rite_name(rite, "simrite master to be shared");

	if (rite_next(rite, "master key in the HSM", fault) < 0 ||
	    hierarchy_master(secret->data, rite->plan->id, rite->set,
			     (const uint8_t(*)[32])secret->contribution, rite->plan->total, fault) < 0 ||
	    hsm_derive(rite->hsm, &rite->master, &name, HSM_DERIVES | HSM_EXPORTED, rite->base, secret->data,
		       fault) < 0)
		return -1;
	secret_wipe(secret->contribution, sizeof(secret->contribution));
	return record_check(rite, "master", rite->master, fault);
}

/* SLIP-0039: what is split is the master encrypted with the passphrase. */
static int split(struct rite *rite, struct fault *fault)
{
	struct rite_secrets *secret = rite->secret;
	struct slip39_set set;

	share_file_set(&set, rite->set);
	if (slip39_encrypt(secret->ems, secret->master, &set, secret->passphrase, fault) < 0)
		return -1;
	if (share_split(secret->share, rite->plan->threshold, rite->plan->total, secret->ems, SHARE_LENGTH,
			secret->random) != OK)
		return fault_set(fault, FAULT_BUG, NULL, "the secret cannot be split");
	return 0;
}

/* The master's value is in this process's memory from here to the wipe below. */
static int export_and_split(struct rite *rite, struct fault *fault)
{
	struct rite_secrets *secret = rite->secret;
	struct hsm_name name = rite_name(rite, "simrite wrapping");
	hsm_key wrapping;
	int result = -1;

	if (rite_random(rite, secret->wrapping, 32, fault) < 0 ||
	    rite_random(rite, secret->random, sizeof(secret->random), fault) < 0 ||
	    hsm_import(rite->hsm, &wrapping, &name, HSM_WRAPS, secret->wrapping, fault) < 0)
		return -1;
	if (hsm_wrap(rite->hsm, secret->wrapped, wrapping, rite->master, fault) < 0)
		result = -1;
	else if (keywrap_open(secret->master, 32, (struct span){secret->wrapping, 32}, secret->wrapped) != OK)
		fault_set(fault, FAULT_HSM, NULL, "the token's wrapped key does not open");
	else
		result = split(rite, fault);
	secret_wipe(secret->master, sizeof(secret->master));
	secret_wipe(secret->ems, sizeof(secret->ems));
	secret_wipe(secret->wrapped, sizeof(secret->wrapped));
	secret_wipe(secret->wrapping, sizeof(secret->wrapping));
	secret_wipe(secret->random, sizeof(secret->random));
	if (hsm_destroy(rite->hsm, wrapping, result < 0 ? NULL : fault) < 0 ||
	    hsm_destroy(rite->hsm, rite->master, result < 0 ? NULL : fault) < 0)
		return -1;
	return result;
}

/* rite->secret->file[i] to where it is kept; its commitment is filled in. */
static int put_share(struct rite *rite, unsigned i, const char *path, struct fault *fault)
{
	const char *name = rite->plan->custodians[i].name;

	switch (rite->plan->custodians[i].share) {
	case PLAN_CARD:
		return rite_card_store(rite, i, fault);
	case PLAN_PAPER:
		return rite_ask(
			       rite, name, fault,
			       "Go to the printer, alone: your sheet is printed when you go on. Nobody else looks.") <
				       0
			       ? -1
			       : rite_paper_print(rite, i, fault);
	case PLAN_FILE:
	default:
		return share_file_write(&rite->secret->file[i], path, fault);
	}
}

/* And back from there. */
static int read_share(struct rite *rite, unsigned i, const char *path, struct fault *fault)
{
	const char *name = rite->plan->custodians[i].name;

	switch (rite->plan->custodians[i].share) {
	case PLAN_CARD:
		return rite_card_release(rite, i, fault);
	case PLAN_PAPER:
		return rite_ask(rite, name, fault,
				"Type the words on your sheet, alone at the screen: they are not shown.") < 0
			       ? -1
			       : rite_paper_read(rite, i, fault);
	case PLAN_FILE:
	default:
		return share_file_read(&rite->secret->file[i], path, fault);
	}
}

static int write_share(struct rite *rite, unsigned i, struct fault *fault)
{
	struct share_file *file = &rite->secret->file[i];
	enum plan_share kind = rite->plan->custodians[i].share;
	char path[PATH_MAX];
	json_t *data;

	(void)snprintf(file->ceremony, sizeof(file->ceremony), "%s", rite->plan->id);
	(void)snprintf(file->custodian, sizeof(file->custodian), "%s", rite->plan->custodians[i].name);
	memcpy(file->set, rite->set, sizeof(file->set));
	file->rehearsal = rite->plan->rehearsal;
	file->passphrase = rite->secret->passphrase[0] != 0;
	file->index = i + 1;
	file->threshold = rite->plan->threshold;
	file->total = rite->plan->total;
	file->share = rite->secret->share[i];
	rite_share_path(rite, path, i + 1);
	if (rite_random(rite, file->salt, sizeof(file->salt), fault) < 0)
		return -1;
	if (put_share(rite, i, path, fault) < 0)
		return -1;
	data = with_hex(of_custodian(rite, i), "commitment", file->commitment, 32);
	if (kind == PLAN_CARD)
		data = rite_card_signed(rite, data);
	if (data && rite->plan->custodians[i].says_share)
		(void)json_object_set_new(data, "kind", json_string(plan_share_name(kind)));
	return rite_record(rite, "share", data, fault);
}

static int make_shares(struct rite *rite, struct fault *fault)
{
	int result = export_and_split(rite, fault);

	for (unsigned i = 0; i < rite->plan->total && result == 0; i++)
		if (rite_next(rite, "share written", fault) < 0 || write_share(rite, i, fault) < 0)
			result = -1;
	secret_wipe(rite->secret->share, sizeof(rite->secret->share));
	secret_wipe(rite->secret->file, sizeof(rite->secret->file));
	return result;
}

/* The shares as they are on disk, paper and cards, each against its commitment. */
static int read_back(struct rite *rite, struct fault *fault)
{
	for (unsigned i = 0; i < rite->plan->total; i++) {
		struct share_file *file = &rite->secret->file[i];
		char path[PATH_MAX];

		rite_share_path(rite, path, i + 1);
		if (read_share(rite, i, path, fault) < 0)
			return -1;
		if (memcmp(file->commitment, rite->audit.share[i], 32) != 0)
			return fault_set(fault, FAULT_INPUT, "begin again: this attempt is void",
					 "the share of %s is not the one that was written",
					 rite->plan->custodians[i].name);
	}
	return 0;
}

/* A quorum gives back what was split: the same from all of them. */
static int restore_one(struct rite *rite, unsigned set, bool first, struct fault *fault)
{
	struct rite_secrets *secret = rite->secret;
	unsigned count = 0;

	for (unsigned i = 0; i < rite->plan->total; i++)
		if (set >> i & 1)
			secret->quorum[count++] = secret->file[i].share;
	if (share_combine(secret->restored, SHARE_LENGTH, secret->quorum, count) != OK ||
	    (!first && compare_equal(secret->restored, secret->ems, SHARE_LENGTH) != GRANTED))
		return fault_set(fault, FAULT_POLICY, "begin again: these shares must not be used",
				 "a quorum does not restore the master (custodians, as bits: 0x%x)", set);
	memcpy(secret->ems, secret->restored, SHARE_LENGTH);
	return 0;
}

/* And that, decrypted, is the master. Once for all quorums: PBKDF2 is slow on purpose. */
static int restored_is_master(struct rite *rite, struct fault *fault)
{
	struct rite_secrets *secret = rite->secret;
	struct slip39_set set;
	uint8_t check[16];

	share_file_set(&set, rite->set);
	if (slip39_decrypt(secret->restored, secret->ems, &set, secret->passphrase, fault) < 0 ||
	    hierarchy_master_check(check, secret->restored, rite->plan->id, rite->audit.nonce, fault) < 0)
		return -1;
	if (compare_equal(check, rite->audit.master_check, sizeof(check)) != GRANTED)
		return fault_set(fault, FAULT_POLICY, "begin again: these shares must not be used",
				 "the shares restore another master");
	return 0;
}

/* The gate: no key is used that was not restored by every quorum there is. */
static int rehearse_restore(struct rite *rite, struct fault *fault)
{
	unsigned quorums = 0;
	const char *needed;
	int result = rite_next(rite, "restore by every quorum", fault) < 0 ? -1 : read_back(rite, fault);

	for (unsigned set = 0; set < 1U << rite->plan->total && result == 0; set++)
		if ((unsigned)__builtin_popcount(set) == rite->plan->threshold) {
			result = restore_one(rite, set, quorums == 0, fault);
			quorums++;
		}
	if (result == 0)
		result = restored_is_master(rite, fault);
	needed = rite->secret->passphrase[0] ? "yes" : NULL;
	secret_wipe(rite->secret->file, sizeof(rite->secret->file));
	secret_wipe(rite->secret->quorum, sizeof(rite->secret->quorum));
	secret_wipe(rite->secret->restored, sizeof(rite->secret->restored));
	secret_wipe(rite->secret->ems, sizeof(rite->secret->ems));
	secret_wipe(rite->secret->passphrase, sizeof(rite->secret->passphrase));
	if (result < 0)
		return -1;
	return rite_record(rite, "restore",
			   json_pack("{s:s*, s:i, s:s, s:i, s:i}", "passphrase", needed, "quorums",
				     (int)quorums, "set", rite->set, "threshold", (int)rite->plan->threshold,
				     "total", (int)rite->plan->total),
			   fault);
}

/* The same derivation once more, this time to stay, and never to leave. */
static int keep_master(struct rite *rite, struct fault *fault)
{
	char label[HIERARCHY_LABEL];
	uint8_t check[16];
	struct hsm_name name;
	hsm_key kept;
	int result;

	hierarchy_label_master(label, rite->plan->id);
	name = rite_name(rite, label);
	if (rite_next(rite, "master kept in the HSM", fault) < 0)
		return -1;
	result = hsm_derive(rite->hsm, &kept, &name, HSM_DERIVES | HSM_KEPT, rite->base, rite->secret->data,
			    fault);
	secret_wipe(rite->secret->data, sizeof(rite->secret->data));
	if (result < 0 || hsm_destroy(rite->hsm, rite->base, fault) < 0 ||
	    hierarchy_hsm_check(rite->hsm, check, kept, rite->plan->id, rite->audit.nonce, fault) < 0)
		return -1;
	if (memcmp(check, rite->audit.master_check, sizeof(check)) != 0)
		return fault_set(fault, FAULT_HSM, "do not use this token", "the token kept another master");
	return rite_record(
		rite, "keep",
		with_hex(json_pack("{s:s, s:s}", "label", label, "set", rite->set), "check", check, 16),
		fault);
}

static int attempt(struct rite *rite, struct fault *fault)
{
	if (begin_attempt(rite, fault) < 0 || commit(rite, fault) < 0 || make_base(rite, fault) < 0 ||
	    reveal(rite, fault) < 0 || make_master(rite, fault) < 0 || make_shares(rite, fault) < 0 ||
	    rehearse_restore(rite, fault) < 0)
		return -1;
	return keep_master(rite, fault);
}

int rite_attempt(struct rite *rite, struct fault *fault)
{
	int missing = rite_card_missing(rite, fault);

	if (missing != 0)
		return missing < 0 ? -1 : 0;
	if (rite_tell_attempt(rite, fault) < 0)
		return -1;
	if (attempt(rite, fault) == 0)
		return rite_hand_over(rite, fault);
	if (rite->blame &&
	    fault->code != FAULT_STOPPED) { /* whoever reads the transcript should know why it ended */
		char text[400];

		(void)snprintf(text, sizeof(text), "this attempt ended: %s", fault->text);
		if (!canonical_refused(text))
			(void)rite_exception(rite, rite->blame, text, NULL);
	}
	return -1;
}
