/* PROVES: sim/eap/eap_peer.h: the phone runs EAP-AKA' with and without forward secrecy, negotiates as RFC
 * 9678 6.2 has it, holds to its policy, asks the card and makes keys no sooner than it should, and says what
 * went wrong. */
#include "eap/eap_peer.h"

#include "unit/eap_pair.h"

static void test_every_policy(void)
{
	static const enum eap_policy policies[] = {EAP_FS_OFF, EAP_FS_ALLOW, EAP_FS_REQUIRE};
	struct pair pair;
	int phone, network;

	for (phone = 0; phone < 3; phone++)
		for (network = 0; network < 3; network++) {
			pair_set_up(&pair);
			pair.peer_setup.policy = policies[phone];
			pair.server_setup.policy = policies[network];
			pair_run(&pair);
			if (phone && network) {
				CU_ASSERT(pair_same_keys(&pair));
				CU_ASSERT_EQUAL(pair.peer.trace.group, ECDHE_X25519);
				ASSERT_BYTES(pair.peer.trace.sent, pair.server.trace.heard, 32);
				ASSERT_BYTES(pair.peer.trace.heard, pair.server.trace.sent, 32);
			} else if (policies[phone] != EAP_FS_REQUIRE && policies[network] != EAP_FS_REQUIRE) {
				CU_ASSERT(pair_same_keys(&pair));
				CU_ASSERT_EQUAL(pair.peer.trace.group, ECDHE_NONE);
				CU_ASSERT_EQUAL(pair.server.trace.group, ECDHE_NONE);
			} else {
				CU_ASSERT(pair_failed(&pair));
				CU_ASSERT(strstr(pair.peer.trace.why, "forward secrecy is required") ||
					  strstr(pair.server.trace.why, "forward secrecy is required"));
			}
			pair_end(&pair);
		}
}

/* Keys of two runs, and of one with and without forward secrecy, have nothing in common. */
static void test_fresh(void)
{
	uint8_t first[64], sent[33];
	struct pair pair;

	pair_set_up(&pair);
	pair_run(&pair);
	memcpy(first, pair.peer.keys.msk, 64);
	memcpy(sent, pair.peer.trace.sent, 33);
	pair_set_up(&pair);
	pair_run(&pair); /* the same RAND and SQN again */
	CU_ASSERT(pair_same_keys(&pair));
	CU_ASSERT_NOT_EQUAL(memcmp(first, pair.peer.keys.msk, 64), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(sent, pair.peer.trace.sent, 32), 0);
	pair_set_up(&pair);
	pair.peer_setup.policy = EAP_FS_OFF;
	pair_run(&pair);
	memcpy(first, pair.peer.keys.msk, 64);
	pair_set_up(&pair);
	pair.peer_setup.policy = EAP_FS_OFF;
	pair_run(&pair);
	ASSERT_BYTES(pair.peer.keys.msk, first, 64); /* without, K and the air decide everything */
}

/* PROVES: RFC 9678 6.2: another group is asked for, once, without troubling the card. */
static void test_another_group(void)
{
	struct pair pair;

	pair_set_up(&pair);
	pair.peer_setup.groups = (struct eap_groups){{ECDHE_P256}, 1};
	pair_run(&pair);
	CU_ASSERT(pair_same_keys(&pair));
	CU_ASSERT_EQUAL(pair.peer.trace.group, ECDHE_P256);
	CU_ASSERT_EQUAL(pair.server.trace.group, ECDHE_P256);
	CU_ASSERT_EQUAL(pair.peer.trace.negotiated, 1);
	CU_ASSERT_EQUAL(pair.asked, 1);
	CU_ASSERT_EQUAL(pair.vectors, 1);
	CU_ASSERT_EQUAL(pair.peer.kdf_fs.count, 3); /* P-256 in front of the list that was */
	CU_ASSERT(pair.peer.kdf_fs.values[0] == 2 && pair.peer.kdf_fs.values[1] == 1 &&
		  pair.peer.kdf_fs.values[2] == 2);
}

