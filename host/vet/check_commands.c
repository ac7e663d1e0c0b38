/* What does the card answer that no specification asks for? Card and
 * reference are asked the same, one after the other, and what differs is
 * told; without a reference, status words are held against the specification. */
#include <stdio.h>
#include <string.h>

#include "lib/card_file.h"
#include "lib/say.h"
#include "status.h"
#include "vet/checks.h"

enum {
	DATA = 16, /* bytes sent to an unknown instruction */
	PATH = 32,
	RECORDS = 254
};

struct answer {
	int sw;
	size_t length;
	uint8_t data[256];
};

static int ask(struct reader *reader, struct answer *answer, const uint8_t *command, size_t length,
	       struct fault *fault)
{
	answer->sw = reader_apdu(reader, answer->data, &answer->length, sizeof(answer->data), command, length,
				 fault);
	return answer->sw < 0 ? -1 : 0;
}

static const char *command_text(char text[static 16], const uint8_t *command)
{
	(void)snprintf(text, 16, "%02X %02X %02X %02X", command[0], command[1], command[2], command[3]);
	return text;
}

/* Ask both. With `contents` the data is compared, too, else its length. */
static int both(struct vet *vet, struct vet_finding *finding, struct answer *answer, const uint8_t *command,
		size_t length, bool contents, const char *what, struct fault *fault)
{
	struct answer honest;
	char text[16];

	if (ask(vet->card, answer, command, length, fault) != 0)
		return -1;
	if (!vet->reference)
		return 0;
	if (ask(vet->reference, &honest, command, length, fault) != 0)
		return -1;
	command_text(text, command);
	if (answer->sw != honest.sw)
		vet_found(finding, "%s%s answers %04X, the reference %04X", what, text, (unsigned)answer->sw,
			  (unsigned)honest.sw);
	else if (answer->length != honest.length)
		vet_found(finding, "%s%s answers %zu bytes, the reference %zu", what, text, answer->length,
			  honest.length);
	else if (contents && memcmp(answer->data, honest.data, honest.length) != 0)
		vet_found(finding, "%s%s answers other bytes than the reference", what, text);
	return 0;
}

/* ---- instructions ---- */

/* Of TS 102 221 10.1.2, TS 51.011 9.2, GlobalPlatform 11 and this card's own application. */
static const uint8_t known_00[] = {0xA4, 0xB0, 0xB2, 0xA2, 0x88, 0x89, 0x84,
				   0x70, 0x73, 0x75, 0xC0, 0xCA, 0xCB};
static const uint8_t known_80[] = {0xF2, 0x10, 0x12, 0x14, 0xC2, 0xCB, 0xAA, 0x76, 0x78, 0xC0,
				   0x50, 0x82, 0xCA, 0x34, 0x38, 0x3C, 0x3E, 0x40, 0x42, 0x48};
static const uint8_t known_a0[] = {0xA4, 0xF2, 0xB0, 0xB2, 0xA2, 0x88, 0xFA, 0xC0, 0x10, 0x12, 0x14, 0xC2};
/* Those that try a PIN, or change or end something: in no class. */
static const uint8_t never[] = {0x20, 0x24, 0x26, 0x28, 0x2C, 0x04, 0x44, 0xE0, 0xE2,
				0xE4, 0xE6, 0xE8, 0xFE, 0xD4, 0xD6, 0xDC, 0xDA, 0xDB,
				0x32, 0xD8, 0xF0, 0x36, 0x3A, 0x46, 0x0E, 0xD0, 0xD2};

static bool among(const uint8_t *list, size_t length, uint8_t ins)
{
	return memchr(list, ins, length) != NULL;
}

static bool to_be_asked(uint8_t cla, uint8_t ins)
{
	uint8_t high = cla & 0xF0;

	/* ISO/IEC 7816-3 10.3.2: no INS begins with 6 or 9 */
	if ((ins & 0xF0) == 0x60 || (ins & 0xF0) == 0x90 || among(never, sizeof(never), ins))
		return false;
	if (cla == 0xA0)
		return !among(known_a0, sizeof(known_a0), ins);
	if (high == 0x80 || high == 0xC0 || high == 0xE0)
		return !among(known_80, sizeof(known_80), ins) && !among(known_00, sizeof(known_00), ins);
	return !among(known_00, sizeof(known_00), ins);
}

