/* PROVES: a secret is found in every form, at every base64 alignment, across line ends; and not where it is
 * not. */
#include "heist/search.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/hex.h"
#include "unit/unit.h"

static const uint8_t secret[16] = {0x00, 0xFF, 0x10, 0x83, 0x10, 0x51, 0x87, 0x20,
				   0x92, 0x8B, 0x30, 0xD3, 0x8F, 0x41, 0x14, 0x93};

static int look(const void *bytes, size_t length)
{
	struct search *search = search_new();
	struct fault fault = {0};
	int e;

	CU_ASSERT_PTR_NOT_NULL_FATAL(search);
	CU_ASSERT_EQUAL(search_add(search, "the key", secret, sizeof(secret), &fault), 0);
	CU_ASSERT_EQUAL(search_add(search, "the key again", secret, sizeof(secret), &fault), 0);
	CU_ASSERT_EQUAL(search_secrets(search), 1);
	e = search_bytes(search, "here", bytes, length, &fault);
	if (e < 0)
		CU_ASSERT_EQUAL(fault.code, FAULT_NO);
	search_free(search);
	return e;
}

static void test_bytes_and_hex(void)
{
	uint8_t bytes[64] = {0};
	char text[128];
	size_t i;

	memcpy(bytes + 13, secret, 16);
	CU_ASSERT_EQUAL(look(bytes, sizeof(bytes)), -1);
	CU_ASSERT_EQUAL(look(bytes, 28), 0); /* one byte short */
	hex_write(text, secret, 16);
	CU_ASSERT_EQUAL(look(text, strlen(text)), -1);
	for (i = 0; text[i]; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
	CU_ASSERT_EQUAL(look(text, strlen(text)), -1);
	memmove(text + 11, text + 10, 23);
	text[10] = '\n';
	CU_ASSERT_EQUAL(look(text, strlen(text)), -1);
	text[5] ^= 1;
	CU_ASSERT_EQUAL(look(text, strlen(text)), 0);
}

/* Encode with other code than search.c's own. */
static size_t base64(char *out, const uint8_t *bytes, size_t length)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, have = 0;
	size_t i, n = 0;

	for (i = 0; i < length; i++) {
		bits = (bits << 8 | bytes[i]) & 0xFFFFFF;
		for (have += 8; have >= 6; have -= 6)
			out[n++] = set[bits >> (have - 6) & 63];
	}
	if (have)
		out[n++] = set[bits << (6 - have) & 63];
	return n;
}

static void test_base64(void)
{
	uint8_t bytes[40];
	char text[80], broken[120];
	size_t before, n, i, used;

	for (before = 0; before < 6; before++) {
		memset(bytes, 0xA5, sizeof(bytes));
		memcpy(bytes + before, secret, 16);
		n = base64(text, bytes, sizeof(bytes));
		CU_ASSERT_EQUAL(look(text, n), -1);
		for (i = used = 0; i < n; i++) {
			broken[used++] = text[i];
			if (i % 7 == 6)
				broken[used++] = '\n';
		}
		CU_ASSERT_EQUAL(look(broken, used), -1);
		bytes[before + 8] ^= 1;
		n = base64(text, bytes, sizeof(bytes));
		CU_ASSERT_EQUAL(look(text, n), 0);
	}
}

static void test_limits(void)
{
	struct search *search = search_new();
	struct fault fault;

	CU_ASSERT_PTR_NOT_NULL_FATAL(search);
	CU_ASSERT_EQUAL(search_add(search, "short", secret, 7, &fault), -1);
	CU_ASSERT_EQUAL(search_add_hex(search, "bad", "0011223344556677zz", &fault), -1);
	CU_ASSERT_EQUAL(search_bytes(search, "nothing", "", 0, &fault), 0);
	search_free(search);
	search_free(NULL);
}

static int near(const char *text)
{
	struct search *search = search_new();
	struct fault fault = {0};
	int e;

	CU_ASSERT_PTR_NOT_NULL_FATAL(search);
	CU_ASSERT_EQUAL(search_add_code(search, "a PIN", "4711", "001010000000101", &fault), 0);
	CU_ASSERT_EQUAL(search_add_code(search, "short", "471", "001010000000101", &fault), -1);
	e = search_bytes(search, "here", text, strlen(text), &fault);
	search_free(search);
	return e;
}

static void test_codes(void)
{
	CU_ASSERT_EQUAL(near("001010000000101;4711"), -1);
	CU_ASSERT_EQUAL(near("first\nPIN 4711, IMSI 001010000000101.\nlast"), -1);
	CU_ASSERT_EQUAL(near("001010000000101\n001010000000101 14711 4711"), -1);
	CU_ASSERT_EQUAL(near("4711"), 0);
	CU_ASSERT_EQUAL(near("001010000000102;4711"), 0);  /* another card */
	CU_ASSERT_EQUAL(near("001010000000101\n4711"), 0); /* another line */
	CU_ASSERT_EQUAL(near("001010000000101 a4711 47110 4711-11-23"), 0);
}

static void put(const char *folder, const char *name)
{
	char path[128];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fwrite(secret, 1, sizeof(secret), file);
	CU_ASSERT_EQUAL(fclose(file), 0);
}

/* Is the secret in folder/name found, when sealed/ and mail/009.eml are left out? */
static int found(const char *folder, const char *name)
{
	static const char *const skip[] = {"sealed", "mail/009.eml", NULL};
	struct search *search = search_new();
	struct fault fault = {0};
	unsigned files = 0;
	char path[128];
	int e;

	CU_ASSERT_PTR_NOT_NULL_FATAL(search);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	CU_ASSERT_EQUAL(search_add(search, "the key", secret, sizeof(secret), &fault), 0);
	e = search_folder(search, folder, skip, &files, &fault);
	search_free(search);
	CU_ASSERT_EQUAL(unlink(path), 0);
	return e;
}

static void test_folder(void)
{
	static const char *const bad[] = {"sealed.txt", "sealed-notes", "mail/009.eml.bak", "mail/0090.eml"};
	static const char *const good[] = {"sealed/key", "mail/009.eml"};
	char folder[] = "/tmp/simrite-search.XXXXXX", path[128];
	size_t i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/sealed", folder);
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/mail", folder);
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put(folder, bad[i]);
		CU_ASSERT_EQUAL(found(folder, bad[i]), -1);
	}
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		put(folder, good[i]);
		CU_ASSERT_EQUAL(found(folder, good[i]), 0);
	}
	/* a link out of the sealed folder */
	put(folder, "sealed/key");
	(void)snprintf(path, sizeof(path), "%s/link", folder);
	CU_ASSERT_EQUAL(symlink("sealed/key", path), 0);
	CU_ASSERT_EQUAL(found(folder, "link"), -1);
	CU_ASSERT_EQUAL(symlink("sealed", path), 0);
	CU_ASSERT_EQUAL(found(folder, "link"), -1);
	CU_ASSERT_EQUAL(found(folder, "sealed/key"), 0);
	(void)snprintf(path, sizeof(path), "%s/sealed", folder);
	CU_ASSERT_EQUAL(rmdir(path), 0);
	(void)snprintf(path, sizeof(path), "%s/mail", folder);
	CU_ASSERT_EQUAL(rmdir(path), 0);
	CU_ASSERT_EQUAL(rmdir(folder), 0);
}

UNIT_SUITE("search", UNIT(test_bytes_and_hex), UNIT(test_base64), UNIT(test_limits), UNIT(test_codes),
	   UNIT(test_folder))
