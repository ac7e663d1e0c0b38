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

/* GET DATA: the value of the TLV DF xx, whose length is one byte or 81 and one. */
static int get_data(struct reader *reader, uint8_t *value, size_t *length, size_t size, uint8_t tag,
		    struct fault *fault)
{
	uint8_t command[5] = {0x80, 0xCA, 0xDF, tag, 0x00}, answer[256] = {0};
	size_t got, head = 3;
	int sw = reader_apdu(reader, answer, &got, sizeof(answer), command, sizeof(command), fault);

	if (sw != SW_OK)
		return card_status_fault(fault, sw, "GET DATA (is it a simrite card?)");
	if (got > 4 && answer[2] == 0x81)
		head = 4;
	if (got < head || answer[0] != 0xDF || answer[1] != tag || answer[head - 1] != got - head ||
	    got - head > size)
		return fault_set(fault, FAULT_CARD, NULL, "GET DATA: the answer is no simrite card's");
	*length = got - head;
	memcpy(value, answer + head, *length);
	return 0;
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
