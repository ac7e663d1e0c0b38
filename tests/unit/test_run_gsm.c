/* PROVES: TS 51.011 8.16, 9.2.16, 9.2.17: RUN GSM ALGORITHM, and when it does not run.
 * That every algorithm's published numbers come out of it is test_vectors'. */
#include "gsm/run_gsm.h"

#include <string.h>

#include "fs/file.h"
#include "unit/play.h"
#include "vectors/vectors.h"

#define RUN "A0880000 10 23553CBE9637A89D218AE64DAE47BF35"
#define MF  "A0A40000 02 3F00"
#define GSM "A0A40000 02 7F20"

/* TS 55.205 set 1, by the file of vectors. */
static void load_set_1(struct play *p, uint8_t want[static 12])
{
	uint8_t k[16], opc[16];
	struct vectors v;

	vectors_open(&v, "gsm_milenage_ts55205.txt");
	CU_ASSERT_FATAL(vectors_next(&v));
	vectors_bytes(&v, "Ki", k, 16);
	vectors_bytes(&v, "OPc", opc, 16);
	vectors_bytes(&v, "SRES_1", want, 4);
	vectors_bytes(&v, "Kc", want + 4, 8);
	(void)fclose(v.file);
	CU_ASSERT_EQUAL(play_load_key(p, k, opc), SW_OK);
}

static void test_run(void)
{
	uint8_t want[12];
	struct play p;

	play_open(&p);
	PLAY(&p, GSM, 0x9000);
	PLAY(&p, RUN, 0x9804); /* no key */
	load_set_1(&p, want);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, RUN, 0x9408);
	PLAY(&p, GSM, 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, RUN), 0x9F0C);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C000000C"), 0x9000);
	ASSERT_BYTES(p.response, want, 12);
	PLAY(&p, "A0A40000 02 6F07", 0x9000); /* an EF of DF.GSM */
	PLAY(&p, RUN, 0x9000);
	ASSERT_BYTES(p.response, want, 12);
	PLAY(&p, "A0880000 0F 23553CBE9637A89D218AE64DAE47BF", 0x6710);
	PLAY(&p, "A0880000 11 23553CBE9637A89D218AE64DAE47BF3500", 0x6710);
	PLAY(&p, "A0880000 00", 0x6710);
	PLAY(&p, "A0880080 10 23553CBE9637A89D218AE64DAE47BF35", 0x6B00);
	PLAY(&p, "A0880100 10 23553CBE9637A89D218AE64DAE47BF35", 0x6B00);
	PLAY(&p, "A0A40000 02 7F10", 0x9000);
	PLAY(&p, RUN, 0x9408);
	PLAY(&p, "00A4040C 07 A0000000871002", 0x9000);
	PLAY(&p, RUN, 0x9408); /* ADF.USIM is not DF.GSM */
	play_close(&p);
}

/* PROVES: what was not fetched is gone with the next command. */
static void test_dropped(void)
{
	uint8_t want[12];
	struct play p;

	play_open(&p);
	load_set_1(&p, want);
	PLAY(&p, MF, 0x9000);
	PLAY(&p, GSM, 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, RUN), 0x9F0C);
	CU_ASSERT_EQUAL(play_tpdu(&p, "00C000000C"), 0x6985);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C000000C"), 0x6F00);
	CU_ASSERT_EQUAL(play_tpdu(&p, RUN), 0x9F0C);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0F2000001"), 0x9000);
	CU_ASSERT_EQUAL(play_tpdu(&p, "A0C000000C"), 0x6F00);
	play_close(&p);
}

static void test_chv1(void)
{
	uint8_t want[12];
	struct play p;

	play_open(&p);
	load_set_1(&p, want);
	PLAY(&p, "A0280001 08 31323334FFFFFFFF", 0x9000);
	play_restart(&p);
	PLAY(&p, GSM, 0x9000);
	PLAY(&p, RUN, 0x9804);
	PLAY(&p, "A0200001 08 39393939FFFFFFFF", 0x9804);
	PLAY(&p, RUN, 0x9804);
	PLAY(&p, "A0200001 08 31323334FFFFFFFF", 0x9000);
	PLAY(&p, RUN, 0x9000);
	ASSERT_BYTES(p.response, want, 12);
	play_close(&p);
}

static void test_invalidated(void)
{
	static const enum file_state states[] = {FILE_INACTIVE, FILE_TERMINATED};
	uint8_t want[12];
	struct play p;

	play_open(&p);
	load_set_1(&p, want);
	for (size_t i = 0; i < 2; i++) {
		PLAY(&p, MF, 0x9000);
		PLAY(&p, GSM, 0x9000);
		CU_ASSERT_EQUAL(
			file_set_state(&p.card.store, file_child(&p.card.store, FILE_MF, 0x7F20), states[i]),
			OK);
		PLAY(&p, RUN, 0x9810);
	}
	play_close(&p);
}

static void test_sleep(void)
{
	struct play p;

	play_open(&p);
	PLAY(&p, "A0FA000000", 0x9000);
	PLAY(&p, "A0FA000100", 0x6B00);
	PLAY(&p, "A0FA0000 01 00", 0x6700);
	play_close(&p);
}

UNIT_SUITE("run_gsm", UNIT(test_run), UNIT(test_dropped), UNIT(test_chv1), UNIT(test_invalidated),
	   UNIT(test_sleep))
