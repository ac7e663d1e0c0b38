/* script_steps.c - the steps of the day, in the order in which simrite ceremony run asks for them. */
#include <string.h>

#include "ceremony/script.h"
#include "ceremony/sheet.h"
#include "lib/hex.h"
#include "lib/page.h"

/* What a step has: what is typed, what must then be seen, what to do when it is not. */
#define TYPE  "<p class=\"type\"><b>Type</b> <code>"
#define TYPED "</code></p>\n"
#define SEE   "<p class=\"see\"><b>See</b> "
#define IF    "<p class=\"if\"><b>IF</b> "
#define THEN  " <b>THEN</b> "
#define END   "</p>\n"
#define TICK  "<span class=\"tick\"></span>"
#define BLANK "<span class=\"blank\"></span>"
#define SHORT "<span class=\"blank short\"></span>"

struct steps {
	FILE *out;
	const struct plan *plan;
	unsigned number;
};

static void part(const struct steps *steps, const char *title)
{
	page_print(steps->out,
		   "<tbody>\n<tr class=\"part\"><th colspan=\"5\" scope=\"rowgroup\">%s</th></tr>\n", title);
}

static void part_end(const struct steps *steps)
{
	fputs("</tbody>\n", steps->out);
}

static void begin(struct steps *steps, const char *who, const char *role)
{
	page_print(
		steps->out,
		"<tr><th scope=\"row\" class=\"number\">%u</th><td class=\"who\">%s<small>%s</small></td><td>",
		++steps->number, who, role);
}

static void end(const struct steps *steps)
{
	fputs("</td><td class=\"hand\"></td><td class=\"hand\"></td></tr>\n", steps->out);
}

/* ---- who ---- */

static bool has_administrator(const struct plan *plan)
{
	return strcmp(plan->parties[0].role, "administrator") == 0;
}

static void begin_administrator(struct steps *steps)
{
	bool named = has_administrator(steps->plan);

	begin(steps, named ? steps->plan->parties[0].name : "Administrator", named ? "administrator" : "");
}

/* Whoever listens: the same whom the program asks. */
static void begin_listener(struct steps *steps)
{
	const struct plan_party *last = &steps->plan->parties[steps->plan->party_count - 1];

	begin(steps, last->name, last->role);
}

static void begin_custodian(struct steps *steps, unsigned i)
{
	begin(steps, steps->plan->custodians[i].name, "custodian");
}

/* ---- before the program ---- */

static void step_room(struct steps *steps)
{
	begin_administrator(steps);
	page_print(
		steps->out,
		"<p>Close the door; nobody comes or goes unrecorded. Everybody shows a document with a picture, "
		"and initials the table of people.</p>\n" SEE TICK
		"all %u custodians are here: each contributes." END IF "somebody of the plan is missing" THEN
		"wait, or hold the ceremony another day; nobody stands in for another." END,
		steps->plan->total);
	end(steps);
	begin_administrator(steps);
	fputs("<p>Read the wall clock and the machine&rsquo;s clock (<code>date -u</code>) aloud.</p>\n" SEE
	      "wall (UTC) " SHORT " machine (UTC) " SHORT END IF "they differ by more than a minute" THEN
	      "set the machine&rsquo;s, and write an exception." END,
	      steps->out);
	end(steps);
}

static void step_things(struct steps *steps)
{
	const struct plan *plan = steps->plan;
	unsigned bags = 0;

	for (unsigned i = 0; i < plan->device_count; i++)
		bags += plan->devices[i].bag[0] != 0;
	for (unsigned i = 0; i < plan->total; i++)
		bags += plan->custodians[i].bag[0] != 0;
	begin_administrator(steps);
	page_print(
		steps->out,
		"<p>Bring out every thing of the table of things. Before it is unpacked, a witness reads its serial "
		"number%s aloud and ticks it.</p>\n" SEE TICK
		"every serial number and bag is the plan&rsquo;s; no bag is torn." END IF
		"a seal is broken, or a number differs" THEN "stop. A ceremony costs less than a doubt." END,
		bags ? " and the number of its bag" : "");
	end(steps);
	begin_administrator(steps);
	fputs("<p>Start the machine from its medium, with no network: pull the cable, take the radio out or see it off."
	      "</p>\n" TYPE "sha256sum $(command -v simrite-ceremony)" TYPED,
	      steps->out);
	for (unsigned i = 0; i < plan->software_count; i++) {
		char hex[65];

		hex_write(hex, plan->software[i].sha256, 32);
		page_print(steps->out, SEE TICK "<code class=\"hash\">%s</code> (%s)" END, hex,
			   plan->software[i].name);
	}
	if (plan->software_count == 0)
		fputs(SEE "the plan lists no program: write the value down "
			  "<span class=\"blank long\"></span>" END,
		      steps->out);
	fputs(IF "it is another value" THEN "stop: this is not the program that was reviewed." END,
	      steps->out);
	end(steps);
}

