/* The input is laid out once, by derive_input(), for the token that computes
 * CMAC itself; derive_key() goes through the general construction instead, so
 * that each checks the other in the tests. */
#include "keys/derive.h"

#include <string.h>

#include "crypto/kbkdf.h"
#include "crypto/x963.h"

enum {
	ICCID = 10,
	COUNTER = 4,
	LABEL_AGREED = 16
};

void derive_input(uint8_t input[static DERIVE_INPUT], const char label[static DERIVE_LABEL],
		  const uint8_t iccid[static 10])
{
	memset(input, 0, DERIVE_INPUT);
	input[3] = 1;
	memcpy(input + COUNTER, label, DERIVE_LABEL);
	memcpy(input + COUNTER + DERIVE_LABEL + 1, iccid, ICCID);
	input[DERIVE_INPUT - 1] = 128;
}

int derive_key(uint8_t out[static 16], const char label[static DERIVE_LABEL], const uint8_t iccid[static 10],
	       struct span batch_key)
{
	uint8_t input[DERIVE_INPUT];

	if (batch_key.length != 16 && batch_key.length != 32)
		return ERROR_VALUE;
	derive_input(input, label, iccid);
	return kbkdf_cmac(out, 16, batch_key, (struct span){NULL, 0}, COUNTER,
			  (struct span){input + COUNTER, DERIVE_INPUT - COUNTER});
}

int derive_agreed(uint8_t keys[static DERIVE_AGREED_KEYS], const uint8_t x[static 32],
		  const uint8_t about[static DERIVE_AGREED_ABOUT])
{
	static const uint8_t label[LABEL_AGREED + 1] = "simrite K v2    ";
	uint8_t info[LABEL_AGREED + DERIVE_AGREED_ABOUT];

	memcpy(info, label, LABEL_AGREED);
	memcpy(info + LABEL_AGREED, about, DERIVE_AGREED_ABOUT);
	return x963(keys, DERIVE_AGREED_KEYS, (struct span){x, 32}, (struct span){info, sizeof(info)});
}
