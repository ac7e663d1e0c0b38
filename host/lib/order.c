#include "lib/order.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "lib/numbers.h"

enum {
	SCHEMA = 1
};

/* ---- reading ---- */

static int wrong(struct fault *fault, const char *field, const char *should)
{
	return fault_set(fault, FAULT_INPUT, "simrite-batch(5) lists the fields", "\"%s\" should be %s",
			 field, should);
}

static int get_text(char *out, size_t size, const json_t *value, const char *field, struct fault *fault)
{
	const char *text = json_string_value(value);

	if (!text || strlen(text) >= size)
		return wrong(fault, field, text ? "shorter" : "a string");
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

static int get_number(uint32_t *out, const json_t *value, uint32_t least, uint32_t most, const char *field,
		      struct fault *fault)
{
	json_int_t number = json_integer_value(value);
	char range[48];

	if (!json_is_integer(value) || number < least || number > most) {
		(void)snprintf(range, sizeof(range), "a number from %u to %u", (unsigned)least,
			       (unsigned)most);
		return wrong(fault, field, range);
	}
	*out = (uint32_t)number;
	return 0;
}

/* One field into the order; unknown names are refused. */
static int take(struct order *order, const char *field, const json_t *value, struct fault *fault)
{
	char design[16];
	uint32_t number;

	if (strcmp(field, "schema") == 0)
		return get_number(&number, value, SCHEMA, SCHEMA, field, fault);
	if (strcmp(field, "batch") == 0)
		return get_text(order->batch, sizeof(order->batch), value, field, fault);
	if (strcmp(field, "design") == 0) {
		if (get_text(design, sizeof(design), value, field, fault) < 0)
			return -1;
		return design_named(&order->design, design) < 0
			       ? wrong(fault, field, "\"bulk-plain\", \"derived\" or \"agreed\"")
			       : 0;
	}
	if (strcmp(field, "count") == 0)
		return get_number(&order->count, value, 1, ORDER_CARDS_MAX, field, fault);
	if (strcmp(field, "first_imsi") == 0)
		return get_text(order->first_imsi, sizeof(order->first_imsi), value, field, fault);
	if (strcmp(field, "first_iccid") == 0)
		return get_text(order->first_iccid, sizeof(order->first_iccid), value, field, fault);
	if (strcmp(field, "mnc_length") == 0) {
		if (get_number(&number, value, 2, 3, field, fault) < 0)
			return -1;
		order->mnc_length = (uint8_t)number;
		return 0;
	}
	if (strcmp(field, "spn") == 0)
		return get_text(order->spn, sizeof(order->spn), value, field, fault);
	if (strcmp(field, "pin1_enabled") == 0) {
		order->pin1_enabled = json_is_true(value);
		return json_is_boolean(value) ? 0 : wrong(fault, field, "true or false");
	}
	if (strcmp(field, "hsm") == 0)
		return get_text(order->hsm, sizeof(order->hsm), value, field, fault);
	if (strcmp(field, "key") == 0)
		return get_text(order->key, sizeof(order->key), value, field, fault);
	return fault_set(fault, FAULT_INPUT, "simrite-batch(5) lists the fields",
			 "no order has a field \"%.40s\"", field);
}

static int must_have(const json_t *root, struct fault *fault)
{
	static const char *const needed[] = {"schema",     "batch",       "design",    "count",
					     "first_imsi", "first_iccid", "mnc_length"};
	size_t i;

	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!json_object_get(root, needed[i]))
			return fault_set(fault, FAULT_INPUT, "simrite-batch(5) lists the fields",
					 "the field \"%s\" is missing", needed[i]);
	return 0;
}

int order_load(struct order *order, const char *path, struct fault *fault)
{
	json_error_t error;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error), *value;
	const char *field;
	int result = 0;

	memset(order, 0, sizeof(*order));
	if (!root)
		return fault_set(fault, FAULT_INPUT, NULL, "%s: line %d: %.160s", path,
				 error.line > 0 ? error.line : 1, error.text);
	if (!json_is_object(root))
		result = fault_set(fault, FAULT_INPUT, NULL, "not an object");
	else
		json_object_foreach(root, field, value)
		{
			result = take(order, field, value, fault);
			if (result < 0)
				break;
		}
	if (result == 0)
		result = must_have(root, fault);
	json_decref(root);
	if (result == 0)
		result = order_check(order, fault);
	if (result < 0)
		fault_prefix(fault, "%s", path);
	return result;
}

