/* custodian_exchange.h - what custodian*.c share: a command to a custodian's card, put together and sent. */
#ifndef SIMRITE_CUSTODIAN_EXCHANGE_H
#define SIMRITE_CUSTODIAN_EXCHANGE_H

#include "custodian/tunnel.h"
#include "lib/custodian.h"

enum {
	CUSTODIAN_INS_STATUS = 0x34,
	CUSTODIAN_INS_ENROL = 0x36,
	CUSTODIAN_INS_OPEN = 0x38,
	CUSTODIAN_INS_CONTRIBUTE = 0x3A,
	CUSTODIAN_INS_REVEAL = 0x3C,
	CUSTODIAN_INS_STORE = 0x3E,
	CUSTODIAN_INS_CONFIRM = 0x40,
	CUSTODIAN_INS_RELEASE = 0x42,
	CUSTODIAN_INS_DESTROY = 0x46,
	CUSTODIAN_INS_SIGN = 0x48,
};

struct custodian_card {
	struct reader *reader;
	uint8_t key[65];
	char iccid[21]; /* empty: it was given none */
	bool in_session;
	struct tunnel tunnel;
};

/* A command and its answer: PINs and sealed secrets pass through it. */
struct custodian_exchange {
	uint8_t command[5 + 255 + 1];
	size_t data; /* bytes of data in it */
	uint8_t answer[256];
	size_t length;
};

/* The header; class 80, or 00 for VERIFY, CHANGE and UNBLOCK PIN. */
void custodian_start(struct custodian_exchange *x, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2);
/* Data behind what there is; too many are a bug, which custodian_send() tells. */
void custodian_add(struct custodian_exchange *x, const void *bytes, size_t length);
/* Send it; `answer`: it has one. The status word, or -1. */
int custodian_send(struct custodian_card *card, struct custodian_exchange *x, bool answer,
		   struct fault *fault);
void custodian_end(struct custodian_exchange *x); /* wipes */

/* 9000 and an answer of this length: 0, else -1 and what is wrong. */
int custodian_expect(const struct custodian_exchange *x, int sw, size_t length, const char *what,
		     struct fault *fault);

/* Is that the card's signature? Then `out` is that with the low s. */
int custodian_check_signature(const struct custodian_card *card, uint8_t out[static 64],
			      const uint8_t digest[static 32], const uint8_t signature[static 64],
			      const char *what, struct fault *fault);

#endif
