/* account_parts.c - the report's page, part by part. */
#include <string.h>

#include "ceremony/account.h"
#include "ceremony/sheet.h"
#include "lib/canonical.h"
#include "lib/words.h"

/* The page, host/ceremony/account.html, put into the program by the assembler. */
__asm__(".section .rodata\n"
	"account_page:\n"
	".incbin \"host/ceremony/account.html\"\n"
	".byte 0\n"
	".previous\n");
extern const char account_page[];

static const json_t *line(const struct account *account, size_t i)
{
	return json_array_get(account->entries, i);
}

static const json_t *first(const struct account *account, const char *type)
{
	size_t at = 0;

	return account_next(account, type, &at);
}

static unsigned count(const struct account *account, const char *type)
{
	unsigned found = 0;
	size_t at = 0;

	while (account_next(account, type, &at))
		found++;
	return found;
}

static void number(FILE *out, const char *name, unsigned value, const char *what)
{
	page_print(out, "<tr><th scope=\"row\">%s</th><td>%u%s</td></tr>\n", name, value, what);
}

static void hash(FILE *out, const char *name, const uint8_t bytes[static 32])
{
	char hex[65];

	hex_write(hex, bytes, 32);
	page_print(out, "<tr><th scope=\"row\">%s</th><td><code class=\"hash\">%s</code></td></tr>\n", name,
		   hex);
}

/* ---- on top ---- */

static void stamp(FILE *out, const void *context)
{
	const struct account *account = context;

	sheet_stamp(out, &account->audit.plan);
}

static void verdict(FILE *out, const void *context)
{
	const struct account *account = context;

	page_print(out, "<b>%s.</b> ",
		   !account->summary.closed ? "Unfinished"
		   : account->pinned        ? "Sound"
					    : "Self-consistent, signer unknown");
	fputs("Every line follows from the one before, every signature is good, and the steps are those of the plan",
	      out);
	if (!account->summary.closed)
		fputs(" &ndash; as far as it goes: the ceremony is not closed, and lines can still be added.",
		      out);
	else if (account->pinned)
		fputs("; the fingerprint or key is the one that was asked for.", out);
	else
		fputs(". But nobody said whose it must be: whoever can write a whole file can sign it with a key of their "
		      "own. Compare the fingerprint below with what the witnesses wrote down.",
		      out);
}

static void summary(FILE *out, const void *context)
{
	const struct account *account = context;
	const struct plan *plan = &account->audit.plan;
	const json_t *last = line(account, json_array_size(account->entries) - 1);
	char text[128];

	sheet_fact(out, "Ceremony", plan->id);
	sheet_fact(out, "Mode", plan_mode(plan));
	sheet_fact(out, "Operator", plan->operator_name);
	sheet_fact(out, "Begun", account_at(line(account, 0)));
	sheet_fact(out, account->summary.closed ? "Closed" : "Last line", account_at(last));
	account_duration(text, sizeof(text), account_seconds(last) - account_seconds(line(account, 0)));
	sheet_fact(out, "Duration", text);
	number(out, "Lines", account->summary.count, "");
	if (first(account, "keep"))
		(void)snprintf(text, sizeof(text),
			       "%u of %u custodians restore it; all %u quorums were tried", plan->threshold,
			       plan->total, plan_quorums(plan));
	else
		(void)snprintf(text, sizeof(text), "not made yet");
	sheet_fact(out, "Master key", text);
	number(out, "Attempts", account->audit.attempt,
	       account->audit.attempt > 1 ? "; all but the last were abandoned, with all they made" : "");
	number(out, "Resumed", account->audit.resumed, account->audit.resumed == 1 ? " time" : " times");
	number(out, "Exceptions", account->audit.exceptions, "");
	(void)snprintf(text, sizeof(text),
		       "%u of %u people have a key; %u signed that they were there, %u signed off",
		       plan_signers(plan), plan->party_count, count(account, "present"),
		       count(account, "signoff"));
	sheet_fact(out, "Signatures", text);
	(void)snprintf(text, sizeof(text), "%u of %u made; receipts of %u came back", count(account, "batch"),
		       plan->batch_count, count(account, "loaded"));
	sheet_fact(out, "Batches", text);
	(void)snprintf(text, sizeof(text), "%u of %u things, as was affirmed", count(account, "destroyed"),
		       plan->destruction_count);
	sheet_fact(out, "Destroyed", plan->destruction_count ? text : "");
}

