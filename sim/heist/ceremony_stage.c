/* The key ceremony, and later the quorum that gives its shares away. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "heist/heist.h"
#include "lib/say.h"

/* Custodians in three places, so that no place holds a quorum. */
static json_t *custodians(void)
{
	static const char *const role[HEIST_SHARES] = {"operations", "audit", "security", "legal", "board"};
	static const char *const place[HEIST_SHARES] = {"A", "A", "B", "B", "C"};
	json_t *list = json_array();
	char name[32];
	int i;

	for (i = 0; i < HEIST_SHARES; i++) {
		(void)snprintf(name, sizeof(name), "custodian %d", i + 1);
		json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "name", name, "role", role[i],
						      "jurisdiction", place[i]));
	}
	return list;
}

static int write_plan(const struct heist *heist, const char *path, struct fault *fault)
{
	const struct heist_batch *batch = &heist_batches[1];
	json_t *plan;
	int e;

	plan = json_pack("{s:i,s:s,s:s,s:s,s:s,s:i,s:o,s:[{s:s,s:i,s:s}]}", "schema", 1, "id",
			 "rehearsal-demonstration", "mode", "rehearsal", "title",
			 "Master key of a demonstration, on a software token", "operator",
			 "Operator of test network 001/01", "threshold", HEIST_THRESHOLD, "custodians",
			 custodians(), "batches", "id", batch->id, "count", (int)heist->cards, "first_iccid",
			 batch->first_iccid);
	e = plan ? json_dump_file(plan, path, JSON_INDENT(2)) : -1;
	json_decref(plan);
	return e < 0 ? fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path) : 0;
}

/* Lines of the transcript: for people, and for the report. */
static int note_transcript(struct heist *heist, struct fault *fault)
{
	json_t *lines = heist_lines(heist, "transcript.jsonl", fault);

	if (!lines)
		return -1;
	json_object_set_new(heist->facts, "transcript_lines",
			    json_integer((json_int_t)json_array_size(lines)));
	json_object_set_new(heist->facts, "threshold", json_integer(HEIST_THRESHOLD));
	json_object_set_new(heist->facts, "shares", json_integer(HEIST_SHARES));
	json_decref(lines);
	return 0;
}

int ceremony_stage(struct heist *heist, struct fault *fault)
{
	char program[HEIST_PATH], plan[HEIST_PATH], folder[HEIST_PATH], made[HEIST_PATH],
		transcript[HEIST_PATH];

	heist_program(program, heist, "simrite-ceremony");
	heist_path(plan, heist, "plan.json");
	heist_path(folder, heist, "sealed/ceremony");
	heist_path(made, heist, "sealed/ceremony/transcript.jsonl");
	heist_path(transcript, heist, "transcript.jsonl");
	if (write_plan(heist, plan, fault) < 0)
		return -1;
	{
		const char *const run[] = {program, "run", "--out", folder, plan, NULL};
		const char *const verify[] = {program, "verify", "--plan", plan, transcript, NULL};

		if (heist_run(heist, "ceremony", NULL, run, fault) < 0)
			return -1;
		if (link(made, transcript) < 0)
			return fault_set(fault, FAULT_SYSTEM, NULL, "the ceremony left no transcript");
		if (heist_run(heist, "verify", NULL, verify, fault) < 0)
			return -1;
	}
	return note_transcript(heist, fault);
}

int betrayal_stage(struct heist *heist, struct fault *fault)
{
	char program[HEIST_PATH], shares[HEIST_THRESHOLD][HEIST_PATH], transcript[HEIST_PATH],
		out[HEIST_PATH];
	char name[64];
	int i;

	heist_program(program, heist, "simrite-ceremony");
	for (i = 0; i < HEIST_THRESHOLD; i++) { /* custodians 2, 3 and 4 */
		(void)snprintf(name, sizeof(name), "sealed/ceremony/shares/share-%d.json", i + 2);
		heist_path(shares[i], heist, name);
	}
	heist_path(transcript, heist, "transcript.jsonl");
	heist_path(out, heist, "thieves/master/captured/batch-key.hex");
	if (heist_folder(heist, "thieves", 0700, fault) < 0 ||
	    heist_folder(heist, "thieves/master", 0700, fault) < 0 ||
	    heist_folder(heist, "thieves/master/captured", 0700, fault) < 0)
		return -1;
	{
		const char *const argv[] = {
			program, "recover",      "--batch",  heist_batches[1].id, "--expose-key", "--out",
			out,     "--transcript", transcript, shares[0],           shares[1],      shares[2],
			NULL};

		return heist_run(heist, "recover", NULL, argv, fault);
	}
}