static void step_plan(struct steps *steps)
{
	begin_administrator(steps);
	page_print(steps->out,
		   TYPE "simrite ceremony plan%s PLAN" TYPED SEE TICK
			"<code>SHA-256</code> is the digest on the first page; each witness "
			"compares it with a copy of their own." END IF "it differs" THEN
			"stop: this is another plan." END,
		   steps->plan->has_previous ? " --previous OLD-TRANSCRIPT" : "");
	fputs("<p>Read aloud who can restore and who can deny. " TICK "It is what everybody agreed to.</p>\n",
	      steps->out);
	end(steps);
}

/* ---- the program runs ---- */

static unsigned kept_as(const struct plan *plan, enum plan_share share)
{
	unsigned count = 0;

	for (unsigned i = 0; i < plan->total; i++)
		count += plan->custodians[i].share == share;
	return count;
}

static bool is_software(const struct plan *plan)
{
	return strncmp(plan->hsm, "softhsm", 7) == 0;
}

static void step_run(struct steps *steps)
{
	const struct plan *plan = steps->plan;

	begin_administrator(steps);
	page_print(steps->out,
		   TYPE "simrite ceremony run PLAN --out FOLDER%s%s" TYPED SEE TICK
			"ceremony <b>%s</b>, a <b>%s</b>." END,
		   kept_as(plan, PLAN_PAPER) ? " --print COMMAND" : "",
		   !plan->rehearsal && is_software(plan) ? " --software-token" : "", plan->id,
		   plan_mode(plan));
	if (!plan->rehearsal && is_software(plan))
		fputs("<p><b>The token is a program: its keys are files that can be copied.</b> Everybody here accepts "
		      "that. " SHORT "</p>\n",
		      steps->out);
	fputs("<p>From here on the program says who acts. Enter goes on; <code>e</code> records an exception; "
	      "<code>q</code> leaves.</p>\n" IF
	      "the power fails, the disk is full, the HSM is gone or the program ends" THEN
	      "mend it, type the same command again, and write an exception: what is recorded is kept, and nothing half "
	      "made is used." END,
	      steps->out);
	end(steps);
}

static void step_aloud(struct steps *steps)
{
	if (!has_administrator(steps->plan))
		return;
	begin_listener(steps);
	page_print(
		steps->out,
		"<p>%s reads the plan&rsquo;s digest from the screen, in words; compare them with the first page, "
		"then type the last one.</p>\n" IF "a word differs" THEN
		"<code>q</code>: this is not the plan that was reviewed." END,
		steps->plan->parties[0].name);
	end(steps);
	for (unsigned i = 0; i < steps->plan->device_count; i++) {
		const struct plan_device *device = &steps->plan->devices[i];

		if (!device->bag[0])
			continue;
		begin_listener(steps);
		page_print(steps->out, "<p>Type the number on the bag of %s: <code>%s</code></p>\n",
			   device->name, device->bag);
		end(steps);
	}
	for (unsigned i = 0; i < steps->plan->total; i++) {
		const struct plan_custodian *custodian = &steps->plan->custodians[i];

		if (!custodian->bag[0])
			continue;
		begin_custodian(steps, i);
		page_print(
			steps->out,
			"<p>Type the number on the bag your card is in: <code>%s</code>. Then open it.</p>\n",
			custodian->bag);
		end(steps);
	}
}

static void step_sign(struct steps *steps, const char *what)
{
	for (unsigned i = 0; i < plan_signers(steps->plan); i++) {
		const struct plan_party *party = plan_signer(steps->plan, i);

		begin(steps, party->name, party->role);
		page_print(steps->out,
			   "<p>%s: your card into the reader, your PIN typed by you, while the others look "
			   "away.</p>\n",
			   what);
		if (i == 0)
			fputs(IF
			      "the PIN is wrong" THEN
			      "it asks again and says how many tries are left; with one left stop, and use "
			      "<code>simrite ceremony card-pin</code>." END IF "the card is not found" THEN
			      "put it in again, or into another reader." END,
			      steps->out);
		end(steps);
	}
}