static void fingerprint(FILE *out, const void *context)
{
	const struct account *account = context;
	char hex[65];

	hex_write(hex, account->summary.fingerprint, 32);
	page_print(out, "<p class=\"hash\"><code>%s</code></p>\n", hex);
	sheet_digest(out,
		     account->summary.closed ? "The same, to be read aloud"
					     : "The same; it changes with every line that is added",
		     account->summary.fingerprint);
	fputs("<table class=\"facts\"><tbody>\n", out);
	hash(out, "Signed by the key", account->summary.key);
	hash(out, "Plan", account->audit.plan.digest);
	hash(out, "Merkle root", account->summary.root);
	if (account->audit.plan.has_previous)
		hash(out, "Follows the ceremony", account->summary.previous);
	sheet_fact(out, "Program", account->audit.software);
	hash(out, "Its SHA-256", account->audit.program);
	fputs("</tbody></table>\n", out);
}

/* ---- people ---- */

/* When a party did something of this type, or that it did not. */
static const char *when(const struct account *account, const char *type, const char *name)
{
	const json_t *entry;
	size_t at = 0;

	while ((entry = account_next(account, type, &at)))
		if (strcmp(account_text(entry, "name"), name) == 0)
			return account_at(entry);
	return "no";
}

static const char *note_of(const struct account *account, unsigned signer)
{
	if (account->key_count == 0)
		return "no note at hand";
	return account->keys[signer + 1].found ? "yes" : "no";
}

static void people(FILE *out, const void *context)
{
	const struct account *account = context;
	const struct plan *plan = &account->audit.plan;
	unsigned signer = 0;

	for (unsigned i = 0; i < plan->party_count; i++) {
		const struct plan_party *party = &plan->parties[i];
		char role[SHEET_ROLE];

		sheet_role(role, plan, i);
		page_print(out, "<tr><th scope=\"row\">%s</th><td>%s</td>", party->name, role);
		if (party->key)
			page_print(out,
				   "<td class=\"value\">%s</td><td class=\"value\">%s</td><td>%s</td></tr>\n",
				   when(account, "present", party->name),
				   when(account, "signoff", party->name), note_of(account, signer++));
		else
			fputs("<td colspan=\"3\">has no key in the plan, and signed nothing</td></tr>\n",
			      out);
	}
}

static void resumed(FILE *out, unsigned number, const json_t *entry)
{
	const char *set = account_text(entry, "abandoned");
	unsigned cut = account_number(entry, "cut");

	page_print(
		out,
		"<tr><th scope=\"row\" class=\"number\">%u</th><td class=\"value\">%s</td><td>the program</td>"
		"<td>It was run again; ",
		number, account_at(entry));
	if (strcmp(set, "none") == 0)
		fputs("nothing was abandoned.", out);
	else
		page_print(out, "the attempt was abandoned whose set is <code>%s</code>.", set);
	if (cut > 0)
		page_print(out, " A line that was half written, %u bytes, was removed.", cut);
	fputs("</td></tr>\n", out);
}

static void odd(FILE *out, const void *context)
{
	const struct account *account = context;
	unsigned rows = 0;

	for (size_t i = 0; i < json_array_size(account->entries); i++) {
		const json_t *entry = line(account, i);
		const char *type = json_string_value(json_object_get(entry, "type"));

		if (strcmp(type, "exception") == 0)
			page_print(
				out,
				"<tr><th scope=\"row\" class=\"number\">%u</th><td class=\"value\">%s</td><td>%s</td>"
				"<td>%s</td></tr>\n",
				(unsigned)i + 1, account_at(entry), account_text(entry, "by"),
				account_text(entry, "text"));
		else if (strcmp(type, "resume") == 0)
			resumed(out, (unsigned)i + 1, entry);
		else
			continue;
		rows++;
	}
	if (rows == 0)
		fputs("<tr><td colspan=\"4\">Nothing is recorded.</td></tr>\n", out);
}