static void test_no_group_in_common(void)
{
	struct pair pair;

	pair_set_up(&pair);
	pair.server_setup.groups = (struct eap_groups){{ECDHE_X25519}, 1};
	pair.peer_setup.groups = (struct eap_groups){{ECDHE_P256}, 1};
	pair_run(&pair);
	CU_ASSERT(pair_same_keys(&pair)); /* falls back */
	CU_ASSERT_EQUAL(pair.peer.trace.group, ECDHE_NONE);
	pair.peer_setup.policy = EAP_FS_REQUIRE;
	pair_run(&pair);
	CU_ASSERT(pair_failed(&pair));
	CU_ASSERT_EQUAL(pair.asked, 1); /* by the first run */
}

/* ---- somebody between, who changes the offer; with K_aut, as one has it who has K ---- */

static struct {
	struct eap_list list;
	bool key, know, later;
} change;

static void change_offer(struct pair *pair, struct eap_writer *packet, bool up)
{
	struct eap_packet p;

	if (up || !pair_is_challenge(&p, packet) || (change.later && p.kdf_fs.count != 3))
		return;
	pair_rewrite(packet, &change.list, change.key, change.know ? pair->server.keys.k_aut : NULL);
}

static void run_changed(struct pair *pair, struct eap_list list, bool key, bool know)
{
	change.list = list;
	change.key = key;
	change.know = know;
	pair->between = change_offer;
	pair_run(pair);
}

static void test_stripped(void)
{
	const struct eap_list none = {{0}, 0}, both = {{1, 2}, 2};
	struct pair pair;
	int i;

	change.later = false;
	for (i = 0; i < 3; i++) { /* both gone, or one of the two: as if neither was sent */
		pair_set_up(&pair);
		run_changed(&pair, i == 1 ? both : none, i == 2, false);
		CU_ASSERT(pair_failed(&pair));
		CU_ASSERT_PTR_NOT_NULL(
			strstr(pair.peer.trace.why, "AT_MAC")); /* who has no key cannot strip it */
		pair_set_up(&pair);
		run_changed(&pair, i == 1 ? both : none, i == 2, true);
		CU_ASSERT(pair_same_keys(&pair)); /* who has K can, and nobody notices */
		CU_ASSERT_EQUAL(pair.peer.trace.group, ECDHE_NONE);
		CU_ASSERT(!pair.peer.trace.offered && pair.server.trace.offered);
		pair_set_up(&pair);
		pair.peer_setup.policy = EAP_FS_REQUIRE;
		run_changed(&pair, i == 1 ? both : none, i == 2, true);
		CU_ASSERT(pair_failed(&pair));
		CU_ASSERT_EQUAL(pair.asked, 0);
		pair_end(&pair);
	}
}

static void test_a_list_that_may_not_be(void)
{
	static const struct eap_list bad[] = {
		{{1, 1}, 2},    /* twice */
		{{1, 2, 1}, 3}, /* a change nobody asked for */
	};
	static const struct eap_list worse[] = {
		{{1, 1, 2}, 3},    /* not what was asked for */
		{{2, 2, 1}, 3},    /* the rest in another order */
		{{2, 1}, 2},       /* the choice took the place of the list */
		{{1, 2}, 2},       /* nothing changed */
		{{2, 1, 2, 3}, 4}, /* something new behind */
		{{0}, 0},          /* none any more */
	};
	struct pair pair;
	size_t i;

	change.later = false;
	for (i = 0; i < 2; i++) {
		pair_set_up(&pair);
		run_changed(&pair, bad[i], true, true);
		CU_ASSERT(pair_failed(&pair));
		CU_ASSERT_EQUAL(pair.asked, 0);
	}
	change.later = true; /* the answer to a request for P-256 */
	for (i = 0; i < 6; i++) {
		pair_set_up(&pair);
		pair.peer_setup.groups = (struct eap_groups){{ECDHE_P256}, 1};
		run_changed(&pair, worse[i], true, true);
		CU_ASSERT(pair_failed(&pair));
		CU_ASSERT_PTR_NOT_NULL(strstr(pair.peer.trace.why, "AT_KDF_FS"));
		CU_ASSERT_EQUAL(pair.asked, 0);
	}
}

