#include "lib/note.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/p256.h"
#include "crypto/sha256.h"
#include "lib/base64.h"
#include "lib/hex.h"
#include "lib/merkle.h"
#include "lib/signature.h"

enum {
	KEY_ID = 4
};

static const char dash[] = "\xE2\x80\x94 "; /* U+2014 and a blank */

static int bug(struct fault *fault)
{
	return fault_set(fault, FAULT_BUG, NULL, "the cipher library refused");
}

int note_compose(char text[static NOTE_TEXT + 1], const struct note_facts *facts, const char *ceremony,
		 const char *mode, struct fault *fault)
{
	char root[BASE64_TEXT(32)];
	int written;

	base64_write(root, facts->root, sizeof(facts->root));
	written = snprintf(text, NOTE_TEXT + 1, "simrite/ceremony/%s\n%u\n%s\nmode %s\nfingerprint %s\n",
			   ceremony, facts->count, root, mode, facts->fingerprint);
	return written > 0 && written <= NOTE_TEXT
		       ? 0
		       : fault_set(fault, FAULT_BUG, NULL, "the note's text is too long");
}

int note_text(char text[static NOTE_TEXT + 1], const char *transcript, size_t length, const char *ceremony,
	      const char *mode, struct fault *fault)
{
	const char *at = transcript, *end = transcript + length;
	struct note_facts facts = {.count = 0};
	uint8_t digest[32] = {0};
	struct merkle tree;

	merkle_start(&tree);
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		struct span line = {(const uint8_t *)at, newline ? (size_t)(newline - at) : 0};

		if (!newline)
			return fault_set(fault, FAULT_NO, NULL, "the last line has no newline");
		if (merkle_add(&tree, line) != OK)
			return bug(fault);
		line.length++;
		if (sha256(digest, line) != OK)
			return bug(fault);
		at = newline + 1;
		facts.count++;
	}
	if (merkle_root(&tree, facts.root) != OK)
		return bug(fault);
	hex_write(facts.fingerprint, digest, sizeof(digest));
	return note_compose(text, &facts, ceremony, mode, fault);
}

/* Line `line` (from 0) of the text, without `before`; "" when it does not begin so or is too long. */
static void read_line(char out[static 65], const char *note, unsigned line, const char *before)
{
	size_t length;

	out[0] = 0;
	while (line-- > 0 && note)
		note = strchr(note, '\n') ? strchr(note, '\n') + 1 : NULL;
	if (!note || strncmp(note, before, strlen(before)) != 0)
		return;
	note += strlen(before);
	length = strcspn(note, "\n");
	if (length < 65) {
		memcpy(out, note, length);
		out[length] = 0;
	}
}

int note_read(struct note_facts *facts, const char *note)
{
	char count[65], root[65], *end;
	unsigned long value;

	read_line(count, note, 1, "");
	read_line(root, note, 2, "");
	read_line(facts->fingerprint, note, 4, "fingerprint ");
	value = strtoul(count, &end, 10);
	facts->count = (unsigned)value;
	return count[0] >= '0' && count[0] <= '9' && !*end && value <= UINT_MAX &&
			       base64_read(facts->root, 32, root) == 32 && strlen(facts->fingerprint) == 64
		       ? 0
		       : -1;
}

void note_origin(char name[static NOTE_NAME], const char *ceremony)
{
	(void)snprintf(name, NOTE_NAME, "simrite/ceremony/%s", ceremony);
}

void note_name(char name[static NOTE_NAME], const char *party)
{
	size_t length = 0;

	for (; *party && length + 4 < NOTE_NAME; party++)
		if (strchr(" +%", *party))
			length += (size_t)snprintf(name + length, NOTE_NAME - length, "%%%02X",
						   (unsigned)(unsigned char)*party);
		else
			name[length++] = *party;
	name[length] = 0;
}

