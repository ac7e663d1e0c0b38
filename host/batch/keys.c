#include "batch/keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "keys/derive.h"
#include "lib/digits.h"
#include "lib/key_form.h"
#include "lib/secret.h"

/* DERIVE_LABEL characters each, as in keys/derive.h. */
static const char label_pin1[] = "simrite PIN1", label_puk1[] = "simrite PUK1", label_adm1[] = "simrite ADM1";

int keys_open(struct batch_key *key, const struct order *order, const char *uri, struct fault *fault)
{
	memset(key, 0, sizeof(*key));
	if (order->design != DESIGN_DERIVED)
		return 0;
	if (!uri)
		uri = order->hsm;
	if (!uri[0])
		return fault_set(fault, FAULT_USAGE, "give --hsm and the token's URI",
				 "the order names no token for key \"%s\"", order->key);
	if (hsm_open(&key->hsm, uri, fault) < 0)
		return -1;
	if (hsm_find(key->hsm, &key->key, order->key, fault) < 0) {
		keys_close(key);
		return -1;
	}
	return 0;
}

void keys_close(struct batch_key *key)
{
	hsm_close(key->hsm);
	memset(key, 0, sizeof(*key));
}

/* Sixteen secret bytes: drawn, or derived under `label`. */
static int bytes16(uint8_t out[static 16], const struct batch_key *key, const char *label,
		   const uint8_t *iccid, struct fault *fault)
{
	uint8_t input[DERIVE_INPUT];

	if (!key->hsm) {
		if (getrandom(out, 16, 0) != 16)
			return fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
		return 0;
	}
	derive_input(input, label, iccid);
	return hsm_cmac(key->hsm, out, key->key, input, sizeof(input), fault);
}

static int code(char *out, int digits, const struct batch_key *key, const char *label, const uint8_t *iccid,
		struct fault *fault)
{
	uint8_t bytes[16];
	uint64_t number = 0;
	int i, result = bytes16(bytes, key, label, iccid, fault);

	for (i = 0; i < 8; i++)
		number = number << 8 | bytes[i];
	out[digits] = 0;
	for (i = digits - 1; i >= 0; i--, number /= 10)
		out[i] = (char)('0' + number % 10);
	secret_wipe(bytes, sizeof(bytes));
	secret_wipe(&number, sizeof(number));
	return result;
}

int keys_make(struct output_record *record, enum design design, const struct batch_key *key,
	      struct fault *fault)
{
	uint8_t iccid[10];

	if ((design == DESIGN_DERIVED) != (key->hsm != NULL))
		return fault_set(fault, FAULT_BUG, NULL, "a derived batch needs its token, others have none");
	digits_to_iccid(iccid, record->iccid);
	if (key_form_read(&record->key, "milenage", fault) < 0 ||
	    code(record->pin1, 4, key, label_pin1, iccid, fault) < 0 ||
	    code(record->puk1, 8, key, label_puk1, iccid, fault) < 0 ||
	    code(record->adm1, 8, key, label_adm1, iccid, fault) < 0)
		return -1;
	if (design == DESIGN_AGREED)
		return 0;
	if (bytes16(record->key.k, key, DERIVE_LABEL_K, iccid, fault) < 0 ||
	    bytes16(record->key.opc, key, DERIVE_LABEL_OPC, iccid, fault) < 0)
		return -1;
	return key_form_checks(record->kcv_k, record->kcv_opc, &record->key, fault);
}
