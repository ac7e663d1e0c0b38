/* custodian_talk - lib/custodian.h, a line at a time: for scripts.
 *
 *     open READER | find KEY | close | pin PIN | pin! PIN | status
 *     contribute CEREMONY INDEX         the commitment, and the signature in base64
 *     reveal CEREMONY INDEX             what was contributed last, in hex
 *     store CEREMONY INDEX M N          a share whose salt is 11.. and value 22..
 *     confirm CEREMONY | release CEREMONY INDEX | destroy CEREMONY INDEX
 *     present CEREMONY NAME | signoff CEREMONY NAME     head 33..
 *     note TEXT                         \n stands for a newline
 *     ! COMMAND                         run by the shell in between
 *
 * A line that fails prints "fault CODE: what" and the next is read. Sets are 0102030405060708. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/custodian.h"
#include "lib/hex.h"
#include "lib/signature.h"

static struct custodian_card *card;
static uint8_t commitment[32];

static struct custodian_about about(const char *ceremony, const char *index)
{
	struct custodian_about a = {.ceremony = ceremony, .set = {1, 2, 3, 4, 5, 6, 7, 8}};

	a.index = (unsigned)strtoul(index, NULL, 10);
	return a;
}

static void print_hex(const char *name, const uint8_t *bytes, size_t length)
{
	char text[129];

	hex_write(text, bytes, length);
	printf("%s %s\n", name, text);
}

static void print_signature(const uint8_t signature[64])
{
	char text[SIGNATURE_TEXT];

	signature_write(text, signature);
	printf("signature %s\n", text);
}

static int do_status(struct fault *fault)
{
	struct custodian_status s;

	if (custodian_status(card, &s, fault) != 0)
		return -1;
	printf("enrolled %d tries %u unblock %u serial %s share %d of %s contribution %d releases %u\n",
	       s.enrolled, s.tries, s.unblock, s.serial, s.share.state,
	       s.share.state ? s.share.ceremony : "-", s.contribution.state, s.releases);
	return 0;
}

static int do_find(const char *text, struct fault *fault)
{
	uint8_t key[65];

	if (public_read(key, text) != 0)
		return fault_set(fault, FAULT_USAGE, NULL, "no key");
	if (custodian_find(&card, key, fault) != 0)
		return -1;
	printf("found in %s\n", custodian_reader(card));
	return 0;
}

static int do_contribute(const struct custodian_about *a, struct fault *fault)
{
	uint8_t signature[64];

	if (custodian_contribute(card, commitment, signature, a, fault) != 0)
		return -1;
	print_hex("commitment", commitment, 32);
	print_signature(signature);
	return 0;
}

static int do_reveal(const struct custodian_about *a, struct fault *fault)
{
	uint8_t contribution[32];

	if (custodian_reveal(card, contribution, a, commitment, fault) != 0)
		return -1;
	print_hex("contribution", contribution, 32);
	return 0;
}

static int do_store(const struct custodian_about *a, const char *m, const char *n, struct fault *fault)
{
	struct custodian_share share = {.threshold = (unsigned)strtoul(m, NULL, 10),
					.total = (unsigned)strtoul(n, NULL, 10)};
	uint8_t signature[64];

	memset(share.salt, 0x11, sizeof(share.salt));
	memset(share.value, 0x22, sizeof(share.value));
	if (custodian_store_share(card, signature, a, &share, fault) != 0)
		return -1;
	print_hex("commitment", share.commitment, 32);
	print_signature(signature);
	return 0;
}

static int do_release(const struct custodian_about *a, struct fault *fault)
{
	struct custodian_share share;

	if (custodian_release_share(card, &share, a, fault) != 0)
		return -1;
	printf("share %u of %u\n", share.threshold, share.total);
	print_hex("salt", share.salt, 32);
	print_hex("value", share.value, 32);
	return 0;
}

static int do_destroy(const struct custodian_about *a, struct fault *fault)
{
	uint8_t told[32], signature[64];

	if (custodian_destroy(card, told, signature, a, fault) != 0)
		return -1;
	print_hex("commitment", told, 32);
	print_signature(signature);
	return 0;
}

static int do_sign(enum custodian_kind kind, const char *ceremony, const char *name, struct fault *fault)
{
	uint8_t head[32], signature[64];

	memset(head, 0x33, sizeof(head));
	if (custodian_sign(card, signature, kind, ceremony, name, head, fault) != 0)
		return -1;
	print_signature(signature);
	return 0;
}

static int do_note(char *text, struct fault *fault)
{
	uint8_t signature[64];
	char *at;

	while ((at = strstr(text, "\\n"))) {
		*at = '\n';
		memmove(at + 1, at + 2, strlen(at + 2) + 1);
	}
	if (custodian_sign_note(card, signature, text, fault) != 0)
		return -1;
	print_signature(signature);
	return 0;
}

static int with_share(const char *verb, char *const word[4], struct fault *fault)
{
	struct custodian_about a = about(word[0], word[1] ? word[1] : "0");

	if (strcmp(verb, "contribute") == 0)
		return do_contribute(&a, fault);
	if (strcmp(verb, "reveal") == 0)
		return do_reveal(&a, fault);
	if (strcmp(verb, "release") == 0)
		return do_release(&a, fault);
	if (strcmp(verb, "destroy") == 0)
		return do_destroy(&a, fault);
	if (strcmp(verb, "store") == 0 && word[2] && word[3])
		return do_store(&a, word[2], word[3], fault);
	return fault_set(fault, FAULT_USAGE, NULL, "no such line: %s", verb);
}

static int line(char *verb, char *rest, struct fault *fault)
{
	char *word[4] = {rest}, *at = rest;
	bool signs;

	if (strcmp(verb, "open") == 0)
		return custodian_open(&card, rest, fault);
	if (strcmp(verb, "find") == 0)
		return do_find(rest, fault);
	if (strcmp(verb, "close") == 0) {
		custodian_close(card);
		card = NULL;
		return 0;
	}
	if (strcmp(verb, "!") == 0)
		return system(rest) == 0 ? 0 : fault_set(fault, FAULT_BUG, NULL, "%s failed", rest);
	if (!card)
		return fault_set(fault, FAULT_USAGE, NULL, "no card is open");
	if (strcmp(verb, "status") == 0)
		return do_status(fault);
	if (strncmp(verb, "pin", 3) == 0)
		return custodian_verify_pin(card, rest, verb[3] == '!', fault);
	if (strcmp(verb, "note") == 0)
		return do_note(rest, fault);
	if (strcmp(verb, "confirm") == 0)
		return custodian_confirm(card, rest, fault);
	signs = strcmp(verb, "present") == 0 || strcmp(verb, "signoff") == 0; /* a name may have blanks */
	for (int i = 1; i < (signs ? 2 : 4) && (at = strchr(at, ' ')); i++) {
		*at++ = 0;
		word[i] = at;
	}
	if (signs)
		return do_sign(verb[0] == 'p' ? CUSTODIAN_SIGN_PRESENT : CUSTODIAN_SIGN_SIGNOFF, word[0],
			       word[1] ? word[1] : "", fault);
	return with_share(verb, word, fault);
}

int main(void)
{
	char text[600], *rest;
	struct fault fault;

	while (fgets(text, sizeof(text), stdin)) {
		text[strcspn(text, "\n")] = 0;
		rest = strchr(text, ' ');
		if (rest)
			*rest++ = 0;
		fault = (struct fault){0};
		if (line(text, rest ? rest : text + strlen(text), &fault) != 0)
			printf("fault %d: %s\n", fault.code, fault.text);
		fflush(stdout);
	}
	custodian_close(card);
	return 0;
}
