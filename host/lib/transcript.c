/* transcript.c - writing.
 *
 * A line is one write(2) and one fsync(2): after a crash the file ends with a
 * whole line or with the start of one, and transcript_resume() cuts that. */
#include "lib/transcript.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/canonical.h"
#include "lib/signature.h"
#include "lib/transcript_line.h"

enum {
	SIZE_MAX_BYTES = 64 << 20
};

struct transcript {
	int fd;
	off_t end; /* of the last whole line */
	struct transcript_signer signer;
	struct transcript_summary summary;
	struct merkle tree;
};

static int system_fault(struct fault *fault, const char *what)
{
	return fault_set(fault, FAULT_SYSTEM,
			 errno == ENOSPC || errno == EFBIG || errno == EDQUOT
				 ? "free some space, then run the same command again: it goes on from here"
				 : NULL,
			 "cannot %s the transcript: %s", what, strerror(errno));
}

static int too_long(struct fault *fault)
{
	return fault_set(fault, FAULT_INPUT, NULL, "a transcript has at most %d MiB", SIZE_MAX_BYTES >> 20);
}

/* From where the file stands to its end: a pipe does not tell how long it is. */
static int read_all(char **text, size_t *length, int fd, struct fault *fault)
{
	size_t room = 0, done = 0;
	ssize_t n = 1;

	*text = NULL;
	while (n > 0) {
		if (done == room) {
			char *longer = realloc(*text, (room = room ? 2 * room : 65536) + 1);

			if (!longer) {
				free(*text);
				*text = NULL;
				return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
			}
			*text = longer;
		}
		n = read(fd, *text + done, room - done);
		done += n > 0 ? (size_t)n : 0;
		if (n < 0 || done > SIZE_MAX_BYTES) {
			int saved = errno;

			free(*text);
			*text = NULL;
			errno = saved;
			return n < 0 ? system_fault(fault, "read") : too_long(fault);
		}
	}
	(*text)[done] = 0;
	*length = done;
	return 0;
}

int transcript_load(char **text, size_t *length, const char *path, struct fault *fault)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
			  : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY),
	    result;
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		result = fault_set(fault, FAULT_INPUT, NULL, "cannot open %s%s%s: %s", standard ? "" : "\"",
				   standard ? "standard input" : path, standard ? "" : "\"", strerror(errno));
	else if (S_ISDIR(status.st_mode))
		result = fault_set(fault, FAULT_INPUT,
				   "the transcript of a ceremony is transcript.jsonl in it",
				   "\"%s\" is a folder", path);
	else if (S_ISREG(status.st_mode) && status.st_size > SIZE_MAX_BYTES)
		result = too_long(fault);
	else
		result = read_all(text, length, fd, fault);
	if (fd >= 0)
		(void)close(fd);
	return result;
}

/* Now, but never before the last line's time: clocks are set back sometimes. */
static void now(char at[static 21], const char *last)
{
	time_t seconds = time(NULL);
	struct tm utc;

	if (!gmtime_r(&seconds, &utc) || strftime(at, 21, "%Y-%m-%dT%H:%M:%SZ", &utc) != 20 ||
	    strcmp(at, last) < 0)
		memcpy(at, last, 21);
}

/* The whole line with its newline, to be freed; NULL and a fault. */
static char *make_line(struct transcript *transcript, const char *type, json_t *data, struct fault *fault)
{
	char at[21], previous[65], signature[SIGNATURE_TEXT], *text = NULL;
	uint8_t digest[32], raw[64];
	json_t *entry;

	now(at, transcript->summary.at);
	hex_write(previous,
		  transcript->summary.count ? transcript->summary.fingerprint : transcript->summary.previous,
		  32);
	entry = json_pack("{s:s, s:O, s:s, s:i, s:I, s:s}", "at", at, "data", data, "previous", previous,
			  "schema", 1, "seq", (json_int_t)transcript->summary.count + 1, "type", type);
	if (!entry) {
		fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
		return NULL;
	}
	if (transcript_signed_digest(digest, entry, fault) == 0 &&
	    transcript->signer.sign(transcript->signer.context, raw, digest, fault) == 0) {
		signature_write(signature, raw);
		if (json_object_set_new(entry, "signature", json_string(signature)) == 0)
			text = canonical_text(entry, fault);
	}
	json_decref(entry);
	if (text) {
		size_t length = strlen(text);
		char *longer = realloc(text, length + 2);

		if (longer)
			memcpy(longer + length, "\n", 2);
		else
			free(text);
		text = longer;
	}
	if (!text && fault && fault->code == FAULT_NONE)
		fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	return text;
}

static int write_line(struct transcript *transcript, const char *line, size_t length, struct fault *fault)
{
	ssize_t n = pwrite(transcript->fd, line, length, transcript->end);

	if (n >= 0 && (size_t)n != length)
		errno = ENOSPC;
	if (n < 0 || (size_t)n != length || fsync(transcript->fd) < 0) {
		int saved = errno;

		(void)!ftruncate(transcript->fd, transcript->end);
		errno = saved;
		return system_fault(fault, "write");
	}
	transcript->end += (off_t)length;
	return 0;
}

