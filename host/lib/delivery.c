#include "lib/delivery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/growing.h"
#include "lib/secret.h"

enum {
	NAME_SIZE = BATCH_ID + 4
};

struct delivery {
	struct growing file;
	enum design design;
};

static void file_name(char name[static NAME_SIZE], const char *batch)
{
	(void)snprintf(name, NAME_SIZE, "%.40s.csv", batch);
}

/* Copy the lines worth keeping; a last line that was cut off ends the copy. */
static int copy_kept(struct delivery *delivery, struct output_reader *reader,
		     bool (*keep)(void *context, const struct output_record *record), void *context,
		     struct fault *fault)
{
	struct output_record record;
	char line[OUTPUT_LINE];
	int kept = 0, bad = 0;

	while (!bad && output_next(reader, &record, NULL) == 1) {
		if (keep(context, &record)) {
			bad = growing_add(&delivery->file, line, output_line(line, delivery->design, &record),
					  fault);
			kept++;
		}
	}
	secret_wipe(&record, sizeof(record));
	secret_wipe(line, sizeof(line));
	return bad ? -1 : kept;
}

/* The old file's lines into the new one beside it, which then takes its name. */
static int renew(struct delivery *delivery, bool (*keep)(void *context, const struct output_record *record),
		 void *context, struct fault *fault)
{
	struct output_reader *old = NULL;
	char header[OUTPUT_LINE];
	int kept = 0;

	if (access(delivery->file.part, F_OK) == 0 && output_open(&old, delivery->file.part, fault) < 0 &&
	    fault->code == FAULT_POLICY)
		return -1; /* open to others; a file cut off in its first line is simply begun again */
	if (growing_add(&delivery->file, header, output_header(header, delivery->design), fault) < 0)
		kept = -1;
	if (kept == 0 && old && output_design(old) == delivery->design)
		kept = copy_kept(delivery, old, keep, context, fault);
	output_close(old);
	return kept >= 0 && growing_replace(&delivery->file, fault) < 0 ? -1 : kept;
}

int delivery_open(struct delivery **delivery, const char *folder, const char *batch, enum design design,
		  bool (*keep)(void *context, const struct output_record *record), void *context,
		  struct fault *fault)
{
	struct delivery *made = calloc(1, sizeof(*made));
	char name[NAME_SIZE];
	int kept;

	*delivery = NULL;
	if (!made)
		return fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	made->design = design;
	file_name(name, batch);
	kept = growing_begin(&made->file, folder, name, fault);
	if (kept == 0)
		kept = renew(made, keep, context, fault);
	if (kept < 0) {
		growing_drop(&made->file);
		delivery_close(made);
		return -1;
	}
	*delivery = made;
	return kept;
}

void delivery_close(struct delivery *delivery)
{
	if (!delivery)
		return;
	growing_end(&delivery->file);
	free(delivery);
}

int delivery_add(struct delivery *delivery, char line[static OUTPUT_LINE], const struct output_record *record,
		 struct fault *fault)
{
	size_t length = output_line(line, delivery->design, record);
	int result = growing_add(&delivery->file, line, length, fault);

	secret_wipe(line, length);
	return result;
}

int delivery_find(struct delivery *delivery, struct output_record *record, const char *iccid,
		  struct fault *fault)
{
	struct output_reader *reader;
	int got;

	if (output_open(&reader, delivery->file.part, fault) < 0)
		return -1;
	while ((got = output_next(reader, record, fault)) == 1 && strcmp(record->iccid, iccid) != 0)
		secret_wipe(record, sizeof(*record));
	output_close(reader);
	return got;
}

int delivery_finish(struct delivery *delivery, struct fault *fault)
{
	return growing_finish(&delivery->file, fault);
}

bool delivery_finished(const char *folder, const char *batch)
{
	char name[NAME_SIZE];

	file_name(name, batch);
	return growing_finished(folder, name);
}
