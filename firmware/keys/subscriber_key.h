/* subscriber_key.h - a subscriber's key: K, what goes with it, and how it is used.
 *
 * The card keeps one in a slot (slot.h), the host's profile and the
 * authentication centre hold one for each subscriber, and auth/algorithm.h
 * computes with it. Which sizes an algorithm allows is said there.
 * Whoever holds one wipes it. */
#ifndef SIMRITE_SUBSCRIBER_KEY_H
#define SIMRITE_SUBSCRIBER_KEY_H

#include <stdint.h>

enum slot_algorithm {
	SLOT_MILENAGE = 0x01,  /* TS 35.206: K and OPc of 16 bytes */
	SLOT_TUAK = 0x02,      /* TS 35.231: K of 16 or 32 bytes, TOPc of 32 */
	SLOT_XOR = 0x03,       /* TS 34.108 8.1.2, the 3G test algorithm: K */
	SLOT_COMP128_1 = 0x04, /* GSM only from here on: Ki */
	SLOT_COMP128_2 = 0x05,
	SLOT_COMP128_3 = 0x06,
	SLOT_XOR_GSM = 0x07, /* TS 51.010-1 annex 4, the GSM test algorithm */
};

/* How the value of a slot came to be; told in the clear by GET DATA. */
enum slot_method {
	SLOT_INJECTED = 0x01, /* made outside and loaded */
	SLOT_DERIVED = 0x02,  /* derived from a batch key and this card's ICCID, and loaded */
	SLOT_AGREED = 0x03,   /* agreed between card and operator (keys/identity.h) */
};

/* What a card tells of the slot a key is in (slot.h). */
enum slot_state {
	SLOT_EMPTY = 0x00,
	SLOT_LOADED = 0x01,
	SLOT_CONFIRMED = 0x02,
	SLOT_LOCKED = 0x03,
	SLOT_DESTROYED = 0x04,
};

/* What a key may be used for: bits. A key just loaded may be used for all. */
enum slot_use {
	SLOT_USE_3G = 0x01,  /* AUTHENTICATE in the 3G and IMS AKA contexts */
	SLOT_USE_GSM = 0x02, /* in the GSM context, and RUN GSM ALGORITHM */
	SLOT_USE_GBA = 0x04, /* in the GBA contexts */
	SLOT_USE_ALL = 0x07
};

enum {
	SUBSCRIBER_K_MAX = 32,
	SUBSCRIBER_OPC_MAX = 32
};

/* In bytes; zero where the algorithm has none. */
struct key_sizes {
	uint8_t k, opc, mac, res, ck, ik;
	uint8_t iterations; /* of Keccak; TUAK only */
};

struct subscriber_key {
	uint8_t algorithm; /* enum slot_algorithm */
	struct key_sizes sizes;
	uint8_t k[SUBSCRIBER_K_MAX];
	uint8_t opc[SUBSCRIBER_OPC_MAX]; /* OPc or TOPc */
};

#endif
