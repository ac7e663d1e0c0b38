/* slip39.c - words, groups, passphrase. A table is never indexed by a secret:
 * the whole word list is gone through for each word. */
#include "lib/slip39.h"

#include <stdio.h>
#include <string.h>

#include "crypto/hmac.h"
#include "lib/secret.h"
#include "lib/slip39_words.h"

enum {
	HEADER = 4,   /* words before the value */
	CHECKSUM = 3, /* words after it */
	WORD_BITS = 10
};

/* ---- words ---- */

/* All ones when a == b, else 0. */
static uint64_t equal_mask(uint64_t a, uint64_t b)
{
	uint64_t differs = a ^ b;

	return ((differs | ((uint64_t)0 - differs)) >> 63) - 1;
}

/* Eight letters as a number; `change` makes letters small, and nothing else into a letter. */
static uint64_t letters(const char *word, size_t length, uint8_t change)
{
	uint64_t number = 0;

	for (size_t i = 0; i < SLIP39_LETTERS; i++)
		number = number << 8 | (i < length ? (uint8_t)word[i] | change : 0U);
	return number;
}

int slip39_word(const char *word, size_t length)
{
	uint64_t wanted, none = ~(uint64_t)0, place = 0;

	if (length == 0 || length > SLIP39_LETTERS)
		return -1;
	wanted = letters(word, length, 0x20);
	for (uint64_t i = 0; i < SLIP39_WORDS; i++) {
		uint64_t mask = equal_mask(letters(slip39_words[i], SLIP39_LETTERS, 0), wanted);

		place |= i & mask;
		none &= ~mask;
	}
	return (int)(int64_t)(place | none);
}

static void word_write(char word[static SLIP39_LETTERS], uint16_t number)
{
	memset(word, 0, SLIP39_LETTERS);
	for (uint64_t i = 0; i < SLIP39_WORDS; i++) {
		char mask = (char)equal_mask(i, number);

		for (size_t k = 0; k < SLIP39_LETTERS; k++)
			word[k] = (char)(word[k] | (slip39_words[i][k] & mask));
	}
}

unsigned slip39_word_count(size_t length)
{
	return HEADER + ((unsigned)length * 8 + WORD_BITS - 1) / WORD_BITS + CHECKSUM;
}

/* "Checksum": the Reed-Solomon code over GF(1024), with the customisation string before the words. */
static uint32_t polymod(bool extendable, const uint16_t *words, size_t count)
{
	static const uint32_t generator[WORD_BITS] = {0xE0E040,   0x1C1C080,  0x3838100,  0x7070200,
						      0xE0E0009,  0x1C0C2412, 0x38086C24, 0x3090FC48,
						      0x21B1F890, 0x3F3F120};
	const char *custom = extendable ? "shamir_extendable" : "shamir";
	size_t before = strlen(custom);
	uint32_t sum = 1;

	for (size_t i = 0; i < before + count; i++) {
		uint32_t top = sum >> 20, next = i < before ? (uint8_t)custom[i] : words[i - before];

		sum = (sum & 0xFFFFF) << 10 ^ next;
		for (unsigned bit = 0; bit < WORD_BITS; bit++)
			sum ^= generator[bit] & ((uint32_t)0 - (top >> bit & 1));
	}
	return sum;
}

static bool set_possible(const struct slip39_set *set)
{
	return set->id < 1U << 15 && set->exponent <= SLIP39_EXPONENT_MOST && set->group_threshold >= 1 &&
	       set->group_threshold <= set->group_count && set->group_count <= SLIP39_GROUPS &&
	       set->length >= SHARE_LEAST && set->length <= SHARE_LENGTH && set->length % 2 == 0;
}

/* "Format of the share mnemonic": id 15 bits, ext 1, e 4, GI 4, GT-1 4, G-1 4, I 4, T-1 4, value, checksum.
 */
static void write_header(uint16_t words[static HEADER], const struct slip39_share *share)
{
	const struct slip39_set *set = &share->set;
	uint32_t first = (uint32_t)set->id << 5 | (set->extendable ? 0x10U : 0) | set->exponent;
	uint32_t second = (uint32_t)share->group << 16 | (uint32_t)(set->group_threshold - 1) << 12 |
			  (uint32_t)(set->group_count - 1) << 8 | (uint32_t)share->share.x << 4 |
			  (uint32_t)(share->threshold - 1);

	words[0] = (uint16_t)(first >> 10);
	words[1] = (uint16_t)(first & 0x3FF);
	words[2] = (uint16_t)(second >> 10);
	words[3] = (uint16_t)(second & 0x3FF);
}

