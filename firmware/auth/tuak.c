/* TS 35.231 numbers bits from the other end than Keccak does, which comes to
 * this: every value enters and leaves the state with its bytes reversed. */
#include "auth/tuak.h"

#include <string.h>

#include "crypto/keccak.h"
#include "crypto/wipe.h"

/* Where things lie in the state, in bytes (6.1 to 6.5). */
enum {
	AT_TOP = 0,
	AT_INSTANCE = 32,
	AT_NAME = 33,
	AT_RAND = 40,
	AT_AMF = 56,
	AT_SQN = 58,
	AT_K = 64,
	AT_PADDING = 96,
	AT_LAST = 135,
	OUT_RES = 0, /* and MAC, and TOPc */
	OUT_CK = 32,
	OUT_IK = 64,
	OUT_AK = 96,
};

/* INSTANCE, bit 0 of the specification being the highest. */
enum {
	INSTANCE_TOPC = 0x00,
	INSTANCE_F1 = 0x00,
	INSTANCE_F2345 = 0x40,
	INSTANCE_F1_STAR = 0x80,
	INSTANCE_F5_STAR = 0xC0,
	INSTANCE_CK_256 = 0x04,
	INSTANCE_IK_256 = 0x02,
	INSTANCE_K_256 = 0x01,
};

static const uint8_t name[7] = {'T', 'U', 'A', 'K', '1', '.', '0'};

static void put(struct keccak *state, size_t at, const uint8_t *value, size_t length)
{
	for (size_t i = 0; i < length; i++)
		keccak_add(state, at + i, value[length - 1 - i]);
}

static void get(const struct keccak *state, uint8_t *value, size_t at, size_t length)
{
	for (size_t i = 0; value && i < length; i++)
		value[length - 1 - i] = keccak_byte(state, at + i);
}

/* INSTANCE[2..4] of a MAC or a RES: 64 bits 001, 128 bits 010, 256 bits 100, and 32 bits 000. */
static uint8_t length_code(uint8_t bytes)
{
	return (uint8_t)(bytes / 8 << 3);
}

/* SPEC: TS 35.231 6.1 to 6.5. Everything that each function has in common, then Keccak. */
static void run(struct keccak *state, uint8_t instance, const struct tuak *t, const uint8_t *rand,
		const uint8_t *sqn, const uint8_t *amf)
{
	uint8_t first = (uint8_t)(instance | (t->sizes.k == 32 ? INSTANCE_K_256 : 0));

	keccak_clear(state);
	put(state, AT_TOP, t->topc, TUAK_TOPC);
	put(state, AT_INSTANCE, &first, 1);
	put(state, AT_NAME, name, sizeof(name));
	if (rand)
		put(state, AT_RAND, rand, 16);
	if (sqn) {
		put(state, AT_AMF, amf, 2);
		put(state, AT_SQN, sqn, 6);
	}
	put(state, AT_K, t->k, t->sizes.k);
	keccak_add(state, AT_PADDING, 0x1F);
	keccak_add(state, AT_LAST, 0x80);
	for (unsigned i = 0; i < t->sizes.iterations; i++)
		keccak_permute(state);
}

static int one_of(uint8_t value, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return value == a || value == b || value == c || value == d;
}

int tuak_check(const struct key_sizes *s)
{
	return one_of(s->k, 16, 32, 32, 32) && s->opc == TUAK_TOPC && one_of(s->mac, 8, 16, 32, 32) &&
			       one_of(s->res, 4, 8, 16, 32) && one_of(s->ck, 16, 32, 32, 32) &&
			       one_of(s->ik, 16, 32, 32, 32) && s->iterations > 0
		       ? OK
		       : ERROR_VALUE;
}

int tuak_start(struct tuak *t, const struct key_sizes *sizes, const uint8_t *k,
	       const uint8_t topc[static TUAK_TOPC], const uint8_t rand[static 16])
{
	memset(t, 0, sizeof(*t));
	if (tuak_check(sizes) < 0)
		return ERROR_VALUE;
	t->sizes = *sizes;
	memcpy(t->k, k, sizes->k);
	memcpy(t->topc, topc, TUAK_TOPC);
	memcpy(t->rand, rand, 16);
	return OK;
}

void tuak_stop(struct tuak *t)
{
	wipe(t, sizeof(*t));
}

int tuak_topc(uint8_t topc[static TUAK_TOPC], const struct key_sizes *sizes, const uint8_t *k,
	      const uint8_t top[static TUAK_TOPC])
{
	static const uint8_t unused[16] = {0};
	struct keccak state;
	struct tuak t;
	int e = tuak_start(&t, sizes, k, top, unused);

	if (e == OK) {
		run(&state, INSTANCE_TOPC, &t, NULL, NULL, NULL);
		get(&state, topc, OUT_RES, TUAK_TOPC);
		wipe(&state, sizeof(state));
	}
	tuak_stop(&t);
	return e;
}

static void mac(const struct tuak *t, uint8_t *out, uint8_t instance, const uint8_t *sqn, const uint8_t *amf)
{
	struct keccak state;

	run(&state, instance | length_code(t->sizes.mac), t, t->rand, sqn, amf);
	get(&state, out, OUT_RES, t->sizes.mac);
	wipe(&state, sizeof(state));
}

void tuak_f1(const struct tuak *t, uint8_t *out, const uint8_t sqn[static 6], const uint8_t amf[static 2])
{
	mac(t, out, INSTANCE_F1, sqn, amf);
}

void tuak_f1_star(const struct tuak *t, uint8_t *out, const uint8_t sqn[static 6],
		  const uint8_t amf[static 2])
{
	mac(t, out, INSTANCE_F1_STAR, sqn, amf);
}

void tuak_f2345(const struct tuak *t, uint8_t *res, uint8_t *ck, uint8_t *ik, uint8_t *ak)
{
	struct keccak state;
	unsigned instance = INSTANCE_F2345 | length_code(t->sizes.res);

	if (t->sizes.ck == 32)
		instance |= INSTANCE_CK_256;
	if (t->sizes.ik == 32)
		instance |= INSTANCE_IK_256;
	run(&state, (uint8_t)instance, t, t->rand, NULL, NULL);
	get(&state, res, OUT_RES, t->sizes.res);
	get(&state, ck, OUT_CK, t->sizes.ck);
	get(&state, ik, OUT_IK, t->sizes.ik);
	get(&state, ak, OUT_AK, 6);
	wipe(&state, sizeof(state));
}

void tuak_f5_star(const struct tuak *t, uint8_t ak[static 6])
{
	struct keccak state;

	run(&state, INSTANCE_F5_STAR, t, t->rand, NULL, NULL);
	get(&state, ak, OUT_AK, 6);
	wipe(&state, sizeof(state));
}
