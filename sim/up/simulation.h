/* simulation.h - one private PC/SC world: where its pieces are.
 *
 * A simulation is a folder only its user can enter, in XDG_RUNTIME_DIR or
 * /tmp, and a keeper process (keeper.h) that owns everything in it:
 *
 *     run/          what its pcscd sees as /run/pcscd; run/pcscd.comm is the
 *                   socket clients find by PCSCLITE_CSOCK_NAME
 *     control       the keeper's socket (control.h)
 *     reader.conf   one entry a slot         reader.so   the driver
 *     slots/        NN: the memory of the card in slot NN, or the serial line
 *                   its board is on (a symbolic link); NN.sock: where a card
 *                   process or a board in QEMU is reached
 *     cards/        the cards' memory when --state names no other folder
 *     log           what pcscd, driver and cards said
 */
#ifndef SIMRITE_SIMULATION_H
#define SIMRITE_SIMULATION_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/fault.h"

enum {
	SIMULATION_CARDS_MAX = 16, /* pcscd has no more reader slots */
	SIMULATION_FOLDER = 56,    /* so that socket paths below it fit sun_path */
	SIMULATION_PATH = 4096
};

enum simulation_board {
	BOARD_NATIVE,
	BOARD_MICROBIT,
	BOARD_TTY /* a real one on a serial line: one card, whose memory is its own */
};

struct simulation {
	char folder[SIMULATION_FOLDER];
	char state[SIMULATION_PATH]; /* absolute; folder/cards when none was asked for; BOARD_TTY: the line */
	unsigned cards;              /* 1..SIMULATION_CARDS_MAX */
	enum simulation_board board;
	bool process;                               /* each card a process */
	bool fresh[SIMULATION_CARDS_MAX];           /* the card had no memory before this run */
	char driver[SIMULATION_PATH];               /* libifdsimrite.so */
	char card_program[SIMULATION_PATH];         /* simrite-vcard */
	const char *programs[SIMULATION_CARDS_MAX]; /* of card N, in its place; NULL: none */
	char board_program[SIMULATION_PATH];        /* run-qemu.sh; empty when not there */
};

/* "native", "microbit" or "tty". */
const char *simulation_board(const struct simulation *simulation);

/* Find the driver and programs beside this one, make the folder and what is
 * in it. `state` may be NULL; with BOARD_TTY it is the line. On -1 nothing is left behind. */
int simulation_make(struct simulation *simulation, const char *state, struct fault *fault);
void simulation_remove(const struct simulation *simulation); /* the folder and all in it */

/* "<folder>/<name>" */
void simulation_path(const struct simulation *simulation, char out[static SIMULATION_PATH], const char *name);
/* "<folder>/slots/NN<suffix>" */
void simulation_slot(const struct simulation *simulation, char out[static SIMULATION_PATH], unsigned slot,
		     const char *suffix);
/* "<state>/card-NN.nvm"; a board's memory is not ours, so "card-NN.microbit".
 * Not with BOARD_TTY. */
void simulation_memory(const struct simulation *simulation, char out[static SIMULATION_PATH], unsigned slot);
/* The PC/SC name of a slot's reader: "simrite NN 00", NN in hex. */
void simulation_reader(char out[static 32], unsigned slot);

/* Let this process's libpcsclite find the simulation in `folder`. */
void simulation_enter(const char *folder);

#endif
