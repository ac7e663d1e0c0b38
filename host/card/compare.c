#include "card/compare.h"

#include <stdio.h>
#include <string.h>

#include "lib/card_aka.h"
#include "lib/card_file.h"
#include "lib/card_state.h"
#include "lib/digits.h"
#include "lib/hex.h"
#include "lib/key_form.h"
#include "lib/personalise.h"
#include "status.h"

const char *item_text(enum item_name name)
{
	static const char *const texts[ITEMS] = {"ICCID", "IMSI", "MNC length", "SPN", "key", "PIN1", "ADM1"};

	return texts[name];
}

const char *item_state_text(enum item_state state)
{
	static const char *const texts[] = {"same", "differs", "refused", "hidden"};

	return texts[state];
}

void compare_names(char *out, size_t size, const struct item *items, size_t count, enum item_state state)
{
	size_t i, used = 0;

	(void)snprintf(out, size, "nothing");
	for (i = 0; i < count && used < size; i++)
		if (items[i].state == state)
			used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "",
						 item_text(items[i].name));
}

/* ---- files ---- */

/* What the bytes of a file's part say. */
static void describe(char out[static 56], enum item_name name, const uint8_t *bytes)
{
	char digits[21];
	size_t i;

	switch (name) {
	case ITEM_ICCID:
		(void)snprintf(out, 56, "%s", digits_from_iccid(digits, bytes) ? digits : "none");
		break;
	case ITEM_IMSI:
		(void)snprintf(out, 56, "%s", digits_from_imsi(digits, bytes) ? digits : "none");
		break;
	case ITEM_MNC_LENGTH:
		(void)snprintf(out, 56, "%u", bytes[0]);
		break;
	default:
		for (i = 0; i < 16 && bytes[1 + i] >= ' ' && bytes[1 + i] <= 'z'; i++)
			out[i] = (char)bytes[1 + i];
		out[i] = 0;
		break;
	}
}

static struct item *file_item(struct item *items, size_t *count, enum item_name name, const char *path,
			      size_t offset, size_t length)
{
	struct item *item = &items[(*count)++];

	memset(item, 0, sizeof(*item));
	item->name = name;
	item->path = path;
	item->offset = offset;
	item->length = length;
	return item;
}

static void wanted_files(struct item *items, size_t *count, const struct profile *profile)
{
	if (profile->iccid[0])
		digits_to_iccid(file_item(items, count, ITEM_ICCID, "2FE2", 0, 10)->wanted, profile->iccid);
	if (profile->imsi[0])
		digits_to_imsi(file_item(items, count, ITEM_IMSI, "7FFF/6F07", 0, 9)->wanted, profile->imsi);
	if (profile->mnc_length)
		file_item(items, count, ITEM_MNC_LENGTH, "7FFF/6FAD", 3, 1)->wanted[0] = profile->mnc_length;
	if (profile->spn[0])
		personalise_spn(file_item(items, count, ITEM_SPN, "7FFF/6F46", 0, 17)->wanted, profile->spn);
}

static int compare_file(struct reader *reader, struct item *item, struct fault *fault)
{
	int sw = card_file_select(reader, NULL, item->path, fault);

	describe(item->profile, item->name, item->wanted);
	if (sw == SW_OK)
		sw = card_file_read(reader, item->held, item->offset, item->length, fault);
	if (sw == SW_SECURITY_NOT_SATISFIED) {
		item->state = ITEM_REFUSED;
		(void)snprintf(item->card, sizeof(item->card), "PIN1 needed");
		return 0;
	}
	if (sw != SW_OK) {
		char what[48];

		(void)snprintf(what, sizeof(what), "%s (%s)", item_text(item->name), item->path);
		return card_status_fault(fault, sw, what);
	}
	describe(item->card, item->name, item->held);
	item->state = memcmp(item->held, item->wanted, item->length) == 0 ? ITEM_SAME : ITEM_DIFFERS;
	return 0;
}

/* ---- key and PINs ---- */