/* ---- the token ---- */

static void token(FILE *out, const void *context)
{
	const struct account *account = context;
	const struct hsm_identity *hsm = &account->audit.hsm;

	sheet_fact(out, "Label", hsm->label);
	sheet_fact(out, "Manufacturer", hsm->manufacturer);
	sheet_fact(out, "Model", hsm->model);
	sheet_fact(out, "Serial number", hsm->serial);
	sheet_fact(out, "Library", hsm->library);
	sheet_fact(out, "Assurance", audit_assurance(hsm));
}

static bool has(const json_t *objects, const json_t *object)
{
	for (size_t i = 0; i < json_array_size(objects); i++)
		if (json_equal(json_array_get(objects, i), object))
			return true;
	return false;
}

static const json_t *objects_of(const json_t *inventory)
{
	return json_object_get(json_object_get(inventory, "data"), "objects");
}

static void object_row(FILE *out, const json_t *object, const char *mark, const char *change)
{
	page_print(out, "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s %s</td><td>%s</td><td>%s</td></tr>\n",
		   json_string_value(json_object_get(object, "label")),
		   json_string_value(json_object_get(object, "kind")), mark, change,
		   json_integer_value(json_object_get(object, "sensitive")) ? "yes" : "no",
		   json_integer_value(json_object_get(object, "extractable")) ? "yes" : "no");
}

static void inventory(FILE *out, const void *context)
{
	const struct account *account = context;
	size_t at = 0, i;
	const json_t *before = objects_of(account_next(account, "inventory", &at));
	const json_t *after = objects_of(account_next(account, "inventory", &at));
	const json_t *object;

	json_array_foreach(before, i, object)
	{
		if (!after)
			object_row(out, object, "", "was there before");
		else if (has(after, object))
			object_row(out, object, "=", "as before");
		else
			object_row(out, object, "-", "gone");
	}
	json_array_foreach(after, i, object) if (!has(before, object)) object_row(out, object, "+", "new");
	if (!after)
		fputs("<tr><td colspan=\"5\">After the ceremony it was not looked at yet.</td></tr>\n", out);
}

/* ---- keys ---- */

static void check_row(FILE *out, const char *what, const json_t *entry)
{
	char words[16 * WORDS_LONGEST];
	uint8_t check[16];

	if (!entry || canonical_hex_read(check, sizeof(check), account_text(entry, "check")) < 0)
		return;
	words_write(words, sizeof(words), check, sizeof(check));
	page_print(
		out,
		"<tr><th scope=\"row\">%s</th><td>%s</td><td><code class=\"hash\">%s</code><br>%s</td></tr>\n",
		what, account_text(entry, "label"), account_text(entry, "check"), words);
}

static void keys(FILE *out, const void *context)
{
	const struct account *account = context;
	const json_t *entry;
	size_t at = 0;

	check_row(out, "master", first(account, "keep"));
	while ((entry = account_next(account, "batch", &at)))
		check_row(out, account_text(entry, "id"), entry);
	if (!first(account, "keep"))
		fputs("<tr><td colspan=\"3\">No key was kept yet.</td></tr>\n", out);
}

