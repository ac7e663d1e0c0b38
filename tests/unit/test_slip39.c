/* PROVES: host/lib/slip39.h: the 45 published sets of mnemonics, and what it says of a wrong one. */
#include "lib/slip39.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "lib/hex.h"
#include "lib/slip39_words.h"
#include "unit/unit.h"
#include "vectors/vectors.h"

static void draw(void *at, size_t length)
{
	CU_ASSERT_EQUAL_FATAL(getrandom(at, length, 0), (ssize_t)length);
}

/* A share as another program would have written it. */
static void must_decode(struct slip39_share *share, const char *text)
{
	struct fault fault = {0};

	if (slip39_decode(share, text, &fault) < 0)
		printf("%s\n", fault.text);
	CU_ASSERT_EQUAL_FATAL(fault.code, FAULT_NONE);
}

/* All mnemonics of a vector, to the secret; -1 as soon as something is refused. */
static int restore(uint8_t *secret, size_t *length, const struct vectors *v, struct fault *fault)
{
	struct slip39_share shares[16];
	uint8_t ems[SHARE_LENGTH];
	char name[24];
	unsigned count = 0;

	for (;;) {
		(void)snprintf(name, sizeof(name), "mnemonic_%u", count + 1);
		if (!vectors_has(v, name))
			break;
		if (slip39_decode(&shares[count++], vectors_text(v, name), fault) < 0)
			return -1;
	}
	CU_ASSERT_FATAL(count > 0);
	*length = shares[0].set.length;
	if (slip39_combine(ems, shares, count, fault) < 0)
		return -1;
	return slip39_decrypt(secret, ems, &shares[0].set, "TREZOR", fault);
}

/* What each refused set is refused for, by the number of its case. */
static const struct {
	unsigned number;
	const char *why;
} reasons[] = {
	{2, "checksum"},
	{3, "padding"},
	{5, "1 missing"},
	{6, "identifier"},
	{7, "exponent"},
	{8, "of another set: 1 of 2 groups"},
	{9, "of another set: 1 of 1"},
	{10, "asks for"},
	{11, "same one"},
	{12, "needs"},
	{13, "do not fit"},
	{14, "groups: 2 needed, 1 given"},
	{15, "1 missing"},
	{16, "1 missing"},
	{21, "checksum"},
	{22, "padding"},
	{24, "1 missing"},
	{25, "identifier"},
	{26, "exponent"},
	{27, "groups"},
	{28, "groups"},
	{29, "asks for"},
	{30, "same one"},
	{31, "needs"},
	{32, "do not fit"},
	{33, "groups: 2 needed, 1 given"},
	{34, "1 missing"},
	{35, "1 missing"},
	{39, "which no share has"},
	{40, "which no share has"},
};

/* PROVES: SLIP-0039 (all 45 cases of vectors.json, passphrase TREZOR) */
static void test_published(void)
{
	unsigned cases = 0, restored = 0, refused = 0;
	struct vectors v;

	vectors_open(&v, "slip39.txt");
	while (vectors_next(&v)) {
		const char *wanted = vectors_text(&v, "master_secret"), *why = NULL;
		unsigned number = ++cases;
		struct fault fault = {0};
		uint8_t secret[SHARE_LENGTH];
		char hex[2 * SHARE_LENGTH + 1];
		size_t length = 0;
		int result = restore(secret, &length, &v, &fault);

		for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
			if (reasons[i].number == number)
				why = reasons[i].why;
		if (strcmp(wanted, "(must fail)") == 0) {
			refused += result < 0;
			CU_ASSERT_EQUAL(result, -1);
			CU_ASSERT_PTR_NOT_NULL_FATAL(why);
			if (!strstr(fault.text, why))
				printf("case %u: \"%s\" does not say \"%s\"\n", number, fault.text, why);
			CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, why));
			continue;
		}
		if (result < 0)
			printf("case %u: %s\n", number, fault.text);
		CU_ASSERT_EQUAL_FATAL(result, 0);
		CU_ASSERT_PTR_NULL(why);
		hex_write(hex, secret, length);
		CU_ASSERT_STRING_EQUAL(hex, wanted);
		restored++;
	}
	printf("  %u cases: %u restored, %u refused\n", cases, restored, refused);
	CU_ASSERT_EQUAL(cases, 45);
	CU_ASSERT_EQUAL(restored + refused, 45);
}

