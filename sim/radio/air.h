/* air.h - what an antenna hears, as datagrams Wireshark understands.
 *
 * Three kinds of frame: NAS messages as GSMTAP version 2 (UDP 4729, type LTE
 * NAS), EAP packets as EAPOL on Ethernet (IEEE 802.1X), and user data as PDCP PDUs in Wireshark's pdcp-lte
 * UDP framing. The recorder writes down which radio link it heard (the C-RNTI a base station gives each
 * phone) as the phone's address 10.0.hi.lo; the network is 10.255.0.1. All of this is visible to anybody with
 * a receiver. */
#ifndef SIMRITE_AIR_H
#define SIMRITE_AIR_H

#include "radio/capture.h"
#include "radio/eea2.h"

enum air_kind {
	AIR_NAS,
	AIR_PDCP,
	AIR_EAP,
};

enum {
	AIR_MAX = 512,
	AIR_DRB = 1,         /* the data radio bearer; EEA2's BEARER is one less (TS 36.323 5.6) */
	AIR_PDCP_HEADER = 2, /* D/C bit and 12-bit sequence number (TS 36.323 6.2.3) */
};

struct frame {
	uint64_t microseconds;
	uint16_t rnti;
	enum direction direction;
	enum air_kind kind;
	uint8_t data[AIR_MAX];
	size_t length;
};

void air_pack(struct datagram *datagram, const struct frame *frame);

/* 1 and the frame, or 0 when the datagram is something else. */
int air_unpack(struct frame *frame, const struct datagram *datagram);

#endif
