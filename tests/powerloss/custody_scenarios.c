/* A custodian's card: enrolled, and with a session whose host's half is kept here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "powerloss/scenario.h"
#include "unit/party.h"

#define ABOUT      "0102030405060708 03 6331"
#define CONTRIBUTE "803A0000 0B " ABOUT
#define REVEAL     "803C0000 0B " ABOUT
#define CONFIRM    "80400000 02 6331"
#define RELEASE    "80420000 0B " ABOUT
#define DESTROY    "80460000 0B " ABOUT
/* A host's key that is always the same; what it has the private half of is no matter where nothing is opened.
 */
#define SESSION "80380000 23 03 6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296 6331"

static struct party party;

/* Salt and value of the share. */
static void fill(uint8_t secret[static 64])
{
	for (uint8_t i = 0; i < 64; i++)
		secret[i] = (uint8_t)(0xA0 ^ i);
}

/* STORE SHARE, in a session of its own. */
static void make_share(struct play *p, char *command)
{
	uint8_t data[200], secret[64];
	size_t n;

	fill(secret);
	if (play(p, "8034000000") != SW_OK)
		abort();
	memcpy(party.key, p->response + 3, sizeof(party.key));
	if (party_session(p, &party, "c1") != SW_OK)
		abort();
	n = party_share(data, &party, "c1", 3, 2, 5, secret);
	memcpy(data + 82, "\1\2\3\4\5\6\7\x08", 8);
	(void)sprintf(command, "803E0000 %02X ", (unsigned)n);
	step_append(command, data, n);
}

/* On a blank card: enrolled, with a share. */
static void have_share(struct play *p)
{
	char command[STEP_TEXT];

	if (party_enrol(p, &party) != SW_OK || play(p, PARTY_PIN) != SW_OK)
		abort();
	make_share(p, command);
	if (step_send(p, command) != SW_OK)
		abort();
}

/* What STATUS says of the share; releases so far. */
static int tells(struct play *p, uint8_t share, uint8_t releases)
{
	return play(p, CUSTODIAN) == SW_OK && play(p, "8034000000") == SW_OK && p->response[39] == releases &&
	       p->response[40] == share;
}

static int enrolled(struct play *p, int happened)
{
	(void)happened;
	return play(p, PARTY_PIN) == SW_OK && play(p, SESSION) == SW_OK;
}

static int held(struct play *p, int happened)
{
	(void)happened;
	return tells(p, 1, 0);
}

static int counted(struct play *p, int happened)
{
	return p->length == 80 && tells(p, 1, happened ? 2 : 1);
}

static int gone(struct play *p, int happened)
{
	(void)happened;
	return p->length == 96 && tells(p, 2, 0);
}

static int right(struct play *p, int happened)
{
	(void)happened;
	return play(p, "00200082") == 0x63C3;
}

const struct scenario custody_scenarios[] = {
	{.cla = 0x80,
	 .ins = 0x34,
	 .silent = 1,
	 .name = "CUSTODY STATUS",
	 .session = {CUSTODIAN},
	 .command = "8034000000"},
	{.cla = 0x80,
	 .ins = 0x38,
	 .silent = 1,
	 .name = "CUSTODY OPEN SESSION",
	 .prepare = {CUSTODIAN, PARTY_ENROL},
	 .session = {CUSTODIAN},
	 .command = SESSION},
	{.cla = 0x80,
	 .ins = 0x40,
	 .silent = 1,
	 .name = "CUSTODY CONFIRM",
	 .prepare = {CUSTODIAN, PARTY_ENROL},
	 .session = {CUSTODIAN, PARTY_PIN, SESSION},
	 .command = CONFIRM " > 6A88"},
	{.cla = 0x80,
	 .ins = 0x48,
	 .silent = 1,
	 .name = "CUSTODY SIGN",
	 .prepare = {CUSTODIAN, PARTY_ENROL},
	 .session = {CUSTODIAN, PARTY_PIN},
	 .command =
		 "80480100 25 00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF 02 6331 4142"},

	{.cla = 0x80,
	 .ins = 0x36,
	 .name = "CUSTODY ENROL",
	 .costly = 1,
	 .session = {CUSTODIAN},
	 .command = PARTY_ENROL,
	 .again = PARTY_ENROL " > 6985",
	 .check = enrolled},
	{.cla = 0x00,
	 .ins = 0x20,
	 .name = "VERIFY PIN of a custodian",
	 .prepare = {CUSTODIAN, PARTY_ENROL, PARTY_WRONG " > 63C2"},
	 .session = {CUSTODIAN},
	 .command = PARTY_PIN,
	 .spends = PARTY_WRONG " > 63C1",
	 .check = right},
	{.cla = 0x80,
	 .ins = 0x3A,
	 .name = "CUSTODY CONTRIBUTE",
	 .prepare = {CUSTODIAN, PARTY_ENROL},
	 .session = {CUSTODIAN, PARTY_PIN},
	 .command = CONTRIBUTE},
	{.cla = 0x80,
	 .ins = 0x3A,
	 .name = "CUSTODY CONTRIBUTE, in the place of another",
	 .stride = 101,
	 .prepare = {CUSTODIAN, PARTY_ENROL, PARTY_PIN, CONTRIBUTE},
	 .session = {CUSTODIAN, PARTY_PIN},
	 .command = CONTRIBUTE},
	{.cla = 0x80,
	 .ins = 0x3C,
	 .name = "CUSTODY REVEAL",
	 .stride = 101,
	 .prepare = {CUSTODIAN, PARTY_ENROL, PARTY_PIN, CONTRIBUTE},
	 .session = {CUSTODIAN, PARTY_PIN, SESSION},
	 .command = REVEAL,
	 .again = REVEAL " > 6A88"},
	{.cla = 0x80,
	 .ins = 0x3E,
	 .name = "CUSTODY STORE SHARE",
	 .costly = 1,
	 .random = 1,
	 .prepare = {CUSTODIAN, PARTY_ENROL},
	 .session = {CUSTODIAN, PARTY_PIN},
	 .make = make_share,
	 .again = "803E0000 5D 0205 "
		  "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"
		  "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"
		  "00112233445566778899AABBCCDDEEFF " ABOUT " > 6985",
	 .check = held},
	{.cla = 0x80,
	 .ins = 0x42,
	 .name = "CUSTODY RELEASE",
	 .costly = 1,
	 .prepare_by = have_share,
	 .session = {CUSTODIAN, PARTY_PIN, SESSION, CONFIRM},
	 .command = RELEASE,
	 .check = counted},
	{.cla = 0x80,
	 .ins = 0x46,
	 .name = "CUSTODY DESTROY",
	 .stride = 101,
	 .prepare_by = have_share,
	 .session = {CUSTODIAN, PARTY_PIN},
	 .command = DESTROY,
	 .check = gone},
	{.name = NULL},
};
