/* Two thieves and a judge. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "heist/heist.h"
#include "lib/numbers.h"
#include "lib/say.h"
#include "report/report.h"
#include "theft/record.h"

static int copy(const char *from, const char *to, struct fault *fault)
{
	int in = open(from, O_RDONLY | O_CLOEXEC),
	    out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t n = in < 0 || out < 0 ? -1 : 1;

	while (n > 0)
		n = sendfile(out, in, NULL, 1 << 20);
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) < 0)
		n = -1;
	return n < 0 ? fault_set(fault, FAULT_SYSTEM, NULL, "cannot copy %s: %s", from, strerror(errno)) : 0;
}

static int copy_below(const struct heist *heist, const char *from, const char *to, struct fault *fault)
{
	char source[HEIST_PATH], target[HEIST_PATH];

	heist_path(source, heist, from);
	heist_path(target, heist, to);
	return copy(source, target, fault);
}

/* What goes by on the wire: every mail. */
static int intercept_mail(const struct heist *heist, struct fault *fault)
{
	char folder[HEIST_PATH], from[120], to[120];
	struct dirent *entry;
	DIR *mails;
	int e = 0;

	heist_path(folder, heist, "mail");
	if (!(mails = opendir(folder)))
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot read %s", folder);
	while (e == 0 && (entry = readdir(mails)))
		if (entry->d_name[0] != '.') {
			(void)snprintf(from, sizeof(from), "mail/%.60s", entry->d_name);
			(void)snprintf(to, sizeof(to), "thieves/courier/captured/mail/%.60s", entry->d_name);
			e = copy_below(heist, from, to, fault);
		}
	closedir(mails);
	return e;
}

/* A card bought in a shop: the middle one of the batch; its number is printed on it. */
static int buy_card(const struct heist *heist, struct fault *fault)
{
	char path[HEIST_PATH], iccid[21];
	FILE *file;

	if (numbers_iccid(iccid, heist_batches[1].first_iccid, heist->cards / 2, fault) < 0)
		return -1;
	heist_path(path, heist, "thieves/master/captured/printed-iccid.txt");
	if (!(file = fopen(path, "we")) || fprintf(file, "%s\n", iccid) < 0 || fclose(file) != 0)
		return fault_set(fault, FAULT_SYSTEM, NULL, "cannot write %s", path);
	return 0;
}

static int run_thief(struct heist *heist, const char *name, struct fault *fault)
{
	char self[HEIST_PATH], program[HEIST_PATH], captured[HEIST_PATH], loot[HEIST_PATH], text[120];

	heist_program(self, heist, "simrite-heist");
	(void)snprintf(text, sizeof(text), "simrite-thief-%s", name);
	heist_program(program, heist, text);
	(void)snprintf(text, sizeof(text), "thieves/%s/captured", name);
	heist_path(captured, heist, text);
	(void)snprintf(text, sizeof(text), "thieves/%s/loot", name);
	heist_path(loot, heist, text);
	(void)snprintf(text, sizeof(text), "thieves/%s/result.jsonl", name);
	{
		const char *const argv[] = {self, "confine", program, captured, loot, NULL};
		char log[32];

		(void)snprintf(log, sizeof(log), "thief-%s", name);
		return heist_run(heist, log, text, argv, fault);
	}
}

/* A thief's own account of itself, and what the kernel enforced, into the facts. */
static int note_thief(struct heist *heist, const char *name, struct fault *fault)
{
	static const char *const wanted[] = {"mails", "hits", "guesses", "cards_tried"};
	char file[120];
	json_t *lines, *line;
	size_t i, w;

	(void)snprintf(file, sizeof(file), "thieves/%s/result.jsonl", name);
	if (!(lines = heist_lines(heist, file, fault)))
		return -1;
	json_array_foreach(lines, i, line)
	{
		for (w = 0; w < sizeof(wanted) / sizeof(wanted[0]); w++)
			if (json_object_get(line, wanted[w]))
				json_object_set(heist->facts, wanted[w], json_object_get(line, wanted[w]));
		if (json_is_boolean(json_object_get(line, "files"))) {
			if (!json_is_false(json_object_get(heist->facts, "confined_files")))
				json_object_set(heist->facts, "confined_files",
						json_object_get(line, "files"));
			if (!json_is_false(json_object_get(heist->facts, "confined_sockets")))
				json_object_set(heist->facts, "confined_sockets",
						json_object_get(line, "sockets"));
		}
	}
	json_decref(lines);
	return 0;
}

/* The judge's cells for one thief, added to the matrix. */
static int note_verdict(struct heist *heist, const char *name, const char *file, struct fault *fault)
{
	json_t *lines = heist_lines(heist, file, fault), *line = json_array_get(lines, 0), *cell;
	json_t *cells = json_object_get(heist->facts, "cells");
	long keys, packets;
	size_t i;

	if (!line || !json_is_array(json_object_get(line, "cells"))) {
		json_decref(lines);
		return fault_set(fault, FAULT_BUG, NULL, "the judge gave no verdict");
	}
	json_array_foreach(json_object_get(line, "cells"), i, cell)
	{
		json_array_append_new(cells, json_pack("{s:O,s:s,s:O,s:O,s:O,s:O}", "design",
						       json_object_get(cell, "design"), "thief", name,
						       "sessions", json_object_get(cell, "sessions"),
						       "decrypted", json_object_get(cell, "decrypted"),
						       "keys", json_object_get(cell, "keys"), "recovered",
						       json_object_get(cell, "recovered")));
	}
	keys = (long)json_integer_value(json_object_get(heist->facts, "false_keys"));
	packets = (long)json_integer_value(json_object_get(heist->facts, "false_packets"));
	keys += (long)json_integer_value(json_object_get(line, "false_keys"));
	packets += (long)json_integer_value(json_object_get(line, "false_packets"));
	json_object_set_new(heist->facts, "false_keys", json_integer(keys));
	json_object_set_new(heist->facts, "false_packets", json_integer(packets));
	json_decref(lines);
	return 0;
}

