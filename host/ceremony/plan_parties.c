/* plan_parties.c - who takes part, and with which things. */
#include <string.h>
#include <strings.h>

#include "ceremony/plan.h"

static const char *const share_names[] = {"file", "card", "paper", NULL};

const char *plan_share_name(enum plan_share share)
{
	return share_names[share];
}

/* Names that print alike, and keys, must not be two parties'. */
static int add_party(struct plan *plan, const struct plan_party *party, const struct place *place,
		     struct fault *fault)
{
	for (unsigned i = 0; i < plan->party_count; i++) {
		const struct plan_party *other = &plan->parties[i];

		if (strcasecmp(other->name, party->name) == 0)
			return i >= plan->first_custodian && i < plan->first_custodian + plan->total &&
					       strcmp(other->role, "custodian") == 0
				       ? place_wrong(fault, place, "name", "\"%s\" is custodian %u already",
						     party->name, i - plan->first_custodian + 1)
				       : place_wrong(fault, place, "name", "\"%s\" is the %s already",
						     party->name, other->role);
		if (other->key && party->key && strcmp(other->key, party->key) == 0)
			return place_wrong(fault, place, "key", "is that of \"%s\" already", other->name);
	}
	plan->parties[plan->party_count++] = *party;
	return 0;
}

static int take_key(struct plan_party *party, const struct place *place, bool optional, struct fault *fault)
{
	if (optional && !json_object_get(place->object, "key"))
		return 0;
	return place_key(&party->key, party->point, place, fault);
}

static int take_administrator(struct plan *plan, const struct place *top, struct fault *fault)
{
	static const char *const members[] = {"name", "key", NULL};
	struct plan_party party = {.role = "administrator"};
	struct place place;

	if (place_object(&place, top, "administrator", true, fault) < 0)
		return -1;
	if (!place.object)
		return 0;
	if (place_only(&place, members, fault) < 0 || place_name(&party.name, &place, "name", fault) < 0 ||
	    take_key(&party, &place, true, fault) < 0)
		return -1;
	return add_party(plan, &party, &place, fault);
}

static int take_custodian(struct plan *plan, unsigned i, const struct place *place, struct fault *fault)
{
	static const char *const members[] = {"name",   "role", "jurisdiction", "key",
					      "serial", "bag",  "share",        NULL};
	struct plan_custodian *custodian = &plan->custodians[i];
	struct plan_party party = {.role = "custodian"};
	unsigned share;

	if (place_only(place, members, fault) < 0 || place_name(&custodian->name, place, "name", fault) < 0 ||
	    place_text(&custodian->role, place, "role", NULL, fault) < 0 ||
	    place_text(&custodian->jurisdiction, place, "jurisdiction", NULL, fault) < 0 ||
	    place_text(&custodian->serial, place, "serial", "", fault) < 0 ||
	    place_text(&custodian->bag, place, "bag", "", fault) < 0 ||
	    place_word(&share, place, "share", share_names, PLAN_FILE, fault) < 0 ||
	    take_key(&party, place, true, fault) < 0)
		return -1;
	custodian->share = (enum plan_share)share;
	custodian->says_share = json_object_get(place->object, "share") != NULL;
	if (custodian->share == PLAN_CARD && !party.key)
		return place_wrong(fault, place, "share", "is \"card\", but no key says which card");
	party.name = custodian->name;
	return add_party(plan, &party, place, fault);
}

static int take_custodians(struct plan *plan, const struct place *top, struct fault *fault)
{
	const json_t *array;

	if (place_array(&array, top, "custodians", 2, PLAN_CUSTODIANS, fault) < 0)
		return -1;
	plan->total = (unsigned)json_array_size(array);
	plan->first_custodian = plan->party_count;
	for (unsigned i = 0; i < plan->total; i++) {
		struct place place;

		if (place_enter(&place, array, "custodians", i, fault) < 0 ||
		    take_custodian(plan, i, &place, fault) < 0)
			return -1;
	}
	return 0;
}

static int take_witnesses(struct plan *plan, const struct place *top, struct fault *fault)
{
	static const char *const members[] = {"name", "role", "key", NULL};
	const json_t *array;

	if (place_array(&array, top, "witnesses", 0, PLAN_WITNESSES, fault) < 0)
		return -1;
	for (unsigned i = 0; i < json_array_size(array); i++) {
		struct plan_party party = {.role = "witness"};
		const char *role;
		struct place place;

		if (place_enter(&place, array, "witnesses", i, fault) < 0 ||
		    place_only(&place, members, fault) < 0 ||
		    place_name(&party.name, &place, "name", fault) < 0 ||
		    place_text(&role, &place, "role", NULL, fault) < 0 ||
		    take_key(&party, &place, false, fault) < 0 || add_party(plan, &party, &place, fault) < 0)
			return -1;
	}
	return 0;
}

