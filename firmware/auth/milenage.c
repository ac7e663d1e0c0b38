/* TEMP is computed once: an authentication costs one key expansion and five
 * blocks, the least it can. What comes out of a block stays in the struct until
 * milenage_stop() wipes all of it at once. */
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

/* Words, so that a rotation by r1 to r5, which are multiples of 32, is an index; and four of them together,
 * so that an exclusive or of blocks is one instruction where the machine has one for it. */
enum {
	WORDS = AES_BLOCK / 4
};
typedef uint32_t block_t __attribute__((vector_size(AES_BLOCK), aligned(4), may_alias));

static inline block_t *whole(uint32_t *words)
{
	return (block_t *)words;
}

/* out = E(m->work) xor OPc */
static inline int finish(struct milenage *m, uint32_t out[static WORDS])
{
	int e = aes_encrypt(&m->aes, (uint8_t *)out, (const uint8_t *)m->work);

	*whole(out) ^= *whole(m->opc);
	return e;
}

int milenage_start(struct milenage *m, const uint8_t k[static AKA_KEY], const uint8_t opc[static AKA_KEY],
		   const uint8_t rand[static AKA_RAND])
{
	int e;

	memcpy(m->opc, opc, AKA_KEY);
	memcpy(m->work, rand, AKA_RAND);
	*whole(m->work) ^= *whole(m->opc);
	if ((e = aes_start(&m->aes, k, AKA_KEY)) < 0)
		return e;
	e = finish(m, m->mixed);
	/* cppcheck-suppress overlappingWriteFunction */ /* it takes words for bytes */
	memcpy(m->mixed + WORDS, m->mixed, AES_BLOCK);
	return e;
}

void milenage_stop(struct milenage *m)
{
	wipe(m, sizeof(*m)); /* the expanded key with it, see aes_stop() */
}

/* OUT2..OUT5, to m->work: E(rot(TEMP xor OPc, 32 * words) xor constant) xor OPc. */
/* SPEC: TS 35.206 4.1 */
static inline int block(struct milenage *m, size_t words, uint8_t constant)
{
	const uint8_t bytes[4] = {0, 0, 0, constant};
	uint32_t last;

	memcpy(&last, bytes, sizeof(last));
	*whole(m->work) = *whole(m->mixed + words) ^ (block_t) { 0, 0, 0, last };
	return finish(m, m->work);
}

/* OUT1, to m->work: E(TEMP xor rot(IN1 xor OPc, 64)) xor OPc. IN1 = SQN AMF SQN AMF is itself when rotated,
 * and TEMP is what we keep xor OPc. */
/* SPEC: TS 35.206 4.1 */
static int out1(struct milenage *m, const uint8_t sqn[static AKA_SQN], const uint8_t amf[static AKA_AMF])
{
	const uint32_t *opc = m->opc, *in1 = m->work;

	memcpy(m->work, sqn, AKA_SQN);
	memcpy((uint8_t *)m->work + AKA_SQN, amf, AKA_AMF);
	*whole(m->work) = (block_t){in1[0], in1[1], in1[0], in1[1]} ^
			  (block_t) { opc[2], opc[3], opc[0], opc[1] } ^ *whole(m->opc) ^ *whole(m->mixed);
	return finish(m, m->work);
}

int milenage_f1(struct milenage *m, uint8_t mac_a[static AKA_MAC], const uint8_t sqn[static AKA_SQN],
		const uint8_t amf[static AKA_AMF])
{
	int e = out1(m, sqn, amf);

	memcpy(mac_a, m->work, AKA_MAC);
	return e;
}

int milenage_f1_star(struct milenage *m, uint8_t mac_s[static AKA_MAC], const uint8_t sqn[static AKA_SQN],
		     const uint8_t amf[static AKA_AMF])
{
	int e = out1(m, sqn, amf);

	memcpy(mac_s, m->work + 2, AKA_MAC);
	return e;
}

int milenage_f2_f5(struct milenage *m, uint8_t res[static AKA_RES], uint8_t ak[static AKA_SQN])
{
	int e = block(m, 0, 1);

	memcpy(ak, m->work, AKA_SQN);
	memcpy(res, m->work + 2, AKA_RES);
	return e;
}

int milenage_f3_f4(struct milenage *m, uint8_t ck[static AKA_KEY], uint8_t ik[static AKA_KEY])
{
	int e = block(m, 1, 2);

	memcpy(ck, m->work, AKA_KEY);
	if (e < 0)
		return e;
	e = block(m, 2, 4);
	memcpy(ik, m->work, AKA_KEY);
	return e;
}

int milenage_f5_star(struct milenage *m, uint8_t ak[static AKA_SQN])
{
	int e = block(m, 3, 8);

	memcpy(ak, m->work, AKA_SQN);
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
	uint8_t ak[AKA_SQN] = {0};
	struct milenage m;
	int e = milenage_start(&m, k, opc, rand);

	memcpy(vector->rand, rand, AKA_RAND);
	vector->autn_length = AKA_AUTN;
	vector->res_length = AKA_RES;
	vector->ck_length = vector->ik_length = AKA_KEY;
	memcpy(vector->autn + 6, amf, AKA_AMF);
	if (e == OK)
		e = milenage_f1(&m, vector->autn + 8, sqn, amf);
	if (e == OK)
		e = milenage_f2_f5(&m, vector->res, ak);
	if (e == OK)
		e = milenage_f3_f4(&m, vector->ck, vector->ik);
	for (size_t i = 0; e == OK && i < AKA_SQN; i++)
		vector->autn[i] = sqn[i] ^ ak[i];
	milenage_stop(&m);
	wipe(ak, sizeof(ak));
	if (e < 0)
		wipe(vector, sizeof(*vector));
	return e;
}

/* SPEC: TS 33.102 6.3.3 */
int milenage_auts(struct milenage *m, uint8_t auts[static AKA_AUTS], const uint8_t sqn[static AKA_SQN])
{
	static const uint8_t amf[AKA_AMF] = {0, 0};
	uint8_t ak[AKA_SQN];
	int e = milenage_f5_star(m, ak);

	if (e == OK)
		e = milenage_f1_star(m, auts + AKA_SQN, sqn, amf);
	for (size_t i = 0; e == OK && i < AKA_SQN; i++)
		auts[i] = sqn[i] ^ ak[i];
	wipe(ak, sizeof(ak));
	return e;
}

int milenage_resync(uint8_t sqn[static AKA_SQN], const uint8_t k[static AKA_KEY],
		    const uint8_t opc[static AKA_KEY], const uint8_t rand[static AKA_RAND],
		    const uint8_t auts[static AKA_AUTS])
{
	static const uint8_t amf[AKA_AMF] = {0, 0};
	uint8_t ak[AKA_SQN], mac_s[AKA_MAC];
	struct milenage m;
	int e = milenage_start(&m, k, opc, rand);

	if (e == OK)
		e = milenage_f5_star(&m, ak);
	for (size_t i = 0; e == OK && i < AKA_SQN; i++)
		sqn[i] = auts[i] ^ ak[i];
	if (e == OK)
		e = milenage_f1_star(&m, mac_s, sqn, amf);
	if (e == OK && compare_equal(mac_s, auts + AKA_SQN, AKA_MAC) != GRANTED)
		e = ERROR_CHECK;
	milenage_stop(&m);
	wipe(ak, sizeof(ak));
	wipe(mac_s, sizeof(mac_s));
	if (e < 0)
		wipe(sqn, AKA_SQN);
	return e;
}
