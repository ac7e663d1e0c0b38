/* seeds - where fuzzing begins: what terminals do, in the form of a target's input.
 *
 *     seeds TARGET FOLDER       writes one file a session (apdu, scp03, t0, tlv) or case (store, objects)
 *     seeds dictionary          prints libFuzzer's dictionary, from the command table and the file tree
 *
 * The sessions are played to the targets' card, so that the values in them are
 * those it will take. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fs/file.h"
#include "fuzz/session.h"
#include "fuzz/target.h"

enum {
	SESSIONS = 64,
	SEED_MAX = 1 << 16
};

static struct {
	uint8_t bytes[SEED_MAX];
	size_t length;
	const char *folder;
	char name[128];
} seed;

static void put(const void *bytes, size_t length)
{
	if (seed.length + length > SEED_MAX) {
		fprintf(stderr, "seeds: too long\n");
		exit(1);
	}
	memcpy(seed.bytes + seed.length, bytes, length);
	seed.length += length;
}

static void put_byte(unsigned byte)
{
	put(&(uint8_t){(uint8_t)byte}, 1);
}

static void begin(const char *name)
{
	snprintf(seed.name, sizeof(seed.name), "%s", name);
	seed.length = 0;
}

static void end(void)
{
	char path[1024];
	FILE *f;

	if (seed.length == 0)
		return;
	snprintf(path, sizeof(path), "%s/%s", seed.folder, seed.name);
	if (!(f = fopen(path, "wb")) || fwrite(seed.bytes, 1, seed.length, f) != seed.length ||
	    fclose(f) != 0) {
		perror(path);
		exit(1);
	}
	seed.length = 0;
}

/* ---- from sessions ---- */

static void put_record(unsigned what, const uint8_t *bytes, size_t length)
{
	if (length > 255)
		length = 255;
	put_byte(what);
	put_byte((unsigned)length);
	put(bytes, length);
}

static size_t put_t0(struct rig *rig, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		     size_t length)
{
	size_t i, n = length < 4 ? 0 : length == 4 ? 4 : card_takes_data(&rig->card, command) ? length : 5;

	for (i = 0; i < n; i++) {
		put_byte(command[i]);
		if (command[i] == 0xEE)
			put_byte(1);
	}
	if (n == 4)
		put_byte(0);
	return card_transmit(&rig->card, response, command, length);
}

static size_t put_answer(struct rig *rig, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
			 size_t length)
{
	size_t n = card_transmit(&rig->card, response, command, length);

	if (n > 4 && (response[0] & 0xF0) == 0x60) {
		put(response, n - 2);
		end();
		begin("");
		snprintf(seed.name, sizeof(seed.name), "answer-%04x", rig_draw(rig) % 0x10000);
	}
	return n;
}

static void put_line(const char *target, struct rig *rig, const struct session_line *line)
{
	uint8_t bytes[RIG_COMMAND];
	size_t length = 0;

	if (line->verb == SESSION_KEEP || line->verb == SESSION_CHANGED || line->verb == SESSION_MESSAGE)
		return;
	if (line->verb != SESSION_RESET && line->verb != SESSION_POWER)
		length = session_bytes(rig, bytes, line);
	if (strcmp(target, "scp03") == 0) {
		if (line->verb == SESSION_OPEN) {
			end();
			snprintf(seed.name, sizeof(seed.name), "line-%d-%02x", line->number, bytes[1]);
			put_byte(target_choice(bytes[0], bytes[1]));
		} else if (line->verb == SESSION_SECURE && seed.length) {
			put_record(0, bytes, length);
		}
	} else if (strcmp(target, "apdu") == 0) {
		if (line->verb == SESSION_OPEN)
			put_byte(RECORD_OPEN | target_choice(bytes[0], bytes[1]));
		else if (line->verb == SESSION_RESET || line->verb == SESSION_POWER)
			put_byte(RECORD_EVENT | (line->verb == SESSION_POWER));
		else
			put_record(line->verb == SESSION_SECURE ? RECORD_SECURE : RECORD_COMMAND, bytes,
				   length);
	}
}

