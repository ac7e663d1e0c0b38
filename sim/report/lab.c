#include "report/lab.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "lib/page.h"
#include "lib/whole_file.h"
#include "report/blast.h"
#include "report/cells.h"
#include "report/evidence.h"
#include "report/heat.h"
#include "report/parameters.h"
#include "report/remarks.h"
#include "report/report.h"
#include "report/routes.h"

/* The page, and the looks it has in common with the demonstration's (report.c), put into the program by the
 * assembler. */
__asm__(".section .rodata\n"
	"lab_page:\n"
	".incbin \"sim/report/lab.html\"\n"
	".byte 0\n"
	".previous\n");
extern const char lab_page[];

/* A sum over all cells. */
static json_int_t total(const json_t *facts, const char *name)
{
	const json_t *cell;
	json_int_t sum = 0;
	size_t i;

	json_array_foreach(json_object_get(facts, "cells"), i, cell)
	{
		sum += cells_number(cell, name);
	}
	return sum;
}

/* How many cells' thieves opened from `least` to `most` of their sessions. */
static unsigned cells_of(const json_t *facts, int least, int most)
{
	const json_t *cell;
	unsigned count = 0;
	size_t i;

	json_array_foreach(json_object_get(facts, "cells"), i, cell)
	{
		int level = cells_level(cells_number(cell, "decrypted"), cells_number(cell, "sessions"));

		count += level >= least && level <= most;
	}
	return count;
}

static unsigned size_and_free(json_t *array)
{
	unsigned size = (unsigned)json_array_size(array);

	json_decref(array);
	return size;
}

/* Names of designs, each once. */
static unsigned names_of(const json_t *designs)
{
	unsigned count = 0;
	size_t i, k;

	for (i = 0; i < json_array_size(designs); i++) {
		for (k = 0; k < i; k++)
			if (!strcmp(cells_text(json_array_get(designs, i), "design"),
				    cells_text(json_array_get(designs, k), "design")))
				break;
		count += k == i;
	}
	return count;
}

static void headline(FILE *out, const void *facts)
{
	const json_t *cells = json_object_get(facts, "cells");
	json_t *rows = cells_designs(cells);
	unsigned designs = names_of(rows), thieves = size_and_free(cells_thieves(cells));

	json_decref(rows);
	page_print(out, "%u %s to deliver a key, %u %s", designs, designs == 1 ? "way" : "ways", thieves,
		   thieves == 1 ? "thief" : "thieves");
}

static void lede(FILE *out, const void *facts)
{
	page_print(
		out,
		"Every way to deliver card keys was carried out in worlds of its own, every thief robbed them, and a judge compared the loot with what was "
		"really said. Of <b>%u</b> thefts, <b>%u</b> opened every session, <b>%u</b> a part, and <b>%u</b> none.",
		(unsigned)json_array_size(json_object_get(facts, "cells")),
		cells_of(facts, CELLS_LEVELS - 1, CELLS_LEVELS - 1), cells_of(facts, 1, CELLS_LEVELS - 2),
		cells_of(facts, 0, 0));
}

static void confinement(FILE *out, const void *facts)
{
	const json_t *cell;
	unsigned free_files = 0, free_sockets = 0;
	size_t i;

	json_array_foreach(json_object_get(facts, "cells"), i, cell)
	{
		const json_t *confined = json_object_get(cell, "confined");

		free_files += !json_is_true(json_object_get(confined, "files"));
		free_sockets += !json_is_true(json_object_get(confined, "sockets"));
	}
	if (!free_files && !free_sockets)
		fputs("Each ran with an empty environment, and the kernel held it to its captured folder and its loot "
		      "folder (Landlock) and denied it sockets (seccomp).",
		      out);
	else
		page_print(
			out,
			"<b>Not all were held by the kernel:</b> files were open to %u and sockets to %u of them; only how "
			"they were built kept those apart.",
			free_files, free_sockets);
}

static const struct {
	const char *name;
	page_writer *write;
} parts[] = {
	{"headline", headline},       {"lede", lede},
	{"heat", heat_write},         {"legend", heat_legend},
	{"routes", routes_write},     {"verdicts", remarks_table},
	{"failed", remarks_failed},   {"held", remarks_held},
	{"blast", blast_write},       {"parameters", parameters_lab},
	{"confinement", confinement}, {"evidence", evidence_write},
};

enum {
	PRINTED = 60, /* more cells than this have their evidence on the screen only: it would be a book */
};

static void put_length(json_t *values, const json_t *facts)
{
	const size_t count = json_array_size(json_object_get(facts, "cells"));

	json_object_set_new(values, "cells_count", json_integer((json_int_t)count));
	json_object_set_new(values, "evidence_class", json_string(count > PRINTED ? "unprinted" : "printed"));
	json_object_set_new(
		values, "unprinted",
		json_string(count > PRINTED
				    ? "<p class=\"instead\">The evidence of each cell is not printed; it "
				      "is on this page, on a screen, and in <code>matrix.json</code>.</p>\n"
				    : ""));
}

int lab_html(const char *path, const json_t *facts, struct fault *fault)
{
	json_t *values = json_copy((json_t *)(uintptr_t)facts);
	struct whole_file file;
	size_t i;
	int e;

	if (!values || whole_file_open(&file, path, fault) < 0) {
		json_decref(values);
		return -1;
	}
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		page_part(values, parts[i].name, parts[i].write, facts);
	json_object_set_new(values, "looks", json_string(report_looks));
	json_object_set_new(values, "false_keys", json_integer(total(facts, "false_keys")));
	json_object_set_new(values, "false_packets", json_integer(total(facts, "false_packets")));
	put_length(values, facts);
	e = page_fill(file.out, lab_page, values, fault);
	json_decref(values);
	if (e < 0) {
		whole_file_drop(&file);
		return -1;
	}
	return whole_file_keep(&file, path, fault);
}
