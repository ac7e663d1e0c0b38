/* transcript_check.c - reading, kept apart from writing.
 *
 * Every line is parsed, written again and compared: what is left to change is
 * then only a value, and every value is under the signature. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "lib/canonical.h"
#include "lib/merkle.h"
#include "lib/signature.h"
#include "lib/transcript_line.h"

int transcript_bug(struct fault *fault)
{
	return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
}

int transcript_signed_digest(uint8_t digest[static 32], const json_t *entry, struct fault *fault)
{
	json_t *copy = json_copy((json_t *)(uintptr_t)entry);
	int result;

	if (!copy)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	(void)json_object_del(copy, "signature");
	result = canonical_digest(digest, copy, fault);
	json_decref(copy);
	return result;
}

int transcript_take_key(struct transcript_summary *summary, struct fault *fault)
{
	uint8_t der[SPKI_LENGTH];

	public_der(der, summary->point);
	if (sha256(summary->key, (struct span){der, sizeof(der)}) != OK)
		return transcript_bug(fault);
	return 0;
}

int transcript_count_line(struct transcript_summary *summary, struct merkle *tree, const char *line,
			  size_t length, struct fault *fault)
{
	const uint8_t *at = (const uint8_t *)line;

	if (sha256(summary->fingerprint, (struct span){at, length}) != OK)
		return transcript_bug(fault);
	if (summary->closed)
		return 0; /* the root is over what came before */
	if (merkle_add(tree, (struct span){at, length - 1}) != OK || merkle_root(tree, summary->root) != OK)
		return transcript_bug(fault);
	return 0;
}

static int no(struct fault *fault, const char *why)
{
	return fault_set(fault, FAULT_NO, NULL, "%s", why);
}

static int two(const char *digits)
{
	return (digits[0] - '0') * 10 + digits[1] - '0';
}

/* "2026-01-31T12:00:00Z", a time that there is; no leap second, which Unix time does not have. */
int transcript_is_time(const char *text)
{
	static const char shape[] = "0000-00-00T00:00:00Z";
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day, hour, minute, second, leap;

	if (!text || strlen(text) != sizeof(shape) - 1)
		return 0;
	for (size_t i = 0; shape[i]; i++)
		if (shape[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != shape[i])
			return 0;
	year = two(text) * 100 + two(text + 2);
	month = two(text + 5);
	day = two(text + 8);
	hour = two(text + 11);
	minute = two(text + 14);
	second = two(text + 17);
	if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59)
		return 0;
	leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return day >= 1 && day <= days[month - 1] + leap;
}

int64_t transcript_seconds(const char *text)
{
	struct tm time = {0};

	return transcript_is_time(text) && strptime(text, "%Y-%m-%dT%H:%M:%SZ", &time) ? timegm(&time) : -1;
}

static int check_members(const json_t *entry, const struct transcript_summary *summary, struct fault *fault)
{
	const char *at = json_string_value(json_object_get(entry, "at"));
	const char *type = json_string_value(json_object_get(entry, "type"));
	const json_t *schema = json_object_get(entry, "schema"), *seq = json_object_get(entry, "seq");

	if (json_object_size(entry) != 7 || !at || !type || !json_is_object(json_object_get(entry, "data")) ||
	    !json_is_string(json_object_get(entry, "previous")) || !json_is_integer(schema) ||
	    !json_is_integer(seq) || !json_is_string(json_object_get(entry, "signature")))
		return no(fault, "the members are not at, data, previous, schema, seq, signature and type");
	if (json_integer_value(schema) != 1)
		return no(fault, "schema is not 1");
	if (json_integer_value(seq) != (json_int_t)summary->count + 1)
		return no(fault, "seq is not the line's number: a line is missing, added or moved");
	if ((summary->count == 0) != (strcmp(type, "begin") == 0))
		return no(fault,
			  summary->count == 0 ? "the first entry is not \"begin\"" : "a second \"begin\"");
	if (type[0] == 0 || type[strspn(type, "abcdefghijklmnopqrstuvwxyz")] != 0)
		return no(fault, "type is not a lower-case word");
	if (!transcript_is_time(at))
		return no(fault, "at is not a UTC time");
	if (strcmp(at, summary->at) < 0)
		return no(fault, "at is earlier than the line before");
	return 0;
}

static int check_chain(const json_t *entry, struct transcript_summary *summary, struct fault *fault)
{
	uint8_t previous[32];

	if (canonical_hex_read(previous, 32, json_string_value(json_object_get(entry, "previous"))) < 0)
		return no(fault, "previous is not a SHA-256 value in hex");
	if (summary->count == 0)
		memcpy(summary->previous, previous, 32);
	else if (memcmp(previous, summary->fingerprint, 32) != 0)
		return no(fault,
			  "previous is not the hash of the line before: that line was changed, or this one");
	return 0;
}

