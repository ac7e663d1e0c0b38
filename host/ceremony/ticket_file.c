#include "ceremony/ticket_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/sha256.h"
#include "lib/base64.h"
#include "lib/hex.h"
#include "lib/merkle.h"
#include "lib/say.h"
#include "lib/signature.h"

enum {
	LINE = 512 /* characters of a line, its newline and a final 0 */
};

static const char final_name[] = "tickets.jsonl", part_name[] = "tickets.jsonl.part";

struct work {
	const struct ticketing *ticketing;
	const struct transcript_signer *signer;
	int folder; /* of the batch, open */
	FILE *file;
	off_t end;     /* of the last line that counts */
	unsigned done; /* tickets */
	struct merkle tree;
};

static int bug(struct fault *fault)
{
	return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
}

static int failed(const struct work *work, const char *doing, struct fault *fault)
{
	return fault_set(fault, FAULT_SYSTEM, "free some space, then run the same command again",
			 "cannot %s the tickets of batch %s: %s", doing, work->ticketing->batch->id,
			 strerror(errno));
}

/* FOLDER/batches/ID */
static int open_folder(struct work *work, int folder, struct fault *fault)
{
	const char *id = work->ticketing->batch->id;
	int batches = -1;

	work->folder = -1;
	if ((mkdirat(folder, "batches", 0700) == 0 || errno == EEXIST) &&
	    (batches = openat(folder, "batches", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) >= 0 &&
	    (mkdirat(batches, id, 0700) == 0 || errno == EEXIST) && fsync(batches) == 0 && fsync(folder) == 0)
		work->folder = openat(batches, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (work->folder < 0)
		failed(work, "make a folder for", fault);
	if (batches >= 0)
		(void)close(batches);
	return work->folder < 0 ? -1 : 0;
}

static void head_line(char line[static LINE], const struct ticketing *t)
{
	char authority[PUBLIC_TEXT], scope[65];

	public_write(authority, t->authority);
	hex_write(scope, t->scope, sizeof(t->scope));
	(void)snprintf(line, LINE,
		       "{\"authority\":\"%s\",\"batch\":\"%s\",\"ceremony\":\"%s\",\"count\":%u,\"method\":"
		       "\"%s\",\"schema\":1,\"scope\":\"%s\",\"type\":\"tickets\"}\n",
		       authority, t->batch->id, t->plan->id, t->batch->count,
		       plan_method_name(t->batch->method), scope);
}

/* The characters before the ticket, and after it. */
static size_t before_ticket(char line[static LINE], const struct ticketing *t, unsigned index,
			    const char *iccid)
{
	return (size_t)snprintf(line, LINE, "{\"iccid\":\"%s\",\"number\":%u,\"ticket\":\"", iccid,
				t->batch->first_ticket + index);
}

static const char after_ticket[] = "\"}\n";

/* ---- reading ---- */

struct ticket_bytes {
	uint8_t at[TICKET_AGREED];
	size_t length;
};

static struct span span_of(const struct ticket_bytes *bytes)
{
	return (struct span){bytes->at, bytes->length};
}

/* Is it what card `index` has, in all but the signature? */
static int is_ticket(const struct ticketing *t, const struct ticket_bytes *bytes, struct ticket *want)
{
	uint8_t text[TICKET_AGREED];
	struct ticket got;
	uint32_t issued;

	if (ticket_parse(&got, span_of(bytes)) != OK)
		return 0;
	issued = ticket_number(got.issued);
	memcpy(want->issued, got.issued, sizeof(want->issued));
	return issued >= t->earliest && issued <= t->latest &&
	       ticket_write(text, want) + P256_SIGNATURE == bytes->length &&
	       memcmp(text, bytes->at, bytes->length - P256_SIGNATURE) == 0;
}

/* The next line: 1 and its ticket when it is the next card's; 0, and nothing is changed, when it is not. */
static int read_ticket(struct work *work, struct ticket_bytes *bytes, struct fault *fault)
{
	char line[LINE], want[LINE], iccid[21];
	struct ticket_bytes got;
	struct ticket ticket;
	size_t before, whole;
	int read;

	if (!fgets(line, sizeof(line), work->file))
		return 0;
	if (ticketing_ticket(&ticket, iccid, work->ticketing, work->done, fault) < 0)
		return -1;
	before = before_ticket(want, work->ticketing, work->done, iccid);
	whole = strlen(line);
	if (whole < before + strlen(after_ticket) || memcmp(line, want, before) != 0 ||
	    strcmp(line + whole - strlen(after_ticket), after_ticket) != 0)
		return 0;
	line[whole - strlen(after_ticket)] = 0;
	read = base64_read(got.at, sizeof(got.at), line + before);
	got.length = read < 0 ? 0 : (size_t)read;
	if (!is_ticket(work->ticketing, &got, &ticket))
		return 0;
	if (merkle_add(&work->tree, span_of(&got)) != OK)
		return bug(fault);
	work->end += (off_t)whole;
	work->done++;
	*bytes = got;
	return 1;
}

static int read_head(struct work *work)
{
	char line[LINE], want[LINE];

	head_line(want, work->ticketing);
	if (!fgets(line, sizeof(line), work->file) || strcmp(line, want) != 0)
		return 0;
	work->end = (off_t)strlen(line);
	return 1;
}

/* Take over what an earlier run left. A crash leaves whole lines and then
 * something else, so of the signatures only the last is verified: it takes
 * longer than to sign. */
static int keep_lines(struct work *work, struct fault *fault)
{
	struct work before = *work;
	struct ticket_bytes last = {.length = 0};
	int got = read_head(work);

	while (got > 0 && work->done < work->ticketing->batch->count) {
		struct work now = *work;

		got = read_ticket(work, &last, fault);
		if (got > 0)
			before = now;
	}
	if (got < 0)
		return -1;
	if (work->done > 0 && ticketing_check(work->ticketing, span_of(&last), NULL) < 0)
		*work = before;
	return 0;
}

/* ---- writing ---- */

/* The file as far as it is right, and the place behind that. */
static int open_part(struct work *work, struct fault *fault)
{
	int fd;

	/* whole, but the transcript does not tell of it: a crash came between */
	if (renameat(work->folder, final_name, work->folder, part_name) < 0 && errno != ENOENT)
		return failed(work, "go on with", fault);
	fd = openat(work->folder, part_name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	work->file = fd < 0 ? NULL : fdopen(fd, "r+");
	if (!work->file) {
		if (fd >= 0)
			(void)close(fd);
		return failed(work, "open", fault);
	}
	if (keep_lines(work, fault) < 0)
		return -1;
	if (fseeko(work->file, work->end, SEEK_SET) < 0 || ftruncate(fd, work->end) < 0)
		return failed(work, "go on with", fault);
	return 0;
}

static int sign_next(struct work *work, struct fault *fault)
{
	char line[LINE], text[BASE64_TEXT(TICKET_AGREED)], iccid[21];
	struct ticket_bytes bytes;
	struct ticket ticket;
	uint8_t digest[SHA256_LENGTH];
	size_t length;

	if (ticketing_ticket(&ticket, iccid, work->ticketing, work->done, fault) < 0)
		return -1;
	ticket_set_number(ticket.issued, (uint32_t)work->ticketing->latest);
	length = ticket_write(bytes.at, &ticket);
	if (sha256(digest, (struct span){bytes.at, length}) != OK)
		return bug(fault);
	if (work->signer->sign(work->signer->context, bytes.at + length, digest, fault) < 0)
		return -1;
	bytes.length = length + P256_SIGNATURE;
	if (merkle_add(&work->tree, span_of(&bytes)) != OK)
		return bug(fault);
	base64_write(text, bytes.at, bytes.length);
	(void)before_ticket(line, work->ticketing, work->done, iccid);
	if (fprintf(work->file, "%s%s%s", line, text, after_ticket) < 0)
		return failed(work, "write", fault);
	work->done++;
	return 0;
}

static int write_all(struct work *work, struct fault *fault)
{
	char head[LINE];

	head_line(head, work->ticketing);
	if (work->end == 0 && fputs(head, work->file) == EOF)
		return failed(work, "write", fault);
	while (work->done < work->ticketing->batch->count) {
		if (stop_asked())
			return fault_set(fault, FAULT_STOPPED,
					 "run the same command again: it goes on from here",
					 "stopped with %u of %u tickets signed", work->done,
					 work->ticketing->batch->count);
		if (sign_next(work, fault) < 0)
			return -1;
		progress_at(work->done, "");
	}
	return 0;
}

static int make(struct work *work, struct fault *fault)
{
	int result = open_part(work, fault);

	if (result < 0)
		return -1;
	result = write_all(work, fault);
	if ((fflush(work->file) != 0 || fsync(fileno(work->file)) < 0) && result == 0)
		result = failed(work, "write", fault);
	if (result == 0 &&
	    (renameat(work->folder, part_name, work->folder, final_name) < 0 || fsync(work->folder) < 0))
		result = failed(work, "name", fault);
	return result;
}

static void end(struct work *work)
{
	if (work->file)
		(void)fclose(work->file);
	if (work->folder >= 0)
		(void)close(work->folder);
}

int ticket_file_make(uint8_t root[static 32], int folder, const struct ticketing *ticketing,
		     const struct transcript_signer *signer, struct fault *fault)
{
	struct work work = {.ticketing = ticketing, .signer = signer, .folder = -1};
	int result;

	merkle_start(&work.tree);
	result = open_folder(&work, folder, fault) < 0 ? -1 : make(&work, fault);
	end(&work);
	return result == 0 && merkle_root(&work.tree, root) != OK ? bug(fault) : result;
}

/* ---- using ---- */

static int read_all(struct work *work, uint8_t (*hashes)[32], struct fault *fault)
{
	struct ticket_bytes bytes;
	int got = read_head(work);

	while (got > 0 && work->done < work->ticketing->batch->count) {
		got = read_ticket(work, &bytes, fault);
		if (got > 0 && merkle_leaf(hashes[work->done - 1], span_of(&bytes)) != OK)
			return bug(fault);
	}
	return got;
}

int ticket_file_hashes(uint8_t (**hashes)[32], int folder, const struct ticketing *ticketing,
		       const uint8_t root[static 32], struct fault *fault)
{
	struct work work = {.ticketing = ticketing, .folder = -1};
	uint8_t got[32];
	int result = -1, fd = -1;

	merkle_start(&work.tree);
	*hashes = calloc(ticketing->batch->count, sizeof(**hashes));
	if (!*hashes)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	if (open_folder(&work, folder, fault) == 0) {
		fd = openat(work.folder, final_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		work.file = fd < 0 ? NULL : fdopen(fd, "r");
		result = work.file ? read_all(&work, *hashes, fault) : failed(&work, "open", fault);
	}
	end(&work);
	if (result > 0 && merkle_root(&work.tree, got) != OK)
		result = bug(fault);
	if (result == 0 || (result > 0 && memcmp(got, root, 32) != 0))
		result = fault_set(fault, FAULT_INPUT, "put the file back that the ceremony wrote",
				   "batches/%s/tickets.jsonl is not the file whose root the transcript has",
				   ticketing->batch->id);
	if (result > 0)
		return 0;
	free(*hashes);
	*hashes = NULL;
	return -1;
}
