#include "lib/scp03_host.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/compare.h"
#include "lib/card_file.h"
#include "lib/hex.h"
#include "lib/secret.h"
#include "status.h"

enum {
	FILE_MAX = 4096
};

const struct scp03_key_set scp03_test_keys = {
	.version = 0x30,
	.enc = {0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E,
		0x4F},
	.mac = {0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E,
		0x4F},
	.dek = {0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E,
		0x4F},
};

/* ---- the key set file ---- */

static int key_of(uint8_t out[static 16], const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? hex_read(out, 16, text, strlen(text)) : -1;
}

static int key_set_of(struct scp03_key_set *keys, const json_t *object, struct fault *fault)
{
	json_int_t version = json_integer_value(json_object_get(object, "version"));

	if (!json_is_object(object) || json_object_size(object) != 4 || version < 0x30 || version > 0x3F ||
	    key_of(keys->enc, object, "enc") != 0 || key_of(keys->mac, object, "mac") != 0 ||
	    key_of(keys->dek, object, "dek") != 0)
		return fault_set(fault, FAULT_INPUT,
				 "{\"version\":48, \"enc\":.., \"mac\":.., \"dek\":..}: version 48 to 63, "
				 "keys of 32 hex digits",
				 "not a key set");
	keys->version = (uint8_t)version;
	return 0;
}

int scp03_key_set_load(struct scp03_key_set *keys, const char *path, struct fault *fault)
{
	char text[FILE_MAX];
	struct stat status;
	json_t *object = NULL;
	ssize_t n;
	int result = -1, fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	memset(keys, 0, sizeof(*keys));
	if (fd < 0 || fstat(fd, &status) != 0)
		fault_set(fault, FAULT_INPUT, NULL, "cannot open: %s", strerror(errno));
	else if (status.st_mode & (S_IRWXG | S_IRWXO))
		fault_set(fault, FAULT_POLICY, "chmod 600 it, and think about who has read it",
			  "it holds keys and is open to other users");
	else if ((n = read(fd, text, sizeof(text))) < 0)
		fault_set(fault, FAULT_INPUT, NULL, "cannot read: %s", strerror(errno));
	else {
		object = json_loadb(text, (size_t)n, JSON_REJECT_DUPLICATES, NULL);
		result = key_set_of(keys, object, fault);
	}
	if (fd >= 0)
		close(fd);
	json_decref(object);
	secret_wipe(text, sizeof(text));
	if (result != 0) {
		secret_wipe(keys, sizeof(*keys));
		fault_prefix(fault, "key file \"%.100s\"", path);
	}
	return result;
}

/* ---- bytes to bytes ---- */

static struct span key_span(const uint8_t key[static 16])
{
	struct span span = {key, 16};

	return span;
}

void scp03_begin(struct scp03_channel *channel, uint8_t command[static 14], const struct scp03_key_set *keys,
		 const uint8_t host_challenge[static SCP03_CHALLENGE])
{
	memset(channel, 0, sizeof(*channel));
	channel->keys = *keys;
	memcpy(channel->host_challenge, host_challenge, SCP03_CHALLENGE);
	memcpy(command, (const uint8_t[]){0x80, 0x50, keys->version, 0x00, SCP03_CHALLENGE}, 5);
	memcpy(command + 5, host_challenge, SCP03_CHALLENGE);
	command[13] = 0;
}

/* Key data(10) KVN SCP i challenge(8) cryptogram(8) [counter(3)]. */
int scp03_answer(struct scp03_channel *channel, uint8_t command[static 21], const uint8_t *response,
		 size_t length, uint8_t level, struct fault *fault)
{
	const uint8_t *challenge = response + 13, *cryptogram = response + 21;
	uint8_t expected[SCP03_CRYPTOGRAM];
	struct span data = {command + 5, SCP03_CRYPTOGRAM};
	int e;

	if (length < 29 || response[11] != 0x03)
		return fault_set(fault, FAULT_CARD, NULL, "the card does not speak SCP03");
	if (response[10] != channel->keys.version)
		return fault_set(fault, FAULT_CARD, NULL, "the card answers with key version %02X, not %02X",
				 response[10], channel->keys.version);
	e = scp03_session_keys(&channel->session, key_span(channel->keys.enc), key_span(channel->keys.mac),
			       channel->host_challenge, challenge);
	if (e >= 0)
		e = scp03_cryptogram(expected, &channel->session, SCP03_FOR_CARD_CRYPTOGRAM,
				     channel->host_challenge, challenge);
	if (e >= 0 && compare_equal(expected, cryptogram, SCP03_CRYPTOGRAM) != GRANTED)
		return fault_set(fault, FAULT_NO, "give the card's own key set with --keys",
				 "the card proves other secure channel keys than these (key version %02X)",
				 channel->keys.version);
	memcpy(command, (const uint8_t[]){0x84, 0x82, level, 0x00, SCP03_CRYPTOGRAM + SCP03_MAC}, 5);
	if (e >= 0)
		e = scp03_cryptogram(command + 5, &channel->session, SCP03_FOR_HOST_CRYPTOGRAM,
				     channel->host_challenge, challenge);
	memset(channel->chaining, 0, sizeof(channel->chaining));
	if (e >= 0)
		e = scp03_command_mac(channel->chaining, &channel->session, channel->chaining, command, data);
	if (e < 0)
		return fault_set(fault, FAULT_BUG, NULL, "SCP03 computation failed (%d)", e);
	memcpy(command + 5 + SCP03_CRYPTOGRAM, channel->chaining, SCP03_MAC);
	channel->level = level;
	channel->counter = 0;
	return 0;
}

