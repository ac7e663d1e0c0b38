#include "powerloss/steps.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/gba.h"
#include "auth/milenage.h"
#include "unit/ota.h"

/* TS 35.208 test set 1. */
static const uint8_t k[16] = {0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f,
			      0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc};
static const uint8_t opc[16] = {0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e,
				0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf};

void step_append(char *step, const uint8_t *bytes, size_t length)
{
	size_t n = strlen(step);

	if (n + 2 * length >= STEP_TEXT)
		abort();
	for (size_t i = 0; i < length; i++)
		(void)sprintf(step + n + 2 * i, "%02X", bytes[i]);
}

/* With `gba` the vector is one for GBA_U, and sent as such. */
static uint16_t authenticate_with(struct play *play, const char *numbers, int gba)
{
	static const uint8_t amf[AKA_AMF] = {0x80, 0x00};
	uint8_t sqn[AKA_SQN] = {0}, rand[AKA_RAND];
	struct aka_vector vector;
	char text[STEP_TEXT] = "0088008122 10", gba_text[] = "0088008423 DD10";
	uint8_t mask[GBA_MASK];
	unsigned seq, ind;

	if (sscanf(numbers, "%u %u", &seq, &ind) != 2)
		abort();
	memset(rand, (int)(0x30 + seq + ind), sizeof(rand));
	sqn[4] = (uint8_t)(seq >> 3);
	sqn[5] = (uint8_t)(seq << 5 | ind);
	if (milenage_vector(&vector, k, opc, rand, sqn, amf) < 0)
		abort();
	if (gba) {
		memcpy(text, gba_text, sizeof(gba_text));
		gba_mask(mask, vector.ik, vector.ik_length);
		for (size_t i = 0; i < sizeof(mask); i++)
			vector.autn[AKA_SQN + AKA_AMF + i] ^= mask[i];
	}
	step_append(text, rand, sizeof(rand));
	strcat(text, "10");
	step_append(text, vector.autn, vector.autn_length);
	return step_send(play, text);
}

static uint16_t over_the_air(struct play *play, const char *text)
{
	struct ota o = ota_aes();
	char *script;

	o.counter = strtoul(text, &script, 10);
	return ota_send(play, &o, script);
}

static uint16_t special(struct play *play, const char *step)
{
	if (strncmp(step, "@open", 5) == 0)
		return play_secure(play);
	if (strncmp(step, "@key", 4) == 0)
		return play_load_key(play, k, opc);
	if (strncmp(step, "@aka ", 5) == 0)
		return authenticate_with(play, step + 5, 0);
	if (strncmp(step, "@gba ", 5) == 0)
		return authenticate_with(play, step + 5, 1);
	if (strncmp(step, "@ota-keys", 9) == 0) {
		struct ota o = ota_aes();

		return ota_put_keys(play, &o);
	}
	if (strncmp(step, "@ota ", 5) == 0)
		return over_the_air(play, step + 5);
	if (strncmp(step, "@restart", 8) != 0)
		abort();
	play_restart(play);
	return SW_OK;
}

uint16_t step_send(struct play *play_, const char *step)
{
	char hex[STEP_TEXT];

	(void)snprintf(hex, sizeof(hex), "%.*s", (int)strcspn(step, ">"), step);
	if (hex[0] == '@')
		return special(play_, hex);
	if (hex[0] == '=')
		return play_tpdu(play_, hex + 1);
	return hex[0] == '*' ? play_wrapped(play_, hex + 1) : play(play_, hex);
}

int step_wants(const char *step, uint16_t sw)
{
	const char *want = strchr(step, '>');
	char got[5];

	(void)snprintf(got, sizeof(got), "%04X", sw);
	want = want ? want + 1 + strspn(want + 1, " ") : "9000";
	for (int i = 0; i < 4; i++)
		if (want[i] != 'x' && want[i] != got[i])
			return 0;
	return 1;
}

int steps_run(struct play *play, const char *const *steps)
{
	uint16_t sw;

	for (; *steps; steps++) {
		sw = step_send(play, *steps);
		if (step_wants(*steps, sw))
			continue;
		printf("\n    the step \"%s\" was answered %04X", *steps, sw);
		return 0;
	}
	return 1;
}