/* 6D00, 6E00; 6881, 6882 for channels and security that are not there. */
static bool means_unknown(int sw)
{
	return sw == SW_INS_NOT_SUPPORTED || sw == SW_CLA_NOT_SUPPORTED || sw == SW_CHANNEL_NOT_SUPPORTED ||
	       sw == SW_SECURE_NOT_SUPPORTED;
}

static int ask_instruction(struct vet *vet, struct vet_finding *finding, uint8_t cla, uint8_t ins,
			   struct fault *fault)
{
	const uint8_t command[5 + DATA] = {cla, ins, 0, 0, 0};
	uint8_t with_data[5 + DATA + 1] = {cla, ins, 0, 0, DATA};
	struct answer answer;
	char text[16];

	if (both(vet, finding, &answer, command, 5, false, "", fault) != 0)
		return -1;
	if (!vet->reference && !means_unknown(answer.sw))
		vet_found(finding, "%s answers %04X and %zu bytes", command_text(text, command),
			  (unsigned)answer.sw, answer.length);
	if (both(vet, finding, &answer, with_data, 5 + DATA, false, "", fault) != 0)
		return -1;
	if (!vet->reference && !means_unknown(answer.sw))
		vet_found(finding, "%s with data answers %04X", command_text(text, with_data),
			  (unsigned)answer.sw);
	return 0;
}

static int every_instruction(struct vet *vet, struct vet_finding *finding, unsigned *asked,
			     struct fault *fault)
{
	static const uint8_t some[] = {0x00, 0x80, 0xA0, 0x84, 0x04, 0x0C, 0x01, 0x10, 0x20,
				       0x40, 0x60, 0x90, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0, 0xFE};
	unsigned classes = vet->budget.deep ? 255 : sizeof(some);

	for (unsigned i = 0; i < classes; i++) {
		uint8_t cla = vet->budget.deep ? (uint8_t)i : some[i];

		if (stop_asked())
			return fault_set(fault, FAULT_STOPPED, NULL, "stopped");
		for (unsigned ins = 0; ins < 256; ins++) {
			if (!to_be_asked(cla, (uint8_t)ins))
				continue;
			*asked += 2;
			if (ask_instruction(vet, finding, cla, (uint8_t)ins, fault) != 0)
				return -1;
		}
	}
	return 0;
}

/* GET DATA: keys differ from card to card, so only status and length are compared. */
static int every_object(struct vet *vet, struct vet_finding *finding, unsigned *asked, unsigned *there,
			struct fault *fault)
{
	static const uint8_t some[] = {0x00, 0x5F, 0x7F, 0x9F, 0xBF, 0xDF, 0xFF};
	unsigned first_bytes = vet->budget.deep ? 256 : sizeof(some);
	struct answer answer;

	if (scp03_select(vet->card, fault) != 0 ||
	    (vet->reference && scp03_select(vet->reference, fault) != 0))
		return -1;
	for (unsigned i = 0; i < first_bytes * 256; i++) {
		const uint8_t p1 = vet->budget.deep ? (uint8_t)(i >> 8) : some[i >> 8];
		const uint8_t command[] = {0x80, 0xCA, p1, (uint8_t)i, 0x00};

		if (p1 == 0xDF && (i & 0xFF) >= 0x22 && (i & 0xFF) <= 0x25)
			continue; /* the identity and what it signed: the reference has none */
		++*asked;
		if (both(vet, finding, &answer, command, sizeof(command), false, "", fault) != 0)
			return -1;
		*there += answer.sw == SW_OK;
	}
	return 0;
}

int check_instructions(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	unsigned asked = 0, tags = 0, there = 0;
	int result = vet_ready(vet, vet->card, fault);

	if (result == 0 && vet->reference)
		result = vet_ready(vet, vet->reference, fault);
	if (result == 0)
		result = every_instruction(vet, finding, &asked, fault);
	if (result == 0)
		result = every_object(vet, finding, &tags, &there, fault);
	vet_say(finding, "%u unknown commands refused; %u data objects of %u tags; %s", asked, there, tags,
		vet->reference ? "all as the reference" : "no reference");
	return result;
}

/* ---- files ---- */