/* Every published mnemonic that can be read is written again as it was. */
static void test_encode(void)
{
	unsigned written = 0;
	struct vectors v;

	vectors_open(&v, "slip39.txt");
	while (vectors_next(&v))
		for (unsigned i = 1; i <= 16; i++) {
			struct slip39_share share;
			char name[24], text[SLIP39_TEXT];

			(void)snprintf(name, sizeof(name), "mnemonic_%u", i);
			if (!vectors_has(&v, name) || slip39_decode(&share, vectors_text(&v, name), NULL) < 0)
				continue;
			CU_ASSERT_EQUAL(slip39_encode(text, &share, NULL), 0);
			CU_ASSERT_STRING_EQUAL(text, vectors_text(&v, name));
			written++;
		}
	CU_ASSERT_EQUAL(written, 77);
	printf("  %u mnemonics\n", written);
}

static void test_word_list(void)
{
	for (int i = 0; i < SLIP39_WORDS; i++) {
		size_t length = strnlen(slip39_words[i], SLIP39_LETTERS);

		CU_ASSERT_EQUAL(slip39_word(slip39_words[i], length), i);
		CU_ASSERT_EQUAL(slip39_word(slip39_words[i], length - 1), -1);
		if (i > 0)
			CU_ASSERT(strncmp(slip39_words[i - 1], slip39_words[i], 4) < 0);
	}
	CU_ASSERT_EQUAL(slip39_word("ACID", 4), 1);
	CU_ASSERT_EQUAL(slip39_word("", 0), -1);
	CU_ASSERT_EQUAL(slip39_word("academics", 9), -1);
	CU_ASSERT_EQUAL(slip39_word("aci\xE4", 4), -1);
	CU_ASSERT_EQUAL(slip39_word("ac\1d", 4), -1);
}

/* All lengths, both customisation strings, two levels: out and back. */
static void test_there_and_back(void)
{
	static const struct slip39_group groups[3] = {{1, 1}, {2, 3}, {3, 5}};

	for (unsigned length = SHARE_LEAST; length <= SHARE_LENGTH; length += 2) {
		struct slip39_set set = {.id = (uint16_t)(0x7FFF - length),
					 .extendable = length % 4 == 0,
					 .exponent = 0,
					 .group_threshold = 2,
					 .group_count = 3,
					 .length = (uint8_t)length};
		struct slip39_share shares[9], given[5];
		uint8_t secret[SHARE_LENGTH], ems[SHARE_LENGTH], random[8 * SHARE_LENGTH], got[SHARE_LENGTH];

		draw(secret, sizeof(secret));
		draw(random, sizeof(random));
		secret[0] = 0;
		CU_ASSERT_EQUAL_FATAL(slip39_encrypt(ems, secret, &set, "", NULL), 0);
		CU_ASSERT_EQUAL_FATAL(slip39_split(shares, &set, groups, ems, random, NULL), 0);
		for (unsigned i = 0; i < 9; i++) {
			char text[SLIP39_TEXT];
			struct slip39_share read;
			unsigned words = 1;

			CU_ASSERT_EQUAL_FATAL(slip39_encode(text, &shares[i], NULL), 0);
			for (const char *p = text; *p; p++)
				words += *p == ' ';
			CU_ASSERT_EQUAL(words, slip39_word_count(length));
			must_decode(&read, text);
			ASSERT_BYTES(read.share.value, shares[i].share.value, length);
			CU_ASSERT_EQUAL(read.group, shares[i].group);
			CU_ASSERT_EQUAL(read.set.length, length);
			shares[i] = read;
		}
		given[0] = shares[8]; /* group 3: shares 5, 1, 3 */
		given[1] = shares[4];
		given[2] = shares[0]; /* group 1 */
		given[3] = shares[6];
		CU_ASSERT_EQUAL(slip39_combine(got, given, 4, NULL), 0);
		ASSERT_BYTES(got, ems, length);
		CU_ASSERT_EQUAL(slip39_decrypt(got, got, &set, "", NULL), 0);
		ASSERT_BYTES(got, secret, length);
		CU_ASSERT_EQUAL(slip39_decrypt(got, ems, &set, "wrong", NULL), 0);
		CU_ASSERT(memcmp(got, secret, length) != 0);
	}
}