static void read_header(struct slip39_share *share, const uint16_t words[static HEADER])
{
	uint32_t first = (uint32_t)words[0] << 10 | words[1], second = (uint32_t)words[2] << 10 | words[3];

	share->set.id = (uint16_t)(first >> 5);
	share->set.extendable = first >> 4 & 1;
	share->set.exponent = first & 0xF;
	share->group = (uint8_t)(second >> 16);
	share->set.group_threshold = (uint8_t)((second >> 12 & 0xF) + 1);
	share->set.group_count = (uint8_t)((second >> 8 & 0xF) + 1);
	share->share.x = second >> 4 & 0xF;
	share->threshold = (uint8_t)((second & 0xF) + 1);
}

int slip39_encode(char text[static SLIP39_TEXT], const struct slip39_share *share, struct fault *fault)
{
	uint16_t words[SLIP39_WORDS_MOST] = {0};
	unsigned count, padding, place = 0;
	uint32_t sum;

	if (!set_possible(&share->set) || share->group >= share->set.group_count ||
	    share->share.x >= SHARE_MAX || share->threshold < 1 || share->threshold > SHARE_MAX)
		return fault_set(fault, FAULT_BUG, NULL, "a share of impossible numbers");
	count = slip39_word_count(share->set.length);
	padding = (count - HEADER - CHECKSUM) * WORD_BITS - 8U * share->set.length;
	write_header(words, share);
	for (unsigned bit = 0; bit < 8U * share->set.length; bit++) {
		uint16_t *word = &words[HEADER + (padding + bit) / WORD_BITS];

		*word = (uint16_t)(*word << 1 | (share->share.value[bit / 8] >> (7 - bit % 8) & 1));
	}
	sum = polymod(share->set.extendable, words, count) ^ 1; /* the checksum's words are 0 so far */
	for (unsigned i = 0; i < CHECKSUM; i++)
		words[count - CHECKSUM + i] = sum >> WORD_BITS * (CHECKSUM - 1 - i) & 0x3FF;
	for (unsigned i = 0; i < count; i++) {
		word_write(text + place, words[i]);
		place += (unsigned)strnlen(text + place, SLIP39_LETTERS);
		text[place++] = ' ';
	}
	text[place - 1] = 0;
	secret_wipe(words, sizeof(words));
	return 0;
}

/* The words' numbers; which words are not in the list is told by their places. */
static int look_up(uint16_t words[static SLIP39_WORDS_MOST], unsigned *count, const char *text,
		   struct fault *fault)
{
	char places[SLIP39_WORDS_MOST * 4 + 1] = "";
	unsigned unknown = 0;

	*count = 0;
	for (text += strspn(text, " \t\r\n"); *text; text += strspn(text, " \t\r\n")) {
		size_t length = strcspn(text, " \t\r\n");
		int word = slip39_word(text, length);

		if (*count == SLIP39_WORDS_MOST)
			return fault_set(fault, FAULT_INPUT, NULL, "it has more than %d words",
					 SLIP39_WORDS_MOST);
		++*count;
		if (word < 0)
			(void)snprintf(places + strlen(places), sizeof(places) - strlen(places), "%s%u",
				       unknown++ ? ", " : "", *count);
		else
			words[*count - 1] = (uint16_t)word;
		text += length;
	}
	if (unknown > 0)
		return fault_set(fault, FAULT_INPUT, "compare what was typed with the paper",
				 unknown == 1 ? "word %s is not in the list of SLIP-0039"
					      : "words %s are not in the list of SLIP-0039",
				 places);
	return 0;
}

