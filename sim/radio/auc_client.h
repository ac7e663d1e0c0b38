/* auc_client.h - ask an authentication centre for vectors, as EAP servers do (host/lib/eap_sim_db.h). */
#ifndef SIMRITE_AUC_CLIENT_H
#define SIMRITE_AUC_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

struct auc_client {
	int socket;
	char own[108]; /* the path the centre answers to, alone in a folder of mode 0700 */
};

struct auc_answer {
	uint8_t rand[16], autn[16], ck[16], ik[16], res[16];
	size_t res_length; /* 4 to 16 */
};

/* `path` is that of the centre's datagram socket. */
int auc_client_start(struct auc_client *auc, const char *path, struct fault *fault);
void auc_client_stop(struct auc_client *auc); /* allowed after a failed start */

/* FAULT_NO: it has none for this subscriber. */
int auc_client_vector(struct auc_client *auc, struct auc_answer *vector, const char *imsi,
		      struct fault *fault);
/* Pass an AUTS on; whether it was right shows in the next vector. */
int auc_client_resynchronise(struct auc_client *auc, const char *imsi, const uint8_t auts[static 14],
			     const uint8_t rand[static 16], struct fault *fault);

#endif