static void shares(FILE *out, const void *context)
{
	const struct account *account = context;
	const struct plan *plan = &account->audit.plan;
	unsigned rows = 0;
	const json_t *entry;
	size_t at = 0;

	while ((entry = account_next(account, "share", &at))) {
		unsigned index = account_number(entry, "index");

		if (strcmp(account_text(entry, "set"), account->audit.set) != 0 || index < 1 ||
		    index > plan->total)
			continue; /* of an attempt that was abandoned */
		page_print(out,
			   "<tr><th scope=\"row\">%u</th><td>%s</td><td>%s</td><td>%s</td>"
			   "<td><code class=\"hash\">%s</code></td></tr>\n",
			   index, account_text(entry, "custodian"),
			   plan_share_name(plan->custodians[index - 1].share),
			   account_text(entry, "signature")[0] ? "by the card" : "no",
			   account_text(entry, "commitment"));
		rows++;
	}
	if (rows == 0)
		fputs("<tr><td colspan=\"5\">No share was made yet.</td></tr>\n", out);
}

/* ---- batches and destruction ---- */

static const json_t *of_batch(const struct account *account, const char *type, const char *id)
{
	const json_t *entry;
	size_t at = 0;

	while ((entry = account_next(account, type, &at)))
		if (strcmp(account_text(entry, "id"), id) == 0)
			return entry;
	return NULL;
}

static void missing(FILE *out, const json_t *loaded)
{
	const json_t *numbers = json_object_get(json_object_get(loaded, "data"), "missing"), *one;
	size_t i;

	page_print(out, "%u", (unsigned)json_array_size(numbers));
	json_array_foreach(numbers, i, one)
	{
		page_print(out, "%s%u", i ? ", " : ": ", (unsigned)json_integer_value(one));
		if (i == 99) {
			fputs(", and more", out);
			break;
		}
	}
}

static void in_hand(FILE *out, const struct account *account, const json_t *batch)
{
	unsigned at = plan_batch(&account->audit.plan, account_text(batch, "id"));
	const struct receipt_batch *receipts = &account->receipts.batches[at];

	if (receipts->cards)
		page_print(
			out,
			" The receipts of %u card%s were at hand and are those: each card&rsquo;s ticket, certificate and "
			"receipt was checked, no card answers twice, and each was loaded once.",
			receipts->count, receipts->count == 1 ? "" : "s");
	else
		fputs(" The receipts themselves were not at hand, so no single card was checked.", out);
}

static void tickets(FILE *out, const struct account *account, const json_t *batch)
{
	const json_t *some = json_object_get(json_object_get(batch, "data"), "tickets");
	const json_t *loaded = of_batch(account, "loaded", account_text(batch, "id"));
	const json_t *retired = of_batch(account, "retired", account_text(batch, "id"));
	const char *root = json_string_value(json_object_get(some, "root"));

	page_print(
		out,
		"<p>Keys are <b>%s</b>. %u load tickets, good until %s, root <code class=\"hash\">%s</code>.",
		account_text(batch, "method"), (unsigned)json_integer_value(json_object_get(some, "count")),
		account_text(batch, "expires"), root ? root : "");
	if (loaded) {
		page_print(out, " Receipts came back %s: %u, root <code class=\"hash\">%s</code>; missing ",
			   account_at(loaded), account_number(loaded, "count"), account_text(loaded, "root"));
		missing(out, loaded);
		fputs(".", out);
	} else {
		fputs(" <b>Receipts have not come back.</b>", out);
	}
	in_hand(out, account, batch);
	if (retired)
		page_print(out,
			   " The operator imported, and what the keys were agreed with was destroyed, %s.",
			   account_at(retired));
	fputs("</p>\n", out);
}

static void batches(FILE *out, const void *context)
{
	const struct account *account = context;
	const json_t *entry;
	size_t at = 0;

	while ((entry = account_next(account, "batch", &at))) {
		page_print(out, "<h3>%s: %u cards</h3>\n", account_text(entry, "id"),
			   account_number(entry, "count"));
		if (account_text(entry, "method")[0])
			tickets(out, account, entry);
		else
			fputs("<p>A batch key alone, no load tickets: this transcript says nothing about single cards.</p>\n",
			      out);
	}
	if (at == 0 || !first(account, "batch"))
		fputs("<p>None was made yet.</p>\n", out);
}

