#include "report/plot.h"

#include <string.h>

#include "report/report.h"

enum {
	LEFT = 214,  /* where bars begin */
	WIDTH = 560, /* of 100 percent */
	TOP = 34,
	ROW = 62, /* per cell: two bars */
};

static void axis(FILE *out)
{
	int percent;

	for (percent = 0; percent <= 100; percent += 25) {
		int x = LEFT + WIDTH * percent / 100;

		fprintf(out, "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", x, TOP - 8, x,
			TOP + 4 * ROW);
		fprintf(out,
			"<text class=\"soft\" x=\"%d\" y=\"%d\" font-size=\"12\" text-anchor=\"middle\">%d %%</text>\n",
			x, TOP - 14, percent);
	}
}

static void bar(FILE *out, int y, int height, long part, long whole, const char *what, double opacity)
{
	double share = whole ? (double)part / (double)whole : 0;
	double width = share * WIDTH > 3 ? share * WIDTH : 3; /* nothing is shown as a thin line */

	fprintf(out,
		"<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" opacity=\"%.2f\"/>",
		part ? "stolen" : "kept", LEFT, y, width, height, opacity);
	fprintf(out, "<text class=\"soft\" x=\"%.1f\" y=\"%d\" font-size=\"12\">%ld/%ld %s</text>\n",
		LEFT + width + 8, y + height - 3, part, whole, what);
}

void plot_write(FILE *out, const json_t *facts)
{
	static const char *const designs[] = {"bulk-plain", "bulk-plain", "derived", "derived"};
	static const char *const thieves[] = {"courier", "master", "courier", "master"};
	int i;

	fprintf(out,
		"<svg viewBox=\"0 0 900 %d\" role=\"img\" aria-label=\"Share of sessions decrypted and keys recovered, "
		"by design and thief\">\n",
		TOP + 4 * ROW + 8);
	axis(out);
	for (i = 0; i < 4; i++) {
		int y = TOP + i * ROW + 10;

		fprintf(out, "<text x=\"6\" y=\"%d\" font-size=\"15\" font-weight=\"600\">%s</text>", y + 18,
			designs[i]);
		fprintf(out, "<text class=\"soft\" x=\"104\" y=\"%d\" font-size=\"14\">%s</text>\n", y + 18,
			thieves[i]);
		bar(out, y, 17, report_count(facts, designs[i], thieves[i], "decrypted"),
		    report_count(facts, designs[i], thieves[i], "sessions"), "sessions", 1);
		bar(out, y + 21, 15, report_count(facts, designs[i], thieves[i], "recovered"),
		    report_count(facts, designs[i], thieves[i], "keys"), "keys", 0.55);
	}
	fputs("</svg>", out);
}
