/* PROVES: the right key opens a session and a wrong one changes nothing. */
#include "theft/break_in.h"

#include <stdlib.h>
#include <string.h>

#include "auth/milenage.h"
#include "eap/eap_keys.h"
#include "radio/nr_keys.h"
#include "unit/unit.h"

static const uint8_t k[16] = {0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
			      0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
static const uint8_t opc[16] = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
				0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf};
static const char said[] = "what was said";

/* A session as an antenna would have it: network code of two or three digits. */
static void record(struct session *session, struct pdu *pdu, int mnc_length)
{
	const uint8_t sn[2][3] = {{0x00, 0xF1, 0x10}, {0x00, 0x01, 0x10}};
	const uint8_t rand[16] = {9, 8, 7}, sqn[6] = {0, 0, 0, 0, 1, 0x21}, amf[2] = {0x80, 0};
	struct aka_vector vector;
	struct lte_keys keys;

	memset(session, 0, sizeof(*session));
	strcpy(session->imsi, "001010000000001");
	CU_ASSERT_EQUAL_FATAL(milenage_vector(&vector, k, opc, rand, sqn, amf), OK);
	memcpy(session->rand, vector.rand, 16);
	memcpy(session->autn, vector.autn, 16);
	CU_ASSERT_EQUAL_FATAL(
		lte_keys_derive(&keys, vector.ck, vector.ik, sn[mnc_length - 2], vector.autn, 0), OK);
	session->command_length = nas_security_mode_command(session->command);
	session->command_length = (size_t)nas_protect(session->command, session->command_length,
						      NAS_INTEGRITY_NEW, &keys, 0, DOWNLINK);
	memset(pdu, 0, sizeof(*pdu));
	pdu->count = 0x1005;
	pdu->direction = DOWNLINK;
	pdu->length = sizeof(said);
	memcpy(pdu->data, said, sizeof(said));
	CU_ASSERT_EQUAL_FATAL(eea2(pdu->data, pdu->length, keys.kup_enc, pdu->count, AIR_DRB - 1, DOWNLINK),
			      OK);
	session->pdus = pdu;
	session->pdu_count = 1;
}

static void test_right_key(void)
{
	struct stolen_key key = {.imsi = "001010000000001"};
	struct session session;
	struct pdu pdu;
	int mnc_length;

	memcpy(key.k, k, 16);
	memcpy(key.opc, opc, 16);
	for (mnc_length = 2; mnc_length <= 3; mnc_length++) {
		record(&session, &pdu, mnc_length);
		CU_ASSERT(break_in_fits(&session, k, opc));
		CU_ASSERT(break_in_open(&session, &key));
		ASSERT_BYTES(pdu.data, said, sizeof(said));
	}
}

static void test_wrong_key(void)
{
	struct stolen_key key = {.imsi = "001010000000001"};
	struct session session;
	struct pdu pdu, before;
	int i;

	record(&session, &pdu, 2);
	before = pdu;
	for (i = 0; i < 3; i++) {
		memcpy(key.k, i == 1 ? opc : k, 16);
		memcpy(key.opc, i == 2 ? opc : k, 16);
		key.k[15] ^= i == 2;
		CU_ASSERT(!break_in_fits(&session, key.k, key.opc));
		CU_ASSERT(!break_in_open(&session, &key));
		ASSERT_BYTES(pdu.data, before.data, sizeof(said));
	}
}

static void test_forged_command(void)
{
	struct stolen_key key = {.imsi = "001010000000001"};
	struct session session;
	struct pdu pdu;

	memcpy(key.k, k, 16);
	memcpy(key.opc, opc, 16);
	record(&session, &pdu, 2);
	session.command[2] ^= 1;
	CU_ASSERT(break_in_fits(&session, k, opc));
	CU_ASSERT(!break_in_open(&session, &key)); /* the keys are not confirmed */
	record(&session, &pdu, 2);
	session.command_length = 0;
	CU_ASSERT(!break_in_open(&session, &key));
}

/* ---- EAP-AKA' ---- */

