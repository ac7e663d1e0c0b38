#include "heist/run_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char marker[] = ".simrite-heist";

/* All that a run makes at the top of its folder; *.new while it is written. */
static const char *const made[] = {"world.json",
				   "plan.json",
				   "transcript.jsonl",
				   "mail",
				   "radio.pcapng",
				   "thieves",
				   "log",
				   "sealed",
				   "worlds",
				   "matrix.json",
				   "result.json",
				   "report.html",
				   "matrix.json.new",
				   "result.json.new",
				   "report.html.new",
				   NULL};

/* What another program makes in the same folder, which stays there: "make fleet" before "make matrix". */
static const char kept[] = "fleet.json";

static int marker_path(char path[static 512], const char *folder, struct fault *fault)
{
	if (snprintf(path, 512, "%s/%s", folder, marker) < 512)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, "give a shorter path", "cannot use %.200s", folder);
}

/* The descriptor stays open, and with it the lock, until this program ends. */
static int hold(const char *folder, int flags, struct fault *fault)
{
	char path[512];
	int fd;

	if (marker_path(path, folder, fault) < 0)
		return -1;
	fd = open(path, flags | O_RDWR | O_CLOEXEC, 0644);
	if (fd < 0 && errno == ENOENT)
		return fault_set(fault, FAULT_POLICY, "give a folder that is not there yet",
				 "%s is there and is no earlier run of this program", folder);
	if (fd < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	close(fd);
	if (errno == EWOULDBLOCK)
		return fault_set(fault, FAULT_POLICY, "wait for it, or give another folder",
				 "another run is at work in %s", folder);
	return fault_set(fault, FAULT_SYSTEM, NULL, "cannot lock %s: %s", path, strerror(errno));
}

static bool is_made(const char *name)
{
	size_t i;

	for (i = 0; made[i]; i++)
		if (!strcmp(name, made[i]))
			return true;
	return !strcmp(name, marker) || !strcmp(name, kept) || !strcmp(name, ".") || !strcmp(name, "..");
}

static int refuse_others(const char *folder, struct fault *fault)
{
	struct dirent *entry;
	DIR *names = opendir(folder);
	int e = 0;

	if (!names)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot read %s: %s", folder, strerror(errno));
	while (e == 0 && (entry = readdir(names)))
		if (!is_made(entry->d_name))
			e = fault_set(fault, FAULT_POLICY, "move it away, or give another folder",
				      "%s holds \"%s\", which no run made; nothing was removed", folder,
				      entry->d_name);
	closedir(names);
	return e;
}

static int remove_tree(const char *path)
{
	char *const roots[] = {(char *)(uintptr_t)path, NULL};
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int bad = 0;

	if (!walk)
		return -1;
	while ((entry = fts_read(walk)))
		if (entry->fts_info != FTS_D && !(entry->fts_info == FTS_NS && entry->fts_errno == ENOENT))
			bad |= remove(entry->fts_path) != 0;
	fts_close(walk);
	return bad ? -1 : 0;
}

static int empty(const char *folder, struct fault *fault)
{
	char path[512];
	size_t i;

	if (refuse_others(folder, fault) < 0)
		return -1;
	for (i = 0; made[i]; i++) {
		if (snprintf(path, sizeof(path), "%s/%s", folder, made[i]) >= (int)sizeof(path) ||
		    remove_tree(path) < 0)
			return fault_set(fault, FAULT_SYSTEM, NULL, "cannot remove all of %s", folder);
	}
	return 0;
}

/* Is that all there is, and so nothing of anybody else's? */
static bool only_kept(const char *folder)
{
	DIR *names = opendir(folder);
	struct dirent *entry;
	unsigned found = 0, others = 0;

	if (!names)
		return false;
	while ((entry = readdir(names))) {
		if (!strcmp(entry->d_name, kept))
			found++;
		else if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			others++;
	}
	closedir(names);
	return found && !others;
}

int run_folder_make(const char *folder, struct fault *fault)
{
	if (mkdir(folder, 0755) == 0)
		return hold(folder, O_CREAT, fault);
	if (errno != EEXIST)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make %s: %s", folder, strerror(errno));
	return hold(folder, only_kept(folder) ? O_CREAT : 0, fault) < 0 || empty(folder, fault) < 0 ? -1 : 0;
}

int run_folder_hold(const char *folder, struct fault *fault)
{
	if (access(folder, F_OK) < 0)
		return fault_set(fault, FAULT_INPUT, "run simrite heist demo first", "%s: %s", folder,
				 strerror(errno));
	return hold(folder, 0, fault);
}