/* With the extendable flag a passphrase means the same for every identifier, without it not. */
static void test_extendable(void)
{
	struct slip39_set a = {7, true, 0, 1, 1, 32}, b = {8, true, 0, 1, 1, 32};
	uint8_t secret[32] = {1}, one[32], other[32];

	CU_ASSERT_EQUAL(slip39_encrypt(one, secret, &a, "x", NULL), 0);
	CU_ASSERT_EQUAL(slip39_encrypt(other, secret, &b, "x", NULL), 0);
	ASSERT_BYTES(one, other, 32);
	a.extendable = b.extendable = false;
	CU_ASSERT_EQUAL(slip39_encrypt(one, secret, &a, "x", NULL), 0);
	CU_ASSERT_EQUAL(slip39_encrypt(other, secret, &b, "x", NULL), 0);
	CU_ASSERT(memcmp(one, other, 32) != 0);
}

static const char published[] = "shadow pistol academic always adequate wildlife fancy gross oasis cylinder "
				"mustang wrist rescue view short owner flip making coding armed";

static void fault_is(const char *text, enum fault_code code, const char *says)
{
	struct slip39_share share;
	static const struct slip39_share none;
	struct fault fault = {0};

	CU_ASSERT_EQUAL(slip39_decode(&share, text, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, code);
	if (strcmp(fault.text, says) != 0)
		printf("\"%s\", not \"%s\"\n", fault.text, says);
	CU_ASSERT_STRING_EQUAL(fault.text, says);
	ASSERT_BYTES(&share, &none, sizeof(share));
}

static void test_faults_name_the_word(void)
{
	char text[SLIP39_TEXT + 64], many[34 * 9 + 1] = "";
	struct slip39_share share;

	must_decode(&share, "  SHADOW pistol\tacademic always adequate wildlife fancy gross oasis cylinder\n"
			    "mustang wrist rescue view short owner flip making coding armed\r\n");
	(void)snprintf(text, sizeof(text), "%s", published);
	memcpy(text, "shodow", 6);
	fault_is(text, FAULT_INPUT, "word 1 is not in the list of SLIP-0039");
	memcpy(strstr(text, "armed"), "arms!", 5);
	memcpy(strstr(text, "gross"), "grass", 5);
	fault_is(text, FAULT_INPUT, "words 1, 8, 20 are not in the list of SLIP-0039");
	for (int i = 0; i < 34; i++)
		strcat(many, "academic ");
	fault_is(many, FAULT_INPUT, "it has more than 33 words");
	fault_is("", FAULT_INPUT, "it has 0 words, which no share has");
	fault_is("shadow pistol academic", FAULT_INPUT, "it has 3 words, which no share has");
}

/* Every single wrong word of the list, at every place, and every swap of two neighbours. */
static void test_checksum(void)
{
	unsigned accepted = 0, tried = 0;
	const char *word[20];
	char buffer[sizeof(published)];

	memcpy(buffer, published, sizeof(buffer));
	word[0] = strtok(buffer, " ");
	for (unsigned i = 1; i < 20; i++)
		word[i] = strtok(NULL, " ");
	for (unsigned place = 0; place < 20; place++)
		for (unsigned other = 0; other < SLIP39_WORDS + 1; other++) {
			struct slip39_share share;
			char text[SLIP39_TEXT] = "";

			if (other < SLIP39_WORDS &&
			    slip39_word(word[place], strlen(word[place])) == (int)other)
				continue;
			if (other == SLIP39_WORDS &&
			    (place == 0 || strcmp(word[place - 1], word[place]) == 0))
				continue;
			for (unsigned i = 0; i < 20; i++) {
				unsigned from = other < SLIP39_WORDS ? i
						: i == place         ? i - 1
						: i == place - 1     ? i + 1
								     : i;
				size_t at = strlen(text);

				if (i == place && other < SLIP39_WORDS)
					(void)snprintf(text + at, sizeof(text) - at, "%.8s ",
						       slip39_words[other]);
				else
					(void)snprintf(text + at, sizeof(text) - at, "%s ", word[from]);
			}
			accepted += slip39_decode(&share, text, NULL) == 0;
			tried++;
		}
	CU_ASSERT_EQUAL(tried, 20 * 1023 + 19);
	CU_ASSERT_EQUAL(accepted, 0);
}

static void combine_fails(struct slip39_share *shares, unsigned count, enum fault_code code, const char *says)
{
	static const uint8_t zero[SHARE_LENGTH];
	struct fault fault = {0};
	uint8_t ems[SHARE_LENGTH] = {0};

	CU_ASSERT_EQUAL(slip39_combine(ems, shares, count, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, code);
	if (!strstr(fault.text, says))
		printf("\"%s\", not \"%s\"\n", fault.text, says);
	CU_ASSERT_PTR_NOT_NULL(strstr(fault.text, says));
	ASSERT_BYTES(ems, zero, sizeof(ems));
}

static void test_faults_name_the_share(void)
{
	static const struct slip39_group three_of_five = {3, 5}, one_of_two = {1, 2};
	struct slip39_set set = {1234, true, 0, 1, 1, 32};
	struct slip39_share s[6], t[5];
	uint8_t ems[32], random[4 * 32];
	struct fault fault = {0};

	draw(ems, sizeof(ems));
	draw(random, sizeof(random));
	CU_ASSERT_EQUAL_FATAL(slip39_split(s, &set, &three_of_five, ems, random, NULL), 0);
	memcpy(t, s, sizeof(t));
	combine_fails(s, 0, FAULT_POLICY, "no share is given");
	combine_fails(s, 1, FAULT_POLICY, "shares of group 1: 3 needed, 1 given, 2 missing");
	combine_fails(s, 4, FAULT_INPUT, "shares of group 1: 3 needed, 4 given");
	t[1] = t[0];
	combine_fails(t, 3, FAULT_INPUT, "shares 1 and 2 are the same one (group 1, share 1)");
	t[1] = s[1];
	t[0].set.id = 99;
	combine_fails(t, 3, FAULT_INPUT, "share 1 is of another set: identifier 99, the others' is 1234");
	t[0] = s[0];
	t[2].threshold = 2;
	combine_fails(t, 3, FAULT_INPUT, "shares 1 and 3 say that group 1 needs 3 shares, and 2");
	t[2] = s[2];
	t[2].share.value[31] ^= 1;
	combine_fails(t, 3, FAULT_INPUT, "the shares of group 1 do not fit together");
	CU_ASSERT_EQUAL(slip39_split(s, &set, &one_of_two, ems, random, &fault), -1);
	CU_ASSERT_EQUAL(fault.code, FAULT_USAGE);
	set.length = 31;
	CU_ASSERT_EQUAL(slip39_split(s, &set, &three_of_five, ems, random, NULL), -1);
	set.length = 32;
	set.group_threshold = 2;
	CU_ASSERT_EQUAL(slip39_split(s, &set, &three_of_five, ems, random, NULL), -1);
}

static void test_passphrase(void)
{
	char text[SLIP39_PASSPHRASE + 2];

	memset(text, '~', sizeof(text));
	text[SLIP39_PASSPHRASE + 1] = 0;
	CU_ASSERT_EQUAL(slip39_passphrase(text, NULL), -1);
	text[SLIP39_PASSPHRASE] = 0;
	CU_ASSERT_EQUAL(slip39_passphrase(text, NULL), 0);
	CU_ASSERT_EQUAL(slip39_passphrase("", NULL), 0);
	CU_ASSERT_EQUAL(slip39_passphrase("caf\xC3\xA9", NULL), -1);
	CU_ASSERT_EQUAL(slip39_passphrase("a\tb", NULL), -1);
}

UNIT_SUITE("slip39", UNIT(test_published), UNIT(test_encode), UNIT(test_word_list), UNIT(test_there_and_back),
	   UNIT(test_extendable), UNIT(test_faults_name_the_word), UNIT(test_checksum),
	   UNIT(test_faults_name_the_share), UNIT(test_passphrase))
