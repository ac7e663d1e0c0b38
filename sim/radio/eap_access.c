#include "radio/eap_access.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "crypto/wipe.h"
#include "lib/hex.h"

static const char *const policy_names[] = {
	[EAP_FS_OFF] = "off", [EAP_FS_ALLOW] = "allow", [EAP_FS_REQUIRE] = "require"};

int eap_access_card(void *context, struct eap_card_answer *answer, const uint8_t rand[static 16],
		    const uint8_t autn[static 16], struct fault *fault)
{
	static const enum eap_card_says says[] = {
		[PHONE_RES] = EAP_CARD_RES, [PHONE_AUTS] = EAP_CARD_AUTS, [PHONE_MAC] = EAP_CARD_MAC};
	struct phone *phone = context;
	int said = phone_authenticate(phone, answer->auts, rand, autn, fault);

	if (said < 0)
		return -1;
	answer->says = says[said];
	memcpy(answer->res, phone->res, sizeof(answer->res));
	answer->res_length = phone->res_length;
	memcpy(answer->ck, phone->ck, 16);
	memcpy(answer->ik, phone->ik, 16);
	return 0;
}

int eap_access_vector(void *context, struct eap_vector *vector, const char *imsi, struct fault *fault)
{
	struct auc_answer v;

	if (auc_client_vector(context, &v, imsi, fault) < 0)
		return -1;
	memcpy(vector->rand, v.rand, 16);
	memcpy(vector->autn, v.autn, 16);
	memcpy(vector->ck, v.ck, 16);
	memcpy(vector->ik, v.ik, 16);
	memcpy(vector->res, v.res, sizeof(vector->res));
	vector->res_length = v.res_length;
	wipe(&v, sizeof(v));
	return 0;
}

int eap_access_resynchronise(void *context, const char *imsi, const uint8_t auts[static 14],
			     const uint8_t rand[static 16], struct fault *fault)
{
	return auc_client_resynchronise(context, imsi, auts, rand, fault);
}

void eap_access_identity(char identity[static EAP_IDENTITY_MAX], const struct phone *phone)
{
	char network[NR_NAME];

	nr_keys_network(network, phone->sn);
	(void)snprintf(identity, EAP_IDENTITY_MAX, "6%s@wlan.%s", phone->imsi, network + strlen("5G:"));
}

int eap_ends_start(struct eap_ends *ends, const struct eap_access *access, struct phone *phone,
		   struct auc_client *auc, struct eap_writer *out, struct fault *fault)
{
	const struct eap_peer_setup peer = {
		ends->identity,  ends->network, access->phone_policy, access->phone_groups, &ecdhe_kernel,
		eap_access_card, phone};
	const struct eap_server_setup server = {ends->network,
						access->network_policy,
						access->network_groups,
						&ecdhe_kernel,
						eap_access_vector,
						eap_access_resynchronise,
						auc};
	int n;

	memset(ends, 0, sizeof(*ends));
	ends->phone = phone;
	ends->auc = auc;
	if (strncmp(phone->imsi, "00101", 5) != 0 && strncmp(phone->imsi, "999", 3) != 0)
		return fault_set(fault, FAULT_POLICY, "use IMSIs that begin with 00101 or 999",
				 "%s is not of a test network; this radio serves no other", phone->imsi);
	/* the phone camps on its home network, whose code base stations broadcast */
	nr_keys_network(ends->network, phone->sn);
	eap_access_identity(ends->identity, phone);
	eap_peer_start(&ends->peer, &peer);
	n = eap_server_start(&ends->server, &server, out);
	return n > 0 ? n : fault_set(fault, FAULT_BUG, NULL, "the first EAP packet does not fit");
}

int eap_ends_derive(struct eap_ends *ends, struct fault *fault)
{
	const struct eap_trace *phone = &ends->peer.trace, *network = &ends->server.trace;

	if (phone->end != EAP_DONE)
		return fault_set(fault, FAULT_NO, NULL,
				 "%s could not attach: the phone says: %s; the network: %s",
				 ends->phone->imsi, phone->why[0] ? phone->why : "nothing",
				 network->why[0] ? network->why : "nothing");
	if (nr_keys_derive(&ends->phone_keys, ends->peer.keys.emsk, ends->network, ends->phone->imsi) < 0 ||
	    (network->end == EAP_DONE && nr_keys_derive(&ends->network_keys, ends->server.keys.emsk,
							ends->network, ends->server.imsi) < 0))
		return fault_set(fault, FAULT_BUG, NULL, "the key derivation failed");
	return network->end == EAP_DONE;
}

void eap_ends_stop(struct eap_ends *ends)
{
	wipe(ends, sizeof(*ends));
}

static json_t *digits(const uint8_t *bytes, size_t length)
{
	char text[2 * ECDHE_PUBLIC_MAX + 1];

	hex_write(text, bytes, length);
	return json_string(text);
}

void eap_access_log(FILE *log, unsigned link, const char *imsi, enum eap_policy policy,
		    const struct eap_trace *trace, unsigned garbled)
{
	const size_t n = ecdhe_public_length(trace->group);
	json_t *line = json_pack("{s:i,s:s,s:s,s:s,s:s,s:i,s:b,s:i,s:i,s:o,s:o,s:o,s:i}", "link", (int)link,
				 "imsi", imsi, "policy", policy_names[policy], "end",
				 trace->end == EAP_DONE ? "attached" : "failed", "why", trace->why, "forward",
				 (int)trace->group, "offered", (int)trace->offered, "negotiated",
				 (int)trace->negotiated, "resynchronised", (int)trace->resynchronised, "sent",
				 digits(trace->sent, n), "heard", digits(trace->heard, n), "autn",
				 digits(trace->autn, 16), "garbled", (int)garbled);

	(void)json_dumpf(line, log, JSON_COMPACT);
	fputc('\n', log);
	json_decref(line);
}
