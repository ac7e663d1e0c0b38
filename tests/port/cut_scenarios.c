/* cut_scenarios - the scenarios of power cuts (powerloss/scenario.h), for a board.
 *
 *     cut_scenarios FOLDER LEVEL...
 *
 * writes the scenarios of update, PIN, sequence number, key and custodian's commands at these
 * fill levels: FOLDER/NN-LEVEL.image, 64 KB of
 * memory, and .script: its name, how many worlds its command goes through, and
 * what to send (scenario_write()); those that
 * cannot be written down are named.
 *
 *     cut_scenarios
 *
 * reads names of memory images and answers each with a line that tells what
 * the card there keeps, objects by objects, or "unreadable". */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/sha256.h"
#include "powerloss/scenario.h"
#include "powerloss/world.h"

enum {
	PAGES = 64,
	SIZE = PAGES * 1024
};

/* Is it of an update, PIN, sequence number, key or custodian's command? */
static int is_meant(const struct scenario *s)
{
	static const uint8_t files[] = {0xD6, 0xDC, 0x20, 0x24, 0x26, 0x28, 0x2C, 0x88}, /* class 00 */
		keys[] = {0x32, 0x50, 0x82, 0xD8, 0xE4, 0xF0, 0xE2,
			  0x36, 0x3A, 0x3C, 0x3E, 0x42, 0x46}; /* class 80 */

	if (s->silent)
		return 0;
	return (s->cla == 0x00 && memchr(files, s->ins, sizeof(files)) != NULL) ||
	       (s->cla == 0x80 && memchr(keys, s->ins, sizeof(keys)) != NULL);
}

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "cut_scenarios: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void write_one(const char *folder, size_t number, int level)
{
	static uint8_t image[SIZE];
	const struct scenario *s = scenario_at(number);
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%02zu-%d.script", folder, number, level);
	if (!(file = fopen(path, "w")))
		die(path);
	fprintf(file, "%s\n%d\n", s->name, s->spends ? 3 : 2);
	if (!scenario_write(s, level, PAGES, file, image))
		die(s->name);
	if (fclose(file) != 0)
		die(path);
	snprintf(path, sizeof(path), "%s/%02zu-%d.image", folder, number, level);
	if (!(file = fopen(path, "w")) || fwrite(image, 1, SIZE, file) != SIZE || fclose(file) != 0)
		die(path);
}

/* A line that tells worlds apart: what a card keeps once it has started with the
 * memory, which may have something to finish; so it is done on a copy. */
static void tell(const char *path)
{
	static struct world world;
	static struct card card;
	static struct cut cut;
	uint8_t digest[SHA256_LENGTH];
	FILE *file = fopen(path, "r");

	if (!file || cut_open(&cut, PAGES, 1024, 4, 0xFF) < 0 || fread(cut.memory, 1, SIZE, file) != SIZE)
		die(path);
	(void)fclose(file);
	memset(&world, 0, sizeof(world));
	if (card_start(&card, &cut.hal) != OK || !world_read(&world, &card.store)) {
		puts("unreadable");
	} else {
		if (sha256(digest, (struct span){(const uint8_t *)&world, sizeof(world)}) < 0)
			die("sha256");
		for (size_t i = 0; i < 8; i++)
			printf("%02x", digest[i]);
		putchar('\n');
	}
	fflush(stdout);
	cut_close(&cut);
}

int main(int argc, char **argv)
{
	const struct scenario *s;
	char path[512];

	if (argc == 1) {
		while (fgets(path, sizeof(path), stdin)) {
			path[strcspn(path, "\n")] = 0;
			tell(path);
		}
		return 0;
	}
	if (argc < 3)
		return 2;
	for (size_t n = 0; (s = scenario_at(n)); n++)
		for (int i = 2; i < argc && is_meant(s); i++)
			if (s->random)
				printf("not written down: %s\n", s->name);
			else
				write_one(argv[1], n, atoi(argv[i]) % SCENARIO_LEVELS);
	return 0;
}