/* ---- what else a network may do wrong ---- */

static unsigned drawn;
static int counting(void *context, void *out, size_t length)
{
	(void)context;
	drawn++;
	return ecdhe_kernel.fill(ecdhe_kernel.context, out, length);
}

static void spoil(struct pair *pair, struct eap_writer *packet, bool up)
{
	struct eap_packet p;

	(void)pair;
	if (!up && pair_is_challenge(&p, packet))
		packet->bytes[p.mac.at - packet->bytes] ^= 1;
}

/* PROVES: RFC 9678 7.3: no key is made, and nothing computed on a curve, for who has not shown to be the
 * network; and 7.1: when it is over, no end has an ephemeral key any more. */
static void test_no_work_for_strangers(void)
{
	static const uint8_t zero[sizeof(struct ecdhe) + sizeof(struct eap_vector)];
	const struct p256_random random = {counting, NULL};
	struct pair pair;

	pair_set_up(&pair);
	pair.peer_setup.random = &random;
	pair.between = spoil;
	drawn = 0;
	pair_run(&pair);
	CU_ASSERT(pair_failed(&pair));
	CU_ASSERT_EQUAL(drawn, 0);
	pair.between = NULL;
	pair.k[3] ^= 1;
	pair_run(&pair);
	CU_ASSERT(pair_failed(&pair));
	CU_ASSERT_EQUAL(drawn, 0);
	pair.k[3] ^= 1;
	pair_run(&pair);
	CU_ASSERT(pair_same_keys(&pair));
	CU_ASSERT_EQUAL(drawn, 1);
	ASSERT_BYTES(&pair.server.own, zero, sizeof(pair.server.own));
	ASSERT_BYTES(&pair.server.vector, zero, sizeof(pair.server.vector));
}

static void flip_key(struct pair *pair, struct eap_writer *packet, bool up)
{
	struct eap_packet p;

	if (up || !pair_is_challenge(&p, packet))
		return;
	/* the offer's own order, the key replaced by zeros: a secret of zero */
	memset(packet->bytes + (p.pub_ecdhe.at - packet->bytes), 0, p.pub_ecdhe.length);
	packet->mac = (size_t)(p.mac.at - packet->bytes);
	CU_ASSERT_FATAL(eap_write_finish(packet, pair->server.keys.k_aut) > 0);
}

static void test_no_public_key(void)
{
	struct pair pair;

	pair_set_up(&pair);
	pair.between = flip_key;
	pair_run(&pair);
	CU_ASSERT(pair_failed(&pair));
	CU_ASSERT_PTR_NOT_NULL(strstr(pair.peer.trace.why, "no public key"));
}

static void test_wrong_network(void)
{
	struct pair pair;

	pair_set_up(&pair);
	pair.peer_setup.network = "5G:mnc002.mcc001.3gppnetwork.org";
	pair_run(&pair);
	CU_ASSERT(pair_failed(&pair));
	CU_ASSERT_PTR_NOT_NULL(strstr(pair.peer.trace.why, "another name"));
	CU_ASSERT_EQUAL(pair.asked, 0);
	pair.peer_setup.network = NULL;
	pair_run(&pair);
	CU_ASSERT(pair_same_keys(&pair));
	pair_set_up(&pair);
	pair.amf = 0; /* a vector for another kind of access */
	pair_run(&pair);
	CU_ASSERT(pair_failed(&pair));
	CU_ASSERT_EQUAL(pair.asked, 0);
	pair_set_up(&pair);
	pair.k[0] ^= 1;
	pair_run(&pair);
	CU_ASSERT(pair_failed(&pair));
	CU_ASSERT_PTR_NOT_NULL(strstr(pair.peer.trace.why, "another key"));
}

