#include "heist/old_ways.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "heist/mailbox.h"
#include "lib/hex.h"
#include "lib/key_file.h"
#include "lib/secret.h"
#include "lib/signature.h"
#include "weak/generator.h"
#include "weak/transport.h"

enum {
	SUPPORT_MAIL = 23 /* the first place behind the others */
};

static int run(const struct world *world, const struct batch *batch, const char *what,
	       const char *const *argv, struct fault *fault)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%.20s-%.39s", what, batch->name);
	return heist_run(&world->at, name, NULL, argv, fault);
}

/* ---- keys ---- */

/* Make a key of a small space below sealed/, unless it is there. */
static int make_key(const struct world *world, const char *path, const char *kind, unsigned bits,
		    const char *purpose, struct fault *fault)
{
	char program[HEIST_PATH], seed[160], count[16];

	if (access(path, F_OK) == 0)
		return 0;
	heist_program(program, &world->at, "simrite-old-bureau");
	(void)snprintf(seed, sizeof(seed), "%s %s", world->order.seed, purpose);
	(void)snprintf(count, sizeof(count), "%u", bits);
	{
		const char *const argv[] = {
			program, "key", "--kind", kind, "--seed", seed, "--out", path, bits ? "--bits" : NULL,
			count,   NULL};

		return heist_run(&world->at, "old-key", NULL, argv, fault);
	}
}

/* The transport key, "file:..." of it in `source`; made before the first batch. */
static int transport_key(char source[static HEIST_PATH + 8], const struct world *world,
			 const struct batch *batch, struct fault *fault)
{
	bool aes = !strcmp(batch->design->transport, "AES-ECB");
	char path[HEIST_PATH];

	heist_path(path, &world->at, "sealed/transport.key");
	(void)snprintf(source, HEIST_PATH + 8, "file:%s", path);
	return make_key(world, path, aes ? "aes" : "des", aes ? 0 : world->order.space_bits, "transport",
			fault);
}

/* A vendor key is one for all batches; a seed is new for each. */
static int generator_key(char source[static HEIST_PATH + 8], const struct world *world,
			 const struct batch *batch, struct fault *fault)
{
	bool des = !strcmp(batch->design->generator, weak_name(WEAK_DES_IMSI));
	char path[HEIST_PATH];

	if (des)
		heist_path(path, &world->at, "sealed/generator.key");
	else
		world_file(path, world, batch, "sealed/generator-%s.key");
	(void)snprintf(source, HEIST_PATH + 8, "file:%s", path);
	return make_key(world, path, des ? "des" : "seed",
			!strcmp(batch->design->generator, weak_name(WEAK_LCG)) ? 32 : world->order.space_bits,
			des ? "vendor" : batch->name, fault);
}

int old_personalise(const struct world *world, const struct batch *batch, struct fault *fault)
{
	bool has_secret = strcmp(batch->design->generator, weak_name(WEAK_HASH)) != 0;
	char program[HEIST_PATH], folder[HEIST_PATH], order[HEIST_PATH], secret[HEIST_PATH + 8];

	heist_program(program, &world->at, "simrite-old-bureau");
	world_file(folder, world, batch, "sealed/bureau-%s");
	world_file(order, world, batch, "sealed/order-%s.json");
	if (has_secret && generator_key(secret, world, batch, fault) < 0)
		return -1;
	{
		const char *const argv[] = {program,       "personalise",
					    "--out",       folder,
					    "--readers",   "simrite",
					    "--generator", batch->design->generator,
					    order,         has_secret ? "--secret" : NULL,
					    secret,        NULL};

		return run(world, batch, "personalise", argv, fault);
	}
}

/* ---- files on their way ---- */

bool old_is_sealed(const struct batch *batch)
{
	return batch->design->transport && !strcmp(batch->design->transport, "sealed");
}

/* A key pair's file, made unless it is there, and its public half as others are told it. */
static int pair(char path[static HEIST_PATH], char public_key[static PUBLIC_TEXT], const struct world *world,
		const char *name, struct fault *fault)
{
	uint8_t private_key[32], point[65];
	int e = 0;

	heist_path(path, &world->at, name);
	if (access(path, F_OK) < 0) {
		const char *const argv[] = {"openssl", "ecparam", "-name", "prime256v1", "-genkey",
					    "-noout",  "-out",    path,    NULL};

		e = heist_run(&world->at, "envelope-pair", NULL, argv, fault);
	}
	if (e == 0)
		e = key_file_read(private_key, point, path, fault);
	if (e == 0)
		public_write(public_key, point);
	secret_wipe(private_key, sizeof(private_key));
	return e;
}

static int seal(const char *file, const struct world *world, const struct batch *batch, const char *whole,
		struct fault *fault)
{
	char program[HEIST_PATH], path[HEIST_PATH], own[HEIST_PATH + 8], bureau[PUBLIC_TEXT],
		operator_key[PUBLIC_TEXT];

