#include "radio/air.h"

#include <string.h>

enum {
	GSMTAP_PORT = 4729,
	GSMTAP_HEADER = 16,
	GSMTAP_LTE_NAS = 0x12,
	GSMTAP_UPLINK = 0x40, /* bit of the ARFCN's high byte */
	EAPOL_HEADER = 4,
	EAPOL_VERSION = 2,
	EAPOL_EAP = 0, /* IEEE 802.1X-2004 7.5 */
	PDCP_PORT = 9999,
	PDCP_USER_PLANE = 2,
	PDCP_FRAMING = 8 + 3 + 2 + 2 + 3 + 3 + 1,
	PHONE_NET = 0x0A000000,       /* 10.0.0.0 */
	NETWORK_ADDRESS = 0x0AFF0001, /* 10.255.0.1 */
};

/* Wireshark epan/dissectors/packet-pdcp-lte.h: tags of the UDP framing. */
enum pdcp_tag {
	TAG_PAYLOAD = 0x01,
	TAG_SEQUENCE_LENGTH = 0x02,
	TAG_DIRECTION = 0x03,
	TAG_CHANNEL = 0x0D,
	TAG_UE = 0x0E,
};

static const uint8_t pdcp_signature[8] = {'p', 'd', 'c', 'p', '-', 'l', 't', 'e'};

static size_t pack_nas(uint8_t *at, const struct frame *frame)
{
	memset(at, 0, GSMTAP_HEADER);
	at[0] = 2;
	at[1] = GSMTAP_HEADER / 4;
	at[2] = GSMTAP_LTE_NAS;
	at[4] = frame->direction == UPLINK ? GSMTAP_UPLINK : 0;
	return GSMTAP_HEADER;
}

static size_t pack_eap(uint8_t *at, const struct frame *frame)
{
	at[0] = EAPOL_VERSION;
	at[1] = EAPOL_EAP;
	at[2] = (uint8_t)(frame->length >> 8);
	at[3] = (uint8_t)frame->length;
	return EAPOL_HEADER;
}

static size_t pack_pdcp(uint8_t *at, const struct frame *frame)
{
	const uint8_t rest[] = {0,
				PDCP_USER_PLANE,
				0,
				TAG_SEQUENCE_LENGTH,
				12,
				TAG_DIRECTION,
				(uint8_t)frame->direction,
				TAG_CHANNEL,
				0,
				AIR_DRB,
				TAG_UE,
				(uint8_t)(frame->rnti >> 8),
				(uint8_t)frame->rnti,
				TAG_PAYLOAD};

	memcpy(at, pdcp_signature, sizeof(pdcp_signature));
	memcpy(at + 8, rest, sizeof(rest));
	return 8 + sizeof(rest);
}

void air_pack(struct datagram *datagram, const struct frame *frame)
{
	uint32_t phone = PHONE_NET | frame->rnti;
	bool up = frame->direction == UPLINK;
	size_t n = frame->kind == AIR_NAS   ? pack_nas(datagram->payload, frame)
		   : frame->kind == AIR_EAP ? pack_eap(datagram->payload, frame)
					    : pack_pdcp(datagram->payload, frame);

	datagram->link = frame->kind == AIR_EAP ? CAPTURE_EAPOL : CAPTURE_UDP;
	datagram->microseconds = frame->microseconds;
	datagram->from = up ? phone : NETWORK_ADDRESS;
	datagram->to = up ? NETWORK_ADDRESS : phone;
	datagram->from_port = datagram->to_port = frame->kind == AIR_NAS ? GSMTAP_PORT : PDCP_PORT;
	memcpy(datagram->payload + n, frame->data, frame->length);
	datagram->length = n + frame->length;
}

/* Where the frame's bytes begin, or 0 when this is not one of ours. */
static size_t framing(const struct datagram *datagram, enum air_kind *kind)
{
	const uint8_t *at = datagram->payload;

	if (datagram->link == CAPTURE_EAPOL) {
		*kind = AIR_EAP;
		return datagram->length > EAPOL_HEADER && at[1] == EAPOL_EAP ? EAPOL_HEADER : 0;
	}
	if (datagram->to_port == GSMTAP_PORT && datagram->length > GSMTAP_HEADER && at[0] == 2 &&
	    at[2] == GSMTAP_LTE_NAS) {
		*kind = AIR_NAS;
		return (size_t)at[1] * 4;
	}
	if (datagram->length > PDCP_FRAMING && !memcmp(at, pdcp_signature, sizeof(pdcp_signature)) &&
	    at[PDCP_FRAMING - 1] == TAG_PAYLOAD) {
		*kind = AIR_PDCP;
		return PDCP_FRAMING;
	}
	return 0;
}

int air_unpack(struct frame *frame, const struct datagram *datagram)
{
	size_t n = framing(datagram, &frame->kind);

	if (!n || n >= datagram->length || datagram->length - n > AIR_MAX)
		return 0;
	frame->microseconds = datagram->microseconds;
	frame->direction = datagram->to == NETWORK_ADDRESS ? UPLINK : DOWNLINK;
	frame->rnti = (uint16_t)(frame->direction == UPLINK ? datagram->from : datagram->to);
	frame->length = datagram->length - n;
	memcpy(frame->data, datagram->payload + n, frame->length);
	return 1;
}