/* A factory says which cards are genuine: whoever takes part must not. */
static int take_factories(struct plan *plan, const struct place *top, struct fault *fault)
{
	static const char *const members[] = {"name", "key", NULL};
	const json_t *array;

	if (place_array(&array, top, "factories", 0, PLAN_FACTORIES, fault) < 0)
		return -1;
	for (unsigned i = 0; i < json_array_size(array); i++) {
		struct plan_party *factory = &plan->factories[i];
		struct place place;

		factory->role = "factory";
		if (place_enter(&place, array, "factories", i, fault) < 0 ||
		    place_only(&place, members, fault) < 0 ||
		    place_name(&factory->name, &place, "name", fault) < 0 ||
		    place_key(&factory->key, factory->point, &place, fault) < 0)
			return -1;
		for (unsigned j = 0; j < plan->party_count; j++)
			if (plan->parties[j].key && strcmp(plan->parties[j].key, factory->key) == 0)
				return place_wrong(fault, &place, "key", "is that of \"%s\" already",
						   plan->parties[j].name);
		for (unsigned j = 0; j < i; j++)
			if (strcmp(plan->factories[j].key, factory->key) == 0 ||
			    strcasecmp(plan->factories[j].name, factory->name) == 0)
				return place_wrong(fault, &place, "name", "or key is that of factory %u",
						   j + 1);
		plan->factory_count++;
	}
	return 0;
}

int plan_take_parties(struct plan *plan, const struct place *top, struct fault *fault)
{
	if (take_administrator(plan, top, fault) < 0 || take_custodians(plan, top, fault) < 0 ||
	    take_witnesses(plan, top, fault) < 0)
		return -1;
	return take_factories(plan, top, fault);
}

/* ---- things ---- */

/* Is `text` a serial or bag of a custodian's card, or of one of the first `devices`? */
static const char *taken(const struct plan *plan, const char *text, bool serials, unsigned devices)
{
	for (unsigned i = 0; i < plan->total && text[0]; i++)
		if (strcmp(text, serials ? plan->custodians[i].serial : plan->custodians[i].bag) == 0)
			return plan->custodians[i].name;
	for (unsigned i = 0; i < devices && text[0]; i++)
		if (strcmp(text, serials ? plan->devices[i].serial : plan->devices[i].bag) == 0 ||
		    (!serials && strcmp(text, plan->devices[i].new_bag) == 0))
			return plan->devices[i].name;
	return NULL;
}

static int check_cards(const struct plan *plan, struct fault *fault)
{
	for (unsigned i = 0; i < plan->total; i++)
		for (unsigned j = 0; j < i; j++) {
			const struct plan_custodian *a = &plan->custodians[j], *b = &plan->custodians[i];
			bool serial = b->serial[0] && strcmp(a->serial, b->serial) == 0;

			if (serial || (b->bag[0] && strcmp(a->bag, b->bag) == 0))
				return fault_set(fault, FAULT_INPUT, NULL,
						 "custodians[%u].%s: is that of \"%s\" already", i,
						 serial ? "serial" : "bag", a->name);
		}
	return 0;
}

static int take_device(struct plan *plan, unsigned i, const struct place *place, struct fault *fault)
{
	static const char *const members[] = {"name", "kind", "serial", "bag", "new_bag", NULL};
	static const char *const kinds[] = {"machine", "hsm",  "reader", "printer",
					    "media",   "card", "other",  NULL};
	struct plan_device *device = &plan->devices[i];
	const char *who;
	unsigned kind;

	if (place_only(place, members, fault) < 0 || place_name(&device->name, place, "name", fault) < 0 ||
	    place_word(&kind, place, "kind", kinds, -1, fault) < 0 ||
	    place_text(&device->serial, place, "serial", "", fault) < 0 ||
	    place_text(&device->bag, place, "bag", "", fault) < 0 ||
	    place_text(&device->new_bag, place, "new_bag", "", fault) < 0)
		return -1;
	device->kind = kinds[kind];
	for (unsigned j = 0; j < i; j++)
		if (strcasecmp(plan->devices[j].name, device->name) == 0)
			return place_wrong(fault, place, "name", "is that of device %u already", j + 1);
	who = taken(plan, device->serial, true, i);
	if (who)
		return place_wrong(fault, place, "serial", "is that of \"%s\" already", who);
	who = taken(plan, device->bag, false, i);
	if (who)
		return place_wrong(fault, place, "bag", "is that of \"%s\" already: a bag is used once", who);
	who = taken(plan, device->new_bag, false, i);
	if (who || (device->new_bag[0] && strcmp(device->new_bag, device->bag) == 0))
		return place_wrong(fault, place, "new_bag", "is that of \"%s\" already: a bag is used once",
				   who ? who : device->name);
	return 0;
}

