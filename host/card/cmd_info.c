#include <stdio.h>
#include <string.h>

#include "card/commands.h"
#include "keys/subscriber_key.h"
#include "lib/card_file.h"
#include "lib/card_state.h"
#include "lib/digits.h"
#include "lib/fault.h"
#include "lib/hex.h"
#include "lib/key_form.h"
#include "lib/say.h"

enum {
	PIN1 = 0x01,
	ADM1 = 0x0A,
	VERIFIED = 16, /* card_pin_tries(): not told, because nothing is asked for */
};

struct info {
	struct card_state state;
	struct card_trust trust;
	char iccid[21], imsi[16]; /* empty: none, or not readable */
	bool imsi_refused;        /* PIN1 was asked for */
	int pin1_enabled, pin1_tries, adm1_tries;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
	(void)value;
	switch (key) {
	case ARGP_KEY_INIT:
		command_init(state, state->input);
		return 0;
	case ARGP_KEY_ARG:
		argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The two numbers; that one is missing or not readable is no fault here. */
static int ask_numbers(struct reader *reader, struct info *info, struct fault *fault)
{
	uint8_t file[10];
	int sw = card_file_select(reader, NULL, "2FE2", fault);

	if (sw == 0x9000)
		sw = card_file_read(reader, file, 0, 10, fault);
	if (sw < 0)
		return -1;
	if (sw == 0x9000)
		(void)digits_from_iccid(info->iccid, file);
	sw = card_file_select(reader, NULL, "7FFF/6F07", fault);
	if (sw == 0x9000)
		sw = card_file_read(reader, file, 0, 9, fault);
	if (sw < 0)
		return -1;
	if (sw == 0x9000)
		(void)digits_from_imsi(info->imsi, file);
	info->imsi_refused = sw == 0x6982;
	return 0;
}

static int ask(struct reader *reader, struct info *info, struct fault *fault)
{
	struct card_file usim;

	memset(info, 0, sizeof(*info));
	if (ask_numbers(reader, info, fault) != 0 || card_file_select(reader, &usim, "7FFF", fault) < 0)
		return -1;
	info->pin1_enabled = usim.pin1_enabled;
	info->pin1_tries = card_pin_tries(reader, PIN1, fault);
	info->adm1_tries = info->pin1_tries < 0 ? -1 : card_pin_tries(reader, ADM1, fault);
	if (info->adm1_tries < 0)
		return -1;
	return card_state_read(reader, &info->state, fault) < 0
		       ? -1
		       : card_trust_read(reader, &info->trust, fault);
}

static void say_tries(const char *name, int tries, const char *remark)
{
	if (tries == VERIFIED)
		say("%-8s verified", name);
	else
		say("%-8s %d %s left%s", name, tries, tries == 1 ? "try" : "tries", remark);
}

/* For JSON: -1 when the card does not say, because the PIN is verified. */
static int tries_left(int tries)
{
	return tries == VERIFIED ? -1 : tries;
}

/* What the key of a slot may be used for: in words, and as a list. */
static json_t *usage(const struct card_slot *slot, char *words, size_t size)
{
	static const struct {
		uint8_t bit;
		const char *name;
	} uses[] = {{SLOT_USE_3G, "3G"}, {SLOT_USE_GSM, "GSM"}, {SLOT_USE_GBA, "GBA"}};
	json_t *list = json_array();
	size_t n = 0;

	(void)snprintf(words, size, "nothing");
	for (size_t i = 0; slot->loaded && i < sizeof(uses) / sizeof(uses[0]) && n < size; i++)
		if (slot->usage & uses[i].bit) {
			n += (size_t)snprintf(words + n, size - n, "%s%s", n ? " " : "", uses[i].name);
			(void)json_array_append_new(list, json_string(uses[i].name));
		}
	return list;
}

static void show_slot(const struct card_slot *slot, json_t *list)
{
	const char *state = card_slot_state_text(slot->state);
	char k[7], opc[7], words[20];
	json_t *uses = usage(slot, words, sizeof(words));

	hex_write(k, slot->kcv_k, 3);
	hex_write(opc, slot->kcv_opc, 3);
	if (slot->loaded)
		say("slot %u   %s, %s, for %s, %s, K check value %s, OPc check value %s, used %u times",
		    slot->number, state, key_form_name(slot->algorithm), words,
		    card_method_text(slot->method), k, opc, slot->uses);
	else
		say("slot %u   %s", slot->number, state);
	(void)json_array_append_new(
		list,
		json_pack("{s:i, s:b, s:s, s:s, s:s, s:s, s:s, s:I, s:o}", "slot", (int)slot->number,
			  "loaded", slot->loaded, "state", state, "algorithm",
			  slot->loaded ? key_form_name(slot->algorithm) : "", "method",
			  slot->loaded ? card_method_text(slot->method) : "", "kcv_k", slot->loaded ? k : "",
			  "kcv_opc", slot->loaded ? opc : "", "uses", (json_int_t)slot->uses, "usage", uses));
}

/* Who the card is, and whom it obeys. */
static json_t *show_trust(const struct card_trust *trust)
{
	char identity[67] = "", authority[67] = "", firmware[65];

	hex_write(firmware, trust->firmware, sizeof(trust->firmware));
	if (trust->has_identity)
		hex_write(identity, trust->identity, sizeof(trust->identity));
	if (trust->has_authority)
		hex_write(authority, trust->authority, sizeof(trust->authority));
	say("firmware %s", firmware);
	say("identity %s%s", trust->has_identity ? identity : "none",
	    trust->has_identity && !trust->has_certificate ? ", not certified" : "");
	if (trust->has_authority)
		say("obeys    %s, highest ticket %u, time %u", authority, (unsigned)trust->accepted,
		    (unsigned)trust->time);
	return json_pack("{s:s, s:s, s:b, s:s, s:I, s:I}", "firmware", firmware, "identity", identity,
			 "certified", trust->has_certificate, "authority", authority, "accepted",
			 (json_int_t)trust->accepted, "time", (json_int_t)trust->time);
}

static void show(struct reader *reader, const struct info *info)
{
	json_t *trust;
	json_t *slots = json_array();
	char atr[67];
	uint8_t bytes[33];
	size_t i;

	hex_write(atr, bytes, reader_atr(reader, bytes));
	say("reader   %s", reader_name(reader));
	say("ATR      %s", atr);
	say("ICCID    %s", info->iccid[0] ? info->iccid : "none");
	say("IMSI     %s", info->imsi[0] ? info->imsi : info->imsi_refused ? "PIN1 needed" : "none");
	say("state    %s", info->state.personalised ? "personalised" : "as delivered");
	say_tries("PIN1", info->pin1_tries, info->pin1_enabled ? "" : ", disabled");
	say_tries("ADM1", info->adm1_tries, "");
	trust = show_trust(&info->trust);
	for (i = 0; i < info->state.slots; i++)
		show_slot(&info->state.slot[i], slots);
	say_result(json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:i, s:i, s:o, s:o}", "reader",
			     reader_name(reader), "atr", atr, "iccid", info->iccid, "imsi", info->imsi,
			     "personalised", info->state.personalised, "pin1_enabled", info->pin1_enabled,
			     "pin1_tries", tries_left(info->pin1_tries), "adm1_tries",
			     tries_left(info->adm1_tries), "trust", trust, "slots", slots));
}

int cmd_info(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{&options_reader_argp, 0, NULL, 0}, {&unlock_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.parser = parse,
		.doc = "Show who a card is, whom it obeys, its key slots and its PIN tries.",
		.children = children};
	struct command_input input = {0};
	struct reader *reader = NULL;
	struct info info;
	struct fault fault;
	int result;

	options_parse(&argp, "simrite card info", argc, argv, &input, &input.options);
	result = open_card(&reader, &input, &fault);
	if (result == 0)
		result = ask(reader, &info, &fault);
	if (result == 0)
		show(reader, &info);
	reader_close(reader);
	return result == 0 ? FAULT_NONE : say_fault(&fault);
}
