#include "report/figures.h"

#include <stddef.h>

/* "The report": "PCS Harvesting at Scale", 27 April 2010, published in February 2015. */
const struct figure figures[] = {
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
	{"IMSI records in the theft from an operator's HSS, 2025", 26957749, "biz.chosun.com, 19 May 2025"},
	{NULL, 0, NULL},
};
