#include "eap/eap_peer.h"

#include <string.h>

#include "crypto/wipe.h"

enum {
	UNABLE_TO_PROCESS = 0,   /* AT_CLIENT_ERROR_CODE (RFC 4187 10.20) */
	SEPARATION_BIT = 0x80,   /* of AMF, in AUTN (TS 33.102 Annex H) */
	NOTIFY_SUCCESS = 0x8000, /* AT_NOTIFICATION's S bit (RFC 4187 10.19) */
	NOTIFY_BEFORE = 0x4000,  /* its P bit: before the challenge, without MAC */
};

static struct span identity_of(const struct eap_peer *peer)
{
	return (struct span){(const uint8_t *)peer->setup.identity, strlen(peer->setup.identity)};
}

void eap_peer_start(struct eap_peer *peer, const struct eap_peer_setup *setup)
{
	memset(peer, 0, sizeof(*peer));
	peer->setup = *setup;
	sha256_start(&peer->hash);
}

void eap_peer_stop(struct eap_peer *peer)
{
	wipe(peer, sizeof(*peer));
}

static int client_error(struct eap_peer *peer, struct eap_writer *w, uint8_t identifier, const char *why)
{
	eap_run_failed(&peer->trace, "%s", why);
	eap_write_start(w, EAP_RESPONSE, identifier, EAP_AKA_CLIENT_ERROR);
	eap_write_number(w, AT_CLIENT_ERROR_CODE, UNABLE_TO_PROCESS);
	return eap_write_finish(w, NULL);
}

/* As if AUTN had been incorrect (RFC 4187 6.3.1). */
static int reject(struct eap_peer *peer, struct eap_writer *w, uint8_t identifier, const char *why)
{
	eap_run_failed(&peer->trace, "%s", why);
	eap_write_start(w, EAP_RESPONSE, identifier, EAP_AKA_REJECT);
	return eap_write_finish(w, NULL);
}

/* The answer that asks for another function has this attribute and no other (RFC 9048 3.2, RFC 9678 6.2). */
static int ask(struct eap_writer *w, uint8_t identifier, enum eap_attribute type, unsigned value)
{
	eap_write_start(w, EAP_RESPONSE, identifier, EAP_AKA_CHALLENGE);
	eap_write_number(w, type, value);
	return eap_write_finish(w, NULL);
}

/* Every request and response of AKA'-Identity goes into AT_CHECKCODE (RFC 4187 10.13). */
static int hear_identity(struct eap_peer *peer, struct eap_writer *w, const struct eap_packet *p,
			 const uint8_t *in, size_t length)
{
	struct span identity = identity_of(peer);
	int n;

	if (!p->id_request || peer->authenticated)
		return client_error(peer, w, p->identifier, "an identity request that asks for none");
	eap_write_start(w, EAP_RESPONSE, p->identifier, EAP_AKA_IDENTITY);
	eap_write(w, AT_IDENTITY, identity.at, identity.length);
	n = eap_write_finish(w, NULL);
	sha256_add(&peer->hash, in, length);
	sha256_add(&peer->hash, w->bytes, n > 0 ? (size_t)n : 0);
	peer->hashed += 2;
	return n;
}

/* RFC 9048 3.1, 3.2: the network's name and the basic function. 0 when both
 * are as they should be, else the answer's length. */
static int check_basics(struct eap_peer *peer, struct eap_writer *w, const struct eap_packet *p)
{
	const char *name = peer->setup.network;

	if (!p->rand.at || !p->autn.at || !p->has_mac || p->unknown)
		return client_error(peer, w, p->identifier, "a challenge without its attributes");
	if (!p->kdf_input.length || (name && (p->kdf_input.length != strlen(name) ||
					      memcmp(name, p->kdf_input.at, p->kdf_input.length) != 0)))
		return reject(peer, w, p->identifier, "the challenge is of a network with another name");
	if (!eap_run_list_follows(&p->kdf, &peer->kdf, peer->asked_kdf))
		return client_error(peer, w, p->identifier,
				    "the list of AT_KDF changed, or has a value twice");
	peer->kdf = p->kdf;
	peer->asked_kdf = 0;
	if (p->kdf.count && p->kdf.values[0] == EAP_KDF)
		return 0;
	if (!eap_run_list_has(&p->kdf, EAP_KDF))
		return reject(peer, w, p->identifier, "the network offers no key derivation that is known");
	peer->asked_kdf = EAP_KDF;
	return ask(w, p->identifier, AT_KDF, EAP_KDF);
}

