#include "ceremony/script.h"

#include <string.h>
#include <strings.h>

#include "ceremony/sheet.h"
#include "lib/hex.h"

enum {
	SETS = 70, /* that are listed one by one, at most: 4 of 8 */
	EXCEPTIONS = 12
};

/* The page, host/ceremony/script.html, put into the program by the assembler. */
__asm__(".section .rodata\n"
	"script_page:\n"
	".incbin \"host/ceremony/script.html\"\n"
	".byte 0\n"
	".previous\n");
extern const char script_page[];

static void stamp(FILE *out, const void *plan)
{
	sheet_stamp(out, plan);
}

static void cover(FILE *out, const void *context)
{
	const struct plan *plan = context;
	char hex[65];

	sheet_fact(out, "Ceremony", plan->id);
	sheet_fact(out, "Mode", plan_mode(plan));
	sheet_fact(out, "Operator", plan->operator_name);
	sheet_fact(out, "Token", plan->hsm);
	hex_write(hex, plan->previous, 32);
	sheet_fact(out, "Previous transcript", plan->has_previous ? hex : "");
	page_print(
		out,
		"<tr><th scope=\"row\">Master key</th><td>%u of %u custodians restore it; %u deny it</td></tr>\n",
		plan->threshold, plan->total, plan_blocking(plan));
}

static void digest(FILE *out, const void *context)
{
	const struct plan *plan = context;
	char hex[65];

	hex_write(hex, plan->digest, 32);
	page_print(out, "<p class=\"hash\"><code>%s</code></p>\n", hex);
	sheet_digest(out, "The same, to be read aloud", plan->digest);
}

/* ---- people and things ---- */

static void person(FILE *out, const char *name, const char *role, const char *more, bool signs)
{
	page_print(out,
		   "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td><td class=\"hand\"></td>"
		   "<td class=\"hand\"></td></tr>\n",
		   name, role, more, signs ? "yes" : "");
}

static void people(FILE *out, const void *context)
{
	const struct plan *plan = context;

	for (unsigned i = 0; i < plan->party_count; i++) {
		const struct plan_party *party = &plan->parties[i];
		unsigned index = i - plan->first_custodian;
		bool custodian = i >= plan->first_custodian && index < plan->total;
		char role[SHEET_ROLE];

		sheet_role(role, plan, i);
		person(out, party->name, role,
		       custodian ? plan_share_name(plan->custodians[index].share) : "", party->key != NULL);
	}
}

static void thing(FILE *out, const char *name, const char *kind, const char *serial, const char *bag,
		  const char *new_bag)
{
	static const char tick[] = "<span class=\"tick\"></span>";

	page_print(out, "<tr><th scope=\"row\">%s</th><td>%s</td>", name, kind);
	fprintf(out, "<td>%s", serial[0] ? tick : "");
	page_print(out, "%s</td>", serial);
	fprintf(out, "<td>%s", bag[0] ? tick : "");
	page_print(out, "%s</td>", bag);
	fprintf(out, "<td>%s", new_bag[0] ? tick : "");
	page_print(out, "%s</td><td class=\"hand\"></td></tr>\n", new_bag);
}

static void things(FILE *out, const void *context)
{
	const struct plan *plan = context;
	unsigned rows = 0;

	for (unsigned i = 0; i < plan->device_count; i++, rows++) {
		const struct plan_device *device = &plan->devices[i];

		thing(out, device->name, device->kind, device->serial, device->bag, device->new_bag);
	}
	for (unsigned i = 0; i < plan->total; i++) {
		const struct plan_custodian *custodian = &plan->custodians[i];

		if (!plan_custodian(plan, i)->key && !custodian->serial[0] && !custodian->bag[0])
			continue;
		thing(out, custodian->name, "custodian's card", custodian->serial, custodian->bag, "");
		rows++;
	}
	if (rows == 0)
		fputs("<tr><td colspan=\"6\">The plan lists no device and no card.</td></tr>\n", out);
}

static void programs(FILE *out, const void *context)
{
	const struct plan *plan = context;
	char hex[65];

	for (unsigned i = 0; i < plan->software_count; i++) {
		hex_write(hex, plan->software[i].sha256, 32);
		page_print(out, "<p><b>%s</b>, SHA-256 <code class=\"hash\">%s</code></p>\n",
			   plan->software[i].name, hex);
	}
	if (plan->software_count == 0)
		fputs("<p>The plan lists no program: whichever is used is written into the transcript with its SHA-256."
		      "</p>\n",
		      out);
	for (unsigned i = 0; i < plan->factory_count; i++)
		page_print(out, "<p>Cards of factory <b>%s</b> are genuine.</p>\n", plan->factories[i].name);
}

