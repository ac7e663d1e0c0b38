/* PROVES: sim/eap/eap_server.h: the network believes a phone only for the right RES and MAC, asks for an
 * identity it can use, takes one request for another of the groups it offered, and no more (RFC
 * 9678 6.2, 6.5.4). */
#include "eap/eap_server.h"

#include "unit/eap_pair.h"

/* The answer to the challenge, changed by `number`. */
static int number;
static void change_answer(struct pair *pair, struct eap_writer *packet, bool up)
{
	static const uint8_t zero[32];
	struct eap_packet p;
	uint8_t res[8];

	if (!up || eap_packet_read(&p, packet->bytes, packet->length) < 0 || !p.res.at)
		return;
	memcpy(res, p.res.at, 8);
	res[7] ^= number == 0;
	eap_write_start(packet, EAP_RESPONSE, p.identifier, EAP_AKA_CHALLENGE);
	eap_write(packet, AT_RES, res, number == 1 ? 4 : 8);
	if (number == 3 || number == 0) /* a point of small order: a secret of zero */
		eap_write(packet, AT_PUB_ECDHE, zero, sizeof(zero));
	if (number != 2)
		eap_write_mac(packet);
	CU_ASSERT_FATAL(eap_write_finish(packet, pair->server.keys.k_aut) > 0);
}

static void test_wrong_answers(void)
{
	static const char *const why[] = {"RES is wrong", "RES is wrong", "AT_MAC is wrong", "no public key"};
	struct pair pair;

	for (number = 0; number < 4; number++) {
		pair_set_up(&pair);
		pair.between = change_answer;
		pair_run(&pair);
		CU_ASSERT_EQUAL(pair.server.trace.end, EAP_FAILED);
		CU_ASSERT_PTR_NOT_NULL(strstr(pair.server.trace.why, why[number]));
		CU_ASSERT_EQUAL(pair.peer.trace.end, EAP_FAILED);
	}
}

static struct span text(const char *s)
{
	return (struct span){(const uint8_t *)s, strlen(s)};
}

static int answer(struct pair *pair, struct eap_writer *out, const char *identity)
{
	struct eap_writer w;
	int n;

	CU_ASSERT(eap_server_start(&pair->server, &pair->server_setup, out) > 0);
	eap_write_other(&w, EAP_RESPONSE, 1, EAP_IDENTITY, text(identity));
	n = eap_write_finish(&w, NULL);
	return eap_server_hear(&pair->server, out, w.bytes, (size_t)n);
}

static void test_identities(void)
{
	struct eap_writer out, w;
	struct pair pair;
	int n;

	pair_set_up(&pair);
	CU_ASSERT(answer(&pair, &out, "6001010000000001@x") > 0);
	CU_ASSERT_EQUAL(out.bytes[5], EAP_AKA_CHALLENGE);
	CU_ASSERT_STRING_EQUAL(pair.server.imsi, "001010000000001");
	CU_ASSERT(answer(&pair, &out, "6001010000000009") > 0); /* nobody */
	CU_ASSERT_EQUAL(out.bytes[0], EAP_FAILURE);
	CU_ASSERT_PTR_NOT_NULL(strstr(pair.server.trace.why, "no such subscriber"));
	CU_ASSERT(answer(&pair, &out, "anonymous@x") > 0); /* asked again, by the method */
	CU_ASSERT(out.bytes[4] == EAP_AKA_PRIME && out.bytes[5] == EAP_AKA_IDENTITY);
	eap_write_start(&w, EAP_RESPONSE, 2, EAP_AKA_IDENTITY);
	eap_write(&w, AT_IDENTITY, "6001010000000001", 16);
	n = eap_write_finish(&w, NULL);
	CU_ASSERT(eap_server_hear(&pair.server, &out, w.bytes, (size_t)n) > 0);
	CU_ASSERT_EQUAL(out.bytes[5], EAP_AKA_CHALLENGE);
	CU_ASSERT(answer(&pair, &out, "6001010000000001234567890") > 0);
	CU_ASSERT_EQUAL(out.bytes[5], EAP_AKA_IDENTITY);
	eap_write_start(&w, EAP_RESPONSE, 2, EAP_AKA_IDENTITY);
	eap_write(&w, AT_IDENTITY, "0001010000000001", 16); /* of EAP-AKA */
	n = eap_write_finish(&w, NULL);
	CU_ASSERT(eap_server_hear(&pair.server, &out, w.bytes, (size_t)n) > 0);
	CU_ASSERT_EQUAL(out.bytes[0], EAP_FAILURE);
	CU_ASSERT_EQUAL(eap_server_hear(&pair.server, &out, w.bytes, (size_t)n), 0); /* it is over */
}