int scp03_wrap(struct scp03_channel *channel, uint8_t out[static SCP03_COMMAND_MAX], const uint8_t *command,
	       size_t length, struct fault *fault)
{
	size_t data = length > 5 ? command[4] : 0;
	int le = length == 5 || length == 6 + data, n = (int)data;
	struct span body = {out + 5, 0};

	channel->counter++;
	if (length < 4 || (data && length != 5 + data && length != 6 + data))
		return fault_set(fault, FAULT_BUG, NULL, "a command of %zu bytes is no short APDU", length);
	if (data && (channel->level & SCP03_C_DEC)) {
		struct span clear = {command + 5, data};

		n = scp03_encrypt(out + 5, 255 - SCP03_MAC, &channel->session, channel->counter, clear);
	} else if (data + SCP03_MAC <= 255) {
		memcpy(out + 5, command + 5, data);
	} else {
		n = -1;
	}
	if (n < 0)
		return fault_set(fault, FAULT_BUG, NULL, "%zu bytes do not fit one command of the channel",
				 data);
	memcpy(out, command, 4);
	out[0] |= 0x04;
	out[4] = (uint8_t)(n + SCP03_MAC);
	body.length = (size_t)n;
	if (scp03_command_mac(channel->chaining, &channel->session, channel->chaining, out, body) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "SCP03 computation failed");
	memcpy(out + 5 + n, channel->chaining, SCP03_MAC);
	n += 5 + SCP03_MAC;
	if (le)
		out[n++] = command[length - 1];
	return n;
}

void scp03_end(struct scp03_channel *channel)
{
	secret_wipe(channel, sizeof(*channel));
}

/* ---- with a card ---- */

static const uint8_t select_isd[] = {0x00, 0xA4, 0x04, 0x0C, 0x08, 0xA0, 0x00,
				     0x00, 0x01, 0x51, 0x00, 0x00, 0x00};

int scp03_select(struct reader *reader, struct fault *fault)
{
	uint8_t nothing[1];
	size_t got;
	int sw = reader_apdu(reader, nothing, &got, 0, select_isd, sizeof(select_isd), fault);

	return sw == SW_OK ? 0 : card_status_fault(fault, sw, "select the issuer security domain");
}

int scp03_open(struct scp03_channel *channel, struct reader *reader, const struct scp03_key_set *keys,
	       struct fault *fault)
{
	uint8_t challenge[SCP03_CHALLENGE], command[21], response[64];
	size_t got;
	int sw;

	if (getrandom(challenge, sizeof(challenge), 0) != (ssize_t)sizeof(challenge))
		return fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
	scp03_begin(channel, command, keys, challenge);
	if (scp03_select(reader, fault) != 0)
		return -1;
	sw = reader_apdu(reader, response, &got, sizeof(response), command, 14, fault);
	if (sw != SW_OK)
		return card_status_fault(fault, sw, "INITIALIZE UPDATE");
	if (scp03_answer(channel, command, response, got, SCP03_C_MAC | SCP03_C_DEC, fault) != 0)
		return -1;
	sw = reader_apdu(reader, response, &got, sizeof(response), command, 21, fault);
	return sw == SW_OK ? 0 : card_status_fault(fault, sw, "EXTERNAL AUTHENTICATE");
}

int scp03_apdu(struct scp03_channel *channel, struct reader *reader, uint8_t *response, size_t *length,
	       size_t size, const uint8_t *command, size_t command_length, struct fault *fault)
{
	uint8_t wrapped[SCP03_COMMAND_MAX];
	int n = scp03_wrap(channel, wrapped, command, command_length, fault);

	return n < 0 ? -1 : reader_apdu(reader, response, length, size, wrapped, (size_t)n, fault);
}