/* RFC 9678 6.2, 6.5.3: which group, if any. 0 and *group, else the answer's length. */
static int choose_group(struct eap_peer *peer, enum ecdhe_group *group, struct eap_writer *w,
			const struct eap_packet *p)
{
	/* one of the two alone counts as none */
	const bool offered = p->kdf_fs.count && p->pub_ecdhe.at && peer->setup.policy != EAP_FS_OFF;
	static const struct eap_list none;
	const struct eap_list *list = offered ? &p->kdf_fs : &none;
	size_t i;

	*group = ECDHE_NONE;
	if (!eap_run_list_follows(list, &peer->kdf_fs, peer->asked_fs))
		return client_error(peer, w, p->identifier,
				    "the list of AT_KDF_FS changed, or has a value twice");
	peer->kdf_fs = *list;
	peer->asked_fs = 0;
	peer->trace.offered = offered;
	if (offered && eap_run_willing(&peer->setup.groups, list->values[0])) {
		*group = (enum ecdhe_group)list->values[0];
		return 0;
	}
	for (i = 1; i < list->count; i++)
		if (eap_run_willing(&peer->setup.groups, list->values[i])) {
			peer->asked_fs = list->values[i];
			peer->trace.negotiated++;
			return ask(w, p->identifier, AT_KDF_FS, peer->asked_fs);
		}
	if (peer->setup.policy == EAP_FS_REQUIRE)
		return reject(peer, w, p->identifier,
			      offered ? "the network offers no group of forward secrecy that may be used"
				      : "forward secrecy is required, and the network offers none");
	return 0;
}

static int synchronise(struct eap_peer *peer, struct eap_writer *w, uint8_t identifier,
		       const uint8_t auts[14])
{
	peer->trace.resynchronised++;
	eap_write_start(w, EAP_RESPONSE, identifier, EAP_AKA_SYNCHRONIZATION);
	eap_write(w, AT_AUTS, auts, 14);
	return eap_write_finish(w, NULL);
}

/* The card, the keys and the network's MAC. 0 when the network is who it says, else the answer's length, or
 * -1. */
