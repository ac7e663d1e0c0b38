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
	FILE_MAX = 4096,
	RESPONSE = 256
};

const struct scp03_key_set scp03_test_keys = {
	.version = 0x30,
	.length = 16,
	.enc = {0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E,
		0x4F},
	.mac = {0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E,
		0x4F},
	.dek = {0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B, 0x4C, 0x4D, 0x4E,
		0x4F},
};

/* ---- the key set file ---- */

/* A key of 16, 24 or 32 bytes; its length, or 0. */
static size_t key_of(uint8_t out[static SCP03_KEY_MAX], const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));
	size_t length = text ? strlen(text) / 2 : 0;

	if (length != 16 && length != 24 && length != 32)
		return 0;
	return hex_read(out, length, text, strlen(text)) == 0 ? length : 0;
}

static int key_set_of(struct scp03_key_set *keys, const json_t *object, struct fault *fault)
{
	json_int_t version = json_integer_value(json_object_get(object, "version"));
	const json_t *s16 = json_object_get(object, "s16");
	size_t length = key_of(keys->enc, object, "enc");

	if (json_object_size(object) != (s16 ? 5u : 4u) || (s16 && !json_is_boolean(s16)) || version < 0x30 ||
	    version > 0x3F || length == 0 || key_of(keys->mac, object, "mac") != length ||
	    key_of(keys->dek, object, "dek") != length)
		return fault_set(fault, FAULT_INPUT,
				 "{\"version\":48, \"enc\":.., \"mac\":.., \"dek\":..}: version 48 to 63, "
				 "keys of 32, 48 or 64 hex digits, all alike; \"s16\":true for S16 mode",
				 "not a key set");
	keys->version = (uint8_t)version;
	keys->length = (uint8_t)length;
	keys->mode = json_is_true(s16) ? SCP03_S16 : SCP03_S8;
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

static size_t mode_of(const struct scp03_channel *channel)
{
	return channel->keys.mode == SCP03_S16 ? SCP03_S16 : SCP03_S8;
}

size_t scp03_begin(struct scp03_channel *channel, uint8_t command[static SCP03_BEGIN_MAX],
		   const struct scp03_key_set *keys, const uint8_t *host_challenge)
{
	size_t mode;

	memset(channel, 0, sizeof(*channel));
	channel->keys = *keys;
	mode = mode_of(channel);
	memcpy(channel->host_challenge, host_challenge, mode);
	memcpy(command, (const uint8_t[]){0x80, 0x50, keys->version, 0x00, (uint8_t)mode}, 5);
	memcpy(command + 5, host_challenge, mode);
	command[5 + mode] = 0;
	return 5 + mode + 1;
}

/* Session keys, the card's cryptogram checked, the host's made. */
static int agree(struct scp03_channel *channel, uint8_t *host_cryptogram, const uint8_t *challenge,
		 const uint8_t *cryptogram)
{
	const struct scp03_key_set *keys = &channel->keys;
	uint8_t expected[SCP03_S16];
	size_t mode = mode_of(channel);
	int e = scp03_session_keys(&channel->session, (struct span){keys->enc, keys->length},
				   (struct span){keys->mac, keys->length}, channel->host_challenge, challenge,
				   mode);

	if (e >= 0)
		e = scp03_cryptogram(expected, &channel->session, SCP03_FOR_CARD_CRYPTOGRAM,
				     channel->host_challenge, challenge);
	if (e >= 0 && compare_equal(expected, cryptogram, mode) != GRANTED)
		return ERROR_CHECK;
	if (e >= 0)
		e = scp03_cryptogram(host_cryptogram, &channel->session, SCP03_FOR_HOST_CRYPTOGRAM,
				     channel->host_challenge, challenge);
	return e;
}

/* Key data(10) KVN SCP i challenge(mode) cryptogram(mode) [counter(3)]. */
int scp03_answer(struct scp03_channel *channel, uint8_t command[static SCP03_ANSWER_MAX],
		 const uint8_t *response, size_t length, uint8_t level, struct fault *fault)
{
	size_t mode = mode_of(channel);
	int e;

	if (length < 13 || response[11] != 0x03)
		return fault_set(fault, FAULT_CARD, NULL, "the card does not speak SCP03");
	if (length < 13 + 2 * mode)
		return fault_set(fault, FAULT_CARD, NULL, "the card's answer is too short for %s mode",
				 mode == SCP03_S16 ? "S16" : "S8");
	if (response[10] != channel->keys.version)
		return fault_set(fault, FAULT_CARD, NULL, "the card answers with key version %02X, not %02X",
				 response[10], channel->keys.version);
	e = agree(channel, command + 5, response + 13, response + 13 + mode);
	if (e == ERROR_CHECK)
		return fault_set(fault, FAULT_NO, "give the card's own key set with --keys",
				 "the card proves other secure channel keys than these (key version %02X)",
				 channel->keys.version);
	memcpy(command, (const uint8_t[]){0x84, 0x82, level, 0x00, (uint8_t)(2 * mode)}, 5);
	memset(channel->chaining, 0, sizeof(channel->chaining));
	if (e >= 0)
		e = scp03_command_mac(channel->chaining, &channel->session, channel->chaining, command,
				      (struct span){command + 5, mode});
	if (e < 0)
		return fault_set(fault, FAULT_BUG, NULL, "SCP03 computation failed (%d)", e);
	memcpy(command + 5 + mode, channel->chaining, mode);
	channel->level = level;
	channel->counter = 0;
	return (int)(5 + 2 * mode);
}

int scp03_wrap(struct scp03_channel *channel, uint8_t out[static SCP03_COMMAND_MAX], const uint8_t *command,
	       size_t length, struct fault *fault)
{
	size_t data = length > 5 ? command[4] : 0, mode = mode_of(channel);
	int le = length == 5 || length == 6 + data, n = (int)data;
	struct span body = {out + 5, 0};

	channel->counter++;
	if (length < 4 || (data && length != 5 + data && length != 6 + data))
		return fault_set(fault, FAULT_BUG, NULL, "a command of %zu bytes is no short APDU", length);
	if (data && (channel->level & SCP03_C_DEC)) {
		struct span clear = {command + 5, data};

		n = scp03_encrypt(out + 5, 255 - mode, &channel->session, channel->counter, clear);
	} else if (data + mode <= 255) {
		memcpy(out + 5, command + 5, data);
	} else {
		n = -1;
	}
	if (n < 0)
		return fault_set(fault, FAULT_BUG, NULL, "%zu bytes do not fit one command of the channel",
				 data);
	memcpy(out, command, 4);
	out[0] |= 0x04;
	out[4] = (uint8_t)((size_t)n + mode);
	body.length = (size_t)n;
	if (scp03_command_mac(channel->chaining, &channel->session, channel->chaining, out, body) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "SCP03 computation failed");
	memcpy(out + 5 + n, channel->chaining, mode);
	n += 5 + (int)mode;
	if (le)
		out[n++] = command[length - 1];
	return n;
}

int scp03_undo(struct scp03_channel *channel, uint8_t *data, size_t length, uint16_t sw, struct fault *fault)
{
	size_t mode = mode_of(channel);
	uint8_t mac[AES_BLOCK];
	struct span body = {data, length - mode};
	int n, secured = sw == SW_OK || sw >> 8 == 0x62 || sw >> 8 == 0x63;

	if (!secured || !(channel->level & SCP03_R_MAC))
		return (int)length;
	if (length < mode || scp03_response_mac(mac, &channel->session, channel->chaining, body, sw) < 0 ||
	    compare_equal(mac, data + body.length, mode) != GRANTED)
		return fault_set(fault, FAULT_CARD, "do not trust this answer; open a new channel",
				 "the answer's MAC is not the card's");
	n = (int)body.length;
	if (n > 0 && (channel->level & SCP03_R_ENC))
		n = scp03_decrypt_response(data, body.length, &channel->session, channel->counter, body);
	if (n < 0)
		return fault_set(fault, FAULT_CARD, NULL, "the answer's encryption is not the card's");
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

	if (sw == SW_CARD_LOCKED)
		return 0; /* and this domain can still be asked */
	return sw == SW_OK ? 0 : card_status_fault(fault, sw, "select the issuer security domain");
}

int scp03_open(struct scp03_channel *channel, struct reader *reader, const struct scp03_key_set *keys,
	       struct fault *fault)
{
	uint8_t challenge[SCP03_S16], command[SCP03_ANSWER_MAX], response[64];
	size_t got, length;
	int sw, n;

	if (getrandom(challenge, sizeof(challenge), 0) != (ssize_t)sizeof(challenge))
		return fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
	length = scp03_begin(channel, command, keys, challenge);
	if (scp03_select(reader, fault) != 0)
		return -1;
	sw = reader_apdu(reader, response, &got, sizeof(response), command, length, fault);
	if (sw != SW_OK)
		return card_status_fault(fault, sw, "INITIALIZE UPDATE");
	n = scp03_answer(channel, command, response, got, SCP03_C_MAC | SCP03_C_DEC, fault);
	if (n < 0)
		return -1;
	sw = reader_apdu(reader, response, &got, sizeof(response), command, (size_t)n, fault);
	return sw == SW_OK ? 0 : card_status_fault(fault, sw, "EXTERNAL AUTHENTICATE");
}

int scp03_apdu(struct scp03_channel *channel, struct reader *reader, uint8_t *response, size_t *length,
	       size_t size, const uint8_t *command, size_t command_length, struct fault *fault)
{
	uint8_t wrapped[SCP03_COMMAND_MAX], answer[RESPONSE];
	int sw, n = scp03_wrap(channel, wrapped, command, command_length, fault);
	size_t got;

	if (n < 0)
		return -1;
	sw = reader_apdu(reader, answer, &got, sizeof(answer), wrapped, (size_t)n, fault);
	if (sw < 0)
		return sw;
	n = scp03_undo(channel, answer, got, (uint16_t)sw, fault);
	if (n < 0)
		return -1;
	if ((size_t)n > size)
		return fault_set(fault, FAULT_BUG, NULL, "an answer of %d bytes has no room", n);
	if (n > 0)
		memcpy(response, answer, (size_t)n);
	*length = (size_t)n;
	return sw;
}
