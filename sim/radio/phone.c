#include "radio/phone.h"

#include <string.h>

#include "crypto/wipe.h"
#include "lib/digits.h"

enum {
	ANSWER_MAX = 256,
};

/* One command that must succeed; the data's length, or -1. */
static int command(struct phone *phone, uint8_t data[static ANSWER_MAX], const void *bytes, size_t length,
		   const char *what, struct fault *fault)
{
	size_t n = 0;
	int sw = reader_apdu(phone->reader, data, &n, ANSWER_MAX, bytes, length, fault);

	if (sw < 0)
		return -1;
	if (sw != SW_OK)
		return fault_set(
			fault, FAULT_CARD, sw == SW_SECURITY_NOT_SATISFIED ? "the card wants its PIN" : NULL,
			"%s: the card in %s answers %04X", what, reader_name(phone->reader), (unsigned)sw);
	return (int)n;
}

static int present_pin(struct phone *phone, const char *pin, struct fault *fault)
{
	uint8_t verify[13] = {0x00, 0x20, 0x00, 0x01, 8}, data[ANSWER_MAX];
	int e;

	memset(verify + 5, 0xFF, 8);
	memcpy(verify + 5, pin, strnlen(pin, 8));
	e = command(phone, data, verify, sizeof(verify), "PIN 1", fault);
	wipe(verify, sizeof(verify));
	return e;
}

static int read_file(struct phone *phone, uint8_t data[static ANSWER_MAX], uint16_t fid, uint8_t length,
		     const char *what, struct fault *fault)
{
	const uint8_t select[] = {0x00, 0xA4, 0x00, 0x04, 2, (uint8_t)(fid >> 8), (uint8_t)fid};
	const uint8_t read[] = {0x00, 0xB0, 0x00, 0x00, length};
	int n;

	if (command(phone, data, select, sizeof(select), what, fault) < 0)
		return -1;
	if ((n = command(phone, data, read, sizeof(read), what, fault)) < 0)
		return -1;
	if (n != length)
		return fault_set(fault, FAULT_CARD, NULL, "%s is %d bytes long, not %u", what, n, length);
	return 0;
}

static int take_imsi(struct phone *phone, const uint8_t *ef, struct fault *fault)
{
	if (digits_from_imsi(phone->imsi, ef) && strlen(phone->imsi) >= 6)
		return 0;
	return fault_set(fault, FAULT_CARD, "personalise the card first", "the card in %s has no IMSI",
			 reader_name(phone->reader));
}

static void take_network(struct phone *phone, unsigned mnc_length)
{
	const char *d = phone->imsi;
	unsigned third = mnc_length == 3 ? (unsigned)(d[5] - '0') : 0xF;

	phone->sn[0] = (uint8_t)((d[1] - '0') << 4 | (d[0] - '0'));
	phone->sn[1] = (uint8_t)(third << 4 | (unsigned)(d[2] - '0'));
	phone->sn[2] = (uint8_t)((d[4] - '0') << 4 | (d[3] - '0'));
}

int phone_start(struct phone *phone, const char *reader, const char *pin, struct fault *fault)
{
	/* by the first seven bytes of its AID (TS 31.102: A0000000871002) */
	static const uint8_t usim[] = {0x00, 0xA4, 0x04, 0x04, 7, 0xA0, 0x00, 0x00, 0x00, 0x87, 0x10, 0x02};
	uint8_t data[ANSWER_MAX];

	memset(phone, 0, sizeof(*phone));
	if (reader_open(&phone->reader, reader, fault) < 0)
		return -1;
	if (command(phone, data, usim, sizeof(usim), "select USIM", fault) < 0 ||
	    (pin && present_pin(phone, pin, fault) < 0) ||
	    read_file(phone, data, 0x6F07, 9, "EF.IMSI", fault) < 0 || take_imsi(phone, data, fault) < 0 ||
	    read_file(phone, data, 0x6FAD, 4, "EF.AD", fault) < 0) {
		phone_stop(phone);
		return -1;
	}
	take_network(phone, data[3] & 0x0F);
	return 0;
}

void phone_stop(struct phone *phone)
{
	reader_close(phone->reader);
	wipe(phone, sizeof(*phone));
}

int phone_attach(struct phone *phone, uint8_t out[static NAS_MAX])
{
	phone->nas_up = phone->nas_down = 0;
	phone->attached = false;
	return (int)nas_attach_request(out, phone->imsi);
}

