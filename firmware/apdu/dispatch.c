#include "apdu/dispatch.h"

#include <string.h>

#include "apdu/envelope.h"
#include "auth/authenticate.h"
#include "auth/challenge.h"
#include "auth/get_identity.h"
#include "card.h"
#include "cat/cat.h"
#include "cat/suspend.h"
#include "crypto/wipe.h"
#include "custodian/custody.h"
#include "fs/admin_commands.h"
#include "fs/file.h"
#include "fs/file_commands.h"
#include "fs/object_commands.h"
#include "fs/select.h"
#include "gp/delete_key.h"
#include "gp/get_data.h"
#include "gp/isd.h"
#include "gp/personalise.h"
#include "gp/put_key.h"
#include "gp/scp03.h"
#include "gp/status_commands.h"
#include "gsm/chv_commands.h"
#include "gsm/gsm_file_commands.h"
#include "gsm/header.h"
#include "gsm/run_gsm.h"
#include "gsm/word.h"
#include "pin/pin_commands.h"

enum {
	INS_GET_RESPONSE = 0xC0,
	INS_STATUS = 0xF2,
	ISO_SECURE_BITS = 0x08, /* ISO/IEC 7816-4 secure messaging, which the card does not speak */
	PROPRIETARY = 0x80,
	CLASS_GSM = 0xA0,
	HEADER = 5,
	ANY_SECURITY = 0xFB, /* mask: the class with or without SCP03 */
	EXACT = 0xFF,
};

/* SPEC: TS 102 221 11.3.1.2: RETRIEVE DATA names the object with its first block only. */
static int is_case_2(const struct dispatch_row *row, uint8_t p2)
{
	return row->form == 2 || (row->form == 5 && !(p2 & 0x80));
}

