#include "radio/session.h"

#include <errno.h>
#include <string.h>

#include "crypto/hmac.h"
#include "lib/hex.h"

enum {
	PACKET_MAX = 28 + 200,
};

static const uint32_t server = 0xCB00710A; /* 203.0.113.10, a documentation address (RFC 5737) */

/* What the antenna at the phone hears of a frame. */
static int hear(struct ether *ether, struct frame *frame, enum station_side side, struct fault *fault)
{
	struct datagram datagram;

	frame->direction = side == STATION_PHONE ? UPLINK : DOWNLINK;
	frame->microseconds = ether->microseconds;
	ether->microseconds += 4000; /* a few milliseconds a message, as on a real link */
	air_pack(&datagram, frame);
	return capture_write(ether->capture, &datagram, fault);
}

/* A frame that `from` sends, until somebody hears it: 1, *to, and what it is
 * then; 0: nobody does. */
static int carry(struct ether *ether, enum station_side *to, struct frame *frame, enum station_side from,
		 struct station *station, struct fault *fault)
{
	int n = 1;

	*to = from == STATION_PHONE ? STATION_NETWORK : STATION_PHONE;
	if (from == STATION_PHONE && hear(ether, frame, from, fault) < 0)
		return -1;
	if (station && (n = station_pass(station, to, frame, from, fault)) <= 0)
		return n;
	if (*to == STATION_PHONE && hear(ether, frame, STATION_NETWORK, fault) < 0)
		return -1;
	return n;
}

static void set_frame(struct frame *frame, uint16_t rnti, enum air_kind kind, const uint8_t *data,
		      size_t length)
{
	frame->rnti = rnti;
	frame->kind = kind;
	frame->length = length;
	memcpy(frame->data, data, length);
}

/* The network sends (or answers) first; then whoever hears something answers, until nobody does. */
static int attach_eap(struct ether *ether, uint16_t rnti, struct eap_ends *ends, struct eap_writer *first,
		      struct station *station, struct fault *fault)
{
	enum station_side from = STATION_NETWORK, to;
	struct eap_writer said = *first;
	struct frame frame;
	int n = (int)said.length, heard;

	while (n > 0) {
		set_frame(&frame, rnti, AIR_EAP, said.bytes, (size_t)n);
		if ((heard = carry(ether, &to, &frame, from, station, fault)) <= 0)
			return heard;
		n = to == STATION_PHONE ? eap_peer_hear(&ends->peer, &said, frame.data, frame.length, fault)
					: eap_server_hear(&ends->server, &said, frame.data, frame.length);
		from = to;
	}
	return n;
}

static int transmit_nas(struct ether *ether, uint16_t rnti, enum station_side from, const uint8_t *data,
			size_t length, struct fault *fault)
{
	struct frame frame;

	set_frame(&frame, rnti, AIR_NAS, data, length);
	return hear(ether, &frame, from, fault);
}

/* NAS messages go back and forth until nobody answers. */
static int attach_lte(struct ether *ether, uint16_t rnti, struct phone *phone, struct network *network,
		      struct fault *fault)
{
	uint8_t up[NAS_MAX], down[NAS_MAX];
	int n = phone_attach(phone, up);

	while (n > 0) {
		if (transmit_nas(ether, rnti, STATION_PHONE, up, (size_t)n, fault) < 0)
			return -1;
		if ((n = network_hear(network, down, up, (size_t)n, fault)) <= 0)
			break;
		if (transmit_nas(ether, rnti, STATION_NETWORK, down, (size_t)n, fault) < 0)
			return -1;
		n = phone_hear(phone, up, down, (size_t)n, fault);
	}
	if (n < 0)
		return -1;
	if (phone->attached && network->attached)
		return 0;
	return fault_set(fault, FAULT_NO, NULL, "%s could not attach", phone->imsi);
}

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* An IPv4/UDP packet with this text; its length. */
static size_t packet(uint8_t *out, uint32_t from, uint32_t to, const char *text)
{
	size_t n = strlen(text);
	uint32_t sum = 0;
	int i;

	memset(out, 0, 28);
	out[0] = 0x45;
	put16(out + 2, (unsigned)(28 + n));
	out[8] = 64;
	out[9] = 17;
	for (i = 0; i < 4; i++) {
		out[12 + i] = (uint8_t)(from >> (24 - 8 * i));
		out[16 + i] = (uint8_t)(to >> (24 - 8 * i));
	}
	for (i = 0; i < 20; i += 2)
		sum += (uint32_t)out[i] << 8 | out[i + 1];
	put16(out + 10, ~((sum & 0xFFFF) + (sum >> 16)) & 0xFFFF);
	put16(out + 20, 40000);
	put16(out + 22, 40000);
	put16(out + 24, (unsigned)(8 + n));
	for (i = 0; i < (int)n; i++)
		out[28 + i] = (uint8_t)text[i];
	return 28 + n;
}

