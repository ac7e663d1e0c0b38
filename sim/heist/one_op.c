#include "heist/one_op.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "auth/milenage.h"
#include "heist/private_file.h"
#include "heist/travel.h"
#include "lib/hex.h"
#include "lib/key_form.h"
#include "lib/order.h"
#include "lib/secret.h"

static int draw(void *out, size_t length, struct fault *fault)
{
	if (getrandom(out, length, 0) == (ssize_t)length)
		return 0;
	return fault_set(fault, FAULT_SYSTEM, NULL, "no random bytes: %s", strerror(errno));
}

/* ---- OP itself ---- */

static int make_op(const char *path, struct fault *fault)
{
	uint8_t op[16];
	char text[33];
	FILE *out;
	int e = draw(op, sizeof(op), fault);

	if (e < 0)
		return -1;
	hex_write(text, op, sizeof(op));
	out = private_file(path);
	e = out && fprintf(out, "OP %s\n", text) > 0 ? 0 : -1;
	if (out && fclose(out) != 0)
		e = -1;
	secret_wipe(op, sizeof(op));
	secret_wipe(text, sizeof(text));
	return e < 0 ? fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path) : 0;
}

/* Made before the first batch, and the same ever after. */
static int take_op(uint8_t op[static 16], const struct world *world, struct fault *fault)
{
	char path[HEIST_PATH], source[HEIST_PATH + 8], line[64];
	int e;

	heist_path(path, &world->at, "sealed/op.txt");
	(void)snprintf(source, sizeof(source), "file:%s", path);
	if (access(path, F_OK) < 0 && make_op(path, fault) < 0)
		return -1;
	if (secret_line(line, sizeof(line), source, "OP", fault) < 0)
		return -1;
	e = !strncmp(line, "OP ", 3) && hex_read(op, 16, line + 3, strlen(line + 3)) == 0
		    ? 0
		    : fault_set(fault, FAULT_INPUT, NULL, "%s holds no OP", path);
	secret_wipe(line, sizeof(line));
	return e;
}

/* ---- the bureau ---- */

static int digits(char *out, unsigned count, struct fault *fault)
{
	uint8_t bytes[8];
	unsigned i;

	if (draw(bytes, sizeof(bytes), fault) < 0)
		return -1;
	for (i = 0; i < count; i++)
		out[i] = (char)('0' + bytes[i] % 10);
	out[count] = 0;
	return 0;
}

static int make_record(struct output_record *record, const struct order *order, const uint8_t op[static 16],
		       unsigned number, struct fault *fault)
{
	memset(record, 0, sizeof(*record));
	order_card(record->iccid, record->imsi, order, number);
	(void)snprintf(record->batch, sizeof(record->batch), "%s", order->batch);
	record->number = number;
	if (key_form_read(&record->key, "milenage", fault) < 0 || draw(record->key.k, 16, fault) < 0 ||
	    digits(record->pin1, 4, fault) < 0 || digits(record->puk1, 8, fault) < 0 ||
	    digits(record->adm1, 8, fault) < 0)
		return -1;
	if (milenage_opc(record->key.opc, record->key.k, op) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "OPc cannot be computed");
	return 0;
}

static int write_profile(const struct output_record *record, const char *path, struct fault *fault)
{
	char k[33], opc[33];
	json_t *profile;
	FILE *out = private_file(path);
	int e;

	hex_write(k, record->key.k, 16);
	hex_write(opc, record->key.opc, 16);
	profile = json_pack("{s:i,s:s,s:s,s:i,s:s,s:s,s:s,s:s,s:s}", "schema", 1, "iccid", record->iccid,
			    "imsi", record->imsi, "mnc_length", 2, "k", k, "opc", opc, "pin1", record->pin1,
			    "puk1", record->puk1, "adm1", record->adm1);
	e = out && profile ? json_dumpf(profile, out, 0) : -1;
	if (out && fclose(out) != 0)
		e = -1;
	json_decref(profile);
	secret_wipe(k, sizeof(k));
	secret_wipe(opc, sizeof(opc));
	return e < 0 ? fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path) : 0;
}

/* The card in reader number-1 becomes this one. */
static int program(const struct world *world, const struct output_record *record, struct fault *fault)
{
	char tool[HEIST_PATH], profile[HEIST_PATH], reader[32];
	int e;

	heist_program(tool, &world->at, "simrite-card");
	heist_path(profile, &world->at, "sealed/profile.json");
	(void)snprintf(reader, sizeof(reader), "simrite %02X", record->number - 1);
	{
		const char *const argv[] = {tool, "program", "--reader", reader, profile, NULL};

		e = write_profile(record, profile, fault);
		if (e == 0)
			e = heist_run(&world->at, "program", NULL, argv, fault);
	}
	(void)unlink(profile);
	return e;
}

/* What is wrong with the file shows when it is closed. */
static void put_line(FILE *out, const char *line, size_t length)
{
	(void)fwrite(line, 1, length, out);
}

