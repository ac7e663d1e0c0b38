/* PROVES: what the card does with a command depends on no secret but by a
 * verdict: PIN, MAC, cryptogram and check value, right and wrong, take the same
 * branches until compare_equal() has spoken.
 *
 * The linker puts this file between the card and some of its functions: what
 * the store reads of PINs and of the secret that seals keys is hidden as it comes
 * in, and with it every key that is unsealed; the synthetic IV of a seal is for
 * everybody to see (aes_ctr); verdicts are published, and the plain text of a command in a secure
 * channel, which only its own encryption hides; and a sequence number once its
 * MAC was right (sqn_array_accept). What the store writes is published while it
 * computes a check value, whose table is looked up by the bytes.
 *
 * That curve arithmetic needs no secret to decide is test_ctime's to show:
 * private keys are published to p256_sign().
 *
 * A PIN that is installed is published to pin_install(): it looks how many
 * digits there are.
 *
 * Triple DES (SCP02) and COMP128 are not here: their tables are looked up by
 * secret bytes, which nothing but other algorithms helps. */
#include <stdio.h>
#include <string.h>

#include "auth/sqn_array.h"
#include "crypto/compare.h"
#include "fuzz/session.h"
#include "unit/ctime.h"

static struct rig rig;
static struct session session;

/* ---- between the card and its functions ---- */

/* Where the secret part of an object begins; past its end: it has none. */
static size_t secret_from(uint16_t id)
{
	switch (id >> 8) {
	case STORE_PIN:
		return 5; /* states and tries */
	case STORE_CARD:
		return (id & 0xFF) == 0x10 ? 0 : STORE_OBJECT_MAX; /* the device secret */
	default:
		return STORE_OBJECT_MAX;
	}
}

int __real_store_read(const struct store *store, uint16_t id, void *out, size_t offset, size_t length);
int __wrap_store_read(const struct store *store, uint16_t id, void *out, size_t offset, size_t length);
int __real_store_write(struct store *store, uint16_t id, const void *data, size_t length);
int __wrap_store_write(struct store *store, uint16_t id, const void *data, size_t length);
enum verdict __real_compare_equal(const void *a, const void *b, size_t length);
enum verdict __wrap_compare_equal(const void *a, const void *b, size_t length);
int __real_aes_cbc_decrypt(uint8_t *out, struct span key, const uint8_t *iv, const uint8_t *in,
			   size_t length);
int __wrap_aes_cbc_decrypt(uint8_t *out, struct span key, const uint8_t *iv, const uint8_t *in,
			   size_t length);
int __real_sqn_array_accept(struct store *store, struct sqn_owner owner, uint8_t *sqn,
			    const struct sqn_policy *policy);
int __wrap_sqn_array_accept(struct store *store, struct sqn_owner owner, uint8_t *sqn,
			    const struct sqn_policy *policy);

int __real_aes_ctr(uint8_t *out, struct span key, const uint8_t *counter, const uint8_t *in, size_t length);
int __wrap_aes_ctr(uint8_t *out, struct span key, const uint8_t *counter, const uint8_t *in, size_t length);
int __real_pin_install(struct card *card, uint8_t reference, uint8_t enabled, uint8_t tries,
		       const uint8_t *pin, uint8_t unblock_tries, const uint8_t *puk);
int __wrap_pin_install(struct card *card, uint8_t reference, uint8_t enabled, uint8_t tries,
		       const uint8_t *pin, uint8_t unblock_tries, const uint8_t *puk);

int __real_p256_sign(uint8_t *signature, const uint8_t *private_key, const uint8_t *digest,
		     const struct p256_random *random);
int __wrap_p256_sign(uint8_t *signature, const uint8_t *private_key, const uint8_t *digest,
		     const struct p256_random *random);

static unsigned hidden, verdicts;

int __wrap_store_read(const struct store *store, uint16_t id, void *out, size_t offset, size_t length)
{
	int n = __real_store_read(store, id, out, offset, length);
	size_t from = secret_from(id) > offset ? secret_from(id) - offset : 0;

	if (n > 0 && from < (size_t)n) {
		hide((uint8_t *)out + from, (size_t)n - from);
		hidden++;
	}
	return n;
}

int __wrap_store_write(struct store *store, uint16_t id, const void *data, size_t length)
{
	uint8_t copy[STORE_OBJECT_MAX];

	memcpy(copy, data, length);
	publish(copy, length);
	return __real_store_write(store, id, copy, length);
}

enum verdict __wrap_compare_equal(const void *a, const void *b, size_t length)
{
	enum verdict verdict = __real_compare_equal(a, b, length);

	publish(&verdict, sizeof(verdict));
	verdicts++;
	return verdict;
}

