#include "ceremony/share_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ceremony/hierarchy.h"
#include "lib/canonical.h"
#include "lib/secret.h"

enum {
	FILE_MAX = 4096,
	SCHEMA = 2
};

static json_t *to_json(const struct share_file *file)
{
	char salt[65], value[65];
	json_t *object;

	hex_write(salt, file->salt, 32);
	hex_write(value, file->share.value, 32);
	object = json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:i, s:s, s:i, s:i, s:s, s:s}", "ceremony",
			   file->ceremony, "custodian", file->custodian, "index", (int)file->index, "mode",
			   file->rehearsal ? "rehearsal" : "production", "passphrase",
			   file->passphrase ? "yes" : "no", "salt", salt, "schema", SCHEMA, "set", file->set,
			   "threshold", (int)file->threshold, "total", (int)file->total, "type",
			   "simrite share", "value", value);
	secret_wipe(value, sizeof(value));
	return object;
}

static int write_durably(const char *path, const char *text, struct fault *fault)
{
	char beside[PATH_MAX + 8];
	size_t length = strlen(text);
	int fd, saved;

	(void)snprintf(beside, sizeof(beside), "%s.new", path);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	errno = fd < 0 ? errno : ENOSPC; /* what a short write means */
	if (fd >= 0 && write(fd, text, length) == (ssize_t)length && write(fd, "\n", 1) == 1 &&
	    fsync(fd) == 0 && close(fd) == 0 && rename(beside, path) == 0)
		return 0;
	saved = errno;
	(void)unlink(beside);
	return fault_set(fault, FAULT_SYSTEM, "free some space, then run the same command again",
			 "cannot write share file %s: %s", path, strerror(saved));
}

static int commit(struct share_file *file, struct fault *fault)
{
	return hierarchy_share(file->commitment, file->ceremony, file->set, file->index, file->threshold,
			       file->total, file->salt, file->share.value, fault);
}

int share_file_write(struct share_file *file, const char *path, struct fault *fault)
{
	json_t *object = to_json(file);
	char hex[65], *text = NULL;
	uint8_t checksum[32];
	int result = -1;

	if (!object || canonical_digest(checksum, object, fault) < 0 || commit(file, fault) < 0)
		goto out;
	hex_write(hex, checksum, 32);
	if (json_object_set_new(object, "checksum", json_string(hex)) < 0)
		goto out;
	text = canonical_text(object, fault);
	if (text) {
		result = write_durably(path, text, fault);
		secret_wipe(text, strlen(text));
	}
out:
	free(text);
	if (!object)
		fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	json_decref(object);
	return result;
}

static int read_text(char text[static FILE_MAX], size_t *length, const char *path, struct fault *fault)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = -1;

	if (fd < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "cannot open share \"%s\": %s", path,
				 strerror(errno));
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size < FILE_MAX)
		n = read(fd, text, FILE_MAX);
	(void)close(fd);
	if (n < 0)
		return fault_set(fault, FAULT_INPUT, NULL, "\"%s\" is not a share file", path);
	if (status.st_mode & (S_IRWXG | S_IRWXO))
		return fault_set(fault, FAULT_POLICY, "chmod 600 it, and think about who has read it",
				 "share \"%s\" is open to other users", path);
	*length = (size_t)n;
	return 0;
}

static int copy_text(char *out, size_t size, const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	if (!text || strlen(text) >= size)
		return -1;
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

static int copy_number(unsigned *out, const json_t *object, const char *name, unsigned least)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_integer(value) || json_integer_value(value) < least ||
	    json_integer_value(value) > SHARE_MAX)
		return -1;
	*out = (unsigned)json_integer_value(value);
	return 0;
}

static bool is_set(const char *set)
{
	uint8_t bytes[8];

	return canonical_hex_read(bytes, sizeof(bytes), set) == 0;
}