static void test_out_of_step(void)
{
	struct pair pair;

	pair_set_up(&pair);
	pair.seen = 40;
	pair_run(&pair);
	CU_ASSERT(pair_same_keys(&pair));
	CU_ASSERT_EQUAL(pair.peer.trace.resynchronised, 1);
	CU_ASSERT_EQUAL(pair.seen, 41);
	CU_ASSERT_EQUAL(pair.peer.trace.group, ECDHE_X25519);
}

/* Packets by hand. */
static int hear(struct eap_peer *peer, struct eap_writer *answer, const void *bytes, size_t length)
{
	struct fault fault;

	return eap_peer_hear(peer, answer, bytes, length, &fault);
}

static void test_other_requests(void)
{
	struct eap_writer w;
	struct pair pair;

	pair_set_up(&pair);
	eap_peer_start(&pair.peer, &pair.peer_setup);
	CU_ASSERT_EQUAL(hear(&pair.peer, &w, "\x03\x05\x00\x04", 4), 0); /* Success out of nowhere */
	CU_ASSERT_EQUAL(pair.peer.trace.end, EAP_RUNNING);
	CU_ASSERT_EQUAL(hear(&pair.peer, &w, "\x01\x05\x00\x05\x04", 5), 6); /* MD5-Challenge: no */
	ASSERT_BYTES(w.bytes, "\x02\x05\x00\x06\x03\x32", 6);
	CU_ASSERT_EQUAL(hear(&pair.peer, &w, "\x01\x06\x00\x05\x02", 5), 5); /* Notification */
	CU_ASSERT_EQUAL(hear(&pair.peer, &w, "\x01\x06\x00", 3), 0);
	CU_ASSERT_EQUAL(hear(&pair.peer, &w, "\x01\x07\x00\x08\x32\x0D\x00\x00", 8),
			12); /* re-authentication */
	CU_ASSERT_EQUAL(w.bytes[5], EAP_AKA_CLIENT_ERROR);
	CU_ASSERT_EQUAL(pair.peer.trace.end, EAP_FAILED);
	eap_peer_start(&pair.peer, &pair.peer_setup);
	CU_ASSERT_EQUAL(hear(&pair.peer, &w, "\x01\x07\x00\x0C\x32\x05\x00\x00\x0A\x01\x00\x00", 12), 64);
	CU_ASSERT_EQUAL(pair.peer.hashed, 2);
	CU_ASSERT_EQUAL(hear(&pair.peer, &w, "\x01\x08\x00\x0C\x32\x0C\x00\x00\x0C\x01\x40\x00", 12),
			8); /* bad news */
	CU_ASSERT_EQUAL(w.bytes[5], EAP_AKA_NOTIFICATION);
	CU_ASSERT_EQUAL(pair.peer.trace.end, EAP_FAILED);
	eap_peer_start(&pair.peer, &pair.peer_setup);
	CU_ASSERT_EQUAL(hear(&pair.peer, &w, "\x01\x08\x00\x0C\x32\x0C\x00\x00\x0C\x01\x80\x00", 12), 12);
	CU_ASSERT_EQUAL(w.bytes[5], EAP_AKA_CLIENT_ERROR); /* success before any challenge cannot be */
}

UNIT_SUITE("eap_peer", UNIT(test_every_policy), UNIT(test_fresh), UNIT(test_another_group),
	   UNIT(test_no_group_in_common), UNIT(test_stripped), UNIT(test_a_list_that_may_not_be),
	   UNIT(test_no_work_for_strangers), UNIT(test_no_public_key), UNIT(test_wrong_network),
	   UNIT(test_out_of_step), UNIT(test_other_requests))
