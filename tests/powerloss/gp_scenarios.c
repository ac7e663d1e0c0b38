/* Keys that are put: 50, 51, .. under the card's test keys; SCP02 sessions are
 * opened here by hand, as the host library has none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/aes.h"
#include "crypto/des.h"
#include "crypto/kcv.h"
#include "gp/scp02_keys.h"
#include "keys/build.h"
#include "powerloss/scenario.h"
#include "unit/tickets.h"

#define CHALLENGE "0102030405060708"

static const uint8_t zero[16];

static void seal(uint8_t *out, const uint8_t *in, size_t length)
{
	if (aes_cbc_encrypt(out, (struct span){scp03_test_keys.dek, 16}, zero, in, length) < 0)
		abort();
}

/* *80D8 old 81: three keys 50..5F of version `version`. */
static void make_put(char *command, uint8_t old, uint8_t version, uint8_t type)
{
	uint8_t key[16], sealed[16], check[KCV_LENGTH];

	for (uint8_t i = 0; i < 16; i++)
		key[i] = (uint8_t)(0x50 + i);
	seal(sealed, key, 16);
	if ((type == 0x80 ? des3_kcv(check, key) : kcv(check, (struct span){key, 16})) < 0)
		abort();
	(void)sprintf(command, "*80D8%02X81 43 %02X", old, version);
	for (int i = 0; i < 3; i++) {
		step_append(command, (const uint8_t[]){type, 16}, 2);
		step_append(command, sealed, sizeof(sealed));
		step_append(command, (const uint8_t[]){KCV_LENGTH}, 1);
		step_append(command, check, sizeof(check));
	}
}

static void add_key(struct play *p, char *command)
{
	(void)p;
	make_put(command, 0x00, 0x31, 0x88);
}

static void replace_key(struct play *p, char *command)
{
	(void)p;
	make_put(command, 0x31, 0x32, 0x88);
}

/* On the blank card: a second set, or the triple DES keys 20. */
static void have_two(struct play *p)
{
	char command[STEP_TEXT];

	make_put(command, 0x00, 0x31, 0x88);
	if (play_secure(p) != SW_OK || step_send(p, command) != SW_OK)
		abort();
}

static void have_scp02(struct play *p)
{
	char command[STEP_TEXT];

	make_put(command, 0x00, 0x20, 0x80);
	if (play_secure(p) != SW_OK || step_send(p, command) != SW_OK)
		abort();
}

static int key_is_there(struct play *p, const char *update)
{
	return play(p, ISD) == SW_OK && play(p, update) == SW_OK;
}

static int added(struct play *p, int happened)
{
	(void)happened;
	return key_is_there(p, "80503100 08 " CHALLENGE) && key_is_there(p, "80503000 08 " CHALLENGE);
}

static int replaced(struct play *p, int happened)
{
	(void)happened;
	return key_is_there(p, "80503200 08 " CHALLENGE) && play(p, "80503100 08 " CHALLENGE) == 0x6A88;
}

static int deleted(struct play *p, int happened)
{
	(void)happened;
	return key_is_there(p, "80503000 08 " CHALLENGE) && play(p, "80503100 08 " CHALLENGE) == 0x6A88;
}

/* One STORE DATA with a file, a PIN (five tries), a key, an "i" and the life cycle. */
static void make_store_data(struct play *p, char *command)
{
	static const uint8_t pins[16] = "1234\xFF\xFF\xFF\xFF"
					"12345678";
	uint8_t keys[32], sealed[32], check[KCV_LENGTH];

	(void)p;
	for (uint8_t i = 0; i < 32; i++)
		keys[i] = (uint8_t)(0x90 + i);
	strcpy(command, "*80E28800 5F 0F01 0F 01 2FE2 00 00 988812010000000010F1 8F02 14 01 01 05 0A");
	seal(sealed, pins, 16);
	step_append(command, sealed, 16);
	strcat(command, "8F01 2A 01 01 01 00");
	seal(sealed, keys, 32);
	step_append(command, sealed, 32);
	for (int i = 0; i < 2; i++) {
		if (kcv(check, (struct span){keys + 16 * i, 16}) < 0)
			abort();
		step_append(command, check, sizeof(check));
	}
	strcat(command, "0F03 02 30 70 0F02 01 0F");
}

