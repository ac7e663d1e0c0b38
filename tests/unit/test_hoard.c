/* PROVES: the right key opens its subscriber's sessions and answers the challenge; any other, nothing. */
#include "theft/hoard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auth/milenage.h"
#include "radio/nas.h"
#include "unit/unit.h"

enum {
	SUBSCRIBERS = 5,
	SESSIONS = 3, /* of each */
};

static const uint8_t opc[16] = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
				0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf};
static char folder[] = "/tmp/simrite-hoard-XXXXXX";
static uint8_t kasme[32]; /* of the last session made */

static void key_of(uint8_t k[static 16], unsigned subscriber)
{
	memset(k, (int)(0x40 + subscriber), 16);
}

static void imsi_of(uint8_t imsi[static HEARD_IMSI], unsigned subscriber)
{
	char digits[24];

	(void)snprintf(digits, sizeof(digits), "99970%010u", 7 * subscriber + 1);
	heard_imsi(imsi, digits);
}

static void make_vector(struct aka_vector *vector, unsigned subscriber, unsigned session)
{
	const uint8_t rand[16] = {(uint8_t)subscriber, (uint8_t)session}, amf[2] = {0x80, 0};
	const uint8_t sqn[6] = {0, 0, 0, 0, 1, (uint8_t)(0x20 * session)};
	uint8_t k[16];

	key_of(k, subscriber);
	CU_ASSERT_EQUAL_FATAL(milenage_vector(vector, k, opc, rand, sqn, amf), OK);
}

static void record(struct heard *heard, unsigned subscriber, unsigned session)
{
	static const uint8_t sn[3] = {0x99, 0xF9, 0x07};
	struct aka_vector vector;
	uint8_t message[NAS_MAX];
	struct lte_keys keys;
	int n;

	make_vector(&vector, subscriber, session);
	CU_ASSERT_EQUAL_FATAL(lte_keys_derive(&keys, vector.ck, vector.ik, sn, vector.autn, 0), OK);
	n = nas_protect(message, nas_security_mode_command(message), NAS_INTEGRITY_NEW, &keys, 0, DOWNLINK);
	CU_ASSERT_FATAL(n > 0 && n <= HEARD_COMMAND);
	memset(heard, 0, sizeof(*heard));
	imsi_of(heard->imsi, subscriber);
	memcpy(heard->rand, vector.rand, 16);
	memcpy(heard->autn, vector.autn, 16);
	heard->command_length = (uint8_t)n;
	memcpy(heard->command, message, (size_t)n);
	memset(heard->data, (int)(16 * subscriber + session), HEARD_DATA);
	CU_ASSERT_EQUAL(eea2(heard->data, HEARD_DATA, keys.kup_enc, 0, HEARD_BEARER, UPLINK), OK);
	memcpy(kasme, keys.kasme, sizeof(kasme));
}

static FILE *file_of(const char *name, const char *mode)
{
	char path[64];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, mode);
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	return file;
}

/* Subscribers in no order, so that the thief has to find them. */
static void begin(struct hoard *hoard)
{
	FILE *sessions = file_of("heard.bin", "w"), *challenges = file_of("challenges.bin", "w");
	struct heard_challenge challenge;
	struct aka_vector vector;
	struct heard heard;
	struct fault fault;

	for (unsigned s = 0; s < SESSIONS; s++)
		for (unsigned i = 0; i < SUBSCRIBERS; i++) {
			record(&heard, (3 * i + s) % SUBSCRIBERS, s);
			CU_ASSERT_EQUAL(fwrite(&heard, sizeof(heard), 1, sessions), 1);
		}
	for (unsigned i = SUBSCRIBERS; i-- > 0;) {
		make_vector(&vector, i, SESSIONS);
		imsi_of(challenge.imsi, i);
		memcpy(challenge.rand, vector.rand, 16);
		memcpy(challenge.autn, vector.autn, 16);
		CU_ASSERT_EQUAL(fwrite(&challenge, sizeof(challenge), 1, challenges), 1);
	}
	CU_ASSERT_EQUAL(fclose(sessions), 0);
	CU_ASSERT_EQUAL(fclose(challenges), 0);
	CU_ASSERT_EQUAL_FATAL(hoard_begin(hoard, folder, folder, &fault), 0);
}

static void end(struct hoard *hoard)
{
	struct fault fault;

	CU_ASSERT_EQUAL(hoard_end(hoard, &fault), 0);
}

