/* PROVES: sim/eap/radius.h: requests and answers are read back, nothing unsigned, damaged or cut short is
 * believed, and keys come out only with the right secret and the right request. (That it is RADIUS, others
 * say: tests/interop/eap_fs.test.sh.) */
#include "eap/radius.h"

#include <string.h>

#include "unit/unit.h"

static const struct span secret = {(const uint8_t *)"radius", 6}, other = {(const uint8_t *)"radiuz", 6};
static const uint8_t request[RADIUS_AUTHENTICATOR] = {1, 2, 3};
static uint8_t eap[400];

static size_t answer(struct radius_writer *w)
{
	uint8_t msk[2 * RADIUS_KEY] = {7};
	int n;

	msk[40] = 9;
	eap[399] = 5;
	radius_write_start(w, RADIUS_ACCESS_ACCEPT, 77, request);
	radius_write(w, RADIUS_EAP, eap, sizeof(eap));
	radius_write(w, RADIUS_STATE, "state", 5);
	radius_write_key(w, RADIUS_RECV_KEY, msk, 1, secret);
	radius_write_key(w, RADIUS_SEND_KEY, msk + RADIUS_KEY, 2, secret);
	n = radius_write_finish(w, secret);
	CU_ASSERT_FATAL(n > 0);
	return (size_t)n;
}

static void test_answer(void)
{
	struct radius_writer w;
	struct radius_packet p;
	uint8_t key[RADIUS_KEY], wrong[RADIUS_AUTHENTICATOR] = {1, 2, 4};
	size_t n = answer(&w);

	CU_ASSERT_EQUAL_FATAL(radius_read(&p, w.bytes, n), OK);
	CU_ASSERT(p.code == RADIUS_ACCESS_ACCEPT && p.identifier == 77);
	CU_ASSERT_EQUAL(p.eap_length, sizeof(eap)); /* of two attributes */
	ASSERT_BYTES(p.eap, eap, sizeof(eap));
	CU_ASSERT_EQUAL(p.state.length, 5);
	CU_ASSERT_EQUAL(radius_check(&p, w.bytes, n, request, secret), GRANTED);
	CU_ASSERT_NOT_EQUAL(radius_check(&p, w.bytes, n, wrong, secret), GRANTED);
	CU_ASSERT_NOT_EQUAL(radius_check(&p, w.bytes, n, request, other), GRANTED);
	CU_ASSERT_EQUAL(radius_take_key(key, p.recv_key, request, secret), OK);
	CU_ASSERT(key[0] == 7 && key[8] == 0);
	CU_ASSERT_EQUAL(radius_take_key(key, p.send_key, request, secret), OK);
	CU_ASSERT(key[0] == 0 && key[8] == 9);
	CU_ASSERT(radius_take_key(key, p.send_key, request, other) != OK || key[8] != 9);
	CU_ASSERT_EQUAL(radius_take_key(key, (struct span){NULL, 0}, request, secret), ERROR_FORMAT);
}

static void test_every_bit_counts(void)
{
	struct radius_writer w;
	struct radius_packet p;
	size_t n = answer(&w), i;

	for (i = 0; i < n; i++) {
		w.bytes[i] ^= 4;
		if (radius_read(&p, w.bytes, n) == OK)
			CU_ASSERT_NOT_EQUAL(radius_check(&p, w.bytes, n, request, secret), GRANTED);
		w.bytes[i] ^= 4;
	}
	for (i = 0; i < n; i++)
		CU_ASSERT_NOT_EQUAL(radius_read(&p, w.bytes, i), OK);
	CU_ASSERT_EQUAL(radius_read(&p, w.bytes, n), OK);
}

static void test_request(void)
{
	struct radius_writer w;
	struct radius_packet p;
	int n;

	radius_write_start(&w, RADIUS_ACCESS_REQUEST, 3, request);
	radius_write(&w, RADIUS_USER_NAME, "6001010000000001", 16);
	radius_write(&w, RADIUS_EAP, "\2\0\0\5\1", 5);
	n = radius_write_finish(&w, secret);
	CU_ASSERT_EQUAL_FATAL(radius_read(&p, w.bytes, (size_t)n), OK);
	ASSERT_BYTES(p.authenticator, request, sizeof(request)); /* a request keeps its own */
	CU_ASSERT_EQUAL(radius_check(&p, w.bytes, (size_t)n, NULL, secret), GRANTED);
	CU_ASSERT_NOT_EQUAL(radius_check(&p, w.bytes, (size_t)n, NULL, other), GRANTED);
	w.bytes[2] = 0;
	w.bytes[3] = (uint8_t)(n - 18); /* without its Message-Authenticator */
	CU_ASSERT_EQUAL_FATAL(radius_read(&p, w.bytes, (size_t)n - 18), OK);
	CU_ASSERT_NOT_EQUAL(radius_check(&p, w.bytes, (size_t)n - 18, NULL, secret), GRANTED);
	radius_write_start(&w, RADIUS_ACCESS_REQUEST, 3, request);
	radius_write(&w, RADIUS_USER_NAME, eap, 254);
	CU_ASSERT_EQUAL(radius_write_finish(&w, secret), ERROR_RANGE);
}

UNIT_SUITE("radius", UNIT(test_answer), UNIT(test_every_bit_counts), UNIT(test_request))
