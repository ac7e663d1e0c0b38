/* server.h - the authentication centre on a unix datagram socket.
 *
 * Answers hostapd's eap_sim_db requests (lib/eap_sim_db.h). Requests that wait
 * together are answered together after one commit. The socket is 0600: who
 * may connect may have every subscriber's vectors. */
#ifndef SIMRITE_AUC_SERVER_H
#define SIMRITE_AUC_SERVER_H

#include "lib/auc.h"

struct server;

struct server_tally {
	unsigned long requests, vectors, triplets, resynchronised, failures, malformed;
};

/* Bind PATH. A socket left behind by a server that died is replaced; a live
 * server's is not (FAULT_POLICY). */
int server_open(struct server **server, const char *path, struct fault *fault);
/* Answer until stop_asked(); a request that cannot be answered gets FAILURE,
 * and only the socket's own failure ends it with -1. */
int server_run(struct server *server, struct auc *auc, struct fault *fault);
const struct server_tally *server_tally(const struct server *server);
/* Remove the socket; NULL is allowed. */
void server_close(struct server *server);

#endif
