/* eap_pair.h - a phone and a network that run EAP-AKA', with somebody between them.
 *
 * The card is Milenage with the key of TS 35.207 set 1; the sequence number it
 * has seen is a number in the struct, so that it can ask to be put in step. */
#ifndef SIMRITE_TEST_EAP_PAIR_H
#define SIMRITE_TEST_EAP_PAIR_H

#include <string.h>

#include "auth/milenage.h"
#include "eap/eap_peer.h"
#include "eap/eap_server.h"
#include "unit/unit.h"

#define PAIR_IDENTITY "6001010000000001@wlan.mnc001.mcc001.3gppnetwork.org"
#define PAIR_NETWORK  "5G:mnc001.mcc001.3gppnetwork.org"

struct pair {
	struct eap_peer peer;
	struct eap_server server;
	struct eap_peer_setup peer_setup;
	struct eap_server_setup server_setup;
	uint8_t k[16];           /* the card's */
	uint8_t seen, sqn, amf;  /* last byte: what the card saw, what the centre is at; AMF's first byte */
	unsigned asked, vectors; /* of the card, of the centre */
	/* Somebody between: may change a packet on its way. `up`: from the phone. */
	void (*between)(struct pair *pair, struct eap_writer *packet, bool up);
	unsigned packets;
};

static const uint8_t pair_k[16] = {0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
				   0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
static const uint8_t pair_opc[16] = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
				     0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf};

static int pair_card(void *context, struct eap_card_answer *answer, const uint8_t rand[static 16],
		     const uint8_t autn[static 16], struct fault *fault)
{
	struct pair *pair = context;
	uint8_t sqn[6], ak[6], mac[8], own[6] = {0, 0, 0, 0, 0, pair->seen};
	struct milenage m;
	int i;

	(void)fault;
	pair->asked++;
	memset(answer, 0, sizeof(*answer));
	answer->says = EAP_CARD_RES;
	answer->res_length = 8;
	CU_ASSERT_EQUAL_FATAL(milenage_start(&m, pair->k, pair_opc, rand), OK);
	CU_ASSERT_EQUAL_FATAL(milenage_f2_f5(&m, answer->res, ak), OK);
	for (i = 0; i < 6; i++)
		sqn[i] = autn[i] ^ ak[i];
	CU_ASSERT_EQUAL_FATAL(milenage_f1(&m, mac, sqn, autn + 6), OK);
	CU_ASSERT_EQUAL_FATAL(milenage_f3_f4(&m, answer->ck, answer->ik), OK);
	if (memcmp(mac, autn + 8, 8) != 0) {
		answer->says = EAP_CARD_MAC;
	} else if (sqn[5] <= pair->seen) {
		answer->says = EAP_CARD_AUTS;
		CU_ASSERT_EQUAL_FATAL(milenage_auts(&m, answer->auts, own), OK);
	} else {
		pair->seen = sqn[5];
	}
	milenage_stop(&m);
	return 0;
}

static int pair_vector(void *context, struct eap_vector *vector, const char *imsi, struct fault *fault)
{
	struct pair *pair = context;
	uint8_t rand[16] = {9, 8, 7}, sqn[6] = {0, 0, 0, 0, 0, ++pair->sqn}, amf[2] = {pair->amf, 0};
	struct aka_vector made;

	pair->vectors++;
	if (strcmp(imsi, "001010000000001") != 0)
		return fault_set(fault, FAULT_NO, NULL, "no such subscriber");
	rand[15] = pair->sqn;
	CU_ASSERT_EQUAL_FATAL(milenage_vector(&made, pair_k, pair_opc, rand, sqn, amf), OK);
	memcpy(vector->rand, made.rand, 16);
	memcpy(vector->autn, made.autn, 16);
	memcpy(vector->ck, made.ck, 16);
	memcpy(vector->ik, made.ik, 16);
	memcpy(vector->res, made.res, 8);
	vector->res_length = 8;
	return 0;
}

static int pair_resynchronise(void *context, const char *imsi, const uint8_t auts[static 14],
			      const uint8_t rand[static 16], struct fault *fault)
{
	struct pair *pair = context;
	uint8_t sqn[6];

	(void)imsi;
	if (milenage_resync(sqn, pair_k, pair_opc, rand, auts) < 0)
		return fault_set(fault, FAULT_NO, NULL, "AUTS does not verify");
	pair->sqn = sqn[5];
	return 0;
}