static void test_key(void)
{
	struct hoard hoard;
	struct opened opened;
	struct answered answered;
	struct aka_vector vector;
	uint8_t imsi[HEARD_IMSI], k[16], want[HEARD_DATA];
	FILE *file;
	unsigned n = 0;

	begin(&hoard);
	imsi_of(imsi, 2);
	key_of(k, 2);
	CU_ASSERT(hoard_key(&hoard, imsi, k, opc));
	CU_ASSERT(!hoard_key(&hoard, imsi, k, opc)); /* nothing is opened twice */
	CU_ASSERT_EQUAL(hoard.opened_count, SESSIONS);
	CU_ASSERT_EQUAL(hoard.answered_count, 1);
	end(&hoard);
	file = file_of("opened.bin", "r");
	while (fread(&opened, sizeof(opened), 1, file) == 1) {
		uint32_t place = heard_number(opened.session);
		unsigned session = place / SUBSCRIBERS;

		CU_ASSERT_EQUAL((3 * (place % SUBSCRIBERS) + session) % SUBSCRIBERS, 2);
		memset(want, (int)(32 + session), sizeof(want));
		ASSERT_BYTES(opened.data, want, sizeof(want));
		n++;
	}
	CU_ASSERT_EQUAL(n, SESSIONS);
	(void)fclose(file);
	file = file_of("answers.bin", "r");
	CU_ASSERT_EQUAL(fread(&answered, sizeof(answered), 1, file), 1);
	CU_ASSERT_EQUAL(heard_number(answered.challenge), SUBSCRIBERS - 1 - 2);
	make_vector(&vector, 2, SESSIONS);
	ASSERT_BYTES(answered.res, vector.res, 8);
	(void)fclose(file);
}

/* Each bit of K or OPc wrong; another subscriber's key; nobody's IMSI. */
static void test_wrong(void)
{
	struct hoard hoard;
	uint8_t imsi[HEARD_IMSI], k[16], other[16];
	unsigned bit;

	begin(&hoard);
	imsi_of(imsi, 1);
	for (bit = 0; bit < 128; bit++) {
		key_of(k, 1);
		k[bit / 8] ^= (uint8_t)(1U << bit % 8);
		CU_ASSERT(!hoard_key(&hoard, imsi, k, opc));
		key_of(k, 1);
		memcpy(other, opc, 16);
		other[bit / 8] ^= (uint8_t)(1U << bit % 8);
		CU_ASSERT(!hoard_key(&hoard, imsi, k, other));
	}
	key_of(k, 0);
	CU_ASSERT(!hoard_key(&hoard, imsi, k, opc));
	heard_imsi(imsi, "999709999999999");
	CU_ASSERT(!hoard_key(&hoard, imsi, k, opc));
	CU_ASSERT_EQUAL(hoard.opened_count + hoard.answered_count, 0);
	end(&hoard);
}

/* KASME opens the one session it is of, and answers nothing. */
static void test_kasme(void)
{
	struct aka_vector vector;
	struct hoard hoard;
	struct heard heard;
	uint8_t imsi[HEARD_IMSI], right[32];

	begin(&hoard);
	record(&heard, 3, 1);
	memcpy(right, kasme, sizeof(right));
	imsi_of(imsi, 3);
	make_vector(&vector, 3, 2);
	CU_ASSERT(!hoard_kasme(&hoard, imsi, vector.rand, right));
	make_vector(&vector, 3, 1);
	right[31] ^= 1;
	CU_ASSERT(!hoard_kasme(&hoard, imsi, vector.rand, right));
	right[31] ^= 1;
	CU_ASSERT(hoard_kasme(&hoard, imsi, vector.rand, right));
	CU_ASSERT_EQUAL(hoard.opened_count, 1);
	CU_ASSERT_EQUAL(hoard.answered_count, 0);
	end(&hoard);
}

/* Digits and back; a file of half a record is refused, an absent one is empty. */
static void test_files(void)
{
	uint8_t imsi[HEARD_IMSI];
	char digits[16];
	struct heard_file file;
	struct fault fault;
	FILE *cut;

	heard_imsi(imsi, "001019876543210");
	heard_digits(digits, imsi);
	CU_ASSERT_STRING_EQUAL(digits, "001019876543210");
	cut = file_of("cut.bin", "w");
	fputs("half a record", cut);
	(void)fclose(cut);
	CU_ASSERT_EQUAL(heard_map(&file, folder, "cut.bin", sizeof(struct heard), &fault), -1);
	CU_ASSERT_EQUAL(heard_map(&file, folder, "absent.bin", sizeof(struct heard), &fault), 0);
	CU_ASSERT_EQUAL(file.count, 0);
}

static void in_folder(void (*test)(void))
{
	static const char *const names[] = {"heard.bin", "challenges.bin", "opened.bin", "answers.bin",
					    "cut.bin"};
	char path[64];

	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	test();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		(void)unlink(path);
	}
	CU_ASSERT_EQUAL(rmdir(folder), 0);
}

static void test_all(void)
{
	in_folder(test_key);
	in_folder(test_wrong);
	in_folder(test_kasme);
	in_folder(test_files);
}

UNIT_SUITE("hoard", UNIT(test_all))
