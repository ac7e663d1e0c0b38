#include "vet/rebuild.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/hex.h"
#include "lib/spawn.h"

enum {
	DIGEST = 32
};

const char *const rebuild_environments[REBUILDS] = {
	"a/tree, files of now, umask 022, UTC, C, user alice, two jobs",
	"b/another/and/longer/name/of/a/folder/tree, files of 2001, umask 077, UTC+14, C.UTF-8, user bob, one job, "
	"mbedTLS elsewhere"};

static const struct environment {
	const char *folder, *jobs;
	mode_t umask;
	const char *const lines[6];
} environments[REBUILDS] = {
	{"a",
	 "-j2",
	 022,
	 {"TZ=UTC", "LC_ALL=C", "USER=alice", "HOME=/nonexistent/alice", "MAKEFLAGS=", NULL}},
	{"b/another/and/longer/name/of/a/folder",
	 "-j1",
	 077,
	 {"TZ=Pacific/Kiritimati", "LC_ALL=C.UTF-8", "USER=bob", "HOME=/nonexistent/bob",
	  "MAKEFLAGS=", NULL}}};

/* Run to its end: 0, or FAULT_INPUT that names the log. */
static int run(const char *const *argv, const char *folder, const char *const *lines, const char *log,
	       const char *what, struct fault *fault)
{
	struct spawn_order order = {.argv = argv,
				    .folder = folder,
				    .environment = lines,
				    .in = "/dev/null",
				    .out = log,
				    .err = "&1"};
	int status = spawn_run(&order, -1, fault);
	char hint[PATH_MAX + 32];

	if (status == 0)
		return 0;
	if (status < 0)
		return -1;
	(void)snprintf(hint, sizeof(hint), "see %s", log);
	return fault_set(fault, FAULT_INPUT, hint, "%s: exit status %d", what, status);
}

/* Fresh copies of what a build reads, and nothing that was built. */
static int copy(const struct rebuild_order *order, const char *folder, int move_library, const char *log,
		struct fault *fault)
{
	static const char script[] =
		"set -e; mkdir -p \"$2/tree\"; cd \"$1\";"
		"cp -r Makefile firmware boards host sim tests \"$2/tree\";"
		"if [ \"$4\" = 1 ]; then mkdir \"$2/library\"; cp -r \"$3/library\" \"$3/include\" \"$2/library\";"
		"find \"$2\" -type f -exec touch -d 2001-01-01 {} +; fi";
	const char *const argv[] = {"sh",          "-c",   script,         "sh",
				    order->source, folder, order->mbedtls, move_library ? "1" : "0",
				    NULL};

	return run(argv, NULL, NULL, log, "copying the source", fault);
}

/* The digest is in the source that the build makes of the sources: 0xNN, ... */
static int read_digest(struct rebuild *out, const char *tree, struct fault *fault)
{
	char path[PATH_MAX];
	unsigned value, count = 0;
	uint8_t digest[DIGEST];
	FILE *from;

	(void)snprintf(path, sizeof(path), "%.*s/build/build_digest.c", PATH_MAX - 32, tree);
	from = fopen(path, "re");
	if (!from)
		return fault_set(fault, FAULT_INPUT, NULL, "%s: %s", path, strerror(errno));
	while (!feof(from) && count < DIGEST) {
		int c = fgetc(from);

		if (c == '0' && fscanf(from, "x%2x", &value) == 1)
			digest[count++] = (uint8_t)value;
	}
	(void)fclose(from);
	if (count < DIGEST)
		return fault_set(fault, FAULT_INPUT, NULL, "%s holds no digest", path);
	hex_write(out->digest, digest, DIGEST);
	return 0;
}

int rebuild_run(struct rebuild *out, const struct rebuild_order *order, unsigned which, struct fault *fault)
{
	const struct environment *e = &environments[which];
	char folder[PATH_MAX], tree[PATH_MAX], log[PATH_MAX], board[64], library[PATH_MAX];
	const char *const argv[] = {"make", "--no-print-directory", e->jobs, board, library, NULL};
	struct timespec from, to;
	mode_t before;
	int result;

	if (snprintf(folder, sizeof(folder), "%s/%s", order->folder, e->folder) >= PATH_MAX - 64)
		return fault_set(fault, FAULT_USAGE, NULL, "the folder's name is too long");
	(void)snprintf(tree, sizeof(tree), "%.*s/tree", PATH_MAX - 16, folder);
	(void)snprintf(log, sizeof(log), "%.*s/log-%u", PATH_MAX - 16, order->folder, which);
	(void)snprintf(board, sizeof(board), "BOARD=%.50s", order->board);
	(void)snprintf(library, sizeof(library), "MBEDTLS_SRC=%.*s%s", PATH_MAX - 32,
		       which ? folder : order->mbedtls, which ? "/library" : "");
	before = umask(e->umask);
	(void)clock_gettime(CLOCK_MONOTONIC, &from);
	result = copy(order, folder, which > 0, log, fault);
	if (result == 0)
		result = run(argv, tree, e->lines, log, "building", fault);
	(void)clock_gettime(CLOCK_MONOTONIC, &to);
	(void)umask(before);
	out->seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	(void)snprintf(out->elf, sizeof(out->elf), "%.*s/build/%.50s/card.elf", PATH_MAX - 80, tree,
		       order->board);
	(void)snprintf(out->hex, sizeof(out->hex), "%.*s/build/%.50s/card.hex", PATH_MAX - 80, tree,
		       order->board);
	return result == 0 ? read_digest(out, tree, fault) : -1;
}
