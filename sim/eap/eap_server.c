#include "eap/eap_server.h"

#include <string.h>

#include "crypto/compare.h"
#include "crypto/wipe.h"

enum {
	PERMANENT = '6', /* of EAP-AKA' (TS 23.003 19.3.2): then the IMSI */
};

static struct span identity_of(const struct eap_server *server)
{
	return (struct span){(const uint8_t *)server->identity, strlen(server->identity)};
}

static int fail(struct eap_server *server, struct eap_writer *out, const char *why)
{
	eap_run_failed(&server->trace, "%s", why);
	eap_write_other(out, EAP_FAILURE, server->identifier, 0, (struct span){NULL, 0});
	return eap_write_finish(out, NULL);
}

int eap_server_start(struct eap_server *server, const struct eap_server_setup *setup, struct eap_writer *out)
{
	memset(server, 0, sizeof(*server));
	server->setup = *setup;
	server->identifier = 1;
	sha256_start(&server->hash);
	eap_write_other(out, EAP_REQUEST, server->identifier, EAP_IDENTITY, (struct span){NULL, 0});
	return eap_write_finish(out, NULL);
}

void eap_server_stop(struct eap_server *server)
{
	wipe(server, sizeof(*server));
}

/* "6" and 6 to 15 digits, up to '@' or the end. */
static bool take_identity(struct eap_server *server, struct span said)
{
	size_t n;

	if (said.length >= sizeof(server->identity) || memchr(said.at, 0, said.length))
		return false;
	memcpy(server->identity, said.at, said.length);
	server->identity[said.length] = 0;
	n = strspn(server->identity + 1, "0123456789");
	if (server->identity[0] != PERMANENT || n < 6 || n > 15 ||
	    (server->identity[1 + n] && server->identity[1 + n] != '@'))
		return false;
	memcpy(server->imsi, server->identity + 1, n);
	server->imsi[n] = 0;
	return true;
}

static int ask_identity(struct eap_server *server, struct eap_writer *out)
{
	int n;

	eap_write_start(out, EAP_REQUEST, ++server->identifier, EAP_AKA_IDENTITY);
	eap_write_number(out, AT_PERMANENT_ID_REQ, 0);
	n = eap_write_finish(out, NULL);
	sha256_add(&server->hash, out->bytes, n > 0 ? (size_t)n : 0);
	server->hashed++;
	return n;
}

/* The challenge, with AT_KDF_FS as `offer` has it and a fresh key of its first group. */
static int challenge(struct eap_server *server, struct eap_writer *out)
{
	const struct eap_server_setup *setup = &server->setup;
	const struct eap_vector *v = &server->vector;
	size_t i;

	ecdhe_wipe(&server->own);
	if (server->offer.count &&
	    ecdhe_generate(&server->own, (enum ecdhe_group)server->offer.values[0], setup->random) < 0)
		return fail(server, out, "no key pair could be made");
	eap_write_start(out, EAP_REQUEST, ++server->identifier, EAP_AKA_CHALLENGE);
	eap_write(out, AT_RAND, v->rand, 16);
	eap_write(out, AT_AUTN, v->autn, 16);
	eap_write_number(out, AT_KDF, EAP_KDF);
	eap_write(out, AT_KDF_INPUT, setup->network, strlen(setup->network));
	for (i = 0; i < server->offer.count; i++)
		eap_write_number(out, AT_KDF_FS, server->offer.values[i]);
	if (server->offer.count) {
		server->trace.offered = true;
		memcpy(server->trace.sent, server->own.public_key, sizeof(server->own.public_key));
		eap_write(out, AT_PUB_ECDHE, server->own.public_key, ecdhe_public_length(server->own.group));
	}
	if (server->hashed)
		eap_run_write_checkcode(out, &server->hash, server->hashed);
	eap_write_mac(out);
	return eap_write_finish(out, server->keys.k_aut);
}

/* A vector, its keys, and the first offer. */
static int begin(struct eap_server *server, struct eap_writer *out)
{
	const struct eap_server_setup *setup = &server->setup;
	struct span name = {(const uint8_t *)setup->network, strlen(setup->network)};
	struct fault fault = {0};
	size_t i;

	if (setup->vector(setup->context, &server->vector, server->imsi, &fault) < 0)
		return fail(server, out, fault.text);
	memcpy(server->trace.rand, server->vector.rand, 16);
	memcpy(server->trace.autn, server->vector.autn, 16);
	if (eap_keys_derive(&server->keys, server->vector.ck, server->vector.ik, name, server->vector.autn,
			    identity_of(server)) < 0)
		return fail(server, out, "the key derivation failed");
	server->offer.count = setup->policy == EAP_FS_OFF ? 0 : setup->groups.count;
	for (i = 0; i < server->offer.count; i++)
		server->offer.values[i] = (uint16_t)setup->groups.values[i];
	return challenge(server, out);
}