/* Each row and the clause that specifies it, which docs/specs.md is made from. */
static const struct dispatch_row table[] = {
	{0x00, EXACT, 0xA4, 4, select_file},      /* TS 102 221 11.1.1 */
	{0x84, EXACT, 0xF2, 4, get_status},       /* GPC 11.4; with secure messaging; without it, STATUS */
	{0x80, EXACT, 0xF2, 2, directory_status}, /* TS 102 221 11.1.2 */
	{0x00, EXACT, 0xB0, 2, read_binary},      /* TS 102 221 11.1.3 */
	{0x00, EXACT, 0xD6, 3, update_binary},    /* TS 102 221 11.1.4 */
	{0x00, EXACT, 0xB2, 2, read_record},      /* TS 102 221 11.1.5 */
	{0x00, EXACT, 0xDC, 3, update_record},    /* TS 102 221 11.1.6 */
	{0x00, EXACT, 0xA2, 4, search_record},    /* TS 102 221 11.1.7 */
	{0x80, EXACT, 0x32, 4, increase},         /* TS 102 221 11.1.8 */
	{0x80, EXACT, 0xCB, 5, retrieve_data},    /* TS 102 221 11.3.1 */
	{0x80, EXACT, 0xDB, 3, set_data},         /* TS 102 221 11.3.2 */
	{0x00, EXACT, 0x04, 3, deactivate_file},  /* TS 102 221 11.1.14 */
	{0x00, EXACT, 0x44, 3, activate_file},    /* TS 102 221 11.1.15 */
	{0x00, EXACT, 0xE0, 3, create_file},      /* TS 102 222 6.3 */
	{0x00, EXACT, 0xE4, 3, delete_file},      /* TS 102 222 6.4 */
	{0x00, EXACT, 0xE6, 3, terminate_df},     /* TS 102 222 6.7 */
	{0x00, EXACT, 0xE8, 3, terminate_ef},     /* TS 102 222 6.8 */
	{0x00, EXACT, 0xFE, 3, terminate_card_usage},         /* TS 102 222 6.9 */
	{0x80, EXACT, 0xD4, 3, resize_file},                  /* TS 102 222 6.10 */
	{0x00, EXACT, 0x20, 3, verify_pin},                   /* TS 102 221 11.1.9 */
	{0x00, EXACT, 0x24, 3, change_pin},                   /* TS 102 221 11.1.10 */
	{0x00, EXACT, 0x26, 3, disable_pin},                  /* TS 102 221 11.1.11 */
	{0x00, EXACT, 0x28, 3, enable_pin},                   /* TS 102 221 11.1.12 */
	{0x00, EXACT, 0x2C, 3, unblock_pin},                  /* TS 102 221 11.1.13 */
	{0x00, EXACT, 0x88, 4, authenticate},                 /* TS 31.102 7.1 */
	{0x80, EXACT, 0x78, 2, get_identity},                 /* TS 31.102 7.5 */
	{0x00, EXACT, 0x84, 2, get_challenge},                /* TS 102 221 11.1.18 */
	{0x80, EXACT, 0xAA, 3, terminal_capability},          /* TS 102 221 11.1.19 */
	{0x80, EXACT, 0x10, 3, terminal_profile},             /* TS 102 221 11.2.1 */
	{0x80, EXACT, 0x12, 2, fetch},                        /* TS 102 221 11.2.3 */
	{0x80, EXACT, 0x14, 3, terminal_response},            /* TS 102 221 11.2.4 */
	{0x80, EXACT, 0xC2, 4, envelope},                     /* TS 102 221 11.2.2 */
	{0x80, EXACT, 0x76, 4, suspend_uicc},                 /* TS 102 221 11.1.22 */
	{0x00, EXACT, 0x70, 2, manage_channel},               /* TS 102 221 11.1.17 */
	{0x00, 0x78, INS_GET_RESPONSE, 2, NULL},              /* TS 102 221 12.1.1 */
	{0x80, ANY_SECURITY, 0x50, 4, initialize_update},     /* GPC Amendment D 7.1.1 */
	{0x80, ANY_SECURITY, 0x82, 3, external_authenticate}, /* GPC Amendment D 7.1.2 */
	{0x80, ANY_SECURITY, 0xD8, 4, put_key},               /* GPC 11.8 */
	{0x80, ANY_SECURITY, 0xE4, 4, delete_key},            /* GPC 11.2 */
	{0x80, ANY_SECURITY, 0xF0, 3, set_status},            /* GPC 11.10 */
	{0x80, ANY_SECURITY, 0xE2, 4, store_data},            /* GPC 11.11 */
	{0x80, ANY_SECURITY, 0xCA, 2, get_data},              /* GPC 11.3 */
	{0x00, ANY_SECURITY, 0xCA, 2, get_data},              /* GPC 11.3 */
	{0x80, EXACT, 0x34, 2, custody_status},               /* ISO/IEC 7816-4 5.4.1 */
	{0x80, EXACT, 0x36, 4, custody_enrol},                /* ISO/IEC 7816-4 5.4.1 */
	{0x80, EXACT, 0x38, 4, custody_open},                 /* ISO/IEC 7816-4 5.4.1 */
	{0x80, EXACT, 0x3A, 4, custody_contribute},           /* ISO/IEC 7816-4 5.4.1 */
	{0x80, EXACT, 0x3C, 4, custody_reveal},               /* ISO/IEC 7816-4 5.4.1 */
	{0x80, EXACT, 0x3E, 4, custody_store},                /* ISO/IEC 7816-4 5.4.1 */
	{0x80, EXACT, 0x40, 3, custody_confirm},              /* ISO/IEC 7816-4 5.4.1 */
	{0x80, EXACT, 0x42, 4, custody_release},              /* ISO/IEC 7816-4 5.4.1 */
	{0x80, EXACT, 0x46, 4, custody_destroy},              /* ISO/IEC 7816-4 5.4.1 */
	{0x80, EXACT, 0x48, 4, custody_sign},                 /* ISO/IEC 7816-4 5.4.1 */
	{CLASS_GSM, EXACT, 0xA4, 4, gsm_select},              /* TS 51.011 9.2.1 */
	{CLASS_GSM, EXACT, 0xF2, 2, gsm_status},              /* TS 51.011 9.2.2 */
	{CLASS_GSM, EXACT, 0xB0, 2, gsm_read_binary},         /* TS 51.011 9.2.3 */
	{CLASS_GSM, EXACT, 0xD6, 3, gsm_update_binary},       /* TS 51.011 9.2.4 */
	{CLASS_GSM, EXACT, 0xB2, 2, gsm_read_record},         /* TS 51.011 9.2.5 */
	{CLASS_GSM, EXACT, 0xDC, 3, gsm_update_record},       /* TS 51.011 9.2.6 */
	{CLASS_GSM, EXACT, 0xA2, 4, gsm_seek},                /* TS 51.011 9.2.7 */
	{CLASS_GSM, EXACT, 0x32, 4, gsm_increase},            /* TS 51.011 9.2.8 */
	{CLASS_GSM, EXACT, 0x20, 3, verify_chv},              /* TS 51.011 9.2.9 */
	{CLASS_GSM, EXACT, 0x24, 3, change_chv},              /* TS 51.011 9.2.10 */
	{CLASS_GSM, EXACT, 0x26, 3, disable_chv},             /* TS 51.011 9.2.11 */
	{CLASS_GSM, EXACT, 0x28, 3, enable_chv},              /* TS 51.011 9.2.12 */
	{CLASS_GSM, EXACT, 0x2C, 3, unblock_chv},             /* TS 51.011 9.2.13 */
	{CLASS_GSM, EXACT, 0x04, 3, gsm_invalidate},          /* TS 51.011 9.2.14 */
	{CLASS_GSM, EXACT, 0x44, 3, gsm_rehabilitate},        /* TS 51.011 9.2.15 */
	{CLASS_GSM, EXACT, 0x88, 4, run_gsm},                 /* TS 51.011 9.2.16 */
	{CLASS_GSM, EXACT, 0xFA, 3, gsm_sleep},               /* TS 51.011 9.2.17 */
	{CLASS_GSM, EXACT, INS_GET_RESPONSE, 2, NULL},        /* TS 51.011 9.2.18 */
};