static int read_file(struct vet *vet, struct vet_finding *finding, const char *path,
		     const struct card_file *file, struct fault *fault)
{
	size_t records = file->records < RECORDS ? file->records : RECORDS;
	struct answer answer;
	char what[PATH + 4];

	(void)snprintf(what, sizeof(what), "%s: ", path);
	if (file->kind == CARD_FILE_LINEAR || file->kind == CARD_FILE_CYCLIC) {
		for (size_t r = 1; r <= records; r++) {
			const uint8_t command[] = {0x00, 0xB2, (uint8_t)r, 0x04,
						   (uint8_t)file->record_length};

			if (both(vet, finding, &answer, command, sizeof(command), true, what, fault) != 0)
				return -1;
			if (answer.sw != SW_OK)
				break;
		}
		return 0;
	}
	for (size_t at = 0; file->kind == CARD_FILE_TRANSPARENT && at < file->size && at < 0x7F00;
	     at += 255) {
		size_t n = file->size - at < 255 ? file->size - at : 255;
		const uint8_t command[] = {0x00, 0xB0, (uint8_t)(at >> 8), (uint8_t)at, (uint8_t)n};

		if (both(vet, finding, &answer, command, sizeof(command), true, what, fault) != 0)
			return -1;
		if (answer.sw != SW_OK)
			break;
	}
	return 0;
}

static int enter(struct vet *vet, const char *path, struct fault *fault)
{
	int sw = card_file_select(vet->card, NULL, path, fault);

	if (sw != SW_OK || !vet->reference)
		return sw < 0 ? -1 : sw == SW_OK;
	sw = card_file_select(vet->reference, NULL, path, fault);
	return sw < 0 ? -1 : sw == SW_OK;
}

/* All EFs of a directory, XX00 to XXFF. */
static int walk(struct vet *vet, struct vet_finding *finding, const char *directory, uint8_t first,
		unsigned *files, struct fault *fault)
{
	struct card_file file, honest;
	struct answer answer;
	char path[PATH];
	int inside = directory[0] ? enter(vet, directory, fault) : 1;

	for (unsigned low = 0; inside == 1 && low < 256; low++) {
		const uint8_t command[] = {0x00, 0xA4, 0x00, 0x0C, 0x02, first, (uint8_t)low};
		char what[PATH + 4];

		(void)snprintf(path, sizeof(path), "%s%s%02X%02X", directory, directory[0] ? "/" : "", first,
			       low);
		(void)snprintf(what, sizeof(what), "%s: ", path);
		if (both(vet, finding, &answer, command, sizeof(command), true, what, fault) != 0)
			return -1;
		if (answer.sw != SW_OK)
			continue;
		++*files;
		if (card_file_select(vet->card, &file, path, fault) != SW_OK ||
		    (vet->reference && card_file_select(vet->reference, &honest, path, fault) != SW_OK))
			return fault_prefix(fault, "%s", path);
		if (read_file(vet, finding, path, &file, fault) != 0)
			return -1;
	}
	return inside < 0 ? -1 : 0;
}

int check_files(struct vet *vet, struct vet_finding *finding, struct fault *fault)
{
	static const char *const roots[] = {"7FFF", "7F10", "7F20"};
	unsigned files = 0;
	char path[PATH];
	int result = vet_ready(vet, vet->card, fault);

	if (result == 0 && vet->reference)
		result = vet_ready(vet, vet->reference, fault);
	if (result == 0 && enter(vet, "2FE2", fault) < 0)
		result = -1;
	if (result == 0)
		result = walk(vet, finding, "", 0x2F, &files, fault);
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]) && result == 0; i++) {
		result = walk(vet, finding, roots[i], 0x6F, &files, fault);
		for (unsigned low = 0; low < 256 && result == 0; low++) {
			int there;

			(void)snprintf(path, sizeof(path), "%s/5F%02X", roots[i], low);
			if (stop_asked())
				return fault_set(fault, FAULT_STOPPED, NULL, "stopped");
			there = enter(vet, path, fault);
			result = there < 0 ? -1 : there ? walk(vet, finding, path, 0x4F, &files, fault) : 0;
		}
	}
	vet_say(finding, "%u files, %s", files,
		vet->reference ? "the same on the reference" : "not compared: no reference");
	return result;
}