static int take_devices(struct plan *plan, const struct place *top, struct fault *fault)
{
	const json_t *array;

	if (place_array(&array, top, "devices", 0, PLAN_DEVICES, fault) < 0)
		return -1;
	for (unsigned i = 0; i < json_array_size(array); i++) {
		struct place place;

		if (place_enter(&place, array, "devices", i, fault) < 0 ||
		    take_device(plan, i, &place, fault) < 0)
			return -1;
		plan->device_count++;
	}
	return 0;
}

static int take_software(struct plan *plan, const struct place *top, struct fault *fault)
{
	static const char *const members[] = {"name", "sha256", NULL};
	const json_t *array;

	if (place_array(&array, top, "software", 0, PLAN_SOFTWARE, fault) < 0)
		return -1;
	for (unsigned i = 0; i < json_array_size(array); i++) {
		struct plan_software *software = &plan->software[i];
		struct place place;

		if (place_enter(&place, array, "software", i, fault) < 0 ||
		    place_only(&place, members, fault) < 0 ||
		    place_text(&software->name, &place, "name", NULL, fault) < 0 ||
		    place_digest(software->sha256, &place, "sha256", fault) < 0)
			return -1;
		plan->software_count++;
	}
	return 0;
}

static int take_destruction(struct plan *plan, const struct place *top, struct fault *fault)
{
	const json_t *array;

	if (place_array(&array, top, "destruction", 0, PLAN_DESTRUCTION, fault) < 0)
		return -1;
	for (unsigned i = 0; i < json_array_size(array); i++) {
		struct place place = {.name = "destruction"};
		json_t *one = json_pack("{s:O}", "text", json_array_get(array, i));
		const char *text;
		int result;

		place.object = one;
		result = one ? place_text(&text, &place, "text", NULL, fault)
			     : fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
		json_decref(one);
		if (result < 0)
			return -1;
		plan->destruction[plan->destruction_count++] = text;
	}
	return 0;
}

int plan_take_things(struct plan *plan, const struct place *top, struct fault *fault)
{
	if (check_cards(plan, fault) < 0 || take_devices(plan, top, fault) < 0 ||
	    take_software(plan, top, fault) < 0)
		return -1;
	return take_destruction(plan, top, fault);
}

/* ---- asking ---- */

const struct plan_party *plan_party(const struct plan *plan, const char *name)
{
	for (unsigned i = 0; i < plan->party_count; i++)
		if (strcmp(plan->parties[i].name, name) == 0)
			return &plan->parties[i];
	return NULL;
}

unsigned plan_signers(const struct plan *plan)
{
	unsigned count = 0;

	for (unsigned i = 0; i < plan->party_count; i++)
		count += plan->parties[i].key != NULL;
	return count;
}

const struct plan_party *plan_signer(const struct plan *plan, unsigned i)
{
	for (unsigned j = 0; j < plan->party_count; j++)
		if (plan->parties[j].key && i-- == 0)
			return &plan->parties[j];
	return NULL;
}

const struct plan_party *plan_custodian(const struct plan *plan, unsigned i)
{
	return &plan->parties[plan->first_custodian + i];
}

bool plan_allows_program(const struct plan *plan, const uint8_t sha256[static 32])
{
	for (unsigned i = 0; i < plan->software_count; i++)
		if (memcmp(plan->software[i].sha256, sha256, 32) == 0)
			return true;
	return plan->software_count == 0;
}

bool plan_allows_hsm(const struct plan *plan, const char *serial)
{
	bool listed = false;

	for (unsigned i = 0; i < plan->device_count; i++) {
		if (strcmp(plan->devices[i].kind, "hsm") != 0 || !plan->devices[i].serial[0])
			continue;
		if (strcmp(plan->devices[i].serial, serial) == 0)
			return true;
		listed = true;
	}
	return !listed;
}