int __wrap_aes_cbc_decrypt(uint8_t *out, struct span key, const uint8_t *iv, const uint8_t *in, size_t length)
{
	int e = __real_aes_cbc_decrypt(out, key, iv, in, length);

	if (key.at != rig.card.scp03.dek)
		publish(out, length);
	return e;
}

int __wrap_aes_ctr(uint8_t *out, struct span key, const uint8_t *counter, const uint8_t *in, size_t length)
{
	uint8_t copy[AES_BLOCK];

	memcpy(copy, counter, sizeof(copy));
	publish(copy, sizeof(copy));
	return __real_aes_ctr(out, key, copy, in, length);
}

int __wrap_sqn_array_accept(struct store *store, struct sqn_owner owner, uint8_t *sqn,
			    const struct sqn_policy *policy)
{
	publish(sqn, SQN_LENGTH);
	return __real_sqn_array_accept(store, owner, sqn, policy);
}

int __wrap_pin_install(struct card *card, uint8_t reference, uint8_t enabled, uint8_t tries,
		       const uint8_t *pin, uint8_t unblock_tries, const uint8_t *puk)
{
	uint8_t copies[2][PIN_LENGTH];

	memcpy(copies[0], pin, PIN_LENGTH);
	memcpy(copies[1], puk, PIN_LENGTH);
	publish(copies, sizeof(copies));
	return __real_pin_install(card, reference, enabled, tries, copies[0], unblock_tries, copies[1]);
}

int __wrap_p256_sign(uint8_t *signature, const uint8_t *private_key, const uint8_t *digest,
		     const struct p256_random *random)
{
	uint8_t copy[P256_PRIVATE];

	memcpy(copy, private_key, sizeof(copy));
	publish(copy, sizeof(copy));
	return __real_p256_sign(signature, copy, digest, random);
}

/* ---- the sessions ---- */

static const char *line_text;
static int line_number;

/* What is sent is the sender's; what is answered is everybody's. */
static size_t transmit(struct rig *r, uint8_t response[static RESPONSE_MAX], const uint8_t *command,
		       size_t length)
{
	unsigned seen;
	size_t n;

	(void)decisions();
	n = card_transmit(&r->card, response, command, length);
	seen = decisions();
	if (seen)
		printf("\n    %s:%d: %u decisions", line_text, line_number, seen);
	CU_ASSERT_EQUAL(seen, 0);
	publish(response, n);
	return n;
}

static void play_session(const char *path)
{
	const struct session_line *line;

	CU_ASSERT_EQUAL_FATAL(session_read(&session, path), 0);
	rig_open(&rig, 1, 64);
	rig.transmit = transmit;
	line_text = path;
	for (line = session.lines; line < session.lines + session.count; line++) {
		line_number = line->number;
		CU_ASSERT(session_right(&session, line, session_play_line(&rig, line)));
	}
	CU_ASSERT(hidden > 0 && verdicts > 0);
	hidden = verdicts = 0;
	rig_close(&rig);
	session_free(&session);
}

/* The method sees what it is there to see, behind the same walls. */
static void test_control(void)
{
	uint8_t bytes[STORE_OBJECT_MAX];
	volatile unsigned taken = 0;
	int n;

	rig_open(&rig, 1, 64);
	n = __wrap_store_read(&rig.card.store, STORE_PIN << 8 | PIN_1, bytes, 0, sizeof(bytes));
	CU_ASSERT_FATAL(n > 8);
	(void)decisions();
	if (bytes[0] & 1) /* enabled: no secret */
		taken++;
	CU_ASSERT_EQUAL(decisions(), 0);
	if (bytes[8] & 1)
		taken++;
	CU_ASSERT(decisions() > 0);
	publish(bytes, sizeof(bytes));
	publish((void *)&taken, sizeof(taken));
	rig_close(&rig);
}

static void test_pins(void)
{
	play_session("tests/fuzz/sessions/pins.session");
}

static void test_authenticate(void)
{
	play_session("tests/fuzz/sessions/authenticate.session");
}

static void test_scp03(void)
{
	play_session("tests/fuzz/sessions/scp03.session");
}

static void test_custodian(void)
{
	play_session("tests/fuzz/sessions/custodian.session");
}

static void test_ota(void)
{
	play_session("tests/fuzz/sessions/ota.session");
}

static void test_gba(void)
{
	play_session("tests/fuzz/sessions/gba.session");
}

static void test_suspend(void)
{
	play_session("tests/fuzz/sessions/suspend.session");
}

static void test_tickets(void)
{
	play_session("tests/fuzz/sessions/tickets.session");
}

CTIME_SUITE("ctime_card", UNIT(test_control), UNIT(test_pins), UNIT(test_authenticate), UNIT(test_scp03),
	    UNIT(test_custodian), UNIT(test_ota), UNIT(test_gba), UNIT(test_suspend), UNIT(test_tickets))
