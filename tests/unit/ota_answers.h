/* ota_answers.h - messages over the air to a whole card, and what it answers. */
#ifndef SIMRITE_OTA_ANSWERS_H
#define SIMRITE_OTA_ANSWERS_H

#include "unit/ota.h"

/* A card with the set's keys, at the security level that is given, just reset. */
static inline void ota_begin(struct play *p, const struct ota *o, int least)
{
	play_open(p);
	CU_ASSERT_EQUAL_FATAL(ota_put_keys(p, o), SW_OK);
	if (least >= 0)
		CU_ASSERT_EQUAL_FATAL(ota_level(p, o, (uint8_t)least), SW_OK);
	play_restart(p);
}

/* Send, and open an answer that says `status`: secured, unless it came before the CC was found right. */
static inline void ota_sends(struct play *p, struct ota *o, const char *script, uint8_t status, int line)
{
	int plain = status == 0x01 || status == 0x05 || status == 0x06 || status == 0x09 || status == 0x0A;
	uint16_t sw = ota_send(p, o, script);

	if (sw != (status ? 0x6200 : SW_OK))
		printf("\n    line %d: %04X\n", line, sw);
	CU_ASSERT_EQUAL(sw, status ? 0x6200 : SW_OK);
	ota_open(o, p->response, p->length, plain);
	if (o->status != status)
		printf("\n    line %d: status %02X, wanted %02X\n", line, o->status, status);
	CU_ASSERT_EQUAL(o->status, status);
	CU_ASSERT_EQUAL(o->answer_counter, plain ? 0 : o->counter);
}

#define SEND(p, o, script, status) ota_sends((p), (o), (script), (status), __LINE__)
#define ANSWERED(o, hex)           ota_answered((o), (hex), __LINE__)

static inline void ota_answered(const struct ota *o, const char *hex, int line)
{
	uint8_t want[160];
	size_t n = play_unhex(want, sizeof(want), hex);

	if (o->answered != n)
		printf("\n    line %d: %zu bytes, wanted %zu\n", line, o->answered, n);
	CU_ASSERT_EQUAL(o->answered, n);
	if (o->answered == n)
		unit_bytes(o->answer, want, n, line);
}

#endif
