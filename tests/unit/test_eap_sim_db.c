#include "lib/eap_sim_db.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

static struct eap_sim_db_request request;

/* From the heap, exactly as long, so that a sanitizer sees any byte too many. */
static int parse(const char *text)
{
	size_t length = strlen(text);
	uint8_t *bytes = malloc(length ? length : 1);
	int result;

	memcpy(bytes, text, length);
	result = eap_sim_db_parse(&request, bytes, length);
	free(bytes);
	return result;
}

#define IMSI  "001010000000001"
#define BYTES "00112233445566778899aabbccddeeff"

static void test_requests(void)
{
	CU_ASSERT_EQUAL(parse("AKA-REQ-AUTH " IMSI), 0);
	CU_ASSERT_EQUAL(request.verb, EAP_SIM_DB_AKA);
	CU_ASSERT_STRING_EQUAL(request.imsi, IMSI);
	CU_ASSERT_EQUAL(parse("AKA-AUTS " IMSI " 0102030405060708090a0b0c0d0e " BYTES), 0);
	CU_ASSERT_EQUAL(request.verb, EAP_SIM_DB_AUTS);
	ASSERT_BYTES(request.auts, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16", 14);
	CU_ASSERT_EQUAL(request.rand[0][15], 0xff);
	CU_ASSERT_EQUAL(parse("SIM-REQ-AUTH " IMSI " 3"), 0);
	CU_ASSERT_EQUAL(request.count, 3);
	CU_ASSERT_EQUAL(parse("GSM-AUTH-REQ " IMSI " " BYTES ":" BYTES), 0);
	CU_ASSERT_EQUAL(request.count, 2);
	CU_ASSERT_EQUAL(request.rand[1][1], 0x11);
}

static void test_malformed(void)
{
	static const char *const silent[] = {
		"",
		" ",
		"\n",
		"AKA-REQ-AUTH",
		"AKA-REQ-AUTH ",
		"AKA-REQ-AUTH 12345",
		"AKA-REQ-AUTH 1234567890123456",
		"AKA-REQ-AUTH 00101x000000001",
		"aka-req-auth " IMSI,
		"AKA-REQ-AUTHX " IMSI,
		" AKA-REQ-AUTH " IMSI,
		"AKA-REQ-AUTH  " IMSI,
		"AKA-RESP-AUTH " IMSI,
	};
	static const char *const failure[] = {
		"AKA-REQ-AUTH " IMSI " more",
		"AKA-AUTS " IMSI,
		"AKA-AUTS " IMSI " 0102030405060708090a0b0c0d0e",
		"AKA-AUTS " IMSI " 0102030405060708090a0b0c0d " BYTES,
		"AKA-AUTS " IMSI " 0102030405060708090a0b0c0d0g " BYTES,
		"AKA-AUTS " IMSI " 0102030405060708090a0b0c0d0e " BYTES "00",
		"SIM-REQ-AUTH " IMSI,
		"SIM-REQ-AUTH " IMSI " 0",
		"SIM-REQ-AUTH " IMSI " 6",
		"SIM-REQ-AUTH " IMSI " -1",
		"SIM-REQ-AUTH " IMSI " 99999999999999999999",
		"GSM-AUTH-REQ " IMSI,
		"GSM-AUTH-REQ " IMSI " " BYTES ":",
		"GSM-AUTH-REQ " IMSI " " BYTES "," BYTES,
		"GSM-AUTH-REQ " IMSI " " BYTES ":" BYTES ":" BYTES ":" BYTES ":" BYTES ":" BYTES,
	};
	size_t i;

	for (i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		CU_ASSERT_EQUAL(parse(silent[i]), -1);
		CU_ASSERT_EQUAL(request.verb, EAP_SIM_DB_NOTHING);
	}
	for (i = 0; i < sizeof(failure) / sizeof(failure[0]); i++) {
		CU_ASSERT_EQUAL(parse(failure[i]), -1);
		CU_ASSERT_NOT_EQUAL(request.verb, EAP_SIM_DB_NOTHING);
	}
}

/* Any bytes at all, and valid requests with some bytes changed: the parser
 * reads inside its bounds and never accepts an IMSI that is none. */
static void test_random_bytes(void)
{
	static const char *const seeds[] = {
		"AKA-REQ-AUTH " IMSI,
		"AKA-AUTS " IMSI " 0102030405060708090a0b0c0d0e " BYTES,
		"SIM-REQ-AUTH " IMSI " 3",
		"GSM-AUTH-REQ " IMSI " " BYTES ":" BYTES,
	};
	unsigned state = 20150219, round, i, changes;
	size_t length, k;

	for (round = 0; round < 40000; round++) {
		const char *seed = seeds[round % 4];
		uint8_t *bytes;

		state = state * 1103515245u + 12345u;
		length = round % 3 == 0 ? state >> 16 & 0x7F : strlen(seed) - (state >> 16) % 5;
		bytes = malloc(length ? length : 1);
		for (k = 0; k < length; k++) {
			state = state * 1103515245u + 12345u;
			bytes[k] = round % 3 == 0 ? (uint8_t)(state >> 16) : (uint8_t)seed[k];
		}
		changes = length ? round % 4 : 0;
		for (i = 0; i < changes; i++) {
			state = state * 1103515245u + 12345u;
			bytes[(state >> 16) % length] = (uint8_t)(state >> 8);
		}
		if (eap_sim_db_parse(&request, bytes, length) == 0) {
			CU_ASSERT(strspn(request.imsi, "0123456789") == strlen(request.imsi));
			CU_ASSERT(strlen(request.imsi) >= 6 && request.count <= EAP_SIM_DB_TRIPLETS);
		}
		free(bytes);
	}
}

static void test_answers(void)
{
	struct eap_sim_db_answer answer = {0};
	char text[EAP_SIM_DB_SIZE];

	memset(answer.rand, 0x11, sizeof(answer.rand));
	memset(answer.autn, 0x22, sizeof(answer.autn));
	memset(answer.ik, 0x33, sizeof(answer.ik));
	memset(answer.ck, 0x44, sizeof(answer.ck));
	memset(answer.res, 0x55, sizeof(answer.res));
	answer.res_length = 8;
	memset(answer.kc, 0x66, sizeof(answer.kc));
	memset(answer.sres, 0x77, sizeof(answer.sres));
	parse("AKA-REQ-AUTH " IMSI);
	CU_ASSERT_EQUAL(eap_sim_db_write(text, &request, &answer), strlen(text));
	CU_ASSERT_STRING_EQUAL(text, "AKA-RESP-AUTH " IMSI " FAILURE");
	answer.ok = 1;
	CU_ASSERT_EQUAL(eap_sim_db_write(text, &request, &answer), strlen(text));
	CU_ASSERT_STRING_EQUAL(text, "AKA-RESP-AUTH " IMSI " 11111111111111111111111111111111"
				     " 22222222222222222222222222222222 33333333333333333333333333333333"
				     " 44444444444444444444444444444444 5555555555555555");
	parse("SIM-REQ-AUTH " IMSI " 2");
	eap_sim_db_write(text, &request, &answer);
	CU_ASSERT_STRING_EQUAL(text, "SIM-RESP-AUTH " IMSI
				     " 6666666666666666:77777777:11111111111111111111111111111111"
				     " 6666666666666666:77777777:11111111111111111111111111111111");
	parse("GSM-AUTH-REQ " IMSI " " BYTES ":" BYTES);
	eap_sim_db_write(text, &request, &answer);
	CU_ASSERT_STRING_EQUAL(text,
			       "GSM-AUTH-RESP " IMSI " 6666666666666666:77777777:6666666666666666:77777777");
	parse("SIM-REQ-AUTH " IMSI " 5");
	CU_ASSERT(eap_sim_db_write(text, &request, &answer) < EAP_SIM_DB_SIZE);
	parse("AKA-AUTS " IMSI " 0102030405060708090a0b0c0d0e " BYTES);
	CU_ASSERT_EQUAL(eap_sim_db_write(text, &request, &answer), 0);
}

UNIT_SUITE("eap_sim_db", UNIT(test_requests), UNIT(test_malformed), UNIT(test_random_bytes),
	   UNIT(test_answers))
