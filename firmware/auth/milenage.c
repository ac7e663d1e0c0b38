/* TEMP is computed once, and a rotation by whole bytes is an index: an
 * authentication costs one key expansion and five blocks, the least it can. */
#include "auth/milenage.h"

#include <string.h>

#include "crypto/compare.h"
#include "crypto/wipe.h"

int milenage_opc(uint8_t opc[static AKA_KEY], const uint8_t k[static AKA_KEY],
		 const uint8_t op[static AKA_KEY])
{
	uint8_t block[AES_BLOCK];
	int e = aes_block(block, (struct span){k, AKA_KEY}, op);

	for (size_t i = 0; e == OK && i < AKA_KEY; i++)
		opc[i] = block[i] ^ op[i];
	wipe(block, sizeof(block));
	return e;
}

int milenage_start(struct milenage *m, const uint8_t k[static AKA_KEY], const uint8_t opc[static AKA_KEY],
		   const uint8_t rand[static AKA_RAND])
{
	int e = aes_start(&m->aes, k, AKA_KEY);

	memcpy(m->opc, opc, AKA_KEY);
	for (size_t i = 0; i < AES_BLOCK; i++)
		m->temp[i] = rand[i] ^ opc[i];
	return e == OK ? aes_encrypt(&m->aes, m->temp, m->temp) : e;
}

void milenage_stop(struct milenage *m)
{
	aes_stop(&m->aes);
	wipe(m, sizeof(*m));
}

/* OUT2..OUT5: E(rot(TEMP xor OPc, 8 * rotation) xor constant) xor OPc. */
/* SPEC: TS 35.206 4.1 */
static int block(struct milenage *m, uint8_t out[static AES_BLOCK], unsigned rotation, uint8_t constant)
{
	int e;

	for (unsigned i = 0; i < AES_BLOCK; i++) {
		unsigned from = (i + rotation) % AES_BLOCK;

		out[i] = m->temp[from] ^ m->opc[from];
	}
	out[AES_BLOCK - 1] ^= constant;
	e = aes_encrypt(&m->aes, out, out);
	for (size_t i = 0; i < AES_BLOCK; i++)
		out[i] ^= m->opc[i];
	return e;
}

int milenage_f1(struct milenage *m, uint8_t mac_a[static AKA_MAC], uint8_t mac_s[static AKA_MAC],
		const uint8_t sqn[static AKA_SQN], const uint8_t amf[static AKA_AMF])
{
	uint8_t in[AES_BLOCK], out[AES_BLOCK];
	int e;

	memcpy(in, sqn, AKA_SQN);
	memcpy(in + 6, amf, AKA_AMF);
	memcpy(in + 8, in, 8);
	for (size_t i = 0; i < AES_BLOCK; i++) {
		size_t from = (i + 8) % AES_BLOCK;

		out[i] = m->temp[i] ^ in[from] ^ m->opc[from];
	}
	e = aes_encrypt(&m->aes, out, out);
	for (size_t i = 0; i < AES_BLOCK; i++)
		out[i] ^= m->opc[i];
	memcpy(mac_a, out, AKA_MAC);
	memcpy(mac_s, out + 8, AKA_MAC);
	wipe(out, sizeof(out));
	return e;
}

int milenage_f2_f5(struct milenage *m, uint8_t res[static AKA_RES], uint8_t ak[static AKA_SQN])
{
	uint8_t out[AES_BLOCK];
	int e = block(m, out, 0, 1);

	memcpy(res, out + 8, AKA_RES);
	memcpy(ak, out, AKA_SQN);
	wipe(out, sizeof(out));
	return e;
}

int milenage_f3(struct milenage *m, uint8_t ck[static AKA_KEY])
{
	return block(m, ck, 4, 2);
}

int milenage_f4(struct milenage *m, uint8_t ik[static AKA_KEY])
{
	return block(m, ik, 8, 4);
}

int milenage_f5_star(struct milenage *m, uint8_t ak[static AKA_SQN])
{
	uint8_t out[AES_BLOCK];
	int e = block(m, out, 12, 8);

	memcpy(ak, out, AKA_SQN);
	wipe(out, sizeof(out));
	return e;
}

