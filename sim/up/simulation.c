/* pcscd reads reader.conf word by word, without escapes, so every path in it
 * is one we made ourselves: the driver, wherever it was built or installed,
 * is reached through a link in the folder. */
#include "up/simulation.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Room for every name below the folder was left in SIMULATION_PATH; a path
 * that would not fit becomes empty and fails where it is used. */
static void join(char out[static SIMULATION_PATH], const char *folder, const char *name)
{
	if (snprintf(out, SIMULATION_PATH, "%s/%s", folder, name) >= SIMULATION_PATH)
		out[0] = 0;
}

void simulation_path(const struct simulation *simulation, char out[static SIMULATION_PATH], const char *name)
{
	join(out, simulation->folder, name);
}

void simulation_slot(const struct simulation *simulation, char out[static SIMULATION_PATH], unsigned slot,
		     const char *suffix)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "slots/%02X%s", slot, suffix);
	join(out, simulation->folder, name);
}

void simulation_memory(const struct simulation *simulation, char out[static SIMULATION_PATH], unsigned slot)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "card-%02X.%s", slot,
		       simulation->board == BOARD_MICROBIT ? "microbit" : "nvm");
	join(out, simulation->state, name);
}

const char *simulation_board(const struct simulation *simulation)
{
	static const char *const names[] = {
		[BOARD_NATIVE] = "native", [BOARD_MICROBIT] = "microbit", [BOARD_TTY] = "tty"};

	return names[simulation->board];
}

void simulation_reader(char out[static 32], unsigned slot)
{
	(void)snprintf(out, 32, "simrite %02X 00", slot);
}

void simulation_enter(const char *folder)
{
	char path[SIMULATION_PATH];

	join(path, folder, "run/pcscd.comm");
	(void)setenv("PCSCLITE_CSOCK_NAME", path, 1);
}

/* The first of the places, relative to this program, that exists. */
static void locate(char out[static SIMULATION_PATH], const char *home, const char *const *places)
{
	char path[SIMULATION_PATH], *real = NULL;

	for (; *places && !real; places++) {
		join(path, home, *places);
		real = realpath(path, NULL);
	}
	(void)snprintf(out, SIMULATION_PATH, "%s", real ? real : "");
	free(real);
}

static int find_programs(struct simulation *simulation, struct fault *fault)
{
	static const char *const drivers[] = {"../lib/libifdsimrite.so", "../lib/simrite/libifdsimrite.so",
					      NULL};
	static const char *const cards[] = {"simrite-vcard", NULL};
	static const char *const boards[] = {"../../boards/microbit/run-qemu.sh",
					     "../../../boards/microbit/run-qemu.sh", NULL};
	char home[SIMULATION_PATH];
	ssize_t n = readlink("/proc/self/exe", home, sizeof(home) - 1);

	if (n < 0)
		return fault_set(fault, FAULT_SYSTEM, "mount /proc", "cannot tell where this program is: %s",
				 strerror(errno));
	home[n] = 0;
	*strrchr(home, '/') = 0;
	locate(simulation->driver, home, drivers);
	locate(simulation->card_program, home, cards);
	locate(simulation->board_program, home, boards);
	if (!*simulation->driver)
		return fault_set(fault, FAULT_SYSTEM, "build with \"make\", or install with \"make install\"",
				 "the reader driver libifdsimrite.so is neither in %s/../lib nor in "
				 "%s/../lib/simrite",
				 home, home);
	return 0;
}

/* May pcscd read this in its reader.conf? */
static bool plain(const char *path)
{
	return path[strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_.-")] == 0;
}

static int make_folder(struct simulation *simulation, struct fault *fault)
{
	const char *place = getenv("XDG_RUNTIME_DIR");

	/* When /run/pcscd is not there, our pcscd gets a /run of its own, and a
	 * folder below the real one would be out of its sight. */
	if (!place || *place != '/' || !plain(place) ||
	    strlen(place) + sizeof("/simrite-XXXXXX") > sizeof(simulation->folder) ||
	    access("/run/pcscd", F_OK) != 0 || access(place, W_OK) != 0)
		place = "/tmp";
	(void)snprintf(simulation->folder, sizeof(simulation->folder), "%s/simrite-XXXXXX", place);
	if (!mkdtemp(simulation->folder)) {
		simulation->folder[0] = 0;
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot make a folder in %s: %s", place,
				 strerror(errno));
	}
	return 0;
}