const struct dispatch_row *dispatch_table(size_t *rows)
{
	*rows = sizeof(table) / sizeof(table[0]);
	return table;
}

void dispatch_reset(struct dispatch *dispatch)
{
	if (dispatch->waiting)
		wipe(dispatch->response, sizeof(dispatch->response));
	dispatch->waiting = dispatch->taken = 0;
}

/* Classes 0X, 4X, 6X, 8X, CX and EX (TS 102 221 10.1.1); `*cla` becomes the
 * class on channel 0, which the table has. A0 has the basic channel only. */
/* SPEC: TS 102 221 10.1.1, 10.2.1.5: classes */
static sw_t check_class(uint8_t *cla, uint8_t *channel)
{
	int further = (*cla & 0x40) != 0;

	*channel = 0;
	if (*cla == CLASS_GSM)
		return SW_OK;
	if (*cla == 0xFF || (!further && (*cla & 0x70) != 0) || (further && (*cla & 0x10) != 0))
		return SW_CLA_NOT_SUPPORTED;
	if (!further && (*cla & ISO_SECURE_BITS))
		return SW_SECURE_NOT_SUPPORTED;
	*channel = channel_take(cla);
	return SW_OK;
}

/* The row for a class (of channel 0) and instruction, or NULL and why not. */
/* SPEC: TS 102 221 10.2.1.5: 6D00 and 6E00 */
static const struct dispatch_row *find_row(uint8_t cla, uint8_t ins, sw_t *sw)
{
	size_t i;

	*sw = SW_INS_NOT_SUPPORTED;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].ins != ins || (cla == CLASS_GSM) != (table[i].cla == CLASS_GSM))
			continue; /* the 2G card and the UICC have instructions of their own */
		if ((cla & table[i].mask) == table[i].cla)
			return &table[i];
		/* Known, but not so: secured where it cannot be, or the wrong class. */
		*sw = cla & SCP03_SECURE && (cla & ~SCP03_SECURE) == table[i].cla ? SW_SECURE_NOT_SUPPORTED
										  : SW_CLA_NOT_SUPPORTED;
	}
	return NULL;
}

static size_t answer(uint8_t *response, const uint8_t *data, size_t length, sw_t sw)
{
	if (length)
		memcpy(response, data, length);
	response[length] = (uint8_t)(sw >> 8);
	response[length + 1] = (uint8_t)sw;
	return length + 2;
}

/* SPEC: TS 102 221 12.1.1, ISO/IEC 7816-4 11.7.1. A wrong P3 keeps the data. */
static size_t get_response(struct dispatch *dispatch, uint8_t *response, const uint8_t *command,
			   size_t length)
{
	size_t left = (size_t)(dispatch->waiting - dispatch->taken), want, n;

	want = length == HEADER && command[4] ? command[4] : 256;
	if (command[2] != 0 || command[3] != 0)
		return answer(response, NULL, 0, SW_WRONG_P1_P2);
	if (length > HEADER)
		return answer(response, NULL, 0, SW_WRONG_LENGTH);
	if (left == 0)
		return answer(response, NULL, 0, SW_CONDITIONS_NOT_SATISFIED);
	if (want > left)
		return answer(response, NULL, 0, SW_WRONG_LE(left));
	left -= want;
	n = answer(response, dispatch->response + dispatch->taken, want,
		   left ? SW_RESPONSE_READY(left) : dispatch->sw);
	dispatch->taken = (uint16_t)(dispatch->taken + want);
	if (left == 0)
		dispatch_reset(dispatch);
	return n;
}