static int from_json(struct share_file *file, const json_t *object)
{
	char type[16], mode[16], passphrase[4];

	if (json_object_size(object) != 12 || copy_text(type, sizeof(type), object, "type") < 0 ||
	    strcmp(type, "simrite share") != 0 || copy_text(mode, sizeof(mode), object, "mode") < 0 ||
	    copy_text(passphrase, sizeof(passphrase), object, "passphrase") < 0 ||
	    copy_text(file->ceremony, sizeof(file->ceremony), object, "ceremony") < 0 ||
	    copy_text(file->custodian, sizeof(file->custodian), object, "custodian") < 0 ||
	    copy_text(file->set, sizeof(file->set), object, "set") < 0 ||
	    copy_number(&file->total, object, "total", 2) < 0 ||
	    copy_number(&file->threshold, object, "threshold", 2) < 0 ||
	    copy_number(&file->index, object, "index", 1) < 0 || file->index > file->total ||
	    file->threshold > file->total ||
	    canonical_hex_read(file->salt, 32, json_string_value(json_object_get(object, "salt"))) < 0 ||
	    canonical_hex_read(file->share.value, 32, json_string_value(json_object_get(object, "value"))) <
		    0)
		return -1;
	file->rehearsal = strcmp(mode, "rehearsal") == 0;
	file->passphrase = strcmp(passphrase, "yes") == 0;
	if ((!file->rehearsal && strcmp(mode, "production") != 0) ||
	    (!file->passphrase && strcmp(passphrase, "no") != 0) || !is_set(file->set))
		return -1;
	file->share.x = (uint8_t)(file->index - 1);
	return json_integer_value(json_object_get(object, "schema")) == SCHEMA ? 0 : -1;
}

static int parse(struct share_file *file, const char *text, size_t length, const char *path,
		 struct fault *fault)
{
	static const char hint[] = "take the custodian's other copy of this share";
	json_t *object = NULL;
	uint8_t told[32], checksum[32];
	char hex[65];
	int result = -1;

	if (length > 0 && text[length - 1] == '\n')
		object = canonical_parse(text, length - 1, NULL);
	if (!object ||
	    canonical_hex_read(told, 32, json_string_value(json_object_get(object, "checksum"))) < 0) {
		fault_set(fault, FAULT_INPUT, hint,
			  "share \"%s\" was changed: it is not a share in canonical form", path);
	} else {
		hex_write(hex, told, 32);
		(void)json_object_del(object, "checksum");
		if (canonical_digest(checksum, object, fault) < 0)
			result = -1;
		else if (memcmp(told, checksum, 32) != 0)
			fault_set(fault, FAULT_INPUT, hint,
				  "share \"%s\" was changed: its contents do not fit its checksum %.16s...",
				  path, hex);
		else if (from_json(file, object) < 0)
			fault_set(fault, FAULT_INPUT, hint, "\"%s\" is not a share of this version", path);
		else
			result = commit(file, fault);
	}
	json_decref(object);
	return result;
}

int share_file_read(struct share_file *file, const char *path, struct fault *fault)
{
	char text[FILE_MAX];
	size_t length = 0;
	int result = -1;

	memset(file, 0, sizeof(*file));
	if (read_text(text, &length, path, fault) == 0)
		result = parse(file, text, length, path, fault);
	secret_wipe(text, sizeof(text));
	if (result < 0)
		secret_wipe(file, sizeof(*file));
	return result;
}

void share_file_set(struct slip39_set *out, const char *set)
{
	uint8_t bytes[2] = {0};

	(void)hex_read(bytes, sizeof(bytes), set, 4);
	*out = (struct slip39_set){.id = (uint16_t)((bytes[0] << 8 | bytes[1]) >> 1),
				   .extendable = true,
				   .group_threshold = 1,
				   .group_count = 1,
				   .length = SHARE_LENGTH};
}

void share_file_slip39(struct slip39_share *out, const struct share_file *file)
{
	*out = (struct slip39_share){.threshold = (uint8_t)file->threshold, .share = file->share};
	share_file_set(&out->set, file->set);
}
