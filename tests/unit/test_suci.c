/* Published numbers, and what must be refused. */
#include "auth/suci.h"

#include <sys/random.h>

#include "unit/suci_home.h"
#include "vectors/vectors.h"

static int kernel(void *context, void *out, size_t length)
{
	return home_random(context, out, length);
}

static const struct p256_random entropy = {kernel, NULL};

static void open_section(struct vectors *v, const char *start)
{
	vectors_open(v, "suci_ts33501_annexC4.txt");
	while (vectors_next(v))
		if (strncmp(v->section, start, strlen(start)) == 0)
			return;
	CU_FAIL_FATAL("no such section");
}

static void close_sections(struct vectors *v)
{
	while (vectors_next(v))
		;
}

/* PROVES: TS 33.501 C.3.2, C.3.4: by the numbers of C.4.3 and C.4.4. */
static void test_published(void)
{
	static const char *const sections[] = {"profile A", "profile B", "profile B"};
	static const char *const names[] = {"hn_pub", "hn_pub_compressed", "hn_pub_uncompressed"};
	uint8_t public_key[65], private_key[32], ephemeral[32], msin[5], want[60], got[SUCI_OUTPUT_MAX],
		plain[16];
	struct suci_key key;
	struct vectors v;

	for (size_t i = 0; i < 3; i++) {
		size_t length;

		open_section(&v, sections[i]);
		key.scheme = i == 0 ? SUCI_PROFILE_A : SUCI_PROFILE_B;
		key.public_key.length = vectors_any(&v, names[i], public_key, sizeof(public_key));
		key.public_key.at = public_key;
		vectors_bytes(&v, "eph_priv", ephemeral, 32);
		vectors_bytes(&v, "plaintext", msin, 5);
		vectors_bytes(&v, "hn_priv", private_key, 32);
		length = vectors_any(&v, "scheme_output", want, sizeof(want));
		CU_ASSERT_EQUAL(suci_length(&key, 5), length);
		CU_ASSERT_EQUAL(suci_output(got, &key, (struct span){msin, 5}, ephemeral, &entropy), OK);
		ASSERT_BYTES(got, want, length);
		CU_ASSERT_EQUAL(home_reveal(plain, key.scheme, private_key, want, length), 5);
		ASSERT_BYTES(plain, msin, 5);
		want[length - 1] ^= 1;
		CU_ASSERT_EQUAL(home_reveal(plain, key.scheme, private_key, want, length), -1);
		close_sections(&v);
	}
}

/* The scheme output in "suci-0-001-01-0-2-2-03a7... -> ...". */
static size_t output_of(const struct vectors *v, const char *name, uint8_t *out, size_t size)
{
	const char *text = vectors_text(v, name);
	size_t n = 0;
	unsigned byte;

	for (int dashes = 0; *text && dashes < 7; text++)
		dashes += *text == '-';
	while (n < size && sscanf(text, "%2x", &byte) == 1 && text[0] != ' ') {
		out[n++] = (uint8_t)byte;
		text += 2;
	}
	return n;
}

/* What others made is understood; a point that is not on the curve is refused
 * by both sides. */
static void test_interoperation(void)
{
	static const uint8_t want[5] = {0x10, 0x32, 0x54, 0x76, 0x98}; /* MSIN 0123456789 */
	uint8_t private_key[32], output[100], msin[16], ephemeral[32] = {1}, got[SUCI_OUTPUT_MAX],
							zero[60] = {0};
	struct vectors v;
	struct suci_key key = {.scheme = SUCI_PROFILE_B, .public_key = {output, 65}};
	size_t length;

	open_section(&v, "profile B");
	vectors_bytes(&v, "hn_priv", private_key, 32);
	close_sections(&v);
	open_section(&v, "negative");
	length = output_of(&v, "suci_B_interop", output, sizeof(output));
	CU_ASSERT_EQUAL(length, 46);
	CU_ASSERT_EQUAL(home_reveal(msin, 2, private_key, output, length), 5);
	ASSERT_BYTES(msin, want, 5);
	length = output_of(&v, "suci_B_bad_point", output, sizeof(output));
	CU_ASSERT_EQUAL(length, 78);
	CU_ASSERT_EQUAL(home_reveal(msin, 2, private_key, output, length), -1);
	CU_ASSERT_EQUAL(p256_shared(got, private_key, (struct span){output, 65}, &entropy), ERROR_VALUE);
	CU_ASSERT_EQUAL(suci_output(got, &key, (struct span){msin, 5}, ephemeral, &entropy), ERROR_VALUE);
	ASSERT_BYTES(got, zero, SUCI_OUTPUT_MAX);
	close_sections(&v);
}

static void test_random(void)
{
	uint8_t private_key[32], point[65], ephemeral[32], msin[8], plain[16], out[SUCI_OUTPUT_MAX];

	for (int i = 0; i < 40; i++) {
		size_t n = (size_t)i % 8 + 1;
		struct suci_key key = {.scheme = SUCI_PROFILE_A, .public_key = {point, 32}};

		CU_ASSERT_EQUAL(kernel(NULL, msin, 8), 0);
		CU_ASSERT_EQUAL(kernel(NULL, ephemeral, 32), 0);
		if (i & 1) {
			key = (struct suci_key){.scheme = SUCI_PROFILE_B, .public_key = {point, 65}};
			CU_ASSERT_EQUAL(p256_generate(private_key, point, &entropy), OK);
		} else {
			CU_ASSERT_EQUAL(kernel(NULL, private_key, 32), 0);
			CU_ASSERT_EQUAL(home_agree(point, 1, private_key, (const uint8_t[32]){9}, 32), 0);
		}
		CU_ASSERT_EQUAL(suci_output(out, &key, (struct span){msin, n}, ephemeral, &entropy), OK);
		CU_ASSERT_EQUAL(home_reveal(plain, key.scheme, private_key, out, suci_length(&key, n)),
				(int)n);
		ASSERT_BYTES(plain, msin, n);
	}
}