static int stored(struct play *p, int happened)
{
	static const uint8_t empty[6];

	(void)happened;
	play_restart(p);
	if (play(p, "00A4000C 02 2FE2") != SW_OK || play(p, "00B000000A") != SW_OK ||
	    p->response[0] != 0x98 || play(p, "0020000100") != 0x63C5 || play(p, ISD) != SW_OK ||
	    play(p, "80CADF2000") != SW_OK)
		return 0;
	/* DF20 length, slot state algorithm method KCV KCV */
	return p->response[4] == 1 && memcmp(p->response + 7, empty, 6) != 0 &&
	       play(p, "80CADF2100") == SW_OK && p->response[3] == 0x0F;
}

/* The number of the session that INITIALIZE UPDATE answered is new. */
static int counted(struct play *p, int happened)
{
	return p->length == 32 && p->response[31] == (happened ? 2 : 1);
}

/* EXTERNAL AUTHENTICATE, after an INITIALIZE UPDATE with CHALLENGE. */
static void answer_scp02(struct play *p, char *command)
{
	static const uint8_t mine[8] = {1, 2, 3, 4, 5, 6, 7, 8}, header[5] = {0x84, 0x82, 0x01, 0x00, 16};
	uint8_t key[16], chaining[8] = {0}, cryptogram[8], mac[8];
	struct scp02_session_keys keys;

	for (uint8_t i = 0; i < 16; i++)
		key[i] = (uint8_t)(0x50 + i);
	if (p->length < 28 || scp02_session_keys(&keys, key, key, key, p->response + 12) < 0 ||
	    scp02_host_cryptogram(cryptogram, &keys, mine, p->response + 12) < 0 ||
	    scp02_command_mac(mac, chaining, &keys, header, (struct span){cryptogram, 8}) < 0)
		abort();
	strcpy(command, "84820100 10");
	step_append(command, cryptogram, sizeof(cryptogram));
	step_append(command, mac, sizeof(mac));
}

static int opened(struct play *p, int happened)
{
	return play(p, ISD) == SW_OK && play(p, "80502000 08 " CHALLENGE) == SW_OK &&
	       p->response[13] == (happened ? 2 : 1);
}

static int known(struct play *p, int happened)
{
	(void)happened;
	return play(p, ISD) == SW_OK && play(p, "80CADF2200") == SW_OK && p->length == 68;
}

static int agreed(struct play *p, int happened)
{
	(void)happened;
	return play(p, ISD) == SW_OK && play(p, "80CADF2000") == SW_OK && p->response[4] == 1 &&
	       p->response[6] == 3;
}

/* ---- tickets: a card with an identity and, but for the first two, an authority ---- */

static const uint8_t iccid[TICKET_ICCID] = {0x98, 0x88, 0x12, 0x11, 0, 0, 0, 0, 0x01, 0x10};

static void statement(char *command, unsigned dgi, const uint8_t *value, size_t length)
{
	(void)sprintf(command, "*80E28800 %02X %04X%02X", (unsigned)length + 3, dgi, (unsigned)length);
	step_append(command, value, length);
}

static void give_authority(struct play *p, char *command)
{
	uint8_t key[P256_COMPRESSED];

	(void)p;
	tickets_key(key, tickets_ceremony);
	statement(command, 0x0F09, key, sizeof(key));
}

static void have_authority(struct play *p)
{
	char command[STEP_TEXT];

	give_authority(p, command);
	if (play_secure(p) != SW_OK || step_send(p, command) != SW_OK)
		abort();
}

static void give_certificate(struct play *p, char *command)
{
	struct certificate c;
	uint8_t bytes[TICKET_CERTIFICATE];

	if (play_wrapped(p, "80CADF2200") != SW_OK ||
	    p256_compress(c.identity, (struct span){p->response + 3, P256_UNCOMPRESSED}) < 0)
		abort();
	memcpy(c.firmware, build_digest, sizeof(c.firmware));
	statement(command, 0x0F0A, bytes,
		  tickets_sign(bytes, ticket_certificate_write(bytes, &c), tickets_factory));
}

