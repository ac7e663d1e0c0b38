/* key_file.c - of DER only what leads to the 32 bytes: a SEQUENCE with a
 * version, and in it, or one level down, an OCTET STRING of that length. */
#include "lib/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/p256.h"
#include "lib/base64.h"
#include "lib/secret.h"

enum {
	FILE_MAX = 4096,
	DER_MAX = 512
};

static int fill(void *context, void *out, size_t length)
{
	(void)context;
	return getrandom(out, length, 0) == (ssize_t)length ? 0 : -1;
}

static int read_text(char text[static FILE_MAX], const char *path, struct fault *fault)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat status;
	ssize_t n = -1;

	if (fd < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "cannot open key file \"%s\": %s", path,
				 strerror(errno));
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		n = read(fd, text, FILE_MAX - 1);
	(void)close(fd);
	if (n < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "\"%s\" is not a key file", path);
	text[n] = 0;
	if (status.st_mode & (S_IRWXG | S_IRWXO))
		return fault_set(fault, FAULT_POLICY, "chmod 600 it, and think about who has read it",
				 "key file \"%s\" is open to other users", path);
	return 0;
}

/* What is between the lines of dashes, without its newlines. */
static int unpack(uint8_t der[static DER_MAX], char *text)
{
	static const char *const labels[] = {"EC PRIVATE KEY", "PRIVATE KEY"};
	char packed[FILE_MAX];
	size_t length = 0;
	int result;

	for (size_t i = 0; i < 2; i++) {
		char head[48], foot[48], *at, *end;

		(void)snprintf(head, sizeof(head), "-----BEGIN %s-----\n", labels[i]);
		(void)snprintf(foot, sizeof(foot), "-----END %s-----", labels[i]);
		at = strstr(text, head);
		end = at ? strstr(at, foot) : NULL;
		if (!end)
			continue;
		for (at += strlen(head); at < end; at++)
			if (*at != '\n' && *at != '\r')
				packed[length++] = *at;
		break;
	}
	packed[length] = 0;
	result = length ? base64_read(der, DER_MAX, packed) : -1;
	secret_wipe(packed, sizeof(packed));
	return result;
}

struct der {
	const uint8_t *at, *end;
};

/* Enter the element of this tag, or step over it with `inside` NULL; false when it is none. */
static bool element(struct der *der, uint8_t tag, struct der *inside)
{
	size_t length;

	if (der->end - der->at < 2 || der->at[0] != tag)
		return false;
	length = der->at[1];
	der->at += 2;
	if (length == 0x81 && der->at < der->end)
		length = *der->at++;
	else if (length > 0x7F)
		return false;
	if (length > (size_t)(der->end - der->at))
		return false;
	if (inside)
		*inside = (struct der){der->at, der->at + length};
	der->at += length;
	return true;
}

/* RFC 5915: SEQUENCE { INTEGER 1, OCTET STRING (the key), ... }; RFC 5958: SEQUENCE { INTEGER,
 * SEQUENCE (algorithm), OCTET STRING (the former) }. */
static bool find_key(uint8_t private_key[static 32], struct der der)
{
	struct der in, key;

	if (!element(&der, 0x30, &in) || !element(&in, 0x02, NULL))
		return false;
	if (element(&in, 0x30, NULL)) {
		if (!element(&in, 0x04, &der) || !element(&der, 0x30, &in) || !element(&in, 0x02, NULL))
			return false;
	}
	if (!element(&in, 0x04, &key) || key.end - key.at != 32)
		return false;
	memcpy(private_key, key.at, 32);
	return true;
}

int key_file_read(uint8_t private_key[static 32], uint8_t point[static 65], const char *path,
		  struct fault *fault)
{
	static const struct p256_random source = {.fill = fill};
	uint8_t der[DER_MAX];
	char text[FILE_MAX];
	int length = -1, result = -1;

	if (read_text(text, path, fault) == 0) {
		length = unpack(der, text);
		result = length >= 0 && find_key(private_key, (struct der){der, der + length}) &&
					 p256_public(point, private_key, &source) == OK
				 ? 0
				 : fault_set(fault, FAULT_INPUT,
					     "\"openssl ecparam -name prime256v1 -genkey -noout\" makes one",
					     "\"%s\" holds no P-256 private key without a passphrase (PEM)",
					     path);
	}
	secret_wipe(text, sizeof(text));
	secret_wipe(der, sizeof(der));
	if (result < 0)
		secret_wipe(private_key, 32);
	return result;
}
