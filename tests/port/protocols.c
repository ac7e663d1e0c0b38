/* protocols - what takes keys and a dialogue, on a card at the end of a line: SCP80, SCP02, GBA, identity,
 * tickets.
 *
 *     protocols DEVICE CLAIMS
 *
 * DEVICE as backend.h names it: unix:PATH, tty:PATH; a blank card. What the
 * card derived and signed is written to the file CLAIMS, a line each, for protocols.py. */
#include <mbedtls/md.h>

#include "auth/milenage.h"
#include "gp/scp02_keys.h"
#include "keys/build.h"
#include "powerloss/steps.h"
#include "unit/ota.h"
#include "unit/tickets.h"
#include "unit/whole_card.h"
#include "vectors/vectors.h"

static struct play p; /* one card all along */
static FILE *claims;

/* In hex; `after` it, when that is not 0. */
static void claim(const uint8_t *bytes, size_t length, char after)
{
	for (size_t i = 0; i < length; i++)
		fprintf(claims, "%02x", bytes[i]);
	if (after)
		fputc(after, claims);
}

/* PROVES: TS 102 225 5.1, 5.2, TS 31.111 7.1.1: a packet another program made, for each cipher */
static void test_scp80(void)
{
	uint8_t user[200] = {0x02, 0x70, 0x00};
	struct vectors v;
	char hex[600];
	int packets = 0;

	vectors_open(&v, "ota_ts102225_pysim.txt");
	while (vectors_next(&v)) {
		int aes = strstr(v.section, "AES") != NULL;
		const char *name = aes ? "cmd_ciphered_cc" : "spi_1506_cmd_ciphered_cc";
		struct ota o = {.index = aes ? 2 : 3, .aes = (uint8_t)aes, .length = 16};
		size_t n;

		if (!vectors_has(&v, name))
			continue;
		packets++;
		vectors_bytes(&v, "kic", o.kic, 16);
		vectors_bytes(&v, "kid", o.kid, 16);
		CU_ASSERT_EQUAL_FATAL(ota_put_keys(&p, &o), SW_OK);
		CU_ASSERT_EQUAL_FATAL(ota_level(&p, &o, 0), SW_OK);
		play_restart(&p);
		n = 3 + vectors_any(&v, name, user + 3, sizeof(user) - 3);
		memcpy(o.spi, user + 6, 2);
		memcpy(o.tar, user + 10, 3);
		user[n - 1] ^= 1; /* first with one wrong bit: no key answers */
		ota_envelope(hex, user, n);
		PLAY(&p, hex, 0x6200);
		user[n - 1] ^= 1;
		ota_envelope(hex, user, n);
		PLAY(&p, hex, SW_OK);
		ota_open(&o, p.response, p.length, 0);
		CU_ASSERT_EQUAL(o.status, 0);
		CU_ASSERT_EQUAL_FATAL(o.answered, 3);
		ASSERT_BYTES(o.answer, "\x01\x61\x2B", 3);
	}
	CU_ASSERT_EQUAL(packets, 2);
}

/* A command in SCP02 at level 03: enciphered, and with its MAC. */
static uint16_t scp02_send(const struct scp02_session_keys *keys, uint8_t chaining[8], const char *hex,
			   uint8_t spoil)
{
	uint8_t command[100], mac[8];
	size_t length = play_unhex(command, sizeof(command), hex);
	struct span data = {command + 5, length - 5};
	int n;

	command[0] |= 0x04;
	command[4] = (uint8_t)(data.length + 8);
	CU_ASSERT_EQUAL_FATAL(scp02_command_mac(mac, chaining, keys, command, data), OK);
	n = scp02_encrypt(command + 5, sizeof(command) - 13, keys, data);
	CU_ASSERT_FATAL(n > 0);
	memcpy(command + 5 + n, mac, 8);
	command[5 + n] ^= spoil;
	command[4] = (uint8_t)(n + 8);
	return play_apdu(&p, command, 13 + (size_t)n);
}

