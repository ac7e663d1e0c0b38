#include "radio/session.h"

#include <errno.h>
#include <string.h>

#include "crypto/hmac.h"
#include "lib/hex.h"

enum {
	PACKET_MAX = 28 + 200,
};

static const uint32_t server = 0xCB00710A; /* 203.0.113.10, a documentation address (RFC 5737) */

/* A frame goes out; everybody near hears it. */
static int transmit(struct ether *ether, uint16_t rnti, enum direction direction, enum air_kind kind,
		    const uint8_t *data, size_t length, struct fault *fault)
{
	struct frame frame = {.rnti = rnti, .direction = direction, .kind = kind, .length = length};
	struct datagram datagram;

	memcpy(frame.data, data, length);
	frame.microseconds = ether->microseconds;
	ether->microseconds += 4000; /* a few milliseconds a message, as on a real link */
	air_pack(&datagram, &frame);
	return capture_write(ether->capture, &datagram, fault);
}

/* NAS messages go back and forth until nobody answers. */
static int attach(struct ether *ether, uint16_t rnti, struct phone *phone, struct network *network,
		  struct fault *fault)
{
	uint8_t up[NAS_MAX], down[NAS_MAX];
	int n = phone_attach(phone, up);

	while (n > 0) {
		if (transmit(ether, rnti, UPLINK, AIR_NAS, up, (size_t)n, fault) < 0)
			return -1;
		if ((n = network_hear(network, down, up, (size_t)n, fault)) <= 0)
			break;
		if (transmit(ether, rnti, DOWNLINK, AIR_NAS, down, (size_t)n, fault) < 0)
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

/* PDCP user plane with 12-bit sequence number: header, then the enciphered packet. */
static int send_packet(struct ether *ether, uint16_t rnti, const struct lte_keys *keys,
		       enum direction direction, uint32_t count, const uint8_t *plain, size_t length,
		       struct fault *fault)
{
	uint8_t pdu[AIR_PDCP_HEADER + PACKET_MAX];

	pdu[0] = (uint8_t)(0x80 | (count >> 8 & 0x0F));
	pdu[1] = (uint8_t)count;
	memcpy(pdu + AIR_PDCP_HEADER, plain, length);
	if (eea2(pdu + AIR_PDCP_HEADER, length, keys->kup_enc, count, AIR_DRB - 1, direction) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "enciphering failed");
	return transmit(ether, rnti, direction, AIR_PDCP, pdu, AIR_PDCP_HEADER + length, fault);
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
 * {"rnti","imsi","phase","rand","res","ck","ik","kup_enc","kasme","pdus":[{"direction","count","data"}]} */
static void truth_session(FILE *truth, uint16_t rnti, const char *phase, const struct phone *phone)
{
	fprintf(truth, "{\"rnti\":%u,\"imsi\":\"%s\",\"phase\":\"%s\"", rnti, phone->imsi, phase);
	truth_hex(truth, "rand", phone->rand, 16);
	truth_hex(truth, "res", phone->res, phone->res_length);
	truth_hex(truth, "ck", phone->ck, 16);
	truth_hex(truth, "ik", phone->ik, 16);
	truth_hex(truth, "kasme", phone->keys.kasme, 32);
	truth_hex(truth, "kenb", phone->keys.kenb, 32);
	truth_hex(truth, "kup_enc", phone->keys.kup_enc, 16);
	fputs(",\"pdus\":[", truth);
}

static int talk(struct ether *ether, uint16_t rnti, const struct phone *phone, const struct network *network,
		struct fault *fault)
{
	uint8_t plain[PACKET_MAX];
	char text[160];
	size_t n;
	int i;

	for (i = 0; i < 2 * SESSION_PACKETS; i++) {
		enum direction direction = i % 2 ? DOWNLINK : UPLINK;
		uint32_t count = (uint32_t)i / 2;
		/* each side uses the keys it derived itself */
		const struct lte_keys *keys = direction == UPLINK ? &phone->keys : &network->keys;

		if (sentence(text, sizeof(text), ether, rnti, i) < 0)
			return fault_set(fault, FAULT_BUG, NULL, "HMAC failed");
		n = direction == UPLINK ? packet(plain, phone->address, server, text)
					: packet(plain, server, phone->address, text);
		fprintf(ether->truth, "%s{\"direction\":\"%s\",\"count\":%u", i ? "," : "",
			direction == UPLINK ? "uplink" : "downlink", count);
		truth_hex(ether->truth, "data", plain, n);
		fputc('}', ether->truth);
		if (send_packet(ether, rnti, keys, direction, count, plain, n, fault) < 0)
			return -1;
	}
	return 0;
}

int session_run(struct ether *ether, struct phone *phone, struct network *network, struct fault *fault)
{
	uint16_t rnti = ether->next_rnti++;

	if (attach(ether, rnti, phone, network, fault) < 0)
		return -1;
	truth_session(ether->truth, rnti, ether->phase, phone);
	if (talk(ether, rnti, phone, network, fault) < 0)
		return -1;
	fputs("]}\n", ether->truth);
	if (fflush(ether->truth) != 0)
		return fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot write the truth: %s",
				 strerror(errno));
	ether->microseconds += 250000;
	return 0;
}
