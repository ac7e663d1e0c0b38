#include "heist/heist.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/say.h"
#include "lib/spawn.h"

static int find_programs(struct heist *heist, struct fault *fault)
{
	ssize_t n = readlink("/proc/self/exe", heist->programs, sizeof(heist->programs) - 1);

	if (n < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot find my own path: %s", strerror(errno));
	heist->programs[n] = 0;
	*strrchr(heist->programs, '/') = 0;
	return 0;
}

int heist_begin(struct heist *heist, const char *folder, struct fault *fault)
{
	char path[PATH_MAX];

	(void)snprintf(heist->shown, sizeof(heist->shown), "%s", folder);
	if (find_programs(heist, fault) < 0)
		return -1;
	if (!realpath(folder, path) || strlen(path) > 300)
		return fault_set(fault, FAULT_SYSTEM, "give a shorter path", "cannot use %s", folder);
	(void)snprintf(heist->out, sizeof(heist->out), "%s", path);
	return 0;
}

int heist_below(struct heist *below, const struct heist *heist, const char *name, struct fault *fault)
{
	char shown[HEIST_PATH];

	(void)snprintf(shown, sizeof(shown), "%.380s/%.120s", heist->shown, name);
	*below = *heist;
	heist_path(below->out, heist, name);
	memcpy(below->shown, shown, sizeof(shown));
	return heist_folder(heist, name, 0755, fault);
}

void heist_path(char path[static HEIST_PATH], const struct heist *heist, const char *name)
{
	(void)snprintf(path, HEIST_PATH, "%.380s/%.120s", heist->out, name);
}

void heist_program(char path[static HEIST_PATH], const struct heist *heist, const char *name)
{
	(void)snprintf(path, HEIST_PATH, "%.380s/%.120s", heist->programs, name);
}

int heist_folder(const struct heist *heist, const char *name, mode_t mode, struct fault *fault)
{
	char path[HEIST_PATH];

	heist_path(path, heist, name);
	if (mkdir(path, mode) == 0 || errno == EEXIST)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make %s: %s", path, strerror(errno));
}

/* What a child said when it failed: its last line that is not indented is the
 * cause, and the indented one below it the hint (lib/say.h). Either may be "". */
static void last_words(char cause[static 256], char hint[static 256], FILE *said)
{
	char line[256];
	size_t blanks;

	cause[0] = hint[0] = 0;
	while (fgets(line, sizeof(line), said)) {
		line[strcspn(line, "\r\n")] = 0;
		blanks = strspn(line, " \t");
		if (!line[blanks])
			continue;
		if (blanks) {
			memcpy(hint, line + blanks, sizeof(line) - blanks);
		} else {
			memcpy(cause, line, sizeof(line));
			hint[0] = 0;
		}
	}
}

/* A child's exit status as our fault. `log` is what it said, NULL when the person saw it. */
static int child_failed(const char *name, int status, const char *log, struct fault *fault)
{
	char cause[256] = "", hint[256] = "";
	FILE *said = log ? fopen(log, "re") : NULL;

	if (stop_asked() || status == 128 + SIGINT || status == 128 + SIGTERM)
		status = FAULT_STOPPED;
	if (said) {
		last_words(cause, hint, said);
		fclose(said);
	}
	if (status == FAULT_STOPPED)
		return fault_set(fault, FAULT_STOPPED, "the next run begins anew", "stopped during %s", name);
	return fault_set(fault, status < 128 ? (enum fault_code)status : FAULT_SYSTEM,
			 hint[0] ? hint
			 : log   ? NULL
				 : "what each program said is in log/ of the output folder",
			 "%s: exit status %d%s%s", name, status, cause[0] ? ": " : "", cause);
}

int heist_run(const struct heist *heist, const char *name, const char *output, const char *const *argv,
	      struct fault *fault)
{
	char out[HEIST_PATH], err[HEIST_PATH], file[128];
	struct spawn_order order = {.argv = argv, .in = "/dev/null", .out = out};
	int status;

	(void)snprintf(file, sizeof(file), "log/%.80s.out", name);
	heist_path(out, heist, output ? output : file);
	(void)snprintf(file, sizeof(file), "log/%.80s.err", name);
	heist_path(err, heist, file);
	if (stop_asked())
		return fault_set(fault, FAULT_STOPPED, "the next run begins anew", "stopped before %s", name);
	if (!isatty(STDERR_FILENO))
		order.err = err;
	status = spawn_run(&order, -1, fault);
	return status <= 0 ? status : child_failed(name, status, order.err, fault);
}

/* With --json a batch that fails tells it in an object, which we pass on as ours. */
static void take_fault(const struct heist *heist, const char *file, struct fault *fault)
{
	json_t *lines = heist_lines(heist, file, NULL), *line;
	const char *text, *hint;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		text = json_string_value(json_object_get(line, "text"));
		hint = json_string_value(json_object_get(line, "hint"));
		if (text && hint)
			fault_set(fault, fault->code, hint, "%s", text);
	}
	json_decref(lines);
}

int heist_show(const struct heist *heist, const char *name, const char *const *argv, struct fault *fault)
{
	char out[HEIST_PATH], file[64];
	struct spawn_order order = {.argv = argv, .in = "/dev/null"};
	int status;

	(void)snprintf(file, sizeof(file), "log/%.48s.out", name);
	heist_path(out, heist, file);
	if (say_json())
		order.out = out;
	if (stop_asked())
		return fault_set(fault, FAULT_STOPPED, "the next run begins anew", "stopped before %s", name);
	fflush(stdout);
	status = spawn_run(&order, -1, fault);
	if (status <= 0)
		return status;
	(void)child_failed(name, status, NULL, fault);
	if (say_json() && fault->code != FAULT_STOPPED)
		take_fault(heist, file, fault);
	return -1;
}

static int copy(const char *from, const char *to, struct fault *fault)
{
	int in = open(from, O_RDONLY | O_CLOEXEC),
	    out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t n = in < 0 || out < 0 ? -1 : 1;

	while (n > 0)
		n = sendfile(out, in, NULL, 1 << 20);
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) < 0)
		n = -1;
	return n < 0 ? fault_set(fault, FAULT_SYSTEM, NULL, "cannot copy %s: %s", from, strerror(errno)) : 0;
}

int heist_copy(const struct heist *heist, const char *from, const char *to, struct fault *fault)
{
	char source[HEIST_PATH], target[HEIST_PATH];

	heist_path(source, heist, from);
	heist_path(target, heist, to);
	return copy(source, target, fault);
}

json_t *heist_lines(const struct heist *heist, const char *name, struct fault *fault)
{
	json_t *lines = json_array(), *line;
	char path[HEIST_PATH], *text = NULL;
	json_error_t error;
	size_t size = 0;
	ssize_t n;
	FILE *file;

	heist_path(path, heist, name);
	if (!(file = fopen(path, "re"))) {
		fault_set(fault, FAULT_INPUT, NULL, "cannot read %s: %s", path, strerror(errno));
		json_decref(lines);
		return NULL;
	}
	while ((n = getline(&text, &size, file)) > 1)
		if ((line = json_loadb(text, (size_t)n, 0, &error)))
			json_array_append_new(lines, line);
	free(text);
	fclose(file);
	return lines;
}
