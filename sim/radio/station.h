/* station.h - a false base station may stand between the phones and the network.
 *
 * It is another process, and gets nothing but what goes over the air: a
 * sequenced-packet Unix socket. Each message is STATION_HEADER bytes and the
 * frame: who said it (to us: who shall hear it), the kind (air.h), the link's
 * number. For every frame it is given it sends one, to either side, or
 * nothing, and then nobody hears anything. */
#ifndef SIMRITE_STATION_H
#define SIMRITE_STATION_H

#include "lib/fault.h"
#include "radio/air.h"

enum {
	STATION_HEADER = 4, /* side, kind, link (2, high byte first) */
	STATION_MAX = STATION_HEADER + AIR_MAX,
	STATION_PATIENCE_MS = 3000,
};

enum station_side {
	STATION_PHONE = 0,
	STATION_NETWORK = 1,
};

struct station {
	int socket;
};

/* Listen at `path` until a program has come and stands between; 30 seconds. */
int station_await(struct station *station, const char *path, struct fault *fault);
void station_end(struct station *station);

/* Give it a frame of `from`: 1 and *to, and `frame` holds what that side
 * hears; 0: nothing came; -1: it is gone, or sent what is no frame. */
int station_pass(struct station *station, enum station_side *to, struct frame *frame, enum station_side from,
		 struct fault *fault);

/* The other end: connect, and become `argv` with the socket as its standard input. Returns only when that
 * fails. */
int station_become(const char *path, char **argv, struct fault *fault);

#endif