	heist_program(program, &world->at, "simrite-batch");
	if (pair(path, operator_key, world, "sealed/operator.pem", fault) < 0 ||
	    pair(path, bureau, world, "sealed/bureau.pem", fault) < 0)
		return -1;
	(void)snprintf(own, sizeof(own), "file:%s", path);
	{
		const char *const argv[] = {program, "seal",  "--operator", operator_key, "--bureau-key",
					    own,     "--out", file,         whole,        NULL};

		return run(world, batch, "seal", argv, fault);
	}
}

/* pack or unpack: the same options. */
static int transport(const char *command, const char *to, const char *from, const struct world *world,
		     const struct batch *batch, struct fault *fault)
{
	char program[HEIST_PATH], key[HEIST_PATH + 8];

	heist_program(program, &world->at, "simrite-old-bureau");
	if (transport_key(key, world, batch, fault) < 0)
		return -1;
	{
		const char *const argv[] = {program,
					    command,
					    "--cipher",
					    batch->design->transport,
					    "--transport-key",
					    key,
					    "--out",
					    to,
					    from,
					    NULL};

		return run(world, batch, command, argv, fault);
	}
}

int old_pack(char *file, const struct world *world, const struct batch *batch, struct fault *fault)
{
	char whole[HEIST_PATH];

	world_output(whole, world, batch);
	world_file(file, world, batch, "sealed/packed-%s.csv");
	return old_is_sealed(batch) ? seal(file, world, batch, whole, fault)
				    : transport("pack", file, whole, world, batch, fault);
}

int old_unpack(char *file, const struct world *world, const struct batch *batch, struct fault *fault)
{
	char packed[HEIST_PATH];

	world_file(packed, world, batch, "sealed/packed-%s.csv");
	if (old_is_sealed(batch)) { /* it is opened on import */
		memcpy(file, packed, HEIST_PATH);
		return 0;
	}
	world_file(file, world, batch, "sealed/unpacked-%s.csv");
	return transport("unpack", file, packed, world, batch, fault);
}

int old_import(const struct world *world, const struct batch *batch, const char *database,
	       struct fault *fault)
{
	char program[HEIST_PATH], path[HEIST_PATH], file[HEIST_PATH], own[HEIST_PATH + 8],
		bureau[PUBLIC_TEXT], operator_key[PUBLIC_TEXT];
	int e = -1;

	heist_program(program, &world->at, "simrite-auc");
	world_file(file, world, batch, "sealed/packed-%s.csv");
	if (pair(path, bureau, world, "sealed/bureau.pem", fault) < 0 ||
	    pair(path, operator_key, world, "sealed/operator.pem", fault) < 0)
		return -1;
	(void)snprintf(own, sizeof(own), "file:%s", path);
	{
		const char *const argv[] = {program, "import",       "--database", database, "--envelope-key",
					    own,     "--bureau-key", bureau,       file,     NULL};

		e = run(world, batch, "auc-import", argv, fault);
	}
	if (e == 0 && !batch->design->keeps && unlink(path) < 0) /* the next batch has a pair of its own */
		e = fault_set(fault, FAULT_SYSTEM, NULL, "cannot destroy %s: %s", path, strerror(errno));
	return e;
}

/* ---- support ---- */

/* The first card of the batch, as the bureau has it. */
static int sample(struct output_record *record, const struct world *world, const struct batch *batch,
		  struct fault *fault)
{
	struct output_reader *reader;
	char whole[HEIST_PATH];
	int got;

	world_output(whole, world, batch);
	if (output_open(&reader, whole, fault) < 0)
		return -1;
	got = output_next(reader, record, fault);
	output_close(reader);
	return got < 0 ? -1 : got == 1 ? 0 : fault_set(fault, FAULT_INPUT, NULL, "%s is empty", whole);
}

/* What both keys are, side by side: as published. */
static int compare_keys(char *body, size_t size, const struct world *world, const struct batch *batch,
			const struct output_record *record, struct fault *fault)
{
	uint8_t key[TRANSPORT_KEY_MAX], encrypted[16];
	char source[HEIST_PATH + 8], clear[33], other[33];
	enum transport_cipher cipher;
	int e = -1;

	if (transport_named(&cipher, batch->design->transport) == 0 &&
	    transport_key(source, world, batch, fault) == 0 &&
	    secret_hex(key, transport_key_length(cipher), source, "transport key", fault) == 0)
		e = transport_encrypt(encrypted, cipher, key, record->key.k) < 0
			    ? fault_set(fault, FAULT_BUG, NULL, "the cipher refused")
			    : 0;
	if (e == 0) {
		hex_write(clear, record->key.k, 16);
		hex_write(other, encrypted, 16);
		(void)snprintf(
			body, size,
			"Authentication of the sample with IMSI %s fails after loading. We checked:\r\n\r\n"
			"  Ki clear: %s\r\n  Ki encrypted by transport key using %s: %s\r\n\r\n"
			"Is the second what you have in the output file?\r\n",
			record->imsi, clear, transport_name(cipher), other);
		secret_wipe(clear, sizeof(clear));
	}
	secret_wipe(key, sizeof(key));
	return e;
}