/* PROVES: GPC E.4.1, E.4.2, E.4.4, E.4.6: a session with keys put over SCP03, and a command in it */
static void test_scp02(void)
{
	static const uint8_t mine[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	struct ota set = {.index = 0x20, .length = 16};
	struct scp02_session_keys keys;
	uint8_t cryptogram[8], chaining[8] = {0}, command[21] = {0x84, 0x82, 0x03, 0x00, 16};

	for (uint8_t i = 0; i < 16; i++) {
		set.kic[i] = 0x10 + i;
		set.kid[i] = 0x50 + i;
	}
	CU_ASSERT_EQUAL_FATAL(ota_put_keys(&p, &set), SW_OK);
	play_restart(&p);
	PLAY(&p, "00A40400 08 A000000151000000", SW_OK);
	PLAY(&p, "80502000 08 0102030405060708", SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, 28);
	CU_ASSERT_EQUAL(p.response[11], 0x02);
	CU_ASSERT_EQUAL(scp02_session_keys(&keys, set.kic, set.kid, set.kic, p.response + 12), OK);
	CU_ASSERT_EQUAL(scp02_card_cryptogram(cryptogram, &keys, mine, p.response + 12), OK);
	ASSERT_BYTES(p.response + 20, cryptogram, 8);
	CU_ASSERT_EQUAL(scp02_host_cryptogram(command + 5, &keys, mine, p.response + 12), OK);
	CU_ASSERT_EQUAL(
		scp02_command_mac(command + 13, chaining, &keys, command, (struct span){command + 5, 8}), OK);
	CU_ASSERT_EQUAL_FATAL(play_apdu(&p, command, sizeof(command)), SW_OK);
	/* What a session is needed for; and with one wrong bit in its MAC. */
	CU_ASSERT_EQUAL(
		scp02_send(&keys, chaining, "80E28800 12 0F010F 01 2FE2 00 00 98881211000000000110", 0),
		SW_OK);
	CU_ASSERT_EQUAL(scp02_send(&keys, chaining, "80F28002 02 4F00", 0), SW_OK);
	CU_ASSERT_FATAL(p.length > 12);
	ASSERT_BYTES(p.response + 2, "\x4F\x08\xA0\x00\x00\x01\x51", 7);
	CU_ASSERT_EQUAL(scp02_send(&keys, chaining, "80F28002 02 4F00", 1), SW_SECURE_DATA_INCORRECT);
	play_restart(&p);
	PLAY(&p, "00A4000C 02 2FE2", SW_OK);
	PLAY_DATA(&p, "00B000000A", "98881211000000000110");
}

/* PROVES: TS 31.102 7.1.1 (GBA), TS 33.220 5.3.2, B.3: the claim is CK || IK, RAND, NAF_Id, IMPI, Ks_ext_NAF
 */
static void test_gba(void)
{
	static const uint8_t sqn[6] = {0, 0, 0, 0, 1, 0x01}, amf[2] = {0x80, 0x00};
	static const char naf[] = "xcap.example.org\x01\x00\x01\x00\x0a",
			  impi[] = "001010000000001@ims.example.org";
	uint8_t k[16], opc[16], rand16[16], digest[20], command[100] = {0x00, 0x88, 0x00, 0x84, 35, 0xDD, 16};
	size_t n = sizeof(naf) - 1, m = sizeof(impi) - 1;
	struct aka_vector v;

	memset(rand16, 0xC5, sizeof(rand16));
	(void)play_unhex(k, 16, "465b5ce8b199b49faa5f0a2ee238a6bc"); /* TS 35.208 test set 1 */
	(void)play_unhex(opc, 16, "cd63cb71954a9f4e48a5994e37a02baf");
	CU_ASSERT_EQUAL_FATAL(play_load_key(&p, k, opc), SW_OK);
	play_restart(&p);
	PLAY(&p, "00A40404 07 A0000000871002", SW_OK);
	CU_ASSERT_EQUAL(milenage_vector(&v, k, opc, rand16, sqn, amf), OK);
	memcpy(command + 7, rand16, 16);
	command[23] = 16;
	memcpy(command + 24, v.autn, 16);
	CU_ASSERT_EQUAL(play_apdu(&p, command, 40), 0x9862); /* as it is for other contexts */
	/* MAC* = MAC xor Trunc(SHA-1(IK)) */
	CU_ASSERT_EQUAL(mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA1), v.ik, 16, digest), 0);
	for (int i = 0; i < 8; i++)
		command[32 + i] ^= digest[i];
	CU_ASSERT_EQUAL(play_apdu(&p, command, 40), SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, 10);
	ASSERT_BYTES(p.response, "\xDB\x08", 2);
	ASSERT_BYTES(p.response + 2, v.res, 8);

	memcpy(command + 4, (const uint8_t[]){(uint8_t)(3 + n + m), 0xDE, (uint8_t)n}, 3);
	memcpy(command + 7, naf, n);
	command[7 + n] = (uint8_t)m;
	memcpy(command + 8 + n, impi, m);
	CU_ASSERT_EQUAL(play_apdu(&p, command, 8 + n + m), SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, 34);
	fputs("gba ", claims);
	claim(v.ck, 16, 0);
	claim(v.ik, 16, ' ');
	claim(rand16, 16, ' ');
	claim((const uint8_t *)naf, n, ' ');
	claim((const uint8_t *)impi, m, ' ');
	claim(p.response + 2, 32, '\n');
}