static int read_value(struct slip39_share *share, const uint16_t *words, unsigned count, struct fault *fault)
{
	unsigned bits = (count - HEADER - CHECKSUM) * WORD_BITS, padding = bits % 16;

	if (count < SLIP39_WORDS_LEAST || padding > 8)
		return fault_set(fault, FAULT_INPUT, "a share has 20 to 33 words, of a ceremony always 33",
				 "it has %u words, which no share has", count);
	share->set.length = (uint8_t)((bits - padding) / 8);
	if (words[HEADER] >> (WORD_BITS - padding))
		return fault_set(fault, FAULT_INPUT, NULL,
				 "its padding is not zero: it was not made as a share");
	for (unsigned bit = 0; bit < 8U * share->set.length; bit++) {
		unsigned at = padding + bit;
		uint8_t *byte = &share->share.value[bit / 8];

		*byte = (uint8_t)(*byte << 1 |
				  (words[HEADER + at / WORD_BITS] >> (WORD_BITS - 1 - at % WORD_BITS) & 1));
	}
	return 0;
}

static int parse(struct slip39_share *share, uint16_t words[static SLIP39_WORDS_MOST], const char *text,
		 struct fault *fault)
{
	unsigned count;

	if (look_up(words, &count, text, fault) < 0)
		return -1;
	if (count < SLIP39_WORDS_LEAST)
		return fault_set(fault, FAULT_INPUT, "a share has 20 to 33 words, of a ceremony always 33",
				 "it has %u words, which no share has", count);
	read_header(share, words);
	if (polymod(share->set.extendable, words, count) != 1)
		return fault_set(fault, FAULT_INPUT, "compare every word, and their order, with the paper",
				 "its checksum does not fit: a word is wrong, though it is in the list");
	if (share->set.group_threshold > share->set.group_count)
		return fault_set(fault, FAULT_INPUT, NULL, "it asks for %u groups out of %u",
				 share->set.group_threshold, share->set.group_count);
	if (share->group >= share->set.group_count)
		return fault_set(fault, FAULT_INPUT, NULL, "it is of group %u out of %u", share->group + 1U,
				 share->set.group_count);
	return read_value(share, words, count, fault);
}

int slip39_decode(struct slip39_share *share, const char *text, struct fault *fault)
{
	uint16_t words[SLIP39_WORDS_MOST];
	int result;

	memset(share, 0, sizeof(*share));
	result = parse(share, words, text, fault);
	secret_wipe(words, sizeof(words));
	if (result < 0)
		secret_wipe(share, sizeof(*share));
	return result;
}

/* ---- groups ---- */

int slip39_split(struct slip39_share *shares, const struct slip39_set *set, const struct slip39_group *groups,
		 const uint8_t *ems, const uint8_t *random, struct fault *fault)
{
	struct share group[SLIP39_GROUPS], member[SHARE_MAX];
	unsigned made = 0;
	int e = set_possible(set) ? OK : ERROR_VALUE;

	/* "Generating the shares", 1: one of several would be as good as all */
	for (unsigned g = 0; g < set->group_count && e == OK; g++)
		if (groups[g].threshold == 1 && groups[g].total > 1)
			return fault_set(fault, FAULT_USAGE, "make one share, and copies of it",
					 "group %u: one of %u shares would be enough", g + 1,
					 groups[g].total);
	if (e == OK)
		e = share_split(group, set->group_threshold, set->group_count, ems, set->length, random);
	random += (size_t)set->group_threshold * set->length;
	for (unsigned g = 0; g < set->group_count && e == OK; g++) {
		e = share_split(member, groups[g].threshold, groups[g].total, group[g].value, set->length,
				random);
		random += (size_t)groups[g].threshold * set->length;
		for (unsigned i = 0; i < groups[g].total && e == OK; i++)
			shares[made++] =
				(struct slip39_share){*set, (uint8_t)g, groups[g].threshold, member[i]};
	}
	secret_wipe(group, sizeof(group));
	secret_wipe(member, sizeof(member));
	if (e == ERROR_VALUE)
		return fault_set(fault, FAULT_USAGE, NULL, "a threshold, number or length is out of range");
	return e == OK ? 0 : fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
}

static bool same_set(const struct slip39_set *a, const struct slip39_set *b)
{
	return a->id == b->id && a->extendable == b->extendable && a->exponent == b->exponent &&
	       a->group_threshold == b->group_threshold && a->group_count == b->group_count &&
	       a->length == b->length;
}

/* The set most shares are of, so that the odd one out is the one named. */
static const struct slip39_set *most_common(const struct slip39_share *shares, unsigned count)
{
	unsigned best = 0, most = 0;

	for (unsigned i = 0; i < count; i++) {
		unsigned alike = 0;

		for (unsigned j = 0; j < count; j++)
			alike += same_set(&shares[i].set, &shares[j].set);
		if (alike > most) {
			most = alike;
			best = i;
		}
	}
	return &shares[best].set;
}

