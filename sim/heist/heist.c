#include "heist/heist.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heist/mailbox.h"
#include "lib/say.h"
#include "lib/spawn.h"

const struct heist_batch heist_batches[2] = {
	{DESIGN_PLAIN, "plain-1", "001010000000101", "8988211000000001019", "256", MAILBOX_ORDER_PLAIN,
	 MAILBOX_FILE_PLAIN},
	{DESIGN_DERIVED, "derived-1", "001010000000201", "8988211000000002017", "4096", MAILBOX_ORDER_DERIVED,
	 MAILBOX_FILE_DERIVED},
};

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

/* The last line a child wrote that is not empty. */
static void last_words(char words[static 256], const char *path)
{
	FILE *file = fopen(path, "re");
	char line[256];

	words[0] = 0;
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\r\n")] = 0;
		if (line[0])
			memcpy(words, line, sizeof(line));
	}
	if (file)
		fclose(file);
}

int heist_run(const struct heist *heist, const char *name, const char *output, const char *const *argv,
	      struct fault *fault)
{
	char out[HEIST_PATH], err[HEIST_PATH], file[128], words[256] = "";
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
	if (status <= 0)
		return status;
	if (order.err)
		last_words(words, err);
	return fault_set(fault, status < 128 ? (enum fault_code)status : FAULT_SYSTEM, NULL,
			 "%s: exit status %d%s%s", name, status, words[0] ? ": " : "", words);
}

int heist_show(const struct heist *heist, const char *const *argv, struct fault *fault)
{
	struct spawn_order order = {.argv = argv, .in = "/dev/null"};
	int status;

	(void)heist;
	fflush(stdout);
	status = spawn_run(&order, -1, fault);
	if (status <= 0)
		return status;
	return fault_set(fault, status < 128 ? (enum fault_code)status : FAULT_SYSTEM,
			 "see log/ in the output folder", "the batch failed: exit status %d", status);
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
