/* SUSPEND UICC: a session that outlives the power, for who has the token. */
#include "cat/suspend.h"

#include <stdio.h>
#include <string.h>

#include "unit/play.h"

#define USIM    "00A4040C 07 A0000000871002"
#define ADM     "0020000A 08 3132333435363738"
#define SUSPEND "80760000 04 00050302"

/* RESUME with the token of the last SUSPEND. */
static void make_resume(struct play *p, char out[64])
{
	int n = sprintf(out, "80760100 08");

	CU_ASSERT_EQUAL_FATAL(p->length, 10);
	for (int i = 2; i < 10; i++)
		n += sprintf(out + n, "%02X", p->response[i]);
}

/* PROVES: TS 102 221 11.1.22 */
static void test_resume(void)
{
	char resume[64];
	struct play p;

	play_open(&p);
	PLAY(&p, "80100000 03 000080", 0x9000);
	PLAY(&p, USIM, 0x9000);
	PLAY(&p, ADM, 0x9000);
	PLAY(&p, "00A4000C 02 6FB7", 0x9000);
	PLAY(&p, "00B200020B", 0x9000); /* record 1 is current */
	PLAY(&p, "00700013", 0x9000);
	PLAY(&p, "4FA4040C 07 A0000000871004", 0x9000);
	PLAY(&p, SUSPEND, 0x9000);
	CU_ASSERT_EQUAL(p.response[0], 0x03); /* two days, as asked */
	CU_ASSERT_EQUAL(p.response[1], 0x02);
	make_resume(&p, resume);
	play_restart(&p);
	PLAY(&p, "4FA4000C 02 3F00", 0x6881);
	PLAY(&p, "00A40004 02 3F00", 0x9000); /* these may come first */
	PLAY(&p, "80F2000C00", 0x9000);
	PLAY(&p, "80AA0000 02 A900", 0x9000);
	PLAY(&p, resume, 0x9000);
	PLAY(&p, "00B200040B", 0x9000);                         /* application, EF and record, ... */
	PLAY(&p, "00DC0104 0B 0102030405060708090A0B", 0x9000); /* ... ADM1, ... */
	PLAY(&p, "4FA4000C 02 6F03", 0x9000);                   /* ... channel 19 and its application, ... */
	PLAY(&p, "4FD60000 01 00", 0x6982);                     /* ... where nothing was verified */
	CU_ASSERT_EQUAL(p.card.cat.allowed, CAT_PROFILE | CAT_REFRESH);
	PLAY(&p, resume, 0x6985); /* once */
	play_restart(&p);
	PLAY(&p, resume, 0x6985);
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.22: one guess, and nothing else may have happened */
static void test_token(void)
{
	char resume[64], wrong[64];
	struct play p;

	play_open(&p);
	PLAY(&p, ADM, 0x9000);
	for (int way = 0; way < 5; way++) {
		PLAY(&p, ADM, 0x9000);
		PLAY(&p, SUSPEND, 0x9000);
		make_resume(&p, resume);
		strcpy(wrong, resume);
		wrong[strlen(wrong) - 1] = wrong[strlen(wrong) - 1] == '0' ? '1' : '0';
		if (way == 0) { /* a wrong one spends it */
			play_restart(&p);
			PLAY(&p, wrong, 0x6985);
		}
		if (way == 1) /* the session goes on instead */
			PLAY(&p, "00840000 04", 0x9000);
		if (way == 2) { /* another begins */
			play_restart(&p);
			PLAY(&p, USIM, 0x9000);
			PLAY(&p, "00B0870009", 0x9000);
			PLAY(&p, resume, 0x6985);
		}
		if (way == 3) { /* a wrong length spends nothing, ... */
			play_restart(&p);
			PLAY(&p, "80760100 07 00000000000000", 0x6700);
			PLAY(&p, resume, 0x9000);
		}
		if (way == 4) /* ... and a later SUSPEND makes another token */
			PLAY(&p, SUSPEND, 0x9000);
		play_restart(&p);
		PLAY(&p, resume, 0x6985);
		PLAY(&p, USIM, 0x9000);
		PLAY(&p, "00A4000C 02 6FAD", 0x9000);
		PLAY(&p, "00D60000 04 00000002", 0x6982);
	}
	play_close(&p);
}

/* PROVES: TS 102 221 11.1.22: what is refused */
static void test_refused(void)
{
	static const struct {
		const char *hex;
		uint16_t sw;
	} rows[] = {
		{"80760000 04 00050005", 0x9000}, {"80760000 04 01010201", 0x9000},
		{"80760000 04 040100FF", 0x6A80}, {"80760000 04 00060005", 0x6A80},
		{"80760000 04 05010501", 0x6A80}, {"80760000 04 00000005", 0x6A80},
		{"80760000 03 000500", 0x6700},   {"8076000000", 0x6700},
		{"80760200 04 00050005", 0x6A86}, {"80760001 04 00050005", 0x6A86},
		{"81760000 04 00050005", 0x6881}, {"00760000 04 00050005", 0x6E00},
	};
	struct play p;

	play_open(&p);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		PLAY(&p, rows[i].hex, rows[i].sw);
	PLAY(&p, "00700001", 0x9000);
	PLAY(&p, "81760000 04 00050005", 0x6E00);
	/* SPEC: TS 102 221 13.6: EF.UMPC says that there is the command. */
	PLAY(&p, "00A4000C 02 3F00", 0x9000);
	PLAY_DATA(&p, "00B0880005", "0A00020000");
	PLAY(&p, "80100000 03 000080", 0x9000);
	cat_file_changed(&p.card, 0);
	CU_ASSERT_EQUAL(play_tpdu(&p, "801200000D"), 0x6C10); /* not fetched by that */
	PLAY(&p, "8012000010", 0x9000);
	PLAY(&p, SUSPEND, 0x6985); /* TERMINAL RESPONSE is due */
	play_close(&p);
}

UNIT_SUITE("suspend", UNIT(test_resume), UNIT(test_token), UNIT(test_refused))