static void tell_time(struct play *p, char *command)
{
	uint8_t bytes[TICKET_TIME];

	(void)p;
	statement(command, 0x0F0C, bytes, tickets_time(bytes, 1500));
}

/* The ticket of number 7, and room for `more` bytes behind it. */
static void ticket(char *command, uint8_t method, size_t more)
{
	static uint8_t made[SLOT_AGREED + 1][TICKET_AGREED]; /* signed once */
	struct ticket t = tickets_for(iccid, method, 7);
	uint8_t *bytes = made[method];
	size_t n = bytes[0] ? ticket_write(bytes, &t) + P256_SIGNATURE : tickets_make(bytes, &t);

	(void)sprintf(command, "*80E28900 %02X 0F0B%02X", (unsigned)(n + 3 + more), (unsigned)n);
	step_append(command, bytes, n);
}

static void load_injected(struct play *p, char *command)
{
	uint8_t sealed[32], check[KCV_LENGTH];

	(void)p;
	ticket(command, SLOT_INJECTED, 45);
	strcat(command, "8F01 2A 01 01 01 00");
	seal(sealed, (const uint8_t[32]){0}, 32);
	step_append(command, sealed, 32);
	if (kcv(check, (struct span){zero, 16}) < 0)
		abort();
	step_append(command, check, sizeof(check));
	step_append(command, check, sizeof(check));
}

static void load_agreed(struct play *p, char *command)
{
	uint8_t key[P256_COMPRESSED];

	(void)p;
	tickets_key(key, tickets_operator);
	ticket(command, SLOT_AGREED, 37);
	strcat(command, "0F08 22 01");
	step_append(command, key, sizeof(key));
}

/* The number is spent, the slot was loaded once, and the card tells the receipt. */
static int receipted(struct play *p, int happened)
{
	uint8_t digest[32];

	(void)happened;
	if (play(p, ISD) != SW_OK || play(p, "80CADF2300") != SW_OK || p->response[3 + 36] != 7 ||
	    play(p, "80CADF2700") != SW_OK || p->response[4] != 1 || play(p, "80CADF2200") != SW_OK)
		return 0;
	memcpy(digest, p->response + 4, 32); /* the identity's x-coordinate */
	return play(p, "80CADF2500") == SW_OK && p->length >= 4 + TICKET_RECEIPT &&
	       memcmp(p->response + 4 + 59, digest, 32) == 0;
}

#define BORN                                                                                                 \
	{                                                                                                    \
		"@open", "*80E28800 15 0F0600 0F010F 01 2FE2 00 00 98881211000000000110"                     \
	}