/* Both offer and take both groups, X25519 first, and go on without. */
static inline void pair_set_up(struct pair *pair)
{
	const struct eap_groups both = {{ECDHE_X25519, ECDHE_P256}, 2};

	memset(pair, 0, sizeof(*pair));
	memcpy(pair->k, pair_k, 16);
	pair->amf = 0x80;
	pair->peer_setup = (struct eap_peer_setup){PAIR_IDENTITY, PAIR_NETWORK, EAP_FS_ALLOW, both,
						   &ecdhe_kernel, pair_card,    pair};
	pair->server_setup = (struct eap_server_setup){PAIR_NETWORK, EAP_FS_ALLOW,       both, &ecdhe_kernel,
						       pair_vector,  pair_resynchronise, pair};
}

/* Run until nobody answers. */
static inline void pair_run(struct pair *pair)
{
	struct eap_writer down, up;
	struct fault fault = {0};
	int n = eap_server_start(&pair->server, &pair->server_setup, &down);

	eap_peer_start(&pair->peer, &pair->peer_setup);
	for (pair->packets = 0; n > 0 && pair->packets < 40; pair->packets++) {
		if (pair->between)
			pair->between(pair, &down, false);
		n = eap_peer_hear(&pair->peer, &up, down.bytes, down.length, &fault);
		CU_ASSERT_FATAL(n >= 0);
		if (n == 0)
			break;
		if (pair->between)
			pair->between(pair, &up, true);
		n = eap_server_hear(&pair->server, &down, up.bytes, up.length);
	}
	CU_ASSERT(n >= 0 && pair->packets < 40);
}

static inline bool pair_same_keys(const struct pair *pair)
{
	return pair->peer.trace.end == EAP_DONE && pair->server.trace.end == EAP_DONE &&
	       !memcmp(pair->peer.keys.msk, pair->server.keys.msk, EAP_MSK) &&
	       !memcmp(pair->peer.keys.emsk, pair->server.keys.emsk, EAP_MSK);
}

static inline bool pair_failed(const struct pair *pair)
{
	return pair->peer.trace.end == EAP_FAILED && pair->server.trace.end == EAP_FAILED;
}

static inline void pair_end(struct pair *pair)
{
	static const uint8_t zero[sizeof(struct eap_keys)];

	eap_peer_stop(&pair->peer);
	eap_server_stop(&pair->server);
	ASSERT_BYTES(&pair->peer.keys, zero, sizeof(zero));
	ASSERT_BYTES(&pair->server.keys, zero, sizeof(zero));
}

/* Read what is on its way; false when it is no challenge request. */
static inline bool pair_is_challenge(struct eap_packet *p, const struct eap_writer *packet)
{
	return eap_packet_read(p, packet->bytes, packet->length) == OK && p->type == EAP_AKA_PRIME &&
	       p->code == EAP_REQUEST && p->subtype == EAP_AKA_CHALLENGE;
}

/* Write a challenge again with another list, and with or without the key; `k_aut` NULL: its MAC stays as it
 * was. */
static inline void pair_rewrite(struct eap_writer *packet, const struct eap_list *list, bool key,
				const uint8_t *k_aut)
{
	struct eap_writer old = *packet;
	struct eap_packet p;
	static const uint8_t none[32];
	size_t i;

	CU_ASSERT_EQUAL_FATAL(eap_packet_read(&p, old.bytes, old.length), OK);
	eap_write_start(packet, EAP_REQUEST, p.identifier, EAP_AKA_CHALLENGE);
	eap_write(packet, AT_RAND, p.rand.at, 16);
	eap_write(packet, AT_AUTN, p.autn.at, 16);
	for (i = 0; i < p.kdf.count; i++)
		eap_write_number(packet, AT_KDF, p.kdf.values[i]);
	eap_write(packet, AT_KDF_INPUT, p.kdf_input.at, p.kdf_input.length);
	for (i = 0; i < list->count; i++)
		eap_write_number(packet, AT_KDF_FS, list->values[i]);
	if (key)
		eap_write(packet, AT_PUB_ECDHE, p.pub_ecdhe.at, p.pub_ecdhe.length);
	eap_write_mac(packet);
	CU_ASSERT_FATAL(eap_write_finish(packet, k_aut ? k_aut : none) > 0);
}

#endif
