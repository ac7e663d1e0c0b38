#include "fleet/raid.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/say.h"
#include "lib/spawn.h"

/* ---- the judge ---- */

/* Bits of what a thief got of a subscriber. */
enum got {
	GOT_SESSION = 1, /* shifted by the session's number */
	GOT_ANSWER = 1 << FLEET_SESSIONS,
};

static int judge_sessions(uint8_t *got, uint64_t *lies, const struct fleet *fleet, const char *loot,
			  struct fault *fault)
{
	struct heard_file file;
	uint8_t words[HEARD_DATA];

	if (heard_map(&file, loot, "opened.bin", sizeof(struct opened), fault) < 0)
		return -1;
	for (size_t i = 0; i < file.count; i++) {
		const struct opened *claim = (const struct opened *)(const void *)file.at + i;
		uint32_t place = heard_number(claim->session), subscriber = place % fleet->count;
		unsigned session = place / fleet->count;

		if (session < FLEET_SESSIONS && fleet_words(words, fleet, subscriber, session) == 0 &&
		    memcmp(words, claim->data, sizeof(words)) == 0)
			got[subscriber] |= (uint8_t)(GOT_SESSION << session);
		else
			++*lies;
	}
	heard_unmap(&file);
	return 0;
}

static int judge_answers(uint8_t *got, uint64_t *lies, const struct fleet *fleet, const char *loot,
			 struct fault *fault)
{
	struct heard_file file;

	if (heard_map(&file, loot, "answers.bin", sizeof(struct answered), fault) < 0)
		return -1;
	for (size_t i = 0; i < file.count; i++) {
		const struct answered *claim = (const struct answered *)(const void *)file.at + i;
		uint32_t place = heard_number(claim->challenge);

		if (place < fleet->count && memcmp(claim->res, fleet->members[place].res, 8) == 0)
			got[place] |= GOT_ANSWER;
		else
			++*lies;
	}
	heard_unmap(&file);
	return 0;
}

int raid_judge(struct raid_count *count, const struct fleet *fleet, const char *loot, struct fault *fault)
{
	uint8_t *got = calloc(fleet->count, 1);
	int e;

	*count = (struct raid_count){0};
	if (!got)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory for the judge");
	e = judge_sessions(got, &count->lies, fleet, loot, fault);
	if (e == 0)
		e = judge_answers(got, &count->lies, fleet, loot, fault);
	for (uint32_t i = 0; i < fleet->count; i++) {
		count->before += got[i] & GOT_SESSION;
		count->after += got[i] >> 1 & 1;
		count->opened += (got[i] & (GOT_SESSION | GOT_SESSION << 1)) != 0;
		count->cloned += (got[i] & GOT_ANSWER) != 0;
	}
	free(got);
	return e;
}

/* ---- thieves ---- */

struct job {
	const struct theft *theft;
	bool flip;
	char captured[FLEET_PATH], loot[FLEET_PATH], said[FLEET_PATH];
	pid_t pid;
	double start, seconds;
	struct raid_count count;
};

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void clear(const char *folder)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;
	char path[FLEET_PATH + 300];

	while (entries && (entry = readdir(entries)))
		if (entry->d_name[0] != '.') {
			(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
			(void)unlink(path);
		}
	if (entries)
		closedir(entries);
	(void)rmdir(folder);
}

static int make_folder(char path[static FLEET_PATH], const struct raid *raid, const struct job *job,
		       const char *what, struct fault *fault)
{
	if (snprintf(path, FLEET_PATH, "%s/%s%s-%s", raid->folder, job->theft->name,
		     job->flip ? "-flipped" : "", what) >= FLEET_PATH)
		return fault_set(fault, FAULT_USAGE, "give a shorter path", "the path is too long");
	clear(path);
	if (mkdir(path, 0700) < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make %s: %s", path, strerror(errno));
	return 0;
}

/* What was heard is the same for every thief: one file, many names. */
static int give_record(const struct raid *raid, const struct job *job, struct fault *fault)
{
	static const char *const names[] = {"heard.bin", "challenges.bin"};
	char from[FLEET_PATH + 32], to[FLEET_PATH + 32];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(from, sizeof(from), "%s/%s", raid->fleet->folder, names[i]);
		(void)snprintf(to, sizeof(to), "%s/%s", job->captured, names[i]);
		if (link(from, to) < 0)
			return fault_set(fault, FAULT_SYSTEM, NULL, "cannot link %s: %s", to,
					 strerror(errno));
	}
	return 0;
}

