#include "unit/play.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/aes.h"
#include "crypto/kcv.h"
#include "gp/personalise.h"

enum {
	PAGES = 64,
	PAGE = 1024,
	UNIT_BYTES = 4,
	COMMAND = 300
};

size_t play_unhex(uint8_t *out, size_t size, const char *hex)
{
	size_t n = 0;
	unsigned byte;

	for (; *hex; hex++) {
		if (isspace((unsigned char)*hex))
			continue;
		if (n == size || sscanf(hex, "%2x", &byte) != 1)
			abort();
		out[n++] = (uint8_t)byte;
		hex++;
	}
	return n;
}

void play_restart(struct play *play)
{
	uint8_t atr[ATR_MAX];

	if (play->backend) {
		if (play->backend->reset(play->slot, atr) < 0)
			abort();
	} else if (card_start(&play->card, &play->cut.hal) < 0) {
		abort();
	} else {
		(void)card_reset(&play->card, atr);
	}
	if (play->script)
		fprintf(play->script, "reset\n");
}

void play_open_small(struct play *play, uint32_t pages)
{
	memset(play, 0, sizeof(*play));
	if (cut_open(&play->cut, pages, PAGE, UNIT_BYTES, 0xFF) < 0)
		abort();
	play_restart(play);
}

void play_open(struct play *play)
{
	play_open_small(play, PAGES);
}

void play_at(struct play *play, const struct backend *backend, void *slot)
{
	memset(play, 0, sizeof(*play));
	play->backend = backend;
	play->slot = slot;
	play_restart(play);
}

void play_close(struct play *play)
{
	CU_ASSERT_EQUAL(play->cut.breaches, 0);
	cut_close(&play->cut);
}

uint16_t play_bytes(struct play *play, const uint8_t *command, size_t length)
{
	int answered = play->backend ? play->backend->transmit(play->slot, play->response, command, length)
				     : (int)card_transmit(&play->card, play->response, command, length);
	size_t n = (size_t)answered;

	if (answered < 2 || answered > RESPONSE_MAX)
		abort();
	play->length = n - 2;
	for (size_t i = 0; play->script && i < length; i++)
		fprintf(play->script, "%02X", command[i]);
	if (play->script)
		fprintf(play->script, " %02X%02X\n", play->response[n - 2], play->response[n - 1]);
	return (uint16_t)(play->response[n - 2] << 8 | play->response[n - 1]);
}

uint16_t play_tpdu(struct play *play, const char *hex)
{
	uint8_t command[COMMAND];

	return play_bytes(play, command, play_unhex(command, sizeof(command), hex));
}

uint16_t play_apdu(struct play *play, uint8_t *command, size_t length)
{
	uint16_t sw = play_bytes(play, command, length);
	uint8_t get[5] = {command[0], 0xC0, 0, 0, (uint8_t)sw};

	if ((sw & 0xFF00) == 0x6C00 && length == 5) {
		command[4] = (uint8_t)sw;
		return play_bytes(play, command, length);
	}
	return (sw & 0xFF00) == 0x6100 || (sw & 0xFF00) == 0x9F00 ? play_bytes(play, get, sizeof(get)) : sw;
}

uint16_t play(struct play *play, const char *hex)
{
	uint8_t command[COMMAND];

	return play_apdu(play, command, play_unhex(command, sizeof(command), hex));
}

uint16_t play_show(struct play *p, const char *hex, uint16_t want, int line)
{
	uint16_t sw = play(p, hex);

	if (sw != want)
		printf("\n    line %d: %s gave %04X, wanted %04X\n", line, hex, sw, want);
	return sw;
}

void play_data(struct play *p, const char *hex, const char *data, int line)
{
	uint8_t want[RESPONSE_MAX];
	size_t n = play_unhex(want, sizeof(want), data);

	CU_ASSERT_EQUAL(play_show(p, hex, SW_OK, line), SW_OK);
	if (p->length != n)
		printf("\n    line %d: %s gave %zu bytes, wanted %zu\n", line, hex, p->length, n);
	CU_ASSERT_EQUAL(p->length, n);
	if (p->length == n)
		unit_bytes(p->response, want, n, line);
}

uint16_t play_secure(struct play *p)
{
	static const uint8_t challenge[8] = {9, 8, 7, 6, 5, 4, 3, 2};
	uint8_t command[SCP03_ANSWER_MAX];
	struct fault fault;
	uint16_t sw;
	int n;

	if ((sw = play(p, "00A4040008A000000151000000")) != SW_OK)
		return sw;
	(void)scp03_begin(&p->channel, command, &scp03_test_keys, challenge);
	if ((sw = play_apdu(p, command, 13)) != SW_OK)
		return sw;
	n = scp03_answer(&p->channel, command, p->response, p->length, SCP03_C_MAC | SCP03_C_DEC, &fault);
	return n < 0 ? SW_SECURITY_NOT_SATISFIED : play_apdu(p, command, (size_t)n);
}

static uint16_t wrapped(struct play *p, const uint8_t *plain, size_t length)
{
	uint8_t out[SCP03_COMMAND_MAX];
	struct fault fault;
	int n = scp03_wrap(&p->channel, out, plain, length, &fault);

	return n < 0 ? SW_TECHNICAL_PROBLEM : play_apdu(p, out, (size_t)n);
}

uint16_t play_wrapped(struct play *p, const char *hex)
{
	uint8_t plain[COMMAND];

	return wrapped(p, plain, play_unhex(plain, sizeof(plain), hex));
}

uint16_t play_load_key(struct play *p, const uint8_t k[static 16], const uint8_t opc[static 16])
{
	uint8_t command[5 + 3 + 42] = {0x80, 0xE2,          0x88,           0x00,
				       45,   DGI_KEY >> 8,  DGI_KEY & 0xFF, 42,
				       1,    SLOT_MILENAGE, SLOT_INJECTED,  0};
	uint8_t iv[16] = {0}, keys[32];
	uint16_t sw = play_secure(p);

	memcpy(keys, k, 16);
	memcpy(keys + 16, opc, 16);
	if (sw != SW_OK ||
	    aes_cbc_encrypt(command + 12, (struct span){scp03_test_keys.dek, 16}, iv, keys, 32) < 0 ||
	    kcv(command + 44, (struct span){k, 16}) < 0 || kcv(command + 47, (struct span){opc, 16}) < 0)
		return SW_TECHNICAL_PROBLEM;
	return wrapped(p, command, sizeof(command));
}
