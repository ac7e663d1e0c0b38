#include "lib/eap_sim_db.h"

#include "lib/hex.h"
#include "lib/secret.h"

#include <string.h>

/* One word at a time out of bytes somebody else owns; never past the end. */
struct words {
	const char *at, *end;
};

static size_t word(struct words *words, const char **start)
{
	const char *stop;
	size_t length;

	*start = words->at;
	stop = memchr(words->at, ' ', (size_t)(words->end - words->at));
	if (!stop)
		stop = words->end;
	length = (size_t)(stop - words->at);
	words->at = stop < words->end ? stop + 1 : stop;
	return length;
}

static enum eap_sim_db_verb verb_of(const char *text, size_t length)
{
	static const struct {
		const char *name;
		enum eap_sim_db_verb verb;
	} verbs[] = {
		{"AKA-REQ-AUTH", EAP_SIM_DB_AKA},
		{"AKA-AUTS", EAP_SIM_DB_AUTS},
		{"SIM-REQ-AUTH", EAP_SIM_DB_SIM},
		{"GSM-AUTH-REQ", EAP_SIM_DB_GSM},
	};
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strlen(verbs[i].name) == length && memcmp(verbs[i].name, text, length) == 0)
			return verbs[i].verb;
	return EAP_SIM_DB_NOTHING;
}

static int parse_imsi(char imsi[static 16], struct words *words)
{
	const char *text;
	size_t i, length = word(words, &text);

	if (length < 6 || length > 15)
		return -1;
	for (i = 0; i < length; i++)
		if (text[i] < '0' || text[i] > '9')
			return -1;
	memcpy(imsi, text, length);
	imsi[length] = 0;
	return 0;
}

/* R1[:R2...], each 16 bytes. */
static int parse_rands(struct eap_sim_db_request *request, struct words *words)
{
	const char *text;
	size_t length = word(words, &text);

	for (;;) {
		if (request->count == EAP_SIM_DB_TRIPLETS || length < 32 ||
		    hex_read(request->rand[request->count], 16, text, 32) < 0)
			return -1;
		request->count++;
		if (length == 32)
			return 0;
		if (text[32] != ':')
			return -1;
		text += 33;
		length -= 33;
	}
}

static int parse_rest(struct eap_sim_db_request *request, struct words *words)
{
	const char *text;
	size_t length;

	switch (request->verb) {
	case EAP_SIM_DB_AKA:
		return 0;
	case EAP_SIM_DB_AUTS:
		length = word(words, &text);
		if (hex_read(request->auts, sizeof(request->auts), text, length) < 0)
			return -1;
		length = word(words, &text);
		return hex_read(request->rand[0], 16, text, length);
	case EAP_SIM_DB_SIM:
		length = word(words, &text);
		if (length != 1 || text[0] < '1' || text[0] > '0' + EAP_SIM_DB_TRIPLETS)
			return -1;
		request->count = (unsigned)(text[0] - '0');
		return 0;
	case EAP_SIM_DB_GSM:
		return parse_rands(request, words);
	case EAP_SIM_DB_NOTHING:
		break;
	}
	return -1;
}

int eap_sim_db_parse(struct eap_sim_db_request *request, const uint8_t *bytes, size_t length)
{
	struct words words = {(const char *)bytes, (const char *)bytes + length};
	const char *text;
	size_t text_length;
	enum eap_sim_db_verb verb;

	memset(request, 0, sizeof(*request));
	if (length > 0 && words.end[-1] == '\n') /* people test with nc */
		words.end--;
	text_length = word(&words, &text);
	verb = verb_of(text, text_length);
	if (verb == EAP_SIM_DB_NOTHING || parse_imsi(request->imsi, &words) < 0)
		return -1;
	request->verb = verb;
	if (parse_rest(request, &words) < 0 || words.at != words.end)
		return -1;
	return 0;
}

/* Appending that cannot overrun: the sizes of all fields are fixed. */
struct text {
	char *at;
	size_t length;
};

static void put(struct text *text, const char *string)
{
	size_t length = strlen(string);

	if (text->length + length >= EAP_SIM_DB_SIZE)
		return;
	memcpy(text->at + text->length, string, length + 1);
	text->length += length;
}

/* Fields are at most 16 bytes. */
static void put_hex(struct text *text, const char *before, const uint8_t *bytes, size_t length)
{
	char digits[33];

	put(text, before);
	hex_write(digits, bytes, length);
	put(text, digits);
	secret_wipe(digits, sizeof(digits));
}

size_t eap_sim_db_write(char out[static EAP_SIM_DB_SIZE], const struct eap_sim_db_request *request,
			const struct eap_sim_db_answer *answer)
{
	static const char *const heads[] = {
		[EAP_SIM_DB_AKA] = "AKA-RESP-AUTH ",
		[EAP_SIM_DB_SIM] = "SIM-RESP-AUTH ",
		[EAP_SIM_DB_GSM] = "GSM-AUTH-RESP ",
	};
	struct text text = {out, 0};
	unsigned i;

	out[0] = 0;
	if (request->verb == EAP_SIM_DB_NOTHING || request->verb == EAP_SIM_DB_AUTS)
		return 0;
	put(&text, heads[request->verb]);
	put(&text, request->imsi);
	if (!answer->ok) {
		put(&text, " FAILURE");
		return text.length;
	}
	if (request->verb == EAP_SIM_DB_AKA) {
		put_hex(&text, " ", answer->rand[0], 16);
		put_hex(&text, " ", answer->autn, 16);
		put_hex(&text, " ", answer->ik, 16);
		put_hex(&text, " ", answer->ck, 16);
		put_hex(&text, " ", answer->res, answer->res_length);
		return text.length;
	}
	for (i = 0; i < request->count; i++) {
		put_hex(&text, request->verb == EAP_SIM_DB_GSM && i > 0 ? ":" : " ", answer->kc[i], 8);
		put_hex(&text, ":", answer->sres[i], 4);
		if (request->verb == EAP_SIM_DB_SIM)
			put_hex(&text, ":", answer->rand[i], 16);
	}
	return text.length;
}