static int start(struct job *job, struct raid *raid, const struct prize *aim, struct fault *fault)
{
	char confiner[FLEET_PATH + 32], thief[FLEET_PATH + 32];
	const char *const argv[] = {confiner, "confine", thief, job->captured, job->loot, NULL};
	struct spawn_order order = {.argv = argv, .in = "/dev/null", .out = job->said, .err = "&1"};
	struct prize prize = *aim;

	(void)snprintf(confiner, sizeof(confiner), "%s/simrite-heist", raid->programs);
	(void)snprintf(thief, sizeof(thief), "%s/simrite-thief-fleet", raid->programs);
	if (make_folder(job->captured, raid, job, "captured", fault) < 0 ||
	    make_folder(job->loot, raid, job, "loot", fault) < 0 || give_record(raid, job, fault) < 0)
		return -1;
	if (snprintf(job->said, sizeof(job->said), "%s/%s%s.said", raid->folder, job->theft->name,
		     job->flip ? "-flipped" : "") >= (int)sizeof(job->said))
		return fault_set(fault, FAULT_USAGE, "give a shorter path", "the path is too long");
	prize.captured = job->captured;
	prize.flip = job->flip;
	prize.fault = fault;
	job->start = now();
	return job->theft->steal(&prize) < 0 ? -1 : spawn_start(&job->pid, &order, fault);
}

/* What the kernel enforced on it, as its first line says. */
static void note_confinement(struct raid *raid, const struct job *job)
{
	char line[256] = "";
	FILE *file = fopen(job->said, "re");
	json_t *said;

	if (file) {
		(void)!fgets(line, sizeof(line), file);
		fclose(file);
	}
	said = json_loads(line, 0, NULL);
	if (!json_is_true(json_object_get(said, "files")))
		raid->confined_files = false;
	if (!json_is_true(json_object_get(said, "sockets")))
		raid->confined_calls = false;
	json_decref(said);
}

static int finish(struct job *job, struct raid *raid, int status, struct fault *fault)
{
	int e = 0;

	job->seconds = now() - job->start;
	job->pid = 0;
	note_confinement(raid, job);
	if (status != 0)
		e = fault_set(fault, status < 128 ? (enum fault_code)status : FAULT_SYSTEM, NULL,
			      "the thief of %s %s ended with status %d",
			      fleet_design_name(raid->fleet->design), job->theft->name, status);
	if (e == 0)
		e = raid_judge(&job->count, raid->fleet, job->loot, fault);
	clear(job->captured);
	clear(job->loot);
	(void)unlink(job->said);
	return e;
}

/* Jobs in their order, as many at a time as there are threads. */
static int run(struct job *jobs, unsigned count, struct raid *raid, const struct prize *aim,
	       struct fault *fault)
{
	unsigned started = 0, ended = 0, running = 0;
	char title[64];
	int status, e = 0;

	(void)snprintf(title, sizeof(title), "thieves of %s", fleet_design_name(raid->fleet->design));
	progress_start(title, count);
	while (ended < started || (e == 0 && started < count)) {
		while (e == 0 && started < count && running < raid->threads && !stop_asked()) {
			e = start(&jobs[started], raid, aim, fault);
			running += e == 0;
			started++;
			ended += e < 0;
		}
		if (e == 0 && stop_asked())
			e = fault_set(fault, FAULT_STOPPED, "the next run begins anew",
				      "stopped during the thefts");
		for (unsigned i = 0; i < started; i++) {
			if (jobs[i].pid <= 0)
				continue;
			if (e < 0) {
				(void)spawn_end(jobs[i].pid, 0);
				clear(jobs[i].captured);
				clear(jobs[i].loot);
				(void)unlink(jobs[i].said);
				jobs[i].pid = 0;
			} else if (spawn_wait(jobs[i].pid, 20, &status) == 0) {
				continue;
			} else {
				e = finish(&jobs[i], raid, status, fault);
			}
			running--;
			ended++;
			progress_at(ended, jobs[i].theft->name);
		}
	}
	progress_end();
	return e;
}