/* What is said: a sentence, and a word nobody can guess. */
static int sentence(char *out, size_t size, const struct ether *ether, uint16_t rnti, int number)
{
	static const char *const said[2 * SESSION_PACKETS] = {
		"the meeting is moved to the old harbour office, ask for",
		"understood; I bring the blue folder and the word",
		"tell nobody; the account opens with",
		"noted, the account and the word",
		"if I do not come, publish under",
		"safe journey; I keep the envelope marked",
	};
	const uint8_t input[3] = {(uint8_t)(rnti >> 8), (uint8_t)rnti, (uint8_t)number};
	uint8_t digest[SHA256_LENGTH];
	char word[33];

	if (hmac(digest, (struct span){ether->seed, 32}, (struct span){input, 3}) < 0)
		return -1;
	hex_write(word, digest, 16);
	(void)snprintf(out, size, "%s %s", said[number % (2 * SESSION_PACKETS)], word);
	return 0;
}

/* Each end uses the key it derived itself. */
struct traffic {
	const uint8_t *phone_key, *network_key; /* network_key NULL: the phone is attached to somebody else */
	uint32_t address;
	struct station *station;
	unsigned phone_garbled, network_garbled; /* packets that came, and were not what was said */
};

/* PDCP user plane with 12-bit sequence number: header, then the enciphered
 * packet. Sent, carried, and deciphered at the other end. */
static int send_packet(struct ether *ether, uint16_t rnti, struct traffic *traffic, enum direction direction,
		       uint32_t count, const uint8_t *plain, size_t length, struct fault *fault)
{
	const bool up = direction == UPLINK;
	const uint8_t *sender = up ? traffic->phone_key : traffic->network_key;
	const uint8_t *receiver = up ? traffic->network_key : traffic->phone_key;
	uint8_t pdu[AIR_PDCP_HEADER + PACKET_MAX], *body;
	struct frame frame;
	enum station_side to;
	int n;

	pdu[0] = (uint8_t)(0x80 | (count >> 8 & 0x0F));
	pdu[1] = (uint8_t)count;
	memcpy(pdu + AIR_PDCP_HEADER, plain, length);
	if (eea2(pdu + AIR_PDCP_HEADER, length, sender, count, AIR_DRB - 1, direction) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "enciphering failed");
	set_frame(&frame, rnti, AIR_PDCP, pdu, AIR_PDCP_HEADER + length);
	n = carry(ether, &to, &frame, up ? STATION_PHONE : STATION_NETWORK, traffic->station, fault);
	if (n < 0)
		return -1;
	body = frame.data + AIR_PDCP_HEADER;
	if (!receiver)
		return 0; /* the network has no session to take it for */
	if (n == 1 && frame.length == AIR_PDCP_HEADER + length &&
	    to == (up ? STATION_NETWORK : STATION_PHONE) &&
	    eea2(body, length, receiver, count, AIR_DRB - 1, direction) == OK && !memcmp(body, plain, length))
		return 0;
	*(up ? &traffic->network_garbled : &traffic->phone_garbled) += 1;
	return 0;
}

static void truth_hex(FILE *truth, const char *name, const uint8_t *bytes, size_t length)
{
	size_t i;

	fprintf(truth, ",\"%s\":\"", name);
	for (i = 0; i < length; i++)
		fprintf(truth, "%02x", bytes[i]);
	fputc('"', truth);
}

/* Sealed:
 * {"rnti","imsi","access","rand","res","ck","ik",...,"kup_enc","pdus":[{"direction","count","data"}]}; of LTE
 * "kasme" and "kenb", of EAP-AKA' "msk", "emsk" and "kausf", the phone's. */