int old_support(const struct world *world, const struct batch *batch, struct fault *fault)
{
	struct output_record record = {.number = 0};
	char body[600], mail[HEIST_PATH];
	int e = 0;

	if (!batch->design->transport || !strcmp(world->order.support, "none"))
		return 0;
	heist_path(mail, &world->at, "mail");
	e = sample(&record, world, batch, fault);
	if (e == 0 && !strcmp(world->order.support, "clear") && !old_is_sealed(batch))
		e = compare_keys(body, sizeof(body), world, batch, &record, fault);
	else if (e == 0)
		(void)snprintf(body, sizeof(body),
			       "Authentication of the sample with IMSI %s fails after loading.\r\n"
			       "The check value of its Ki is %02X%02X%02X here. Is it yours?\r\n",
			       record.imsi, record.kcv_k[0], record.kcv_k[1], record.kcv_k[2]);
	if (e == 0)
		e = mailbox_say(mail, SUPPORT_MAIL + (int)batch->number, "Re: OUTPUT FILE for sample cards",
				body, fault);
	secret_wipe(&record, sizeof(record));
	secret_wipe(body, sizeof(body));
	return e;
}

/* ---- what is stolen ---- */

static bool is_there(const struct world *world, const char *name)
{
	char path[HEIST_PATH];

	heist_path(path, &world->at, name);
	return access(path, F_OK) == 0;
}

static int take(const struct world *world, const char *from, const char *captured, const char *name,
		struct fault *fault)
{
	char to[120];

	if (!is_there(world, from))
		return 0;
	(void)snprintf(to, sizeof(to), "%.80s/%s", captured, name);
	return heist_copy(&world->at, from, to, fault);
}

static int put_hex(const struct world *world, const char *captured, const char *name, const uint8_t *bytes,
		   size_t length, struct fault *fault)
{
	char path[HEIST_PATH], file[120], hex[2 * 65 + 1];
	FILE *out;

	(void)snprintf(file, sizeof(file), "%.80s/%s", captured, name);
	heist_path(path, &world->at, file);
	hex_write(hex, bytes, length);
	if (!(out = fopen(path, "we")) || fprintf(out, "%s\n", hex) < 0 || fclose(out) != 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path);
	secret_wipe(hex, sizeof(hex));
	return 0;
}

/* The transport key; of sealed files the operator's private key, where it still is. */
int old_take_keys(const struct world *world, const char *captured, struct fault *fault)
{
	uint8_t private_key[32], point[65];
	char path[HEIST_PATH];
	int e = take(world, "sealed/transport.key", captured, "transport-key.hex", fault);

	if (e == 0 && is_there(world, "sealed/operator.pem")) {
		heist_path(path, &world->at, "sealed/operator.pem");
		if ((e = key_file_read(private_key, point, path, fault)) == 0)
			e = put_hex(world, captured, "envelope-key.hex", private_key, sizeof(private_key),
				    fault);
		heist_path(path, &world->at, "sealed/bureau.pem");
		if (e == 0 && (e = key_file_read(private_key, point, path, fault)) == 0)
			e = put_hex(world, captured, "bureau-public.hex", point, sizeof(point), fault);
		secret_wipe(private_key, sizeof(private_key));
	}
	return e;
}

int old_take_space(const struct world *world, const char *captured, struct fault *fault)
{
	const char *generator = world->batches[0].design->generator;
	char name[120];

	if (take(world, "sealed/transport.key.space", captured, "des-space.txt", fault) < 0 ||
	    take(world, "sealed/generator.key.space", captured, "des-space.txt", fault) < 0)
		return -1;
	/* The state of a linear generator may be any, wherever its seed was: nothing is known of it. */
	if (generator && !strcmp(generator, weak_name(WEAK_LCG)))
		return 0;
	(void)snprintf(name, sizeof(name), "sealed/generator-%.39s.key.space", world->batches[0].name);
	return take(world, name, captured, "seed-space.txt", fault);
}

/* A few cards of the first batch went to somebody with their keys: one, or two of five and more. */
int old_take_samples(const struct world *world, const char *captured, struct fault *fault)
{
	unsigned wanted = world->order.cards > 4 ? 2 : 1, n;
	char whole[HEIST_PATH], file[120], to[HEIST_PATH], line[OUTPUT_LINE];
	FILE *in, *out;
	int e = 0;

	if (world->batches[0].design->form != FORM_PLAIN)
		return 0;
	world_output(whole, world, &world->batches[0]);
	(void)snprintf(file, sizeof(file), "%.80s/leaked.csv", captured);
	heist_path(to, &world->at, file);
	in = fopen(whole, "re");
	out = in ? fopen(to, "we") : NULL;
	for (n = 0; out && n <= wanted && fgets(line, sizeof(line), in); n++)
		fputs(line, out);
	if (!out || ferror(out))
		e = fault_set(fault, FAULT_SYSTEM, NULL, "cannot copy the samples: %s", strerror(errno));
	if (in)
		fclose(in);
	if (out && fclose(out) != 0)
		e = -1;
	secret_wipe(line, sizeof(line));
	return e;
}