/* ---- cells ---- */

static bool as_expected(const struct job *job, const struct job *control, const struct prize *aim)
{
	const struct theft *t = job->theft;
	const struct raid_count *c = &job->count, *f = &control->count;

	return c->before == theft_radius(t->before, aim) && c->after == theft_radius(t->after, aim) &&
	       c->cloned == theft_radius(t->cloned, aim) && c->lies == 0 && f->opened == 0 &&
	       f->cloned == 0 && f->lies == 0;
}

static void add_cell(struct raid *raid, const struct job *job, const struct job *control,
		     const struct prize *aim)
{
	const struct theft *t = job->theft;
	const char *design = fleet_design_name(raid->fleet->design);
	bool good = as_expected(job, control, aim);
	json_t *cell = json_pack(
		"{s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:{s:I,s:I,s:I},s:{s:I,s:I},s:b,s:s}", "design", design,
		"theft", t->name, "what", t->what, "subscribers", (json_int_t)raid->fleet->count, "opened",
		(json_int_t)job->count.opened, "before", (json_int_t)job->count.before, "after",
		(json_int_t)job->count.after, "cloned", (json_int_t)job->count.cloned, "false_claims",
		(json_int_t)job->count.lies, "expected", "before", (json_int_t)theft_radius(t->before, aim),
		"after", (json_int_t)theft_radius(t->after, aim), "cloned",
		(json_int_t)theft_radius(t->cloned, aim), "one_bit_wrong", "opened",
		(json_int_t)control->count.opened, "cloned", (json_int_t)control->count.cloned, "as_expected",
		good, "label", "measured");

	if (t->form) {
		json_int_t acts = t->acts == RADIUS_BATCH ? (json_int_t)raid->fleet->batches
							  : (json_int_t)theft_radius(t->acts, aim);

		json_object_set_new(cell, "hand_over",
				    json_pack("{s:s,s:s,s:I,s:I,s:s}", "form", t->form, "revocable",
					      t->revocable, "operator_acts", acts, "secrets_that_open_all",
					      (json_int_t)t->secrets, "label", "by construction"));
	}
	raid->wrong += !good;
	json_array_append_new(raid->cells, cell);
	json_array_append_new(raid->times, json_pack("{s:s,s:s,s:f}", "design", design, "theft", t->name,
						     "seconds", job->seconds));
}

int raid(struct raid *raid, struct fault *fault)
{
	struct job *jobs = calloc(2 * theft_count, sizeof(*jobs));
	uint32_t *targets = calloc(raid->targets + 1, sizeof(*targets));
	struct prize aim = {.flip = false};
	unsigned count = 0;
	int e = 0;

	if (!jobs || !targets)
		e = fault_set(fault, FAULT_SYSTEM, NULL, "no memory for thieves");
	else if (theft_aim(&aim, raid->fleet, targets, raid->targets) < 0)
		e = fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
	for (size_t i = 0; e == 0 && i < theft_count; i++)
		if (thefts[i].design == raid->fleet->design) {
			jobs[count++].theft = &thefts[i];
			jobs[count].flip = true;
			jobs[count++].theft = &thefts[i];
		}
	if (e == 0)
		e = run(jobs, count, raid, &aim, fault);
	for (unsigned i = 0; e == 0 && i < count; i += 2)
		add_cell(raid, &jobs[i], &jobs[i + 1], &aim);
	free(jobs);
	free(targets);
	return e;
}