static int key_id(uint8_t id[static KEY_ID], const uint8_t point[static 65])
{
	uint8_t der[SPKI_LENGTH], digest[32];

	public_der(der, point);
	if (sha256(digest, (struct span){der, sizeof(der)}) != OK)
		return -1;
	memcpy(id, digest, KEY_ID);
	return 0;
}

int note_line(char line[static NOTE_LINE], const char *name, const uint8_t point[static 65],
	      const uint8_t signature[static 64], struct fault *fault)
{
	char der64[SIGNATURE_TEXT], packed64[BASE64_TEXT(KEY_ID + 72)];
	uint8_t packed[KEY_ID + 72];
	int length;

	signature_write(der64, signature);
	length = base64_read(packed + KEY_ID, sizeof(packed) - KEY_ID, der64);
	if (length < 0 || key_id(packed, point) < 0)
		return bug(fault);
	base64_write(packed64, packed, KEY_ID + (size_t)length);
	(void)snprintf(line, NOTE_LINE, "%s%s %s\n", dash, name, packed64);
	return 0;
}

static int no(struct fault *fault, const char *why)
{
	return fault_set(fault, FAULT_NO, NULL, "the note: %s", why);
}

/* One signature line: of one of the keys, or nobody's we know. */
static int check_line(const char *line, size_t length, const uint8_t digest[static 32], struct note_key *keys,
		      size_t count, struct fault *fault)
{
	char copy[NOTE_LINE], *blank, der64[SIGNATURE_TEXT];
	uint8_t packed[KEY_ID + 72], id[KEY_ID], raw[64];
	int packed_length;

	if (length < sizeof(dash) || memcmp(line, dash, sizeof(dash) - 1) != 0)
		return no(fault, "a line after the empty one is no signature");
	if (length > sizeof(copy) - 1)
		return no(fault, "a line is too long");
	memcpy(copy, line, length);
	copy[length] = 0;
	blank = strchr(copy + strlen(dash), ' ');
	if (!blank || blank == copy + strlen(dash))
		return no(fault, "a signature has no name");
	*blank = 0;
	packed_length = base64_read(packed, sizeof(packed), blank + 1);
	for (size_t i = 0; i < count; i++) {
		struct note_key *key = &keys[i];

		if (strcmp(key->name, copy + strlen(dash)) != 0)
			continue;
		if (packed_length <= KEY_ID)
			return no(fault, "a signature is not in base64");
		if (key_id(id, key->point) < 0)
			return bug(fault);
		if (memcmp(id, packed, KEY_ID) != 0)
			continue;
		base64_write(der64, packed + KEY_ID, (size_t)packed_length - KEY_ID);
		if (signature_read(raw, der64) < 0 || !signature_is_low(raw) ||
		    p256_verify((struct span){key->point, 65}, digest, raw) != OK)
			return fault_set(fault, FAULT_NO, NULL,
					 "the note: the signature of %.80s is not good", key->name);
		if (key->found)
			return fault_set(fault, FAULT_NO, NULL, "the note: %.80s signs twice", key->name);
		key->found = true;
	}
	return 0;
}

int note_check(const char *note, size_t length, const char *text, struct note_key *keys, size_t count,
	       struct fault *fault)
{
	const char *at = note + strlen(text), *end = note + length;
	uint8_t digest[32];

	for (size_t i = 0; i < count; i++)
		keys[i].found = false;
	if (length > NOTE_SIZE || memchr(note, 0, length))
		return no(fault, "it is none");
	if (length <= strlen(text) || memcmp(note, text, strlen(text)) != 0 || *at != '\n')
		return no(fault, "it is about another transcript");
	if (sha256(digest, (struct span){(const uint8_t *)text, strlen(text)}) != OK)
		return bug(fault);
	for (at++; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		if (!newline)
			return no(fault, "its last line has no newline: it was cut off");
		if (check_line(at, (size_t)(newline - at), digest, keys, count, fault) < 0)
			return -1;
		at = newline + 1;
	}
	return 0;
}