static void step_attempt(struct steps *steps)
{
	begin_administrator(steps);
	page_print(
		steps->out,
		"<p>Go on. Every custodian is bound to a contribution before anything is opened, the HSM draws its own "
		"key, the master is made of all of them in the HSM and split, and all %u quorums are tried.</p>\n" IF
		"it is interrupted" THEN
		"type the same command again: the attempt is abandoned, and a new one begins with nothing of the "
		"old." END,
		plan_quorums(steps->plan));
	end(steps);
	for (unsigned i = 0; i < steps->plan->total; i++) {
		if (steps->plan->custodians[i].share != PLAN_CARD)
			continue;
		begin_custodian(steps, i);
		fputs("<p>Your card into the reader whenever the program asks: it draws your contribution, opens it, and "
		      "keeps your share. Type your PIN while the others look away.</p>\n" IF
		      "the card is pulled out or dead" THEN
		      "put it back when it is asked for again; if it stays dead, <code>q</code>, and write an exception." END,
		      steps->out);
		end(steps);
	}
	for (unsigned i = 0; i < steps->plan->total; i++) {
		if (steps->plan->custodians[i].share != PLAN_PAPER)
			continue;
		begin_custodian(steps, i);
		fputs("<p>Your share is printed, with you at the printer and nobody else in sight of it. Type the words back "
		      "from the sheet. It goes into a new bag, number " SHORT
		      ", and the printer is switched off and on before the next one comes.</p>\n" IF
		      "the print is spoilt, or the attempt ends" THEN
		      "the sheet restores nothing: shred it here, and write an exception." END,
		      steps->out);
		end(steps);
	}
}

static void step_shares(struct steps *steps)
{
	begin_administrator(steps);
	page_print(steps->out,
		   SEE TICK
		   "every one of the %u quorums restored the master." END IF
		   "a share or a quorum is refused" THEN
		   "write an exception and type the same command again; do not use these shares." END,
		   plan_quorums(steps->plan));
	end(steps);
	for (unsigned i = 0; i < steps->plan->total; i++) {
		if (steps->plan->custodians[i].share != PLAN_FILE)
			continue;
		begin_custodian(steps, i);
		page_print(
			steps->out,
			"<p>Copy <code>FOLDER/shares/share-%u.json</code> onto what you brought, alone at the screen. "
			"It goes into a new bag, number " SHORT ", and stays with you.</p>\n",
			i + 1);
		end(steps);
	}
}

/* ---- batches ---- */

static void step_batch(struct steps *steps, const struct plan_batch *batch)
{
	begin_administrator(steps);
	page_print(steps->out, "<p>Batch <b>%s</b>, %u cards%s%s: its key is derived in the HSM.</p>\n",
		   batch->id, batch->count, batch->first_iccid[0] ? " from ICCID " : "", batch->first_iccid);
	if (batch->method)
		page_print(
			steps->out,
			"<p>Method <b>%s</b>: a load ticket for each card is signed. Hand "
			"<code>FOLDER/batches/%s/tickets.jsonl</code> to the bureau; it holds no secret.</p>\n" IF
			"a card dies after its ticket was used" THEN
			"its number is missing for good; write an exception that says why." END,
			plan_method_name(batch->method), batch->id);
	end(steps);
}

static void step_loaded(struct steps *steps, const struct plan_batch *batch)
{
	begin_administrator(steps);
	page_print(steps->out,
		   "<p>When the bureau has brought the receipts of <b>%s</b>, perhaps another day:</p>\n" TYPE
		   "simrite ceremony loaded --batch %s --receipts FILE FOLDER" TYPED SEE "receipts " SHORT
		   " of %u, missing " SHORT END IF "cards died and never get a receipt" THEN
		   "write an exception that says why, and add <code>--missing N</code>." END IF
		   "a card is named as forged, doubled or extra" THEN
		   "stop, keep the file, and ask the bureau; nothing was recorded." END,
		   batch->id, batch->id, batch->count);
	end(steps);
	if (strcmp(plan_method_name(batch->method), "agreed") != 0)
		return;
	begin(steps, "Operator", steps->plan->operator_name);
	page_print(
		steps->out,
		"<p>Import the keys of <b>%s</b> (<code>simrite auc import</code>); then the private half is "
		"destroyed in the token:</p>\n" TYPE "simrite ceremony retire --batch %s FOLDER" TYPED IF
		"the import is not whole" THEN
		"do not retire: without that half nobody can import again." END,
		batch->id, batch->id);
	end(steps);
}

/* ---- the end ---- */