static int append(struct transcript *transcript, const char *type, json_t *data, struct fault *fault)
{
	char *line = data ? make_line(transcript, type, data, fault) : NULL;
	struct fault ignored = {0};
	int result = -1;

	if (!data)
		fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	if (line && write_line(transcript, line, strlen(line), fault) == 0) {
		/* The writer goes the reader's way: what it wrote must be sound. */
		struct transcript_summary *summary = &transcript->summary;
		json_t *entry = json_loads(line, 0, NULL);

		memcpy(summary->at, json_string_value(json_object_get(entry, "at")), sizeof(summary->at));
		summary->closed = strcmp(type, "close") == 0;
		result = transcript_count_line(summary, &transcript->tree, line, strlen(line), &ignored);
		summary->count++;
		json_decref(entry);
		if (result < 0)
			transcript_bug(fault);
	}
	free(line);
	json_decref(data);
	return result;
}

int transcript_append(struct transcript *transcript, const char *type, json_t *data, struct fault *fault)
{
	if (transcript->summary.closed) {
		json_decref(data);
		return fault_set(fault, FAULT_POLICY, NULL, "the transcript is closed");
	}
	return append(transcript, type, data, fault);
}

int transcript_finish(struct transcript *transcript, json_t *data, struct fault *fault)
{
	char root[65];

	hex_write(root, transcript->summary.root, 32);
	if (data && (json_object_set_new(data, "count", json_integer(transcript->summary.count)) < 0 ||
		     json_object_set_new(data, "root", json_string(root)) < 0)) {
		json_decref(data);
		data = NULL;
	}
	return transcript_append(transcript, "close", data, fault);
}

/* A file that was just made is only durable once its folder is. */
static int sync_folder(const char *path, struct fault *fault)
{
	char *copy = strdup(path);
	int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1, result = 0;

	if (fd < 0 || fsync(fd) < 0)
		result = system_fault(fault, "write");
	if (fd >= 0)
		(void)close(fd);
	free(copy);
	return result;
}

static int open_locked(struct transcript *transcript, const char *path, int flags, struct fault *fault)
{
	transcript->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
	if (transcript->fd < 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot open transcript \"%s\": %s", path,
				 strerror(errno));
	if (flock(transcript->fd, LOCK_EX | LOCK_NB) < 0)
		return fault_set(fault, FAULT_POLICY, "wait until it is done",
				 "another program is writing \"%s\"", path);
	return 0;
}

static struct transcript *allocate(const struct transcript_signer *signer, struct fault *fault)
{
	struct transcript *made = calloc(1, sizeof(*made));

	if (!made) {
		fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
		return NULL;
	}
	made->fd = -1;
	made->signer = *signer;
	merkle_start(&made->tree);
	return made;
}

int transcript_create(struct transcript **transcript, const char *path,
		      const struct transcript_signer *signer, const uint8_t *previous, json_t *data,
		      struct fault *fault)
{
	char key[PUBLIC_TEXT];
	struct transcript *made = allocate(signer, fault);

	*transcript = NULL;
	public_write(key, signer->point);
	if (!made || !data || json_object_set_new(data, "key", json_string(key)) < 0) {
		json_decref(data);
		transcript_free(made);
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	}
	if (previous)
		memcpy(made->summary.previous, previous, 32);
	memcpy(made->summary.point, signer->point, 65);
	if (transcript_take_key(&made->summary, fault) < 0 ||
	    open_locked(made, path, O_CREAT | O_EXCL, fault) < 0) {
		json_decref(data);
		transcript_free(made);
		return -1;
	}
	if (append(made, "begin", data, fault) < 0 || sync_folder(path, fault) < 0) {
		(void)unlink(path);
		transcript_free(made);
		return -1;
	}
	*transcript = made;
	return 0;
}

static int resume(struct transcript *made, const char *path, transcript_visit *visit, void *context,
		  size_t *cut, struct fault *fault)
{
	char *text = NULL, *last;
	size_t length = 0;
	int result = -1;

	if (open_locked(made, path, 0, fault) < 0 || read_all(&text, &length, made->fd, fault) < 0)
		return -1;
	last = memrchr(text, '\n', length);
	*cut = length - (last ? (size_t)(last - text) + 1 : 0);
	made->end = (off_t)(length - *cut);
	if (transcript_check_tree(&made->summary, &made->tree, text, (size_t)made->end, visit, context,
				  fault) < 0)
		fault_prefix(fault, "%s", path);
	else if (made->summary.closed)
		fault_set(fault, FAULT_POLICY, "a new ceremony needs a new id and a new folder",
			  "transcript \"%s\" is closed", path);
	else if (memcmp(made->summary.point, made->signer.point, 65) != 0)
		fault_set(fault, FAULT_POLICY, "use the HSM that the ceremony was begun with",
			  "transcript \"%s\" was begun with another key", path);
	else if (*cut > 0 && (ftruncate(made->fd, made->end) < 0 || fsync(made->fd) < 0))
		system_fault(fault, "repair");
	else
		result = 0;
	free(text);
	return result;
}

int transcript_resume(struct transcript **transcript, const char *path,
		      const struct transcript_signer *signer, transcript_visit *visit, void *context,
		      size_t *cut, struct fault *fault)
{
	struct transcript *made = allocate(signer, fault);

	*transcript = NULL;
	if (!made)
		return -1;
	if (resume(made, path, visit, context, cut, fault) < 0) {
		transcript_free(made);
		return -1;
	}
	*transcript = made;
	return 0;
}

const struct transcript_summary *transcript_summary(const struct transcript *transcript)
{
	return &transcript->summary;
}

void transcript_free(struct transcript *transcript)
{
	if (!transcript)
		return;
	if (transcript->fd >= 0)
		(void)close(transcript->fd);
	free(transcript);
}