static void describe_key(char out[static 56], uint8_t algorithm, uint8_t method, const uint8_t k[static 3],
			 const uint8_t opc[static 3])
{
	char k_text[7], opc_text[7];

	hex_write(k_text, k, 3);
	hex_write(opc_text, opc, 3);
	(void)snprintf(out, 56, "%s%s%s, check values %s %s",
		       algorithm == SLOT_MILENAGE ? "" : key_form_name(algorithm),
		       algorithm == SLOT_MILENAGE ? "" : " ", card_method_text(method), k_text, opc_text);
}

static int compare_key(struct reader *reader, struct item *item, const struct profile *profile,
		       struct fault *fault)
{
	struct card_state state;
	uint8_t kcv_k[3], kcv_opc[3];

	if (key_form_checks(kcv_k, kcv_opc, &profile->key, fault) != 0)
		return -1;
	describe_key(item->profile, profile->key.algorithm, profile->method, kcv_k, kcv_opc);
	if (card_state_read(reader, &state, fault) != 0)
		return -1;
	if (state.slots && state.slot[0].loaded)
		describe_key(item->card, state.slot[0].algorithm, state.slot[0].method, state.slot[0].kcv_k,
			     state.slot[0].kcv_opc);
	else
		(void)snprintf(item->card, sizeof(item->card), "none");
	item->state = strcmp(item->card, item->profile) == 0 ? ITEM_SAME : ITEM_DIFFERS;
	if (item->state == ITEM_DIFFERS)
		return 0;
	if (card_check_key(reader, NULL, &profile->key, fault) == 0)
		return 0;
	if (fault->code == FAULT_NO) {
		item->state = ITEM_DIFFERS;
		(void)snprintf(item->card, sizeof(item->card), "same check values, but AUTHENTICATE differs");
		return 0;
	}
	if (fault->code == FAULT_POLICY) {
		item->state = ITEM_REFUSED;
		(void)snprintf(item->card, sizeof(item->card), "same check values, PIN1 needed to prove");
		return 0;
	}
	return -1;
}

static struct item *hidden_item(struct item *items, size_t *count, enum item_name name)
{
	struct item *item = file_item(items, count, name, NULL, 0, 0);

	item->state = ITEM_HIDDEN;
	(void)snprintf(item->card, sizeof(item->card), "a card never tells");
	(void)snprintf(item->profile, sizeof(item->profile), "given");
	return item;
}

/* Of PIN1 a card tells whether it is asked for: the PS_DO of ADF.USIM. */
static int compare_pin1(struct reader *reader, struct item *item, const struct profile *profile,
			struct fault *fault)
{
	struct card_file usim;
	int sw = card_file_select(reader, &usim, "7FFF", fault);

	if (sw != SW_OK)
		return card_status_fault(fault, sw, "select ADF.USIM");
	if (usim.pin1_enabled >= 0 && (usim.pin1_enabled == 1) != profile->pin1_enabled) {
		item->state = ITEM_DIFFERS;
		(void)snprintf(item->card, sizeof(item->card), "%s",
			       usim.pin1_enabled ? "enabled" : "disabled");
		(void)snprintf(item->profile, sizeof(item->profile), "%s",
			       profile->pin1_enabled ? "enabled" : "disabled");
	}
	return 0;
}

int compare_card(struct reader *reader, struct item items[static ITEMS], size_t *count,
		 const struct profile *profile, struct fault *fault)
{
	size_t i;

	*count = 0;
	wanted_files(items, count, profile);
	for (i = 0; i < *count; i++)
		if (compare_file(reader, &items[i], fault) != 0)
			return -1;
	if (profile->has_key &&
	    compare_key(reader, file_item(items, count, ITEM_KEY, NULL, 0, 0), profile, fault) != 0)
		return -1;
	if (profile->pin1[0] &&
	    compare_pin1(reader, hidden_item(items, count, ITEM_PIN1), profile, fault) != 0)
		return -1;
	if (profile->adm1[0])
		(void)hidden_item(items, count, ITEM_ADM1);
	return 0;
}