static int authenticate(struct eap_peer *peer, struct eap_card_answer *card, struct eap_writer *w,
			const struct eap_packet *p, const uint8_t *in, size_t length, struct fault *fault)
{
	memcpy(peer->trace.rand, p->rand.at, 16);
	memcpy(peer->trace.autn, p->autn.at, 16);
	if (!(p->autn.at[6] & SEPARATION_BIT))
		return reject(peer, w, p->identifier, "AUTN is not for EAP-AKA': AMF's separation bit is 0");
	if (peer->setup.authenticate(peer->setup.context, card, p->rand.at, p->autn.at, fault) < 0)
		return -1;
	if (card->says == EAP_CARD_MAC)
		return reject(peer, w, p->identifier, "the card refuses AUTN: the network has another key");
	if (card->says == EAP_CARD_AUTS)
		return synchronise(peer, w, p->identifier, card->auts);
	if (eap_keys_derive(&peer->keys, card->ck, card->ik, p->kdf_input, p->autn.at, identity_of(peer)) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the key derivation failed");
	if (eap_packet_check(p, in, length, peer->keys.k_aut) != GRANTED)
		return client_error(peer, w, p->identifier, "the network's AT_MAC is wrong");
	if (!eap_run_checkcode(&p->checkcode, &peer->hash, peer->hashed))
		return client_error(peer, w, p->identifier,
				    "AT_CHECKCODE: the identity messages were changed");
	return 0;
}

/* SPEC: RFC 9678 6.3. Only after the MAC (7.3). 0, or -1: not to be used. */
static int go_forward(struct eap_peer *peer, enum ecdhe_group group, struct span heard)
{
	const struct p256_random *random = peer->setup.random;
	uint8_t shared[ECDHE_SHARED];
	struct ecdhe own;
	int e = ecdhe_generate(&own, group, random);

	if (e == OK && (e = ecdhe_shared(shared, &own, heard, random)) == OK) {
		e = eap_keys_forward(&peer->keys, shared, identity_of(peer));
		peer->trace.group = group;
		memcpy(peer->trace.sent, own.public_key, sizeof(own.public_key));
		memcpy(peer->trace.heard, heard.at, ecdhe_public_length(group));
	}
	ecdhe_wipe(&own);
	wipe(shared, sizeof(shared));
	return e;
}

static int respond(struct eap_peer *peer, struct eap_writer *w, const struct eap_packet *p,
		   const struct eap_card_answer *card)
{
	const enum ecdhe_group group = peer->trace.group;

	eap_write_start(w, EAP_RESPONSE, p->identifier, EAP_AKA_CHALLENGE);
	eap_write(w, AT_RES, card->res, card->res_length);
	if (group != ECDHE_NONE)
		eap_write(w, AT_PUB_ECDHE, peer->trace.sent, ecdhe_public_length(group));
	if (p->checkcode.at)
		eap_run_write_checkcode(w, &peer->hash, peer->hashed);
	eap_write_mac(w);
	return eap_write_finish(w, peer->keys.k_aut);
}

static int hear_challenge(struct eap_peer *peer, struct eap_writer *w, const struct eap_packet *p,
			  const uint8_t *in, size_t length, struct fault *fault)
{
	struct eap_card_answer card = {.says = EAP_CARD_MAC};
	enum ecdhe_group group;
	int n;

	if (peer->authenticated)
		return client_error(peer, w, p->identifier,
				    "a second challenge after the first was answered");
	if ((n = check_basics(peer, w, p)) != 0 || (n = choose_group(peer, &group, w, p)) != 0)
		return n;
	if ((n = authenticate(peer, &card, w, p, in, length, fault)) == 0) {
		if (group != ECDHE_NONE && go_forward(peer, group, p->pub_ecdhe) < 0) {
			n = client_error(peer, w, p->identifier,
					 "the network's AT_PUB_ECDHE is no public key");
		} else {
			peer->authenticated = true;
			n = respond(peer, w, p, &card);
		}
	}
	wipe(&card, sizeof(card));
	return n;
}

/* RFC 4187 6.1, 9.10: before the challenge without a MAC, after it with one, both ways. */
static int hear_notification(struct eap_peer *peer, struct eap_writer *w, const struct eap_packet *p,
			     const uint8_t *in, size_t length)
{
	const bool before = p->notification & NOTIFY_BEFORE;

	if (!p->has_notification || before == peer->authenticated ||
	    (!before && eap_packet_check(p, in, length, peer->keys.k_aut) != GRANTED))
		return client_error(peer, w, p->identifier, "a notification that cannot be");
	if (!(p->notification & NOTIFY_SUCCESS))
		eap_run_failed(&peer->trace, "the network notifies of failure %u", p->notification);
	eap_write_start(w, EAP_RESPONSE, p->identifier, EAP_AKA_NOTIFICATION);
	if (!before)
		eap_write_mac(w);
	return eap_write_finish(w, before ? NULL : peer->keys.k_aut);
}

static int hear_aka(struct eap_peer *peer, struct eap_writer *w, const struct eap_packet *p,
		    const uint8_t *in, size_t length, struct fault *fault)
{
	switch (p->subtype) {
	case EAP_AKA_IDENTITY:
		return hear_identity(peer, w, p, in, length);
	case EAP_AKA_CHALLENGE:
		return hear_challenge(peer, w, p, in, length, fault);
	case EAP_AKA_NOTIFICATION:
		return hear_notification(peer, w, p, in, length);
	default:
		return client_error(peer, w, p->identifier, "a request of another subtype");
	}
}

int eap_peer_hear(struct eap_peer *peer, struct eap_writer *w, const uint8_t *in, size_t length,
		  struct fault *fault)
{
	static const uint8_t wanted[] = {EAP_AKA_PRIME};
	struct eap_packet p;
	int e = eap_packet_read(&p, in, length);

	if (e < 0 && (length < 6 || in[0] != EAP_REQUEST || in[4] != EAP_AKA_PRIME))
		return 0; /* RFC 3748 4: silently discarded */
	if (peer->trace.end != EAP_RUNNING)
		return 0;
	if (e < 0)
		return client_error(peer, w, in[1], "a request that cannot be parsed");
	if (p.code == EAP_SUCCESS && peer->authenticated) {
		peer->trace.end = EAP_DONE;
		return 0;
	}
	if (p.code == EAP_FAILURE)
		eap_run_failed(&peer->trace, "the network refuses");
	if (p.code != EAP_REQUEST)
		return 0; /* a Success that comes too early, too (RFC 4187 6.2) */
	switch (p.type) {
	case EAP_IDENTITY:
		eap_write_other(w, EAP_RESPONSE, p.identifier, EAP_IDENTITY, identity_of(peer));
		return eap_write_finish(w, NULL);
	case EAP_NOTIFICATION:
		eap_write_other(w, EAP_RESPONSE, p.identifier, EAP_NOTIFICATION, (struct span){NULL, 0});
		return eap_write_finish(w, NULL);
	case EAP_AKA_PRIME:
		return hear_aka(peer, w, &p, in, length, fault);
	default:
		eap_write_other(w, EAP_RESPONSE, p.identifier, EAP_NAK,
				(struct span){wanted, sizeof(wanted)});
		return eap_write_finish(w, NULL);
	}
}