/* A line somebody may use; opening it could already reset the board, so that
 * is left to the reader. A card that is there is nobody's to personalise. */
static int find_line(struct simulation *simulation, const char *line, struct fault *fault)
{
	struct stat status;

	if (!realpath(line, simulation->state) || stat(simulation->state, &status) < 0)
		return fault_set(fault, FAULT_CARD, "is the board plugged in?",
				 "cannot use the serial line \"%s\": %s", line, strerror(errno));
	if (!S_ISCHR(status.st_mode))
		return fault_set(fault, FAULT_CARD, "for example tty:/dev/ttyACM0",
				 "\"%s\" is no serial line", line);
	if (access(simulation->state, R_OK | W_OK) < 0)
		return fault_set(fault, FAULT_SYSTEM, "its group, often \"dialout\", may use it",
				 "cannot use the serial line \"%s\": %s", line, strerror(errno));
	return 0;
}

static int make_state(struct simulation *simulation, const char *state, struct fault *fault)
{
	char path[SIMULATION_PATH];
	unsigned i;

	if (simulation->board == BOARD_TTY)
		return find_line(simulation, state, fault);
	if (!state)
		simulation_path(simulation, path, "cards");
	else
		(void)snprintf(path, sizeof(path), "%s", state);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return fault_set(fault, FAULT_SYSTEM, "its parent folder must exist and be writable",
				 "cannot make the folder \"%s\": %s", path, strerror(errno));
	if (!realpath(path, simulation->state))
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot use the folder \"%s\": %s", path,
				 strerror(errno));
	if (strncmp(simulation->state, "/run/", 5) == 0 && access("/run/pcscd", F_OK) != 0)
		return fault_set(fault, FAULT_SYSTEM, "choose a folder outside /run",
				 "cards cannot be kept in \"%s\" on this system", simulation->state);
	for (i = 0; i < simulation->cards; i++) {
		simulation_memory(simulation, path, i);
		simulation->fresh[i] = access(path, F_OK) != 0;
	}
	return 0;
}

static int write_conf(const struct simulation *simulation, struct fault *fault)
{
	const char *scheme = simulation->process ? "socket" : "linked";
	const char *suffix = "";
	char path[SIMULATION_PATH];
	FILE *conf;
	unsigned i;

	simulation_path(simulation, path, "reader.conf");
	conf = fopen(path, "wxe");
	if (!conf)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write \"%s\": %s", path, strerror(errno));
	if (simulation->board != BOARD_NATIVE)
		scheme = simulation->board == BOARD_TTY ? "t0:tty" : "t0:unix";
	if (simulation->board == BOARD_MICROBIT || simulation->process)
		suffix = ".sock";
	/* LIBPATH comes last: with it pcscd takes an entry for complete. */
	for (i = 0; i < simulation->cards; i++) {
		simulation_slot(simulation, path, i, suffix);
		(void)fprintf(conf,
			      "FRIENDLYNAME \"simrite\"\nDEVICENAME /dev/null:%s:%s\nCHANNELID %u\n"
			      "LIBPATH %s/reader.so\n\n",
			      scheme, path, i, simulation->folder);
	}
	if (fclose(conf) != 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write reader.conf: %s", strerror(errno));
	return 0;
}

int simulation_make(struct simulation *simulation, const char *state, struct fault *fault)
{
	static const char *const folders[] = {"run", "slots", "none"};
	char path[SIMULATION_PATH];
	size_t i;

	if (find_programs(simulation, fault) < 0 || make_folder(simulation, fault) < 0)
		return -1;
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		simulation_path(simulation, path, folders[i]);
		if (mkdir(path, 0700) < 0) {
			fault_set(fault, FAULT_SYSTEM, NULL, "cannot make \"%s\": %s", path, strerror(errno));
			goto failed;
		}
	}
	simulation_path(simulation, path, "reader.so");
	if (symlink(simulation->driver, path) < 0) {
		fault_set(fault, FAULT_SYSTEM, NULL, "cannot make \"%s\": %s", path, strerror(errno));
		goto failed;
	}
	if (make_state(simulation, state, fault) < 0 || write_conf(simulation, fault) < 0)
		goto failed;
	return 0;
failed:
	simulation_remove(simulation);
	return -1;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	(void)remove(path);
	return 0;
}

void simulation_remove(const struct simulation *simulation)
{
	if (*simulation->folder)
		(void)nftw(simulation->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
