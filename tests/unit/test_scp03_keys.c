/* PROVES: GlobalPlatform Amendment D by nine sessions captured from real
 * cards: AES-128, -192 and -256, security levels 11, 03 and 33. */
#include <stdlib.h>
#include <string.h>

#include "crypto/kbkdf.h"
#include "crypto/kcv.h"
#include "gp/scp03_keys.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

struct apdu {
	uint8_t bytes[300];
	size_t length;
};

static struct {
	uint8_t enc[32], mac[32];
	size_t length;
	struct apdu plain[5]; /* get_eid, case 1..4 */
	uint8_t answer[64];   /* of get_eid */
	size_t answer_length;
} material[3];

static const char *const names[5] = {"get_eid_cmd", "case_1_apdu", "case_2_apdu", "case_3_apdu",
				     "case_4_apdu"};

static void read_apdu(const struct vectors *v, const char *name, struct apdu *out)
{
	out->length = vectors_any(v, name, out->bytes, sizeof(out->bytes));
	CU_ASSERT_FATAL(out->length >= 4);
}

static struct span data_of(const struct apdu *apdu)
{
	return apdu->length > 5 ? (struct span){apdu->bytes + 5, apdu->bytes[4]} : (struct span){NULL, 0};
}

static void read_material(const struct vectors *v)
{
	static const char *const enc[] = {"AES128_ENC", "AES192_ENC", "AES256_ENC"};
	static const char *const mac[] = {"AES128_MAC", "AES192_MAC", "AES256_MAC"};
	static const char *const plain[] = {"get_eid_cmd_plain", "case_1_plain", "case_2_plain",
					    "case_3_plain", "case_4_plain"};

	for (int i = 0; i < 3; i++) {
		if (vectors_has(v, enc[i])) {
			material[i].length = vectors_any(v, enc[i], material[i].enc, 32);
			CU_ASSERT_EQUAL(vectors_any(v, mac[i], material[i].mac, 32), material[i].length);
		}
		if (vectors_has(v, plain[0])) {
			for (int n = 0; n < 5; n++)
				read_apdu(v, plain[n], &material[i].plain[n]);
			material[i].answer_length =
				vectors_any(v, "get_eid_rsp_plain", material[i].answer, 64);
		}
	}
}

static void check_kcv(const struct vectors *v)
{
	static const char *const name[] = {"ENC", "MAC", "DEK"};
	char field[32];
	uint8_t key[16], want[3], got[3];

	for (int i = 0; i < 3; i++) {
		strcpy(field, "AES128_");
		vectors_bytes(v, strcat(field, name[i]), key, 16);
		strcpy(field, "AES128_KCV_");
		vectors_bytes(v, strcat(field, name[i]), want, 3);
		CU_ASSERT_EQUAL(kcv(got, (struct span){key, 16}), OK);
		ASSERT_BYTES(got, want, 3);
	}
}

/* Both directions of one captured command: what we would send is what was
 * sent, and taking it apart gives the plain command back. */
static void check_command(const struct apdu *plain, const struct apdu *sent,
			  const struct scp03_session_keys *keys, uint8_t chaining[16], uint32_t counter,
			  uint8_t level)
{
	uint8_t buffer[300], header[5], undone[300];
	struct span data = data_of(plain), wire = data_of(sent);
	int length = (int)data.length;

	if (length > 0)
		memcpy(buffer, data.at, data.length);
	if ((level & SCP03_C_DEC) && length > 0)
		length = scp03_encrypt(buffer, sizeof(buffer), keys, counter, data);
	CU_ASSERT_FATAL(length >= 0 && (size_t)length + 8 == wire.length);
	memcpy(header, plain->bytes, 4);
	header[0] |= 0x04;
	header[4] = (uint8_t)(length + 8);
	ASSERT_BYTES(sent->bytes, header, 5);
	CU_ASSERT_EQUAL(
		scp03_command_mac(chaining, keys, chaining, header, (struct span){buffer, (size_t)length}),
		OK);
	ASSERT_BYTES(wire.at, buffer, (size_t)length);
	ASSERT_BYTES(wire.at + length, chaining, 8);
	if ((level & SCP03_C_DEC) && length > 0) {
		length = scp03_decrypt(undone, sizeof(undone), keys, counter,
				       (struct span){wire.at, wire.length - 8});
		CU_ASSERT_EQUAL_FATAL(length, (int)data.length);
		ASSERT_BYTES(undone, data.at, data.length);
	}
}