/* ---- checking ---- */

static int check_spn(const char *spn, struct fault *fault)
{
	/* what ASCII and the GSM alphabet share, as profiles allow */
	if (spn[strspn(spn, " !\"#%&'()*+,-./0123456789:;<=>?"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] != 0)
		return wrong(fault, "spn", "up to 16 letters, digits, blanks and simple signs");
	return 0;
}

int order_check(const struct order *order, struct fault *fault)
{
	char iccid[21], imsi[16];

	if (batch_id_check(order->batch, fault) < 0 || check_spn(order->spn, fault) < 0)
		return -1;
	if (order->count < 1 || order->count > ORDER_CARDS_MAX)
		return wrong(fault, "count", "from 1 to 1000000");
	if (order->mnc_length != 2 && order->mnc_length != 3)
		return wrong(fault, "mnc_length", "2 or 3");
	if (numbers_iccid(iccid, order->first_iccid, order->count - 1, fault) < 0 ||
	    numbers_imsi(imsi, order->first_imsi, order->count - 1, fault) < 0)
		return -1;
	if (order->design != DESIGN_DERIVED && (order->hsm[0] || order->key[0]))
		return fault_set(fault, FAULT_INPUT, NULL, "only a derived batch has \"hsm\" and \"key\"");
	if (order->design == DESIGN_DERIVED && !order->key[0])
		return fault_set(fault, FAULT_INPUT, NULL,
				 "a derived batch needs \"key\", the label of its key");
	if (strstr(order->hsm, "pin-value"))
		return fault_set(fault, FAULT_POLICY, "use pin-source=file:PATH in the URI",
				 "\"hsm\" holds a PIN, and orders are passed around");
	return 0;
}

/* ---- writing ---- */

size_t order_write(char text[static ORDER_TEXT], const struct order *order)
{
	json_t *root =
		json_pack("{s:i, s:s, s:s, s:i, s:s, s:s, s:i, s:b}", "schema", SCHEMA, "batch", order->batch,
			  "design", design_name(order->design), "count", (int)order->count, "first_imsi",
			  order->first_imsi, "first_iccid", order->first_iccid, "mnc_length",
			  (int)order->mnc_length, "pin1_enabled", (int)order->pin1_enabled);
	size_t length = 0;

	if (root && order->spn[0])
		json_object_set_new(root, "spn", json_string(order->spn));
	if (root && order->design == DESIGN_DERIVED) {
		if (order->hsm[0])
			json_object_set_new(root, "hsm", json_string(order->hsm));
		json_object_set_new(root, "key", json_string(order->key));
	}
	if (root)
		length = json_dumpb(root, text, ORDER_TEXT - 2, JSON_INDENT(1));
	json_decref(root);
	if (length > ORDER_TEXT - 2)
		length = 0;
	text[length] = '\n';
	text[length + 1] = 0;
	return length + 1;
}

uint8_t order_method(enum design design)
{
	static const uint8_t methods[] = {[DESIGN_PLAIN] = SLOT_INJECTED,
					  [DESIGN_DERIVED] = SLOT_DERIVED,
					  [DESIGN_AGREED] = SLOT_AGREED};

	return methods[design];
}

void order_card(char iccid[static 21], char imsi[static 16], const struct order *order, uint32_t number)
{
	/* order_check() made sure that these cannot fail */
	(void)numbers_iccid(iccid, order->first_iccid, number - 1, NULL);
	(void)numbers_imsi(imsi, order->first_imsi, number - 1, NULL);
}

void order_profile(struct profile *profile, const struct output_record *record, const struct order *order)
{
	memset(profile, 0, sizeof(*profile));
	memcpy(profile->iccid, record->iccid, sizeof(profile->iccid));
	memcpy(profile->imsi, record->imsi, sizeof(profile->imsi));
	profile->key = record->key;
	memcpy(profile->pin1, record->pin1, sizeof(profile->pin1));
	memcpy(profile->puk1, record->puk1, sizeof(profile->puk1));
	memcpy(profile->adm1, record->adm1, sizeof(profile->adm1));
	memcpy(profile->spn, order->spn, sizeof(profile->spn));
	profile->mnc_length = order->mnc_length;
	profile->pin1_enabled = order->pin1_enabled;
	profile->has_key = order->design != DESIGN_AGREED;
	profile->method = order_method(order->design);
}