/* SPEC: TS 51.011 9.2.18: once and right after its command, as much as is
 * wanted; the MF's header is there from the start. */
static size_t gsm_get_response(struct card *card, uint8_t *response, const uint8_t *command, size_t length,
			       int first)
{
	struct dispatch *dispatch = &card->dispatch;
	struct reply reply = {.at = dispatch->response, .size = RESPONSE_MAX - 2};
	size_t want = length == HEADER && command[4] ? command[4] : 256, n;

	if (first && isd_allows(card, &(struct command){.cla = CLASS_GSM}) == SW_OK &&
	    header_fill(card, FILE_MF, &reply) == OK)
		dispatch->waiting = (uint16_t)reply.length;
	if (command[2] != 0 || command[3] != 0)
		return answer(response, NULL, 0, SW_GSM_P1_P2);
	if (length > HEADER)
		return answer(response, NULL, 0, SW_WRONG_LENGTH);
	if (dispatch->waiting == 0)
		return answer(response, NULL, 0, SW_TECHNICAL_PROBLEM);
	if (want > dispatch->waiting)
		return answer(response, NULL, 0, SW_GSM_WRONG_LENGTH(dispatch->waiting));
	n = answer(response, dispatch->response, want, SW_OK);
	dispatch_reset(dispatch);
	return n;
}

/* Data and Le from P3 and what follows it. */
/* SPEC: ISO/IEC 7816-3 12.2.1, TS 102 221 7.3.1.1: P3 against the case */
static sw_t parse(struct command *out, const struct dispatch_row *row, uint8_t cla, const uint8_t *command,
		  size_t length)
{
	uint8_t p3 = length >= HEADER ? command[4] : 0;
	size_t body = length >= HEADER ? length - HEADER : 0;

	*out = (struct command){.cla = cla, .ins = command[1], .p1 = command[2], .p2 = command[3]};
	if (is_case_2(row, out->p2) && !(out->cla & SCP03_SECURE)) {
		out->expected = p3 ? p3 : 256;
		return body == 0 ? SW_OK : SW_WRONG_LENGTH;
	}
	out->data = (struct span){command + HEADER, p3};
	return body == p3 || body == p3 + 1u ? SW_OK : SW_WRONG_LENGTH;
}

static int keeps_data(sw_t sw)
{
	return sw == SW_OK || (sw & 0xFF00) == 0x6200 || (sw & 0xFF00) == 0x6300;
}

/* A session of at least C-MAC takes nothing in the clear that could have come
 * secured, or somebody on the line could ask for things in its name. What
 * opens a session has rules of its own. */
static int must_be_secured(const struct card *card, const struct dispatch_row *row)
{
	return card->scp03.state == SCP03_OPEN && card->scp03.level && card->scp03.channel == card->channel &&
	       row->mask == ANY_SECURITY && row->handler != initialize_update &&
	       row->handler != external_authenticate;
}

/* Run a command under the rules of its secure channel: take it off, do it, put
 * the answer's security on. */
static sw_t run(struct card *card, const struct dispatch_row *row, const struct command *parsed,
		struct reply *reply)
{
	struct dispatch *dispatch = &card->dispatch;
	struct command plain;
	sw_t sw;
	int n;

	if ((parsed->cla & SCP03_SECURE) && card->scp03.channel != card->channel)
		return SW_SECURITY_NOT_SATISFIED;
	sw = scp03_unwrap(&card->scp03, parsed, dispatch->command, sizeof(dispatch->command), &plain);
	reply->size = scp03_room(&card->scp03, plain.security);
	if (sw == SW_OK)
		sw = isd_allows(card, &plain);
	if (sw == SW_OK && plain.security == 0 && must_be_secured(card, row))
		sw = SW_SECURITY_NOT_SATISFIED;
	if (sw == SW_OK)
		sw = row->handler(card, &plain, reply);
	if (sw == SW_OK && row->handler == select_file && card->life == LIFE_LOCKED)
		sw = SW_CARD_LOCKED;
	if (parsed->cla & SCP03_SECURE)
		wipe(dispatch->command, sizeof(dispatch->command));
	if (!keeps_data(sw) || reply->length > reply->size)
		return sw;
	n = scp03_protect(&card->scp03, plain.security, reply->at, reply->length, sw);
	if (n < 0)
		return SW_TECHNICAL_PROBLEM;
	reply->length = (size_t)n;
	reply->size = RESPONSE_MAX - 2;
	return sw;
}