/* SPEC: TS 33.102 6.8.1.2, TS 55.205 */
void milenage_c2(uint8_t sres[static GSM_SRES], const uint8_t res[static AKA_RES])
{
	for (size_t i = 0; i < GSM_SRES; i++)
		sres[i] = res[i] ^ res[i + 4];
}

/* SPEC: TS 33.102 6.8.1.2 */
void milenage_c3(uint8_t kc[static GSM_KC], const uint8_t ck[static AKA_KEY],
		 const uint8_t ik[static AKA_KEY])
{
	for (size_t i = 0; i < GSM_KC; i++)
		kc[i] = ck[i] ^ ck[i + 8] ^ ik[i] ^ ik[i + 8];
}

int milenage_vector(struct aka_vector *vector, const uint8_t k[static AKA_KEY],
		    const uint8_t opc[static AKA_KEY], const uint8_t rand[static AKA_RAND],
		    const uint8_t sqn[static AKA_SQN], const uint8_t amf[static AKA_AMF])
{
	uint8_t ak[AKA_SQN] = {0}, mac_s[AKA_MAC];
	struct milenage m;
	int e = milenage_start(&m, k, opc, rand);

	memcpy(vector->rand, rand, AKA_RAND);
	vector->autn_length = AKA_AUTN;
	vector->res_length = AKA_RES;
	vector->ck_length = vector->ik_length = AKA_KEY;
	memcpy(vector->autn + 6, amf, AKA_AMF);
	if (e == OK)
		e = milenage_f1(&m, vector->autn + 8, mac_s, sqn, amf);
	if (e == OK)
		e = milenage_f2_f5(&m, vector->res, ak);
	if (e == OK)
		e = milenage_f3(&m, vector->ck);
	if (e == OK)
		e = milenage_f4(&m, vector->ik);
	for (size_t i = 0; e == OK && i < AKA_SQN; i++)
		vector->autn[i] = sqn[i] ^ ak[i];
	milenage_stop(&m);
	wipe(ak, sizeof(ak));
	wipe(mac_s, sizeof(mac_s));
	if (e < 0)
		wipe(vector, sizeof(*vector));
	return e;
}

/* SPEC: TS 33.102 6.3.3 */
int milenage_auts(struct milenage *m, uint8_t auts[static AKA_AUTS], const uint8_t sqn[static AKA_SQN])
{
	static const uint8_t amf[AKA_AMF] = {0, 0};
	uint8_t ak[AKA_SQN], mac_a[AKA_MAC];
	int e = milenage_f5_star(m, ak);

	if (e == OK)
		e = milenage_f1(m, mac_a, auts + AKA_SQN, sqn, amf);
	for (size_t i = 0; e == OK && i < AKA_SQN; i++)
		auts[i] = sqn[i] ^ ak[i];
	wipe(ak, sizeof(ak));
	wipe(mac_a, sizeof(mac_a));
	return e;
}

int milenage_resync(uint8_t sqn[static AKA_SQN], const uint8_t k[static AKA_KEY],
		    const uint8_t opc[static AKA_KEY], const uint8_t rand[static AKA_RAND],
		    const uint8_t auts[static AKA_AUTS])
{
	static const uint8_t amf[AKA_AMF] = {0, 0};
	uint8_t ak[AKA_SQN], mac_a[AKA_MAC], mac_s[AKA_MAC];
	struct milenage m;
	int e = milenage_start(&m, k, opc, rand);

	if (e == OK)
		e = milenage_f5_star(&m, ak);
	for (size_t i = 0; e == OK && i < AKA_SQN; i++)
		sqn[i] = auts[i] ^ ak[i];
	if (e == OK)
		e = milenage_f1(&m, mac_a, mac_s, sqn, amf);
	if (e == OK && compare_equal(mac_s, auts + AKA_SQN, AKA_MAC) != GRANTED)
		e = ERROR_CHECK;
	milenage_stop(&m);
	wipe(ak, sizeof(ak));
	wipe(mac_a, sizeof(mac_a));
	wipe(mac_s, sizeof(mac_s));
	if (e < 0)
		wipe(sqn, AKA_SQN);
	return e;
}
