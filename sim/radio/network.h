/* network.h - the network's side of an attach: base station and MME in one.
 *
 * It has no keys of subscribers. For every attach it asks the authentication
 * centre for a vector (auc_client.h), and believes a phone whose RES is the expected one. */
#ifndef SIMRITE_NETWORK_H
#define SIMRITE_NETWORK_H

#include <stdbool.h>

#include "radio/auc_client.h"
#include "radio/nas.h"

struct network {
	struct auc_client auc;
	/* the link at hand */
	char imsi[16];
	uint8_t sn[3];
	struct auc_answer vector;
	struct lte_keys keys;
	uint32_t nas_up, nas_down;
	unsigned resynchronised; /* in this session */
	bool attached;
	uint32_t address, next_address;
};

/* `centre` is the path of the authentication centre's datagram socket. */
int network_start(struct network *network, const char *centre, struct fault *fault);
void network_stop(struct network *network);

/* A NAS message came up: the answer's length in `out`, 0 for none, -1 and why.
 * `in` is overwritten. Resynchronises once per session. */
int network_hear(struct network *network, uint8_t out[static NAS_MAX], uint8_t *in, size_t length,
		 struct fault *fault);

#endif