static int check_sets(const struct slip39_share *shares, unsigned count, struct fault *fault)
{
	static const char hint[] =
		"take shares that were made at one time: their first two words are the same";
	const struct slip39_set *set = most_common(shares, count);

	for (unsigned i = 0; i < count; i++) {
		const struct slip39_set *own = &shares[i].set;

		if (own->id != set->id)
			return fault_set(fault, FAULT_INPUT, hint,
					 "share %u is of another set: identifier %u, the others' is %u",
					 i + 1, own->id, set->id);
		if (!same_set(own, set))
			return fault_set(
				fault, FAULT_INPUT, hint,
				"share %u is of another set: %u of %u groups, exponent %u, %u bytes; "
				"the others: %u of %u, exponent %u, %u bytes",
				i + 1, own->group_threshold, own->group_count, own->exponent, own->length,
				set->group_threshold, set->group_count, set->exponent, set->length);
		for (unsigned j = 0; j < i; j++) {
			if (shares[j].group != shares[i].group)
				continue;
			if (shares[j].share.x == shares[i].share.x)
				return fault_set(fault, FAULT_INPUT, "leave one of them out",
						 "shares %u and %u are the same one (group %u, share %u)",
						 j + 1, i + 1, shares[i].group + 1U, shares[i].share.x + 1U);
			if (shares[j].threshold != shares[i].threshold)
				return fault_set(fault, FAULT_INPUT, NULL,
						 "shares %u and %u say that group %u needs %u shares, and %u",
						 j + 1, i + 1, shares[i].group + 1U, shares[j].threshold,
						 shares[i].threshold);
		}
	}
	return 0;
}

/* "Combining the shares", 1: exactly as many as are needed. */
static int check_number(const char *of, unsigned needed, unsigned given, struct fault *fault)
{
	if (given < needed)
		return fault_set(fault, FAULT_POLICY, NULL, "%s: %u needed, %u given, %u missing", of, needed,
				 given, needed - given);
	if (given > needed)
		return fault_set(fault, FAULT_INPUT, "leave the rest out", "%s: %u needed, %u given", of,
				 needed, given);
	return 0;
}

/* The secret of one group, when it is there: 1, 0 when no share of it is given. */
static int combine_group(struct share *out, struct share *member, const struct slip39_share *shares,
			 unsigned count, unsigned group, struct fault *fault)
{
	const struct slip39_share *one = NULL;
	char name[32];
	unsigned given = 0;

	for (unsigned i = 0; i < count; i++)
		if (shares[i].group == group) {
			one = &shares[i];
			member[given++] = one->share;
		}
	if (!one)
		return 0;
	(void)snprintf(name, sizeof(name), "shares of group %u", group + 1);
	if (check_number(name, one->threshold, given, fault) < 0)
		return -1;
	out->x = (uint8_t)group;
	if (share_combine(out->value, one->set.length, member, given) != OK)
		return fault_set(fault, FAULT_INPUT, "one of them is wrong, or of another set",
				 "the %s do not fit together", name);
	return 1;
}

static int combine(uint8_t *ems, struct share *group, struct share *member, const struct slip39_share *shares,
		   unsigned count, struct fault *fault)
{
	unsigned given = 0;

	for (unsigned g = 0; g < SLIP39_GROUPS; g++) {
		int n = combine_group(&group[given], member, shares, count, g, fault);

		if (n < 0)
			return -1;
		given += (unsigned)n;
	}
	if (check_number("groups", shares->set.group_threshold, given, fault) < 0)
		return -1;
	if (share_combine(ems, shares->set.length, group, given) != OK)
		return fault_set(fault, FAULT_INPUT, "one of them is wrong, or of another set",
				 "the groups do not fit together");
	return 0;
}

int slip39_combine(uint8_t ems[static SHARE_LENGTH], const struct slip39_share *shares, unsigned count,
		   struct fault *fault)
{
	struct share group[SLIP39_GROUPS], member[SHARE_MAX];
	int result;

