/* PROVES: gp/status_commands.h and the life cycle of gp/isd.h on the whole
 * card: GlobalPlatform Card Specification 5.1, 11.4, 11.10; every power cut. */
#include "gp/isd.h"
#include "powerloss/cut.h"
#include "unit/whole_card.h"

static struct whole_card w;

static void start(uint8_t level)
{
	whole_start(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, level), SW_OK);
}

static void expect(const char *hex)
{
	uint8_t want[64];
	size_t n = whole_hex(want, hex);

	CU_ASSERT_EQUAL_FATAL(w.length, n);
	ASSERT_BYTES(w.data, want, n);
}

/* PROVES: GPC 11.4, 6.6.1 */
static void test_get(void)
{
	start(0x33);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F28002024F00"), SW_OK);
	expect("E313 4F08A000000151000000 9F700101 C5038C0400");
	CU_ASSERT_EQUAL(whole_secure(&w, "80F28000024F00"), SW_OK);
	expect("08A000000151000000 01 8C");
	CU_ASSERT_EQUAL(whole_secure(&w, "80F2400209 4F07A0000000871002"), SW_OK);
	CU_ASSERT_EQUAL(w.data[0], 0xE3);
	CU_ASSERT_EQUAL(w.data[2], 0x4F);
	ASSERT_BYTES(w.data + 4, "\xA0\x00\x00\x00\x87\x10\x02", 7);
	ASSERT_BYTES(w.data + w.length - 9, "\x9F\x70\x01\x07\xC5\x03\x00\x00\x00", 9);
	/* Only the tags asked for; those unknown are not there. */
	CU_ASSERT_EQUAL(whole_secure(&w, "80F280020A 4F02A000 5C049F70C4CC"), SW_OK);
	expect("E304 9F700101");
	CU_ASSERT_EQUAL(whole_secure(&w, "80F2800206 4F005C024FC5"), SW_OK);
	expect("E30F 4F08A000000151000000 C5038C0400");
	CU_ASSERT_EQUAL(whole_secure(&w, "80F24000024F00"), SW_OK); /* the USIM, not the domain */
	ASSERT_BYTES(w.data + 1, "\xA0\x00\x00\x00\x87", 5);
	whole_stop(&w);
}

/* PROVES: GPC 11.4: all applications that there can be fit one answer, however long their AIDs, and
 * whatever the channel takes of it. */
static void test_get_all(void)
{
	char create[128];
	unsigned made = 0, told = 0;
	size_t at;
	sw_t sw;

	whole_start(&w);
	CU_ASSERT_EQUAL(whole_send(&w, "0020000A 08 3132333435363738"), SW_OK);
	do {
		(void)snprintf(create, sizeof(create),
			       "00E00000 24 6222 82027821 83027FFF 8410 A00000055901020304050607080900%02X "
			       "8A0105 8B032F0609",
			       made);
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_MF), SW_OK);
		sw = whole_send(&w, create);
		made += sw == SW_OK;
	} while (sw == SW_OK);
	CU_ASSERT_EQUAL(sw, SW_NOT_ENOUGH_SPACE);
	CU_ASSERT(made > 0);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x33), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F24002024F00"), SW_OK);
	for (at = 0; at < w.length; at += 2u + w.data[at + 1])
		told++;
	CU_ASSERT_EQUAL(told, made + 3);
	whole_stop(&w);
}

/* PROVES: GPC 11.4 */
static void test_get_refused(void)
{
	start(0x01);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F22002024F00"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F21002024F00"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F28003024F00"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F2800204 4F02A100"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F2400209 4F07A0000001510000"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F20002024F00"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F2C002024F00"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F28004024F00"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F2800200"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F28002024F01"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F28002035C014F"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F2800205 4F00C50101"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F2800205 4F005C019F"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F2800005 4F005C014F"),
			SW_WRONG_DATA); /* no list in the old form */
	CU_ASSERT_EQUAL(whole_secure(&w, "80F2800207 4F005C014F4F00"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "84F280020A 4F00 0102030405060708"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, "80F0800F00"), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "80F0800F00"), SW_SECURITY_NOT_SATISFIED);
	whole_stop(&w);
}

static sw_t set(uint8_t state)
{
	uint8_t command[5] = {0x80, 0xF0, 0x80, state, 0};

	return whole_secure_bytes(&w, command, sizeof(command));
}

/* Every step of figure 5-1, and no other. */
/* PROVES: GPC 11.10, 5.1.1 */
static void test_ways(void)
{
	static const uint8_t states[] = {0x01, 0x07, 0x0F, 0x7F, 0xFF};
	static const uint8_t leads[5] = {0x12, 0x14, 0x18, 0x14, 0x00}; /* from: a bit for each to */

	for (size_t from = 0; from < 4; from++)
		for (size_t to = 0; to < 5; to++) {
			int may = leads[from] >> to & 1;

			whole_start(&w);
			CU_ASSERT_EQUAL(isd_set_state(&w.card.store, states[from]), OK);
			whole_reset(&w);
			CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x11), SW_OK);
			CU_ASSERT_EQUAL(set(states[to]), may ? SW_OK : SW_CONDITIONS_NOT_SATISFIED);
			CU_ASSERT_EQUAL(isd_state(&w.card.store), states[may ? to : from]);
			CU_ASSERT_EQUAL(w.card.life, states[may ? to : from]);
			whole_stop(&w);
		}
	start(0x01);
	for (int state = 0; state < 256; state++)
		if (!memchr(states, state, sizeof(states)))
			CU_ASSERT_EQUAL(set((uint8_t)state), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F0400700"), SW_FUNCTION_NOT_SUPPORTED);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F0600700"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F0800707 A0000000871002"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F0800708 A000000151000000"), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F28002054F005C029F70"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80F2800206 4F005C029F70"), SW_OK);
	expect("E304 9F700107");
	whole_stop(&w);
}