/* Turn what a handler left into what T=0 carries. */
/* SPEC: TS 102 221 7.3.1.1: 61xx and 6Cxx */
static size_t deliver(struct dispatch *dispatch, uint8_t *response, const struct command *command,
		      const struct reply *reply, sw_t sw)
{
	size_t n = keeps_data(sw) ? reply->length : 0;
	sw_t ready = dispatch->gsm ? SW_GSM_RESPONSE_READY(n) : SW_RESPONSE_READY(n);

	if (dispatch->gsm)
		sw = word_gsm(sw);
	if (n != reply->length)
		wipe(dispatch->response, sizeof(dispatch->response));
	if (n == 0 || n > reply->size)
		return answer(response, NULL, 0, n ? SW_TECHNICAL_PROBLEM : sw);
	dispatch->waiting = (uint16_t)n;
	dispatch->sw = sw;
	if (command->expected == 0)
		return answer(response, NULL, 0, sw == SW_OK ? ready : sw);
	if (command->expected == n)
		n = answer(response, dispatch->response, n, sw);
	else
		n = answer(response, NULL, 0, SW_WRONG_LE(n));
	dispatch_reset(dispatch);
	return n;
}

/* The row a command means on its channel, or NULL and why not. */
static const struct dispatch_row *choose(const struct card *card, const uint8_t *command, uint8_t *cla,
					 uint8_t *channel, sw_t *sw)
{
	const struct dispatch_row *row;

	*cla = command[0];
	if ((*sw = check_class(cla, channel)) != SW_OK)
		return NULL;
	row = find_row(*cla, command[1], sw);
	if (card->channels[*channel].open)
		return row;
	*sw = SW_CHANNEL_NOT_SUPPORTED;
	return NULL;
}

int dispatch_takes_data(const struct card *card, const uint8_t header[static 5])
{
	uint8_t cla, channel;
	sw_t sw;
	const struct dispatch_row *row = choose(card, header, &cla, &channel, &sw);

	if (!row || !row->handler)
		return 0;
	return !is_case_2(row, header[3]) || (cla & SCP03_SECURE) != 0;
}

/* On the basic channel a normal ending may say that there is something to fetch. */
static size_t ending(struct card *card, uint8_t *response, size_t length, const uint8_t *command)
{
	sw_t sw = (sw_t)(response[length - 2] << 8 | response[length - 1]);

	if (sw != SW_OK || card->channel != 0 || command[0] == CLASS_GSM || (command[0] & SCP03_SECURE))
		return length;
	sw = cat_normal_ending(card, command[1] == INS_STATUS);
	response[length - 2] = (uint8_t)(sw >> 8);
	response[length - 1] = (uint8_t)sw;
	return length;
}

size_t dispatch_transmit(struct card *card, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
			 size_t length)
{
	struct dispatch *dispatch = &card->dispatch;
	struct reply reply = {.at = dispatch->response, .size = RESPONSE_MAX - 2};
	const struct dispatch_row *row;
	struct command parsed;
	uint8_t cla, channel, gsm, first = dispatch->fresh;
	sw_t sw;

	dispatch->fresh = 0;
	if (length < 4) {
		dispatch_reset(dispatch);
		return answer(response, NULL, 0, SW_WRONG_LENGTH);
	}
	row = choose(card, command, &cla, &channel, &sw);
	gsm = cla == CLASS_GSM;
	if (!row || row->handler || channel != dispatch->channel || gsm != dispatch->gsm)
		dispatch_reset(dispatch);
	dispatch->gsm = gsm;
	if (row && !row->handler)
		return gsm ? gsm_get_response(card, response, command, length, first)
			   : ending(card, response, get_response(dispatch, response, command, length),
				    command);
	if (row)
		sw = parse(&parsed, row, cla, command, length);
	if (sw != SW_OK)
		return answer(response, NULL, 0, sw);
	card->channel = dispatch->channel = channel;
	if ((sw = sw_from_error(suspend_watch(card, parsed.ins))) != SW_OK)
		return answer(response, NULL, 0, sw);
	sw = run(card, row, &parsed, &reply);
	return ending(card, response, deliver(dispatch, response, &parsed, &reply, sw), command);
}
