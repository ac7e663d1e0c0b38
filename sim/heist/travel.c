#include "heist/travel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/secret.h"
#include "lib/whole_file.h"

static const char separator[] = ";";

bool travel_apart(const struct world *world, const struct batch *batch)
{
	return world->order.apart && batch->design->form == FORM_PLAIN && !batch->design->pack;
}

/* It has keys: for its owner only, as the operator's import demands. */
static int create(struct whole_file *file, const char *path, struct fault *fault)
{
	if (whole_file_open(file, path, fault) < 0)
		return -1;
	if (fchmod(fileno(file->out), 0600) == 0)
		return 0;
	whole_file_drop(file);
	return fault_set(fault, FAULT_SYSTEM, NULL, "cannot protect %s: %s", path, strerror(errno));
}

static FILE *open_input(const char *path, struct fault *fault)
{
	FILE *in = fopen(path, "re");

	if (!in)
		fault_set(fault, FAULT_SYSTEM, NULL, "cannot read %s: %s", path, strerror(errno));
	return in;
}

int travel_column(const char *line, const char *name)
{
	size_t length = strlen(name);
	int n = 0;

	for (;; n++) {
		if (!strncmp(line, name, length) && strchr(";\r\n", line[length]))
			return n;
		if (!(line = strchr(line, separator[0])))
			return -1;
		line++;
	}
}

/* Split a line at a field: what is before and behind it to `rest`, itself to `field`. */
static void cut(FILE *rest, FILE *field, char *line, int wanted)
{
	char *at = line, *word;
	int n;

	line[strcspn(line, "\r\n")] = 0;
	for (n = 0; (word = strsep(&at, separator)); n++)
		if (n == wanted)
			fprintf(field, "%s\n", word);
		else
			fprintf(rest, "%s%s", n ? separator : "", word);
	fputc('\n', rest);
}

int travel_split(const char *whole, const char *rest, const char *field, struct fault *fault)
{
	struct whole_file out[2];
	char line[OUTPUT_LINE];
	FILE *in = open_input(whole, fault);
	int wanted = -1, e = -1;

	if (!in)
		return -1;
	if (create(&out[0], rest, fault) < 0) {
		fclose(in);
		return -1;
	}
	if (create(&out[1], field, fault) == 0) {
		while (fgets(line, sizeof(line), in)) {
			if (wanted < 0 && (wanted = travel_column(line, "OPc")) < 0)
				break;
			cut(out[0].out, out[1].out, line, wanted);
		}
		secret_wipe(line, sizeof(line));
		if (wanted < 0) {
			fault_set(fault, FAULT_INPUT, NULL, "%s has no column OPc", whole);
			whole_file_drop(&out[1]);
		} else {
			e = whole_file_keep(&out[1], field, fault);
		}
	}
	fclose(in);
	if (e == 0)
		return whole_file_keep(&out[0], rest, fault);
	whole_file_drop(&out[0]);
	return -1;
}

/* The field goes behind the rest: columns are found by their names. */
static int join(const char *whole, const char *rest, const char *field, struct fault *fault)
{
	struct whole_file out;
	char line[OUTPUT_LINE], opc[OUTPUT_LINE];
	FILE *left = open_input(rest, fault), *right = left ? open_input(field, fault) : NULL;
	int e = -1;

	if (right && create(&out, whole, fault) == 0) {
		while (fgets(line, sizeof(line), left) && fgets(opc, sizeof(opc), right)) {
			line[strcspn(line, "\r\n")] = opc[strcspn(opc, "\r\n")] = 0;
			fprintf(out.out, "%s;%s\n", line, opc);
		}
		e = whole_file_keep(&out, whole, fault);
		secret_wipe(line, sizeof(line));
		secret_wipe(opc, sizeof(opc));
	}
	if (left)
		fclose(left);
	if (right)
		fclose(right);
	return e;
}

int travel_pack(char *file, const struct world *world, const struct batch *batch, struct fault *fault)
{
	char whole[HEIST_PATH], opc[HEIST_PATH];

	world_output(whole, world, batch);
	memcpy(file, whole, sizeof(whole));
	if (!travel_apart(world, batch))
		return 0;
	world_file(file, world, batch, "sealed/k-%s.csv");
	world_file(opc, world, batch, "sealed/opc-%s.csv");
	return travel_split(whole, file, opc, fault);
}

int travel_unpack(char *file, const struct world *world, const struct batch *batch, struct fault *fault)
{
	char k[HEIST_PATH], opc[HEIST_PATH];

	world_output(file, world, batch);
	if (!travel_apart(world, batch))
		return 0;
	world_file(k, world, batch, "sealed/k-%s.csv");
	world_file(opc, world, batch, "sealed/opc-%s.csv");
	world_file(file, world, batch, "sealed/joined-%s.csv");
	return join(file, k, opc, fault);
}