/* TS 31.102 7.1.2.1: DB, then RES, CK and IK each with its length. */
static int take_answer(struct phone *phone, const uint8_t *data, size_t length, struct fault *fault)
{
	size_t n = length > 1 ? data[1] : 0;

	if (n < 4 || n > 16 || length < 2 + n + 34 || data[2 + n] != 16 || data[19 + n] != 16)
		return fault_set(fault, FAULT_CARD, NULL,
				 "AUTHENTICATE answered something else than RES, CK and IK");
	memcpy(phone->res, data + 2, n);
	phone->res_length = n;
	memcpy(phone->ck, data + 3 + n, 16);
	memcpy(phone->ik, data + 20 + n, 16);
	return 0;
}

int phone_authenticate(struct phone *phone, uint8_t auts[static 14], const uint8_t rand[static 16],
		       const uint8_t autn[static 16], struct fault *fault)
{
	uint8_t apdu[5 + 34] = {0x00, 0x88, 0x00, 0x81, 34, 16}, data[ANSWER_MAX];
	size_t n = 0;
	int sw, e;

	memcpy(apdu + 6, rand, 16);
	apdu[22] = 16;
	memcpy(apdu + 23, autn, 16);
	sw = reader_apdu(phone->reader, data, &n, sizeof(data), apdu, sizeof(apdu), fault);
	if (sw < 0)
		return -1;
	if (sw == SW_AUTHENTICATION_MAC)
		return PHONE_MAC;
	if (sw != SW_OK || n < 2)
		return fault_set(fault, FAULT_CARD, NULL, "AUTHENTICATE: the card answers %04X",
				 (unsigned)sw);
	if (data[0] == 0xDC && data[1] == 14 && n >= 16) {
		memcpy(auts, data + 2, 14);
		return PHONE_AUTS;
	}
	e = take_answer(phone, data, n, fault);
	wipe(data, sizeof(data));
	memcpy(phone->rand, rand, 16);
	return e < 0 ? -1 : PHONE_RES;
}

static int authenticate(struct phone *phone, uint8_t out[static NAS_MAX], const struct nas *nas,
			struct fault *fault)
{
	uint8_t auts[14];
	int said = phone_authenticate(phone, auts, nas->rand, nas->autn, fault);

	if (said < 0)
		return -1;
	if (said != PHONE_RES)
		return (int)nas_authentication_failure(out, said == PHONE_AUTS ? auts : NULL);
	if (lte_keys_derive(&phone->keys, phone->ck, phone->ik, phone->sn, nas->autn, 0) < 0)
		return fault_set(fault, FAULT_BUG, NULL, "the key derivation failed");
	return (int)nas_authentication_response(out, phone->res, phone->res_length);
}

/* A protected message: the network proves that it knows the keys. */
static int hear_protected(struct phone *phone, uint8_t out[static NAS_MAX], uint8_t *in, size_t length,
			  struct fault *fault)
{
	int n = nas_unprotect(in, length, &phone->keys, phone->nas_down, DOWNLINK);
	size_t answer;

	if (n < 2)
		return fault_set(fault, FAULT_NO, NULL, "%s: a message of the network has a wrong MAC",
				 phone->imsi);
	phone->nas_down++;
	if (in[1] == NAS_SECURITY_MODE_COMMAND) {
		answer = nas_security_mode_complete(out);
		return nas_protect(out, answer, NAS_CIPHERED_NEW, &phone->keys, phone->nas_up++, UPLINK);
	}
	if (in[1] == NAS_ATTACH_ACCEPT && n > 33) {
		/* the address ends the default bearer's description (nas_attach_accept) */
		phone->address =
			(uint32_t)in[30] << 24 | (uint32_t)in[31] << 16 | (uint32_t)in[32] << 8 | in[33];
		phone->attached = true;
		answer = nas_attach_complete(out);
		return nas_protect(out, answer, NAS_CIPHERED, &phone->keys, phone->nas_up++, UPLINK);
	}
	return 0;
}

int phone_hear(struct phone *phone, uint8_t out[static NAS_MAX], uint8_t *in, size_t length,
	       struct fault *fault)
{
	struct nas nas;

	if (length > 0 && in[0] >> 4)
		return hear_protected(phone, out, in, length, fault);
	if (nas_parse(&nas, in, length) != OK)
		return 0;
	if (nas.type == NAS_AUTHENTICATION_REQUEST)
		return authenticate(phone, out, &nas, fault);
	if (nas.type == NAS_AUTHENTICATION_REJECT)
		return fault_set(fault, FAULT_NO, NULL, "%s: the network rejects this card", phone->imsi);
	return 0;
}