static int check_signature(const json_t *entry, struct transcript_summary *summary, struct fault *fault)
{
	uint8_t digest[32], signature[64];

	if (summary->count == 0) {
		const json_t *data = json_object_get(entry, "data");
		const char *key = json_string_value(json_object_get(data, "key"));

		if (!key || public_read(summary->point, key) < 0)
			return no(fault, "data.key is not a P-256 public key");
		if (transcript_take_key(summary, fault) < 0)
			return -1;
	}
	if (signature_read(signature, json_string_value(json_object_get(entry, "signature"))) < 0)
		return no(fault, "signature is not an ECDSA signature in DER and base64");
	if (!signature_is_low(signature))
		return no(fault, "signature is not in its one accepted form (s is in the upper half)");
	if (transcript_signed_digest(digest, entry, fault) < 0)
		return -1;
	switch (p256_verify((struct span){summary->point, 65}, digest, signature)) {
	case OK:
		return 0;
	case ERROR_VALUE:
		return no(fault, "data.key is not a point of P-256");
	case ERROR_CHECK:
		return no(fault,
			  "the signature does not fit: the line was changed, or another key signed it");
	default:
		return transcript_bug(fault);
	}
}

static int check_close(const json_t *entry, struct transcript_summary *summary, struct fault *fault)
{
	const json_t *data = json_object_get(entry, "data");
	const json_t *count = json_object_get(data, "count");
	uint8_t root[32];

	if (strcmp(json_string_value(json_object_get(entry, "type")), "close") != 0)
		return 0;
	if (!json_is_integer(count) || json_integer_value(count) != (json_int_t)summary->count)
		return no(fault, "count is not the number of lines before");
	if (canonical_hex_read(root, 32, json_string_value(json_object_get(data, "root"))) < 0 ||
	    memcmp(root, summary->root, 32) != 0)
		return no(fault, "root is not the Merkle root of the lines before");
	summary->closed = 1;
	return 0;
}

static json_t *parse_line(const char *line, size_t length, struct fault *fault)
{
	json_t *entry = canonical_parse(line, length, fault);

	if (!entry && fault && fault->code == FAULT_INPUT)
		fault->code = FAULT_NO;
	if (entry && !json_is_object(entry)) {
		json_decref(entry);
		no(fault, "not an object");
		entry = NULL;
	}
	return entry;
}

int transcript_check_one(struct transcript_summary *summary, unsigned seq, const char *line, size_t length,
			 transcript_visit *visit, void *context, struct fault *fault)
{
	json_t *entry = parse_line(line, length, fault);
	uint8_t previous[32];
	int result = -1;

	summary->count = seq - 1;
	if (entry && check_members(entry, summary, fault) == 0 && check_signature(entry, summary, fault) == 0)
		result = canonical_hex_read(previous, 32,
					    json_string_value(json_object_get(entry, "previous"))) < 0
				 ? no(fault, "previous is not a SHA-256 value in hex")
				 : 0;
	if (result == 0) {
		memcpy(summary->at, json_string_value(json_object_get(entry, "at")), sizeof(summary->at));
		result = visit(context, seq, entry, fault);
	}
	json_decref(entry);
	return result;
}

static int check_line(struct transcript_summary *summary, struct merkle *tree, const char *line,
		      size_t length, transcript_visit *visit, void *context, struct fault *fault)
{
	json_t *entry;
	int result = -1;

	if (summary->closed)
		return no(fault, "there is a line after \"close\"");
	entry = parse_line(line, length - 1, fault);
	if (!entry)
		return -1;
	if (check_members(entry, summary, fault) == 0 && check_chain(entry, summary, fault) == 0 &&
	    check_signature(entry, summary, fault) == 0 && check_close(entry, summary, fault) == 0)
		result = transcript_count_line(summary, tree, line, length, fault);
	if (result == 0) {
		memcpy(summary->at, json_string_value(json_object_get(entry, "at")), sizeof(summary->at));
		summary->count++;
		if (visit)
			result = visit(context, summary->count, entry, fault);
	}
	json_decref(entry);
	return result;
}

int transcript_check_tree(struct transcript_summary *summary, struct merkle *tree, const char *text,
			  size_t length, transcript_visit *visit, void *context, struct fault *fault)
{
	const char *end = text + length;

	memset(summary, 0, sizeof(*summary));
	merkle_start(tree);
	for (unsigned line = 1; text < end; line++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		int result;

		if (!newline)
			result = no(fault, "the last line is not ended by a newline: it was cut off");
		else
			result = check_line(summary, tree, text, (size_t)(newline - text) + 1, visit, context,
					    fault);
		if (result < 0)
			return fault_prefix(fault, "line %u", line);
		text = newline + 1;
	}
	return summary->count > 0 ? 0 : no(fault, "the transcript is empty");
}

int transcript_check(struct transcript_summary *summary, const char *text, size_t length, int unfinished,
		     transcript_visit *visit, void *context, struct fault *fault)
{
	struct merkle tree;

	if (transcript_check_tree(summary, &tree, text, length, visit, context, fault) < 0)
		return -1;
	if (!summary->closed && !unfinished)
		return fault_set(
			fault, FAULT_NO, NULL,
			"line %u is the last and not \"close\": the ceremony was not finished, or lines "
			"were taken away",
			summary->count);
	return 0;
}