/* Put a packet in place of what the radio had: an IPv4 header with its checksum. */
static void say(struct pdu *pdu)
{
	static const uint8_t header[20] = {0x45, 0,    0,  34, 0, 0, 0,  0, 64, 17,
					   0xCA, 0xE9, 10, 0,  0, 1, 10, 0, 0,  2};
	uint32_t sum = 0;
	int i;

	memset(pdu, 0, sizeof(*pdu));
	memcpy(pdu->data, header, sizeof(header));
	memcpy(pdu->data + 20, said, sizeof(said));
	pdu->length = 34;
	pdu->data[10] = pdu->data[11] = 0;
	for (i = 0; i < 20; i += 2)
		sum += (uint32_t)pdu->data[i] << 8 | pdu->data[i + 1];
	sum = ~((sum & 0xFFFF) + (sum >> 16));
	pdu->data[10] = (uint8_t)(sum >> 8);
	pdu->data[11] = (uint8_t)sum;
}

/* A session by EAP; `shared`: what both sides agreed on besides, NULL for none. */
static void record_eap(struct session *session, struct pdu *pdu, const uint8_t *shared)
{
	static const char identity[] = "6001010000000001@x", network[] = "5G:mnc001.mcc001.3gppnetwork.org";
	const uint8_t rand[16] = {9, 8, 7}, sqn[6] = {0, 0, 0, 0, 1, 0x21}, amf[2] = {0x80, 0};
	const struct span name = {(const uint8_t *)network, strlen(network)};
	const struct span who = {(const uint8_t *)identity, strlen(identity)};
	struct aka_vector vector;
	struct eap_writer w;
	struct eap_keys eap;
	struct nr_keys nr;

	memset(session, 0, sizeof(*session));
	session->by_eap = true;
	strcpy(session->imsi, "001010000000001");
	strcpy(session->identity, identity);
	CU_ASSERT_EQUAL_FATAL(milenage_vector(&vector, k, opc, rand, sqn, amf), OK);
	memcpy(session->rand, vector.rand, 16);
	memcpy(session->autn, vector.autn, 16);
	CU_ASSERT_EQUAL_FATAL(eap_keys_derive(&eap, vector.ck, vector.ik, name, vector.autn, who), OK);
	eap_write_start(&w, EAP_REQUEST, 2, EAP_AKA_CHALLENGE);
	eap_write(&w, AT_KDF_INPUT, name.at, name.length);
	eap_write_mac(&w);
	session->challenge_length = (size_t)eap_write_finish(&w, eap.k_aut);
	memcpy(session->challenge, w.bytes, session->challenge_length);
	if (shared)
		CU_ASSERT_EQUAL_FATAL(eap_keys_forward(&eap, shared, who), OK);
	CU_ASSERT_EQUAL_FATAL(nr_keys_derive(&nr, eap.emsk, network, session->imsi), OK);
	say(pdu);
	CU_ASSERT_EQUAL_FATAL(eea2(pdu->data, pdu->length, nr.kup_enc, 0, AIR_DRB - 1, UPLINK), OK);
	session->pdus = pdu;
	session->pdu_count = 1;
}

static void test_eap(void)
{
	const uint8_t shared[32] = {1, 2, 3};
	struct stolen_key key = {.imsi = "001010000000001"};
	struct session session;
	struct pdu pdu, plain, before;

	memcpy(key.k, k, 16);
	memcpy(key.opc, opc, 16);
	say(&plain);
	record_eap(&session, &pdu, NULL);
	CU_ASSERT(break_in_open(&session, &key));
	ASSERT_BYTES(pdu.data, plain.data, plain.length);
	record_eap(&session, &pdu, shared); /* forward secret: the key fits, and opens nothing */
	before = pdu;
	CU_ASSERT(break_in_fits(&session, k, opc));
	CU_ASSERT(!break_in_open(&session, &key));
	ASSERT_BYTES(&pdu, &before, sizeof(pdu));
	record_eap(&session, &pdu, NULL);
	before = pdu;
	session.challenge[session.challenge_length - 1] ^= 1; /* the keys are not confirmed */
	CU_ASSERT(!break_in_open(&session, &key));
	ASSERT_BYTES(&pdu, &before, sizeof(pdu));
	key.k[0] ^= 1;
	record_eap(&session, &pdu, NULL);
	CU_ASSERT(!break_in_open(&session, &key));
}

UNIT_SUITE("break_in", UNIT(test_right_key), UNIT(test_wrong_key), UNIT(test_forged_command), UNIT(test_eap))
