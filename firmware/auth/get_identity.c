#include "auth/get_identity.h"

#include <string.h>

#include "auth/suci.h"
#include "card.h"
#include "codec/bcd.h"
#include "crypto/wipe.h"
#include "fs/file.h"
#include "fs/profile.h"
#include "fs/service.h"

enum {
	CONTEXT_SUCI = 0x01,
	FID_IMSI = 0x6F07,
	FID_AD = 0x6FAD,
	FID_5GS = 0x5FC0,
	FID_ROUTING_INDICATOR = 0x4F0A,
	FID_SAIP = 0x5FD0,
	FID_CALC_INFO = 0x4F01,
	MNC_LENGTH = 3, /* offset in EF.AD */
	ROUTING_INDICATOR = 2,
	TAG_SUCI = 0xA1,
	SUPI_IMSI = 0x01, /* SUPI format IMSI, type of identity SUCI */
	HEAD = 8,         /* of a SUCI: all before the scheme output */
	DRAWS = 4,
};

/* What a SUCI is made of. */
struct identity {
	uint8_t head[HEAD];
	uint8_t msin[SUCI_MSIN_MAX];
	size_t msin_length;
	struct suci_key key;
	uint8_t info[PROFILE_CALC_INFO]; /* the key points into it */
};

static sw_t check(const struct card *card, const struct command *command)
{
	int privacy, on_card;

	if (command->p1 != 0 || command->p2 != CONTEXT_SUCI)
		return SW_WRONG_P1_P2;
	if (selection_application(card) != APPLICATION_USIM)
		return SW_CONDITIONS_NOT_SATISFIED;
	if (pin_satisfied(card, PIN_1) != GRANTED)
		return SW_SECURITY_NOT_SATISFIED;
	privacy = service_available(card, SERVICE_IDENTIFIER_PRIVACY);
	on_card = service_available(card, SERVICE_SUCI_BY_USIM);
	if (privacy < 0 || on_card < 0)
		return SW_MEMORY_PROBLEM;
	return privacy && on_card ? SW_OK : SW_FUNCTION_NOT_SUPPORTED;
}

/* SPEC: TS 24.501 9.11.3.4: home network, and the rest of the IMSI as MSIN. */
static int split(struct identity *identity, const char digits[static BCD_IMSI_DIGITS + 1],
		 unsigned mnc_length)
{
	uint8_t *plmn = identity->head + 1;
	const char *msin = digits + 3 + mnc_length;
	size_t length;

	if ((mnc_length != 2 && mnc_length != 3) || strlen(digits) <= 3 + mnc_length)
		return ERROR_NOT_FOUND;
	plmn[0] = (uint8_t)((digits[1] - '0') << 4 | (digits[0] - '0'));
	plmn[1] = (uint8_t)((mnc_length == 3 ? digits[5] - '0' : 0x0F) << 4 | (digits[2] - '0'));
	plmn[2] = (uint8_t)((digits[4] - '0') << 4 | (digits[3] - '0'));
	length = strlen(msin);
	identity->msin_length = (length + 1) / 2;
	return bcd_pack(identity->msin, identity->msin_length, msin);
}

static int read_file(const struct card *card, uint16_t directory, uint16_t fid, uint16_t offset, uint8_t *out,
		     size_t length)
{
	const struct store *store = &card->store;
	uint16_t at = directory ? file_child(store, profile_usim, directory) : profile_usim;

	return file_read(store, file_child(store, at, fid), 0, offset, out, length);
}

static int collect(struct identity *identity, const struct card *card)
{
	uint8_t imsi[BCD_IMSI], mnc_length;
	char digits[BCD_IMSI_DIGITS + 1];
	int e = read_file(card, 0, FID_IMSI, 0, imsi, sizeof(imsi));

	if (e == OK)
		e = read_file(card, 0, FID_AD, MNC_LENGTH, &mnc_length, 1);
	if (e == OK)
		e = read_file(card, FID_5GS, FID_ROUTING_INDICATOR, 0, identity->head + 4, ROUTING_INDICATOR);
	if (e == OK)
		e = read_file(card, FID_SAIP, FID_CALC_INFO, 0, identity->info, sizeof(identity->info));
	if (e == OK)
		e = bcd_imsi_unpack(digits, imsi) < 0 ? ERROR_NOT_FOUND
						      : split(identity, digits, mnc_length & 0x0F);
	if (e == OK)
		e = suci_choose(&identity->key, (struct span){identity->info, sizeof(identity->info)});
	wipe(imsi, sizeof(imsi));
	wipe(digits, sizeof(digits));
	return e;
}

static int answer(struct card *card, struct identity *identity, size_t length, struct reply *reply)
{
	const struct p256_random random = {drbg_random, &card->drbg};
	uint8_t ephemeral[SUCI_EPHEMERAL], output[SUCI_OUTPUT_MAX];
	int e = ERROR_RANGE;

	for (unsigned i = 0; i < DRAWS && e == ERROR_RANGE; i++) {
		e = drbg_fill(&card->drbg, ephemeral, sizeof(ephemeral));
		if (e == OK)
			e = suci_output(output, &identity->key,
					(struct span){identity->msin, identity->msin_length}, ephemeral,
					&random);
	}
	if (e == OK) {
		identity->head[0] = SUPI_IMSI;
		identity->head[6] = identity->key.scheme;
		identity->head[7] = identity->key.identifier;
		reply->at[0] = TAG_SUCI;
		reply->at[1] = (uint8_t)length;
		memcpy(reply->at + 2, identity->head, HEAD);
		memcpy(reply->at + 2 + HEAD, output, length - HEAD);
		reply->length = 2 + length;
	}
	wipe(ephemeral, sizeof(ephemeral));
	wipe(output, sizeof(output));
	return e;
}

/* Nothing to conceal, or nothing to conceal it with. */
static sw_t status(int e)
{
	if (e == ERROR_NOT_FOUND || e == ERROR_RANGE || e == ERROR_FORMAT || e == ERROR_VALUE)
		return SW_REFERENCE_NOT_FOUND;
	return sw_from_error(e);
}

/* SPEC: TS 31.102 7.5, TS 102 221 11.1.23 */
sw_t get_identity(struct card *card, const struct command *command, struct reply *reply)
{
	struct identity identity;
	sw_t sw = check(card, command);
	size_t length;
	int e;

	if (sw != SW_OK)
		return sw;
	e = collect(&identity, card);
	length = HEAD + (e == OK ? suci_length(&identity.key, identity.msin_length) : 0);
	if (e == OK && command->expected != 2 + length)
		sw = SW_WRONG_LE(2 + length);
	else if (e == OK)
		e = answer(card, &identity, length, reply);
	wipe(&identity, sizeof(identity));
	return e < 0 ? status(e) : sw;
}