static void destruction(FILE *out, const void *context)
{
	const struct account *account = context;
	const struct plan *plan = &account->audit.plan;
	unsigned done = count(account, "destroyed");

	for (unsigned i = 0; i < plan->destruction_count; i++) {
		const json_t *entry = NULL;
		size_t at = 0;

		for (unsigned k = 0; k <= i && k < done; k++)
			entry = account_next(account, "destroyed", &at);
		page_print(out, "<tr><th scope=\"row\">%u</th><td>%s</td><td class=\"value\">%s</td></tr>\n",
			   i + 1, plan->destruction[i], i < done ? account_at(entry) : "not yet");
	}
	if (plan->destruction_count == 0)
		fputs("<tr><td colspan=\"3\">The plan lists nothing.</td></tr>\n", out);
}

static void guarantees(FILE *out, const void *context)
{
	const struct account *account = context;

	fputs("<li>It did what PKCS#11 asked of it, and says of the master, the batch keys and its private keys that they "
	      "are sensitive and not extractable. That is its own word.</li>\n",
	      out);
	if (hsm_is_software(&account->audit.hsm))
		fputs("<li><b>It is a program.</b> Its keys are files: whoever has the disk of the machine and the file of "
		      "its PIN has every key of this ceremony. No tamper resistance, no login by a quorum, no "
		      "attestation.</li>\n",
		      out);
	else
		fputs("<li>How well it resists is what its maker states: no attestation of it was checked. That it is the one "
		      "whose serial number stands here was seen by the people only.</li>\n",
		      out);
	fputs("<li>Its generator is not trusted alone: the master is guessable only if the base key and every "
	      "contribution are.</li>\n",
	      out);
}

/* What of people there is no trace of. */
static void limits(FILE *out, const void *context)
{
	const struct account *account = context;
	const struct plan *plan = &account->audit.plan;

	if (plan_signers(plan) == 0)
		fputs("<li><b>That anybody was there.</b> No party has a key in the plan, so nobody signed but the "
		      "machine.</li>\n",
		      out);
	else
		page_print(
			out,
			"<li><b>Whose hands.</b> A signature shows that the card or key of a party was used with its PIN, not "
			"who held it%s</li>\n",
			plan_signers(plan) < plan->party_count
				? "; and those without a key left no trace of their own."
				: ".");
	for (unsigned i = 0; i < plan->batch_count; i++)
		if (!account->receipts.batches[i].cards) {
			fputs("<li><b>Every single card.</b> Only the batches whose receipts were at hand were checked card by "
			      "card.</li>\n",
			      out);
			break;
		}
	if (account->key_count == 0)
		fputs("<li><b>That everybody saw this transcript.</b> No closing note was at hand.</li>\n",
		      out);
	if (plan->rehearsal)
		fputs("<li><b>Anything about production.</b> This was a rehearsal: its keys must never be used.</li>\n",
		      out);
}

int account_put(const char *path, const struct account *account, struct fault *fault)
{
	static const struct {
		const char *name;
		page_writer *write;
	} parts[] = {
		{"stamp", stamp},
		{"verdict", verdict},
		{"summary", summary},
		{"fingerprint", fingerprint},
		{"people", people},
		{"odd", odd},
		{"token", token},
		{"inventory", inventory},
		{"keys", keys},
		{"shares", shares},
		{"batches", batches},
		{"destruction", destruction},
		{"guarantees", guarantees},
		{"lines", account_lines},
		{"limits", limits},
	};
	const struct plan *plan = &account->audit.plan;
	json_t *values = json_pack("{s:s, s:s, s:s, s:s}", "title", plan->title, "id", plan->id, "mode",
				   plan_mode(plan), "version", VERSION);
	int result;

	for (size_t i = 0; values && i < sizeof(parts) / sizeof(parts[0]); i++)
		page_part(values, parts[i].name, parts[i].write, account);
	result = values ? sheet_put(path, account_page, values, fault)
			: fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	json_decref(values);
	return result;
}