static void truth_session(const struct ether *ether, uint16_t rnti, const struct phone *phone,
			  const struct eap_ends *ends)
{
	FILE *truth = ether->truth;

	fprintf(truth, "{\"rnti\":%u,\"imsi\":\"%s\",\"phase\":\"%s\",\"access\":\"%s\"", rnti, phone->imsi,
		ether->phase,
		!ends                                  ? "lte"
		: ends->peer.trace.group == ECDHE_NONE ? "eap-aka-prime"
						       : "eap-aka-prime-fs");
	truth_hex(truth, "rand", phone->rand, 16);
	truth_hex(truth, "res", phone->res, phone->res_length);
	truth_hex(truth, "ck", phone->ck, 16);
	truth_hex(truth, "ik", phone->ik, 16);
	if (ends) {
		truth_hex(truth, "msk", ends->peer.keys.msk, EAP_MSK);
		truth_hex(truth, "emsk", ends->peer.keys.emsk, EAP_MSK);
		truth_hex(truth, "kausf", ends->phone_keys.kausf, 32);
		truth_hex(truth, "kup_enc", ends->phone_keys.kup_enc, 16);
	} else {
		truth_hex(truth, "kasme", phone->keys.kasme, 32);
		truth_hex(truth, "kenb", phone->keys.kenb, 32);
		truth_hex(truth, "kup_enc", phone->keys.kup_enc, 16);
	}
	fputs(",\"pdus\":[", truth);
}

static int talk(struct ether *ether, uint16_t rnti, struct traffic *traffic, struct fault *fault)
{
	uint8_t plain[PACKET_MAX];
	char text[160];
	size_t n;
	int i;

	for (i = 0; i < 2 * SESSION_PACKETS; i++) {
		enum direction direction = i % 2 ? DOWNLINK : UPLINK;
		uint32_t count = (uint32_t)i / 2;

		if (direction == DOWNLINK && !traffic->network_key)
			continue;
		if (sentence(text, sizeof(text), ether, rnti, i) < 0)
			return fault_set(fault, FAULT_BUG, NULL, "HMAC failed");
		n = direction == UPLINK ? packet(plain, traffic->address, server, text)
					: packet(plain, server, traffic->address, text);
		fprintf(ether->truth, "%s{\"direction\":\"%s\",\"count\":%u", i ? "," : "",
			direction == UPLINK ? "uplink" : "downlink", count);
		truth_hex(ether->truth, "data", plain, n);
		fputc('}', ether->truth);
		if (send_packet(ether, rnti, traffic, direction, count, plain, n, fault) < 0)
			return -1;
	}
	fputs("]}\n", ether->truth);
	ether->microseconds += 250000;
	if (fflush(ether->truth) == 0)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot write the truth: %s",
			 strerror(errno));
}

static int run_lte(struct ether *ether, uint16_t rnti, struct phone *phone, struct network *network,
		   struct fault *fault)
{
	struct traffic traffic = {.phone_key = phone->keys.kup_enc, .network_key = network->keys.kup_enc};

	if (attach_lte(ether, rnti, phone, network, fault) < 0)
		return -1;
	traffic.address = phone->address;
	truth_session(ether, rnti, phone, NULL);
	return talk(ether, rnti, &traffic, fault) < 0 ? -1 : 1;
}

static int run_eap(struct ether *ether, uint16_t rnti, struct eap_ends *ends,
		   const struct session_access *access, struct eap_writer *first, struct fault *fault)
{
	struct traffic traffic = {.phone_key = ends->phone_keys.kup_enc,
				  .network_key = ends->network_keys.kup_enc,
				  .address = 0x0A2D0000U | rnti, /* 10.45.hi.lo */
				  .station = access->station};
	int e = attach_eap(ether, rnti, ends, first, access->station, fault), attached;

	if (e < 0)
		return -1;
	attached = eap_ends_derive(ends, fault);
	if (attached == 0)
		traffic.network_key = NULL;
	if (attached >= 0) {
		truth_session(ether, rnti, ends->phone, ends);
		e = talk(ether, rnti, &traffic, fault);
	}
	eap_access_log(access->phone_log, rnti, ends->phone->imsi, access->eap->phone_policy,
		       &ends->peer.trace, traffic.phone_garbled);
	eap_access_log(access->network_log, rnti, ends->server.imsi, access->eap->network_policy,
		       &ends->server.trace, traffic.network_garbled);
	if (e < 0)
		return -1;
	if (attached >= 0)
		return 1;
	return access->station ? 0 : -1; /* `fault` says why */
}

int session_run(struct ether *ether, struct phone *phone, struct network *network,
		const struct session_access *access, struct fault *fault)
{
	uint16_t rnti = ether->next_rnti++;
	struct eap_writer first;
	struct eap_ends ends;
	int e;

	if (!access->eap)
		return run_lte(ether, rnti, phone, network, fault);
	e = eap_ends_start(&ends, access->eap, phone, &network->auc, &first, fault);
	if (e > 0)
		e = run_eap(ether, rnti, &ends, access, &first, fault);
	eap_ends_stop(&ends);
	return e;
}