/* The run with an identity round, its messages in AT_CHECKCODE: changed on the way, it fails. */
static bool lie;
static void hide_identity(struct pair *pair, struct eap_writer *packet, bool up)
{
	struct eap_packet p;

	if (eap_packet_read(&p, packet->bytes, packet->length) < 0)
		return;
	if (up && p.type == EAP_IDENTITY) {
		eap_write_other(packet, EAP_RESPONSE, p.identifier, EAP_IDENTITY, text("anonymous"));
		CU_ASSERT(eap_write_finish(packet, NULL) > 0);
	}
	if (lie && !up && p.subtype == EAP_AKA_IDENTITY && p.type == EAP_AKA_PRIME) {
		packet->bytes[8] = AT_ANY_ID_REQ; /* another question than the network asked */
		CU_ASSERT_EQUAL(pair->server.imsi[0], 0);
	}
}

static void test_checkcode(void)
{
	struct pair pair;

	for (lie = false;; lie = true) {
		pair_set_up(&pair);
		pair.between = hide_identity;
		pair_run(&pair);
		CU_ASSERT_EQUAL(pair_same_keys(&pair), !lie);
		if (lie)
			break;
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(pair.peer.trace.why, "AT_CHECKCODE"));
}

static int ask_for(struct pair *pair, struct eap_writer *out, unsigned group)
{
	struct eap_writer w;
	int n;

	eap_write_start(&w, EAP_RESPONSE, pair->server.identifier, EAP_AKA_CHALLENGE);
	eap_write_number(&w, AT_KDF_FS, group);
	n = eap_write_finish(&w, NULL);
	return eap_server_hear(&pair->server, out, w.bytes, (size_t)n);
}

static void test_requests_for_groups(void)
{
	struct eap_writer out;
	struct eap_packet p;
	struct pair pair;
	uint8_t before[33];

	pair_set_up(&pair);
	CU_ASSERT(answer(&pair, &out, "6001010000000001") > 0);
	memcpy(before, pair.server.trace.sent, 33);
	CU_ASSERT(ask_for(&pair, &out, 2) > 0);
	CU_ASSERT_FATAL(pair_is_challenge(&p, &out));
	CU_ASSERT(p.kdf_fs.count == 3 && p.kdf_fs.values[0] == 2 && p.kdf_fs.values[1] == 1);
	CU_ASSERT(p.pub_ecdhe.at[0] == 2 || p.pub_ecdhe.at[0] == 3); /* a compressed point */
	CU_ASSERT_NOT_EQUAL(memcmp(before, pair.server.trace.sent, 33), 0);
	CU_ASSERT(ask_for(&pair, &out, 1) > 0); /* once is enough */
	CU_ASSERT_EQUAL(out.bytes[0], EAP_FAILURE);
	CU_ASSERT(answer(&pair, &out, "6001010000000001") > 0);
	CU_ASSERT(ask_for(&pair, &out, 1) > 0); /* the first is no alternative */
	CU_ASSERT_EQUAL(out.bytes[0], EAP_FAILURE);
	CU_ASSERT(answer(&pair, &out, "6001010000000001") > 0);
	CU_ASSERT(ask_for(&pair, &out, 3) > 0);
	CU_ASSERT_EQUAL(out.bytes[0], EAP_FAILURE);
}

static void test_not_for_us(void)
{
	struct eap_writer out;
	struct pair pair;

	pair_set_up(&pair);
	CU_ASSERT(answer(&pair, &out, "6001010000000001") > 0);
	CU_ASSERT_EQUAL(eap_server_hear(&pair.server, &out, (const uint8_t *)"\x02\x77\x00\x05\x32", 5), 0);
	CU_ASSERT_EQUAL(eap_server_hear(&pair.server, &out, (const uint8_t *)"\x02\x02\x00\x06\x03\x15", 6),
			4); /* NAK */
	CU_ASSERT_EQUAL(out.bytes[0], EAP_FAILURE);
}

UNIT_SUITE("eap_server", UNIT(test_wrong_answers), UNIT(test_identities), UNIT(test_checkcode),
	   UNIT(test_requests_for_groups), UNIT(test_not_for_us))