static void test_refused(void)
{
	static const uint8_t zero[SUCI_OUTPUT_MAX] = {0},
			     ones[32] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	uint8_t point[65], private_key[32], out[SUCI_OUTPUT_MAX], msin[9] = {1};
	struct suci_key key = {.scheme = SUCI_PROFILE_B, .public_key = {point, 65}};

	CU_ASSERT_EQUAL(p256_generate(private_key, point, &entropy), OK);
	CU_ASSERT_EQUAL(suci_output(out, &key, (struct span){msin, 9}, private_key, &entropy), ERROR_VALUE);
	CU_ASSERT_EQUAL(suci_output(out, &key, (struct span){msin, 5}, zero, &entropy), ERROR_RANGE);
	CU_ASSERT_EQUAL(suci_output(out, &key, (struct span){msin, 5}, ones, &entropy), ERROR_RANGE);
	memset(out, 1, sizeof(out));
	key.public_key.length = 64;
	CU_ASSERT_EQUAL(suci_output(out, &key, (struct span){msin, 5}, private_key, &entropy), ERROR_VALUE);
	ASSERT_BYTES(out, zero, sizeof(out));
	key = (struct suci_key){.scheme = SUCI_PROFILE_A, .public_key = {point, 33}};
	CU_ASSERT_EQUAL(suci_output(out, &key, (struct span){msin, 5}, private_key, &entropy), ERROR_VALUE);
	key.public_key = (struct span){zero, 32}; /* of small order */
	CU_ASSERT_EQUAL(suci_output(out, &key, (struct span){msin, 5}, private_key, &entropy), ERROR_VALUE);
	key.scheme = 3;
	CU_ASSERT_EQUAL(suci_output(out, &key, (struct span){msin, 5}, private_key, &entropy), ERROR_VALUE);
	key.scheme = SUCI_NULL;
	CU_ASSERT_EQUAL(suci_output(out, &key, (struct span){msin, 5}, zero, &entropy), OK);
	ASSERT_BYTES(out, msin, 5);
	CU_ASSERT_EQUAL(suci_length(&key, 5), 5);
}

#define CHOOSE(info_, want_)                                                                                 \
	do {                                                                                                 \
		static const uint8_t bytes[] = info_;                                                        \
		CU_ASSERT_EQUAL(suci_choose(&key, (struct span){bytes, sizeof(bytes) - 1}), want_);          \
	} while (0)

/* PROVES: TS 31.102 4.4.11.8 */
static void test_choose(void)
{
	struct suci_key key;

	CHOOSE("\xA0\x04\x02\x02\x01\x01\xA1\x0C\x80\x01\x0A\x81\x01\x11\x80\x01\x0B\x81\x01\x22\xFF\xFF",
	       OK);
	CU_ASSERT_EQUAL(key.scheme, SUCI_PROFILE_B);
	CU_ASSERT_EQUAL(key.identifier, 0x0B);
	CU_ASSERT_EQUAL(key.public_key.length, 1);
	CU_ASSERT_EQUAL(key.public_key.at[0], 0x22);
	CHOOSE("\xA0\x04\x0C\x01\x01\x01\xA1\x06\x80\x01\x0A\x81\x01\x11", OK); /* 0C is not known here */
	CU_ASSERT_EQUAL(key.scheme, SUCI_PROFILE_A);
	CU_ASSERT_EQUAL(key.identifier, 0x0A);
	CHOOSE("\xA0\x04\x00\x00\x01\x01\xA1\x06\x80\x01\x0A\x81\x01\x11", OK);
	CU_ASSERT_EQUAL(key.scheme, SUCI_NULL);
	CU_ASSERT_EQUAL(key.identifier, 0);
	/* Never down to the null scheme because a key is missing. */
	CHOOSE("\xA0\x04\x01\x02\x00\x00\xA1\x06\x80\x01\x0A\x81\x01\x11", ERROR_NOT_FOUND);
	CHOOSE("\xA0\x04\x01\x00\x00\x00\xA1\x06\x80\x01\x0A\x81\x01\x11", ERROR_NOT_FOUND);
	CHOOSE("\xA0\x04\x01\x01\x00\x00", ERROR_NOT_FOUND);
	CHOOSE("\xA0\x04\x01\x01\x00\x00\xA1\x06\x81\x01\x0A\x81\x01\x11", ERROR_FORMAT);
	CHOOSE("\xA0\x04\x01\x01\x00\x00\xA1\x03\x80\x01\x0A", ERROR_FORMAT);
	CHOOSE("\xA0\x02\x0C\x01", ERROR_NOT_FOUND);
	CHOOSE("\xA0\x03\x0C\x01\x01", ERROR_FORMAT);
	CHOOSE("\xA0\x00", ERROR_NOT_FOUND);
	CHOOSE("\xA0\x7F\x01", ERROR_FORMAT);
	CHOOSE("\xFF\xFF\xFF", ERROR_NOT_FOUND);
}

UNIT_SUITE("suci", UNIT(test_published), UNIT(test_interoperation), UNIT(test_random), UNIT(test_refused),
	   UNIT(test_choose))