/* The answer to get_eid: R-MAC and R-ENC. */
static void check_answer(const struct vectors *v, const uint8_t *plain, size_t plain_length,
			 const struct scp03_session_keys *keys, const uint8_t chaining[16], uint8_t level)
{
	uint8_t sent[128], mac[16], undone[128];
	size_t length = vectors_any(v, "get_eid_rsp", sent, sizeof(sent));
	int n;

	if (level & SCP03_R_MAC) {
		length -= 8;
		CU_ASSERT_EQUAL(scp03_response_mac(mac, keys, chaining, (struct span){sent, length}, 0x9000),
				OK);
		ASSERT_BYTES(sent + length, mac, 8);
	}
	if (level & SCP03_R_ENC) {
		uint8_t again[128];

		n = scp03_decrypt_response(undone, sizeof(undone), keys, 1, (struct span){sent, length});
		CU_ASSERT_EQUAL_FATAL(n, (int)plain_length);
		ASSERT_BYTES(undone, plain, plain_length);
		n = scp03_encrypt_response(again, sizeof(again), keys, 1, (struct span){plain, plain_length});
		CU_ASSERT_EQUAL_FATAL(n, (int)length);
		ASSERT_BYTES(again, sent, length);
		return;
	}
	CU_ASSERT_EQUAL_FATAL(length, plain_length);
	ASSERT_BYTES(sent, plain, plain_length);
}

static void check_session(const struct vectors *v, int which, uint8_t level)
{
	static const uint8_t isd_r[16] = {0xA0, 0x00, 0x00, 0x05, 0x59, 0x10, 0x10, 0xFF,
					  0xFF, 0xFF, 0xFF, 0x89, 0x00, 0x00, 0x01, 0x00};
	uint8_t init[32], chaining[16] = {0}, out[16];
	struct apdu command, sent;
	struct scp03_session_keys keys;
	struct span enc = {material[which].enc, material[which].length};
	struct span mac = {material[which].mac, material[which].length};
	const uint8_t *host = command.bytes + 5, *card = init + 13;

	read_apdu(v, "init_upd_cmd", &command);
	vectors_bytes(v, "init_upd_rsp", init, sizeof(init));
	CU_ASSERT_EQUAL(scp03_card_challenge(out, enc, init + 29, (struct span){isd_r, 16}, 8), OK);
	ASSERT_BYTES(out, card, 8);
	CU_ASSERT_EQUAL(scp03_session_keys(&keys, enc, mac, host, card, 8), OK);
	CU_ASSERT_EQUAL(scp03_cryptogram(out, &keys, SCP03_FOR_CARD_CRYPTOGRAM, host, card), OK);
	ASSERT_BYTES(out, init + 21, 8);

	read_apdu(v, "ext_auth_cmd", &sent);
	CU_ASSERT_EQUAL(scp03_cryptogram(out, &keys, SCP03_FOR_HOST_CRYPTOGRAM, host, card), OK);
	ASSERT_BYTES(sent.bytes + 5, out, 8);
	CU_ASSERT_EQUAL(
		scp03_command_mac(chaining, &keys, chaining, sent.bytes, (struct span){sent.bytes + 5, 8}),
		OK);
	ASSERT_BYTES(sent.bytes + 13, chaining, 8);

	for (uint32_t n = 0; n < 5; n++) {
		read_apdu(v, names[n], &sent);
		check_command(&material[which].plain[n], &sent, &keys, chaining, n + 1, level);
		if (n == 0)
			check_answer(v, material[which].answer, material[which].answer_length, &keys,
				     chaining, level);
	}
}

/* PROVES: GPC Amendment D 4.1.5, 6.2.1, 6.2.2, 6.2.4 to 6.2.7 */
static void test_captures(void)
{
	struct vectors v;
	unsigned sessions = 0;

	for (vectors_open(&v, "scp03_captures_pysim.txt"); vectors_next(&v);) {
		const char *level = strstr(v.section, "level 0x"), *aes = strstr(v.section, "AES-");

		read_material(&v);
		if (vectors_has(&v, "AES128_KCV_ENC"))
			check_kcv(&v);
		if (!level || !aes)
			continue;
		check_session(&v, (atoi(aes + 4) - 128) / 64, (uint8_t)strtoul(level + 8, NULL, 16));
		sessions++;
	}
	CU_ASSERT_EQUAL(sessions, 9);
}