static int hear_identity(struct eap_server *server, struct eap_writer *out, const struct eap_packet *p,
			 const uint8_t *in, size_t length)
{
	struct span said = p->type == EAP_IDENTITY ? p->data : p->identity;

	if (p->type == EAP_AKA_PRIME) {
		sha256_add(&server->hash, in, length);
		server->hashed++;
	}
	if (said.at && take_identity(server, said))
		return begin(server, out);
	/* one question more, and only one */
	return server->hashed ? fail(server, out, "the phone tells no IMSI") : ask_identity(server, out);
}

/* The phone asks for another group: RFC 9678 6.2. */
static int renegotiate(struct eap_server *server, struct eap_writer *out, const struct eap_packet *p)
{
	struct eap_list *offer = &server->offer;
	const uint16_t wanted = p->kdf_fs.values[0];

	if (p->kdf_fs.count != 1 || server->trace.negotiated || offer->values[0] == wanted ||
	    !eap_run_list_has(offer, wanted))
		return fail(server, out, "the phone asks for a group that it was not offered");
	server->trace.negotiated++;
	memmove(offer->values + 1, offer->values, offer->count * sizeof(offer->values[0]));
	offer->values[0] = wanted;
	offer->count++;
	return challenge(server, out);
}

/* RFC 9678 6.3; false: what the phone sent is no public key. */
static bool go_forward(struct eap_server *server, struct span heard)
{
	uint8_t shared[ECDHE_SHARED];
	int e = ecdhe_shared(shared, &server->own, heard, server->setup.random);

	if (e == OK && (e = eap_keys_forward(&server->keys, shared, identity_of(server))) == OK) {
		server->trace.group = server->own.group;
		memcpy(server->trace.heard, heard.at, ecdhe_public_length(server->own.group));
	}
	wipe(shared, sizeof(shared));
	ecdhe_wipe(&server->own);
	return e == OK;
}

static int succeed(struct eap_server *server, struct eap_writer *out)
{
	server->trace.end = EAP_DONE;
	wipe(&server->vector, sizeof(server->vector));
	ecdhe_wipe(&server->own);
	eap_write_other(out, EAP_SUCCESS, server->identifier, 0, (struct span){NULL, 0});
	return eap_write_finish(out, NULL);
}

static int hear_challenge(struct eap_server *server, struct eap_writer *out, const struct eap_packet *p,
			  const uint8_t *in, size_t length)
{
	const struct eap_vector *v = &server->vector;

	if (!p->res.at && p->kdf_fs.count && server->offer.count)
		return renegotiate(server, out, p);
	if (p->unknown || !p->res.at || p->res.length != v->res_length ||
	    compare_equal(p->res.at, v->res, v->res_length) != GRANTED)
		return fail(server, out, "RES is wrong");
	if (eap_packet_check(p, in, length, server->keys.k_aut) != GRANTED)
		return fail(server, out, "the phone's AT_MAC is wrong");
	if (!eap_run_checkcode(&p->checkcode, &server->hash, server->hashed))
		return fail(server, out, "AT_CHECKCODE: the identity messages were changed");
	if (server->offer.count && p->pub_ecdhe.at) {
		if (!go_forward(server, p->pub_ecdhe))
			return fail(server, out, "the phone's AT_PUB_ECDHE is no public key");
	} else if (server->setup.policy == EAP_FS_REQUIRE) {
		return fail(server, out, "forward secrecy is required, and the phone does without");
	}
	return succeed(server, out);
}

static int hear_synchronization(struct eap_server *server, struct eap_writer *out, const struct eap_packet *p)
{
	const struct eap_server_setup *setup = &server->setup;
	struct fault fault = {0};

	if (!p->auts.at || server->trace.resynchronised++)
		return fail(server, out, "the card is not in step, and stays so");
	if (setup->resynchronise(setup->context, server->imsi, p->auts.at, server->vector.rand, &fault) < 0)
		return fail(server, out, fault.text);
	return begin(server, out);
}

int eap_server_hear(struct eap_server *server, struct eap_writer *out, const uint8_t *in, size_t length)
{
	struct eap_packet p;

	if (server->trace.end != EAP_RUNNING || eap_packet_read(&p, in, length) < 0 ||
	    p.code != EAP_RESPONSE || p.identifier != server->identifier)
		return 0; /* RFC 3748 4.1, 4.2: silently discarded */
	if (p.type == EAP_IDENTITY && !server->imsi[0])
		return hear_identity(server, out, &p, in, length);
	if (p.type != EAP_AKA_PRIME)
		return fail(server, out, "the phone does not speak EAP-AKA'");
	if (p.subtype == EAP_AKA_IDENTITY && !server->imsi[0])
		return hear_identity(server, out, &p, in, length);
	if (!server->imsi[0])
		return fail(server, out, "the phone tells no IMSI");
	switch (p.subtype) {
	case EAP_AKA_CHALLENGE:
		return hear_challenge(server, out, &p, in, length);
	case EAP_AKA_SYNCHRONIZATION:
		return hear_synchronization(server, out, &p);
	case EAP_AKA_REJECT:
		return fail(server, out, "the phone rejects the challenge");
	case EAP_AKA_CLIENT_ERROR:
		return fail(server, out, "the phone cannot process the challenge");
	default:
		return fail(server, out, "the phone answers with another subtype");
	}
}
