#include "heist/centre.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/say.h"
#include "lib/spawn.h"

/* The centre answers as soon as its socket is there. */
static int wait_for(const struct centre *centre, struct fault *fault)
{
	const struct timespec pause = {.tv_nsec = 10000000L};
	int i, status;

	for (i = 0; i < 1000 && !stop_asked(); i++) {
		if (access(centre->socket, F_OK) == 0)
			return 0;
		if (spawn_wait(centre->child, 0, &status) == 1)
			return fault_set(fault, FAULT_SYSTEM, "its log is in log/ of the world",
					 "the authentication centre ended: exit status %d", status);
		(void)nanosleep(&pause, NULL);
	}
	if (stop_asked())
		return fault_set(fault, FAULT_STOPPED, NULL, "stopped before the phones attached");
	return fault_set(fault, FAULT_SYSTEM, NULL, "the authentication centre does not start");
}

static int simulation_folder(char folder[static 80], struct fault *fault)
{
	static const char tail[] = "/run/pcscd.comm";
	const char *socket_path = getenv("PCSCLITE_CSOCK_NAME");
	size_t n = socket_path ? strlen(socket_path) : 0;

	if (n <= sizeof(tail) || n - sizeof(tail) >= 79 ||
	    strcmp(socket_path + n - (sizeof(tail) - 1), tail) != 0)
		return fault_set(fault, FAULT_USAGE, "simrite sim run --cards 8 -- simrite heist batch ...",
				 "a batch runs inside simulated readers only");
	(void)snprintf(folder, 80, "%.*s", (int)(n - (sizeof(tail) - 1)), socket_path);
	return 0;
}

int centre_start(struct centre *centre, const struct heist *at, const char *database, const char *name,
		 struct fault *fault)
{
	char program[HEIST_PATH], folder[80], path[HEIST_PATH], token[HEIST_PATH], hsm[HEIST_PATH + 8];
	char out[HEIST_PATH], err[HEIST_PATH], file[96];
	struct spawn_order order = {.in = "/dev/null", .out = out, .err = err, .own_group = true};
	int e;

	if (simulation_folder(folder, fault) < 0)
		return -1;
	(void)snprintf(centre->socket, sizeof(centre->socket), "%s/auc", folder);
	(void)setenv("TMPDIR", folder, 1);
	heist_program(program, at, "simrite-auc");
	heist_path(path, at, database);
	heist_path(token, at, "sealed/ceremony/hsm");
	(void)snprintf(hsm, sizeof(hsm), "softhsm:%s", token);
	(void)snprintf(file, sizeof(file), "log/auc-serve-%.60s.out", name);
	heist_path(out, at, file);
	(void)snprintf(file, sizeof(file), "log/auc-serve-%.60s.err", name);
	heist_path(err, at, file);
	{
		const bool has_token = access(token, F_OK) == 0;
		const char *const argv[] = {
			program,      "serve", "--until-parent-dies",      "--socket", centre->socket,
			"--database", path,    has_token ? "--hsm" : NULL, hsm,        NULL};

		order.argv = argv;
		e = spawn_start(&centre->child, &order, fault);
	}
	if (e < 0)
		return -1;
	if ((e = wait_for(centre, fault)) < 0)
		centre_stop(centre);
	return e;
}

void centre_stop(struct centre *centre)
{
	(void)spawn_end(centre->child, 2000);
}

int centre_tally(struct centre_tally *tally, const struct heist *at, const char *name, struct fault *fault)
{
	char path[HEIST_PATH], file[96], line[200];
	struct centre_tally one;
	bool found = false;
	FILE *said;

	(void)snprintf(file, sizeof(file), "log/auc-serve-%.60s.out", name);
	heist_path(path, at, file);
	if (!(said = fopen(path, "re")))
		return fault_set(fault, FAULT_INPUT, NULL, "cannot read %s: %s", path, strerror(errno));
	while (!found && fgets(line, sizeof(line), said))
		found = sscanf(line, /* NOLINT(cert-err34-c): the centre's own small numbers */
			       "%u requests: %u vectors, %u triplets, %u resynchronised, %u refused, %u malformed",
			       &one.requests, &one.vectors, &one.triplets, &one.resynchronised, &one.refused,
			       &one.malformed) == 6;
	fclose(said);
	if (!found)
		return fault_set(fault, FAULT_INPUT, NULL, "%s has no tally", path);
	tally->requests += one.requests;
	tally->vectors += one.vectors;
	tally->triplets += one.triplets;
	tally->resynchronised += one.resynchronised;
	tally->refused += one.refused;
	tally->malformed += one.malformed;
	return 0;
}
