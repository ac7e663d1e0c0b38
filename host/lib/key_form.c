#include "lib/key_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/algorithm.h"
#include "crypto/compare.h"
#include "crypto/kcv.h"

static const struct {
	const char *text, *name;
} algorithms[] = {
	[SLOT_MILENAGE] = {"milenage", "Milenage"},
	[SLOT_TUAK] = {"tuak", "TUAK"},
	[SLOT_XOR] = {"xor", "XOR"},
	[SLOT_COMP128_1] = {"comp128v1", "COMP128v1"},
	[SLOT_COMP128_2] = {"comp128v2", "COMP128v2"},
	[SLOT_COMP128_3] = {"comp128v3", "COMP128v3"},
	[SLOT_XOR_GSM] = {"xor-gsm", "XOR (GSM)"},
};

enum {
	ALGORITHMS = sizeof(algorithms) / sizeof(algorithms[0])
};

/* In the order of algorithm_choose()'s parameters. */
static const char *const sizes[ALGORITHM_PARAMETERS] = {"k", "mac", "res", "ck", "ik", "iterations"};

const char *key_form_name(uint8_t algorithm)
{
	return algorithm < ALGORITHMS && algorithms[algorithm].name ? algorithms[algorithm].name : "unknown";
}

/* NAME=NUMBER into its place; what follows it, or NULL. */
static const char *one_size(uint8_t parameters[static ALGORITHM_PARAMETERS], const char *at)
{
	unsigned long value;
	size_t i, length;
	char *end;

	for (i = 0; i < ALGORITHM_PARAMETERS; i++) {
		length = strlen(sizes[i]);
		if (strncmp(at, sizes[i], length) != 0 || at[length] != '=')
			continue;
		at += length + 1;
		if (*at < '0' || *at > '9')
			return NULL;
		value = strtoul(at, &end, 10);
		if (value > 255)
			return NULL;
		parameters[i] = (uint8_t)value;
		return end;
	}
	return NULL;
}

int key_form_read(struct subscriber_key *key, const char *text, struct fault *fault)
{
	size_t length = strcspn(text, ":");
	const char *at = text + length;
	uint8_t algorithm = 0, p[ALGORITHM_PARAMETERS];

	memset(key, 0, sizeof(*key));
	for (size_t i = 1; i < ALGORITHMS; i++)
		if (strlen(algorithms[i].text) == length && memcmp(algorithms[i].text, text, length) == 0)
			algorithm = (uint8_t)i;
	if (algorithm_choose(key, algorithm, NULL, 0) < 0)
		return fault_set(fault, FAULT_INPUT,
				 "known: milenage, tuak, xor, comp128v1, comp128v2, comp128v3, xor-gsm",
				 "\"%.40s\" is no algorithm", text);
	memcpy(p,
	       (const uint8_t[]){key->sizes.k, key->sizes.mac, key->sizes.res, key->sizes.ck, key->sizes.ik,
				 key->sizes.iterations},
	       sizeof(p));
	while (at && *at)
		at = one_size(p, at + 1);
	if (!at || algorithm_choose(key, algorithm, p, sizeof(p)) < 0)
		return fault_set(fault, FAULT_INPUT,
				 "in bytes, as in tuak:k=32,mac=8,res=8,ck=16,ik=16,iterations=1",
				 "\"%.60s\": %s has no such sizes", text, algorithms[algorithm].name);
	return 0;
}

void key_form_write(char text[static KEY_FORM_MAX], const struct subscriber_key *key)
{
	uint8_t p[ALGORITHM_PARAMETERS];

	if (algorithm_parameters(p, key) == 0)
		(void)snprintf(text, KEY_FORM_MAX, "%s", algorithms[key->algorithm].text);
	else
		(void)snprintf(text, KEY_FORM_MAX, "%s:k=%u,mac=%u,res=%u,ck=%u,ik=%u,iterations=%u",
			       algorithms[key->algorithm].text, p[0], p[1], p[2], p[3], p[4], p[5]);
}

bool key_form_equal(const struct subscriber_key *a, const struct subscriber_key *b)
{
	return a->algorithm == b->algorithm && memcmp(&a->sizes, &b->sizes, sizeof(a->sizes)) == 0 &&
	       compare_equal(a->k, b->k, a->sizes.k) == GRANTED &&
	       compare_equal(a->opc, b->opc, a->sizes.opc) == GRANTED;
}

int key_form_checks(uint8_t k[static 3], uint8_t opc[static 3], const struct subscriber_key *key,
		    struct fault *fault)
{
	memset(opc, 0, 3);
	if (kcv(k, (struct span){key->k, key->sizes.k}) < 0 ||
	    (key->sizes.opc > 0 && kcv(opc, (struct span){key->opc, key->sizes.opc}) < 0))
		return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused a key");
	return 0;
}
