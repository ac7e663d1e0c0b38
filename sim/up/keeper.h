/* keeper.h - the process that owns a simulation.
 *
 * It starts pcscd, card processes and boards, waits until every reader shows
 * its card, serves control requests, and takes everything down again: when
 * asked, on SIGTERM, when pcscd ends, or when the program that started it is
 * gone, however that went. If the keeper itself is killed, the kernel kills
 * its children. */
#ifndef SIMRITE_KEEPER_H
#define SIMRITE_KEEPER_H

#include <sys/types.h>

#include "up/simulation.h"

/* Our end of the line to a keeper. */
struct keeper {
	pid_t pid;
	int line; /* readable when the keeper is ready or gone; closing it ends the simulation */
};

/* Fork a keeper for a simulation that simulation_make() made. Returns at once. */
int keeper_start(struct keeper *keeper, const struct simulation *simulation, struct fault *fault);

/* After `line` became readable: 0 when the simulation is up, or -1 and why not. */
int keeper_ready(const struct keeper *keeper, struct fault *fault);

/* Let the simulation live on without us. */
void keeper_release(struct keeper *keeper);

/* End the simulation and wait until nothing of it is left. */
void keeper_end(struct keeper *keeper);

#endif