static void lock(void)
{
	CU_ASSERT_EQUAL(isd_set_state(&w.card.store, LIFE_PERSONALISED), OK);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(set(LIFE_LOCKED), SW_OK);
}

/* CARD_LOCKED: the domain can be selected and asked, and unlock; nothing else. */
/* PROVES: GPC 5.1.1 */
static void test_locked(void)
{
	static const char *const dead[] = {
		"00A4000C023F00", "00A4040C07A0000000871002",
		"00A4000C022FE2", "80F2000000",
		"00B0000001",     "00B2010401",
		"00D6000001FF",   "0020000100",
		"0084000008",     "80E2880004 0F02010F",
	};

	whole_start(&w);
	lock();
	for (int again = 0; again < 2; again++) {
		CU_ASSERT_EQUAL(whole_secure(&w, "80E2880004 0F02010F"), SW_CONDITIONS_NOT_SATISFIED);
		CU_ASSERT_EQUAL(whole_secure(&w, "80E4000003 D20130"), SW_CONDITIONS_NOT_SATISFIED);
		CU_ASSERT_EQUAL(whole_secure(&w, "80D8308101 30"), SW_CONDITIONS_NOT_SATISFIED);
		CU_ASSERT_EQUAL(whole_secure(&w, "80F2800206 4F005C029F70"), SW_OK);
		expect("E304 9F70017F");
		for (size_t i = 0; i < sizeof(dead) / sizeof(dead[0]); i++)
			CU_ASSERT_EQUAL(whole_send(&w, dead[i]), SW_CONDITIONS_NOT_SATISFIED);
		whole_reset(&w);
		for (size_t i = 0; i < sizeof(dead) / sizeof(dead[0]); i++)
			CU_ASSERT_EQUAL(whole_send(&w, dead[i]), SW_CONDITIONS_NOT_SATISFIED);
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_CARD_LOCKED);
		CU_ASSERT_EQUAL(whole_ask(&w, "80CA006600"), SW_OK);
		CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	}
	CU_ASSERT_EQUAL(set(LIFE_PERSONALISED), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_USIM), SW_OK);
	whole_reset(&w);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_MF), SW_OK);
	whole_stop(&w);
}

/* TERMINATED: GET DATA and nothing else, for good. */
/* PROVES: GPC 5.1.1 */
static void test_terminated(void)
{
	start(0x03);
	CU_ASSERT_EQUAL(set(LIFE_TERMINATED), SW_OK);
	for (int again = 0; again < 2; again++) {
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_CONDITIONS_NOT_SATISFIED);
		CU_ASSERT_EQUAL(whole_send(&w, SELECT_MF), SW_CONDITIONS_NOT_SATISFIED);
		CU_ASSERT_EQUAL(whole_send(&w, "8050300008 0102030405060708"), SW_CONDITIONS_NOT_SATISFIED);
		CU_ASSERT_EQUAL(whole_send(&w, "0020000100"), SW_CONDITIONS_NOT_SATISFIED);
		whole_reset(&w);
		CU_ASSERT_EQUAL(whole_ask(&w, "80CADF2100"), SW_OK);
		expect("DF2101FF");
	}
	whole_stop(&w);
}

/* ---- power cuts: the state before or the one after ---- */

static volatile int done;

static void cut_start(struct cut *cut)
{
	w.hal = cut->hal;
	CU_ASSERT_EQUAL_FATAL(card_start(&w.card, &w.hal), OK);
	whole_reset(&w);
}

static void work_cut(struct cut *cut, void *context)
{
	(void)context;
	done = 0;
	cut_start(cut);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_OK);
	CU_ASSERT_EQUAL(set(LIFE_INITIALIZED), SW_OK);
	done = 1;
}

static int after_cut(struct cut *cut, void *context)
{
	(void)context;
	cut_start(cut);
	if (whole_send(&w, SELECT_ISD) != SW_OK || whole_ask(&w, "80CADF2100") != SW_OK)
		return 0;
	return w.data[3] == LIFE_INITIALIZED || (w.data[3] == LIFE_DELIVERED && !done);
}

static void test_power_cut(void)
{
	struct cut cut;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 64, 1024, 4, 0xFF), 0);
	cut_start(&cut);
	CU_ASSERT(cut_every(&cut, work_cut, after_cut, NULL) > 6);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

UNIT_SUITE("status_commands", UNIT(test_get), UNIT(test_get_all), UNIT(test_get_refused), UNIT(test_ways),
	   UNIT(test_locked), UNIT(test_terminated), UNIT(test_power_cut))