/* PROVES: GPC Amendment D 6.2.6 */
static void test_padding(void)
{
	struct scp03_session_keys keys;
	uint8_t key[16] = {1}, challenge[8] = {2}, plain[64], sealed[80], iv[16] = {0}, block[16] = {0};
	struct span k = {key, 16};
	int n;

	CU_ASSERT_EQUAL(scp03_session_keys(&keys, k, k, challenge, challenge, 8), OK);
	for (size_t length = 0; length <= 48; length++) {
		memset(plain, 0x80, sizeof(plain));
		n = scp03_encrypt(sealed, sizeof(sealed), &keys, 9, (struct span){plain, length});
		CU_ASSERT_EQUAL(n, (int)(length / 16 * 16 + 16));
		CU_ASSERT_EQUAL(
			scp03_decrypt(sealed, sizeof(sealed), &keys, 9, (struct span){sealed, (size_t)n}),
			(int)length);
		ASSERT_BYTES(sealed, plain, length);
	}
	CU_ASSERT_EQUAL(scp03_encrypt(sealed, 15, &keys, 9, (struct span){plain, 3}), ERROR_RANGE);
	CU_ASSERT_EQUAL(scp03_decrypt(sealed, 80, &keys, 9, (struct span){plain, 15}), ERROR_CHECK);
	CU_ASSERT_EQUAL(scp03_decrypt(sealed, 80, &keys, 9, (struct span){plain, 0}), ERROR_CHECK);
	/* All zero plain text has no 80 in it. */
	block[15] = 9;
	CU_ASSERT_EQUAL(aes_block(iv, (struct span){keys.enc, 16}, block), OK);
	memset(plain, 0, sizeof(plain));
	CU_ASSERT_EQUAL(aes_cbc_encrypt(sealed, (struct span){keys.enc, 16}, iv, plain, 32), OK);
	CU_ASSERT_EQUAL(scp03_decrypt(plain, 64, &keys, 9, (struct span){sealed, 32}), ERROR_CHECK);
	/* Padding longer than a block is none of ours. */
	memset(plain, 0, sizeof(plain));
	plain[3] = 0x80;
	CU_ASSERT_EQUAL(aes_cbc_encrypt(sealed, (struct span){keys.enc, 16}, iv, plain, 32), OK);
	CU_ASSERT_EQUAL(scp03_decrypt(plain, 64, &keys, 9, (struct span){sealed, 32}), ERROR_CHECK);
}

static void test_sizes(void)
{
	struct scp03_session_keys keys;
	uint8_t key[32] = {1}, challenge[16] = {2}, out[16], sequence[3] = {0};
	struct span k16 = {key, 16}, k32 = {key, 32}, k8 = {key, 8};

	CU_ASSERT_EQUAL(scp03_session_keys(&keys, k16, k32, challenge, challenge, 8), ERROR_VALUE);
	CU_ASSERT_EQUAL(scp03_session_keys(&keys, k8, k8, challenge, challenge, 8), ERROR_VALUE);
	CU_ASSERT_EQUAL(scp03_session_keys(&keys, k16, k16, challenge, challenge, 12), ERROR_VALUE);
	CU_ASSERT_EQUAL(scp03_card_challenge(out, k16, sequence, k8, 12), ERROR_RANGE);
}

/* S16: the derivation's L and context are those of 16-byte values, so nothing
 * of it is the beginning or the end of what S8 gives. */
static void test_s16(void)
{
	static const uint8_t before[15] = {[11] = 0x01, [13] = 0x00, [14] = 0x80};
	struct scp03_session_keys keys, short_keys;
	uint8_t key[16] = {1}, host[16], card[16], context[32], out[16], want[16], short_out[8];
	struct span k = {key, 16};

	for (uint8_t i = 0; i < 16; i++) {
		host[i] = context[i] = i;
		card[i] = context[16 + i] = (uint8_t)(0x80 + i);
	}
	CU_ASSERT_EQUAL(scp03_session_keys(&keys, k, k, host, card, 16), OK);
	CU_ASSERT_EQUAL(scp03_session_keys(&short_keys, k, k, host, card, 8), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(keys.mac, short_keys.mac, 16), 0);
	CU_ASSERT_EQUAL(scp03_cryptogram(out, &keys, SCP03_FOR_HOST_CRYPTOGRAM, host, card), OK);
	CU_ASSERT_EQUAL(kbkdf_cmac(want, 16, (struct span){keys.mac, 16}, (struct span){before, 15}, 1,
				   (struct span){context, 32}),
			OK);
	ASSERT_BYTES(out, want, 16);
	CU_ASSERT_EQUAL(scp03_card_challenge(out, k, host, k, 16), OK);
	CU_ASSERT_EQUAL(scp03_card_challenge(short_out, k, host, k, 8), OK);
	CU_ASSERT_NOT_EQUAL(memcmp(out, short_out, 8), 0);
}

UNIT_SUITE("scp03_keys", UNIT(test_captures), UNIT(test_padding), UNIT(test_sizes), UNIT(test_s16))
