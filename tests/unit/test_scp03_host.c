/* PROVES: the host's SCP03 sends, byte for byte, what was captured between
 * another implementation and real cards, and reads their secured answers:
 * AES-128, -192 and -256 at levels 11, 03 and 33. */
#include "lib/scp03_host.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct scp03_key_set sets[3]; /* AES-128, -192, -256 */
static uint8_t plain[5][64], plain_answer[64];
static size_t plain_length[5], plain_answer_length;
static const char *const names[5][2] = {
	{"get_eid_cmd_plain", "get_eid_cmd"}, {"case_1_plain", "case_1_apdu"},
	{"case_2_plain", "case_2_apdu"},      {"case_3_plain", "case_3_apdu"},
	{"case_4_plain", "case_4_apdu"},
};

static void one_session(const struct vectors *v, const struct scp03_key_set *keys, uint8_t level)
{
	uint8_t init[64], answer[64], external[64], command[SCP03_COMMAND_MAX], want[64];
	struct scp03_channel channel, other;
	struct fault fault;
	size_t i, n, answer_length = vectors_any(v, "init_upd_rsp", answer, sizeof(answer));

	vectors_bytes(v, "init_upd_cmd", init, 14);
	CU_ASSERT_EQUAL(scp03_begin(&channel, command, keys, init + 5), 14);
	ASSERT_BYTES(command, init, 14);
	CU_ASSERT_EQUAL_FATAL(scp03_answer(&channel, command, answer, answer_length, level, &fault), 21);
	vectors_bytes(v, "ext_auth_cmd", external, 21);
	ASSERT_BYTES(command, external, 21);
	for (i = 0; i < 5; i++) {
		n = vectors_any(v, names[i][1], want, sizeof(want));
		CU_ASSERT_EQUAL_FATAL(scp03_wrap(&channel, command, plain[i], plain_length[i], &fault),
				      (int)n);
		ASSERT_BYTES(command, want, n);
		if (i != 0)
			continue;
		n = vectors_any(v, "get_eid_rsp", answer, sizeof(answer));
		other = channel;
		CU_ASSERT_EQUAL(scp03_undo(&channel, answer, n, SW_OK, &fault), (int)plain_answer_length);
		ASSERT_BYTES(answer, plain_answer, plain_answer_length);
		/* A changed answer, or another status word, is noticed. */
		n = vectors_any(v, "get_eid_rsp", answer, sizeof(answer));
		if (!(level & SCP03_R_MAC))
			continue;
		CU_ASSERT_EQUAL(scp03_undo(&other, answer, n, 0x6200, &fault), -1);
		answer[0] ^= 1;
		CU_ASSERT_EQUAL(scp03_undo(&other, answer, n, SW_OK, &fault), -1);
		CU_ASSERT_EQUAL(fault.code, FAULT_CARD);
		CU_ASSERT_EQUAL(scp03_undo(&other, answer, 7, SW_OK, &fault), -1);
	}
	scp03_end(&channel);
}

static void read_set(const struct vectors *v, int which)
{
	static const char *const fields[3][3] = {{"AES128_ENC", "AES128_MAC", "AES128_DEK"},
						 {"AES192_ENC", "AES192_MAC", "AES192_DEK"},
						 {"AES256_ENC", "AES256_MAC", "AES256_DEK"}};
	struct scp03_key_set *set = &sets[which];

	set->version = (uint8_t)(0x30 + which);
	set->length = (uint8_t)vectors_any(v, fields[which][0], set->enc, sizeof(set->enc));
	CU_ASSERT_EQUAL(vectors_any(v, fields[which][1], set->mac, sizeof(set->mac)), set->length);
	CU_ASSERT_EQUAL(vectors_any(v, fields[which][2], set->dek, sizeof(set->dek)), set->length);
}

static void test_captured_sessions(void)
{
	struct vectors v;
	int sessions = 0, which;
	size_t i;

	vectors_open(&v, "scp03_captures_pysim.txt");
	while (vectors_next(&v)) {
		const char *level = strstr(v.section, "level 0x"), *aes = strstr(v.section, "AES-");

		for (which = 0; which < 3 && vectors_has(&v, "AES128_ENC"); which++)
			read_set(&v, which);
		if (vectors_has(&v, names[0][0])) {
			for (i = 0; i < 5; i++)
				plain_length[i] = vectors_any(&v, names[i][0], plain[i], sizeof(plain[i]));
			plain_answer_length =
				vectors_any(&v, "get_eid_rsp_plain", plain_answer, sizeof(plain_answer));
		}
		if (level && aes) {
			one_session(&v, &sets[(atoi(aes + 4) - 128) / 64],
				    (uint8_t)strtoul(level + 8, NULL, 16));
			sessions++;
		}
	}
	CU_ASSERT_EQUAL(sessions, 9);
}