static int judge(struct heist *heist, const char *name, struct fault *fault)
{
	char program[HEIST_PATH], truth[2][HEIST_PATH + 32], path[HEIST_PATH], text[120], log[32];
	int i;

	heist_program(program, heist, "simrite-judge");
	for (i = 0; i < 2; i++) {
		const char *design = design_name(heist_batches[i].design);

		(void)snprintf(text, sizeof(text), "sealed/truth-%s", design);
		heist_path(path, heist, text);
		(void)snprintf(truth[i], sizeof(truth[i]), "%s=%s", design, path);
	}
	(void)snprintf(text, sizeof(text), "thieves/%s/loot", name);
	heist_path(path, heist, text);
	(void)snprintf(log, sizeof(log), "judge-%s", name);
	(void)snprintf(text, sizeof(text), "log/judge-%s.json", name);
	{
		const char *const argv[] = {program,   "--json", "--truth", truth[0],
					    "--truth", truth[1], path,      NULL};

		if (heist_run(heist, log, text, argv, fault) < 0)
			return -1;
	}
	return note_verdict(heist, name, text, fault);
}

static void hex_text(char *out, size_t size, const uint8_t *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length && 2 * i + 3 < size; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

/* The first packet the courier opened, as it was on the air and as it is in the loot. */
static void note_example(struct heist *heist)
{
	json_t *lines = heist_lines(heist, "thieves/courier/loot/traffic.jsonl", NULL),
	       *line = json_array_get(lines, 0);
	const char *plain = json_string_value(json_object_get(line, "data"));
	char path[HEIST_PATH], cipher[1100] = "", message[256] = "";
	struct record record;
	size_t i;

	heist_path(path, heist, "radio.pcapng");
	if (plain && record_read(&record, path, NULL) == 0) {
		for (i = 0; i < record.count; i++)
			if (record.sessions[i].rnti == json_integer_value(json_object_get(line, "rnti")) &&
			    record.sessions[i].pdu_count)
				hex_text(cipher, sizeof(cipher), record.sessions[i].pdus[0].data,
					 record.sessions[i].pdus[0].length);
		for (i = 0; i + 1 < sizeof(message) && strlen(plain) > 56 + 2 * i; i++) {
			char pair[3] = {plain[56 + 2 * i], plain[57 + 2 * i], 0};

			message[i] = (char)strtoul(pair, NULL, 16);
		}
		json_object_set_new(heist->facts, "example",
				    json_pack("{s:O,s:s,s:s,s:s}", "imsi", json_object_get(line, "imsi"),
					      "cipher", cipher, "plain", plain, "message", message));
		record_free(&record);
	}
	json_decref(lines);
}

static int note_frames(struct heist *heist, struct fault *fault)
{
	struct datagram datagram;
	struct capture capture;
	char path[HEIST_PATH];
	int n = 0, more;

	heist_path(path, heist, "radio.pcapng");
	if (capture_open(&capture, path, fault) < 0)
		return -1;
	while ((more = capture_read(&capture, &datagram, fault)) > 0)
		n++;
	capture_end(&capture);
	json_object_set_new(heist->facts, "frames", json_integer(n));
	return more;
}

static int prepare(const struct heist *heist, struct fault *fault)
{
	return heist_folder(heist, "thieves/courier", 0700, fault) < 0 ||
			       heist_folder(heist, "thieves/courier/captured", 0700, fault) < 0 ||
			       heist_folder(heist, "thieves/courier/captured/mail", 0700, fault) < 0 ||
			       heist_folder(heist, "thieves/courier/loot", 0700, fault) < 0 ||
			       heist_folder(heist, "thieves/master/loot", 0700, fault) < 0 ||
			       intercept_mail(heist, fault) < 0 ||
			       copy_below(heist, "radio.pcapng", "thieves/courier/captured/radio.pcapng",
					  fault) < 0 ||
			       copy_below(heist, "radio.pcapng", "thieves/master/captured/radio.pcapng",
					  fault) < 0 ||
			       buy_card(heist, fault) < 0
		       ? -1
		       : 0;
}

int thieves_stage(struct heist *heist, struct fault *fault)
{
	static const char *const names[] = {"courier", "master"};
	int i;

	json_object_set_new(heist->facts, "cells", json_array());
	if (prepare(heist, fault) < 0 || note_frames(heist, fault) < 0)
		return -1;
	for (i = 0; i < 2; i++) {
		say(i == 0 ? "   The courier thief reads the mailbox and the radio record, and nothing else."
			   : "   The master thief has the batch key, the radio record, and one card's printed number.");
		if (run_thief(heist, names[i], fault) < 0 || note_thief(heist, names[i], fault) < 0 ||
		    judge(heist, names[i], fault) < 0)
			return -1;
	}
	note_example(heist);
	return 0;
}
