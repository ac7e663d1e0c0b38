/* control.h - asking a simulation's keeper for something.
 *
 * One request and one reply on the Unix SEQPACKET socket <folder>/control,
 * which only its user can reach. Requests are "status", "insert N",
 * "remove N" and "down". A reply is a fault (code 0: done) and text. */
#ifndef SIMRITE_CONTROL_H
#define SIMRITE_CONTROL_H

#include "up/simulation.h"

struct control_reply {
	struct fault fault;
	char text[6000]; /* status: one JSON object */
};

/* The simulation meant: `folder` when given, else the one whose pcscd
 * PCSCLITE_CSOCK_NAME names, else the only one running. Fills `out`. */
int control_find(char out[static SIMULATION_FOLDER], const char *folder, struct fault *fault);

/* All running simulations of this user: at most `size` folders; their number. */
size_t control_list(char (*folders)[SIMULATION_FOLDER], size_t size);

/* Ask. The reply's fault becomes the fault; -1 also when nobody answers. */
int control_ask(const char *folder, const char *request, struct control_reply *reply, struct fault *fault);

/* The keeper's end: listen, and take one request (at most `size` - 1 letters)
 * from a caller who is given to control_answer(). */
int control_listen(const struct simulation *simulation, struct fault *fault);
int control_accept(int listener, char *request, size_t size);       /* the caller, or -1 */
void control_answer(int caller, const struct control_reply *reply); /* and let it wait for the hang-up */

#endif