static void test_wrong_card_is_told(void)
{
	static const uint8_t challenge[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	uint8_t command[SCP03_ANSWER_MAX], answer[32] = {[10] = 0x30, [11] = 0x03, [12] = 0x10};
	struct scp03_channel channel;
	struct fault fault;

	scp03_begin(&channel, command, &scp03_test_keys, challenge);
	CU_ASSERT_EQUAL(scp03_answer(&channel, command, answer, sizeof(answer), 3, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_NO); /* its cryptogram is not one of these keys */
	answer[11] = 0x02;
	CU_ASSERT_EQUAL(scp03_answer(&channel, command, answer, sizeof(answer), 3, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_CARD); /* SCP02 */
	CU_ASSERT_EQUAL(scp03_answer(&channel, command, answer, 28, 3, &fault), -1);
	answer[11] = 0x03;
	answer[10] = 0x31;
	CU_ASSERT_EQUAL(scp03_answer(&channel, command, answer, sizeof(answer), 3, &fault), -1);
}

static void test_limits_of_a_command(void)
{
	static uint8_t command[5 + 255] = {0x80, 0xE2, 0, 0};
	uint8_t out[SCP03_COMMAND_MAX];
	struct scp03_channel channel;
	struct fault fault;

	memset(&channel, 0, sizeof(channel));
	channel.level = SCP03_C_MAC | SCP03_C_DEC;
	channel.session.length = 16;
	command[4] = SCP03_DATA_MAX;
	CU_ASSERT_EQUAL(scp03_wrap(&channel, out, command, 5 + SCP03_DATA_MAX, &fault), 5 + 240 + 8);
	command[4] = SCP03_DATA_MAX + 1;
	CU_ASSERT_EQUAL(scp03_wrap(&channel, out, command, 5 + SCP03_DATA_MAX + 1, &fault), -1);
	CU_ASSERT_EQUAL(scp03_wrap(&channel, out, command, 7, &fault), -1);
}

static int load_text(struct scp03_key_set *set, const char *text, mode_t mode, struct fault *fault)
{
	char path[] = "/tmp/simrite-keys.XXXXXX";
	int result, fd = mkstemp(path);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	(void)fchmod(fd, mode);
	close(fd);
	result = scp03_key_set_load(set, path, fault);
	(void)unlink(path);
	return result;
}

#define LONG "000102030405060708090a0b0c0d0e0f1011121314151617"

static void test_key_set_file(void)
{
	static const char good[] = "{\"version\":49, \"enc\":\"000102030405060708090a0b0c0d0e0f\","
				   "\"mac\":\"101112131415161718191A1B1C1D1E1F\","
				   "\"dek\":\"202122232425262728292a2b2c2d2e2f\"}";
	static const char s16[] = "{\"version\":49, \"s16\":true, \"enc\":\"" LONG "\", \"mac\":\"" LONG
				  "\", \"dek\":\"" LONG "\"}";
	static const char uneven[] = "{\"version\":49, \"enc\":\"" LONG "\", \"mac\":\"" LONG
				     "\", \"dek\":\"202122232425262728292a2b2c2d2e2f\"}";
	struct scp03_key_set set;
	struct fault fault;

	CU_ASSERT_EQUAL(load_text(&set, good, 0600, &fault), 0);
	CU_ASSERT_EQUAL(set.version, 0x31);
	CU_ASSERT_EQUAL(set.mac[15], 0x1F);
	CU_ASSERT_EQUAL(set.length, 16);
	CU_ASSERT_EQUAL(set.mode, SCP03_S8);
	CU_ASSERT_EQUAL(load_text(&set, s16, 0600, &fault), 0);
	CU_ASSERT_EQUAL(set.length, 24);
	CU_ASSERT_EQUAL(set.mode, SCP03_S16);
	CU_ASSERT_EQUAL(set.dek[23], 0x17);
	CU_ASSERT_EQUAL(load_text(&set, uneven, 0600, &fault), -1);
	CU_ASSERT_EQUAL(load_text(&set, good, 0644, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_POLICY);
	CU_ASSERT_EQUAL(load_text(&set, "{\"version\":49}", 0600, &fault), -1);
	CU_ASSERT_EQUAL(load_text(&set, "", 0600, &fault), -1);
	CU_ASSERT_EQUAL(load_text(&set, "[]", 0600, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_INPUT);
}

UNIT_SUITE("scp03_host", UNIT(test_captured_sessions), UNIT(test_wrong_card_is_told),
	   UNIT(test_limits_of_a_command), UNIT(test_key_set_file))