static void step_destruction(struct steps *steps)
{
	if (steps->plan->destruction_count == 0)
		return;
	begin_administrator(steps);
	fputs("<p>Destroy what the sheet of destruction lists, one after another, in front of a witness who initials "
	      "it there. At the program&rsquo;s question affirm it; elsewhere:</p>\n" TYPE
	      "simrite ceremony run PLAN --out FOLDER --affirm-destroyed" TYPED IF
	      "something cannot be destroyed as planned" THEN
	      "write an exception that says what was done instead." END,
	      steps->out);
	end(steps);
}

static void step_fingerprint(struct steps *steps)
{
	begin_listener(steps);
	fputs("<p>The transcript is closed, and the key that signed it destroyed. The fingerprint is read aloud, in words. "
	      "Everybody writes it on a paper of their own, and here:</p>\n",
	      steps->out);
	sheet_blank_digest(steps->out, "Fingerprint of the transcript");
	fputs(IF "somebody wrote another one" THEN
		 "read it again, all of it, until everybody has the same." END,
	      steps->out);
	end(steps);
}

static void step_verify(struct steps *steps)
{
	const struct plan *plan = steps->plan;

	begin_administrator(steps);
	fputs(TYPE
	      "simrite ceremony verify --plan PLAN --fingerprint HEX FOLDER/transcript.jsonl" TYPED SEE TICK
	      "<code>sound</code>, and its note signed by everybody." END IF "it says anything else" THEN
	      "nobody leaves; keep the folder, and write down what it says." END,
	      steps->out);
	end(steps);
	begin_administrator(steps);
	page_print(steps->out,
		   TYPE "simrite ceremony show FOLDER/transcript.jsonl" TYPED SEE
			"the token&rsquo;s serial number " BLANK
			", the master&rsquo;s check value <span class=\"blank long\"></span>" END);
	for (unsigned i = 0; i < plan->batch_count; i++)
		page_print(steps->out, SEE "check value of %s <span class=\"blank long\"></span>" END,
			   plan->batches[i].id);
	end(steps);
}

static void step_leave(struct steps *steps)
{
	const struct plan *plan = steps->plan;

	begin_administrator(steps);
	fputs("<p>Give every party <code>transcript.jsonl</code> and <code>transcript.note</code>, and publish both. " TICK
	      "Everybody has a copy.</p>\n",
	      steps->out);
	end(steps);
	if (kept_as(plan, PLAN_FILE)) {
		begin_administrator(steps);
		fputs("<p>Remove the share files that were handed over (<code>shred -u FOLDER/shares/*</code>; on flash memory "
		      "that is not enough: destroy the medium).</p>\n" SEE TICK
		      "<code>FOLDER/shares</code> is empty." END,
		      steps->out);
		end(steps);
	}
	for (unsigned i = 0; i < plan->device_count; i++) {
		if (!plan->devices[i].new_bag[0])
			continue;
		begin_administrator(steps);
		page_print(
			steps->out,
			"<p>%s goes into the new bag <code>%s</code>; a witness reads the number aloud.</p>\n",
			plan->devices[i].name, plan->devices[i].new_bag);
		end(steps);
	}
	begin_administrator(steps);
	fputs("<p>Wipe and switch off the machine; close the exceptions sheet with a line below the last entry; everybody "
	      "signs the last page. The door is opened.</p>\n",
	      steps->out);
	end(steps);
}

unsigned script_steps(FILE *out, const struct plan *plan)
{
	struct steps steps = {.out = out, .plan = plan};

	part(&steps, "Before the program");
	step_room(&steps);
	step_things(&steps);
	step_plan(&steps);
	part_end(&steps);
	part(&steps, "The ceremony begins");
	step_run(&steps);
	step_aloud(&steps);
	step_sign(&steps, "Sign that you are here");
	part_end(&steps);
	part(&steps, "The master key");
	step_attempt(&steps);
	step_shares(&steps);
	part_end(&steps);
	part(&steps, "Batches");
	for (unsigned i = 0; i < plan->batch_count; i++)
		step_batch(&steps, &plan->batches[i]);
	for (unsigned i = 0; i < plan->batch_count; i++)
		if (plan->batches[i].method)
			step_loaded(&steps, &plan->batches[i]);
	part_end(&steps);
	part(&steps, "The end");
	step_destruction(&steps);
	step_sign(&steps, "Sign off all that was recorded");
	step_sign(&steps, "Sign the closing note");
	step_fingerprint(&steps);
	step_verify(&steps);
	step_leave(&steps);
	part_end(&steps);
	return steps.number;
}
