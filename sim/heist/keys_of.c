#include "heist/keys_of.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "heist/quorum.h"
#include "keys/derive.h"
#include "lib/auc.h"
#include "lib/digits.h"
#include "lib/secret.h"

struct sought {
	const char *imsi;
	struct subscriber subscriber;
	bool found;
};

static int look(void *context, const struct auc_entry *entry)
{
	struct sought *sought = context;

	if (strcmp(entry->subscriber.imsi, sought->imsi) != 0)
		return 0;
	sought->subscriber = entry->subscriber;
	sought->found = true;
	return 1;
}

static int find(struct sought *sought, const struct world *world, struct fault *fault)
{
	char database[HEIST_PATH];
	struct auc_place place = {.database = database};
	struct auc *auc;
	int e;

	heist_path(database, &world->at, "sealed/auc.db");
	if (auc_open(&auc, &place, fault) < 0)
		return -1;
	e = auc_list(auc, look, sought, fault);
	auc_close(auc);
	if (e < 0)
		return -1;
	return sought->found ? 0 : fault_set(fault, FAULT_BUG, NULL, "no subscriber %s", sought->imsi);
}

int keys_of_batch(uint8_t key[static 32], const struct world *world, const struct batch *batch,
		  struct fault *fault)
{
	char file[120], path[HEIST_PATH], source[HEIST_PATH + 8];

	(void)snprintf(file, sizeof(file), "sealed/key-%.39s.hex", batch->name);
	heist_path(path, &world->at, file);
	(void)snprintf(source, sizeof(source), "file:%s", path);
	if (access(path, F_OK) < 0 && quorum_recover(world, batch, 0x07, file, fault) < 0)
		return -1;
	return secret_hex(key, 32, source, "batch key", fault);
}

static int derive(struct subscriber_key *key, const struct world *world, const struct batch *batch,
		  const char *iccid, struct fault *fault)
{
	uint8_t above[32], coded[10];
	int e = keys_of_batch(above, world, batch, fault);

	digits_to_iccid(coded, iccid);
	if (e == 0 && (derive_key(key->k, DERIVE_LABEL_K, coded, (struct span){above, 32}) < 0 ||
		       derive_key(key->opc, DERIVE_LABEL_OPC, coded, (struct span){above, 32}) < 0))
		e = fault_set(fault, FAULT_BUG, NULL, "the derivation failed");
	secret_wipe(above, sizeof(above));
	return e;
}

int keys_of(struct subscriber_key *key, const struct world *world, const struct batch *batch,
	    const char *imsi, struct fault *fault)
{
	struct sought sought = {.imsi = imsi};
	char path[HEIST_PATH], source[HEIST_PATH + 8];
	uint8_t kek[WRAP_KEK];
	int e;

	memset(key, 0, sizeof(*key));
	if (find(&sought, world, fault) < 0)
		return -1;
	if (sought.subscriber.design == DESIGN_DERIVED)
		return derive(key, world, batch, sought.subscriber.iccid, fault);
	heist_path(path, &world->at, "sealed/auc.db.kek");
	(void)snprintf(source, sizeof(source), "file:%s", path);
	e = secret_hex(kek, sizeof(kek), source, "the key-encryption key", fault);
	if (e == 0)
		e = wrap_open(key, &sought.subscriber, kek, fault);
	secret_wipe(kek, sizeof(kek));
	return e;
}
