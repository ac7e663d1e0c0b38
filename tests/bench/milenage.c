/* milenage - f1 to f5 of one AUTHENTICATE, by the functions the card computes
 * them with: another K and RAND each time, key schedule and wiping included.
 * What it prints depends on all of it.
 *
 *     milenage COUNT
 *
 * Callgrind's instructions of COUNT + 1000 less those of COUNT are those of
 * a thousand (tests/bench/milenage.sh). */
#include "auth/milenage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	static const uint8_t sqn[AKA_SQN] = {0, 0, 0, 0, 1, 0}, amf[AKA_AMF] = {0x80, 0};
	uint8_t k[AKA_KEY] = {0}, opc[AKA_KEY] = {0}, rand[AKA_RAND] = {0};
	uint8_t mac[AKA_MAC], res[AKA_RES], ck[AKA_KEY], ik[AKA_KEY], ak[AKA_SQN], sum = 0;
	long count = argc == 2 ? strtol(argv[1], NULL, 10) : -1;
	struct milenage m;

	if (count < 0) {
		(void)fprintf(stderr, "usage: milenage COUNT\n");
		return 2;
	}
	for (; count > 0; count--) {
		memcpy(rand, &count, sizeof(count));
		memcpy(k, &count, sizeof(count));
		if (milenage_start(&m, k, opc, rand) < 0 || milenage_f2_f5(&m, res, ak) < 0 ||
		    milenage_f3_f4(&m, ck, ik) < 0 || milenage_f1(&m, mac, sqn, amf) < 0)
			return 1;
		milenage_stop(&m);
		sum ^= mac[0] ^ res[0] ^ ck[0] ^ ik[0] ^ ak[0];
	}
	printf("%02X\n", sum);
	return 0;
}