const struct scenario gp_scenarios[] = {
	{.cla = 0x84,
	 .ins = 0xF2,
	 .silent = 1,
	 .name = "GET STATUS",
	 .session = {"@open"},
	 .command = "*80F28002 02 4F00"},
	{.cla = 0x80,
	 .ins = 0xCA,
	 .silent = 1,
	 .name = "GET DATA",
	 .session = {ISD},
	 .command = "80CA006600"},
	{.cla = 0x00,
	 .ins = 0xCA,
	 .silent = 1,
	 .name = "GET DATA",
	 .session = {ISD},
	 .command = "00CA00E000"},

	{.cla = 0x80,
	 .ins = 0x50,
	 .name = "INITIALIZE UPDATE",
	 .session = {ISD},
	 .command = "80503000 08 " CHALLENGE,
	 .check = counted},
	{.cla = 0x80,
	 .ins = 0x82,
	 .name = "EXTERNAL AUTHENTICATE of SCP02",
	 .random = 1,
	 .prepare_by = have_scp02,
	 .session = {ISD, "80502000 08 " CHALLENGE},
	 .make = answer_scp02,
	 .check = opened},
	{.cla = 0x80,
	 .ins = 0xD8,
	 .name = "PUT KEY, a new set",
	 .session = {"@open"},
	 .make = add_key,
	 .again = "*80D80081 01 31 > 6A80",
	 .check = added},
	{.cla = 0x80,
	 .ins = 0xD8,
	 .name = "PUT KEY, replacing a set",
	 .prepare_by = have_two,
	 .session = {"@open"},
	 .make = replace_key,
	 .again = "*80D83181 01 32 > 6A88",
	 .check = replaced},
	{.cla = 0x80,
	 .ins = 0xE4,
	 .name = "DELETE of a key set",
	 .prepare_by = have_two,
	 .session = {"@open"},
	 .command = "*80E40000 03 D20131",
	 .again = "*80E40000 03 D20131 > 6A88",
	 .check = deleted},
	{.cla = 0x80,
	 .ins = 0xF0,
	 .name = "SET STATUS",
	 .session = {"@open"},
	 .command = "*80F0800700",
	 .again = "*80F0800700 > 6985"},
	{.cla = 0x80,
	 .ins = 0xE2,
	 .name = "STORE DATA of everything",
	 .session = {"@open"},
	 .make = make_store_data,
	 .check = stored},
	{.cla = 0x80,
	 .ins = 0xE2,
	 .name = "STORE DATA that destroys a key",
	 .prepare = {"@key", USIM, "@gba 4 3", "0088008405 DE01410142"},
	 .session = {"@open"},
	 .command = "*80E28800 05 0F0502 0104",
	 .again = "*80E28800 05 0F0502 0104 > 6A88"},
	{.cla = 0x80,
	 .ins = 0xE2,
	 .name = "STORE DATA that locks a key and narrows its use",
	 .prepare = {"@key"},
	 .session = {"@open"},
	 .command = "*80E28800 06 0F0503 010301"},
	{.cla = 0x80,
	 .ins = 0xE2,
	 .name = "STORE DATA that agrees on a key",
	 .costly = 1,
	 .prepare = {"@open", "*80E28800 03 0F0600"},
	 .session = {"@open"},
	 .command =
		 "*80E28900 25 0F0822 01 03 6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296",
	 .check = agreed},
	{.cla = 0x80,
	 .ins = 0xE2,
	 .name = "STORE DATA that makes the identity",
	 .session = {"@open"},
	 .command = "*80E28800 03 0F0600",
	 .again = "*80E28800 03 0F0600 > 6985",
	 .check = known},
	{.cla = 0x80,
	 .ins = 0xE2,
	 .name = "STORE DATA that gives the authority",
	 .prepare = BORN,
	 .session = {"@open"},
	 .make = give_authority,
	 .again = "> 6985"},
	{.cla = 0x80,
	 .ins = 0xE2,
	 .name = "STORE DATA of the certificate",
	 .prepare = BORN,
	 .session = {"@open"},
	 .make = give_certificate,
	 .again = "> 6985"},
	{.cla = 0x80,
	 .ins = 0xE2,
	 .name = "STORE DATA of a time",
	 .prepare = BORN,
	 .prepare_by = have_authority,
	 .session = {"@open"},
	 .costly = 1,
	 .make = tell_time},
	{.cla = 0x80,
	 .ins = 0xE2,
	 .name = "STORE DATA of a key under a ticket",
	 .prepare = BORN,
	 .prepare_by = have_authority,
	 .session = {"@open"},
	 .costly = 1,
	 .make = load_injected,
	 .again = "> 6985",
	 .check = receipted},
	{.cla = 0x80,
	 .ins = 0xE2,
	 .name = "STORE DATA that agrees on a key under a ticket",
	 .prepare = BORN,
	 .prepare_by = have_authority,
	 .session = {"@open"},
	 .costly = 1,
	 .make = load_agreed,
	 .again = "> 6985",
	 .check = receipted},
	{.cla = 0x80,
	 .ins = 0xE2,
	 .name = "STORE DATA of the card's numbers",
	 .session = {"@open"},
	 .command = "*80E29000 0A 4203111111 4503222222"},
	{.name = NULL},
};
