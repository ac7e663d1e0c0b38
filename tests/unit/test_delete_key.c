/* PROVES: gp/delete_key.h on the whole card: GlobalPlatform Card Specification
 * 11.2, with every power cut. */
#include "gp/key_set.h"
#include "powerloss/cut.h"
#include "unit/whole_card.h"

static struct whole_card w;

/* A second set, version 35, beside the one of a blank card. */
static struct scp03_key_set add_second(struct store *store)
{
	struct scp03_key_set second = {.version = 0x35, .length = 16, .enc = {1}, .mac = {2}, .dek = {3}};
	struct key_set set = {16, KEY_SET_I, {1}, {2}, {3}};

	CU_ASSERT_EQUAL(key_set_save(store, 0x35, &set), OK);
	return second;
}

/* PROVES: GPC 11.2 */
static void test_delete(void)
{
	struct scp03_key_set second;

	whole_start(&w);
	second = add_second(&w.card.store);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x01), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000003 D20130"), SW_OK);
	CU_ASSERT_EQUAL(w.length, 1);
	CU_ASSERT_EQUAL(w.data[0], 0);
	/* The session was one of these keys, and goes on. */
	CU_ASSERT_EQUAL(whole_secure(&w, "80CA00E000"), SW_OK);
	CU_ASSERT_EQUAL(w.length, 20);
	CU_ASSERT_EQUAL(w.data[5], 0x35);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000003 D20130"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x03), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_open(&w, &second, 0x33), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000003 D20135"), SW_CONDITIONS_NOT_SATISFIED); /* the last */
	CU_ASSERT_EQUAL(whole_open(&w, &second, 0x33), SW_OK);
	whole_stop(&w);
}

/* PROVES: GPC 11.2 */
static void test_refused(void)
{
	whole_start(&w);
	(void)add_second(&w.card.store);
	CU_ASSERT_EQUAL(whole_send(&w, "80E4000003 D20135"), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_send(&w, SELECT_ISD), SW_OK);
	CU_ASSERT_EQUAL(whole_send(&w, "80E4000003 D20135"), SW_SECURITY_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_open(&w, &scp03_test_keys, 0x01), SW_OK);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4010003 D20135"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4008003 D20135"), SW_WRONG_P1_P2);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000000"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000002 D201"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000004 D2023535"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000006 D20135 D20130"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000006 D20135 D30130"), SW_WRONG_DATA);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000006 D00101 D20135"), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000009 4F07A0000000871002"), SW_CONDITIONS_NOT_SATISFIED);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000003 D20136"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000003 D20100"), SW_REFERENCE_NOT_FOUND);
	CU_ASSERT_EQUAL(whole_secure(&w, "80CA00E000"), SW_OK);
	CU_ASSERT_EQUAL(w.length, 38); /* both are there */
	whole_stop(&w);
}

/* ---- power cuts: the set is there, or gone whole ---- */

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
	CU_ASSERT_EQUAL(whole_secure(&w, "80E4000003 D20135"), SW_OK);
	done = 1;
}

static int after_cut(struct cut *cut, void *second)
{
	sw_t sw;

	cut_start(cut);
	sw = whole_open(&w, second, 0x03);
	return whole_open(&w, &scp03_test_keys, 0x03) == SW_OK &&
	       (sw == SW_REFERENCE_NOT_FOUND || (sw == SW_OK && !done));
}

static void test_power_cut(void)
{
	struct scp03_key_set second;
	struct cut cut;

	CU_ASSERT_EQUAL_FATAL(cut_open(&cut, 64, 1024, 4, 0xFF), 0);
	cut_start(&cut);
	second = add_second(&w.card.store);
	CU_ASSERT(cut_every(&cut, work_cut, after_cut, &second) > 8);
	CU_ASSERT_EQUAL(cut.breaches, 0);
	cut_close(&cut);
}

UNIT_SUITE("delete_key", UNIT(test_delete), UNIT(test_refused), UNIT(test_power_cut))