/* PROVES: keys/identity.h: the card makes its key pair; the claim is public key, what is signed, signature */
static void test_identity(void)
{
	uint8_t message[16 + 16 + 10] = "simrite proof 01";

	CU_ASSERT_EQUAL_FATAL(play_secure(&p), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 12 0F010F 01 2FE2 00 00 98881211000000000110"), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28800 03 0F0600"), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80CADF2200"), SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, 3 + 65);
	fputs("identity ", claims);
	claim(p.response + 3, 65, ' ');
	(void)play_unhex(message + 16, 26, "000102030405060708090A0B0C0D0E0F 98881211000000000110");
	CU_ASSERT_EQUAL(play_wrapped(&p, "80E28900 13 0F0710 000102030405060708090A0B0C0D0E0F"), SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, 64);
	claim(message, sizeof(message), ' ');
	claim(p.response, 64, '\n');
}

static uint16_t store_data(const uint8_t *groupings, size_t length)
{
	char hex[600] = "80E28900";

	(void)snprintf(hex + 8, 3, "%02X", (unsigned)length);
	step_append(hex, groupings, length);
	return play_wrapped(&p, hex);
}

/* PROVES: keys/authority.h: one load under a ticket by each method; the claim is identity, receipt, signature
 */
static void test_tickets(void)
{
	static const uint8_t iccid[TICKET_ICCID] = {0x98, 0x88, 0x12, 0x11, 0, 0, 0, 0, 0x01, 0x10};
	uint8_t groupings[COMMAND_MAX], bytes[TICKET_AGREED], agree[1 + P256_COMPRESSED], identity[65];
	uint8_t key[49];
	size_t n, m;

	play_restart(&p);
	CU_ASSERT_EQUAL_FATAL(play_secure(&p), SW_OK);
	CU_ASSERT_EQUAL(play_wrapped(&p, "80CADF2600"), SW_OK);
	CU_ASSERT_EQUAL_FATAL(p.length, 3 + 32);
	ASSERT_BYTES(p.response + 3, build_digest, 32); /* the same sources on both machines */
	CU_ASSERT_EQUAL(play_wrapped(&p, "80CADF2200"), SW_OK);
	memcpy(identity, p.response + 3, sizeof(identity));
	tickets_key(bytes, tickets_ceremony);
	CU_ASSERT_EQUAL(store_data(groupings, tickets_group(groupings, 0, 0x0F09, bytes, P256_COMPRESSED)),
			SW_OK);
	tickets_key(agree + 1, tickets_operator);
	for (uint8_t method = SLOT_INJECTED; method <= SLOT_AGREED; method++) {
		struct ticket t = tickets_for(iccid, method, method);

		t.slot = agree[0] = method;
		n = tickets_group(groupings, 0, 0x0F0B, bytes, tickets_make(bytes, &t));
		if (method == SLOT_AGREED) {
			m = tickets_group(groupings, n, 0x0F08, agree, sizeof(agree));
		} else {
			m = whole_key_grouping(key, scp03_test_keys.dek, method, method, identity,
					       identity + 16);
			memcpy(groupings + n, key, m);
			m += n;
		}
		CU_ASSERT_EQUAL(store_data(groupings + n, m - n), SW_SECURITY_NOT_SATISFIED);
		groupings[n - 1] ^= 1;
		CU_ASSERT_EQUAL(store_data(groupings, m), SW_SECURE_DATA_INCORRECT);
		groupings[n - 1] ^= 1;
		CU_ASSERT_EQUAL(store_data(groupings, m), SW_OK);
		CU_ASSERT_EQUAL_FATAL(p.length, method == SLOT_AGREED ? 234 : 201);
		fputs("identity ", claims);
		claim(identity, sizeof(identity), ' ');
		claim(p.response, p.length - 64, ' ');
		claim(p.response + p.length - 64, 64, '\n');
		CU_ASSERT_EQUAL(store_data(groupings, m), SW_CONDITIONS_NOT_SATISFIED);
	}
}

int main(int argc, char **argv)
{
	static const struct unit_test tests[] = {UNIT(test_scp80), UNIT(test_scp02), UNIT(test_gba),
						 UNIT(test_identity), UNIT(test_tickets)};
	void *slot;
	int failed;

	if (argc != 3 || !(claims = fopen(argv[2], "w")) || backend_t0.open(&slot, argv[1]) < 0)
		return 2;
	play_at(&p, &backend_t0, slot);
	failed = unit_run("protocols", tests, sizeof(tests) / sizeof(tests[0]));
	backend_t0.close(slot);
	return fclose(claims) != 0 || failed;
}
