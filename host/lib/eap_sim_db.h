/* eap_sim_db.h - the words an EAP server and an authentication centre exchange.
 *
 * hostapd's external database interface for EAP-SIM, EAP-AKA and EAP-AKA':
 * one request a datagram, words separated by one space, numbers in hex:
 *
 *     AKA-REQ-AUTH IMSI           AKA-RESP-AUTH IMSI RAND AUTN IK CK RES
 *     AKA-AUTS IMSI AUTS RAND     (no answer)
 *     SIM-REQ-AUTH IMSI COUNT     SIM-RESP-AUTH IMSI Kc:SRES:RAND ...
 *     GSM-AUTH-REQ IMSI R1:R2..   GSM-AUTH-RESP IMSI Kc:SRES:Kc:SRES..
 *
 * and "...-RESP... IMSI FAILURE" instead of an answer. Nothing here touches a
 * socket or a key store. */
#ifndef SIMRITE_EAP_SIM_DB_H
#define SIMRITE_EAP_SIM_DB_H

#include <stddef.h>
#include <stdint.h>

enum {
	EAP_SIM_DB_SIZE = 1000, /* what hostapd receives at most */
	EAP_SIM_DB_TRIPLETS = 5,
};

enum eap_sim_db_verb {
	EAP_SIM_DB_NOTHING, /* not a request of this protocol: do not answer */
	EAP_SIM_DB_AKA,
	EAP_SIM_DB_AUTS,
	EAP_SIM_DB_SIM,
	EAP_SIM_DB_GSM,
};

struct eap_sim_db_request {
	enum eap_sim_db_verb verb;
	char imsi[16];  /* 6..15 digits */
	unsigned count; /* SIM: triplets wanted; GSM: how many of rand[] */
	uint8_t auts[14];
	uint8_t rand[EAP_SIM_DB_TRIPLETS][16]; /* AUTS: [0] */
};

/* What goes back; the caller fills in what the verb asks for and sets `ok`. */
struct eap_sim_db_answer {
	int ok; /* 0: FAILURE */
	uint8_t rand[EAP_SIM_DB_TRIPLETS][16];
	uint8_t autn[16], ik[16], ck[16], res[16];
	size_t res_length; /* 4 to 16 */
	uint8_t kc[EAP_SIM_DB_TRIPLETS][8], sres[EAP_SIM_DB_TRIPLETS][4];
};

/* Read one datagram (any bytes). Returns 0 and the request; or -1: the request
 * is malformed. With -1 and a verb other than NOTHING the IMSI is valid and
 * the caller should answer FAILURE; with NOTHING it should stay silent. */
int eap_sim_db_parse(struct eap_sim_db_request *request, const uint8_t *bytes, size_t length);

/* Write the answer as text with a final 0. Returns its length, 0 when the verb
 * has no answer. */
size_t eap_sim_db_write(char out[static EAP_SIM_DB_SIZE], const struct eap_sim_db_request *request,
			const struct eap_sim_db_answer *answer);

#endif
