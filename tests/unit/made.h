/* made.h - play commands that make files, and the templates they take. */
#ifndef SIMRITE_TEST_MADE_H
#define SIMRITE_TEST_MADE_H

#include <stdio.h>
#include <string.h>

#include "unit/play.h"

#define USIM     "00A4040C 07 A0000000871002"
#define ADM      "0020000A 08 3132333435363738"
#define ENABLE   "00280001 08 31323334FFFFFFFF"
#define PIN_OK   "00200001 08 31323334FFFFFFFF"
#define MF       "00A4000C 02 3F00"
#define BINARY   "82024121"
#define ACTIVE   "8A0105"
#define ADM_ALL  "8B032F0609" /* RULE_ADM */
#define PIN_OPEN "8B032F060A"
#define READ_ALL "8B032F060B" /* RULE_READ_OPEN */
#define NO_SFI   "8800"
#define DF(fid)  "82027821 8302" fid ACTIVE ADM_ALL
#define PIN(ref) "A406 8301" ref "950108"

/* CREATE FILE (RESIZE FILE) with these data objects in the template. */
static inline uint16_t template(struct play *p, const char *command, const char *objects)
{
	uint8_t inner[255], bytes[300];
	size_t n = play_unhex(inner, sizeof(inner) - 2, objects), head;

	head = play_unhex(bytes, 4, command);
	bytes[head++] = (uint8_t)(n + 2);
	bytes[head++] = 0x62;
	bytes[head++] = (uint8_t)n;
	memcpy(bytes + head, inner, n);
	return play_bytes(p, bytes, head + n);
}

#define CREATE(p, objects, sw) template_is(p, "00E00000", objects, sw, __LINE__)
#define RESIZE(p, objects, sw) template_is(p, "80D40000", objects, sw, __LINE__)
static inline void template_is(struct play *p, const char *command, const char *objects, uint16_t want,
			       int line)
{
	uint16_t sw = template(p, command, objects);

	CU_ASSERT_EQUAL(sw, want);
	if (sw != want)
		printf("\n    line %d: %s gave %04X, wanted %04X\n", line, objects, sw, want);
}

/* A card with ADM1 verified. */
static inline void begin(struct play *p)
{
	play_open(p);
	PLAY(p, ADM, 0x9000);
}

#endif