/* ---- who can do what ---- */

static unsigned count_sets(const struct plan *plan, unsigned size)
{
	unsigned count = 0;

	for (unsigned set = plan_first_set(size); set; set = plan_next_set(plan, set))
		count++;
	return count;
}

static void sets(FILE *out, const struct plan *plan, unsigned size)
{
	unsigned count = count_sets(plan, size);

	if (count > SETS) {
		page_print(
			out,
			"<p>Any %u of the %u custodians: %u sets. <code>simrite ceremony plan</code> lists them all."
			"</p>\n",
			size, plan->total, count);
		return;
	}
	fputs("<ul class=\"sets\">\n", out);
	for (unsigned set = plan_first_set(size); set; set = plan_next_set(plan, set)) {
		char names[PLAN_CUSTODIANS * (PLAN_TEXT + 2)];
		unsigned of = plan_jurisdictions_of(plan, set);

		plan_set_names(names, sizeof(names), plan, set);
		page_print(out, "<li>%s <small>%u jurisdiction%s</small></li>\n", names, of,
			   of == 1 ? "" : "s");
	}
	fputs("</ul>\n", out);
}

static void restore(FILE *out, const void *context)
{
	const struct plan *plan = context;

	sets(out, plan, plan->threshold);
}

static void deny(FILE *out, const void *context)
{
	const struct plan *plan = context;

	sets(out, plan, plan_blocking(plan));
}

static void jurisdictions(FILE *out, const void *context)
{
	const struct plan *plan = context;

	for (unsigned i = 0; i < plan->total; i++) {
		unsigned count = (unsigned)__builtin_popcount(plan_compatriots(plan, i));

		if (count == 0)
			continue;
		page_print(out, "<tr><th scope=\"row\">%s</th><td>%u of %u</td><td>%s</td><td>%s</td></tr>\n",
			   plan->custodians[i].jurisdiction, count, plan->total,
			   count >= plan->threshold ? "yes" : "no",
			   count >= plan_blocking(plan) ? "yes" : "no");
	}
}

/* ---- to be written on ---- */

static void exceptions(FILE *out, const void *plan)
{
	(void)plan;
	for (unsigned i = 1; i <= EXCEPTIONS; i++)
		page_print(
			out,
			"<tr><th scope=\"row\">%u</th><td></td><td class=\"hand\"></td><td class=\"hand\"></td>"
			"<td class=\"hand\"></td><td class=\"hand\"></td></tr>\n",
			i);
}

static void destruction(FILE *out, const void *context)
{
	const struct plan *plan = context;

	for (unsigned i = 0; i < plan->destruction_count; i++)
		page_print(out,
			   "<tr><th scope=\"row\">%u</th><td><span class=\"tick\"></span>%s</td>"
			   "<td class=\"hand\"></td><td class=\"hand\"></td><td class=\"hand\"></td></tr>\n",
			   i + 1, plan->destruction[i]);
	if (plan->destruction_count == 0)
		fputs("<tr><td colspan=\"5\">The plan has nothing destroyed but what the program destroys itself: the base "
		      "key and the key of the transcript, in the token.</td></tr>\n",
		      out);
}

static void signatures(FILE *out, const void *context)
{
	const struct plan *plan = context;

	for (unsigned i = 0; i < plan->party_count; i++)
		page_print(
			out,
			"<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"hand\"></td><td class=\"hand\"></td>"
			"</tr>\n",
			plan->parties[i].name, plan->parties[i].role);
}

static void steps(FILE *out, const void *plan)
{
	(void)script_steps(out, plan);
}

int script_put(const char *path, const struct plan *plan, struct fault *fault)
{
	static const struct {
		const char *name;
		page_writer *write;
	} parts[] = {
		{"stamp", stamp},
		{"cover", cover},
		{"digest", digest},
		{"people", people},
		{"things", things},
		{"programs", programs},
		{"restore", restore},
		{"deny", deny},
		{"jurisdictions", jurisdictions},
		{"steps", steps},
		{"exceptions", exceptions},
		{"destruction", destruction},
		{"signatures", signatures},
	};
	json_t *values = json_pack("{s:s, s:s, s:s, s:s}", "title", plan->title, "id", plan->id, "mode",
				   plan_mode(plan), "version", VERSION);
	int result;

	for (size_t i = 0; values && i < sizeof(parts) / sizeof(parts[0]); i++)
		page_part(values, parts[i].name, parts[i].write, plan);
	result = values ? sheet_put(path, script_page, values, fault)
			: fault_set(fault, FAULT_SYSTEM, NULL, "no memory");
	json_decref(values);
	return result;
}