static int make_cards(const struct world *world, const struct order *order, FILE *out, struct fault *fault)
{
	struct output_record record;
	char line[OUTPUT_LINE] = "";
	uint8_t op[16];
	unsigned i;
	int e = take_op(op, world, fault);

	if (e == 0)
		put_line(out, line, output_header(line, DESIGN_PLAIN));
	for (i = 1; e == 0 && i <= order->count; i++) {
		if ((e = make_record(&record, order, op, i, fault)) == 0 &&
		    (e = program(world, &record, fault)) == 0)
			put_line(out, line, output_line(line, DESIGN_PLAIN, &record));
	}
	secret_wipe(op, sizeof(op));
	secret_wipe(line, sizeof(line));
	secret_wipe(&record, sizeof(record));
	return e;
}

int one_op_personalise(const struct world *world, const struct batch *batch, struct fault *fault)
{
	char path[HEIST_PATH], folder[120];
	struct order order;
	FILE *out;
	int e;

	(void)snprintf(folder, sizeof(folder), "sealed/bureau-%.39s", batch->name);
	world_file(path, world, batch, "sealed/order-%s.json");
	if (order_load(&order, path, fault) < 0 || heist_folder(&world->at, folder, 0700, fault) < 0)
		return -1;
	world_output(path, world, batch);
	if (!(out = private_file(path)))
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s: %s", path, strerror(errno));
	e = make_cards(world, &order, out, fault);
	if (fclose(out) != 0 && e == 0)
		e = fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s: %s", path, strerror(errno));
	return e;
}

/* ---- the way, and the operator ---- */

int one_op_pack(char *file, const struct world *world, const struct batch *batch, struct fault *fault)
{
	char whole[HEIST_PATH], opc[HEIST_PATH];
	int e;

	world_output(whole, world, batch);
	world_file(file, world, batch, "sealed/k-%s.csv");
	world_file(opc, world, batch, "sealed/opc-%s.csv");
	e = travel_split(whole, file, opc, fault);
	(void)unlink(opc); /* it does not travel at all */
	return e;
}

/* The fields of a line: where K is, from the first line; then K itself. */
static int field(char *out, size_t size, const char *line, int wanted)
{
	size_t length;
	int n;

	for (n = 0; n < wanted; n++)
		if (!(line = strchr(line, ';')))
			return -1;
		else
			line++;
	length = strcspn(line, ";\r\n");
	if (length >= size)
		return -1;
	memcpy(out, line, length);
	out[length] = 0;
	return 0;
}

static int add_opc(FILE *out, char *line, int wanted, const uint8_t op[static 16])
{
	uint8_t k[16], opc[16];
	char text[40], hex[33];
	int e = field(text, sizeof(text), line, wanted) == 0 && hex_read(k, 16, text, strlen(text)) == 0 &&
				milenage_opc(opc, k, op) == OK
			? 0
			: -1;

	line[strcspn(line, "\r\n")] = 0;
	if (e == 0) {
		hex_write(hex, opc, 16);
		fprintf(out, "%s;%s\n", line, hex);
	}
	secret_wipe(k, sizeof(k));
	secret_wipe(opc, sizeof(opc));
	secret_wipe(text, sizeof(text));
	secret_wipe(hex, sizeof(hex));
	return e;
}

static int compute(FILE *out, const char *path, const uint8_t op[static 16], struct fault *fault)
{
	char line[OUTPUT_LINE];
	FILE *in = fopen(path, "re");
	int wanted = -1, e = 0;

	while (e == 0 && in && fgets(line, sizeof(line), in)) {
		if (wanted >= 0) {
			e = add_opc(out, line, wanted, op);
		} else if ((wanted = travel_column(line, "Ki")) >= 0) {
			line[strcspn(line, "\r\n")] = 0;
			fprintf(out, "%s;OPc\n", line);
		} else {
			e = -1;
		}
	}
	if (in)
		fclose(in);
	secret_wipe(line, sizeof(line));
	return e < 0 || wanted < 0 ? fault_set(fault, FAULT_INPUT, NULL, "%s has no column Ki", path) : 0;
}

int one_op_unpack(char *file, const struct world *world, const struct batch *batch, struct fault *fault)
{
	char k[HEIST_PATH];
	uint8_t op[16];
	FILE *out;
	int e = take_op(op, world, fault);

	world_file(k, world, batch, "sealed/k-%s.csv");
	world_file(file, world, batch, "sealed/joined-%s.csv");
	if (e == 0 && !(out = private_file(file)))
		e = fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s: %s", file, strerror(errno));
	if (e == 0) {
		e = compute(out, k, op, fault);
		if (fclose(out) != 0 && e == 0)
			e = fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s: %s", file,
				      strerror(errno));
	}
	secret_wipe(op, sizeof(op));
	return e;
}
