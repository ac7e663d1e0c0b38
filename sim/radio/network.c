#include "radio/network.h"

#include <string.h>

#include "crypto/compare.h"
#include "crypto/wipe.h"

int network_start(struct network *network, const char *centre, struct fault *fault)
{
	memset(network, 0, sizeof(*network));
	network->next_address = 0x0A2D0002; /* 10.45.0.2 */
	return auc_client_start(&network->auc, centre, fault);
}

void network_stop(struct network *network)
{
	auc_client_stop(&network->auc);
	wipe(network, sizeof(*network));
	network->auc.socket = -1;
}

static int ask_vector(struct network *network, uint8_t out[static NAS_MAX], struct fault *fault)
{
	struct auc_answer *v = &network->vector;

	if (auc_client_vector(&network->auc, v, network->imsi, fault) < 0)
		return -1;
	if (lte_keys_derive(&network->keys, v->ck, v->ik, network->sn, v->autn, 0) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the key derivation failed");
	return (int)nas_authentication_request(out, v->rand, v->autn);
}

/* Serving network 001/01: test PLMNs have two digits of MNC here. */
static int hear_attach(struct network *network, uint8_t out[static NAS_MAX], const struct nas *nas,
		       struct fault *fault)
{
	const char *d = nas->imsi;

	if (strncmp(d, "00101", 5) != 0 && strncmp(d, "999", 3) != 0)
		return fault_set(fault, FAULT_POLICY, "use IMSIs that begin with 00101 or 999",
				 "%s is not of a test network; this radio serves no other", d);
	memcpy(network->imsi, d, sizeof(network->imsi));
	network->sn[0] = (uint8_t)((d[1] - '0') << 4 | (d[0] - '0'));
	network->sn[1] = (uint8_t)(0xF0 | (d[2] - '0'));
	network->sn[2] = (uint8_t)((d[4] - '0') << 4 | (d[3] - '0'));
	network->nas_up = network->nas_down = 0;
	network->resynchronised = 0;
	network->attached = false;
	return ask_vector(network, out, fault);
}

static int hear_failure(struct network *network, uint8_t out[static NAS_MAX], const struct nas *nas,
			struct fault *fault)
{
	if (nas->cause != NAS_SYNCH_FAILURE || network->resynchronised++)
		return (int)nas_authentication_reject(out);
	if (auc_client_resynchronise(&network->auc, network->imsi, nas->auts, network->vector.rand, fault) <
	    0)
		return -1;
	return ask_vector(network, out, fault);
}

static int hear_response(struct network *network, uint8_t out[static NAS_MAX], const struct nas *nas)
{
	size_t n;

	if (nas->res_length != network->vector.res_length ||
	    compare_equal(nas->res, network->vector.res, nas->res_length) != GRANTED)
		return (int)nas_authentication_reject(out);
	n = nas_security_mode_command(out);
	return nas_protect(out, n, NAS_INTEGRITY_NEW, &network->keys, network->nas_down++, DOWNLINK);
}

static int hear_protected(struct network *network, uint8_t out[static NAS_MAX], uint8_t *in, size_t length,
			  struct fault *fault)
{
	int n = nas_unprotect(in, length, &network->keys, network->nas_up, UPLINK);

	if (n < 2)
		return fault_set(fault, FAULT_NO, NULL, "%s: a message of the phone has a wrong MAC",
				 network->imsi);
	network->nas_up++;
	if (in[1] == NAS_SECURITY_MODE_COMPLETE) {
		network->address = network->next_address++;
		n = (int)nas_attach_accept(out, network->sn, network->address);
		return nas_protect(out, (size_t)n, NAS_CIPHERED, &network->keys, network->nas_down++,
				   DOWNLINK);
	}
	network->attached |= in[1] == NAS_ATTACH_COMPLETE;
	return 0;
}

int network_hear(struct network *network, uint8_t out[static NAS_MAX], uint8_t *in, size_t length,
		 struct fault *fault)
{
	struct nas nas;

	if (length > 0 && in[0] >> 4)
		return hear_protected(network, out, in, length, fault);
	if (nas_parse(&nas, in, length) != OK)
		return 0;
	if (nas.type == NAS_ATTACH_REQUEST)
		return hear_attach(network, out, &nas, fault);
	if (nas.type == NAS_AUTHENTICATION_RESPONSE)
		return hear_response(network, out, &nas);
	if (nas.type == NAS_AUTHENTICATION_FAILURE)
		return hear_failure(network, out, &nas, fault);
	return 0;
}
