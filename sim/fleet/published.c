#include "fleet/published.h"

json_t *published_figures(void)
{
	static const struct {
		const char *what;
		json_int_t keys;
		const char *source;
	} rows[] = {
		{"automatic harvest, 30 Dec 2009 to 14 Jan 2010", 7802, "report of 2010, table 1, page 10"},
		{"automatic harvest, 13 to 28 January", 8960, "report of 2010, table 1, page 10"},
		{"automatic harvest, 27 January to 11 February", 1809, "report of 2010, table 1, page 10"},
		{"automatic harvest, 10 to 25 February", 2348, "report of 2010, table 1, page 10"},
		{"automatic harvest, 24 February to 11 March", 84937, "report of 2010, table 1, page 10"},
		{"automatic harvest, 10 to 25 March", 473, "report of 2010, table 1, page 10"},
		{"automatic harvest, all six windows", 106329, "report of 2010, table 1, summed"},
		{"one provider, as the report counts it", 84874, "report of 2010, appendix 4, page 23"},
		{"the same provider, as a slide claims it", 300000, "slide \"Successes\""},
		{"one operator, all sources, January to March 2010", 1900000,
		 "report of 2010, figure 4, page 15, read by eye, 20 percent"},
		{"IMSI records in the theft from an operator's HSS, 2025", 26957749,
		 "biz.chosun.com, 19 May 2025"},
	};
	json_t *figures = json_array();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		json_array_append_new(figures, json_pack("{s:s,s:I,s:s,s:s}", "what", rows[i].what, "keys",
							 rows[i].keys, "source", rows[i].source, "label",
							 "published"));
	return figures;
}