static void from_session(const char *target, const struct session *session)
{
	struct rig *rig = target_card(0);
	const char *slash = strrchr(session->name, '/');
	int i;

	begin(slash ? slash + 1 : session->name);
	for (i = 0; i < session->count; i++) {
		if (strcmp(target, "t0") == 0)
			rig->transmit = put_t0;
		if (strcmp(target, "tlv") == 0)
			rig->transmit = put_answer;
		put_line(target, rig, &session->lines[i]);
		(void)session_play_line(rig, &session->lines[i]);
		if (strcmp(target, "t0") == 0 && session->lines[i].verb == SESSION_POWER)
			break; /* the contact's program begins anew */
	}
	if (strcmp(target, "tlv") == 0)
		seed.length = 0;
	end();
}

static int from_sessions(const char *target)
{
	static struct session sessions[SESSIONS];
	int count = session_read_all(sessions, SESSIONS, "tests/fuzz/sessions"), i;

	for (i = 0; i < count; i++)
		from_session(target, &sessions[i]);
	return count > 0 ? 0 : 1;
}

/* ---- others ---- */

static int of_store(void)
{
	unsigned life, what;

	for (life = 0; life < 6; life++)
		for (what = 0; what < 7; what++) {
			begin("");
			snprintf(seed.name, sizeof(seed.name), "life-%u-%u", life, what);
			put((const uint8_t[]){(uint8_t)life, (uint8_t)what, (uint8_t)(37 * life + 20),
					      (uint8_t)(what * 2), 3},
			    5);
			end();
		}
	begin("raw");
	put_byte(0x80);
	put(target_memory(), 2048);
	end();
	return 0;
}

/* Each object of the targets' card, as it is. */
static int of_objects(void)
{
	const struct rig *rig = target_card(0);
	uint8_t bytes[STORE_OBJECT_MAX];
	uint16_t i, id;
	int n;

	for (i = 0; i < rig->card.store.count; i++) {
		id = rig->card.store.ids[i];
		n = store_read(&rig->card.store, id, bytes, 0, 254);
		if (n < 0)
			continue;
		begin("");
		snprintf(seed.name, sizeof(seed.name), "object-%04x", id);
		put_byte(i);
		put((const uint8_t[]){(uint8_t)(id >> 8), (uint8_t)id, (uint8_t)n}, 3);
		put(bytes, (size_t)n);
		end();
	}
	return 0;
}

static void print_token(const uint8_t *bytes, size_t length)
{
	printf("\"\\x%02X", (unsigned)length);
	for (; length; length--)
		printf("\\x%02X", *bytes++);
	printf("\"\n");
}

static int dictionary(void)
{
	const struct store *store = &target_card(0)->card.store;
	const struct dispatch_row *table;
	uint8_t aid[FILE_AID_MAX];
	struct file row;
	uint16_t file;
	size_t rows, i, length;

	table = dispatch_table(&rows);
	for (i = 0; i < rows; i++)
		printf("\"\\x%02X\\x%02X\\x00\\x00\"\n", table[i].cla, table[i].ins);
	for (file = 0; file < file_constants(); file++) {
		if ((length = file_aid(store, aid, file)) > 0)
			print_token(aid, length);
		else if (file_get(store, &row, file) == OK)
			print_token((const uint8_t[]){(uint8_t)(row.fid >> 8), (uint8_t)row.fid}, 2);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "dictionary") == 0)
		return dictionary();
	if (argc != 3) {
		fprintf(stderr, "usage: seeds TARGET FOLDER | seeds dictionary\n");
		return 2;
	}
	seed.folder = argv[2];
	(void)target_card(0);
	if (strcmp(argv[1], "store") == 0)
		return of_store();
	if (strcmp(argv[1], "objects") == 0)
		return of_objects();
	return from_sessions(argv[1]);
}
