#include "lib/card_state.h"

#include <string.h>

#include "gp/personalise.h"
#include "keys/subscriber_key.h"
#include "lib/card_file.h"
#include "lib/scp03_host.h"
#include "status.h"

enum {
	SLOT_BYTES = 15
};

bool card_atr_ours(const uint8_t *atr, size_t length)
{
	static const char name[] = "simrite";

	return memmem(atr, length, name, sizeof(name) - 1) != NULL;
}

const char *card_method_text(uint8_t method)
{
	switch (method) {
	case SLOT_INJECTED:
		return "injected";
	case SLOT_DERIVED:
		return "derived";
	case SLOT_AGREED:
		return "agreed";
	default:
		return "unknown";
	}
}

const char *card_slot_state_text(uint8_t state)
{
	static const char *const texts[] = {[SLOT_EMPTY] = "empty",
					    [SLOT_LOADED] = "loaded",
					    [SLOT_CONFIRMED] = "confirmed",
					    [SLOT_LOCKED] = "locked",
					    [SLOT_DESTROYED] = "destroyed"};

	return state < sizeof(texts) / sizeof(texts[0]) ? texts[state] : "unknown";
}

/* GET DATA: the value of the TLV DF xx, whose length is one byte or 81 and one. 1, 0 when there is none, -1.
 */
static int ask(struct reader *reader, uint8_t *value, size_t *length, size_t size, uint8_t tag,
	       struct fault *fault)
{
	uint8_t command[5] = {0x80, 0xCA, 0xDF, tag, 0x00}, answer[256] = {0};
	size_t got, head = 3;
	int sw = reader_apdu(reader, answer, &got, sizeof(answer), command, sizeof(command), fault);

	*length = 0;
	if (sw == SW_REFERENCE_NOT_FOUND)
		return 0;
	if (sw != SW_OK)
		return card_status_fault(fault, sw, "GET DATA (is it a simrite card?)");
	if (got > 4 && answer[2] == 0x81)
		head = 4;
	if (got < head || answer[0] != 0xDF || answer[1] != tag || answer[head - 1] != got - head ||
	    got - head > size)
		return fault_set(fault, FAULT_CARD, NULL, "GET DATA: the answer is no simrite card's");
	*length = got - head;
	memcpy(value, answer + head, *length);
	return 1;
}

/* One that every card of ours has: 0 or -1. */
static int get_data(struct reader *reader, uint8_t *value, size_t *length, size_t size, uint8_t tag,
		    struct fault *fault)
{
	int there = ask(reader, value, length, size, tag, fault);

	if (there == 0)
		return fault_set(fault, FAULT_CARD, NULL,
				 "GET DATA: the card has no DF%02X: is it a simrite card?", tag);
	return there < 0 ? -1 : 0;
}

static void parse_slot(struct card_slot *slot, const uint8_t *bytes)
{
	slot->number = bytes[0];
	slot->state = bytes[1];
	slot->loaded = bytes[1] != SLOT_EMPTY && bytes[1] != SLOT_DESTROYED;
	slot->algorithm = bytes[2];
	slot->method = bytes[3];
	memcpy(slot->kcv_k, bytes + 4, 3);
	memcpy(slot->kcv_opc, bytes + 7, 3);
	slot->uses =
		(uint32_t)bytes[10] << 24 | (uint32_t)bytes[11] << 16 | (uint32_t)bytes[12] << 8 | bytes[13];
	slot->usage = bytes[14];
}

int card_state_read(struct reader *reader, struct card_state *state, struct fault *fault)
{
	uint8_t value[CARD_SLOTS_MAX * SLOT_BYTES] = {0};
	size_t i, length = 0;

	memset(state, 0, sizeof(*state));
	if (scp03_select(reader, fault) != 0 ||
	    get_data(reader, value, &length, sizeof(value), 0x21, fault) != 0)
		return -1;
	state->personalised = length == 1 && value[0] == 0x0F;
	if (get_data(reader, value, &length, sizeof(value), 0x20, fault) != 0)
		return -1;
	state->slots = length / SLOT_BYTES;
	for (i = 0; i < state->slots; i++)
		parse_slot(&state->slot[i], value + i * SLOT_BYTES);
	return 0;
}

/* A value of exactly `length` bytes: 1, 0, -1. */
static int ask_exactly(struct reader *reader, uint8_t *value, size_t length, uint8_t tag, struct fault *fault)
{
	size_t got;
	int there = ask(reader, value, &got, length, tag, fault);

	if (there == 1 && got != length)
		return fault_set(fault, FAULT_CARD, NULL, "GET DATA DF%02X: the answer is no simrite card's",
				 tag);
	return there;
}

int card_trust_read(struct reader *reader, struct card_trust *trust, struct fault *fault)
{
	uint8_t identity[P256_UNCOMPRESSED], authority[P256_COMPRESSED + 8], loads[2 * CARD_SLOTS_MAX];
	int who, obeys, born;
	size_t length;

	memset(trust, 0, sizeof(*trust));
	if (scp03_select(reader, fault) != 0 ||
	    (who = ask_exactly(reader, identity, sizeof(identity), 0x22, fault)) < 0 ||
	    (obeys = ask_exactly(reader, authority, sizeof(authority), 0x23, fault)) < 0 ||
	    (born = ask_exactly(reader, trust->certificate, TICKET_CERTIFICATE, 0x24, fault)) < 0 ||
	    ask(reader, trust->receipt, &trust->receipt_length, sizeof(trust->receipt), 0x25, fault) < 0 ||
	    get_data(reader, trust->firmware, &length, sizeof(trust->firmware), 0x26, fault) < 0 ||
	    get_data(reader, loads, &length, sizeof(loads), 0x27, fault) < 0)
		return -1;
	if (who && p256_compress(trust->identity, (struct span){identity, sizeof(identity)}) < 0)
		return fault_set(fault, FAULT_CARD, NULL, "the card's identity is no P-256 key");
	if (obeys) {
		memcpy(trust->authority, authority, P256_COMPRESSED);
		trust->accepted = ticket_number(authority + P256_COMPRESSED);
		trust->time = ticket_number(authority + P256_COMPRESSED + 4);
	}
	trust->has_identity = who;
	trust->has_authority = obeys;
	trust->has_certificate = born;
	for (size_t i = 0; i < length / 2; i++)
		trust->loads[i] = (uint16_t)(loads[2 * i] << 8 | loads[2 * i + 1]);
	return 0;
}