	if (count == 0)
		return fault_set(fault, FAULT_POLICY, NULL, "no share is given");
	result =
		check_sets(shares, count, fault) < 0 ? -1 : combine(ems, group, member, shares, count, fault);
	secret_wipe(group, sizeof(group));
	secret_wipe(member, sizeof(member));
	if (result < 0)
		secret_wipe(ems, SHARE_LENGTH);
	return result;
}

/* ---- passphrase ---- */

int slip39_passphrase(const char *passphrase, struct fault *fault)
{
	size_t length = strlen(passphrase);

	if (length > SLIP39_PASSPHRASE)
		return fault_set(fault, FAULT_INPUT, NULL, "a passphrase has at most %d characters",
				 SLIP39_PASSPHRASE);
	for (size_t i = 0; i < length; i++)
		if (passphrase[i] < 0x20 || passphrase[i] > 0x7E)
			return fault_set(fault, FAULT_INPUT, "other tools would read it as something else",
					 "a passphrase has printable ASCII characters only");
	return 0;
}

/* PBKDF2-HMAC-SHA-256 (RFC 8018 5.2) as far as its first block goes. */
static int stretch(uint8_t *out, size_t out_length, struct span password, uint8_t *salt, size_t salt_length,
		   uint32_t iterations)
{
	static const uint8_t first_block[4] = {0, 0, 0, 1};
	uint8_t u[SHA256_LENGTH], sum[SHA256_LENGTH];
	int e;

	memcpy(salt + salt_length, first_block, sizeof(first_block));
	e = hmac(u, password, (struct span){salt, salt_length + 4});
	memcpy(sum, u, sizeof(sum));
	for (uint32_t i = 1; i < iterations && e == OK; i++) {
		e = hmac(u, password, (struct span){u, sizeof(u)});
		for (size_t k = 0; k < sizeof(sum); k++)
			sum[k] ^= u[k];
	}
	memcpy(out, sum, out_length);
	secret_wipe(u, sizeof(u));
	secret_wipe(sum, sizeof(sum));
	return e;
}

/* "Encryption of the master secret": four rounds of Luby and Rackoff. */
static int feistel(uint8_t *out, const uint8_t *in, const struct slip39_set *set, const char *passphrase,
		   bool backwards, struct fault *fault)
{
	size_t half = set->length / 2U, prefix = 0, length = strlen(passphrase);
	uint8_t l[SHARE_LENGTH / 2], r[SHARE_LENGTH / 2], f[SHARE_LENGTH / 2];
	uint8_t password[1 + SLIP39_PASSPHRASE], salt[8 + SHARE_LENGTH / 2 + 4] = "shamir";
	int e = OK;

	if (!set_possible(set) || slip39_passphrase(passphrase, NULL) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "a set or passphrase that was not checked");
	if (!set->extendable) {
		salt[6] = (uint8_t)(set->id >> 8);
		salt[7] = (uint8_t)set->id;
		prefix = 8;
	}
	for (size_t i = 0; i < length; i++)
		password[1 + i] = (uint8_t)passphrase[i];
	memcpy(l, in, half);
	memcpy(r, in + half, half);
	for (unsigned i = 0; i < 4 && e == OK; i++) {
		password[0] = (uint8_t)(backwards ? 3 - i : i);
		memcpy(salt + prefix, r, half);
		e = stretch(f, half, (struct span){password, 1 + length}, salt, prefix + half,
			    2500U << set->exponent);
		for (size_t k = 0; k < half; k++)
			f[k] ^= l[k];
		memcpy(l, r, half);
		memcpy(r, f, half);
	}
	memcpy(out, r, half);
	memcpy(out + half, l, half);
	secret_wipe(l, sizeof(l));
	secret_wipe(r, sizeof(r));
	secret_wipe(f, sizeof(f));
	secret_wipe(password, sizeof(password));
	secret_wipe(salt, sizeof(salt));
	if (e == OK)
		return 0;
	secret_wipe(out, set->length);
	return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
}

int slip39_encrypt(uint8_t *out, const uint8_t *in, const struct slip39_set *set, const char *passphrase,
		   struct fault *fault)
{
	return feistel(out, in, set, passphrase, false, fault);
}

int slip39_decrypt(uint8_t *out, const uint8_t *in, const struct slip39_set *set, const char *passphrase,
		   struct fault *fault)
{
	return feistel(out, in, set, passphrase, true, fault);
}
